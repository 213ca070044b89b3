/* What cannot be read is answered with what may be meant: each by the words that people put into files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/intake/intake.h"
#include "cli/intake/meant.h"

#define HEAD "time_period,time_identifier,old_la_code,indicator,numerator,denominator,value\n"
#define FIGURE "2024,Reporting year,845,cpp_repeat_pct,20,100,20.0\n"

static void assert_says(const char *of, const char *said, const char *want)
{
    if (strstr(said, want) == NULL)
        fail_msg("of `%s` it says: %s; not: %s", of, said, want);
}

static void a_cell_that_is_no_number_is_answered_by_what_may_be_meant(void **state)
{
    (void)state;
    static const struct { const char *cell, *remedy; } cases[] = {
        {"\xE2\x80\x93" "1.5", "minus as -"}, {"\xE2\x88\x92" "1.5", "minus as -"}, {"(1.5)", "below zero with -"},
        {"-", "0 where nobody"}, {"\xE2\x80\x93", "0 where nobody"}, {"..", "0 where nobody"}, {"n/a", "0 where nobody"},
        {"N/A", "0 where nobody"}, {"*", "0 where nobody"}, {"NULL", "0 where nobody"}, {"#DIV/0!", "a formula failed"},
        {"#N/A", "a formula failed"}, {"<5", "is c"}, {"1 234", "1234 or 1,234"}, {"1\xC2\xA0" "234", "1234 or 1,234"},
        {"1\xE2\x80\xAF" "234", "1234 or 1,234"}, {"1'234", "1234 or 1,234"}, {"1,23", "1234 or 1,234"},
        {"1.234,5", "1234 or 1,234"},
        {"20,0", "1234 or 1,234"}, {".5", "both sides"}, {"1.", "both sides"}, {"+1.5", "both sides"},
        {"12p", "--status provisional"},
        {"12 (est)", "number alone"}, {"\xC2\xA3" "12", "number alone"}, {"ten", "one of the symbols"}, {"q", "one of the symbols"},
        {"20%", "the definition says"}, {"1E+05", "in full in the spreadsheet"}, {"1234567890123456789012", "at most 18 digits"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct cell_content c;
        struct complaint why = {.problem = ""};
        assert_int_equal(cell_read(cases[i].cell, &c, &why), ERR_FORMAT);
        assert_says(cases[i].cell, why.remedy, cases[i].remedy);
    }
}

static void a_cell_that_is_no_period_too(void **state)
{
    (void)state;
    static const struct { const char *cell, *remedy; } cases[] = {
        {"2024/25", "write 202425"}, {"2024-25", "write 202425"}, {"2024\xE2\x80\x93" "25", "write 202425"},
        {"2024/2025", "write 202425"},
        {"24/25", "write 202425"}, {"FY2024/25", "write 202425"}, {"1999/2000", "write 199900"},
        {"2023/24 Q4", "write 202324, with the identifier Financial year Q4"}, {"2024 Q1", "with the identifier Financial year Q1"},
        {"45383", "the format Text"}, {"31/03/2024", "a day or a month"}, {"2024-03-31", "a day or a month"},
        {"Mar-24", "a day or a month"},
        {"FY2024", "write 2024 alone"}, {"2024r", "write 2024 alone"}, {"2024/26", "4 digits"}, {"20242", "4 digits"},
        {"x", "4 digits"},
        {"", "4 digits"}, {"123456789012345678901234567890", "4 digits"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char remedy[COMPLAINT_REMEDY_SIZE];
        meant_period(cases[i].cell, remedy);
        assert_says(cases[i].cell, remedy, cases[i].remedy);
    }
}

static void a_file_that_is_no_csv_is_told_what_it_is(void **state)
{
    (void)state;
    static const struct { const char *bytes; size_t len; const char *problem; } cases[] = {
#define FILE_OF(text, problem) {text, sizeof(text) - 1, problem}
        FILE_OF("PK\x03\x04\x14\x00\x06\x00", "a workbook"), FILE_OF("\xD0\xCF\x11\xE0\xA1", "an old workbook"),
        FILE_OF("%PDF-1.4\n", "a PDF"), FILE_OF("\x1F\x8B\x08", "compressed"), FILE_OF("<!DOCTYPE html>", "a web page"),
        FILE_OF("\xEF\xBB\xBF<html>", "a web page"), FILE_OF("{\"a\":1}", "JSON"), FILE_OF("\xFF\xFE" "a\0,\0", "UTF-16"),
        FILE_OF("\xFE\xFF\0a\0,", "UTF-16"), FILE_OF("a\0,\0b\0,\0c\0\n\0", "UTF-16"), FILE_OF("time_period\n2024\n\0\n", "line 3"),
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct intake_options with = {.dfe = "845", .gss = "", .base = STATUS_FINAL};
        struct intake in;
        assert_int_equal(intake_from((struct bytes){(const uint8_t *)cases[i].bytes, cases[i].len}, &with, &in), OK);
        assert_int_equal(in.n_problems, 1);
        assert_int_equal(in.n_figures, 0);
        assert_says(cases[i].problem, in.problems[0].problem, cases[i].problem);
        intake_release(&in);
    }
}

/* "LINE: PROBLEM" of the first problem, or "" with one figure. */
static void says(const char *text, const char *want)
{
    struct intake_options with = {.dfe = "845", .gss = "E10000011", .base = STATUS_FINAL};
    struct intake in;
    char said[300] = "";
    assert_int_equal(intake_from(bytes_of(text), &with, &in), OK);
    if (in.n_problems > 0)
        snprintf(said, sizeof(said), "%llu: %s", (unsigned long long)in.problems[0].line, in.problems[0].problem);
    assert_string_equal(said, want);
    assert_int_equal(in.n_figures, want[0] == '\0' ? 1 : 0);
    intake_release(&in);
}

