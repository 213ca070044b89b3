#include "node/engine/engine.h"

#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

enum err engine_new(const struct engine_config *c, struct engine **ret)
{
    struct engine *e = calloc(1, sizeof(*e));
    if (e == NULL)
        return ERR_NOMEM;
    e->cfg = *c;
    e->identity_note = buf_on(IDENTITY_MAX);
    buf_put(&e->identity_note, c->identity);
    e->random = c->random_seed;
    e->is_trusted = !c->has_trust;
    e->chain = chain_new(&c->alliance);
    enum err result = buf_status(&e->identity_note);
    if (result == OK && e->chain == NULL)
        result = ERR_NOMEM;
    if (result == OK)
        result = identity_open(buf_bytes(&e->identity_note), &e->identity);
    if (result != OK) {
        engine_free(e);
        return result;
    }
    e->cfg.identity = (struct bytes){0};    /* the caller's */
    e->self = e->identity.slug;
    e->own_place = -1;
    identity_check_own(e);
    *ret = e;
    return OK;
}

static void peer_free(struct epeer *p)
{
    free(p->identity);
    buf_release(&p->note);
    buf_release(&p->text);
    free(p);
}

void engine_free(struct engine *e)
{
    if (e == NULL)
        return;
    for (size_t i = 0; i < e->n_links; i++) {
        buf_release(&e->links[i]->hello);
        free(e->links[i]->plogs);
        free(e->links[i]);
    }
    for (size_t i = 0; i < e->n_tickets; i++)
        ticket_free(e->tickets[i]);
    for (size_t i = 0; i < e->n_logs; i++)
        log_free(e->logs[i]);
    for (size_t i = 0; i < e->n_peers; i++)
        peer_free(e->peers[i]);
    free(e->tickets);
    free(e->logs);
    free(e->sorted);
    free(e->peers);
    chain_free(e->chain);
    buf_release(&e->identity_note);
    buf_release(&e->sink.data);
    wipe(&e->cfg.witness, sizeof(e->cfg.witness));
    free(e);
}

static void on_start(struct engine *e)
{
    if (e->is_started)
        return;
    e->is_started = true;
    e->look_until_ms = e->now_ms + COSIGN_AFTER_START_MS;
    for (size_t i = 0; i < e->n_logs; i++)
        witness_try_at(e, e->logs[i], e->now_ms);       /* a lone founder waits for nobody */
    for (size_t i = 0; i < e->n_logs; i++)
        ending_news(e, e->logs[i]);
    cosigs_keep_again(e);
    e->vector_check_ms = e->now_ms + VECTOR_CHECK_MS;
    timer_at(e, e->vector_check_ms);
    dial_tick(e);
}

static void on_tick(struct engine *e)
{
    e->timer_ms = 0;
    links_tick(e);
    pull_tick(e);
    fork_tick(e);
    closing_tick(e);
    ending_tick(e);
    logs_tick(e);
    dial_tick(e);
    charters_tick(e);
    if (e->is_started)
        timer_at(e, e->vector_check_ms);
}

static void on_invites(struct engine *e, const struct event *ev)
{
    e->n_invites = ev->n_invites < INVITES_MAX ? ev->n_invites : INVITES_MAX;
    if (e->n_invites > 0)
        memcpy(e->invites, ev->invites, e->n_invites * sizeof(e->invites[0]));
}

static void on_ask(struct engine *e)
{
    /* "sync" wants peers that are backed off from to be tried now; both want heads. */
    e->asked_ms = e->now_ms;
    for (size_t i = 0; i < e->n_peers; i++)
        e->peers[i]->dial_ms = e->now_ms;
    e->inviter_dial_ms = e->now_ms;
    dial_tick(e);
    links_ping_all(e);
}

static void on_stored(struct engine *e, struct ticket *t, uint64_t count)
{
    switch (t->kind) {
    case TICKET_APPEND:   append_stored(e, t); break;
    case TICKET_FILL:     fill_stored(e, t, count); break;
    case TICKET_COSIG:    cosig_stored(e, t); break;
    case TICKET_EVIDENCE: evidence_stored(e, t); break;
    case TICKET_REQUEST:  request_stored(e, t); break;
    case TICKET_CHARTER:  charter_stored(e); break;
    case TICKET_READ:
    case TICKET_PROVE:
    case TICKET_PROMISE:
    case TICKET_CLAIM:
    case TICKET_CLOSING:
    case TICKET_CONTAINS:
    case TICKET_CUT:      break;
    }
}

static void request_failed(struct engine *e, const struct ticket *t, enum err why)
{
    struct elink *l = link_find(e, t->link);
    if (l != NULL)
        link_bye(e, l, why == ERR_LIMIT ? BYE_TOO_MANY : why == ERR_UNKNOWN ? BYE_BAD_TOKEN : BYE_STORE);
}

/* A store that fails is this node's own trouble: nothing that waited for it is announced, and the
 * peers are not blamed. The shell decides whether to go on, and tells people. */
static void on_store_failed(struct engine *e, struct ticket *t, enum err why)
{
    switch (t->kind) {
    case TICKET_APPEND:   append_failed(e, t, why); break;
    case TICKET_FILL:     fill_failed(e, t, why); break;
    case TICKET_COSIG:    witness_try_at(e, e->logs[t->log], e->now_ms + COSIGN_EVERY_MS); break;
    case TICKET_CHARTER:  charter_failed(e, t); break;
    case TICKET_REQUEST:  request_failed(e, t, why); break;
    case TICKET_EVIDENCE: e->logs[t->log]->is_convicted = false; break;     /* who meets the fork again shows it again */
    case TICKET_READ:
    case TICKET_PROVE:
    case TICKET_PROMISE:
    case TICKET_CLAIM:
    case TICKET_CLOSING:
    case TICKET_CONTAINS:
    case TICKET_CUT:      break;
    }
}

