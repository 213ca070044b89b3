/* Recent trends: what must not change the answer, and the rule that no one point makes it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cli/stats/trend.h"
#include "tests/unit/draw.h"

enum { POINTS_MAX = 12, ROUNDS = 2000 };

static struct trend_point at(double value, double half_width)
{
    return (struct trend_point){ true, value, value - half_width, value + half_width };
}

static size_t some(struct trend_point *p)
{
    size_t n = TREND_POINTS + draw_below(POINTS_MAX - TREND_POINTS);
    double slope = 20 * (draw_real() - 0.5);
    for (size_t i = 0; i < n; i++)
        p[i] = at(500 + slope * (double)i + 20 * draw_real(), 1 + 15 * draw_real());
    return n;
}

static void assert_close(double got, double want)
{
    if (!(fabs(got - want) <= 1e-9 * fmax(1, fabs(want))))
        fail_msg("%.17g is not %.17g", got, want);
}

/* The textbook form, about the weighted mean, in more digits. */
static struct trend by_the_book(const struct trend_point *p)
{
    long double w[5], sw = 0, mx = 0, my = 0, sxx = 0, sxy = 0;
    for (int i = 0; i < 5; i++) {
        long double se = ((long double)p[i].upper - (long double)p[i].lower) / 3.92L;
        w[i] = 1 / (se * se);
        sw += w[i];
        mx += w[i] * i;
        my += w[i] * (long double)p[i].value;
    }
    for (int i = 0; i < 5; i++) {
        sxx += w[i] * (i - mx / sw) * (i - mx / sw);
        sxy += w[i] * (i - mx / sw) * ((long double)p[i].value - my / sw);
    }
    long double b = sxy / sxx;
    return (struct trend){ .slope = (double)b, .chi2 = (double)(b * b * sxx) };
}

static void the_latest_five_usable_points_count_and_no_others(void **state)
{
    (void)state;
    draw_seed("latest five");
    size_t seen[4] = {0};
    for (size_t round = 0; round < ROUNDS; round++) {
        struct trend_point p[POINTS_MAX], q[3 * POINTS_MAX];
        size_t n = some(p), m = 0;
        for (size_t i = 0; i < n; i++) {
            while (draw_below(3) == 0 && m < 2 * POINTS_MAX)
                q[m++] = (struct trend_point){ false, 1e9, 7, -7 };
            q[m++] = p[i];
        }
        struct trend all = trend_of(p, n), gaps = trend_of(q, m), five = trend_of(p + n - 5, 5), book = by_the_book(p + n - 5);
        assert_int_equal(all.direction, five.direction);
        assert_int_equal(gaps.direction, five.direction);
        assert_true(all.slope == five.slope && gaps.chi2 == five.chi2 && gaps.n == TREND_POINTS);
        assert_close(five.slope, book.slope);
        assert_close(five.chi2, book.chi2);
        seen[five.direction]++;
        assert_int_equal(trend_of(p, 4).direction, TREND_UNKNOWN);
    }
    assert_true(seen[TREND_NONE] > 0 && seen[TREND_RISING] > 0 && seen[TREND_FALLING] > 0);
}

