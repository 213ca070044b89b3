#include <stdlib.h>
#include <string.h>

#include "node/address.h"
#include "node/net/inside.h"

/* One wish of the engine's: a name, and every address behind it in turn. */
struct dial {
    struct net *net;
    uv_getaddrinfo_t lookup;
    struct addrinfo *found;
    const struct addrinfo *next;
    struct handover *wish;                          /* HAND_DIAL; it becomes the HAND_LINK_DOWN that says it failed */
};

static void dial_free(struct dial *d)
{
    struct net *n = d->net;
    if (d->found != NULL)
        uv_freeaddrinfo(d->found);
    handover_free(d->wish);
    free(d);
    n->n_dials--;
    net_shut_if_done(n);
}

/* The wish itself goes back as the answer, so saying so needs no memory. */
static void refuse(struct net *n, struct handover *wish, enum err why)
{
    wish->kind = HAND_LINK_DOWN;
    wish->link = 0;
    wish->err = why;
    (void)queue_push(n->c.to_engine, wish);
}

static void give_up(struct dial *d, enum err why)
{
    refuse(d->net, d->wish, why);
    d->wish = NULL;
    dial_free(d);
}

static void on_connect(uv_connect_t *r, int status)
{
    struct conn *c = r->data;
    if (c->state == CONN_GONE)
        return;
    if (status < 0)
        conn_end(c, net_err(status));
    else
        conn_shake(c, &c->dial->wish->node);
}

static void dial_connect(struct dial *d, const struct sockaddr *to)
{
    struct conn *c = conn_new(d->net);
    if (c == NULL) {
        give_up(d, ERR_NOMEM);
        return;
    }
    c->state = CONN_CONNECTING;
    c->is_dialler = true;
    c->slug = d->wish->slug;
    c->dial = d;
    conn_arm(c, HANDSHAKE_TIMEOUT_MS);
    int status = uv_tcp_connect(&c->connect, &c->tcp, to, on_connect);
    if (status != 0)
        conn_end(c, net_err(status));               /* which goes on with the next */
}

void dial_next(struct dial *d, enum err why)
{
    const struct addrinfo *a = d->next;
    if (a == NULL || d->net->is_leaving) {
        give_up(d, why);
        return;
    }
    d->next = a->ai_next;
    dial_connect(d, a->ai_addr);
}

void dial_done(struct dial *d)
{
    dial_free(d);
}

static void on_found(uv_getaddrinfo_t *r, int status, struct addrinfo *found)
{
    struct dial *d = r->data;
    d->found = found;
    d->next = status == 0 ? found : NULL;
    dial_next(d, ERR_UNKNOWN);
}

static enum err look_up(struct dial *d, struct bytes address)
{
    struct address a;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG};
    enum err e = address_split(address, &a);
    d->lookup.data = d;
    return e == OK ? net_err(uv_getaddrinfo(&d->net->loop, &d->lookup, on_found, a.host, a.port, &hints)) : e;
}

void dial_start(struct net *n, struct handover *wish)
{
    struct dial *d = calloc(1, sizeof(*d));
    if (d == NULL) {
        refuse(n, wish, ERR_NOMEM);
        return;
    }
    d->net = n;
    d->wish = wish;
    n->n_dials++;
    enum err e = look_up(d, (struct bytes){wish->p, wish->len});
    if (e != OK)
        give_up(d, e);
}
