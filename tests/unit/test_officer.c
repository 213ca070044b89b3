/* tests/unit/test_officer.c - cards and key files of officers: what was changed is refused, and by what. */
#define _GNU_SOURCE
#include "keys/officer_file.h"

#include <stdio.h>

#include "tests/unit/vectors.h"

static struct sign_secret secret;
static struct officer_card jane = {.role = OFFICER_DCS, .name = "Jane Roe"};

static int make_key(void **state)
{
    struct sym_secret seed;
    (void)state;
    memset(seed.b, 7, sizeof(seed.b));
    sign_keypair(&seed, &secret, &jane.key);
    return 0;
}

/* ---- cards ---- */

static void a_card_comes_back_as_it_was_signed(void **state)
{
    (void)state;
    struct buf b = buf_on(OFFICER_CARD_MAX);
    struct officer_card got;
    officer_card_sign(&jane, &secret, &b);
    assert_int_equal(officer_card_open(buf_bytes(&b), &got), OK);
    assert_int_equal(got.role, OFFICER_DCS);
    assert_string_equal(got.name, "Jane Roe");
    assert_memory_equal(got.key.b, jane.key.b, sizeof(got.key.b));
    assert_true(bytes_start_with(buf_bytes(&b), "folkmoot officer v1\nrole dcs\nname Jane Roe\nkey "));
    buf_release(&b);
}

static void a_card_under_another_role_name_or_key_is_refused(void **state)
{
    (void)state;
    static const struct { const char *from, *to; enum err want; } changes[] = {
        {"role dcs", "role leader", ERR_SIGNATURE},     /* its own line would need another name as well */
        {"Jane", "June", ERR_SIGNATURE},
        {"role dcs", "role mayor", ERR_FORMAT},
        {"name Jane Roe\n", "", ERR_FORMAT},
        {"officer v1", "officer v2", ERR_FORMAT},
        {"name Jane Roe", "name  Jane Roe", ERR_FORMAT},
    };
    struct buf b = buf_on(OFFICER_CARD_MAX);
    officer_card_sign(&jane, &secret, &b);
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        struct officer_card got;
        struct buf changed = buf_on(OFFICER_CARD_MAX);
        const char *text = buf_str(&b), *at = strstr(text, changes[i].from);
        assert_non_null(at);
        buf_printf(&changed, "%.*s%s%s", (int)(at - text), text, changes[i].to, at + strlen(changes[i].from));
        assert_int_equal(officer_card_open(buf_bytes(&changed), &got), changes[i].want);
        buf_release(&changed);
    }
    buf_release(&b);
}

static void a_card_signed_by_another_is_refused(void **state)
{
    (void)state;
    struct sym_secret seed;
    struct sign_secret thief;
    struct sign_public its;
    struct officer_card got;
    struct buf b = buf_on(OFFICER_CARD_MAX);
    memset(seed.b, 8, sizeof(seed.b));
    sign_keypair(&seed, &thief, &its);
    officer_card_sign(&jane, &thief, &b);               /* Jane's key under the thief's signature */
    assert_int_equal(officer_card_open(buf_bytes(&b), &got), ERR_SIGNATURE);
    struct officer_card none = {.role = OFFICER_DCS, .name = "Nobody"};     /* the key is 32 zero bytes: of small order */
    buf_clear(&b);
    officer_card_sign(&none, &thief, &b);
    assert_int_equal(officer_card_open(buf_bytes(&b), &got), ERR_KEY);
    buf_release(&b);
}

/* ---- key files ---- */

static struct buf made = {0}, made_card = {0};

static int make_file(void **state)
{
    (void)state;
    made = buf_on(OFFICER_FILE_MAX);
    made_card = buf_on(OFFICER_CARD_MAX);
    return officer_file_new(OFFICER_LEADER, "Siân Reeve", bytes_of("correct horse"), &made, &made_card) == OK ? 0 : 1;
}

static int drop_file(void **state)
{
    (void)state;
    buf_wipe(&made);
    buf_release(&made_card);
    return 0;
}

static void a_key_opens_with_its_passphrase_and_no_other(void **state)
{
    (void)state;
    struct officer_file f;
    struct officer_card card;
    struct sign_secret got;
    assert_int_equal(officer_file_parse(buf_bytes(&made), &f), OK);
    assert_int_equal(officer_card_open(buf_bytes(&made_card), &card), OK);
    assert_string_equal(f.card.name, "Siân Reeve");
    assert_memory_equal(f.card.key.b, card.key.b, sizeof(card.key.b));
    assert_int_equal(officer_file_open(&f, bytes_of("wrong horse"), &got), ERR_SECRET);
    assert_int_equal(officer_file_open(&f, bytes_of("correct horse"), &got), OK);
    struct sign_public public = sign_public_of(&got);
    assert_memory_equal(public.b, card.key.b, sizeof(public.b));
}

