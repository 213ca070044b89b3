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

bool link_same_charter(const struct engine *e, const struct elink *l)
{
    const struct charter *c = charter_now(e);
    return c != NULL && l->charter_version == c->version && hash_equal(&l->charter_hash, &c->hash);
}

static const char *link_name(const struct elink *l)
{
    return l->slug.s[0] != '\0' ? l->slug.s : "unknown";
}

/* It is a link no more, whoever ended it. */
static void link_over(struct engine *e, struct elink *l, bool in_violation, const char *why)
{
    l->state = LINK_CLOSING;
    dial_ended(e, l, in_violation, why);
    pull_drop_link(e, l);
}

/* Say why, then hang up. A peer in violation is backed off from; others at the usual pace. */
void link_bye(struct engine *e, struct elink *l, enum bye_reason why)
{
    if (l->state == LINK_CLOSING)
        return;
    if (bye_is_violation(why)) {
        link_attribute(e, l);
        e->violations++;
        report(e, REPORT_WARN, "peer=%s link=closed violation=%s", link_name(l), bye_code(why));
    } else if (why != BYE_DUPLICATE && why != BYE_LEAVING) {
        report(e, REPORT_INFO, "peer=%s link=closed reason=%s", link_name(l), bye_code(why));
    }
    put_bye(send_begin(e, l), why);
    send_end(e, l);
    fx_add(e, FX_CLOSE)->link = l->id;
    link_over(e, l, bye_is_violation(why), bye_code(why));
    claim_link_over(e, l, bye_is_violation(why));
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
            link_over(e, l, false, err_code(ev->err));
            claim_link_over(e, l, false);
        }
        buf_release(&l->hello);
        free(l->plogs);
        free(l);
        break;
    }
    dial_tick(e);
    pull_more(e);
}

/* With the head of the receiver's own log that we hold: its newest generation. */
static void send_ping(struct engine *e, struct elink *l, uint64_t id, bool is_reply)
{
    struct msg_ping p = {.id = id, .is_reply = is_reply, .generation = 1};
    const struct elog *log = log_newest(e, &l->slug);
    if (log != NULL) {
        p.generation = log->ref.generation;
        p.size = log->whole;
        p.root = short_root_of(&log->whole_root);
    }
    put_ping(send_begin(e, l), &p);
    send_end(e, l);
}

void link_ping(struct engine *e, struct elink *l)
{
    l->ping_id = ++e->next_ping;
    l->ping_sent_ms = e->now_ms > 0 ? e->now_ms : 1;
    l->ping_ms = e->now_ms + PING_EVERY_MS;
    send_ping(e, l, l->ping_id, false);
    timer_at(e, l->ping_ms);
}

void links_ping_all(struct engine *e)
{
    for (size_t i = 0; i < e->n_links; i++)
        if (e->links[i]->state == LINK_OPEN)
            link_ping(e, e->links[i]);
}

/* ---- PING, BYE ---- */

static void on_ping(struct engine *e, struct elink *l, const struct msg_ping *p)
{
    if (!p->is_reply) {
        send_ping(e, l, p->id, true);
    } else if (l->ping_sent_ms != 0 && p->id == l->ping_id) {
        l->rtt_ms = (int64_t)(e->now_ms - l->ping_sent_ms);
        l->ping_sent_ms = 0;
        struct epeer *peer = peer_find(e, &l->slug);
        if (peer != NULL) {
            peer->heard_wall_ms = e->wall_ms;
            peer_set_state(e, peer, PEER_OPEN, "");
        }
    }
    claim_hear(e, l, p);                    /* last: it may end the link */
}

static void on_bye(struct engine *e, struct elink *l, struct bytes code)
{
    enum bye_reason why = BYE_LEAVING;
    bool is_known = bye_parse(code, &why) == OK;
    const char *name = is_known ? bye_code(why) : "unknown";
    if (is_known && why == BYE_DUPLICATE && l->state == LINK_OPEN && !dial_has_other(e, l))
        report(e, REPORT_WARN, "peer=%s link=refused reason=%s home=copied?", link_name(l), name);
    else if (why != BYE_LEAVING && why != BYE_DUPLICATE)
        report(e, REPORT_WARN, "peer=%s link=refused reason=%s", link_name(l), name);
    fx_add(e, FX_CLOSE)->link = l->id;
    link_over(e, l, is_known && bye_is_violation(why), name);
    claim_link_over(e, l, false);
}

/* ---- frames ---- */

