#include "cli/output/table.h"

#include <stdlib.h>

#include "cli/output/text.h"

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

/* The last column of the row that has something to show: no blanks stand at a line's end. */
static size_t row_end(const struct sheet *sh, size_t row, const size_t *width, size_t last)
{
    while (last > 0 && (width[last] == 0 || sheet_cell(sh, row, last).shown[0] == '\0'))
        last--;
    return last;
}

void table_print(struct session *s, const struct sheet *sh)
{
    size_t n, last = 0;
    if (sheet_rows(sh) == 0)
        return;
    const struct column *columns = sheet_columns(sh, &n);
    size_t *width = calloc(n, sizeof(*width));
    if (width == NULL) {
        session_lacks(s, ERR_NOMEM);
        return;
    }
    for (size_t i = 0; i < n; i++)
        if (column_is_shown(s, &columns[i]) && !column_is_empty(sh, &columns[i], i)) {
            width[i] = column_width(sh, &columns[i], i);
            last = i;
        }
    for (size_t i = 0; i < n; i++)
        if (width[i] > 0)
            print_cell(s, columns[i].heading, width[i], (columns[i].flags & COLUMN_NUMBER) != 0, i == last, STYLE_DIM);
    for (size_t row = 0; row < sheet_rows(sh); row++) {
        size_t end = row_end(sh, row, width, last);
        for (size_t i = 0; i <= end; i++) {
            struct cell_view cell = sheet_cell(sh, row, i);
            if (width[i] > 0)
                print_cell(s, cell.shown, width[i], (columns[i].flags & COLUMN_NUMBER) != 0, i == end, cell.style);
        }
    }
    free(width);
}
