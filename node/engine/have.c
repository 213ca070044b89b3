#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

static bool is_told(const struct elog *log)
{
    uint64_t size;
    struct hash root;
    return log_shown(log, &size, &root);
}

static struct have have_of(const struct engine *e, const struct elog *log, bool with_bitmap)
{
    uint64_t size = 0;
    struct hash root = {{0}};
    (void)log_shown(log, &size, &root);
    return (struct have){
        .log = log->ref,
        .size = size,
        .root = short_root_of(&root),
        .witnesses = with_bitmap ? cosigs_bitmap(e, log) : 0,
        .flags = log->is_frozen ? HAVE_FROZEN : 0,
    };
}

/* All we hold whole, in order; malloc'd. */
static struct have *vector_new(struct engine *e, bool with_bitmap, size_t *ret_n)
{
    struct have *v = calloc(e->n_logs + 1, sizeof(*v));
    if (v == NULL) {
        no_memory(e);
        return NULL;
    }
    *ret_n = 0;
    for (size_t i = 0; i < e->n_logs; i++) {
        const struct elog *log = e->logs[e->sorted[i]];
        if (is_told(log) && *ret_n < HAVE_ITEMS_MAX)
            v[(*ret_n)++] = have_of(e, log, with_bitmap);
    }
    return v;
}

static bool vector_hash(struct engine *e, struct hash *ret)
{
    size_t n;
    struct have *v = vector_new(e, false, &n);
    enum err err = v != NULL ? have_vector_hash(n, v, ret) : ERR_NOMEM;
    free(v);
    return err == OK || no_memory(e);
}

static void ask_with(struct engine *e, struct elink *l, const struct hash *h)
{
    l->has_asked = true;
    l->asked = *h;
    put_have_hash(send_begin(e, l), h);
    send_end(e, l);
}

void have_ask(struct engine *e, struct elink *l)
{
    struct hash h;
    if (vector_hash(e, &h))
        ask_with(e, l, &h);
}

void have_ask_again(struct engine *e)
{
    for (size_t i = 0; i < e->n_links; i++) {
        struct elink *l = e->links[i];
        if (l->state != LINK_OPEN || !l->has_passed_over)
            continue;
        l->has_passed_over = false;
        have_ask(e, l);
    }
}

/* A witness must see its own promises before it makes new ones: so they go first. */
static void give_vector(struct engine *e, struct elink *l, const struct hash *h)
{
    size_t n;
    struct have *v = vector_new(e, link_same_charter(e, l), &n);
    if (v == NULL)
        return;
    cosigs_return(e, l);
    l->has_given = true;
    l->given = *h;
    put_have_vector(send_begin(e, l), h, n, v);
    send_end(e, l);
    free(v);
}

static void tell_one(struct engine *e, struct elink *l, const struct elog *log)
{
    struct have h = have_of(e, log, link_same_charter(e, l));
    put_have(send_begin(e, l), 1, &h);
    send_end(e, l);
}

/* A peer that is ahead of us wants nothing from us: it hears when we are level. */
void have_tell(struct engine *e, struct elog *log)
{
    uint64_t size;
    struct hash root;
    log->say_again_ms = 0;
    if (!log_shown(log, &size, &root))
        return;
    for (size_t i = 0; i < e->n_links; i++) {
        struct elink *l = e->links[i];
        if (l->state == LINK_OPEN && !e->cfg.is_import && (log->is_frozen || link_plog(e, l, log)->size <= size))
            tell_one(e, l, log);
    }
}

void have_tell_lacking(struct engine *e, struct elink *l)
{
    uint32_t all = (uint32_t)(((uint64_t)1 << e->n_witnesses) - 1);
    for (size_t i = 0; i < e->n_logs && link_same_charter(e, l); i++)
        if (is_told(e->logs[i]) && cosigs_bitmap(e, e->logs[i]) != all)
            tell_one(e, l, e->logs[i]);
}

/* ---- what peers say ---- */

/* A peer that has told all it holds told of this log: its returning cosignatures came before. */
static void heard(struct engine *e, struct elog *log)
{
    if (log->is_heard)
        return;
    log->is_heard = true;
    witness_try_at(e, log, e->now_ms);
}

/* Who named a head and did not give it is still asked, after the others; people are not told of it. What is stored
 * counts as announced anyway, so a word that was overtaken need not be taken back. */
void log_announce(struct engine *e, struct elog *log)
{
    uint64_t named = 0, good = 0, max;
    (void)log_may_hold(log, &max);
    for (size_t i = 0; i < e->n_links; i++) {
        const struct elink *l = e->links[i];
        const struct plog *pl = l->state == LINK_OPEN && log->id < l->n_plogs ? &l->plogs[log->id] : NULL;
        if (pl == NULL || pl->size <= good)
            continue;
        named = pl->size > named ? pl->size : named;
        const struct epeer *p = peer_find(e, &l->slug);
        if (!pl->has_failed && (p == NULL || p->n_failures == 0))
            good = pl->size;
    }
    log->announced = named;
    good = good < max ? good : max;
    if (good <= log->told && log->told <= (good > log->stored.size ? good : log->stored.size))
        return;
    log->told = good;
    struct effect *f = fx_add(e, FX_PUT_ANNOUNCED);
    f->ref = log->ref;
    f->whole = good;
}

