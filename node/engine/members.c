#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

const struct sign_public *member_root(const struct engine *e, const struct slug *slug)
{
    return charter_now(e) != NULL ? chain_root_now(e->chain, slug) : NULL;
}

/* ---- identities ---- */

/* Keys change while the node runs: with a witness key that our identity no longer names nothing is signed. */
void identity_check_own(struct engine *e)
{
    struct sign_public ours = {{0}};
    if (e->cfg.has_witness)
        ours = sign_public_of(&e->cfg.witness);
    bool may = e->cfg.has_witness && memcmp(ours.b, e->identity.witness.b, sizeof(ours.b)) == 0;
    if (e->may_witness && !may)
        report(e, REPORT_WARN, "witness=replaced");
    e->may_witness = may;
}

/* Our own newer identity, as the publishing command wrote it, our log came back with it, or a peer told us of it. ERR_KEY: it has
 * another node key, which is for whoever holds the seed: until then we can prove only this one. */
static enum err learn_own(struct engine *e, struct bytes note, const struct identity *id)
{
    if (memcmp(id->root.b, e->identity.root.b, sizeof(id->root.b)) != 0)
        return ERR_UNKNOWN;
    if (id->version <= e->identity.version)
        return ERR_STALE;
    if (memcmp(id->node.b, e->cfg.node.b, sizeof(id->node.b)) != 0)
        return ERR_KEY;
    if (!buf_set(e, &e->identity_note, note))
        return ERR_NOMEM;
    e->identity = *id;
    identity_check_own(e);
    return OK;
}

/* Versions are of one root: what another root signed, before it lost this slug or was refused it, is no measure. */
bool has_same_root(const struct epeer *p, const struct identity *id)
{
    return p->identity != NULL && memcmp(p->identity->root.b, id->root.b, sizeof(id->root.b)) == 0;
}

/* Takes *id over when it is the newest of a member. */
static enum err learn(struct engine *e, struct bytes note, struct bytes text, struct identity **id)
{
    const struct sign_public *root = member_root(e, &(*id)->slug);
    if (slug_equal(&(*id)->slug, &e->self))
        return learn_own(e, note, *id);
    if (root == NULL || memcmp(root->b, (*id)->root.b, sizeof(root->b)) != 0)
        return ERR_UNKNOWN;
    struct epeer *p = peer_get(e, &(*id)->slug);
    if (p == NULL || (has_same_root(p, *id) && p->identity->version >= (*id)->version))
        return ERR_STALE;
    if (!buf_set(e, &p->note, note) || !buf_set(e, &p->text, text))
        return ERR_NOMEM;
    free(p->identity);
    p->identity = *id;
    *id = NULL;
    p->next_address = 0;
    e->wants_choice = true;
    return OK;
}

static const struct identity *identity_held(struct engine *e, const struct slug *slug, struct bytes note)
{
    const struct epeer *p = peer_find(e, slug);
    if (slug_equal(slug, &e->self))
        return bytes_equal(buf_bytes(&e->identity_note), note) ? &e->identity : NULL;
    return p != NULL && p->identity != NULL && bytes_equal(buf_bytes(&p->note), note) ? p->identity : NULL;
}

bool identity_is_held(struct engine *e, const struct slug *slug, struct bytes note)
{
    return identity_held(e, slug, note) != NULL;
}

enum err identity_verify(struct engine *e, const struct slug *slug, struct bytes note, struct identity *ret)
{
    const struct identity *held = identity_held(e, slug, note);
    if (held == NULL)
        return identity_open(note, ret);
    *ret = *held;
    return OK;
}

enum err identity_learn(struct engine *e, struct bytes note, bool keep)
{
    struct note *n = malloc(sizeof(*n));
    struct identity *id = malloc(sizeof(*id));
    enum err result = n != NULL && id != NULL ? identity_open(note, id) : ERR_NOMEM;
    if (result == ERR_NOMEM)
        no_memory(e);
    if (result == OK)
        result = note_parse(note, n);
    struct slug slug = {{0}};
    uint32_t version = 0;
    bool is_new = false;
    if (result == OK) {
        slug = id->slug;
        version = id->version;
        result = learn(e, note, n->text, &id);
        is_new = result == OK || result == ERR_KEY;     /* our own of other keys is kept for people to see */
    }
    if (is_new && keep) {
        struct effect *f = fx_add(e, FX_PUT_IDENTITY);
        f->slug = slug;
        f->version = version;
        buf_put(&f->data, note);
    }
    free(n);
    free(id);
    return result;
}

/* ---- requests to join ---- */

bool request_known(const struct engine *e, const struct slug *slug, const struct sign_public *root)
{
    for (size_t i = 0; i < e->n_requests; i++)
        if (slug_equal(&e->requests[i].slug, slug) && memcmp(e->requests[i].root.b, root->b, sizeof(root->b)) == 0)
            return true;
    return false;
}

void requests_sweep(struct engine *e)
{
    const struct charter *c = charter_now(e);
    size_t kept = 0;
    for (size_t i = 0; c != NULL && i < e->n_requests; i++)
        if (charter_find(c, &e->requests[i].slug) == NULL)
            e->requests[kept++] = e->requests[i];
    e->n_requests = kept;
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
    } else if (e->n_requests == REQUESTS_MAX) {
        link_bye(e, l, BYE_TOO_MANY);
    } else if (invite_is_open(e, &hash) || link_spend(e, l, TOKENS_PROOF)) {
        /* One that we have not heard of may have been made a moment ago: the store knows, and guessing is dear. */
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
