#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

enum { UNASKED_BYTES_A_TOKEN = 1024 };

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
        log->stage->bad = BYE_COUNT;
    }
    return log->stage;
}

/* ---- one entry ---- */

/* A log begins with version 1; a later generation with one that says where the former stands. Whether it may stand there is
 * judged when the span is known to be its author's: see closing.c. */
static bool identity_may_begin(const struct elog *log, const struct identity *id)
{
    return log->ref.generation == 1 ? id->version == 1 : id->has_closes && id->version > 1;
}

static bool is_root(const struct sign_public *root, const struct identity *id)
{
    return root != NULL && memcmp(root->b, id->root.b, sizeof(root->b)) == 0;
}

static bool identity_fits(const struct engine *e, const struct elog *log, const struct segment *s, uint64_t idx,
                          const struct identity *id)
{
    const struct identity *prev = s->identity != NULL ? s->identity : log->identity;
    struct bytes prev_text = s->identity != NULL ? s->identity_text : buf_bytes(&log->identity_text);
    if (!slug_equal(&id->slug, &log->ref.slug))
        return false;
    if (!is_root(chain_root_at(e->chain, &log->ref.slug, log->ref.generation, idx), id))
        return false;
    return prev != NULL ? identity_check_next(prev, prev_text, id) == OK : identity_may_begin(log, id);
}