static void compare(struct engine *e, struct elink *l, struct elog *log, const struct have *h)
{
    struct have ours = have_of(e, log, false);
    if (log->is_frozen && (h->flags & HAVE_FROZEN) == 0 && log->evidence.len > 0) {
        put_evidence(send_begin(e, l), buf_bytes(&log->evidence));
        send_end(e, l);
    }
    if (h->size != ours.size || ours.size == 0)
        return;
    if (memcmp(ours.root.b, h->root.b, SHORT_ROOT_LEN) == 0) {
        cosigs_fill_in(e, l, log);
    } else if (!log->is_frozen && log->whole_note.len > 0) {
        /* [P-53] Equal size, different root: both show what they hold signed. */
        put_checkpoint(send_begin(e, l), &log->ref, buf_bytes(&log->whole_note));
        send_end(e, l);
    }
}

static void take_have(struct engine *e, struct elink *l, const struct have *h)
{
    struct elog *log = log_get(e, &h->log);
    if (log == NULL) {
        l->has_passed_over = l->has_passed_over || h->log.generation > 1;
        e->ignored_slugs++;
        return;
    }
    struct plog *pl = link_plog(e, l, log);
    if (h->size != pl->size)
        pl->given = 0;
    if (h->size > pl->size)
        pl->has_failed = false;
    pl->size = h->size;
    pl->root = h->root;
    pl->flags = h->flags;
    pl->witnesses = link_same_charter(e, l) ? h->witnesses : 0;
    if (l->knows_vector)
        heard(e, log);
    log_announce(e, log);
    compare(e, l, log, h);
}

/* Equal hashes: the peer holds exactly what we hold. Only who cosigned it is not in the hash: each
 * tells of the logs for which it still lacks some. */
static void take_equal(struct engine *e, struct elink *l)
{
    uint32_t all = (uint32_t)(((uint64_t)1 << e->n_witnesses) - 1);
    bool is_same = link_same_charter(e, l);
    for (size_t i = 0; i < e->n_logs; i++) {
        struct elog *log = e->logs[i];
        if (!is_told(log))
            continue;
        struct plog *pl = link_plog(e, l, log);
        struct have ours = have_of(e, log, false);
        pl->size = ours.size;
        pl->root = ours.root;
        pl->flags = ours.flags;
        pl->witnesses = is_same ? all : 0;
        heard(e, log);
    }
    have_tell_lacking(e, l);
}

/* The hash of nothing: who holds nothing has told it all by that. */
static bool is_empty_hash(struct engine *e, const struct hash *h)
{
    struct hash none;
    return (have_vector_hash(0, NULL, &none) == OK || no_memory(e)) && hash_equal(h, &none);
}

/* A hash asks: hold you the same? It is answered by the same hash, where it was not our own last question
 * anyway, or by our vector. A change in between goes as a delta behind. */
static void take_hash(struct engine *e, struct elink *l, const struct hash *h)
{
    struct hash ours;
    if (!vector_hash(e, &ours))
        return;
    bool was_asked = l->has_asked && hash_equal(h, &l->asked);
    if (hash_equal(h, &ours) || was_asked) {
        l->knows_vector = true;
        take_equal(e, l);
        if (!was_asked)
            ask_with(e, l, &ours);
        return;
    }
    if (is_empty_hash(e, h))
        l->knows_vector = true;
    if (!l->has_given || !hash_equal(&l->given, &ours) || !hash_equal(&l->given_to, h)) {
        l->given_to = *h;
        give_vector(e, l, &ours);
    }
}

void on_have(struct engine *e, struct elink *l, struct msg_have *m)
{
    if (m->has_hash && m->n > 0)
        l->knows_vector = true;
    else if (m->has_hash)
        take_hash(e, l, &m->hash);
    struct have h;
    while (have_next(m, &h))
        take_have(e, l, &h);
    pull_more(e);                           /* feeds the streams, too: one may have waited for just this */
}

/* ---- by the clock ---- */

static void say_again(struct engine *e, struct elog *log)
{
    have_tell(e, log);
    for (size_t i = 0; i < e->n_links; i++) {
        struct elink *l = e->links[i];
        const struct plog *pl = l->state == LINK_OPEN ? link_plog(e, l, log) : NULL;
        struct have ours = have_of(e, log, false);
        if (pl != NULL && pl->size == ours.size && memcmp(pl->root.b, ours.root.b, SHORT_ROOT_LEN) == 0)
            cosigs_fill_in(e, l, log);
    }
}

/* Once an hour one hash of the whole vector is compared with a random peer, and old cosignatures are renewed. */
static void check_vector(struct engine *e)
{
    e->vector_check_ms = e->now_ms + VECTOR_CHECK_MS;
    struct elink *l = e->n_links > 0 ? e->links[engine_random(e) % e->n_links] : NULL;
    if (l != NULL && l->state == LINK_OPEN) {
        l->has_given = false;
        have_ask(e, l);
    }
    for (size_t i = 0; i < e->n_logs; i++)
        witness_try(e, e->logs[i]);
}

void logs_tick(struct engine *e)
{
    for (size_t i = 0; i < e->n_logs; i++) {
        struct elog *log = e->logs[i];
        if (log->say_again_ms != 0 && log->say_again_ms <= e->now_ms)
            say_again(e, log);
        else if (log->say_again_ms != 0)
            timer_at(e, log->say_again_ms);
        if (log->try_ms != 0 && log->try_ms <= e->now_ms)
            witness_try(e, log);
        else if (log->try_ms != 0)
            timer_at(e, log->try_ms);
    }
    if (e->is_started && !e->cfg.is_import && e->vector_check_ms <= e->now_ms)
        check_vector(e);
}
