/* Funnels: what must not change the answer, and numbers at the edge. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cli/stats/funnel.h"
#include "tests/unit/draw.h"

enum { K_MAX = 60, ROUNDS = 400 };

static struct cell of(int64_t x, int64_t n)
{
    return (struct cell){ .has_numerator = true, .has_denominator = true, .numerator = { x, 0 }, .denominator = { n, 0 } };
}

static struct funnel test(const struct cell *cells, size_t n, enum parts_kind kind, struct funnel_point *points)
{
    static struct funnel_point room[K_MAX];
    struct funnel f;
    assert_int_equal(funnel_of(cells, n, kind, &f, points != NULL ? points : room), OK);
    return f;
}

/* ---- properties ---- */

static size_t some(struct cell *cells, enum parts_kind kind, unsigned digits)
{
    size_t k = FUNNEL_MIN + draw_below(K_MAX - FUNNEL_MIN);
    double share = kind == PARTS_RATE ? 0.01 : draw_real();
    for (size_t i = 0; i < k; i++) {
        int64_t n = (int64_t)draw_count(digits);
        double p = share * (0.5 + draw_real() / 2);
        cells[i] = of((int64_t)(p * (double)n), n);
    }
    cells[0].numerator.mantissa += cells[0].numerator.mantissa == 0;
    return k;
}

static void assert_close(double got, double want, double slack)
{
    if (!(fabs(got - want) <= slack * fmax(1, fabs(want))))
        fail_msg("%.17g is not %.17g", got, want);
}

static void the_order_of_authorities_changes_not_one_bit(void **state)
{
    (void)state;
    draw_seed("order");
    for (size_t round = 0; round < ROUNDS; round++) {
        struct cell c[K_MAX], d[K_MAX];
        struct funnel_point p[K_MAX], q[K_MAX];
        size_t at[K_MAX];
        enum parts_kind kind = round % 2 == 0 ? PARTS_PROPORTION : PARTS_RATE;
        size_t k = some(c, kind, 15);
        for (size_t i = 0; i < k; i++) {
            size_t j = draw_below(i + 1);
            at[i] = at[j];
            at[j] = i;
        }
        for (size_t i = 0; i < k; i++)
            d[i] = c[at[i]];
        struct funnel f = test(c, k, kind, p), g = test(d, k, kind, q);
        assert_int_equal(f.why, g.why);
        assert_true(f.theta == g.theta && f.phi == g.phi && f.tau2 == g.tau2);
        for (size_t i = 0; i < k; i++)
            assert_true(p[at[i]].z == q[i].z && p[at[i]].za == q[i].za);
    }
}

static enum funnel_flag mirrored(enum funnel_flag f)
{
    return f == FUNNEL_INSIDE ? f : f == FUNNEL_LOW ? FUNNEL_HIGH : FUNNEL_LOW;
}

/* Who did, against who did not: the same news with the sign turned, also where one in 10^15 did not. */
static void the_complement_of_a_proportion_mirrors_it(void **state)
{
    (void)state;
    draw_seed("complement");
    for (size_t round = 0; round < ROUNDS; round++) {
        struct cell c[K_MAX], d[K_MAX];
        struct funnel_point p[K_MAX], q[K_MAX];
        size_t k = some(c, PARTS_PROPORTION, 15);
        for (size_t i = 0; i < k; i++) {
            if (round % 3 == 0)
                c[i].numerator.mantissa = (int64_t)draw_below(3);
            if (c[i].numerator.mantissa > c[i].denominator.mantissa)
                c[i].numerator.mantissa = 0;
            d[i] = of(c[i].denominator.mantissa - c[i].numerator.mantissa, c[i].denominator.mantissa);
        }
        struct funnel f = test(c, k, PARTS_PROPORTION, p), g = test(d, k, PARTS_PROPORTION, q);
        if (f.why == FUNNEL_NO_VARIATION)
            continue;
        assert_close(g.theta, 1 - f.theta, 1e-12);
        assert_close(g.phi, f.phi, 1e-6);
        for (size_t i = 0; i < k; i++) {
            /* z is a difference of angles times 2 sqrt n: 1e-16 times 6e7 */
            assert_close(q[i].z, -p[i].z, 1e-7);
            if (fabs(fabs(p[i].z) - 1.96) > 0.1 && fabs(fabs(p[i].z) - 3.09) > 0.1 && f.theta > 1e-3)
                assert_int_equal(q[i].plain[LEVEL_998], mirrored(p[i].plain[LEVEL_998]));
        }
    }
}

