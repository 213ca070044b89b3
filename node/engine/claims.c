/* node/engine/claims.c - a peer names a head of our own log that our log does not contain.
 *
 * A restored home is behind what its peers hold: whoever names more must be heard out before our author signs. But
 * whoever names more and never shows it must not keep the author from signing for ever. So each peer has a
 * budget of time in which to show what it names; the clock runs while it is that peer which we ask, and only then. */
#include <string.h>

#include "node/engine/inner.h"

enum {
    CLAIM_GRANT_MAX_MS = STAGED_LOG_MAX / CLAIM_BYTES_A_MS,     /* who sends a whole span at the least pace is heard out */
};

static struct elog *own_log(const struct engine *e)
{
    return log_newest(e, &e->self);
}

static struct epeer *peer_of(struct engine *e, const struct elink *l)
{
    return l->slug.s[0] != '\0' ? peer_find(e, &l->slug) : NULL;
}

/* For the author, who reads log.db: the peer's word, or that its word was not shown and counts for nothing. */
static void put_head(struct engine *e, struct epeer *p)
{
    const struct claim *c = &p->claim;
    struct head_row h = {.peer = p->slug, .generation = c->is_unshown ? HEAD_UNSHOWN : c->generation, .size = c->size,
                         .root = c->root, .at_ms = c->heard_wall_ms};
    bool is_same = h.generation == p->head.generation && h.size == p->head.size
        && memcmp(h.root.b, p->head.root.b, SHORT_ROOT_LEN) == 0;
    if (is_same && status_may_wait(e, p->head_ms))
        return;                             /* the author believes no word older than its question, and asks */
    fx_add(e, FX_PUT_HEAD)->head = p->head = h;
    p->head_ms = e->now_ms;
}

/* ---- the clock ---- */

static bool is_asked(const struct elog *own, const struct elink *l)
{
    return own->stream.link == l->id || own->suspect.link == l->id;
}

/* One that names another root at a size that we hold needs no asking: whoever holds another branch shows the evidence
 * when it hears what we hold. */
static bool clock_runs(struct engine *e, const struct epeer *p)
{
    const struct elog *own = own_log(e);
    const struct elink *l = link_of(e, &p->slug);
    return own != NULL && l != NULL && (p->claim.size <= own->stored.size || is_asked(own, l));
}

static void clock_read(struct engine *e, struct epeer *p)
{
    struct claim *c = &p->claim;
    if (c->runs)
        c->spent_ms += e->now_ms - c->read_ms;
    c->read_ms = e->now_ms;
    c->runs = clock_runs(e, p);
}

static void close_claim(struct engine *e, struct claim *c)
{
    e->n_claims -= c->is_open;
    c->is_open = c->runs = c->is_compared = false;
}

static void mark_unshown(struct engine *e, struct epeer *p)
{
    struct elog *own = own_log(e);
    struct elink *l = link_of(e, &p->slug);
    close_claim(e, &p->claim);
    if (p->claim.is_unshown)
        return;
    p->claim.is_unshown = true;
    put_head(e, p);
    report(e, REPORT_WARN, "peer=%s log=%s size=%llu head=unshown", p->slug.s, e->self.s, (unsigned long long)p->claim.size);
    if (own == NULL)
        return;
    if (l != NULL)
        link_plog(e, l, own)->has_failed = true;
    log_announce(e, own);
}

static void judge_budget(struct engine *e, struct epeer *p)
{
    struct claim *c = &p->claim;
    uint64_t budget = CLAIM_WAIT_MS + c->granted_ms;
    if (!c->is_open)
        return;
    clock_read(e, p);
    if (c->spent_ms >= budget)
        mark_unshown(e, p);
    else if (c->runs)
        timer_at(e, e->now_ms + budget - c->spent_ms);
}

/* ---- does our log contain it? ---- */

static void contained(struct engine *e, struct epeer *p)
{
    close_claim(e, &p->claim);
    p->claim.is_unshown = false;
    put_head(e, p);
}

static void opened(struct engine *e, struct epeer *p)
{
    struct claim *c = &p->claim;
    if (e->now_ms - c->last_ms >= CLAIM_FORGIVEN_MS) {
        c->spent_ms = c->granted_ms = 0;
        c->is_unshown = false;
    }
    c->last_ms = e->now_ms;
    if (c->spent_ms >= CLAIM_WAIT_MS + c->granted_ms)
        c->is_unshown = true;               /* between two lies it told a truth: that buys no time */
    if (!c->is_open && !c->is_unshown) {
        c->is_open = true;
        c->runs = false;
        e->n_claims++;
    }
    put_head(e, p);
    judge_budget(e, p);
}

static void compare(struct engine *e, struct epeer *p, const struct hash *root)
{
    struct short_root ours = short_root_of(root);
    if (memcmp(ours.b, p->claim.root.b, SHORT_ROOT_LEN) == 0)
        contained(e, p);
    else
        opened(e, p);
}

/* Below our head only the store knows our root. A head that was compared before is not compared again. */
static void ask_store(struct engine *e, struct epeer *p, const struct elog *own)
{
    struct ticket *t;
    if (p->claim.is_compared) {
        opened(e, p);
        return;
    }
    struct effect *f = fx_add(e, FX_PROVE);
    f->ticket = ticket_new(e, TICKET_CLAIM, &t);
    t->log = own->id;
    t->slug = p->slug;
    t->from = p->claim.size;
    f->ref = own->ref;
    f->from = p->claim.size;
    f->whole = own->stored.size;
    p->claim.is_compared = true;
}

