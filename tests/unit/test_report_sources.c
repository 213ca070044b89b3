/* What a page rests on, written and read back; and pages that are none, or were tampered with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/report/sources.h"

#define ALLIANCE "0102030405060708090a0b0c0d0e0f10"
#define HASH32 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define MAIN "<main data-folkmoot=\"folkmoot.report/1\" data-alliance=\"" ALLIANCE "\" data-charter=\"" HASH32 \
    "\" data-for=\"alliance\" data-made=\"2026-11-25T14:50:38Z\">\n"
#define LOG "<tr data-log=\"barset-1\" data-generation=\"1\" data-size=\"107\" data-root=\"" HASH32 "\"><th>x</th></tr>\n"
#define FIGURE "<tbody data-figure=\"cin_rate@2024\">\n"
#define RECORD "<tr data-record=\"barset-1/87\" data-shown=\"343.7\"></tr>\n"

static enum err try(const char *page, struct sources *ret, size_t *ret_line)
{
    return sources_read(bytes_of(page), ret, ret_line);
}

static void a_page_of_ours_is_read_back(void **state)
{
    (void)state;
    struct sources s;
    size_t line;
    assert_int_equal(try("<!DOCTYPE html>\n<p>x</p>\n" MAIN "<p>1</p>\n" LOG FIGURE RECORD
                         "<tr data-record=\"barset-2~3/9\" data-shown=\"-\"></tr>\n</tbody>\n", &s, &line), OK);
    assert_string_equal(s.made, "2026-11-25T14:50:38Z");
    assert_false(s.is_public);
    assert_int_equal(s.alliance.b[0], 1);
    assert_int_equal(s.n_logs, 1);
    assert_string_equal(s.logs[0].slug.s, "barset-1");
    assert_true(s.logs[0].size == 107 && s.logs[0].generation == 1 && s.logs[0].root.b[1] == 0x11);
    assert_int_equal(s.n_records, 2);
    assert_string_equal(s.records[0].record, "barset-1/87");
    assert_string_equal(s.records[0].figure, "cin_rate@2024");
    assert_string_equal(s.records[0].shown, "343.7");
    assert_true(s.records[0].idx == 87 && s.records[0].generation == 1);
    assert_string_equal(s.records[1].slug.s, "barset-2");
    assert_true(s.records[1].idx == 9 && s.records[1].generation == 3);
    sources_release(&s);
}

static void what_is_no_report_of_ours_is_told_from_what_is_damaged(void **state)
{
    (void)state;
    static const struct { const char *page; enum err e; size_t line; } cases[] = {
        {"", ERR_UNKNOWN, 0},
        {"<html>\n<main>\n</main>\n", ERR_UNKNOWN, 2},
        {"\xFF\xFE\n\n\n", ERR_UNKNOWN, 3},
        {RECORD, ERR_UNKNOWN, 1},
        {"<main data-folkmoot=\"folkmoot.report/2\">\n", ERR_SCHEMA, 1},
        {"<main data-folkmoot=\"other/1\">\n", ERR_UNKNOWN, 1},
        {MAIN MAIN, ERR_FORMAT, 2},                                 /* the second would change whom it is for */
        {MAIN RECORD, ERR_FORMAT, 2},                               /* of no figure */
        {MAIN FIGURE "<tr data-record=\"barset-1\" data-shown=\"1\"></tr>\n", ERR_FORMAT, 3},
        {MAIN FIGURE "<tr data-record=\"Barset/1\" data-shown=\"1\"></tr>\n", ERR_FORMAT, 3},
        {MAIN FIGURE "<tr data-record=\"barset/01\" data-shown=\"1\"></tr>\n", ERR_FORMAT, 3},
        {MAIN FIGURE "<tr data-record=\"barset~1/1\" data-shown=\"1\"></tr>\n", ERR_FORMAT, 3},
        {MAIN FIGURE "<tr data-record=\"barset/1\" data-shown=\"\"></tr>\n", ERR_FORMAT, 3},
        {MAIN FIGURE "<tr data-record=\"barset/1\" data-shown=\"&lt;\"></tr>\n", ERR_FORMAT, 3},
        {MAIN FIGURE "<tr data-record=\"barset/1\" data-shown=\"\x1B[2J\"></tr>\n", ERR_FORMAT, 3},
        {MAIN FIGURE "<tr data-record=\"barset/1\" data-shown=\"1\" data-x=\"1\"></tr>\n", ERR_FORMAT, 3},
        {MAIN "<tr data-log=\"barset\" data-generation=\"0\" data-size=\"1\" data-root=\"" HASH32 "\">\n", ERR_FORMAT, 2},
        {MAIN "<tr data-log=\"barset\" data-generation=\"1\" data-size=\"-1\" data-root=\"" HASH32 "\">\n", ERR_FORMAT, 2},
        {MAIN "<tr data-log=\"barset\" data-generation=\"1\" data-size=\"1\" data-root=\"" HASH32 "00\">\n", ERR_FORMAT, 2},
        {MAIN FIGURE RECORD "<tr data-record=\"barset/1\" data-sh", ERR_FORMAT, 3},     /* cut off */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sources s = {.n_records = 77};
        size_t line;
        enum err e = try(cases[i].page, &s, &line);
        if (e != cases[i].e || line != cases[i].line)
            fail_msg("case %zu: %s at line %zu", i, err_code(e), line);
        assert_int_equal(s.n_records, 77);                          /* nothing is written */
    }
}