static void a_rate_in_other_units_is_the_same_rate(void **state)
{
    (void)state;
    draw_seed("units");
    for (size_t round = 0; round < ROUNDS; round++) {
        struct cell c[K_MAX], d[K_MAX];
        struct funnel_point p[K_MAX], q[K_MAX];
        size_t k = some(c, PARTS_RATE, 12);
        for (size_t i = 0; i < k; i++)
            d[i] = of(c[i].numerator.mantissa, 1000 * c[i].denominator.mantissa);
        struct funnel f = test(c, k, PARTS_RATE, p), g = test(d, k, PARTS_RATE, q);
        assert_close(1000 * g.theta, f.theta, 1e-12);
        assert_close(g.phi, f.phi, 1e-7);
        assert_close(g.tau2, f.tau2, 1e-7);
        for (size_t i = 0; i < k; i++)
            assert_close(q[i].z, p[i].z, 1e-7);
    }
}

/* An adjusted flag is a plain one, a 99.8 % flag is a 95 % flag, allowing for spread never lists more; no number is none. */
static void flags_are_nested_and_every_number_is_one(void **state)
{
    (void)state;
    draw_seed("nesting");
    size_t plain = 0, adjusted = 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        struct cell c[K_MAX];
        struct funnel_point p[K_MAX];
        enum parts_kind kind = round % 2 == 0 ? PARTS_PROPORTION : PARTS_RATE;
        size_t k = some(c, kind, round % 4 < 2 ? 4 : 17);
        struct funnel f = test(c, k, kind, p);
        assert_int_equal(f.why, FUNNEL_TESTED);
        assert_true(isfinite(f.theta) && isfinite(f.phi) && isfinite(f.tau2) && f.tau2 >= 0 && f.phi >= 0);
        for (size_t i = 0; i < k; i++) {
            assert_true(isfinite(p[i].z) && isfinite(p[i].za) && p[i].s > 0 && fabs(p[i].za) <= fabs(p[i].z));
            for (enum level l = 0; l < LEVEL_COUNT; l++)
                assert_true(p[i].adjusted[l] == FUNNEL_INSIDE || p[i].adjusted[l] == p[i].plain[l]);
            assert_true(p[i].plain[LEVEL_998] == FUNNEL_INSIDE || p[i].plain[LEVEL_998] == p[i].plain[LEVEL_95]);
            assert_true(p[i].adjusted[LEVEL_998] == FUNNEL_INSIDE || p[i].adjusted[LEVEL_998] == p[i].adjusted[LEVEL_95]);
        }
        plain += f.plain[LEVEL_998];
        adjusted += f.adjusted[LEVEL_998];
    }
    assert_true(plain > adjusted && adjusted > 0);
}

