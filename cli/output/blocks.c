#include "cli/output/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "cli/output/table.h"
#include "cli/output/text.h"

enum { GAP = 2, HEADING_LINES = 6, WORD_BYTES = 160 };

struct blocks {
    struct session *s;
    const struct sheet *sh;
    const struct column *columns;
    size_t n, n_fixed;
    size_t *width;
};

/* The i-th word of a heading, "" behind the last; what would be the line after the last allowed holds the rest. */
static void heading_word(const char *heading, size_t i, char ret[WORD_BYTES])
{
    const char *p = heading;
    for (size_t at = 0; at < i && *p != '\0'; at++) {
        p += strcspn(p, " ");
        p += *p == ' ';
    }
    size_t len = i + 1 < HEADING_LINES ? strcspn(p, " ") : strlen(p);
    char word[WORD_BYTES];
    len = len < sizeof(word) ? len : sizeof(word) - 1;
    memcpy(word, p, len);
    word[len] = '\0';
    text_clean_into(word, ret, WORD_BYTES);
}

static size_t heading_lines(const char *heading)
{
    char word[WORD_BYTES];
    size_t n = 0;
    while (n < HEADING_LINES && (heading_word(heading, n, word), word[0] != '\0'))
        n++;
    return n;
}

static size_t widest(const struct blocks *b, size_t column)
{
    char word[WORD_BYTES];
    size_t width = 1;
    for (size_t i = 0; i < heading_lines(b->columns[column].heading); i++) {
        heading_word(b->columns[column].heading, i, word);
        width = text_width(word) > width ? text_width(word) : width;
    }
    for (size_t row = 0; row < sheet_rows(b->sh); row++) {
        size_t w = text_width(sheet_cell(b->sh, row, column).shown);
        width = w > width ? w : width;
    }
    return width;
}

/* Blanks are owed until something follows them: none stand at a line's end. */
struct line { FILE *out; size_t owed; };

static void put(struct line *l, const struct session *s, const char *text, size_t width, bool right, enum style style)
{
    size_t used = text_width(text), room = width > used ? width - used : 0, len = strlen(text);
    while (len > 0 && text[len - 1] == ' ')
        len--;
    l->owed += right ? room : 0;
    if (len > 0) {
        fprintf(l->out, "%*s%s%.*s%s", (int)l->owed, "", style_on(s, style), (int)len, text, style_off(s, style));
        l->owed = 0;
    }
    l->owed += strlen(text) - len;
    l->owed += (right ? 0 : room) + GAP;
}

static void print_line(const struct blocks *b, size_t from, size_t to, size_t heading_line, size_t row)
{
    struct line l = {.out = b->s->out};
    for (size_t i = 0; i < to; i++) {
        if (i >= b->n_fixed && i < from)
            continue;
        bool right = (b->columns[i].flags & COLUMN_NUMBER) != 0;
        if (heading_line < HEADING_LINES) {
            char word[WORD_BYTES];
            heading_word(b->columns[i].heading, heading_line, word);
            put(&l, b->s, word, b->width[i], right, STYLE_DIM);
        } else {
            struct cell_view c = sheet_cell(b->sh, row, i);
            put(&l, b->s, c.shown, b->width[i], right, c.style);
        }
    }
    fputc('\n', b->s->out);
}

static void print_block(const struct blocks *b, size_t from, size_t to)
{
    size_t lines = 0;
    for (size_t i = 0; i < to; i++) {
        size_t n = i < b->n_fixed || i >= from ? heading_lines(b->columns[i].heading) : 0;
        lines = n > lines ? n : lines;
    }
    for (size_t i = 0; i < lines; i++)
        print_line(b, from, to, i, 0);
    for (size_t row = 0; row < sheet_rows(b->sh); row++)
        print_line(b, from, to, HEADING_LINES, row);
}

void blocks_print(struct session *s, const struct sheet *sh, size_t n_fixed, size_t width)
{
    struct blocks b = {.s = s, .sh = sh, .n_fixed = n_fixed};
    if (sheet_rows(sh) == 0)
        return;
    b.columns = sheet_columns(sh, &b.n);
    b.width = calloc(b.n, sizeof(*b.width));
    if (b.width == NULL) {
        session_lacks(s, ERR_NOMEM);
        return;
    }
    size_t fixed = 0;
    for (size_t i = 0; i < b.n; i++) {
        b.width[i] = widest(&b, i);
        fixed += i < n_fixed ? b.width[i] + GAP : 0;
    }
    for (size_t from = n_fixed; from < b.n;) {
        size_t used = fixed + b.width[from], to = from + 1;
        while (to < b.n && used + GAP + b.width[to] <= width)
            used += GAP + b.width[to++];
        if (from > n_fixed)
            fputc('\n', s->out);
        print_block(&b, from, to);
        from = to;
    }
    free(b.width);
}
