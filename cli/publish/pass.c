#include "cli/publish/pass.h"

#include <stdlib.h>
#include <string.h>

#include "cli/register/register.h"

static int figure_order(const struct figure *a, const struct figure *b)
{
    int order = strcmp(a->indicator, b->indicator);
    order = order != 0 ? order : strcmp(a->period, b->period);
    order = order != 0 ? order : strcmp(a->time_identifier, b->time_identifier);
    return order != 0 ? order : strcmp(a->breakdown, b->breakdown);
}

static int by_figure(const void *a, const void *b)
{
    return figure_order(&(*(const struct intake_figure *const *)a)->figure, &(*(const struct intake_figure *const *)b)->figure);
}

static int figure_beside(const void *figure, const void *b)
{
    return figure_order(figure, &(*(const struct intake_figure *const *)b)->figure);
}

/* What we have made public. Versions come newest first: of each figure the first counts. */
struct gathering {
    const struct intake_figure **batch; /* what is about to be published, in order: it replaces those */
    size_t n_batch;
    const struct intake_figure *figures;        /* the same, as they came */
    enum standing { NOT_PUBLIC, PUBLIC_OTHERWISE, PUBLIC_ALREADY } *standing;   /* of each of them */
    const struct definition *definition;
    struct figure *found;
    const struct definition **definitions;
    size_t n, cap;
};

/* One that says again what is public cannot be withheld any more: the newest version decides, and it comes first. */
static bool is_in_batch(const struct gathering *g, const struct figure *f)
{
    const struct intake_figure *const *found = bsearch(f, g->batch, g->n_batch, sizeof(g->batch[0]), figure_beside);
    enum standing *now = found != NULL ? &g->standing[*found - g->figures] : NULL;
    if (now != NULL && *now == NOT_PUBLIC)
        *now = figure_same(f, &(*found)->figure) ? PUBLIC_ALREADY : PUBLIC_OTHERWISE;
    return found != NULL;
}

static enum err take(void *arg, const struct figure_row *row)
{
    struct gathering *g = arg;
    if (strcmp(row->audience, "public") != 0 || row->is_buried || is_in_batch(g, &row->figure))
        return OK;
    if (g->n == g->cap) {
        size_t cap = g->cap > 0 ? g->cap * 2 : 256;
        struct figure *found = realloc(g->found, cap * sizeof(*found));
        if (found == NULL)
            return ERR_NOMEM;
        g->found = found;
        const struct definition **definitions = realloc(g->definitions, cap * sizeof(*definitions));
        if (definitions == NULL)
            return ERR_NOMEM;
        g->definitions = definitions;
        g->cap = cap;
    }
    g->definitions[g->n] = g->definition;
    g->found[g->n++] = row->figure;
    return OK;
}

/* Older versions of a figure stand behind the newest: an order of places beside an order of figures. */
struct place { const struct figure *figure; const struct definition *definition; size_t at; };

static int by_figure_then_age(const void *a, const void *b)
{
    const struct place *p = a, *q = b;
    int order = figure_order(p->figure, q->figure);
    return order != 0 ? order : p->at < q->at ? -1 : p->at > q->at;
}

/* The definitions whose figures may tell something of the batch: its own, and those that say the same counts; and so on from
 * those. */
struct circle {
    struct lexicon *lexicon;
    const struct definition **all;      /* first the batch's, and those found; behind them the others */
    size_t n_in, n, cap;
};

static enum err put(struct circle *c, const struct definition *d)
{
    if (d == NULL || !d->counts_people)
        return OK;
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->all[i]->id, d->id) == 0)
            return OK;
    if (c->n == c->cap) {
        size_t cap = c->cap > 0 ? c->cap * 2 : 64;
        const struct definition **all = realloc(c->all, cap * sizeof(*all));
        if (all == NULL)
            return ERR_NOMEM;
        c->all = all;
        c->cap = cap;
    }
    c->all[c->n++] = d;
    return OK;
}

