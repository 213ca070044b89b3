#include "node/store/inside.h"

#include <string.h>

/* ---- checkpoints ---- */

int64_t checkpoint_sum(uint64_t log, uint64_t size, struct bytes note)
{
    return sql_sum(row_id(log, size), note);
}

/* size, root, bytes, sum, note */
void checkpoint_read(struct sql *q, uint64_t log, struct checkpoint_row *ret)
{
    struct checkpoint_row c = {.size = sql_col_u64(q, 0), .bytes = sql_col_u64(q, 2)};
    sql_col_fixed(q, 1, c.root.b, HASH_LEN);
    c.note = sql_col_bytes(q, 4);
    if (checkpoint_sum(log, c.size, c.note) != sql_col_int(q, 3))
        sql_spoil(q);
    *ret = c;
}

enum err store_each_checkpoint(struct store *s, const struct origin *o,
                               enum err (*each)(void *arg, uint64_t size, struct bytes note), void *arg)
{
    struct log_row row;
    enum err e = log_row_find(s, o, &row);
    if (e != OK)
        return e;
    struct sql q = sql_start(s, SQL_CHECKPOINT_EACH);
    sql_u64(&q, row.id);
    while (e == OK && sql_row(&q)) {
        struct checkpoint_row c;
        checkpoint_read(&q, row.id, &c);
        e = q.e == OK ? each(arg, c.size, c.note) : q.e;
    }
    enum err ended = sql_end(&q);
    return e != OK ? e : ended;
}

enum err store_keep_checkpoint(struct store *s, const struct origin *o, uint64_t size)
{
    bool own;
    struct log_row row;
    enum err e = tx_begin(s, &own);
    if (e == OK)
        e = log_row_find(s, o, &row);
    if (e == OK) {
        struct sql q = sql_start(s, SQL_CHECKPOINT_KEEP);
        sql_u64(&q, row.id);
        sql_u64(&q, size);
        e = sql_run(&q);
        if (e == OK && sqlite3_changes(s->db) == 0)
            e = ERR_UNKNOWN;
    }
    return tx_end(s, own, e);
}

enum err store_quorum(struct store *s, const struct origin *o, uint64_t *ret_size, struct hash *ret_root)
{
    struct log_row row;
    enum err e = log_row_find(s, o, &row);
    *ret_size = 0;
    memset(ret_root, 0, sizeof(*ret_root));
    if (e != OK)
        return e == ERR_UNKNOWN ? OK : e;
    struct sql q = sql_start(s, SQL_CHECKPOINT_QUORUM);
    sql_u64(&q, row.id);
    if (sql_row(&q)) {
        *ret_size = sql_col_u64(&q, 0);
        sql_col_fixed(&q, 1, ret_root->b, HASH_LEN);
    }
    return sql_end(&q);
}

/* ---- a checkpoint with its cosignatures as one note ---- */

struct assembly {
    struct store *s;
    struct checkpoint checkpoint;
    const struct note *note;                    /* as it is stored */
    struct buf *ret;
    const struct cosig *cosig;                  /* the one being placed */
    uint32_t generation;                        /* of the witness's log that is looked into */
    size_t n_tried;                             /* keys of its, the newest first */
    struct sign_public tried;                   /* the last of them */
    bool is_placed;
};

static bool has_line(const struct note *n, const struct note_key *key)
{
    struct note_keyid id = note_keyid(key);
    for (size_t i = 0; i < n->n_lines; i++)
        if (bytes_equal(n->lines[i].name, bytes_of(key->name)) && memcmp(n->lines[i].id.b, id.b, sizeof(id.b)) == 0)
            return true;
    return false;
}

/* A COSIG names a witness, a note line its key: so the key is the one of its identities that made it. */
static void try_identity(struct assembly *a, struct bytes identity_note)
{
    struct note n;
    struct identity id;
    const struct cosig *c = a->cosig;
    struct origin witness = {.alliance = a->checkpoint.origin.alliance, .slug = c->witness,
                             .generation = a->generation};
    if (note_parse(identity_note, &n) != OK || identity_parse(n.text, &id) != OK)
        return;
    if (a->n_tried > 0 && memcmp(a->tried.b, id.witness.b, sizeof(id.witness.b)) == 0)
        return;                                 /* the identity changed, and not this */
    a->tried = id.witness;
    a->n_tried++;
    if (checkpoint_check_cosignature(&a->checkpoint, &witness, &id.witness, c->time_s, &c->sig) != OK)
        return;
    struct note_key key = checkpoint_witness_key(&witness, &id.witness);
    a->is_placed = true;
    if (!has_line(a->note, &key))
        note_cosignature_line(&key, c->time_s, &c->sig, a->ret);
}

