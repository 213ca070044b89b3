/* Whole logs in a file, recomputed by somebody who has no store. */
#include "tests/unit/bundled.h"
#include "tests/unit/one_key_each.h"

#define N 4

static struct alliance *a;
static struct made_log *l;                      /* of member 1: identity, epoch, a sealed record (2), a public one (3), and ... */
static struct buf b;

static int start(void **state)
{
    (void)state;
    a = alliance_new(N, 0);
    l = log_begin(a, 1);
    (void)say_sealed(l, 418);
    (void)say_figure(l, 77);
    (void)say_withdrawal(l, 2, true);           /* 4: erases 2 */
    (void)say_withdrawal(l, 3, false);          /* 5: leaves 3 where it is */
    (void)say_withdrawal(l, 1, true);           /* 6: would erase the epoch, and cannot */
    b = buf_on(1 << 20);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    buf_release(&b);
    log_free(l);
    alliance_free(a);
    return 0;
}

static void begin(void)
{
    const struct made_log *logs[] = {l};
    buf_clear(&b);
    bundle_charters(a, &b);
    bundle_have(logs, 1, &b);
}

static struct judgement *judge(void)
{
    OKAY(buf_status(&b));
    return bundle_judge(buf_bytes(&b), &a->hashes[a->n_charters - 1], NULL);
}

static void whole(uint64_t hole, uint64_t excuse)
{
    begin();
    bundle_span(l, 0, 3, true, hole, excuse, &b);
    bundle_cosigs(l, 3, 3, &b);
    bundle_span(l, 3, l->n, true, hole, excuse, &b);
    bundle_cosigs(l, l->n, 3, &b);
}

static void sealed_ones_are_withheld_and_public_ones_valid(void **state)
{
    (void)state;
    whole(NO_HOLE, 0);
    struct judgement *j = judge();
    assert_true(j->is_ok && j->is_consistent);
    assert_int_equal(j->problems.n, 0);
    assert_int_equal(j->n_records, 2);
    assert_verdict(j, 0, VERDICT_WITHHELD);
    assert_verdict(j, 1, VERDICT_VALID);
    assert_int_equal(json_integer_value(json_object_get(j->records[1].content, "numerator")), 77);
    assert_non_null(j->records[1].withdrawn);
    assert_true(j->logs[0].heads[0].witnessed.has_quorum && j->logs[0].heads[1].witnessed.has_quorum);
    assert_int_equal(j->logs[0].entries, l->n);
    judgement_free(j);
    struct judgement *unpinned = bundle_judge(buf_bytes(&b), NULL, NULL);
    assert_false(unpinned->is_ok);
    assert_verdict(unpinned, 1, VERDICT_UNPINNED);
    judgement_free(unpinned);
}

static void a_record_of_an_epoch_that_was_not_begun_is_of_none(void **state)
{
    (void)state;
    struct made_log *other = log_begin(a, 2);
    const struct made_log *logs[] = {other};
    struct buf plain = buf_on(1024), *header, *payload;
    struct seal_with w = sealing(other);
    (void)say_sealed(other, 98);
    w.id.epoch = 5;
    figure_bytes(99, &plain);
    slot(other, &header, &payload);
    record_seal(&w, buf_bytes(&plain), header, payload);
    (void)slot_done(other);
    buf_clear(&b);
    bundle_charters(a, &b);
    bundle_have(logs, 1, &b);
    bundle_span(other, 0, other->n, true, NO_HOLE, 0, &b);
    struct judgement *j = judge();
    assert_true(j->is_ok);
    assert_int_equal(j->n_records, 2);
    assert_int_equal(j->records[0].epoch->idx, 1);
    assert_null(j->records[1].epoch);
    judgement_free(j);
    buf_release(&plain);
    log_free(other);
}

