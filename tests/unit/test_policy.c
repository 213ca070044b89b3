#include "tests/unit/vectors.h"

#include <stdio.h>
#include <stdlib.h>

#include "protocol/policy.h"
#include "tests/unit/one_key_each.h"

#define ORIGIN "folkmoot/000102030405060708090a0b0c0d0e0f/barsetshire"
#define TEXT ORIGIN "\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

enum { N = 4 };

struct signer {
    struct note_key key;
    struct sign_secret secret;
};
static struct signer log_signer, witnesses[N];
static char log_vkey[256], vkeys[N][256];

static struct signer signer_of(const char *name, enum note_key_type type, uint8_t seed_byte, char vkey[256])
{
    struct signer s = {.key.type = type};
    struct sym_secret seed;
    struct buf b = buf_on(255);
    memset(seed.b, seed_byte, sizeof(seed.b));
    sign_keypair(&seed, &s.secret, &s.key.key);
    assert_int_equal(bytes_to_str(bytes_of(name), s.key.name, sizeof(s.key.name)), OK);
    note_vkey_write(&s.key, &b);
    assert_int_equal(bytes_to_str(buf_bytes(&b), vkey, 256), OK);
    buf_release(&b);
    return s;
}

static int start(void **state)
{
    (void)state;
    if (crypto_start() != OK)
        return 1;
    log_signer = signer_of(ORIGIN, NOTE_ED25519, 1, log_vkey);
    for (uint8_t i = 0; i < N; i++) {
        char name[32];
        snprintf(name, sizeof(name), "w%d.example/witness", i);
        witnesses[i] = signer_of(name, NOTE_COSIGNATURE, (uint8_t)(10 + i), vkeys[i]);
    }
    return 0;
}

/* The text with @L for the log's vkey and @0 ... @3 for the witnesses'. */
static struct buf with_keys(const char *text)
{
    struct buf b = buf_on(2 * POLICY_MAX);
    for (; *text != '\0'; text++)
        if (*text != '@')
            buf_put_u8(&b, (uint8_t)*text);
        else
            buf_put_str(&b, *++text == 'L' ? log_vkey : vkeys[*text - '0']);
    assert_int_equal(buf_status(&b), OK);
    return b;
}

static enum err parse(const char *text, struct policy **ret, size_t *ret_line)
{
    struct buf b = with_keys(text);
    enum err e = policy_parse(buf_bytes(&b), ret, ret_line);
    buf_release(&b);
    return e;
}

static struct policy *good(const char *text)
{
    struct policy *p = NULL;
    size_t line = 0;
    if (parse(text, &p, &line) != OK)
        fail_msg("line %zu of: %s", line, text);
    return p;
}

static void refused(const char *text, size_t at)
{
    struct policy *p = NULL;
    size_t line = 0;
    enum err e = parse(text, &p, &line);
    if (e != ERR_FORMAT || p != NULL || line != at)
        fail_msg("%s at line %zu, not %zu: %s", err_code(e), line, at, text);
}

static const char LEVELS[] = "log @L https://log.example/\n\n  # two houses\nwitness X0 @0\n\twitness\tX1 @1 https://x1.example/ \n"
                             "group X 1 X0 X1\nwitness Y0 @2\nwitness Y1 @3\ngroup Y all Y0 Y1\ngroup both all X Y\nquorum both\n";

static void groups_of_groups_are_counted(void **state)
{
    (void)state;
    struct policy *p = good(LEVELS);
    assert_int_equal(p->n_logs, 1);
    assert_int_equal(p->n_witnesses, 4);
    assert_int_equal(p->n_groups, 3);
    for (uint64_t set = 0; set < 16; set++)
        assert_int_equal(policy_is_quorum(p, set), (set & 3) != 0 && (set & 12) == 12);
    policy_free(p);
    p = good("witness a @0\nwitness b @1\nwitness c @2\ngroup g any a b c\nquorum g\n");
    for (uint64_t set = 0; set < 8; set++)
        assert_int_equal(policy_is_quorum(p, set), set != 0);
    policy_free(p);
    p = good("witness a @0\nwitness b @1\nwitness c @2\ngroup g 2 a b c\nquorum g\n");
    for (uint64_t set = 0; set < 8; set++)
        assert_int_equal(policy_is_quorum(p, set), set == 3 || set >= 5);
    policy_free(p);
    p = good("witness a @0\nwitness b @1\nquorum b\n");
    for (uint64_t set = 0; set < 4; set++)
        assert_int_equal(policy_is_quorum(p, set), set >= 2);
    policy_free(p);
    p = good("quorum none\n");
    assert_true(policy_is_quorum(p, 0));
    policy_free(p);
}

