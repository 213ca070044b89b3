#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/intake/follow.h"
#include "cli/intake/intake.h"
#include "cli/intake/rows.h"
#include "cli/register/register.h"

#define SAMPLE "tests/data/south_east_sample.csv"
#define HEAD "time_period,time_identifier,old_la_code,new_la_code,indicator,numerator,denominator,value\n"
#define ROW(rest) "2024,Reporting year,845,E10000011," rest "\n"

static struct intake_options east_sussex(void)
{
    return (struct intake_options){.dfe = "845", .gss = "E10000011", .base = STATUS_FINAL};
}

static struct intake taken(const char *text)
{
    struct intake_options with = east_sussex();
    struct intake in;
    assert_int_equal(intake_from(bytes_of(text), &with, &in), OK);
    return in;
}

/* Exactly these figures, a line each: "indicator period numerator/denominator=value status", "-" for none. */
static void gives(const char *text, const char *figures)
{
    struct intake in = taken(text);
    struct buf b = buf_on(4096);
    for (size_t i = 0; i < in.n_problems; i++)
        fail_msg("line %llu, %s: %s: %s", (unsigned long long)in.problems[i].line, in.problems[i].column,
                 in.problems[i].problem, in.problems[i].remedy);
    for (size_t i = 0; i < in.n_figures; i++) {
        const struct figure *f = &in.figures[i].figure;
        char n[DECIMAL_TEXT_MAX] = "-", d[DECIMAL_TEXT_MAX] = "-", v[DECIMAL_TEXT_MAX] = "-";
        if (f->has_numerator)
            decimal_text(f->numerator, n);
        if (f->has_denominator)
            decimal_text(f->denominator, d);
        if (f->has_value)
            decimal_text(f->value, v);
        assert_int_equal(figure_check(f), OK);
        buf_printf(&b, "%s %s%s%s %s/%s=%s %s\n", f->indicator, f->period, f->breakdown[0] != '\0' ? " " : "", f->breakdown,
                   n, d, v, status_name(f->status));
    }
    assert_string_equal(buf_str(&b), figures);
    buf_release(&b);
    intake_release(&in);
}

/* Exactly these problems, a line each: "LINE COLUMN: problem: remedy". */
static void refuses_with(const struct intake_options *with, const char *text, const char *problems)
{
    struct intake in;
    struct buf b = buf_on(8192);
    assert_int_equal(intake_from(bytes_of(text), with, &in), OK);
    for (size_t i = 0; i < in.n_problems; i++)
        buf_printf(&b, "%llu %s: %s: %s\n", (unsigned long long)in.problems[i].line, in.problems[i].column,
                   in.problems[i].problem, in.problems[i].remedy);
    assert_string_equal(buf_str(&b), problems);
    buf_release(&b);
    intake_release(&in);
}

static void refuses(const char *text, const char *problems)
{
    struct intake_options with = east_sussex();
    refuses_with(&with, text, problems);
}

static void real_rows_of_every_release_are_taken(void **state)
{
    (void)state;
    static const char *const names[] = {SAMPLE}, *const codes[][2] = {
        {"845", "E10000011"}, {"850", "E10000014"}, {"825", "E06000060"}};
    for (size_t i = 0; i < 3; i++)
        for (int release = 2023; release <= 2024; release++) {
            struct intake_where where = {.column = "release"};
            snprintf(where.value, sizeof(where.value), "%d", release);
            struct intake_options with = {.dfe = codes[i][0], .gss = codes[i][1], .where = &where, .n_where = 1,
                                          .base = STATUS_FINAL};
            struct intake in;
            assert_int_equal(intake_read(names, 1, stdin, &with, &in), OK);
            assert_int_equal(in.n_problems, 0);
            assert_int_equal(in.files[0].n_rows, 240);
            assert_int_equal(in.n_figures, release == 2023 ? 32 : 48);
            assert_int_equal(in.n_not_wanted, release == 2023 ? 144 : 96);
            assert_int_equal(in.n_other_authority, release == 2023 ? 64 : 96);
            intake_release(&in);
        }
}

static void both_releases_at_once_are_two_rows_for_a_figure(void **state)
{
    (void)state;
    static const char *const names[] = {SAMPLE};
    struct intake_options with = east_sussex();
    struct intake in;
    assert_int_equal(intake_read(names, 1, stdin, &with, &in), OK);
    assert_int_equal(in.n_problems, 32);
    assert_int_equal(in.problems[0].line, 83);
    assert_string_equal(in.problems[0].problem, "cin_rate of 2022 stands in line 82 already");
    assert_string_equal(in.problems[0].remedy, "keep one, or pick with --where COLUMN=VALUE");
    intake_release(&in);
}

