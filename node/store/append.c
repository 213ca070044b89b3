#include "node/store/inside.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

/* What the tree and the index need of an entry, checked against the item it came in. */
static struct header shape_of(const struct item *item)
{
    struct header h;
    enum err e = header_read(item->header, &h);
    assert(e == OK);                            /* the caller verified it */
    assert(!item->has_payload || item->payload.len == h.payload_len);
    return h;
}

static enum err put_whole(struct store *s, uint64_t id, const struct item *item)
{
    uint64_t at = 0;
    enum err e = payload_put(s, id, item->payload, &at);
    if (e != OK)
        return e;
    struct sql q = sql_start(s, SQL_ENTRY_PUT);
    sql_u64(&q, id);
    sql_u64(&q, at);
    sql_int(&q, sql_sum(id, item->header));
    sql_blob(&q, item->header);
    return sql_run(&q);
}

static enum err put_lacking(struct store *s, uint64_t id, const struct header *h, const struct item *item)
{
    struct sql q = sql_start(s, SQL_ENTRY_PUT_HOLE);
    sql_u64(&q, id);
    sql_int(&q, sql_sum(id, item->header));
    sql_blob(&q, item->header);
    enum err e = sql_run(&q);
    return e == OK ? hole_put(s, id, h, item->excuse) : e;
}

static enum err put_kind(struct store *s, uint64_t log, uint64_t kind, uint64_t idx)
{
    struct sql q = sql_start(s, SQL_KIND_PUT);
    sql_u64(&q, log);
    sql_u64(&q, kind);
    sql_u64(&q, idx);
    return sql_run(&q);
}

/* [P-108] A withdrawal that erases is stored with what it does: whoever holds it whole has erased. Of a body that is in no form
 * there is nothing to do (P-29). */
static enum err obey(struct store *s, const struct log_row *row, uint64_t idx, const struct header *h, const struct item *item)
{
    struct withdrawal w;
    if (h->kind != KIND_WITHDRAW || !h->is_public || !item->has_payload)
        return OK;
    if (withdrawal_read(payload_body(item->payload), &w) != OK || !w.erase || w.target >= idx)
        return OK;
    return payload_erase(s, row_id(row->id, w.target), idx);
}

static enum err put_entry(struct store *s, struct log_row *row, uint64_t idx, const struct item *item, uint64_t *newest_ms)
{
    struct header h = shape_of(item);
    uint64_t id = row_id(row->id, idx);
    enum err e = item->has_payload ? put_whole(s, id, item) : put_lacking(s, id, &h, item);
    if (e == OK && h.kind != KIND_RECORD)
        e = put_kind(s, row->id, h.kind, idx);
    if (e == OK)
        e = obey(s, row, idx, &h, item);
    row->bytes += item->header.len + h.payload_len;
    *newest_ms = h.time_ms > *newest_ms ? h.time_ms : *newest_ms;
    return e;
}

/* Any full subtree of the frontier saves hashing it again one day.  What never stands in a frontier, the right
 * halves, costs a proof at most BOUNDARY leaves each (source.c). */
static enum err keep_subtrees(struct store *s, uint64_t log, const struct frontier *before, const struct frontier *f)
{
    enum err e = OK;
    size_t n = 0;
    for (int level = 63; e == OK && level >= SUBTREE_LEVEL; level--) {
        uint64_t bit = (uint64_t)1 << level;
        if ((f->size & bit) == 0)
            continue;
        const struct hash *h = &f->full[n++];
        uint64_t end = f->size >> level << level;
        if (end <= before->size)                /* it stood there already */
            continue;
        struct sql q = sql_start(s, SQL_SUBTREE_PUT);
        sql_u64(&q, log);
        sql_int(&q, level);
        sql_u64(&q, (end >> level) - 1);
        sql_int(&q, sql_sum(end, (struct bytes){h->b, HASH_LEN}));
        sql_fixed(&q, h->b, HASH_LEN);
        e = sql_run(&q);
    }
    return e;
}

enum err checkpoint_put(struct store *s, const struct log_row *row, struct bytes note)
{
    struct hash root = frontier_root(&row->state.frontier);
    uint64_t size = row->state.frontier.size;
    struct sql q = sql_start(s, SQL_CHECKPOINT_PUT);
    sql_u64(&q, row->id);
    sql_u64(&q, size);
    sql_fixed(&q, root.b, HASH_LEN);
    sql_u64(&q, row->bytes);
    sql_int(&q, checkpoint_sum(row->id, size, note));
    sql_blob(&q, note);
    return sql_run(&q);
}

