#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

struct elink *link_find(struct engine *e, link_id id)
{
    for (size_t i = 0; i < e->n_links; i++)
        if (e->links[i]->id == id)
            return e->links[i];
    return NULL;
}

struct elink *link_of(struct engine *e, const struct slug *slug)
{
    for (size_t i = 0; i < e->n_links; i++)
        if (e->links[i]->state == LINK_OPEN && slug_equal(&e->links[i]->slug, slug))
            return e->links[i];
    return NULL;
}

/* Without memory the last row stands in: the step has failed and the shell stops. */
struct plog *link_plog(struct engine *e, struct elink *l, const struct elog *log)
{
    if (log->id >= l->n_plogs) {
        size_t n = e->cap_logs > log->id ? e->cap_logs : log->id + 1;
        struct plog *p = realloc(l->plogs, n * sizeof(*p));
        if (p == NULL) {
            no_memory(e);
            memset(&e->spare_plog, 0, sizeof(e->spare_plog));
            return &e->spare_plog;
        }
        memset(p + l->n_plogs, 0, (n - l->n_plogs) * sizeof(*p));
        l->plogs = p;
        l->n_plogs = n;
    }
    return &l->plogs[log->id];
}

/* Work that a peer can cause is paid from a bucket that fills at TOKENS_A_SECOND up to
 * TOKENS_MAX: far above what an honest peer spends. */
bool link_spend(struct engine *e, struct elink *l, double tokens)
{
    double more = (double)(e->now_ms - l->tokens_ms) * TOKENS_A_SECOND / 1000.0;
    l->tokens = l->tokens + more < TOKENS_MAX ? l->tokens + more : TOKENS_MAX;
    l->tokens_ms = e->now_ms;
    if (l->tokens < tokens) {
        link_bye(e, l, BYE_FLOOD);
        return false;
    }
    l->tokens -= tokens;
    return true;
}

static const char *link_name(const struct elink *l)
{
    return l->slug.s[0] != '\0' ? l->slug.s : "unknown";
}

/* Say why, then hang up. A peer in violation is backed off from; others at the usual pace. */
void link_bye(struct engine *e, struct elink *l, enum bye_reason why)
{
    if (l->state == LINK_CLOSING)
        return;
    if (bye_is_violation(why)) {
        e->violations++;
        report(e, REPORT_WARN, "peer=%s link=closed violation=%s", link_name(l), bye_code(why));
    } else if (why != BYE_DUPLICATE && why != BYE_LEAVING) {
        report(e, REPORT_INFO, "peer=%s link=closed reason=%s", link_name(l), bye_code(why));
    }
    put_bye(send_begin(e, l), why);
    send_end(e, l);
    fx_add(e, FX_CLOSE)->link = l->id;
    l->state = LINK_CLOSING;
    dial_ended(e, l, bye_is_violation(why), bye_code(why));
    pull_drop_link(e, l);
}

void link_up(struct engine *e, const struct event *ev)
{
    struct elink *l = e->n_links < LINKS_MAX ? calloc(1, sizeof(*l)) : NULL;
    if (l == NULL) {
        fx_add(e, FX_CLOSE)->link = ev->link;
        if (e->n_links < LINKS_MAX)
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
        if (ev->slug.s[0] == '\0') {
            e->inviter_dialling = false;
            e->inviter_tried = true;
        }
        link_greet(e, l);
    }
    timer_at(e, e->now_ms + HELLO_TIMEOUT_MS);
}

void link_down(struct engine *e, const struct event *ev)
{
    if (ev->link == 0) {
        dial_failed(e, &ev->slug, ev->err);
        return;
    }
    for (size_t i = 0; i < e->n_links; i++) {
        struct elink *l = e->links[i];
        if (l->id != ev->link)
            continue;
        e->links[i] = e->links[--e->n_links];
        if (l->state != LINK_CLOSING) {
            l->state = LINK_CLOSING;
            pull_drop_link(e, l);
            dial_ended(e, l, false, err_code(ev->err));
        }
        buf_release(&l->hello);
        free(l->plogs);
        free(l);
        break;
    }
    dial_tick(e);
    pull_more(e);
}

