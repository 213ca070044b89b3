#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

bool charter_is_ready(const struct engine *e)
{
    return e->is_trusted && chain_current(e->chain) != NULL;
}

const struct charter *charter_now(const struct engine *e)
{
    return charter_is_ready(e) ? chain_current(e->chain) : NULL;
}

const struct sign_public *member_root(const struct engine *e, const struct slug *slug)
{
    return charter_is_ready(e) ? chain_root_at(e->chain, slug, INT64_MAX) : NULL;
}

/* ---- identities ---- */

enum err identity_learn(struct engine *e, struct bytes note, bool keep, struct slug *ret_slug)
{
    struct note *n = malloc(sizeof(*n));
    struct identity *id = malloc(sizeof(*id));
    enum err result = n != NULL && id != NULL ? identity_open(note, id) : ERR_NOMEM;
    if (result == OK)
        result = note_parse(note, n);
    const struct sign_public *root = result == OK ? member_root(e, &id->slug) : NULL;
    if (result == OK && (root == NULL || memcmp(root->b, id->root.b, sizeof(root->b)) != 0))
        result = ERR_UNKNOWN;
    struct epeer *p = result == OK ? peer_get(e, &id->slug) : NULL;
    if (result == OK && p != NULL && p->identity != NULL && p->identity->version >= id->version)
        result = ERR_STALE;
    if (result == OK && p != NULL && buf_set(e, &p->note, note) && buf_set(e, &p->text, n->text)) {
        if (ret_slug != NULL)
            *ret_slug = id->slug;
        if (keep) {
            struct effect *f = fx_add(e, FX_PUT_IDENTITY);
            f->slug = id->slug;
            f->version = id->version;
            buf_put(&f->data, note);
        }
        free(p->identity);
        p->identity = id;
        id = NULL;
    }
    free(n);
    free(id);
    return result;
}

/* ---- charters ---- */

/* Ask for what follows the charter we hold; `for_all` when the peer's line parts from ours further back. */
void charter_ask(struct engine *e, struct elink *l, bool for_all)
{
    const struct charter *c = for_all ? NULL : charter_now(e);
    static const struct hash none;
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
        if (c != NULL)
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

/* The standing charter is another one now: members come and go. */
static void charter_changed(struct engine *e)
{
    const struct charter *c = charter_now(e);
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->n_members; i++)
        if (!slug_equal(&c->members[i].slug, &e->self))
            (void)peer_get(e, &c->members[i].slug);
    witness_resort(e);
}

static void keep_charter(struct engine *e, const struct hash *hash)
{
    const struct charter *c = chain_find(e->chain, hash);
    struct ticket *t;
    struct effect *f = fx_add(e, FX_PUT_CHARTER);
    f->ticket = ticket_new(e, TICKET_CHARTER, &t);
    f->hash = *hash;
    f->version = c->version;
    f->round = c->round;
    buf_put(&f->data, chain_note(e->chain, hash));
}

/* Until the charter that our invite names stands in the chain, nothing of it is believed or kept. */
static void trust_now(struct engine *e)
{
    if (e->is_trusted || chain_current(e->chain) == NULL || !chain_stands(e->chain, &e->cfg.trust))
        return;
    e->is_trusted = true;
    for (uint32_t v = 1; v <= chain_current(e->chain)->version; v++)
        keep_charter(e, &chain_version(e->chain, v)->hash);
    charter_changed(e);
}

void charter_take(struct engine *e, struct elink *from, struct bytes note, bool is_local)
{
    enum chain_verdict verdict;
    struct hash hash;
    enum err err = chain_add(e->chain, note, &verdict, &hash);
    if (err == ERR_NOMEM) {
        no_memory(e);
        return;
    }
    if (err != OK) {
        if (from != NULL && err == ERR_UNKNOWN && !from->has_asked_all) {
            from->has_asked_all = true;
            charter_ask(e, from, true);
        } else if (from != NULL && (err == ERR_FORMAT || err == ERR_SIGNATURE || err == ERR_CHAIN)) {
            link_bye(e, from, BYE_CHARTER);
        }
        return;
    }
    if (verdict == CHAIN_KNOWN)
        return;
    if (!e->is_trusted) {
        if (is_local)
            e->is_trusted = true;           /* what the store holds was trusted when it was put there */
        else
            trust_now(e);
        if (!e->is_trusted || !is_local)
            return;
    }
    charter_changed(e);
    if (is_local) {
        if (e->is_started)
            charter_stored(e);
    } else {
        keep_charter(e, &hash);
        if (verdict == CHAIN_CHARTER)
            report(e, REPORT_INFO, "charter=%u", (unsigned)chain_current(e->chain)->version);
    }
}

/* A new charter or proposal is durable: everybody who may know it is told, those who waited are judged
 * again, and those it no longer names are left. */
