#include "node/store/inside.h"

#include <stdlib.h>
#include <string.h>

/* Reads a damaged store and believes nothing: entries are taken up to a kept checkpoint only when the root
 * recomputes from the headers and every payload has its header's hash. */

struct batch {                              /* verified entries since the last good checkpoint */
    struct buf bytes;
    size_t n, cap;
    struct piece { size_t header, payload; bool has_payload; uint64_t excuse; } *pieces;     /* lengths */
};

struct salvage {
    struct store *old, *new;
    const struct log_state *from;           /* the log's row as it stood */
    uint64_t old_log;
    struct frontier frontier;               /* of all that was read and is good by itself */
    uint64_t taken, checkpoint;             /* stored in `new`; size of the checkpoint that is waited for */
    struct batch batch;
    uint32_t cut_back;
    enum err failed;                        /* of `new`: the only errors there are */
};

enum { BATCH_MAX = 2 * BOUNDARY_BYTES };    /* a span is BOUNDARY_BYTES; some checkpoints may be unreadable */

static enum err batch_add(struct batch *b, const struct item *item)
{
    if (b->n == b->cap) {
        size_t cap = b->cap > 0 ? b->cap * 2 : 1024;
        struct piece *p = realloc(b->pieces, cap * sizeof(*p));
        if (p == NULL)
            return ERR_NOMEM;
        b->pieces = p;
        b->cap = cap;
    }
    buf_put(&b->bytes, item->header);
    buf_put(&b->bytes, item->payload);
    b->pieces[b->n++] = (struct piece){item->header.len, item->payload.len, item->has_payload, item->excuse};
    return buf_status(&b->bytes);
}

static void batch_empty(struct batch *b)
{
    buf_clear(&b->bytes);
    b->n = 0;
}

static struct item *batch_items(const struct batch *b)
{
    struct item *items = calloc(b->n, sizeof(*items));
    const uint8_t *at = b->bytes.p;
    for (size_t i = 0; items != NULL && i < b->n; i++) {
        const struct piece *p = &b->pieces[i];
        items[i] = (struct item){.header = {at, p->header}, .payload = {at + p->header, p->payload},
                                 .has_payload = p->has_payload, .excuse = p->excuse};
        at += p->header + p->payload;
    }
    return items;
}

/* The note that stands for `size` in the old store, if it says what we computed. */
static bool find_note(struct salvage *v, uint64_t size, const struct hash *root, struct buf *ret)
{
    bool is_good = false;
    struct sql q = sql_start(v->old, SQL_CHECKPOINT_GET);
    sql_u64(&q, v->old_log);
    sql_u64(&q, size);
    if (sql_row(&q)) {
        struct checkpoint_row c;
        checkpoint_read(&q, v->old_log, &c);
        is_good = q.e == OK && hash_equal(&c.root, root);
        buf_put(ret, c.note);
    }
    return sql_end(&q) == OK && is_good && buf_status(ret) == OK;
}

/* Also by its own words: the row may have rotted into another's name. A former member's last may be without a note. */
static bool is_of(struct bytes note, const struct origin *o, uint64_t size, const struct hash *root)
{
    struct note n;
    struct checkpoint c;
    return note.len == 0 || (note_parse(note, &n) == OK && checkpoint_parse(n.text, &c) == OK
                             && origin_equal(&c.origin, o) && c.size == size && hash_equal(&c.root, root));
}

/* Damage is expected there; a machine without memory must not be taken for it. */
static void note_old(struct salvage *v, enum err e)
{
    if (v->failed == OK && (e == ERR_NOMEM || e == ERR_BUSY))
        v->failed = e;
}

static uint64_t next_checkpoint(struct salvage *v, uint64_t above)
{
    uint64_t size = UINT64_MAX;
    struct sql q = sql_start(v->old, SQL_CHECKPOINT_ABOVE);
    sql_u64(&q, v->old_log);
    sql_u64(&q, above);
    if (sql_row(&q))
        size = sql_col_u64(&q, 0);
    enum err e = sql_end(&q);
    note_old(v, e);
    return e == OK ? size : UINT64_MAX;
}

