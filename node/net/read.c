#include <stdlib.h>
#include <string.h>

#include "node/net/inside.h"

/* ---- frames ---- */

static bool give_frame(struct conn *c, struct bytes body)
{
    struct handover *h = handover_copy(HAND_FRAME, c->id, body);
    if (h == NULL) {
        conn_end(c, ERR_NOMEM);
        return false;
    }
    if (!queue_push(c->net->c.to_engine, h))
        c->net->is_paused = true;                   /* seen to when this read is worked off */
    return true;
}

/* A connection that holds nothing lends its memory to the next that reads. */
static void plain_keep(struct conn *c, size_t used)
{
    struct net *n = c->net;
    c->plain.len -= used;
    if (c->plain.len > 0) {
        if (used > 0)
            memmove(c->plain.p, c->plain.p + used, c->plain.len);
        return;
    }
    if (n->spare_plain.p == NULL) {
        n->spare_plain = c->plain;
        c->plain = buf_on(c->plain.max);
    } else {
        buf_release(&c->plain);
    }
}

static void plain_fetch(struct conn *c)
{
    struct net *n = c->net;
    if (c->plain.p != NULL || n->spare_plain.p == NULL)
        return;
    c->plain = n->spare_plain;
    n->spare_plain = buf_on(c->plain.max);
}

/* No continuation of what came is a frame. The channel is sound, so it is the peer's own doing: the engine hears of it as of
 * a frame that is none, says why, and closes. */
static void give_no_frame(struct conn *c, enum err why)
{
    struct handover *h = handover_new(HAND_FRAME, c->id);
    if (h == NULL) {
        conn_end(c, ERR_NOMEM);
        return;
    }
    h->err = why;
    c->is_unframed = true;
    if (!queue_push(c->net->c.to_engine, h))
        c->net->is_paused = true;
}

static void cut_frames(struct conn *c)
{
    size_t used = 0;
    struct frame f;
    enum err e = OK;
    while (c->state == CONN_OPEN && !c->is_unframed && used < c->plain.len) {
        e = frame_read((struct bytes){c->plain.p + used, c->plain.len - used}, &f);
        if (e != OK || !give_frame(c, f.body))
            break;
        used += frame_size(&f);
    }
    if (e == ERR_PROTO)
        give_no_frame(c, e);
    plain_keep(c, c->is_unframed ? c->plain.len : used);
}

/* ---- bytes ---- */

static bool is_live(const struct conn *c)
{
    return c->state == CONN_SHAKING || c->state == CONN_OPEN;
}

static void take(struct conn *c, struct bytes in)
{
    while (in.len > 0 && is_live(c)) {
        size_t used = 0;
        plain_fetch(c);
        enum err e = channel_receive(&c->channel, in, &used, &c->next_wire, &c->plain);
        if (e != OK) {
            conn_end(c, e);
            return;
        }
        in.p += used;
        in.len -= used;
        conn_flush(c);                              /* the handshake's answers */
        if (c->state == CONN_SHAKING && channel_state(&c->channel) == CHANNEL_OPEN)
            conn_opened(c);
        if (c->state == CONN_OPEN)
            cut_frames(c);
    }
}

static void on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *ret)
{
    const struct conn *c = h->data;
    (void)suggested;
    *ret = uv_buf_init((char *)c->net->read_buffer, READ_MAX);  /* one for all: a read is worked off at once */
}

/* The end of the stream before our first message was answered: this is not the node that we meant. */
static enum err why_ended(const struct conn *c, ssize_t status)
{
    if (c->state == CONN_CLOSING)
        return OK;
    return c->state == CONN_SHAKING && c->is_dialler && status == UV_EOF ? ERR_DENIED : ERR_IO;
}

static void on_read(uv_stream_t *s, ssize_t len, const uv_buf_t *from)
{
    struct conn *c = s->data;
    struct net *n = c->net;
    if (len > 0)
        n->bytes_in += (uint64_t)len;
    if (len < 0)
        conn_end(c, why_ended(c, len));
    else if (len > 0 && c->state != CONN_CLOSING)
        take(c, (struct bytes){(const uint8_t *)from->base, (size_t)len});
    if (n->is_paused)
        net_pause(n);
}

void conn_read_start(struct conn *c)
{
    if (c->is_reading || c->state == CONN_GONE)
        return;
    int status = uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
    if (status == 0)
        c->is_reading = true;
    else
        conn_end(c, net_err(status));
}

void conn_read_stop(struct conn *c)
{
    if (c->is_reading)
        (void)uv_read_stop((uv_stream_t *)&c->tcp);
    c->is_reading = false;
}

/* The engine is behind: links wait in the kernel's buffers, and so in the end at the peers. A closing
 * link brings nothing for the engine, nor does a handshake. */
void net_pause(struct net *n)
{
    n->is_paused = true;
    for (struct conn *c = n->first; c != NULL; c = c->next)
        if (c->state == CONN_OPEN)
            conn_read_stop(c);
    if (!queue_is_full(n->c.to_engine))             /* it caught up while we stopped */
        net_resume(n);
}

void net_resume(struct net *n)
{
    n->is_paused = false;
    for (struct conn *c = n->first, *next; c != NULL; c = next) {
        next = c->next;
        if (c->state == CONN_OPEN)
            conn_read_start(c);
    }
}
