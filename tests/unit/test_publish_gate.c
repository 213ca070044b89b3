/* Counts of one to five people are withheld, and whatever would give them away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/publish/gate.h"

enum { CELLS_MAX = 16 };

static struct figure figures[CELLS_MAX];
static struct gate_item items[CELLS_MAX];
static size_t n_items;
static int64_t small_max;
static const struct definition people = {
    .id = "cpp_repeat_pct", .title = "t", .numerator = "plans", .denominator = "all plans", .unit = "%", .basis = "flow",
    .multiplier = 100, .decimals = 1, .counts_people = true,
};
static const struct definition snapshot = {
    .id = "cpp_2yr_pct", .title = "t", .numerator = "open plans", .denominator = "all open plans", .unit = "%",
    .basis = "snapshot 31 March", .multiplier = 100, .decimals = 1, .counts_people = true,
};
static const struct definition fte = {
    .id = "sw_vacancy_pct", .title = "t", .numerator = "FTE", .denominator = "FTE", .unit = "%", .multiplier = 100, .decimals = 1,
    .parts_rounded = true,
};

static int begin(void **state)
{
    (void)state;
    memset(figures, 0, sizeof(figures));
    memset(items, 0, sizeof(items));
    n_items = 0;
    small_max = SMALL_COUNT_MAX;
    return 0;
}

static struct figure *whole(const struct definition *d, const char *identifier, const char *breakdown, int64_t n, int64_t of)
{
    struct figure *f = &figures[n_items];
    snprintf(f->indicator, sizeof(f->indicator), "%s", d->id);
    snprintf(f->period, sizeof(f->period), "202425");
    snprintf(f->time_identifier, sizeof(f->time_identifier), "%s", identifier);
    snprintf(f->breakdown, sizeof(f->breakdown), "%s", breakdown);
    f->has_numerator = true;
    f->numerator.mantissa = n;
    if (of > 0) {
        f->has_denominator = true;
        f->denominator.mantissa = of;
    }
    f->has_value = of > 0 && decimal_ratio(100, f->numerator, f->denominator, 1, &f->value) == OK;
    items[n_items] = (struct gate_item){.figure = f, .definition = d};
    n_items++;
    return f;
}

static struct figure *cell(const char *breakdown, int64_t n, int64_t of)
{
    return whole(&people, "Financial year", breakdown, n, of);
}

static struct gate_count gate(void)
{
    struct gate_count count;
    assert_int_equal(gate_run(items, n_items, small_max, &count), OK);
    for (size_t i = 0; i < n_items; i++)
        assert_int_equal(figure_check(&figures[i]), OK);        /* what is left is a figure by its own rules */
    return count;
}

/* "c 70", "- 70": withheld, or not; then the denominator. */
static void assert_left(const struct figure *f, const char *want)
{
    char got[96], n[DECIMAL_TEXT_MAX], of[DECIMAL_TEXT_MAX], value[DECIMAL_TEXT_MAX];
    decimal_text(f->numerator, n);
    decimal_text(f->denominator, of);
    decimal_text(f->value, value);
    snprintf(got, sizeof(got), "%s/%s=%s", f->status == STATUS_C ? "c" : f->has_numerator ? n : "-",
             f->has_denominator ? of : "-", f->has_value ? value : "-");
    assert_string_equal(got, want);
}

static void a_count_of_one_to_five_is_withheld_with_its_value(void **state)
{
    (void)state;
    struct figure *one = cell("", 1, 70), *five = whole(&snapshot, "Financial year", "", 5, 70);
    struct gate_count c = gate();
    assert_left(one, "c/70=-");
    assert_left(five, "c/70=-");
    assert_int_equal(c.n_small, 2);
    assert_int_equal(items[0].why, GATE_SMALL);
}

static void zero_and_six_stay(void **state)
{
    (void)state;
    struct figure *zero = cell("", 0, 70), *six = whole(&snapshot, "Financial year", "", 6, 70);
    struct gate_count c = gate();
    assert_left(zero, "0/70=0.0");
    assert_left(six, "6/70=8.6");
    assert_int_equal(c.n_small + c.n_recoverable, 0);
}

static void full_time_equivalents_are_not_people(void **state)
{
    (void)state;
    struct figure *f = whole(&fte, "Financial year", "", 3, 4);
    gate();
    assert_left(f, "3/4=75.0");
}

