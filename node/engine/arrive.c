/* node/engine/arrive.c - links that are new: whose they are before their HELLO, and which of them give way. */
#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

static bool is_present(const struct engine *e, const struct slug *slug)
{
    const struct charter *c = charter_now(e);
    const struct member *m = c != NULL ? charter_find(c, slug) : NULL;
    return m != NULL && !m->is_former;
}

/* Before its HELLO a link is its node key's, which the handshake proved. */
static struct epeer *member_by_node(struct engine *e, const struct dh_public *node)
{
    for (size_t i = 0; i < e->n_peers; i++) {
        struct epeer *p = e->peers[i];
        if (p->identity != NULL && memcmp(p->identity->node.b, node->b, sizeof(node->b)) == 0 && is_present(e, &p->slug))
            return p;
    }
    return NULL;
}

void link_attribute(struct engine *e, struct elink *l)
{
    const struct epeer *p = l->slug.s[0] == '\0' ? member_by_node(e, &l->node) : NULL;
    if (p != NULL)
        l->slug = p->slug;
}

static bool is_on_its_way_in(const struct elink *l)
{
    return !l->is_dialler && l->state != LINK_OPEN && l->state != LINK_CLOSING;
}

/* Whoever has said nothing yet goes before one that asked to be admitted, and then the older. */
static bool goes_before(const struct elink *a, const struct elink *b)
{
    bool a_waits = a->state == LINK_WAITING, b_waits = b->state == LINK_WAITING;
    return a_waits != b_waits ? b_waits : a->since_ms < b->since_ms;
}

/* Those who are not in (yet) have their own room, where they take no member's place: one gives way when it is full. And one key
 * is on its way in once: the newer stays, as with open links. */
static void thin_out(struct engine *e, const struct dh_public *node)
{
    struct elink *first = NULL;
    size_t n = 0;
    for (size_t i = 0; i < e->n_links; i++) {
        struct elink *l = e->links[i];
        if (!is_on_its_way_in(l))
            continue;
        if (memcmp(l->node.b, node->b, sizeof(node->b)) == 0) {
            link_bye(e, l, BYE_DUPLICATE);
            continue;
        }
        if (member_by_node(e, &l->node) != NULL)
            continue;
        n++;
        if (first == NULL || goes_before(l, first))
            first = l;
    }
    if (n >= STRANGERS_MAX && member_by_node(e, node) == NULL)
        link_bye(e, first, BYE_TOO_MANY);
}

void link_up(struct engine *e, const struct event *ev)
{
    if (!ev->is_dialler)
        thin_out(e, &ev->peer_node);
    if (e->n_links == LINKS_MAX + HALF_OPEN_MAX) {
        fx_add(e, FX_CLOSE)->link = ev->link;
        if (ev->is_dialler)
            dial_failed(e, &ev->slug, ERR_LIMIT);
        return;
    }
    struct elink *l = calloc(1, sizeof(*l));
    if (l == NULL) {
        no_memory(e);
        return;
    }
    *l = (struct elink){
        .id = ev->link, .is_dialler = ev->is_dialler, .node = ev->peer_node, .hello = buf_on(IDENTITY_MAX),
        .since_ms = e->now_ms, .heard_ms = e->now_ms, .rtt_ms = -1, .tokens = TOKENS_MAX, .tokens_ms = e->now_ms,
    };
    e->links[e->n_links++] = l;
    if (e->cfg.is_import) {
        l->state = LINK_OPEN;               /* a file: it neither greets nor answers */
        return;
    }
    if (ev->is_dialler) {
        l->slug = ev->slug;                 /* whom we meant to reach: its HELLO must say so too */
        dial_reached(e, &ev->slug);
        link_greet(e, l);
    }
    timer_at(e, e->now_ms + HELLO_TIMEOUT_MS);
}
