#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

/* A sender ends a frame with the entry that uses its credit up: so much may come beyond it. */
enum { BEYOND_CREDIT = PAYLOAD_MAX + HEADER_MAX + 64 * 1024, HALF_CREDIT = WANT_CREDIT / 2, RETRY_MAX_MS = 60 * 1000 };

/* ---- credit ---- */

static uint64_t held_for(int64_t credit)
{
    return credit > 0 ? (uint64_t)credit + BEYOND_CREDIT : 0;
}

static void set_credit(struct engine *e, struct elog *log, int64_t credit)
{
    e->credit_out -= held_for(log->stream.credit);
    log->stream.credit = credit;
    e->credit_out += held_for(credit);
}

void stream_charge(struct engine *e, struct elog *log, int64_t bytes)
{
    set_credit(e, log, log->stream.credit - bytes);
}

static bool has_room(const struct engine *e, uint64_t credit)
{
    return e->staged + e->credit_out + credit + BEYOND_CREDIT <= STAGED_MAX;
}

/* ---- streams ---- */

static void want(struct engine *e, struct elog *log, struct elink *l, bool has_from, uint32_t credit)
{
    struct msg_want w = {.log = log->ref, .has_from = has_from, .from = log->stream.next, .upto = log->stream.upto,
                         .credit = credit};
    put_want(send_begin(e, l), &w);
    send_end(e, l);
    set_credit(e, log, log->stream.credit + credit);
}

void stream_begin(struct engine *e, struct elog *log, struct elink *l, uint64_t next, uint64_t upto)
{
    const struct plog *pl = link_plog(e, l, log);
    log->stream = (struct stream){
        .link = l->id, .next = next, .upto = upto < pl->size ? upto : pl->size, .progress_ms = e->now_ms,
        .is_fill = next < log->tip.size,
    };
    l->n_streams++;
    if (e->cfg.is_import)
        return;
    want(e, log, l, true, WANT_CREDIT);
    timer_at(e, e->now_ms + WANT_TIMEOUT_MS);
}

void stream_end(struct engine *e, struct elog *log)
{
    struct elink *l = log->stream.link != 0 ? link_find(e, log->stream.link) : NULL;
    if (l != NULL)
        l->n_streams--;
    set_credit(e, log, 0);
    log->stream = (struct stream){0};
}

void pull_drop(struct engine *e, struct elog *log, bool tell)
{
    struct elink *l = log->stream.link != 0 ? link_find(e, log->stream.link) : NULL;
    if (l != NULL && tell && l->state == LINK_OPEN && !e->cfg.is_import)
        want(e, log, l, false, 0);
    stream_end(e, log);
    if (log->stage != NULL)
        e->staged -= log->stage->bytes;
    segment_free(log->stage);
    log->stage = NULL;
}

void pull_fail(struct engine *e, struct elog *log, struct elink *l)
{
    struct epeer *p = l->slug.s[0] != '\0' ? peer_find(e, &l->slug) : NULL;
    link_plog(e, l, log)->has_failed = true;
    if (p != NULL)
        p->n_failures++;
    log->fault_wait_ms = log->fault_wait_ms == 0 ? BACKOFF_MIN_MS : log->fault_wait_ms * 2;
    if (log->fault_wait_ms > RETRY_MAX_MS)
        log->fault_wait_ms = RETRY_MAX_MS;
    log->retry_ms = e->now_ms + log->fault_wait_ms;
    timer_at(e, log->retry_ms);
    claim_failed(e, log, l);
    pull_drop(e, log, true);
    log_announce(e, log);
}

void pull_drop_link(struct engine *e, struct elink *l)
{
    for (size_t i = 0; i < e->n_logs; i++) {
        struct elog *log = e->logs[i];
        if (log->stream.link == l->id)
            pull_drop(e, log, false);
        if (log->suspect.link == l->id)
            suspect_clear(log);
        closing_link_over(log, l);
        if (log->id < l->n_plogs && l->plogs[log->id].size > 0)
            log_announce(e, log);           /* its word goes with it */
    }
}

/* ---- whom to ask ---- */

/* The open link that has what is wanted, with the fewest streams. Those that failed before come last, or not at all. */
static struct elink *best_link(struct engine *e, const struct elog *log, uint64_t next, bool with_failed)
{
    struct elink *best = NULL;
    size_t best_rank = SIZE_MAX;
    size_t at = e->n_links > 0 ? engine_random(e) % e->n_links : 0;
    for (size_t i = 0; i < e->n_links; i++) {
        struct elink *l = e->links[(at + i) % e->n_links];
        const struct plog *pl = l->state == LINK_OPEN && log->id < l->n_plogs ? &l->plogs[log->id] : NULL;
        if (pl == NULL || pl->size <= next || (pl->has_failed && !with_failed) || !ending_may_give(log, pl))
            continue;
        const struct epeer *p = peer_find(e, &l->slug);
        size_t rank = l->n_streams + (p != NULL ? p->n_failures : 0) * 1000u;
        if (rank < best_rank) {
            best_rank = rank;
            best = l;
        }
    }
    return best;
}

static bool is_idle(const struct elog *log)
{
    return (!log->is_frozen || log->settling == SETTLING_OTHER) && !log->is_convicted && !log->is_unsure
        && log->stream.link == 0 && log->stage == NULL
        && log->suspect.link == 0 && log->closing.link == 0 && log->n_fills == 0 && (log->n_appends == 0 || !log->is_doubtful);
}

struct errand { struct elink *from; uint64_t next, upto; };

