/* What is new, revised, unchanged; and the small readers beside it: days, figures as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/day.h"
#include "cli/output/figure.h"
#include "cli/publish/plan.h"

enum { OLD_MAX = 8 };

struct shelf { size_t n; struct figure_row rows[OLD_MAX]; enum err fails; };

static struct figure figure(const char *indicator, const char *period, int64_t n)
{
    struct figure f = {.time_identifier = "Reporting year", .has_numerator = true, .numerator = {n, 0}};
    snprintf(f.indicator, sizeof(f.indicator), "%s", indicator);
    snprintf(f.period, sizeof(f.period), "%s", period);
    return f;
}

static enum err find(void *arg, const struct figure *f, struct figure_row *ret)
{
    const struct shelf *s = arg;
    if (s->fails != OK)
        return s->fails;
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->rows[i].figure.indicator, f->indicator) == 0 && strcmp(s->rows[i].figure.period, f->period) == 0) {
            *ret = s->rows[i];
            return OK;
        }
    return ERR_UNKNOWN;
}

static void put(struct shelf *s, struct figure f, bool is_withdrawn)
{
    struct figure_row *r = &s->rows[s->n];
    *r = (struct figure_row){.figure = f, .is_withdrawn = is_withdrawn};
    snprintf(r->record, sizeof(r->record), "barset-1/%zu", s->n++);
}

static void a_plan_tells_new_revised_and_unchanged(void **state)
{
    (void)state;
    struct shelf s = {.n = 0};
    put(&s, figure("b_rate", "2023", 10), false);
    put(&s, figure("a_rate", "2023", 20), false);
    put(&s, figure("b_rate", "2022", 30), false);
    put(&s, figure("b_rate", "2021", 40), true);
    struct intake_figure in[] = {
        {.figure = figure("b_rate", "2023", 11)},       /* revised */
        {.figure = figure("b_rate", "2022", 30)},       /* the same */
        {.figure = figure("a_rate", "2023", 21)},       /* revised */
        {.figure = figure("a_rate", "2024", 50)},       /* new */
        {.figure = figure("b_rate", "2021", 40)},       /* withdrawn before */
    };
    const enum plan_kind want[] = {PLAN_REVISED, PLAN_UNCHANGED, PLAN_REVISED, PLAN_NEW, PLAN_NEW};
    struct published published = {find, NULL, &s};
    struct plan p;
    for (size_t i = 0; i < 5; i++)
        in[i].figure.reason = REASON_CORRECTION;
    assert_int_equal(plan_make(in, 5, &published, REASON_CORRECTION, &p), OK);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(p.kinds[i], want[i]);
        assert_int_equal(in[i].figure.reason, want[i] == PLAN_REVISED ? REASON_CORRECTION : REASON_NONE);
    }
    assert_int_equal(p.n_new, 2);
    assert_int_equal(p.n_revised, 2);
    assert_int_equal(p.n_unchanged, 1);
    assert_string_equal(p.changes[0].record, "barset-1/1");     /* by indicator: a_rate first */
    assert_int_equal(p.changes[0].at, 2);
    assert_int_equal(p.changes[0].old.numerator.mantissa, 20);
    assert_string_equal(p.changes[1].record, "barset-1/0");
    assert_int_equal(p.changes[1].at, 0);
    plan_release(&p);
}

static void a_plan_stops_at_what_cannot_be_read(void **state)
{
    (void)state;
    struct shelf s = {.fails = ERR_IO};
    struct intake_figure in = {.figure = figure("a_rate", "2023", 1)};
    struct published published = {find, NULL, &s};
    struct plan p;
    assert_int_equal(plan_make(&in, 1, &published, REASON_NONE, &p), ERR_IO);
}

static void a_day_ends_with_its_last_millisecond(void **state)
{
    (void)state;
    static const struct { const char *text; uint64_t ms; } good[] = {
        {"1970-01-01", 86399999}, {"2024-02-29", 1709251199999}, {"2024-03-01", 1709337599999},
        {"2000-12-31", 978307199999}, {"2025-01-31T09:30:00Z", 1738315800999},
    };
    static const char *const bad[] = {"", "2024", "2023-02-29", "2024-13-01", "2024-00-10", "2024-1-1", "2024-01-32", "1969-12-31",
                                      "2024-01-01T24:00:00Z", "2024-01-01 00:00:00Z", "2024-01-01T00:00:00", "yesterday!"};
    uint64_t ms = 0;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(day_end(good[i].text, &ms), OK);
        assert_int_equal(ms, good[i].ms);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(day_end(bad[i], &ms), ERR_FORMAT);
}

static void a_figure_is_shown_with_its_declared_decimals(void **state)
{
    (void)state;
    static const struct { struct decimal d; uint8_t decimals; const char *want; } cases[] = {
        {{58, 0}, 1, "58.0"}, {{583, 1}, 1, "58.3"}, {{583, 1}, 0, "58.3"}, {{58, 0}, 0, "58"}, {{-5, 1}, 3, "-0.500"},
    };
    char text[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        decimal_shown(cases[i].d, cases[i].decimals, text);
        assert_string_equal(text, cases[i].want);
    }
    char name[FIGURE_NAME_MAX];
    struct figure f = figure("a_rate", "202425", 1);
    snprintf(f.time_identifier, sizeof(f.time_identifier), "Financial year Q1");
    snprintf(f.breakdown, sizeof(f.breakdown), "sex=f");
    figure_name(&f, name);
    assert_string_equal(name, "a_rate@2024-25 Q1/sex=f");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_tells_new_revised_and_unchanged),
        cmocka_unit_test(a_plan_stops_at_what_cannot_be_read),
        cmocka_unit_test(a_day_ends_with_its_last_millisecond),
        cmocka_unit_test(a_figure_is_shown_with_its_declared_decimals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
