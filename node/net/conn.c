#include <stdlib.h>
#include <string.h>

#include "node/net/inside.h"

static void on_timeout(uv_timer_t *timer)
{
    conn_end(timer->data, ERR_IO);
}

struct conn *conn_new(struct net *n)
{
    struct conn *c = calloc(1, sizeof(*c));
    if (c == NULL || (c->farewell = handover_new(HAND_LINK_DOWN, 0)) == NULL) {
        free(c);
        return NULL;
    }
    c->net = n;
    c->channel.state = CHANNEL_DEAD;
    c->plain = buf_on(FRAME_MAX + NOISE_PAYLOAD_MAX);
    c->wire = buf_on(channel_wire_len(WRITE_PLAIN_MAX) + CHANNEL_MESSAGE_MAX);
    c->next_wire = c->wire;
    c->last_out = &c->out;
    (void)uv_tcp_init(&n->loop, &c->tcp);           /* neither can fail: no socket is made yet */
    (void)uv_timer_init(&n->loop, &c->timer);
    c->open_handles = CONN_HANDLES;
    c->tcp.data = c->timer.data = c;
    c->connect.data = c->write.data = c->shutdown.data = c;
    c->previous = n->last;
    *(n->last != NULL ? &n->last->next : &n->first) = c;
    n->last = c;
    n->n_conns++;
    return c;
}

void conn_arm(struct conn *c, uint64_t ms)
{
    (void)uv_timer_start(&c->timer, on_timeout, ms, 0);
}

static struct channel *channel_start(struct conn *c, const struct dh_public *peer)
{
    struct net *n = c->net;
    struct dh_secret ephemeral;
    random_fill(&ephemeral, sizeof(ephemeral));
    if (peer != NULL)
        channel_init_initiator(&c->channel, &n->c.keys[0], peer, &ephemeral, net_prologue(n));
    else
        channel_init_responder(&c->channel, n->c.keys, n->c.n_keys, &ephemeral, net_prologue(n));
    wipe(&ephemeral, sizeof(ephemeral));
    return &c->channel;
}

void conn_shake(struct conn *c, const struct dh_public *peer)
{
    c->state = CONN_SHAKING;
    (void)uv_tcp_nodelay(&c->tcp, 1);
    (void)uv_tcp_keepalive(&c->tcp, 1, 60);
    conn_arm(c, HANDSHAKE_TIMEOUT_MS);
    struct channel *channel = channel_start(c, peer);
    enum err e = peer != NULL ? channel_begin(channel, &c->next_wire) : OK;
    if (e != OK) {
        conn_end(c, e);
        return;
    }
    conn_flush(c);
    if (c->state == CONN_SHAKING)
        conn_read_start(c);
}

/* The engine says who may stay; it has places for members and for those who are not in yet. One that it closed and whose peer
 * does not take our last words gives way first. */
static bool has_place(struct net *n)
{
    if (conn_count_open(n) < LINKS_MAX + HALF_OPEN_MAX)
        return true;
    struct conn *c = n->first;
    while (c != NULL && c->state != CONN_CLOSING)
        c = c->next;
    if (c != NULL)
        conn_end(c, ERR_LIMIT);
    return c != NULL;
}

/* Both sides have proved their keys: from here on it is the engine's. */
void conn_opened(struct conn *c)
{
    struct net *n = c->net;
    struct handover *h = handover_new(HAND_LINK_UP, 0);
    if (h == NULL || !has_place(n) || n->is_leaving) {
        handover_free(h);
        conn_end(c, h == NULL ? ERR_NOMEM : ERR_LIMIT);
        return;
    }
    (void)uv_timer_stop(&c->timer);
    if (++n->last_id == 0)
        n->last_id = 1;
    c->id = c->farewell->link = n->last_id;
    c->state = CONN_OPEN;
    h->link = c->id;
    h->is_dialler = c->is_dialler;
    h->slug = c->slug;
    h->node = channel_peer(&c->channel);
    if (c->dial != NULL)
        dial_done(c->dial);
    c->dial = NULL;
    (void)queue_push(n->c.to_engine, h);
}

void conn_close(struct conn *c)
{
    if (c->state == CONN_CLOSING || c->state == CONN_GONE)
        return;
    if (c->state != CONN_OPEN) {
        conn_end(c, OK);
        return;
    }
    c->state = CONN_CLOSING;
    conn_arm(c, CLOSE_TIMEOUT_MS);
    conn_read_start(c);                             /* unread bytes would turn our last words into a reset */
    conn_flush(c);
}

static void conn_free(struct conn *c)
{
    struct net *n = c->net;
    *(c->previous != NULL ? &c->previous->next : &n->first) = c->next;
    *(c->next != NULL ? &c->next->previous : &n->last) = c->previous;
    n->n_conns--;
    conn_drop_output(c);
    buf_wipe(&c->plain);
    buf_release(&c->wire);
    buf_release(&c->next_wire);
    handover_free(c->farewell);
    free(c);
    listen_again(n);
    net_shut_if_done(n);
}

static void on_handle_closed(uv_handle_t *h)
{
    struct conn *c = h->data;
    if (--c->open_handles == 0)
        conn_free(c);                               /* the only place where a connection's memory ends */
}

void conn_end(struct conn *c, enum err why)
{
    if (c->state == CONN_GONE)
        return;
    c->state = CONN_GONE;
    channel_release(&c->channel);
    if (c->id != 0) {
        c->farewell->err = why;
        (void)queue_push(c->net->c.to_engine, c->farewell);
        c->farewell = NULL;
    }
    uv_close((uv_handle_t *)&c->tcp, on_handle_closed);
    uv_close((uv_handle_t *)&c->timer, on_handle_closed);
    struct dial *d = c->dial;
    c->dial = NULL;
    if (d != NULL)
        dial_next(d, why);
}

struct conn *conn_find(struct net *n, link_id id)
{
    for (struct conn *c = n->first; c != NULL; c = c->next)
        if (c->id == id && id != 0 && c->state != CONN_GONE)
            return c;
    return NULL;
}

size_t conn_count_open(const struct net *n)
{
    size_t count = 0;
    for (const struct conn *c = n->first; c != NULL; c = c->next)
        count += c->state == CONN_OPEN || c->state == CONN_CLOSING;
    return count;
}
