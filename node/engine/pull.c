#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

void segment_free(struct segment *s)
{
    if (s == NULL)
        return;
    while (s->frames != NULL) {
        struct frame_memory *f = s->frames;
        s->frames = f->next;
        free(f->p);
        free(f);
    }
    free(s->items);
    free(s->identity);
    free(s->holes);
    free(s->erasures);
    free(s);
}

static void stage_drop(struct engine *e, struct elog *log)
{
    if (log->stage != NULL)
        e->staged -= log->stage->bytes;
    segment_free(log->stage);
    log->stage = NULL;
}

/* ---- streams ---- */

/* Bytes that peers may still send us unasked-for-more. */
uint64_t pull_credit_out(const struct engine *e)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < e->n_logs; i++)
        if (e->logs[i]->stream.link != 0 && e->logs[i]->stream.credit > 0)
            sum += (uint64_t)e->logs[i]->stream.credit;
    return sum;
}

static bool has_room(const struct engine *e)
{
    return e->staged + pull_credit_out(e) + WANT_CREDIT <= STAGED_MAX;
}

static void want(struct engine *e, struct elog *log, struct elink *l, bool has_from, uint32_t credit)
{
    struct msg_want w = {.log = log->ref, .has_from = has_from, .from = log->stream.next, .upto = log->stream.upto,
                         .credit = credit};
    put_want(send_begin(e, l), &w);
    send_end(e, l);
    log->stream.credit += credit;
}

void pull_drop(struct engine *e, struct elog *log, bool tell)
{
    struct elink *l = log->stream.link != 0 ? link_find(e, log->stream.link) : NULL;
    if (l != NULL && tell && l->state == LINK_OPEN)
        want(e, log, l, false, 0);
    log->stream = (struct stream){0};
    stage_drop(e, log);
}

void pull_drop_link(struct engine *e, struct elink *l)
{
    for (size_t i = 0; i < e->n_logs; i++) {
        struct elog *log = e->logs[i];
        if (log->stream.link == l->id)
            pull_drop(e, log, false);
        if (log->suspect.link == l->id)
            suspect_clear(log);
    }
}

static size_t n_streams_of(const struct engine *e, const struct elink *l)
{
    size_t n = 0;
    for (size_t i = 0; i < e->n_logs; i++)
        n += e->logs[i]->stream.link == l->id;
    return n;
}

/* Where the log must go on: past its tip, or in a hole that nothing excuses. False: nothing is wanted. */
static bool next_wanted(const struct engine *e, const struct elog *log, uint64_t *ret_next, uint64_t *ret_upto)
{
    uint64_t max;
    if (log->is_frozen || log->is_unsure || log->stream.link != 0 || log->stage != NULL || log->suspect.link != 0
        || log->retry_ms > e->now_ms || !log_may_hold(e, log, &max))
        return false;
    const struct hole *h = log->n_appends == 0 ? log_first_hole(log) : NULL;
    if (h != NULL && h->idx < log->stored.size && log->tip.size >= log->announced) {
        *ret_next = h->idx;
        *ret_upto = h->idx + 1;
        return true;
    }
    *ret_next = log->tip.size;
    *ret_upto = max;
    return log->tip.size < max;
}

/* The open link that has what is wanted, with the fewest streams; those that failed before come last. */
static struct elink *best_link(struct engine *e, const struct elog *log, uint64_t next)
{
    struct elink *best = NULL;
    size_t best_rank = SIZE_MAX;
    size_t at = e->n_links > 0 ? engine_random(e) % e->n_links : 0;
    for (size_t i = 0; i < e->n_links; i++) {
        struct elink *l = e->links[(at + i) % e->n_links];
        const struct plog *pl = l->state == LINK_OPEN && log->id < l->n_plogs ? &l->plogs[log->id] : NULL;
        if (pl == NULL || pl->size <= next)
            continue;
        size_t rank = n_streams_of(e, l) + (pl->has_failed ? 1000000 : 0);
        if (rank < best_rank) {
            best_rank = rank;
            best = l;
        }
    }
    return best;
}

static void stream_begin(struct engine *e, struct elog *log, struct elink *l, uint64_t next, uint64_t upto)
{
    const struct plog *pl = link_plog(e, l, log);
    log->stream = (struct stream){
        .link = l->id, .next = next, .upto = upto < pl->size ? upto : pl->size, .progress_ms = e->now_ms,
    };
    want(e, log, l, true, WANT_CREDIT);
    timer_at(e, e->now_ms + WANT_TIMEOUT_MS);
}

