#include "cli/intake/rows.h"

#include <csv.h>
#include <string.h>

/* struct csv_parser says where it stands in two of its fields; libcsv names these values in its own source only. */
enum { PARSER_BETWEEN_ROWS = 0, PARSER_IN_CELL = 2 };

struct rows {
    bool (*take)(void *arg, const struct row *row);
    void *arg;
    struct buf cells;                   /* each cell and its NUL, one after the other */
    size_t at[INTAKE_COLUMNS_MAX];      /* where each begins */
    size_t n, n_rows;
    bool has_content;
    uint64_t line;                      /* that the row begins on */
    bool ended;                         /* a row ended in the piece that was parsed last */
    enum rows_fault fault;
};

/* What is not seen at the ends of a cell: blanks, the no-break spaces of spreadsheets (U+00A0, U+202F), and what is left of files
 * that were joined or pasted (U+FEFF, U+200B). */
static const char *const blanks[] = {" ", "\t", "\r", "\n", "\xC2\xA0", "\xE2\x80\xAF", "\xEF\xBB\xBF", "\xE2\x80\x8B"};

static size_t blank_at(struct bytes in, bool is_end)
{
    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        size_t len = strlen(blanks[i]);
        if (len <= in.len && memcmp(is_end ? in.p + in.len - len : in.p, blanks[i], len) == 0)
            return len;
    }
    return 0;
}

static struct bytes trimmed(struct bytes in)
{
    size_t cut;
    while ((cut = blank_at(in, false)) > 0) {
        in.p += cut;
        in.len -= cut;
    }
    while ((cut = blank_at(in, true)) > 0)
        in.len -= cut;
    return in;
}

static void on_cell(void *p, size_t len, void *arg)
{
    struct rows *r = arg;
    if (r->fault != ROWS_GOOD)
        return;
    if (r->n == INTAKE_COLUMNS_MAX) {
        r->fault = ROWS_TOO_MANY_COLUMNS;
        return;
    }
    struct bytes cell = trimmed((struct bytes){p, len});
    r->at[r->n++] = r->cells.len;
    r->has_content = r->has_content || cell.len > 0;
    buf_put(&r->cells, cell);
    buf_put_u8(&r->cells, 0);
}

static void on_row(int end, void *arg)
{
    struct rows *r = arg;
    const char *cells[INTAKE_COLUMNS_MAX];
    (void)end;
    r->ended = true;
    if (r->fault != ROWS_GOOD || buf_status(&r->cells) != OK)
        return;
    if (r->has_content) {
        for (size_t i = 0; i < r->n; i++)
            cells[i] = (const char *)r->cells.p + r->at[i];
        if (++r->n_rows > INTAKE_ROWS_MAX)
            r->fault = ROWS_TOO_MANY;
        else if (!r->take(r->arg, &(struct row){.line = r->line, .cells = cells, .n = r->n}))
            r->fault = ROWS_STOPPED;
    }
    r->n = 0;
    r->has_content = false;
    buf_clear(&r->cells);
}

/* The length of the next piece, up to and with a line's end. */
static size_t piece(struct bytes in)
{
    for (size_t i = 0; i < in.len; i++) {
        if (in.p[i] == '\n')
            return i + 1;
        if (in.p[i] == '\r')
            return i + 1 < in.len && in.p[i + 1] == '\n' ? i + 2 : i + 1;
    }
    return in.len;
}

static enum err parse_pieces(struct csv_parser *parser, struct rows *r, struct bytes text)
{
    size_t row_len = 0;
    uint64_t line = 1;
    r->line = 1;
    while (text.len > 0 && r->fault == ROWS_GOOD) {
        size_t n = piece(text);
        row_len += n;
        if (row_len > INTAKE_LINE_MAX) {
            r->fault = ROWS_LINE_TOO_LONG;
            return OK;
        }
        r->ended = false;
        if (csv_parse(parser, text.p, n, on_cell, on_row, r) != n)
            return ERR_NOMEM;
        line++;
        if (r->fault == ROWS_GOOD && (r->ended || (r->n == 0 && parser->pstate == PARSER_BETWEEN_ROWS))) {
            r->line = line;
            row_len = 0;
        }
        text.p += n;
        text.len -= n;
    }
    if (r->fault != ROWS_GOOD)
        return OK;
    if (parser->quoted && parser->pstate == PARSER_IN_CELL)
        r->fault = ROWS_UNCLOSED_QUOTE;
    else if (csv_fini(parser, on_cell, on_row, r) != 0)
        return ERR_NOMEM;
    return OK;
}

enum err rows_read(struct bytes text, bool (*take)(void *arg, const struct row *row), void *arg, struct rows_end *ret)
{
    struct rows r = {.take = take, .arg = arg, .cells = buf_on(INTAKE_LINE_MAX + INTAKE_COLUMNS_MAX)};
    struct csv_parser parser;
    if (csv_init(&parser, 0) != 0)
        return ERR_NOMEM;
    enum err e = parse_pieces(&parser, &r, text);
    if (e == OK && r.fault == ROWS_GOOD)
        e = buf_status(&r.cells);
    csv_free(&parser);
    buf_release(&r.cells);
    if (e != OK)
        return e;
    *ret = (struct rows_end){.fault = r.fault, .line = r.line};
    return OK;
}
