/* Intervals, ranks and middles: what must hold of any figures. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cli/stats/interval.h"
#include "cli/stats/rank.h"
#include "tests/unit/draw.h"

enum { ROUNDS = 20000, VALUES_MAX = 160 };

static void assert_close(double got, double want, double slack)
{
    if (!(fabs(got - want) <= slack))
        fail_msg("%.17g is not %.17g", got, want);
}

static struct interval wilson(uint64_t x, uint64_t n, enum level level)
{
    struct interval in;
    assert_true(interval_wilson(x, n, level, &in));
    return in;
}

static void wilsons_interval_is_symmetric_nested_and_holds_the_proportion(void **state)
{
    (void)state;
    draw_seed("wilson");
    for (size_t round = 0; round < ROUNDS; round++) {
        uint64_t n = draw_count(18), x = draw_below(n + 1);
        if (round % 4 == 0)
            x = n - draw_below(n < 3 ? n + 1 : 3);       /* just below a huge n */
        struct interval in = wilson(x, n, LEVEL_95), wide = wilson(x, n, LEVEL_998), mirror = wilson(n - x, n, LEVEL_95);
        double p = (double)x / (double)n;
        assert_true(0 <= wide.lower && wide.lower <= in.lower && in.lower <= p && p <= in.upper);
        assert_true(in.upper <= wide.upper + 2.3e-16 && wide.upper <= 1);       /* a last bit at 1 */
        assert_close(in.lower, 1 - mirror.upper, 1e-15);
        assert_close(in.upper, 1 - mirror.lower, 1e-15);
        assert_true((in.lower == 0) == (x == 0));
        struct interval next = wilson(x < n ? x + 1 : n, n, LEVEL_95);
        assert_true(next.lower >= in.lower - 2.3e-16 && next.upper >= in.upper - 2.3e-16);
    }
    /* the other limit of one who did not, among 10^15, against the formula in the count that is small */
    assert_close((1 - wilson(999999999999999, 1000000000000000, LEVEL_95).lower) * 1e15, 5.6655, 0.2);
}

/* P(X <= x | mean), apart from the code under test. */
static double upto(unsigned x, double mean)
{
    double sum = 0;
    for (unsigned i = 0; i <= x; i++)
        sum += exp(i * log(mean) - mean - lgamma(i + 1.0));
    return sum;
}

static void poisson_limits_below_ten_leave_the_tail_they_say(void **state)
{
    (void)state;
    static const double tail[LEVEL_COUNT] = { 0.025, 0.001 };
    for (enum level l = 0; l < LEVEL_COUNT; l++)
        for (unsigned x = 0; x < 10; x++) {
            struct interval in = interval_poisson(x, l);
            assert_close(upto(x, in.upper), tail[l], 1e-12);
            if (x > 0)
                assert_close(1 - upto(x - 1, in.lower), tail[l], 1e-12);
            else
                assert_true(in.lower == 0);
        }
}

static void poisson_limits_rise_with_the_count_and_are_nested(void **state)
{
    (void)state;
    draw_seed("poisson");
    for (uint64_t x = 0; x < ROUNDS; x++) {
        uint64_t at = x < 2000 ? x : draw_count(18);
        struct interval in = interval_poisson(at, LEVEL_95), wide = interval_poisson(at, LEVEL_998);
        struct interval next = interval_poisson(at + 1, LEVEL_95);
        assert_true(0 <= wide.lower && wide.lower <= in.lower && in.lower <= (double)at && (double)at <= in.upper);
        assert_true(in.upper <= wide.upper && isfinite(wide.upper));
        assert_true(in.lower <= next.lower && in.upper <= next.upper);
    }
}

static void a_standing_turns_with_the_polarity(void **state)
{
    (void)state;
    draw_seed("standing");
    for (size_t round = 0; round < ROUNDS; round++) {
        double a = draw_real(), b = draw_real(), benchmark = draw_real();
        struct interval in = { fmin(a, b), fmax(a, b) };
        enum standing high = interval_versus(in, benchmark, POLARITY_HIGH), low = interval_versus(in, benchmark, POLARITY_LOW);
        enum standing none = interval_versus(in, benchmark, POLARITY_NONE);
        bool inside = in.lower <= benchmark && benchmark <= in.upper;
        assert_int_equal(high == STANDING_SIMILAR, inside);
        assert_int_equal(low == STANDING_SIMILAR, inside);
        assert_int_equal(none == STANDING_HIGHER, in.lower > benchmark);
        assert_int_equal(high == STANDING_BETTER, none == STANDING_HIGHER);
        assert_int_equal(low == STANDING_WORSE, none == STANDING_HIGHER);
    }
}

