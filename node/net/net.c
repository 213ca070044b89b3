#include "node/net/net.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "node/net/inside.h"

enum err net_err(int status)
{
    switch (status) {
    case 0:              return OK;
    case UV_EADDRINUSE:  return ERR_BUSY;
    case UV_EACCES:
    case UV_EPERM:       return ERR_DENIED;
    case UV_ENOMEM:      return ERR_NOMEM;
    case UV_EMFILE:
    case UV_ENFILE:      return ERR_LIMIT;
    case UV_EADDRNOTAVAIL:
    case UV_EAI_NONAME:
    case UV_EAI_AGAIN:
    case UV_EAI_FAIL:    return ERR_UNKNOWN;
    default:             return status > 0 ? OK : ERR_IO;   /* an int of libuv's, no enumeration of ours */
    }
}

struct bytes net_prologue(const struct net *n)
{
    return (struct bytes){n->prologue, sizeof(n->prologue)};
}

/* ---- from other threads ---- */

static void wake(void *arg)
{
    struct net *n = arg;
    (void)uv_async_send(&n->wake);
}

/* ---- leaving ---- */

static void ask_to_leave(struct net *n)
{
    if (n->leave == NULL)
        return;
    n->is_leaving = true;
    if (n->has_listener && !uv_is_closing((uv_handle_t *)&n->listener))
        uv_close((uv_handle_t *)&n->listener, NULL);
    (void)queue_push(n->c.to_engine, n->leave);
    n->leave = NULL;
}

static void end_all(struct net *n)
{
    for (struct conn *c = n->first, *next; c != NULL; c = next) {
        next = c->next;
        conn_end(c, OK);
    }
}

static void on_signal(uv_signal_t *s, int number)
{
    struct net *n = s->data;
    (void)number;
    if (n->is_leaving)
        end_all(n);
    else
        ask_to_leave(n);
}

/* To leave in order by; SIGHUP is a terminal that was closed. */
static const int leaving[NET_SIGNALS] = {SIGTERM, SIGINT, SIGHUP};

static void close_handle(uv_handle_t *h)
{
    if (!uv_is_closing(h))
        uv_close(h, NULL);
}

/* A name that the resolver still looks for would keep the loop for half a minute: it is not waited for. */
static void on_patience_over(uv_timer_t *t)
{
    struct net *n = t->data;
    end_all(n);
    uv_stop(&n->loop);
}

void net_shut_if_done(struct net *n)
{
    if (!n->has_left || n->n_conns > 0 || n->is_shut)
        return;
    n->is_shut = true;
    close_handle((uv_handle_t *)&n->wake);
    close_handle((uv_handle_t *)&n->relisten);
    if (n->has_listener)
        close_handle((uv_handle_t *)&n->listener);
    if (n->has_bell)
        close_handle((uv_handle_t *)&n->bell);
    for (size_t i = 0; n->has_signals && i < NET_SIGNALS; i++)
        close_handle((uv_handle_t *)&n->signals[i]);
    if (n->n_dials > 0)
        (void)uv_timer_start(&n->patience, on_patience_over, 0, 0);
    else
        close_handle((uv_handle_t *)&n->patience);
}

static void on_left(struct net *n)
{
    n->has_left = n->is_leaving = true;
    (void)uv_timer_start(&n->patience, on_patience_over, CLOSE_TIMEOUT_MS + 1000, 0);
    for (struct conn *c = n->first, *next; c != NULL; c = next) {
        next = c->next;
        conn_close(c);
    }
    net_shut_if_done(n);
}

/* ---- what the engine wants ---- */

static void set_keys(struct net *n, const struct handover *h)
{
    size_t n_keys = h->len / sizeof(struct dh_secret);
    n->c.n_keys = n_keys < CHANNEL_KEYS_MAX ? n_keys : CHANNEL_KEYS_MAX;
    memcpy(n->c.keys, h->p, n->c.n_keys * sizeof(n->c.keys[0]));
}

static void close_some(struct net *n, link_id id)
{
    for (struct conn *c = n->first, *next; c != NULL; c = next) {
        next = c->next;
        if (id == 0 ? c->id != 0 : c->id == id)
            conn_close(c);
    }
}

/* True when `h` was kept. */
static bool do_one(struct net *n, struct handover *h)
{
    struct conn *c;
    switch (h->kind) {
    case HAND_DIAL:
        dial_start(n, h);
        return true;
    case HAND_SEND:
        if ((c = conn_find(n, h->link)) == NULL)
            break;                                  /* its end is on the way to the engine */
        conn_send(c, h);
        return true;
    case HAND_CLOSE:
        close_some(n, h->link);
        break;
    case HAND_KEYS:
        set_keys(n, h);
        break;
    case HAND_LEFT:
        on_left(n);
        break;
    case HAND_LINK_UP: case HAND_LINK_DOWN: case HAND_FRAME: case HAND_DRAINED: case HAND_BELL: case HAND_LEAVE:
    case HAND_COUNT:
        break;                                      /* the other way */
    }
    return false;
}

