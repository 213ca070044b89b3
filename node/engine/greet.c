#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

/* Dialled by the key that our invite names, and not as some member. */
static bool is_inviter(const struct engine *e, const struct elink *l)
{
    return l->is_dialler && l->slug.s[0] == '\0' && e->cfg.has_token
        && memcmp(l->node.b, e->cfg.inviter_node.b, sizeof(l->node.b)) == 0;
}

/* We ask to be let in here. */
static bool is_enrolling(const struct engine *e, const struct elink *l)
{
    return is_inviter(e, l) && !engine_is_member(e);
}

void link_greet(struct engine *e, struct elink *l)
{
    const struct charter *c = charter_now(e);
    struct msg_hello h = {
        .protocol = PROTOCOL_VERSION, .time_ms = e->wall_ms, .identity = buf_bytes(&e->identity_note),
        .program = bytes_of(e->cfg.program),
    };
    if (c != NULL) {
        h.charter_version = c->version;
        h.charter_hash = c->hash;
        l->charter_told = c->hash;
    }
    put_hello(send_begin(e, l), &h);
    send_end(e, l);
    if (is_enrolling(e, l)) {
        put_enrol(send_begin(e, l), e->cfg.token);
        send_end(e, l);
        l->state = LINK_WAITING;
    }
}

/* ---- opening ---- */

/* [P-40] Of two links between one pair the one dialled by the lower slug stays, of two by one
 * dialler the newer. False when it is `l` that goes. */
static bool link_stays(struct engine *e, struct elink *l)
{
    struct elink *other = link_of(e, &l->slug);
    if (other == NULL || other == l)
        return true;
    bool we_are_lower = slug_compare(&e->self, &l->slug) < 0;
    bool l_by_lower = l->is_dialler == we_are_lower;
    bool other_by_lower = other->is_dialler == we_are_lower;
    bool stays = l_by_lower != other_by_lower ? l_by_lower : l->id > other->id;
    link_bye(e, stays ? other : l, BYE_DUPLICATE);
    return stays;
}

static size_t count_open(const struct engine *e)
{
    size_t n = 0;
    for (size_t i = 0; i < e->n_links; i++)
        n += e->links[i]->state == LINK_OPEN;
    return n;
}

static void link_open(struct engine *e, struct elink *l)
{
    struct epeer *p = peer_get(e, &l->slug);
    if (p == NULL || !link_stays(e, l))
        return;
    if (count_open(e) >= LINKS_MAX) {
        link_bye(e, l, BYE_TOO_MANY);
        return;
    }
    if (!l->is_dialler)
        link_greet(e, l);
    l->state = LINK_OPEN;
    l->open_ms = e->now_ms;
    p->is_tried = true;
    p->heard_wall_ms = e->wall_ms;
    memcpy(p->program, l->program, sizeof(p->program));
    peer_set_state(e, p, PEER_OPEN, "");
    charter_send(e, l);
    have_ask(e, l);
    link_ping(e, l);
}

/* ---- judging ---- */

/* Is the root that signed this identity a member's, under this slug? */
static const struct member *member_of(const struct engine *e, const struct identity *id)
{
    const struct charter *c = charter_now(e);
    const struct member *m = c != NULL ? charter_find_root(c, &id->root) : NULL;
    return m != NULL && slug_equal(&m->slug, &id->slug) ? m : NULL;
}

static void judge_member(struct engine *e, struct elink *l, const struct identity *id)
{
    struct epeer *p = peer_find(e, &id->slug);
    if (p != NULL && has_same_root(p, id) && p->identity->version > id->version) {
        charter_tell_identity(e, l, buf_bytes(&p->note));
        link_bye(e, l, BYE_STALE_IDENTITY);
        return;
    }
    if (l->is_dialler && l->slug.s[0] != '\0' && !slug_equal(&l->slug, &id->slug)) {
        link_bye(e, l, BYE_IDENTITY);
        return;
    }
    l->slug = id->slug;
    if (p != NULL && p->shunned_ms > e->now_ms) {
        link_bye(e, l, BYE_TOO_MANY);       /* it was in violation: it is not let in before its time */
        return;
    }
    (void)identity_learn(e, buf_bytes(&l->hello), true);
    link_open(e, l);
}

