#include "tests/unit/vectors.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>

#include "protocol/decimal.h"

static struct decimal dec(const char *text)
{
    struct decimal d;
    if (decimal_parse(bytes_of(text), &d) != OK)
        fail_msg("not a decimal: %s", text);
    return d;
}

static enum err parse(const char *text)
{
    struct decimal d;
    return decimal_parse(bytes_of(text), &d);
}

static void assert_text(struct decimal d, const char *want)
{
    char got[DECIMAL_TEXT_MAX];
    decimal_text(d, got);
    assert_string_equal(got, want);
}

static void texts_read_back_with_the_decimals_they_were_published_with(void **state)
{
    (void)state;
    static const char *const same[] = {"0", "0.0", "7", "58.0", "-0.50", "0.000000001", "-12.345", "100",
                                       "999999999999999999", "-999999999.999999999", "0.05", "10.00"};
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
        assert_text(dec(same[i]), same[i]);
    assert_text(dec("007"), "7");
    assert_text(dec("-0"), "0");
    assert_text(dec("-0.0"), "0.0");
    assert_text(dec("0000000000000000000000000001.5"), "1.5");
    assert_int_equal(dec("58.0").mantissa, 580);
    assert_int_equal(dec("58.0").scale, 1);
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "-", ".", "-.", "1.", ".5", "-.5", "1.2.3", "+1", "1e3", "1,000", " 1", "1 ",
                                      "--1", "c", "z", "0x1", "1-", "\xc2\xbd", "NaN", "inf"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (parse(bad[i]) != ERR_FORMAT)
            fail_msg("taken: \"%s\"", bad[i]);
    assert_int_equal(parse("1000000000000000000"), ERR_LIMIT);
    assert_int_equal(parse("0.0000000001"), ERR_LIMIT);
    assert_int_equal(parse("9999999999.999999999"), ERR_LIMIT);
    assert_int_equal(parse("99999999999999999999999999999999999999999999999999999999"), ERR_LIMIT);
    assert_int_equal(parse("340282366920938463463374607431768211456"), ERR_LIMIT);      /* 2^128 is not 0 */
    assert_int_equal(parse("99999999999999999999999999999999999999999999999x"), ERR_FORMAT);
}

static void a_failure_leaves_the_result_alone(void **state)
{
    (void)state;
    struct decimal d = dec("4.2");
    assert_int_equal(decimal_parse(bytes_of("x"), &d), ERR_FORMAT);
    assert_int_equal(decimal_ratio(1, dec("1"), dec("0"), 1, &d), ERR_FORMAT);
    assert_int_equal(decimal_ratio(10000, dec("999999999999999999"), dec("1"), 0, &d), ERR_LIMIT);
    assert_int_equal(decimal_add(dec("999999999999999999"), dec("1"), &d), ERR_LIMIT);
    assert_int_equal(decimal_round(dec("999999999999999999"), -1, &d), ERR_LIMIT);
    assert_text(d, "4.2");
}

static void decimals_compare_by_value(void **state)
{
    (void)state;
    assert_int_equal(decimal_compare(dec("58"), dec("58.0")), 0);
    assert_int_equal(decimal_compare(dec("0.1"), dec("0.09999")), 1);
    assert_int_equal(decimal_compare(dec("-2"), dec("-1.999999999")), -1);
    assert_int_equal(decimal_compare(dec("999999999999999999"), dec("999999999.999999999")), 1);
    assert_int_equal(decimal_compare(dec("999999999999999999"), dec("999999999999999998")), 1);
    assert_int_equal(decimal_compare(dec("-0.0"), dec("0")), 0);
}

static void a_double_is_the_nearest_one(void **state)
{
    (void)state;
    assert_true(decimal_double(dec("58.3")) == 58.3);
    assert_true(decimal_double(dec("-0.000000001")) == -0.000000001);
    assert_true(decimal_double(dec("12345678.9")) == 12345678.9);
}

static void assert_ratio(uint64_t multiplier, const char *n, const char *d, uint8_t decimals, const char *want)
{
    struct decimal got = {0};
    assert_int_equal(decimal_ratio(multiplier, dec(n), dec(d), decimals, &got), OK);
    assert_text(got, want);
}

