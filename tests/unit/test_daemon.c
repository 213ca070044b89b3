/* Two whole nodes in one process. */
#define _GNU_SOURCE
#include "tests/unit/pair.h"

static enum err count_one(void *arg, const struct cosig *c)
{
    (void)c;
    ++*(size_t *)arg;
    return OK;
}

static bool has_two_cosignatures(void *arg)
{
    const struct wanted *w = arg;
    struct origin o = moot_origin(w->p->t, w->of);
    size_t n = 0;
    return store_each_cosig(w->p->look[w->at], &o, w->size, count_one, &n) == OK && n == 2;
}

static void ring(struct pair *p, size_t i)
{
    char path[FILE_PATH_MAX];
    home_path(&p->node[i].home, HOME_BELL, path);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fputc('!', f), '!');
    assert_int_equal(fclose(f), 0);
}

/* ---- tests ---- */

static void what_one_publishes_the_other_holds(void **state)
{
    (void)state;
    struct pair p;
    pair_make(&p);
    moot_publish(p.t, 0, p.look[0], 40, 100);
    moot_publish(p.t, 1, p.look[1], 7, 100);
    node_start(&p.node[0]);
    node_start(&p.node[1]);
    await_size(&p, 1, 0, 40);
    await_size(&p, 0, 1, 7);
    pair_drop(&p);
}

static void what_is_published_while_they_run_travels_at_the_ring_of_the_bell(void **state)
{
    (void)state;
    struct pair p;
    pair_make(&p);
    moot_publish(p.t, 0, p.look[0], 1, 100);
    moot_publish(p.t, 1, p.look[1], 1, 100);
    node_start(&p.node[0]);
    node_start(&p.node[1]);
    await_size(&p, 1, 0, 1);
    await_size(&p, 0, 1, 1);
    for (uint64_t size = 2; size < 6; size++) {
        moot_publish(p.t, 1, p.look[1], 1, 100);
        ring(&p, 1);
        await_size(&p, 0, 1, size);
    }
    pair_drop(&p);
}

static void both_witnesses_cosign_and_both_hold_it(void **state)
{
    (void)state;
    struct pair p;
    pair_make(&p);
    moot_publish(p.t, 0, p.look[0], 3, 100);
    moot_publish(p.t, 1, p.look[1], 2, 100);
    node_start(&p.node[0]);
    node_start(&p.node[1]);
    struct wanted here = {&p, 0, 0, 3}, there = {&p, 1, 0, 3};
    await(has_two_cosignatures, &here);
    await(has_two_cosignatures, &there);
    pair_drop(&p);
}

static void a_node_that_runs_once_leaves_when_it_has_everything(void **state)
{
    (void)state;
    struct pair p;
    pair_make(&p);
    moot_publish(p.t, 0, p.look[0], 1000, 500);
    moot_publish(p.t, 1, p.look[1], 3, 100);
    node_start(&p.node[0]);
    node_start_as(&p.node[1], true);
    assert_int_equal(node_join(&p.node[1]), OK);
    assert_int_equal(moot_size(p.t, p.look[1], 0), 1000);
    assert_int_equal(moot_size(p.t, p.look[0], 1), 3);
    pair_drop(&p);
}

static void a_node_that_runs_once_and_reaches_nobody_says_so(void **state)
{
    (void)state;
    struct pair p;
    pair_make(&p);
    moot_publish(p.t, 1, p.look[1], 1, 100);
    net_free(p.node[0].net);                        /* its port is closed again */
    queue_release(&p.node[0].in);
    queue_release(&p.node[0].out);
    node_start_as(&p.node[1], true);
    assert_int_equal(node_join(&p.node[1]), ERR_DENIED);
    pair_drop(&p);
}

static enum err see_idle(void *arg, const struct peer_row *r)
{
    ++*(size_t *)arg;
    assert_int_equal(r->state, PEER_IDLE);
    return OK;
}

static void who_has_left_shows_no_peer_as_linked(void **state)
{
    (void)state;
    struct pair p;
    size_t rows = 0;
    pair_make(&p);
    moot_publish(p.t, 0, p.look[0], 1, 100);
    moot_publish(p.t, 1, p.look[1], 1, 100);
    node_start(&p.node[0]);
    node_start(&p.node[1]);
    await_size(&p, 0, 1, 1);
    assert_int_equal(node_stop(&p.node[1]), OK);
    assert_int_equal(store_each_peer(p.look[1], see_idle, &rows), OK);
    assert_int_equal(rows, 1);
    pair_drop(&p);
}