void charter_stored(struct engine *e)
{
    const struct charter *now = charter_now(e);
    if (now == NULL)
        return;
    for (size_t i = 0; i < e->n_links; i++) {
        struct elink *l = e->links[i];
        const struct member *m = l->slug.s[0] != '\0' ? charter_find(now, &l->slug) : NULL;
        if (l->state == LINK_OPEN || l->state == LINK_WAITING)
            charter_send(e, l);
        if (l->state == LINK_OPEN && !e->cfg.is_import && (m == NULL || m->is_former))
            link_bye(e, l, BYE_NOT_MEMBER);
        else if ((l->state == LINK_WAITING || l->state == LINK_ASKED) && l->hello.len > 0)
            link_judge(e, l);
    }
    dial_tick(e);
    pull_more(e);
}

void on_charter(struct engine *e, struct elink *l, const struct msg_charter *m)
{
    l->charter_version = m->held;
    l->charter_hash = m->held_hash;
    if (m->n_notes == 0 && m->n_identities == 0) {
        if (l->is_dialler || l->state == LINK_OPEN || l->state == LINK_WAITING)
            charter_send(e, l);
        return;
    }
    if (!link_spend(e, l, (double)(m->n_notes + m->n_identities) * TOKENS_SIGNATURE))
        return;
    for (size_t i = 0; i < m->n_notes && l->state != LINK_CLOSING; i++)
        charter_take(e, l, m->notes[i], false);
    if (l->state == LINK_CLOSING)
        return;
    if (!e->is_trusted && chain_current(e->chain) != NULL && chain_current(e->chain)->version >= m->held) {
        link_bye(e, l, BYE_UNTRUSTED);
        return;
    }
    for (size_t i = 0; i < m->n_identities; i++)
        (void)identity_learn(e, m->identities[i], true, NULL);
    if (l->state == LINK_ASKED || (l->state == LINK_WAITING && l->hello.len > 0))
        link_judge(e, l);
    else if (l->state == LINK_GREETING && l->is_dialler && !engine_is_member(e))
        l->state = LINK_WAITING;
    dial_tick(e);
}

/* ---- requests to join ---- */

bool request_known(const struct engine *e, const struct slug *slug, const struct sign_public *root)
{
    for (size_t i = 0; i < e->n_requests; i++)
        if (slug_equal(&e->requests[i].slug, slug) && memcmp(e->requests[i].root.b, root->b, sizeof(root->b)) == 0)
            return true;
    return false;
}

static void request_add(struct engine *e, const struct identity *id)
{
    if (e->n_requests == REQUESTS_MAX || request_known(e, &id->slug, &id->root))
        return;
    e->requests[e->n_requests].slug = id->slug;
    e->requests[e->n_requests++].root = id->root;
}

void request_local(struct engine *e, const struct request_row *r)
{
    struct identity *id = malloc(sizeof(*id));
    if (id == NULL)
        no_memory(e);
    else if (identity_open(r->identity, id) == OK)
        request_add(e, id);
    free(id);
}

static bool invite_is_open(const struct engine *e, const struct hash *token_hash)
{
    for (size_t i = 0; i < e->n_invites; i++)
        if (hash_equal(&e->invites[i].token_hash, token_hash) && e->wall_ms / 1000 <= e->invites[i].expires_s)
            return true;
    return false;
}

void on_enrol(struct engine *e, struct elink *l, const uint8_t token[TOKEN_LEN])
{
    if (l->state == LINK_OPEN)
        return;                             /* admitted in the meantime: nothing to ask for */
    struct identity *id = malloc(sizeof(*id));
    struct hash hash = invite_token_hash(token);
    if (id == NULL) {
        no_memory(e);
    } else if (l->hello.len == 0 || identity_open(buf_bytes(&l->hello), id) != OK) {
        link_bye(e, l, BYE_ORDER);
    } else if (request_known(e, &id->slug, &id->root)) {
        l->state = LINK_WAITING;
        charter_send(e, l);
    } else if (!invite_is_open(e, &hash)) {
        link_bye(e, l, BYE_BAD_TOKEN);
    } else {
        struct ticket *t;
        struct effect *f = fx_add(e, FX_PUT_REQUEST);
        f->ticket = ticket_new(e, TICKET_REQUEST, &t);
        t->link = l->id;
        t->hash = hash;
        f->slug = id->slug;
        f->hash = hash;
        buf_put(&f->data, buf_bytes(&l->hello));
        l->state = LINK_WAITING;
    }
    free(id);
}

void request_stored(struct engine *e, struct ticket *t)
{
    for (size_t i = 0; i < e->n_invites; i++)
        if (hash_equal(&e->invites[i].token_hash, &t->hash))
            e->invites[i] = e->invites[--e->n_invites];
    struct elink *l = link_find(e, t->link);
    if (l == NULL || l->state != LINK_WAITING)
        return;                             /* gone meanwhile; it will come back and be known from the store */
    struct identity *id = malloc(sizeof(*id));
    if (id == NULL) {
        no_memory(e);
        return;
    }
    if (identity_open(buf_bytes(&l->hello), id) == OK) {
        request_add(e, id);
        report(e, REPORT_INFO, "request=%s", id->slug.s);
        charter_send(e, l);
    }
    free(id);
}
