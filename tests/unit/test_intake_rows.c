/* Rows that contradict themselves, denominators in rows of their own, symbols beside numbers, comments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/intake/intake.h"

#define HEAD "time_period,geographic_level,old_la_code,new_la_code,la_name,indicator,numerator,denominator,value\n"
#define FIGURE ",cpp_repeat_pct,20,100,20.0\n"

static void read_text(const char *text, const char *map_text, struct intake *ret)
{
    static struct intake_map map[8];
    struct intake_options with = {.dfe = "845", .gss = "E10000011", .base = STATUS_FINAL};
    struct complaint why;
    uint64_t line;
    if (map_text != NULL) {
        assert_int_equal(intake_map_read(bytes_of(map_text), map, 8, &with.n_map, &line, &why), OK);
        with.map = map;
    }
    assert_int_equal(intake_from(bytes_of(text), &with, ret), OK);
}

/* "LINE COLUMN: problem" each, or "" for none; and so many figures. */
static void says(const char *text, const char *map_text, const char *problems, size_t n_figures)
{
    struct intake in;
    struct buf b = buf_on(8192);
    read_text(text, map_text, &in);
    for (size_t i = 0; i < in.n_problems; i++)
        buf_printf(&b, "%llu %s: %s\n", (unsigned long long)in.problems[i].line, in.problems[i].column, in.problems[i].problem);
    assert_string_equal(buf_str(&b), problems);
    assert_int_equal(in.n_figures, n_figures);
    buf_release(&b);
    intake_release(&in);
}

static void a_row_that_contradicts_itself_is_a_problem(void **state)
{
    (void)state;
    says(HEAD "2024,Local authority,845,E10000011,East Sussex" FIGURE, NULL, "", 1);
    says(HEAD "2024,Local authority,845,E10000014,East Sussex" FIGURE, NULL,
         "2 new_la_code: `E10000014` is not our code, and old_la_code is\n", 0);
    says(HEAD "2024,Local authority,850,E10000011,East Sussex" FIGURE, NULL,
         "2 old_la_code: `850` is not our code, and new_la_code is\n", 0);
    says(HEAD "2024,Local authority,845,E10000011,Kent" FIGURE, NULL,
         "2 la_name: `Kent` is another authority, and the codes are ours\n", 0);
    says(HEAD "2024,Local Autority,845,E10000011,East Sussex" FIGURE, NULL,
         "2 geographic_level: `Local Autority` is no geographic level, and the row is ours by its code\n", 0);
    says(HEAD "2024,Local authority,84S,,East Sussex" FIGURE, NULL, "2 old_la_code: `84S` is no code of an authority\n", 0);
    says(HEAD "2024,Local authority,,,East Sussex" FIGURE, NULL, "2 old_la_code: `` is no code of an authority\n", 0);
}

static void rows_of_others_and_of_other_levels_are_not(void **state)
{
    (void)state;
    says(HEAD "2024,School,845,E10000011,East Sussex" FIGURE "2024,Regional,,,South East" FIGURE
              "2024,Local authority,940 / 941,,North and West Northamptonshire" FIGURE
              "2024,Local authority,850,E10000014,Hampshire" FIGURE "2024,Local authority,z,E06000066,Somerset" FIGURE
              "2024,Local authority,z,z,All others" FIGURE,
         NULL, "", 0);
    says(HEAD "2024,Local authority,z,E10000011,East Sussex" FIGURE, NULL, "", 1);
}

#define STABILITY "time_period,old_la_code,group,words,number,percentage\n"
#define STABILITY_MAP "indicator,numerator,denominator,value,where,denominator_where\n" \
                      "cla_3plus_placements_pct,number,number,percentage,group=A;words=With 3,group=A;words=Total\n"

static void a_denominator_may_stand_in_a_row_of_its_own(void **state)
{
    (void)state;
    struct intake in;
    read_text(STABILITY "2024,845,A,With 3,94,14\n2023,845,A,With 3,99,15\n2024,845,B,Total,9,\n2024,845,A,Total,657,100\n"
                        "2023,845,A,Total,661,100\n2024,850,A,Total,5,100\n", STABILITY_MAP, &in);
    assert_int_equal(in.n_problems, 0);
    assert_int_equal(in.n_figures, 2);
    assert_int_equal(in.figures[0].figure.denominator.mantissa, 657);
    assert_int_equal(in.figures[1].figure.denominator.mantissa, 661);
    assert_int_equal(in.figures[1].figure.status, STATUS_FINAL);
    intake_release(&in);
}

