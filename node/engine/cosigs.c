#include <string.h>

#include "node/engine/inner.h"

enum { RENEWED_AFTER_S = COSIGN_AT_LEAST_MS / 2 / 1000 };   /* a later one of the same checkpoint is news, not a duplicate */

struct cosig *cosig_of(struct elog *log, const struct slug *witness)
{
    for (size_t i = 0; i < log->n_cosigs; i++)
        if (slug_equal(&log->cosigs[i].witness, witness))
            return &log->cosigs[i];
    return NULL;
}

uint32_t cosigs_bitmap(const struct engine *e, const struct elog *log)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < log->n_cosigs; i++) {
        int at = cosig_stands(log, &log->cosigs[i]) ? witness_place(e, &log->cosigs[i].witness) : -1;
        if (at >= 0)
            bits |= (uint32_t)1 << at;
    }
    return bits;
}

static size_t count_bits(uint32_t bits)
{
    size_t n = 0;
    for (; bits != 0; bits &= bits - 1)
        n++;
    return n;
}

static void send(struct engine *e, struct elink *l, const struct cosig *c)
{
    put_cosig(send_begin(e, l), c);
    send_end(e, l);
}

/* One that stands over our newest checkpoint passes a link once. */
static void send_standing(struct engine *e, struct elink *l, struct elog *log, const struct cosig *c)
{
    int at = witness_place(e, &c->witness);
    struct plog *pl = link_plog(e, l, log);
    if (at < 0 || (pl->given & (uint32_t)1 << at) != 0)
        return;
    pl->given |= (uint32_t)1 << at;
    send(e, l, c);
}

/* ---- keeping them ---- */

static void give_to_all(struct engine *e, struct elog *log, const struct cosig *c, link_id but)
{
    int at = witness_place(e, &c->witness);
    for (size_t i = 0; at >= 0 && i < e->n_links; i++) {
        struct elink *l = e->links[i];
        if (l->state != LINK_OPEN || l->id == but)
            continue;
        link_plog(e, l, log)->given &= ~((uint32_t)1 << at);
        send_standing(e, l, log, c);
    }
}

static void keep_checkpoint(struct engine *e, const struct elog *log)
{
    struct effect *f = fx_add(e, FX_KEEP_CHECKPOINT);
    f->ref = log->ref;
    f->whole = log->whole;
}

/* One that was not there before: is it the last that the quorum lacked? */
static void count_quorum(struct engine *e, struct elog *log)
{
    if (log->quorum_size >= log->whole || e->quorum == 0 || count_bits(cosigs_bitmap(e, log)) < e->quorum)
        return;
    log->quorum_size = log->whole;
    log->quorum_root = log->whole_root;
    keep_checkpoint(e, log);
}

void cosigs_keep_again(struct engine *e)
{
    for (size_t i = 0; i < e->n_logs; i++)
        if (e->logs[i]->whole > 0 && e->logs[i]->quorum_size == e->logs[i]->whole)
            keep_checkpoint(e, e->logs[i]);
}

/* Ours, and renewed ones, go to everybody at once; others' to those whose bitmap still lacks them a second later. */
void cosig_add(struct engine *e, struct elog *log, const struct cosig *c, link_id from)
{
    struct cosig *held = cosig_of(log, &c->witness);
    bool is_own = slug_equal(&c->witness, &e->self);
    if (c->size > log->whole || (held != NULL && held->size > c->size) || (held == NULL && log->n_cosigs == WITNESSES_MAX))
        return;
    bool is_renewed = held != NULL && cosig_stands(log, held) && held->time_s < c->time_s;
    if (held == NULL)
        held = &log->cosigs[log->n_cosigs++];
    *held = *c;
    if (!cosig_stands(log, c))
        return;
    if (is_own || is_renewed)
        give_to_all(e, log, c, from);
    count_quorum(e, log);
    if (!is_renewed && log->say_again_ms == 0) {
        log->say_again_ms = e->now_ms + COSIGN_EVERY_MS;
        timer_at(e, log->say_again_ms);
    }
}

