/* cli/compare/neighbours.c - the statistical neighbours of whom is marked: mean and median of those with a value.
 *
 * What a neighbour that is a member published itself counts, else what others published of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/compare/inside.h"

enum err compare_neighbour_at(struct view *v, const char *model, const struct authority *of, uint32_t rank,
                              const struct authority **ret)
{
    char slug[REFERENCE_PLACE_SIZE];
    *ret = NULL;
    if (model == NULL) {
        *ret = register_neighbour(of, rank);
        return OK;
    }
    enum err e = view_reference_neighbour(v, model, of->slug.s, rank, slug);
    if (e == OK && register_find(slug, ret) != OK)
        *ret = NULL;
    return e == ERR_UNKNOWN ? OK : e;
}

static bool value_of(const struct compare_ask *ask, const struct compare_row *r, struct decimal *ret)
{
    if (r->has_figure) {
        *ret = r->figure.figure.value;
        return compare_row_has_value(r);
    }
    *ret = r->public.value;
    return r->has_public && r->public.has_value && hash_equal(&r->public.definition, &ask->definition->hash);
}

static int by_value(const void *a, const void *b)
{
    return decimal_compare(*(const struct decimal *)a, *(const struct decimal *)b);
}

/* Exact, and rounded half up as everything that is published. */
static enum err middle_exact(struct decimal *values, size_t n, uint8_t decimals, struct compare_neighbours *ret)
{
    struct decimal sum = {0}, two = {0};
    enum err e = OK;
    qsort(values, n, sizeof(*values), by_value);
    for (size_t i = 0; i < n && e == OK; i++)
        e = decimal_add(sum, values[i], &sum);
    if (e == OK)
        e = decimal_ratio(1, sum, (struct decimal){(int64_t)n, 0}, decimals, &ret->mean);
    if (e == OK)
        e = decimal_add(values[(n - 1) / 2], values[n / 2], &two);
    if (e == OK)
        e = decimal_ratio(1, two, (struct decimal){2, 0}, decimals, &ret->median);
    return e;
}

enum err compare_neighbours(const struct compare_ask *ask, struct comparison *c)
{
    struct compare_neighbours *n = &c->neighbours;
    struct decimal values[COMPARE_NEIGHBOURS_MAX];
    double raw[COMPARE_NEIGHBOURS_MAX];
    const struct compare_row *marked = ask->marked != NULL ? compare_row_of(c, ask->marked->s) : NULL;
    snprintf(n->model, sizeof(n->model), "%s", ask->model != NULL ? ask->model : "2025");
    n->is_asked = ask->marked != NULL;
    n->of = marked != NULL ? marked->authority : NULL;
    for (uint32_t rank = 1; n->of != NULL && rank <= COMPARE_NEIGHBOURS_MAX; rank++) {
        struct neighbour *one = &n->named[n->n_named];
        enum err e = compare_neighbour_at(ask->v, ask->model, n->of, rank, &one->authority);
        if (e != OK)
            return e;
        const struct compare_row *r = one->authority != NULL ? compare_row_at(c, one->authority->slug.s) : NULL;
        if (r == NULL)
            continue;
        one->slug = r->slug;
        one->is_used = value_of(ask, r, &values[n->n]);
        n->n_named++;
        if (!one->is_used)
            continue;
        raw[n->n] = decimal_double(values[n->n]);
        n->n++;
        if (!r->has_figure)
            c->sources[r->source].is_used = true;
    }
    if (n->n == 0)
        return OK;
    values_sort(raw, n->n);
    n->raw = middle_of(raw, n->n);
    return middle_exact(values, n->n, ask->definition->definition.decimals, n);
}
