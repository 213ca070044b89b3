#include "cli/compare/region.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>


struct gathering {
    const struct region_ask *ask;
    struct region *r;
    size_t cap;
    char (*ids)[INDICATOR_MAX + 1];
    size_t n_ids, cap_ids;
};

static enum err take_id(void *arg, const char *id)
{
    struct gathering *g = arg;
    if (g->n_ids == g->cap_ids) {
        size_t cap = g->cap_ids > 0 ? g->cap_ids * 2 : 64;
        char (*ids)[INDICATOR_MAX + 1] = realloc(g->ids, cap * sizeof(*ids));
        if (ids == NULL)
            return ERR_NOMEM;
        g->ids = ids;
        g->cap_ids = cap;
    }
    (void)snprintf(g->ids[g->n_ids++], INDICATOR_MAX + 1, "%s", id);
    return OK;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* What members published and others too is taken once. */
static void sort_ids(struct gathering *g)
{
    size_t kept = 0;
    if (g->n_ids > 0)
        qsort(g->ids, g->n_ids, sizeof(g->ids[0]), by_id);
    for (size_t i = 0; i < g->n_ids; i++)
        if (kept == 0 || strcmp(g->ids[kept - 1], g->ids[i]) != 0)
            memmove(g->ids[kept++], g->ids[i], sizeof(g->ids[0]));
    g->n_ids = kept;
}

/* ---- one indicator ---- */

static bool is_empty(const struct comparison *c)
{
    for (size_t i = 0; i < c->n_rows; i++)
        if (c->rows[i].has_figure)
            return false;
    return true;
}

/* Of an earlier day the newest period is the newest of which anything was known then. */
static enum err go_back(const struct region_ask *ask, struct region_row *row, struct compare_ask *one)
{
    enum err e = OK;
    while (e == OK && is_empty(&row->c) && ask->as_of_ms != UINT64_MAX && ask->period->kind == PERIOD_LATEST) {
        if (!row->c.has_previous)
            break;
        row->period = row->c.previous;
        compare_release(&row->c);
        one->period = row->period;
        row->latest.is_before_newest = false;
        e = compare_make(one, &row->c);
    }
    return e;
}

static enum err make_row(const struct region_ask *ask, struct region_row *row)
{
    struct compare_ask one = {.v = ask->v, .charter = ask->charter, .definition = &row->definition, .breakdown = "",
                              .as_of_ms = ask->as_of_ms, .set = ask->set, .only = ask->only, .n_only = ask->n_only,
                              .region = ask->region, .marked = ask->marked, .model = ask->model};
    enum err e = compare_period(&one, ask->period, &row->period, &row->latest);
    if (e != OK)
        return e;
    one.period = row->period;
    e = compare_make(&one, &row->c);
    if (e == OK)
        e = go_back(ask, row, &one);
    if (e == OK && is_empty(&row->c))
        e = ERR_UNKNOWN;
    if (e != OK)
        compare_release(&row->c);
    return e;
}

static enum err room_for_row(struct gathering *g)
{
    if (g->r->n < g->cap)
        return OK;
    size_t cap = g->cap > 0 ? g->cap * 2 : 32;
    struct region_row *rows = realloc(g->r->rows, cap * sizeof(*rows));
    if (rows == NULL)
        return ERR_NOMEM;
    g->r->rows = rows;
    g->cap = cap;
    return OK;
}

static void note_undefined(struct region *r, const char *id)
{
    if (r->n_undefined < REGION_WORD_MAX)
        (void)snprintf(r->undefined[r->n_undefined], sizeof(r->undefined[0]), "%s", id);
    r->n_undefined++;
}

static enum err take_indicator(struct gathering *g, const char *id)
{
    enum err e = room_for_row(g);
    if (e != OK)
        return e;
    struct region_row *row = &g->r->rows[g->r->n];
    *row = (struct region_row){.c = {.rows = NULL}};
    e = view_definition(g->ask->v, id, g->ask->official, &row->definition);
    if (e == ERR_UNKNOWN) {
        note_undefined(g->r, id);
        return OK;
    }
    if (e == OK)
        e = make_row(g->ask, row);
    if (e == OK)
        g->r->n++;
    return e == ERR_UNKNOWN ? OK : e;
}

/* ---- who ---- */

static int by_slug(const void *a, const void *b)
{
    return slug_compare(a, b);
}

/* Of all England those that are no members stand nowhere until somebody published a figure of them. */
static bool is_listed(const struct region_ask *ask, const struct compare_row *r)
{
    return r->is_member || r->has_figure || ask->only != NULL;
}

static enum err list_authorities(const struct region_ask *ask, struct region *r)
{
    size_t most = 0, n = 0;
    for (size_t i = 0; i < r->n; i++)
        most += r->rows[i].c.n_rows;
    r->authorities = calloc(most + 1, sizeof(*r->authorities));
    if (r->authorities == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < r->n; i++)
        for (size_t j = 0; j < r->rows[i].c.n_rows; j++)
            if (is_listed(ask, &r->rows[i].c.rows[j]))
                r->authorities[n++] = r->rows[i].c.rows[j].slug;
    qsort(r->authorities, n, sizeof(*r->authorities), by_slug);
    for (size_t i = 0; i < n; i++)
        if (r->n_authorities == 0 || !slug_equal(&r->authorities[r->n_authorities - 1], &r->authorities[i]))
            r->authorities[r->n_authorities++] = r->authorities[i];
    return OK;
}

static void find_newest(struct region *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct time_period *p = &r->rows[i].period;
        if (r->period.period[0] == '\0' ||
            period_compare(p->period, p->time_identifier, r->period.period, r->period.time_identifier) > 0)
            r->period = *p;
    }
}

