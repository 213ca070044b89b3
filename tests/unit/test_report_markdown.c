/* What an authority writes, on a page: paragraphs, lists, code, and links to figures; nothing else of Markdown, and no HTML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/report/markdown.h"
#include "protocol/assessment_body.h"
#include "tags.h"

struct links { struct markdown_link all[8]; size_t n; };

static enum err take(void *arg, const struct assessment_link *l)
{
    struct links *x = arg;
    assert_true(x->n < 8);
    struct markdown_link *to = &x->all[x->n++];
    to->label = l->label;
    to->target = l->target;
    (void)snprintf(to->shown, sizeof(to->shown), "barset/%zu: <7>", x->n);
    return OK;
}

/* Links are those of the whole; what is put are its bytes from `from` to `to`. */
static const char *part_of(const char *text, size_t from, size_t to)
{
    static struct buf b;
    struct links links = {.n = 0};
    buf_release(&b);
    b = buf_on(1 << 20);
    struct html h = html_on(&b);
    assert_int_equal(assessment_links(bytes_of(text), take, &links), OK);
    markdown_put(&h, (struct bytes){(const uint8_t *)text + from, to - from}, links.all, links.n);
    assert_int_equal(h.depth, 0);
    assert_null(tags_wrong(buf_bytes(&b)));
    return buf_str(&b);
}

static const char *page_of(const char *text)
{
    return part_of(text, 0, strlen(text));
}

static void paragraphs_lists_and_headings_are_told_apart(void **state)
{
    (void)state;
    assert_string_equal(page_of("One\nand the same.\n\nTwo."), "<p>One and the same.</p>\n<p>Two.</p>\n");
    assert_string_equal(page_of("Before\n- a\n  goes on\n* b\n\n- c\n\nBehind\n"),
                        "<p>Before</p>\n<ul><li>a   goes on</li>\n<li>b</li>\n<li>c</li>\n</ul>\n<p>Behind</p>\n");
    assert_string_equal(page_of("1. a\n2) b\n- c"), "<ol><li>a</li>\n<li>b</li>\n</ol>\n<ul><li>c</li>\n</ul>\n");
    assert_string_equal(page_of("### Of teams\nWords"), "<p><strong>Of teams</strong></p>\n<p>Words</p>\n");
    assert_string_equal(page_of("```\n- a\n\n  b\n```\nc"), "<pre>\n- a\n\n  b\n</pre>\n<p>c</p>\n");
    assert_string_equal(page_of("```\nnever ended"), "<pre>\nnever ended\n</pre>\n");
    assert_string_equal(page_of("-no item\n12.5 %\n#none"), "<p>-no item 12.5 % #none</p>\n");
    assert_string_equal(page_of(""), "");
}

static void everything_else_stands_as_the_characters_that_it_is(void **state)
{
    (void)state;
    assert_string_equal(page_of("<script>alert(1)</script> & <b>"),
                        "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;</p>\n");
    assert_string_equal(page_of("[x](javascript:a) ![y](http://z) <http://z>"),
                        "<p>[x](javascript:a) ![y](http://z) &lt;http://z&gt;</p>\n");
    assert_string_equal(page_of("- <img onerror=x>\n# </p><h1>"),
                        "<ul><li>&lt;img onerror=x&gt;</li>\n</ul>\n<p><strong>&lt;/p&gt;&lt;h1&gt;</strong></p>\n");
    assert_string_equal(page_of("| a | b |\n**bold**"), "<p>| a | b | **bold**</p>\n");
    assert_string_equal(page_of("a\xE2\x80\xAE" "b\x1B[2J"), "<p>ab[2J</p>\n");
}

#define SHOWN(n) " <span class=\"small\">[barset/" n ": &lt;7&gt;]</span>"

static void a_link_to_a_figure_says_what_its_record_says(void **state)
{
    (void)state;
    static const char text[] = "We [32 <%](figure:a@2024) do, [b](figure:b).\n- [c](figure:c)\n";
    assert_string_equal(page_of(text), "<p>We 32 &lt;%" SHOWN("1") " do, b" SHOWN("2") ".</p>\n"
                        "<ul><li>c" SHOWN("3") "</li>\n</ul>\n");
    size_t list = (size_t)(strchr(text, '\n') + 1 - text);
    assert_string_equal(part_of(text, list, strlen(text)), "<ul><li>c" SHOWN("3") "</li>\n</ul>\n");
    assert_string_equal(part_of(text, 0, 10), "<p>We [32 &lt;%]</p>\n");              /* cut within one */
    assert_string_equal(page_of("[a\n- b](figure:c) [d](figure:e)\n"),
                        "<p>[a</p>\n<ul><li>b](figure:c) d" SHOWN("2") "</li>\n</ul>\n");
    assert_string_equal(page_of("[a](figure:[b](figure:c) [d](figure:e)"),     /* one within another */
                        "<p>a" SHOWN("1") " d" SHOWN("3") "</p>\n");
    assert_string_equal(page_of("[](figure:c)"), "<p>" SHOWN("1") "</p>\n");
    assert_string_equal(page_of("```\n[a](figure:c)\n```\n[b](figure:d)"),
                        "<pre>\n[a](figure:c)\n</pre>\n<p>b" SHOWN("2") "</p>\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paragraphs_lists_and_headings_are_told_apart),
        cmocka_unit_test(everything_else_stands_as_the_characters_that_it_is),
        cmocka_unit_test(a_link_to_a_figure_says_what_its_record_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