static enum err store_batch(struct salvage *v, struct bytes note)
{
    struct item *items = batch_items(&v->batch);
    if (items == NULL)
        return ERR_NOMEM;
    struct append a = {.origin = v->from->origin, .expected = v->taken, .n_items = v->batch.n, .items = items,
                       .after = &v->frontier, .checkpoint = note};
    enum err e = store_append(v->new, &a);
    free(items);
    if (e == OK) {
        v->taken = v->frontier.size;
        batch_empty(&v->batch);
    }
    return e;
}

/* At a checkpoint: store what it covers, if it holds; a bad one is stepped over. */
static enum err at_checkpoint(struct salvage *v)
{
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct hash root = frontier_root(&v->frontier);
    enum err e = OK;
    if (find_note(v, v->frontier.size, &root, &note)
        && is_of(buf_bytes(&note), &v->from->origin, v->frontier.size, &root))
        e = v->failed = store_batch(v, buf_bytes(&note));
    else if (buf_status(&note) == ERR_NOMEM)
        e = v->failed = ERR_NOMEM;
    buf_release(&note);
    v->checkpoint = next_checkpoint(v, v->frontier.size);
    return e == OK && v->checkpoint == UINT64_MAX ? ERR_MORE : e;
}

/* ERR_CORRUPT or ERR_MORE end the log here; v->failed ends everything. */
static enum err take_entry(void *arg, uint64_t idx, const struct item *item)
{
    struct salvage *v = arg;
    struct header h;
    (void)idx;
    if (header_read(item->header, &h) != OK || (item->has_payload && header_check_payload(&h, item->payload) != OK)
        || v->batch.bytes.len > BATCH_MAX)
        return ERR_CORRUPT;
    struct hash leaf = merkle_leaf(item->header);
    frontier_append(&v->frontier, &leaf);
    enum err e = v->failed = batch_add(&v->batch, item);
    return e == OK && v->frontier.size == v->checkpoint ? at_checkpoint(v) : e;
}

static enum err copy_cosig(void *arg, const struct cosig *c)
{
    struct salvage *v = arg;
    return v->failed = store_put_cosig(v->new, &v->from->origin, c);
}

static enum err copy_cosigs_of(void *arg, uint64_t size, struct bytes note)
{
    struct salvage *v = arg;
    (void)note;
    for (int firsts = 1; v->failed == OK && firsts >= 0; firsts--)      /* in the order in which they came */
        note_old(v, cosigs_scan(v->old, firsts == 1, &v->from->origin, v->old_log, size, copy_cosig, v));
    return v->failed;
}

static void copy_kept(struct salvage *v)
{
    struct sql q = sql_start(v->old, SQL_CHECKPOINT_KEPT);
    sql_u64(&q, v->old_log);
    while (v->failed == OK && sql_row(&q)) {
        enum err e = store_keep_checkpoint(v->new, &v->from->origin, sql_col_u64(&q, 0));
        if (e != ERR_UNKNOWN)                   /* above what was taken */
            v->failed = e;
    }
    note_old(v, sql_end(&q));
}

static void copy_evidence(struct salvage *v)
{
    struct sql q = sql_start(v->old, SQL_EVIDENCE_OF);
    sql_u64(&q, v->old_log);
    if (v->failed == OK && sql_row(&q))
        v->failed = store_freeze(v->new, &v->from->origin, sql_col_bytes(&q, 0));
    note_old(v, sql_end(&q));
}

