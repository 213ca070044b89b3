/* cli/publish/gate_wholes.c - wholes that nobody gave (gate_inside.h). */
#include "cli/publish/gate_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct whole {
    struct figure figure;               /* its key alone */
    const struct definition *definition;
    bool is_given;
};
struct known {
    struct whole *all;
    size_t n, cap;
};

static int by_key(const void *a, const void *b)
{
    return gate_figure_order(&((const struct whole *)a)->figure, &((const struct whole *)b)->figure);
}

static enum err put(struct known *k, const struct figure *f, const struct definition *d, bool is_given)
{
    if (k->n == k->cap) {
        size_t cap = k->cap > 0 ? k->cap * 2 : 256;
        struct whole *grown = realloc(k->all, cap * sizeof(*grown));
        if (grown == NULL)
            return ERR_NOMEM;
        k->all = grown;
        k->cap = cap;
    }
    struct whole *w = &k->all[k->n++];
    *w = (struct whole){.definition = d, .is_given = is_given};
    memcpy(w->figure.indicator, f->indicator, sizeof(f->indicator));
    memcpy(w->figure.period, f->period, sizeof(f->period));
    memcpy(w->figure.time_identifier, f->time_identifier, sizeof(f->time_identifier));
    memcpy(w->figure.breakdown, f->breakdown, sizeof(f->breakdown));
    return OK;
}

/* Those of one level up. `at` may move: the array grows. */
static enum err put_wholes_of(struct known *k, size_t at)
{
    struct whole part = k->all[at];
    struct figure up = part.figure;
    enum err e = OK;
    for (size_t from = 0; e == OK && part.figure.breakdown[from] != '\0';) {
        size_t len = strcspn(part.figure.breakdown + from, ";");
        gate_without(part.figure.breakdown, from, len, up.breakdown);
        e = put(k, &up, part.definition, false);
        from += len;
        from += part.figure.breakdown[from] == ';';
    }
    if (e == OK && gate_is_quarter(&part.figure, part.definition)) {
        up = part.figure;
        snprintf(up.time_identifier, sizeof(up.time_identifier), "Financial year");
        e = put(k, &up, part.definition, false);
    }
    return e;
}

/* Sort, and keep one of each key: the given one, where there is one. */
static void settle(struct known *k)
{
    size_t n = 0;
    if (k->n > 0)
        qsort(k->all, k->n, sizeof(*k->all), by_key);
    for (size_t i = 0; i < k->n; i++) {
        if (n > 0 && by_key(&k->all[n - 1], &k->all[i]) == 0) {
            k->all[n - 1].is_given = k->all[n - 1].is_given || k->all[i].is_given;
            continue;
        }
        k->all[n++] = k->all[i];
    }
    k->n = n;
}

/* A level at a time, until no new one comes. */
static enum err close_upwards(struct known *k)
{
    enum err e = OK;
    for (size_t before = 0; e == OK && k->n != before && k->n < GATE_WHOLES_MAX;) {
        before = k->n;
        for (size_t i = 0; e == OK && i < before && k->n < (size_t)GATE_WHOLES_MAX * 4; i++)
            e = put_wholes_of(k, i);
        settle(k);
    }
    return e;
}

static enum err hand_over(const struct known *k, const struct gate_item *items, size_t n, struct gate_item **ret, size_t *ret_n,
                          struct figure **ret_figures)
{
    struct gate_item *all = calloc(n + k->n + 1, sizeof(*all));
    struct figure *figures = calloc(k->n + 1, sizeof(*figures));
    size_t n_all = n, n_figures = 0;
    if (all == NULL || figures == NULL) {
        free(all);
        free(figures);
        return ERR_NOMEM;
    }
    if (n > 0)
        memcpy(all, items, n * sizeof(*all));
    for (size_t i = 0; i < k->n; i++) {
        if (k->all[i].is_given)
            continue;
        figures[n_figures] = k->all[i].figure;
        figures[n_figures].status = STATUS_X;
        all[n_all++] = (struct gate_item){.figure = &figures[n_figures++], .definition = k->all[i].definition, .is_fixed = true};
    }
    *ret = all;
    *ret_n = n_all;
    *ret_figures = figures;
    return OK;
}

enum err gate_wholes_add(const struct gate_item *items, size_t n, struct gate_item **ret, size_t *ret_n,
                         struct figure **ret_figures)
{
    struct known k = {.n = 0};
    enum err e = OK;
    for (size_t i = 0; e == OK && i < n; i++)
        if (items[i].definition->counts_people)
            e = put(&k, items[i].figure, items[i].definition, true);
    settle(&k);
    if (e == OK)
        e = close_upwards(&k);
    if (e == OK)
        e = hand_over(&k, items, n, ret, ret_n, ret_figures);
    free(k.all);
    return e;
}