static void what_is_written_is_the_same_policy(void **state)
{
    (void)state;
    struct policy *p = good(LEVELS), *again = NULL;
    struct buf once = buf_on(POLICY_MAX), twice = buf_on(POLICY_MAX);
    size_t line;
    policy_write(p, &once);
    assert_int_equal(policy_parse(buf_bytes(&once), &again, &line), OK);
    policy_write(again, &twice);
    assert_string_equal(buf_str(&once), buf_str(&twice));
    for (uint64_t set = 0; set < 16; set++)
        assert_int_equal(policy_is_quorum(p, set), policy_is_quorum(again, set));
    assert_non_null(strstr(buf_str(&once), "\ngroup Y 2 Y0 Y1\ngroup both 2 X Y\nquorum both\n"));
    policy_free(p);
    policy_free(again);
    buf_release(&once);
    buf_release(&twice);
}

static void a_policy_is_made_for_one_log(void **state)
{
    (void)state;
    struct note_key keys[N];
    struct policy *p = policy_new(), *again = NULL;
    struct buf b = buf_on(POLICY_MAX);
    size_t line;
    for (size_t i = 0; i < N; i++)
        keys[i] = witnesses[i].key;
    assert_non_null(p);
    assert_int_equal(policy_of_each(&log_signer.key, keys, N, 3, p), OK);
    policy_write(p, &b);
    assert_int_equal(policy_parse(buf_bytes(&b), &again, &line), OK);
    for (uint64_t set = 0; set < 16; set++) {
        uint64_t n = (set & 1) + (set >> 1 & 1) + (set >> 2 & 1) + (set >> 3 & 1);
        assert_int_equal(policy_is_quorum(again, set), n >= 3);
    }
    policy_free(again);
    buf_clear(&b);
    assert_int_equal(policy_of_each(&log_signer.key, keys, 1, 0, p), OK);
    assert_true(policy_is_quorum(p, 0));
    keys[1] = keys[0];
    assert_int_equal(policy_of_each(&log_signer.key, keys, 2, 1, p), ERR_EXISTS);
    assert_int_equal(policy_of_each(&witnesses[0].key, keys, 1, 1, p), ERR_FORMAT);
    assert_int_equal(policy_of_each(&log_signer.key, &log_signer.key, 1, 1, p), ERR_FORMAT);
    policy_free(p);
    buf_release(&b);
}

/* Witness 0 has signed with three keys, the others with one each; two of the three are asked. */
static void the_keys_of_one_witness_count_once(void **state)
{
    (void)state;
    struct note_key of_0[3] = {witnesses[0].key, witnesses[1].key, witnesses[2].key}, logs[2] = {log_signer.key, log_signer.key};
    struct sym_secret seed = {{99}};
    struct sign_secret secret;
    struct policy *p = policy_new(), *again = NULL;
    struct buf b = buf_on(POLICY_MAX);
    size_t line, left_out;
    of_0[1] = (struct note_key){.type = NOTE_COSIGNATURE, .key = of_0[1].key};
    assert_int_equal(bytes_to_str(bytes_of(of_0[0].name), of_0[1].name, sizeof(of_0[1].name)), OK);     /* older, of one name */
    struct note_key other = witnesses[3].key;
    sign_keypair(&seed, &secret, &other.key);
    sign_keypair(&seed, &secret, &logs[1].key);
    struct policy_party parties[3] = {{"w0", 3, of_0}, {"w3", 1, &witnesses[3].key}, {"other", 1, &other}};
    parties[2].keys = &other;
    assert_int_equal(bytes_to_str(bytes_of("other/witness"), other.name, sizeof(other.name)), OK);
    assert_int_equal(policy_make(2, logs, 3, parties, 2, p, &left_out), OK);
    assert_int_equal(left_out, 0);
    policy_write(p, &b);
    assert_int_equal(policy_parse(buf_bytes(&b), &again, &line), OK);
    assert_int_equal(again->n_logs, 2);
    assert_int_equal(again->n_witnesses, 5);
    /* the newest of each come first: of 0, then 3 and the other, then the older of 0 */
    for (uint64_t set = 0; set < 32; set++) {
        uint64_t n = ((set & 1) | (set >> 3 & 1) | (set >> 4 & 1)) + (set >> 1 & 1) + (set >> 2 & 1);
        assert_int_equal(policy_is_quorum(again, set), n >= 2);
    }
    policy_free(again);
    /* a key stands once, whoever names it: 0, 3, this one, then the other of 0 */
    parties[2].keys = &of_0[2];
    assert_int_equal(policy_make(1, logs, 3, parties, 2, p, &left_out), OK);
    assert_int_equal(left_out, 1);
    assert_int_equal(p->n_witnesses, 4);
    assert_true(policy_is_quorum(p, 1 | 2));
    assert_false(policy_is_quorum(p, 1 | 8));
    parties[2].n = 0;
    assert_int_equal(policy_make(1, logs, 3, parties, 3, p, &left_out), ERR_FORMAT);
    assert_int_equal(policy_make(1, logs, 3, parties, 0, p, &left_out), OK);
    assert_true(policy_is_quorum(p, 0));
    policy_free(p);
    buf_release(&b);
}

