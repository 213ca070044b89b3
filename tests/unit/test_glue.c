/* Engine and store joined, two members in one thread. */
#include "tests/unit/ends.h"

#include <signal.h>
#include <sys/resource.h>

static void the_engine_is_told_all_that_is_stored(void **state)
{
    (void)state;
    struct ends two;
    ends_make(&two);
    moot_publish(two.t, 0, two.end[0].look, 1024, 50);
    moot_publish(two.t, 0, two.end[0].look, 76, 50);
    moot_publish(two.t, 1, two.end[0].look, 5, 50);
    load(&two, 0);
    struct log_ref ref = {moot_slug(0), 1};
    struct log_state told, stored;
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct origin o = moot_origin(two.t, 0);
    assert_true(engine_is_member(two.end[0].engine));
    assert_int_equal(engine_charter_version(two.end[0].engine), 1);
    assert_true(engine_log(two.end[0].engine, &ref, &told));
    assert_int_equal(store_log(two.end[0].look, &o, &stored, &note), OK);
    assert_int_equal(told.frontier.size, 1100);
    assert_int_equal(told.whole, 1100);
    assert_memory_equal(told.whole_root.b, stored.whole_root.b, HASH_LEN);
    assert_true(bytes_equal(told.whole_note, stored.whole_note));
    assert_int_equal(told.newest_ms, 1700000000000 + 1099);
    assert_int_equal(believed(&two.end[0], 1), 5);
    buf_release(&note);
    ends_drop(&two);
}

static void nothing_is_announced_before_it_is_on_disk(void **state)
{
    (void)state;
    struct ends two;
    ends_make(&two);
    for (size_t i = 0; i < 5; i++)
        moot_publish(two.t, 0, two.end[0].look, 1024, 100);
    moot_publish(two.t, 1, two.end[1].look, 3, 100);
    load(&two, 0);
    load(&two, 1);
    link_up(&two);
    talk(&two);
    assert_int_equal(moot_size(two.t, two.end[1].look, 0), 5 * 1024);
    assert_int_equal(moot_size(two.t, two.end[0].look, 1), 3);
    assert_true(two.end[1].n_haves >= 2);
    assert_int_equal(two.end[0].n_announced_early + two.end[1].n_announced_early, 0);
    ends_drop(&two);
}

static void what_has_gathered_is_not_stored_before_the_flush(void **state)
{
    (void)state;
    struct ends two;
    ends_make(&two);
    moot_publish(two.t, 0, two.end[0].look, 10, 100);
    moot_publish(two.t, 1, two.end[1].look, 1, 100);
    load(&two, 0);
    load(&two, 1);
    link_up(&two);
    while (!glue_is_waiting(two.end[1].glue) || believed(&two.end[1], 0) != 0 || two.end[1].inbox != NULL)
        if (!deliver(&two, 0) && !deliver(&two, 1))
            break;
    assert_true(glue_is_waiting(two.end[1].glue));
    assert_int_equal(moot_size(two.t, two.end[1].look, 0), 0);
    assert_int_equal(believed(&two.end[1], 0), 0);
    assert_int_equal(glue_flush(two.end[1].glue), OK);
    assert_false(glue_is_waiting(two.end[1].glue));
    assert_int_equal(moot_size(two.t, two.end[1].look, 0), 10);
    assert_int_equal(believed(&two.end[1], 0), 10);
    ends_drop(&two);
}

/* Somebody else writes the same entries between the engine's wish and the commit. */
static void a_conflict_is_told_and_loses_nothing_else_of_its_group(void **state)
{
    (void)state;
    struct ends two;
    ends_make(&two);
    moot_publish(two.t, 0, two.end[0].look, 10, 100);
    moot_publish(two.t, 1, two.end[0].look, 4, 100);    /* the first holds both logs, the second neither */
    load(&two, 0);
    load(&two, 1);
    link_up(&two);
    while (deliver(&two, 0) || deliver(&two, 1))
        ;                                               /* nobody flushes: both appends gather in one group */
    moot_publish(two.t, 0, two.end[1].look, 6, 100);    /* a bundle brought the first six */
    flush(&two);
    assert_int_equal(believed(&two.end[1], 1), 4);      /* kept, though its neighbour failed */
    assert_int_equal(moot_size(two.t, two.end[1].look, 1), 4);
    assert_int_equal(moot_size(two.t, two.end[1].look, 0), 6);
    assert_int_equal(believed(&two.end[1], 0), 6);      /* the engine was told what is really there ... */
    two.now_ms += BACKOFF_MIN_MS;
    struct event tick = event_at(&two, EV_TICK);
    assert_int_equal(glue_event(two.end[1].glue, &tick), OK);
    talk(&two);
    assert_int_equal(moot_size(two.t, two.end[1].look, 0), 10);     /* ... and goes on from there */
    ends_drop(&two);
}