static void ratios_round_half_away_from_zero(void **state)
{
    (void)state;
    assert_ratio(100, "1", "8", 0, "13");               /* 12.5: half to even would say 12 */
    assert_ratio(100, "1", "8", 1, "12.5");
    assert_ratio(100, "-1", "8", 0, "-13");
    assert_ratio(100, "1", "-8", 0, "-13");
    assert_ratio(100, "0", "7", 1, "0.0");
    assert_ratio(10000, "418", "58260", 0, "72");
    assert_ratio(100, "9", "1613", 1, "0.6");
    assert_ratio(1, "20.5", "4.1", 1, "5.0");           /* parts with decimals */
    assert_ratio(1, "1", "0.00000001", 9, "100000000.000000000");
}

static void only_a_result_that_is_too_long_overflows(void **state)
{
    (void)state;
    struct decimal got;
    assert_ratio(1000000, "999999999999999999", "999999999999999999", 9, "1000000.000000000");
    assert_ratio(UINT64_MAX, "0.000000001", "999999999999999999", 9, "0.000000018");
    assert_ratio(UINT64_MAX, "1", "999999999999999999", 0, "18");
    assert_ratio(1, "999999999999999999", "1", 0, "999999999999999999");
    assert_int_equal(decimal_ratio(1, dec("999999999999999999"), dec("1"), 1, &got), ERR_LIMIT);
    assert_int_equal(decimal_ratio(2, dec("999999999999999999"), dec("1"), 0, &got), ERR_LIMIT);
    assert_int_equal(decimal_ratio(1, dec("2000000000000000.00"), dec("0.002"), 0, &got), ERR_LIMIT);
    assert_int_equal(decimal_ratio(UINT64_MAX, dec("999999999999999999"), dec("0.000000001"), 9, &got), ERR_LIMIT);
}

static void sums_are_exact(void **state)
{
    (void)state;
    struct decimal d;
    assert_int_equal(decimal_add(dec("0.1"), dec("0.2"), &d), OK);
    assert_text(d, "0.3");
    assert_int_equal(decimal_add(dec("1"), dec("-0.001"), &d), OK);
    assert_text(d, "0.999");
    assert_int_equal(decimal_add(dec("-5"), dec("5.00"), &d), OK);
    assert_text(d, "0.00");
    assert_int_equal(decimal_add(dec("999999999999999999"), dec("-999999999999999999"), &d), OK);
    assert_text(d, "0");
    assert_int_equal(decimal_add(dec("9999999999"), dec("0.000000001"), &d), ERR_LIMIT);
}

static void assert_round(const char *in, int decimals, const char *want)
{
    struct decimal d;
    assert_int_equal(decimal_round(dec(in), decimals, &d), OK);
    assert_text(d, want);
}

static void rounding_goes_half_away_from_zero_and_to_tens(void **state)
{
    (void)state;
    assert_round("2.5", 0, "3");
    assert_round("-2.5", 0, "-3");
    assert_round("2.4999", 0, "2");
    assert_round("0.05", 1, "0.1");
    assert_round("0.95", 1, "1.0");
    assert_round("58", 1, "58");                        /* nothing to round: as it was published */
    assert_round("12345", -1, "12350");
    assert_round("12344.9", -1, "12340");
    assert_round("-15", -1, "-20");
    assert_round("4.9", -1, "0");
    assert_round("123456789.123456789", -9, "0");
    assert_round("500000000.000000000", -9, "1000000000");
    assert_round("499999999999999999", -18, "0");
}

/* A model that shares nothing with the product: long numbers as arrays of decimal digits,
 * multiplied and divided as at school. */
enum { MODEL_DIGITS = 80 };
struct number { uint8_t d[MODEL_DIGITS]; };             /* d[0] is the units */

static struct number number_of(uint64_t v)
{
    struct number n = {{0}};
    for (int i = 0; v > 0; v /= 10)
        n.d[i++] = (uint8_t)(v % 10);
    return n;
}

