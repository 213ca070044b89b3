#define _GNU_SOURCE                             /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>

#include "keys/seed.h"
#include "tests/unit/home_dir.h"

static json_t *vector;
static struct sym_secret vector_seed;
static const struct bytes right = {(const uint8_t *)"correct horse battery staple", 28};
static const struct bytes wrong = {(const uint8_t *)"correct horse battery stable", 28};

static const char *text_of(json_t *object, const char *name)
{
    const char *s = json_string_value(json_object_get(object, name));
    assert_non_null(s);
    return s;
}

static int start(void **state)
{
    (void)state;
    if (crypto_start() != OK)
        return -1;
    vector = json_load_file("tests/vectors/folkmoot/seed.json", 0, NULL);
    return vector == NULL ? -1 : hex_decode(bytes_of(text_of(vector, "seed")), vector_seed.b, 32) == OK ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    json_decref(vector);
    return 0;
}

static void is_key(const uint8_t key[32], const char *expected)
{
    char text[BASE64_SIZE(32)];
    base64_encode((struct bytes){key, 32}, text);
    assert_string_equal(text, expected);
}

static void is_seed(const struct sym_secret *seed)
{
    assert_memory_equal(seed->b, vector_seed.b, sizeof(seed->b));
}

static void every_key_of_the_vector_comes_from_its_seed(void **state)
{
    (void)state;
    struct sign_secret secret;
    struct sign_public public;
    struct dh_secret dh_secret;
    struct dh_public dh_public;
    json_t *row;
    size_t i;
    seed_root(&vector_seed, &secret, &public);
    is_key(public.b, text_of(vector, "root"));
    json_array_foreach(json_object_get(vector, "versions"), i, row) {
        uint32_t version = (uint32_t)json_integer_value(json_object_get(row, "version"));
        seed_sign_key(&vector_seed, PURPOSE_LOG, version, &secret, &public);
        is_key(public.b, text_of(row, "log"));
        is_key(sign_public_of(&secret).b, text_of(row, "log"));
        seed_sign_key(&vector_seed, PURPOSE_WITNESS, version, &secret, &public);
        is_key(public.b, text_of(row, "witness"));
        seed_dh_key(&vector_seed, PURPOSE_BOX, version, &dh_secret, &dh_public);
        is_key(dh_public.b, text_of(row, "box"));
        is_key(dh_public_of(&dh_secret).b, text_of(row, "box"));
        seed_dh_key(&vector_seed, PURPOSE_NODE, version, &dh_secret, &dh_public);
        is_key(dh_public.b, text_of(row, "node"));
    }
    assert_int_equal(i, 2);
}

static void the_texts_of_the_vector_are_made_and_opened(void **state)
{
    (void)state;
    json_t *v = json_object_get(vector, "sealed");
    uint64_t ops = (uint64_t)json_integer_value(json_object_get(v, "ops"));
    uint64_t mem_bytes = (uint64_t)json_integer_value(json_object_get(v, "mem_bytes"));
    uint8_t salt[SALT_LEN], nonce[XNONCE_LEN];
    struct sym_secret pass_key, seed;
    struct seed_text t;
    struct buf b = buf_on(SEED_TEXT_MAX);
    assert_int_equal(hex_decode(bytes_of(text_of(v, "salt")), salt, SALT_LEN), OK);
    assert_int_equal(hex_decode(bytes_of(text_of(v, "nonce")), nonce, XNONCE_LEN), OK);
    assert_int_equal(password_key(bytes_of(text_of(v, "passphrase")), salt, ops, mem_bytes, &pass_key), OK);
    seed_text_sealed(&vector_seed, &pass_key, salt, nonce, ops, mem_bytes, &b);
    assert_string_equal(buf_str(&b), text_of(v, "text"));
    assert_int_equal(seed_text_parse(buf_bytes(&b), &t), OK);
    assert_int_equal(seed_text_open(&t, &right, &seed), OK);
    is_seed(&seed);
    buf_clear(&b);
    seed_text_clear(&vector_seed, &b);
    assert_string_equal(buf_str(&b), text_of(json_object_get(vector, "clear"), "text"));
    wipe(&seed, sizeof(seed));
    assert_int_equal(seed_text_parse(buf_bytes(&b), &t), OK);
    assert_int_equal(seed_text_open(&t, NULL, &seed), OK);
    is_seed(&seed);
    buf_wipe(&b);
}

