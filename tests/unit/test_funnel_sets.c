/* Which sets a funnel tests, and the reason where it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cli/stats/funnel.h"

enum { K_MAX = 16 };

static struct cell of(int64_t x, int64_t n)
{
    return (struct cell){ .has_numerator = true, .has_denominator = true, .numerator = { x, 0 }, .denominator = { n, 0 } };
}

static struct cell hidden(int64_t n)
{
    return (struct cell){ .has_denominator = true, .denominator = { n, 0 }, .is_suppressed = true };
}

static struct funnel test(const struct cell *cells, size_t n, enum parts_kind kind, struct funnel_point *points)
{
    static struct funnel_point room[K_MAX];
    struct funnel f;
    assert_int_equal(funnel_of(cells, n, kind, &f, points != NULL ? points : room), OK);
    return f;
}

static void assert_why(const struct cell *cells, size_t n, enum parts_kind kind, enum funnel_why want)
{
    struct funnel_point points[K_MAX], nothing = {0};
    struct funnel f = test(cells, n, kind, points);
    assert_string_equal(funnel_why_name(f.why), funnel_why_name(want));
    for (size_t i = 0; want != FUNNEL_TESTED && i < n; i++)
        assert_true(!points[i].is_usable && points[i].z == nothing.z && points[i].plain[0] == FUNNEL_INSIDE);
    assert_true(want == FUNNEL_TESTED || (f.theta == 0 && f.phi == 0 && f.tau2 == 0 && f.plain[LEVEL_95] == 0));
}

static void ten(struct cell cells[10])
{
    for (int64_t i = 0; i < 10; i++)
        cells[i] = of(20 + i, 100);
}

static void what_is_no_count_is_not_tested(void **state)
{
    (void)state;
    struct cell c[10];
    ten(c);
    assert_why(c, 10, PARTS_PROPORTION, FUNNEL_TESTED);
    assert_why(c, 10, PARTS_NONE, FUNNEL_NOT_COUNTS);
    c[4].numerator = (struct decimal){ 240, 1 };                 /* 24.0 is a whole number */
    assert_why(c, 10, PARTS_PROPORTION, FUNNEL_TESTED);
    c[4].numerator = (struct decimal){ 245, 1 };
    assert_why(c, 10, PARTS_PROPORTION, FUNNEL_NOT_COUNTS);
    ten(c);
    c[4].denominator = (struct decimal){ 1005, 1 };
    assert_why(c, 10, PARTS_RATE, FUNNEL_NOT_COUNTS);
    c[4] = of(-1, 100);
    assert_why(c, 10, PARTS_RATE, FUNNEL_NOT_COUNTS);
    c[4] = of(101, 100);
    assert_why(c, 10, PARTS_PROPORTION, FUNNEL_NOT_COUNTS);
    assert_why(c, 10, PARTS_RATE, FUNNEL_TESTED);                /* events may outnumber people */
    c[4] = of(100, 100);
    assert_why(c, 10, PARTS_PROPORTION, FUNNEL_TESTED);
    c[4] = (struct cell){ .has_numerator = true, .numerator = { 245, 1 } };
    assert_why(c, 10, PARTS_PROPORTION, FUNNEL_TESTED);          /* not usable, so it is not looked at */
}

static void the_first_reason_that_holds_is_given(void **state)
{
    (void)state;
    struct cell c[12];
    for (size_t i = 0; i < 12; i++)
        c[i] = (struct cell){ .has_numerator = true, .numerator = { 25, 1 } };
    assert_why(c, 12, PARTS_NONE, FUNNEL_NOT_COUNTS);
    assert_why(c, 12, PARTS_RATE, FUNNEL_NO_DENOMINATOR);        /* 2.5, but without a denominator not usable */
    assert_why(c, 0, PARTS_RATE, FUNNEL_NO_DENOMINATOR);
    ten(c);
    c[3].numerator = (struct decimal){ 25, 1 };
    c[10] = c[11] = hidden(100);
    assert_why(c, 12, PARTS_RATE, FUNNEL_NOT_COUNTS);            /* before suppressed */
    c[3] = of(2, 100);
    assert_why(c, 12, PARTS_RATE, FUNNEL_SUPPRESSED);
    assert_why(c + 5, 7, PARTS_RATE, FUNNEL_SUPPRESSED);         /* before too few */
    assert_why(c, 7, PARTS_RATE, FUNNEL_TOO_FEW);
    for (size_t i = 0; i < 8; i++)
        c[i] = of(0, 50);
    assert_why(c, 7, PARTS_RATE, FUNNEL_TOO_FEW);                /* before no variation */
    assert_why(c, 8, PARTS_RATE, FUNNEL_NO_VARIATION);
    for (size_t i = 0; i < 8; i++)
        c[i] = of(50, 50);
    assert_why(c, 8, PARTS_PROPORTION, FUNNEL_NO_VARIATION);
    assert_why(c, 8, PARTS_RATE, FUNNEL_TESTED);
}

static void one_hidden_in_ten_is_borne_and_one_in_nine_is_not(void **state)
{
    (void)state;
    struct cell c[10];
    ten(c);
    c[9] = hidden(40);
    assert_why(c, 10, PARTS_PROPORTION, FUNNEL_TESTED);
    assert_why(c + 1, 9, PARTS_PROPORTION, FUNNEL_SUPPRESSED);
    c[9] = hidden(0);                                            /* of nobody, nothing can be hidden */
    assert_why(c + 1, 9, PARTS_PROPORTION, FUNNEL_TESTED);
    c[9] = (struct cell){ .is_suppressed = true };
    assert_int_equal(test(c + 1, 9, PARTS_PROPORTION, NULL).h, 0);
}

static void who_is_not_usable_takes_no_part(void **state)
{
    (void)state;
    struct cell with[14], without[10];
    struct funnel_point a[14], b[10];
    ten(without);
    ten(with);
    with[10] = of(5, 0);
    with[11] = of(5, -3);
    with[12] = (struct cell){ .has_denominator = true, .denominator = { 7, 0 } };
    with[13] = (struct cell){0};
    struct funnel f = test(with, 14, PARTS_PROPORTION, a), g = test(without, 10, PARTS_PROPORTION, b);
    assert_int_equal(f.k, 10);
    assert_true(f.theta == g.theta && f.phi == g.phi && f.tau2 == g.tau2);
    assert_memory_equal(a, b, sizeof(b));
    for (size_t i = 10; i < 14; i++)
        assert_false(a[i].is_usable);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_count_is_not_tested),
        cmocka_unit_test(the_first_reason_that_holds_is_given),
        cmocka_unit_test(one_hidden_in_ten_is_borne_and_one_in_nine_is_not),
        cmocka_unit_test(who_is_not_usable_takes_no_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