static void moved_stretched_turned_over_or_read_backwards_it_is_the_same_trend(void **state)
{
    (void)state;
    static const enum trend_direction other[] = { TREND_UNKNOWN, TREND_NONE, TREND_FALLING, TREND_RISING };
    draw_seed("symmetry");
    for (size_t round = 0; round < ROUNDS; round++) {
        struct trend_point p[POINTS_MAX], moved[5], wide[5], turned[5], back[5];
        (void)some(p);
        for (size_t i = 0; i < 5; i++) {
            moved[i] = (struct trend_point){ true, p[i].value + 1024, p[i].lower + 1024, p[i].upper + 1024 };
            wide[i] = (struct trend_point){ true, 8 * p[i].value, 8 * p[i].lower, 8 * p[i].upper };
            turned[i] = (struct trend_point){ true, -p[i].value, -p[i].upper, -p[i].lower };
            back[4 - i] = p[i];
        }
        struct trend t = trend_of(p, 5), m = trend_of(moved, 5), w = trend_of(wide, 5), u = trend_of(turned, 5);
        struct trend b = trend_of(back, 5);
        assert_close(m.slope, t.slope);
        assert_close(w.slope, 8 * t.slope);
        assert_close(w.chi2, t.chi2);
        assert_true(u.slope == -t.slope && u.chi2 == t.chi2);
        assert_close(b.slope, -t.slope);
        assert_int_equal(w.direction, t.direction);
        assert_int_equal(u.direction, other[t.direction]);
        assert_int_equal(b.direction, other[t.direction]);
    }
}

/* One high last year makes a slope that is significant many times over, and no trend: without it nothing rises. */
static void no_one_point_makes_a_trend(void **state)
{
    (void)state;
    struct trend_point p[] = { at(10, 1), at(10, 1), at(10, 1), at(10, 1), at(30, 1) };
    struct trend t = trend_of(p, 5);
    assert_true(t.chi2 > 10 * TREND_CHI2);
    assert_int_equal(t.direction, TREND_NONE);
    p[3] = at(10.1, 1);
    assert_int_equal(trend_of(p, 5).direction, TREND_RISING);
}

static void a_trend_begins_above_the_threshold(void **state)
{
    (void)state;
    /* equal widths: chi2 = 10 b^2 / se^2 */
    double b = sqrt(TREND_CHI2 / 10);
    for (int above = 0; above < 2; above++) {
        struct trend_point p[5];
        for (int i = 0; i < 5; i++)
            p[i] = at(i * b * (above ? 1.000001 : 0.999999), 1.96);
        assert_int_equal(trend_of(p, 5).direction, above ? TREND_RISING : TREND_NONE);
    }
}

static void an_interval_of_no_width_gives_no_trend_and_no_number_that_is_none(void **state)
{
    (void)state;
    static const double half[] = { 0, -1, 1e-200, 1e200 };
    struct trend_point p[] = { at(1, 1), at(2, 1), at(3, 1), at(4, 1), at(5, 1) };
    for (size_t i = 0; i < 4; i++) {
        p[2].lower = 0 - half[i];
        p[2].upper = half[i];
        struct trend t = trend_of(p, 5);
        assert_int_equal(t.direction, TREND_UNKNOWN);
        assert_true(t.slope == 0 && t.chi2 == 0);
    }
    p[2] = (struct trend_point){ .is_usable = false };
    assert_int_equal(trend_of(p, 5).n, 4);
    assert_int_equal(trend_of(NULL, 0).direction, TREND_UNKNOWN);
}

static void a_point_that_outweighs_all_others_leaves_digits_to_the_rest(void **state)
{
    (void)state;
    struct trend_point p[] = { at(1e15, 1e9), at(1e15 + 1e9, 1e9), at(1e15 + 2e9, 1), at(1e15 + 3e9, 1e9), at(1e15 + 4e9, 1e9) };
    struct trend t = trend_of(p, 5);
    assert_close(t.slope, 1e9);
    /* the middle one, known a billion times better, holds the line there: Sxx = (4 + 1 + 0 + 1 + 4) / se^2 */
    double se = 2e9 / 3.92;
    assert_close(t.chi2, 1e18 * 10 / (se * se));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latest_five_usable_points_count_and_no_others),
        cmocka_unit_test(moved_stretched_turned_over_or_read_backwards_it_is_the_same_trend),
        cmocka_unit_test(no_one_point_makes_a_trend),
        cmocka_unit_test(a_trend_begins_above_the_threshold),
        cmocka_unit_test(an_interval_of_no_width_gives_no_trend_and_no_number_that_is_none),
        cmocka_unit_test(a_point_that_outweighs_all_others_leaves_digits_to_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
