#include "node/store/inside.h"

#include <assert.h>
#include <string.h>

/* Small rows that one program leaves for the other: settings, heads, peers, announcements, asks. */

enum err store_set(struct store *s, const char *key, struct bytes value)
{
    bool own;
    assert(strcmp(key, "schema") != 0);         /* schema.c's own */
    enum err e = tx_begin(s, &own);
    if (e == OK) {
        struct sql q = sql_start(s, SQL_META_PUT);
        sql_text(&q, key);
        sql_blob(&q, value);
        e = sql_run(&q);
    }
    return tx_end(s, own, e);
}

enum err store_get(struct store *s, const char *key, struct buf *ret)
{
    bool found = false;
    buf_clear(ret);
    struct sql q = sql_start(s, SQL_META_GET);
    sql_text(&q, key);
    if (sql_row(&q)) {
        found = true;
        buf_put(ret, sql_col_bytes(&q, 0));
    }
    enum err e = sql_end(&q);
    if (e == OK)
        e = found ? buf_status(ret) : ERR_UNKNOWN;
    return e;
}

enum err store_unset(struct store *s, const char *key)
{
    bool own;
    assert(strcmp(key, "schema") != 0);
    enum err e = tx_begin(s, &own);
    if (e == OK) {
        struct sql q = sql_start(s, SQL_META_DROP);
        sql_text(&q, key);
        e = sql_run(&q);
    }
    return tx_end(s, own, e);
}

enum err store_put_head(struct store *s, const struct head_row *h)
{
    bool own;
    enum err e = tx_begin(s, &own);
    if (e == OK) {
        struct sql q = sql_start(s, SQL_HEAD_PUT);
        sql_text(&q, h->peer.s);
        sql_u64(&q, h->generation);
        sql_u64(&q, h->size);
        sql_fixed(&q, h->root.b, SHORT_ROOT_LEN);
        sql_u64(&q, h->at_ms);
        e = sql_run(&q);
    }
    return tx_end(s, own, e);
}

enum err store_each_head(struct store *s, enum err (*each)(void *arg, const struct head_row *h), void *arg)
{
    enum err e = OK;
    struct sql q = sql_start(s, SQL_HEAD_EACH);
    while (e == OK && sql_row(&q)) {
        struct head_row h = {.generation = (uint32_t)sql_col_u64(&q, 1), .size = sql_col_u64(&q, 2)};
        slug_read(&q, 0, &h.peer);
        sql_col_fixed(&q, 3, h.root.b, SHORT_ROOT_LEN);
        h.at_ms = sql_col_u64(&q, 4);
        e = q.e == OK ? each(arg, &h) : q.e;
    }
    enum err ended = sql_end(&q);
    return e != OK ? e : ended;
}

enum err store_put_peer(struct store *s, const struct peer_row *p)
{
    bool own;
    enum err e = tx_begin(s, &own);
    if (e == OK) {
        struct sql q = sql_start(s, SQL_PEER_PUT);
        sql_text(&q, p->slug.s);
        sql_text(&q, p->address);
        sql_u64(&q, p->state);
        sql_int(&q, p->rtt_ms);
        sql_text(&q, p->last_error);
        sql_u64(&q, p->heard_ms);
        sql_text(&q, p->program);
        sql_u64(&q, PEER_OPEN);
        e = sql_run(&q);
    }
    return tx_end(s, own, e);
}

static void peer_read(struct sql *q, struct peer_row *ret)
{
    struct peer_row p = {.rtt_ms = sql_col_int(q, 3), .heard_ms = sql_col_u64(q, 5)};
    uint64_t state = sql_col_u64(q, 2);
    slug_read(q, 0, &p.slug);
    if (bytes_to_str(sql_col_bytes(q, 1), p.address, sizeof(p.address)) != OK
        || bytes_to_str(sql_col_bytes(q, 4), p.last_error, sizeof(p.last_error)) != OK
        || bytes_to_str(sql_col_bytes(q, 6), p.program, sizeof(p.program)) != OK || state >= PEER_STATE_COUNT)
        sql_spoil(q);
    p.state = (enum peer_state)state;
    *ret = p;
}

enum err store_each_peer(struct store *s, enum err (*each)(void *arg, const struct peer_row *p), void *arg)
{
    enum err e = OK;
    struct sql q = sql_start(s, SQL_PEER_EACH);
    while (e == OK && sql_row(&q)) {
        struct peer_row p;
        peer_read(&q, &p);
        e = q.e == OK ? each(arg, &p) : q.e;
    }
    enum err ended = sql_end(&q);
    return e != OK ? e : ended;
}

enum err store_put_announced(struct store *s, const struct log_ref *log, uint64_t size)
{
    bool own;
    enum err e = tx_begin(s, &own);
    if (e == OK) {
        struct sql q = sql_start(s, SQL_ANNOUNCED_PUT);
        sql_text(&q, log->slug.s);
        sql_u64(&q, log->generation);
        sql_u64(&q, size < INT64_MAX ? size : INT64_MAX);       /* a peer's claim; SQL compares it signed */
        e = sql_run(&q);
    }
    return tx_end(s, own, e);
}

enum err store_forget_announced(struct store *s)
{
    bool own;
    enum err e = tx_begin(s, &own);
    if (e == OK) {
        struct sql q = sql_start(s, SQL_ANNOUNCED_FORGET);
        e = sql_run(&q);
    }
    return tx_end(s, own, e);
}

enum err store_each_announced(struct store *s, enum err (*each)(void *arg, const struct log_ref *log, uint64_t size),
                              void *arg)
{
    enum err e = OK;
    struct sql q = sql_start(s, SQL_ANNOUNCED_EACH);
    while (e == OK && sql_row(&q)) {
        struct log_ref ref = {.generation = (uint32_t)sql_col_u64(&q, 1)};
        slug_read(&q, 0, &ref.slug);
        e = q.e == OK ? each(arg, &ref, sql_col_u64(&q, 2)) : q.e;
    }
    enum err ended = sql_end(&q);
    return e != OK ? e : ended;
}

enum err store_put_ask(struct store *s, enum ask_kind kind, uint64_t at_ms)
{
    bool own;
    assert(kind < ASK_COUNT);
    enum err e = tx_begin(s, &own);
    if (e == OK) {
        struct sql q = sql_start(s, SQL_ASK_PUT);
        sql_u64(&q, kind);
        sql_u64(&q, at_ms);
        e = sql_run(&q);
    }
    return tx_end(s, own, e);
}

/* Rows are gone once taken; an error of `each` leaves them all. */
static enum err take_asks(struct store *s, enum err (*each)(void *arg, enum ask_kind kind), void *arg)
{
    enum err e = OK;
    struct sql q = sql_start(s, SQL_ASK_EACH);
    while (e == OK && sql_row(&q)) {
        uint64_t kind = sql_col_u64(&q, 0);
        if (kind < ASK_COUNT)                   /* a newer program asks for what we do not know */
            e = each(arg, (enum ask_kind)kind);
    }
    enum err ended = sql_end(&q);
    if (e != OK || ended != OK)
        return e != OK ? e : ended;
    q = sql_start(s, SQL_ASK_CLEAR);
    return sql_run(&q);
}

enum err store_take_asks(struct store *s, enum err (*each)(void *arg, enum ask_kind kind), void *arg)
{
    bool own;
    enum err e = tx_begin(s, &own);
    if (e == OK)
        e = take_asks(s, each, arg);
    return tx_end(s, own, e);
}