void pull_more(struct engine *e)
{
    if (!e->is_started || e->cfg.is_import)
        return;
    for (size_t i = 0; i < e->n_logs; i++) {
        struct elog *log = e->logs[i];
        uint64_t next, upto;
        if (log->tip.size >= log->announced && log->n_holes == 0)
            continue;
        if (!next_wanted(e, log, &next, &upto))
            continue;
        if (!has_room(e))
            return;
        struct elink *l = best_link(e, log, next);
        if (l != NULL)
            stream_begin(e, log, l, next, upto);
    }
}

/* The stage is full of half-built segments: the youngest gives way to the oldest, which can then finish. */
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
    youngest->retry_ms = e->now_ms + 100;
    timer_at(e, youngest->retry_ms);
    pull_drop(e, youngest, true);
    return true;
}

/* Keep the pipe full: more credit while there is room, before the last is used up. */
static void stream_go_on(struct engine *e, struct elog *log, struct elink *l)
{
    const struct plog *pl = link_plog(e, l, log);
    uint64_t max;
    if (log->stream.next >= log->stream.upto) {
        bool has_more = log_may_hold(e, log, &max) && pl->size > log->stream.next && log->stream.next < max
                        && log->stream.next >= log->tip.size;
        if (!has_more) {
            log->stream = (struct stream){0};
            return;
        }
        log->stream.upto = pl->size < max ? pl->size : max;
        want(e, log, l, false, log->stream.credit > WANT_CREDIT / 2 ? 1 : WANT_CREDIT / 2);
        return;
    }
    if (log->stream.credit > WANT_CREDIT / 2)
        return;
    if (!has_room(e) && log->stream.credit <= 0)
        while (!has_room(e) && make_room(e, log))
            continue;
    if (has_room(e) || log->stream.credit <= 0)
        want(e, log, l, false, WANT_CREDIT / 2);
}

void pull_tick(struct engine *e)
{
    for (size_t i = 0; i < e->n_logs; i++) {
        struct elog *log = e->logs[i];
        if (log->retry_ms > e->now_ms)
            timer_at(e, log->retry_ms);
        if (log->stream.link == 0)
            continue;
        if (e->now_ms - log->stream.progress_ms < WANT_TIMEOUT_MS) {
            timer_at(e, log->stream.progress_ms + WANT_TIMEOUT_MS);
            continue;
        }
        /* It named a head and gives nothing: ask somebody else, and hang up so that a dead link does not linger. */
        struct elink *l = link_find(e, log->stream.link);
        if (l != NULL) {
            link_plog(e, l, log)->has_failed = true;
            link_bye(e, l, BYE_BEHIND);
        }
    }
    pull_more(e);
}

/* ---- taking entries ---- */

static bool keep_frame(struct engine *e, struct segment *s, uint8_t *frame, size_t len)
{
    struct frame_memory *f = malloc(sizeof(*f));
    if (f == NULL) {
        free(frame);
        return no_memory(e);
    }
    *f = (struct frame_memory){s->frames, frame};
    s->frames = f;
    s->bytes += len;
    e->staged += len;
    if (e->staged > e->staged_max_seen)
        e->staged_max_seen = e->staged;
    return true;
}

static struct segment *stage_get(struct engine *e, struct elog *log)
{
    if (log->stage == NULL) {
        log->stage = calloc(1, sizeof(*log->stage));
        if (log->stage == NULL) {
            no_memory(e);
            return NULL;
        }
        log->stage->from = log->tip.size;
        log->stage->after = log->tip;
    }
    return log->stage;
}