static void a_wrong_or_missing_passphrase_opens_nothing(void **state)
{
    (void)state;
    struct seed_text t;
    struct sym_secret seed = {{7}}, before = seed;
    const struct bytes empty = {NULL, 0};
    assert_int_equal(seed_text_parse(bytes_of(text_of(json_object_get(vector, "sealed"), "text")), &t), OK);
    assert_int_equal(seed_text_open(&t, &wrong, &seed), ERR_SECRET);
    assert_int_equal(seed_text_open(&t, &empty, &seed), ERR_SECRET);
    assert_int_equal(seed_text_open(&t, NULL, &seed), ERR_SECRET);
    assert_memory_equal(&seed, &before, sizeof(seed));
}

/* The key is that of the true parameters: only the additional data can tell. */
static void the_parameters_are_bound_to_what_they_seal(void **state)
{
    (void)state;
    struct seed_text t;
    struct sym_secret seed;
    assert_int_equal(seed_text_parse(bytes_of(text_of(json_object_get(vector, "sealed"), "text")), &t), OK);
    t.mem_bytes += 1;                   /* Argon2 counts in KiB: the same key */
    assert_int_equal(seed_text_open(&t, &right, &seed), ERR_SECRET);
    t.mem_bytes -= 1;
    assert_int_equal(seed_text_open(&t, &right, &seed), OK);
}

#define SALT "salt QEFCQ0RFRkdISUpLTE1OTw==\n"
#define NONCE "nonce YGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3\n"
#define SEALED "sealed 3g/nRfwxk+UhcMxr4IPAtyGtvDq+HbI00mnVsLUFPUPuQ0DIcpcVeOpHE1s7una0\n"
#define CLEAR "seed AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
#define FIRST "folkmoot seed v1\n"

static void a_file_may_not_ask_for_more_work_than_the_bounds(void **state)
{
    (void)state;
    static const struct { const char *work; enum err e; } table[] = {
        {"argon2id 10 1073741824\n", OK}, {"argon2id 11 8192\n", ERR_LIMIT}, {"argon2id 1 1073741825\n", ERR_LIMIT},
        {"argon2id 1 68719476736\n", ERR_LIMIT}, {"argon2id 18446744073709551615 8192\n", ERR_LIMIT},
        {"argon2id 1 18446744073709551616\n", ERR_FORMAT}, {"argon2id 01 8192\n", ERR_FORMAT},
        {"argon2id 1\n", ERR_FORMAT}, {"argon2id 1 8192 1\n", ERR_FORMAT}, {"argon2i 1 8192\n", ERR_FORMAT},
        {"argon2id -1 8192\n", ERR_FORMAT}};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct seed_text t;
        struct buf b = buf_on(SEED_TEXT_MAX);
        buf_printf(&b, FIRST "%s" SALT NONCE SEALED, table[i].work);
        assert_int_equal(seed_text_parse(buf_bytes(&b), &t), table[i].e);
        buf_release(&b);
    }
    struct seed_text t;
    struct sym_secret seed;
    assert_int_equal(seed_text_parse(bytes_of(FIRST "argon2id 0 8192\n" SALT NONCE SEALED), &t), OK);
    assert_int_equal(seed_text_open(&t, &right, &seed), ERR_LIMIT);
}

static void other_texts_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "\n", "folkmoot seed v1", "folkmoot seed v2\nunprotected\n" CLEAR, FIRST "unprotected\n",
        FIRST CLEAR, FIRST "unprotected\n" CLEAR "more\n", FIRST "unprotected now\n" CLEAR,
        FIRST "unprotected\nseed AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n",
        FIRST "unprotected\nseed  AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        FIRST "argon2id 1 8192\n" NONCE SALT SEALED, FIRST "argon2id 1 8192\n" SALT NONCE,
        FIRST "argon2id 1 8192\n" SALT NONCE SEALED SEALED};
    struct seed_text t = {.ops = 77};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(seed_text_parse(bytes_of(bad[i]), &t), ERR_FORMAT);
    assert_int_equal(t.ops, 77);
}

static void a_text_that_went_through_a_word_processor_still_opens(void **state)
{
    (void)state;
    static const char *const worn[] = {
        "\xEF\xBB\xBF# kept by Jane\r\n\r\nfolkmoot seed v1\r\nunprotected \r\n" "# a remark\r\n"
        "seed AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\t\r\n\r\n\r\n",
        "folkmoot seed v1\nunprotected\nseed AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="};
    for (size_t i = 0; i < 2; i++) {
        struct seed_text t;
        assert_int_equal(seed_text_parse(bytes_of(worn[i]), &t), OK);
        assert_false(t.is_protected);
        is_seed(&t.seed);
    }
}

