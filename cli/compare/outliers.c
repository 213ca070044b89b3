#include "cli/compare/outliers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/day.h"
#include "cli/output/figure.h"

const char *outlier_rule_name(enum outlier_rule r)
{
    switch (r) {
#define X(sym, name) case sym: return name;
    OUTLIER_RULES(X)
#undef X
    }
    return "";
}

const char *outlier_ask_name(enum outlier_ask a)
{
    switch (a) {
#define X(sym, name) case sym: return name;
    OUTLIER_ASKS(X)
#undef X
    }
    return "";
}

/* The next row, to be filled; NULL when memory fails. */
static struct outlier *add(struct outliers *o, const struct region_row *row, const struct compare_row *cell, enum outlier_rule rule)
{
    if (o->n == o->cap) {
        size_t cap = o->cap > 0 ? o->cap * 2 : 64;
        struct outlier *list = realloc(o->list, cap * sizeof(*list));
        if (list == NULL)
            return NULL;
        o->list = list;
        o->cap = cap;
    }
    struct outlier *x = &o->list[o->n++];
    *x = (struct outlier){.row = row, .cell = cell, .rule = rule, .ask = ASK_ABOUT};
    x->slug = cell != NULL ? &cell->slug : NULL;
    return x;
}

/* ---- funnels ---- */

static enum outlier_ask ask_of(enum polarity p, bool is_high)
{
    if (p == POLARITY_NONE)
        return ASK_NEITHER;
    return (p == POLARITY_HIGH) == is_high ? ASK_HOW : ASK_ABOUT;
}

static enum err add_point(struct outliers *o, const struct region_row *r, const struct compare_row *cell, const struct funnel *f,
                          const struct funnel_point *p)
{
    const struct definition *d = &r->definition.definition;
    bool is_high = p->adjusted[LEVEL_998] == FUNNEL_HIGH;
    char value[FIGURE_SHOWN_MAX], x[DECIMAL_TEXT_MAX], n[DECIMAL_TEXT_MAX];
    struct outlier *out = add(o, r, cell, RULE_FUNNEL);
    if (out == NULL)
        return ERR_NOMEM;
    out->ask = ask_of(d->polarity, is_high);
    out->weight = fabs(p->za);
    figure_shown(&cell->figure.figure, d->decimals, value);
    decimal_text(cell->figure.figure.numerator, x);
    decimal_text(cell->figure.figure.denominator, n);
    (void)snprintf(out->detail, sizeof(out->detail), "%s%s: %s, %s of %s, where all of these together have %.*f (z %+.2f)",
                   d->polarity == POLARITY_NONE ? "unusually " : "", is_high ? "high" : "low", value, x, n, (int)d->decimals,
                   f->theta * d->multiplier, p->za);
    return OK;
}

static enum err test_set(struct outliers *o, const struct region_row *r)
{
    struct cell *cells = calloc(r->c.n_rows + 1, sizeof(*cells));
    struct funnel_point *points = calloc(r->c.n_rows + 1, sizeof(*points));
    struct funnel f;
    enum err e = cells != NULL && points != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < r->c.n_rows; i++)
        cells[i] = compare_row_trial(&r->c.rows[i]);
    if (e == OK)
        e = funnel_of(cells, r->c.n_rows, r->definition.definition.parts, &f, points);
    if (e == OK && f.why != FUNNEL_TESTED)
        o->excluded[o->n_excluded++] = (struct excluded){r, f};
    if (e == OK)
        funnel_tally_add(&o->tally, &f);
    for (size_t i = 0; e == OK && i < r->c.n_rows; i++)
        if (points[i].adjusted[LEVEL_998] != FUNNEL_INSIDE)
            e = add_point(o, r, &r->c.rows[i], &f, &points[i]);
    free(cells);
    free(points);
    return e;
}

/* ---- special causes ---- */

static const char *sense_word(enum spc_sense s)
{
    switch (s) {
    case SPC_IMPROVEMENT: return ", better";
    case SPC_CONCERN:     return ", worse";
    case SPC_HIGH:        return ", high";
    case SPC_LOW:         return ", low";
    case SPC_NOTHING:     break;
    }
    return "";
}