/* All that has gathered is queued before anything is sealed, so that it leaves together. */
static void on_wake(uv_async_t *a)
{
    struct net *n = a->data;
    struct handover *h;
    while ((h = queue_pop(n->c.to_net)) != NULL)
        if (!do_one(n, h))
            handover_free(h);
    for (struct conn *c = n->first, *next; c != NULL; c = next) {
        next = c->next;
        if (c->out != NULL)
            conn_flush(c);
    }
    if (n->is_paused && !queue_is_full(n->c.to_engine))
        net_resume(n);
}

/* ---- the bell ---- */

static void on_bell(uv_fs_event_t *b, const char *name, int events, int status)
{
    struct net *n = b->data;
    (void)name;
    (void)events;
    (void)status;
    struct handover *h = handover_new(HAND_BELL, 0);
    if (h != NULL)                                  /* else the engine looks within a second by itself */
        (void)queue_push(n->c.to_engine, h);
}

/* ---- life ---- */

static bool is_ignored(int number)
{
    struct sigaction now;
    return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

static enum err start_handles(struct net *n)
{
    if (uv_async_init(&n->loop, &n->wake, on_wake) != 0)
        return ERR_IO;
    (void)uv_timer_init(&n->loop, &n->patience);
    (void)uv_timer_init(&n->loop, &n->relisten);
    n->wake.data = n->patience.data = n->relisten.data = n;
    if (n->c.bell != NULL && uv_fs_event_init(&n->loop, &n->bell) == 0) {
        n->has_bell = true;
        n->bell.data = n;
        (void)uv_fs_event_start(&n->bell, on_bell, n->c.bell, 0);    /* without it: within a second */
    }
    for (size_t i = 0; n->c.handles_signals && i < NET_SIGNALS; i++) {
        (void)uv_signal_init(&n->loop, &n->signals[i]);
        n->signals[i].data = n;
        if (leaving[i] != SIGHUP || !is_ignored(SIGHUP))        /* nohup */
            (void)uv_signal_start(&n->signals[i], on_signal, leaving[i]);
    }
    n->has_signals = n->c.handles_signals;
    return OK;
}

enum err net_new(const struct net_config *c, struct net **ret)
{
    struct net *n = calloc(1, sizeof(*n));
    if (n == NULL)
        return ERR_NOMEM;
    n->c = *c;
    channel_prologue(&c->alliance, n->prologue);
    n->seal = buf_on(WRITE_PLAIN_MAX);
    n->spare_plain = n->spare_wire = buf_on(0);
    n->read_buffer = malloc(READ_MAX);
    n->leave = handover_new(HAND_LEAVE, 0);
    if (n->read_buffer == NULL || n->leave == NULL || uv_loop_init(&n->loop) != 0) {
        handover_free(n->leave);
        free(n->read_buffer);
        free(n);
        return ERR_NOMEM;
    }
    enum err e = start_handles(n);
    if (e != OK) {
        net_free(n);
        return e;
    }
    queue_on_push(c->to_net, wake, n);
    queue_on_room(c->to_engine, wake, n);
    *ret = n;
    return OK;
}

const char *net_library_version(void)
{
    return uv_version_string();
}

void net_run(struct net *n)
{
    (void)uv_run(&n->loop, UV_RUN_DEFAULT);
}

void net_traffic(const struct net *n, uint64_t *ret_in, uint64_t *ret_out)
{
    *ret_in = n->bytes_in;
    *ret_out = n->bytes_out;
}

static void close_any(uv_handle_t *h, void *arg)
{
    (void)arg;
    close_handle(h);
}

void net_free(struct net *n)
{
    if (n == NULL)
        return;
    queue_on_push(n->c.to_net, NULL, NULL);
    queue_on_room(n->c.to_engine, NULL, NULL);
    n->has_left = n->is_leaving = n->is_shut = true;
    end_all(n);
    uv_walk(&n->loop, close_any, NULL);
    while (n->n_conns > 0 || (n->n_dials == 0 && uv_loop_alive(&n->loop)))
        (void)uv_run(&n->loop, UV_RUN_ONCE);
    wipe(n->c.keys, sizeof(n->c.keys));
    if (n->n_dials > 0)
        return;                                     /* the resolver's thread still writes into it */
    (void)uv_loop_close(&n->loop);
    buf_wipe(&n->seal);
    buf_wipe(&n->spare_plain);
    buf_release(&n->spare_wire);
    handover_free(n->leave);
    free(n->read_buffer);
    free(n);
}
