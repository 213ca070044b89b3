#include "node/store/inside.h"

/* Reading a row proves its pages and its sum; so opening reads all the small tables and the two ends of each log.
 * A `verify` of everything is a command; rot in the middle of a log is met when it is read. */

enum { LAST_ENTRIES = 4 };

static enum err pass_head(void *arg, const struct head_row *h) { (void)arg, (void)h; return OK; }
static enum err pass_peer(void *arg, const struct peer_row *p) { (void)arg, (void)p; return OK; }
static enum err pass_invite(void *arg, const struct invite_row *i) { (void)arg, (void)i; return OK; }
static enum err pass_request(void *arg, const struct request_row *r) { (void)arg, (void)r; return OK; }
static enum err pass_note(void *arg, struct bytes note) { (void)arg, (void)note; return OK; }
static enum err pass_hole(void *arg, const struct hole *h) { (void)arg, (void)h; return OK; }
static enum err pass_item(void *arg, uint64_t idx, const struct item *i) { (void)arg, (void)idx, (void)i; return OK; }
static enum err pass_identity(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    (void)arg, (void)slug, (void)version, (void)note;
    return OK;
}
static enum err pass_announced(void *arg, const struct log_ref *log, uint64_t size)
{
    (void)arg, (void)log, (void)size;
    return OK;
}

static enum err check_meta(struct store *s)
{
    struct sql q = sql_start(s, SQL_META_EACH);
    while (sql_row(&q))
        (void)sql_col_bytes(&q, 1);
    return sql_end(&q);
}

/* Nothing lies beyond what the log's row says, and the last entries are whole. */
static enum err check_end(struct store *s, const struct log_row *row)
{
    uint64_t size = row->state.frontier.size, last = 0;
    struct sql q = sql_start(s, SQL_ENTRY_LAST);
    sql_u64(&q, row_id(row->id, 0));
    sql_u64(&q, row_id(row->id + 1, 0));
    if (sql_row(&q) && !sql_col_is_null(&q, 0))
        last = row_idx(sql_col_u64(&q, 0)) + 1;
    if (last != size)
        sql_spoil(&q);
    enum err e = sql_end(&q);
    if (e == OK && size > 0)
        e = store_each_entry(s, &row->state.origin, 0, 1, pass_item, NULL);
    if (e == OK && size > LAST_ENTRIES)
        e = store_each_entry(s, &row->state.origin, size - LAST_ENTRIES, size, pass_item, NULL);
    return e;
}

struct newest {
    struct store *s;
    const struct log_row *row;
    uint64_t whole_seen, size;
};

static enum err check_cosigs(void *arg, const struct cosig *c)
{
    (void)arg, (void)c;
    return OK;
}

static enum err check_checkpoint(void *arg, uint64_t size, struct bytes note)
{
    struct newest *n = arg;
    (void)note;
    if (size == n->row->state.whole)
        n->whole_seen = size;
    n->size = size;
    return store_each_cosig(n->s, &n->row->state.origin, size, check_cosigs, NULL);
}

/* The newest checkpoint is the log's end and has its root. */
static enum err check_root(struct store *s, const struct log_row *row)
{
    struct hash root = frontier_root(&row->state.frontier);
    struct sql q = sql_start(s, SQL_CHECKPOINT_GET);
    sql_u64(&q, row->id);
    sql_u64(&q, row->state.frontier.size);
    if (sql_row(&q)) {
        struct checkpoint_row c;
        checkpoint_read(&q, row->id, &c);
        if (!hash_equal(&root, &c.root))
            sql_spoil(&q);
    } else {
        sql_spoil(&q);
    }
    return sql_end(&q);
}

static enum err check_log(void *arg, const struct log_state *l)
{
    struct store *s = arg;
    struct log_row row;
    struct newest n = {.s = s, .row = &row};
    enum err e = log_row_find(s, &l->origin, &row);     /* by its index: damage there hides a log */
    if (e == OK)
        e = check_end(s, &row);
    if (e == OK)
        e = store_each_hole(s, &l->origin, pass_hole, NULL);
    if (e == OK)
        e = store_each_checkpoint(s, &l->origin, check_checkpoint, &n);
    if (e == OK && l->frontier.size > 0)
        e = check_root(s, &row);
    if (e == OK && (n.size != l->frontier.size || n.whole_seen != l->whole))
        e = ERR_CORRUPT;
    return e == ERR_UNKNOWN ? ERR_CORRUPT : e;
}

enum err store_check(struct store *s)
{
    bool own;
    enum err e = read_begin(s, &own);           /* others may write meanwhile */
    if (e == OK)
        e = check_meta(s);
    if (e == OK)
        e = store_each_log(s, check_log, s);
    if (e == OK)
        e = store_each_evidence(s, pass_note, NULL);
    if (e == OK)
        e = store_each_charter(s, pass_note, NULL);
    if (e == OK)
        e = store_each_identity(s, pass_identity, NULL);
    if (e == OK)
        e = store_each_invite(s, pass_invite, NULL);
    if (e == OK)
        e = store_each_request(s, pass_request, NULL);
    if (e == OK)
        e = store_each_head(s, pass_head, NULL);
    if (e == OK)
        e = store_each_peer(s, pass_peer, NULL);
    if (e == OK)
        e = store_each_announced(s, pass_announced, NULL);
    return read_end(s, own, e);
}
