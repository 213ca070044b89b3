/* What an auditor is told of files made in good and in bad faith. */
#include "tests/unit/handed.h"
#include "tests/unit/one_key_each.h"

#define N 4                                     /* members; 3 of them are a quorum */

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

static const struct hash *pin(void)
{
    return &a->hashes[1];
}

/* A log of member 1 with one sealed record at 2 and a public one at 3, all of it witnessed by `n_witnesses`. */
static struct handed *plain_case(struct made_log **ret_log, size_t n_witnesses)
{
    struct made_log *l = *ret_log = log_begin(a, 1);
    (void)say_sealed(l, 418);
    (void)say_figure(l, 77);
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, l->n, n_witnesses, SEEN_S);
    for (uint64_t i = 0; i < l->n; i++)
        (void)hand_entry(x, at, l, i);
    return x;
}

static void what_was_said_is_valid(void **state)
{
    (void)state;
    struct made_log *l;
    struct handed *x = plain_case(&l, 3);
    const struct judgement *j = hand_judge(x, pin(), NULL);
    print_problems(j);
    assert_true(j->is_ok && j->is_consistent);
    assert_int_equal(j->trust.kind, TRUST_CHARTER);
    assert_int_equal(j->problems.n, 0);
    assert_int_equal(j->n_records, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct judged *r = &j->records[i];
        assert_verdict(j, i, VERDICT_VALID);
        assert_int_equal(r->charter_version, 2);
        assert_int_equal(r->identity_version, 1);
        assert_true(r->witnessed->has_quorum);
        assert_int_equal(r->witnessed->n, 3);
        assert_int_equal(r->witnessed->by_s, SEEN_S + 2);       /* when the third of three had */
        assert_int_equal(json_integer_value(json_object_get(r->content, "numerator")), i == 0 ? 418 : 77);
    }
    assert_non_null(j->records[0].epoch);
    assert_memory_equal(j->records[0].epoch->charter.b, a->hashes[1].b, HASH_LEN);
    hand_free(x);
    log_free(l);
}

static void any_charter_of_the_line_will_do_as_a_pin(void **state)
{
    (void)state;
    struct made_log *l;
    struct handed *x = plain_case(&l, 3);
    assert_true(hand_judge(x, &a->hashes[0], NULL)->is_ok);     /* forwards ... */
    x->d.n_charters = 1;                        /* ... and not beyond what the file has */
    const struct judgement *j = hand_judge(x, pin(), NULL);
    assert_false(j->is_ok);
    assert_int_equal(j->trust.kind, TRUST_NONE);
    hand_free(x);
    log_free(l);
}

/* Two charters that follow one: both are lawful and signed, and one stands. */
static void a_charter_beside_the_line_is_refused(void **state)
{
    (void)state;
    struct alliance *b = alliance_new(N, 0);
    struct made_log *l = log_begin(b, 1);
    (void)say_sealed(l, 418);
    buf_release(&b->charters[--b->n_charters]);
    b->charter->round = 1;                      /* it stands now */
    charter_next(b);
    struct handed *x = hand_begin(b);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, l->n, 3, SEEN_S);
    for (uint64_t i = 0; i < l->n; i++)
        (void)hand_entry(x, at, l, i);
    assert_int_equal(hand_judge(x, &b->hashes[1], NULL)->trust.kind, TRUST_CHARTER);
    x->charters[x->d.n_charters++] = buf_bytes(&a->charters[1]);        /* the other one, of the same version */
    const struct judgement *j = hand_judge(x, &b->hashes[1], NULL);
    assert_false(j->is_ok);
    assert_true(has_problem(j, "not one line from version 1 on"));
    x->d.n_charters = 2;
    x->charters[1] = buf_bytes(&b->charters[1]);
    x->charters[0] = buf_bytes(&b->charters[1]);
    x->charters[1] = buf_bytes(&b->charters[0]);        /* nor in another order */
    j = hand_judge(x, &b->hashes[1], NULL);
    assert_false(j->is_ok);
    hand_free(x);
    log_free(l);
    alliance_free(b);
}

static void without_a_pin_nothing_is_trusted(void **state)
{
    (void)state;
    struct made_log *l;
    struct handed *x = plain_case(&l, 4);
    struct hash other = {{1}};
    for (int with_other = 0; with_other < 2; with_other++) {
        const struct judgement *j = hand_judge(x, with_other ? &other : NULL, NULL);
        assert_false(j->is_ok);
        assert_int_equal(j->trust.kind, TRUST_NONE);
        for (size_t i = 0; i < j->n_records; i++) {
            assert_verdict(j, i, VERDICT_UNPINNED);
            assert_null(j->records[i].witnessed);
            assert_int_equal(j->records[i].charter_version, 0);
        }
        assert_true(has_problem(j, with_other ? "none of the file's is 0100" : "nothing is trusted"));
    }
    hand_free(x);
    log_free(l);
}

