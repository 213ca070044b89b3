#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

enum { UNSAVED_MS = 5000 };

const struct charter *charter_now(const struct engine *e)
{
    return e->is_trusted ? chain_current(e->chain) : NULL;
}

/* ---- telling ---- */

/* Ask for what follows the charter we hold; `for_all` when the peer's line parts from ours further back. */
void charter_ask(struct engine *e, struct elink *l, bool for_all)
{
    const struct charter *c = for_all ? NULL : charter_now(e);
    static const struct hash none;
    l->charter_told = c != NULL ? c->hash : none;
    put_charter(send_begin(e, l), c != NULL ? c->version : 0, c != NULL ? &c->hash : &none, 0, NULL, 0, NULL);
    send_end(e, l);
}

struct parcel {                             /* notes and identities that go into one CHARTER */
    size_t n_notes, n_identities, bytes;
    struct bytes notes[CHARTER_NOTES_MAX], identities[CHARTER_IDENTITIES_MAX];
};

static void parcel_send(struct engine *e, struct elink *l, struct parcel *p)
{
    const struct charter *c = charter_now(e);
    if (c == NULL || p->n_notes + p->n_identities == 0)
        return;
    l->charter_told = c->hash;
    put_charter(send_begin(e, l), c->version, &c->hash, p->n_notes, p->notes, p->n_identities, p->identities);
    send_end(e, l);
    p->n_notes = p->n_identities = p->bytes = 0;
}

static void parcel_add(struct engine *e, struct elink *l, struct parcel *p, struct bytes in, bool is_note)
{
    if (in.len == 0)
        return;
    if (p->n_notes == CHARTER_NOTES_MAX || p->n_identities == CHARTER_IDENTITIES_MAX
        || p->bytes + in.len > FRAME_BODY_MAX / 2)
        parcel_send(e, l, p);
    if (is_note)
        p->notes[p->n_notes++] = in;
    else
        p->identities[p->n_identities++] = in;
    p->bytes += in.len;
}

static void add_standing(struct engine *e, struct elink *l, struct parcel *p, uint32_t from, const struct charter *now)
{
    for (uint32_t v = from; v <= now->version; v++) {
        const struct charter *c = chain_version(e->chain, v);
        if (c == NULL)
            no_memory(e);
        else
            parcel_add(e, l, p, chain_note(e->chain, &c->hash), true);
    }
}

static void add_proposals(struct engine *e, struct elink *l, struct parcel *p)
{
    const struct charter *open[STEWARDS_MAX];
    size_t n = chain_proposals(e->chain, open);
    for (size_t i = 0; i < n; i++)
        parcel_add(e, l, p, chain_note(e->chain, &open[i]->hash), true);
}

/* Identities of the members that the peer's charter does not name, so that it can dial, check and seal
 * to a newcomer at once. */
static void add_identities(struct engine *e, struct elink *l, struct parcel *p, uint32_t held, const struct charter *now)
{
    const struct charter *theirs = chain_version(e->chain, held);
    for (size_t i = 0; i < now->n_members; i++) {
        const struct member *m = &now->members[i];
        if (theirs != NULL && charter_find(theirs, &m->slug) != NULL)
            continue;
        if (slug_equal(&m->slug, &e->self)) {
            parcel_add(e, l, p, buf_bytes(&e->identity_note), false);
            continue;
        }
        const struct epeer *peer = peer_find(e, &m->slug);
        if (peer != NULL && peer->identity != NULL)
            parcel_add(e, l, p, buf_bytes(&peer->note), false);
    }
}

void charter_send(struct engine *e, struct elink *l)
{
    const struct charter *now = charter_now(e);
    if (now == NULL)
        return;
    struct parcel *p = calloc(1, sizeof(*p));
    if (p == NULL) {
        no_memory(e);
        return;
    }
    uint32_t held = l->charter_version;
    bool is_rival = held == now->version && !hash_equal(&l->charter_hash, &now->hash);
    if (held < now->version)
        add_standing(e, l, p, held + 1, now);
    else if (is_rival)
        add_standing(e, l, p, now->version, now);
    if (l->state == LINK_OPEN)
        add_proposals(e, l, p);
    if (held < now->version)
        add_identities(e, l, p, held, now);
    parcel_send(e, l, p);
    free(p);
    if (held <= now->version) {             /* it will hold this, or one that it finds better and sends us */
        l->charter_version = now->version;
        l->charter_hash = now->hash;
    }
}