static void the_source_is_the_hash_of_the_bytes(void **state)
{
    (void)state;
    char hex[HEX_SIZE(HASH_LEN)];
    struct intake in = taken("\xEF\xBB\xBF" HEAD);
    struct hash whole = sha256(bytes_of("\xEF\xBB\xBF" HEAD));
    assert_true(hash_equal(&in.source, &whole));
    hex_encode((struct bytes){in.source.b, HASH_LEN}, hex);
    assert_int_equal(strlen(hex), 64);
    intake_release(&in);
}

static void a_row_says_numbers_or_a_symbol(void **state)
{
    (void)state;
    gives(HEAD ROW("cla_rate,657,103606,63"), "cla_rate 2024 657/103606=63 final\n");
    gives(HEAD ROW("cla_rate,657,\"103,606\",63.0"), "cla_rate 2024 657/103606=63.0 final\n");
    gives(HEAD ROW("cla_rate,657,103606,"), "cla_rate 2024 657/103606=63 final\n");
    gives(HEAD ROW("cin_rate,3708,,357.9"), "cin_rate 2024 3708/-=357.9 stated\n");
    gives(HEAD ROW("cpp_rate,685,,"), "cpp_rate 2024 685/-=- final\n");
    gives(HEAD ROW("cla_sdq_avg,,,14.2"), "cla_sdq_avg 2024 -/-=14.2 stated\n");
    gives(HEAD ROW("cpp_2yr_pct,c,685,c"), "cpp_2yr_pct 2024 -/685=- c\n");
    gives(HEAD ROW("cpp_2yr_pct,c,c,C"), "cpp_2yr_pct 2024 -/-=- c\n");
    gives(HEAD ROW("cpp_2yr_pct,x,x,z"), "cpp_2yr_pct 2024 -/-=- z\n");
    gives(HEAD ROW("cpp_rate,u,,"), "cpp_rate 2024 -/-=- u\n");
    gives(HEAD ROW("cpp_rate,:,,"), "cpp_rate 2024 -/-=- x\n");
    gives(HEAD ROW("sw_agency_pct,~,,low"), "sw_agency_pct 2024 -/-=- low\n");
    gives(HEAD ROW("cpp_2yr_pct,0,c,0"), "cpp_2yr_pct 2024 0/-=0 stated\n");
    gives(HEAD ROW("cpp_2yr_pct,0,0,z"), "cpp_2yr_pct 2024 -/0=- z\n");
}

/* Dorset's of 2019, whose population was no more: the DfE's totals hold it. */
static void a_count_beside_a_rate_that_could_not_be_given_is_kept(void **state)
{
    (void)state;
    gives(HEAD ROW("cin_rate,2712,,x"), "cin_rate 2024 2712/-=- x\n");
    gives(HEAD ROW("cla_rate,\"2,712\",x,x"), "cla_rate 2024 2712/-=- x\n");
    gives(HEAD ROW("cpp_2yr_pct,0,x,z"), "cpp_2yr_pct 2024 0/-=- z\n");
    gives(HEAD ROW("cpp_2yr_pct,7,685,u"), "cpp_2yr_pct 2024 7/685=- u\n");
    gives(HEAD ROW("sw_turnover_pct,4.5,0,z"), "sw_turnover_pct 2024 4.5/0=- z\n");
    refuses(HEAD ROW("cin_rate,2712,,c"),
            "2 value: the value is c where its count is 2712: give the value, or the symbol for the count too\n");
}

static void nothing_out_of_nothing_has_no_value(void **state)
{
    (void)state;
    struct intake in = taken(HEAD ROW("cpp_2yr_pct,0,0,0"));
    assert_int_equal(in.n_figures, 1);
    assert_int_equal(in.figures[0].figure.status, STATUS_Z);
    assert_int_equal(in.n_zero_of_zero, 1);
    intake_release(&in);
    refuses(HEAD ROW("cpp_2yr_pct,3,0,0"),
            "2 denominator: the denominator is 0: correct the denominator, or put z for the value\n");
}

static void a_value_that_cannot_follow_from_its_parts_is_refused(void **state)
{
    (void)state;
    refuses(HEAD ROW("cla_rate,657,103606,64"),
            "2 value: 64 does not follow from 657 and 103606: they give 63: correct the value or its parts\n");
    refuses(HEAD ROW("cpp_repeat_pct,182,675,26.9"),
            "2 value: 26.9 does not follow from 182 and 675: they give 27.0: correct the value or its parts\n");
    /* 1 of 8 is 12.5: half up, not half to even */
    gives(HEAD ROW("cla_3plus_placements_pct,1,8,13"), "cla_3plus_placements_pct 2024 1/8=13 final\n");
    refuses(HEAD ROW("cla_3plus_placements_pct,1,8,12"),
            "2 value: 12 does not follow from 1 and 8: they give 13: correct the value or its parts\n");
    refuses(HEAD ROW("cla_rate,657,103606,63.4"),
            "2 value: 63.4 does not follow from 657 and 103606: they give 63: correct the value or its parts\n");
}

