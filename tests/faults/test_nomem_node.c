/* folkmootd's two threads, with the nth of their allocations failing: the node goes on, or ends and says that memory ran
 * out; what it held it holds still, and with memory again it fetches the rest. */
#define _GNU_SOURCE
#include "tests/unit/pair.h"

#include "tests/faults/memory.h"

enum { THEIRS = 40, OURS = 7, ENGINE_TRIALS = 12, LOOP_TRIALS = 5, OPEN_TRIALS = 40 };

static void arm(void)
{
    memory_arm(true);
}

static bool is_synced(const struct pair *p)
{
    return moot_size(p->t, p->look[1], 0) == THEIRS && moot_size(p->t, p->look[0], 1) == OURS;
}

static bool is_synced_or_left(void *arg)
{
    struct pair *p = arg;
    return is_synced(p) || atomic_load(&p->node[1].has_left);
}

static void pair_begin(struct pair *p)
{
    pair_make(p);
    moot_publish(p->t, 0, p->look[0], THEIRS, 100);
    moot_publish(p->t, 1, p->look[1], OURS, 100);
    node_start(&p->node[0]);
}

/* How many allocations it took. */
static uint64_t play(bool is_engine, uint64_t nth)
{
    struct pair p;
    pair_begin(&p);
    memory_fail_at(nth, false);
    if (is_engine)
        p.node[1].engine_begins = arm;
    else
        p.node[1].loop_begins = arm;
    node_start(&p.node[1]);
    await(is_synced_or_left, &p);
    uint64_t count = memory_count();
    memory_fail_at(0, false);
    enum err e = node_stop(&p.node[1]);
    if (e != OK && (e != ERR_NOMEM || !is_engine))
        fail_msg("allocation %llu of the %s: %s", (unsigned long long)nth, is_engine ? "engine" : "loop", err_code(e));
    assert_true(moot_size(p.t, p.look[1], 1) == OURS);
    if (!is_synced(&p)) {
        p.node[1].engine_begins = p.node[1].loop_begins = NULL;
        node_again(&p, 1);
        node_start(&p.node[1]);
        await_size(&p, 1, 0, THEIRS);
        await_size(&p, 0, 1, OURS);
    }
    pair_drop(&p);
    return count;
}

static void an_engine_without_memory_goes_on_or_says_so(void **state)
{
    (void)state;
    uint64_t total = play(true, 0), nth = 0;
    while (memory_next(&nth, total, ENGINE_TRIALS))
        (void)play(true, nth);
}

static void a_network_without_memory_goes_on(void **state)
{
    (void)state;
    uint64_t total = play(false, 0), nth = 0;
    while (memory_next(&nth, total, LOOP_TRIALS))
        (void)play(false, nth);
}

/* Opening: all or nothing, and again once there is memory. */
static uint64_t open_with(struct pair *p, uint64_t nth)
{
    const char *what = "";
    struct node *n = &p->node[1];
    struct worker *w = NULL;
    struct worker_config c = {.home = &n->home, .in = &n->in, .out = &n->out, .log_level = LOG_LEVEL_COUNT};
    memory_fail_at(nth, false);
    memory_arm(true);
    enum err e = worker_new(&c, &w, &what);
    memory_arm(false);
    uint64_t count = memory_count();
    if (e != OK && e != ERR_NOMEM)
        fail_msg("allocation %llu: %s: %s", (unsigned long long)nth, what, err_code(e));
    assert_true((e == OK) == (w != NULL));
    worker_free(w);
    return count;
}

static void a_node_opens_whole_or_not_at_all(void **state)
{
    (void)state;
    struct pair p;
    pair_begin(&p);
    uint64_t total = open_with(&p, 0), nth = 0;
    while (memory_next(&nth, total, OPEN_TRIALS))
        (void)open_with(&p, nth);
    node_start(&p.node[1]);
    await_size(&p, 1, 0, THEIRS);
    pair_drop(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_node_opens_whole_or_not_at_all),
        cmocka_unit_test(an_engine_without_memory_goes_on_or_says_so),
        cmocka_unit_test(a_network_without_memory_goes_on),
    };
    if (!memory_start())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