enum err checkpoint_prune(struct store *s, uint64_t log, uint64_t size, uint64_t whole)
{
    if (size == 0 || size % BOUNDARY == 0 || size == whole)
        return OK;
    struct sql q = sql_start(s, SQL_CHECKPOINT_PRUNE);
    sql_u64(&q, log);
    sql_u64(&q, size);
    sql_u64(&q, BOUNDARY_BYTES);
    enum err e = sql_run(&q);
    if (e != OK || sqlite3_changes(s->db) == 0)
        return e;
    static const enum sql_id of_it[] = {SQL_COSIG_PRUNE, SQL_COSIG_PRUNE_FIRST};
    for (size_t i = 0; e == OK && i < sizeof(of_it) / sizeof(of_it[0]); i++) {
        q = sql_start(s, of_it[i]);
        sql_u64(&q, log);
        sql_u64(&q, size);
        e = sql_run(&q);
    }
    return e;
}

static enum err prune_behind(struct store *s, uint64_t log, uint64_t before, uint64_t old_whole, uint64_t whole)
{
    enum err e = checkpoint_prune(s, log, before, whole);
    if (e == OK && old_whole != before && old_whole != whole)
        e = checkpoint_prune(s, log, old_whole, whole);
    return e;
}

/* ---- the latest date ---- */

enum { NEWEST_KEY_SIZE = 7 + SLUG_MAX + 1 + 10 + 1 };

static void newest_key(const struct origin *o, char ret[NEWEST_KEY_SIZE])
{
    (void)snprintf(ret, NEWEST_KEY_SIZE, "newest/%s~%" PRIu32, o->slug.s, o->generation);
}

/* One row a span, with its entries: so that a witness need not read the log again after a start. */
static enum err newest_put(struct store *s, const struct origin *o, uint64_t newest_ms)
{
    char key[NEWEST_KEY_SIZE];
    uint8_t bytes[8];
    uint64_t held = 0;
    enum err e = store_newest(s, o, &held);
    if (e != OK || newest_ms <= held)
        return e;
    newest_key(o, key);
    put_u64be(bytes, newest_ms);
    struct sql q = sql_start(s, SQL_META_PUT);
    sql_text(&q, key);
    sql_fixed(&q, bytes, sizeof(bytes));
    return sql_run(&q);
}

enum err store_newest(struct store *s, const struct origin *o, uint64_t *ret_ms)
{
    char key[NEWEST_KEY_SIZE];
    struct buf b = buf_on(64);
    newest_key(o, key);
    enum err e = store_get(s, key, &b);
    *ret_ms = e == OK && b.len == 8 ? get_u64be(b.p) : 0;
    buf_release(&b);
    return e == ERR_UNKNOWN ? OK : e;
}

enum err newest_forget(struct store *s, const struct origin *o)
{
    char key[NEWEST_KEY_SIZE];
    newest_key(o, key);
    struct sql q = sql_start(s, SQL_META_DROP);
    sql_text(&q, key);
    return sql_run(&q);
}

/* ---- a span ---- */

static enum err extend(struct store *s, const struct append *a, struct log_row *row)
{
    enum err e = OK;
    uint64_t old_whole = row->state.whole, newest_ms = 0;
    struct frontier before = row->state.frontier;
    for (size_t i = 0; e == OK && i < a->n_items; i++)
        e = put_entry(s, row, a->expected + i, &a->items[i], &newest_ms);
    row->state.frontier = *a->after;
    if (a->whole > old_whole)                   /* raised only: see store_raise_whole */
        row->state.whole = a->whole;
    if (e == OK)
        e = log_set(s, row);
    if (e == OK)
        e = checkpoint_put(s, row, a->checkpoint);
    if (e == OK)
        e = keep_subtrees(s, row->id, &before, a->after);
    if (e == OK)
        e = prune_behind(s, row->id, a->expected, old_whole, row->state.whole);
    if (e == OK)
        e = newest_put(s, &a->origin, newest_ms);
    return e;
}

static enum err promise(struct store *s, struct log_row *row, const struct cosig *c)
{
    enum err e = cosigned_put(s, row, c->size, &c->root, c->time_s);
    return e == OK ? cosig_put(s, row->id, c) : e;
}

static enum err append(struct store *s, const struct append *a)
{
    struct log_row row;
    enum err e = log_find_or_make(s, &a->origin, &row);
    if (e != OK)
        return e;
    if (row.state.frontier.size != a->expected)
        return ERR_CONFLICT;
    if (row.state.is_frozen && !a->is_ending)
        return ERR_FROZEN;
    if (a->after->size > IDX_LIMIT)
        return ERR_LIMIT;
    e = extend(s, a, &row);
    if (e == OK && a->cosig != NULL)
        e = promise(s, &row, a->cosig);
    return e;
}

enum err store_append(struct store *s, const struct append *a)
{
    bool own;
    assert(a->n_items > 0 && a->after->size == a->expected + a->n_items);
    assert(a->whole <= a->after->size && a->checkpoint.len <= CHECKPOINT_MAX);
    assert(a->cosig == NULL || a->cosig->size == a->after->size);
    enum err e = tx_begin(s, &own);
    if (e == OK)
        e = append(s, a);
    return tx_end(s, own, e);
}
