#include "node/store/inside.h"

#include <assert.h>
#include <string.h>

void slug_read(struct sql *q, int col, struct slug *ret)
{
    if (slug_parse(sql_col_bytes(q, col), ret) != OK)
        sql_spoil(q);
}

/* Over all that the row says: a flipped bit in a promise is as bad as one in a hash. */
static int64_t log_sum(const struct log_row *row, struct bytes frontier)
{
    const struct log_state *l = &row->state;
    const uint64_t numbers[] = {row->bytes, l->whole, l->is_frozen, l->cosigned_size, l->cosigned_at_s,
                                l->origin.generation};
    uint8_t all[16 + sizeof(l->origin.slug.s) + sizeof(numbers) + HASH_LEN + FRONTIER_BYTES_MAX], *p = all;
    memcpy(p, l->origin.alliance.b, 16);
    memcpy(p += 16, l->origin.slug.s, sizeof(l->origin.slug.s));
    p += sizeof(l->origin.slug.s);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++, p += 8)
        put_u64be(p, numbers[i]);
    memcpy(p, l->cosigned_root.b, HASH_LEN);
    memcpy(p += HASH_LEN, frontier.p, frontier.len);
    return sql_sum(row->id, (struct bytes){all, (size_t)(p - all) + frontier.len});
}

/* LOG_COLUMNS. The note borrows from the statement. */
void log_read(struct sql *q, struct log_row *ret)
{
    struct log_row row = {0};
    struct log_state *l = &row.state;
    row.id = sql_col_u64(q, 0);
    sql_col_fixed(q, 1, l->origin.alliance.b, sizeof(l->origin.alliance.b));
    slug_read(q, 2, &l->origin.slug);
    l->origin.generation = (uint32_t)sql_col_u64(q, 3);
    row.bytes = sql_col_u64(q, 7);
    l->whole = sql_col_u64(q, 8);
    l->is_frozen = sql_col_int(q, 9) != 0;
    l->cosigned_size = sql_col_u64(q, 10);
    sql_col_fixed(q, 11, l->cosigned_root.b, HASH_LEN);
    l->cosigned_at_s = sql_col_u64(q, 12);
    struct bytes frontier = sql_col_bytes(q, 6);
    if (frontier_parse(frontier, &l->frontier) != OK || l->frontier.size != sql_col_u64(q, 4)
        || log_sum(&row, frontier) != sql_col_int(q, 5))
        sql_spoil(q);
    if (l->whole > 0) {
        sql_col_fixed(q, 13, l->whole_root.b, HASH_LEN);
        l->whole_note = sql_col_bytes(q, 15);
        if (checkpoint_sum(row.id, l->whole, l->whole_note) != sql_col_int(q, 14))
            sql_spoil(q);
    }
    *ret = row;
}

static enum err find(struct store *s, const struct slug *slug, uint32_t generation, struct log_row *ret,
                     struct buf *note)
{
    bool found = false;
    struct log_row row;
    struct sql q = sql_start(s, SQL_LOG_FIND);
    sql_text(&q, slug->s);
    sql_u64(&q, generation);
    if (sql_row(&q)) {
        found = true;
        log_read(&q, &row);
        if (note != NULL)
            buf_put(note, row.state.whole_note);
        row.state.whole_note = (struct bytes){NULL, 0};
    }
    enum err e = sql_end(&q);
    if (e == OK && !found)
        e = ERR_UNKNOWN;
    if (e == OK && note != NULL)
        e = buf_status(note);
    if (e == OK)
        *ret = row;
    return e;
}

enum err log_row_find(struct store *s, const struct origin *o, struct log_row *ret)
{
    struct log_row row;
    enum err e = find(s, &o->slug, o->generation, &row, NULL);
    if (e == OK && !alliance_equal(&row.state.origin.alliance, &o->alliance))
        e = ERR_UNKNOWN;
    if (e == OK)
        *ret = row;
    return e;
}

enum err log_find_ref(struct store *s, const struct log_ref *ref, struct log_row *ret)
{
    return find(s, &ref->slug, ref->generation, ret, NULL);
}

static enum err make(struct store *s, const struct origin *o)
{
    uint8_t bytes[FRONTIER_BYTES_MAX];
    struct frontier none;
    struct sql q;
    enum err e;
    frontier_init(&none);
    struct bytes frontier = {bytes, frontier_write(&none, bytes)};
    q = sql_start(s, SQL_LOG_NEW);
    sql_blob(&q, (struct bytes){o->alliance.b, sizeof(o->alliance.b)});
    sql_text(&q, o->slug.s);
    sql_u64(&q, o->generation);
    sql_int(&q, 0);                             /* its id, and so its sum, is not known yet */
    sql_blob(&q, frontier);
    if ((e = sql_run(&q)) != OK)
        return e;
    struct log_row row = {.id = (uint64_t)sqlite3_last_insert_rowid(s->db), .state.origin = *o};
    frontier_init(&row.state.frontier);
    return row.id < LOG_ID_MAX ? log_set(s, &row) : ERR_LIMIT;
}

enum err log_find_or_make(struct store *s, const struct origin *o, struct log_row *ret)
{
    enum err e = find(s, &o->slug, o->generation, ret, NULL);
    if (e == ERR_UNKNOWN && (e = make(s, o)) == OK)
        e = find(s, &o->slug, o->generation, ret, NULL);
    if (e == OK && !alliance_equal(&ret->state.origin.alliance, &o->alliance))
        e = ERR_CONFLICT;
    return e;
}

