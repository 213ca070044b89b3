#include <assert.h>
#include <string.h>

#include "node/net/inside.h"

/* Put as much of `h`, header and body, behind `to` as fits below WRITE_PLAIN_MAX. True when that was all of it. */
static bool put_some(struct conn *c, const struct handover *h, struct buf *to)
{
    uint8_t header[FRAME_HEADER_LEN];
    put_u32be(header, (uint32_t)h->len);
    if (c->out_at < FRAME_HEADER_LEN) {
        if (WRITE_PLAIN_MAX - to->len < FRAME_HEADER_LEN)
            return false;
        buf_put(to, (struct bytes){header, FRAME_HEADER_LEN});
        c->out_at = FRAME_HEADER_LEN;
    }
    size_t done = c->out_at - FRAME_HEADER_LEN, room = WRITE_PLAIN_MAX - to->len;
    size_t len = h->len - done < room ? h->len - done : room;
    buf_put(to, (struct bytes){h->p + done, len});
    c->out_at += len;
    return done + len == h->len;
}

static void drop_first(struct conn *c)
{
    struct handover *h = c->out;
    c->out = h->next;
    if (c->out == NULL)
        c->last_out = &c->out;
    c->out_at = 0;
    handover_free(h);
}

/* Frames wait unsealed, so that a write takes all that has gathered meanwhile in as few messages as it can. */
static enum err seal_some(struct conn *c)
{
    struct buf *plain = &c->net->seal;
    buf_clear(plain);
    while (c->out != NULL && plain->len < WRITE_PLAIN_MAX) {
        size_t len = c->out->len;
        if (!put_some(c, c->out, plain))
            break;
        c->draining += len;
        drop_first(c);
    }
    enum err e = buf_status(plain);
    return e == OK && plain->len > 0 ? channel_send(&c->channel, buf_bytes(plain), &c->next_wire) : e;
}

static void tell_drained(struct conn *c)
{
    struct handover *h = c->draining > 0 ? handover_new(HAND_DRAINED, c->id) : NULL;
    if (h == NULL && c->draining > 0) {
        conn_end(c, ERR_NOMEM);                     /* the engine would wait for it for ever */
        return;
    }
    if (h == NULL)
        return;
    h->count = c->draining;
    c->out_bytes -= c->draining;
    c->draining = 0;
    (void)queue_push(c->net->c.to_engine, h);
}

/* A connection that has nothing to send lends its memory to the next that has. */
static void lend(struct buf *b, struct buf *spare)
{
    if (b->len > 0 || b->p == NULL)
        return;
    if (spare->p == NULL) {
        *spare = *b;
        *b = buf_on(b->max);
    } else {
        buf_release(b);
    }
}

static void on_written(uv_write_t *w, int status)
{
    struct conn *c = w->data;
    c->is_writing = false;
    if (c->state == CONN_GONE)
        return;
    if (status < 0) {
        conn_end(c, net_err(status));
        return;
    }
    c->net->bytes_out += c->wire.len;
    tell_drained(c);
    if (c->state == CONN_GONE)
        return;
    buf_clear(&c->wire);
    if (c->out == NULL) {
        lend(&c->wire, &c->net->spare_wire);
        lend(&c->next_wire, &c->net->spare_wire);
    }
    conn_flush(c);
}

static void on_shut(uv_shutdown_t *s, int status)
{
    struct conn *c = s->data;
    if (status < 0 && c->state != CONN_GONE)
        conn_end(c, OK);
}

/* All has left: say so, and wait for the peer's end of the stream (or the timer's). */
static void shut(struct conn *c)
{
    if (c->has_shut)
        return;
    c->has_shut = true;
    if (uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp, on_shut) != 0)
        conn_end(c, OK);
}

static void write_wire(struct conn *c)
{
    struct buf swap = c->wire;
    c->wire = c->next_wire;
    c->next_wire = swap;
    uv_buf_t out = uv_buf_init((char *)c->wire.p, (unsigned)c->wire.len);
    int status = uv_write(&c->write, (uv_stream_t *)&c->tcp, &out, 1, on_written);
    if (status == 0)
        c->is_writing = true;
    else
        conn_end(c, net_err(status));
}

static void wire_fetch(struct conn *c)
{
    struct net *n = c->net;
    if (c->next_wire.p != NULL || n->spare_wire.p == NULL)
        return;
    c->next_wire = n->spare_wire;
    n->spare_wire = buf_on(c->next_wire.max);
}

void conn_flush(struct conn *c)
{
    if (c->is_writing || c->state == CONN_GONE || c->state == CONN_CONNECTING)
        return;
    if (c->out != NULL && channel_state(&c->channel) == CHANNEL_OPEN) {
        wire_fetch(c);
        enum err e = seal_some(c);
        if (e != OK) {
            conn_end(c, e);
            return;
        }
    }
    if (c->next_wire.len > 0)
        write_wire(c);
    else if (c->state == CONN_CLOSING)
        shut(c);
}

/* The engine paces itself by what has drained. Past LINK_QUEUE_MAX it could not: the link is ended. */
void conn_send(struct conn *c, struct handover *frame)
{
    assert(frame->len > 0 && frame->len <= FRAME_BODY_MAX);
    if (c->state != CONN_OPEN || frame->len > LINK_QUEUE_MAX - c->out_bytes) {
        handover_free(frame);
        if (c->state == CONN_OPEN)
            conn_end(c, ERR_LIMIT);
        return;
    }
    frame->next = NULL;
    *c->last_out = frame;
    c->last_out = &frame->next;
    c->out_bytes += frame->len;
}

void conn_drop_output(struct conn *c)
{
    while (c->out != NULL)
        drop_first(c);
}
