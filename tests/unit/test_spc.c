/* XmR charts: the rules, what must not change the answer, and series at the edge. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cli/stats/spc.h"
#include "tests/unit/draw.h"

enum { POINTS_MAX = 40, ROUNDS = 2000 };

static void marks_are(const double *y, size_t n, const char *want)
{
    struct spc_point p[POINTS_MAX];
    char got[POINTS_MAX + 1] = "";
    (void)spc_of(y, n, SPC_SCREENED, POLARITY_NONE, p);
    for (size_t i = 0; i < n; i++)
        got[i] = spc_letter(p[i].mark);
    assert_string_equal(got, want);
}

static void fewer_than_twelve_points_are_not_drawn(void **state)
{
    (void)state;
    double y[12] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 100 };
    struct spc_point p[12];
    struct spc c = spc_of(y, 11, SPC_SCREENED, POLARITY_HIGH, p);
    assert_true(!c.is_drawn && c.n == 11 && c.n_marked == 0 && c.mean == 0 && c.upper == 0);
    for (size_t i = 0; i < 11; i++)
        assert_true(p[i].mark == SPC_COMMON && p[i].sense == SPC_NOTHING);
    assert_true(spc_of(y, 12, SPC_SCREENED, POLARITY_HIGH, p).is_drawn);
    assert_false(spc_of(NULL, 0, SPC_SCREENED, POLARITY_HIGH, NULL).is_drawn);
}

static void where_all_points_are_equal_the_limits_are_the_mean_and_nothing_is_marked(void **state)
{
    (void)state;
    static const double values[] = { 0, 0.1, 58.3, -7.7, 1e15 / 3, 1e17 };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        double y[POINTS_MAX];
        struct spc_point p[POINTS_MAX];
        for (size_t j = 0; j < POINTS_MAX; j++)
            y[j] = values[i];
        for (enum spc_screen s = SPC_SCREENED; s <= SPC_UNSCREENED; s++) {
            struct spc c = spc_of(y, 12 + i, s, POLARITY_LOW, p);
            assert_true(c.is_drawn && c.lower == c.mean && c.upper == c.mean && c.near_upper == c.mean && c.n_marked == 0);
            assert_true(c.mean == values[i]);
        }
    }
}

/* Two near a limit are a signal only when the third of them lies on their side too. */
static void two_of_three_lie_on_one_side_with_the_third(void **state)
{
    (void)state;
    double y[21] = { 0.5, -0.5, 0.5, -0.5, 0.5, -0.5, 0.5, -0.5, 0.5, -0.5,
                     3.2, -0.4, 3.2, -0.5, 0.5, -0.5, 0.5, -0.5, 0.5, -0.5, 0.5 };
    marks_are(y, 21, ".....................");
    y[11] = 0.6;
    marks_are(y, 21, "..........2.2........");
}

/* Seven points at a hair above the mean: within 1e-9 of it they are on it, and no run. */
static void a_point_within_a_billionth_of_a_line_is_on_it(void **state)
{
    (void)state;
    for (int far = 0; far < 2; far++) {
        double e = far ? 1e-8 : 1e-9, y[13] = { e, e, e, e, e, e, e, -1, 1, -1, 1, -1, 1 };
        marks_are(y, 13, far ? "RRRRRRR......" : ".............");
    }
    /* and relative to a large mean; steps of a trend are compared as they are */
    for (int far = 0; far < 2; far++) {
        double e = 1e9 + (far ? 10 : 1), h = 1e9 + 100, l = 1e9 - 100, y[13] = { e, e, e, e, e, e, e, l, h, l, h, l, h };
        marks_are(y, 13, far ? "RRRRRRR......" : ".............");
    }
}

static void seven_are_a_run_or_a_trend_and_six_are_not(void **state)
{
    (void)state;
    double six[14] = { 0.2, 2, 0.2, 2, 0.2, 2, -0.2, 0.2, -0.2, -2, -0.2, -2, -0.2, 0.2 };
    double seven[14] = { 0.2, 2, 0.2, 2, 0.2, 2, 0.2, -0.2, -2, -0.2, -2, -0.2, -2, -0.2 };
    marks_are(six, 14, "..............");
    marks_are(seven, 14, "RRRRRRRRRRRRRR");
    double steps[14] = { 0, 3, -3, -2, -1, 0, 1, 2, 3, -3, 3, -3, 3, -3 };
    marks_are(steps, 14, "..TTTTTTT.....");
    steps[5] = -1;                               /* an equal neighbour breaks it */
    marks_are(steps, 14, "..............");
}

