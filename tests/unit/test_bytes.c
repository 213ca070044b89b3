#include "protocol/bytes.h"

#include <stdlib.h>

#include "tests/unit/vectors.h"

static void equal_bytes_have_the_same_length_and_contents(void **state)
{
    (void)state;
    assert_true(bytes_equal(bytes_of("abc"), bytes_of("abc")));
    assert_false(bytes_equal(bytes_of("abc"), bytes_of("abd")));
    assert_false(bytes_equal(bytes_of("abc"), bytes_of("ab")));
    assert_true(bytes_equal((struct bytes){NULL, 0}, bytes_of("")));
    assert_true(bytes_start_with(bytes_of("abc"), "ab"));
    assert_true(bytes_start_with(bytes_of("ab"), "ab"));
    assert_true(bytes_start_with((struct bytes){NULL, 0}, ""));
    assert_false(bytes_start_with(bytes_of("a"), "ab"));
    assert_false(bytes_start_with(bytes_of("xab"), "ab"));
}

static void a_line_needs_its_newline(void **state)
{
    (void)state;
    struct bytes in = bytes_of("one\n\ntwo"), line = {NULL, 0};
    assert_true(bytes_line(&in, &line));
    assert_bytes_equal(line, bytes_of("one"));
    assert_true(bytes_line(&in, &line));
    assert_int_equal(line.len, 0);
    line = bytes_of("kept");
    assert_false(bytes_line(&in, &line));
    assert_bytes_equal(line, bytes_of("kept"));
    assert_bytes_equal(in, bytes_of("two"));
    in = (struct bytes){NULL, 0};
    assert_false(bytes_line(&in, &line));
}

static void words_are_parted_by_one_space_each(void **state)
{
    (void)state;
    struct bytes in = bytes_of("member kent authority"), word;
    static const char *const words[] = {"member", "kent", "authority"};
    for (size_t i = 0; i < 3; i++) {
        assert_true(bytes_word(&in, &word));
        assert_bytes_equal(word, bytes_of(words[i]));
    }
    assert_int_equal(in.len, 0);
    assert_false(bytes_word(&in, &word));
}

/* A closed text has one form: a space too many anywhere must be seen. */
static void a_space_without_a_word_is_never_passed_over(void **state)
{
    (void)state;
    static const char *const bad[] = {" kent", "kent ", "kent  surrey", " ", ""};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct bytes in = bytes_of(bad[i]), word = bytes_of("kept");
        assert_false(bytes_word(&in, &word));
        assert_bytes_equal(in, bytes_of(bad[i]));
        assert_bytes_equal(word, bytes_of("kept"));
    }
}

static void a_number_has_one_decimal_form(void **state)
{
    (void)state;
    static const struct { const char *text; uint64_t max, want; } good[] = {
        {"0", 0, 0}, {"7", 7, 7}, {"10", 10, 10}, {"18446744073709551615", UINT64_MAX, UINT64_MAX},
        {"9223372036854775807", INT64_MAX, INT64_MAX}};
    static const struct { const char *text; uint64_t max; } bad[] = {
        {"", 9}, {"00", 9}, {"01", 9}, {"+1", 9}, {"-1", 9}, {"1 ", 9}, {" 1", 9}, {"1x", 9}, {"0x1", 99},
        {"8", 7}, {"18446744073709551616", UINT64_MAX}, {"18446744073709551615", UINT64_MAX - 1},
        {"99999999999999999999", UINT64_MAX}, {"36893488147419103232", UINT64_MAX}, {"1/", 99}, {"1:", 99}};
    uint64_t v;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(bytes_u64(bytes_of(good[i].text), good[i].max, &v), OK);
        assert_true(v == good[i].want);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        v = 42;
        assert_int_equal(bytes_u64(bytes_of(bad[i].text), bad[i].max, &v), ERR_FORMAT);
        assert_int_equal(v, 42);
    }
}

static void a_string_must_fit_with_its_nul_and_hold_none(void **state)
{
    (void)state;
    char s[4] = "old";
    assert_int_equal(bytes_to_str(bytes_of("abc"), s, sizeof(s)), OK);
    assert_string_equal(s, "abc");
    assert_int_equal(bytes_to_str((struct bytes){NULL, 0}, s, sizeof(s)), OK);
    assert_string_equal(s, "");
    assert_int_equal(bytes_to_str(bytes_of("abcd"), s, sizeof(s)), ERR_LIMIT);
    assert_int_equal(bytes_to_str((struct bytes){(const uint8_t *)"a\0b", 3}, s, sizeof(s)), ERR_FORMAT);
    assert_string_equal(s, "");
}