static void a_kept_seed_is_loaded_with_its_passphrase_and_copied_for_people(void **state)
{
    (void)state;
    struct sym_secret seed;
    struct seed_text t;
    struct buf b = buf_on(0);
    bool is_protected = false;
    assert_int_equal(seed_save(&home, HOME_SEED, &vector_seed, &right), OK);
    assert_int_equal(seed_save(&home, HOME_RECOVERY, &vector_seed, &right), OK);
    assert_int_equal(mode_of(in_home(HOME_SEED)), 0600);
    assert_int_equal(mode_of(in_home(HOME_RECOVERY)), 0600);
    assert_int_equal(home_check(&home, NULL), OK);
    assert_int_equal(seed_is_protected(&home, &is_protected), OK);
    assert_true(is_protected);
    assert_int_equal(seed_load(&home, &wrong, &seed), ERR_SECRET);
    assert_int_equal(seed_load(&home, &right, &seed), OK);
    is_seed(&seed);
    assert_int_equal(file_read_private(in_home(HOME_RECOVERY), SEED_TEXT_MAX, &b), OK);
    assert_true(bytes_start_with(buf_bytes(&b), "# This is the recovery file of a Folkmoot node."));
    assert_int_equal(seed_text_parse(buf_bytes(&b), &t), OK);
    assert_int_equal(t.ops, SEED_OPS);
    assert_int_equal(t.mem_bytes, SEED_MEM_BYTES);
    wipe(&seed, sizeof(seed));
    assert_int_equal(seed_text_open(&t, &right, &seed), OK);
    is_seed(&seed);
    buf_wipe(&b);
}

static void a_seed_in_clear_says_so_and_is_not_replaced_by_accident(void **state)
{
    (void)state;
    struct sym_secret seed, other = {{1}};
    bool is_protected = true;
    assert_int_equal(seed_is_protected(&home, &is_protected), ERR_UNKNOWN);
    assert_int_equal(seed_load(&home, NULL, &seed), ERR_UNKNOWN);
    assert_int_equal(seed_save(&home, HOME_SEED, &vector_seed, NULL), OK);
    assert_int_equal(seed_save(&home, HOME_SEED, &other, NULL), ERR_EXISTS);
    file_holds(in_home(HOME_SEED), FIRST "unprotected\n" CLEAR);
    assert_int_equal(seed_is_protected(&home, &is_protected), OK);
    assert_false(is_protected);
    assert_int_equal(seed_load(&home, NULL, &seed), OK);
    is_seed(&seed);
}

static void a_seed_open_to_others_or_damaged_is_not_used(void **state)
{
    (void)state;
    struct sym_secret seed;
    static char large[SEED_TEXT_MAX + 2];
    assert_int_equal(seed_save(&home, HOME_SEED, &vector_seed, NULL), OK);
    assert_int_equal(chmod(in_home(HOME_SEED), 0604), 0);
    assert_int_equal(seed_load(&home, NULL, &seed), ERR_DENIED);
    put_file(in_home(HOME_SEED), FIRST "unprotected\n");
    assert_int_equal(seed_load(&home, NULL, &seed), ERR_FORMAT);
    memset(large, '#', sizeof(large) - 1);
    put_file(in_home(HOME_SEED), large);
    assert_int_equal(seed_load(&home, NULL, &seed), ERR_FORMAT);
}

#define H(name) cmocka_unit_test_setup_teardown(name, make_top_and_home, remove_top)
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_of_the_vector_comes_from_its_seed),
        cmocka_unit_test(the_texts_of_the_vector_are_made_and_opened),
        cmocka_unit_test(a_wrong_or_missing_passphrase_opens_nothing),
        cmocka_unit_test(the_parameters_are_bound_to_what_they_seal),
        cmocka_unit_test(a_file_may_not_ask_for_more_work_than_the_bounds),
        cmocka_unit_test(other_texts_are_refused),
        cmocka_unit_test(a_text_that_went_through_a_word_processor_still_opens),
        H(a_kept_seed_is_loaded_with_its_passphrase_and_copied_for_people),
        H(a_seed_in_clear_says_so_and_is_not_replaced_by_accident),
        H(a_seed_open_to_others_or_damaged_is_not_used),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