static struct number product(const struct number *a, const struct number *b)
{
    unsigned sum[MODEL_DIGITS + 1] = {0};
    struct number n;
    for (int i = 0; i < MODEL_DIGITS; i++)
        for (int j = 0; i + j < MODEL_DIGITS; j++)
            sum[i + j] += (unsigned)a->d[i] * b->d[j];
    for (int i = 0; i < MODEL_DIGITS; i++) {
        n.d[i] = (uint8_t)(sum[i] % 10);
        sum[i + 1] += sum[i] / 10;
    }
    return n;
}

static struct number shifted(const struct number *a, unsigned places)
{
    struct number n = {{0}};
    memcpy(n.d + places, a->d, MODEL_DIGITS - places);
    return n;
}

static int number_compare(const struct number *a, const struct number *b)
{
    for (int i = MODEL_DIGITS; i-- > 0;)
        if (a->d[i] != b->d[i])
            return a->d[i] < b->d[i] ? -1 : 1;
    return 0;
}

static void subtract(struct number *a, const struct number *b)
{
    int borrow = 0;
    for (int i = 0; i < MODEL_DIGITS; i++) {
        int v = a->d[i] - b->d[i] - borrow;
        borrow = v < 0;
        a->d[i] = (uint8_t)(v + 10 * borrow);
    }
}

/* a / b rounded half up, as text of digits without leading zeros. */
static void model_divide(const struct number *a, const struct number *b, char ret[MODEL_DIGITS + 1])
{
    struct number rest = {{0}}, quotient = {{0}};
    for (int i = MODEL_DIGITS; i-- > 0;) {
        rest = shifted(&rest, 1);
        rest.d[0] = a->d[i];
        while (number_compare(&rest, b) >= 0) {
            subtract(&rest, b);
            quotient.d[i]++;
        }
    }
    struct number two = number_of(2), twice = product(&rest, &two);
    if (number_compare(&twice, b) >= 0)
        for (int i = 0; ++quotient.d[i] == 10; i++)
            quotient.d[i] = 0;
    int top = MODEL_DIGITS - 1;
    while (top > 0 && quotient.d[top] == 0)
        top--;
    for (int i = 0; i <= top; i++)
        ret[i] = (char)('0' + quotient.d[top - i]);
    ret[top + 1] = '\0';
}

/* splitmix64, so that a failure can be played again from its seed. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Numbers of every length, with ties and small divisors more often than chance. */
static struct decimal random_decimal(uint64_t *seed)
{
    uint64_t r = next_random(seed), limit = 1;
    for (uint64_t i = r % 19; i > 0; i--)
        limit *= 10;
    struct decimal d = {(int64_t)(next_random(seed) % limit), (uint8_t)(r / 32 % (DECIMAL_SCALE_MAX + 1))};
    if (r >> 60 == 0)
        d.mantissa = r & 1 ? 1 : 5;
    if (r >> 59 & 1)
        d.mantissa = -d.mantissa;
    return d;
}

static void ratios_agree_with_long_division_on_paper(void **state)
{
    (void)state;
    uint64_t seed = 20250331;
    unsigned n_ok = 0, n_limit = 0;
    for (int i = 0; i < 4000; i++) {
        static const uint64_t multipliers[] = {1, 100, 10000, 1000000, UINT64_MAX};
        struct decimal n = random_decimal(&seed), d = random_decimal(&seed), got = {0};
        uint64_t multiplier = multipliers[next_random(&seed) % 5];
        uint8_t decimals = (uint8_t)(next_random(&seed) % (DECIMAL_SCALE_MAX + 1));
        if (d.mantissa == 0)
            continue;
        struct number m = number_of(multiplier), top = number_of((uint64_t)(n.mantissa < 0 ? -n.mantissa : n.mantissa));
        struct number bottom = number_of((uint64_t)(d.mantissa < 0 ? -d.mantissa : d.mantissa));
        top = product(&top, &m);
        top = shifted(&top, (unsigned)d.scale + decimals);
        bottom = shifted(&bottom, n.scale);
        char want[MODEL_DIGITS + 1], text[MODEL_DIGITS + 1];
        model_divide(&top, &bottom, want);
        enum err e = decimal_ratio(multiplier, n, d, decimals, &got);
        if (e == OK)
            (void)snprintf(text, sizeof(text), "%lld", (long long)(got.mantissa < 0 ? -got.mantissa : got.mantissa));
        bool same = strlen(want) > 18 ? e == ERR_LIMIT
                                      : e == OK && strcmp(text, want) == 0 && got.scale == decimals
                                            && (got.mantissa == 0
                                                || (got.mantissa < 0) == ((n.mantissa < 0) != (d.mantissa < 0)));
        if (!same)
            fail_msg("case %d: %lld/10^%u over %lld/10^%u times %llu at %u: %s, want %s", i, (long long)n.mantissa,
                     n.scale, (long long)d.mantissa, d.scale, (unsigned long long)multiplier, decimals,
                     e == OK ? text : err_code(e), want);
        n_ok += e == OK;
        n_limit += e == ERR_LIMIT;
    }
    assert_true(n_ok > 1000 && n_limit > 100);
}