enum err region_make(const struct region_ask *ask, struct region *ret)
{
    struct region r = {.rows = NULL, .model = ask->model, .charter = ask->charter};
    struct gathering g = {.ask = ask, .r = &r};
    const struct compare_ask whom = {.set = ask->set};
    enum err e = view_indicators(ask->v, take_id, &g);
    if (e == OK && compare_is_wide(&whom))
        e = view_reference_indicators(ask->v, take_id, &g);
    if (e == OK)
        sort_ids(&g);
    for (size_t i = 0; e == OK && i < g.n_ids; i++)
        e = take_indicator(&g, g.ids[i]);
    free(g.ids);
    if (e == OK)
        e = list_authorities(ask, &r);
    if (e != OK) {
        region_release(&r);
        return e;
    }
    find_newest(&r);
    *ret = r;
    return OK;
}

void region_release(struct region *r)
{
    for (size_t i = 0; i < r->n; i++)
        compare_release(&r->rows[i].c);
    free(r->rows);
    free(r->authorities);
    *r = (struct region){.rows = NULL};
}

const struct compare_row *region_row_of(const struct region_row *r, const struct slug *slug)
{
    size_t from = 0, to = r->c.n_rows;
    while (from < to) {
        size_t at = from + (to - from) / 2;
        int order = slug_compare(&r->c.rows[at].slug, slug);
        if (order == 0)
            return &r->c.rows[at];
        if (order < 0)
            from = at + 1;
        else
            to = at;
    }
    return NULL;
}

bool region_tells_succession(const struct region *r, size_t i)
{
    bool is_told = false;
    for (size_t k = 0; !is_told && k < r->n; k++)
        is_told = compare_tells_succession(&r->rows[k].c, r->charter, i);
    return is_told;
}

const char *region_name_of(const struct region *r, const struct slug *slug)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct compare_row *row = region_row_of(&r->rows[i], slug);
        if (row != NULL && row->name[0] != '\0')
            return row->name;
    }
    return slug->s;
}

/* ---- which way ---- */

const char *direction_name(enum direction d)
{
    switch (d) {
#define X(sym, name, arrow) case sym: return name;
    DIRECTIONS(X)
#undef X
    }
    return "";
}

const char *direction_arrow(enum direction d)
{
    switch (d) {
#define X(sym, name, arrow) case sym: return arrow;
    DIRECTIONS(X)
#undef X
    }
    return " ";
}

static enum direction direction_of(struct decimal before, struct decimal now)
{
    int order = decimal_compare(now, before);
    return order > 0 ? DIRECTION_UP : order < 0 ? DIRECTION_DOWN : DIRECTION_SAME;
}

enum direction direction_of_row(const struct compare_row *r)
{
    return r->has_change ? direction_of((struct decimal){0}, r->change) : DIRECTION_NONE;
}

enum direction direction_of_total(const struct comparison *c)
{
    if (!c->has_previous || c->change.is_suppressed)        /* no change is given, so no way that it went */
        return DIRECTION_NONE;
    if (c->change.has_ratio)
        return direction_of(c->change.ratio_before, c->change.ratio_now);
    return c->change.has_like ? direction_of(c->change.like_before, c->change.like_now) : DIRECTION_NONE;
}