/* As the method writes it, in more digits: 0 up to k phi = k - 1, the rest over D beyond; also where phi is just below 1. */
static void tau2_is_what_phi_leaves_over_k_minus_1(void **state)
{
    (void)state;
    draw_seed("tau2");
    size_t none = 0, below_one = 0;
    for (size_t round = 0; round < 40 * ROUNDS; round++) {
        struct cell c[K_MAX];
        struct funnel_point p[K_MAX];
        size_t k = FUNNEL_MIN + draw_below(12);
        for (size_t i = 0; i < k; i++) {
            int64_t n = 200 + (int64_t)draw_below(2000);
            c[i] = of((int64_t)(0.2 * (double)n + 3.6 * (draw_real() - 0.5) * sqrt(0.16 * (double)n)), n);
        }
        struct funnel f = test(c, k, PARTS_PROPORTION, p);
        long double w = 0, w2 = 0;
        for (size_t i = 0; i < k; i++) {
            w += 1 / ((long double)p[i].s * p[i].s);
            w2 += 1 / ((long double)p[i].s * p[i].s * p[i].s * p[i].s);
        }
        double over = (double)k * f.phi - (double)(k - 1);
        assert_close(f.tau2, over <= 0 ? 0 : (double)(over / (w - w2 / w)), 1e-12);
        none += f.tau2 == 0;
        below_one += f.tau2 > 0 && f.phi < 1;
        assert_true(over <= 1e-12 || f.tau2 > 0);
    }
    assert_true(none > 0 && below_one > 0);
}

/* ---- numbers at the edge ---- */

static void equal_proportions_have_no_spread_at_all(void **state)
{
    (void)state;
    struct cell c[9];
    struct funnel_point p[9];
    for (int64_t i = 0; i < 9; i++)
        c[i] = of(7 * (i + 1) * (i + 1), 10 * (i + 1) * (i + 1));
    for (enum parts_kind kind = PARTS_PROPORTION; kind <= PARTS_RATE; kind++) {
        struct funnel f = test(c, 9, kind, p);
        assert_true(f.phi == 0 && f.tau2 == 0 && p[3].z == 0 && p[8].za == 0);
    }
}

/* D = sum w - sum w^2 / sum w is the difference of two nearly equal numbers when one authority is nearly the whole. */
static void tau2_survives_one_authority_that_is_nearly_the_whole(void **state)
{
    (void)state;
    struct cell c[9];
    struct funnel_point p[9];
    for (size_t i = 0; i < 8; i++)
        c[i] = of(i % 2 == 0 ? 1 : 39, 40);
    c[8] = of(INT64_C(500000000000000), INT64_C(1000000000000000));
    struct funnel f = test(c, 9, PARTS_PROPORTION, p);
    /* eight of 40 against 10^15: D = 4 (8 x 40 x (1 - 40 / N) + N (320 / N)) = 4 x 640 but for 10^-11 */
    assert_close(f.tau2, (9 * f.phi - 8) / (4 * 640.0), 1e-9);
    assert_true(f.tau2 > 0.1);
}

static void numbers_as_large_as_records_hold_are_summed_exactly(void **state)
{
    (void)state;
    struct cell c[K_MAX];
    struct funnel_point p[K_MAX];
    for (size_t i = 0; i < K_MAX; i++)
        c[i] = of(DECIMAL_MANTISSA_MAX / 2, DECIMAL_MANTISSA_MAX);   /* their sum is beyond 64 bits */
    struct funnel f = test(c, K_MAX, PARTS_PROPORTION, p);
    assert_int_equal(f.why, FUNNEL_TESTED);
    assert_close(f.theta, 0.5, 1e-15);
    for (size_t i = 0; i < K_MAX; i++)
        assert_true(isfinite(p[i].z) && p[i].adjusted[LEVEL_95] == FUNNEL_INSIDE);
}

/* 0 of 12 against a quarter: the arcsine is beside itself, an exact test is not. */
static void an_adjusted_flag_needs_the_plain_one(void **state)
{
    (void)state;
    struct cell c[9];
    struct funnel_point p[9];
    for (int64_t i = 0; i < 8; i++)
        c[i] = of(240, 1000);
    c[8] = of(0, 12);
    struct funnel f = test(c, 9, PARTS_PROPORTION, p);
    assert_true(f.tau2 == 0 && p[8].za < -level_z(LEVEL_998));
    assert_int_equal(p[8].plain[LEVEL_998], FUNNEL_INSIDE);
    assert_int_equal(p[8].adjusted[LEVEL_998], FUNNEL_INSIDE);
}

/* ---- curves ---- */