#define STATE(s) (1u << (s))
#define WITHIN   STATE(LINK_OPEN)
#define ALWAYS   (STATE(LINK_GREETING) | STATE(LINK_ASKED) | STATE(LINK_WAITING) | STATE(LINK_OPEN))

/* In which states a message may come, and what it costs the peer. */
static const struct { unsigned states; double tokens; } rules[] = {
    [MSG_HELLO] = {STATE(LINK_GREETING) | STATE(LINK_WAITING), TOKENS_SIGNATURE},
    [MSG_ENROL] = {ALWAYS, TOKENS_SIGNATURE},
    [MSG_CHARTER] = {ALWAYS, TOKENS_SIGNATURE},
    [MSG_HAVE] = {WITHIN, 1},
    [MSG_WANT] = {WITHIN, 1},
    [MSG_ENTRIES] = {WITHIN, 0},            /* bounded by the credit we gave */
    [MSG_CHECKPOINT] = {WITHIN, TOKENS_SIGNATURE},
    [MSG_COSIG] = {WITHIN, 1},
    [MSG_PROVE] = {WITHIN, TOKENS_PROOF},
    [MSG_PROOF] = {WITHIN, TOKENS_SIGNATURE},
    [MSG_EVIDENCE] = {WITHIN, TOKENS_SIGNATURE},
    [MSG_PING] = {WITHIN, 1},
    [MSG_BYE] = {ALWAYS, 0},
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

/* A peer that has let us in speaks as within while we still wait for the charter that lets it in here: what it says is
 * passed over, and asked for again when the link opens. */
static void take_decoded(struct engine *e, struct elink *l, struct message *m, struct event *ev)
{
    bool is_allowed = (rules[m->type].states & STATE(l->state)) != 0;
    if (!is_allowed && rules[m->type].states == WITHIN && (l->state == LINK_ASKED || l->state == LINK_WAITING))
        e->ignored_types++;
    else if (!is_allowed)
        link_bye(e, l, BYE_ORDER);
    else if (rules[m->type].tokens == 0 || link_spend(e, l, rules[m->type].tokens))
        take_message(e, l, m, ev);
}

/* A member is told, and backed off from; who is nobody here gets no answer to rubbish. */
static void link_no_message(struct engine *e, struct elink *l)
{
    link_attribute(e, l);
    if (l->slug.s[0] != '\0') {
        link_bye(e, l, BYE_FORMAT);
        return;
    }
    report(e, REPORT_INFO, "peer=%s link=closed reason=%s", link_name(l), bye_code(BYE_FORMAT));
    fx_add(e, FX_CLOSE)->link = l->id;
    link_over(e, l, false, bye_code(BYE_FORMAT));
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
    enum err err = ev->err;
    if (err == OK)
        err = message_decode((struct bytes){ev->frame, ev->frame_len}, m);
    if (err == ERR_UNKNOWN)
        e->ignored_types++;
    else if (err != OK)
        link_no_message(e, l);
    else
        take_decoded(e, l, m, ev);
    free(m);
}

/* How long a link may stay as it is without a word. */
static uint64_t patience_ms(const struct elink *l)
{
    switch (l->state) {
    case LINK_GREETING:
    case LINK_ASKED:   return l->since_ms + HELLO_TIMEOUT_MS;
    case LINK_WAITING: return l->since_ms + BACKOFF_MAX_MS;     /* who waits dials again: so the dead do not stay */
    case LINK_OPEN:    return l->heard_ms + SILENCE_MAX_MS;
    case LINK_CLOSING: break;
    }
    return UINT64_MAX;
}

void links_tick(struct engine *e)
{
    for (size_t i = 0; i < e->n_links && !e->cfg.is_import; i++) {
        struct elink *l = e->links[i];
        uint64_t until = patience_ms(l);
        if (until <= e->now_ms) {
            link_bye(e, l, BYE_SILENT);
            continue;
        }
        if (until != UINT64_MAX)
            timer_at(e, until);
        if (l->state == LINK_OPEN && l->ping_ms <= e->now_ms)
            link_ping(e, l);
        else if (l->state == LINK_OPEN)
            timer_at(e, l->ping_ms);
    }
}

void links_end_stuffed(struct engine *e)
{
    for (size_t i = 0; i < e->n_links; i++) {
        if (!e->links[i]->is_stuffed)
            continue;
        e->links[i]->is_stuffed = false;
        link_bye(e, e->links[i], BYE_BEHIND);
    }
}