/* Nineteen members of the same names, all of them the forger's, who witness each other. */
static void a_forged_alliance_of_19_passes_nothing(void **state)
{
    (void)state;
    struct alliance *real = alliance_new(19, 0), *forged = alliance_new(19, 1);
    struct made_log *l = log_begin(forged, 1);
    (void)say_sealed(l, 418);
    struct handed *x = hand_begin(forged);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, l->n, 19, SEEN_S);
    for (uint64_t i = 0; i < l->n; i++)
        (void)hand_entry(x, at, l, i);
    assert_true(hand_judge(x, &forged->hashes[1], NULL)->is_ok);        /* its own friends believe it */
    const struct judgement *j = hand_judge(x, &real->hashes[1], NULL);
    assert_false(j->is_ok);
    assert_int_equal(j->trust.kind, TRUST_NONE);
    assert_verdict(j, 0, VERDICT_UNPINNED);
    j = hand_judge(x, NULL, NULL);
    assert_false(j->is_ok);
    assert_verdict(j, 0, VERDICT_UNPINNED);
    /* and with the real charters before its own, its identities are nobody's */
    for (size_t i = 0; i < 2; i++)
        x->charters[i] = buf_bytes(&real->charters[i]);
    j = hand_judge(x, &real->hashes[1], NULL);
    assert_false(j->is_ok);
    assert_verdict(j, 0, VERDICT_INVALID);
    hand_free(x);
    log_free(l);
    alliance_free(real);
    alliance_free(forged);
}

static void too_few_witnesses_are_not_enough(void **state)
{
    (void)state;
    for (size_t n = 0; n <= N; n++) {
        struct made_log *l;
        struct handed *x = plain_case(&l, n);
        const struct judgement *j = hand_judge(x, pin(), NULL);
        assert_int_equal(j->is_ok, n >= 3);
        assert_verdict(j, 0, VERDICT_VALID);    /* it is by its author's key: that much is so */
        assert_int_equal(j->records[0].witnessed->has_quorum, n >= 3);
        assert_int_equal(j->records[0].witnessed->n, n);
        if (n < 3)
            assert_true(has_problem(j, "too few witnesses"));
        j = hand_judge(x, &a->hashes[0], NULL); /* its only witness says nothing of who was no member then */
        assert_int_equal(j->is_ok, n >= 3);
        hand_free(x);
        log_free(l);
    }
}

/* Two checkpoints: what was witnessed first says when, and the later one's witnesses count for both. */
static void the_first_quorum_says_not_later_than(void **state)
{
    (void)state;
    struct made_log *l = log_begin(a, 1);
    (void)say_sealed(l, 418);
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, 3, 2, SEEN_S);         /* two so far */
    for (uint64_t i = 0; i < 3; i++)
        (void)hand_entry(x, at, l, i);
    (void)say_sealed(l, 419);
    hand_state(x, at, l, 4, 3, SEEN_S + 1000);  /* the third came later, to all of it */
    (void)hand_entry(x, at, l, 3);
    const struct judgement *j = hand_judge(x, pin(), NULL);
    print_problems(j);
    assert_true(j->is_ok);
    assert_int_equal(j->records[0].witnessed->by_s, SEEN_S + 1002);
    assert_int_equal(j->records[0].witnessed->n, 3);
    assert_int_equal(j->records[1].witnessed->by_s, SEEN_S + 1002);
    hand_free(x);
    log_free(l);
}

static void checkpoints_that_do_not_lead_to_each_other_are_two_stories(void **state)
{
    (void)state;
    struct made_log *l = log_begin(a, 1), *other = log_begin(a, 1);
    (void)say_sealed(l, 418);
    (void)say_sealed(other, 600);
    (void)say_sealed(other, 601);
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, 3, 2, SEEN_S);
    for (uint64_t i = 0; i < 3; i++)
        (void)hand_entry(x, at, l, i);
    x->logs[at].n_checkpoints = 0;              /* as if nothing went before */
    hand_state(x, at, other, 4, 3, SEEN_S);
    x->checkpoints[at][1] = x->checkpoints[at][0];
    x->logs[at].n_checkpoints = 0;
    hand_state(x, at, l, 3, 2, SEEN_S);
    x->logs[at].n_checkpoints = 2;
    const struct judgement *j = hand_judge(x, pin(), NULL);
    assert_false(j->is_ok || j->is_consistent);
    assert_true(has_problem(j, "does not lead to"));
    assert_verdict(j, 0, VERDICT_INVALID);      /* which story it is of, nobody can say */
    assert_int_equal(j->logs[0].heads[0].witnessed.n, 2);       /* those of the other story say nothing of this one */
    assert_false(j->logs[0].heads[0].witnessed.has_quorum);
    hand_free(x);
    log_free(l);
    log_free(other);
}