static void a_denominator_twice_or_nowhere_or_no_number_is_a_problem_where_it_stands(void **state)
{
    (void)state;
    says(STABILITY "2024,845,A,With 3,94,14\n2024,845,A,Total,657,100\n2024,845,A,Total,658,100\n", STABILITY_MAP,
         "4 : the denominator of cla_3plus_placements_pct stands in line 3 already\n", 1);
    says(STABILITY "2024,845,A,With 3,94,14\n2023,845,A,Total,657,100\n", STABILITY_MAP,
         "2 number: no row of this period holds the denominator of cla_3plus_placements_pct\n", 0);
    says(STABILITY "2024,845,A,With 3,94,14\n2024,845,A,Total,6S7,100\n", STABILITY_MAP, "3 number: `6S7` is not a number\n", 0);
    says(STABILITY "2024,845,A,With 3,94,14\n2024,845,A,Total,-657,100\n", STABILITY_MAP, "3 number: -657 is below zero\n", 0);
    says(STABILITY "2024,845,A,With 3,94,13\n2024,845,A,Total,657,100\n", STABILITY_MAP,
         "2 percentage: 13 does not follow from 94 and 657\n", 0);
}

#define PARTS(rest) "time_period,old_la_code,indicator,numerator,denominator,value\n2024,845,cpp_repeat_pct," rest "\n"

static void a_symbol_where_a_number_belongs_is_refused(void **state)
{
    (void)state;
    says(PARTS("20,100,c"), NULL, "2 value: the value is c where its count is 20\n", 0);
    says(PARTS("20,,c"), NULL, "2 value: the value is c where its count is 20\n", 0);
    says(PARTS("20,100,z"), NULL, "2 value: the value is z where its count is 20\n", 0);
    says(PARTS("20,100,x"), NULL, "2 value: the value is x where its count is 20\n", 0);
    says(PARTS("0,0,z"), NULL, "", 1);
    says(PARTS("20,x,x"), NULL, "", 1);             /* the DfE's own, where a population is missing */
    says(PARTS("20,100,u"), NULL, "", 1);
    says(PARTS(",,-5"), NULL, "2 value: -5 is below zero\n", 0);
}

static void a_table_with_a_column_missing_says_which(void **state)
{
    (void)state;
    says("time_period,geographic_level,old_la_code,category,CPP_start,CPP_subsequent,CPP_percent\n"
         "2024,Local authority,845,x,675,182,27\n", NULL,
         "1 CPP_subsequent_percent: this looks like the DfE's table d3, and there is no column `CPP_subsequent_percent`\n", 0);
}

static void a_comment_is_kept_with_its_figure(void **state)
{
    (void)state;
    struct intake in;
    read_text("time_period,old_la_code,indicator,value,Comment\n2024,845,cin_rate,1,\"first\r\nsecond\"\n2023,845,cin_rate,1,\n",
              NULL, &in);
    assert_int_equal(in.n_problems, 0);
    assert_string_equal(in.figures[0].comment, "first\nsecond");
    assert_null(in.figures[1].comment);
    intake_release(&in);
    says("time_period,old_la_code,indicator,value,comment\n2024,845,cin_rate,1,bell\a\n", NULL,
         "2 comment: the comment holds control characters\n", 1);
}

static void conditions_are_read_whole_or_not(void **state)
{
    (void)state;
    struct intake_conditions all;
    assert_int_equal(intake_conditions_parse("", &all), OK);
    assert_int_equal(all.n, 0);
    assert_int_equal(intake_conditions_parse("a=b;c=d=e", &all), OK);
    assert_int_equal(all.n, 2);
    assert_string_equal(all.all[1].value, "d=e");
    assert_int_equal(intake_conditions_parse("a=b;c", &all), ERR_FORMAT);
    assert_int_equal(intake_conditions_parse("a=1;b=2;c=3;d=4", &all), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_that_contradicts_itself_is_a_problem),
        cmocka_unit_test(rows_of_others_and_of_other_levels_are_not),
        cmocka_unit_test(a_denominator_may_stand_in_a_row_of_its_own),
        cmocka_unit_test(a_denominator_twice_or_nowhere_or_no_number_is_a_problem_where_it_stands),
        cmocka_unit_test(a_symbol_where_a_number_belongs_is_refused),
        cmocka_unit_test(a_table_with_a_column_missing_says_which),
        cmocka_unit_test(a_comment_is_kept_with_its_figure),
        cmocka_unit_test(conditions_are_read_whole_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