/* No file may grow: the disk is full for a log of which nothing is held yet. */
static void a_first_span_that_finds_no_room_is_fetched_again(void **state)
{
    (void)state;
    struct ends two;
    struct rlimit before, none;
    ends_make(&two);
    moot_publish(two.t, 0, two.end[0].look, 10, 100);
    load(&two, 0);
    load(&two, 1);
    link_up(&two);
    while (deliver(&two, 0) || deliver(&two, 1))
        ;
    assert_true(glue_is_waiting(two.end[1].glue));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    none = (struct rlimit){4096, before.rlim_max};
    void (*old)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    enum err e = glue_flush(two.end[1].glue);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, old);
    assert_int_equal(e, OK);                            /* the engine was told, and nothing is to begin anew */
    assert_int_not_equal(glue_failure(two.end[1].glue), OK);
    assert_int_equal(believed(&two.end[1], 0), 0);
    two.now_ms += BACKOFF_MIN_MS;
    struct event tick = event_at(&two, EV_TICK);
    assert_int_equal(glue_event(two.end[1].glue, &tick), OK);
    talk(&two);
    assert_int_equal(moot_size(two.t, two.end[1].look, 0), 10);
    ends_drop(&two);
}

static void what_another_process_wrote_is_told_when_it_is_looked_for(void **state)
{
    (void)state;
    struct ends two;
    bool changed = true;
    ends_make(&two);
    struct glue *g = two.end[0].glue;
    moot_publish(two.t, 0, two.end[0].look, 1, 100);
    load(&two, 0);
    assert_int_equal(glue_reread(g, two.now_ms, 0, &changed), OK);
    assert_false(changed);
    moot_publish(two.t, 0, two.end[0].look, 3, 100);
    assert_int_equal(believed(&two.end[0], 0), 1);
    assert_int_equal(glue_reread(g, two.now_ms, 0, &changed), OK);
    assert_true(changed);
    assert_int_equal(believed(&two.end[0], 0), 4);
    assert_int_equal(glue_reread(g, two.now_ms, 0, &changed), OK);
    assert_false(changed);
    ends_drop(&two);
}

static enum err count_ask(void *arg, enum ask_kind kind)
{
    (void)kind;
    ++*(size_t *)arg;
    return OK;
}

static void what_the_command_line_asks_is_done_once(void **state)
{
    (void)state;
    struct ends two;
    size_t left = 0;
    ends_make(&two);
    moot_publish(two.t, 0, two.end[0].look, 1, 100);
    moot_publish(two.t, 1, two.end[1].look, 1, 100);
    load(&two, 0);
    load(&two, 1);
    link_up(&two);
    talk(&two);
    assert_null(two.end[1].inbox);
    assert_int_equal(store_put_ask(two.end[0].look, ASK_PING, 0), OK);
    assert_int_equal(glue_reread(two.end[0].glue, two.now_ms, 0, NULL), OK);
    assert_non_null(two.end[1].inbox);                  /* a ping is on its way */
    assert_int_equal(store_take_asks(two.end[0].look, count_ask, &left), OK);
    assert_int_equal(left, 0);
    ends_drop(&two);
}

static enum err count_cosig(void *arg, const struct cosig *c)
{
    (void)c;
    ++*(size_t *)arg;
    return OK;
}

static size_t cosignatures(struct end *e, size_t of)
{
    struct origin o = moot_origin(e->t, of);
    size_t n = 0;
    assert_int_equal(store_each_cosig(e->look, &o, moot_size(e->t, e->look, of), count_cosig, &n), OK);
    return n;
}