/* A thief's entry, proven in a tree of his own, beside a checkpoint that all have witnessed. */
static void a_story_that_does_not_lead_on_borrows_no_witness(void **state)
{
    (void)state;
    struct made_log *l = log_begin(a, 1), *thief = log_begin(a, 1);
    for (int64_t i = 0; i < 4; i++) {
        (void)say_sealed(l, 100 + i);
        (void)say_sealed(thief, 900 + i);
    }
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, 4, N, SEEN_S);
    for (uint64_t i = 0; i < 2; i++)
        (void)hand_entry(x, at, l, i);
    hand_state(x, at, l, 6, 0, SEEN_S);
    x->logs[at].n_checkpoints = 1;
    struct disclosed_checkpoint first = x->checkpoints[at][0];
    struct bytes path = x->checkpoints[at][1].path;
    x->logs[at].n_checkpoints = 0;
    hand_state(x, at, thief, 6, 0, SEEN_S);
    (void)hand_entry(x, at, thief, 2);          /* under the thief's root, at a place that the first one covers */
    x->checkpoints[at][1] = x->checkpoints[at][0];
    x->checkpoints[at][1].path = path;
    x->checkpoints[at][0] = first;
    x->entries[at][2].checkpoint = 1;
    x->logs[at].n_checkpoints = 2;
    const struct judgement *j = hand_judge(x, pin(), NULL);
    assert_false(j->is_ok || j->is_consistent);
    assert_verdict(j, 0, VERDICT_INVALID);
    hand_free(x);
    log_free(l);
    log_free(thief);
}

/* ---- theft ---- */

static struct identity next_identity(const struct identity *before, uint8_t what)
{
    struct identity id = *before;
    struct sym_secret s = seed_of(0, 99, what);
    struct sign_secret unused;
    id.version = before->version + 1;
    id.previous = text_hash_of(before);
    sign_keypair(&s, &unused, &id.log);
    return id;
}

static struct sign_secret next_secret(uint8_t what)
{
    struct sym_secret s = seed_of(0, 99, what);
    struct sign_secret secret;
    struct sign_public unused;
    sign_keypair(&s, &secret, &unused);
    return secret;
}

/* A thief has the log key, and says today that it was said a year ago. */
static void a_backdated_entry_is_no_older_than_its_witnesses(void **state)
{
    (void)state;
    struct made_log *l = log_begin(a, 1);
    l->now_ms = SAID_MS - UINT64_C(365) * 24 * 3600 * 1000;
    (void)say_sealed(l, 999);
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, 3, 3, SEEN_S);
    for (uint64_t i = 0; i < 3; i++)
        (void)hand_entry(x, at, l, i);
    const struct judgement *j = hand_judge(x, pin(), NULL);
    assert_int_equal(j->records[0].witnessed->by_s, SEEN_S + 2);
    assert_true(has_problem(j, "nobody saw it before 2023-11-14"));
    assert_true(has_problem(j, "before the key that it is sealed with was made"));
    hand_free(x);
    log_free(l);
}

static void what_is_said_to_be_later_than_it_was_seen_is_refused(void **state)
{
    (void)state;
    struct made_log *l = log_begin(a, 1);
    l->now_ms = SAID_MS + UINT64_C(24) * 3600 * 1000;
    (void)say_sealed(l, 999);
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, 3, 3, SEEN_S);
    for (uint64_t i = 0; i < 3; i++)
        (void)hand_entry(x, at, l, i);
    const struct judgement *j = hand_judge(x, pin(), NULL);
    assert_false(j->is_ok);
    assert_true(has_problem(j, "was witnessed before"));
    hand_free(x);
    log_free(l);
}

/* A thief has the log key, and makes up the witnesses: identities of their names, under roots of his own. */
static void witnesses_are_those_whose_roots_the_charter_names(void **state)
{
    (void)state;
    struct alliance *forged = alliance_new(N, 1);
    struct made_log *l = log_begin(a, 1);
    (void)say_sealed(l, 999);
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    struct alliance of = *a;
    of.people = forged->people;
    x->of = &of;                                /* who cosigns */
    hand_state(x, at, l, 3, N, SEEN_S);
    for (size_t i = 0; i < N; i++)
        x->identities[i] = buf_bytes(&forged->people[i].note);
    for (uint64_t i = 0; i < 3; i++)
        (void)hand_entry(x, at, l, i);
    const struct judgement *j = hand_judge(x, pin(), NULL);
    assert_false(j->is_ok);
    assert_true(has_problem(j, "identity of barset-0: it is not signed by the root key that the charter names"));
    assert_int_equal(j->records[0].witnessed->n, 0);
    assert_false(j->records[0].witnessed->has_quorum);
    hand_free(x);
    log_free(l);
    alliance_free(forged);
}

/* The author has a new log key since entry 2; a thief goes on with the old one, and keeps the new identity back. */
static void an_old_identity_replayed_has_no_quorum(void **state)
{
    (void)state;
    struct made_log *l = log_begin(a, 1);
    (void)say_sealed(l, 999);
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, 3, 0, SEEN_S);         /* no honest witness holds this branch */
    for (uint64_t i = 0; i < 3; i++)
        (void)hand_entry(x, at, l, i);
    const struct judgement *j = hand_judge(x, pin(), NULL);
    assert_false(j->is_ok);
    assert_false(j->records[0].witnessed->has_quorum);
    assert_int_equal(j->records[0].witnessed->by_s, 0);
    hand_free(x);
    log_free(l);
}

