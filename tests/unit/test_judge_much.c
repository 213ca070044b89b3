/* tests/unit/test_judge_much.c - files that have much of something are judged as those that have little of it. */
#include "cli/audit/content.h"
#include "tests/unit/handed.h"

enum { N = 20 };

static struct alliance *a;

static int start(void **state)
{
    (void)state;
    a = alliance_new(N, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    alliance_free(a);
    return 0;
}

static void hand_all(struct handed *x, size_t at, const struct made_log *l)
{
    for (uint64_t i = 0; i < l->n; i++)
        (void)hand_entry(x, at, l, i);
}

/* Identities that call ranges void: apart, one within the other, one that goes on where another ended. */
static void a_record_is_void_by_whichever_identity_says_so(void **state)
{
    (void)state;
    struct made_log *l = log_begin(a, 1);
    struct identity id = a->people[1].id;
    bool is_void[MADE_MAX] = {false};
    const struct { uint64_t records, from; } said[] = {{4, 4}, {5, 3}, {3, 11}, {2, 0}, {4, 22}, {1, 24}};
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        for (uint64_t k = 0; k < said[i].records; k++)
            (void)say_figure(l, (int64_t)l->n);
        id.previous = text_hash_of(&id);
        id.version++;
        id.has_void = said[i].from > 0;
        id.void_from = said[i].from;
        for (uint64_t k = said[i].from; id.has_void && k < l->n; k++)
            is_void[k] = true;
        (void)say_identity(l, &id, &a->people[1].root);
    }
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l), n_void = 0;
    hand_state(x, at, l, l->n, N, SEEN_S);
    hand_all(x, at, l);
    const struct judgement *j = hand_judge(x, &a->hashes[1], NULL);
    for (size_t i = 0; i < j->n_records; i++) {
        assert_verdict(j, i, is_void[j->records[i].idx] ? VERDICT_VOID : VERDICT_VALID);
        n_void += j->records[i].verdict == VERDICT_VOID;
    }
    assert_in_range(n_void, 5, j->n_records - 5);
    hand_free(x);
    log_free(l);
}

/* The key that signed two stories is the last of many, and another's line stands beside it. */
static void evidence_holds_by_whichever_key_signed_it(void **state)
{
    (void)state;
    struct made_log *l = log_begin(a, 1);
    struct identity id = a->people[1].id;
    struct sign_secret other;
    struct sym_secret seed = {{0x61}};
    for (size_t i = 0; i < 9; i++) {
        id.previous = text_hash_of(&id);
        id.version++;
        if (i == 8)
            sign_keypair(&seed, &other, &id.log);
        (void)say_identity(l, &id, &a->people[1].root);
    }
    struct evidence ev = {.log = {l->origin.slug, 1}};
    struct checkpoint m = {.origin = l->origin, .size = 5, .root = {{1}}}, n = {.origin = l->origin, .size = 5, .root = {{2}}};
    struct buf m_note = buf_on(CHECKPOINT_MAX), n_note = buf_on(CHECKPOINT_MAX), packed = buf_on(EVIDENCE_MAX), text = buf_on(512);
    struct note_key first = checkpoint_log_key(&l->origin, &a->people[1].id.log);
    checkpoint_sign(&m, &other, &m_note);
    checkpoint_sign(&n, &other, &n_note);
    checkpoint_text(&m, &text);
    note_sign(buf_bytes(&text), &first, &l->log, &m_note);       /* the old key signed one of them only */
    ev.note_m = buf_bytes(&m_note);
    ev.note_n = buf_bytes(&n_note);
    evidence_write(&ev, &packed);
    l->log = other;
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, l->n, N, SEEN_S);
    hand_all(x, at, l);
    x->logs[at].evidence = buf_bytes(&packed);
    const struct judgement *j = hand_judge(x, &a->hashes[1], NULL);
    assert_true(j->logs[0].has_evidence);
    assert_int_equal(j->logs[0].story_m, 5);
    assert_true(has_problem(j, "signed two stories"));
    hand_free(x);
    log_free(l);
    buf_release(&m_note);
    buf_release(&n_note);
    buf_release(&packed);
    buf_release(&text);
}