static void parts_in_fte_stand_for_what_rounds_to_them(void **state)
{
    (void)state;
    /* published rows of Derbyshire 2023 and Nottingham 2024 */
    gives(HEAD ROW("sw_turnover_pct,82.2,416.2,19.7"), "sw_turnover_pct 2024 82.2/416.2=19.7 final\n");
    gives(HEAD ROW("sw_caseload,1987,137.5,14.4"), "sw_caseload 2024 1987/137.5=14.4 final\n");
    refuses(HEAD ROW("sw_turnover_pct,82.2,416.2,19.6"),
            "2 value: 19.6 does not follow from 82.2 and 416.2: they give 19.8: correct the value or its parts\n");
    refuses(HEAD ROW("sw_turnover_pct,82.2,416.2,19.74"),
            "2 value: 19.74 does not follow from 82.2 and 416.2: they give 19.8: correct the value or its parts\n");
}

static bool does_follow(const char *id, const char *n, const char *d, const char *v)
{
    struct decimal parts[3], computed;
    bool follows;
    const char *const text[] = {n, d, v};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(decimal_parse(bytes_of(text[i]), &parts[i]), OK);
    assert_int_equal(follow(register_definition(id), parts[0], parts[1], parts[2], &follows, &computed), OK);
    return follows;
}

static void the_least_and_the_greatest_quotient_bound_a_value(void **state)
{
    (void)state;
    /* 9.95..10.05 of 99.95..100.05: 9.945...10.055 %, which round to 9.9, 10.0 and 10.1 */
    assert_true(does_follow("sw_turnover_pct", "10", "100", "9.9"));
    assert_true(does_follow("sw_turnover_pct", "10", "100", "10.0"));
    assert_true(does_follow("sw_turnover_pct", "10", "100", "10.1"));
    assert_false(does_follow("sw_turnover_pct", "10", "100", "9.8"));
    assert_false(does_follow("sw_turnover_pct", "10", "100", "10.2"));
    /* the cases are counted, the holders are FTE: 10 over 0.95..1.05 is 9.52...10.53 */
    assert_true(does_follow("sw_caseload", "10", "1.0", "9.5"));
    assert_true(does_follow("sw_caseload", "10", "1.0", "10.5"));
    assert_false(does_follow("sw_caseload", "10", "1.0", "9.4"));
    assert_false(does_follow("sw_caseload", "10", "1.0", "10.6"));
    /* parts with more decimals were rounded there */
    assert_false(does_follow("sw_turnover_pct", "10.00", "100.00", "10.1"));
}

static void numbers_too_large_are_refused_and_not_wrapped(void **state)
{
    (void)state;
    refuses(HEAD ROW("sw_turnover_pct,1,99999999.123456789,99999999999999999.9"),
            "2 value: the numbers are too large to be computed with: check the parts\n");
    refuses(HEAD ROW("cla_rate,1234567890123456789,1,1"),
            "2 numerator: `1234567890123456789` is too long a number: at most 18 digits, 9 of them decimals\n");
}

static void what_is_no_number_says_what_would_be(void **state)
{
    (void)state;
    refuses(HEAD ROW("cpp_repeat_pct,182,675,27%"),
            "2 value: `27%` has a percent sign: write the number alone: the definition says that it is a percentage\n");
    refuses(HEAD ROW("cla_rate,657,1.03606E+05,63"),
            "2 denominator: `1.03606E+05` is short for a longer number: show the cell in full in the spreadsheet, and "
            "save again\n");
    refuses(HEAD ROW("cla_rate,\"65,7\",103606,63"), "2 numerator: `65,7` is not a number: write 1234 or 1,234\n");
    refuses(HEAD ROW("cla_rate,n/a,103606,63"),
            "2 numerator: `n/a` is not a number: 0 where nobody was counted; else nothing, or the symbol that says why there is no "
            "number: c z x u k low\n");
    refuses(HEAD ROW("cla_rate,-1,103606,0"), "2 numerator: -1 is below zero: correct the number\n");
    refuses(HEAD ROW("cla_rate,1.5,103606,0"),
            "2 numerator: 1.5 is not a whole number, and this is counted: give the count\n");
    refuses(HEAD ROW("cla_rate,c,103606,63"),
            "2 value: the value stands where its count is c, and could give it away: put c for the value too\n");
    refuses(HEAD ROW("cla_rate,,103606,"),
            "2 value: the row says nothing about cla_rate: give a number, or the symbol that says why there is none\n");
}

