/* cli/output/sheet.h - rows and columns, written once and shown three ways.
 *
 * A command fills one sheet; the same cells become an aligned table, CSV or a
 * JSON list of objects.  A failed allocation is remembered: the whole is asked
 * once, by sheet_status() or when it is printed.
 *
 *     static const struct column columns[] = {
 *         {"slug", NULL, 0}, {"name", "authority", 0}, {"size", "size", COLUMN_NUMBER}};
 *     struct sheet *sh = sheet_new(columns, 3);
 *     sheet_row(sh);
 *     sheet_text(sh, slug);  sheet_text(sh, name);  sheet_count(sh, size);
 *     ...
 *     json_put(doc, "members", sheet_json(sh))
 *     status = output(s, doc, sh);                                            */
#ifndef FOLKMOOT_CLI_OUTPUT_SHEET_H
#define FOLKMOOT_CLI_OUTPUT_SHEET_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "protocol/err.h"

enum column_flags {
    COLUMN_NUMBER = 1,                  /* aligned to the right */
    COLUMN_VERBOSE = 2,                 /* shown to people with -v only */
    COLUMN_KEPT = 4                     /* shown to people even where it says nothing in any row */
};

struct column {
    const char *key;                    /* JSON member and CSV heading */
    const char *heading;                /* of the table; NULL: not shown to people */
    unsigned flags;
};

enum style { STYLE_PLAIN, STYLE_GOOD, STYLE_BAD, STYLE_WARN, STYLE_DIM, STYLE_STRONG };

/* `columns` is borrowed for the sheet's life. NULL when memory fails; every
 * function below takes such a NULL, and sheet_status() then is ERR_NOMEM. */
struct sheet;
struct sheet *sheet_new(const struct column *columns, size_t n);
void sheet_free(struct sheet *sh);

/* Begin a row; the next cells fill its columns in order. Cells not given are null. */
void sheet_row(struct sheet *sh);
void sheet_text(struct sheet *sh, const char *s);               /* NULL: null */
void sheet_count(struct sheet *sh, int64_t n);                  /* 12,345 to people, 12345 else */
void sheet_decimal(struct sheet *sh, const char *digits);       /* "58.3": a string in JSON; NULL: null */
void sheet_real(struct sheet *sh, double v, int decimals);      /* a number in JSON, 4,900.4 to people */
void sheet_bool(struct sheet *sh, bool v);
void sheet_null(struct sheet *sh);
/* Any JSON value (taken), and what people see for it. */
void sheet_value(struct sheet *sh, json_t *v, const char *shown);
/* Replace what people see of the last cell: "c", "n/a". */
void sheet_shown(struct sheet *sh, const char *shown);
/* The last cell's colour on a terminal. */
void sheet_style(struct sheet *sh, enum style style);

/* 12,345 */
enum { COUNT_SHOWN_MAX = 48 };
void count_shown(int64_t n, char ret[COUNT_SHOWN_MAX]);

size_t sheet_rows(const struct sheet *sh);
/* Put the rows in order of the first column's text, and where that is the same of the second's number. Two columns at least. */
void sheet_sort(struct sheet *sh);
MUST_USE enum err sheet_status(const struct sheet *sh);

/* A new list of objects, member order as the columns. NULL when memory fails. */
json_t *sheet_json(const struct sheet *sh);

/* For the printers (table.h, csv.h). Row and column in range. */
const struct column *sheet_columns(const struct sheet *sh, size_t *ret_n);
struct cell_view {
    const char *shown;                  /* never NULL */
    const json_t *json;                 /* never NULL */
    enum style style;
    bool is_number;
};
struct cell_view sheet_cell(const struct sheet *sh, size_t row, size_t column);

#endif
