#include "node/store/inside.h"

/* The small tables, as far as they can be read; then the logs. */

struct salvage {
    struct store *old, *new;
    enum err failed;                        /* of `new`, or no memory: the only errors there are */
};


static enum err copy_charter_row(struct salvage *v, struct sql *q)
{
    struct hash hash;
    sql_col_fixed(q, 0, hash.b, HASH_LEN);
    struct bytes note = sql_col_bytes(q, 4);
    uint32_t version = (uint32_t)sql_col_u64(q, 1);
    if (q->e != OK || sql_sum(version, note) != sql_col_int(q, 3))
        return OK;
    return store_put_charter(v->new, &hash, version, (uint32_t)sql_col_u64(q, 2), note);
}

static enum err copy_meta_row(struct salvage *v, struct sql *q)
{
    char key[64];
    if (bytes_to_str(sql_col_bytes(q, 0), key, sizeof(key)) != OK)
        return OK;
    return store_set(v->new, key, sql_col_bytes(q, 1));
}

static void copy_rows(struct salvage *v, enum sql_id id, enum err (*copy)(struct salvage *v, struct sql *q))
{
    struct sql q = sql_start(v->old, id);
    while (v->failed == OK && sql_row(&q)) {
        v->failed = copy(v, &q);
        if (q.e == ERR_CORRUPT)                 /* this row; the next may be good */
            q.e = OK;
    }
    enum err e = sql_end(&q);
    if (v->failed == OK && e == ERR_NOMEM)
        v->failed = e;
}

static enum err copy_identity(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    struct salvage *v = arg;
    return v->failed = store_put_identity(v->new, slug, version, note);
}

static enum err copy_invite(void *arg, const struct invite_row *i)
{
    struct salvage *v = arg;
    enum err e = store_put_invite(v->new, i);
    return v->failed = e == ERR_LIMIT ? OK : e;
}

static enum err copy_request(void *arg, const struct request_row *r)
{
    struct salvage *v = arg;
    enum err e = store_put_request(v->new, NULL, r);
    return v->failed = e == ERR_LIMIT ? OK : e;
}

static enum err copy_head(void *arg, const struct head_row *h)
{
    struct salvage *v = arg;
    return v->failed = store_put_head(v->new, h);
}

static void copy_each(struct salvage *v)
{
    enum err e[4];
    e[0] = store_each_identity(v->old, copy_identity, v);
    e[1] = store_each_invite(v->old, copy_invite, v);
    e[2] = store_each_request(v->old, copy_request, v);
    e[3] = store_each_head(v->old, copy_head, v);
    for (size_t i = 0; i < sizeof(e) / sizeof(e[0]); i++)
        if (v->failed == OK && e[i] == ERR_NOMEM)
            v->failed = e[i];
}

enum err store_salvage(struct store *old, struct store *new, uint32_t *ret_cut_back)
{
    struct salvage v = {.old = old, .new = new, .failed = OK};
    copy_rows(&v, SQL_META_EACH, copy_meta_row);
    if (v.failed == OK)
        copy_rows(&v, SQL_CHARTER_EACH, copy_charter_row);
    if (v.failed == OK)
        copy_each(&v);
    return v.failed == OK ? store_salvage_logs(old, new, ret_cut_back) : v.failed;
}
