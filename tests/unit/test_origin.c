#include "protocol/origin.h"

#include <stdlib.h>

#include "tests/unit/vectors.h"

static int start(void **state)
{
    (void)state;
    return crypto_start() == OK ? 0 : 1;
}

static void a_slug_is_two_to_forty_small_letters_digits_and_hyphens(void **state)
{
    (void)state;
    static const char *const good[] = {"ab", "east-sussex", "a1", "a-", "z-9",
                                       "a234567890123456789012345678901234567890"};
    static const char *const bad[] = {"", "a", "A1", "1a", "-a", "east sussex", "east_sussex", "caf\xc3\xa9", "aB",
                                      "a/b", "ab\n", "a2345678901234567890123456789012345678901"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct slug s;
        memset(&s, 0xff, sizeof(s));
        assert_int_equal(slug_parse(bytes_of(good[i]), &s), OK);
        assert_string_equal(s.s, good[i]);
        for (size_t k = strlen(good[i]); k < sizeof(s.s); k++)
            assert_int_equal(s.s[k], 0);        /* unused bytes are zero: slugs may be stored whole */
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct slug s = {"kent"};
        assert_int_equal(slug_parse(bytes_of(bad[i]), &s), ERR_FORMAT);
        assert_string_equal(s.s, "kent");
    }
    assert_int_equal(slug_parse((struct bytes){(const uint8_t *)"a\0b", 3}, &(struct slug){0}), ERR_FORMAT);
}

static void slugs_sort_as_their_letters_do(void **state)
{
    (void)state;
    const struct slug a = {"kent"}, b = {"kent-1"}, c = {"surrey"};
    assert_true(slug_compare(&a, &b) < 0 && slug_compare(&b, &c) < 0 && slug_compare(&c, &a) > 0);
    assert_true(slug_equal(&a, &a));
    assert_false(slug_equal(&a, &b));
}

static void the_frozen_origins_are_written_and_read_back(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/folkmoot/origin.json");
    const json_t *good = json_object_get(v, "good");
    assert_true(json_array_size(good) > 0);
    for (size_t i = 0; i < json_array_size(good); i++) {
        const json_t *c = json_array_get(good, i);
        struct origin o, back;
        char text[ORIGIN_MAX + 1];
        vector_fixed(c, "alliance", o.alliance.b, sizeof(o.alliance.b));
        assert_int_equal(slug_parse(vector_bytes(c, "slug"), &o.slug), OK);
        o.generation = (uint32_t)vector_u64(c, "generation");
        origin_text(&o, text);
        assert_string_equal(text, vector_text(c, "text"));
        assert_int_equal(origin_parse(bytes_of(text), &back), OK);
        assert_true(origin_equal(&o, &back));
    }
    json_decref(v);
}

static void every_other_form_of_an_origin_is_refused(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/folkmoot/origin.json");
    const json_t *bad = json_object_get(v, "bad");
    assert_true(json_array_size(bad) > 0);
    for (size_t i = 0; i < json_array_size(bad); i++) {
        const json_t *s = json_array_get(bad, i);
        struct bytes text = {(const uint8_t *)json_string_value(s), json_string_length(s)};
        struct origin o = {.generation = 7};
        if (origin_parse(text, &o) != ERR_FORMAT)
            fail_msg("taken: %s", json_string_value(s));
        assert_int_equal(o.generation, 7);
    }
    json_decref(v);
}

/* Each copy is as long as its contents, so that the sanitizer sees a read past the end. */
static void every_beginning_of_an_origin_is_another_or_none(void **state)
{
    (void)state;
    const char *whole = "folkmoot/000102030405060708090a0b0c0d0e0f/east-sussex/4294967295";
    for (size_t len = 0; len < strlen(whole); len++) {
        uint8_t *copy = malloc(len > 0 ? len : 1);
        assert_non_null(copy);
        memcpy(copy, whole, len);
        struct origin o;
        char text[ORIGIN_MAX + 1];
        if (origin_parse((struct bytes){copy, len}, &o) == OK) {
            origin_text(&o, text);
            assert_bytes_equal(bytes_of(text), ((struct bytes){copy, len}));
        } else {
            assert_true(len < 9 + 32 + 1 + 2 || copy[len - 1] == '/');
        }
        free(copy);
    }
}

static void origins_differ_by_alliance_slug_and_generation(void **state)
{
    (void)state;
    const struct origin a = {.slug = {"kent"}, .generation = 1};
    struct origin b = a;
    assert_true(origin_equal(&a, &b));
    b.generation = 2;
    assert_false(origin_equal(&a, &b));
    b = a;
    b.slug = (struct slug){"surrey"};
    assert_false(origin_equal(&a, &b));
    b = a;
    b.alliance.b[15] = 1;
    assert_false(origin_equal(&a, &b));
    assert_false(alliance_equal(&a.alliance, &b.alliance));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slug_is_two_to_forty_small_letters_digits_and_hyphens),
        cmocka_unit_test(slugs_sort_as_their_letters_do),
        cmocka_unit_test(the_frozen_origins_are_written_and_read_back),
        cmocka_unit_test(every_other_form_of_an_origin_is_refused),
        cmocka_unit_test(every_beginning_of_an_origin_is_another_or_none),
        cmocka_unit_test(origins_differ_by_alliance_slug_and_generation),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