static enum err try_log(struct assembly *a, uint64_t log)
{
    struct sql q = sql_start(a->s, SQL_OF_KIND_BACK);
    sql_u64(&q, row_id(log, 0));
    sql_u64(&q, log);
    sql_u64(&q, KIND_IDENTITY);
    while (!a->is_placed && a->n_tried < WITNESS_KEYS_MAX && sql_row(&q)) {
        struct item item;
        uint64_t idx;
        entry_read(&q, &idx, &item);
        if (q.e == OK && item.payload.len > SALT_LEN)
            try_identity(a, payload_body(item.payload));
    }
    return sql_end(&q);
}

static enum err try_outside(struct assembly *a)
{
    struct sql q = sql_start(a->s, SQL_IDENTITY_OF);
    sql_text(&q, a->cosig->witness.s);
    if (sql_row(&q))
        try_identity(a, sql_col_bytes(&q, 1));
    return sql_end(&q);
}

static enum err place(void *arg, const struct cosig *c)
{
    struct assembly *a = arg;
    enum err e = OK;
    a->cosig = c;
    a->is_placed = false;
    a->n_tried = 0;
    uint32_t newest = 0;
    struct sql q = sql_start(a->s, SQL_WITNESS_LOGS);
    sql_text(&q, c->witness.s);
    while (e == OK && !a->is_placed && a->n_tried < WITNESS_KEYS_MAX && sql_row(&q)) {
        a->generation = (uint32_t)sql_col_u64(&q, 1);
        newest = newest > 0 ? newest : a->generation;
        e = try_log(a, sql_col_u64(&q, 0));
    }
    enum err ended = sql_end(&q);
    if (e == OK && (e = ended) == OK && !a->is_placed) {
        a->generation = newest > 0 ? newest : 1;
        e = try_outside(a);
    }
    return e;
}

static enum err assemble(struct store *s, bool firsts, const struct origin *o, uint64_t size, struct buf *ret)
{
    struct note n;
    struct assembly a = {.s = s, .note = &n, .ret = ret};
    struct buf raw = buf_on(CHECKPOINT_MAX);
    buf_put(&raw, buf_bytes(ret));              /* the note is read while lines are put behind it */
    enum err e = buf_status(&raw);
    if (e == OK && note_parse(buf_bytes(&raw), &n) == OK && checkpoint_parse(n.text, &a.checkpoint) == OK)
        e = (firsts ? store_each_first_cosig : store_each_cosig)(s, o, size, place, &a);
    buf_release(&raw);
    return e == OK ? buf_status(ret) : e;
}

static enum err checkpoint_with_cosigs(struct store *s, bool firsts, const struct origin *o, uint64_t size, struct buf *ret)
{
    struct log_row row;
    bool found = false;
    enum err e = log_row_find(s, o, &row);
    if (e != OK)
        return e;
    if (size == UINT64_MAX)
        size = row.state.frontier.size;
    struct sql q = sql_start(s, SQL_CHECKPOINT_GET);
    sql_u64(&q, row.id);
    sql_u64(&q, size);
    if (sql_row(&q)) {
        struct checkpoint_row c;
        checkpoint_read(&q, row.id, &c);
        found = c.note.len > 0;
        if (q.e == OK)
            buf_put(ret, c.note);
    }
    if ((e = sql_end(&q)) == OK)
        e = buf_status(ret);
    if (e == OK && !found)
        e = ERR_UNKNOWN;
    return e == OK ? assemble(s, firsts, o, size, ret) : e;
}

static enum err read_checkpoint(struct store *s, bool firsts, const struct origin *o, uint64_t size, struct buf *ret_note)
{
    bool own;
    buf_clear(ret_note);
    enum err e = read_begin(s, &own);
    if (e == OK)
        e = read_end(s, own, checkpoint_with_cosigs(s, firsts, o, size, ret_note));
    return e;
}

enum err store_checkpoint(struct store *s, const struct origin *o, uint64_t size, struct buf *ret_note)
{
    return read_checkpoint(s, false, o, size, ret_note);
}

