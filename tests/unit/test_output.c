#include "tests/unit/talk.h"

#include "cli/commands.h"
#include "cli/output/csv.h"
#include "cli/output/output.h"
#include "cli/output/table.h"
#include "cli/output/text.h"

static const struct column columns[] = {
    {"slug", NULL, 0}, {"name", "authority", 0}, {"size", "size", COLUMN_NUMBER},
    {"value", "value", COLUMN_NUMBER}, {"raw", NULL, 0}, {"ok", "ok", COLUMN_VERBOSE},
};

static struct sheet *sheet_of_two(void)
{
    struct sheet *sh = sheet_new(columns, 6);
    sheet_row(sh);
    sheet_text(sh, "ynys-mon");
    sheet_text(sh, "Ynys Mo\u0302n");          /* two characters, one column */
    sheet_count(sh, 1234567);
    sheet_decimal(sh, "-58.3");
    sheet_real(sh, -58.25, 1);
    sheet_bool(sh, true);
    sheet_row(sh);
    sheet_text(sh, "kent");
    sheet_text(sh, "\u5317\u4eac, \"K\"");     /* two characters, four columns */
    sheet_style(sh, STYLE_BAD);
    sheet_count(sh, -12);
    sheet_decimal(sh, NULL);
    sheet_shown(sh, "c");
    return sh;
}

static struct talk *printed(enum output_mode mode, bool colour, bool verbose)
{
    struct talk *t = talk_begin("");
    struct sheet *sh = sheet_of_two();
    t->s.mode = mode;
    t->s.colour = colour;
    t->s.verbose = verbose;
    json_t *doc = json_document_named("test");
    json_object_set_new(doc, "rows", sheet_json(sh));
    assert_int_equal(output(&t->s, doc, sh), EXIT_OK);
    sheet_free(sh);
    return t;
}

static void a_table_lines_up_by_what_is_seen(void **state)
{
    (void)state;
    talk_said(printed(OUTPUT_TEXT, false, false),
              "authority       size  value\n"
              "Ynys Mo\u0302n   1,234,567  -58.3\n"
              "\u5317\u4eac, \"K\"        -12      c\n", "");
}

static void more_columns_are_shown_to_those_who_ask(void **state)
{
    (void)state;
    talk_said(printed(OUTPUT_TEXT, false, true),
              "authority       size  value  ok\n"
              "Ynys Mo\u0302n   1,234,567  -58.3  yes\n"
              "\u5317\u4eac, \"K\"        -12      c\n", "");
}

static void rows_stand_in_order_of_text_then_of_number(void **state)
{
    (void)state;
    static const struct column two[] = {{"slug", "log", 0}, {"n", "n", COLUMN_NUMBER}};
    static const struct { const char *slug; int64_t n; } rows[] = {{"kent", 10}, {"kent", 2}, {"barset", 7}, {"kent", 1}};
    struct talk *t = talk_begin("");
    struct sheet *sh = sheet_new(two, 2);
    sheet_sort(NULL);
    sheet_sort(sh);
    for (size_t i = 0; i < 4; i++) {
        sheet_row(sh);
        sheet_text(sh, rows[i].slug);
        sheet_count(sh, rows[i].n);
    }
    sheet_sort(sh);
    assert_int_equal(output(&t->s, json_document_named("test"), sh), EXIT_OK);
    sheet_free(sh);
    talk_said(t, "log      n\nbarset   7\nkent     1\nkent     2\nkent    10\n", "");
}