/* [P-97] Ours by a witness key that we have no more is made again: who has not seen the old key cannot tell what it is. The
 * promise stands. */
void cosig_local(struct engine *e, const struct log_ref *ref, const struct cosig *c)
{
    struct elog *log = log_find(e, ref);
    if (log == NULL || c->size > log->whole)
        return;
    if (slug_equal(&c->witness, &e->self) && cosig_stands(log, c) && !cosig_holds(e, log, c))
        return;
    struct cosig *held = cosig_of(log, &c->witness);
    if (held == NULL && log->n_cosigs < WITNESSES_MAX)
        log->cosigs[log->n_cosigs++] = *c;
    else if (held != NULL && held->size <= c->size)
        *held = *c;
    if (e->quorum > 0 && count_bits(cosigs_bitmap(e, log)) >= e->quorum) {
        log->quorum_size = log->whole;
        log->quorum_root = log->whole_root;
    }
}

void cosig_promised(struct engine *e, struct elog *log, const struct cosig *c)
{
    if (c->size < log->cosigned_size)
        return;
    log->cosigned_size = c->size;
    log->cosigned_root = c->root;
    log->cosigned_at_s = c->time_s;
    witness_compare(e, log);
}

void cosig_stored(struct engine *e, struct ticket *t)
{
    struct elog *log = e->logs[t->log];
    if (t->is_ours)
        cosig_promised(e, log, &t->cosig);
    cosig_add(e, log, &t->cosig, t->link);
    if (t->is_ours)
        witness_try(e, log);                /* more may have come meanwhile */
}

void cosig_keep(struct engine *e, struct elog *log, const struct cosig *c, bool is_ours, link_id from)
{
    is_ours = is_ours || slug_equal(&c->witness, &e->self);     /* ours never goes without its promise */
    struct ticket *t;
    struct effect *f = fx_add(e, FX_PUT_COSIG);
    f->ticket = ticket_new(e, TICKET_COSIG, &t);
    t->log = log->id;
    t->link = from;
    t->cosig = *c;
    t->is_ours = is_ours;
    f->cosig = *c;
    f->is_ours = is_ours;
}

/* ---- taking them ---- */

/* The witness's key, as its newest identity has it. */
static const struct sign_public *witness_key(struct engine *e, const struct slug *slug)
{
    if (slug_equal(slug, &e->self))
        return &e->identity.witness;
    const struct epeer *p = peer_find(e, slug);
    return p != NULL && p->identity != NULL ? &p->identity->witness : NULL;
}