void link_greet(struct engine *e, struct elink *l)
{
    const struct charter *c = charter_now(e);
    struct msg_hello h = {
        .protocol = PROTOCOL_VERSION, .time_ms = e->wall_ms, .identity = buf_bytes(&e->identity_note),
    };
    if (c != NULL) {
        h.charter_version = c->version;
        h.charter_hash = c->hash;
    }
    put_hello(send_begin(e, l), &h);
    send_end(e, l);
    if (l->is_dialler && e->cfg.has_token && !engine_is_member(e)
        && memcmp(l->node.b, e->cfg.inviter_node.b, sizeof(l->node.b)) == 0) {
        put_enrol(send_begin(e, l), e->cfg.token);
        send_end(e, l);
        l->state = LINK_WAITING;
    }
}

static void ping(struct engine *e, struct elink *l, uint64_t id, bool is_reply)
{
    struct msg_ping p = {.id = id, .is_reply = is_reply, .generation = 1};
    struct log_ref ref = {l->slug, 1};
    const struct elog *log = engine_log_find(e, &ref);
    if (log != NULL) {
        p.size = log->whole;
        p.root = short_root_of(&log->whole_root);
    }
    put_ping(send_begin(e, l), &p);
    send_end(e, l);
    if (!is_reply) {
        l->ping_id = id;
        l->ping_sent_ms = e->now_ms > 0 ? e->now_ms : 1;
        l->ping_ms = e->now_ms + PING_EVERY_MS;
        timer_at(e, l->ping_ms);
    }
}

void links_ping_all(struct engine *e)
{
    for (size_t i = 0; i < e->n_links; i++)
        if (e->links[i]->state == LINK_OPEN)
            ping(e, e->links[i], ++e->next_ping, false);
}

/* [P-40] Of two links between one pair the one dialled by the lower slug stays, of two by one
 * dialler the newer. False when it is `l` that goes. */
static bool link_stays(struct engine *e, struct elink *l)
{
    struct elink *other = link_of(e, &l->slug);
    if (other == NULL || other == l)
        return true;
    bool l_by_lower = l->is_dialler == (slug_compare(&e->self, &l->slug) < 0);
    bool other_by_lower = other->is_dialler == (slug_compare(&e->self, &other->slug) < 0);
    bool stays = l_by_lower != other_by_lower ? l_by_lower : l->id > other->id;
    link_bye(e, stays ? other : l, BYE_DUPLICATE);
    return stays;
}

void link_open(struct engine *e, struct elink *l)
{
    if (!link_stays(e, l))
        return;
    l->state = LINK_OPEN;
    struct epeer *p = peer_get(e, &l->slug);
    if (p == NULL)
        return;
    p->backoff_ms = 0;
    p->is_tried = true;
    p->heard_wall_ms = e->wall_ms;
    peer_set_state(e, p, PEER_OPEN, "");
    charter_send(e, l);
    have_send_hash(e, l);
    ping(e, l, ++e->next_ping, false);
}

/* ---- HELLO ---- */

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
    if (p != NULL && p->identity != NULL && p->identity->version > id->version) {
        link_bye(e, l, BYE_STALE_IDENTITY);
        return;
    }
    if (l->is_dialler && l->slug.s[0] != '\0' && !slug_equal(&l->slug, &id->slug)) {
        link_bye(e, l, BYE_IDENTITY);
        return;
    }
    l->slug = id->slug;
    struct slug ignored;
    (void)identity_learn(e, buf_bytes(&l->hello), true, &ignored);
    if (!l->is_dialler)
        link_greet(e, l);
    link_open(e, l);
}

/* A root that no charter of ours names: one request for a newer charter, or its place among those who
 * asked to be admitted, or the wait for its ENROL. */