/* Twenty cosigned the newest; those below have no lines of their own. Only where a record stands a list is made. */
static void only_states_that_are_asked_for_have_their_witnesses(void **state)
{
    (void)state;
    struct made_log *l = log_begin(a, 1);
    for (size_t i = 0; i < 6; i++)
        (void)say_figure(l, 7);
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    for (uint64_t size = 2; size < 8; size++)
        hand_state(x, at, l, size, size == 7 ? N : 0, SEEN_S);
    (void)hand_entry(x, at, l, 0);
    (void)hand_entry(x, at, l, 1);
    (void)hand_entry(x, at, l, 3);
    const struct judgement *j = hand_judge(x, &a->hashes[1], NULL);
    assert_true(j->is_ok);
    assert_int_equal(j->records[0].witnessed->n, N);
    for (size_t i = 0; i < 6; i++) {
        const struct head *h = &j->logs[0].heads[i];
        assert_int_equal(h->witnessed.n, h->size == 4 || h->size == 7 ? N : 0);
    }
    hand_free(x);
    log_free(l);
}

/* [P-85] "under the root of the newest charter": whoever has the lost root can date what he cosigns as he likes. */
static void a_witness_whose_root_was_replaced_counts_by_its_new_root_only(void **state)
{
    (void)state;
    struct alliance *b = alliance_new(4, 1);
    struct made_log *l = log_begin(b, 1);
    struct person *p = &b->people[2];
    struct replacement gone = {p->id.slug, p->id.root, 1, 3};
    struct sym_secret seed = {{0x62}};
    (void)say_figure(l, 7);
    struct handed *x = hand_begin(b);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, l->n, 3, SEEN_S);      /* 3 of 4 are enough */
    hand_all(x, at, l);
    assert_true(hand_judge(x, &b->hashes[1], NULL)->is_ok);
    sign_keypair(&seed, &p->root, &p->id.root);
    b->charter->members[2].root = p->id.root;
    b->charter->replacements[b->charter->n_replacements++] = gone;
    charter_next(b);
    x->charters[x->d.n_charters++] = buf_bytes(&b->charters[2]);
    for (int is_new = 0; is_new < 2; is_new++) {
        const struct judgement *j = hand_judge(x, &b->hashes[2], NULL);
        assert_int_equal(j->is_ok, is_new);
        assert_int_equal(j->records[0].witnessed->n, is_new ? 3 : 2);
        assert_int_equal(j->records[0].witnessed->has_quorum, is_new);
        assert_true(is_new || has_problem(j, "not signed by the root key that the charter names"));
        person_sign(p);                         /* an identity of the new root that names the same witness key */
        x->identities[2] = buf_bytes(&p->note);
    }
    hand_free(x);
    log_free(l);
    alliance_free(b);
}

/* ---- values of types that are not known ---- */

static json_t *content(struct bytes record, size_t *left)
{
    enum err e;
    json_t *o = content_json(record, left, &e);
    assert_int_equal(e, OK);
    return o;
}

static void so_many_values_are_taken_apart_and_the_rest_is_given_packed(void **state)
{
    (void)state;
    struct buf b = buf_on(1024);
    pack_array(&b, 3);                      /* 8 values: itself, the type, 1, the inner array, four in it */
    pack_str(&b, "strange");
    pack_uint(&b, 1);
    pack_array(&b, 4);
    pack_nil(&b);
    pack_bool(&b, true);
    pack_array(&b, 0);
    pack_str(&b, "x");
    size_t left = 20;
    for (size_t i = 0; i < 3; i++) {
        json_t *o = content(buf_bytes(&b), &left);
        const json_t *elements = json_object_get(o, "elements");
        assert_string_equal(json_string_value(json_object_get(o, "type")), "strange");
        assert_int_equal(elements != NULL, i < 2);
        assert_int_equal(json_object_get(o, "packed") != NULL, i == 2);
        if (i < 2)
            assert_int_equal(json_array_size(json_array_get(elements, 1)), 4);
        else
            assert_int_equal(strlen(json_string_value(json_object_get(o, "packed"))), 2 * b.len);
        json_decref(o);
    }
    assert_int_equal(left, 4);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_void_by_whichever_identity_says_so),
        cmocka_unit_test(evidence_holds_by_whichever_key_signed_it),
        cmocka_unit_test(only_states_that_are_asked_for_have_their_witnesses),
        cmocka_unit_test(a_witness_whose_root_was_replaced_counts_by_its_new_root_only),
        cmocka_unit_test(so_many_values_are_taken_apart_and_the_rest_is_given_packed),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, stop);
}
