/* Whatever a letter holds: it is refused with a line and a reason, or each of its questions is a text that a post may
 * try, and written down again it reads as the same. */
#include <stdlib.h>
#include <string.h>

#include "cli/thread/letter.h"

#define MUST(x) do { if (!(x)) abort(); } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct letter l, again;
    struct letter_error why;
    struct buf text = buf_on(2 * LETTER_MAX);
    if (letter_read((struct bytes){data, size}, &l, &why) != OK) {
        MUST(why.what != NULL && why.line <= size + 1 && l.n == 0);
        return 0;
    }
    MUST(l.n > 0 && l.n <= LETTER_QUESTIONS_MAX && l.to[0] != '\0');
    buf_printf(&text, "# Challenge to %s\nanswer-by: %s\n", l.to, l.answer_by);
    bool is_plain = true;
    for (size_t i = 0; i < l.n; i++) {
        MUST(l.questions[i].text[0] != '\0' && l.questions[i].about[0] != '\0');
        MUST(strlen(l.questions[i].text) <= POST_TEXT_MAX + 1024);
        is_plain = is_plain && strstr(l.questions[i].text, "<!--") == NULL && strstr(l.questions[i].about, "<!--") == NULL;
        buf_printf(&text, "## %s\n", l.questions[i].about);
        buf_put_str(&text, l.questions[i].text);
        buf_put_str(&text, "\n");
    }
    /* "<!<!-- -->--" reads as "<!--": put together again it would be a comment */
    is_plain = is_plain && strstr(l.to, "<!--") == NULL && strstr(l.answer_by, "<!--") == NULL && buf_status(&text) == OK;
    if (is_plain && memchr(data, '<', size) == NULL && memchr(data, '\r', size) == NULL) {
        MUST(letter_read(buf_bytes(&text), &again, &why) == OK && again.n == l.n);
        for (size_t i = 0; i < l.n; i++)
            MUST(strcmp(again.questions[i].text, l.questions[i].text) == 0);
        letter_release(&again);
    }
    letter_release(&l);
    buf_release(&text);
    return 0;
}