static enum err parse_changed(const char *from, const char *to, struct officer_file *ret)
{
    struct buf changed = buf_on(2 * OFFICER_FILE_MAX);
    const char *text = buf_str(&made), *at = strstr(text, from);
    assert_non_null(at);
    buf_printf(&changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    enum err e = officer_file_parse(buf_bytes(&changed), ret);
    buf_release(&changed);
    return e;
}

static void a_key_file_that_was_changed_is_refused(void **state)
{
    (void)state;
    struct officer_file f;
    assert_int_equal(parse_changed("role leader", "role dcs", &f), ERR_SIGNATURE);
    assert_int_equal(parse_changed("folkmoot seed v1", "folkmoot seed v2", &f), ERR_FORMAT);
    assert_int_equal(parse_changed("argon2id 3 ", "argon2id 11 ", &f), ERR_LIMIT);
    assert_int_equal(officer_file_parse(buf_bytes(&made_card), &f), ERR_FORMAT);
}

/* The card of one key before another's seed, by who knows that one's passphrase: nothing is signed under a key that is not
 * the card's. */
static void a_card_before_another_key_does_not_open(void **state)
{
    (void)state;
    struct buf b = buf_on(OFFICER_FILE_MAX);
    struct officer_file f;
    struct sign_secret got;
    struct sym_secret other;
    struct bytes pass = bytes_of("correct horse");
    memset(other.b, 9, sizeof(other.b));
    buf_put(&b, buf_bytes(&made_card));
    buf_put_str(&b, "\n");
    assert_int_equal(seed_text_new(&other, &pass, false, &b), OK);
    assert_int_equal(officer_file_parse(buf_bytes(&b), &f), OK);
    assert_int_equal(officer_file_open(&f, pass, &got), ERR_SECRET);
    buf_release(&b);
}

static void a_key_in_clear_is_no_officers_key(void **state)
{
    (void)state;
    struct buf b = buf_on(OFFICER_FILE_MAX);
    struct officer_file f;
    struct sym_secret seed;
    memset(seed.b, 7, sizeof(seed.b));
    officer_card_sign(&jane, &secret, &b);
    buf_put_str(&b, "\n");
    seed_text_clear(&seed, &b);
    assert_int_equal(officer_file_parse(buf_bytes(&b), &f), ERR_FORMAT);
    buf_release(&b);
}

/* ---- keys that the body holds ---- */

static void held_keys_are_of_one_role_and_version_each(void **state)
{
    (void)state;
    struct sym_secret seed;
    struct sign_secret s[OFFICER_ROLE_COUNT * 3 + 2];
    struct sign_public p[OFFICER_ROLE_COUNT * 3 + 2];
    size_t n = 0;
    memset(seed.b, 1, sizeof(seed.b));
    for (uint32_t v = 1; v <= 3; v++)
        for (int r = 0; r < OFFICER_ROLE_COUNT; r++, n++)
            officer_held_key(&seed, (enum officer_role)r, v, &s[n], &p[n]);
    seed_sign_key(&seed, PURPOSE_LOG, 2, &s[n], &p[n]);
    n++;
    seed_root(&seed, &s[n], &p[n]);
    n++;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(p[i].b, p[k].b, sizeof(p[i].b));
}

static void a_held_key_is_found_by_its_public_half(void **state)
{
    (void)state;
    struct sym_secret seed, other;
    struct sign_secret want, got;
    struct officer o = {.role = OFFICER_ANALYST};
    memset(seed.b, 1, sizeof(seed.b));
    memset(other.b, 2, sizeof(other.b));
    officer_held_key(&seed, OFFICER_ANALYST, 4, &want, &o.key);
    assert_int_equal(officer_held_find(&seed, &o, 9, &got), OK);
    assert_memory_equal(got.b, want.b, sizeof(got.b));
    assert_int_equal(officer_held_find(&seed, &o, 3, &got), ERR_UNKNOWN);
    assert_int_equal(officer_held_find(&other, &o, 9, &got), ERR_UNKNOWN);
    o.role = OFFICER_LEADER;
    assert_int_equal(officer_held_find(&seed, &o, 9, &got), ERR_UNKNOWN);
}

/* [P-92] by hand: BLAKE2b of libsodium's crypto_kdf, computed by Python's hashlib. */
static void a_held_key_is_the_one_of_the_specification(void **state)
{
    (void)state;
    struct sym_secret seed;
    struct sign_secret s;
    struct sign_public p;
    uint8_t want[32];
    memset(seed.b, 1, sizeof(seed.b));
    officer_held_key(&seed, OFFICER_DCS, 2, &s, &p);
    assert_int_equal(hex_decode(bytes_of(
        "a2d326ce86f817a31acaefb9bc45a8e4f8ff7954279f2ce62d62696ab66c8338"), want, sizeof(want)), OK);
    assert_memory_equal(s.b, want, sizeof(want));       /* the signing seed stands in front */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_comes_back_as_it_was_signed),
        cmocka_unit_test(a_card_under_another_role_name_or_key_is_refused),
        cmocka_unit_test(a_card_signed_by_another_is_refused),
        cmocka_unit_test_setup_teardown(a_key_opens_with_its_passphrase_and_no_other, make_file, drop_file),
        cmocka_unit_test_setup_teardown(a_key_file_that_was_changed_is_refused, make_file, drop_file),
        cmocka_unit_test_setup_teardown(a_card_before_another_key_does_not_open, make_file, drop_file),
        cmocka_unit_test(a_key_in_clear_is_no_officers_key),
        cmocka_unit_test(held_keys_are_of_one_role_and_version_each),
        cmocka_unit_test(a_held_key_is_found_by_its_public_half),
        cmocka_unit_test(a_held_key_is_the_one_of_the_specification),
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, make_key, NULL);
}