static void judge_stranger(struct engine *e, struct elink *l, const struct identity *id)
{
    const struct charter *c = charter_now(e);
    uint32_t ours = c != NULL ? c->version : 0;
    if (l->is_dialler) {
        /* We dialled a member and a stranger answered: its charter may be the newer one. */
        if (l->charter_version > ours && l->state == LINK_GREETING) {
            l->state = LINK_ASKED;
            charter_ask(e, l, false);
        } else if (c != NULL) {
            link_bye(e, l, BYE_NOT_MEMBER);
        }
    } else if (l->state == LINK_GREETING && l->charter_version > ours) {
        l->state = LINK_ASKED;
        charter_ask(e, l, false);
    } else if (request_known(e, &id->slug, &id->root)) {
        l->state = LINK_WAITING;
        charter_send(e, l);
    } else if (l->state == LINK_ASKED) {
        link_bye(e, l, BYE_NOT_MEMBER);
    }                                       /* else: ENROL may follow, until HELLO_TIMEOUT_MS */
}

void link_judge(struct engine *e, struct elink *l)
{
    struct identity *id = malloc(sizeof(*id));
    if (id == NULL) {
        no_memory(e);
        return;
    }
    enum err err = identity_open(buf_bytes(&l->hello), id);
    if (err != OK || memcmp(id->node.b, l->node.b, sizeof(l->node.b)) != 0)
        link_bye(e, l, BYE_IDENTITY);
    else if (slug_equal(&id->slug, &e->self))
        link_bye(e, l, BYE_DUPLICATE);      /* our own node, or a copy of our home */
    else if (member_of(e, id) != NULL)
        judge_member(e, l, id);
    else
        judge_stranger(e, l, id);
    free(id);
}

static void on_hello(struct engine *e, struct elink *l, const struct msg_hello *h)
{
    if (l->hello.len > 0) {
        link_bye(e, l, BYE_ORDER);
        return;
    }
    l->charter_version = h->charter_version;
    l->charter_hash = h->charter_hash;
    if (buf_set(e, &l->hello, h->identity) && link_spend(e, l, TOKENS_SIGNATURE))
        link_judge(e, l);
}

/* ---- PING, BYE ---- */

static void on_ping(struct engine *e, struct elink *l, const struct msg_ping *p)
{
    struct effect *f = fx_add(e, FX_PUT_HEAD);
    f->head = (struct head_row){.peer = l->slug, .generation = p->generation, .size = p->size, .root = p->root,
                                .at_ms = e->wall_ms};
    if (!p->is_reply) {
        ping(e, l, p->id, true);
    } else if (l->ping_sent_ms != 0 && p->id == l->ping_id) {
        l->rtt_ms = (int64_t)(e->now_ms - l->ping_sent_ms);
        l->ping_sent_ms = 0;
        struct epeer *peer = peer_find(e, &l->slug);
        if (peer != NULL) {
            peer->heard_wall_ms = e->wall_ms;
            peer_set_state(e, peer, PEER_OPEN, "");
        }
    }
}

static void on_bye(struct engine *e, struct elink *l, struct bytes code)
{
    enum bye_reason why = BYE_LEAVING;
    bool is_known = bye_parse(code, &why) == OK;
    const char *name = is_known ? bye_code(why) : "unknown";
    if (why != BYE_LEAVING && why != BYE_DUPLICATE)
        report(e, REPORT_WARN, "peer=%s link=refused reason=%s", link_name(l), name);
    fx_add(e, FX_CLOSE)->link = l->id;
    l->state = LINK_CLOSING;
    dial_ended(e, l, is_known && bye_is_violation(why), name);
    pull_drop_link(e, l);
}

/* ---- frames ---- */

#define STATE(s) (1u << (s))
#define WITHIN   STATE(LINK_OPEN)

