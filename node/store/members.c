#include "node/store/inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "protocol/identity.h"
#include "protocol/note.h"

/* One write of one statement, in a transaction of its own or the caller's. */
static enum err drop_by_hash(struct store *s, enum sql_id id, const struct hash *hash)
{
    struct sql q = sql_start(s, id);
    sql_fixed(&q, hash->b, HASH_LEN);
    return sql_run(&q);
}

static enum err count(struct sql *q, uint64_t *ret)
{
    if (sql_row(q))
        *ret = sql_col_u64(q, 0);
    return sql_end(q);
}

/* ---- charters and identities ---- */

/* Appends what is held of this text. Left empty when nothing is, or it is damaged. */
static enum err held_charter(struct store *s, const struct hash *text_hash, struct buf *ret)
{
    struct sql q = sql_start(s, SQL_CHARTER_GET);
    sql_fixed(&q, text_hash->b, HASH_LEN);
    if (sql_row(&q)) {
        struct bytes note = sql_col_bytes(&q, 2);
        if (sql_sum(sql_col_u64(&q, 0), note) == sql_col_int(&q, 1))
            buf_put(ret, note);
    }
    enum err e = sql_end(&q);
    return e == OK ? buf_status(ret) : e;
}

/* Appends `note` with the lines of `held` that it lacks; where they are no two notes of one text, `note`. */
static enum err unite(struct bytes held, struct bytes note, struct buf *ret)
{
    struct note *n = calloc(2, sizeof(*n));
    if (n == NULL)
        return ERR_NOMEM;
    bool are_notes = note_parse(note, &n[0]) == OK && note_parse(held, &n[1]) == OK;
    enum err e = are_notes ? note_merge(&n[0], &n[1], ret) : ERR_FORMAT;
    free(n);
    if (e == OK || e == ERR_NOMEM)
        return e;
    buf_clear(ret);
    buf_put(ret, note);
    return buf_status(ret);
}

static enum err put_charter_row(struct store *s, const struct hash *text_hash, uint32_t version, uint32_t round,
                                struct bytes note)
{
    struct sql q = sql_start(s, SQL_CHARTER_PUT);
    sql_fixed(&q, text_hash->b, HASH_LEN);
    sql_u64(&q, version);
    sql_u64(&q, round);
    sql_int(&q, sql_sum(version, note));
    sql_blob(&q, note);
    return sql_run(&q);
}

enum err store_put_charter(struct store *s, const struct hash *text_hash, uint32_t version, uint32_t round,
                           struct bytes note)
{
    bool own;
    struct buf held = buf_on(SIZE_MAX / 4), all = buf_on(NOTE_MAX);
    enum err e = tx_begin(s, &own);
    if (e == OK && (e = held_charter(s, text_hash, &held)) == OK)
        e = unite(buf_bytes(&held), note, &all);
    if (e == OK) {
        e = put_charter_row(s, text_hash, version, round, buf_bytes(&all));
        s->members_changed = true;
    }
    buf_release(&held);
    buf_release(&all);
    return tx_end(s, own, e);
}

enum err store_drop_charter(struct store *s, const struct hash *text_hash)
{
    bool own;
    enum err e = tx_begin(s, &own);
    if (e == OK)
        e = drop_by_hash(s, SQL_CHARTER_DROP, text_hash);
    s->members_changed = true;
    return tx_end(s, own, e);
}

bool store_members_changed(struct store *s)
{
    bool has_changed = s->members_changed;
    s->members_changed = false;
    return has_changed;
}

enum err store_each_charter(struct store *s, enum err (*each)(void *arg, struct bytes note), void *arg)
{
    enum err e = OK;
    struct sql q = sql_start(s, SQL_CHARTER_EACH);
    while (e == OK && sql_row(&q)) {
        struct bytes note = sql_col_bytes(&q, 4);
        if (sql_sum(sql_col_u64(&q, 1), note) != sql_col_int(&q, 3))
            sql_spoil(&q);
        e = q.e == OK ? each(arg, note) : q.e;
    }
    enum err ended = sql_end(&q);
    return e != OK ? e : ended;
}

/* Versions are of one root. What somebody signed who asked for this slug, or held it once, is no measure for who has it now. */
static bool is_of_another_root(struct bytes a, struct bytes b)
{
    struct identity *ids = calloc(2, sizeof(ids[0]));
    bool differs = ids != NULL && identity_open(a, &ids[0]) == OK && identity_open(b, &ids[1]) == OK
        && memcmp(ids[0].root.b, ids[1].root.b, sizeof(ids[0].root.b)) != 0;
    free(ids);
    return differs;
}

static enum err drop_another_roots(struct store *s, const struct slug *slug, struct bytes note)
{
    bool differs = false;
    struct sql q = sql_start(s, SQL_IDENTITY_OF);
    sql_text(&q, slug->s);
    if (sql_row(&q))
        differs = is_of_another_root(sql_col_bytes(&q, 1), note);
    enum err e = sql_end(&q);
    if (e != OK || !differs)
        return e;
    q = sql_start(s, SQL_IDENTITY_DROP);
    sql_text(&q, slug->s);
    return sql_run(&q);
}

