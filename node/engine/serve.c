#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

enum { QUEUE_LOW = LINK_QUEUE_MAX / 4, READS_MAX = 4 };

void on_want(struct engine *e, struct elink *l, const struct msg_want *m)
{
    struct elog *log = log_find(e, &m->log);
    if (log == NULL) {
        e->ignored_slugs++;
        return;
    }
    struct plog *pl = link_plog(e, l, log);
    if (m->has_from) {
        pl->is_wanted = true;
        pl->serve_next = m->from;
        pl->serve_credit = m->credit;
        pl->serve_upto = m->upto;
    } else if (m->credit == 0) {
        pl->is_wanted = false;
    } else if (pl->is_wanted) {
        pl->serve_credit += m->credit;
        if (pl->serve_credit > WANT_CREDIT_MAX)
            pl->serve_credit = WANT_CREDIT_MAX;
        pl->serve_upto = m->upto;
    }
    serve_more(e, l);
}

static bool can_read(const struct elog *log, const struct plog *pl, uint64_t *ret_upto)
{
    uint64_t size;
    struct hash root;
    if (!pl->is_wanted || pl->is_reading || pl->serve_credit <= 0 || !log_shown(log, &size, &root))
        return false;
    *ret_upto = pl->serve_upto < size ? pl->serve_upto : size;
    return pl->serve_next < *ret_upto;
}

static void read_span(struct engine *e, struct elink *l, struct elog *log, struct plog *pl, uint64_t upto)
{
    struct ticket *t;
    struct effect *f = fx_add(e, FX_READ);
    f->ticket = ticket_new(e, TICKET_READ, &t);
    t->log = log->id;
    t->link = l->id;
    t->from = pl->serve_next;
    f->ref = log->ref;
    f->from = pl->serve_next;
    f->whole = upto;
    f->count = pl->serve_credit < ENTRIES_FRAME_BYTES ? (uint64_t)pl->serve_credit : ENTRIES_FRAME_BYTES;
    pl->is_reading = true;
    l->n_reads++;
}

/* Fill the link's queue, logs in turn, as far as the peer's credit and its own pace allow. */
void serve_more(struct engine *e, struct elink *l)
{
    if (l->state != LINK_OPEN || e->cfg.is_import)
        return;
    for (size_t tried = 0; tried < l->n_plogs && l->n_reads < READS_MAX && l->queued < QUEUE_LOW; tried++) {
        size_t at = l->serve_at++ % l->n_plogs;
        uint64_t upto;
        if (at < e->n_logs && can_read(e->logs[at], &l->plogs[at], &upto)) {
            read_span(e, l, e->logs[at], &l->plogs[at], upto);
            tried = 0;
        }
    }
}

static void send_span(struct engine *e, struct elink *l, struct plog *pl, struct event *ev)
{
    struct effect *f = fx_add(e, FX_SEND);
    if (f == &e->sink)
        return;
    f->link = l->id;
    f->data = (struct buf){.p = ev->frame, .len = ev->frame_len, .cap = ev->frame_len, .max = FRAME_BODY_MAX};
    ev->frame = NULL;
    l->queued += ev->frame_len;
    pl->serve_next += ev->count;
    pl->serve_credit -= (int64_t)ev->frame_len;
}

void span_ready(struct engine *e, struct event *ev)
{
    struct ticket *t = ticket_take(e, ev->ticket);
    if (t == NULL)
        return;
    struct elink *l = link_find(e, t->link);
    if (l != NULL && l->state == LINK_OPEN && t->log < l->n_plogs) {
        struct plog *pl = &l->plogs[t->log];
        l->n_reads--;
        pl->is_reading = false;
        if (ev->count == 0 && pl->serve_next == t->from)
            pl->is_wanted = false;          /* our disk's trouble, or cut back: the peer asks others in time */
        else if (pl->is_wanted && pl->serve_next == t->from)
            send_span(e, l, pl, ev);        /* else: stopped, or asked for another place, meanwhile */
        serve_more(e, l);
    }
    ticket_free(t);
}

/* [P-54] Asked for a proof between two sizes of a log: the root at the first, and that the second
 * grew from it. */
void on_prove(struct engine *e, struct elink *l, const struct msg_prove *m)
{
    struct elog *log = log_find(e, &m->log);
    if (log != NULL && m->from > 0 && m->size > log->stored.size && m->from <= m->size) {
        link_bye(e, l, BYE_STORE);          /* ours was cut back since: we cannot say */
        return;
    }
    if (log == NULL || m->from == 0 || m->from > m->size) {
        struct msg_proof none = {.log = m->log, .from = m->from, .size = m->size};
        put_proof(send_begin(e, l), &none);
        send_end(e, l);
        return;
    }
    struct ticket *t;
    struct effect *f = fx_add(e, FX_PROVE);
    f->ticket = ticket_new(e, TICKET_PROVE, &t);
    t->log = log->id;
    t->link = l->id;
    t->from = m->from;
    t->size = m->size;
    f->ref = log->ref;
    f->from = m->from;
    f->whole = m->size;
}

void proof_ready(struct engine *e, const struct event *ev)
{
    struct ticket *t = ticket_take(e, ev->ticket);
    if (t == NULL)
        return;
    if (t->kind == TICKET_PROMISE) {
        promise_ready(e, ev, t);
        ticket_free(t);
        return;
    }
    if (t->kind == TICKET_CLOSING) {
        closing_ready(e, ev, t);
        ticket_free(t);
        return;
    }
    if (t->kind == TICKET_CONTAINS) {
        ending_ready(e, ev, t);
        ticket_free(t);
        return;
    }
    if (t->kind == TICKET_CLAIM) {
        claim_ready(e, ev, t);
        ticket_free(t);
        return;
    }
    struct elink *l = link_find(e, t->link);
    struct msg_proof *m = calloc(1, sizeof(*m));
    if (m == NULL) {
        no_memory(e);
    } else if (l != NULL && l->state == LINK_OPEN && ev->err != OK) {
        link_bye(e, l, BYE_STORE);          /* to say "no proof" would be to confess what we did not do */
    } else if (l != NULL && l->state == LINK_OPEN) {
        m->log = e->logs[t->log]->ref;
        m->from = t->from;
        m->size = t->size;
        m->root_from = ev->root;
        m->has_proof = true;
        m->proof = *ev->proof;
        put_proof(send_begin(e, l), m);
        send_end(e, l);
    }
    free(m);
    ticket_free(t);
}
