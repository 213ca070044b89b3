#include <string.h>

#include "node/engine/inner.h"

/* The witness's place in the charter's list; -1 when it is none. */
static int witness_place(const struct engine *e, const struct slug *slug)
{
    const struct charter *c = charter_now(e);
    struct slug list[WITNESSES_MAX];
    size_t n = c != NULL ? charter_witnesses(c, list) : 0;
    for (size_t i = 0; i < n; i++)
        if (slug_equal(&list[i], slug))
            return (int)i;
    return -1;
}

static const struct sign_public *witness_key(struct engine *e, const struct slug *slug)
{
    if (slug_equal(slug, &e->self))
        return &e->identity.witness;
    const struct epeer *p = peer_find(e, slug);
    return p != NULL && p->identity != NULL ? &p->identity->witness : NULL;
}

static struct origin witness_origin(const struct engine *e, const struct slug *slug)
{
    return (struct origin){.alliance = e->cfg.alliance, .slug = *slug, .generation = 1};
}

uint32_t witness_bitmap(const struct engine *e, const struct elog *log)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < log->n_cosigs; i++) {
        int at = witness_place(e, &log->cosigs[i].witness);
        if (at >= 0)
            bits |= (uint32_t)1 << at;
    }
    return bits;
}

static bool holds_cosig(const struct elog *log, const struct slug *witness)
{
    for (size_t i = 0; i < log->n_cosigs; i++)
        if (slug_equal(&log->cosigs[i].witness, witness))
            return true;
    return false;
}

static void send_cosig(struct engine *e, struct elink *l, struct elog *log, const struct cosig *c)
{
    int at = witness_place(e, &c->witness);
    struct plog *pl = link_plog(e, l, log);
    if (at < 0 || (pl->given & (uint32_t)1 << at) != 0)
        return;
    pl->given |= (uint32_t)1 << at;
    put_cosig(send_begin(e, l), c);
    send_end(e, l);
}

/* ---- making them ---- */

/* [P-60] A witness cosigns what it holds whole and durable, no more than once a second a log, nothing dated
 * far ahead; and after a start not before a peer's HAVE for it came, so that its own earlier promises have
 * had their chance to return. */
bool witness_may_cosign(struct engine *e, struct elog *log, uint64_t newest_time_ms)
{
    if (!e->cfg.has_witness || e->cfg.is_import || !e->is_started || log->is_frozen
        || witness_place(e, &e->self) < 0)
        return false;
    bool is_alone = charter_now(e)->n_members == 1;
    if (!log->is_heard && !is_alone)
        return false;
    if (log->has_cosigned && e->now_ms - log->cosign_ms < COSIGN_EVERY_MS)
        return false;
    return newest_time_ms <= e->wall_ms + CLOCK_AHEAD_MAX_MS;
}

/* Sizes only grow; one size has one root. */
static bool keeps_promise(const struct elog *log, uint64_t size, const struct hash *root)
{
    if (size != log->cosigned_size)
        return size > log->cosigned_size;
    return hash_equal(root, &log->cosigned_root);
}

void witness_make(struct engine *e, struct elog *log, uint64_t size, const struct hash *root, struct cosig *ret)
{
    struct checkpoint c = {.origin = log->origin, .size = size, .root = *root};
    struct origin us = witness_origin(e, &e->self);
    *ret = (struct cosig){.log = log->ref, .size = size, .root = *root, .witness = e->self, .time_s = e->wall_ms / 1000};
    checkpoint_cosign(&c, &us, &e->cfg.witness, ret->time_s, &ret->sig);
    log->cosign_ms = e->now_ms;
    log->has_cosigned = true;
}

void witness_try(struct engine *e, struct elog *log)
{
    bool is_daily = log->cosigned_at_s * 1000 + COSIGN_AT_LEAST_MS <= e->wall_ms;
    if (log->whole == 0 || log->whole_note.len == 0 || log->n_appends > 0 || !keeps_promise(log, log->whole, &log->whole_root)
        || (holds_cosig(log, &e->self) && !is_daily) || ticket_waits(e, TICKET_COSIG, log->id))
        return;
    if (!witness_may_cosign(e, log, log->newest_time_ms)) {
        if (log->is_heard && log->has_cosigned) {
            log->say_again_ms = log->cosign_ms + COSIGN_EVERY_MS;
            timer_at(e, log->say_again_ms);
        }
        return;
    }
    struct ticket *t;
    struct effect *f = fx_add(e, FX_PUT_COSIG);
    f->ticket = ticket_new(e, TICKET_COSIG, &t);
    t->log = log->id;
    t->is_ours = true;
    witness_make(e, log, log->whole, &log->whole_root, &t->cosig);
    f->cosig = t->cosig;
    f->is_ours = true;
}