static void a_checkpoint_is_signed_by_the_key_in_force_at_its_size(void **state)
{
    (void)state;
    for (int is_retired = 0; is_retired < 2; is_retired++) {
        struct made_log *l = log_begin(a, 1);
        (void)say_sealed(l, 418);
        struct identity second = next_identity(&a->people[1].id, 1);
        (void)say_identity(l, &second, &a->people[1].root);
        (void)say_sealed(l, 419);
        if (!is_retired)
            l->log = next_secret(1);
        struct handed *x = hand_begin(a);
        size_t at = hand_log(x, l);
        hand_state(x, at, l, l->n, 3, SEEN_S);
        for (uint64_t i = 0; i < l->n; i++)
            (void)hand_entry(x, at, l, i);
        const struct judgement *j = hand_judge(x, pin(), NULL);
        assert_int_equal(j->is_ok, !is_retired);
        for (size_t i = 0; i < 2; i++)
            assert_verdict(j, i, is_retired ? VERDICT_INVALID : VERDICT_VALID);
        if (!is_retired) {
            assert_int_equal(j->records[0].identity_version, 1);
            assert_int_equal(j->records[1].identity_version, 2);
        } else {
            assert_true(has_problem(j, "not signed by the log key that was in force"));
        }
        hand_free(x);
        log_free(l);
    }
}

static void identities_follow_each_other_from_entry_0(void **state)
{
    (void)state;
    for (int wrong = 0; wrong < 5; wrong++) {
        struct made_log *l = log_begin(a, 1);
        (void)say_sealed(l, 418);
        struct identity second = next_identity(&a->people[1].id, 1);
        const struct sign_secret *root = &a->people[1].root;
        if (wrong == 1)
            second.version = 3;
        if (wrong == 2)
            second.previous.b[0] ^= 1;
        if (wrong == 3) {
            second.root = a->people[2].id.root;     /* another member's root */
            root = &a->people[2].root;
        }
        (void)say_identity(l, &second, root);
        l->log = next_secret(1);
        struct handed *x = hand_begin(a);
        size_t at = hand_log(x, l);
        hand_state(x, at, l, l->n, 3, SEEN_S);
        for (uint64_t i = wrong == 4 ? 1 : 0; i < l->n; i++)        /* 4: entry 0 is kept back */
            (void)hand_entry(x, at, l, i);
        const struct judgement *j = hand_judge(x, pin(), NULL);
        assert_int_equal(j->is_ok, wrong == 0);
        assert_verdict(j, 0, wrong == 0 ? VERDICT_VALID : VERDICT_INVALID);
        hand_free(x);
        log_free(l);
    }
}

/* Entry 0 closes the generation before exactly where there is one. */
static void a_generation_begins_by_closing_the_one_before(void **state)
{
    (void)state;
    for (unsigned wrong = 0; wrong < 4; wrong++) {
        struct made_log *l = log_begin(a, 1);
        struct identity id = next_identity(&a->people[1].id, 1);
        for (size_t i = 0; i < 2; i++) {
            buf_release(&l->header[i]);
            buf_release(&l->payload[i]);
        }
        l->n = 0;
        l->origin.generation = wrong == 3 ? 1 : 2;
        l->log = next_secret(1);
        id.has_closes = wrong != 1;
        id.closes_size = id.has_closes ? 3 : 0;
        if (wrong == 2) {
            id = a->people[1].id;               /* version 1, of which there is only one */
            id.has_closes = true;
            id.closes_size = 3;
            l->log = a->people[1].log;
        }
        (void)say_identity(l, &id, &a->people[1].root);
        (void)say_figure(l, 5);
        struct handed *x = hand_begin(a);
        size_t at = hand_log(x, l);
        hand_state(x, at, l, l->n, 3, SEEN_S);
        for (uint64_t i = 0; i < l->n; i++)
            (void)hand_entry(x, at, l, i);
        const struct judgement *j = hand_judge(x, pin(), NULL);
        assert_verdict(j, 0, wrong == 0 ? VERDICT_VALID : VERDICT_INVALID);
        assert_int_equal(j->is_ok, wrong == 0);
        hand_free(x);
        log_free(l);
    }
}

