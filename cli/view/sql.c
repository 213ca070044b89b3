#include "cli/view/sql.h"

#include <limits.h>
#include <string.h>

#include "cli/view/inside.h"
#include "node/store/sql_err.h"

static const char *const texts[] = {
#define X(sym, text) [sym] = (text),
    VSQLS(X)
#undef X
};

static void fail_if(struct vsql *q, int rc)
{
    if (q->e == OK && rc != SQLITE_OK)
        q->e = sql_err(rc);
}

struct vsql vsql_start(struct view *v, enum vsql_id id)
{
    struct vsql q = { .v = v, .st = v->kept[id] };
    q.is_spare = q.st != NULL && sqlite3_stmt_busy(q.st);
    if (q.st != NULL && !q.is_spare)
        return q;
    fail_if(&q, sqlite3_prepare_v3(v->db, texts[id], -1, q.is_spare ? 0 : SQLITE_PREPARE_PERSISTENT, &q.st, NULL));
    if (!q.is_spare)
        v->kept[id] = q.st;
    return q;
}

void vsql_int(struct vsql *q, int64_t x)
{
    q->n_bound++;
    if (q->e == OK)
        fail_if(q, sqlite3_bind_int64(q->st, q->n_bound, x));
}

void vsql_u64(struct vsql *q, uint64_t x)
{
    vsql_int(q, x <= INT64_MAX ? (int64_t)x : INT64_MAX);
}

void vsql_real(struct vsql *q, double x)
{
    q->n_bound++;
    if (q->e == OK)
        fail_if(q, sqlite3_bind_double(q->st, q->n_bound, x));
}

void vsql_null(struct vsql *q)
{
    q->n_bound++;
    if (q->e == OK)
        fail_if(q, sqlite3_bind_null(q->st, q->n_bound));
}

void vsql_fixed(struct vsql *q, const void *p, size_t len)
{
    q->n_bound++;
    if (q->e == OK)                             /* a NULL pointer would bind NULL, not an empty blob */
        fail_if(q, sqlite3_bind_blob64(q->st, q->n_bound, len > 0 ? p : "", len, SQLITE_STATIC));
}

void vsql_text(struct vsql *q, const char *s)
{
    vsql_text_bytes(q, bytes_of(s));
}

void vsql_text_bytes(struct vsql *q, struct bytes utf8)
{
    q->n_bound++;
    if (q->e == OK)
        fail_if(q, sqlite3_bind_text64(q->st, q->n_bound, utf8.len > 0 ? (const char *)utf8.p : "", utf8.len,
                                       SQLITE_STATIC, SQLITE_UTF8));
}

void vsql_text_or_null(struct vsql *q, const char *s)
{
    if (s == NULL)
        vsql_null(q);
    else
        vsql_text(q, s);
}

bool vsql_row(struct vsql *q)
{
    if (q->e != OK)
        return false;
    int rc = sqlite3_step(q->st);
    if (rc == SQLITE_ROW)
        return true;
    if (rc != SQLITE_DONE)
        fail_if(q, rc);
    return false;
}

int64_t vsql_col_int(const struct vsql *q, int col)
{
    return sqlite3_column_int64(q->st, col);
}

uint64_t vsql_col_u64(const struct vsql *q, int col)
{
    int64_t x = sqlite3_column_int64(q->st, col);
    return x > 0 ? (uint64_t)x : 0;
}

bool vsql_col_is_null(const struct vsql *q, int col)
{
    return sqlite3_column_type(q->st, col) == SQLITE_NULL;
}

/* NULL is what a column that is NULL gives, and one for which there is no memory. */
static void note_memory(struct vsql *q)
{
    if (q->e == OK && sqlite3_errcode(q->v->db) == SQLITE_NOMEM)
        q->e = ERR_NOMEM;
}

const char *vsql_col_text(struct vsql *q, int col)
{
    const unsigned char *s = sqlite3_column_text(q->st, col);
    if (s == NULL)
        note_memory(q);
    return s != NULL ? (const char *)s : "";
}

struct bytes vsql_col_bytes(struct vsql *q, int col)
{
    const void *p = sqlite3_column_blob(q->st, col);
    int len = sqlite3_column_bytes(q->st, col);
    if (p == NULL)
        note_memory(q);
    return p != NULL && len > 0 ? (struct bytes){ p, (size_t)len } : (struct bytes){ NULL, 0 };
}

void vsql_col_copy(struct vsql *q, int col, char *ret, size_t size)
{
    struct bytes text = vsql_col_bytes(q, col);
    size_t len = text.len < size ? text.len : size - 1;
    if (len > 0)
        memcpy(ret, text.p, len);
    ret[len] = '\0';
}

bool vsql_col_fixed(struct vsql *q, int col, void *ret, size_t len)
{
    struct bytes b = vsql_col_bytes(q, col);
    if (b.len == len) {
        memcpy(ret, b.p, len);
        return true;
    }
    if (q->e == OK)
        q->e = ERR_CORRUPT;
    return false;
}

enum err vsql_end(struct vsql *q)
{
    if (q->is_spare)
        (void)sqlite3_finalize(q->st);
    else if (q->st != NULL)
        (void)sqlite3_reset(q->st);             /* repeats what step said: known already */
    q->st = NULL;
    if (q->e == ERR_CORRUPT)
        q->v->is_damaged = true;
    return q->e;
}

enum err vsql_run(struct vsql *q)
{
    while (vsql_row(q))
        ;
    return vsql_end(q);
}

enum err vsql_any(struct vsql *q, bool *ret)
{
    *ret = vsql_row(q);
    return vsql_end(q);
}

enum err vsql_script(struct view *v, const char *text)
{
    int rc = sqlite3_exec(v->db, text, NULL, NULL, NULL);
    return sql_err(rc);
}

enum err vsql_begin(struct view *v)
{
    struct vsql q = vsql_start(v, V_BEGIN);
    return vsql_run(&q);
}

enum err vsql_finish(struct view *v, enum err e)
{
    if (e == OK) {
        struct vsql q = vsql_start(v, V_COMMIT);
        e = vsql_run(&q);
    }
    if (e != OK && sqlite3_get_autocommit(v->db) == 0) {
        struct vsql q = vsql_start(v, V_ROLLBACK);
        while (vsql_row(&q))
            ;
        (void)sqlite3_reset(q.st);              /* what failed first is what counts */
    }
    return e;
}

void vsql_forget(struct view *v)
{
    for (int i = 0; i < VSQL_COUNT; i++) {
        (void)sqlite3_finalize(v->kept[i]);
        v->kept[i] = NULL;
    }
}
