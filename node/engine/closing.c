/* node/engine/closing.c - [P-16] a later generation says where the one before stands: may it?
 *
 * Of a log that is not frozen we hold one story, and the closing must lie on it. Of a frozen one there are two, and the
 * author may go on from either; but what a quorum has witnessed stays. Where that cannot be seen from what lies here, our store is
 * asked for the root at the closing, or the peer for a proof that it grew from what we know. Nobody is
 * blamed: whoever holds the other branch, or has seen no quorum, judges otherwise and is honest. */
#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

enum { CLOSING_WAIT_MS = 30 * 1000 };

bool closing_is(const struct closing_point *p, uint64_t size, const struct hash *root)
{
    return p->size == size && hash_equal(&p->root, root);
}

/* What the closing must have grown from, or be: all that we hold of a log that is not frozen, else what a quorum saw. */
static struct closing_point base_of(const struct elog *prev)
{
    struct closing_point p = {.size = prev->quorum_size, .root = prev->quorum_root};
    if (!prev->is_frozen)
        p = (struct closing_point){.size = prev->stored.size, .root = frontier_root(&prev->stored)};
    return p;
}

/* What is known of it without asking anybody. */
static enum closing_state look(const struct elog *log, const struct elog *prev, const struct closing_point *at)
{
    struct closing_point base = base_of(prev);
    if (closing_is(&log->closing.proved, at->size, &at->root))
        return CLOSING_HOLDS;
    if (at->size == 0 || at->size < prev->quorum_size)
        return CLOSING_FAILS;
    if (base.size == at->size)
        return hash_equal(&base.root, &at->root) ? CLOSING_HOLDS : CLOSING_FAILS;
    if (prev->is_frozen && (base.size == 0 || closing_is(at, prev->whole, &prev->whole_root)))
        return CLOSING_HOLDS;
    return CLOSING_ASK;
}

enum closing_state closing_look(const struct engine *e, const struct elog *log, uint64_t size, const struct hash *root)
{
    struct closing_point at = {size, *root};
    const struct elog *prev = log_before(e, log);
    return prev == NULL || prev->stored.size == 0 ? CLOSING_FAILS : look(log, prev, &at);
}

static void report_refused(struct engine *e, const struct elog *log)
{
    report(e, REPORT_WARN, "log=%s generation=%u closes=%llu state=unproved", log->ref.slug.s, (unsigned)log->ref.generation,
           (unsigned long long)log->closing.asked.size);
}

static void over(struct elog *log)
{
    log->closing.link = 0;
}

static void refuse(struct engine *e, struct elog *log)
{
    struct elink *l = link_find(e, log->closing.link);
    report_refused(e, log);
    over(log);
    if (l != NULL)
        pull_fail(e, log, l);
}

static void accept(struct engine *e, struct elog *log)
{
    log->closing.proved = log->closing.asked;
    over(log);
    pull_more(e);
}

/* A peer that tells of less can prove nothing, and one that is asked for what it lacks would have to hang up. */
static void ask_peer(struct engine *e, struct elog *log, struct elog *prev)
{
    struct elink *l = link_find(e, log->closing.link);
    struct closing_point base = base_of(prev);
    if (l == NULL || e->cfg.is_import || base.size > log->closing.asked.size
        || link_plog(e, l, prev)->size < log->closing.asked.size) {
        refuse(e, log);
        return;
    }
    log->closing.base = base;
    log->closing.is_reading = false;
    log->closing.asked_ms = e->now_ms;
    struct msg_prove p = {.log = prev->ref, .from = base.size, .size = log->closing.asked.size};
    put_prove(send_begin(e, l), &p);
    send_end(e, l);
    timer_at(e, e->now_ms + CLOSING_WAIT_MS);
}

static void ask_store(struct engine *e, struct elog *log, const struct elog *prev)
{
    struct ticket *t;
    struct effect *f = fx_add(e, FX_PROVE);
    f->ticket = ticket_new(e, TICKET_CLOSING, &t);
    t->log = log->id;
    t->from = log->closing.asked.size;
    f->ref = prev->ref;
    f->from = log->closing.asked.size;
    f->whole = prev->stored.size;
    log->closing.is_reading = true;
}

void closing_ask(struct engine *e, struct elog *log, struct elink *l, uint64_t size, const struct hash *root)
{
    struct elog *prev = log_before(e, log);
    pull_drop(e, log, true);
    log->closing.asked = (struct closing_point){size, *root};
    log->closing.link = l->id;
    if (prev == NULL || closing_look(e, log, size, root) != CLOSING_ASK)
        refuse(e, log);
    else if (size <= prev->stored.size)
        ask_store(e, log, prev);
    else
        ask_peer(e, log, prev);
}

/* Our own branch has this root there, or another. */
void closing_ready(struct engine *e, const struct event *ev, const struct ticket *t)
{
    struct elog *log = e->logs[t->log], *prev = log_before(e, log);
    if (log->closing.link == 0 || !log->closing.is_reading || log->closing.asked.size != t->from || prev == NULL)
        return;
    if (ev->err == OK && hash_equal(&ev->root, &log->closing.asked.root))
        accept(e, log);
    else if (ev->err == OK && prev->is_frozen)
        ask_peer(e, log, prev);             /* the other branch, perhaps: but what a quorum saw must be on it */
    else
        refuse(e, log);
}

bool closing_proof(struct engine *e, const struct elink *l, const struct msg_proof *m)
{
    const struct elog *prev = log_find(e, &m->log);
    struct elog *log = prev != NULL ? log_after(e, prev) : NULL;
    if (log == NULL || log->closing.link != l->id || log->closing.is_reading || m->from != log->closing.base.size
        || m->size != log->closing.asked.size)
        return false;
    if (m->has_proof && hash_equal(&m->root_from, &log->closing.base.root)
        && merkle_check_consistency(m->from, m->size, &m->root_from, &log->closing.asked.root, &m->proof) == OK)
        accept(e, log);
    else
        refuse(e, log);
    return true;
}

void closing_link_over(struct elog *log, const struct elink *l)
{
    if (log->closing.link == l->id)
        over(log);
}

void closing_tick(struct engine *e)
{
    for (size_t i = 0; i < e->n_logs; i++) {
        struct elog *log = e->logs[i];
        if (log->closing.link == 0 || log->closing.is_reading)
            continue;
        if (e->now_ms - log->closing.asked_ms < CLOSING_WAIT_MS)
            timer_at(e, log->closing.asked_ms + CLOSING_WAIT_MS);
        else
            refuse(e, log);
    }
}

/* Once the next generation is held, entries above the closing are void, whoever signs them: none is fetched. */
bool closing_is_reached(const struct engine *e, const struct elog *log)
{
    const struct elog *next = log_after(e, log);
    return next != NULL && next->stored.size > 0 && log->tip.size >= next->closes.size;
}

void closing_local(struct engine *e, struct elog *log, struct bytes note)
{
    struct identity *id = malloc(sizeof(*id));
    if (id == NULL)
        no_memory(e);
    else if (log->ref.generation > 1 && identity_verify(e, &log->ref.slug, note, id) == OK && id->has_closes)
        log->closes = (struct closing_point){id->closes_size, id->closes_root};
    free(id);
}
