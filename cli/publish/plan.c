#include "cli/publish/plan.h"

#include <stdlib.h>
#include <string.h>

static int by_indicator(const void *a, const void *b)
{
    const struct plan_change *x = a, *y = b;
    int order = strcmp(x->old.indicator, y->old.indicator);
    return order != 0 ? order : x->at < y->at ? -1 : x->at > y->at;
}

static enum err keep_change(struct plan *p, size_t *cap, size_t at, const struct figure_row *old)
{
    if (p->n_revised == *cap) {
        size_t more = *cap > 0 ? *cap * 2 : 64;
        struct plan_change *changes = realloc(p->changes, more * sizeof(*changes));
        if (changes == NULL)
            return ERR_NOMEM;
        p->changes = changes;
        *cap = more;
    }
    struct plan_change *c = &p->changes[p->n_revised++];
    c->at = at;
    c->old = old->figure;
    memcpy(c->record, old->record, sizeof(c->record));
    return OK;
}

static enum err place(struct plan *p, size_t *cap, size_t at, struct figure *f, const struct published *published,
                      enum revision_reason reason)
{
    struct figure_row old;
    enum err e = published->find(published->arg, f, &old);
    if (e != OK && e != ERR_UNKNOWN)
        return e;
    f->reason = REASON_NONE;
    if (e == ERR_UNKNOWN || old.is_withdrawn) {
        p->kinds[at] = PLAN_NEW;
        p->n_new++;
        return OK;
    }
    if (figure_same(&old.figure, f)) {
        p->kinds[at] = PLAN_UNCHANGED;
        p->n_unchanged++;
        return OK;
    }
    p->kinds[at] = PLAN_REVISED;
    f->reason = reason;
    return keep_change(p, cap, at, &old);
}

enum err plan_make(struct intake_figure *figures, size_t n, const struct published *published,
                   enum revision_reason reason, struct plan *ret)
{
    struct plan p = {.kinds = calloc(n + 1, sizeof(*p.kinds))};
    size_t cap = 0;
    enum err e = p.kinds != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < n; i++)
        e = place(&p, &cap, i, &figures[i].figure, published, reason);
    if (e != OK) {
        plan_release(&p);
        return e;
    }
    if (p.n_revised > 0)
        qsort(p.changes, p.n_revised, sizeof(*p.changes), by_indicator);
    *ret = p;
    return OK;
}

void plan_release(struct plan *p)
{
    free(p->kinds);
    free(p->changes);
    *p = (struct plan){0};
}
