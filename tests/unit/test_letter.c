/* A letter of questions, as people edit it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/thread/letter.h"

static struct letter letter;
static struct letter_error why;

static enum err reads(const char *text)
{
    return letter_read(bytes_of(text), &letter, &why);
}

static void refuses(const char *text, size_t line, const char *what)
{
    assert_int_equal(reads(text), ERR_FORMAT);
    assert_int_equal(why.line, line);
    assert_non_null(strstr(why.what, what));
    assert_int_equal(letter.n, 0);
}

static void a_letter_is_a_heading_a_day_and_questions(void **state)
{
    (void)state;
    assert_int_equal(reads("# Challenge to  Barsetshire Council \r\n\r\nanswer-by: 2026-01-31\r\n\r\n## barsetshire/17\r\n\r\n"
                           "Why?\r\n"
                           "And how?\r\n\r\n##  cin_rate@2024 \n### Not a question\n\n  Indented.\n\n"), OK);
    assert_string_equal(letter.to, "Barsetshire Council");
    assert_string_equal(letter.answer_by, "2026-01-31");
    assert_int_equal(letter.n, 2);
    assert_string_equal(letter.questions[0].about, "barsetshire/17");
    assert_string_equal(letter.questions[0].text, "Why?\nAnd how?");
    assert_int_equal(letter.questions[0].line, 5);
    assert_string_equal(letter.questions[1].about, "cin_rate@2024");
    assert_string_equal(letter.questions[1].text, "### Not a question\n\n  Indented.");
    letter_release(&letter);
}

static void comments_are_not_sent(void **state)
{
    (void)state;
    assert_int_equal(reads("<!-- for you\n## kent/1\nsecret -->\n# Challenge to kent\n## kent/2 <!-- me -->\nA<!--b\n"
                           "c-->D<!---->E\n"
                           "<!-- alone -->\nF\n"), OK);
    assert_int_equal(letter.n, 1);
    assert_string_equal(letter.questions[0].about, "kent/2");
    assert_string_equal(letter.questions[0].text, "A\nDE\nF");
    letter_release(&letter);
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
    (void)state;
    refuses("", 0, "asks nothing");
    refuses("# Challenge to kent\n", 1, "asks nothing");
    refuses("## kent/1\nWhy?\n", 1, "first heading");
    refuses("# Challenge to \n", 1, "first heading");
    refuses("# Challenge to kent\nWhy?\n", 2, "beneath a heading");
    refuses("# Challenge to kent\nanswer-by: some day or other\n## kent/1\nx\n", 2, "a day");
    refuses("# Challenge to kent\n## kent/1\n\n## kent/2\nWhy?\n", 2, "nothing is asked");
    refuses("# Challenge to kent\n## kent/1\nWhy?\n## kent/2\n<!-- why? -->\n", 4, "nothing is asked");
    refuses("# Challenge to kent\n## \nWhy?\n", 2, "names a record");
    refuses("# Challenge to kent\n## kent/1\nWhy? <!-- oops\n", 3, "never ended");
}

static void limits_are_named(void **state)
{
    (void)state;
    struct buf b = buf_on(LETTER_MAX + 4096);
    buf_put_str(&b, "# Challenge to kent\n");
    for (int i = 0; i < LETTER_QUESTIONS_MAX; i++)
        buf_put_str(&b, "## kent/1\nx\n");
    assert_int_equal(letter_read(buf_bytes(&b), &letter, &why), OK);
    letter_release(&letter);
    buf_put_str(&b, "## kent/1\nx\n");
    assert_int_equal(letter_read(buf_bytes(&b), &letter, &why), ERR_LIMIT);
    assert_int_equal(why.line, 2 + 2 * LETTER_QUESTIONS_MAX);
    buf_clear(&b);
    buf_put_str(&b, "# Challenge to kent\n## kent/1\n");
    for (int i = 0; i < 10000; i++)
        buf_put_str(&b, "x");
    assert_int_equal(letter_read(buf_bytes(&b), &letter, &why), ERR_LIMIT);
    assert_int_equal(why.line, 2);
    while (b.len <= LETTER_MAX)
        buf_put_str(&b, "\n\n\n\n\n\n\n\n");
    assert_int_equal(letter_read(buf_bytes(&b), &letter, &why), ERR_LIMIT);
    assert_non_null(strstr(why.what, "megabyte"));
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_is_a_heading_a_day_and_questions),
        cmocka_unit_test(comments_are_not_sent),
        cmocka_unit_test(what_is_wrong_is_said_with_its_line),
        cmocka_unit_test(limits_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
