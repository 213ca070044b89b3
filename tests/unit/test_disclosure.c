#include "tests/unit/vectors.h"

#include <stdlib.h>

#include "cli/audit/judge.h"
#include "protocol/policy.h"
#include "tests/unit/one_key_each.h"

static json_t *v;

static int start(void **state)
{
    (void)state;
    v = vectors_load("tests/vectors/folkmoot/disclosure.json");
    return crypto_start() == OK ? 0 : 1;
}

static int stop(void **state)
{
    (void)state;
    json_decref(v);
    return 0;
}

static struct buf from_hex(const char *field)
{
    const char *hex = vector_text(v, field);
    struct buf b = buf_on(DISCLOSURE_MAX);
    size_t len = strlen(hex) / 2;
    uint8_t *p = buf_grow(&b, len);
    assert_non_null(p);
    assert_int_equal(hex_decode(bytes_of(hex), p, len), OK);
    return b;
}

static void assert_record(const struct judgement *j, size_t i, const json_t *want)
{
    char text[JUDGED_TEXT_MAX];
    const struct judged *r = &j->records[i];
    judged_text(j, r, text);
    assert_string_equal(text, vector_text(want, "record"));
    assert_string_equal(verdict_name(r->verdict), vector_text(want, "verdict"));
    assert_int_equal(r->header.time_ms, vector_u64(want, "said_at_ms"));
    assert_int_equal(r->witnessed->by_s, vector_u64(want, "witnessed_by_s"));
    assert_int_equal(r->identity_version, vector_u64(want, "identity_version"));
    const json_t *n = json_object_get(want, "numerator");
    if (json_is_null(n))
        assert_null(r->content);
    else
        assert_true(json_equal(json_object_get(r->content, "numerator"), n));
}

static void the_frozen_disclosure_is_judged_as_it_was_meant(void **state)
{
    (void)state;
    struct buf b = from_hex("disclosure"), again = buf_on(DISCLOSURE_MAX);
    struct disclosure d;
    const json_t *records = json_object_get(v, "records");
    struct hash pin = hash_of_hex(vector_text(v, "charter"));
    assert_int_equal(fmb_kind_of(buf_bytes(&b)), FMB_DISCLOSURE);
    assert_int_equal(disclosure_read(buf_bytes(&b), &d), OK);
    disclosure_write(&d, &again);
    assert_true(bytes_equal(buf_bytes(&again), buf_bytes(&b)));
    struct judgement *j = judgement_new(AUDIT_DISCLOSURE, &pin, NULL);
    assert_int_equal(judge_disclosure(j, &d), OK);
    assert_true(j->is_consistent);
    assert_false(j->is_ok);                     /* one is void */
    assert_int_equal(j->problems.n_failures, 1);
    assert_int_equal(j->n_records, json_array_size(records));
    for (size_t i = 0; i < j->n_records; i++)
        assert_record(j, i, json_array_get(records, i));
    judgement_free(j);
    disclosure_release(&d);
    buf_release(&b);
    buf_release(&again);
}

static void the_frozen_seal_opens(void **state)
{
    (void)state;
    struct buf b = from_hex("sealed"), plain = from_hex("disclosure"), opened = {0};
    struct dh_secret secret;
    struct dh_public to, ours;
    hex_into(vector_text(v, "box_secret"), secret.b, sizeof(secret.b));
    hex_into(vector_text(v, "box_public"), ours.b, sizeof(ours.b));
    assert_int_equal(fmb_kind_of(buf_bytes(&b)), FMB_SEALED);
    assert_int_equal(disclosure_sealed_to(buf_bytes(&b), &to), OK);
    assert_memory_equal(to.b, ours.b, sizeof(to.b));
    assert_int_equal(disclosure_unseal(buf_bytes(&b), &secret, &opened), OK);
    assert_true(bytes_equal(buf_bytes(&opened), buf_bytes(&plain)));
    buf_wipe(&opened);
    secret.b[1] ^= 1;
    assert_int_equal(disclosure_unseal(buf_bytes(&b), &secret, &opened), ERR_DECRYPT);
    buf_release(&b);
    buf_release(&plain);
}

