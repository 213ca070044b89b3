#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/view/inside.h"
#include "cli/view/query.h"
#include "node/store/sql_err.h"

/* Tables that hold secrets are closed to it: what a person types or pastes must not print keys. Nor may the file be read
 * around them, page by page. */
static bool is_closed(const char *table)
{
    static const char *const closed[] = { "epoch_key", "record_key", "granted", "sqlite_dbpage", "dbstat" };
    for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++)
        if (sqlite3_stricmp(table, closed[i]) == 0)
            return true;
    return false;
}

static int guard(void *arg, int action, const char *a, const char *b, const char *database, const char *inner)
{
    (void)arg, (void)b, (void)database, (void)inner;
    switch (action) {
    case SQLITE_SELECT: case SQLITE_FUNCTION: case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_READ:
        return a != NULL && is_closed(a) ? SQLITE_DENY : SQLITE_OK;
    }
    return SQLITE_DENY;
}

static enum err say(sqlite3 *db, struct buf *message)
{
    buf_put_str(message, sqlite3_errmsg(db));
    switch (sqlite3_errcode(db) & 0xff) {
    case SQLITE_AUTH:
        return ERR_DENIED;
    case SQLITE_INTERRUPT:
        return ERR_BUSY;
    case SQLITE_TOOBIG:
        return ERR_LIMIT;
    case SQLITE_NOMEM:
        return ERR_NOMEM;
    case SQLITE_CORRUPT: case SQLITE_IOERR:
        return sql_err(sqlite3_extended_errcode(db));
    }
    return ERR_FORMAT;
}

/* ---- limits: in force while the statement runs ---- */

static uint64_t steady_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int is_late(void *arg)
{
    return steady_ms() > *(const uint64_t *)arg;
}

struct limited { int cell, columns; };

static struct limited limits_on(sqlite3 *db, const struct sql_rows *rows, uint64_t *deadline)
{
    enum { STEPS_BETWEEN_LOOKS = 10000 };
    struct limited was = { sqlite3_limit(db, SQLITE_LIMIT_LENGTH, SQL_CELL_MAX),
                           sqlite3_limit(db, SQLITE_LIMIT_COLUMN, SQL_COLUMNS_MAX) };
    *deadline = steady_ms() + rows->most_ms;
    if (rows->most_ms > 0)
        sqlite3_progress_handler(db, STEPS_BETWEEN_LOOKS, is_late, deadline);
    (void)sqlite3_set_authorizer(db, guard, NULL);
    return was;
}

static void limits_off(sqlite3 *db, struct limited was)
{
    (void)sqlite3_set_authorizer(db, NULL, NULL);
    sqlite3_progress_handler(db, 0, NULL, NULL);
    (void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, was.cell);
    (void)sqlite3_limit(db, SQLITE_LIMIT_COLUMN, was.columns);
}

static enum err head(sqlite3_stmt *st, const struct sql_rows *rows, size_t n)
{
    const char **names = calloc(n + 1, sizeof(*names));
    if (names == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++)
        names[i] = sqlite3_column_name(st, (int)i);
    enum err e = rows->columns != NULL ? rows->columns(rows->arg, n, names) : OK;
    free(names);
    return e;
}

static void fill_cell(sqlite3_stmt *st, int col, struct sql_cell *ret)
{
    int type = sqlite3_column_type(st, col);
    ret->is_null = type == SQLITE_NULL;
    ret->is_blob = type == SQLITE_BLOB;
    ret->is_number = type == SQLITE_INTEGER || type == SQLITE_FLOAT;
    const unsigned char *text = sqlite3_column_text(st, col);
    ret->text = (struct bytes){ text, text != NULL ? (size_t)sqlite3_column_bytes(st, col) : 0 };
}

static enum err body(sqlite3 *db, sqlite3_stmt *st, const struct sql_rows *rows, size_t n, struct buf *message)
{
    struct sql_cell *cells = calloc(n + 1, sizeof(*cells));
    enum err e = cells != NULL ? OK : ERR_NOMEM;
    int rc = SQLITE_DONE;
    while (e == OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        for (size_t i = 0; i < n; i++)
            fill_cell(st, (int)i, &cells[i]);
        e = rows->row(rows->arg, n, cells);
    }
    free(cells);
    return e == OK && rc != SQLITE_DONE ? say(db, message) : e;
}

enum err view_sql(struct view *v, const char *text, const struct sql_rows *rows, struct buf *message)
{
    sqlite3_stmt *st = NULL;
    const char *rest = NULL;
    enum err e = OK;
    uint64_t deadline;
    struct limited was = limits_on(v->db, rows, &deadline);
    if (sqlite3_prepare_v2(v->db, text, -1, &st, &rest) != SQLITE_OK)
        e = say(v->db, message);
    else if (st == NULL || rest[strspn(rest, " \t\r\n;")] != '\0') {
        buf_put_str(message, "one SELECT statement is expected");
        e = ERR_FORMAT;
    } else {
        size_t n = (size_t)sqlite3_column_count(st);
        e = head(st, rows, n);
        if (e == OK)
            e = body(v->db, st, rows, n, message);
    }
    (void)sqlite3_finalize(st);
    limits_off(v->db, was);
    return e;
}
