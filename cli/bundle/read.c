#include "cli/bundle/bundle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/say.h"
#include "node/glue.h"
#include "node/self.h"
#include "protocol/evidence.h"
#include "protocol/frame.h"

enum { PASSES_MAX = 3 };                    /* the file is read again where another process wrote first */

struct feed {
    struct desk *d;
    struct bundle_read *ret;
    struct self self;
    struct engine *engine;
    struct glue *glue;
    struct message *m;                      /* the frame at hand, taken apart */
    struct evidence *evidence;
    size_t at;                              /* which of ret->logs the frames are of; SIZE_MAX: none yet */
    link_id link;                           /* one a log, so that what one log ends does not end the others */
    uint64_t sent;                          /* what the engine said to it, and nobody hears */
    bool is_closed, is_conflict, has_charter;
    const char *why;                        /* what the engine had against the log at hand */
};

const char *bundle_end_code(enum bundle_end end)
{
    static const char *const codes[] = {
#define X(sym, code, text) [sym] = code,
        BUNDLE_ENDS(X)
#undef X
    };
    return codes[end];
}

const char *bundle_end_text(enum bundle_end end)
{
    static const char *const texts[] = {
#define X(sym, code, text) [sym] = text,
        BUNDLE_ENDS(X)
#undef X
    };
    return texts[end];
}

void bundle_read_release(struct bundle_read *r)
{
    free(r->logs);
    *r = (struct bundle_read){0};
}

/* ---- what the engine says ---- */

static enum err on_network(void *arg, struct effect *fx)
{
    struct feed *f = arg;
    struct message *m = fx->kind == FX_SEND ? malloc(sizeof(*m)) : NULL;
    enum bye_reason bye;
    f->is_closed = f->is_closed || (fx->kind == FX_CLOSE && fx->link == f->link);
    if (fx->kind != FX_SEND)
        return OK;
    if (m == NULL)
        return ERR_NOMEM;
    f->sent += fx->data.len;
    if (message_decode(buf_bytes(&fx->data), m) == OK) {
        if (m->type == MSG_BYE && bye_parse(m->u.bye, &bye) == OK)
            f->why = bye_code(bye);
        else if (m->type == MSG_PROVE)      /* a file cannot answer */
            f->why = "fork-suspected";
    }
    free(m);
    return OK;
}

static void on_report(void *arg, enum report_level level, struct bytes line)
{
    struct feed *f = arg;
    struct buf text = buf_on(1024);
    (void)level;
    buf_put(&text, line);
    const char *s = buf_str(&text);
    if (s != NULL) {
        f->is_conflict = f->is_conflict || strstr(s, "err=conflict") != NULL;
        if (strstr(s, "fork=suspected") != NULL)
            f->why = "fork-suspected";
        else if (strstr(s, "checkpoint=stray") != NULL)
            f->why = "stray-checkpoint";
        say_detail(f->d->s, "%s", s);
    }
    buf_release(&text);
}

/* ---- feeding it ---- */

static struct event event_of(const struct feed *f, enum event_kind kind)
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
        struct event drained = event_of(f, EV_DRAINED);
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
    struct event ev = event_of(f, EV_LINK_UP);
    return give(f, &ev);
}

static enum err link_end(struct feed *f)
{
    struct event ev = event_of(f, EV_LINK_DOWN);
    enum err e = give(f, &ev);
    return e == OK ? glue_flush(f->glue) : e;
}

/* The engine takes the memory. */
static enum err give_frame(struct feed *f, uint8_t *frame, size_t len)
{
    struct event ev = event_of(f, EV_FRAME);
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

static void stop(struct feed *f, enum bundle_end end)
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
            stop(f, is_note ? BUNDLE_FOREIGN : BUNDLE_NONE);
            return OK;
        }
        f->has_charter = true;
        e = link_begin(f);
    }
    if (e == OK)
        e = give_frame(f, *frame, len);
    *frame = NULL;
    if (e == OK && f->is_closed)
        stop(f, BUNDLE_CHARTER);
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

