#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

static int ref_compare(const struct log_ref *a, const struct log_ref *b)
{
    int c = slug_compare(&a->slug, &b->slug);
    return c != 0 ? c : (a->generation > b->generation) - (a->generation < b->generation);
}

/* Where in `sorted` it is, or would be. */
static size_t place(const struct engine *e, const struct log_ref *ref)
{
    size_t low = 0, high = e->n_logs;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (ref_compare(&e->logs[e->sorted[mid]]->ref, ref) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

struct elog *engine_log_find(struct engine *e, const struct log_ref *ref)
{
    size_t at = place(e, ref);
    if (at == e->n_logs)
        return NULL;
    struct elog *log = e->logs[e->sorted[at]];
    return ref_compare(&log->ref, ref) == 0 ? log : NULL;
}

void log_free(struct elog *log)
{
    if (log == NULL)
        return;
    segment_free(log->stage);
    suspect_clear(log);
    free(log->identity);
    free(log->holes);
    free(log->erasures);
    buf_release(&log->whole_note);
    buf_release(&log->evidence);
    buf_release(&log->identity_text);
    free(log);
}

/* Two arrays grow together: the logs by id, and their order. */
static bool log_room(struct engine *e)
{
    if (e->n_logs < e->cap_logs)
        return true;
    size_t cap = e->cap_logs > 0 ? e->cap_logs * 2 : 32;
    struct elog **logs = realloc(e->logs, cap * sizeof(logs[0]));
    if (logs == NULL)
        return no_memory(e);
    e->logs = logs;
    size_t *sorted = realloc(e->sorted, cap * sizeof(sorted[0]));
    if (sorted == NULL)
        return no_memory(e);
    e->sorted = sorted;
    e->cap_logs = cap;
    return true;
}

static struct elog *log_add(struct engine *e, const struct log_ref *ref)
{
    struct elog *log = log_room(e) ? calloc(1, sizeof(*log)) : NULL;
    if (log == NULL) {
        no_memory(e);
        return NULL;
    }
    log->id = e->n_logs;
    log->ref = *ref;
    log->origin = (struct origin){.alliance = e->cfg.alliance, .slug = ref->slug, .generation = ref->generation};
    frontier_init(&log->stored);
    frontier_init(&log->tip);
    log->whole_note = buf_on(CHECKPOINT_MAX);
    log->evidence = buf_on(EVIDENCE_MAX);
    log->identity_text = buf_on(IDENTITY_MAX);
    size_t at = place(e, ref);
    memmove(&e->sorted[at + 1], &e->sorted[at], (e->n_logs - at) * sizeof(e->sorted[0]));
    e->sorted[at] = log->id;
    e->logs[e->n_logs++] = log;
    return log;
}

/* Only a first generation may be begun here: a later one begins with an identity that closes the
 * one before it, and is taken up from the store. */
struct elog *log_get(struct engine *e, const struct log_ref *ref)
{
    struct elog *log = engine_log_find(e, ref);
    if (log != NULL)
        return log;
    const struct charter *c = charter_now(e);
    bool is_known = c != NULL && charter_find(c, &ref->slug) != NULL;
    if (ref->generation != 1 || (!is_known && !slug_equal(&ref->slug, &e->self)))
        return NULL;
    return log_add(e, ref);
}

bool log_may_hold(const struct engine *e, const struct elog *log, uint64_t *ret_max)
{
    const struct charter *c = charter_now(e);
    const struct member *m = c != NULL ? charter_find(c, &log->ref.slug) : NULL;
    *ret_max = m != NULL && m->is_former ? m->closed_size : INT64_MAX;
    return m != NULL;
}

void log_add_hole(struct engine *e, struct elog *log, const struct hole *h)
{
    if (!grow(e, (void **)&log->holes, &log->cap_holes, log->n_holes, sizeof(log->holes[0])))
        return;
    size_t at = log->n_holes++;
    for (; at > 0 && log->holes[at - 1].idx > h->idx; at--)
        log->holes[at] = log->holes[at - 1];
    log->holes[at] = *h;
}

void log_add_erasure(struct engine *e, struct elog *log, uint64_t target, uint64_t withdrawal)
{
    if (grow(e, (void **)&log->erasures, &log->cap_erasures, log->n_erasures, sizeof(log->erasures[0])))
        log->erasures[log->n_erasures++] = (struct erasure){target, withdrawal};
}

static bool is_excused(const struct elog *log, uint64_t idx)
{
    for (size_t i = 0; i < log->n_erasures; i++)
        if (log->erasures[i].target == idx && log->erasures[i].withdrawal < log->tip.size)
            return true;
    return false;
}

const struct hole *log_first_hole(const struct elog *log)
{
    for (size_t i = 0; i < log->n_holes; i++)
        if (!is_excused(log, log->holes[i].idx))
            return &log->holes[i];
    return NULL;
}

static void set_identity(struct engine *e, struct elog *log, struct bytes note_bytes)
{
    struct note *note = malloc(sizeof(*note));
    struct identity *id = malloc(sizeof(*id));
    if (note == NULL || id == NULL) {
        no_memory(e);
    } else if (identity_open(note_bytes, id) == OK && note_parse(note_bytes, note) == OK
               && buf_set(e, &log->identity_text, note->text)) {
        free(log->identity);
        log->identity = id;
        id = NULL;
        (void)identity_learn(e, note_bytes, false, NULL);
    }
    free(note);
    free(id);
}

/* The store's word on one log: at the start, after a conflict, or when the publishing command has
 * written. What was staged on another footing is dropped. */
void log_local(struct engine *e, const struct event *ev)
{
    const struct log_state *s = ev->log;
    struct log_ref ref = {s->origin.slug, s->origin.generation};
    struct elog *log = engine_log_find(e, &ref);
    if (log == NULL && (log = log_add(e, &ref)) == NULL)
        return;
    bool has_moved = log->stored.size != s->frontier.size || log->whole != s->whole;
    if (!has_moved && log->is_frozen == s->is_frozen && !log->is_unsure)
        return;
    pull_drop(e, log, true);
    log->is_unsure = false;
    log->stored = s->frontier;
    log->tip = s->frontier;
    log->whole = s->whole;
    log->whole_root = s->whole_root;
    log->is_frozen = s->is_frozen;
    log->n_holes = log->n_erasures = 0;     /* EV_HOLE and EV_ERASURE follow */
    if (s->cosigned_size >= log->cosigned_size) {
        log->cosigned_size = s->cosigned_size;
        log->cosigned_root = s->cosigned_root;
        log->cosigned_at_s = s->cosigned_at_s;
    }
    if (!buf_set(e, &log->whole_note, s->whole_note))
        return;
    if (ev->n_identities > 0)
        set_identity(e, log, ev->identities[ev->n_identities - 1].note);
    witness_advanced(e, log);
    if (e->is_started && has_moved) {
        have_tell(e, log);
        witness_try(e, log);
        pull_more(e);
    }
}

/* ---- HAVE ---- */

bool log_shown(const struct engine *e, const struct elog *log, uint64_t *ret_size, struct hash *ret_root)
{
    const struct charter *c = charter_now(e);
    const struct member *m = c != NULL ? charter_find(c, &log->ref.slug) : NULL;
    if (m == NULL || (log->whole == 0 && !log->is_frozen))
        return false;
    bool is_cut = m->is_former && log->whole >= m->closed_size;
    *ret_size = is_cut ? m->closed_size : log->whole;
    *ret_root = is_cut ? m->closed_root : log->whole_root;
    return *ret_size > 0 || log->is_frozen;
}

static struct have have_of(const struct engine *e, const struct elog *log, bool with_bitmap)
{
    uint64_t size = 0;
    struct hash root = {{0}};
    (void)log_shown(e, log, &size, &root);
    return (struct have){
        .log = log->ref,
        .size = size,
        .root = short_root_of(&root),
        .witnesses = with_bitmap ? witness_bitmap(e, log) : 0,
        .flags = log->is_frozen ? HAVE_FROZEN : 0,
    };
}

/* HAVE's bitmap follows the charter that both sides named. */
static bool same_charter(const struct engine *e, const struct elink *l)
{
    const struct charter *c = charter_now(e);
    return c != NULL && l->charter_version == c->version && hash_equal(&l->charter_hash, &c->hash);
}

static bool is_told(const struct engine *e, const struct elog *log)
{
    uint64_t size;
    struct hash root;
    return log_shown(e, log, &size, &root);
}

/* All we hold whole, in order; malloc'd. */
static struct have *vector_new(struct engine *e, bool with_bitmap, size_t *ret_n)
{
    struct have *v = calloc(e->n_logs + 1, sizeof(*v));
    if (v == NULL) {
        no_memory(e);
        return NULL;
    }
    *ret_n = 0;
    for (size_t i = 0; i < e->n_logs; i++) {
        const struct elog *log = e->logs[e->sorted[i]];
        if (is_told(e, log) && *ret_n < HAVE_ITEMS_MAX)
            v[(*ret_n)++] = have_of(e, log, with_bitmap);
    }
    return v;
}

static bool vector_hash(struct engine *e, struct hash *ret)
{
    size_t n;
    struct have *v = vector_new(e, false, &n);
    if (v == NULL)
        return false;
    enum err err = have_vector_hash(n, v, ret);
    free(v);
    return err == OK || no_memory(e);
}

void have_send_hash(struct engine *e, struct elink *l)
{
    struct hash h;
    if (!vector_hash(e, &h))
        return;
    put_have_hash(send_begin(e, l), &h);
    send_end(e, l);
}

void have_send_vector(struct engine *e, struct elink *l)
{
    size_t n;
    struct have *v = vector_new(e, same_charter(e, l), &n);
    if (v == NULL)
        return;
    put_have(send_begin(e, l), n, v);
    send_end(e, l);
    free(v);
    witness_return(e, l);                   /* a witness must see its own promises before it makes new ones */
}

void have_tell(struct engine *e, struct elog *log)
{
    log->say_again_ms = 0;
    if (!is_told(e, log))
        return;
    for (size_t i = 0; i < e->n_links; i++) {
        struct elink *l = e->links[i];
        if (l->state != LINK_OPEN)
            continue;
        struct have h = have_of(e, log, same_charter(e, l));
        put_have(send_begin(e, l), 1, &h);
        send_end(e, l);
    }
}

static void heard(struct engine *e, struct elog *log)
{
    if (!log->is_heard) {
        log->is_heard = true;
        log->say_again_ms = e->now_ms;      /* it may now be cosigned: at the next tick, when returning cosignatures are in */
        timer_at(e, e->now_ms + 1);
    }
}

static void take_have(struct engine *e, struct elink *l, const struct have *h)
{
    struct elog *log = log_get(e, &h->log);
    if (log == NULL) {
        e->ignored_slugs++;
        return;
    }
    struct plog *pl = link_plog(e, l, log);
    if (h->size != pl->size)
        pl->given = 0;
    if (h->size > pl->size)
        pl->has_failed = false;
    pl->size = h->size;
    pl->root = h->root;
    pl->flags = h->flags;
    pl->witnesses = same_charter(e, l) ? h->witnesses : 0;
    heard(e, log);
    if (h->size > log->announced) {
        log->announced = h->size;
        struct effect *f = fx_add(e, FX_PUT_ANNOUNCED);
        f->ref = log->ref;
        f->whole = h->size;
    }
    struct have ours = have_of(e, log, false);
    if (h->size == ours.size && ours.size > 0) {
        if (memcmp(ours.root.b, h->root.b, SHORT_ROOT_LEN) != 0 && !log->is_frozen && log->whole_note.len > 0) {
            /* [P-53] Equal size, different root: both show what they hold signed. */
            put_checkpoint(send_begin(e, l), &log->ref, buf_bytes(&log->whole_note));
            send_end(e, l);
        } else {
            witness_fill_in(e, l, log, pl);
        }
    }
    if (log->is_frozen && (h->flags & HAVE_FROZEN) == 0 && log->evidence.len > 0) {
        put_evidence(send_begin(e, l), buf_bytes(&log->evidence));
        send_end(e, l);
    }
}

/* Equal hashes: the peer holds exactly what we hold. */
static void take_equal(struct engine *e, struct elink *l)
{
    for (size_t i = 0; i < e->n_logs; i++) {
        struct elog *log = e->logs[i];
        if (!is_told(e, log))
            continue;
        struct plog *pl = link_plog(e, l, log);
        struct have ours = have_of(e, log, false);
        pl->size = ours.size;
        pl->root = ours.root;
        heard(e, log);
    }
}

void on_have(struct engine *e, struct elink *l, struct msg_have *m)
{
    if (m->has_hash) {
        struct hash ours;
        if (!vector_hash(e, &ours))
            return;
        if (hash_equal(&ours, &m->hash)) {
            take_equal(e, l);
            l->knows_vector = true;
        } else {
            have_send_vector(e, l);
        }
    } else {
        l->knows_vector = true;             /* the first list is the whole vector, deltas follow it */
    }
    struct have h;
    while (have_next(m, &h))
        take_have(e, l, &h);
    pull_more(e);
}

void logs_tick(struct engine *e)
{
    for (size_t i = 0; i < e->n_logs; i++) {
        struct elog *log = e->logs[i];
        if (log->say_again_ms == 0)
            continue;
        if (log->say_again_ms > e->now_ms) {
            timer_at(e, log->say_again_ms);
            continue;
        }
        have_tell(e, log);
        witness_try(e, log);
    }
    if (e->is_started && e->vector_check_ms <= e->now_ms) {
        e->vector_check_ms = e->now_ms + VECTOR_CHECK_MS;
        if (e->n_links > 0) {
            struct elink *l = e->links[engine_random(e) % e->n_links];
            if (l->state == LINK_OPEN)
                have_send_hash(e, l);
        }
    }
}
