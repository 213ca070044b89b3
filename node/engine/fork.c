#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

enum { PROOF_WAIT_MS = 30 * 1000 };


void suspect_clear(struct elog *log)
{
    free(log->suspect.note);
    log->suspect = (struct suspect){0};
}

/* Keep the evidence and freeze: the author told two stories. It gossips once it is durable. */
static void convict(struct engine *e, struct elog *log, const struct evidence *ev)
{
    if (log->is_frozen || ticket_waits(e, TICKET_EVIDENCE, log->id))
        return;
    struct ticket *t;
    struct effect *f = fx_add(e, FX_PUT_EVIDENCE);
    f->ticket = ticket_new(e, TICKET_EVIDENCE, &t);
    t->log = log->id;
    f->ref = log->ref;
    evidence_write(ev, &f->data);
    if (buf_status(&f->data) != OK || (t->bytes = malloc(f->data.len)) == NULL) {
        no_memory(e);
        return;
    }
    memcpy(t->bytes, f->data.p, f->data.len);
    t->bytes_len = f->data.len;
}

void evidence_stored(struct engine *e, struct ticket *t)
{
    struct elog *log = e->logs[t->log];
    log->is_frozen = true;
    if (!buf_set(e, &log->evidence, (struct bytes){t->bytes, t->bytes_len}))
        return;
    suspect_clear(log);
    pull_drop(e, log, true);
    report(e, REPORT_WARN, "log=%s fork=proved state=frozen", log->ref.slug.s);
    for (size_t i = 0; i < e->n_links; i++) {
        if (e->links[i]->state != LINK_OPEN)
            continue;
        put_evidence(send_begin(e, e->links[i]), buf_bytes(&log->evidence));
        send_end(e, e->links[i]);
    }
    have_tell(e, log);
}

/* The log key that the evidence must be signed with: the one in force, or, where we hold nothing of the log,
 * the one of the member's newest identity. */
static const struct sign_public *current_key(struct engine *e, const struct elog *log)
{
    if (log->identity != NULL)
        return &log->identity->log;
    const struct epeer *p = peer_find(e, &log->ref.slug);
    return p != NULL && p->identity != NULL ? &p->identity->log : NULL;
}

void on_evidence(struct engine *e, struct elink *l, struct bytes in)
{
    struct evidence *ev = malloc(sizeof(*ev));
    if (ev == NULL) {
        no_memory(e);
        return;
    }
    struct elog *log = evidence_read(in, ev) == OK ? log_get(e, &ev->log) : NULL;
    const struct sign_public *key = log != NULL ? current_key(e, log) : NULL;
    if (log != NULL && log->is_frozen)
        l = NULL;                           /* known already */
    else if (key != NULL && evidence_check(ev, &log->origin, key) == OK)
        convict(e, log, ev);
    else if (key != NULL && !e->cfg.is_import)
        link_bye(e, l, BYE_SIGNATURE);
    free(ev);
}

void evidence_local(struct engine *e, struct bytes in)
{
    struct evidence *ev = malloc(sizeof(*ev));
    if (ev == NULL) {
        no_memory(e);
        return;
    }
    struct elog *log = evidence_read(in, ev) == OK ? log_get(e, &ev->log) : NULL;
    if (log != NULL && buf_set(e, &log->evidence, in))
        log->is_frozen = true;
    free(ev);
}

/* [P-53] The peer holds another root at our size: two signed notes of one size are evidence by
 * themselves. */
void on_checkpoint(struct engine *e, struct elink *l, const struct msg_checkpoint *m)
{
    struct elog *log = engine_log_find(e, &m->log);
    if (log == NULL || log->is_frozen || log->whole_note.len == 0 || log->identity == NULL) {
        e->ignored_slugs++;
        return;
    }
    struct checkpoint c;
    if (checkpoint_open(m->note, &log->origin, &log->identity->log, &c) != OK) {
        link_bye(e, l, BYE_SIGNATURE);
        return;
    }
    if (c.size != log->whole || hash_equal(&c.root, &log->whole_root))
        return;                             /* we have moved on since, or agree */
    struct evidence *ev = calloc(1, sizeof(*ev));
    if (ev == NULL) {
        no_memory(e);
        return;
    }
    ev->log = log->ref;
    ev->note_m = buf_bytes(&log->whole_note);
    ev->note_n = m->note;
    convict(e, log, ev);
    free(ev);
}

/* A rightly signed checkpoint does not follow from what we hold and what came: either the peer gave other
 * entries, or the author has two histories. The peer must prove which. */
void fork_suspect(struct engine *e, struct elog *log, struct elink *l, const struct checkpoint *c, struct bytes note)
{
    suspect_clear(log);
    log->suspect.note = malloc(note.len);
    if (log->suspect.note == NULL) {
        no_memory(e);
        return;
    }
    memcpy(log->suspect.note, note.p, note.len);
    log->suspect.note_len = note.len;
    log->suspect.link = l->id;
    log->suspect.from = log->whole;
    log->suspect.size = c->size;
    log->suspect.asked_ms = e->now_ms;
    pull_drop(e, log, true);
    struct msg_prove p = {.log = log->ref, .from = log->suspect.from, .size = log->suspect.size};
    put_prove(send_begin(e, l), &p);
    send_end(e, l);
    timer_at(e, e->now_ms + PROOF_WAIT_MS);
}

static void judge_suspect(struct engine *e, struct elog *log, struct elink *l, const struct msg_proof *m)
{
    struct evidence *ev = calloc(1, sizeof(*ev));
    if (ev == NULL) {
        no_memory(e);
        return;
    }
    ev->log = log->ref;
    ev->note_m = buf_bytes(&log->whole_note);
    ev->note_n = (struct bytes){log->suspect.note, log->suspect.note_len};
    ev->has_rival = true;
    ev->rival = m->root_from;
    ev->proof = m->proof;
    const struct sign_public *key = current_key(e, log);
    if (m->has_proof && key != NULL && evidence_check(ev, &log->origin, key) == OK)
        convict(e, log, ev);
    else
        link_bye(e, l, BYE_SPAN);
    free(ev);
}

void on_proof(struct engine *e, struct elink *l, const struct msg_proof *m)
{
    struct elog *log = engine_log_find(e, &m->log);
    if (log == NULL || log->suspect.link != l->id || m->from != log->suspect.from || m->size != log->suspect.size) {
        e->ignored_slugs++;                 /* nobody waits for it any more */
        return;
    }
    if (log->whole == m->from && !log->is_frozen)
        judge_suspect(e, log, l, m);
    suspect_clear(log);
    pull_more(e);
}

void fork_tick(struct engine *e)
{
    for (size_t i = 0; i < e->n_logs; i++) {
        struct elog *log = e->logs[i];
        if (log->suspect.link == 0)
            continue;
        if (e->now_ms - log->suspect.asked_ms < PROOF_WAIT_MS) {
            timer_at(e, log->suspect.asked_ms + PROOF_WAIT_MS);
            continue;
        }
        struct elink *l = link_find(e, log->suspect.link);
        suspect_clear(log);
        if (l != NULL)
            link_bye(e, l, BYE_SPAN);
    }
}
