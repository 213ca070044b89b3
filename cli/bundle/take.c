/* cli/bundle/take.c - one frame of a file after the other, to the engine. */
#include "cli/bundle/inside.h"

#include <stdlib.h>
#include <time.h>

/* ---- feeding it ---- */

struct event feed_event(const struct feed *f, enum event_kind kind)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (struct event){.kind = kind, .link = f->link, .wall_ms = session_now_ms(),
                          .now_ms = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000};
}

static enum err give(struct feed *f, struct event *ev)
{
    enum err e = glue_event(f->glue, ev);
    if (e == OK && glue_is_full(f->glue))
        e = glue_flush(f->glue);
    while (e == OK && f->sent > 0) {
        struct event drained = feed_event(f, EV_DRAINED);
        drained.count = f->sent;
        f->sent = 0;
        e = glue_event(f->glue, &drained);
    }
    return e;
}

static enum err link_begin(struct feed *f)
{
    f->link++;
    f->is_closed = false;
    f->why = NULL;
    struct event ev = feed_event(f, EV_LINK_UP);
    return give(f, &ev);
}

static enum err link_end(struct feed *f)
{
    struct event ev = feed_event(f, EV_LINK_DOWN);
    enum err e = give(f, &ev);
    return e == OK ? glue_flush(f->glue) : e;
}

/* The engine takes the memory. */
static enum err give_frame(struct feed *f, uint8_t *frame, size_t len)
{
    struct event ev = feed_event(f, EV_FRAME);
    ev.frame = frame;
    ev.frame_len = len;
    return give(f, &ev);
}

/* ---- logs ---- */

static uint64_t verified_of(const struct feed *f, const struct log_ref *ref, struct log_state *l)
{
    *l = (struct log_state){.whole = 0};
    return engine_log(f->engine, ref, l) ? l->frontier.size : 0;
}

static enum err log_at(struct feed *f, const struct log_ref *ref, size_t *ret)
{
    struct bundle_read *r = f->ret;
    struct log_state l;
    for (*ret = 0; *ret < r->n_logs; ++*ret)
        if (r->logs[*ret].log.generation == ref->generation && slug_equal(&r->logs[*ret].log.slug, &ref->slug))
            return OK;
    if (r->n_logs == HAVE_ITEMS_MAX)
        return ERR_LIMIT;
    if (r->n_logs == r->cap_logs) {
        size_t cap = r->cap_logs > 0 ? r->cap_logs * 2 : 32;
        struct bundle_log *logs = realloc(r->logs, cap * sizeof(*logs));
        if (logs == NULL)
            return ERR_NOMEM;
        r->logs = logs;
        r->cap_logs = cap;
    }
    uint64_t before = verified_of(f, ref, &l);
    r->logs[r->n_logs++] = (struct bundle_log){.log = *ref, .before = before, .after = before};
    return OK;
}

/* Why less was taken than offered. */
static const char *reason(const struct feed *f, const struct bundle_log *b, const struct log_state *l)
{
    if (f->why != NULL)
        return f->why;
    if (l->is_frozen)
        return "frozen";
    if (b->log.generation > 1 && b->after == 0)
        return "unknown-generation";        /* its closing identity comes from a peer */
    return NULL;
}

static enum err log_end(struct feed *f)
{
    if (f->at == SIZE_MAX)
        return OK;
    struct log_state l;
    struct bundle_log *b = &f->ret->logs[f->at];
    enum err e = link_end(f);
    b->after = verified_of(f, &b->log, &l);
    if (b->refused == NULL && (b->after < b->offered || f->is_closed))
        b->refused = reason(f, b, &l);
    f->at = SIZE_MAX;
    return e;
}

static enum err log_turn(struct feed *f, const struct log_ref *ref)
{
    size_t at;
    enum err e = log_at(f, ref, &at);
    if (e != OK || at == f->at)
        return e;
    if ((e = log_end(f)) == OK)
        e = link_begin(f);
    f->at = at;
    return e;
}

/* ---- frames ---- */