static void a_small_denominator_goes_and_what_would_tell_it(void **state)
{
    (void)state;
    struct figure *zero = cell("", 0, 4), *small = whole(&snapshot, "Financial year", "", 2, 4);
    gate();
    assert_left(zero, "0/-=0.0");
    assert_left(small, "c/-=-");
}

static void a_value_that_tells_a_small_count_is_withheld(void **state)
{
    (void)state;
    struct figure *f = cell("", 4, 70), *large = whole(&snapshot, "Financial year", "", 40, 70);
    f->has_numerator = large->has_numerator = false;
    gate();
    assert_left(f, "c/70=-");
    assert_left(large, "-/70=57.1");
}

static void a_withheld_part_takes_the_smallest_other_part_with_it(void **state)
{
    (void)state;
    cell("", 60, 200);
    struct figure *f = cell("sex=f", 4, 80), *m = cell("sex=m", 40, 80), *x = cell("sex=x", 16, 40);
    struct gate_count c = gate();
    assert_left(f, "c/80=-");
    assert_left(x, "c/40=-");
    assert_left(m, "40/80=50.0");
    assert_int_equal(c.n_small, 1);
    assert_int_equal(c.n_recoverable, 1);
    assert_int_equal(items[3].why, GATE_RECOVERABLE);
}

static void two_withheld_parts_that_can_only_be_one_each_take_a_third(void **state)
{
    (void)state;
    cell("", 42, 200);
    struct figure *a = cell("age=a", 1, 80), *b = cell("age=b", 1, 80), *c = cell("age=c", 40, 40);
    gate();
    assert_left(a, "c/80=-");
    assert_left(b, "c/80=-");
    assert_left(c, "c/40=-");
}

static void two_withheld_parts_of_unknown_size_need_no_third(void **state)
{
    (void)state;
    cell("", 45, 200);
    cell("age=a", 1, 80);
    cell("age=b", 4, 80);
    struct figure *c = cell("age=c", 40, 40);
    gate();
    assert_left(c, "40/40=100.0");
}

static void where_the_whole_is_not_given_nothing_is_recoverable(void **state)
{
    (void)state;
    cell("sex=f", 4, 80);
    struct figure *m = cell("sex=m", 40, 80);
    gate();
    assert_left(m, "40/80=50.0");
}

static void with_zeros_beside_it_the_whole_is_withheld(void **state)
{
    (void)state;
    struct figure *all = cell("", 4, 80);
    struct figure *f = cell("sex=f", 4, 40), *m = cell("sex=m", 0, 40);
    gate();
    assert_left(all, "c/80=-");
    assert_left(f, "c/40=-");
    assert_left(m, "0/40=0.0");
}

/* age x sex: what is withheld for one sum must not be found by the other. */
static void sums_over_two_keys_are_looked_at_until_all_hold(void **state)
{
    (void)state;
    cell("", 100, 400);
    cell("age=a", 44, 100);
    cell("age=b", 56, 100);
    cell("sex=f", 34, 100);
    cell("sex=m", 66, 100);
    struct figure *af = cell("age=a;sex=f", 4, 50), *am = cell("age=a;sex=m", 40, 50), *bf = cell("age=b;sex=f", 30, 50),
                  *bm = cell("age=b;sex=m", 26, 50);
    gate();
    assert_left(af, "c/50=-");
    assert_left(am, "c/50=-");
    assert_left(bf, "c/50=-");
    assert_left(bm, "c/50=-");
    assert_left(&figures[0], "100/400=25.0");
}

static void quarters_of_a_flow_add_up_to_their_year_those_of_a_snapshot_do_not(void **state)
{
    (void)state;
    const struct definition *d[] = {&people, &snapshot};
    struct figure *q2[2];
    for (size_t i = 0; i < 2; i++) {
        whole(d[i], "Financial year", "", 54, 400);
        whole(d[i], "Financial year Q1", "", 4, 100);
        q2[i] = whole(d[i], "Financial year Q2", "", 10, 100);
        whole(d[i], "Financial year Q3", "", 20, 100);
        whole(d[i], "Financial year Q4", "", 20, 100);
    }
    gate();
    assert_left(q2[0], "c/100=-");
    assert_left(q2[1], "10/100=10.0");
}

