/* Pages and pictures as text: whatever records say, it cannot break them, run, fetch or reorder anything. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "cli/report/charts.h"
#include "cli/report/html.h"
#include "draw.h"
#include "tags.h"

enum { PAGE_MAX = 1 << 20 };
#define END ((const char *)NULL)

static const char *text_of(const char *in)
{
    static struct buf b;
    buf_release(&b);
    b = buf_on(PAGE_MAX);
    struct html h = html_on(&b);
    html_text(&h, in);
    return buf_str(&b);
}

static void what_has_a_meaning_in_html_is_escaped(void **state)
{
    (void)state;
    assert_string_equal(text_of("a<b>c&d\"e'f"), "a&lt;b&gt;c&amp;d&quot;e&#39;f");
    assert_string_equal(text_of("</script><script>"), "&lt;/script&gt;&lt;script&gt;");
    assert_string_equal(text_of("&amp;"), "&amp;amp;");
    assert_string_equal(text_of("Br\xC3\xA9zhoneg \xD7\x90"), "Br\xC3\xA9zhoneg \xD7\x90");
}

static void control_characters_and_marks_of_direction_are_dropped(void **state)
{
    (void)state;
    assert_string_equal(text_of("a\x01\x1B[2Jb\x7F" "c\xC2\x9B" "d"), "a[2Jbcd");
    assert_string_equal(text_of("a\xE2\x80\xAE" "b\xE2\x81\xA7" "c\xE2\x80\x8F\xEF\xBB\xBF"), "abc");
    assert_string_equal(text_of("a\nb\tc\r"), "a b c");
    assert_string_equal(text_of("a\xFF" "b"), "a\xEF\xBF\xBD" "b");
}

static void elements_are_written_as_pairs_of_name_and_value(void **state)
{
    (void)state;
    struct buf b = buf_on(PAGE_MAX);
    struct html h = html_on(&b);
    html_begin(&h, "td", "class", "n", "title", "\" onload=\"x", "id", NULL, END);
    html_name(&h, "Barset<shire");
    html_end(&h, "td");
    html_empty(&h, "br", END);
    assert_string_equal(buf_str(&b), "<td class=\"n\" title=\"&quot; onload=&quot;x\"><bdi>Barset&lt;shire</bdi></td><br/>");
    assert_int_equal(h.depth, 0);
    assert_null(tags_wrong(buf_bytes(&b)));
    buf_release(&b);
}

static void a_page_that_does_not_fit_says_so(void **state)
{
    (void)state;
    struct buf b = buf_on(40);
    struct html h = html_on(&b);
    html_element(&h, "p", "a sentence that is longer than there is room for", END);
    assert_int_equal(buf_status(&b), ERR_LIMIT);
    buf_release(&b);
}

static void numbers_and_ticks_are_short_and_whole(void **state)
{
    (void)state;
    char text[TICK_TEXT_MAX], apart[COUNT_TEXT_MAX];
    double first;
    struct scale s = {3, 97, 0, 100};
    assert_true(scale_step(&s, 5, &first) == 20 && first == 20);
    scale_round(&s, 5);
    assert_true(s.from == 0 && s.to == 100 && scale_at(&s, 50) == 50);
    struct scale none = {7, 7, 10, 20}, odd = {0, INFINITY, 0, 1};
    assert_true(scale_step(&none, 5, &first) == 0 && scale_at(&none, 7) == 15);
    assert_true(scale_step(&odd, 5, &first) == 0);
    tick_text(0.25, 0.05, text);
    assert_string_equal(text, "0.25");
    tick_text(-0.0, 5, text);
    assert_string_equal(text, "0");
    tick_text(20000, 10000, text);
    assert_string_equal(text, "20,000");
    count_words("-1234567.8901", apart);
    assert_string_equal(apart, "-1,234,567.8901");
    struct buf b = buf_on(PAGE_MAX);
    struct html h = html_on(&b);
    svg_line(&h, "ax", 1.25, -0.04, NAN, -INFINITY);
    assert_string_equal(buf_str(&b), "<line class=\"ax\" x1=\"1.3\" y1=\"0\" x2=\"0\" y2=\"0\"/>");
    buf_release(&b);
    count_words("u", apart);
    assert_string_equal(apart, "u");
}

static void a_label_is_cut_at_a_whole_character(void **state)
{
    (void)state;
    char label[LABEL_MAX];
    label_cut("Windsor and Maidenhead", 25, label);
    assert_string_equal(label, "Windsor and Maidenhead");
    label_cut("Windsor and Maidenhead", 10, label);
    assert_string_equal(label, "Windsor a\xE2\x80\xA6");
    label_cut("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 3, label);
    assert_string_equal(label, "\xC3\xA9\xC3\xA9\xE2\x80\xA6");
    label_cut("", 3, label);
    assert_string_equal(label, "");
}

/* ---- pictures ---- */