static void judge(struct engine *e, struct epeer *p)
{
    const struct claim *c = &p->claim;
    const struct elog *own = own_log(e);
    struct hash root;
    if (own == NULL || own->is_frozen || c->generation != own->ref.generation || c->size == 0) {
        contained(e, p);                    /* nothing of the log that we sign: it says neither yes nor no */
    } else if (c->size > own->stored.size) {
        opened(e, p);
    } else if (c->size == own->stored.size) {
        root = frontier_root(&own->stored);
        compare(e, p, &root);
    } else if (c->size == own->whole) {
        compare(e, p, &own->whole_root);
    } else {
        ask_store(e, p, own);
    }
}

void claim_ready(struct engine *e, const struct event *ev, const struct ticket *t)
{
    struct epeer *p = peer_find(e, &t->slug);
    if (p == NULL || p->claim.size != t->from || !p->claim.is_compared)
        return;                             /* it says something else by now */
    if (ev->err == OK) {
        compare(e, p, &ev->root);
    } else {
        p->claim.is_compared = false;
        put_head(e, p);                     /* the author compares for itself */
    }
}

/* ---- what changes it ---- */

/* Who names more is asked for it, as if its HAVE had said so: the two say the same of a correct node. */
static void pull_named(struct engine *e, struct elink *l, const struct msg_ping *m)
{
    struct elog *own = own_log(e);
    if (own == NULL || m->generation != own->ref.generation || m->size <= own->stored.size)
        return;
    struct plog *pl = link_plog(e, l, own);
    if (m->size > pl->size) {
        pl->size = m->size;
        pl->root = m->root;
    }
    log_announce(e, own);
    pull_more(e);
}

void claim_hear(struct engine *e, struct elink *l, const struct msg_ping *m)
{
    struct epeer *p = peer_of(e, l);
    struct claim *c = p != NULL ? &p->claim : NULL;
    if (c == NULL)
        return;
    c->heard_wall_ms = e->wall_ms;
    bool is_same = c->generation == m->generation && c->size == m->size
        && memcmp(c->root.b, m->root.b, SHORT_ROOT_LEN) == 0;
    if (!is_same) {
        const struct elog *own = own_log(e);
        bool is_below = own != NULL && m->size < own->stored.size && m->size != own->whole && m->size != 0;
        if (is_below && !link_spend(e, l, TOKENS_PROOF))
            return;
        c->generation = m->generation;
        c->size = m->size;
        c->root = m->root;
        c->is_compared = false;
    }
    judge(e, p);
    pull_named(e, l, m);
}

void claim_bytes(struct engine *e, const struct elog *log, const struct elink *l, size_t len)
{
    struct epeer *p = slug_equal(&log->ref.slug, &e->self) ? peer_of(e, l) : NULL;
    if (p == NULL)
        return;
    p->claim.granted_ms += len / CLAIM_BYTES_A_MS;
    if (p->claim.granted_ms > CLAIM_GRANT_MAX_MS)
        p->claim.granted_ms = CLAIM_GRANT_MAX_MS;
}

void claim_shown(struct engine *e, const struct elog *log, const struct elink *l)
{
    struct epeer *p = slug_equal(&log->ref.slug, &e->self) ? peer_of(e, l) : NULL;
    if (p == NULL)
        return;
    p->claim.spent_ms = p->claim.granted_ms = 0;
    p->claim.read_ms = e->now_ms;
    p->claim.is_unshown = false;
}

void claim_failed(struct engine *e, const struct elog *log, const struct elink *l)
{
    struct epeer *p = slug_equal(&log->ref.slug, &e->self) ? peer_of(e, l) : NULL;
    if (p == NULL || !p->claim.is_open)
        return;
    clock_read(e, p);
    p->claim.spent_ms += CLAIM_FAULT_MS;
    judge_budget(e, p);
}

void claim_link_over(struct engine *e, const struct elink *l, bool in_violation)
{
    struct epeer *p = peer_of(e, l);
    if (p == NULL || !p->claim.is_open || link_of(e, &l->slug) != NULL)
        return;
    clock_read(e, p);
    p->claim.spent_ms += CLAIM_FAULT_MS;
    if (in_violation)
        mark_unshown(e, p);
    else
        close_claim(e, &p->claim);          /* what it said stands in log.db until the author asks again */
}

void claims_judge(struct engine *e, const struct elog *log)
{
    if (e->n_claims == 0 || !slug_equal(&log->ref.slug, &e->self))
        return;
    for (size_t i = 0; i < e->n_peers; i++) {
        struct epeer *p = e->peers[i];
        if (p->claim.is_open && log->is_frozen)
            close_claim(e, &p->claim);      /* it was shown, and nothing is signed any more */
        else if (p->claim.is_open)
            judge(e, p);
    }
}

void claims_look(struct engine *e)
{
    for (size_t i = 0; e->n_claims > 0 && i < e->n_peers; i++)
        judge_budget(e, e->peers[i]);
}