static void what_is_public_already_is_left_and_something_else_goes(void **state)
{
    (void)state;
    struct figure *all = cell("", 44, 160), *f = cell("sex=f", 4, 80), *m = cell("sex=m", 40, 80);
    items[2].is_fixed = true;
    struct gate_count c = gate();
    assert_left(m, "40/80=50.0");
    assert_left(f, "c/80=-");
    assert_left(all, "c/160=-");
    assert_int_equal(c.n_exposed, 0);
    begin(NULL);
    cell("", 44, 160);
    f = cell("sex=f", 4, 80);
    cell("sex=m", 40, 80);
    items[0].is_fixed = items[2].is_fixed = true;
    c = gate();
    assert_left(f, "c/80=-");
    assert_int_equal(c.n_exposed, 1);
}

static void a_symbol_from_the_file_is_protected_too(void **state)
{
    (void)state;
    cell("", 44, 160);
    struct figure *f = cell("sex=f", 0, 80), *m = cell("sex=m", 40, 80);
    f->has_numerator = f->has_value = false;
    f->status = STATUS_C;
    gate();
    assert_left(m, "c/80=-");
    begin(NULL);
    cell("", 44, 160);
    f = cell("sex=f", 0, 80);
    m = cell("sex=m", 40, 80);
    f->has_numerator = f->has_value = false;
    f->status = STATUS_X;                       /* unavailable: nobody asked to hide it */
    gate();
    assert_left(m, "40/80=50.0");
}

static void the_gate_says_the_same_of_what_it_has_let_pass(void **state)
{
    (void)state;
    cell("", 60, 200);
    cell("sex=f", 4, 80);
    cell("sex=m", 40, 80);
    cell("sex=x", 16, 3);
    gate();
    struct figure once[CELLS_MAX];
    memcpy(once, figures, sizeof(once));
    gate();
    for (size_t i = 0; i < n_items; i++)
        assert_true(figure_same(&once[i], &figures[i]));
}

static const struct definition a_count = {
    .id = "plans", .title = "t", .numerator = "plans", .denominator = "", .unit = "plans", .basis = "flow", .multiplier = 1,
    .counts_people = true,
};
static const struct definition closed = {
    .id = "closed_pct", .title = "t", .numerator = "closed plans", .denominator = "Plans", .unit = "%", .basis = "flow",
    .multiplier = 100, .decimals = 1, .counts_people = true,
};

static void a_value_that_is_a_count_is_one(void **state)
{
    (void)state;
    struct figure *small = whole(&a_count, "Financial year", "sex=f", 0, 0),
                  *large = whole(&a_count, "Financial year", "sex=m", 0, 0);
    small->has_numerator = large->has_numerator = false;
    small->has_value = large->has_value = true;
    small->value.mantissa = 4;
    large->value.mantissa = 40;
    gate();
    assert_left(small, "c/-=-");
    assert_left(large, "-/-=40");
}

static void a_value_tells_a_small_count_also_by_a_denominator_that_stands_elsewhere(void **state)
{
    (void)state;
    struct figure *value = whole(&closed, "Financial year", "", 4, 70);
    whole(&a_count, "Financial year", "", 70, 0);           /* all plans */
    value->has_numerator = value->has_denominator = false;
    value->status = STATUS_STATED;
    gate();
    assert_left(value, "c/-=-");
}

/* Plans are the numerator of a rate and the denominator of a percentage: rounded differently in one quarter they are still told
 * apart nearly, and in the others exactly. */
static void numbers_that_should_be_the_same_and_are_nearly_tell_each_other(void **state)
{
    (void)state;
    struct figure *q1 = whole(&a_count, "Financial year Q1", "", 4, 0), *q2 = whole(&a_count, "Financial year Q2", "", 36, 0);
    whole(&a_count, "Financial year", "", 40, 0);
    struct figure *near = whole(&closed, "Financial year Q2", "", 20, 38), *far = whole(&closed, "Financial year Q1", "", 20, 90);
    struct gate_count c = gate();
    assert_left(q1, "c/-=-");
    assert_left(q2, "c/-=-");
    assert_left(near, "20/-=-");
    assert_left(far, "20/90=22.2");
    assert_int_equal(c.n_exposed, 0);
}