enum err store_first_checkpoint(struct store *s, const struct origin *o, uint64_t size, struct buf *ret_note)
{
    return read_checkpoint(s, true, o, size, ret_note);
}

/* ---- cosignatures ---- */

enum err cosig_put(struct store *s, uint64_t log, const struct cosig *c)
{
    struct sql q = sql_start(s, SQL_CHECKPOINT_GET);
    sql_u64(&q, log);
    sql_u64(&q, c->size);
    bool is_kept = sql_row(&q);
    enum err e = sql_end(&q);
    if (e != OK || !is_kept)
        return e;
    q = sql_start(s, SQL_COSIG_KEEP_FIRST);
    sql_u64(&q, log);
    sql_u64(&q, c->size);
    sql_text(&q, c->witness.s);
    sql_fixed(&q, c->root.b, HASH_LEN);
    sql_u64(&q, c->time_s);
    if ((e = sql_run(&q)) != OK)
        return e;
    q = sql_start(s, SQL_COSIG_PUT);
    sql_u64(&q, log);
    sql_u64(&q, c->size);
    sql_text(&q, c->witness.s);
    sql_fixed(&q, c->root.b, HASH_LEN);
    sql_u64(&q, c->time_s);
    sql_fixed(&q, c->sig.b, SIG_LEN);
    return sql_run(&q);
}

enum err store_put_cosig(struct store *s, const struct origin *o, const struct cosig *c)
{
    bool own;
    struct log_row row;
    enum err e = tx_begin(s, &own);
    if (e == OK)
        e = log_row_find(s, o, &row);
    if (e == OK)
        e = cosig_put(s, row.id, c);
    return tx_end(s, own, e);
}

enum err cosigs_scan(struct store *s, bool firsts, const struct origin *o, uint64_t log, uint64_t size,
                     enum err (*each)(void *arg, const struct cosig *c), void *arg)
{
    enum err e = OK;
    struct sql q = sql_start(s, firsts ? SQL_COSIG_EACH_FIRST : SQL_COSIG_EACH);
    sql_u64(&q, log);
    sql_u64(&q, size);
    while (e == OK && sql_row(&q)) {
        struct cosig c = {.log = {.slug = o->slug, .generation = o->generation}, .size = size};
        slug_read(&q, 0, &c.witness);
        sql_col_fixed(&q, 1, c.root.b, HASH_LEN);
        c.time_s = sql_col_u64(&q, 2);
        sql_col_fixed(&q, 3, c.sig.b, SIG_LEN);
        e = q.e == OK ? each(arg, &c) : q.e;
    }
    enum err ended = sql_end(&q);
    return e != OK ? e : ended;
}

enum err store_each_cosig(struct store *s, const struct origin *o, uint64_t size,
                          enum err (*each)(void *arg, const struct cosig *c), void *arg)
{
    struct log_row row;
    enum err e = log_row_find(s, o, &row);
    return e == OK ? cosigs_scan(s, false, o, row.id, size, each, arg) : e;
}

enum err store_each_first_cosig(struct store *s, const struct origin *o, uint64_t size,
                                enum err (*each)(void *arg, const struct cosig *c), void *arg)
{
    struct log_row row;
    enum err e = log_row_find(s, o, &row);
    return e == OK ? cosigs_scan(s, true, o, row.id, size, each, arg) : e;
}

/* A witness that promised one root for a size, or a larger size, never says another or less. */
enum err cosigned_put(struct store *s, struct log_row *row, uint64_t size, const struct hash *root, uint64_t at_s)
{
    struct log_state *l = &row->state;
    if (size < l->cosigned_size || (size == l->cosigned_size && at_s < l->cosigned_at_s))
        return OK;
    if (size == l->cosigned_size && size > 0 && !hash_equal(root, &l->cosigned_root))
        return ERR_CONFLICT;
    l->cosigned_size = size;
    l->cosigned_root = *root;
    l->cosigned_at_s = at_s;
    return log_set(s, row);
}

enum err store_put_cosigned(struct store *s, const struct origin *o, uint64_t size, const struct hash *root,
                            uint64_t at_s)
{
    bool own;
    struct log_row row;
    enum err e = tx_begin(s, &own);
    if (e == OK)
        e = log_find_or_make(s, o, &row);
    if (e == OK)
        e = cosigned_put(s, &row, size, root, at_s);
    return tx_end(s, own, e);
}