static void every_problem_is_said_at_once(void **state)
{
    (void)state;
    refuses(HEAD ROW("cla_rate,657,103606,63") "2024-25,Reporting year,845,,cla_rat,6%,1,2\n"
            "2024,Week 1,845,,cla_rate,1,1,9\n" "2024,Reporting year,850,,nonsense,%,%,%\n",
            "3 indicator: there is no indicator `cla_rat`: did you mean `cla_rate`?\n"
            "3 numerator: `6%` has a percent sign: write the number alone: the definition says that it is a percentage\n"
            "3 time_period: `2024-25` is no period: write 202425\n"
            "4 time_identifier: `Week 1` does not go with the period 2024: Reporting year or Calendar year\n"
            "4 value: 9 does not follow from 1 and 1: they give 10000: correct the value or its parts\n");
}

static void columns_are_found_by_name(void **state)
{
    (void)state;
    gives("VALUE,Indicator,junk,TIME_PERIOD,Old_LA_Code,numerator,denominator\r\n"
          "63,cla_rate,\"a, \"\"b\"\"\nc\",2024,845,657,103606\r\n\r\n,,,,,,\r\n"
          "14,CLA_3plus_placements_pct,,2024,845,94,657,,\r\n",
          "cla_rate 2024 657/103606=63 final\ncla_3plus_placements_pct 2024 94/657=14 final\n");
    gives("time_period,new_la_code,indicator,value\r2024,e10000011,cin_rate,3\r202425,E10000011,cin_rate,4\r",
          "cin_rate 2024 -/-=3 stated\ncin_rate 202425 -/-=4 stated\n");
}

static void lines_are_counted_as_an_editor_counts_them(void **state)
{
    (void)state;
    refuses("time_period,old_la_code,note,indicator,value\r\n"
            "2024,845,\"two\r\nlines\",cin_rate,1\r\n"
            "\r\n"
            "2024,845,,cin_rat,1\r\n"
            "2024,845,\"\n\n\",cin_rat,1\n",
            "5 indicator: there is no indicator `cin_rat`: did you mean `cin_rate`?\n"
            "6 indicator: there is no indicator `cin_rat`: did you mean `cin_rate`?\n");
}

static void only_the_publishing_authority_is_taken(void **state)
{
    (void)state;
    struct intake in = taken("geographic_level,time_period,old_la_code,new_la_code,indicator,value\n"
                             "Local authority,2024,850,E10000014,cin_rate,1\n"
                             "Regional,2024,,,cin_rate,1\n"
                             "National,2024,845,E10000011,cin_rate,1\n"
                             "Local authority,2024,845,E10000011,cin_rate,7\n");
    assert_int_equal(in.n_problems, 0);
    assert_int_equal(in.n_figures, 1);
    assert_int_equal(in.figures[0].figure.value.mantissa, 7);
    assert_int_equal(in.figures[0].line, 5);
    assert_int_equal(in.n_other_authority, 3);
    intake_release(&in);
    struct intake_options bucks = {.dfe = "825", .gss = "E06000060", .base = STATUS_PROVISIONAL};
    assert_int_equal(intake_from(bytes_of("time_period,new_la_code,indicator,numerator\n"
                                          "2020,E10000002,cin_rate,5\n2020,E10000014,cin_rate,5\n"), &bucks, &in), OK);
    assert_int_equal(in.n_figures, 1);
    assert_int_equal(in.figures[0].figure.status, STATUS_PROVISIONAL);
    assert_int_equal(in.n_other_authority, 1);
    intake_release(&in);
}

static void two_rows_for_one_figure_name_both_lines(void **state)
{
    (void)state;
    refuses(HEAD ROW("cin_rate,1,,1") ROW("cpp_rate,1,,1") ROW("cin_rate,1,,1") ROW("cin_rate,2,,2"),
            "4 : cin_rate of 2024 stands in line 2 already: keep one, or pick with --where COLUMN=VALUE\n"
            "5 : cin_rate of 2024 stands in line 2 already: keep one, or pick with --where COLUMN=VALUE\n");
    gives("time_period,time_identifier,old_la_code,indicator,value,breakdown\n"
          "2024,,845,cin_rate,1,\n2024,,845,cin_rate,2,sex=f\n2024,Calendar year,845,cin_rate,3,\n",
          "cin_rate 2024 -/-=1 stated\ncin_rate 2024 sex=f -/-=2 stated\ncin_rate 2024 -/-=3 stated\n");
    refuses("time_period,old_la_code,indicator,value,breakdown\n2024,845,cin_rate,1,sex\n",
            "2 breakdown: the breakdown is not in its form: key=value;key=value, keys in order of the alphabet\n");
}