static void the_frozen_proof_holds_by_the_frozen_policy(void **state)
{
    (void)state;
    struct policy *p = NULL;
    struct tlog_proof *t = calloc(1, sizeof(*t));
    struct buf again = buf_on(TLOG_PROOF_MAX);
    size_t line;
    assert_int_equal(policy_parse(vector_bytes(v, "policy"), &p, &line), OK);
    assert_true(tlog_proof_is(vector_bytes(v, "tlog_proof")));
    assert_int_equal(tlog_proof_read(vector_bytes(v, "tlog_proof"), t), OK);
    tlog_proof_write(t, &again);
    assert_true(bytes_equal(buf_bytes(&again), vector_bytes(v, "tlog_proof")));
    struct judgement *j = judgement_new(AUDIT_PROOF, NULL, p);
    assert_int_equal(judge_proof(j, t), OK);
    assert_true(j->is_ok);
    assert_int_equal(j->records[0].verdict, VERDICT_WITHHELD);
    assert_int_equal(j->records[0].witnessed->n, 3);
    judgement_free(j);
    policy_free(p);
    free(t);
    buf_release(&again);
}

/* Somebody else's log, whose leaves are no headers: the place is proven, and what it is nobody here knows. */
static void anothers_log_is_judged_by_a_policy_too(void **state)
{
    (void)state;
    static const char *const origins[] = {"example.com/log", "folkmoot/nothing/of/ours", ""};
    struct sym_secret seed = {{3}};
    struct sign_secret secret;
    struct note_key log = {.type = NOTE_ED25519};
    struct policy *p = policy_new();
    struct tlog_proof *t = calloc(1, sizeof(*t));
    sign_keypair(&seed, &secret, &log.key);
    t->extra_len = 5;
    memcpy(t->extra, "hello", 5);
    struct hash root = merkle_leaf(bytes_of("hello"));
    char base64[BASE64_SIZE(HASH_LEN)], text[JUDGED_TEXT_MAX];
    base64_encode((struct bytes){root.b, HASH_LEN}, base64);
    for (size_t i = 0; i < 3; i++) {
        struct buf checkpoint = buf_on(CHECKPOINT_MAX), note = buf_on(CHECKPOINT_MAX);
        buf_printf(&checkpoint, "%s\n1\n%s\nwhat others say besides\n", origins[i], base64);
        assert_int_equal(bytes_to_str(bytes_of(i < 2 ? origins[i] : "example.com/log"), log.name, sizeof(log.name)), OK);
        note_begin(buf_bytes(&checkpoint), &note);
        note_sign(buf_bytes(&checkpoint), &log, &secret, &note);
        t->note = buf_bytes(&note);
        assert_int_equal(policy_of_each(&log, NULL, 0, 0, p), OK);
        struct judgement *j = judgement_new(AUDIT_PROOF, NULL, p);
        assert_int_equal(judge_proof(j, t), OK);
        assert_int_equal(j->is_ok, i < 2);
        if (i == 0) {
            judged_text(j, &j->records[0], text);
            assert_string_equal(text, "example.com/log 0");
            assert_int_equal(j->records[0].verdict, VERDICT_WITHHELD);
        }
        judgement_free(j);
        t->extra[0] = 'j';                      /* another leaf */
        j = judgement_new(AUDIT_PROOF, NULL, p);
        assert_int_equal(judge_proof(j, t), OK);
        assert_false(j->is_ok);
        judgement_free(j);
        t->extra[0] = 'h';
        buf_release(&checkpoint);
        buf_release(&note);
    }
    t->note = bytes_of("no note at all\n");
    struct judgement *j = judgement_new(AUDIT_PROOF, NULL, p);
    assert_int_equal(judge_proof(j, t), OK);
    assert_false(j->is_ok);
    judgement_free(j);
    policy_free(p);
    free(t);
}