static void on_ticket(struct engine *e, const struct event *ev)
{
    struct ticket *t = ticket_take(e, ev->ticket);
    if (t == NULL)
        return;
    if (ev->kind == EV_STORED)
        on_stored(e, t, ev->count);
    else
        on_store_failed(e, t, ev->err);
    ticket_free(t);
}

static void on_local_ref(struct engine *e, const struct event *ev)
{
    struct elog *log = log_get(e, &ev->ref);
    if (log == NULL)
        return;
    if (ev->kind == EV_HOLE)
        log_add_hole(e, log, ev->hole);
    else
        log_erase(e, log, ev->target, ev->index);
}

static void dispatch(struct engine *e, struct event *ev)
{
    switch (ev->kind) {
    case EV_CHARTER:      charter_take(e, NULL, ev->bytes, true); return;
    case EV_IDENTITY:     (void)identity_learn(e, ev->bytes, false); return;
    case EV_LOG:          log_local(e, ev); return;
    case EV_HOLE:
    case EV_ERASURE:      on_local_ref(e, ev); return;
    case EV_COSIG:        cosig_local(e, &ev->ref, ev->cosig); return;
    case EV_EVIDENCE:     evidence_local(e, ev->bytes); return;
    case EV_INVITES:      on_invites(e, ev); return;
    case EV_REQUEST:      request_local(e, ev->request); return;
    case EV_ASK:          on_ask(e); return;
    case EV_START:        on_start(e); return;
    case EV_TICK:         on_tick(e); return;
    case EV_LINK_UP:      link_up(e, ev); return;
    case EV_LINK_DOWN:    link_down(e, ev); return;
    case EV_FRAME:        link_frame(e, ev); return;
    case EV_DRAINED: {
        struct elink *l = link_find(e, ev->link);
        if (l != NULL) {
            l->queued -= ev->count < l->queued ? ev->count : l->queued;
            serve_more(e, l);
        }
        return;
    }
    case EV_STORED:
    case EV_STORE_FAILED: on_ticket(e, ev); return;
    case EV_SPAN:         span_ready(e, ev); return;
    case EV_PROOF:        proof_ready(e, ev); return;
    }
}

/* A buffer that did not grow would be obeyed as if it were whole. */
static void check_effects(struct engine *e, size_t from)
{
    for (size_t i = from; i < e->fx->n; i++)
        if (buf_status(&e->fx->list[i]->data) != OK)
            no_memory(e);
}

enum err engine_step(struct engine *e, struct event *ev, struct effects *fx)
{
    e->failed = OK;
    e->fx = fx;
    if (ev->now_ms > e->now_ms)
        e->now_ms = ev->now_ms;
    e->wall_ms = ev->wall_ms;
    size_t first = fx->n;
    dispatch(e, ev);
    claims_look(e);
    witness_look_round(e);
    links_end_stuffed(e);
    check_effects(e, first);
    if ((ev->kind == EV_FRAME || ev->kind == EV_SPAN) && ev->frame != NULL) {
        free(ev->frame);                    /* nobody kept it */
        ev->frame = NULL;
    }
    e->fx = NULL;
    return e->failed;
}

bool engine_is_settled(struct engine *e)
{
    if (e->n_tickets > 0 || e->n_claims > 0 || (!e->cfg.is_import && (!e->is_started || !dial_is_settled(e))))
        return false;
    for (size_t i = 0; i < e->n_links; i++) {
        const struct elink *l = e->links[i];
        if (l->state == LINK_GREETING || l->state == LINK_ASKED || l->state == LINK_CLOSING || l->queued > 0
            || l->ping_sent_ms != 0)
            return false;
        if (l->state == LINK_OPEN && !l->knows_vector && !e->cfg.is_import)
            return false;
    }
    return e->cfg.is_import || !pull_wants(e);
}

struct engine_counts engine_counts(const struct engine *e)
{
    struct engine_counts c = {
        .n_links = e->n_links,
        .n_tickets = e->n_tickets,
        .staged_bytes = e->staged,
        .staged_max_seen = e->staged_max_seen,
        .credit_out = e->credit_out,
        .ignored_types = e->ignored_types,
        .ignored_slugs = e->ignored_slugs,
        .violations = e->violations,
    };
    for (size_t i = 0; i < e->n_links; i++)
        c.n_open_links += e->links[i]->state == LINK_OPEN;
    for (size_t i = 0; i < e->n_logs; i++)
        c.n_streams += e->logs[i]->stream.link != 0;
    return c;
}

bool engine_log(const struct engine *e, const struct log_ref *ref, struct log_state *ret)
{
    const struct elog *log = log_find(e, ref);
    if (log == NULL)
        return false;
    *ret = (struct log_state){
        .origin = log->origin, .frontier = log->stored, .whole = log->whole, .whole_root = log->whole_root,
        .whole_note = buf_bytes(&log->whole_note), .is_frozen = log->is_frozen,
        .cosigned_size = log->cosigned_size, .cosigned_root = log->cosigned_root,
        .cosigned_at_s = log->cosigned_at_s, .newest_ms = log->newest_time_ms,
    };
    return true;
}

bool engine_is_member(const struct engine *e)
{
    return e->is_member;
}

uint32_t engine_charter_version(const struct engine *e)
{
    const struct charter *c = charter_now(e);
    return c != NULL ? c->version : 0;
}