static void where_picks_rows_by_any_column(void **state)
{
    (void)state;
    struct intake_where where[2];
    struct intake_options with = east_sussex();
    with.where = where;
    with.n_where = 1;
    assert_int_equal(intake_where_parse("relase=2024", &where[0]), OK);
    refuses_with(&with, "time_period,old_la_code,indicator,value,release\n2024,845,cin_rate,1,2024\n",
                 "1 relase: there is no column `relase`: did you mean `release`?\n");
    with.n_where = 2;
    assert_int_equal(intake_where_parse("Release=2024", &where[0]), OK);
    assert_int_equal(intake_where_parse("note=a=b", &where[1]), OK);
    struct intake in;
    assert_int_equal(intake_from(bytes_of("time_period,old_la_code,indicator,value,release,note\n"
                                          "2024,845,cin_rate,1,2024,a\n2024,845,cin_rate,2,2023,a=b\n"
                                          "2024,845,cin_rate,3,2024,a=b\n"), &with, &in), OK);
    assert_int_equal(in.n_problems, 0);
    assert_int_equal(in.n_figures, 1);
    assert_int_equal(in.figures[0].figure.value.mantissa, 3);
    assert_int_equal(in.n_not_wanted, 2);
    intake_release(&in);
    assert_int_equal(intake_where_parse("=x", &where[0]), ERR_FORMAT);
    assert_int_equal(intake_where_parse("x", &where[0]), ERR_FORMAT);
    char longest[300];
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    longest[1] = '=';
    assert_int_equal(intake_where_parse(longest, &where[0]), ERR_LIMIT);
}

static void a_wide_file_has_a_column_an_indicator(void **state)
{
    (void)state;
    gives("time_period,old_la_code,cla_rate,cin_rate,cla_rate_numerator,cla_rate_denominator,cpp_rate_numerator\n"
          "2024,845,63,357.9,657,103606,685\n2023,845,,360.1,,,c\n",
          "cin_rate 2024 -/-=357.9 stated\ncla_rate 2024 657/103606=63 final\ncpp_rate 2024 685/-=- final\n"
          "cin_rate 2023 -/-=360.1 stated\ncpp_rate 2023 -/-=- c\n");
    refuses("time_period,old_la_code,other\n2024,845,1\n",
            "1 indicator: there is no column `indicator`: name a column so, or each by its indicator, or map them with "
            "--indicators MAP.csv\n");
}

static void a_map_reads_files_of_other_column_names(void **state)
{
    (void)state;
    struct intake_map map[4];
    size_t n;
    uint64_t line;
    struct complaint why;
    assert_int_equal(intake_map_read(bytes_of("indicator,numerator,denominator,value,where\n"
                                              "cla_rate,number,population_estimate,rate_per_10000,population_count=At 31 March\n"
                                              "cla_start_rate,number,population_estimate,rate_per_10000,"
                                              "population_count=Starting\n"),
                                     map, 4, &n, &line, &why), OK);
    assert_int_equal(n, 2);
    struct intake_options with = east_sussex();
    with.map = map;
    with.n_map = n;
    struct intake in;
    assert_int_equal(intake_from(bytes_of("time_period,old_la_code,population_count,population_estimate,number,rate_per_10000\n"
                                          "2024,845,At 31 March,103606,657,63\n2024,845,Starting,103606,240,23\n"
                                          "2024,845,Ceasing,103606,9,9999\n"), &with, &in), OK);
    assert_int_equal(in.n_problems, 0);
    assert_int_equal(in.n_figures, 2);
    assert_string_equal(in.figures[1].figure.indicator, "cla_start_rate");
    assert_int_equal(in.figures[1].figure.value.mantissa, 23);
    intake_release(&in);
    refuses_with(&with, "time_period,old_la_code,population_count,number\n",
                 "1 population_estimate: there is no column `population_estimate`: is `population_count` meant to be "
                 "`population_estimate`?\n"
                 "1 population_estimate: there is no column `population_estimate`: is `population_count` meant to be "
                 "`population_estimate`?\n"
                 "1 rate_per_10000: there is no column `rate_per_10000`: the map names a column of the file\n"
                 "1 rate_per_10000: there is no column `rate_per_10000`: the map names a column of the file\n");
    assert_int_equal(intake_map_read(bytes_of("indicator,value\ncin_rate,\n"), map, 4, &n, &line, &why), ERR_FORMAT);
    assert_int_equal(line, 2);
    assert_string_equal(why.problem, "the row maps nothing");
    assert_int_equal(intake_map_read(bytes_of("indicator,value,where\ncin_rate,v,x\n"), map, 4, &n, &line, &why), ERR_FORMAT);
    assert_int_equal(intake_map_read(bytes_of(""), map, 4, &n, &line, &why), ERR_FORMAT);
    assert_int_equal(intake_map_read(bytes_of("a,b\n"), map, 4, &n, &line, &why), ERR_FORMAT);
    assert_int_equal(intake_map_read(bytes_of("indicator,value\na,b\nc,d\n"), map, 1, &n, &line, &why), ERR_FORMAT);
}