static size_t count(const char *in, const char *what)
{
    size_t n = 0;
    for (const char *p = in; (p = strstr(p, what)) != NULL; p += strlen(what))
        n++;
    return n;
}

static void a_strip_has_a_mark_an_interval_and_the_years_of_each(void **state)
{
    (void)state;
    struct strip_row rows[3] = {
        {.name = "Barset", .shown = "40.0", .band = 'A', .has_value = true, .value = 40, .has_interval = true, .lower = 30,
         .upper = 50,
         .versus = STANDING_SIMILAR, .years = {{true, 30}, {true, 40}}},
        {.name = "Loam", .shown = "20.0", .band = 'D', .has_value = true, .value = 20, .has_interval = true, .lower = 18,
         .upper = 22,
         .versus = STANDING_WORSE, .years = {{true, 25}, {true, 20}}},
        {.name = "Mid", .shown = "u: of low reliability", .years = {{true, 1}, {false, 0}}}};
    struct strip s = {.id = "c1", .title = "Title", .desc = "In words", .rows = rows, .n = 3, .n_years = 2, .first_year = "2023",
                      .last_year = "2024", .has_quartiles = true, .quartiles = {20, 25, 30, 35, 40}, .has_total = true,
                          .total = 33};
    struct buf b = buf_on(PAGE_MAX);
    struct html h = html_on(&b);
    strip_draw(&h, &s);
    const char *svg = buf_str(&b);
    assert_non_null(svg);
    assert_null(tags_wrong(buf_bytes(&b)));
    assert_non_null(strstr(svg, "<svg id=\"c1\""));
    assert_non_null(strstr(svg, "role=\"img\" aria-labelledby=\"c1-t c1-d\""));
    assert_non_null(strstr(svg, "<title id=\"c1-t\">Title</title><desc id=\"c1-d\">In words</desc>"));
    assert_int_equal(count(svg, "class=\"iv\""), 2);
    assert_int_equal(count(svg, "class=\"mr\""), 1);    /* similar: a ring; worse: a filled diamond, which is a path */
    assert_int_equal(count(svg, "<path class=\"mf\""), 1);
    assert_int_equal(count(svg, "class=\"qt\""), 3);
    assert_int_equal(count(svg, "class=\"sp\""), 3);
    assert_int_equal(count(svg, "class=\"tt\""), 1);
    assert_non_null(strstr(svg, ">u: of low reliability</text>"));
    assert_non_null(strstr(svg, ">2023 to 2024</text>"));
    buf_release(&b);
}

static void a_spark_has_gaps_where_years_are_missing(void **state)
{
    (void)state;
    const struct spark_point points[] = {{true, 1}, {true, 2}, {false, 0}, {true, 4}, {false, 0}};
    struct spark s = {points, 5, 1, 4};
    struct buf b = buf_on(PAGE_MAX);
    struct html h = html_on(&b);
    spark_draw(&h, &s, 0, 0, 40, 30);
    const char *svg = buf_str(&b);
    assert_non_null(strstr(svg, "d=\"M0 30L10 20M30 0\""));
    assert_int_equal(count(svg, "<circle"), 1);         /* the lone year, and no last one */
    buf_release(&b);
}

static void a_funnel_shows_its_limits_and_names_who_is_named(void **state)
{
    (void)state;
    struct cell cells[12];
    struct funnel_point points[12];
    struct funnel_mark marks[12];
    struct funnel f;
    for (int i = 0; i < 12; i++) {
        int64_t n = 100 * (i + 2), x = i == 5 ? n / 2 : n / 5 + i % 3;
        cells[i] = (struct cell){.has_numerator = true, .has_denominator = true, .numerator = {x, 0}, .denominator = {n, 0}};
        marks[i] = (struct funnel_mark){i == 5 ? "Barset & Co" : "other", (double)n, 100.0 * (double)x / (double)n, i == 5};
    }
    assert_int_equal(funnel_of(cells, 12, PARTS_PROPORTION, &f, points), OK);
    assert_int_equal(f.why, FUNNEL_TESTED);
    struct funnel_chart c = {.id = "c1", .title = "T", .desc = "D", .unit = "%", .across = "Referrals", .funnel = &f,
                             .multiplier = 100,
                             .marks = marks, .n = 12};
    struct buf b = buf_on(PAGE_MAX);
    struct html h = html_on(&b);
    funnel_chart_draw(&h, &c);
    const char *svg = buf_str(&b);
    assert_null(tags_wrong(buf_bytes(&b)));
    assert_int_equal(count(svg, "class=\"lp\""), 2);
    assert_int_equal(count(svg, "class=\"la\""), 2);
    assert_int_equal(count(svg, "class=\"mr\""), 11);
    assert_int_equal(count(svg, "class=\"fl\""), 1);
    assert_non_null(strstr(svg, ">Barset &amp; Co</text>"));
    buf_release(&b);
}

