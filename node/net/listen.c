#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "node/address.h"
#include "node/net/inside.h"

/* ---- addresses ---- */

enum { IPV4_LEN = 4, IPV6_LEN = 16 };

/* The bytes of an address without its port; an IPv4 one in IPv6 clothes is the IPv4 one. */
static struct bytes host_of(const struct sockaddr_storage *a)
{
    if (a->ss_family == AF_INET)
        return (struct bytes){(const uint8_t *)&((const struct sockaddr_in *)a)->sin_addr, IPV4_LEN};
    if (a->ss_family != AF_INET6)
        return (struct bytes){NULL, 0};
    const struct in6_addr *six = &((const struct sockaddr_in6 *)a)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(six))
        return (struct bytes){six->s6_addr + IPV6_LEN - IPV4_LEN, IPV4_LEN};
    return (struct bytes){six->s6_addr, IPV6_LEN};
}

bool address_is_same(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
    return bytes_equal(host_of(a), host_of(b));
}

bool address_is_loopback(const struct sockaddr_storage *a)
{
    struct bytes host = host_of(a);
    if (host.len == IPV4_LEN)
        return host.p[0] == 127;
    return host.len == IPV6_LEN && IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)a)->sin6_addr);
}

enum { LISTEN_AGAIN_MS = 1000 };

static void on_relisten(uv_timer_t *t);

/* ---- who gives way ---- */

static bool is_half_open(const struct conn *c)
{
    return !c->is_dialler && c->state == CONN_SHAKING;
}

/* The oldest of those on their way in (from one address only, when `from` says so), if they are as many as may be. */
static struct conn *oldest_of_too_many(struct net *n, const struct sockaddr_storage *from, size_t max)
{
    size_t count = 0;
    struct conn *oldest = NULL;
    for (struct conn *c = n->first; c != NULL; c = c->next) {
        if (!is_half_open(c) || (from != NULL && !address_is_same(&c->remote, from)))
            continue;
        count++;
        oldest = oldest != NULL ? oldest : c;
    }
    return count >= max ? oldest : NULL;
}

static void make_room(struct net *n, const struct sockaddr_storage *from)
{
    struct conn *c = address_is_loopback(from) ? NULL : oldest_of_too_many(n, from, HALF_OPEN_PER_ADDRESS_MAX);
    if (c == NULL)
        c = oldest_of_too_many(n, NULL, HALF_OPEN_MAX);
    if (c != NULL)
        conn_end(c, ERR_LIMIT);
}

static void let_in(struct net *n)
{
    struct conn *c = conn_new(n);
    n->is_deaf = c == NULL;                         /* libuv holds the one that waits, and takes no other before */
    if (c == NULL)
        return;
    int len = sizeof(c->remote);
    if (uv_accept((uv_stream_t *)&n->listener, (uv_stream_t *)&c->tcp) != 0
        || uv_tcp_getpeername(&c->tcp, (struct sockaddr *)&c->remote, &len) != 0) {
        conn_end(c, ERR_IO);
        return;
    }
    make_room(n, &c->remote);
    conn_shake(c, NULL);
}

static void on_listener_closed(uv_handle_t *h)
{
    struct net *n = h->data;
    n->has_listener = false;
    if (!n->is_leaving)
        (void)uv_timer_start(&n->relisten, on_relisten, LISTEN_AGAIN_MS, 0);
}

/* No descriptor or no memory is left for who dials. libuv would call again at once, and for ever, before anything else is
 * done: who is half way in gives way, or we stop listening for a while. */
static void on_connection(uv_stream_t *listener, int status)
{
    struct net *n = listener->data;
    if (status == 0) {
        let_in(n);
        return;
    }
    struct conn *c = oldest_of_too_many(n, NULL, 1);
    if (c != NULL)
        conn_end(c, ERR_LIMIT);
    else if (!uv_is_closing((uv_handle_t *)listener))
        uv_close((uv_handle_t *)listener, on_listener_closed);
}

void listen_again(struct net *n)
{
    if (n->is_deaf && !n->is_leaving)
        let_in(n);
}

/* ---- listening ---- */

static enum err name(const struct sockaddr_storage *a, int len, char ret[ADDRESS_MAX + 1])
{
    char host[INET6_ADDRSTRLEN], port[6];
    if (getnameinfo((const struct sockaddr *)a, (socklen_t)len, host, sizeof(host), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return ERR_IO;
    (void)snprintf(ret, ADDRESS_MAX + 1, a->ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
    return OK;
}

/* *ret_len is of n->where, which becomes the real address. */
static enum err bind_and_listen(struct net *n, int *ret_len)
{
    enum err e = net_err(uv_tcp_init(&n->loop, &n->listener));
    if (e != OK)
        return e;
    n->has_listener = true;
    n->is_deaf = false;
    n->listener.data = n;
    e = net_err(uv_tcp_bind(&n->listener, (const struct sockaddr *)&n->where, 0));
    if (e == OK)
        e = net_err(uv_listen((uv_stream_t *)&n->listener, HALF_OPEN_MAX, on_connection));
    *ret_len = sizeof(n->where);
    return e == OK ? net_err(uv_tcp_getsockname(&n->listener, (struct sockaddr *)&n->where, ret_len)) : e;
}

static void on_relisten(uv_timer_t *t)
{
    struct net *n = t->data;
    int len;
    if (!n->is_leaving && bind_and_listen(n, &len) != OK && n->has_listener)
        uv_close((uv_handle_t *)&n->listener, on_listener_closed);      /* and again in a while */
}

enum err net_listen(struct net *n, const char *address, char ret[ADDRESS_MAX + 1])
{
    struct address a;
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    enum err e = address_split_listen(bytes_of(address), &a);
    if (e != OK)
        return e;
    if (getaddrinfo(a.host, a.port, &hints, &found) != 0)
        return ERR_UNKNOWN;
    int len;
    memcpy(&n->where, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    e = bind_and_listen(n, &len);
    return e == OK ? name(&n->where, len, ret) : e;
}