/* One that does not fit is the peer's fault, unless its log parted from ours before: the root will tell. */
static void take_identity(struct engine *e, struct elog *log, struct segment *s, uint64_t idx, const struct item *item)
{
    struct note *n = malloc(sizeof(*n));
    struct identity *id = malloc(sizeof(*id));
    struct bytes note = payload_body(item->payload);
    if (n == NULL || id == NULL) {
        no_memory(e);
    } else if (identity_verify(e, &log->ref.slug, note, id) != OK || note_parse(note, n) != OK
               || !identity_fits(e, log, s, idx, id)) {
        s->bad = BYE_IDENTITY;
    } else {
        if (idx == 0 && id->has_closes) {
            s->has_closing = log->ref.generation > 1;
            s->closes = (struct closing_point){id->closes_size, id->closes_root};
        }
        free(s->identity);
        s->identity = id;
        s->identity_note = note;
        s->identity_text = n->text;
        id = NULL;
    }
    free(n);
    free(id);
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

/* Passing the size at which our own witness key signed: is it that root? */
static void pass_promise(const struct elog *log, struct segment *s)
{
    if (s->after.size != log->cosigned_size)
        return;
    struct hash root = frontier_root(&s->after);
    s->promise = hash_equal(&root, &log->cosigned_root) ? PROMISE_KEPT : PROMISE_BROKEN;
    s->promise_size = s->after.size;
}

/* One entry, against everything that can be known of it before the signature.
 * BYE_COUNT: it is good, as far as that goes. */
static enum bye_reason take_item(struct engine *e, struct elog *log, struct segment *s, const struct item *item)
{
    uint64_t idx = s->from + s->n_items;
    struct header h;
    if (header_read(item->header, &h) != OK)
        return BYE_SPAN;
    if (item->has_payload && header_check_payload(&h, item->payload) != OK)
        return BYE_SPAN;
    if (idx == 0 && h.kind != KIND_IDENTITY)
        return BYE_SPAN;
    if (!item->has_payload && (h.kind == KIND_IDENTITY || h.kind == KIND_EPOCH || item->excuse <= idx))
        return BYE_EXCUSE;                  /* these are never erased; a withdrawal comes after its target */
    if (!item->has_payload)
        take_hole(e, s, idx, item, &h);
    else if (h.kind == KIND_IDENTITY)
        take_identity(e, log, s, idx, item);
    else if (h.kind == KIND_WITHDRAW)
        take_withdrawal(e, s, idx, item);
    if (!grow(e, (void **)&s->items, &s->cap_items, s->n_items, sizeof(s->items[0])))
        return BYE_COUNT;
    struct hash leaf = merkle_leaf(item->header);
    frontier_append(&s->after, &leaf);
    s->items[s->n_items++] = *item;
    if (h.time_ms > s->newest_time_ms)
        s->newest_time_ms = h.time_ms;
    pass_promise(log, s);
    return BYE_COUNT;
}

/* ---- a span ---- */

/* It has the signed root: now what did not fit in it is its sender's fault, but for a root key that only the peer's
 * charter knows. */
static void accept_span(struct engine *e, struct elog *log, struct elink *l, struct bytes note)
{
    struct segment *s = log->stage;
    if (s->bad != BYE_COUNT && link_same_charter(e, l)) {
        link_bye(e, l, s->bad);
        return;
    }
    if (s->bad != BYE_COUNT || log->n_holes + s->n_holes > HOLES_MAX) {
        pull_fail(e, log, l);
        return;
    }
    if (s->has_closing && closing_look(e, log, s->closes.size, &s->closes.root) != CLOSING_HOLDS) {
        struct closing_point at = s->closes;
        closing_ask(e, log, l, at.size, &at.root);      /* the stage goes with it */
        return;
    }
    struct epeer *p = l->slug.s[0] != '\0' ? peer_find(e, &l->slug) : NULL;
    if (p != NULL)
        p->n_failures = 0;
    claim_shown(e, log, l);
    s->checkpoint = note;
    log->stage = NULL;
    log->is_doubtful = false;
    log->fault_wait_ms = 0;
    append_begin(e, log, s, s->after.size);
    const struct hole *h = log_first_hole(log);
    if (h != NULL && h->excuse < log->tip.size)
        link_plog(e, l, log)->has_failed = true;        /* the excuse was none: others are asked for it first */
}

/* The span's end: has it the root that its author signed?  Who gave us the log from its beginning is answerable
 * for all of it; who went on where another left off may have another beginning, and must prove it. */
static void close_span(struct engine *e, struct elog *log, struct elink *l, struct bytes note)
{
    struct segment *s = log->stage;
    const struct identity *id = s->identity != NULL ? s->identity : log->identity;
    struct checkpoint c;
    enum err err = id != NULL ? checkpoint_open(note, &log->origin, &id->log, &c) : ERR_UNKNOWN;
    struct hash root = frontier_root(&s->after);
    if (err == ERR_UNKNOWN && (s->from > 0 || s->bad != BYE_COUNT)) {
        report(e, REPORT_WARN, "peer=%s log=%s checkpoint=stray", l->slug.s, log->ref.slug.s);
        pull_fail(e, log, l);               /* signed by a key that is not ours to judge by */
    } else if (err != OK) {
        link_bye(e, l, BYE_SIGNATURE);
    } else if (c.size != s->after.size) {
        link_bye(e, l, BYE_SPAN);
    } else if (hash_equal(&root, &c.root)) {
        accept_span(e, log, l, note);
    } else if (log->settling == SETTLING_OTHER) {
        ending_astray(e, log, l);
    } else if (s->from == 0) {
        link_bye(e, l, BYE_SPAN);
    } else {
        fork_doubt(e, log, l, c.size, note);
    }
}

/* The peer may keep the checkpoint that was signed there: then it is kept here, too. */
static struct bytes note_at_end(const struct elog *log, struct bytes note)
{
    const struct segment *s = log->stage;
    const struct identity *id = s->identity != NULL ? s->identity : log->identity;
    struct checkpoint c;
    bool is_its = note.len > 0 && id != NULL && checkpoint_open(note, &log->origin, &id->log, &c) == OK
                  && c.size == s->after.size && hash_equal(&c.root, &log->closed_root);
    return is_its ? note : (struct bytes){0};
}

/* A log ends where the charter says, or the next generation of it, and by the root that is named there. */
static void close_former(struct engine *e, struct elog *log, struct elink *l, struct bytes note)
{
    struct hash root = frontier_root(&log->stage->after);
    if (hash_equal(&root, &log->closed_root))
        accept_span(e, log, l, note_at_end(log, note));
    else if (log->settling == SETTLING_OTHER)
        ending_astray(e, log, l);
    else
        pull_fail(e, log, l);
}

static void take_items(struct engine *e, struct elog *log, struct elink *l, struct msg_entries *m, uint64_t skip)
{
    struct segment *s = log->stage;
    struct item item;
    uint64_t max = 0;
    (void)log_may_hold(log, &max);
    for (uint64_t i = 0; item_next(m, &item); i++) {
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
    if (s->after.size >= max)
        close_former(e, log, l, m->checkpoint);
    else if (m->checkpoint.len > 0)
        close_span(e, log, l, m->checkpoint);
    else if (s->bytes > STAGED_LOG_MAX)
        link_bye(e, l, BYE_SPAN);           /* an author signs more often than that */
}

/* An entry we hold, asked for once more because its payload was missing. */
static void take_fills(struct engine *e, struct elog *log, struct elink *l, struct msg_entries *m)
{
    struct item item;
    for (uint64_t idx = m->from; item_next(m, &item) && idx < log->stored.size; idx++) {
        const struct hole *h = log_hole(log, idx);
        struct hash got = blake2b_256(item.payload);
        if (h == NULL)
            continue;
        if (!item.has_payload) {
            pull_fail(e, log, l);
            log->retry_ms = e->now_ms + WANT_TIMEOUT_MS;
            return;
        }
        if (item.payload.len != h->payload_len || !hash_equal(&got, &h->payload_hash)) {
            pull_fail(e, log, l);           /* on a fork, another entry stands there */
            return;
        }
        fill_begin(e, log, idx, item.payload);
    }
    if (!e->cfg.is_import)
        stream_end(e, log);
}

/* A file has no streams: what comes in order is wanted, and what fills a hole. */
static void import_begin(struct engine *e, struct elog *log, struct elink *l, const struct msg_entries *m)
{
    uint64_t max, next = log->stage != NULL ? log->stage->after.size : log->tip.size;
    if (log->is_frozen || log->is_unsure || !log_may_hold(log, &max))
        return;
    link_plog(e, l, log)->size = m->from + m->n;
    if (m->from + m->n <= log->stored.size && log->n_holes > 0 && log->n_appends == 0)
        stream_begin(e, log, l, m->from, m->from + m->n);
    else if (next < max && next >= m->from)
        stream_begin(e, log, l, next, max);
}

static bool is_awaited(const struct elog *log, const struct elink *l, const struct msg_entries *m)
{
    return log != NULL && log->is_named && log->stream.link == l->id && m->from <= log->stream.next
        && log->stream.next < m->from + m->n;
}

static void take_frame(struct engine *e, struct elog *log, struct elink *l, struct msg_entries *m, uint8_t *frame,
                       size_t frame_len)
{
    log->stream.progress_ms = e->now_ms;
    claim_bytes(e, log, l, frame_len);
    if (log->stream.is_fill) {
        take_fills(e, log, l, m);
        free(frame);
    } else if (e->staged + frame_len > STAGED_MAX && !e->cfg.is_import) {
        pull_fail(e, log, l);               /* more than it was given credit for */
        free(frame);
    } else if (stage_get(e, log) == NULL) {
        free(frame);
    } else if (keep_frame(e, log->stage, frame, frame_len)) {
        take_items(e, log, l, m, log->stream.next - m->from);
    }
}

void on_entries(struct engine *e, struct elink *l, struct msg_entries *m, uint8_t *frame, size_t frame_len)
{
    struct elog *log = e->cfg.is_import ? log_get(e, &m->log) : log_find(e, &m->log);
    if (log != NULL && e->cfg.is_import)
        import_begin(e, log, l, m);
    if (log != NULL && log->stream.link == l->id)
        stream_charge(e, log, (int64_t)frame_len);
    if (is_awaited(log, l, m)) {
        take_frame(e, log, l, m, frame, frame_len);
    } else {
        free(frame);                        /* on its way when we stopped asking */
        (void)link_spend(e, l, TOKENS_SIGNATURE + (double)frame_len / UNASKED_BYTES_A_TOKEN);
    }
    if (log != NULL && e->cfg.is_import)
        stream_end(e, log);
    pull_more(e);                           /* feeds this stream, too */
}
