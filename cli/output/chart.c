#include "cli/output/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_MAX = 48, STEP_LEAST = 2, STEP_MOST = 9, TICKS_EVERY = 3 };

struct chart {
    const struct chart_point *points;
    size_t n, first;
    const struct chart_line *lines;
    size_t n_lines;
    unsigned decimals;
    double low, high;
    size_t axis;                            /* columns left of the picture */
    size_t step, columns;                   /* a point's share, and all of it */
    size_t right;                           /* columns for the names of lines */
    char *cells;                            /* CHART_ROWS x columns */
};

static void widen(struct chart *c, double v)
{
    c->low = v < c->low ? v : c->low;
    c->high = v > c->high ? v : c->high;
}

static bool find_range(struct chart *c)
{
    bool any = false;
    c->low = INFINITY;
    c->high = -INFINITY;
    for (size_t i = c->first; i < c->n; i++) {
        const struct chart_point *p = &c->points[i];
        any = any || p->has_value;
        if (p->has_value)
            widen(c, p->value);
        if (p->has_value && p->has_limits) {
            widen(c, p->lower);
            widen(c, p->upper);
        }
    }
    for (size_t i = 0; any && i < c->n_lines; i++)
        widen(c, c->lines[i].at);
    if (any && !(c->high > c->low)) {
        c->low -= 1;
        c->high += 1;
    }
    return any;
}

static size_t row_of(const struct chart *c, double v)
{
    double at = (c->high - v) / (c->high - c->low) * (CHART_ROWS - 1);
    return at <= 0 ? 0 : at >= CHART_ROWS - 1 ? CHART_ROWS - 1 : (size_t)lround(at);
}

static double value_of(const struct chart *c, size_t row)
{
    return c->high - (c->high - c->low) * (double)row / (CHART_ROWS - 1);
}

static void tick(const struct chart *c, size_t row, char ret[LABEL_MAX])
{
    (void)snprintf(ret, LABEL_MAX, "%.*f", (int)c->decimals, value_of(c, row));
}

static void measure(struct chart *c, size_t width)
{
    char text[LABEL_MAX];
    c->axis = 0;
    for (size_t row = 0; row < CHART_ROWS; row += TICKS_EVERY) {
        tick(c, row, text);
        c->axis = strlen(text) > c->axis ? strlen(text) : c->axis;
    }
    c->axis += 3;                           /* "12.5 | " */
    c->right = 0;
    for (size_t i = 0; i < c->n_lines; i++)
        c->right = strlen(c->lines[i].label) + 1 > c->right ? strlen(c->lines[i].label) + 1 : c->right;
    size_t room = width > c->axis + c->right + STEP_LEAST ? width - c->axis - c->right : STEP_LEAST;
    size_t shown = c->n - c->first;
    if (shown * STEP_LEAST > room)
        shown = room / STEP_LEAST;
    c->first = c->n - shown;
    c->step = room / shown < STEP_MOST ? room / shown : STEP_MOST;
    c->columns = c->step * shown;
}

static char *cell(const struct chart *c, size_t row, size_t column)
{
    return &c->cells[row * c->columns + column];
}

static size_t column_of(const struct chart *c, size_t i)
{
    return (i - c->first) * c->step + c->step / 2;
}

static void draw(const struct chart *c)
{
    memset(c->cells, ' ', CHART_ROWS * c->columns);
    for (size_t i = 0; i < c->n_lines; i++)
        memset(cell(c, row_of(c, c->lines[i].at), 0), c->lines[i].c, c->columns);
    for (size_t i = c->first; i < c->n; i++) {
        const struct chart_point *p = &c->points[i];
        size_t column = column_of(c, i);
        if (!p->has_value) {
            *cell(c, CHART_ROWS - 1, column) = p->mark;
            continue;
        }
        for (size_t row = row_of(c, p->upper); p->has_limits && row <= row_of(c, p->lower); row++)
            *cell(c, row, column) = '|';
        *cell(c, row_of(c, p->value), column) = p->mark;
    }
}

static void put_rows(const struct chart *c, struct buf *ret)
{
    char text[LABEL_MAX];
    for (size_t row = 0; row < CHART_ROWS; row++) {
        size_t len = c->columns;
        const char *name = "";
        for (size_t i = 0; i < c->n_lines; i++)
            if (row_of(c, c->lines[i].at) == row)
                name = c->lines[i].label;
        text[0] = '\0';
        if (row % TICKS_EVERY == 0 || row == CHART_ROWS - 1)
            tick(c, row, text);
        while (name[0] == '\0' && len > 0 && *cell(c, row, len - 1) == ' ')
            len--;
        buf_printf(ret, "%*s |", (int)(c->axis - 3), text);
        if (len > 0)
            buf_printf(ret, " %.*s", (int)len, cell(c, row, 0));
        buf_printf(ret, "%s%s\n", name[0] != '\0' ? " " : "", name);
    }
}

/* The newest first; one that would touch a label already there is left out. */
static void put_labels(const struct chart *c, struct buf *ret)
{
    size_t room = c->axis + c->columns + 16;
    char *line = malloc(room + 1);
    if (line == NULL) {
        buf_printf(ret, "\n");
        return;
    }
    memset(line, ' ', room);
    line[room] = '\0';
    size_t free_to = room;
    for (size_t i = c->n; i-- > c->first;) {
        size_t len = strlen(c->points[i].label), middle = c->axis + column_of(c, i), half = len / 2;
        size_t from = middle > half ? middle - half : 0;
        if (from + len + 1 > free_to || from + len > room)
            continue;
        memcpy(line + from, c->points[i].label, len);
        free_to = from;
    }
    size_t end = room;
    while (end > 0 && line[end - 1] == ' ')
        end--;
    buf_printf(ret, "%*s +", (int)(c->axis - 3), "");
    for (size_t i = 0; i < c->columns + 1; i++)
        buf_put_str(ret, "-");
    buf_printf(ret, "\n%.*s\n", (int)end, line);
    free(line);
}

enum err chart_draw(const struct chart_point *points, size_t n, const struct chart_line *lines, size_t n_lines, unsigned decimals,
                    size_t width, struct buf *ret, size_t *ret_first)
{
    struct chart c = {.points = points, .n = n, .lines = lines, .n_lines = n_lines, .decimals = decimals};
    *ret_first = 0;
    if (n == 0 || !find_range(&c))
        return OK;
    measure(&c, width > CHART_LEAST ? width : CHART_LEAST);
    if (!find_range(&c))                    /* of those that are drawn */
        return OK;
    *ret_first = c.first;
    c.cells = malloc(CHART_ROWS * c.columns);
    if (c.cells == NULL)
        return ERR_NOMEM;
    draw(&c);
    put_rows(&c, ret);
    put_labels(&c, ret);
    free(c.cells);
    return buf_status(ret);
}
