#include "node/store/inside.h"

#include <assert.h>
#include <stdlib.h>

struct store_source {
    struct store *s;
    uint64_t log, size;
    bool trusts_kept;
};

/* The root of leaves [from, from + n), n a power of two, straight from the headers. */
static enum err hash_leaves(const struct store_source *src, uint64_t from, uint64_t n, struct hash *ret)
{
    struct frontier f;
    frontier_init(&f);
    struct sql q = sql_start(src->s, SQL_HEADERS);
    sql_u64(&q, row_id(src->log, from));
    sql_u64(&q, row_id(src->log, from + n));
    while (sql_row(&q)) {
        uint64_t id = sql_col_u64(&q, 0);
        struct bytes header = sql_col_bytes(&q, 2);
        if (row_idx(id) != from + f.size || sql_sum(id, header) != sql_col_int(&q, 1))
            sql_spoil(&q);
        if (q.e != OK)
            break;
        struct hash leaf = merkle_leaf(header);
        frontier_append(&f, &leaf);
    }
    if (f.size != n)
        sql_spoil(&q);
    enum err e = sql_end(&q);
    if (e == OK)
        *ret = frontier_root(&f);
    return e;
}

static enum err find_kept(const struct store_source *src, unsigned level, uint64_t index, bool *ret_found,
                          struct hash *ret)
{
    struct sql q = sql_start(src->s, SQL_SUBTREE_GET);
    sql_u64(&q, src->log);
    sql_u64(&q, level);
    sql_u64(&q, index);
    *ret_found = sql_row(&q);
    if (*ret_found) {
        sql_col_fixed(&q, 1, ret->b, HASH_LEN);
        if (sql_sum((index + 1) << level, (struct bytes){ret->b, HASH_LEN}) != sql_col_int(&q, 0))
            sql_spoil(&q);
    }
    return sql_end(&q);
}

/* A subtree that is not kept is the node over its halves, and the left half of a subtree always stood in a
 * frontier: so one BOUNDARY of leaves is hashed, unless appends stepped over boundaries. */
static enum err subtree(const struct store_source *src, unsigned level, uint64_t index, struct hash *ret)
{
    bool found = false;
    if (level < SUBTREE_LEVEL)
        return hash_leaves(src, index << level, (uint64_t)1 << level, ret);
    enum err e = find_kept(src, level, index, &found, ret);
    if (e != OK || found)
        return e;
    if (level == SUBTREE_LEVEL)
        return hash_leaves(src, index << level, (uint64_t)1 << level, ret);
    struct hash left, right;
    if ((e = subtree(src, level - 1, index * 2, &left)) != OK
        || (e = subtree(src, level - 1, index * 2 + 1, &right)) != OK)
        return e;
    *ret = merkle_node(&left, &right);
    return OK;
}

static enum err get(void *arg, unsigned level, uint64_t index, struct hash *ret)
{
    const struct store_source *src = arg;
    assert(level <= IDX_BITS);
    if (index >= IDX_LIMIT >> level || (index + 1) << level > src->size)
        return ERR_UNKNOWN;
    struct hash h;
    enum err e = src->trusts_kept ? subtree(src, level, index, &h)
                                  : hash_leaves(src, index << level, (uint64_t)1 << level, &h);
    if (e == OK)
        *ret = h;
    return e;
}

enum err store_source_new(struct store *s, const struct origin *o, bool trust_kept, struct store_source **ret)
{
    struct log_row row;
    enum err e = log_find(s, o, &row);
    if (e != OK)
        return e;
    struct store_source *src = malloc(sizeof(*src));
    if (src == NULL)
        return ERR_NOMEM;
    *src = (struct store_source){.s = s, .log = row.id, .size = row.state.frontier.size, .trusts_kept = trust_kept};
    *ret = src;
    return OK;
}

struct merkle_source store_source(struct store_source *src)
{
    return (struct merkle_source){.get = get, .arg = src};
}

void store_source_free(struct store_source *src)
{
    free(src);
}