static enum err add_cause(struct outliers *o, const struct region_row *r, const struct cause *c)
{
    int dp = r->definition.definition.decimals;
    struct outlier *out = add(o, r, c->row, RULE_XMR);
    if (out == NULL)
        return ERR_NOMEM;
    out->ask = c->point.sense == SPC_IMPROVEMENT ? ASK_HOW : c->point.sense == SPC_CONCERN ? ASK_ABOUT : ASK_NEITHER;
    double third = (c->spc.upper - c->spc.mean) / 3;
    out->weight = third > 0 ? fabs(c->value - c->spc.mean) / third : 0;
    (void)snprintf(out->detail, sizeof(out->detail),
                   "%s%s: %.*f, where its own mean is %.*f and its limits %.*f to %.*f, over %zu periods",
                   spc_name(c->point.mark), sense_word(c->point.sense), dp, c->value, dp + 1, c->spc.mean, dp + 1, c->spc.lower,
                   dp + 1, c->spc.upper, c->spc.n);
    return OK;
}

static enum err find_causes(struct view *v, const struct region_row *r, uint64_t as_of_ms, struct outliers *o)
{
    struct causes c;
    enum err e = causes_find(v, r, as_of_ms, &c);
    if (e != OK)
        return e;
    o->n_series += c.n_series;
    for (size_t i = 0; e == OK && i < c.n; i++)
        e = add_cause(o, r, &c.list[i]);
    causes_release(&c);
    return e;
}

/* ---- silence ---- */

static enum err add_silence(struct outliers *o, const struct region_row *r, const struct compare_row *cell)
{
    char now[PERIOD_TEXT_MAX], before[PERIOD_TEXT_MAX];
    bool is_withdrawn = compare_row_returned(cell) && cell->figure.is_withdrawn;
    bool returned_before = cell->has_before && !cell->is_public_before;
    if (compare_row_returned(cell) && !is_withdrawn)        /* a symbol is a return */
        return OK;
    struct outlier *out = add(o, r, cell, is_withdrawn ? RULE_WITHDRAWN : returned_before ? RULE_LATE : RULE_MISSING);
    if (out == NULL)
        return ERR_NOMEM;
    period_text(r->period.period, r->period.time_identifier, now);
    period_text(r->c.previous.period, r->c.previous.time_identifier, before);
    if (is_withdrawn)
        (void)snprintf(out->detail, sizeof(out->detail), "its figure of %s was withdrawn (%s), and none stands in its place", now,
                       cell->figure.withdrawn);
    else if (returned_before)
        (void)snprintf(out->detail, sizeof(out->detail), "returned %s, and not yet %s", before, now);
    else
        (void)snprintf(out->detail, sizeof(out->detail), "nothing returned for %s", now);
    return OK;
}

static bool is_silent(const struct region *region, const struct slug *slug)
{
    for (size_t i = 0; i < region->n; i++) {
        const struct compare_row *r = region_row_of(&region->rows[i], slug);
        if (r != NULL && (compare_row_returned(r) || (r->has_before && !r->is_public_before) || r->is_former ||
                          r->being != BEING_THERE))
            return false;
    }
    return true;
}

/* A body that is no member has nothing to return. */
static bool is_member(const struct region *region, const struct slug *slug)
{
    for (size_t i = 0; i < region->n; i++) {
        const struct compare_row *r = region_row_of(&region->rows[i], slug);
        if (r != NULL)
            return r->is_member;
    }
    return false;
}

/* Is there something to ask for, whatever others published of it? */
static bool is_owed(const struct compare_row *r)
{
    return r->is_public ? !r->is_former && r->being == BEING_THERE : compare_row_is_missing(r);
}

static enum err add_silent(struct view *v, struct outliers *o, const struct slug *slug)
{
    bool is_sealed = false;
    enum err e = view_has_sealed(v, slug->s, &is_sealed);
    struct outlier *out = e == OK ? add(o, NULL, NULL, RULE_SILENT) : NULL;
    if (out == NULL)
        return e != OK ? e : ERR_NOMEM;
    out->slug = slug;
    (void)snprintf(out->detail, sizeof(out->detail), "%s", is_sealed
                   ? "published, and not to be read here yet (their next publish or sync gives the keys)"
                   : "nothing returned to any of these indicators, in this period or the one before");
    return OK;
}

