#include "cli/output/width.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "cli/output/output.h"
#include "cli/output/text.h"

static size_t within(unsigned long w)
{
    return w < WIDTH_LEAST ? WIDTH_LEAST : w > WIDTH_MOST ? WIDTH_MOST : (size_t)w;
}

size_t output_width(const struct session *s)
{
    const char *columns = getenv("COLUMNS");
    if (s->out_is_terminal) {
        struct winsize w = {0};
        if (ioctl(fileno(s->out), TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
            return within(w.ws_col);
    }
    unsigned long given = columns != NULL ? strtoul(columns, NULL, 10) : 0;
    return within(given > 0 ? given : WIDTH_UNKNOWN);
}

/* How many bytes of `text` go on one line of `width`: up to its last blank that fits, or the first word. */
static size_t line_length(const char *text, size_t width)
{
    char word[512];
    size_t used = 0, at = 0;
    while (text[at] != '\0') {
        size_t gap = strspn(text + at, " "), len = strcspn(text + at + gap, " ");
        (void)snprintf(word, sizeof(word), "%.*s", (int)len, text + at + gap);
        size_t w = gap + text_width(word);
        if (at > 0 && used + w > width)
            break;
        used += w;
        at += gap + len;
    }
    return at;
}

void out_wrapped(struct session *s, const char *indent, const char *text)
{
    size_t width = output_width(s), in = text_width(indent);
    for (const char *p = text; *p != '\0';) {
        size_t len = line_length(p, p == text ? width : width - in);
        out(s, "%s", p == text ? "" : indent);
        out_text(s, (struct bytes){(const uint8_t *)p, len});
        p += len;
        p += strspn(p, " ");
    }
}

void out_wrapped_buf(struct session *s, const char *indent, struct buf *text)
{
    const char *line = buf_str(text);
    session_lacks(s, buf_status(text));
    if (line != NULL)
        out_wrapped(s, indent, line);
    buf_release(text);
}
