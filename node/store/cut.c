#include "node/store/inside.h"

/* The frontier of the first `size` entries, from kept subtrees and headers. */
static enum err frontier_at(struct store *s, const struct origin *o, uint64_t size, struct frontier *ret)
{
    struct store_source *src = NULL;
    enum err e = store_source_new(s, o, true, &src);
    if (e != OK)
        return e;
    struct merkle_source get = store_source(src);
    size_t n = 0;
    frontier_init(ret);
    ret->size = size;
    for (int level = 63; e == OK && level >= 0; level--)
        if (size >> level & 1)                  /* the subtree that ends where the bits from `level` up end */
            e = get.get(get.arg, (unsigned)level, (size >> level) - 1, &ret->full[n++]);
    store_source_free(src);
    return e;
}

/* What the log was at `size`: by its kept checkpoint, whose root must come out. */
static enum err state_at(struct store *s, const struct origin *o, uint64_t size, struct log_row *row)
{
    struct checkpoint_row c = {0};
    bool found = false;
    enum err e = frontier_at(s, o, size, &row->state.frontier);
    row->bytes = 0;
    if (e != OK || size == 0)
        return e;
    struct hash root = frontier_root(&row->state.frontier);
    struct sql q = sql_start(s, SQL_CHECKPOINT_GET);
    sql_u64(&q, row->id);
    sql_u64(&q, size);
    if (sql_row(&q)) {
        found = true;
        checkpoint_read(&q, row->id, &c);
        if (!hash_equal(&root, &c.root))
            sql_spoil(&q);
    }
    row->bytes = c.bytes;
    e = sql_end(&q);
    return e == OK && !found ? ERR_UNKNOWN : e;
}

static enum err drop_rows(struct store *s, enum sql_id id, uint64_t log, uint64_t size)
{
    struct sql q = sql_start(s, id);
    sql_u64(&q, row_id(log, size));
    sql_u64(&q, row_id(log + 1, 0));
    return sql_run(&q);
}

static enum err drop_above(struct store *s, enum sql_id id, uint64_t log, uint64_t size)
{
    struct sql q = sql_start(s, id);
    sql_u64(&q, log);
    sql_u64(&q, size);
    return sql_run(&q);
}

/* The trigger lets entries go only while their log is named here. */
static enum err let_go(struct store *s, enum sql_id id, uint64_t log)
{
    struct sql q = sql_start(s, id);
    sql_u64(&q, log);
    return sql_run(&q);
}

static enum err drop_all(struct store *s, uint64_t log, uint64_t size)
{
    enum err e;
    if ((e = let_go(s, SQL_CUT_ALLOW, log)) != OK
        || (e = drop_rows(s, SQL_CUT_PAYLOAD, log, size)) != OK     /* while entries still say where */
        || (e = drop_rows(s, SQL_CUT_ENTRY, log, size)) != OK
        || (e = drop_rows(s, SQL_CUT_HOLE, log, size)) != OK
        || (e = drop_above(s, SQL_CUT_KIND, log, size)) != OK
        || (e = drop_above(s, SQL_CUT_CHECKPOINT, log, size)) != OK
        || (e = drop_above(s, SQL_CUT_COSIG, log, size)) != OK
        || (e = drop_above(s, SQL_CUT_COSIG_FIRST, log, size)) != OK
        || (e = drop_above(s, SQL_CUT_SUBTREE, log, size)) != OK)
        return e;
    return let_go(s, SQL_CUT_FORBID, log);
}

static enum err cut_back(struct store *s, const struct origin *o, uint64_t size)
{
    struct log_row row;
    enum err e = log_row_find(s, o, &row);
    if (e != OK || size == row.state.frontier.size)
        return e;
    if (size > row.state.frontier.size)
        return ERR_UNKNOWN;
    uint64_t whole = row.state.whole < size ? row.state.whole : size;
    if ((e = state_at(s, o, size, &row)) != OK
        || (e = drop_all(s, row.id, size)) != OK || (e = newest_forget(s, o)) != OK
        || (e = log_whole_below(s, row.id, size, whole, &row.state.whole)) != OK)
        return e;
    return log_set(s, &row);                    /* what our witness promised stays promised */
}

/* The checkpoint was given way to a later one: it is put again. How many bytes lie below it is not known any more; too
 * many is safe, since more checkpoints are kept then, not fewer. */
static enum err cut_back_to(struct store *s, const struct origin *o, const struct checkpoint *c, struct bytes note)
{
    struct log_row row;
    enum err e = log_row_find(s, o, &row);
    if (e != OK || c->size > row.state.frontier.size || c->size == 0)
        return e != OK ? e : ERR_UNKNOWN;
    uint64_t whole = row.state.whole < c->size ? row.state.whole : c->size;
    if ((e = frontier_at(s, o, c->size, &row.state.frontier)) != OK)
        return e;
    struct hash root = frontier_root(&row.state.frontier);
    if (!hash_equal(&root, &c->root))
        return ERR_ROOT;
    if ((e = drop_all(s, row.id, c->size)) != OK || (e = newest_forget(s, o)) != OK || (e = checkpoint_put(s, &row, note)) != OK
        || (e = log_whole_below(s, row.id, c->size, whole, &row.state.whole)) != OK)
        return e;
    return log_set(s, &row);
}

enum err store_cut_back_to(struct store *s, const struct origin *o, const struct checkpoint *c, struct bytes note)
{
    bool own;
    enum err e = tx_begin(s, &own);
    if (e == OK) {
        e = cut_back(s, o, c->size);
        if (e == ERR_UNKNOWN)
            e = cut_back_to(s, o, c, note);
    }
    return tx_end(s, own, e);
}

enum err store_cut_back(struct store *s, const struct origin *o, uint64_t size)
{
    bool own;
    enum err e = tx_begin(s, &own);
    if (e == OK)
        e = cut_back(s, o, size);
    return tx_end(s, own, e);
}