static enum err put_own(void *arg, const char *id)
{
    struct circle *c = arg;
    return put(c, lexicon_definition(c->lexicon, id));
}

static enum err draw_circle(struct view *v, const struct gathering *g, struct circle *c)
{
    enum err e = OK;
    for (size_t i = 0; e == OK && i < g->n_batch; i++)
        if (i == 0 || strcmp(g->batch[i]->figure.indicator, g->batch[i - 1]->figure.indicator) != 0)
            e = put(c, g->batch[i]->definition);
    c->n_in = c->n;
    for (size_t i = 0; e == OK && i < register_definitions(); i++)
        e = put(c, lexicon_definition(c->lexicon, register_definition_at(i)->id));
    if (e == OK)
        e = view_definition_ids(v, put_own, c);
    for (size_t i = 0; e == OK && i < c->n_in; i++)
        for (size_t o = c->n_in; o < c->n; o++)
            if (gate_is_related(c->all[i], c->all[o])) {
                const struct definition *found = c->all[o];
                c->all[o] = c->all[c->n_in];
                c->all[c->n_in++] = found;
            }
    return e == OK ? lexicon_status(c->lexicon) : e;
}

static enum err gather(struct view *v, const char *slug, struct lexicon *lexicon, struct gathering *g)
{
    struct circle c = {.lexicon = lexicon};
    enum err e = draw_circle(v, g, &c);
    for (size_t i = 0; e == OK && i < c.n_in; i++) {
        g->definition = c.all[i];
        e = view_history(v, g->definition->id, slug, NULL, NULL, take, g);
    }
    free(c.all);
    return e;
}

static void fill(struct passed *p, const struct gathering *g, struct place *places, struct intake_figure *figures, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p->items[p->n_items++] = (struct gate_item){.figure = &figures[i].figure, .definition = figures[i].definition,
                                                    .is_fixed = g->standing[i] == PUBLIC_ALREADY};
    for (size_t i = 0; i < g->n; i++)
        places[i] = (struct place){&g->found[i], g->definitions[i], i};
    if (g->n > 0)
        qsort(places, g->n, sizeof(*places), by_figure_then_age);
    for (size_t i = 0; i < g->n; i++)
        if (i == 0 || figure_order(places[i].figure, places[i - 1].figure) != 0)
            p->items[p->n_items++] = (struct gate_item){
                .figure = &g->found[places[i].at], .definition = places[i].definition, .is_fixed = true,
            };
}

enum err pass_gate(struct view *v, struct lexicon *lexicon, const char *slug, int64_t small_max, struct intake_figure *figures,
                   size_t n, struct passed *ret)
{
    struct passed p = {.items = NULL, .small_max = small_max};
    struct gathering g = {.batch = calloc(n + 1, sizeof(*g.batch)), .n_batch = n, .figures = figures,
                          .standing = calloc(n + 1, sizeof(*g.standing))};
    struct place *places = NULL;
    enum err e = g.batch != NULL && g.standing != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < n; i++)
        g.batch[i] = &figures[i];
    if (e == OK && n > 0) {
        qsort(g.batch, n, sizeof(g.batch[0]), by_figure);
        e = gather(v, slug, lexicon, &g);
    }
    if (e == OK) {
        p.items = calloc(n + g.n + 1, sizeof(*p.items));
        places = calloc(g.n + 1, sizeof(*places));
        e = p.items != NULL && places != NULL ? OK : ERR_NOMEM;
    }
    if (e == OK) {
        fill(&p, &g, places, figures, n);
        e = gate_run(p.items, p.n_items, small_max, &p.count);
    }
    p.public = g.found;
    free(g.batch);
    free(g.standing);
    free(g.definitions);
    free(places);
    if (e == OK)
        *ret = p;
    else
        passed_release(&p);
    return e;
}

void passed_release(struct passed *p)
{
    free(p->items);
    free(p->public);
    *p = (struct passed){.items = NULL};
}