static void a_multiplier_of_another_indicator_is_refused(void **state)
{
    (void)state;
    refuses("time_period,old_la_code,indicator,value,multiplier\n2024,845,cin_rate,1,100\n2023,845,cin_rate,1,\n"
            "2022,845,cin_rate,1,\"10,000\"\n",
            "2 multiplier: the multiplier is `100`: cin_rate is defined with 10000: is it the same indicator?\n");
}

static void a_header_says_what_it_lacks(void **state)
{
    (void)state;
    refuses("", "0 : the file is empty: the first row names the columns\n");
    refuses("\n\n", "0 : the file is empty: the first row names the columns\n");
    refuses("indicator;value;time_period\n", "1 : the columns are not separated by commas: save the file as CSV, "
                                             "separated by commas\n");
    refuses("year,indicator,la,value\n2024,cin_rate,845,1\n",
            "1 new_la_code: there is no column `new_la_code`: old_la_code or new_la_code says whose row it is\n"
            "1 time_period: there is no column `time_period`: every figure has a period\n");
    refuses("time_perod,indicator,old_la_code,value,Value\n",
            "1 Value: two columns have this name: rename or remove one\n"
            "1 time_period: there is no column `time_period`: is `time_perod` meant to be `time_period`?\n");
    refuses("time_period,indicator,old_la_code,denominator\n",
            "1 value: there is no column `value`: a file says numerator and denominator, or value, or all three\n");
}

static void a_row_of_another_width_is_refused(void **state)
{
    (void)state;
    refuses("time_period,old_la_code,indicator,value\n2024,845,cin_rate\n2024,845,cin_rate,1,234\n2024,845,cin_rate,1,,\n",
            "2 : the row has 3 cells, the header 4: fill the row up\n"
            "3 : the row has 5 cells, the header 4: put quotes around a cell that holds a comma\n");
}

static void what_is_no_csv_is_refused(void **state)
{
    (void)state;
    refuses("time_period,old_la_code,indicator,value\n2024,845,cin_rate,1\n2024,845,\"cin_rate,1\n2023,845,cin_rate,1\n",
            "3 : a quote is opened and never closed: close it with a second \"\n");
    struct intake_options with = east_sussex();
    struct intake in;
    assert_int_equal(intake_from((struct bytes){(const uint8_t *)"a\0b", 3}, &with, &in), OK);
    assert_string_equal(in.problems[0].problem, "- holds a NUL byte in line 1");
    intake_release(&in);
}

/* Every problem that is kept stands beside its row; of the others the last line says how many. */
static void assert_counts_the_rest(const struct intake *in)
{
    char *text = NULL;
    size_t len = 0, n = 0;
    FILE *f = open_memstream(&text, &len);
    assert_int_equal(intake_annotate(in, f), OK);
    fclose(f);
    for (size_t i = 0; i < len; i++)            /* not strstr: a sanitizer measures the whole text at each call */
        n += text[i] == 't' && strncmp(text + i, "there is no indicator", 21) == 0;
    assert_int_equal(n, INTAKE_PROBLEMS_MAX);
    assert_non_null(strstr(text + len - 80, "and 5 more problems, which do not stand here"));
    free(text);
}

