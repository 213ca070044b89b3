/* tests/unit/test_signoff.c - an officer's word on a return holds for that return, that office and that key alone. */
#include "protocol/signoff.h"

#include <stdio.h>

#include "tests/unit/vectors.h"

static struct sign_secret dcs_secret;
static struct officer dcs = {.role = OFFICER_DCS, .is_own = true}, analyst = {.role = OFFICER_ANALYST};
static const struct origin origin = {.slug = {"barsetshire"}, .generation = 1};

static int make_keys(void **state)
{
    struct sym_secret seed;
    struct sign_secret other;
    (void)state;
    memset(seed.b, 7, sizeof(seed.b));
    sign_keypair(&seed, &dcs_secret, &dcs.key);
    memset(seed.b, 8, sizeof(seed.b));
    sign_keypair(&seed, &other, &analyst.key);
    return 0;
}

static struct batch_return quarter(void)
{
    return (struct batch_return){.title = "Q2", .first = 17, .count = 400, .source = {{1, 2, 3}}, .signed_off = "Jane Roe"};
}

static struct batch_return signed_quarter(void)
{
    struct batch_return r = quarter();
    assert_int_equal(signoff_make(&origin, OFFICER_DCS, &dcs_secret, &r), OK);
    return r;
}

static enum err check(const struct batch_return *r)
{
    const struct officer list[] = {analyst, dcs};
    return signoff_check(&origin, r, list, 2);
}

static void the_text_says_what_is_signed(void **state)
{
    (void)state;
    struct buf text = buf_on(1024);
    struct batch_return r = quarter();
    signoff_text(&origin, &r, &text);
    assert_string_equal(buf_str(&text), "folkmoot return v1\n"
                                        "origin folkmoot/00000000000000000000000000000000/barsetshire\ntitle Q2\n"
                                        "first 17\ncount 400\n"
                                        "source AQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nname Jane Roe\n");
    r.signed_off[0] = '\0';
    buf_clear(&text);
    signoff_text(&origin, &r, &text);
    assert_null(strstr(buf_str(&text), "name"));
    buf_release(&text);
}

static void it_holds_for_nothing_else(void **state)
{
    (void)state;
    struct batch_return r = signed_quarter();
    struct origin other = origin;
    assert_int_equal(check(&r), OK);
    r.title[0] = 'X';
    assert_int_equal(check(&r), ERR_SIGNATURE);
    r = signed_quarter();
    r.first++;
    assert_int_equal(check(&r), ERR_SIGNATURE);
    r = signed_quarter();
    r.count--;
    assert_int_equal(check(&r), ERR_SIGNATURE);
    r = signed_quarter();
    r.source.b[31] ^= 1;
    assert_int_equal(check(&r), ERR_SIGNATURE);
    r = signed_quarter();
    r.signed_off[0] = 'X';
    assert_int_equal(check(&r), ERR_SIGNATURE);
    r = signed_quarter();
    other.generation = 2;
    assert_int_equal(signoff_check(&other, &r, &dcs, 1), ERR_SIGNATURE);
}

static void it_holds_for_that_office_and_key_alone(void **state)
{
    (void)state;
    struct batch_return r = signed_quarter(), none = quarter();
    struct officer promoted = {.role = OFFICER_ANALYST, .key = dcs.key};
    assert_int_equal(signoff_check(&origin, &r, &analyst, 1), ERR_SIGNATURE);
    assert_int_equal(signoff_check(&origin, &r, &promoted, 1), ERR_SIGNATURE);
    assert_int_equal(signoff_check(&origin, &r, NULL, 0), ERR_SIGNATURE);      /* revoked before */
    assert_int_equal(check(&none), ERR_UNKNOWN);
}

static void it_comes_back_with_its_record(void **state)
{
    (void)state;
    struct batch_return r = signed_quarter(), got;
    struct buf b = buf_on(4096);
    return_write(&r, &b);
    assert_int_equal(return_read(buf_bytes(&b), &got), OK);
    assert_string_equal(got.signed_role, "dcs");
    assert_int_equal(check(&got), OK);
    assert_int_equal(b.p[0], 0x98);
    b.p[0] = 0x97;                          /* a role, and no signature behind it: the rest is something else */
    assert_int_equal(return_read(buf_bytes(&b), &got), ERR_FORMAT);
    buf_clear(&b);
    memset(r.signed_role, 0, sizeof(r.signed_role));
    return_write(&r, &b);
    assert_int_equal(b.p[0], 0x96);
    assert_int_equal(return_read(buf_bytes(&b), &got), OK);
    assert_string_equal(got.signed_role, "");
    r.signed_role[0] = 'D';
    assert_int_equal(return_check(&r), ERR_FORMAT);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_says_what_is_signed),
        cmocka_unit_test(it_holds_for_nothing_else),
        cmocka_unit_test(it_holds_for_that_office_and_key_alone),
        cmocka_unit_test(it_comes_back_with_its_record),
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, make_keys, NULL);
}