static void what_stands_above_the_heading_or_repeats_it_is_named(void **state)
{
    (void)state;
    says("Children in need 2024\n\n" HEAD FIGURE, "1: `Children in need 2024` is a title, and the first row names the columns");
    says("sep=,\n" HEAD FIGURE, "1: the first row is for spreadsheets and names no columns");
    says("sep=;\n" HEAD FIGURE, "1: the first row is for spreadsheets and names no columns");
    says(HEAD HEAD, "2: the heading stands here again");
    says(HEAD "\xEF\xBB\xBF" HEAD, "2: the heading stands here again");
    says("a;b;c\n", "1: the columns are not separated by commas");
}

static void what_is_not_seen_at_the_ends_of_a_cell_is_not_there(void **state)
{
    (void)state;
    says(HEAD FIGURE, "");
    says(HEAD "\xEF\xBB\xBF" FIGURE, "");
    says("\xEF\xBB\xBF\xEF\xBB\xBF" HEAD FIGURE, "");
    says(HEAD "2024\xE2\x80\x8B,Reporting\xC2\xA0year,\xC2\xA0" "845 , cpp_repeat_pct\t,20\xE2\x80\xAF,100, 20.0\n", "");
    says(HEAD "2024,Reporting  year,845,cpp_repeat_pct,20,100,20.0\n", "");
    says(HEAD "2024, Reporting year \xC2\xA0,845,cpp_repeat_pct,20,100,20.0\n", "");
    says(HEAD "\xE2\x80\x8B,,,,,,\n" FIGURE, "");        /* a row of nothing */
}

static void a_denominator_that_is_hidden_is_not_given_away(void **state)
{
    (void)state;
    says(HEAD "2024,,845,cpp_repeat_pct,20,c,20.0\n", "2: count and value stand where the denominator is c, and give it away");
    says(HEAD "2024,,845,cpp_repeat_pct,0,c,0\n", "");
    says(HEAD "2024,,845,cpp_repeat_pct,20,x,20.0\n", "");
}

static void a_file_beyond_the_limit_is_not_even_read(void **state)
{
    (void)state;
    char path[] = "/tmp/folkmoot-large-XXXXXX";
    struct source s;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, (off_t)INTAKE_FILE_MAX + 1), 0);
    assert_int_equal(source_read(path, stdin, &s), ERR_LIMIT);
    close(fd);
    assert_int_equal(unlink(path), 0);
}

static void whose_rows_they_are_instead_is_said(void **state)
{
    (void)state;
    struct intake_options with = {.dfe = "845", .gss = "E10000011", .base = STATUS_FINAL};
    struct intake in;
    assert_int_equal(intake_from(bytes_of("time_period,old_la_code,la_name,indicator,value\n2024,850,Hampshire,cin_rate,1\n"
                                          "2024,886,Kent,cin_rate,1\n"), &with, &in), OK);
    assert_int_equal(in.n_other_authority, 2);
    assert_string_equal(in.first_other, "Hampshire");
    intake_release(&in);
    assert_int_equal(intake_from(bytes_of("time_period,old_la_code,indicator,value\n2024,886,cin_rate,1\n"), &with, &in), OK);
    assert_string_equal(in.first_other, "886");
    intake_release(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_that_is_no_number_is_answered_by_what_may_be_meant),
        cmocka_unit_test(a_cell_that_is_no_period_too),
        cmocka_unit_test(a_file_that_is_no_csv_is_told_what_it_is),
        cmocka_unit_test(what_stands_above_the_heading_or_repeats_it_is_named),
        cmocka_unit_test(what_is_not_seen_at_the_ends_of_a_cell_is_not_there),
        cmocka_unit_test(a_denominator_that_is_hidden_is_not_given_away),
        cmocka_unit_test(a_file_beyond_the_limit_is_not_even_read),
        cmocka_unit_test(whose_rows_they_are_instead_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