/* In which states a message may come, and what it costs the peer. */
static const struct { unsigned states; double tokens; } rules[] = {
    [MSG_HELLO] = {STATE(LINK_GREETING) | STATE(LINK_WAITING), 1},
    [MSG_ENROL] = {STATE(LINK_GREETING) | STATE(LINK_ASKED) | STATE(LINK_WAITING) | STATE(LINK_OPEN), TOKENS_SIGNATURE},
    [MSG_CHARTER] = {STATE(LINK_GREETING) | STATE(LINK_ASKED) | STATE(LINK_WAITING) | STATE(LINK_OPEN), TOKENS_SIGNATURE},
    [MSG_HAVE] = {WITHIN, 1},
    [MSG_WANT] = {WITHIN, 1},
    [MSG_ENTRIES] = {WITHIN, 0},            /* bounded by the credit we gave */
    [MSG_CHECKPOINT] = {WITHIN, TOKENS_SIGNATURE},
    [MSG_COSIG] = {WITHIN, 1},
    [MSG_PROVE] = {WITHIN, TOKENS_PROOF},
    [MSG_PROOF] = {WITHIN, TOKENS_SIGNATURE},
    [MSG_EVIDENCE] = {WITHIN, TOKENS_SIGNATURE},
    [MSG_PING] = {WITHIN, 1},
    [MSG_BYE] = {STATE(LINK_GREETING) | STATE(LINK_ASKED) | STATE(LINK_WAITING) | STATE(LINK_OPEN), 0},
};

static void take_message(struct engine *e, struct elink *l, struct message *m, struct event *ev)
{
    switch (m->type) {
    case MSG_HELLO:      on_hello(e, l, &m->u.hello); return;
    case MSG_ENROL:      on_enrol(e, l, m->u.token); return;
    case MSG_CHARTER:    on_charter(e, l, &m->u.charter); return;
    case MSG_HAVE:       on_have(e, l, &m->u.have); return;
    case MSG_WANT:       on_want(e, l, &m->u.want); return;
    case MSG_ENTRIES:
        on_entries(e, l, &m->u.entries, ev->frame, ev->frame_len);
        ev->frame = NULL;                   /* its memory went along */
        return;
    case MSG_CHECKPOINT: on_checkpoint(e, l, &m->u.checkpoint); return;
    case MSG_COSIG:      on_cosig(e, l, &m->u.cosig); return;
    case MSG_PROVE:      on_prove(e, l, &m->u.prove); return;
    case MSG_PROOF:      on_proof(e, l, &m->u.proof); return;
    case MSG_EVIDENCE:   on_evidence(e, l, m->u.evidence); return;
    case MSG_PING:       on_ping(e, l, &m->u.ping); return;
    case MSG_BYE:        on_bye(e, l, m->u.bye); return;
    }
}

void link_frame(struct engine *e, struct event *ev)
{
    struct elink *l = link_find(e, ev->link);
    if (l == NULL || l->state == LINK_CLOSING)
        return;
    struct message *m = malloc(sizeof(*m));
    if (m == NULL) {
        no_memory(e);
        return;
    }
    l->heard_ms = e->now_ms;
    enum err err = message_decode((struct bytes){ev->frame, ev->frame_len}, m);
    if (err == ERR_UNKNOWN)
        e->ignored_types++;
    else if (err != OK)
        link_bye(e, l, BYE_FORMAT);
    else if ((rules[m->type].states & STATE(l->state)) == 0)
        link_bye(e, l, BYE_ORDER);
    else if (rules[m->type].tokens == 0 || link_spend(e, l, rules[m->type].tokens))
        take_message(e, l, m, ev);
    free(m);
}

void links_tick(struct engine *e)
{
    for (size_t i = 0; i < e->n_links; i++) {
        struct elink *l = e->links[i];
        if (l->state == LINK_OPEN && !e->cfg.is_import) {
            if (e->now_ms - l->heard_ms >= SILENCE_MAX_MS) {
                link_bye(e, l, BYE_SILENT);
                continue;
            }
            if (l->ping_ms <= e->now_ms)
                ping(e, l, ++e->next_ping, false);
            timer_at(e, l->ping_ms);
        } else if (l->state == LINK_GREETING || l->state == LINK_ASKED) {
            if (e->now_ms - l->since_ms >= HELLO_TIMEOUT_MS)
                link_bye(e, l, BYE_SILENT);
            else
                timer_at(e, l->since_ms + HELLO_TIMEOUT_MS);
        }
    }
}