static void missing_is_not_erased(void **state)
{
    (void)state;
    static const struct { uint64_t hole, excuse; bool is_well; } cases[] = {
        {2, 4, true}, {2, 5, false}, {2, 99, false}, {3, 5, false}, {1, 4, false}, {1, 6, false}, {0, 4, false}, {4, 4, false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        whole(cases[i].hole, cases[i].excuse);
        struct judgement *j = judge();
        if (j->is_ok != cases[i].is_well)
            fail_msg("hole %llu excused by %llu", (unsigned long long)cases[i].hole, (unsigned long long)cases[i].excuse);
        if (cases[i].is_well)
            assert_verdict(j, 0, VERDICT_ERASED);
        judgement_free(j);
    }
}

static void too_few_witnesses_are_told_and_break_no_log(void **state)
{
    (void)state;
    begin();
    bundle_span(l, 0, l->n, true, NO_HOLE, 0, &b);
    bundle_cosigs(l, l->n, 2, &b);
    struct judgement *j = judge();
    assert_true(j->is_ok);
    assert_true(has_problem(j, "too few witnesses stand behind its newest state"));
    judgement_free(j);
}

static void entries_stand_where_they_belong(void **state)
{
    (void)state;
    begin();
    bundle_span(l, 0, 3, true, NO_HOLE, 0, &b);
    bundle_span(l, 4, l->n, true, NO_HOLE, 0, &b);          /* 3 is left out */
    struct judgement *j = judge();
    assert_false(j->is_ok);
    assert_true(has_problem(j, "entries from 4 stand where they do not belong"));
    judgement_free(j);
    begin();
    bundle_span(l, 1, l->n, true, NO_HOLE, 0, &b);
    j = judge();
    assert_false(j->is_ok);
    judgement_free(j);
    begin();
    bundle_span(l, 0, 3, true, NO_HOLE, 0, &b);             /* less than the file says it has */
    j = judge();
    assert_false(j->is_ok);
    assert_true(has_problem(j, "the file says it has 7 entries, and 3 are there"));
    judgement_free(j);
    begin();
    bundle_span(l, 0, 3, true, NO_HOLE, 0, &b);
    bundle_span(l, 3, l->n, false, NO_HOLE, 0, &b);         /* under no checkpoint */
    j = judge();
    assert_false(j->is_ok);
    assert_true(has_problem(j, "its last 4 entries are under no checkpoint"));
    assert_verdict(j, 1, VERDICT_INVALID);
    judgement_free(j);
}

/* Another member's log, one that the charter does not name, one under a log key of nobody's. */
static void a_log_is_its_authors(void **state)
{
    (void)state;
    struct made_log *other = log_begin(a, 2);
    const struct made_log *logs[] = {other};
    other->log = a->people[1].log;
    buf_clear(&b);
    bundle_charters(a, &b);
    bundle_have(logs, 1, &b);
    bundle_span(other, 0, other->n, true, NO_HOLE, 0, &b);
    struct judgement *j = judge();
    assert_false(j->is_ok);
    assert_true(has_problem(j, "not signed by the log key that was in force"));
    judgement_free(j);
    log_free(other);
    struct alliance *forged = alliance_new(N, 1);
    other = log_begin(forged, 1);
    other->origin = l->origin;
    logs[0] = other;
    buf_clear(&b);
    bundle_charters(a, &b);
    bundle_have(logs, 1, &b);
    bundle_span(other, 0, other->n, true, NO_HOLE, 0, &b);
    j = judge();
    assert_false(j->is_ok);
    assert_true(has_problem(j, "not signed by the root key that the charter names"));
    judgement_free(j);
    log_free(other);
    alliance_free(forged);
}

static void a_payload_that_was_changed_breaks_what_rests_on_it(void **state)
{
    (void)state;
    struct buf kept = l->payload[3];
    l->payload[3] = l->payload[2];
    whole(NO_HOLE, 0);
    struct judgement *j = judge();
    assert_false(j->is_ok);
    assert_verdict(j, 0, VERDICT_WITHHELD);     /* each on its own */
    assert_verdict(j, 1, VERDICT_INVALID);
    judgement_free(j);
    l->payload[3] = kept;
    kept = l->payload[4];
    l->payload[4] = l->payload[5];
    whole(NO_HOLE, 0);
    j = judge();
    assert_false(j->is_ok);
    assert_true(has_problem(j, "entry 4: its content is not what its author signed"));
    judgement_free(j);
    l->payload[4] = kept;
}

static void a_closed_log_ends_where_the_charter_says(void **state)
{
    (void)state;
    struct alliance *c = alliance_new(N, 0);
    struct made_log *gone = log_begin(c, 3);
    const struct made_log *logs[] = {gone};
    (void)say_figure(gone, 5);
    struct checkpoint closing = head_at(gone, 3);
    c->charter->members[3].is_former = true;
    c->charter->members[3].closed_size = 3;
    c->charter->members[3].closed_generation = 1;
    c->charter->members[3].closed_root = closing.root;
    charter_next(c);
    for (int is_changed = 0; is_changed < 2; is_changed++) {
        struct buf kept = gone->header[2];
        if (is_changed)
            gone->header[2] = gone->header[1];
        buf_clear(&b);
        bundle_charters(c, &b);
        bundle_have(logs, 1, &b);
        bundle_span(gone, 0, 3, false, NO_HOLE, 0, &b);     /* the charter's root is as good as a note */
        struct judgement *j = bundle_judge(buf_bytes(&b), &c->hashes[2], NULL);
        assert_int_equal(j->is_ok, !is_changed);
        if (!is_changed)
            assert_verdict(j, 0, VERDICT_VALID);
        else
            assert_true(has_problem(j, "the root with which the charter closed the log"));
        judgement_free(j);
        gone->header[2] = kept;
    }
    log_free(gone);
    alliance_free(c);
}

static void a_policy_counts_the_witnesses_that_it_names(void **state)
{
    (void)state;
    struct policy *p = policy_new();
    struct note_key witnesses[N], log = checkpoint_log_key(&l->origin, &a->people[1].id.log);
    for (size_t i = 0; i < N; i++) {            /* the first has begun a second log */
        struct origin o = {.alliance = a->id, .slug = a->people[i].id.slug, .generation = i == 0 ? 2 : 1};
        witnesses[i] = checkpoint_witness_key(&o, &a->people[i].id.witness);
    }
    whole(NO_HOLE, 0);
    for (uint32_t quorum = 3; quorum <= 4; quorum++) {
        OKAY(policy_of_each(&log, witnesses, N, quorum, p));
        struct judgement *j = bundle_judge(buf_bytes(&b), NULL, p);
        assert_true(j->is_ok);
        assert_int_equal(j->trust.kind, TRUST_POLICY);
        assert_int_equal(j->logs[0].heads[1].witnessed.has_quorum, quorum == 3);
        assert_verdict(j, 1, VERDICT_VALID);
        judgement_free(j);
    }
    log = checkpoint_log_key(&l->origin, &a->people[2].id.log);
    OKAY(policy_of_each(&log, witnesses, N, 0, p));
    struct judgement *j = bundle_judge(buf_bytes(&b), NULL, p);
    assert_false(j->is_ok);
    assert_verdict(j, 1, VERDICT_INVALID);
    judgement_free(j);
    policy_free(p);
}

static void a_cosignature_that_does_not_hold_is_told_and_not_counted(void **state)
{
    (void)state;
    begin();
    bundle_span(l, 0, l->n, true, NO_HOLE, 0, &b);
    bundle_cosigs(l, l->n, 3, &b);
    b.p[b.len - 1] ^= 1;                        /* of the last one's signature */
    struct judgement *j = judge();
    assert_int_equal(j->logs[0].heads[0].witnessed.n, 2);
    assert_true(has_problem(j, "it was not counted"));
    judgement_free(j);
    begin();
    bundle_span(l, 0, l->n, true, NO_HOLE, 0, &b);
    bundle_cosigs(l, 3, 1, &b);                 /* over a state that is not in the file */
    j = judge();
    assert_false(j->is_ok);
    assert_true(has_problem(j, "is over nothing in the file"));
    judgement_free(j);
}

static void what_belongs_on_a_link_is_no_bundle(void **state)
{
    (void)state;
    whole(NO_HOLE, 0);
    b.len--;                                    /* all entries are there, and the last cosignature is not */
    struct judgement *cut = judge();
    assert_false(cut->is_ok);
    assert_true(has_problem(cut, "the file ends in the middle"));
    judgement_free(cut);
    whole(NO_HOLE, 0);
    size_t mark = frame_begin(&b);
    put_bye(&b, BYE_LEAVING);
    OKAY(frame_end(&b, mark));
    struct judgement *j = judge();
    assert_false(j->is_ok);
    assert_true(has_problem(j, "belongs on a link"));
    judgement_free(j);
    whole(NO_HOLE, 0);
    bundle_charters(a, &b);                     /* behind what they should judge */
    j = judge();
    assert_false(j->is_ok);
    judgement_free(j);
    const struct made_log *logs[] = {l};
    whole(NO_HOLE, 0);
    for (int i = 0; i < 2; i++)
        bundle_have(logs, 1, &b);
    j = judge();
    assert_false(j->is_ok);
    assert_true(has_problem(j, "says twice what is in it"));
    assert_int_equal(j->n_logs, 1);             /* and nothing that stands behind is taken in */
    assert_int_equal(j->problems.n, 2);
    judgement_free(j);
    buf_clear(&b);
    bundle_charters(a, &b);
    j = judge();
    assert_false(j->is_ok);
    assert_true(has_problem(j, "does not say what is in it"));
    judgement_free(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealed_ones_are_withheld_and_public_ones_valid),
        cmocka_unit_test(a_record_of_an_epoch_that_was_not_begun_is_of_none),
        cmocka_unit_test(missing_is_not_erased),
        cmocka_unit_test(too_few_witnesses_are_told_and_break_no_log),
        cmocka_unit_test(entries_stand_where_they_belong),
        cmocka_unit_test(a_log_is_its_authors),
        cmocka_unit_test(a_payload_that_was_changed_breaks_what_rests_on_it),
        cmocka_unit_test(a_closed_log_ends_where_the_charter_says),
        cmocka_unit_test(a_policy_counts_the_witnesses_that_it_names),
        cmocka_unit_test(a_cosignature_that_does_not_hold_is_told_and_not_counted),
        cmocka_unit_test(what_belongs_on_a_link_is_no_bundle),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, stop);
}