static enum bye_reason take_identity(struct engine *e, struct elog *log, struct segment *s, uint64_t idx,
                                     const struct item *item)
{
    struct note *n = malloc(sizeof(*n));
    struct identity *id = malloc(sizeof(*id));
    enum bye_reason bad = BYE_COUNT;
    struct bytes note = payload_body(item->payload);
    const struct identity *prev = s->identity != NULL ? s->identity : log->identity;
    struct bytes prev_text = s->identity != NULL ? s->identity_text : buf_bytes(&log->identity_text);
    const struct sign_public *root = chain_root_at(e->chain, &log->ref.slug, idx);
    if (n == NULL || id == NULL)
        no_memory(e);
    else if (identity_open(note, id) != OK || note_parse(note, n) != OK || !slug_equal(&id->slug, &log->ref.slug)
             || root == NULL || memcmp(root->b, id->root.b, sizeof(root->b)) != 0
             || (prev != NULL ? identity_check_next(prev, prev_text, id) != OK : id->version != 1))
        bad = BYE_IDENTITY;
    if (n != NULL && id != NULL && bad == BYE_COUNT) {
        free(s->identity);
        s->identity = id;
        s->identity_note = note;
        s->identity_text = n->text;
        id = NULL;
    }
    free(n);
    free(id);
    return bad;
}

static void take_withdrawal(struct engine *e, struct segment *s, uint64_t idx, const struct item *item)
{
    struct withdrawal w;
    if (withdrawal_read(payload_body(item->payload), &w) != OK || !w.erase || w.target >= idx)
        return;                             /* it excuses nothing */
    if (grow(e, (void **)&s->erasures, &s->cap_erasures, s->n_erasures, sizeof(s->erasures[0])))
        s->erasures[s->n_erasures++] = (struct erasure){w.target, idx};
}

static void take_hole(struct engine *e, struct segment *s, uint64_t idx, const struct item *item, const struct header *h)
{
    if (grow(e, (void **)&s->holes, &s->cap_holes, s->n_holes, sizeof(s->holes[0])))
        s->holes[s->n_holes++] = (struct hole){idx, item->excuse, h->payload_hash, h->payload_len};
}

/* One entry, against everything that can be known of it before the signature.
 * BYE_COUNT: it is good. */
static enum bye_reason take_item(struct engine *e, struct elog *log, struct segment *s, const struct item *item)
{
    uint64_t idx = s->from + s->n_items;
    struct header h;
    if (header_read(item->header, &h) != OK)
        return BYE_SPAN;
    if (item->has_payload && header_check_payload(&h, item->payload) != OK)
        return BYE_SPAN;
    if ((idx == 0 && h.kind != KIND_IDENTITY) || log->n_holes + s->n_holes >= HOLES_MAX)
        return BYE_SPAN;
    enum bye_reason bad = BYE_COUNT;
    if (!item->has_payload) {
        if (h.kind == KIND_IDENTITY || h.kind == KIND_EPOCH || item->excuse <= idx)
            return BYE_EXCUSE;              /* these are never erased; a withdrawal comes after its target */
        take_hole(e, s, idx, item, &h);
    } else if (h.kind == KIND_IDENTITY) {
        bad = take_identity(e, log, s, idx, item);
    } else if (h.kind == KIND_WITHDRAW) {
        take_withdrawal(e, s, idx, item);
    }
    if (bad != BYE_COUNT || !grow(e, (void **)&s->items, &s->cap_items, s->n_items, sizeof(s->items[0])))
        return bad;
    struct hash leaf = merkle_leaf(item->header);
    frontier_append(&s->after, &leaf);
    s->items[s->n_items++] = *item;
    if (h.time_ms > s->newest_time_ms)
        s->newest_time_ms = h.time_ms;
    return BYE_COUNT;
}

/* The span's end: has it the root that its author signed? */
static void close_span(struct engine *e, struct elog *log, struct elink *l, struct bytes note)
{
    struct segment *s = log->stage;
    const struct identity *id = s->identity != NULL ? s->identity : log->identity;
    struct checkpoint c;
    if (id == NULL || checkpoint_open(note, &log->origin, &id->log, &c) != OK) {
        link_bye(e, l, BYE_SIGNATURE);
        return;
    }
    struct hash root = frontier_root(&s->after);
    if (c.size == s->after.size && hash_equal(&root, &c.root)) {
        s->checkpoint = note;
        log->stage = NULL;
        append_begin(e, log, s, c.size);
    } else if (c.size == s->after.size && log->n_appends == 0 && log->tip.size > 0 && log->whole == log->tip.size) {
        fork_suspect(e, log, l, &c, note);
    } else {
        link_bye(e, l, BYE_SPAN);
    }
}

/* A former member's log ends where the charter says, by the root that the charter names. */
static void close_former(struct engine *e, struct elog *log, struct elink *l)
{
    struct segment *s = log->stage;
    const struct member *m = charter_find(charter_now(e), &log->ref.slug);
    struct hash root = frontier_root(&s->after);
    if (m == NULL || !hash_equal(&root, &m->closed_root)) {
        link_bye(e, l, BYE_SPAN);
        return;
    }
    log->stage = NULL;
    append_begin(e, log, s, s->after.size);
}

