#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

/* What the segment brought becomes the footing of what is staged next; it is announced only when stored. */
static void advance_tip(struct engine *e, struct elog *log, struct segment *s)
{
    log->tip = s->after;
    for (size_t i = 0; i < s->n_holes; i++)
        log_add_hole(e, log, &s->holes[i]);
    for (size_t i = 0; i < s->n_erasures; i++)
        log_add_erasure(e, log, s->erasures[i].target, s->erasures[i].withdrawal);
    if (s->identity != NULL && buf_set(e, &log->identity_text, s->identity_text)) {
        free(log->identity);
        log->identity = s->identity;
        s->identity = NULL;
    }
    if (s->newest_time_ms > log->newest_time_ms)
        log->newest_time_ms = s->newest_time_ms;
}

void append_begin(struct engine *e, struct elog *log, struct segment *s, uint64_t end)
{
    uint64_t expected = log->tip.size;
    advance_tip(e, log, s);
    s->whole = log_first_hole(log) == NULL ? end : log->whole;
    if (s->whole == end && s->checkpoint.len > 0 && witness_may_cosign(e, log, log->newest_time_ms)) {
        struct hash root = frontier_root(&s->after);
        witness_make(e, log, end, &root, &s->cosig);
        s->has_cosig = true;
    }
    struct ticket *t;
    struct effect *f = fx_add(e, FX_APPEND);
    f->ticket = ticket_new(e, TICKET_APPEND, &t);
    if (f->ticket == 0) {
        segment_free(s);
        return;
    }
    t->log = log->id;
    t->segment = s;
    log->n_appends++;
    f->append = (struct append){
        .origin = log->origin, .expected = expected, .n_items = s->n_items, .items = s->items, .after = &s->after,
        .checkpoint = s->checkpoint, .whole = s->whole, .cosig = s->has_cosig ? &s->cosig : NULL,
    };
}

/* A newer checkpoint is held whole, durably: now, and only now, it is announced. */
static void whole_advanced(struct engine *e, struct elog *log, uint64_t whole, const struct hash *root, struct bytes note)
{
    log->whole = whole;
    log->whole_root = *root;
    if (buf_set(e, &log->whole_note, note))
        witness_advanced(e, log);
}

void append_stored(struct engine *e, struct ticket *t)
{
    struct elog *log = e->logs[t->log];
    struct segment *s = t->segment;
    log->n_appends--;
    e->staged -= s->bytes;
    log->stored = s->after;
    if (s->identity_note.len > 0)
        (void)identity_learn(e, s->identity_note, true, NULL);
    if (s->whole == s->after.size) {
        struct hash root = frontier_root(&s->after);
        whole_advanced(e, log, s->whole, &root, s->checkpoint);
        have_tell(e, log);
        if (s->has_cosig)
            witness_add(e, log, &s->cosig);
        witness_try(e, log);
    }
    pull_more(e);
}

void append_failed(struct engine *e, struct ticket *t, enum err why)
{
    struct elog *log = e->logs[t->log];
    (void)why;
    log->n_appends--;
    e->staged -= t->segment->bytes;
    log->is_unsure = true;                  /* EV_LOG tells what is really stored */
    log->retry_ms = e->now_ms + BACKOFF_MIN_MS;
    timer_at(e, log->retry_ms);
    pull_drop(e, log, true);
}

/* ---- holes ---- */

/* Once the hole at `without` is closed, is everything up to the tip whole? */
static uint64_t whole_without(struct elog *log, uint64_t without)
{
    size_t kept = 0;
    for (size_t i = 0; i < log->n_holes; i++)
        if (log->holes[i].idx != without)
            log->holes[kept++] = log->holes[i];
    log->n_holes = kept;
    return log_first_hole(log) == NULL ? log->stored.size : log->whole;
}

void fill_begin(struct engine *e, struct elog *log, uint64_t idx, struct bytes payload)
{
    struct ticket *t;
    struct effect *f = fx_add(e, FX_FILL);
    f->ticket = ticket_new(e, TICKET_FILL, &t);
    t->log = log->id;
    t->from = idx;
    f->ref = log->ref;
    f->index = idx;
    f->whole = whole_without(log, idx);
    t->size = f->whole;
    buf_put(&f->data, payload);
}

/* The checkpoint at the stored size is the newest; its note is fetched from the store by EV_LOG. */
void fill_stored(struct engine *e, struct ticket *t)
{
    struct elog *log = e->logs[t->log];
    if (t->size > log->whole)
        log->is_unsure = true;              /* the shell follows a fill with EV_LOG, which brings the note */
    pull_more(e);
}

void whole_stored(struct engine *e, struct ticket *t)
{
    (void)t;
    pull_more(e);
}