static void rounding_agrees_with_long_division_on_paper(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int i = 0; i < 4000; i++) {
        struct decimal d = random_decimal(&seed), got = {0}, want = {0};
        uint8_t decimals = (uint8_t)(next_random(&seed) % (DECIMAL_SCALE_MAX + 1));
        assert_int_equal(decimal_round(d, decimals, &got), OK);
        if (decimals >= d.scale) {
            want = d;
        } else {
            struct number top = number_of((uint64_t)(d.mantissa < 0 ? -d.mantissa : d.mantissa)), one = number_of(1);
            struct number bottom = shifted(&one, (unsigned)(d.scale - decimals));
            char text[MODEL_DIGITS + 1];
            model_divide(&top, &bottom, text);
            want = dec(text);
            want.mantissa = d.mantissa < 0 ? -want.mantissa : want.mantissa;
            want.scale = decimals;
        }
        assert_int_equal(got.mantissa, want.mantissa);
        assert_int_equal(got.scale, want.scale);
    }
}

static void comparing_and_adding_agree_with_each_other(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (int i = 0; i < 4000; i++) {
        struct decimal a = random_decimal(&seed), b = random_decimal(&seed), less, back;
        b.mantissa /= 1000000000;                       /* so that most sums have room */
        a.mantissa /= 1000000000;
        struct decimal minus_b = {-b.mantissa, b.scale};
        assert_int_equal(decimal_add(a, minus_b, &less), OK);
        assert_int_equal(decimal_compare(a, b), less.mantissa < 0 ? -1 : less.mantissa > 0);
        assert_int_equal(decimal_add(less, b, &back), OK);
        assert_int_equal(decimal_compare(back, a), 0);
    }
}

static void packed_decimals_have_the_frozen_bytes_and_read_back(void **state)
{
    (void)state;
    size_t i;
    const json_t *v;
    json_t *vectors = vectors_load("tests/vectors/folkmoot/record.json");
    struct buf got = buf_on(64), want = buf_on(64);
    json_array_foreach(json_object_get(vectors, "decimals"), i, v) {
        buf_clear(&got);
        pack_decimal(&got, dec(vector_text(v, "text")));
        assert_bytes_equal(buf_bytes(&got), vector_hex_bytes(v, "packed", &want));
        struct reader r = reader_on(buf_bytes(&got));
        assert_text(read_decimal(&r), vector_text(v, "text"));
        assert_int_equal(reader_finish(&r), OK);
    }
    assert_int_equal(i, 7);
    buf_release(&got);
    buf_release(&want);
    json_decref(vectors);
}

static enum err read_packed(int64_t mantissa, uint64_t scale, size_t elements)
{
    struct buf b = buf_on(64);
    pack_array(&b, elements);
    pack_int(&b, mantissa);
    for (size_t i = 1; i < elements; i++)
        pack_uint(&b, scale);
    struct reader r = reader_on(buf_bytes(&b));
    (void)read_decimal(&r);
    enum err e = reader_finish(&r);
    buf_release(&b);
    return e;
}

