#define _GNU_SOURCE                             /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "keys/keyfile.h"
#include "tests/unit/home_dir.h"

/* 32 bytes of 1, of 2, of 3 */
#define ONES "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
#define TWOS "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
#define THREES "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM="

static struct sign_keyfile sign_key(uint32_t version, uint8_t fill)
{
    struct sign_keyfile key = {.version = version};
    struct sign_public public;
    struct sym_secret seed;
    memset(seed.b, fill, sizeof(seed.b));
    sign_keypair(&seed, &key.secret, &public);
    return key;
}

static void a_signing_key_comes_back_with_the_public_half_computed(void **state)
{
    (void)state;
    static const struct { enum key_purpose p; enum home_file f; const char *text; } table[] = {
        {PURPOSE_LOG, HOME_LOG_KEY, "folkmoot log key v1\n3 " ONES "\n"},
        {PURPOSE_WITNESS, HOME_WITNESS_KEY, "folkmoot witness key v1\n3 " ONES "\n"}};
    for (size_t i = 0; i < 2; i++) {
        struct sign_keyfile key = sign_key(3, 1), got;
        assert_int_equal(sign_key_load(&home, table[i].p, &got), ERR_SECRET);
        assert_int_equal(sign_key_save(&home, table[i].p, &key), OK);
        file_holds(in_home(table[i].f), table[i].text);
        assert_int_equal(mode_of(in_home(table[i].f)), 0600);
        assert_int_equal(sign_key_load(&home, table[i].p, &got), OK);
        assert_int_equal(got.version, 3);
        assert_memory_equal(&got.secret, &key.secret, sizeof(key.secret));
    }
}

static void rings_of_keys_come_back_newest_first(void **state)
{
    (void)state;
    static const struct { enum key_purpose p; enum home_file f; const char *text; } table[] = {
        {PURPOSE_BOX, HOME_BOX_KEYS, "folkmoot box key v1\n4294967295 " THREES "\n2 " TWOS "\n1 " ONES "\n"},
        {PURPOSE_NODE, HOME_NODE_KEY, "folkmoot node key v1\n4294967295 " THREES "\n2 " TWOS "\n1 " ONES "\n"}};
    struct dh_keyring keys = {.n = 3}, got;
    static const uint32_t versions[3] = {UINT32_MAX, 2, 1};
    for (size_t i = 0; i < 3; i++) {
        keys.keys[i].version = versions[i];
        memset(keys.keys[i].secret.b, (int)(3 - i), 32);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(dh_keys_load(&home, table[i].p, &got), ERR_SECRET);
        assert_int_equal(dh_keys_save(&home, table[i].p, &keys), OK);
        file_holds(in_home(table[i].f), table[i].text);
        assert_int_equal(dh_keys_load(&home, table[i].p, &got), OK);
        assert_int_equal(got.n, 3);
        assert_memory_equal(got.keys, keys.keys, 3 * sizeof(keys.keys[0]));
    }
}