static enum err keep_promise(void *arg, const struct log_state *l)
{
    uint64_t *sizes = arg;
    sizes[slug_equal(&l->origin.slug, &(struct slug){.s = "barsetshire"}) ? 0 : 1] = l->cosigned_size;
    return OK;
}

static void a_cosignature_of_ours_and_its_promise_are_stored_together(void **state)
{
    (void)state;
    struct ends two;
    uint64_t promised[2] = {0};
    ends_make(&two);
    moot_publish(two.t, 0, two.end[0].look, 10, 100);
    moot_publish(two.t, 1, two.end[1].look, 1, 100);
    load(&two, 0);
    load(&two, 1);
    link_up(&two);
    talk(&two);
    assert_int_equal(store_each_log(two.end[1].look, keep_promise, promised), OK);
    assert_int_equal(promised[0], 10);
    assert_true(cosignatures(&two.end[1], 0) >= 1);
    assert_true(cosignatures(&two.end[0], 0) >= 1);     /* and the author has it */
    ends_drop(&two);
}

/* [P-61] Of a log that is not here yet: the store was lost, and a peer gives our promise back first. */
static void a_promise_that_comes_back_before_its_log_is_kept(void **state)
{
    (void)state;
    struct ends two;
    uint64_t promised[2] = {0};
    struct buf body = buf_on(1024);
    ends_make(&two);
    load(&two, 0);
    load(&two, 1);
    link_up(&two);
    talk(&two);
    struct checkpoint c = {.origin = moot_origin(two.t, 0), .size = 10, .root = {{3}}};
    struct origin us = moot_origin(two.t, 1);
    struct cosig sig = {.log = {c.origin.slug, 1}, .size = 10, .root = c.root, .witness = us.slug, .time_s = 1700000000};
    checkpoint_cosign(&c, &us, &two.t->member[1].witness, sig.time_s, &sig.sig);
    put_cosig(&body, &sig);
    struct event frame = event_at(&two, EV_FRAME);
    frame.link = LINK;
    frame.frame = malloc(body.len);
    assert_true(buf_status(&body) == OK && frame.frame != NULL);
    memcpy(frame.frame, body.p, body.len);
    frame.frame_len = body.len;
    assert_int_equal(glue_event(two.end[1].glue, &frame), OK);
    flush(&two);
    assert_int_equal(glue_failure(two.end[1].glue), OK);
    assert_int_equal(store_each_log(two.end[1].look, keep_promise, promised), OK);
    assert_int_equal(promised[0], 10);
    buf_release(&body);
    ends_drop(&two);
}

static void word_on_peers_waits_a_little_and_then_is_due(void **state)
{
    (void)state;
    struct ends two;
    ends_make(&two);
    load(&two, 0);
    load(&two, 1);
    flush(&two);                                        /* that the peer gives no address was word, too */
    assert_true(glue_lazy_ms(two.end[1].glue) == UINT64_MAX);
    link_up(&two);
    while (glue_lazy_ms(two.end[1].glue) == UINT64_MAX)
        assert_true(deliver(&two, 1) || deliver(&two, 0));
    assert_int_equal(glue_lazy_ms(two.end[1].glue), two.now_ms + GLUE_LAZY_MS);
    assert_int_equal(glue_flush(two.end[1].glue), OK);
    assert_true(glue_lazy_ms(two.end[1].glue) == UINT64_MAX);
    ends_drop(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_engine_is_told_all_that_is_stored),
        cmocka_unit_test(nothing_is_announced_before_it_is_on_disk),
        cmocka_unit_test(what_has_gathered_is_not_stored_before_the_flush),
        cmocka_unit_test(a_conflict_is_told_and_loses_nothing_else_of_its_group),
        cmocka_unit_test(a_first_span_that_finds_no_room_is_fetched_again),
        cmocka_unit_test(what_another_process_wrote_is_told_when_it_is_looked_for),
        cmocka_unit_test(what_the_command_line_asks_is_done_once),
        cmocka_unit_test(a_cosignature_of_ours_and_its_promise_are_stored_together),
        cmocka_unit_test(a_promise_that_comes_back_before_its_log_is_kept),
        cmocka_unit_test(word_on_peers_waits_a_little_and_then_is_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
