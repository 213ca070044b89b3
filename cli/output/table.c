#include "cli/output/table.h"

#include <stdlib.h>

#include "cli/output/text.h"
#include "cli/output/width.h"

enum { GAP = 2, WORDS_MOST = 40 };      /* columns between columns; the widest cell that is no sentence */

const char *style_on(const struct session *s, enum style style)
{
    if (!s->colour)
        return "";
    switch (style) {
    case STYLE_PLAIN:   return "";
    case STYLE_GOOD:    return "\033[32m";
    case STYLE_BAD:     return "\033[31m";
    case STYLE_WARN:    return "\033[33m";
    case STYLE_DIM:     return "\033[2m";
    case STYLE_STRONG:  return "\033[1m";
    }
    return "";
}

const char *style_off(const struct session *s, enum style style)
{
    return s->colour && style != STYLE_PLAIN ? "\033[0m" : "";
}

static bool column_is_shown(const struct session *s, const struct column *c)
{
    return c->heading != NULL && ((c->flags & COLUMN_VERBOSE) == 0 || s->verbose);
}

/* A column that says nothing in any row is not shown to people: an indicator that is not ranked has no ranks. */
static bool column_is_empty(const struct sheet *sh, const struct column *c, size_t i)
{
    if ((c->flags & COLUMN_KEPT) != 0)
        return false;
    for (size_t row = 0; row < sheet_rows(sh); row++)
        if (sheet_cell(sh, row, i).shown[0] != '\0')
            return false;
    return true;
}

static size_t column_width(const struct sheet *sh, const struct column *c, size_t i)
{
    size_t width = text_width(c->heading);
    for (size_t row = 0; row < sheet_rows(sh); row++) {
        size_t w = text_width(sheet_cell(sh, row, i).shown);
        width = w > width ? w : width;
    }
    return width;
}

static void print_cell(struct session *s, const char *text, size_t width, bool right, bool last, enum style style)
{
    size_t used = text_width(text), room = width > used ? width - used : 0;
    if (right)
        fprintf(s->out, "%*s", (int)room, "");
    fprintf(s->out, "%s%s%s", style_on(s, style), text, style_off(s, style));
    if (!right && !last)
        fprintf(s->out, "%*s", (int)room, "");
    fputs(last ? "\n" : "  ", s->out);
}

struct table {
    struct session *s;
    const struct sheet *sh;
    const struct column *columns;
    size_t n, first;                    /* the first column that is shown begins every block */
    size_t *width;                      /* 0: not shown */
};

static bool is_in(const struct table *t, size_t i, size_t from, size_t to)
{
    return t->width[i] > 0 && (i == t->first || (i >= from && i < to));
}

/* The last column of a block's row that has something to show: no blanks stand at a line's end. */
static size_t row_end(const struct table *t, size_t row, size_t from, size_t to)
{
    size_t end = t->first;
    for (size_t i = from; i < to; i++)
        if (is_in(t, i, from, to) && sheet_cell(t->sh, row, i).shown[0] != '\0')
            end = i;
    return end;
}

static void print_block(const struct table *t, size_t from, size_t to)
{
    size_t last = t->first;
    for (size_t i = from; i < to; i++)
        last = is_in(t, i, from, to) ? i : last;
    for (size_t i = 0; i <= last; i++)
        if (is_in(t, i, from, to))
            print_cell(t->s, t->columns[i].heading, t->width[i], (t->columns[i].flags & COLUMN_NUMBER) != 0, i == last, STYLE_DIM);
    for (size_t row = 0; row < sheet_rows(t->sh); row++) {
        size_t end = row_end(t, row, from, to);
        for (size_t i = 0; i <= end; i++) {
            struct cell_view cell = sheet_cell(t->sh, row, i);
            if (is_in(t, i, from, to))
                print_cell(t->s, cell.shown, t->width[i], (t->columns[i].flags & COLUMN_NUMBER) != 0, i == end, cell.style);
        }
    }
}

/* The column behind the last that fits beside the first. */
static size_t block_end(const struct table *t, size_t from, size_t width)
{
    size_t used = t->width[t->first], to = from;
    for (; to < t->n; to++) {
        size_t more = t->width[to] > 0 && to != t->first ? GAP + t->width[to] : 0;
        if (to > from && used + more > width)
            break;
        used += more;
    }
    return to;
}

/* Rows of sentences are left to the terminal to wrap: a remedy in another block than its problem is no help. */
static bool is_of_sentences(const struct table *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->width[i] > WORDS_MOST)
            return true;
    return false;
}

static void print_blocks(const struct table *t)
{
    size_t width = t->s->out_is_terminal && !is_of_sentences(t) ? output_width(t->s) : SIZE_MAX;
    for (size_t from = t->first, to; from < t->n; from = to) {
        to = block_end(t, from, width);
        if (from > t->first)
            fputc('\n', t->s->out);
        print_block(t, from, to);
    }
}

void table_print(struct session *s, const struct sheet *sh)
{
    struct table t = {.s = s, .sh = sh};
    if (sheet_rows(sh) == 0)
        return;
    t.columns = sheet_columns(sh, &t.n);
    t.width = calloc(t.n, sizeof(*t.width));
    if (t.width == NULL) {
        session_lacks(s, ERR_NOMEM);
        return;
    }
    t.first = t.n;
    for (size_t i = 0; i < t.n; i++)
        if (column_is_shown(s, &t.columns[i]) && !column_is_empty(sh, &t.columns[i], i)) {
            t.width[i] = column_width(sh, &t.columns[i], i);
            t.first = t.first == t.n ? i : t.first;
        }
    print_blocks(&t);
    free(t.width);
}
