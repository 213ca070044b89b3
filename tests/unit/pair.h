/* tests/unit/pair.h - two whole nodes in one process: two loop threads, two engine threads, two stores, one loopback. */
#ifndef FOLKMOOT_TESTS_PAIR_H
#define FOLKMOOT_TESTS_PAIR_H

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "tests/unit/moot.h"

#include "node/net/net.h"
#include "node/worker.h"

struct node {
    struct home home;
    struct queue in, out;
    struct worker *worker;
    struct net *net;
    pthread_t engine, loop;
    char address[ADDRESS_MAX + 1];
    bool is_running;
    atomic_bool has_left;                       /* its engine has ended, asked or not */
    void (*loop_begins)(void), (*engine_begins)(void);      /* in its thread, first; NULL: nothing */
};

enum { PATIENCE_MS = 20 * 1000, GLANCE_MS = 2 };

/* Look until it holds; what is waited for is a condition, and the pause only spares the processor. */
static inline void await(bool (*holds)(void *arg), void *arg)
{
    uint64_t until = clock_monotonic_ms() + PATIENCE_MS;
    const struct timespec glance = {0, GLANCE_MS * 1000000};
    while (!holds(arg)) {
        assert_true(clock_monotonic_ms() < until);
        (void)nanosleep(&glance, NULL);
    }
}

static inline void *run_net(void *arg)
{
    struct node *n = arg;
    if (n->loop_begins != NULL)
        n->loop_begins();
    net_run(n->net);
    return NULL;
}

static inline void *run_engine(void *arg)
{
    struct node *n = arg;
    if (n->engine_begins != NULL)
        n->engine_begins();
    worker_run(n->worker);
    atomic_store(&n->has_left, true);
    return NULL;
}

/* Listening comes before the identity that names the port. */
static inline void node_listen(struct node *n, struct moot *t, size_t i, bool listens)
{
    char bell[FILE_PATH_MAX];
    n->home = moot_home(t, i);
    assert_int_equal(queue_init(&n->in, INBOX_MAX), OK);
    assert_int_equal(queue_init(&n->out, SIZE_MAX), OK);
    moot_settle(t, i);
    home_path(&n->home, HOME_BELL, bell);
    assert_int_equal(file_write(bell, bytes_of("")), OK);
    struct net_config c = {.alliance = t->alliance, .n_keys = 1, .keys = {t->member[i].node}, .bell = bell,
                           .to_engine = &n->in, .to_net = &n->out};
    assert_int_equal(net_new(&c, &n->net), OK);
    if (listens)
        assert_int_equal(net_listen(n->net, "127.0.0.1:0", n->address), OK);
}

static inline void node_start_as(struct node *n, bool is_once)
{
    const char *what = "";
    struct worker_config c = {.home = &n->home, .in = &n->in, .out = &n->out, .log_level = LOG_WARN, .is_once = is_once,
                              .timeout_ms = PATIENCE_MS};
    enum err e = worker_new(&c, &n->worker, &what);
    if (e != OK)
        fail_msg("%s: %s", what, err_code(e));
    atomic_store(&n->has_left, false);
    assert_int_equal(pthread_create(&n->loop, NULL, run_net, n), 0);
    assert_int_equal(pthread_create(&n->engine, NULL, run_engine, n), 0);
    n->is_running = true;
}

static inline void node_start(struct node *n)
{
    node_start_as(n, false);
}

static inline enum err node_join(struct node *n)
{
    (void)pthread_join(n->engine, NULL);
    (void)pthread_join(n->loop, NULL);
    enum err e = worker_result(n->worker);
    net_free(n->net);
    worker_free(n->worker);
    queue_release(&n->in);
    queue_release(&n->out);
    n->is_running = false;
    return e;
}

static inline enum err node_stop(struct node *n)
{
    (void)queue_push(&n->in, handover_new(HAND_LEAVE, 0));
    return node_join(n);
}

/* The two members of a moot; the first listens, the second has no address. */
struct pair { struct moot *t; struct node node[2]; struct store *look[2]; };

static inline void pair_make(struct pair *p)
{
    memset(p, 0, sizeof(*p));
    p->t = moot_new(2);
    node_listen(&p->node[0], p->t, 0, true);
    struct moot_member *m = &p->t->member[0];
    m->id.n_addresses = 1;
    (void)snprintf(m->id.addresses[0], sizeof(m->id.addresses[0]), "%s", p->node[0].address);
    moot_sign_identity(m);
    char path[FILE_PATH_MAX];
    home_path(&p->node[0].home, HOME_IDENTITY, path);
    assert_int_equal(file_write(path, buf_bytes(&m->note)), OK);
    node_listen(&p->node[1], p->t, 1, false);
    for (size_t i = 0; i < 2; i++)
        p->look[i] = moot_open(p->t, i);
}

static inline void pair_drop(struct pair *p)
{
    for (size_t i = 0; i < 2; i++) {
        store_close(p->look[i]);
        if (p->node[i].is_running)
            assert_int_equal(node_stop(&p->node[i]), OK);
    }
    moot_free(p->t);
}

struct wanted { struct pair *p; size_t at, of; uint64_t size; };

static inline bool holds_size(void *arg)
{
    const struct wanted *w = arg;
    return moot_size(w->p->t, w->p->look[w->at], w->of) >= w->size;
}

static inline void await_size(struct pair *p, size_t at, size_t of, uint64_t size)
{
    struct wanted w = {p, at, of, size};
    await(holds_size, &w);
}

/* A second network for a node whose first has ended. */
static inline void node_again(struct pair *p, size_t i)
{
    struct node *n = &p->node[i];
    struct net_config c = {.alliance = p->t->alliance, .n_keys = 1, .keys = {p->t->member[i].node}, .to_engine = &n->in,
                           .to_net = &n->out};
    assert_int_equal(queue_init(&n->in, INBOX_MAX), OK);
    assert_int_equal(queue_init(&n->out, SIZE_MAX), OK);
    assert_int_equal(net_new(&c, &n->net), OK);
}

#endif