void feed_stop(struct feed *f, enum bundle_end end)
{
    f->ret->end = end;
}

static enum err take_charter(struct feed *f, uint8_t **frame, size_t len)
{
    enum err e = OK;
    if (!f->has_charter) {                  /* the first note founds the alliance */
        struct note *n = malloc(sizeof(*n));
        if (n == NULL)
            return ERR_NOMEM;
        bool is_note = f->m->u.charter.n_notes > 0 && note_parse(f->m->u.charter.notes[0], n) == OK;
        struct hash hash = is_note ? sha256(n->text) : (struct hash){{0}};
        struct alliance_id id = charter_alliance_id(&hash);
        free(n);
        if (!is_note || !alliance_equal(&id, &f->d->origin.alliance)) {
            feed_stop(f, is_note ? BUNDLE_FOREIGN : BUNDLE_NONE);
            return OK;
        }
        f->has_charter = true;
        e = link_begin(f);
    }
    if (e == OK)
        e = give_frame(f, *frame, len);
    *frame = NULL;
    if (e == OK && f->is_closed)
        feed_stop(f, BUNDLE_CHARTER);
    return e == OK ? glue_flush(f->glue) : e;
}

static enum err take_contents(struct feed *f)
{
    struct have h;
    size_t at;
    enum err e = OK;
    while (e == OK && have_next(&f->m->u.have, &h))
        if ((e = log_at(f, &h.log, &at)) == OK && h.size > f->ret->logs[at].offered)
            f->ret->logs[at].offered = h.size;
    return e;
}

static enum err take_entries(struct feed *f, uint8_t **frame, size_t len)
{
    struct log_state l;
    const struct msg_entries *m = &f->m->u.entries;
    uint64_t end = m->from + m->n;
    enum err e = log_turn(f, &m->log);
    if (e != OK)
        return e;
    struct bundle_log *b = &f->ret->logs[f->at];
    b->seen = end > b->seen ? end : b->seen;
    b->offered = end > b->offered ? end : b->offered;
    uint64_t held = verified_of(f, &m->log, &l);
    if (f->is_closed || b->refused != NULL || (end <= held && l.whole == held))
        return OK;                          /* nothing new, or not to be believed */
    uint8_t *given = *frame;
    *frame = NULL;
    return give_frame(f, given, len);
}

static enum err take_proof(struct feed *f, const struct log_ref *ref, uint8_t **frame, size_t len)
{
    enum err e = log_turn(f, ref);
    if (e == OK && glue_is_waiting(f->glue))
        e = glue_flush(f->glue);            /* it is about what has just come */
    if (e != OK || f->is_closed)
        return e;
    uint8_t *given = *frame;
    *frame = NULL;
    return give_frame(f, given, len);
}

enum err feed_take(struct feed *f, uint8_t **frame, size_t len)
{
    enum err e = message_decode((struct bytes){*frame, len}, f->m);
    if (e == ERR_UNKNOWN && f->has_charter)
        return OK;                          /* a newer version's */
    if (e != OK || (!f->has_charter && f->m->type != MSG_CHARTER)) {
        feed_stop(f, f->has_charter ? BUNDLE_DAMAGED : BUNDLE_NONE);
        return OK;
    }
    if (f->m->type == MSG_CHARTER)
        return take_charter(f, frame, len);
    if (f->m->type == MSG_HAVE)
        return take_contents(f);
    if (f->m->type == MSG_ENTRIES)
        return take_entries(f, frame, len);
    if (f->m->type == MSG_COSIG)
        return take_proof(f, &f->m->u.cosig.log, frame, len);
    if (f->m->type == MSG_EVIDENCE && evidence_read(f->m->u.evidence, f->evidence) == OK)
        return take_proof(f, &f->evidence->log, frame, len);
    feed_stop(f, BUNDLE_DAMAGED);
    return OK;
}

enum err feed_end(struct feed *f)
{
    if (f->at != SIZE_MAX)
        return log_end(f);
    return f->link > 0 ? link_end(f) : OK;
}