/* ---- keeping them ---- */

/* A cosignature over the checkpoint held whole is durable: ours goes to everybody at once, others' to
 * those whose bitmap still lacks it a second later. */
void witness_add(struct engine *e, struct elog *log, const struct cosig *c)
{
    if (slug_equal(&c->witness, &e->self) && c->size >= log->cosigned_size) {
        log->cosigned_size = c->size;
        log->cosigned_root = c->root;
        log->cosigned_at_s = c->time_s;
    }
    if (c->size != log->whole || !hash_equal(&c->root, &log->whole_root) || log->n_cosigs == WITNESSES_MAX)
        return;
    for (size_t i = 0; i < log->n_cosigs; i++) {
        if (slug_equal(&log->cosigs[i].witness, &c->witness)) {
            log->cosigs[i] = *c;
            return;
        }
    }
    log->cosigs[log->n_cosigs++] = *c;
    if (slug_equal(&c->witness, &e->self))
        for (size_t i = 0; i < e->n_links; i++)
            if (e->links[i]->state == LINK_OPEN)
                send_cosig(e, e->links[i], log, c);
    if (log->n_cosigs == charter_quorum(charter_now(e))) {
        struct effect *f = fx_add(e, FX_KEEP_CHECKPOINT);
        f->ref = log->ref;
        f->whole = log->whole;
    }
    if (log->say_again_ms == 0) {
        log->say_again_ms = e->now_ms + COSIGN_EVERY_MS;
        timer_at(e, log->say_again_ms);
    }
}

void cosig_local(struct engine *e, const struct log_ref *ref, const struct cosig *c)
{
    struct elog *log = engine_log_find(e, ref);
    if (log != NULL && c->size == log->whole && log->n_cosigs < WITNESSES_MAX && !holds_cosig(log, &c->witness))
        log->cosigs[log->n_cosigs++] = *c;
}

void cosig_stored(struct engine *e, struct ticket *t)
{
    struct elog *log = e->logs[t->log];
    if (charter_is_ready(e))
        witness_add(e, log, &t->cosig);
}

static bool cosig_holds(struct engine *e, struct elog *log, const struct cosig *c)
{
    const struct sign_public *key = witness_key(e, &c->witness);
    struct checkpoint cp = {.origin = log->origin, .size = c->size, .root = c->root};
    struct origin witness = witness_origin(e, &c->witness);
    return key != NULL && checkpoint_check_cosignature(&cp, &witness, key, c->time_s, &c->sig) == OK;
}

static void keep_cosig(struct engine *e, struct elog *log, const struct cosig *c, bool is_ours)
{
    struct ticket *t;
    struct effect *f = fx_add(e, FX_PUT_COSIG);
    f->ticket = ticket_new(e, TICKET_COSIG, &t);
    t->log = log->id;
    t->cosig = *c;
    t->is_ours = is_ours;
    f->cosig = *c;
    f->is_ours = is_ours;
}

/* A cosignature over a size not held yet waits, unverified, one a witness. */
static void keep_early(struct elog *log, const struct cosig *c)
{
    for (size_t i = 0; i < log->n_early; i++) {
        if (slug_equal(&log->early[i].witness, &c->witness)) {
            if (c->size > log->early[i].size)
                log->early[i] = *c;
            return;
        }
    }
    if (log->n_early < WITNESSES_MAX)
        log->early[log->n_early++] = *c;
}

/* [P-61] Our own promise comes back to us from a peer: it binds us, whatever our disk has forgotten. */
static void adopt(struct engine *e, struct elog *log, const struct cosig *c)
{
    if (c->size <= log->cosigned_size || !cosig_holds(e, log, c))
        return;
    log->cosigned_size = c->size;
    log->cosigned_root = c->root;
    log->cosigned_at_s = c->time_s;
    keep_cosig(e, log, c, true);
}