bool cosig_holds(struct engine *e, struct elog *log, const struct cosig *c)
{
    const struct sign_public *key = witness_key(e, &c->witness);
    struct checkpoint cp = {.origin = log->origin, .size = c->size, .root = c->root};
    struct origin witness = {.alliance = e->cfg.alliance, .slug = c->witness, .generation = 1};
    return key != NULL && checkpoint_check_cosignature(&cp, &witness, key, c->time_s, &c->sig) == OK;
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

static bool is_waited_for(const struct engine *e, const struct elog *log, const struct cosig *c)
{
    for (size_t i = 0; i < e->n_tickets; i++) {
        const struct ticket *t = e->tickets[i];
        if (t->kind == TICKET_COSIG && t->log == log->id && t->cosig.size == c->size
            && slug_equal(&t->cosig.witness, &c->witness))
            return true;
    }
    return false;
}

/* One that is held already, or renews it too soon. Not so where the witness has another key since: the one held counts for those
 * who knew the old one, and for nobody who comes. */
static bool is_duplicate(struct engine *e, struct elink *l, struct elog *log, const struct cosig *c)
{
    const struct cosig *held = cosig_of(log, &c->witness);
    if (held == NULL || !cosig_stands(log, held) || c->time_s >= held->time_s + RENEWED_AFTER_S)
        return false;
    if (c->time_s < held->time_s || memcmp(c->sig.b, held->sig.b, SIG_LEN) == 0)
        return true;                        /* before any verification */
    return (l != NULL && !link_spend(e, l, TOKENS_SIGNATURE)) || cosig_holds(e, log, held);
}

/* Over the checkpoint held whole. */
static void take_standing(struct engine *e, struct elink *l, struct elog *log, const struct cosig *c)
{
    if (is_duplicate(e, l, log, c))
        return;
    if (is_waited_for(e, log, c) || (l != NULL && !link_spend(e, l, TOKENS_SIGNATURE)))
        return;
    if (cosig_holds(e, log, c))
        cosig_keep(e, log, c, slug_equal(&c->witness, &e->self), l != NULL ? l->id : 0);
    else if (l != NULL)
        report(e, REPORT_WARN, "peer=%s log=%s witness=%s cosignature=bad", l->slug.s, log->ref.slug.s, c->witness.s);
}

void on_cosig(struct engine *e, struct elink *l, const struct cosig *c)
{
    struct elog *log = log_get(e, &c->log);
    int at = witness_place(e, &c->witness);
    if (log == NULL || at < 0 || log->is_frozen) {
        e->ignored_slugs++;
        return;
    }
    if (cosig_stands(log, c))
        link_plog(e, l, log)->given |= (uint32_t)1 << at;
    if (slug_equal(&c->witness, &e->self) && c->size > log->cosigned_size) {
        if (link_spend(e, l, TOKENS_SIGNATURE))
            witness_adopt(e, log, c);
    } else if (c->size > log->whole) {
        keep_early(log, c);
    } else if (cosig_stands(log, c)) {
        take_standing(e, l, log, c);
    }
}

void cosigs_advance(struct engine *e, struct elog *log)
{
    for (size_t i = 0; i < e->n_links; i++)
        link_plog(e, e->links[i], log)->given = 0;
    size_t kept = 0;
    for (size_t i = 0; i < log->n_early; i++) {
        struct cosig c = log->early[i];
        if (c.size > log->whole)
            log->early[kept++] = c;
        else if (cosig_stands(log, &c) && !log->is_frozen)
            take_standing(e, NULL, log, &c);
    }
    log->n_early = kept;
}

/* ---- passing them on ---- */

void cosigs_return(struct engine *e, struct elink *l)
{
    for (size_t i = 0; i < e->n_logs; i++) {
        const struct cosig *c = cosig_of(e->logs[i], &l->slug);
        if (c != NULL && !e->logs[i]->is_frozen)
            send(e, l, c);
    }
}

/* The peer holds the same checkpoint: give it the cosignatures that its bitmap lacks. */
void cosigs_fill_in(struct engine *e, struct elink *l, struct elog *log)
{
    uint32_t held = link_plog(e, l, log)->witnesses;
    if (!link_same_charter(e, l) || log->is_frozen)
        return;
    for (size_t i = 0; i < log->n_cosigs; i++) {
        int at = witness_place(e, &log->cosigs[i].witness);
        if (at >= 0 && (held & (uint32_t)1 << at) == 0 && cosig_stands(log, &log->cosigs[i]))
            send_standing(e, l, log, &log->cosigs[i]);
    }
}

/* Witnesses that the new charter does not name count no more, and every bit has another meaning. */
void cosigs_resort(struct engine *e, struct elog *log)
{
    size_t kept = 0;
    for (size_t k = 0; k < log->n_cosigs; k++)
        if (witness_place(e, &log->cosigs[k].witness) >= 0)
            log->cosigs[kept++] = log->cosigs[k];
    log->n_cosigs = kept;
    for (size_t k = 0; k < e->n_links; k++) {
        struct plog *pl = link_plog(e, e->links[k], log);
        pl->given = pl->witnesses = 0;
    }
    if (e->is_started && log->whole > 0) {
        count_quorum(e, log);
        log->say_again_ms = e->now_ms;
        timer_at(e, e->now_ms);
        witness_try_at(e, log, e->now_ms);
    }
}