static void a_log_begins_with_its_identity(void **state)
{
    (void)state;
    struct made_log *l = log_begin(a, 1);
    for (size_t i = 0; i < 2; i++) {
        buf_release(&l->header[i]);
        buf_release(&l->payload[i]);
    }
    l->n = 0;
    (void)say_figure(l, 1);                     /* 0 */
    (void)say_identity(l, &a->people[1].id, &a->people[1].root);
    (void)say_figure(l, 2);
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, l->n, 3, SEEN_S);
    for (uint64_t i = 0; i < l->n; i++)
        (void)hand_entry(x, at, l, i);
    const struct judgement *j = hand_judge(x, pin(), NULL);
    assert_false(j->is_ok);
    assert_verdict(j, 0, VERDICT_INVALID);
    assert_verdict(j, 1, VERDICT_INVALID);
    assert_true(has_problem(j, "the log's first identity is not in the file"));
    hand_free(x);
    log_free(l);
}

static void what_its_author_disowns_is_void(void **state)
{
    (void)state;
    struct made_log *l = log_begin(a, 1);
    (void)say_sealed(l, 418);                   /* 2: its own */
    (void)say_sealed(l, 999);                   /* 3: a thief's */
    (void)say_withdrawal(l, 2, true);           /* 4: a thief's */
    struct identity second = next_identity(&a->people[1].id, 1);
    second.has_void = true;
    second.void_from = 3;
    (void)say_identity(l, &second, &a->people[1].root);
    (void)say_sealed(l, 419);                   /* 6: its own again */
    l->log = next_secret(1);
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, l->n, 3, SEEN_S);
    for (uint64_t i = 0; i < l->n; i++)
        (void)hand_entry(x, at, l, i);
    const struct judgement *j = hand_judge(x, pin(), NULL);
    assert_false(j->is_ok);
    assert_verdict(j, 0, VERDICT_VALID);
    assert_null(j->records[0].withdrawn);       /* a thief's withdrawal takes nothing away */
    assert_verdict(j, 1, VERDICT_VOID);
    assert_verdict(j, 2, VERDICT_VALID);
    hand_free(x);
    log_free(l);
}

/* ---- what is gone ---- */

static void erased_withheld_and_withdrawn_are_told_apart(void **state)
{
    (void)state;
    struct made_log *l = log_begin(a, 1);
    (void)say_sealed(l, 1);                     /* 2: erased */
    (void)say_sealed(l, 2);                     /* 3: withdrawn, and still shown */
    (void)say_sealed(l, 3);                     /* 4: without content, and nothing says why */
    (void)say_sealed(l, 4);                     /* 5: without its key */
    (void)say_withdrawal(l, 2, true);
    (void)say_withdrawal(l, 3, false);
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, l->n, 3, SEEN_S);
    for (uint64_t i = 0; i < l->n; i++) {
        struct disclosed_entry *y = hand_entry(x, at, l, i);
        y->has_payload = i != 2 && i != 4;
        y->has_key = y->has_key && y->has_payload && i != 5;
    }
    const struct judgement *j = hand_judge(x, pin(), NULL);
    print_problems(j);
    assert_true(j->is_ok);                      /* nothing that it says is untrue */
    assert_verdict(j, 0, VERDICT_ERASED);
    assert_verdict(j, 1, VERDICT_VALID);
    assert_non_null(j->records[1].withdrawn);
    assert_true(has_problem(j, "withdrew it later (mistake)"));
    assert_verdict(j, 2, VERDICT_WITHHELD);
    assert_verdict(j, 3, VERDICT_WITHHELD);
    assert_null(j->records[3].content);
    x->entries[at][6].has_payload = false;      /* a withdrawal that is kept back excuses nothing */
    j = hand_judge(x, pin(), NULL);
    assert_false(j->is_ok);
    assert_verdict(j, 0, VERDICT_WITHHELD);
    hand_free(x);
    log_free(l);
}

static void a_withdrawal_speaks_of_what_was_before(void **state)
{
    (void)state;
    struct made_log *l = log_begin(a, 1);
    (void)say_withdrawal(l, 3, true);           /* 2 */
    (void)say_sealed(l, 418);                   /* 3 */
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, l->n, 3, SEEN_S);
    for (uint64_t i = 0; i < l->n; i++) {
        struct disclosed_entry *y = hand_entry(x, at, l, i);
        y->has_payload = i != 3;
        y->has_key = false;
    }
    const struct judgement *j = hand_judge(x, pin(), NULL);
    assert_verdict(j, 0, VERDICT_WITHHELD);
    assert_null(j->records[0].withdrawn);
    hand_free(x);
    log_free(l);
}

/* An author whose ciphertext opens under two keys could show two plaintexts: the commitment names one. */
static void another_key_is_refused_before_it_opens_anything(void **state)
{
    (void)state;
    struct made_log *l;
    struct handed *x = plain_case(&l, 3);
    x->entries[0][2].key.b[0] ^= 1;
    const struct judgement *j = hand_judge(x, pin(), NULL);
    assert_false(j->is_ok);
    assert_verdict(j, 0, VERDICT_INVALID);
    assert_true(has_problem(j, "not the one that its author committed to"));
    assert_null(j->records[0].content);
    assert_verdict(j, 1, VERDICT_VALID);        /* each on its own */
    hand_free(x);
    log_free(l);
}