static enum err find_silence(struct view *v, const struct region *region, struct outliers *o)
{
    enum err e = OK;
    for (size_t a = 0; e == OK && a < region->n_authorities; a++) {
        const struct slug *slug = &region->authorities[a];
        if (!is_member(region, slug))
            continue;
        if (is_silent(region, slug)) {
            e = add_silent(v, o, slug);
            continue;
        }
        for (size_t i = 0; e == OK && i < region->n; i++) {
            const struct compare_row *cell = region_row_of(&region->rows[i], slug);
            if (cell != NULL && is_owed(cell))
                e = add_silence(o, &region->rows[i], cell);
        }
    }
    return e;
}

/* ---- what a lead asked for ---- */

struct overdue {
    struct view *v;
    const struct region *region;
    struct outliers *o;
    uint64_t now_ms;
    const struct collection *asked;         /* being looked at */
};

static enum err take_coverage(void *arg, const struct coverage *found)
{
    struct overdue *d = arg;
    struct coverage known = *found, *c = &known;
    char day[DATE_LEN + 1];
    const struct slug *slug = NULL;
    for (size_t i = 0; i < d->region->n_authorities; i++)
        if (strcmp(d->region->authorities[i].s, c->slug) == 0)
            slug = &d->region->authorities[i];
    period_last_day(d->asked->period, d->asked->time_identifier, "", day);
    being_excuse(d->region->charter, day, c);
    if (slug == NULL || (c->state != COVERAGE_MISSING && c->state != COVERAGE_WITHDRAWN))
        return OK;
    struct outlier *out = add(d->o, NULL, NULL, RULE_OVERDUE);
    if (out == NULL)
        return ERR_NOMEM;
    out->slug = slug;
    (void)snprintf(out->detail, sizeof(out->detail), "collection %u, %.160s, was due %s, and %s", d->asked->number, d->asked->title,
                   d->asked->due, c->state == COVERAGE_MISSING ? "not all of it has come" : "some of it was withdrawn since");
    return OK;
}

static enum err take_collection(void *arg, const struct collection_row *row)
{
    struct overdue *d = arg;
    uint64_t due_ms;
    if (row->collection.is_closed || day_end(row->collection.due, &due_ms) != OK || due_ms >= d->now_ms)
        return OK;
    d->asked = &row->collection;
    return view_coverage_of(d->v, &row->collection, due_ms, take_coverage, d);
}

/* ---- all of it ---- */

static int by_place(const void *a, const void *b)
{
    const struct outlier *x = a, *y = b;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    if (x->weight > y->weight || x->weight < y->weight)
        return x->weight > y->weight ? -1 : 1;
    int order = x->rule == RULE_OVERDUE ? strcmp(x->detail, y->detail) : 0;     /* one collection after the other */
    order = order != 0 ? order : slug_compare(x->slug, y->slug);
    return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

enum err outliers_find(struct view *v, const struct region *region, uint64_t as_of_ms, uint64_t now_ms, struct outliers *ret)
{
    struct outliers o = {.excluded = calloc(region->n + 1, sizeof(*o.excluded))};
    enum err e = o.excluded != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < region->n; i++) {
        e = test_set(&o, &region->rows[i]);
        if (e == OK)
            e = find_causes(v, &region->rows[i], as_of_ms, &o);
    }
    if (e == OK)
        e = find_silence(v, region, &o);
    struct overdue d = {.v = v, .region = region, .o = &o, .now_ms = now_ms};
    if (e == OK && now_ms > 0)
        e = view_collections(v, take_collection, &d);
    if (e != OK) {
        outliers_release(&o);
        return e;
    }
    if (o.n > 0)
        qsort(o.list, o.n, sizeof(*o.list), by_place);
    *ret = o;
    return OK;
}

void outliers_release(struct outliers *o)
{
    free(o->list);
    free(o->excluded);
    *o = (struct outliers){.list = NULL};
}

void excluded_text(const struct excluded *x, char ret[EXCLUDED_TEXT_MAX])
{
    const struct funnel *f = &x->funnel;
    const char *why = funnel_why_name(f->why);
    if (f->why == FUNNEL_SUPPRESSED)
        (void)snprintf(ret, EXCLUDED_TEXT_MAX, "%s, %zu of %zu hidden", why, f->h, f->k + f->h);
    else if (f->why == FUNNEL_TOO_FEW)
        (void)snprintf(ret, EXCLUDED_TEXT_MAX, "%s, %zu usable and %d needed", why, f->k, FUNNEL_MIN);
    else
        (void)snprintf(ret, EXCLUDED_TEXT_MAX, "%s", why);
}