/* Thirty-one witnesses of four keys each are more than a policy holds: the newest of each are there. */
static void of_too_many_keys_the_newest_are_kept(void **state)
{
    (void)state;
    struct note_key keys[WITNESSES_MAX][4];
    struct policy_party parties[WITNESSES_MAX];
    char names[WITNESSES_MAX][16];
    struct policy *p = policy_new();
    size_t left_out;
    for (size_t i = 0; i < WITNESSES_MAX; i++) {
        for (size_t k = 0; k < 4; k++) {
            struct sym_secret seed = {{77, (uint8_t)i, (uint8_t)k}};
            struct sign_secret secret;
            keys[i][k] = (struct note_key){.type = NOTE_COSIGNATURE};
            (void)snprintf(keys[i][k].name, sizeof(keys[i][k].name), "m%zu/witness", i);
            sign_keypair(&seed, &secret, &keys[i][k].key);
        }
        (void)snprintf(names[i], sizeof(names[i]), "m%zu", i);
        parties[i] = (struct policy_party){names[i], 4, keys[i]};
    }
    assert_int_equal(policy_make(1, &log_signer.key, WITNESSES_MAX, parties, 21, p, &left_out), OK);
    assert_int_equal(p->n_witnesses, POLICY_WITNESSES_MAX);
    assert_int_equal(left_out, 4 * WITNESSES_MAX - POLICY_WITNESSES_MAX);
    assert_true(policy_is_quorum(p, (UINT64_C(1) << 21) - 1));
    assert_false(policy_is_quorum(p, (UINT64_C(1) << 20) - 1));
    for (size_t i = 0; i < WITNESSES_MAX; i++)
        assert_memory_equal(p->witnesses[i].key.key.b, keys[i][0].key.b, 32);
    assert_int_equal(policy_make(1, &log_signer.key, WITNESSES_MAX + 1, parties, 1, p, &left_out), ERR_LIMIT);
    policy_free(p);
}

static void what_is_half_understood_is_refused(void **state)
{
    (void)state;
    refused("", 1);
    refused("log @L\n", 1);                                         /* no quorum */
    refused("quorum none\nquorum none\n", 2);
    refused("quorum\n", 1);
    refused("quorum none none\n", 1);
    refused("quorum none", 1);                                      /* cut short */
    refused("quorum a\nwitness a @0\n", 1);                         /* named before it is defined */
    refused("Quorum none\n", 1);
    refused("quorum none\r\n", 1);
    refused("# a\x7f\nquorum none\n", 1);
    refused("log @0\nquorum none\n", 1);                            /* a witness's kind of key */
    refused("log @Lx\nquorum none\n", 1);
    refused("log @L u v\nquorum none\n", 1);
    refused("log @L\nlog @L\nquorum none\n", 2);
    refused("log @L\nwitness a @L\nquorum a\n", 2);
    refused("witness none @0\nquorum none\n", 1);
    refused("witness a\nquorum none\n", 1);
    refused("witness a @0 u v\nquorum a\n", 1);
    refused("witness a @0\nwitness b @0\nquorum a\n", 2);
    refused("witness a @0\nwitness a @1\nquorum a\n", 2);
    refused("witness a @0\ngroup a 1 a\nquorum a\n", 2);
    refused("witness a @0\ngroup g 1\nquorum a\n", 2);
    refused("witness a @0\ngroup g any\nquorum a\n", 2);
    refused("witness a @0\ngroup g 0 a\nquorum a\n", 2);
    refused("witness a @0\ngroup g 2 a\nquorum a\n", 2);
    refused("witness a @0\ngroup g 01 a\nquorum a\n", 2);
    refused("witness a @0\ngroup g 1 g\nquorum a\n", 2);
    refused("witness a @0\ngroup g 1 a a\nquorum a\n", 2);
    refused("witness a @0\nwitness b @1\ngroup g 1 a b\ngroup h 1 a\nquorum g\n", 4);  /* it would count twice */
}