static void a_proof_in_another_form_is_none(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2\nindex 2\n\nx\n", "c2sp.org/tlog-proof@v1\n\nx\n",
        "c2sp.org/tlog-proof@v1\nindex 02\n\nx\n", "c2sp.org/tlog-proof@v1\nindex -2\n\nx\n",
        "c2sp.org/tlog-proof@v1\nindex 2\nAAAA\n\nx\n", "c2sp.org/tlog-proof@v1\nextra \nindex 2\n\nx\n",
        "c2sp.org/tlog-proof@v1\nextra AA\nindex 2\n\nx\n", "c2sp.org/tlog-proof@v1\nindex 2\nextra AAAA\n\nx\n",
        "c2sp.org/tlog-proof@v1\nindex 2\n",
    };
    struct tlog_proof *t = calloc(1, sizeof(*t));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (tlog_proof_read(bytes_of(bad[i]), t) != ERR_FORMAT)
            fail_msg("taken: %s", bad[i]);
    struct buf b = buf_on(2 * TLOG_PROOF_MAX);
    buf_put_str(&b, "c2sp.org/tlog-proof@v1\nindex 2\n");
    for (int i = 0; i < PROOF_HASHES_MAX; i++)
        buf_put_str(&b, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
    size_t full = b.len;
    buf_put_str(&b, "\nnote\n");
    assert_int_equal(tlog_proof_read(buf_bytes(&b), t), OK);
    b.len = full;
    buf_put_str(&b, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nnote\n");
    assert_int_equal(tlog_proof_read(buf_bytes(&b), t), ERR_FORMAT);
    while (b.len <= TLOG_PROOF_MAX)
        buf_put_str(&b, "more\n");
    assert_int_equal(tlog_proof_read(buf_bytes(&b), t), ERR_LIMIT);
    free(t);
    buf_release(&b);
}

/* ---- the form of a disclosure, one rule at a time ---- */

static struct disclosed_entry entries[2];
static struct disclosed_checkpoint checkpoints[2];
static struct disclosed_log logs[2];
static struct bytes notes[1];
static uint8_t header[45], hashes[3 * HASH_LEN];

static struct disclosure small(void)
{
    notes[0] = bytes_of("note");
    for (size_t i = 0; i < 2; i++) {
        checkpoints[i] = (struct disclosed_checkpoint){.note = bytes_of("checkpoint")};
        entries[i] = (struct disclosed_entry){.idx = i, .header = {header, sizeof(header)}, .checkpoint = (uint32_t)i};
        logs[i] = (struct disclosed_log){.log = {{"kent"}, (uint32_t)i + 1}, .n_checkpoints = 2, .n_entries = 2,
                                         .checkpoints = checkpoints, .entries = entries};
    }
    checkpoints[1].path = entries[0].path = (struct bytes){hashes, 2 * HASH_LEN};
    return (struct disclosure){.n_charters = 1, .n_identities = 1, .n_logs = 2, .charters = notes, .identities = notes,
                               .logs = logs};
}

static enum err written_and_read(const struct disclosure *d)
{
    struct buf b = buf_on(DISCLOSURE_MAX);
    struct disclosure read;
    disclosure_write(d, &b);
    assert_int_equal(buf_status(&b), OK);
    enum err e = disclosure_read(buf_bytes(&b), &read);
    if (e == OK)
        disclosure_release(&read);
    buf_release(&b);
    return e;
}

static void another_form_is_no_disclosure(void **state)
{
    (void)state;
    struct disclosure d = small();
    assert_int_equal(written_and_read(&d), OK);
    d.n_charters = 0;
    assert_int_equal(written_and_read(&d), ERR_FORMAT);     /* nothing to judge by */
    d = small();
    d.n_logs = 0;
    assert_int_equal(written_and_read(&d), ERR_FORMAT);
    d = small();
    logs[1].log.generation = 1;                             /* one log twice */
    assert_int_equal(written_and_read(&d), ERR_FORMAT);
    logs[1].log.generation = 0;
    assert_int_equal(written_and_read(&d), ERR_FORMAT);
    d = small();
    memcpy(logs[0].log.slug.s, "Kent", 4);
    assert_int_equal(written_and_read(&d), ERR_FORMAT);
    memset(logs[0].log.slug.s, 0, sizeof(logs[0].log.slug.s));
    memcpy(logs[0].log.slug.s, "kent", 4);
    logs[0].n_checkpoints = 0;
    assert_int_equal(written_and_read(&d), ERR_FORMAT);
    d = small();
    logs[0].n_entries = 0;
    assert_int_equal(written_and_read(&d), ERR_FORMAT);
    d = small();
    entries[1].idx = 0;                                     /* not ascending */
    assert_int_equal(written_and_read(&d), ERR_FORMAT);
    d = small();
    entries[1].checkpoint = 2;                              /* none such */
    assert_int_equal(written_and_read(&d), ERR_FORMAT);
    d = small();
    entries[1].path = (struct bytes){hashes, HASH_LEN + 1};
    assert_int_equal(written_and_read(&d), ERR_FORMAT);
    d = small();
    checkpoints[0].path = (struct bytes){hashes, HASH_LEN}; /* nothing is before the first */
    assert_int_equal(written_and_read(&d), ERR_FORMAT);
    d = small();
    entries[0].header.len = 39;                             /* shorter than any header */
    assert_int_equal(written_and_read(&d), ERR_FORMAT);
}

static void what_a_file_is_its_first_bytes_say(void **state)
{
    (void)state;
    uint8_t bundle[16] = {0, 0, 0, 12, 0x95, 0x03};
    assert_int_equal(fmb_kind_of((struct bytes){bundle, sizeof(bundle)}), FMB_BUNDLE);
    bundle[5] = 4;
    assert_int_equal(fmb_kind_of((struct bytes){bundle, sizeof(bundle)}), FMB_NONE);
    assert_int_equal(fmb_kind_of(bytes_of("")), FMB_NONE);
    assert_int_equal(fmb_kind_of(bytes_of("hello, world")), FMB_NONE);
    uint8_t long_file[8] = {0};
    assert_int_equal(disclosure_read((struct bytes){long_file, (size_t)DISCLOSURE_MAX + 1}, &(struct disclosure){0}), ERR_LIMIT);
}

static void another_form_is_not_sealed(void **state)
{
    (void)state;
    struct dh_public key = {{9}}, to;
    struct buf b = buf_on(1024);
    for (int wrong = 0; wrong < 4; wrong++) {
        uint8_t sealed[SEAL_OVERHEAD] = {1};
        buf_clear(&b);
        pack_array(&b, 3);
        pack_str(&b, wrong == 1 ? "folkmoot sealed v2" : "folkmoot sealed v1");
        pack_fixed(&b, key.b, sizeof(key.b));
        pack_fixed(&b, sealed, wrong == 2 ? SEAL_OVERHEAD - 1 : SEAL_OVERHEAD);
        if (wrong == 3)
            pack_nil(&b);
        assert_int_equal(disclosure_sealed_to(buf_bytes(&b), &to), wrong == 0 ? OK : ERR_FORMAT);
    }
    assert_int_equal(disclosure_sealed_to((struct bytes){b.p, (size_t)DISCLOSURE_MAX + 1}, &to), ERR_LIMIT);
    buf_release(&b);
}

static void nobody_can_be_sealed_to_a_key_of_low_order(void **state)
{
    (void)state;
    struct dh_public zero = {{0}};
    struct buf b = buf_on(DISCLOSURE_MAX);
    assert_int_equal(disclosure_seal(&zero, bytes_of("secret"), &b), ERR_KEY);
    assert_int_equal(b.len, 0);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_frozen_disclosure_is_judged_as_it_was_meant),
        cmocka_unit_test(the_frozen_seal_opens),
        cmocka_unit_test(the_frozen_proof_holds_by_the_frozen_policy),
        cmocka_unit_test(anothers_log_is_judged_by_a_policy_too),
        cmocka_unit_test(a_proof_in_another_form_is_none),
        cmocka_unit_test(another_form_is_no_disclosure),
        cmocka_unit_test(what_a_file_is_its_first_bytes_say),
        cmocka_unit_test(another_form_is_not_sealed),
        cmocka_unit_test(nobody_can_be_sealed_to_a_key_of_low_order),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, stop);
}