static void a_buffer_keeps_what_is_put_in_order(void **state)
{
    (void)state;
    struct buf b = buf_on(100000);
    assert_int_equal(buf_bytes(&b).len, 0);
    assert_string_equal(buf_str(&b), "");
    buf_put_str(&b, "a");
    buf_put(&b, bytes_of("bc"));
    buf_put_u8(&b, 'd');
    buf_printf(&b, "%d-%s", 12, "e");
    buf_put(&b, (struct bytes){NULL, 0});
    uint8_t *at = buf_grow(&b, 2);
    assert_non_null(at);
    memcpy(at, "fg", 2);
    assert_int_equal(buf_status(&b), OK);
    assert_string_equal(buf_str(&b), "abcd12-efg");
    assert_int_equal(b.len, 10);
    for (size_t i = 0; i < 20000; i++)                  /* across many growths */
        buf_put_u8(&b, (uint8_t)i);
    assert_int_equal(buf_status(&b), OK);
    assert_int_equal(b.len, 20010);
    assert_memory_equal(b.p, "abcd12-efg", 10);
    for (size_t i = 0; i < 20000; i++)
        assert_int_equal(b.p[10 + i], (uint8_t)i);
    buf_release(&b);
    assert_int_equal(b.len, 0);
    assert_null(b.p);
    buf_put_str(&b, "again");                           /* as buf_on() left it: the limit is kept */
    assert_string_equal(buf_str(&b), "again");
    buf_wipe(&b);
    assert_null(b.p);
}

static void a_buffer_takes_exactly_its_limit(void **state)
{
    (void)state;
    struct buf b = buf_on(4);
    buf_put_str(&b, "abc");
    buf_put_u8(&b, 'd');
    assert_int_equal(buf_status(&b), OK);
    assert_string_equal(buf_str(&b), "abcd");
    buf_put_u8(&b, 'e');
    assert_int_equal(buf_status(&b), ERR_LIMIT);
    buf_release(&b);

    b = buf_on(4);
    buf_printf(&b, "%s", "abcde");
    assert_int_equal(buf_status(&b), ERR_LIMIT);
    assert_int_equal(b.len, 0);
    buf_release(&b);
}

static void a_failed_put_is_remembered_until_cleared(void **state)
{
    (void)state;
    struct buf b = buf_on(4);
    buf_put_str(&b, "abc");
    buf_put_str(&b, "too long");
    buf_put_u8(&b, 'd');                                /* would fit, but a hole must not go unseen */
    assert_null(buf_grow(&b, 1));
    buf_printf(&b, "x");
    assert_int_equal(buf_status(&b), ERR_LIMIT);
    assert_null(buf_str(&b));
    assert_bytes_equal(buf_bytes(&b), bytes_of("abc"));
    buf_clear(&b);
    assert_int_equal(buf_status(&b), OK);
    buf_put_str(&b, "wxyz");
    assert_string_equal(buf_str(&b), "wxyz");
    buf_release(&b);
}

static void integers_are_big_endian(void **state)
{
    (void)state;
    uint8_t p[8];
    put_u64be(p, 0x0123456789abcdefu);
    assert_memory_equal(p, "\x01\x23\x45\x67\x89\xab\xcd\xef", 8);
    assert_true(get_u64be(p) == 0x0123456789abcdefu);
    assert_int_equal(get_u32be(p), 0x01234567);
    assert_int_equal(get_u16be(p), 0x0123);
    put_u32be(p, 0xfedcba98u);
    put_u16be(p + 4, 0x7654);
    assert_memory_equal(p, "\xfe\xdc\xba\x98\x76\x54", 6);
    assert_true(get_u32be(p) == 0xfedcba98u);
    memset(p, 0xff, 8);
    assert_true(get_u64be(p) == UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_bytes_have_the_same_length_and_contents),
        cmocka_unit_test(a_line_needs_its_newline),
        cmocka_unit_test(words_are_parted_by_one_space_each),
        cmocka_unit_test(a_space_without_a_word_is_never_passed_over),
        cmocka_unit_test(a_number_has_one_decimal_form),
        cmocka_unit_test(a_string_must_fit_with_its_nul_and_hold_none),
        cmocka_unit_test(a_buffer_keeps_what_is_put_in_order),
        cmocka_unit_test(a_buffer_takes_exactly_its_limit),
        cmocka_unit_test(a_failed_put_is_remembered_until_cleared),
        cmocka_unit_test(integers_are_big_endian),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
