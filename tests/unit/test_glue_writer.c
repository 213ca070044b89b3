/* Commits on a thread of their own, while the engine goes on. */
#include "tests/unit/ends.h"

#include "node/glue_inside.h"

static void publish_and_load(struct ends *two, size_t spans)
{
    ends_make_as(two, true);
    for (size_t i = 0; i < spans; i++)
        moot_publish(two->t, 0, two->end[0].look, 1024, 100);
    moot_publish(two->t, 1, two->end[1].look, 3, 100);
    load(two, 0);
    load(two, 1);
    link_up(two);
}

static void commit(struct ends *two)
{
    assert_int_equal(glue_commit(two->end[0].glue), OK);
    assert_int_equal(glue_commit(two->end[1].glue), OK);
}

/* Until nothing more comes, the second end neither waiting nor being told what was stored. */
static void bring(struct ends *two)
{
    while (deliver(two, 0) || deliver(two, 1))
        assert_int_equal(glue_commit(two->end[0].glue), OK);
}

static void the_engine_goes_on_while_the_disk_does_not_and_announces_nothing(void **state)
{
    (void)state;
    struct ends two;
    publish_and_load(&two, 2);
    struct end *to = &two.end[1];
    assert_int_equal(store_begin(to->look), OK);            /* somebody else writes: the commit has to wait */
    while (!glue_is_waiting(to->glue))
        assert_true(deliver(&two, 0) || deliver(&two, 1));
    assert_int_equal(glue_commit(to->glue), OK);
    assert_false(glue_is_waiting(to->glue));                /* it is under way, and nothing is due ... */
    assert_false(glue_is_due(to->glue));
    bring(&two);                                            /* ... but what comes is taken */
    assert_int_equal(believed(to, 0), 0);
    assert_int_equal(glue_commit(to->glue), OK);            /* neither waits for the disk nor asks it for more */
    assert_int_equal(believed(to, 0), 0);
    assert_int_equal(moot_size(two.t, to->reads, 0), 0);
    store_rollback(to->look);
    talk(&two);
    assert_int_equal(believed(to, 0), 2 * 1024);
    assert_int_equal(moot_size(two.t, to->look, 0), 2 * 1024);
    assert_int_equal(two.end[0].n_announced_early + to->n_announced_early, 0);
    ends_drop(&two);
}

static void commits_alone_bring_both_to_the_same_logs(void **state)
{
    (void)state;
    struct ends two;
    publish_and_load(&two, 6);
    while (believed(&two.end[1], 0) < 6 * 1024 || believed(&two.end[0], 1) < 3) {
        (void)deliver(&two, 0);
        (void)deliver(&two, 1);
        commit(&two);
    }
    assert_int_equal(moot_size(two.t, two.end[1].look, 0), 6 * 1024);
    assert_int_equal(moot_size(two.t, two.end[0].look, 1), 3);
    assert_true(two.end[1].n_haves >= 2);
    assert_int_equal(two.end[0].n_announced_early + two.end[1].n_announced_early, 0);
    ends_drop(&two);
}

/* The bound on what gathers: a full group does not grow, it waits. */
static void a_full_group_waits_for_the_one_under_way(void **state)
{
    (void)state;
    struct ends two;
    publish_and_load(&two, 8);
    struct end *to = &two.end[1];
    assert_int_equal(store_begin(to->look), OK);
    while (!glue_is_waiting(to->glue))
        assert_true(deliver(&two, 0) || deliver(&two, 1));
    assert_int_equal(glue_commit(to->glue), OK);
    while (!glue_is_full(to->glue))
        assert_true(deliver(&two, 0) || deliver(&two, 1));
    store_rollback(to->look);                               /* SQLite looks again only after a while */
    assert_int_equal(glue_commit(to->glue), OK);
    assert_false(glue_is_full(to->glue));
    talk(&two);
    assert_int_equal(moot_size(two.t, to->look, 0), 8 * 1024);
    ends_drop(&two);
}

