/* Every bit of a file turned, and every byte of its end cut off: it fails, or nothing that it asserts has changed. */
#include "cli/audit/answer.h"
#include "tests/unit/bundled.h"
#include "tests/unit/one_key_each.h"

/* ---- a signature that was checked is not checked again: the answer follows from the bytes ---- */

enum { MEMO_SLOTS = 1 << 17 };
struct memo { struct hash of; uint8_t answer; bool is_known; };
static struct memo memo[MEMO_SLOTS];

enum err __real_sign_check(const struct sign_public *key, struct bytes text, const struct signature *sig);
enum err __wrap_sign_check(const struct sign_public *key, struct bytes text, const struct signature *sig);
bool __real_sign_public_is_good(const struct sign_public *key);
bool __wrap_sign_public_is_good(const struct sign_public *key);

static struct memo *recall(struct bytes one, struct bytes two)
{
    struct hash of = sha256_concat(one, two);
    size_t at = get_u32be(of.b) % MEMO_SLOTS;
    if (!memo[at].is_known || !hash_equal(&memo[at].of, &of))
        memo[at] = (struct memo){.of = of};
    return &memo[at];
}

enum err __wrap_sign_check(const struct sign_public *key, struct bytes text, const struct signature *sig)
{
    uint8_t head[1 + 32 + SIG_LEN] = {1};
    memcpy(head + 1, key->b, 32);
    memcpy(head + 33, sig->b, SIG_LEN);
    struct memo *m = recall((struct bytes){head, sizeof(head)}, text);
    if (!m->is_known) {
        m->answer = __real_sign_check(key, text, sig) == OK;
        m->is_known = true;
    }
    return m->answer ? OK : ERR_SIGNATURE;
}

bool __wrap_sign_public_is_good(const struct sign_public *key)
{
    struct memo *m = recall((struct bytes){key->b, sizeof(key->b)}, bytes_of("good"));
    if (!m->is_known) {
        m->answer = __real_sign_public_is_good(key);
        m->is_known = true;
    }
    return m->answer;
}

static struct alliance *a;
static struct made_log *l;                      /* of member 1: identity, epoch, a sealed record, a public one, a withdrawal */
static struct handed *x;

static int start(void **state)
{
    (void)state;
    a = alliance_new(2, 0);
    l = log_begin(a, 1);
    (void)say_sealed(l, 418);
    (void)say_figure(l, 77);
    x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, l->n, 2, SEEN_S);
    for (uint64_t i = 0; i < 4; i++)
        (void)hand_entry(x, at, l, i);
    (void)say_withdrawal(l, 3, false);
    hand_state(x, at, l, l->n, 2, SEEN_S + 60);
    (void)hand_entry(x, at, l, 4);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    hand_free(x);
    log_free(l);
    alliance_free(a);
    return 0;
}

static const struct hash *pin(void)
{
    return &a->hashes[1];
}

/* All that is told, as text; NULL when it fails. */
static char *told(const struct judgement *j)
{
    json_t *doc = json_object();
    audit_json(j, doc);
    char *text = j->is_ok ? json_dumps(doc, JSON_COMPACT) : NULL;
    json_decref(doc);
    return text;
}

static char *judge_bytes(struct bytes in)
{
    struct disclosure d;
    if (disclosure_read(in, &d) != OK)
        return NULL;
    struct judgement *j = judgement_new(AUDIT_DISCLOSURE, pin(), NULL);
    assert_non_null(j);
    OKAY(judge_disclosure(j, &d));
    char *text = told(j);
    judgement_free(j);
    disclosure_release(&d);
    return text;
}

