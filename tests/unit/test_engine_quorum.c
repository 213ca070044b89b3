/* tests/unit/test_engine_quorum.c - [P-94] what a quorum has seen stays, also when we died before we had said so. */
#include "moot.h"

#include "node/engine/engine.h"

enum { MEMBERS = 3, US = 0 };               /* three witnesses: a quorum is all three */

struct bench { struct moot *t; struct engine *e; struct effects fx; struct origin log; struct hash root; };

static void step(struct bench *b, struct event ev)
{
    effects_clear(&b->fx);
    ev.now_ms = 1000;
    ev.wall_ms = 1700000000000;
    assert_int_equal(engine_step(b->e, &ev, &b->fx), OK);
}

static void hold_log(struct bench *b)
{
    struct moot_made made = {.items = calloc(1, sizeof(struct item)), .bytes = buf_on(2 * PAYLOAD_MAX)};
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct log_state l = {.origin = b->log, .whole = 1};
    assert_true(made.items != NULL && buf_grow(&made.bytes, 2 * PAYLOAD_MAX) != NULL);
    made.bytes.len = 0;                     /* it does not move */
    frontier_init(&l.frontier);
    moot_add_entry(&made, &l.frontier, KIND_IDENTITY, buf_bytes(&b->t->member[1].note));
    b->root = l.whole_root = frontier_root(&l.frontier);
    struct checkpoint c = {.origin = l.origin, .size = 1, .root = l.whole_root};
    checkpoint_sign(&c, &b->t->member[1].log, &note);
    l.whole_note = buf_bytes(&note);
    struct log_identity id = {0, buf_bytes(&b->t->member[1].note)};
    step(b, (struct event){.kind = EV_LOG, .log = &l, .n_identities = 1, .identities = &id});
    free(made.items);
    buf_release(&made.bytes);
    buf_release(&note);
}

static int begin(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));
    assert_non_null(b);
    b->t = moot_new(MEMBERS);
    b->log = moot_origin(b->t, 1);
    struct engine_config c = {.alliance = b->t->alliance, .identity = buf_bytes(&b->t->member[US].note),
                              .node = b->t->member[US].id.node, .random_seed = 7};
    assert_int_equal(engine_new(&c, &b->e), OK);
    step(b, (struct event){.kind = EV_CHARTER, .bytes = buf_bytes(&b->t->charter)});
    for (size_t i = 1; i < MEMBERS; i++)
        step(b, (struct event){.kind = EV_IDENTITY, .bytes = buf_bytes(&b->t->member[i].note)});
    hold_log(b);
    *state = b;
    return 0;
}

static int end(void **state)
{
    struct bench *b = *state;
    engine_free(b->e);
    effects_release(&b->fx);
    moot_free(b->t);
    free(b);
    return 0;
}

/* What the store holds of a witness is told before the start. */
static void holds_cosig(struct bench *b, size_t by)
{
    struct checkpoint c = {.origin = b->log, .size = 1, .root = b->root};
    struct origin witness = moot_origin(b->t, by);
    struct log_ref ref = {b->log.slug, 1};
    struct cosig s = {.log = ref, .size = 1, .root = b->root, .witness = moot_slug(by), .time_s = 1600000000};
    checkpoint_cosign(&c, &witness, &b->t->member[by].witness, s.time_s, &s.sig);
    step(b, (struct event){.kind = EV_COSIG, .ref = ref, .cosig = &s});
}

static size_t n_kept(const struct bench *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->fx.n; i++)
        n += b->fx.list[i]->kind == FX_KEEP_CHECKPOINT && b->fx.list[i]->whole == 1
             && slug_equal(&b->fx.list[i]->ref.slug, &b->log.slug);
    return n;
}

static void a_quorum_that_was_stored_before_a_crash_is_kept_after_it(void **state)
{
    struct bench *b = *state;
    for (size_t i = 0; i < MEMBERS; i++)
        holds_cosig(b, i);
    step(b, (struct event){.kind = EV_START});
    assert_int_equal(n_kept(b), 1);
}

static void one_witness_fewer_keeps_nothing(void **state)
{
    struct bench *b = *state;
    for (size_t i = 1; i < MEMBERS; i++)
        holds_cosig(b, i);
    step(b, (struct event){.kind = EV_START});
    assert_int_equal(n_kept(b), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_quorum_that_was_stored_before_a_crash_is_kept_after_it, begin, end),
        cmocka_unit_test_setup_teardown(one_witness_fewer_keeps_nothing, begin, end),
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