#define ASSESSED "<tr data-assessment=\"barset-1/90\" data-year=\"2025\" data-shown=\"3\"></tr>\n"

static void a_self_assessment_stands_among_the_records(void **state)
{
    (void)state;
    struct sources s;
    size_t line;
    assert_int_equal(try(MAIN FIGURE RECORD "</tbody>\n<tbody>\n" ASSESSED "</tbody>\n", &s, &line), OK);
    assert_int_equal(s.n_records, 2);
    assert_false(s.records[0].is_assessment);
    assert_true(s.records[1].is_assessment && s.records[1].idx == 90 && s.records[1].generation == 1);
    assert_string_equal(s.records[1].record, "barset-1/90");
    assert_string_equal(s.records[1].figure, "self-assessment@2025");
    assert_string_equal(s.records[1].shown, "3");
    sources_release(&s);
    static const char *const wrong[] = {
        "<tr data-assessment=\"barset-1\" data-year=\"2025\" data-shown=\"3\"></tr>\n",
        "<tr data-assessment=\"barset-1/90\" data-year=\"3025\" data-shown=\"3\"></tr>\n",
        "<tr data-assessment=\"barset-1/90\" data-year=\"x\" data-shown=\"3\"></tr>\n",
        "<tr data-assessment=\"barset-1/90\" data-year=\"2025\" data-shown=\"5\"></tr>\n",
        "<tr data-assessment=\"barset-1/90\" data-year=\"2025\" data-shown=\"0\"></tr>\n",
        "<tr data-assessment=\"barset-1/90\" data-shown=\"3\"></tr>\n",
        "<tr data-assessment=\"barset-1/90\" data-year=\"2025\" data-shown=\"3\"></tr>x\n",
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        char page[1024];
        (void)snprintf(page, sizeof(page), MAIN "%s", wrong[i]);
        if (try(page, &s, &line) != ERR_FORMAT || line != 2)
            fail_msg("taken: %s", wrong[i]);
    }
}

static void more_than_a_report_holds_is_refused(void **state)
{
    (void)state;
    struct buf page = buf_on(SOURCES_FILE_MAX);
    struct sources s;
    size_t line;
    buf_put_str(&page, MAIN FIGURE);
    for (int i = 0; i <= SOURCES_RECORDS_MAX; i++)
        buf_printf(&page, "<tr data-record=\"barset/%d\" data-shown=\"1\"></tr>\n", i);
    assert_int_equal(buf_status(&page), OK);
    assert_int_equal(sources_read(buf_bytes(&page), &s, &line), ERR_LIMIT);
    buf_clear(&page);
    buf_put_str(&page, MAIN);
    for (int i = 0; i <= SOURCES_LOGS_MAX; i++)
        buf_put_str(&page, LOG);
    assert_int_equal(sources_read(buf_bytes(&page), &s, &line), ERR_LIMIT);
    buf_release(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_of_ours_is_read_back),
        cmocka_unit_test(what_is_no_report_of_ours_is_told_from_what_is_damaged),
        cmocka_unit_test(a_self_assessment_stands_among_the_records),
        cmocka_unit_test(more_than_a_report_holds_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