/* 12 of 15 leave 3, of a part no more: so of its 8 at least 5 are in it, and a count that is withheld for being small is 5. */
static void a_part_leaves_no_more_than_its_whole(void **state)
{
    (void)state;
    struct figure *all = whole(&closed, "Financial year", "", 12, 15), *part = whole(&closed, "Financial year", "sex=m", 5, 8);
    gate();
    assert_left(part, "c/8=-");
    assert_left(all, "c/15=-");
}

/* The men's 5 plans are withheld, and 24 beside them. That 17 less 12 of them are closed says 5 again: no percentage of men is
 * given, and none may have more in it than there are. */
static void nor_has_a_part_that_nobody_gave_more_in_it_than_there_are(void **state)
{
    (void)state;
    struct figure *men = whole(&a_count, "Financial year", "sex=m", 5, 0);
    whole(&a_count, "Financial year", "sex=f", 24, 0);
    struct figure *plans = whole(&a_count, "Financial year", "", 29, 0);
    struct figure *women = whole(&closed, "Financial year", "sex=f", 12, 24), *all = whole(&closed, "Financial year", "", 17, 29);
    gate();
    assert_left(men, "c/-=-");
    assert_true(!plans->has_numerator || !women->has_numerator || !all->has_numerator);
}

static void a_denominator_that_was_withheld_once_stays_so(void **state)
{
    (void)state;
    struct figure *public = whole(&closed, "Financial year", "sex=m", 9, 0),
                  *same = whole(&a_count, "Financial year", "sex=m", 11, 0);
    items[0].is_fixed = true;
    gate();
    assert_left(public, "9/-=-");
    assert_left(same, "c/-=-");
}

static void related_are_definitions_that_say_so(void **state)
{
    (void)state;
    struct definition open = closed, not_closed = closed, other = closed;
    snprintf(open.numerator, sizeof(open.numerator), "plans");
    snprintf(not_closed.numerator, sizeof(not_closed.numerator), "Not closed  plans");
    snprintf(not_closed.denominator, sizeof(not_closed.denominator), "something else");
    snprintf(other.numerator, sizeof(other.numerator), "closed plan");
    snprintf(other.denominator, sizeof(other.denominator), "something else");
    assert_true(gate_is_related(&a_count, &closed));
    assert_true(gate_is_related(&closed, &open));
    assert_true(gate_is_related(&closed, &not_closed));
    assert_false(gate_is_related(&closed, &other));
    assert_false(gate_is_related(&a_count, &other));
    assert_false(gate_is_related(&fte, &snapshot));
}

/* ---- the charter says more ---- */

static void what_is_few_is_what_the_members_agreed_on(void **state)
{
    (void)state;
    struct figure *ten = cell("", 10, 70), *eleven = whole(&snapshot, "Financial year", "", 11, 70);
    small_max = 10;
    struct gate_count c = gate();
    assert_left(ten, "c/70=-");
    assert_left(eleven, "11/70=15.7");
    assert_int_equal(c.n_small, 1);
}

static void so_it_is_of_denominators_and_of_what_a_value_tells(void **state)
{
    (void)state;
    struct figure *of_ten = cell("", 0, 10), *told = whole(&snapshot, "Financial year", "", 10, 70);
    told->has_numerator = false;
    small_max = 10;
    gate();
    assert_left(of_ten, "0/-=0.0");
    assert_left(told, "c/70=-");
}

/* Both are at most ten, and of the whole twenty are left for them: so each is ten, if no third goes. */
static void what_readers_know_of_a_withheld_count_is_bound_by_what_was_agreed(void **state)
{
    (void)state;
    struct figure *all = cell("", 60, 900), *f = cell("sex=f", 10, 300), *m = cell("sex=m", 10, 300), *x = cell("sex=x", 40, 300);
    small_max = 10;
    gate();
    assert_left(f, "c/300=-");
    assert_left(m, "c/300=-");
    assert_left(x, "c/300=-");
    assert_left(all, "60/900=6.7");
}

