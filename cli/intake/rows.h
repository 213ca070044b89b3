/* cli/intake/rows.h - CSV text as rows of cells, each with the line it begins on.
 *
 * libcsv underneath: commas, quotes, line ends LF, CR LF or CR; a line's end
 * inside quotes belongs to its cell. Rows without any content are passed over. */
#ifndef FOLKMOOT_CLI_INTAKE_ROWS_H
#define FOLKMOOT_CLI_INTAKE_ROWS_H

#include "protocol/bytes.h"

enum {
    INTAKE_LINE_MAX = 64 * 1024,        /* bytes in one row */
    INTAKE_COLUMNS_MAX = 1024,
    INTAKE_ROWS_MAX = 1000000           /* in one file, with its header */
};

struct row {
    uint64_t line;                      /* 1, 2, ... */
    const char *const *cells;           /* strings, without white space around them; borrowed for the call */
    size_t n;                           /* at least 1 */
};

enum rows_fault { ROWS_GOOD, ROWS_UNCLOSED_QUOTE, ROWS_LINE_TOO_LONG, ROWS_TOO_MANY_COLUMNS, ROWS_TOO_MANY, ROWS_STOPPED };

struct rows_end {
    enum rows_fault fault;
    uint64_t line;                      /* where the faulty row begins */
};

/* Hand each row to `take` until it returns false (ROWS_STOPPED) or a fault.
 * ERR_NOMEM apart, always OK; *ret says how it ended. `text` holds no NUL. */
MUST_USE enum err rows_read(struct bytes text, bool (*take)(void *arg, const struct row *row), void *arg,
                            struct rows_end *ret);

#endif