/* ---- taking ---- */

/* [P-95] To a member that shows an identity of its own that we know a newer one of: it was restored, and cannot learn it
 * otherwise. It says nothing of the charter. */
void charter_tell_identity(struct engine *e, struct elink *l, struct bytes note)
{
    put_charter(send_begin(e, l), l->charter_version, &l->charter_hash, 0, NULL, 1, &note);
    send_end(e, l);
}

static void set_witnesses(struct engine *e, const struct charter *c)
{
    e->n_witnesses = charter_witnesses(c, e->witnesses);
    e->quorum = charter_quorum(c);
    e->own_place = witness_place(e, &e->self);
}

static void set_members(struct engine *e, const struct charter *c)
{
    e->n_members = 0;
    e->is_member = false;
    for (size_t i = 0; i < c->n_members; i++) {
        const struct member *m = &c->members[i];
        e->n_members += !m->is_former;
        if (!slug_equal(&m->slug, &e->self))
            (void)peer_get(e, &m->slug);
        else
            e->is_member = !m->is_former && memcmp(m->root.b, e->identity.root.b, sizeof(m->root.b)) == 0;
    }
}

/* Does another charter stand now?  Then members come and go, and so do witnesses. */
static void charter_changed(struct engine *e)
{
    const struct charter *c = charter_now(e);
    if (c == NULL || hash_equal(&c->hash, &e->standing))
        return;
    e->standing = c->hash;
    e->wants_choice = true;
    set_members(e, c);
    set_witnesses(e, c);
    logs_standing(e);
    for (size_t i = 0; i < e->n_logs; i++)
        cosigs_resort(e, e->logs[i]);
    requests_sweep(e);
}

static void keep_charter(struct engine *e, const struct hash *hash)
{
    const struct charter *c = chain_find(e->chain, hash);
    if (c == NULL) {
        no_memory(e);
        return;
    }
    struct ticket *t;
    struct effect *f = fx_add(e, FX_PUT_CHARTER);
    f->ticket = ticket_new(e, TICKET_CHARTER, &t);
    f->hash = *hash;
    t->hash = *hash;
    f->version = c->version;
    f->round = c->round;
    buf_put(&f->data, chain_note(e->chain, hash));
}

static void keep_standing(struct engine *e)
{
    const struct charter *now = charter_now(e);
    for (uint32_t v = 1; now != NULL && v <= now->version; v++) {
        const struct charter *c = chain_version(e->chain, v);
        if (c == NULL)
            no_memory(e);
        else
            keep_charter(e, &c->hash);
    }
}

/* What could not be written is known, and may be lost with the next start: try again, later. */
void charter_failed(struct engine *e, const struct ticket *t)
{
    if (chain_find(e->chain, &t->hash) == NULL)
        return;
    e->unsaved = t->hash;
    e->save_ms = e->now_ms + UNSAVED_MS;
    timer_at(e, e->save_ms);
}

void charters_tick(struct engine *e)
{
    if (e->save_ms == 0)
        return;
    if (e->save_ms > e->now_ms) {
        timer_at(e, e->save_ms);
        return;
    }
    e->save_ms = 0;
    keep_standing(e);
    if (chain_find(e->chain, &e->unsaved) != NULL)
        keep_charter(e, &e->unsaved);
}

/* Until the charter that our invite names stands in the chain, nothing of it is believed or kept. */
static void trust_now(struct engine *e)
{
    if (e->is_trusted || chain_current(e->chain) == NULL || !chain_stands(e->chain, &e->cfg.trust))
        return;
    e->is_trusted = true;
    keep_standing(e);
    charter_changed(e);
}

/* The line that the peer's note follows is not known here: ask for all of it, once. */
static void refuse(struct engine *e, struct elink *from, enum err err)
{
    if (err == ERR_UNKNOWN && !from->has_asked_all) {
        from->has_asked_all = true;
        charter_ask(e, from, true);
    } else if (err == ERR_FORMAT || err == ERR_SIGNATURE || err == ERR_CHAIN || err == ERR_KEY) {
        link_bye(e, from, BYE_CHARTER);
    }
}