/* Eight from the sum, eight from the number that should be the same: that is near where ten are few. */
static void what_is_near_is_so_by_what_was_agreed(void **state)
{
    (void)state;
    struct figure *f = cell("sex=f", 10, 300), *m = cell("sex=m", 42, 300);
    cell("", 60, 900);
    struct figure *q = whole(&a_count, "Financial year Q1", "", 9, 0), *near = whole(&closed, "Financial year Q1", "", 16, 17);
    small_max = 10;
    gate();
    assert_left(f, "c/300=-");
    assert_left(m, "c/300=-");
    assert_left(q, "c/-=-");
    assert_left(near, "16/-=-");
}

static void the_larger_of_ours_and_the_charters_holds(void **state)
{
    (void)state;
    static const struct { const char *text; int64_t max; } texts[] = {
        {"", 5}, {"5", 5}, {"10", 10}, {"10 and below", 10}, {"100 people", 100},
        {"4 and below", 5}, {"101", 5}, {"0", 5}, {"010", 5}, {"10, and below", 5}, {"-10", 5}, {"Below ten", 5}, {" 10", 5},
        {"99999999999999999999", 5},
    };
    struct charter *c = charter_new();
    assert_non_null(c);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        int64_t n = -1;
        snprintf(c->small_numbers, sizeof(c->small_numbers), "%s", texts[i].text);
        assert_int_equal(small_count_max(c), texts[i].max);
        assert_int_equal(small_numbers_read(texts[i].text, &n), texts[i].max > 5 || strcmp(texts[i].text, "5") == 0);
        assert_true(n == -1 || n == texts[i].max);
    }
    charter_free(c);
    assert_int_equal(small_count_max(NULL), SMALL_COUNT_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_count_of_one_to_five_is_withheld_with_its_value, begin),
        cmocka_unit_test_setup(zero_and_six_stay, begin),
        cmocka_unit_test_setup(full_time_equivalents_are_not_people, begin),
        cmocka_unit_test_setup(a_small_denominator_goes_and_what_would_tell_it, begin),
        cmocka_unit_test_setup(a_value_that_tells_a_small_count_is_withheld, begin),
        cmocka_unit_test_setup(a_withheld_part_takes_the_smallest_other_part_with_it, begin),
        cmocka_unit_test_setup(two_withheld_parts_that_can_only_be_one_each_take_a_third, begin),
        cmocka_unit_test_setup(two_withheld_parts_of_unknown_size_need_no_third, begin),
        cmocka_unit_test_setup(where_the_whole_is_not_given_nothing_is_recoverable, begin),
        cmocka_unit_test_setup(with_zeros_beside_it_the_whole_is_withheld, begin),
        cmocka_unit_test_setup(sums_over_two_keys_are_looked_at_until_all_hold, begin),
        cmocka_unit_test_setup(quarters_of_a_flow_add_up_to_their_year_those_of_a_snapshot_do_not, begin),
        cmocka_unit_test_setup(what_is_public_already_is_left_and_something_else_goes, begin),
        cmocka_unit_test_setup(a_symbol_from_the_file_is_protected_too, begin),
        cmocka_unit_test_setup(a_value_that_is_a_count_is_one, begin),
        cmocka_unit_test_setup(a_value_tells_a_small_count_also_by_a_denominator_that_stands_elsewhere, begin),
        cmocka_unit_test_setup(numbers_that_should_be_the_same_and_are_nearly_tell_each_other, begin),
        cmocka_unit_test_setup(a_part_leaves_no_more_than_its_whole, begin),
        cmocka_unit_test_setup(nor_has_a_part_that_nobody_gave_more_in_it_than_there_are, begin),
        cmocka_unit_test_setup(a_denominator_that_was_withheld_once_stays_so, begin),
        cmocka_unit_test(related_are_definitions_that_say_so),
        cmocka_unit_test_setup(the_gate_says_the_same_of_what_it_has_let_pass, begin),
        cmocka_unit_test_setup(what_is_few_is_what_the_members_agreed_on, begin),
        cmocka_unit_test_setup(so_it_is_of_denominators_and_of_what_a_value_tells, begin),
        cmocka_unit_test_setup(what_readers_know_of_a_withheld_count_is_bound_by_what_was_agreed, begin),
        cmocka_unit_test_setup(what_is_near_is_so_by_what_was_agreed, begin),
        cmocka_unit_test(the_larger_of_ours_and_the_charters_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