/* One frame; what of its memory the engine did not take stays with the caller. */
static enum err take(struct feed *f, uint8_t **frame, size_t len)
{
    enum err e = message_decode((struct bytes){*frame, len}, f->m);
    if (e == ERR_UNKNOWN && f->has_charter)
        return OK;                          /* a newer version's */
    if (e != OK || (!f->has_charter && f->m->type != MSG_CHARTER)) {
        stop(f, f->has_charter ? BUNDLE_DAMAGED : BUNDLE_NONE);
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
    stop(f, BUNDLE_DAMAGED);
    return OK;
}

/* ---- the file ---- */

/* *ret_frame NULL at the end, or when ret->end says what is wrong. */
static enum err next_frame(struct feed *f, FILE *in, uint8_t **ret_frame, size_t *ret_len)
{
    uint8_t header[FRAME_HEADER_LEN];
    size_t n = fread(header, 1, sizeof(header), in);
    *ret_frame = NULL;
    if (n < sizeof(header)) {
        if (n > 0)
            stop(f, f->has_charter ? BUNDLE_TRUNCATED : BUNDLE_NONE);
        else if (!ferror(in) && !f->has_charter)
            stop(f, BUNDLE_NONE);
        return ferror(in) ? ERR_IO : OK;
    }
    size_t len = get_u32be(header);
    if (len == 0 || len > FRAME_BODY_MAX) {
        stop(f, f->has_charter ? BUNDLE_DAMAGED : BUNDLE_NONE);
        return OK;
    }
    uint8_t *frame = malloc(len);
    if (frame == NULL)
        return ERR_NOMEM;
    if (fread(frame, 1, len, in) == len) {
        *ret_frame = frame;
        *ret_len = len;
        return OK;
    }
    free(frame);
    stop(f, f->has_charter ? BUNDLE_TRUNCATED : BUNDLE_NONE);
    return ferror(in) ? ERR_IO : OK;
}

/* The file's own table of contents tells a file that was cut between two frames. */
static void judge_end(struct feed *f)
{
    for (size_t i = 0; f->ret->end == BUNDLE_WHOLE && i < f->ret->n_logs; i++)
        if (f->ret->logs[i].seen < f->ret->logs[i].offered)
            stop(f, BUNDLE_TRUNCATED);
}

static enum err read_pass(struct feed *f, FILE *in, void (*progress)(void *arg, uint64_t bytes), void *arg)
{
    uint8_t *frame;
    size_t len = 0;
    uint64_t done = 0;
    f->at = SIZE_MAX;
    f->has_charter = f->is_conflict = false;
    for (;;) {
        enum err e = next_frame(f, in, &frame, &len);
        if (e == OK && frame == NULL)
            judge_end(f);
        if (e != OK || frame == NULL)
            return e;
        e = take(f, &frame, len);
        free(frame);
        if (e != OK || f->ret->end != BUNDLE_WHOLE)
            return e;
        done += FRAME_HEADER_LEN + len;
        if (progress != NULL)
            progress(arg, done);
    }
}

static bool is_short(const struct bundle_read *r)
{
    for (size_t i = 0; i < r->n_logs; i++)
        if (r->logs[i].after < r->logs[i].offered && r->logs[i].refused == NULL)
            return true;
    return false;
}

static void judge_short(struct feed *f)
{
    const struct charter *c = desk_charter(f->d);
    for (size_t i = 0; i < f->ret->n_logs; i++) {
        struct bundle_log *b = &f->ret->logs[i];
        const struct member *m = charter_find(c, &b->log.slug);
        if (m != NULL && m->is_former && b->after >= m->closed_size)
            continue;                       /* all that there ever will be */
        if (b->after < b->offered && b->refused == NULL)
            b->refused = f->ret->end == BUNDLE_WHOLE ? "not-to-its-end" : "not-in-the-file";
    }
}

static enum err read_file(struct feed *f, FILE *in, void (*progress)(void *arg, uint64_t bytes), void *arg)
{
    enum err e = OK;
    bool again = true;
    for (int pass = 0; e == OK && again && pass < PASSES_MAX; pass++) {
        rewind(in);
        e = read_pass(f, in, progress, arg);
        enum err ended = f->at != SIZE_MAX ? log_end(f) : f->link > 0 ? link_end(f) : OK;
        e = e == OK ? ended : e;
        again = f->is_conflict && f->ret->end == BUNDLE_WHOLE && is_short(f->ret);
    }
    f->ret->charter_after = engine_charter_version(f->engine);
    judge_short(f);
    return e;
}

/* ---- the engine ---- */

static enum err feed_new(struct feed *f)
{
    const char *what;
    struct glue_config glue = {.store = f->d->store, .alliance = f->d->origin.alliance, .network = on_network,
                               .report = on_report, .arg = f};
    f->m = malloc(sizeof(*f->m));
    f->evidence = malloc(sizeof(*f->evidence));
    enum err e = f->m != NULL && f->evidence != NULL ? self_load(&f->d->s->home, f->d->store, &f->self, &what) : ERR_NOMEM;
    if (e != OK)
        return e;
    f->self.engine.is_import = true;
    random_fill(&f->self.engine.random_seed, sizeof(f->self.engine.random_seed));
    if ((e = engine_new(&f->self.engine, &f->engine)) != OK)
        return e;
    glue.engine = f->engine;
    if ((e = glue_new(&glue, &f->glue)) != OK)
        return e;
    struct event now = event_of(f, EV_TICK);
    return glue_load(f->glue, now.now_ms, now.wall_ms);
}

static void feed_release(struct feed *f)
{
    glue_free(f->glue);
    engine_free(f->engine);                 /* after the glue, whose waiting appends borrow from it */
    self_release(&f->self);
    free(f->m);
    free(f->evidence);
}

enum err bundle_read(struct desk *d, const char *path, void (*progress)(void *arg, uint64_t bytes), void *arg,
                     struct bundle_read *ret)
{
    struct feed f = {.d = d, .ret = ret, .at = SIZE_MAX};
    *ret = (struct bundle_read){.end = BUNDLE_WHOLE, .charter_before = desk_charter(d)->version};
    FILE *in = fopen(path, "rb");
    if (in == NULL)
        return file_errno(errno);
    enum err e = feed_new(&f);
    if (e == OK)
        e = read_file(&f, in, progress, arg);
    feed_release(&f);
    (void)fclose(in);
    return e;
}