static void parts_with_decimals_are_grouped_like_counts(void **state)
{
    static const struct column one[] = {{"n", "denominator", COLUMN_NUMBER}};
    static const struct { double v; int decimals; const char *shown; } each[] = {
        {4900.4, 1, "4,900.4"}, {-1234567.25, 2, "-1,234,567.25"}, {999.9, 1, "999.9"}, {-0.5, 1, "-0.5"},
        {1000, 0, "1,000"}, {1e300, 0, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
        struct talk *t = talk_begin("");
        struct sheet *sh = sheet_new(one, 1);
        sheet_row(sh);
        sheet_real(sh, each[i].v, each[i].decimals);
        table_print(&t->s, sh);
        sheet_free(sh);
        talk_end(t);
        const char *line = strchr(t->out, '\n');
        assert_non_null(line);
        if (each[i].shown != NULL)
            assert_non_null(strstr(line, each[i].shown));
        talk_free(t);
    }
}

static void print_wide(struct talk *t, const char *last)
{
    static const struct column wide[] = {
        {"hidden", NULL, 0}, {"name", "authority", 0}, {"a", "numerator", COLUMN_NUMBER}, {"b", "denominator", COLUMN_NUMBER},
        {"none", "never", 0}, {"c", "value", COLUMN_NUMBER}, {"d", "than the total", 0},
    };
    struct sheet *sh = sheet_new(wide, 7);
    for (int i = 0; i < 2; i++) {
        sheet_row(sh);
        sheet_text(sh, "x");
        sheet_text(sh, i == 0 ? "Kent" : "Isle of Wight");
        sheet_count(sh, 1);
        sheet_count(sh, 2);
        sheet_null(sh);
        sheet_count(sh, 3);
        if (i == 0)
            sheet_text(sh, last);
    }
    table_print(&t->s, sh);
    sheet_free(sh);
}

/* On a terminal only: what goes on through a pipe keeps a line a row. */
static void a_table_wider_than_the_terminal_comes_in_blocks(void **state)
{
    (void)state;
    struct talk *t = talk_begin("");
    assert_int_equal(setenv("COLUMNS", "40", 1), 0);
    t->s.out_is_terminal = true;
    print_wide(t, "worse");
    talk_said(t, "authority      numerator  denominator\n"
                 "Kent                   1            2\n"
                 "Isle of Wight          1            2\n"
                 "\n"
                 "authority      value  than the total\n"
                 "Kent               3  worse\n"
                 "Isle of Wight      3\n", "");
    static const char whole[] = "authority      numerator  denominator  value  than the total\n"
                                "Kent                   1            2      3  worse\n"
                                "Isle of Wight          1            2      3\n";
    t = talk_begin("");
    print_wide(t, "worse");
    talk_said(t, whole, "");
    t = talk_begin("");
    assert_int_equal(setenv("COLUMNS", "60", 1), 0);
    t->s.out_is_terminal = true;
    print_wide(t, "worse");
    talk_said(t, whole, "");
    assert_int_equal(unsetenv("COLUMNS"), 0);
}

static void rows_of_sentences_are_left_to_the_terminal(void **state)
{
    (void)state;
    struct talk *t = talk_begin("");
    assert_int_equal(setenv("COLUMNS", "40", 1), 0);
    t->s.out_is_terminal = true;
    print_wide(t, "more than forty characters, as a remedy has them");
    talk_end(t);
    assert_non_null(strstr(t->out, "  3  more than forty characters"));
    talk_free(t);
    assert_int_equal(unsetenv("COLUMNS"), 0);
}

static void colour_changes_nothing_but_colour(void **state)
{
    (void)state;
    talk_said(printed(OUTPUT_TEXT, true, false),
              "\033[2mauthority\033[0m       \033[2msize\033[0m  \033[2mvalue\033[0m\n"
              "Ynys Mo\u0302n   1,234,567  -58.3\n"
              "\033[31m\u5317\u4eac, \"K\"\033[0m        -12      c\n", "");
}

static void csv_is_what_a_spreadsheet_reads(void **state)
{
    (void)state;
    talk_said(printed(OUTPUT_CSV, false, false),
              "\xEF\xBB\xBFslug,name,size,value,raw,ok\r\n"
              "ynys-mon,Ynys Mo\u0302n,1234567,-58.3,-58.25,true\r\n"
              "kent,\"\u5317\u4eac, \"\"K\"\"\",-12,,,\r\n", "");
}

static void json_keeps_types_and_order(void **state)
{
    (void)state;
    talk_said(printed(OUTPUT_JSON, false, false),
              "{\"schema\":\"folkmoot.test/1\",\"rows\":["
              "{\"slug\":\"ynys-mon\",\"name\":\"Ynys Mo\u0302n\",\"size\":1234567,\"value\":\"-58.3\",\"raw\":-58.25,\"ok\":true},"
              "{\"slug\":\"kent\",\"name\":\"\u5317\u4eac, \\\"K\\\"\",\"size\":-12,\"value\":null,\"raw\":null,\"ok\":null}]}\n",
              "");
}

static void a_text_that_is_a_formula_is_defused(void **state)
{
    (void)state;
    struct talk *t = talk_begin("");
    csv_cell(t->s.out, "=HYPERLINK(\"x\")", false, false);
    csv_cell(t->s.out, "-5", true, false);
    csv_cell(t->s.out, "@a", false, false);
    csv_cell(t->s.out, "a\r\nb", false, true);
    talk_said(t, "\"'=HYPERLINK(\"\"x\"\")\",-5,\"'@a\",\"a\r\nb\"\r\n", "");
}

static void a_document_without_a_sheet_is_csv_too(void **state)
{
    (void)state;
    struct talk *t = talk_begin("");
    t->s.mode = OUTPUT_CSV;
    json_t *doc = json_pack("{s:s, s:i, s:[s,s], s:{s:i}}", "slug", "kent", "size", 3, "to", "a", "b", "deep", "x", 1);
    assert_int_equal(output(&t->s, doc, NULL), EXIT_OK);
    talk_said(t, "\xEF\xBB\xBF" "field,value\r\nslug,kent\r\nsize,3\r\nto,a;b\r\n", "");
}

static void cleans(const char *in, const char *out_text)
{
    char clean[64];
    text_clean_into(in, clean, sizeof(clean));
    assert_string_equal(clean, out_text);
}

static void what_could_rule_a_terminal_is_dropped(void **state)
{
    (void)state;
    cleans("plain", "plain");
    cleans("\033[31mred\033[0m", "[31mred[0m");
    cleans("a\nb\tc\rd", "a b cd");
    cleans("bell\a del\x7F", "bell del");
    cleans("csi \xC2\x9B" "31m", "csi 31m");
    cleans("\u202Egnp.exe", "gnp.exe");
    cleans("bad \xFF\xC3", "bad \uFFFD\uFFFD");
    cleans("Ynys M\u00F4n", "Ynys M\u00F4n");
}

static void a_cut_falls_between_characters(void **state)
{
    (void)state;
    char small[4];
    text_clean_into("ab\u00F4", small, sizeof(small));
    assert_string_equal(small, "ab");
}

static void an_answer_to_people_is_cleaned_and_keeps_its_lines(void **state)
{
    (void)state;
    struct talk *t = talk_begin("");
    out(&t->s, "%s\n", "one\ntwo\033[2J");
    out_text(&t->s, bytes_of("three\x07"));
    talk_said(t, "one\ntwo[2J\nthree\n", "");
    t = talk_begin("");
    t->s.mode = OUTPUT_JSON;
    out(&t->s, "words\n");
    talk_said(t, "", "");
}

static void json_escapes_what_a_terminal_would_obey(void **state)
{
    (void)state;
    struct talk *t = talk_begin("");
    t->s.mode = OUTPUT_JSON;
    json_t *doc = json_object();
    json_object_set_new(doc, "a", json_text("\xC2\x9B" "1m\033\u202E\u00F4"));
    json_object_set_new(doc, "b", json_text("\xFF"));
    json_object_set_new(doc, "c", json_text(NULL));
    assert_int_equal(output(&t->s, doc, NULL), EXIT_OK);
    talk_said(t, "{\"a\":\"\\u009b1m\\u001B\\u202e\u00F4\",\"b\":\"\uFFFD\",\"c\":null}\n", "");
}

static void times_and_keys_have_one_form(void **state)
{
    (void)state;
    char text[TIME_TEXT_MAX];
    time_text(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    time_text(UINT64_C(1738315800999), text);
    assert_string_equal(text, "2025-01-31T09:30:00Z");
    time_text(UINT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59Z");
    json_t *hex = json_hex(bytes_of("\x01\xFF")), *base64 = json_base64(bytes_of("\x01\xFF"));
    assert_string_equal(json_string_value(hex), "01ff");
    assert_string_equal(json_string_value(base64), "Af8=");
    json_decref(hex);
    json_decref(base64);
}

static void binary_does_not_go_to_a_terminal(void **state)
{
    (void)state;
    struct talk *t = talk_begin("");
    t->s.out_is_terminal = true;
    assert_int_equal(output_binary(&t->s, bytes_of("\x01")), EXIT_USAGE);
    talk_said(t, "", "folkmoot: binary is not for a terminal: it was not printed: send it to a file, with --out FILE or >\n");
    t = talk_begin("");
    assert_int_equal(output_binary(&t->s, bytes_of("\x01")), EXIT_OK);
    talk_said(t, "\x01", "");
}

static void memory_that_failed_is_said_once(void **state)
{
    (void)state;
    struct talk *t = talk_begin("");
    t->s.mode = OUTPUT_JSON;
    sheet_row(NULL);
    sheet_text(NULL, "x");
    assert_int_equal(sheet_status(NULL), ERR_NOMEM);
    assert_null(sheet_json(NULL));
    assert_int_equal(output(&t->s, NULL, NULL), EXIT_ENVIRONMENT);
    talk_said(t, "{\"schema\":\"folkmoot.error/1\",\"error\":{\"code\":\"no-memory\",\"message\":"
                 "\"cannot print the answer: out of memory: close other programs and try again\"}}\n",
                 "folkmoot: cannot print the answer: out of memory: close other programs and try again\n");
}

/* é is two bytes: none of it, or both. */
static void a_beginning_ends_with_a_whole_character(void **state)
{
    (void)state;
    char shown[5 + 4];
    assert_int_equal(text_cut(bytes_of("caf\xC3\xA9s"), 4), 3);
    assert_int_equal(text_cut(bytes_of("caf\xC3\xA9s"), 5), 5);
    assert_int_equal(text_cut(bytes_of("caf"), 5), 3);
    assert_int_equal(text_cut(bytes_of("\xC3\xA9"), 1), 0);
    text_beginning("abcd\xC3\xA9", 5, shown);
    assert_string_equal(shown, "abcd...");
    text_beginning("abcdef", 5, shown);
    assert_string_equal(shown, "abcde...");
    text_beginning("abcde", 5, shown);
    assert_string_equal(shown, "abcde");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_lines_up_by_what_is_seen),
        cmocka_unit_test(a_beginning_ends_with_a_whole_character),
        cmocka_unit_test(more_columns_are_shown_to_those_who_ask),
        cmocka_unit_test(rows_stand_in_order_of_text_then_of_number),
        cmocka_unit_test(parts_with_decimals_are_grouped_like_counts),
        cmocka_unit_test(a_table_wider_than_the_terminal_comes_in_blocks),
        cmocka_unit_test(rows_of_sentences_are_left_to_the_terminal),
        cmocka_unit_test(colour_changes_nothing_but_colour),
        cmocka_unit_test(csv_is_what_a_spreadsheet_reads),
        cmocka_unit_test(json_keeps_types_and_order),
        cmocka_unit_test(a_text_that_is_a_formula_is_defused),
        cmocka_unit_test(a_document_without_a_sheet_is_csv_too),
        cmocka_unit_test(what_could_rule_a_terminal_is_dropped),
        cmocka_unit_test(a_cut_falls_between_characters),
        cmocka_unit_test(an_answer_to_people_is_cleaned_and_keeps_its_lines),
        cmocka_unit_test(json_escapes_what_a_terminal_would_obey),
        cmocka_unit_test(times_and_keys_have_one_form),
        cmocka_unit_test(binary_does_not_go_to_a_terminal),
        cmocka_unit_test(memory_that_failed_is_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