/* It was a member once: it is told so, and why. */
static bool is_former(const struct engine *e, const struct identity *id)
{
    const struct charter *c = charter_now(e);
    const struct member *m = c != NULL ? charter_find(c, &id->slug) : NULL;
    return m != NULL && m->is_former && memcmp(m->root.b, id->root.b, sizeof(m->root.b)) == 0;
}

/* A root that no charter of ours names: one request for a newer charter, or its place among those who
 * asked to be admitted, or the wait for its ENROL. */
static void judge_stranger(struct engine *e, struct elink *l, const struct identity *id, bool is_answered)
{
    const struct charter *c = charter_now(e);
    if (l->state == LINK_GREETING && l->charter_version > (c != NULL ? c->version : 0)) {
        l->state = LINK_ASKED;              /* we dialled a member and a stranger answers, or a newcomer dials: the charter
                                             * that it names may tell */
        charter_ask(e, l, false);
    } else if (!l->is_dialler && is_former(e, id)) {
        charter_send(e, l);
        link_bye(e, l, BYE_NOT_MEMBER);
    } else if (!l->is_dialler && request_known(e, &id->slug, &id->root)) {
        l->state = LINK_WAITING;
        charter_send(e, l);
    } else if ((l->is_dialler && c != NULL && l->state == LINK_GREETING) || (l->state == LINK_ASKED && is_answered)) {
        link_bye(e, l, BYE_NOT_MEMBER);
    }                                       /* else: ENROL or CHARTER may follow, until HELLO_TIMEOUT_MS */
}

/* The handshake proved a key: the identity's own, or, where we dialled, the one that we knew this member by then: a responder
 * answers to its last key for a while, and its newer identity may have come here by another way since we dialled. */
static bool has_node_key(struct engine *e, const struct elink *l, const struct identity *id)
{
    if (memcmp(id->node.b, l->node.b, sizeof(l->node.b)) == 0)
        return true;
    const struct sign_public *root = l->is_dialler && slug_equal(&l->slug, &id->slug) ? member_root(e, &id->slug) : NULL;
    return root != NULL && memcmp(root->b, id->root.b, sizeof(root->b)) == 0;
}

/* The node key of our inviter has changed since the invite was made. The old one says nothing of whose it was, and everybody has
 * everybody's identity: nobody is let in by it. It brings the charter that admits us; then all are dialled by their own. */
static void judge_old_inviter(struct engine *e, struct elink *l)
{
    if (engine_is_member(e))
        link_bye(e, l, BYE_LEAVING);        /* else it waits, as it did */
}

void link_judge(struct engine *e, struct elink *l, bool is_answered)
{
    struct identity *id = malloc(sizeof(*id));
    if (id == NULL) {
        no_memory(e);
        return;
    }
    if (identity_open(buf_bytes(&l->hello), id) != OK)
        link_bye(e, l, BYE_IDENTITY);
    else if (!has_node_key(e, l, id) && is_inviter(e, l))
        judge_old_inviter(e, l);
    else if (!has_node_key(e, l, id))
        link_bye(e, l, BYE_IDENTITY);
    else if (slug_equal(&id->slug, &e->self))
        link_bye(e, l, BYE_DUPLICATE);      /* our own node, or a copy of our home */
    else if (member_of(e, id) != NULL)
        judge_member(e, l, id);
    else
        judge_stranger(e, l, id, is_answered);
    free(id);
}

void on_hello(struct engine *e, struct elink *l, const struct msg_hello *h)
{
    if (l->hello.len > 0) {
        link_bye(e, l, BYE_ORDER);
        return;
    }
    l->charter_version = h->charter_version;
    l->charter_hash = h->charter_hash;
    (void)!bytes_to_str(h->program, l->program, sizeof(l->program));    /* the decoder bounds it */
    if (h->identity.len == 0)
        link_bye(e, l, BYE_IDENTITY);
    else if (buf_set(e, &l->hello, h->identity))
        link_judge(e, l, false);
}