/* ---- ranks, bands, middles ---- */

static size_t some(double *values)
{
    size_t n = 1 + draw_below(VALUES_MAX);
    for (size_t i = 0; i < n; i++)
        values[i] = (double)draw_below(200) / 2;         /* ties are common */
    values_sort(values, n);
    return n;
}

static void ranks_and_bands_are_mirrored_by_polarity(void **state)
{
    (void)state;
    draw_seed("ranks");
    for (size_t round = 0; round < ROUNDS / 20; round++) {
        double up[VALUES_MAX], down[VALUES_MAX];
        size_t n = some(up);
        for (size_t i = 0; i < n; i++)
            down[n - 1 - i] = -up[i];
        struct quartiles q = quartiles_of(up, n), r = quartiles_of(down, n);
        assert_true(q.q0 <= q.q25 && q.q25 <= q.q50 && q.q50 <= q.q75 && q.q75 <= q.q100);
        assert_true(r.q25 == -q.q75 && r.q50 == -q.q50);
        for (size_t i = 0; i < n; i++) {
            size_t rank = rank_of(up, n, up[i], POLARITY_HIGH);
            assert_int_equal(rank, rank_of(down, n, -up[i], POLARITY_LOW));
            assert_true(rank >= 1 && rank <= n && (rank == 1) == (up[i] == q.q100));
            char band = band_letter(up[i], &q, POLARITY_HIGH);
            assert_true(band >= 'A' && band <= 'D');
            if (i > 0)
                assert_true(band <= band_letter(up[i - 1], &q, POLARITY_HIGH));
            assert_int_equal(band_if_allowed(up[i], &q, POLARITY_HIGH, false), band_of(up[i], &q, POLARITY_HIGH));
            assert_int_equal(band_if_allowed(up[i], &q, POLARITY_HIGH, true), '-');
            assert_int_equal(band_if_allowed(up[i], &q, POLARITY_NONE, true), 0);
        }
    }
}

static void the_middle_lies_between_and_moves_along(void **state)
{
    (void)state;
    draw_seed("middle");
    for (size_t round = 0; round < ROUNDS / 20; round++) {
        double y[VALUES_MAX], moved[VALUES_MAX];
        size_t n = some(y);
        for (size_t i = 0; i < n; i++)
            moved[i] = 4 * y[i] + 32;
        struct middle m = middle_of(y, n), w = middle_of(moved, n);
        assert_true(m.n == n && y[0] <= m.mean && m.mean <= y[n - 1] && y[0] <= m.median && m.median <= y[n - 1]);
        assert_close(w.mean, 4 * m.mean + 32, 1e-9);
        assert_close(w.median, 4 * m.median + 32, 1e-9);
        assert_true(n % 2 == 0 || m.median == y[n / 2]);
    }
    struct middle none = middle_of(NULL, 0);
    assert_true(none.n == 0 && none.mean == 0 && none.median == 0);
}

static void a_change_is_exact_and_needs_both(void **state)
{
    (void)state;
    struct decimal a = { 161, 1 }, b = { 58, 0 }, most = { DECIMAL_MANTISSA_MAX, 0 }, least = { -1, 0 }, got;
    bool has;
    assert_int_equal(value_change(&a, &b, &has, &got), OK);
    assert_true(has && got.mantissa == -419 && got.scale == 1);
    assert_int_equal(value_change(&b, &a, &has, &got), OK);
    assert_true(has && got.mantissa == 419);
    assert_int_equal(value_change(NULL, &a, &has, &got), OK);
    assert_false(has);
    assert_int_equal(value_change(&a, NULL, &has, &got), OK);
    assert_false(has);
    assert_int_equal(value_change(&most, &least, &has, &got), ERR_LIMIT);
    assert_false(has);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilsons_interval_is_symmetric_nested_and_holds_the_proportion),
        cmocka_unit_test(poisson_limits_below_ten_leave_the_tail_they_say),
        cmocka_unit_test(poisson_limits_rise_with_the_count_and_are_nested),
        cmocka_unit_test(a_standing_turns_with_the_polarity),
        cmocka_unit_test(ranks_and_bands_are_mirrored_by_polarity),
        cmocka_unit_test(the_middle_lies_between_and_moves_along),
        cmocka_unit_test(a_change_is_exact_and_needs_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