static void every_bit_of_a_disclosure(void **state)
{
    (void)state;
    struct buf b = buf_on(DISCLOSURE_MAX);
    size_t failed = 0, same = 0;
    disclosure_write(&x->d, &b);
    OKAY(buf_status(&b));
    char *want = judge_bytes(buf_bytes(&b));
    assert_non_null(want);
    for (size_t bit = 0; bit < 8 * b.len; bit++) {
        b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
        char *got = judge_bytes(buf_bytes(&b));
        if (got != NULL && strcmp(got, want) != 0)
            fail_msg("bit %zu of byte %zu: %s, not %s", bit % 8, bit / 8, got, want);
        *(got == NULL ? &failed : &same) += 1;
        free(got);
        b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    print_message("# %zu bytes: %zu bits fail, %zu change nothing\n", b.len, failed, same);
    assert_true(failed > 8 * b.len * 9 / 10);
    for (size_t n = 0; n < b.len; n++)
        assert_null(judge_bytes((struct bytes){b.p, n}));
    free(want);
    buf_release(&b);
}

static void every_bit_of_a_sealed_one(void **state)
{
    (void)state;
    struct dh_secret ours = {{7}};
    struct dh_public to = dh_public_of(&ours);
    struct buf b = buf_on(DISCLOSURE_MAX), sealed = buf_on(DISCLOSURE_MAX), opened = {0};
    disclosure_write(&x->d, &b);
    OKAY(disclosure_seal(&to, buf_bytes(&b), &sealed));
    OKAY(disclosure_unseal(buf_bytes(&sealed), &ours, &opened));
    assert_true(bytes_equal(buf_bytes(&opened), buf_bytes(&b)));
    buf_wipe(&opened);
    for (size_t bit = 0; bit < 8 * sealed.len; bit++) {
        sealed.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(disclosure_unseal(buf_bytes(&sealed), &ours, &opened), OK);
        sealed.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t n = 0; n < sealed.len; n++)
        assert_int_not_equal(disclosure_unseal((struct bytes){sealed.p, n}, &ours, &opened), OK);
    ours.b[0] ^= 8;
    assert_int_equal(disclosure_unseal(buf_bytes(&sealed), &ours, &opened), ERR_DECRYPT);
    buf_release(&b);
    buf_release(&sealed);
}

/* ---- a proof: other people's format lets lines of unknown keys stand, so a witness can be lost, and none won ---- */

static struct policy *policy_of_all(void)
{
    struct policy *p = policy_new();
    struct note_key witnesses[2], log = checkpoint_log_key(&l->origin, &a->people[1].id.log);
    assert_non_null(p);
    for (size_t i = 0; i < 2; i++) {
        struct origin o = {.alliance = a->id, .slug = a->people[i].id.slug, .generation = 1};
        witnesses[i] = checkpoint_witness_key(&o, &a->people[i].id.witness);
    }
    OKAY(policy_of_each(&log, witnesses, 2, 1, p));
    return p;
}

/* 0: it fails; else 1 and so many witnesses. */
static size_t judge_proof_bytes(struct bytes in, const struct policy *p)
{
    struct tlog_proof *t = calloc(1, sizeof(*t));
    size_t n = 0;
    if (tlog_proof_read(in, t) == OK) {
        struct judgement *j = judgement_new(AUDIT_PROOF, NULL, p);
        OKAY(judge_proof(j, t));
        if (j->is_ok) {
            char text[JUDGED_TEXT_MAX];
            judged_text(j, &j->records[0], text);
            assert_string_equal(text, "barset-1/2");
            assert_int_equal(j->records[0].header.time_ms, SAID_MS + 2000);
            assert_verdict(j, 0, VERDICT_WITHHELD);
            n = 1 + j->records[0].witnessed->n;
        }
        judgement_free(j);
    }
    free(t);
    return n;
}

static void every_bit_of_a_proof(void **state)
{
    (void)state;
    struct policy *p = policy_of_all();
    struct tlog_proof *t = calloc(1, sizeof(*t));
    struct buf b = buf_on(TLOG_PROOF_MAX);
    const struct disclosed_entry *y = &x->entries[0][2];
    size_t lost = 0;
    t->idx = 2;
    t->note = x->checkpoints[0][0].note;
    t->extra_len = y->header.len;
    memcpy(t->extra, y->header.p, y->header.len);
    OKAY(disclosure_path(y->path, &t->proof));
    tlog_proof_write(t, &b);
    OKAY(buf_status(&b));
    assert_int_equal(judge_proof_bytes(buf_bytes(&b), p), 3);
    for (size_t bit = 0; bit < 8 * b.len; bit++) {
        b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
        size_t n = judge_proof_bytes(buf_bytes(&b), p);
        assert_true(n <= 3);
        lost += n == 2;
        b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(lost > 0);
    for (size_t n = 0; n < b.len; n++)
        assert_true(judge_proof_bytes((struct bytes){b.p, n}, p) < 3);
    for (int is_pinned = 0; is_pinned < 2; is_pinned++) {       /* it has no charter that a pin could name */
        struct judgement *j = judgement_new(AUDIT_PROOF, is_pinned ? pin() : NULL, NULL);
        OKAY(judge_proof(j, t));
        assert_false(j->is_ok);
        assert_verdict(j, 0, VERDICT_UNPINNED);
        assert_true(has_problem(j, "a proof carries no charter"));
        judgement_free(j);
    }
    free(t);
    policy_free(p);
    buf_release(&b);
}

/* ---- whole logs ---- */

static struct buf bundle_of(void)
{
    struct buf b = buf_on(1 << 20);
    const struct made_log *logs[] = {l};
    bundle_charters(a, &b);
    bundle_have(logs, 1, &b);
    bundle_span(l, 0, 3, true, NO_HOLE, 0, &b);
    bundle_cosigs(l, 3, 2, &b);
    bundle_span(l, 3, l->n, true, NO_HOLE, 0, &b);
    bundle_cosigs(l, l->n, 2, &b);
    OKAY(buf_status(&b));
    return b;
}

/* A cosignature that cannot be checked is not counted, and it is said: so one can be lost, and none won. */
static void bits_of_whole_logs(void **state)
{
    (void)state;
    struct buf b = bundle_of();
    struct judgement *want = bundle_judge(buf_bytes(&b), pin(), NULL), *j;
    for (size_t bit = 0; bit < 8 * b.len; bit += 11) {  /* a sample of them: each is several logs recomputed */
        b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
        j = bundle_judge(buf_bytes(&b), pin(), NULL);
        if (j->is_ok) {
            assert_int_equal(j->n_records, want->n_records);
            assert_int_equal(j->logs[0].entries, want->logs[0].entries);
            for (size_t i = 0; i < j->n_records; i++) {
                assert_int_equal(j->records[i].verdict, want->records[i].verdict);
                assert_int_equal(j->records[i].header.time_ms, want->records[i].header.time_ms);
                assert_true((j->records[i].content == NULL) == (want->records[i].content == NULL));
                if (j->records[i].content != NULL)
                    assert_true(json_equal(j->records[i].content, want->records[i].content));
                assert_true(j->records[i].witnessed->n <= want->records[i].witnessed->n);
            }
        }
        judgement_free(j);
        b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t n = 0; n < b.len; n += 7) {     /* the last cosignatures are all that can be lost unseen */
        j = bundle_judge((struct bytes){b.p, n}, pin(), NULL);
        assert_true(!j->is_ok || j->logs[0].entries == l->n);
        judgement_free(j);
    }
    judgement_free(want);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bit_of_a_disclosure),
        cmocka_unit_test(every_bit_of_a_sealed_one),
        cmocka_unit_test(every_bit_of_a_proof),
        cmocka_unit_test(bits_of_whole_logs),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, stop);
}