static void a_packed_decimal_has_one_form_a_scale(void **state)
{
    (void)state;
    assert_int_equal(read_packed(580, 1, 2), OK);
    assert_int_equal(read_packed(580, 9, 2), OK);
    assert_int_equal(read_packed(580, 0, 2), ERR_FORMAT);       /* that is the integer 580 */
    assert_int_equal(read_packed(580, 10, 2), ERR_FORMAT);
    assert_int_equal(read_packed(580, 1, 1), ERR_FORMAT);
    assert_int_equal(read_packed(580, 1, 3), ERR_FORMAT);
    assert_int_equal(read_packed(DECIMAL_MANTISSA_MAX + 1, 1, 2), ERR_FORMAT);
    assert_int_equal(read_packed(INT64_MIN, 1, 2), ERR_FORMAT);
    const uint8_t floating[] = {0xca, 0x3f, 0x80, 0, 0};
    struct reader r = reader_on((struct bytes){floating, sizeof(floating)});
    (void)read_decimal(&r);
    assert_int_equal(reader_status(&r), ERR_FORMAT);
}

/* ---- figures that the Department for Education published ---- */

struct published { char field[10][80]; unsigned n_fields, n_rows, n_recomputed; };

static void on_field(void *text, size_t len, void *arg)
{
    struct published *p = arg;
    assert_true(p->n_fields < 10 && len < sizeof(p->field[0]));
    if (len > 0)
        memcpy(p->field[p->n_fields], text, len);
    p->field[p->n_fields++][len] = '\0';
}

/* release, indicator, time_period, old_la_code, la_name, numerator, denominator, multiplier,
 * published_value, published_dp */
static void on_row(int c, void *arg)
{
    (void)c;
    struct published *p = arg;
    assert_int_equal(p->n_fields, 10);
    p->n_fields = 0;
    if (strcmp(p->field[0], "release") == 0)
        return;
    struct decimal got = {0};
    uint8_t decimals = (uint8_t)dec(p->field[9]).mantissa;
    enum err e = decimal_ratio((uint64_t)dec(p->field[7]).mantissa, dec(p->field[5]), dec(p->field[6]), decimals, &got);
    p->n_rows++;
    if (e == OK && decimal_compare(got, dec(p->field[8])) == 0)
        p->n_recomputed++;
    else
        print_message("%s %s %s: %s of %s is not %s\n", p->field[1], p->field[2], p->field[4], p->field[5],
                      p->field[6], p->field[8]);
}

/* FOLKMOOT_RECOMPUTE=FILE checks another file of the same columns. */
static void every_published_percentage_and_rate_recomputes(void **state)
{
    (void)state;
    const char *path = getenv("FOLKMOOT_RECOMPUTE");
    FILE *f = fopen(path != NULL ? path : "tests/data/dfe_percent_recompute_sample.csv", "rb");
    assert_non_null(f);
    struct csv_parser parser;
    static struct published p;
    char chunk[4096];
    assert_int_equal(csv_init(&parser, CSV_STRICT), 0);
    for (size_t n; (n = fread(chunk, 1, sizeof(chunk), f)) > 0;)
        assert_int_equal(csv_parse(&parser, chunk, n, on_field, on_row, &p), n);
    csv_fini(&parser, on_field, on_row, &p);
    csv_free(&parser);
    (void)fclose(f);
    if (path != NULL)
        print_message("%u of %u rows recompute\n", p.n_recomputed, p.n_rows);
    assert_true(p.n_rows >= 500);
    assert_int_equal(p.n_recomputed, p.n_rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_read_back_with_the_decimals_they_were_published_with),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(a_failure_leaves_the_result_alone),
        cmocka_unit_test(decimals_compare_by_value),
        cmocka_unit_test(a_double_is_the_nearest_one),
        cmocka_unit_test(ratios_round_half_away_from_zero),
        cmocka_unit_test(only_a_result_that_is_too_long_overflows),
        cmocka_unit_test(sums_are_exact),
        cmocka_unit_test(rounding_goes_half_away_from_zero_and_to_tens),
        cmocka_unit_test(ratios_agree_with_long_division_on_paper),
        cmocka_unit_test(rounding_agrees_with_long_division_on_paper),
        cmocka_unit_test(comparing_and_adding_agree_with_each_other),
        cmocka_unit_test(packed_decimals_have_the_frozen_bytes_and_read_back),
        cmocka_unit_test(a_packed_decimal_has_one_form_a_scale),
        cmocka_unit_test(every_published_percentage_and_rate_recomputes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