static void take_items(struct engine *e, struct elog *log, struct elink *l, struct msg_entries *m, uint64_t max,
                       uint64_t skip)
{
    struct item item;
    for (uint64_t i = 0; item_next(m, &item); i++) {
        struct segment *s = log->stage;
        if (i < skip)
            continue;
        if (s->after.size >= max)
            break;                          /* past a former member's closing: not ours to keep */
        enum bye_reason bad = take_item(e, log, s, &item);
        if (bad != BYE_COUNT) {
            link_bye(e, l, bad);
            return;
        }
        log->stream.next++;
    }
    if (log->stage->after.size >= max && (max < INT64_MAX))
        close_former(e, log, l);
    else if (m->checkpoint.len > 0)
        close_span(e, log, l, m->checkpoint);
    else if (log->stage->bytes > STAGED_LOG_MAX)
        link_bye(e, l, BYE_SPAN);           /* an author signs more often than that */
}

/* Entries we hold, asked for once more because a payload was missing. */
static void take_fills(struct engine *e, struct elog *log, struct elink *l, struct msg_entries *m)
{
    struct item item;
    uint64_t idx = m->from;
    for (; item_next(m, &item) && idx < log->stored.size; idx++) {
        const struct hole *h = NULL;
        for (size_t i = 0; i < log->n_holes && h == NULL; i++)
            if (log->holes[i].idx == idx)
                h = &log->holes[i];
        if (h == NULL)
            continue;
        struct hash got = blake2b_256(item.payload);
        if (!item.has_payload) {
            link_plog(e, l, log)->has_failed = true;
            log->retry_ms = e->now_ms + WANT_TIMEOUT_MS;
        } else if (item.payload.len != h->payload_len || !hash_equal(&got, &h->payload_hash)) {
            link_bye(e, l, BYE_SPAN);
            return;
        } else {
            fill_begin(e, log, idx, item.payload);
        }
    }
    log->stream = (struct stream){0};
}

/* An import has no streams: what goes on where we stand is wanted (a file begins at 0, whatever we hold), and
 * what fills a hole. */
static void import_begin(struct engine *e, struct elog *log, struct elink *l, const struct msg_entries *m)
{
    uint64_t max, next = log->stage != NULL ? log->stage->after.size : log->tip.size;
    if (log->stream.link != 0 || log->is_frozen || log->is_unsure || !log_may_hold(e, log, &max))
        return;
    if (m->from + m->n <= log->stored.size && log->n_holes > 0 && log->n_appends == 0)
        next = m->from;
    if (m->from <= next && next < m->from + m->n && next < max)
        log->stream = (struct stream){.link = l->id, .next = next, .upto = m->from + m->n, .progress_ms = e->now_ms};
}

void on_entries(struct engine *e, struct elink *l, struct msg_entries *m, uint8_t *frame, size_t frame_len)
{
    struct elog *log = e->cfg.is_import ? log_get(e, &m->log) : engine_log_find(e, &m->log);
    uint64_t max = 0;
    if (log != NULL && e->cfg.is_import)
        import_begin(e, log, l, m);
    bool is_next = log != NULL && log->stream.link == l->id
                   && (log->stream.next == m->from || (e->cfg.is_import && log->stream.next > m->from));
    if (!is_next || !log_may_hold(e, log, &max)) {
        free(frame);                        /* on its way when we stopped asking */
        (void)link_spend(e, l, TOKENS_SIGNATURE);
        return;
    }
    log->stream.credit -= (int64_t)frame_len;
    log->stream.progress_ms = e->now_ms;
    if (log->stream.next < log->stored.size) {
        take_fills(e, log, l, m);
        free(frame);
    } else if (stage_get(e, log) == NULL) {
        free(frame);
    } else if (keep_frame(e, log->stage, frame, frame_len)) {
        take_items(e, log, l, m, max, log->stream.next - m->from);
    }
    if (log->stream.link != 0 && l->state == LINK_OPEN && e->failed == OK) {
        if (e->cfg.is_import)
            log->stream = (struct stream){0};
        else
            stream_go_on(e, log, l);
    }
    pull_more(e);
}
