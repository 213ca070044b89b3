#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

static void effect_free(struct effect *f)
{
    if (f != NULL)
        buf_release(&f->data);
    free(f);
}

void effects_clear(struct effects *fx)
{
    for (size_t i = 0; i < fx->n; i++)
        effect_free(fx->list[i]);
    fx->n = 0;
}

void effects_release(struct effects *fx)
{
    effects_clear(fx);
    free(fx->list);
    *fx = (struct effects){0};
}

bool no_memory(struct engine *e)
{
    e->failed = ERR_NOMEM;
    return false;
}

bool grow(struct engine *e, void **list, size_t *cap, size_t n, size_t item)
{
    if (n < *cap)
        return true;
    size_t more = *cap > 0 ? *cap * 2 : 8;
    void *p = realloc(*list, more * item);
    if (p == NULL)
        return no_memory(e);
    *list = p;
    *cap = more;
    return true;
}

struct effect *fx_add(struct engine *e, enum effect_kind kind)
{
    struct effects *fx = e->fx;
    struct effect *f = calloc(1, sizeof(*f));
    if (f == NULL || !grow(e, (void **)&fx->list, &fx->cap, fx->n, sizeof(fx->list[0]))) {
        free(f);
        no_memory(e);
        buf_release(&e->sink.data);
        memset(&e->sink, 0, sizeof(e->sink));
        f = &e->sink;
    } else {
        fx->list[fx->n++] = f;
    }
    f->kind = kind;
    f->data = buf_on(FRAME_BODY_MAX);
    return f;
}

/* Without memory the engine's spare ticket stands in: the step has failed, and the
 * shell stops the node. */
uint64_t ticket_new(struct engine *e, enum ticket_kind kind, struct ticket **ret)
{
    struct ticket *t = calloc(1, sizeof(*t));
    if (t == NULL || !grow(e, (void **)&e->tickets, &e->cap_tickets, e->n_tickets, sizeof(e->tickets[0]))) {
        free(t);
        no_memory(e);
        e->spare_ticket = (struct ticket){.kind = kind};
        *ret = &e->spare_ticket;
        return 0;
    }
    t->id = ++e->next_ticket;
    t->kind = kind;
    t->log = SIZE_MAX;
    e->tickets[e->n_tickets++] = t;
    *ret = t;
    return t->id;
}

struct ticket *ticket_take(struct engine *e, uint64_t id)
{
    for (size_t i = 0; i < e->n_tickets; i++) {
        if (e->tickets[i]->id == id) {
            struct ticket *t = e->tickets[i];
            memmove(&e->tickets[i], &e->tickets[i + 1], (e->n_tickets - i - 1) * sizeof(e->tickets[0]));
            e->n_tickets--;
            return t;
        }
    }
    return NULL;
}

void ticket_free(struct ticket *t)
{
    if (t == NULL)
        return;
    segment_free(t->segment);
    buf_release(&t->bytes);
    free(t);
}

bool ticket_waits(const struct engine *e, enum ticket_kind kind, size_t log)
{
    for (size_t i = 0; i < e->n_tickets; i++)
        if (e->tickets[i]->kind == kind && e->tickets[i]->log == log)
            return true;
    return false;
}

void timer_at(struct engine *e, uint64_t at_ms)
{
    if (e->timer_ms != 0 && e->timer_ms <= at_ms)
        return;
    e->timer_ms = at_ms;
    fx_add(e, FX_TIMER)->at_ms = at_ms;
}

struct buf *send_begin(struct engine *e, struct elink *l)
{
    struct effect *f = fx_add(e, FX_SEND);
    f->link = l->id;
    return &f->data;
}

/* To a peer that does not read nothing more is said: the link ends with this step. */
void send_end(struct engine *e, struct elink *l)
{
    struct effect *f = e->failed == OK ? e->fx->list[e->fx->n - 1] : &e->sink;
    if (buf_status(&f->data) != OK) {
        no_memory(e);
    } else if (l->is_stuffed && f != &e->sink) {
        effect_free(f);
        e->fx->n--;
    } else {
        l->queued += f->data.len;
        l->is_stuffed = l->queued > LINK_QUEUE_MAX;
    }
}

void report(struct engine *e, enum report_level level, const char *fmt, ...)
{
    char line[512];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(line, sizeof(line), fmt, ap);
    va_end(ap);
    struct effect *f = fx_add(e, FX_REPORT);
    f->level = level;
    buf_put_str(&f->data, line);
}

/* splitmix64: jitter and choices only. */
uint64_t engine_random(struct engine *e)
{
    uint64_t z = (e->random += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

bool buf_set(struct engine *e, struct buf *b, struct bytes in)
{
    buf_clear(b);
    buf_put(b, in);
    return buf_status(b) == OK || no_memory(e);
}