static void keys_stand_with_records_only(void **state)
{
    (void)state;
    struct made_log *l;
    struct handed *x = plain_case(&l, 3);
    x->entries[0][1].has_key = true;            /* of an epoch: that would open everything */
    assert_false(hand_judge(x, pin(), NULL)->is_ok);
    assert_true(has_problem(x->j, "it is no record"));
    x->entries[0][1].has_key = false;
    x->entries[0][3].has_key = true;            /* of a public record */
    assert_false(hand_judge(x, pin(), NULL)->is_ok);
    assert_true(has_problem(x->j, "a key is with it that opens nothing"));
    x->entries[0][3].has_key = false;
    x->entries[0][2].has_payload = false;       /* of nothing */
    assert_false(hand_judge(x, pin(), NULL)->is_ok);
    assert_true(has_problem(x->j, "nothing that it could open"));
    hand_free(x);
    log_free(l);
}

static void every_problem_is_listed_at_once(void **state)
{
    (void)state;
    struct made_log *l;
    struct handed *x = plain_case(&l, 2);
    static uint8_t other[64];
    x->entries[0][2].key.b[5] ^= 1;
    memset(other, 3, sizeof(other));
    x->entries[0][3].path = (struct bytes){other, sizeof(other)};
    const struct judgement *j = hand_judge(x, pin(), NULL);
    assert_true(has_problem(j, "committed to"));
    assert_true(has_problem(j, "not proven to stand there"));
    assert_verdict(j, 0, VERDICT_INVALID);
    assert_verdict(j, 1, VERDICT_INVALID);
    hand_free(x);
    log_free(l);
}

/* ---- the charter's word ---- */

static void beyond_a_closing_everything_is_void(void **state)
{
    (void)state;
    struct alliance *b = alliance_new(N, 0);
    struct made_log *l = log_begin(b, 3);
    (void)say_sealed(l, 418);
    (void)say_sealed(l, 999);
    struct checkpoint closing = head_at(l, 3);
    b->charter->members[3].is_former = true;
    b->charter->members[3].closed_size = 3;
    b->charter->members[3].closed_generation = 1;
    b->charter->members[3].closed_root = closing.root;
    charter_next(b);
    struct handed *x = hand_begin(b);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, 4, 3, SEEN_S);
    for (uint64_t i = 0; i < 4; i++)
        (void)hand_entry(x, at, l, i);
    const struct judgement *j = hand_judge(x, &b->hashes[2], NULL);
    assert_verdict(j, 0, VERDICT_VALID);
    assert_verdict(j, 1, VERDICT_VOID);
    assert_false(j->is_ok);
    hand_free(x);
    log_free(l);
    alliance_free(b);
}

/* The founder, or who stole its keys, is the first charter's only witness. */
static void a_founder_alone_is_no_quorum_of_an_alliance(void **state)
{
    (void)state;
    struct made_log *l = log_begin(a, 0);
    (void)say_sealed(l, 418);
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, 3, 1, SEEN_S);         /* by member 0 itself */
    for (uint64_t i = 0; i < 3; i++)
        (void)hand_entry(x, at, l, i);
    for (size_t v = 0; v < 2; v++) {
        const struct judgement *j = hand_judge(x, &a->hashes[v], NULL);
        assert_false(j->is_ok);
        assert_false(j->records[0].witnessed->has_quorum);
    }
    hand_free(x);
    log_free(l);
}

/* Witnesses change: the old ones tell the time, the new ones say that it is in the log that all see. */
static void an_older_charters_witnesses_tell_the_time_only(void **state)
{
    (void)state;
    struct alliance *b = alliance_new(N, 0);
    struct made_log *l = log_begin(b, 1);
    (void)say_sealed(l, 418);
    b->charter->n_witnesses = 1;
    b->charter->witnesses[0] = b->people[3].id.slug;
    charter_next(b);
    struct handed *x = hand_begin(b);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, 3, 3, SEEN_S);         /* by 0, 1 and 2 */
    for (uint64_t i = 0; i < 3; i++)
        (void)hand_entry(x, at, l, i);
    const struct judgement *j = hand_judge(x, &b->hashes[2], NULL);
    assert_false(j->records[0].witnessed->has_quorum);
    assert_int_equal(j->records[0].witnessed->by_s, 0);
    j = hand_judge(x, &b->hashes[1], NULL);     /* whoever trusts that charter has its quorum */
    assert_true(j->is_ok);
    assert_int_equal(j->records[0].witnessed->by_s, SEEN_S + 2);
    (void)say_sealed(l, 419);
    hand_state(x, at, l, 4, 4, SEEN_S + 100000);    /* by 3 too, later */
    j = hand_judge(x, &b->hashes[2], NULL);
    print_problems(j);
    assert_true(j->is_ok && j->records[0].witnessed->has_quorum);
    assert_int_equal(j->records[0].witnessed->by_s, SEEN_S + 2);
    assert_true(j->records[0].witnessed->is_older);
    assert_true(has_problem(j, "older than the one you trust"));
    hand_free(x);
    log_free(l);
    alliance_free(b);
}

