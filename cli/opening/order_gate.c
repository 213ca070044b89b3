/* cli/opening/order_gate.c - sealed figures on their way to the public: what cannot be changed must be fit as it stands. */
#include <stdlib.h>
#include <string.h>

#include "cli/official.h"
#include "cli/opening/order.h"
#include "cli/publish/pass.h"
#include "cli/say.h"

/* Several versions of a figure may be opened at once, and the gate takes each figure once. So they are looked at in rounds: each
 * round has every figure, in the first its newest version, in the second the one before where there is one ... */
struct version { struct intake_figure figure; uint64_t idx; size_t age; bool is_kept; };

struct gating {
    struct order *o;
    struct view *v;
    struct lexicon *lexicon;
    struct version *versions;           /* by figure, newest first */
    size_t n, rounds;
};

static int by_figure(const void *a, const void *b)
{
    const struct version *p = a, *q = b;
    const struct figure *f = &p->figure.figure, *g = &q->figure.figure;
    int order = strcmp(f->indicator, g->indicator);
    order = order != 0 ? order : strcmp(f->period, g->period);
    order = order != 0 ? order : strcmp(f->time_identifier, g->time_identifier);
    order = order != 0 ? order : strcmp(f->breakdown, g->breakdown);
    return order != 0 ? order : (p->idx < q->idx) - (p->idx > q->idx);
}

static bool is_same(const struct figure *a, const struct figure *b)
{
    return strcmp(a->indicator, b->indicator) == 0 && strcmp(a->period, b->period) == 0
        && strcmp(a->time_identifier, b->time_identifier) == 0 && strcmp(a->breakdown, b->breakdown) == 0;
}

static enum err read_version(struct gating *g, uint64_t idx)
{
    struct figure_row row;
    struct version *it = &g->versions[g->n];
    enum err e = view_figure_at(g->v, g->o->d->origin.slug.s, g->o->d->origin.generation, idx, &row);
    if (e != OK)
        return e;
    *it = (struct version){.idx = idx};
    it->figure.figure = row.figure;
    it->figure.definition = lexicon_definition(g->lexicon, row.figure.indicator);
    if (it->figure.definition == NULL)
        return lexicon_status(g->lexicon) != OK ? lexicon_status(g->lexicon) : ERR_UNKNOWN;
    g->n++;
    return OK;
}

static enum err read_versions(struct gating *g)
{
    enum err e = OK;
    g->versions = calloc(g->o->n_figures + 1, sizeof(*g->versions));
    g->lexicon = lexicon_new(g->v);
    if (g->versions == NULL || g->lexicon == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; e == OK && i < g->o->n; i++)
        if (g->o->items[i].is_figure)
            e = read_version(g, g->o->items[i].idx);
    if (g->n > 0)
        qsort(g->versions, g->n, sizeof(*g->versions), by_figure);
    for (size_t i = 0; i < g->n; i++) {
        struct version *it = &g->versions[i];
        it->age = i > 0 && is_same(&it->figure.figure, &it[-1].figure.figure) ? it[-1].age + 1 : 0;
        g->rounds = it->age + 1 > g->rounds ? it->age + 1 : g->rounds;
    }
    return e;
}

/* There is room for every version. */
static void keep(struct order *o, struct version *it, enum gate_why why)
{
    if (it->is_kept)
        return;
    it->is_kept = true;
    struct withheld *w = &o->withheld[o->n_withheld++];
    *w = (struct withheld){.idx = it->idx, .why = why};
    memcpy(w->indicator, it->figure.figure.indicator, sizeof(w->indicator));
    memcpy(w->period, it->figure.figure.period, sizeof(w->period));
    memcpy(w->breakdown, it->figure.figure.breakdown, sizeof(w->breakdown));
}

/* The gate changes what it withholds, so it gets copies. */
static enum err one_round(struct gating *g, size_t round)
{
    struct passed passed;
    size_t n = 0;
    struct intake_figure *batch = calloc(g->n + 1, sizeof(*batch));
    size_t *from = calloc(g->n + 1, sizeof(*from));
    enum err e = batch != NULL && from != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < g->n; i++) {
        bool is_last = i + 1 == g->n || g->versions[i + 1].age == 0;
        if (g->versions[i].age != round && !(is_last && g->versions[i].age < round))
            continue;
        batch[n] = g->versions[i].figure;
        from[n++] = i;
    }
    if (e == OK)
        e = pass_gate(g->v, g->lexicon, g->o->d->origin.slug.s, g->o->small_max, batch, n, &passed);
    if (e == OK) {
        for (size_t i = 0; i < n; i++)
            if (passed.items[i].why != GATE_PASSED)
                keep(g->o, &g->versions[from[i]], passed.items[i].why);
        passed_release(&passed);
    }
    free(batch);
    free(from);
    return e;
}

enum exit_status order_gate(struct order *o, struct view *v)
{
    struct gating g = {.o = o, .v = v};
    free(o->withheld);
    o->withheld = NULL;
    o->n_withheld = 0;
    o->small_max = small_count_max(desk_charter(o->d));
    if (o->to != TO_PUBLIC || o->n_figures == 0)
        return EXIT_OK;
    o->withheld = calloc(o->n_figures, sizeof(*o->withheld));
    enum err e = o->withheld != NULL ? read_versions(&g) : ERR_NOMEM;
    for (size_t round = 0; e == OK && round < g.rounds; round++)
        e = one_round(&g, round);
    free(g.versions);
    lexicon_free(g.lexicon);
    if (e == ERR_UNKNOWN)
        return say_refused(o->d->s, EXIT_NO, "no-definition", "`folkmoot indicators` lists those that are defined",
                           "open: nobody defines the indicator of one of them any more, so it cannot be looked at for small "
                           "counts");
    return e == OK ? EXIT_OK : say_failed(o->d->s, e, NULL, "looking for small numbers");
}
