#include <string.h>

#include "node/engine/inner.h"

enum { LOOK_AGAIN_MS = 60 * 1000 };
static const uint64_t NEVER = UINT64_MAX;

int witness_place(const struct engine *e, const struct slug *slug)
{
    for (size_t i = 0; i < e->n_witnesses; i++)
        if (slug_equal(&e->witnesses[i], slug))
            return (int)i;
    return -1;
}

bool cosig_stands(const struct elog *log, const struct cosig *c)
{
    return log->whole > 0 && c->size == log->whole && hash_equal(&c->root, &log->whole_root);
}

/* ---- our promise ---- */

/* What can be known at once of whether our promise lies on the line that is held. */
void witness_compare(struct engine *e, struct elog *log)
{
    bool was_broken = log->promise == PROMISE_BROKEN;
    bool is_here = log->cosigned_size != 0 && log->cosigned_size == log->whole;
    log->promise = PROMISE_UNKNOWN;
    if (is_here)
        log->promise = hash_equal(&log->cosigned_root, &log->whole_root) ? PROMISE_KEPT : PROMISE_BROKEN;
    if (log->promise == PROMISE_BROKEN && !was_broken)
        report(e, REPORT_WARN, "log=%s cosigned=%llu promise=broken", log->ref.slug.s,
               (unsigned long long)log->cosigned_size);
}

/* Beyond that the store is asked for the root where we promised. */
static void ask_promise(struct engine *e, struct elog *log)
{
    if (log->cosigned_size > log->stored.size || ticket_waits(e, TICKET_PROMISE, log->id))
        return;
    struct ticket *t;
    struct effect *f = fx_add(e, FX_PROVE);
    f->ticket = ticket_new(e, TICKET_PROMISE, &t);
    t->log = log->id;
    t->from = log->cosigned_size;
    f->ref = log->ref;
    f->from = log->cosigned_size;
    f->whole = log->stored.size;
}

void promise_ready(struct engine *e, const struct event *ev, struct ticket *t)
{
    struct elog *log = e->logs[t->log];
    if (ev->err != OK || t->from != log->cosigned_size) {
        witness_try_at(e, log, e->now_ms + LOOK_AGAIN_MS);
        return;
    }
    log->promise = hash_equal(&ev->root, &log->cosigned_root) ? PROMISE_KEPT : PROMISE_BROKEN;
    if (log->promise == PROMISE_BROKEN)
        report(e, REPORT_WARN, "log=%s cosigned=%llu promise=broken", log->ref.slug.s, (unsigned long long)t->from);
    witness_try(e, log);
}

/* [P-61] Our own promise comes back to us from a peer: it binds us, whatever our disk has forgotten. */
void witness_adopt(struct engine *e, struct elog *log, const struct cosig *c)
{
    if (!cosig_holds(e, log, c))
        return;
    log->cosigned_size = c->size;
    log->cosigned_root = c->root;
    log->cosigned_at_s = c->time_s;
    witness_compare(e, log);
    cosig_keep(e, log, c, true, 0);
}

/* ---- making them ---- */

/* A store that was taken back has forgotten promises which peers remember: whoever can be reached is heard first. */
void witness_look_round(struct engine *e)
{
    if (e->has_looked_round || !e->is_started || !dial_is_settled(e))
        return;
    for (size_t i = 0; i < e->n_links; i++)
        if (e->links[i]->state == LINK_GREETING || e->links[i]->state == LINK_ASKED
            || (e->links[i]->state == LINK_OPEN && !e->links[i]->knows_vector))
            return;
    e->has_looked_round = true;
    for (size_t i = 0; i < e->n_logs; i++)
        witness_try_at(e, e->logs[i], e->now_ms);
}

/* [P-60] A witness cosigns what it holds whole and durable, no more than once a second a log, nothing dated
 * far ahead; and after a start not before a peer's HAVE for it came, so that its own earlier promises have
 * had their chance to return. 0: now; else how long to wait; NEVER: until something else happens. */