/* ---- whatever is thrown at it ---- */

static void random_text(char *ret, size_t size)
{
    static const char *const pieces[] = {"<", ">", "&", "\"", "'", "</svg>", "<script>", "-->", "]]>", "\xE2\x80\xAE",
                                         "\xD7\x90", "\n", "\x1B",
                                         "\xF0\x9F", "\x80", "a", " onload=", "\xE2\x81\xA6", "&#x3c;", "http://x", "\xC2\x85",
                                         "0"};
    size_t at = 0, n = draw_below(24);
    ret[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        const char *p = pieces[draw_below(sizeof(pieces) / sizeof(pieces[0]))];
        if (at + strlen(p) + 1 > size)
            break;
        memcpy(ret + at, p, strlen(p) + 1);
        at += strlen(p);
    }
}

static double random_number(void)
{
    static const double odd[] = {0, -0.0, 1e-12, 1e12, -5, 100, 3.5, 1e300};
    return draw_below(3) == 0 ? odd[draw_below(8)] : (double)draw_below(100000) / 7;
}

static void no_text_and_no_number_breaks_a_picture(void **state)
{
    (void)state;
    draw_seed("hostile pictures");
    for (int round = 0; round < 400; round++) {
        struct strip_row rows[6] = {{.name = NULL}};
        char names[6][64], shown[6][64], title[64], desc[64];
        size_t n = draw_below(7);
        for (size_t i = 0; i < n; i++) {
            random_text(names[i], sizeof(names[i]));
            random_text(shown[i], sizeof(shown[i]));
            rows[i] = (struct strip_row){.name = names[i], .shown = shown[i], .band = "ABCD-"[draw_below(5)],
                                         .has_value = draw_below(4) > 0, .has_interval = draw_below(2) > 0,
                                         .value = random_number(), .lower = random_number(), .upper = random_number(),
                                         .versus = (enum standing)draw_below(6), .is_marked = draw_below(5) == 0};
            for (size_t y = 0; y < CHART_YEARS_MAX; y++)
                rows[i].years[y] = (struct spark_point){draw_below(2) > 0, random_number()};
        }
        random_text(title, sizeof(title));
        random_text(desc, sizeof(desc));
        struct strip s = {.id = "c1", .title = title, .desc = desc, .rows = rows, .n = n,
                          .n_years = draw_below(CHART_YEARS_MAX + 1),
                          .first_year = title, .last_year = desc, .has_quartiles = draw_below(2) > 0,
                          .quartiles = {1, 2, 3, 4, 5}, .has_total = draw_below(2) > 0, .total = random_number()};
        struct buf b = buf_on(PAGE_MAX);
        struct html h = html_on(&b);
        strip_draw(&h, &s);
        assert_int_equal(buf_status(&b), OK);
        const char *wrong = tags_wrong(buf_bytes(&b));
        if (wrong != NULL)
            fail_msg("round %d: %s", round, wrong);
        assert_null(strstr(buf_str(&b), "nan"));
        assert_null(strstr(buf_str(&b), "inf"));
        buf_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_a_meaning_in_html_is_escaped),
        cmocka_unit_test(control_characters_and_marks_of_direction_are_dropped),
        cmocka_unit_test(elements_are_written_as_pairs_of_name_and_value),
        cmocka_unit_test(a_page_that_does_not_fit_says_so),
        cmocka_unit_test(numbers_and_ticks_are_short_and_whole),
        cmocka_unit_test(a_label_is_cut_at_a_whole_character),
        cmocka_unit_test(a_strip_has_a_mark_an_interval_and_the_years_of_each),
        cmocka_unit_test(a_spark_has_gaps_where_years_are_missing),
        cmocka_unit_test(a_funnel_shows_its_limits_and_names_who_is_named),
        cmocka_unit_test(no_text_and_no_number_breaks_a_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
