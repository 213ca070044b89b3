#include "cli/bundle/bundle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bundle/inside.h"
#include "cli/say.h"
#include "protocol/frame.h"

enum { PASSES_MAX = 3 };                    /* the file is read again where another process wrote first */

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

/* ---- the file ---- */

/* *ret_frame NULL at the end, or when ret->end says what is wrong. */
static enum err next_frame(struct feed *f, FILE *in, uint8_t **ret_frame, size_t *ret_len)
{
    uint8_t header[FRAME_HEADER_LEN];
    size_t n = fread(header, 1, sizeof(header), in);
    *ret_frame = NULL;
    if (n < sizeof(header)) {
        if (n > 0)
            feed_stop(f, f->has_charter ? BUNDLE_TRUNCATED : BUNDLE_NONE);
        else if (!ferror(in) && !f->has_charter)
            feed_stop(f, BUNDLE_NONE);
        return ferror(in) ? ERR_IO : OK;
    }
    size_t len = get_u32be(header);
    if (len == 0 || len > FRAME_BODY_MAX) {
        feed_stop(f, f->has_charter ? BUNDLE_DAMAGED : BUNDLE_NONE);
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
    feed_stop(f, f->has_charter ? BUNDLE_TRUNCATED : BUNDLE_NONE);
    return ferror(in) ? ERR_IO : OK;
}

/* The file's own table of contents tells a file that was cut between two frames. */
static void judge_end(struct feed *f)
{
    for (size_t i = 0; f->ret->end == BUNDLE_WHOLE && i < f->ret->n_logs; i++)
        if (f->ret->logs[i].seen < f->ret->logs[i].offered)
            feed_stop(f, BUNDLE_TRUNCATED);
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
        e = feed_take(f, &frame, len);
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
        if (m != NULL && m->is_former && b->log.generation == m->closed_generation && b->after >= m->closed_size)
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
        if (e != ERR_NOMEM && e != ERR_CORRUPT) {       /* else engine or store are not to be used any more (glue.h) */
            enum err ended = feed_end(f);
            e = e == OK ? ended : e;
        }
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
    enum err e = f->m != NULL && f->evidence != NULL ? OK : ERR_NOMEM;
    if (e == OK)
        e = self_load(&f->d->s->home, f->d->store, session_now_ms() / 1000, &f->self, &what);
    if (e != OK)
        return e;
    f->self.engine.is_import = true;
    random_fill(&f->self.engine.random_seed, sizeof(f->self.engine.random_seed));
    if ((e = engine_new(&f->self.engine, &f->engine)) != OK)
        return e;
    glue.engine = f->engine;
    if ((e = glue_new(&glue, &f->glue)) != OK)
        return e;
    struct event now = feed_event(f, EV_TICK);
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

enum err bundle_read(struct desk *d, FILE *in, void (*progress)(void *arg, uint64_t bytes), void *arg,
                     struct bundle_read *ret)
{
    struct feed f = {.d = d, .ret = ret, .at = SIZE_MAX};
    *ret = (struct bundle_read){.end = BUNDLE_WHOLE, .charter_before = desk_charter(d)->version};
    enum err e = feed_new(&f);
    if (e == OK)
        e = read_file(&f, in, progress, arg);
    if (e == OK)
        e = glue_failure(f.glue);           /* the engine has been told; the file is not to blame */
    feed_release(&f);
    return e;
}
