#include "cli/compare/series.h"

#include <stdlib.h>
#include <string.h>

#include "cli/output/figure.h"
#include "cli/period.h"

static enum err take(void *arg, const struct figure_row *f)
{
    struct series_point *p = arg;
    p->has_figure = true;
    p->figure = *f;
    return OK;
}

static enum err room(struct series *s, size_t *cap)
{
    if (s->n < *cap)
        return OK;
    size_t more = *cap > 0 ? *cap * 2 : 32;
    struct series_point *points = realloc(s->points, more * sizeof(*points));
    if (points == NULL)
        return ERR_NOMEM;
    s->points = points;
    *cap = more;
    return OK;
}

/* Every period of the indicator, whoever returned it. */
static enum err gather(const struct series_ask *ask, struct series *s)
{
    const char *id = ask->definition->definition.id;
    struct time_period p;
    size_t cap = 0;
    enum err e = view_period_below(ask->v, id, NULL, &p);
    while (e == OK) {
        if ((e = room(s, &cap)) != OK)
            return e;
        struct series_point *point = &s->points[s->n++];
        *point = (struct series_point){.period = p};
        e = view_figure_standing(ask->v, id, &p, ask->breakdown, ask->slug, ask->as_of_ms, take, point);
        if (e == OK)
            e = view_period_below(ask->v, id, &point->period, &p);
    }
    return e == ERR_UNKNOWN ? OK : e;
}

static int by_time(const void *a, const void *b)
{
    const struct series_point *x = a, *y = b;
    int order = period_compare(x->period.period, x->period.time_identifier, y->period.period, y->period.time_identifier);
    return order != 0 ? order : strcmp(x->period.time_identifier, y->period.time_identifier);
}

/* Is a return of it missed? Not of a body that was no more. */
static bool is_owed(const struct series_ask *ask, const struct time_period *p)
{
    struct slug slug;
    return slug_parse(bytes_of(ask->slug), &slug) != OK
        || being_in(ask->charter, &slug, ask->authority, p, ask->definition->definition.basis) != BEING_NO_MORE;
}

/* Of the kind of the newest figure, from the first figure on. */
static enum err keep_one_kind(const struct series_ask *ask, struct series *s)
{
    size_t newest = s->n, kept = 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->points[i].has_figure)
            newest = i;
    if (newest == s->n)
        return ERR_UNKNOWN;
    struct time_period kind = s->points[newest].period;
    for (size_t i = 0; i < s->n; i++) {
        const struct series_point *p = &s->points[i];
        if (!period_is_alike(kind.period, kind.time_identifier, p->period.period, p->period.time_identifier))
            s->n_other_kind += p->has_figure;
        else if (p->has_figure || (kept > 0 && is_owed(ask, &p->period)))
            s->points[kept++] = *p;
    }
    s->n = kept;
    return OK;
}

static enum err find_interval(const struct series_ask *ask, struct series_point *p)
{
    const struct definition *d = &ask->definition->definition;
    struct population population;
    enum err e = compare_population(ask->v, d, ask->authority, &p->figure.figure, ask->as_of_ms, &population);
    if (e != OK)
        return e;
    p->has_interval = p->has_value && compare_interval(&p->figure.figure, d, population.persons, &p->interval);
    if (p->has_interval)
        p->denominator_source = population.persons > 0 ? DENOMINATOR_REFERENCE : DENOMINATOR_PUBLISHED;
    return OK;
}

static enum err describe(const struct series_ask *ask, struct series *s)
{
    const struct definition_row *d = ask->definition;
    enum err e = OK;
    for (size_t i = 0; e == OK && i < s->n; i++) {
        struct series_point *p = &s->points[i];
        if (!p->has_figure)
            continue;
        p->is_other_definition = !hash_equal(&p->figure.figure.definition, &d->hash);
        s->n_other_definition += p->is_other_definition;
        s->n_withdrawn += p->figure.is_withdrawn;
        if (p->is_other_definition || p->figure.is_withdrawn)
            continue;
        p->has_value = p->figure.figure.has_value && figure_raw(&p->figure.figure, &d->definition, &p->raw);
        s->n_values += p->has_value;
        e = find_interval(ask, p);
    }
    return e;
}

static enum err find_change(struct series *s)
{
    const struct series_point *now = NULL, *before = NULL;
    for (size_t i = 0; i < s->n; i++)
        if (s->points[i].has_figure) {
            before = now;
            now = &s->points[i];
        }
    if (before == NULL || !now->has_value || !before->has_value)
        return OK;
    s->change_since = before->period;
    return value_change(&now->figure.figure.value, &before->figure.figure.value, &s->has_change, &s->change);
}

static enum err find_marks(struct series *s, const struct definition *d)
{
    double *values = calloc(s->n + 1, sizeof(*values));
    struct trend_point *trend = calloc(s->n + 1, sizeof(*trend));
    struct spc_point *marks = calloc(s->n + 1, sizeof(*marks));
    enum err e = values != NULL && trend != NULL && marks != NULL ? OK : ERR_NOMEM;
    size_t n = 0;
    for (size_t i = 0; e == OK && i < s->n; i++) {
        const struct series_point *p = &s->points[i];
        trend[i] = (struct trend_point){p->has_interval, p->raw, p->interval.lower, p->interval.upper};
        if (p->has_value)
            values[n++] = p->raw;
    }
    if (e == OK) {
        s->trend = trend_of(trend, s->n);
        s->spc = spc_of(values, n, SPC_SCREENED, d->polarity, marks);
    }
    for (size_t i = 0, at = 0; e == OK && i < s->n; i++)
        if (s->points[i].has_value)
            s->points[i].spc = marks[at++];
    free(values);
    free(trend);
    free(marks);
    return e;
}

const char *series_status(const struct series_point *p)
{
    if (!p->has_figure)
        return "missing";
    if (p->figure.is_withdrawn)
        return "withdrawn";
    return p->is_other_definition ? "other-definition" : status_name(p->figure.figure.status);
}

enum err series_make(const struct series_ask *ask, struct series *ret)
{
    struct series s = {.points = NULL};
    enum err e = gather(ask, &s);
    if (e == OK && s.n > 0)
        qsort(s.points, s.n, sizeof(*s.points), by_time);
    if (e == OK)
        e = keep_one_kind(ask, &s);
    if (e == OK)
        e = describe(ask, &s);
    if (e == OK)
        e = find_change(&s);
    if (e == OK)
        e = find_marks(&s, &ask->definition->definition);
    if (e != OK) {
        series_release(&s);
        return e;
    }
    *ret = s;
    return OK;
}

void series_release(struct series *s)
{
    free(s->points);
    *s = (struct series){.points = NULL};
}
