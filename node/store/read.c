#include "node/store/inside.h"

/* A row holds what was written: the sums tell. */
void entry_read(struct sql *q, uint64_t *ret_idx, struct item *ret)
{
    struct item item = {0};
    uint64_t id = sql_col_u64(q, 0);
    item.header = sql_col_bytes(q, 2);
    if (sql_sum(id, item.header) != sql_col_int(q, 1))
        sql_spoil(q);
    item.has_payload = !sql_col_is_null(q, 3);
    if (item.has_payload) {
        item.payload = sql_col_bytes(q, 4);
        if (sql_sum(id, item.payload) != sql_col_int(q, 3))
            sql_spoil(q);
    }
    *ret_idx = row_idx(id);
    *ret = item;
}

/* Holes are few: they are asked for only where a payload is missing. */
static void entry_excuse(struct sql *q, uint64_t id, struct item *item)
{
    bool found = false;
    if (item->has_payload || q->e != OK)
        return;
    struct sql hole = sql_start(q->s, SQL_HOLE_GET);
    sql_u64(&hole, id);
    if (sql_row(&hole)) {
        found = true;
        item->excuse = sql_col_u64(&hole, 0);
    }
    enum err e = sql_end(&hole);
    if (e != OK && q->e == OK)
        q->e = e;
    else if (!found)                            /* neither payload nor hole */
        sql_spoil(q);
}

enum err entries_scan(struct store *s, uint64_t log, uint64_t from, uint64_t to,
                      enum err (*each)(void *arg, uint64_t idx, const struct item *item), void *arg, uint64_t *ret_next)
{
    enum err e = OK;
    uint64_t next = from, idx;
    struct sql q = sql_start(s, SQL_ENTRIES);
    sql_u64(&q, row_id(log, from));
    sql_u64(&q, row_id(log, to));
    while (e == OK && sql_row(&q)) {
        struct item item;
        entry_read(&q, &idx, &item);
        entry_excuse(&q, row_id(log, idx), &item);
        if (idx != next++)
            sql_spoil(&q);
        e = q.e == OK ? each(arg, idx, &item) : q.e;
    }
    enum err ended = sql_end(&q);
    *ret_next = next;
    return e != OK ? e : ended;
}

/* Rows are missing below `end`: rot, unless another process cut the log back meanwhile. */
static enum err missing(struct store *s, const struct origin *o, uint64_t end)
{
    struct log_row row;
    enum err e = log_row_find(s, o, &row);
    if (e == ERR_UNKNOWN || (e == OK && row.state.frontier.size < end))
        return ERR_CONFLICT;
    if (e == OK) {
        store_suspect(s);
        e = ERR_CORRUPT;
    }
    return e;
}

enum err store_each_entry(struct store *s, const struct origin *o, uint64_t from, uint64_t to,
                          enum err (*each)(void *arg, uint64_t idx, const struct item *item), void *arg)
{
    struct log_row row;
    enum err e = log_row_find(s, o, &row);
    if (e != OK)
        return e;
    uint64_t next = 0, end = to < row.state.frontier.size ? to : row.state.frontier.size;
    if (from >= end)
        return OK;
    e = entries_scan(s, row.id, from, end, each, arg, &next);
    return e == OK && next != end ? missing(s, o, end) : e;
}

enum err store_each_of_kind(struct store *s, const struct origin *o, enum entry_kind kind, uint64_t from,
                            enum err (*each)(void *arg, uint64_t idx, const struct item *item), void *arg)
{
    struct log_row row;
    if (kind == KIND_RECORD)
        return ERR_LIMIT;
    enum err e = log_row_find(s, o, &row);
    if (e != OK || from >= row.state.frontier.size)
        return e;
    struct sql q = sql_start(s, SQL_OF_KIND);
    sql_u64(&q, row_id(row.id, 0));
    sql_u64(&q, row.id);
    sql_u64(&q, kind);
    sql_u64(&q, from);
    while (e == OK && sql_row(&q)) {
        struct item item;
        uint64_t idx;
        entry_read(&q, &idx, &item);
        entry_excuse(&q, row_id(row.id, idx), &item);
        e = q.e == OK ? each(arg, idx, &item) : q.e;
    }
    enum err ended = sql_end(&q);
    return e != OK ? e : ended;
}

