#include <stdlib.h>
#include <string.h>

#include "cli/view/inside.h"
#include "cli/view/query.h"

/* Tables that hold secrets are closed to it: what a person types or pastes must not print keys. */
static int guard(void *arg, int action, const char *a, const char *b, const char *database, const char *inner)
{
    static const char *const closed[] = { "epoch_key", "record_key", "granted" };
    (void)arg, (void)b, (void)database, (void)inner;
    switch (action) {
    case SQLITE_SELECT: case SQLITE_FUNCTION: case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_READ:
        for (size_t i = 0; a != NULL && i < sizeof(closed) / sizeof(closed[0]); i++)
            if (sqlite3_stricmp(a, closed[i]) == 0)
                return SQLITE_DENY;
        return SQLITE_OK;
    }
    return SQLITE_DENY;
}

static enum err say(sqlite3 *db, struct buf *message)
{
    buf_put_str(message, sqlite3_errmsg(db));
    return (sqlite3_errcode(db) & 0xff) == SQLITE_AUTH ? ERR_DENIED : ERR_FORMAT;
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
    (void)sqlite3_set_authorizer(v->db, guard, NULL);
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
    (void)sqlite3_set_authorizer(v->db, NULL, NULL);
    return e;
}
