#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

/* ---- appends ---- */

static uint64_t first_missing(const struct elog *log)
{
    const struct hole *h = log_first_hole(log);
    return h != NULL ? h->idx : UINT64_MAX;
}

/* What the segment brought becomes the footing of what is staged next; it is announced only when stored. */
static void advance_tip(struct engine *e, struct elog *log, struct segment *s)
{
    uint64_t first = first_missing(log);
    log->tip = s->after;
    for (size_t i = 0; i < s->n_holes; i++)
        log_add_hole(e, log, &s->holes[i]);
    for (size_t i = 0; i < s->n_erasures; i++)
        log_drop_hole(log, s->erasures[i].target);
    s->has_excused = first < s->from && first_missing(log) > first;
    if (s->identity != NULL && buf_set(e, &log->identity_text, s->identity_text)) {
        free(log->identity);
        log->identity = s->identity;
        s->identity = NULL;
    }
    if (s->newest_time_ms > log->newest_time_ms)
        log->newest_time_ms = s->newest_time_ms;
    if (s->promise != PROMISE_UNKNOWN && s->promise_size == log->cosigned_size)
        log->promise = s->promise;
}

static void cosign_with(struct engine *e, struct elog *log, struct segment *s)
{
    struct hash root = frontier_root(&s->after);
    if (s->whole != s->after.size || s->checkpoint.len == 0 || !witness_may_cosign(e, log, s->whole, &root))
        return;
    witness_make(e, log, s->whole, &root, &s->cosig);
    s->has_cosig = true;
}

void append_begin(struct engine *e, struct elog *log, struct segment *s, uint64_t end)
{
    struct ticket *t;
    uint64_t expected = log->tip.size;
    advance_tip(e, log, s);
    if (log_first_hole(log) == NULL)
        log->tip_whole = end;
    s->whole = log->tip_whole;
    cosign_with(e, log, s);
    struct effect *f = fx_add(e, FX_APPEND);
    f->ticket = ticket_new(e, TICKET_APPEND, &t);
    if (f->ticket == 0) {
        e->staged -= s->bytes;
        segment_free(s);
        return;
    }
    t->log = log->id;
    t->segment = s;
    log->n_appends++;
    e->n_appends++;
    f->append = (struct append){
        .origin = log->origin, .expected = expected, .n_items = s->n_items, .items = s->items, .after = &s->after,
        .is_ending = log->settling == SETTLING_OTHER, .checkpoint = s->checkpoint, .whole = s->whole,
        .cosig = s->has_cosig ? &s->cosig : NULL,
    };
}

/* A newer checkpoint is held whole, durably: now, and only now, it is announced, cosigned, and served. */
static void whole_advanced(struct engine *e, struct elog *log, struct bytes note, const struct cosig *ours)
{
    log->whole = log->stored.size;
    log->whole_root = frontier_root(&log->stored);
    if (!buf_set(e, &log->whole_note, note))
        return;
    cosigs_advance(e, log);
    if (ours != NULL) {
        cosig_promised(e, log, ours);
        cosig_add(e, log, ours, 0);
    }
    have_tell(e, log);
    witness_try(e, log);
    for (size_t i = 0; i < e->n_links; i++)
        if (e->links[i]->state == LINK_OPEN && link_plog(e, e->links[i], log)->is_wanted)
            serve_more(e, e->links[i]);
}

/* Up to the next payload that is missing: which checkpoint that makes, the store knows. */
static void raise_whole(struct engine *e, struct elog *log)
{
    struct ticket *t;
    struct effect *f = fx_add(e, FX_RAISE_WHOLE);
    f->ticket = ticket_new(e, TICKET_FILL, &t);
    log->n_fills++;
    t->log = log->id;
    f->ref = log->ref;
    f->whole = first_missing(log) < log->stored.size ? first_missing(log) : log->stored.size;
}

static void append_over(struct engine *e, struct elog *log, const struct segment *s)
{
    log->n_appends--;
    e->n_appends--;
    e->staged -= s->bytes;
}

void append_stored(struct engine *e, struct ticket *t)
{
    struct elog *log = e->logs[t->log];
    struct segment *s = t->segment;
    append_over(e, log, s);
    e->store_wait_ms = 0;
    const bool begins = s->has_closing, is_first = log->stored.size == 0;
    log->stored = s->after;
    if (begins)
        log->closes = s->closes;
    for (size_t i = 0; i < s->n_erasures; i++)
        log_erase(e, log, s->erasures[i].target, s->erasures[i].withdrawal);
    if (s->identity_note.len > 0 && !identity_is_held(e, &log->ref.slug, s->identity_note))
        (void)identity_learn(e, s->identity_note, true);
    if (s->whole == log->stored.size)
        whole_advanced(e, log, s->checkpoint, s->has_cosig ? &s->cosig : NULL);
    else if (!buf_set(e, &log->tip_note, s->checkpoint))
        return;
    else if (s->has_excused)
        raise_whole(e, log);
    claims_judge(e, log);
    if (begins)
        ending_news(e, log);
    if (is_first)
        have_ask_again(e);
    pull_more(e);
}

/* Nothing more is taken of it before EV_LOG says what is really stored. A full or broken disk is given time:
 * what is fetched meanwhile would only be fetched again. */
static void write_failed(struct engine *e, struct elog *log, enum err why)
{
    bool is_ours = why != ERR_CONFLICT && why != ERR_FROZEN;
    if (is_ours)
        e->store_wait_ms = e->store_wait_ms == 0 ? BACKOFF_MIN_MS : e->store_wait_ms * 2;
    if (e->store_wait_ms > BACKOFF_MAX_MS)
        e->store_wait_ms = BACKOFF_MAX_MS;
    log->is_unsure = true;
    log->retry_ms = e->now_ms + (is_ours ? e->store_wait_ms : BACKOFF_MIN_MS);
    timer_at(e, log->retry_ms);
    pull_drop(e, log, true);
}

void append_failed(struct engine *e, struct ticket *t, enum err why)
{
    struct elog *log = e->logs[t->log];
    append_over(e, log, t->segment);
    write_failed(e, log, why);
}

/* ---- holes ---- */

/* Nothing else goes on with this log until it is durable. */
void fill_begin(struct engine *e, struct elog *log, uint64_t idx, struct bytes payload)
{
    struct ticket *t;
    struct effect *f = fx_add(e, FX_FILL);
    f->ticket = ticket_new(e, TICKET_FILL, &t);
    log_drop_hole(log, idx);
    log->n_fills++;
    t->log = log->id;
    f->ref = log->ref;
    f->index = idx;
    f->whole = first_missing(log) < log->stored.size ? first_missing(log) : log->stored.size;
    if (f->whole == log->stored.size)
        log->tip_whole = log->stored.size;
    buf_put(&f->data, payload);
}

/* A checkpoint below the end is the store's to tell, and so is one that came before the last start: EV_LOG brings it. */
void fill_stored(struct engine *e, struct ticket *t, uint64_t whole)
{
    struct elog *log = e->logs[t->log];
    log->n_fills--;
    if (whole > log->whole && whole == log->stored.size && log->tip_note.len > 0)
        whole_advanced(e, log, buf_bytes(&log->tip_note), NULL);
    else if (whole > log->whole)
        log->is_unsure = true;
    pull_more(e);
}

void fill_failed(struct engine *e, struct ticket *t, enum err why)
{
    struct elog *log = e->logs[t->log];
    log->n_fills--;
    write_failed(e, log, why);
}
