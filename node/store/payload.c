#include "node/store/inside.h"

/* Payloads: put with their entry, put later, or erased. */

enum err payload_put(struct store *s, uint64_t id, struct bytes payload, uint64_t *ret_at)
{
    struct sql q = sql_start(s, SQL_PAYLOAD_PUT);
    sql_int(&q, sql_sum(id, payload));
    sql_blob(&q, payload);
    enum err e = sql_run(&q);
    if (e == OK)
        *ret_at = (uint64_t)sqlite3_last_insert_rowid(s->db);
    return e;
}

enum err hole_put(struct store *s, uint64_t id, const struct header *h, uint64_t excuse)
{
    struct sql q = sql_start(s, SQL_HOLE_PUT);
    sql_u64(&q, id);
    sql_u64(&q, excuse);
    sql_fixed(&q, h->payload_hash.b, HASH_LEN);
    sql_u64(&q, h->payload_len);
    return sql_run(&q);
}

static enum err run_on(struct store *s, enum sql_id statement, uint64_t id)
{
    struct sql q = sql_start(s, statement);
    sql_u64(&q, id);
    return sql_run(&q);
}

static enum err fill(struct store *s, uint64_t id, struct bytes payload)
{
    bool is_hole = false;
    uint64_t at = 0;
    struct sql q = sql_start(s, SQL_HOLE_GET);
    sql_u64(&q, id);
    if (sql_row(&q))
        is_hole = sql_col_u64(&q, 1) == payload.len;
    enum err e = sql_end(&q);
    if (e == OK && !is_hole)
        e = ERR_UNKNOWN;
    if (e == OK)
        e = run_on(s, SQL_HOLE_DROP, id);
    if (e == OK)
        e = payload_put(s, id, payload, &at);
    if (e != OK)
        return e;
    q = sql_start(s, SQL_ENTRY_PAYLOAD);
    sql_u64(&q, id);
    sql_u64(&q, at);
    return sql_run(&q);
}

enum err store_fill(struct store *s, const struct origin *o, uint64_t idx, struct bytes payload)
{
    bool own;
    struct log_row row;
    enum err e = tx_begin(s, &own);
    if (e == OK)
        e = log_row_find(s, o, &row);
    if (e == OK && idx >= row.state.frontier.size)
        e = ERR_UNKNOWN;
    if (e == OK)
        e = fill(s, row_id(row.id, idx), payload);
    return tx_end(s, own, e);
}

static enum err header_of(struct store *s, uint64_t id, struct header *ret)
{
    enum err e = ERR_UNKNOWN;
    struct sql q = sql_start(s, SQL_HEADERS);
    sql_u64(&q, id);
    sql_u64(&q, id + 1);
    if (sql_row(&q)) {
        struct bytes header = sql_col_bytes(&q, 2);
        e = OK;
        if (sql_sum(id, header) != sql_col_int(&q, 1) || header_read(header, ret) != OK)
            sql_spoil(&q);
    }
    enum err ended = sql_end(&q);
    return ended != OK ? ended : e;
}

/* Overwritten where it lies, by as many zeros: see schema.c. */
enum err payload_erase(struct store *s, uint64_t id, uint64_t excuse)
{
    struct header h;
    enum err e = header_of(s, id, &h);
    if (e != OK || h.kind == KIND_IDENTITY || h.kind == KIND_EPOCH)
        return e;                               /* who it is and how to read it are never erased */
    if ((e = run_on(s, SQL_PAYLOAD_ERASE, id)) != OK || sqlite3_changes(s->db) == 0)
        return e;                               /* gone already: the hole knows why */
    s->owes_scrub = true;
    if ((e = run_on(s, SQL_ENTRY_FORGET, id)) != OK)
        return e;
    return hole_put(s, id, &h, excuse);
}

enum err store_erase(struct store *s, const struct origin *o, uint64_t idx, uint64_t excuse)
{
    bool own;
    struct log_row row;
    enum err e = tx_begin(s, &own);
    if (e == OK)
        e = log_row_find(s, o, &row);
    if (e == OK && (idx >= row.state.frontier.size || excuse >= row.state.frontier.size))
        e = ERR_UNKNOWN;
    if (e == OK)
        e = payload_erase(s, row_id(row.id, idx), excuse);
    return tx_end(s, own, e);
}