static void a_line_that_nobody_known_signed_is_no_decoration(void **state)
{
    (void)state;
    struct made_log *l;
    struct handed *x = plain_case(&l, 4);
    x->d.n_identities = 3;                      /* the fourth witness's identity is kept back */
    const struct judgement *j = hand_judge(x, pin(), NULL);
    assert_false(j->is_ok);
    assert_true(has_problem(j, "nobody known here signed"));
    hand_free(x);
    log_free(l);
}

static void evidence_of_two_stories_is_told(void **state)
{
    (void)state;
    struct made_log *l, *other = log_begin(a, 1);
    struct handed *x = plain_case(&l, 3);
    (void)say_sealed(other, 600);
    (void)say_sealed(other, 601);
    struct checkpoint m = head_at(l, 4), n = head_at(other, 4);
    struct buf note_m = buf_on(CHECKPOINT_MAX), note_n = buf_on(CHECKPOINT_MAX), packed = buf_on(EVIDENCE_MAX);
    checkpoint_sign(&m, &l->log, &note_m);
    checkpoint_sign(&n, &l->log, &note_n);
    struct evidence *ev = calloc(1, sizeof(*ev));
    ev->log = (struct log_ref){l->origin.slug, 1};
    ev->note_m = buf_bytes(&note_m);
    ev->note_n = buf_bytes(&note_n);
    evidence_write(ev, &packed);
    x->logs[0].evidence = buf_bytes(&packed);
    const struct judgement *j = hand_judge(x, pin(), NULL);
    assert_true(j->logs[0].has_evidence);
    assert_true(has_problem(j, "its author signed two stories, of 4 and 4 entries"));
    packed.p[packed.len - 80] ^= 1;
    j = hand_judge(x, pin(), NULL);
    assert_false(j->is_ok || j->logs[0].has_evidence);
    assert_true(has_problem(j, "the evidence against it does not hold"));
    free(ev);
    buf_release(&note_m);
    buf_release(&note_n);
    buf_release(&packed);
    hand_free(x);
    log_free(l);
    log_free(other);
}

/* ---- a policy of the auditor's own ---- */

static void a_policy_is_trusted_instead(void **state)
{
    (void)state;
    struct made_log *l;
    struct handed *x = plain_case(&l, 3);
    struct policy *p = policy_new();
    struct note_key witnesses[N], log = checkpoint_log_key(&l->origin, &a->people[1].id.log);
    for (size_t i = 0; i < N; i++) {
        struct origin o = {.alliance = a->id, .slug = a->people[i].id.slug, .generation = 1};
        witnesses[i] = checkpoint_witness_key(&o, &a->people[i].id.witness);
    }
    assert_non_null(p);
    for (uint32_t quorum = 0; quorum <= 4; quorum++) {
        OKAY(policy_of_each(&log, witnesses, N, quorum, p));
        const struct judgement *j = hand_judge(x, NULL, p);
        assert_int_equal(j->trust.kind, TRUST_POLICY);
        assert_int_equal(j->is_ok, quorum <= 3);
        assert_verdict(j, 0, VERDICT_VALID);
        assert_int_equal(j->records[0].witnessed->has_quorum, quorum <= 3);
        assert_int_equal(j->records[0].witnessed->by_s, quorum == 0 || quorum > 3 ? 0 : SEEN_S + quorum - 1);
        assert_int_equal(j->records[0].charter_version, 0);
    }
    x->logs[0].entries++;                       /* the log's identity is kept back: what else it keeps back nobody knows */
    x->logs[0].n_entries--;
    const struct judgement *j = hand_judge(x, NULL, p);
    assert_false(j->is_ok);
    assert_verdict(j, 0, VERDICT_INVALID);
    x->logs[0].entries--;
    x->logs[0].n_entries++;
    log = checkpoint_log_key(&l->origin, &a->people[2].id.log);
    OKAY(policy_of_each(&log, witnesses, N, 0, p));
    j = hand_judge(x, NULL, p);
    assert_false(j->is_ok);
    assert_verdict(j, 0, VERDICT_INVALID);
    assert_true(has_problem(j, "not signed by a log of the policy"));
    policy_free(p);
    hand_free(x);
    log_free(l);
}