static void limits_are_kept(void **state)
{
    (void)state;
    struct policy *p = NULL;
    size_t line = 0;
    struct buf b = buf_on(4 * POLICY_MAX);
    /* each group holds the one before */
    buf_printf(&b, "witness a %s\ngroup g0 1 a\n", vkeys[0]);
    for (int i = 1; i < POLICY_GROUPS_MAX; i++)
        buf_printf(&b, "group g%d 1 g%d\n", i, i - 1);
    size_t full = buf_bytes(&b).len;
    buf_printf(&b, "quorum g%d\n", POLICY_GROUPS_MAX - 1);
    assert_int_equal(policy_parse(buf_bytes(&b), &p, &line), OK);
    assert_true(policy_is_quorum(p, 1) && !policy_is_quorum(p, 0));
    policy_free(p);
    p = NULL;
    b.len = full;
    buf_printf(&b, "group more 1 g%d\nquorum more\n", POLICY_GROUPS_MAX - 1);
    assert_int_equal(policy_parse(buf_bytes(&b), &p, &line), ERR_LIMIT);
    assert_int_equal(line, POLICY_GROUPS_MAX + 2);
    buf_clear(&b);
    buf_put_str(&b, "quorum none\n");
    while (buf_bytes(&b).len <= POLICY_MAX)
        buf_put_str(&b, "#\n");
    assert_int_equal(policy_parse(buf_bytes(&b), &p, &line), ERR_LIMIT);
    assert_null(p);
    buf_release(&b);
}

static void note_of(const char *text, uint64_t set, bool is_signed, struct buf *ret)
{
    buf_clear(ret);
    note_begin(bytes_of(text), ret);
    if (is_signed)
        note_sign(bytes_of(text), &log_signer.key, &log_signer.secret, ret);
    for (size_t i = 0; i < N; i++)
        if ((set >> i & 1) != 0)
            note_cosign(bytes_of(text), &witnesses[i].key, &witnesses[i].secret, 1000 + i, ret);
    assert_int_equal(buf_status(ret), OK);
}

static enum err judge(const struct policy *p, struct buf *b, struct policy_seen *ret)
{
    struct note n;
    assert_int_equal(note_parse(buf_bytes(b), &n), OK);
    return policy_check(p, &n, ret);
}

static void a_checkpoint_is_judged_by_it(void **state)
{
    (void)state;
    struct policy *p = good(LEVELS);
    struct policy_seen seen = {0};
    struct buf b = buf_on(NOTE_MAX);
    for (uint64_t set = 0; set < 16; set++) {
        note_of(TEXT, set, true, &b);
        assert_int_equal(judge(p, &b, &seen), OK);
        assert_int_equal(seen.cosigned, set);
        assert_int_equal(seen.has_quorum, policy_is_quorum(p, set));
        for (size_t i = 0; i < N; i++)
            assert_int_equal(seen.times[i], (set >> i & 1) != 0 ? 1000 + i : 0);
    }
    note_of(TEXT, 15, false, &b);
    assert_int_equal(judge(p, &b, &seen), ERR_UNKNOWN);             /* witnesses without the log */
    note_of("another/origin\n5\nAAAA\n", 15, true, &b);
    assert_int_equal(judge(p, &b, &seen), ERR_UNKNOWN);             /* its key, under another origin */
    policy_free(p);
    buf_release(&b);
}

static void a_line_of_a_known_key_that_does_not_hold_rejects(void **state)
{
    (void)state;
    struct policy *p = good(LEVELS);
    struct policy_seen seen;
    struct buf b = buf_on(NOTE_MAX), other = buf_on(NOTE_MAX);
    struct note n;
    for (size_t at = 0; at < 5; at++) {                             /* the log's line, then the witnesses' */
        note_of(ORIGIN "\n6\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 15, true, &other);
        assert_int_equal(note_parse(buf_bytes(&other), &n), OK);
        note_of(TEXT, at == 0 ? 0 : 15 & ~(1u << (at - 1)), at != 0, &b);
        note_put_line(&n.lines[at], &b);
        assert_int_equal(judge(p, &b, &seen), ERR_SIGNATURE);
    }
    policy_free(p);
    buf_release(&b);
    buf_release(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_of_groups_are_counted),
        cmocka_unit_test(what_is_written_is_the_same_policy),
        cmocka_unit_test(a_policy_is_made_for_one_log),
        cmocka_unit_test(the_keys_of_one_witness_count_once),
        cmocka_unit_test(of_too_many_keys_the_newest_are_kept),
        cmocka_unit_test(what_is_half_understood_is_refused),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(a_checkpoint_is_judged_by_it),
        cmocka_unit_test(a_line_of_a_known_key_that_does_not_hold_rejects),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, NULL);
}