/* A node answers to its previous key until a day; no other key has an end. */
static void a_previous_node_key_may_have_an_end(void **state)
{
    (void)state;
    struct dh_keyring keys = {.n = 2, .keys = {{2, {{0}}, 0}, {1, {{0}}, 1700000000}}}, got;
    memset(keys.keys[0].secret.b, 2, 32);
    memset(keys.keys[1].secret.b, 1, 32);
    assert_int_equal(dh_keys_save(&home, PURPOSE_NODE, &keys), OK);
    file_holds(in_home(HOME_NODE_KEY), "folkmoot node key v1\n2 " TWOS "\n1 " ONES " 1700000000\n");
    assert_int_equal(dh_keys_load(&home, PURPOSE_NODE, &got), OK);
    assert_true(got.n == 2 && got.keys[0].until_s == 0 && got.keys[1].until_s == 1700000000);
    static const char *const bad[] = {
        "folkmoot node key v1\n2 " TWOS " 5\n", "folkmoot node key v1\n2 " TWOS "\n1 " ONES " 0\n",
        "folkmoot node key v1\n2 " TWOS "\n1 " ONES " 05\n", "folkmoot node key v1\n2 " TWOS "\n1 " ONES " \n",
        "folkmoot node key v1\n2 " TWOS "\n1 " ONES " 5 6\n", "folkmoot node key v1\n2 " TWOS "\n1 " ONES "  5\n"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(dh_keys_parse(bytes_of(bad[i]), PURPOSE_NODE, &got), ERR_FORMAT);
    assert_int_equal(dh_keys_parse(bytes_of("folkmoot box key v1\n2 " TWOS "\n1 " ONES " 5\n"), PURPOSE_BOX, &got), ERR_FORMAT);
}

static void a_full_ring_fits_its_file_and_one_more_is_refused(void **state)
{
    (void)state;
    struct dh_keyring keys = {.n = KEYFILE_KEYS_MAX}, got;
    for (uint32_t i = 0; i < KEYFILE_KEYS_MAX; i++)
        keys.keys[i].version = UINT32_MAX - i;
    assert_int_equal(dh_keys_save(&home, PURPOSE_BOX, &keys), OK);
    assert_int_equal(dh_keys_load(&home, PURPOSE_BOX, &got), OK);
    assert_int_equal(got.n, KEYFILE_KEYS_MAX);
    assert_memory_equal(got.keys, keys.keys, sizeof(keys.keys));
    struct buf text = buf_on(64 * 1024);
    dh_keys_write(PURPOSE_BOX, &keys, &text);
    buf_put_str(&text, "1 " ONES "\n");
    assert_int_equal(dh_keys_parse(buf_bytes(&text), PURPOSE_BOX, &got), ERR_LIMIT);
    buf_wipe(&text);
}

static void other_forms_of_a_signing_key_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "folkmoot log key v1", "folkmoot log key v1\n", "folkmoot witness key v1\n1 " ONES "\n",
        "folkmoot log key v2\n1 " ONES "\n", "folkmoot log key v1\n1 " ONES, "folkmoot log key v1\n0 " ONES "\n",
        "folkmoot log key v1\n01 " ONES "\n", "folkmoot log key v1\n4294967296 " ONES "\n",
        "folkmoot log key v1\n1  " ONES "\n", "folkmoot log key v1\n1 " ONES " \n", "folkmoot log key v1\n1\n",
        "folkmoot log key v1\n2 " ONES "\n1 " ONES "\n", "folkmoot log key v1\n1 " ONES "\n\n",
        "folkmoot log key v1\n1 \x80" "QEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n",
        "folkmoot log key v1\n1 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQF=\n", "\nfolkmoot log key v1\n1 " ONES "\n"};
    struct sign_keyfile got = {.version = 77};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(sign_key_parse(bytes_of(bad[i]), PURPOSE_LOG, &got), ERR_FORMAT);
    assert_int_equal(got.version, 77);
}

static void other_forms_of_a_ring_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "folkmoot box key v1\n", "folkmoot node key v1\n1 " ONES "\n", "folkmoot box key v1\n1 " ONES "\n2 " TWOS "\n",
        "folkmoot box key v1\n1 " ONES "\n1 " TWOS "\n", "folkmoot box key v1\n2 " ONES "\n1 " TWOS,
        "folkmoot box key v1\n2 " ONES "\n0 " TWOS "\n"};
    struct dh_keyring got = {.n = 77};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(dh_keys_parse(bytes_of(bad[i]), PURPOSE_BOX, &got), ERR_FORMAT);
    assert_int_equal(got.n, 77);
}

static void a_key_open_to_others_or_behind_a_link_is_not_used(void **state)
{
    (void)state;
    struct sign_keyfile key = sign_key(1, 1), got = {.version = 77};
    assert_int_equal(sign_key_save(&home, PURPOSE_LOG, &key), OK);
    assert_int_equal(chmod(in_home(HOME_LOG_KEY), 0640), 0);
    assert_int_equal(sign_key_load(&home, PURPOSE_LOG, &got), ERR_DENIED);
    assert_int_equal(chmod(in_home(HOME_LOG_KEY), 0600), 0);
    assert_int_equal(rename(in_home(HOME_LOG_KEY), in_top("elsewhere")), 0);
    assert_int_equal(symlink(in_top("elsewhere"), in_home(HOME_LOG_KEY)), 0);
    assert_int_equal(sign_key_load(&home, PURPOSE_LOG, &got), ERR_DENIED);
    assert_int_equal(got.version, 77);
    assert_int_equal(sign_key_save(&home, PURPOSE_LOG, &key), OK);      /* replaces the link */
    assert_int_equal(sign_key_load(&home, PURPOSE_LOG, &got), OK);
}

#define H(name) cmocka_unit_test_setup_teardown(name, make_top_and_home, remove_top)
int main(void)
{
    const struct CMUnitTest tests[] = {
        H(a_signing_key_comes_back_with_the_public_half_computed),
        H(rings_of_keys_come_back_newest_first),
        H(a_previous_node_key_may_have_an_end),
        H(a_full_ring_fits_its_file_and_one_more_is_refused),
        cmocka_unit_test(other_forms_of_a_signing_key_are_refused),
        cmocka_unit_test(other_forms_of_a_ring_are_refused),
        H(a_key_open_to_others_or_behind_a_link_is_not_used),
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
