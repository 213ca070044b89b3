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

static enum err place_note(struct plan *p, size_t at, const struct published *published, const char *record, const char *comment)
{
    bool is_noted = false;
    enum err e = record[0] != '\0' ? published->is_noted(published->arg, record, comment, &is_noted) : OK;
    if (e != OK || is_noted)
        return e;
    struct plan_note *n = &p->notes[p->n_notes++];
    n->at = at;
    memcpy(n->record, record, strlen(record) + 1);
    return OK;
}

static enum err place(struct plan *p, size_t *cap, size_t at, struct intake_figure *i, const struct published *published,
                      enum revision_reason reason)
{
    struct figure *f = &i->figure;
    struct figure_row old;
    enum err e = published->find(published->arg, f, &old);
    if (e != OK && e != ERR_UNKNOWN)
        return e;
    bool is_new = e == ERR_UNKNOWN || old.is_withdrawn, is_same = !is_new && figure_same(&old.figure, f);
    f->reason = REASON_NONE;
    p->kinds[at] = is_new ? PLAN_NEW : is_same ? PLAN_UNCHANGED : PLAN_REVISED;
    p->n_new += is_new;
    p->n_unchanged += is_same;
    e = i->comment != NULL ? place_note(p, at, published, is_same ? old.record : "", i->comment) : OK;
    if (e != OK || is_new || is_same)
        return e;
    f->reason = reason;
    return keep_change(p, cap, at, &old);
}

size_t plan_entries(const struct plan *p)
{
    return p->n_new + p->n_revised + p->n_notes;
}

static size_t count_comments(const struct intake_figure *figures, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += figures[i].comment != NULL;
    return count;
}

enum err plan_make(struct intake_figure *figures, size_t n, const struct published *published,
                   enum revision_reason reason, struct plan *ret)
{
    struct plan p = {.kinds = calloc(n + 1, sizeof(*p.kinds)), .notes = calloc(count_comments(figures, n) + 1, sizeof(*p.notes))};
    size_t cap = 0;
    enum err e = p.kinds != NULL && p.notes != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < n; i++)
        e = place(&p, &cap, i, &figures[i], published, reason);
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
    free(p->notes);
    *p = (struct plan){0};
}