/* The log has another key since; the policy knows the new one, and what was signed by the old one leads to it. */
static void a_policy_of_the_newest_key_reaches_back(void **state)
{
    (void)state;
    struct made_log *l = log_begin(a, 1);
    struct policy *p = policy_new();
    struct note_key witnesses[N], log = {0};
    for (size_t i = 0; i < N; i++) {
        struct origin o = {.alliance = a->id, .slug = a->people[i].id.slug, .generation = 1};
        witnesses[i] = checkpoint_witness_key(&o, &a->people[i].id.witness);
    }
    (void)say_sealed(l, 418);
    struct handed *x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, 3, 3, SEEN_S);
    for (uint64_t i = 0; i < 3; i++)
        (void)hand_entry(x, at, l, i);
    struct identity second = next_identity(&a->people[1].id, 1);
    (void)say_identity(l, &second, &a->people[1].root);
    l->log = next_secret(1);
    hand_state(x, at, l, 4, 3, SEEN_S + 500);
    (void)hand_entry(x, at, l, 3);
    assert_true(hand_judge(x, pin(), NULL)->is_ok);
    log = checkpoint_log_key(&l->origin, &second.log);
    OKAY(policy_of_each(&log, witnesses, N, 3, p));
    const struct judgement *j = hand_judge(x, NULL, p);
    assert_true(j->is_ok);
    assert_verdict(j, 0, VERDICT_VALID);
    assert_int_equal(j->records[0].witnessed->by_s, SEEN_S + 502);      /* what it does not know it does not count */
    policy_free(p);
    hand_free(x);
    log_free(l);
}

/* Under a policy no charter is believed: one made up cannot call a record void. */
static void a_charter_of_nobody_closes_no_log_under_a_policy(void **state)
{
    (void)state;
    struct made_log *l;
    struct handed *x = plain_case(&l, 3);
    struct alliance *forged = alliance_new(N, 0);
    struct policy *p = policy_new();
    struct note_key witnesses[N], log = checkpoint_log_key(&l->origin, &a->people[1].id.log);
    for (size_t i = 0; i < N; i++) {
        struct origin o = {.alliance = a->id, .slug = a->people[i].id.slug, .generation = 1};
        witnesses[i] = checkpoint_witness_key(&o, &a->people[i].id.witness);
    }
    OKAY(policy_of_each(&log, witnesses, N, 3, p));
    forged->charter->members[1].is_former = true;
    forged->charter->members[1].closed_size = 1;
    forged->charter->members[1].closed_generation = 1;
    struct member gone = forged->charter->members[1];
    forged->charter->members[1] = forged->charter->members[3];
    forged->charter->members[3] = gone;
    charter_next(forged);
    x->charters[x->d.n_charters++] = buf_bytes(&forged->charters[2]);
    const struct judgement *j = hand_judge(x, &forged->hashes[2], NULL);
    assert_verdict(j, 0, VERDICT_VOID);         /* so it says */
    j = hand_judge(x, NULL, p);
    assert_verdict(j, 0, VERDICT_VALID);
    policy_free(p);
    alliance_free(forged);
    hand_free(x);
    log_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_said_is_valid),
        cmocka_unit_test(any_charter_of_the_line_will_do_as_a_pin),
        cmocka_unit_test(a_charter_beside_the_line_is_refused),
        cmocka_unit_test(without_a_pin_nothing_is_trusted),
        cmocka_unit_test(a_forged_alliance_of_19_passes_nothing),
        cmocka_unit_test(too_few_witnesses_are_not_enough),
        cmocka_unit_test(the_first_quorum_says_not_later_than),
        cmocka_unit_test(checkpoints_that_do_not_lead_to_each_other_are_two_stories),
        cmocka_unit_test(a_backdated_entry_is_no_older_than_its_witnesses),
        cmocka_unit_test(what_is_said_to_be_later_than_it_was_seen_is_refused),
        cmocka_unit_test(witnesses_are_those_whose_roots_the_charter_names),
        cmocka_unit_test(an_old_identity_replayed_has_no_quorum),
        cmocka_unit_test(a_checkpoint_is_signed_by_the_key_in_force_at_its_size),
        cmocka_unit_test(identities_follow_each_other_from_entry_0),
        cmocka_unit_test(a_generation_begins_by_closing_the_one_before),
        cmocka_unit_test(a_log_begins_with_its_identity),
        cmocka_unit_test(what_its_author_disowns_is_void),
        cmocka_unit_test(a_withdrawal_speaks_of_what_was_before),
        cmocka_unit_test(erased_withheld_and_withdrawn_are_told_apart),
        cmocka_unit_test(another_key_is_refused_before_it_opens_anything),
        cmocka_unit_test(keys_stand_with_records_only),
        cmocka_unit_test(every_problem_is_listed_at_once),
        cmocka_unit_test(beyond_a_closing_everything_is_void),
        cmocka_unit_test(a_founder_alone_is_no_quorum_of_an_alliance),
        cmocka_unit_test(an_older_charters_witnesses_tell_the_time_only),
        cmocka_unit_test(a_line_that_nobody_known_signed_is_no_decoration),
        cmocka_unit_test(evidence_of_two_stories_is_told),
        cmocka_unit_test(a_policy_is_trusted_instead),
        cmocka_unit_test(a_policy_of_the_newest_key_reaches_back),
        cmocka_unit_test(a_story_that_does_not_lead_on_borrows_no_witness),
        cmocka_unit_test(a_charter_of_nobody_closes_no_log_under_a_policy),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, stop);
}