/* A proposal that the store still keeps and that something later has superseded. */
static void drop_stale(struct engine *e, struct bytes note)
{
    struct note *n = malloc(sizeof(*n));
    if (n == NULL)
        no_memory(e);
    else if (note_parse(note, n) == OK)
        fx_add(e, FX_DROP_CHARTER)->hash = sha256(n->text);
    free(n);
}

static void take_new(struct engine *e, const struct hash *hash, enum chain_verdict verdict, bool is_local)
{
    if (is_local)
        e->is_trusted = true;               /* what the store holds was trusted when it was put there */
    if (!e->is_trusted) {
        trust_now(e);
        return;
    }
    charter_changed(e);
    if (is_local && e->is_started)
        charter_stored(e);
    if (is_local)
        return;
    keep_charter(e, hash);
    if (verdict == CHAIN_CHARTER)
        report(e, REPORT_INFO, "charter=%u", (unsigned)chain_current(e->chain)->version);
}

void charter_take(struct engine *e, struct elink *from, struct bytes note, bool is_local)
{
    enum chain_verdict verdict;
    struct hash hash;
    enum err err = chain_add(e->chain, note, &verdict, &hash);
    if (err == ERR_NOMEM)
        no_memory(e);
    else if (err == ERR_STALE && is_local)
        drop_stale(e, note);
    else if (err != OK && from != NULL)
        refuse(e, from, err);
    else if (err == OK && verdict != CHAIN_KNOWN)
        take_new(e, &hash, verdict, is_local);
}

/* A new charter or proposal is durable: everybody who may know it is told, those who waited are judged
 * again, and those it no longer names are left. */
void charter_stored(struct engine *e)
{
    const struct charter *now = charter_now(e);
    for (size_t i = 0; now != NULL && i < e->n_links && !e->cfg.is_import; i++) {
        struct elink *l = e->links[i];
        const struct member *m = l->slug.s[0] != '\0' ? charter_find(now, &l->slug) : NULL;
        if (l->state == LINK_OPEN || l->state == LINK_WAITING)
            charter_send(e, l);
        if (l->state == LINK_OPEN && !hash_equal(&l->charter_told, &now->hash))
            charter_ask(e, l, false);       /* the peer must know which list of witnesses our bitmaps follow */
        if (l->state == LINK_OPEN && (m == NULL || m->is_former || !e->is_member))
            link_bye(e, l, BYE_NOT_MEMBER);
        else if ((l->state == LINK_WAITING || l->state == LINK_ASKED) && l->hello.len > 0)
            link_judge(e, l, false);
    }
    dial_tick(e);
    pull_more(e);
}

static bool has_version(const struct engine *e, uint32_t version)
{
    const struct charter *c = chain_current(e->chain);
    return c != NULL && c->version >= version;
}

static void take_charter(struct engine *e, struct elink *l, const struct msg_charter *m)
{
    for (size_t i = 0; i < m->n_notes && l->state != LINK_CLOSING; i++)
        charter_take(e, l, m->notes[i], false);
    if (l->state == LINK_CLOSING)
        return;
    if (!e->is_trusted && has_version(e, m->held)) {
        link_bye(e, l, BYE_UNTRUSTED);
        return;
    }
    for (size_t i = 0; i < m->n_identities; i++)
        (void)identity_learn(e, m->identities[i], true);
    if ((l->state == LINK_ASKED || l->state == LINK_WAITING) && l->hello.len > 0)
        link_judge(e, l, has_version(e, m->held));
    else if (l->state == LINK_GREETING && l->is_dialler && !engine_is_member(e))
        l->state = LINK_WAITING;
}

void on_charter(struct engine *e, struct elink *l, const struct msg_charter *m)
{
    bool was_same = link_same_charter(e, l);
    l->charter_version = m->held;
    l->charter_hash = m->held_hash;
    if (m->n_notes > 0 || m->n_identities > 0) {
        if (link_spend(e, l, (double)(m->n_notes + m->n_identities) * TOKENS_SIGNATURE))
            take_charter(e, l, m);
    } else if (l->is_dialler || l->state == LINK_OPEN || l->state == LINK_WAITING) {
        charter_send(e, l);                 /* it asks; to strangers who dialled us it is not told */
    }
    if (!was_same && l->state == LINK_OPEN)
        have_tell_lacking(e, l);            /* now it can read our bitmaps, and we its */
    dial_tick(e);
}