enum err log_set(struct store *s, const struct log_row *row)
{
    uint8_t bytes[FRONTIER_BYTES_MAX];
    const struct log_state *l = &row->state;
    struct bytes frontier = {bytes, frontier_write(&l->frontier, bytes)};
    struct sql q = sql_start(s, SQL_LOG_SET);
    sql_u64(&q, row->id);
    sql_u64(&q, l->frontier.size);
    sql_int(&q, log_sum(row, frontier));
    sql_blob(&q, frontier);
    sql_u64(&q, row->bytes);
    sql_u64(&q, l->whole);
    sql_u64(&q, l->is_frozen);
    sql_u64(&q, l->cosigned_size);
    sql_fixed(&q, l->cosigned_root.b, HASH_LEN);
    sql_u64(&q, l->cosigned_at_s);
    return sql_run(&q);
}

enum err log_whole_below(struct store *s, uint64_t log, uint64_t size, uint64_t limit, uint64_t *ret)
{
    uint64_t found = 0;
    struct sql q = sql_start(s, SQL_HOLE_UNEXCUSED);
    sql_u64(&q, row_id(log, 0));
    sql_u64(&q, row_id(log, limit));
    sql_u64(&q, size);
    if (sql_row(&q) && !sql_col_is_null(&q, 0))
        limit = row_idx(sql_col_u64(&q, 0));
    enum err e = sql_end(&q);
    if (e != OK)
        return e;
    q = sql_start(s, SQL_CHECKPOINT_NEWEST);
    sql_u64(&q, log);
    sql_u64(&q, limit);
    if (sql_row(&q))
        found = sql_col_u64(&q, 0);
    if ((e = sql_end(&q)) == OK)
        *ret = found;
    return e;
}

enum err store_log(struct store *s, const struct origin *o, struct log_state *ret, struct buf *note)
{
    struct log_row row;
    buf_clear(note);
    enum err e = find(s, &o->slug, o->generation, &row, note);
    if (e == OK && !alliance_equal(&row.state.origin.alliance, &o->alliance))
        e = ERR_UNKNOWN;
    if (e != OK)
        return e;
    *ret = row.state;
    ret->whole_note = buf_bytes(note);
    return OK;
}

enum err store_each_log(struct store *s, enum err (*each)(void *arg, const struct log_state *l), void *arg)
{
    enum err e = OK;
    struct sql q = sql_start(s, SQL_LOG_EACH);
    while (e == OK && sql_row(&q)) {
        struct log_row row;
        log_read(&q, &row);
        e = q.e == OK ? each(arg, &row.state) : q.e;
    }
    enum err ended = sql_end(&q);
    return e != OK ? e : ended;
}

static enum err raise_to(struct store *s, struct log_row *row, uint64_t whole)
{
    uint64_t old_whole = row->state.whole;
    row->state.whole = whole;
    enum err e = log_set(s, row);
    return e == OK ? checkpoint_prune(s, row->id, old_whole, whole) : e;
}

enum err store_set_whole(struct store *s, const struct origin *o, uint64_t whole)
{
    bool own, is_there = false;
    struct log_row row;
    enum err e = tx_begin(s, &own);
    if (e == OK)
        e = log_row_find(s, o, &row);
    if (e != OK || whole <= row.state.whole)
        return tx_end(s, own, e);
    struct sql q = sql_start(s, SQL_CHECKPOINT_GET);
    sql_u64(&q, row.id);
    sql_u64(&q, whole);
    is_there = sql_row(&q);
    if ((e = sql_end(&q)) == OK && !is_there)
        e = ERR_UNKNOWN;
    if (e == OK)
        e = raise_to(s, &row, whole);
    return tx_end(s, own, e);
}

enum err store_raise_whole(struct store *s, const struct origin *o, uint64_t limit, uint64_t *ret)
{
    bool own;
    struct log_row row;
    uint64_t newest = 0;
    enum err e = tx_begin(s, &own);
    if (e == OK)
        e = log_row_find(s, o, &row);
    if (e != OK)
        return tx_end(s, own, e);
    struct sql q = sql_start(s, SQL_CHECKPOINT_NEWEST);
    sql_u64(&q, row.id);
    sql_u64(&q, limit < INT64_MAX ? limit : INT64_MAX);
    if (sql_row(&q))
        newest = sql_col_u64(&q, 0);
    e = sql_end(&q);
    if (e == OK && newest > row.state.whole)
        e = raise_to(s, &row, newest);
    if (e == OK)
        *ret = row.state.whole;
    return tx_end(s, own, e);
}

/* One is enough: the first is kept. */
static enum err keep_evidence(struct store *s, struct log_row *row, struct bytes evidence)
{
    struct sql q = sql_start(s, SQL_EVIDENCE_PUT);
    sql_u64(&q, row->id);
    sql_blob(&q, evidence);
    row->state.is_frozen = true;
    enum err e = sql_run(&q);
    return e == OK ? log_set(s, row) : e;
}

enum err store_freeze(struct store *s, const struct origin *o, struct bytes evidence)
{
    bool own;
    struct log_row row;
    enum err e = tx_begin(s, &own);
    if (e == OK)
        e = log_find_or_make(s, o, &row);
    if (e == OK)
        e = keep_evidence(s, &row, evidence);
    return tx_end(s, own, e);
}

enum err store_each_evidence(struct store *s, enum err (*each)(void *arg, struct bytes evidence), void *arg)
{
    enum err e = OK;
    struct sql q = sql_start(s, SQL_EVIDENCE_EACH);
    while (e == OK && sql_row(&q)) {
        struct bytes evidence = sql_col_bytes(&q, 0);
        e = q.e == OK ? each(arg, evidence) : q.e;
    }
    enum err ended = sql_end(&q);
    return e != OK ? e : ended;
}

enum err store_log_bytes(struct store *s, const struct origin *o, uint64_t *ret)
{
    struct log_row row;
    enum err e = log_row_find(s, o, &row);
    if (e == OK)
        *ret = row.bytes;
    return e;
}
