#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/period.h"

static void reads(const char *text, const char *code, const char *identifier)
{
    struct period_asked p;
    if (period_parse(text, &p) != OK)
        fail_msg("`%s` is not read", text);
    assert_int_equal(p.kind, PERIOD_NAMED);
    assert_string_equal(p.code, code);
    assert_string_equal(p.identifier, identifier);
}

static void a_period_is_read_as_people_write_it(void **state)
{
    (void)state;
    struct period_asked p;
    reads("2024", "2024", "");
    reads("202425", "202425", "");
    reads("2024-25", "202425", "");
    reads("2024/25", "202425", "");
    reads("1999-00", "199900", "");
    reads("2024-25 Q1", "202425", "Financial year Q1");
    reads("202425 q4", "202425", "Financial year Q4");
    reads("2024-25Q2", "202425", "Financial year Q2");
    assert_int_equal(period_parse("latest", &p), OK);
    assert_int_equal(p.kind, PERIOD_LATEST);
    assert_int_equal(period_parse("Previous", &p), OK);
    assert_int_equal(p.kind, PERIOD_PREVIOUS);
}

static void what_is_no_period_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "24", "20245", "2024-26", "202424", "2024 Q1", "2024-25 Q5", "2024-25 Q0",
                                        "2024-25 Q1x", "2024-25  Q1", "0024", "latest ", "2024-2", "20242526", "-2024",
                                        "2024-25-"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct period_asked p = {.kind = PERIOD_LATEST, .code = "kept"};
        if (period_parse(wrong[i], &p) != ERR_FORMAT)
            fail_msg("`%s` is read", wrong[i]);
        assert_string_equal(p.code, "kept");
    }
}

static void a_code_goes_with_some_identifiers_only(void **state)
{
    (void)state;
    assert_true(period_is_valid("2024", "Reporting year"));
    assert_true(period_is_valid("2024", "calendar YEAR"));
    assert_true(period_is_valid("202425", "Academic year"));
    assert_true(period_is_valid("202425", "Financial year Q3"));
    assert_false(period_is_valid("2024", "Financial year"));
    assert_false(period_is_valid("202425", "Reporting year"));
    assert_false(period_is_valid("202426", "Financial year"));
    assert_false(period_is_valid("202425", "Financial year Q5"));
    assert_false(period_is_valid("2024", ""));
    assert_string_equal(period_identifier("reporting year"), "Reporting year");
    assert_null(period_identifier("Week 1"));
}

static void shows(const char *code, const char *identifier, const char *text)
{
    char shown[PERIOD_TEXT_MAX];
    struct period_asked p;
    period_text(code, identifier, shown);
    assert_string_equal(shown, text);
    assert_int_equal(period_parse(shown, &p), OK);
    assert_true(period_matches(&p, code, identifier));
}

static void a_period_is_shown_as_it_is_read(void **state)
{
    (void)state;
    shows("2024", "Reporting year", "2024");
    shows("202425", "Financial year", "2024-25");
    shows("202425", "Financial year Q1", "2024-25 Q1");
}

static void a_year_is_not_one_of_its_quarters(void **state)
{
    (void)state;
    struct period_asked year, quarter;
    assert_int_equal(period_parse("2024-25", &year), OK);
    assert_int_equal(period_parse("2024-25 Q1", &quarter), OK);
    assert_true(period_matches(&year, "202425", "Academic year"));
    assert_false(period_matches(&year, "202425", "Financial year Q1"));
    assert_false(period_matches(&quarter, "202425", "Financial year"));
    assert_false(period_matches(&quarter, "202425", "Financial year Q2"));
    assert_false(period_matches(&year, "202526", "Financial year"));
}

static void periods_stand_in_the_order_of_time(void **state)
{
    (void)state;
    static const char *const order[][2] = {
        {"2023", "Reporting year"}, {"202324", "Financial year Q4"}, {"202324", "Financial year"},
        {"2024", "Reporting year"}, {"202425", "Financial year Q1"}, {"202425", "Financial year Q2"},
    };
    for (size_t i = 0; i < 6; i++)
        for (size_t k = 0; k < 6; k++)
            assert_int_equal(period_compare(order[i][0], order[i][1], order[k][0], order[k][1]), (i > k) - (i < k));
}

static void a_period_is_over_on_a_day(void **state)
{
    (void)state;
    static const struct { const char *code, *identifier, *basis, *day; } periods[] = {
        {"2023", "Reporting year", "flow, year ending 31 March", "2023-03-31"}, {"2023", "Reporting year", "", "2023-03-31"},
        {"2023", "Reporting year", "snapshot 30 September", "2023-09-30"}, {"2023", "Calendar year", "", "2023-12-31"},
        {"202223", "Financial year", "flow", "2023-03-31"}, {"202223", "Financial year", "snapshot 30 September", "2023-03-31"},
        {"202223", "Academic year", "", "2023-08-31"}, {"202223", "Financial year Q1", "", "2022-06-30"},
        {"202223", "Financial year Q2", "", "2022-09-30"}, {"202223", "Financial year Q3", "", "2022-12-31"},
        {"202223", "Financial year Q4", "", "2023-03-31"}, {"199900", "Financial year", "", "2000-03-31"},
    };
    for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++) {
        char day[DATE_LEN + 1];
        period_last_day(periods[i].code, periods[i].identifier, periods[i].basis, day);
        assert_string_equal(day, periods[i].day);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_period_is_read_as_people_write_it),
        cmocka_unit_test(what_is_no_period_is_refused),
        cmocka_unit_test(a_code_goes_with_some_identifiers_only),
        cmocka_unit_test(a_period_is_shown_as_it_is_read),
        cmocka_unit_test(a_year_is_not_one_of_its_quarters),
        cmocka_unit_test(periods_stand_in_the_order_of_time),
        cmocka_unit_test(a_period_is_over_on_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
