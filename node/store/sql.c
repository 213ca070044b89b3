#include "node/store/sql.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#include "node/store/inside.h"

static const char *const texts[] = {
#define X(sym, text) [sym] = (text),
    SQLS(X)
#undef X
};

/* By what the call gave (an extended code: settle asks for those), and not by what the connection remembers: where
 * memory runs out that can be an older error, or none. */
static void fail_if(struct sql *q, int rc)
{
    if (q->e == OK && rc != SQLITE_OK)
        q->e = sql_err(rc);
}

struct sql sql_start(struct store *s, enum sql_id id)
{
    struct sql q = {.s = s, .e = OK};
    sqlite3_stmt *kept = s->kept[id];
    q.is_spare = kept != NULL && sqlite3_stmt_busy(kept);
    if (kept != NULL && !q.is_spare) {
        q.st = kept;
        return q;
    }
    fail_if(&q, sqlite3_prepare_v3(s->db, texts[id], -1, q.is_spare ? 0 : SQLITE_PREPARE_PERSISTENT, &q.st, NULL));
    if (!q.is_spare)
        s->kept[id] = q.st;
    return q;
}

void sql_int(struct sql *q, int64_t v)
{
    q->n_bound++;
    if (q->e == OK)
        fail_if(q, sqlite3_bind_int64(q->st, q->n_bound, v));
}

void sql_u64(struct sql *q, uint64_t v)
{
    sql_int(q, (int64_t)v);                     /* and back by sql_col_u64: nothing is lost */
}

void sql_blob(struct sql *q, struct bytes v)
{
    assert(v.len <= INT_MAX);
    const void *p = v.len > 0 ? (const void *)v.p : "";     /* a NULL pointer would bind NULL, not an empty blob */
    q->n_bound++;
    if (q->e == OK)
        fail_if(q, sqlite3_bind_blob(q->st, q->n_bound, p, (int)v.len, SQLITE_STATIC));
}

void sql_fixed(struct sql *q, const void *p, size_t len)
{
    sql_blob(q, (struct bytes){p, len});
}

void sql_text(struct sql *q, const char *s)
{
    q->n_bound++;
    if (q->e == OK)
        fail_if(q, sqlite3_bind_text(q->st, q->n_bound, s, -1, SQLITE_STATIC));
}

bool sql_row(struct sql *q)
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

uint64_t sql_col_u64(const struct sql *q, int col)
{
    return (uint64_t)sqlite3_column_int64(q->st, col);
}

int64_t sql_col_int(const struct sql *q, int col)
{
    return sqlite3_column_int64(q->st, col);
}

bool sql_col_is_null(const struct sql *q, int col)
{
    return sqlite3_column_type(q->st, col) == SQLITE_NULL;
}

struct bytes sql_col_bytes(struct sql *q, int col)
{
    const void *p = sqlite3_column_blob(q->st, col);
    int len = sqlite3_column_bytes(q->st, col);
    if (p == NULL && sqlite3_errcode(q->s->db) == SQLITE_NOMEM && q->e == OK)
        q->e = ERR_NOMEM;
    return p != NULL && len > 0 ? (struct bytes){p, (size_t)len} : (struct bytes){NULL, 0};
}

void sql_col_fixed(struct sql *q, int col, void *ret, size_t len)
{
    struct bytes b = sql_col_bytes(q, col);
    if (b.len == len)
        memcpy(ret, b.p, len);
    else
        sql_spoil(q);
}

void sql_spoil(struct sql *q)
{
    if (q->e == OK)
        q->e = ERR_CORRUPT;
}

enum err sql_end(struct sql *q)
{
    if (q->is_spare)
        (void)sqlite3_finalize(q->st);
    else if (q->st != NULL)
        (void)sqlite3_reset(q->st);             /* repeats what step said: known already */
    q->st = NULL;
    store_note_end(q->s, q->e);
    if (q->e == ERR_CORRUPT)
        store_suspect(q->s);
    return q->e;
}

enum err sql_run(struct sql *q)
{
    while (sql_row(q))
        ;
    return sql_end(q);
}

enum err sql_script(struct store *s, const char *text)
{
    return sql_err(sqlite3_exec(s->db, text, NULL, NULL, NULL));
}

void sql_forget(struct store *s)
{
    for (int i = 0; i < SQL_COUNT; i++) {
        (void)sqlite3_finalize(s->kept[i]);
        s->kept[i] = NULL;
    }
}

/* The same on every machine: a home may be moved.  Compilers make one load of it. */
static uint64_t load_u64le(const uint8_t *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32
         | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

/* Eight bytes a step; each step is a bijection of the state for a given word and of the word for a given
 * state, so one changed word is always seen before the fold to 32 bits. */
int64_t sql_sum(uint64_t seed, struct bytes in)
{
    const uint64_t k = 0x9E3779B97F4A7C15u;
    uint64_t h = (seed + 1) * k ^ in.len;
    for (size_t at = 0; at < in.len; at += 8) {
        uint8_t rest[8] = {0};
        size_t left = in.len - at;
        if (left < 8)
            memcpy(rest, in.p + at, left);
        h = (h ^ load_u64le(left < 8 ? rest : in.p + at)) * k;
        h ^= h >> 29;
    }
    h = (h ^ h >> 32) * k;
    return (int32_t)(h >> 32);
}