static void senses_follow_polarity_and_a_trend_goes_its_own_way(void **state)
{
    (void)state;
    struct spc_point p[POINTS_MAX];
    double rising[14] = { 0, 3, -3, -2, -1, 0, 1, 2, 3, -3, 3, -3, 3, -3 };
    static const enum spc_sense want[] = { SPC_HIGH, SPC_IMPROVEMENT, SPC_CONCERN };
    for (enum polarity polarity = POLARITY_NONE; polarity < POLARITY_COUNT; polarity++) {
        (void)spc_of(rising, 14, SPC_SCREENED, polarity, p);
        assert_int_equal(p[2].mark, SPC_TREND);          /* below the mean, and part of what rises */
        assert_int_equal(p[2].sense, want[polarity]);
        assert_int_equal(p[0].sense, SPC_NOTHING);
    }
    double low[14] = { 5, 6, 5, 6, 5, 6, -60, 5, 6, 5, 6, 5, 6, 5 };
    (void)spc_of(low, 14, SPC_SCREENED, POLARITY_HIGH, p);
    assert_int_equal(p[6].mark, SPC_OUTSIDE);
    assert_string_equal(spc_sense_name(p[6].sense), "concern");
    (void)spc_of(low, 14, SPC_SCREENED, POLARITY_NONE, p);
    assert_string_equal(spc_sense_name(p[6].sense), "low");
}

/* A wild value must not hide itself by widening the limits. */
static void screening_leaves_large_moving_ranges_out_once(void **state)
{
    (void)state;
    double y[18] = { 1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1 };
    struct spc_point p[18];
    struct spc s = spc_of(y, 18, SPC_SCREENED, POLARITY_NONE, p), u = spc_of(y, 18, SPC_UNSCREENED, POLARITY_NONE, p);
    assert_true(s.mean == u.mean && s.upper - s.mean < 2.66 * 1.0001 && u.upper - u.mean > 5);
    assert_true(fabs((s.near_upper - s.mean) * 3 - (s.upper - s.mean) * 2) < 1e-12);
}

/* ---- properties ---- */

static size_t some(double *y)
{
    size_t n = SPC_POINTS_MIN + draw_below(POINTS_MAX - SPC_POINTS_MIN);
    double level = 0;
    for (size_t i = 0; i < n; i++) {
        level += draw_below(6) == 0 ? 3 * (draw_real() - 0.5) : 0;
        y[i] = level + draw_real() + draw_real();
    }
    return n;
}

static void moved_turned_over_or_read_backwards_the_same_points_are_marked(void **state)
{
    (void)state;
    draw_seed("symmetry");
    size_t seen[5] = {0};
    for (size_t round = 0; round < ROUNDS; round++) {
        double y[POINTS_MAX], moved[POINTS_MAX], turned[POINTS_MAX], back[POINTS_MAX];
        struct spc_point p[POINTS_MAX], m[POINTS_MAX], t[POINTS_MAX], b[POINTS_MAX];
        size_t n = some(y);
        for (size_t i = 0; i < n; i++) {
            moved[i] = y[i] * 16 + 1024;
            turned[i] = -y[i];
            back[n - 1 - i] = y[i];
        }
        struct spc c = spc_of(y, n, SPC_SCREENED, POLARITY_HIGH, p), d = spc_of(moved, n, SPC_SCREENED, POLARITY_HIGH, m);
        (void)spc_of(turned, n, SPC_SCREENED, POLARITY_LOW, t);
        (void)spc_of(back, n, SPC_SCREENED, POLARITY_HIGH, b);
        assert_true(fabs(d.upper - (c.upper * 16 + 1024)) < 1e-9);
        assert_true(c.lower <= c.near_lower && c.near_lower <= c.mean && c.mean <= c.near_upper && c.near_upper <= c.upper);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(m[i].mark, p[i].mark);
            assert_int_equal(t[i].mark, p[i].mark);
            assert_int_equal(t[i].sense, p[i].sense);
            assert_int_equal(b[n - 1 - i].mark, p[i].mark);
            assert_int_equal(p[i].mark == SPC_COMMON, p[i].sense == SPC_NOTHING);
            seen[p[i].mark]++;
        }
    }
    for (size_t i = 0; i < 5; i++)
        assert_true(seen[i] > 100);              /* every rule was met */
}

/* Screening draws limits in, never out. */
static void screened_limits_lie_within_the_unscreened(void **state)
{
    (void)state;
    draw_seed("screening");
    size_t narrower = 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        double y[POINTS_MAX];
        struct spc_point p[POINTS_MAX];
        size_t n = some(y);
        if (round % 2 == 0)
            y[n / 2] += 20;
        struct spc s = spc_of(y, n, SPC_SCREENED, POLARITY_NONE, p), u = spc_of(y, n, SPC_UNSCREENED, POLARITY_NONE, p);
        assert_true(s.upper <= u.upper && s.lower >= u.lower && s.mean == u.mean);
        narrower += s.upper < u.upper;
    }
    assert_true(narrower > ROUNDS / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fewer_than_twelve_points_are_not_drawn),
        cmocka_unit_test(where_all_points_are_equal_the_limits_are_the_mean_and_nothing_is_marked),
        cmocka_unit_test(two_of_three_lie_on_one_side_with_the_third),
        cmocka_unit_test(a_point_within_a_billionth_of_a_line_is_on_it),
        cmocka_unit_test(seven_are_a_run_or_a_trend_and_six_are_not),
        cmocka_unit_test(senses_follow_polarity_and_a_trend_goes_its_own_way),
        cmocka_unit_test(screening_leaves_large_moving_ranges_out_once),
        cmocka_unit_test(moved_turned_over_or_read_backwards_the_same_points_are_marked),
        cmocka_unit_test(screened_limits_lie_within_the_unscreened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