/* What is known of the log besides its entries. */
static void copy_rest(struct salvage *v)
{
    const struct log_state *l = v->from;
    struct log_row row;
    uint64_t whole = 0;
    if (v->failed == OK && l->cosigned_size > 0)
        v->failed = store_put_cosigned(v->new, &l->origin, l->cosigned_size, &l->cosigned_root, l->cosigned_at_s);
    if (v->failed == OK && v->taken > 0) {
        uint64_t limit = l->whole < v->taken ? l->whole : v->taken;
        v->failed = log_row_find(v->new, &l->origin, &row);
        if (v->failed == OK)
            v->failed = log_whole_below(v->new, row.id, v->taken, limit, &whole);
        if (v->failed == OK)
            v->failed = store_set_whole(v->new, &l->origin, whole);
        copy_kept(v);
        if (v->failed == OK)
            v->failed = store_each_checkpoint(v->new, &l->origin, copy_cosigs_of, v);
    }
    copy_evidence(v);
}

static void salvage_log(struct salvage *v, uint64_t old_log, const struct log_state *l)
{
    uint64_t next = 0;
    v->old_log = old_log;
    v->from = l;
    v->taken = 0;
    frontier_init(&v->frontier);
    batch_empty(&v->batch);
    v->checkpoint = next_checkpoint(v, 0);
    if (v->checkpoint != UINT64_MAX && v->failed == OK)
        note_old(v, entries_scan(v->old, old_log, 0, IDX_LIMIT - 1, take_entry, v, &next));
    copy_rest(v);
    if (v->taken < l->frontier.size)
        v->cut_back++;
}

/* A row that has rotted still says whose log it is, or its checkpoints will. Its promise is not believed then: a
 * witness without one takes up what returns to it from peers before it cosigns. */
static bool log_guess(struct sql *q, struct log_row *ret)
{
    enum err before = q->e;
    log_read(q, ret);
    struct log_state *l = &ret->state;
    if (q->e == ERR_CORRUPT) {
        q->e = before;
        l->cosigned_size = 0;
        l->frontier.size = sql_col_u64(q, 4);
    }
    return q->e == OK && ret->id > 0 && ret->id < LOG_ID_MAX && l->origin.slug.s[0] != '\0' && l->origin.generation > 0;
}

static void by_rows(struct salvage *v)
{
    struct sql q = sql_start(v->old, SQL_LOG_EACH);
    while (v->failed == OK && sql_row(&q)) {
        struct log_row row;
        if (log_guess(&q, &row))
            salvage_log(v, row.id, &row.state);
    }
    note_old(v, sql_end(&q));
}

/* The log that a checkpoint names, if it is not here yet. */
static void by_note(struct salvage *v, uint64_t old_log, struct bytes text)
{
    struct note n;
    struct checkpoint c;
    struct log_row row;
    if (note_parse(text, &n) != OK || checkpoint_parse(n.text, &c) != OK)
        return;
    enum err e = log_row_find(v->new, &c.origin, &row);
    struct log_state l = {.origin = c.origin, .frontier.size = c.size, .whole = UINT64_MAX};
    if (e == ERR_UNKNOWN)
        salvage_log(v, old_log, &l);
    else
        v->failed = e;
}

static void by_checkpoints(struct salvage *v)
{
    uint64_t last = 0;
    struct sql q = sql_start(v->old, SQL_CHECKPOINT_ALL);
    while (v->failed == OK && sql_row(&q)) {
        uint64_t log = sql_col_u64(&q, 0);
        if (log != last)
            by_note(v, log, sql_col_bytes(&q, 1));
        last = log;
    }
    note_old(v, sql_end(&q));
}

enum err store_salvage_logs(struct store *old, struct store *new, uint32_t *ret_cut_back)
{
    struct salvage v = {.old = old, .new = new, .failed = OK};
    v.batch.bytes = buf_on(BATCH_MAX + PAYLOAD_MAX + HEADER_MAX);
    by_rows(&v);
    if (v.failed == OK)
        by_checkpoints(&v);
    buf_release(&v.batch.bytes);
    free(v.batch.pieces);
    *ret_cut_back = v.cut_back;
    return v.failed;
}