enum err store_put_identity(struct store *s, const struct slug *slug, uint32_t version, struct bytes note)
{
    bool own;
    enum err e = tx_begin(s, &own);
    if (e == OK)
        e = drop_another_roots(s, slug, note);
    if (e == OK) {
        struct sql q = sql_start(s, SQL_IDENTITY_PUT);
        sql_text(&q, slug->s);
        sql_u64(&q, version);
        sql_int(&q, sql_sum(version, note));
        sql_blob(&q, note);
        e = sql_run(&q);
        s->members_changed = true;
    }
    return tx_end(s, own, e);
}

enum err store_each_identity(struct store *s,
                             enum err (*each)(void *arg, const struct slug *slug, uint32_t version, struct bytes note),
                             void *arg)
{
    enum err e = OK;
    struct sql q = sql_start(s, SQL_IDENTITY_EACH);
    while (e == OK && sql_row(&q)) {
        struct slug slug;
        slug_read(&q, 0, &slug);
        struct bytes note = sql_col_bytes(&q, 3);
        if (sql_sum(sql_col_u64(&q, 1), note) != sql_col_int(&q, 2))
            sql_spoil(&q);
        e = q.e == OK ? each(arg, &slug, (uint32_t)sql_col_u64(&q, 1), note) : q.e;
    }
    enum err ended = sql_end(&q);
    return e != OK ? e : ended;
}

/* ---- invites ---- */

static enum err put_invite(struct store *s, const struct invite_row *i)
{
    uint64_t others = 0;
    struct sql q = sql_start(s, SQL_INVITE_EXPIRE);
    sql_u64(&q, (uint64_t)time(NULL));
    enum err e = sql_run(&q);
    if (e != OK)
        return e;
    q = sql_start(s, SQL_INVITE_COUNT);
    sql_fixed(&q, i->token_hash.b, HASH_LEN);
    if ((e = count(&q, &others)) != OK)
        return e;
    if (others >= INVITES_MAX)
        return ERR_LIMIT;
    q = sql_start(s, SQL_INVITE_PUT);
    sql_fixed(&q, i->token_hash.b, HASH_LEN);
    sql_u64(&q, i->expires_s);
    return sql_run(&q);
}

enum err store_put_invite(struct store *s, const struct invite_row *i)
{
    bool own;
    enum err e = tx_begin(s, &own);
    if (e == OK)
        e = put_invite(s, i);
    return tx_end(s, own, e);
}

enum err store_each_invite(struct store *s, enum err (*each)(void *arg, const struct invite_row *i), void *arg)
{
    enum err e = OK;
    struct sql q = sql_start(s, SQL_INVITE_EACH);
    while (e == OK && sql_row(&q)) {
        struct invite_row i = {.expires_s = sql_col_u64(&q, 1)};
        sql_col_fixed(&q, 0, i.token_hash.b, HASH_LEN);
        e = q.e == OK ? each(arg, &i) : q.e;
    }
    enum err ended = sql_end(&q);
    return e != OK ? e : ended;
}

/* ---- requests ---- */

/* An invite is used once: the second who brings it finds it gone. */
static enum err use_invite(struct store *s, const struct hash *token_hash)
{
    enum err e = drop_by_hash(s, SQL_INVITE_DROP, token_hash);
    return e == OK && sqlite3_changes(s->db) == 0 ? ERR_UNKNOWN : e;
}

static enum err put_request(struct store *s, const struct request_row *r)
{
    uint64_t others = 0;
    struct sql q = sql_start(s, SQL_REQUEST_COUNT);
    sql_text(&q, r->slug.s);
    enum err e = count(&q, &others);
    if (e != OK)
        return e;
    if (others >= REQUESTS_MAX)
        return ERR_LIMIT;
    q = sql_start(s, SQL_REQUEST_PUT);
    sql_text(&q, r->slug.s);
    sql_u64(&q, r->since_ms);
    sql_blob(&q, r->identity);
    return sql_run(&q);
}

enum err store_put_request(struct store *s, const struct hash *token_hash, const struct request_row *r)
{
    bool own;
    enum err e = tx_begin(s, &own);
    if (e == OK && token_hash != NULL)
        e = use_invite(s, token_hash);
    if (e == OK)
        e = put_request(s, r);
    return tx_end(s, own, e);
}

enum err store_each_request(struct store *s, enum err (*each)(void *arg, const struct request_row *r), void *arg)
{
    enum err e = OK;
    struct sql q = sql_start(s, SQL_REQUEST_EACH);
    while (e == OK && sql_row(&q)) {
        struct request_row r = {.since_ms = sql_col_u64(&q, 1)};
        slug_read(&q, 0, &r.slug);
        r.identity = sql_col_bytes(&q, 2);
        e = q.e == OK ? each(arg, &r) : q.e;
    }
    enum err ended = sql_end(&q);
    return e != OK ? e : ended;
}

enum err store_drop_request(struct store *s, const struct slug *slug)
{
    bool own;
    enum err e = tx_begin(s, &own);
    if (e == OK) {
        struct sql q = sql_start(s, SQL_REQUEST_DROP);
        sql_text(&q, slug->s);
        e = sql_run(&q);
    }
    return tx_end(s, own, e);
}
