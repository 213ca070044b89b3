#include <assert.h>
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

struct elog *log_find(const struct engine *e, const struct log_ref *ref)
{
    size_t at = place(e, ref);
    if (at == e->n_logs)
        return NULL;
    struct elog *log = e->logs[e->sorted[at]];
    return ref_compare(&log->ref, ref) == 0 ? log : NULL;
}

struct elog *log_before(const struct engine *e, const struct elog *log)
{
    struct log_ref ref = {log->ref.slug, log->ref.generation - 1};
    return log_find(e, &ref);
}

struct elog *log_after(const struct engine *e, const struct elog *log)
{
    struct log_ref ref = {log->ref.slug, log->ref.generation + 1};
    return log_find(e, &ref);
}

struct elog *log_newest(const struct engine *e, const struct slug *slug)
{
    struct log_ref beyond = {*slug, UINT32_MAX};
    size_t at = place(e, &beyond);
    struct elog *log = at > 0 ? e->logs[e->sorted[at - 1]] : NULL;
    return log != NULL && slug_equal(&log->ref.slug, slug) ? log : NULL;
}

void log_free(struct elog *log)
{
    if (log == NULL)
        return;
    segment_free(log->stage);
    suspect_clear(log);
    free(log->identity);
    free(log->holes);
    buf_release(&log->tip_note);
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

/* What the standing charter says of it. A former member's last generation is the one that was closed. */
static void set_standing(struct engine *e, struct elog *log)
{
    const struct charter *c = charter_now(e);
    const struct member *m = c != NULL ? charter_find(c, &log->ref.slug) : NULL;
    log->is_named = m != NULL && member_has_log(m, log->ref.generation);
    log->is_former = log->is_named && member_closes(m, log->ref.generation);
    ending_set(e, log);
    if (!log->is_former)
        return;
    if (log->settling != SETTLING_OTHER) {
        log->closed_size = m->closed_size;
        log->closed_root = m->closed_root;
    }
    if (log->stream.link != 0)
        pull_drop(e, log, true);            /* it now ends elsewhere */
}

void logs_standing(struct engine *e)
{
    for (size_t i = 0; i < e->n_logs; i++)
        set_standing(e, e->logs[i]);
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
    log->whole_note = log->tip_note = log->suspect.note = buf_on(CHECKPOINT_MAX);
    log->evidence = buf_on(EVIDENCE_MAX);
    log->identity_text = buf_on(IDENTITY_MAX);
    size_t at = place(e, ref);
    memmove(&e->sorted[at + 1], &e->sorted[at], (e->n_logs - at) * sizeof(e->sorted[0]));
    e->sorted[at] = log->id;
    e->logs[e->n_logs++] = log;
    set_standing(e, log);
    return log;
}

/* A second generation is taken up where the first is held, and so on: so nobody can name
 * generations that there are not and have us remember them. */
struct elog *log_get(struct engine *e, const struct log_ref *ref)
{
    struct elog *log = log_find(e, ref);
    if (log != NULL)
        return log;
    const struct charter *c = charter_now(e);
    const struct member *m = c != NULL ? charter_find(c, &ref->slug) : NULL;
    struct log_ref before = {ref->slug, ref->generation - 1};
    const struct elog *prev = ref->generation > 1 ? log_find(e, &before) : NULL;
    if (m != NULL ? !member_has_log(m, ref->generation) : !slug_equal(&ref->slug, &e->self))
        return NULL;
    if (ref->generation != 1 && (prev == NULL || prev->stored.size == 0))
        return NULL;
    return log_add(e, ref);
}

bool log_may_hold(const struct elog *log, uint64_t *ret_max)
{
    *ret_max = log->is_former ? log->closed_size : INT64_MAX;
    return log->is_named;
}

bool log_shown(const struct elog *log, uint64_t *ret_size, struct hash *ret_root)
{
    bool is_ended = log->is_former && log->whole >= log->closed_size;
    *ret_size = log->is_cut ? 0 : is_ended ? log->closed_size : log->whole;
    *ret_root = is_ended ? log->closed_root : log->whole_root;
    return log->is_named && (*ret_size > 0 || log->is_frozen);
}

struct bytes log_note(const struct elog *log)
{
    return buf_bytes(log->whole == log->stored.size ? &log->whole_note : &log->tip_note);
}

/* ---- holes ---- */

static size_t hole_place(const struct elog *log, uint64_t idx)
{
    size_t low = 0, high = log->n_holes;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (log->holes[mid].idx < idx)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

const struct hole *log_hole(const struct elog *log, uint64_t idx)
{
    size_t at = hole_place(log, idx);
    return at < log->n_holes && log->holes[at].idx == idx ? &log->holes[at] : NULL;
}

void log_add_hole(struct engine *e, struct elog *log, const struct hole *h)
{
    if (log_hole(log, h->idx) != NULL
        || !grow(e, (void **)&log->holes, &log->cap_holes, log->n_holes, sizeof(log->holes[0])))
        return;
    size_t at = hole_place(log, h->idx);
    memmove(&log->holes[at + 1], &log->holes[at], (log->n_holes - at) * sizeof(log->holes[0]));
    log->holes[at] = *h;
    log->n_holes++;
}

void log_drop_hole(struct elog *log, uint64_t idx)
{
    size_t at = hole_place(log, idx);
    if (at == log->n_holes || log->holes[at].idx != idx)
        return;
    memmove(&log->holes[at], &log->holes[at + 1], (log->n_holes - at - 1) * sizeof(log->holes[0]));
    log->n_holes--;
}

const struct hole *log_first_hole(const struct elog *log)
{
    return log->n_holes > 0 ? &log->holes[0] : NULL;
}

/* A withdrawal that erases is durable: the payload goes, if it is still here. */
void log_erase(struct engine *e, struct elog *log, uint64_t target, uint64_t withdrawal)
{
    log_drop_hole(log, target);
    struct effect *f = fx_add(e, FX_ERASE);
    f->ref = log->ref;
    f->index = target;
    f->from = withdrawal;
}

/* ---- the store's word ---- */

void log_set_identity(struct engine *e, struct elog *log, struct bytes note_bytes)
{
    struct note *note = malloc(sizeof(*note));
    struct identity *id = malloc(sizeof(*id));
    if (note == NULL || id == NULL) {
        no_memory(e);
    } else if (identity_verify(e, &log->ref.slug, note_bytes, id) == OK && note_parse(note_bytes, note) == OK
               && buf_set(e, &log->identity_text, note->text)) {
        free(log->identity);
        log->identity = id;
        id = NULL;
        if (!identity_is_held(e, &log->ref.slug, note_bytes))
            (void)identity_learn(e, note_bytes, false);
    }
    free(note);
    free(id);
}

static void set_state(struct engine *e, struct elog *log, const struct event *ev)
{
    const struct log_state *s = ev->log;
    log->is_unsure = log->is_doubtful = log->is_cut = false;
    if (s->frontier.size < log->stored.size)
        log->newest_time_ms = 0;            /* cut back: what was dated ahead may have gone */
    if (s->newest_ms > log->newest_time_ms)
        log->newest_time_ms = s->newest_ms;
    log->stored = log->tip = s->frontier;
    log->whole = log->tip_whole = s->whole;
    log->whole_root = s->whole_root;
    log->is_frozen = s->is_frozen;
    log->n_holes = log->n_cosigs = 0;       /* EV_HOLE, EV_ERASURE, EV_COSIG follow */
    if (s->cosigned_size >= log->cosigned_size) {
        log->cosigned_size = s->cosigned_size;
        log->cosigned_root = s->cosigned_root;
        log->cosigned_at_s = s->cosigned_at_s;
    }
    free(log->identity);
    log->identity = NULL;
    if (s->quorum_size > log->quorum_size) {
        log->quorum_size = s->quorum_size;
        log->quorum_root = s->quorum_root;
    }
    if (buf_set(e, &log->whole_note, s->whole_note) && buf_set(e, &log->tip_note, ev->bytes) && ev->n_identities > 0) {
        closing_local(e, log, ev->identities[0].note);
        log_set_identity(e, log, ev->identities[ev->n_identities - 1].note);
    }
}

/* The store's word on one log: at the start, after a failed write, or when the publishing command has
 * written. What was staged on another footing is dropped. */
void log_local(struct engine *e, const struct event *ev)
{
    const struct log_state *s = ev->log;
    struct log_ref ref = {s->origin.slug, s->origin.generation};
    struct elog *log = log_find(e, &ref);
    if (log == NULL && (log = log_add(e, &ref)) == NULL)
        return;
    assert(log->n_appends == 0 && log->n_fills == 0);      /* the shell tells when nothing is under way */
    bool has_moved = log->stored.size != s->frontier.size || log->whole != s->whole;
    if (!has_moved && log->is_frozen == s->is_frozen && !log->is_unsure)
        return;
    pull_drop(e, log, true);
    set_state(e, log, ev);
    witness_compare(e, log);
    cosigs_advance(e, log);
    if (e->is_started) {
        have_tell(e, log);
        witness_try_at(e, log, e->now_ms);  /* not now: the cosignatures held come behind */
        log_announce(e, log);
        claims_judge(e, log);
        ending_news(e, log);
        pull_more(e);
    }
}