static bool is_waited_for(const struct engine *e, const struct elog *log, const struct cosig *c)
{
    for (size_t i = 0; i < e->n_tickets; i++)
        if (e->tickets[i]->kind == TICKET_COSIG && e->tickets[i]->log == log->id && e->tickets[i]->cosig.size == c->size
            && slug_equal(&e->tickets[i]->cosig.witness, &c->witness))
            return true;
    return false;
}

static void take_cosig(struct engine *e, struct elink *l, struct elog *log, const struct cosig *c)
{
    if (c->size > log->whole) {
        keep_early(log, c);
        return;
    }
    if (c->size < log->whole || !hash_equal(&c->root, &log->whole_root) || holds_cosig(log, &c->witness)
        || is_waited_for(e, log, c))
        return;                             /* duplicates go before any verification */
    if (l != NULL && !link_spend(e, l, TOKENS_SIGNATURE))
        return;
    if (cosig_holds(e, log, c))
        keep_cosig(e, log, c, false);
    else if (l != NULL)
        report(e, REPORT_WARN, "peer=%s log=%s witness=%s cosignature=bad", l->slug.s, log->ref.slug.s, c->witness.s);
}

void on_cosig(struct engine *e, struct elink *l, const struct cosig *c)
{
    struct elog *log = engine_log_find(e, &c->log);
    int at = witness_place(e, &c->witness);
    if (log == NULL || at < 0 || log->is_frozen) {
        e->ignored_slugs++;
        return;
    }
    if (c->size == log->whole)
        link_plog(e, l, log)->given |= (uint32_t)1 << at;
    if (slug_equal(&c->witness, &e->self) && c->size > log->cosigned_size && link_spend(e, l, TOKENS_SIGNATURE))
        adopt(e, log, c);
    else
        take_cosig(e, l, log, c);
}

void witness_advanced(struct engine *e, struct elog *log)
{
    log->n_cosigs = 0;
    for (size_t i = 0; i < e->n_links; i++)
        link_plog(e, e->links[i], log)->given = 0;
    size_t kept = 0;
    for (size_t i = 0; i < log->n_early; i++) {
        struct cosig c = log->early[i];
        if (c.size > log->whole)
            log->early[kept++] = c;
        else if (charter_is_ready(e))
            take_cosig(e, NULL, log, &c);
    }
    log->n_early = kept;
}

/* ---- passing them on ---- */

/* Behind our vector: what the peer itself has cosigned, so that it knows its own promises before it makes
 * new ones. */
void witness_return(struct engine *e, struct elink *l)
{
    for (size_t i = 0; i < e->n_logs; i++) {
        struct elog *log = e->logs[i];
        for (size_t k = 0; k < log->n_cosigs; k++)
            if (slug_equal(&log->cosigs[k].witness, &l->slug))
                send_cosig(e, l, log, &log->cosigs[k]);
    }
}

/* The peer holds the same checkpoint: give it the cosignatures that its bitmap lacks. */
void witness_fill_in(struct engine *e, struct elink *l, struct elog *log, const struct plog *pl)
{
    const struct charter *c = charter_now(e);
    if (c == NULL || l->charter_version != c->version || !hash_equal(&l->charter_hash, &c->hash))
        return;
    for (size_t i = 0; i < log->n_cosigs; i++) {
        int at = witness_place(e, &log->cosigs[i].witness);
        if (at >= 0 && (pl->witnesses & (uint32_t)1 << at) == 0)
            send_cosig(e, l, log, &log->cosigs[i]);
    }
}

/* Witnesses that the new charter does not name count no more. */
void witness_resort(struct engine *e)
{
    for (size_t i = 0; i < e->n_logs; i++) {
        struct elog *log = e->logs[i];
        size_t kept = 0;
        for (size_t k = 0; k < log->n_cosigs; k++)
            if (witness_place(e, &log->cosigs[k].witness) >= 0)
                log->cosigs[kept++] = log->cosigs[k];
        log->n_cosigs = kept;
        for (size_t k = 0; k < e->n_links; k++)
            link_plog(e, e->links[k], log)->given = 0;
        if (e->is_started && log->whole > 0) {
            log->say_again_ms = e->now_ms;
            timer_at(e, e->now_ms + 1);
        }
    }
}