static void limits_have_names_and_hold(void **state)
{
    (void)state;
    struct buf b = buf_on(16 << 20);
    buf_put_str(&b, HEAD "\"");
    for (size_t i = 0; i <= INTAKE_LINE_MAX / 2; i++)
        buf_put_str(&b, "a\n");
    refuses(buf_str(&b), "2 : a row of more than 65536 bytes: is a quote not closed?\n");
    buf_clear(&b);
    for (size_t i = 0; i < INTAKE_COLUMNS_MAX; i++)
        buf_put_str(&b, ",");
    buf_put_str(&b, "a\n");
    refuses(buf_str(&b), "1 : a row of more than 1024 columns: leave out columns that are not needed\n");
    buf_clear(&b);
    buf_put_str(&b, HEAD);
    for (size_t i = 0; i < INTAKE_PROBLEMS_MAX + 5; i++)
        buf_put_str(&b, ROW("nonsense,1,1,1"));
    struct intake in = taken(buf_str(&b));
    assert_int_equal(in.n_problems, INTAKE_PROBLEMS_MAX);
    assert_int_equal(in.n_problems_more, 5);
    assert_int_equal(intake_problems_more(&in), INTAKE_PROBLEMS_MAX - INTAKE_PROBLEMS_SHOWN + 5);
    assert_counts_the_rest(&in);
    intake_release(&in);
    buf_release(&b);
    const char *names[INTAKE_FILES_MAX + 1];
    struct intake_options with = east_sussex();
    for (size_t i = 0; i <= INTAKE_FILES_MAX; i++)
        names[i] = SAMPLE;
    assert_int_equal(intake_read(names, INTAKE_FILES_MAX + 1, stdin, &with, &in), ERR_LIMIT);
}

static void bytes_that_are_no_utf8_are_read_as_cp1252(void **state)
{
    (void)state;
    struct source s;
    assert_int_equal(source_from(bytes_of("Caf\xE9 \x80 \x81"), &s), OK);
    assert_true(s.was_cp1252);
    assert_true(bytes_equal(buf_bytes(&s.text), bytes_of("Caf\u00E9 \u20AC \uFFFD")));
    source_release(&s);
    assert_int_equal(source_from(bytes_of("\xEF\xBB\xBF" "Caf\u00E9"), &s), OK);
    assert_false(s.was_cp1252);
    assert_true(bytes_equal(buf_bytes(&s.text), bytes_of("Caf\u00E9")));
    assert_int_equal(s.size, 8);
    source_release(&s);
    gives(HEAD ROW("cin_rate,\xA0 1\xA0,\xA0,1"), "cin_rate 2024 1/-=1 stated\n");
}

static char folder[] = "/tmp/folkmoot-intake-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void file_at(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void several_files_are_one_intake(void **state)
{
    (void)state;
    char a[64], b[64], problem[200];
    snprintf(a, sizeof(a), "%s/a.csv", folder);
    snprintf(b, sizeof(b), "%s/b.csv", folder);
    file_at(a, HEAD ROW("cin_rate,1,,1"));
    file_at(b, "indicator,old_la_code,time_period,value\ncpp_rate,845,2024,1\ncin_rate,845,2024,2\n");
    const char *names[] = {a, b, "/nonexistent/c.csv"};
    struct intake_options with = east_sussex();
    struct intake in;
    assert_int_equal(intake_read(names, 2, stdin, &with, &in), OK);
    assert_int_equal(in.n_problems, 1);
    snprintf(problem, sizeof(problem), "cin_rate of 2024 stands in %s, line 2 already", a);
    assert_string_equal(in.problems[0].problem, problem);
    assert_int_equal(in.problems[0].file, 1);
    assert_int_equal(in.problems[0].line, 3);
    struct hash one = sha256_concat((struct bytes){in.files[0].source.sha256.b, HASH_LEN},
                                    (struct bytes){in.files[1].source.sha256.b, HASH_LEN});
    assert_true(hash_equal(&one, &in.source));
    intake_release(&in);
    assert_int_equal(intake_read(names + 2, 1, stdin, &with, &in), OK);
    assert_string_equal(in.problems[0].problem, "cannot read /nonexistent/c.csv: no such thing is known here");
    intake_release(&in);
    assert_int_equal(unlink(a), 0);
    assert_int_equal(unlink(b), 0);
}

static void stdin_is_a_file_called_dash(void **state)
{
    (void)state;
    int ends[2];
    const char *text = HEAD ROW("cin_rate,1,,1"), *names[] = {"-"};
    struct intake_options with = east_sussex();
    struct intake in;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
    close(ends[1]);
    FILE *f = fdopen(ends[0], "r");
    assert_int_equal(intake_read(names, 1, f, &with, &in), OK);
    assert_int_equal(in.n_figures, 1);
    intake_release(&in);
    fclose(f);
}

static void append_for_ever(const char *path)
{
    int fd = open(path, O_WRONLY | O_APPEND);
    for (int i = 0; i < 100000 && fd >= 0; i++) {
        const struct timespec pause = {.tv_nsec = 100 * 1000};
        if (write(fd, "\n", 1) < 0)
            break;
        nanosleep(&pause, NULL);
    }
}