static void assert_around(struct interval in, struct interval out, double theta, double most)
{
    double slack = 1e-12 * fmax(theta, out.upper);
    assert_true(out.lower >= 0 && out.lower <= in.lower + slack && in.lower <= theta + slack);
    assert_true(theta <= in.upper + slack && in.upper <= out.upper + slack && out.upper <= most);
}

static void curves_lie_around_the_target_and_narrow(void **state)
{
    (void)state;
    draw_seed("curves");
    for (size_t round = 0; round < ROUNDS; round++) {
        struct cell c[K_MAX];
        enum parts_kind kind = round % 2 == 0 ? PARTS_PROPORTION : PARTS_RATE;
        struct funnel f = test(c, some(c, kind, 5), kind, NULL);
        double most = kind == PARTS_RATE ? INFINITY : 1;
        struct interval before = { 0, most };
        for (double n = 1; n < 1e15; n *= 10) {
            struct interval plain = funnel_plain_limits(&f, n, LEVEL_95), wide = funnel_adjusted_limits(&f, n, LEVEL_998);
            assert_around(plain, funnel_plain_limits(&f, n, LEVEL_998), f.theta, most);
            assert_around(plain, funnel_adjusted_limits(&f, n, LEVEL_95), f.theta, most);
            assert_around(funnel_adjusted_limits(&f, n, LEVEL_95), wide, f.theta, most);
            assert_around(wide, before, f.theta, most);
            before = wide;
        }
    }
}

/* theta 0.2, tau2 0.01, n = 400 and 4: reckoned apart from this program. */
static void curves_are_those_of_the_method(void **state)
{
    (void)state;
    struct funnel f = { .kind = PARTS_PROPORTION, .why = FUNNEL_TESTED, .theta = 0.2, .tau2 = 0.01 };
    struct interval in = funnel_adjusted_limits(&f, 400, LEVEL_95);
    assert_close(in.lower, 0.0668972044157, 1e-9);
    assert_close(in.upper, 0.381418650118, 1e-9);
    in = funnel_plain_limits(&f, 400, LEVEL_95);
    assert_close(in.lower, 0.1608007200, 1e-9);
    assert_close(in.upper, 0.2391992800, 1e-9);
    in = funnel_adjusted_limits(&f, 4, LEVEL_998);
    assert_true(in.lower == 0);                  /* clamped before it is squared */
    assert_close(in.upper, 0.926221336096, 1e-9);
    f.tau2 = 0.1;                                /* here the plain curve is above 0, and cannot hide what is below */
    assert_true(funnel_adjusted_limits(&f, 400, LEVEL_95).lower == 0);
    f = (struct funnel){ .kind = PARTS_RATE, .why = FUNNEL_TESTED, .theta = 0.01, .tau2 = 0.01 };
    in = funnel_adjusted_limits(&f, 40000, LEVEL_95);
    assert_close(in.lower, 0.00636758570893, 1e-12);
    assert_close(in.upper, 0.0144487243033, 1e-12);
    in = funnel_adjusted_limits(&f, 40, LEVEL_998);
    assert_true(in.lower == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_authorities_changes_not_one_bit),
        cmocka_unit_test(the_complement_of_a_proportion_mirrors_it),
        cmocka_unit_test(a_rate_in_other_units_is_the_same_rate),
        cmocka_unit_test(flags_are_nested_and_every_number_is_one),
        cmocka_unit_test(tau2_is_what_phi_leaves_over_k_minus_1),
        cmocka_unit_test(equal_proportions_have_no_spread_at_all),
        cmocka_unit_test(tau2_survives_one_authority_that_is_nearly_the_whole),
        cmocka_unit_test(numbers_as_large_as_records_hold_are_summed_exactly),
        cmocka_unit_test(an_adjusted_flag_needs_the_plain_one),
        cmocka_unit_test(curves_lie_around_the_target_and_narrow),
        cmocka_unit_test(curves_are_those_of_the_method),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
