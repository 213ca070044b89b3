#include "node/glue.h"

#include <stdlib.h>
#include <string.h>

#include "node/glue_inside.h"

enum err glue_room(void **list, size_t *cap, size_t n, size_t item)
{
    if (n < *cap)
        return OK;
    size_t more = *cap > 0 ? *cap * 2 : 16;
    void *p = realloc(*list, more * item);
    if (p == NULL)
        return ERR_NOMEM;
    *list = p;
    *cap = more;
    return OK;
}

struct origin glue_origin(const struct glue *g, const struct log_ref *ref)
{
    return (struct origin){.alliance = g->c.alliance, .slug = ref->slug, .generation = ref->generation};
}

static void on_written(void *arg)
{
    const struct glue *g = arg;
    if (g->c.on_stored != NULL)
        g->c.on_stored(g->c.arg);
}

enum err glue_new(const struct glue_config *c, struct glue **ret)
{
    struct glue *g = calloc(1, sizeof(*g));
    struct writer_config writer = {.work = glue_write, .done = on_written, .arg = g};
    if (g == NULL)
        return ERR_NOMEM;
    g->c = *c;
    g->last_answer = &g->answers;
    g->timer_ms = UINT64_MAX;
    g->items = buf_on(FRAME_BODY_MAX);
    g->note = buf_on(NOTE_MAX);
    if (c->reads != NULL && writer_new(&writer, &g->writer) != OK) {
        free(g);
        return ERR_NOMEM;
    }
    *ret = g;
    return OK;
}

void glue_free(struct glue *g)
{
    if (g == NULL)
        return;
    writer_free(g->writer);
    for (struct answer *a = g->answers, *next; a != NULL; a = next) {
        next = a->next;
        free(a->ev.frame);
        free(a);
    }
    glue_forget(g);
    free(g->waiting);
    free(g->retell);
    effects_release(&g->fx);
    buf_release(&g->items);
    buf_release(&g->note);
    free(g);
}

enum err glue_step(struct glue *g, struct event *ev)
{
    ev->now_ms = g->now_ms;
    ev->wall_ms = g->wall_ms;
    return engine_step(g->c.engine, ev, &g->fx);
}

/* ---- reads ---- */

static struct answer *answer_new(struct glue *g, enum event_kind kind, const struct effect *fx)
{
    struct answer *a = calloc(1, sizeof(*a));
    if (a == NULL)
        return NULL;
    a->ev = (struct event){.kind = kind, .ticket = fx->ticket, .ref = fx->ref, .from = fx->from};
    *g->last_answer = a;
    g->last_answer = &a->next;
    return a;
}

/* An ENTRIES body; its buffer becomes the answer's frame. Short of an entry, the reason why. */
static enum err read_span(struct glue *g, const struct effect *fx)
{
    size_t n = 0;
    struct buf body = buf_on(FRAME_BODY_MAX);
    struct answer *a = answer_new(g, EV_SPAN, fx);
    if (a == NULL)
        return ERR_NOMEM;
    buf_clear(&g->items);
    buf_clear(&g->note);
    enum err e = store_read_span(glue_reads(g), &fx->ref, fx->from, fx->whole, (size_t)fx->count, &g->items, &n, &g->note);
    if (e == OK) {
        put_entries(&body, &fx->ref, fx->from, n, buf_bytes(&g->items), buf_bytes(&g->note));
        e = buf_status(&body);
    }
    a->ev.err = e;
    if (e != OK) {
        buf_release(&body);
        return e == ERR_CORRUPT || e == ERR_NOMEM ? e : OK;
    }
    a->ev.count = n;
    a->ev.frame = body.p;
    a->ev.frame_len = body.len;
    return OK;
}

static enum err prove(struct glue *g, const struct effect *fx)
{
    struct origin o = glue_origin(g, &fx->ref);
    struct store_source *src = NULL;
    struct answer *a = answer_new(g, EV_PROOF, fx);
    if (a == NULL)
        return ERR_NOMEM;
    enum err e = store_source_new(glue_reads(g), &o, true, &src);
    if (e == OK) {
        struct merkle_source m = store_source(src);
        e = merkle_prove_consistency(&m, fx->from, fx->whole, &a->proof);
        if (e == OK)
            e = merkle_root(&m, fx->from, &a->ev.root);
    }
    store_source_free(src);
    a->ev.err = e;
    a->ev.proof = e == OK ? &a->proof : NULL;
    return e == ERR_CORRUPT || e == ERR_NOMEM ? e : OK;
}

/* ---- effects ---- */

static enum err obey(struct glue *g, struct effect *fx)
{
    switch (fx->kind) {
    case FX_DIAL: case FX_SEND: case FX_CLOSE:
        return g->c.network(g->c.arg, fx);
    case FX_READ:
        return read_span(g, fx);
    case FX_PROVE:
        return prove(g, fx);
    case FX_TIMER:
        g->timer_ms = fx->at_ms < g->timer_ms ? fx->at_ms : g->timer_ms;
        return OK;
    case FX_REPORT:
        g->c.report(g->c.arg, fx->level, buf_bytes(&fx->data));
        return OK;
    case FX_APPEND: case FX_FILL: case FX_RAISE_WHOLE: case FX_CUT: case FX_ERASE: case FX_PUT_COSIG: case FX_KEEP_CHECKPOINT:
    case FX_PUT_CHARTER: case FX_DROP_CHARTER: case FX_PUT_IDENTITY: case FX_PUT_EVIDENCE: case FX_PUT_REQUEST: case FX_PUT_HEAD:
    case FX_PUT_PEER: case FX_PUT_ANNOUNCED:
        return glue_wait(g, fx);
    }
    return OK;
}

static enum err obey_list(struct glue *g)
{
    enum err e = OK;
    for (size_t i = 0; e == OK && i < g->fx.n; i++)
        e = obey(g, g->fx.list[i]);
    effects_clear(&g->fx);
    return e;
}

static struct answer *answer_take(struct glue *g)
{
    struct answer *a = g->answers;
    if (a != NULL && (g->answers = a->next) == NULL)
        g->last_answer = &g->answers;
    return a;
}

/* An answer sets off further effects, which may want further reads: the engine paces that by its links' queues. */
enum err glue_obey(struct glue *g)
{
    struct answer *a;
    enum err e = obey_list(g);
    while (e == OK && (a = answer_take(g)) != NULL) {
        e = glue_step(g, &a->ev);
        free(a->ev.frame);                      /* NULL when the engine took it */
        free(a);
        if (e == OK)
            e = obey_list(g);
    }
    return e;
}

enum err glue_event(struct glue *g, struct event *ev)
{
    g->now_ms = ev->now_ms > g->now_ms ? ev->now_ms : g->now_ms;
    g->wall_ms = ev->wall_ms;
    if (ev->kind == EV_TICK)
        g->timer_ms = UINT64_MAX;               /* the engine says anew when it wants the next */
    enum err e = glue_step(g, ev);
    return e == OK ? glue_obey(g) : e;
}

uint64_t glue_timer_ms(const struct glue *g)
{
    return g->timer_ms;
}