static void a_file_that_grows_while_it_is_read_is_refused(void **state)
{
    (void)state;
    char path[64];
    snprintf(path, sizeof(path), "%s/growing.csv", folder);
    file_at(path, HEAD);
    assert_int_equal(truncate(path, 8 * 1024 * 1024), 0);       /* long enough to read for the child to write meanwhile */
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        append_for_ever(path);
        _exit(0);
    }
    enum err e = ERR_FORMAT;                    /* what a file of NULs is when it stands still */
    for (int i = 0; i < 100 && e == ERR_FORMAT; i++) {
        struct source s;
        e = source_read(path, stdin, &s);
    }
    int status;
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(e, ERR_CONFLICT);
}

static void the_input_comes_back_with_its_problems(void **state)
{
    (void)state;
    struct intake in = taken("time_period,old_la_code,indicator,value\r\n2024,845,cin_rate,1\r\n2024,845,cin_rat,=2%\r\n"
                             "2024,850,x,y\r\n");
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    assert_int_equal(intake_annotate(&in, f), OK);
    fclose(f);
    assert_string_equal(text, "\xEF\xBB\xBFtime_period,old_la_code,indicator,value,problem\r\n2024,845,cin_rate,1,\r\n"
                              "2024,845,cin_rat,=2%,indicator: there is no indicator `cin_rat` (did you mean `cin_rate`?); "
                              "value: `=2%` has a percent sign (write the number alone: the definition says that it is a "
                              "percentage)\r\n2024,850,x,y,\r\n");
    free(text);
    intake_release(&in);
}

static const struct definition own = {.id = "own_pct", .title = "Our own", .numerator = "n", .denominator = "d", .unit = "%",
                                      .multiplier = 100, .decimals = 2};

static const struct definition *find_own(void *arg, const char *id)
{
    (void)arg;
    return strcmp(id, own.id) == 0 ? &own : NULL;
}

static void an_alliances_own_indicator_follows_its_own_rule(void **state)
{
    (void)state;
    struct intake_options with = east_sussex();
    struct intake in;
    with.definition = find_own;
    with.marking = MARKING_OFFICIAL;
    assert_int_equal(intake_from(bytes_of(HEAD ROW("own_pct,1,3,33.33")), &with, &in), OK);
    assert_int_equal(in.n_problems, 0);
    assert_int_equal(in.figures[0].figure.marking, MARKING_OFFICIAL);
    struct hash h = definition_hash(&own);
    assert_true(hash_equal(&h, &in.figures[0].figure.definition));
    intake_release(&in);
    refuses_with(&with, HEAD ROW("own_pct,1,3,33.3"),
                 "2 value: 33.3 does not follow from 1 and 3: they give 33.33: correct the value or its parts\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_rows_of_every_release_are_taken),
        cmocka_unit_test(both_releases_at_once_are_two_rows_for_a_figure),
        cmocka_unit_test(the_source_is_the_hash_of_the_bytes),
        cmocka_unit_test(a_row_says_numbers_or_a_symbol),
        cmocka_unit_test(a_count_beside_a_rate_that_could_not_be_given_is_kept),
        cmocka_unit_test(nothing_out_of_nothing_has_no_value),
        cmocka_unit_test(a_value_that_cannot_follow_from_its_parts_is_refused),
        cmocka_unit_test(parts_in_fte_stand_for_what_rounds_to_them),
        cmocka_unit_test(the_least_and_the_greatest_quotient_bound_a_value),
        cmocka_unit_test(numbers_too_large_are_refused_and_not_wrapped),
        cmocka_unit_test(what_is_no_number_says_what_would_be),
        cmocka_unit_test(every_problem_is_said_at_once),
        cmocka_unit_test(columns_are_found_by_name),
        cmocka_unit_test(lines_are_counted_as_an_editor_counts_them),
        cmocka_unit_test(only_the_publishing_authority_is_taken),
        cmocka_unit_test(two_rows_for_one_figure_name_both_lines),
        cmocka_unit_test(where_picks_rows_by_any_column),
        cmocka_unit_test(a_wide_file_has_a_column_an_indicator),
        cmocka_unit_test(a_map_reads_files_of_other_column_names),
        cmocka_unit_test(a_multiplier_of_another_indicator_is_refused),
        cmocka_unit_test(a_header_says_what_it_lacks),
        cmocka_unit_test(a_row_of_another_width_is_refused),
        cmocka_unit_test(what_is_no_csv_is_refused),
        cmocka_unit_test(limits_have_names_and_hold),
        cmocka_unit_test(bytes_that_are_no_utf8_are_read_as_cp1252),
        cmocka_unit_test(several_files_are_one_intake),
        cmocka_unit_test(stdin_is_a_file_called_dash),
        cmocka_unit_test(a_file_that_grows_while_it_is_read_is_refused),
        cmocka_unit_test(the_input_comes_back_with_its_problems),
        cmocka_unit_test(an_alliances_own_indicator_follows_its_own_rule),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