static uint64_t wait_to_cosign(const struct engine *e, const struct elog *log)
{
    if (!e->may_witness || !e->is_started || log->is_frozen || e->own_place < 0 || !log->is_named
        || (!log->is_heard && e->n_members > 1))
        return NEVER;
    if (!e->has_looked_round && e->now_ms < e->look_until_ms)
        return e->look_until_ms - e->now_ms;
    if (log->has_cosigned && e->now_ms - log->cosign_ms < COSIGN_EVERY_MS)
        return log->cosign_ms + COSIGN_EVERY_MS - e->now_ms;
    if (log->newest_time_ms <= e->wall_ms + CLOCK_AHEAD_MAX_MS)
        return 0;
    uint64_t ahead = log->newest_time_ms - e->wall_ms - CLOCK_AHEAD_MAX_MS;
    return ahead < LOOK_AGAIN_MS ? ahead : LOOK_AGAIN_MS;
}

/* Sizes only grow, one size has one root, and all of them lie on one line. */
static bool keeps_promise(struct engine *e, struct elog *log, uint64_t size, const struct hash *root)
{
    if (log->cosigned_size == 0)
        return true;
    if (size < log->cosigned_size)
        return false;
    if (size == log->cosigned_size)
        return hash_equal(root, &log->cosigned_root);
    if (log->promise == PROMISE_UNKNOWN)
        ask_promise(e, log);
    return log->promise == PROMISE_KEPT;
}

bool witness_may_cosign(struct engine *e, struct elog *log, uint64_t size, const struct hash *root)
{
    return wait_to_cosign(e, log) == 0 && keeps_promise(e, log, size, root);
}

void witness_make(struct engine *e, struct elog *log, uint64_t size, const struct hash *root, struct cosig *ret)
{
    struct checkpoint c = {.origin = log->origin, .size = size, .root = *root};
    struct origin us = {.alliance = e->cfg.alliance, .slug = e->self, .generation = 1};
    uint64_t time_s = e->wall_ms / 1000 > 0 ? e->wall_ms / 1000 : 1;
    *ret = (struct cosig){.log = log->ref, .size = size, .root = *root, .witness = e->self, .time_s = time_s};
    checkpoint_cosign(&c, &us, &e->cfg.witness, time_s, &ret->sig);
    log->cosign_ms = e->now_ms;
    log->has_cosigned = true;
}

void witness_try_at(struct engine *e, struct elog *log, uint64_t at_ms)
{
    if (!e->may_witness || e->cfg.is_import)
        return;
    log->try_ms = at_ms > 0 ? at_ms : 1;
    timer_at(e, log->try_ms);
}

static bool is_ours_waited_for(const struct engine *e, const struct elog *log)
{
    for (size_t i = 0; i < e->n_tickets; i++)
        if (e->tickets[i]->kind == TICKET_COSIG && e->tickets[i]->log == log->id && e->tickets[i]->is_ours)
            return true;
    return false;
}

void witness_try(struct engine *e, struct elog *log)
{
    log->try_ms = 0;
    if (log->whole == 0 || log->whole_note.len == 0 || log->n_appends > 0 || log->is_unsure || is_ours_waited_for(e, log))
        return;                             /* what is under way brings us back */
    const struct cosig *held = cosig_of(log, &e->self);
    bool is_old = log->cosigned_at_s * 1000 + COSIGN_AT_LEAST_MS <= e->wall_ms;
    if (held != NULL && cosig_stands(log, held) && !is_old)
        return;
    uint64_t wait = wait_to_cosign(e, log);
    if (wait == NEVER)
        return;
    if (wait > 0) {
        witness_try_at(e, log, e->now_ms + wait);
        return;
    }
    if (!keeps_promise(e, log, log->whole, &log->whole_root))
        return;
    struct cosig c;
    witness_make(e, log, log->whole, &log->whole_root, &c);
    cosig_keep(e, log, &c, true, 0);
}