static void a_peer_that_comes_back_gets_what_it_missed(void **state)
{
    (void)state;
    struct pair p;
    pair_make(&p);
    moot_publish(p.t, 0, p.look[0], 1, 100);
    moot_publish(p.t, 1, p.look[1], 1, 100);
    node_start(&p.node[0]);
    node_start_as(&p.node[1], true);
    assert_int_equal(node_join(&p.node[1]), OK);
    moot_publish(p.t, 0, p.look[0], 1000, 300);
    ring(&p, 0);
    node_again(&p, 1);
    node_start(&p.node[1]);
    await_size(&p, 1, 0, 1001);
    pair_drop(&p);
}

/* A sector's worth of noise in the middle of log.db. */
static void damage(const struct home *h)
{
    enum { NOISE = 64 * 1024 };
    char path[FILE_PATH_MAX];
    uint8_t *noise = malloc(NOISE);
    home_path(h, HOME_LOG_DB, path);
    FILE *f = fopen(path, "r+");
    assert_true(f != NULL && noise != NULL);
    memset(noise, 0xa5, NOISE);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    long end = ftell(f);
    assert_true(end > 4 * NOISE);
    assert_int_equal(fseek(f, end / 2, SEEK_SET), 0);
    assert_int_equal(fwrite(noise, NOISE, 1, f), 1);
    assert_int_equal(fclose(f), 0);
    free(noise);
}

static void a_damaged_store_is_mended_and_fetched_again(void **state)
{
    (void)state;
    struct pair p;
    pair_make(&p);
    moot_publish(p.t, 0, p.look[0], 1024, 1000);
    moot_publish(p.t, 0, p.look[0], 500, 1000);
    moot_publish(p.t, 1, p.look[1], 1, 100);
    node_start(&p.node[0]);
    node_start_as(&p.node[1], true);
    assert_int_equal(node_join(&p.node[1]), OK);
    assert_int_equal(moot_size(p.t, p.look[1], 0), 1524);
    store_close(p.look[1]);
    damage(&p.node[1].home);
    node_again(&p, 1);
    node_start(&p.node[1]);
    p.look[1] = moot_open(p.t, 1);
    await_size(&p, 1, 0, 1524);
    await_size(&p, 0, 1, 1);
    pair_drop(&p);
}

/* The second member rotates its node key while its node runs. */
static void a_new_identity_is_taken_up_without_a_restart(void **state)
{
    (void)state;
    struct pair p;
    char path[FILE_PATH_MAX];
    pair_make(&p);
    moot_publish(p.t, 0, p.look[0], 1, 100);
    moot_publish(p.t, 1, p.look[1], 1, 100);
    node_start(&p.node[0]);
    node_start(&p.node[1]);
    await_size(&p, 0, 1, 1);
    struct moot_member *m = &p.t->member[1];
    struct dh_keyring ring_of_two = {.n = 2, .keys = {{2, {{0}}, 0}, {1, m->node, 0}}};
    seed_dh_key(&m->seed, PURPOSE_NODE, 2, &ring_of_two.keys[0].secret, &m->id.node);
    m->id.version = 2;
    m->id.previous.b[0] = 1;
    moot_sign_identity(m);
    assert_int_equal(dh_keys_save(&p.node[1].home, PURPOSE_NODE, &ring_of_two), OK);
    home_path(&p.node[1].home, HOME_IDENTITY, path);
    assert_int_equal(file_write(path, buf_bytes(&m->note)), OK);
    moot_publish(p.t, 1, p.look[1], 1, 100);
    ring(&p, 1);
    await_size(&p, 0, 1, 2);
    moot_publish(p.t, 1, p.look[1], 1, 100);
    ring(&p, 1);
    await_size(&p, 0, 1, 3);                        /* its engine is a new one by now, and knows the new link only */
    pair_drop(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_publishes_the_other_holds),
        cmocka_unit_test(what_is_published_while_they_run_travels_at_the_ring_of_the_bell),
        cmocka_unit_test(both_witnesses_cosign_and_both_hold_it),
        cmocka_unit_test(a_node_that_runs_once_leaves_when_it_has_everything),
        cmocka_unit_test(a_node_that_runs_once_and_reaches_nobody_says_so),
        cmocka_unit_test(who_has_left_shows_no_peer_as_linked),
        cmocka_unit_test(a_peer_that_comes_back_gets_what_it_missed),
        cmocka_unit_test(a_damaged_store_is_mended_and_fetched_again),
        cmocka_unit_test(a_new_identity_is_taken_up_without_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
