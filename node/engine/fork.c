#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

enum { PROOF_WAIT_MS = 30 * 1000, DOUBT_MS = 60 * 1000 };

void suspect_clear(struct elog *log)
{
    buf_release(&log->suspect.note);
    log->suspect = (struct suspect){.note = buf_on(CHECKPOINT_MAX)};
}

/* ---- conviction ---- */

/* Keep the evidence and freeze: the author told two stories. It gossips once it is durable. */
static void convict(struct engine *e, struct elog *log, const struct evidence *ev)
{
    if (log->is_frozen || log->is_convicted)
        return;
    struct ticket *t;
    log->is_convicted = true;
    struct effect *f = fx_add(e, FX_PUT_EVIDENCE);
    f->ticket = ticket_new(e, TICKET_EVIDENCE, &t);
    t->log = log->id;
    f->ref = log->ref;
    evidence_write(ev, &f->data);
    t->bytes = buf_on(EVIDENCE_MAX);
    (void)buf_set(e, &t->bytes, buf_bytes(&f->data));
}

void evidence_stored(struct engine *e, struct ticket *t)
{
    struct elog *log = e->logs[t->log];
    log->is_convicted = false;
    log->is_frozen = true;
    if (!buf_set(e, &log->evidence, buf_bytes(&t->bytes)))
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
    claims_judge(e, log);
    ending_news(e, log);
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

/* ---- evidence that comes ---- */

void on_evidence(struct engine *e, struct elink *l, struct bytes in)
{
    struct evidence *ev = malloc(sizeof(*ev));
    if (ev == NULL) {
        no_memory(e);
        return;
    }
    bool is_read = evidence_read(in, ev) == OK;
    struct elog *log = is_read ? log_get(e, &ev->log) : NULL;
    const struct sign_public *key = log != NULL ? current_key(e, log) : NULL;
    if (!is_read)
        link_bye(e, l, BYE_FORMAT);
    else if (log == NULL || key == NULL)
        e->ignored_slugs++;                 /* it comes again when we hold, and tell of, the log */
    else if (!log->is_frozen && evidence_check(ev, &log->origin, key) == OK)
        convict(e, log, ev);
    free(ev);                               /* under a key that is not in force here it convicts nobody: no fault */
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

/* ---- signs of a fork ---- */

static void judge(struct engine *e, struct elog *log, struct bytes note_m, struct bytes note_n, const struct msg_proof *m,
                  struct elink *if_not)
{
    struct evidence *ev = calloc(1, sizeof(*ev));
    const struct sign_public *key = current_key(e, log);
    if (ev == NULL) {
        no_memory(e);
        return;
    }
    ev->log = log->ref;
    ev->note_m = note_m;
    ev->note_n = note_n;
    ev->has_rival = m != NULL;
    if (m != NULL) {
        ev->rival = m->root_from;
        ev->proof = m->proof;
    }
    if (key != NULL && evidence_check(ev, &log->origin, key) == OK)
        convict(e, log, ev);
    else if (if_not != NULL)
        link_bye(e, if_not, BYE_SPAN);
    free(ev);
}

/* [P-53] The peer holds another root at our size: two signed notes of one size are evidence by
 * themselves. One by a retired key is a stray: it convicts nobody. */
void on_checkpoint(struct engine *e, struct elink *l, const struct msg_checkpoint *m)
{
    struct elog *log = log_find(e, &m->log);
    if (log == NULL || log->is_frozen || log->whole_note.len == 0 || log->identity == NULL) {
        e->ignored_slugs++;
        return;
    }
    struct checkpoint c;
    enum err err = checkpoint_open(m->note, &log->origin, &log->identity->log, &c);
    if (err == ERR_SIGNATURE || err == ERR_FORMAT)
        link_bye(e, l, BYE_SIGNATURE);
    else if (err == OK && c.size == log->whole && !hash_equal(&c.root, &log->whole_root))
        judge(e, log, buf_bytes(&log->whole_note), m->note, NULL, NULL);
}

static void ask_proof(struct engine *e, struct elog *log, struct elink *l, uint64_t size, struct bytes note)
{
    suspect_clear(log);
    if (!buf_set(e, &log->suspect.note, note))      /* before its frame goes with the stage */
        return;
    log->suspect.link = l->id;
    log->suspect.from = log->stored.size;
    log->suspect.size = size;
    log->suspect.asked_ms = e->now_ms;
    struct msg_prove p = {.log = log->ref, .from = log->suspect.from, .size = size};
    put_prove(send_begin(e, l), &p);
    send_end(e, l);
    timer_at(e, e->now_ms + PROOF_WAIT_MS);
}

/* A rightly signed checkpoint does not follow from what we hold and what came: either the peer gave other
 * entries, or the author has two histories. The peer must prove which; but first all must be durable that it is
 * compared with, and a file cannot answer. */
void fork_doubt(struct engine *e, struct elog *log, struct elink *l, uint64_t size, struct bytes note)
{
    if (log->n_appends == 0 && log_note(log).len > 0 && !e->cfg.is_import) {
        ask_proof(e, log, l, size, note);
        pull_drop(e, log, true);
        return;
    }
    log->is_doubtful = true;
    if (log->n_appends == 0) {
        report(e, REPORT_WARN, "log=%s size=%llu fork=suspected", log->ref.slug.s, (unsigned long long)size);
        pull_fail(e, log, l);
        log->retry_ms = e->now_ms + DOUBT_MS;
    } else {
        pull_drop(e, log, true);
    }
}

/* No proof makes it the peer's fault; so does one that shows that it holds what we hold, and yet gave
 * something else. */
void on_proof(struct engine *e, struct elink *l, const struct msg_proof *m)
{
    struct elog *log = log_find(e, &m->log);
    if (closing_proof(e, l, m))
        return;
    if (log == NULL || log->suspect.link != l->id || m->from != log->suspect.from || m->size != log->suspect.size) {
        e->ignored_slugs++;                 /* nobody waits for it any more */
        return;
    }
    if (log->is_frozen || log->stored.size != m->from)
        e->ignored_slugs++;                 /* we have moved on */
    else if (!m->has_proof)
        link_bye(e, l, BYE_SPAN);
    else
        judge(e, log, log_note(log), buf_bytes(&log->suspect.note), m, l);
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
        pull_fail(e, log, l);
        link_bye(e, l, BYE_BEHIND);         /* slow, perhaps: that is no violation */
    }
}