/* What is to be asked for, and of whom: the log's end before its holes, and both before a peer that failed. */
static bool errand_of(struct engine *e, const struct elog *log, struct errand *ret)
{
    uint64_t max;
    if (!is_idle(log) || !log_may_hold(log, &max))
        return false;
    const struct hole *h = log->n_appends == 0 ? log_first_hole(log) : NULL;
    bool is_behind = log->tip.size < max && log->tip.size < log->announced && !closing_is_reached(e, log);
    for (int failed = 0; failed <= 1; failed++) {
        if (is_behind && (ret->from = best_link(e, log, log->tip.size, failed == 1)) != NULL) {
            ret->next = log->tip.size;
            ret->upto = max;
            return true;
        }
        if (h != NULL && (ret->from = best_link(e, log, h->idx, failed == 1)) != NULL) {
            ret->next = h->idx;
            ret->upto = h->idx + 1;
            return true;
        }
    }
    return false;
}

/* Is there nothing that a look could find?  Most logs, most of the time. */
static bool is_level(const struct elog *log)
{
    return log->tip.size >= log->announced && log->n_holes == 0;
}

void pull_more(struct engine *e)
{
    if (!e->is_started || e->cfg.is_import)
        return;
    for (size_t i = 0; i < e->n_logs; i++) {
        struct elog *log = e->logs[i];
        struct errand what;
        if (log->stream.link != 0)
            stream_feed(e, log);
        if (is_level(log) || log->retry_ms > e->now_ms || !has_room(e, WANT_CREDIT))
            continue;
        if (errand_of(e, log, &what))
            stream_begin(e, log, what.from, what.next, what.upto);
    }
}

/* Who names a head again and again and does not give it keeps nobody waiting. */
static bool is_hopeful(struct engine *e, const struct elog *log, struct elink *l)
{
    const struct epeer *p = l != NULL ? peer_find(e, &l->slug) : NULL;
    return l != NULL && !link_plog(e, l, log)->has_failed && (p == NULL || p->n_failures == 0);
}

bool pull_wants(struct engine *e)
{
    struct errand what;
    for (size_t i = 0; i < e->n_logs; i++) {
        const struct elog *log = e->logs[i];
        if (log->suspect.link != 0 || log->closing.link != 0 || log->is_unsure || log->stage != NULL)
            return true;
        if (log->stream.link != 0 && is_hopeful(e, log, link_find(e, log->stream.link)))
            return true;
        if (!is_level(log) && errand_of(e, log, &what) && is_hopeful(e, log, what.from))
            return true;
    }
    return false;
}

/* ---- going on ---- */

/* The stage is full of half-built segments: the youngest gives way, so that the others can finish. */
static bool make_room(struct engine *e, const struct elog *for_log)
{
    struct elog *youngest = NULL;
    for (size_t i = 0; i < e->n_logs; i++) {
        struct elog *log = e->logs[i];
        if (log == for_log || log->stream.link == 0 || log->stage == NULL)
            continue;
        if (youngest == NULL || log->stream.progress_ms >= youngest->stream.progress_ms)
            youngest = log;
    }
    if (youngest == NULL)
        return false;
    youngest->retry_ms = e->now_ms + BACKOFF_MIN_MS;
    timer_at(e, youngest->retry_ms);
    pull_drop(e, youngest, true);
    return true;
}

/* All that was asked for has come. Ask on where there is more; wait where the span is not closed: the checkpoint
 * for which we asked made way for a newer one, of which the peer is about to tell. */
static bool stream_goes_on(struct engine *e, struct elog *log, struct elink *l)
{
    const struct plog *pl = link_plog(e, l, log);
    uint64_t max;
    if (!log->stream.is_fill && log_may_hold(log, &max) && pl->size > log->stream.next && log->stream.next < max) {
        log->stream.upto = pl->size < max ? pl->size : max;
        want(e, log, l, false, 1);          /* one byte: the least that says "further" */
        return true;
    }
    if (log->stage == NULL)
        stream_end(e, log);
    return false;
}

void stream_feed(struct engine *e, struct elog *log)
{
    struct elink *l = link_find(e, log->stream.link);
    if (l == NULL || l->state != LINK_OPEN || e->cfg.is_import)
        return;
    if (log->stream.next >= log->stream.upto && !stream_goes_on(e, log, l))
        return;
    if (log->stream.credit > HALF_CREDIT)
        return;
    /* With nothing on its way to the disk, no room will come of itself. */
    while (log->stream.credit <= 0 && e->n_appends == 0 && !has_room(e, HALF_CREDIT) && make_room(e, log))
        continue;
    if (has_room(e, HALF_CREDIT))
        want(e, log, l, false, HALF_CREDIT);
}

void pull_tick(struct engine *e)
{
    for (size_t i = 0; i < e->n_logs; i++) {
        struct elog *log = e->logs[i];
        if (log->retry_ms > e->now_ms)
            timer_at(e, log->retry_ms);
        if (log->stream.link == 0)
            continue;
        if (log->stream.credit <= 0)
            log->stream.progress_ms = e->now_ms;        /* it is we who hold it up */
        if (e->now_ms - log->stream.progress_ms < WANT_TIMEOUT_MS) {
            timer_at(e, log->stream.progress_ms + WANT_TIMEOUT_MS);
            continue;
        }
        /* It named a head and gives nothing: ask somebody else, and hang up so that a dead link does not linger. */
        struct elink *l = link_find(e, log->stream.link);
        pull_fail(e, log, l);
        link_bye(e, l, BYE_BEHIND);
    }
    pull_more(e);
}
