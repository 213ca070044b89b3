#include "cli/compare/causes.h"

#include <stdlib.h>
#include <string.h>

#include "cli/output/figure.h"
#include "cli/period.h"

struct history {
    const struct region_row *r;
    struct time_period *periods;            /* the newest first; [0] is the one compared */
    size_t n_periods, cap;
    size_t at;                              /* being read */
    double *values;                         /* of each row of the comparison, n_periods of them */
    bool *has;
};

static enum err take_period(struct history *h, const struct time_period *p)
{
    const struct time_period *now = &h->r->period;
    if (!period_is_alike(p->period, p->time_identifier, now->period, now->time_identifier) ||
        period_compare(p->period, p->time_identifier, now->period, now->time_identifier) > 0)
        return OK;
    if (h->n_periods == h->cap) {
        size_t cap = h->cap > 0 ? h->cap * 2 : 32;
        struct time_period *periods = realloc(h->periods, cap * sizeof(*periods));
        if (periods == NULL)
            return ERR_NOMEM;
        h->periods = periods;
        h->cap = cap;
    }
    h->periods[h->n_periods++] = *p;
    return OK;
}

static enum err list_periods(struct view *v, struct history *h)
{
    struct time_period p;
    enum err e = view_period_below(v, h->r->definition.definition.id, NULL, &p);
    while (e == OK) {
        struct time_period below = p;
        e = take_period(h, &p);
        if (e == OK)
            e = view_period_below(v, h->r->definition.definition.id, &below, &p);
    }
    return e == ERR_UNKNOWN ? OK : e;
}

static enum err take_figure(void *arg, const struct figure_row *f)
{
    struct history *h = arg;
    const struct compare_row *row = region_row_of(h->r, &f->slug);
    if (row == NULL || !row->is_member || f->is_withdrawn || !f->figure.has_value ||
        !hash_equal(&f->figure.definition, &h->r->definition.hash))
        return OK;
    size_t place = (size_t)(row - h->r->c.rows) * h->n_periods + h->at;
    h->has[place] = figure_raw(&f->figure, &h->r->definition.definition, &h->values[place]);
    return OK;
}

static enum err read_history(struct view *v, uint64_t as_of_ms, struct history *h)
{
    size_t n = h->n_periods * (h->r->c.n_rows + 1);
    h->values = calloc(n, sizeof(*h->values));
    h->has = calloc(n, sizeof(*h->has));
    enum err e = h->values != NULL && h->has != NULL ? OK : ERR_NOMEM;
    for (h->at = 0; e == OK && h->at < h->n_periods; h->at++)
        e = view_figures(v, h->r->definition.definition.id, &h->periods[h->at], "", as_of_ms, take_figure, h);
    return e;
}

/* `series` and `marks` have room for every period. */
static void look_at(const struct history *h, size_t i, double *series, struct spc_point *marks, struct causes *ret)
{
    size_t n = 0, from = i * h->n_periods;
    for (size_t t = h->n_periods; t-- > 0;)                 /* in order of time */
        if (h->has[from + t])
            series[n++] = h->values[from + t];
    if (n < SPC_POINTS_MIN)
        return;
    ret->n_series++;
    struct spc spc = spc_of(series, n, SPC_SCREENED, h->r->definition.definition.polarity, marks);
    if (h->has[from] && marks[n - 1].mark != SPC_COMMON)
        ret->list[ret->n++] = (struct cause){&h->r->c.rows[i], marks[n - 1], spc, series[n - 1]};
}

static enum err look_at_all(const struct history *h, struct causes *ret)
{
    double *series = calloc(h->n_periods, sizeof(*series));
    struct spc_point *marks = calloc(h->n_periods, sizeof(*marks));
    ret->list = calloc(h->r->c.n_rows + 1, sizeof(*ret->list));
    enum err e = series != NULL && marks != NULL && ret->list != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < h->r->c.n_rows; i++)
        look_at(h, i, series, marks, ret);
    free(series);
    free(marks);
    return e;
}

enum err causes_find(struct view *v, const struct region_row *r, uint64_t as_of_ms, struct causes *ret)
{
    struct history h = {.r = r};
    struct causes c = {.list = NULL};
    enum err e = list_periods(v, &h);
    if (e == OK && h.n_periods >= SPC_POINTS_MIN) {
        e = read_history(v, as_of_ms, &h);
        if (e == OK)
            e = look_at_all(&h, &c);
    }
    free(h.periods);
    free(h.values);
    free(h.has);
    if (e == OK)
        *ret = c;
    else
        causes_release(&c);
    return e;
}

void causes_release(struct causes *c)
{
    free(c->list);
    *c = (struct causes){.list = NULL};
}