enum err store_each_hole(struct store *s, const struct origin *o,
                         enum err (*each)(void *arg, const struct hole *h), void *arg)
{
    struct log_row row;
    enum err e = log_row_find(s, o, &row);
    if (e != OK)
        return e;
    struct sql q = sql_start(s, SQL_HOLE_EACH);
    sql_u64(&q, row_id(row.id, 0));
    sql_u64(&q, row_id(row.id, row.state.frontier.size));
    while (e == OK && sql_row(&q)) {
        struct hole h = {.idx = row_idx(sql_col_u64(&q, 0)), .excuse = sql_col_u64(&q, 1)};
        sql_col_fixed(&q, 2, h.payload_hash.b, HASH_LEN);
        h.payload_len = (uint32_t)sql_col_u64(&q, 3);
        e = q.e == OK ? each(arg, &h) : q.e;
    }
    enum err ended = sql_end(&q);
    return e != OK ? e : ended;
}

/* ---- spans ---- */

static enum err checkpoint_above(struct store *s, uint64_t log, uint64_t from, uint64_t *ret_size, struct buf *ret_note)
{
    struct checkpoint_row c;
    struct sql q = sql_start(s, SQL_CHECKPOINT_ABOVE);
    sql_u64(&q, log);
    sql_u64(&q, from);
    if (sql_row(&q)) {
        checkpoint_read(&q, log, &c);
        *ret_size = c.size;
        if (q.e == OK)
            buf_put(ret_note, c.note);
    } else {
        sql_spoil(&q);                          /* the newest entry always has one */
    }
    enum err e = sql_end(&q);
    return e == OK ? buf_status(ret_note) : e;
}

static enum err put_items(struct store *s, uint64_t log, uint64_t from, uint64_t end, size_t max_bytes,
                          struct buf *items, size_t *ret_n)
{
    size_t n = 0, begin = items->len;
    bool is_full = false;
    struct sql q = sql_start(s, SQL_ENTRIES);
    sql_u64(&q, row_id(log, from));
    sql_u64(&q, row_id(log, end));
    while (!is_full && sql_row(&q)) {
        struct item item;
        uint64_t idx;
        entry_read(&q, &idx, &item);
        entry_excuse(&q, row_id(log, idx), &item);
        if (idx != from + n)
            sql_spoil(&q);
        is_full = n > 0 && items->len - begin + item.header.len + item.payload.len > max_bytes;
        if (is_full || q.e != OK)
            break;
        put_item(items, &item);
        n++;
    }
    if (!is_full && n != end - from)
        sql_spoil(&q);
    enum err e = sql_end(&q);
    *ret_n = n;
    return e == OK ? buf_status(items) : e;
}

static enum err read_span(struct store *s, const struct log_ref *log, uint64_t from, uint64_t upto, size_t max_bytes,
                          struct buf *items, size_t *ret_n, struct buf *checkpoint)
{
    struct log_row row;
    uint64_t above = 0;
    size_t n = 0;
    enum err e = log_find_ref(s, log, &row);
    if (e != OK)
        return e;
    if (from >= row.state.frontier.size || from >= upto)
        return ERR_UNKNOWN;
    if ((e = checkpoint_above(s, row.id, from, &above, checkpoint)) != OK)
        return e;
    if ((e = put_items(s, row.id, from, above < upto ? above : upto, max_bytes, items, &n)) != OK)
        return e;
    if (from + n != above)
        buf_clear(checkpoint);
    *ret_n = n;
    return OK;
}

enum err store_read_span(struct store *s, const struct log_ref *log, uint64_t from, uint64_t upto, size_t max_bytes,
                         struct buf *items, size_t *ret_n, struct buf *checkpoint)
{
    bool own;
    buf_clear(items);
    buf_clear(checkpoint);
    enum err e = read_begin(s, &own);
    if (e == OK)
        e = read_end(s, own, read_span(s, log, from, upto, max_bytes, items, ret_n, checkpoint));
    return e;
}
