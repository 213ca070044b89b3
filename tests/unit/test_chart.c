/* Charts of plain characters: they fit, their axis is labelled, what has no value is marked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/output/chart.h"

static size_t longest(const char *text)
{
    size_t most = 0;
    for (const char *p = text; *p != '\0'; p += strcspn(p, "\n"), p += *p == '\n')
        most = strcspn(p, "\n") > most ? strcspn(p, "\n") : most;
    return most;
}

static void a_small_series_looks_like_this(void **state)
{
    (void)state;
    struct buf b = buf_on(1 << 16);
    size_t first;
    const struct chart_point points[] = {
        {"2021", true, true, 10, 5, 15, 'o'}, {"2022", false, false, 0, 0, 0, 'c'}, {"2023", true, false, 31, 0, 0, 'O'},
    };
    const struct chart_line lines[] = {{20, '-', "mean"}};
    assert_int_equal(chart_draw(points, 3, lines, 1, 1, 40, &b, &first), OK);
    assert_int_equal(first, 0);
    assert_string_equal(buf_str(&b),
        "31.0 |                       O\n"
        "     |\n"
        "     |\n"
        "25.0 |\n"
        "     |\n"
        "     |\n"
        "19.0 | --------------------------- mean\n"
        "     |\n"
        "     |     |\n"
        "13.0 |     |\n"
        "     |     |\n"
        "     |     o\n"
        " 7.0 |     |\n"
        " 5.0 |     |        c\n"
        "     +----------------------------\n"
        "         2021     2022     2023\n");
    buf_release(&b);
}

static void no_line_is_wider_than_asked_and_the_newest_stay(void **state)
{
    (void)state;
    struct chart_point points[200];
    char labels[200][16];
    const struct chart_line lines[] = {{3, '.', "limit"}};
    for (size_t i = 0; i < 200; i++) {
        (void)snprintf(labels[i], sizeof(labels[i]), "20%02zu-%02zu Q%zu", i / 4 % 100, (i / 4 + 1) % 100, i % 4 + 1);
        points[i] = (struct chart_point){labels[i], i % 9 != 0, true, (double)(i % 7), -1.5, 9000.25, 'o'};
    }
    for (size_t width = 10; width <= 300; width++) {
        struct buf b = buf_on(1 << 20);
        size_t first;
        assert_int_equal(chart_draw(points, 200, lines, 1, 2, width, &b, &first), OK);
        const char *text = buf_str(&b);
        assert_true(longest(text) <= (width > CHART_LEAST ? width : CHART_LEAST));
        assert_true(first < 200);
        assert_null(strstr(text, " \n"));
        if (width >= 60)
            assert_non_null(strstr(text, labels[199]));
        buf_release(&b);
    }
}

static void one_value_or_none_is_no_trouble(void **state)
{
    (void)state;
    struct buf b = buf_on(1 << 16);
    size_t first;
    struct chart_point p = {"2024", false, false, 0, 0, 0, 'z'};
    assert_int_equal(chart_draw(&p, 1, NULL, 0, 1, 80, &b, &first), OK);
    assert_int_equal(buf_bytes(&b).len, 0);
    assert_int_equal(chart_draw(&p, 0, NULL, 0, 1, 80, &b, &first), OK);
    assert_int_equal(buf_bytes(&b).len, 0);
    p = (struct chart_point){"2024", true, false, 7, 0, 0, 'o'};
    assert_int_equal(chart_draw(&p, 1, NULL, 0, 1, 80, &b, &first), OK);
    assert_non_null(strstr(buf_str(&b), "8.0 |"));
    assert_non_null(strstr(buf_str(&b), "6.0 |"));
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_series_looks_like_this),
        cmocka_unit_test(no_line_is_wider_than_asked_and_the_newest_stay),
        cmocka_unit_test(one_value_or_none_is_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