static void a_conflict_under_way_is_told_and_mended(void **state)
{
    (void)state;
    struct ends two;
    ends_make_as(&two, true);
    moot_publish(two.t, 0, two.end[0].look, 10, 100);
    moot_publish(two.t, 1, two.end[0].look, 4, 100);
    load(&two, 0);
    load(&two, 1);
    link_up(&two);
    while (deliver(&two, 0) || deliver(&two, 1))
        ;
    moot_publish(two.t, 0, two.end[1].look, 6, 100);        /* a bundle brought the first six */
    while (believed(&two.end[1], 0) != 6 || believed(&two.end[1], 1) != 4)
        commit(&two);
    two.now_ms += BACKOFF_MIN_MS;
    struct event tick = event_at(&two, EV_TICK);
    assert_int_equal(glue_event(two.end[1].glue, &tick), OK);
    talk(&two);
    assert_int_equal(moot_size(two.t, two.end[1].look, 0), 10);
    ends_drop(&two);
}

static enum err note_since(void *arg, const struct request_row *r)
{
    *(uint64_t *)arg = r->since_ms;
    return OK;
}

/* The clock is the engine's thread's, which goes on while the other writes. */
static void a_request_has_the_time_at_which_it_came(void **state)
{
    (void)state;
    struct ends two;
    uint64_t since = 0;
    publish_and_load(&two, 1);
    struct glue *g = two.end[1].glue;
    const struct moot_member *asks = &two.t->member[0];
    struct effect fx = {.kind = FX_PUT_REQUEST, .slug = asks->id.slug, .data = buf_on(IDENTITY_MAX)};
    struct event tick = event_at(&two, EV_TICK);
    const uint64_t came = tick.wall_ms;
    buf_put(&fx.data, buf_bytes(&asks->note));
    assert_int_equal(glue_event(g, &tick), OK);
    assert_int_equal(glue_wait(g, &fx), OK);
    two.now_ms += 5000;
    tick = event_at(&two, EV_TICK);
    assert_int_equal(glue_event(g, &tick), OK);
    assert_int_equal(glue_flush(g), OK);
    assert_int_equal(store_each_request(two.end[1].look, note_since, &since), OK);
    assert_int_equal(since, came);
    ends_drop(&two);
}

static void freeing_waits_for_the_commit_under_way(void **state)
{
    (void)state;
    struct ends two;
    publish_and_load(&two, 1);
    struct end *to = &two.end[1];
    while (!glue_is_waiting(to->glue))
        assert_true(deliver(&two, 0) || deliver(&two, 1));
    assert_int_equal(glue_commit(to->glue), OK);
    glue_free(to->glue);
    to->glue = NULL;
    assert_int_equal(moot_size(two.t, to->look, 0), 1024);  /* all of it, or this would not have returned */
    ends_drop(&two);
}

static void another_process_is_heard_beside_our_own_commits(void **state)
{
    (void)state;
    struct ends two;
    bool has_changed = true;
    publish_and_load(&two, 2);
    struct end *to = &two.end[1];
    talk(&two);
    assert_int_equal(glue_reread(to->glue, two.now_ms, 0, &has_changed), OK);
    assert_false(has_changed);                              /* what we committed is no news */
    moot_publish(two.t, 1, to->look, 5, 100);
    assert_int_equal(glue_reread(to->glue, two.now_ms, 0, &has_changed), OK);
    assert_true(has_changed);
    assert_int_equal(believed(to, 1), 8);
    ends_drop(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_engine_goes_on_while_the_disk_does_not_and_announces_nothing),
        cmocka_unit_test(commits_alone_bring_both_to_the_same_logs),
        cmocka_unit_test(a_full_group_waits_for_the_one_under_way),
        cmocka_unit_test(a_conflict_under_way_is_told_and_mended),
        cmocka_unit_test(a_request_has_the_time_at_which_it_came),
        cmocka_unit_test(freeing_waits_for_the_commit_under_way),
        cmocka_unit_test(another_process_is_heard_beside_our_own_commits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
