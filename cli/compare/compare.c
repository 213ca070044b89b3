#include "cli/compare/compare.h"

#include <stdlib.h>
#include <string.h>

#include "cli/compare/inside.h"
#include "cli/output/figure.h"

/* ---- rows ---- */

/* Would a return of the period be missed? */
static bool is_expected(const struct compare_row *r)
{
    return !r->is_former && r->being == BEING_THERE;
}

/* A former member is part of the periods whose figures it published. The charter does not say when it left, so in any
 * other it is not missed; unless it was asked for by name, nothing is said of it. Nor of a body that was no more, or not yet. */
static void drop_former(const struct compare_ask *ask, struct comparison *c)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->n_rows; i++)
        if (is_expected(&c->rows[i]) || c->rows[i].has_figure || ask->only != NULL)
            c->rows[kept++] = c->rows[i];
    c->n_rows = kept;
}

bool compare_row_may_count(const struct compare_row *r)
{
    return r->has_figure && !r->figure.is_withdrawn && !r->is_other_definition;
}

bool compare_row_has_value(const struct compare_row *r)
{
    return compare_row_may_count(r) && r->figure.figure.has_value;
}

bool compare_row_counts(const struct compare_row *r)
{
    return compare_row_may_count(r) && status_has_number(r->figure.figure.status);
}

struct cell compare_row_trial(const struct compare_row *r)
{
    struct cell c = {.has_numerator = false};
    if (compare_row_may_count(r))
        c = cell_of(&r->figure.figure);
    c.has_numerator = c.has_numerator && compare_row_counts(r);
    return c;
}

bool compare_row_is_missing(const struct compare_row *r)
{
    return !compare_row_counts(r) && (r->has_figure || is_expected(r));
}

bool compare_row_returned(const struct compare_row *r)
{
    return r->is_member && r->has_figure && !r->is_public;
}

bool compare_tells_succession(const struct comparison *c, const struct charter *charter, size_t i)
{
    bool is_shown = (c->joined >> i & 1) != 0;
    for (size_t k = 0; !is_shown && k < c->n_rows; k++)
        is_shown = slug_equal(&c->rows[k].slug, &charter->successions[i].slug)
            || slug_equal(&c->rows[k].slug, &charter->successions[i].old);
    return is_shown;
}

/* Whatever the order of the rows. */
static struct compare_row *row_of(const struct comparison *c, const struct slug *slug)
{
    for (size_t i = 0; i < c->n_rows; i++)
        if (slug_equal(&c->rows[i].slug, slug))
            return &c->rows[i];
    return NULL;
}

/* ... and the other's, which does not count. */
static const struct compare_row *find_counted(const struct comparison *c, const struct succession *s,
                                              struct compare_row **ret_other)
{
    struct compare_row *new = row_of(c, &s->slug), *old = row_of(c, &s->old);
    if (new == NULL || old == NULL || !new->has_figure || !old->has_figure)
        return NULL;
    bool is_new = new->being == BEING_THERE, is_old = old->being == BEING_THERE;
    *ret_other = is_new ? old : new;
    return is_new == is_old ? NULL : is_new ? new : old;
}

const struct compare_row *compare_counted(const struct comparison *c, const struct charter *charter, size_t i)
{
    struct compare_row *other;
    return find_counted(c, &charter->successions[i], &other);
}

const char *compare_row_source(const struct compare_row *r)
{
    return r->is_public || !r->is_member ? "reference" : "member";
}

const char *compare_row_status(const struct compare_row *r)
{
    if (!r->has_figure)
        return is_expected(r) ? "missing" : r->being != BEING_THERE ? being_name(r->being) : r->is_member ? "former" : "no-more";
    if (r->figure.is_withdrawn)
        return "withdrawn";
    return r->is_other_definition ? "other-definition" : status_name(r->figure.figure.status);
}

/* ---- what all of them together say ---- */

static void mark_told_twice(const struct charter *charter, struct comparison *c)
{
    struct compare_row *other;
    for (size_t i = 0; charter != NULL && i < charter->n_successions; i++)
        if (find_counted(c, &charter->successions[i], &other) != NULL)
            other->is_told_twice = true;
}

static enum err make_total(const struct compare_ask *ask, struct comparison *c, struct cell *cells)
{
    for (size_t i = 0; i < c->n_rows; i++)
        cells[i] = compare_row_may_count(&c->rows[i]) && !c->rows[i].is_told_twice ? cell_of(&c->rows[i].figure.figure)
                                                                                   : (struct cell){.has_numerator = false};
    return total_of(cells, c->n_rows, &ask->definition->definition, &c->total);
}

static uint32_t root_of(const uint32_t *group, uint32_t i)
{
    while (group[i] != i)
        i = group[i];
    return i;
}

static bool place_of(const struct comparison *c, const struct slug *slug, uint32_t *ret)
{
    const struct compare_row *r = compare_row_of(c, slug->s);
    if (r != NULL)
        *ret = (uint32_t)(r - c->rows);
    return r != NULL;
}

static void join(const struct comparison *c, struct pair *pairs, uint32_t *group, uint32_t new, uint32_t old)
{
    group[root_of(group, old)] = root_of(group, new);
    pairs[new].existed_before = c->rows[new].has_before;
    pairs[old].exists_now = c->rows[old].has_figure;
}

/* As the register has it: of authorities that are no members nobody's charter speaks. */
static void join_successors(const struct comparison *c, struct pair *pairs, uint32_t *group, uint32_t old)
{
    const struct authority *a = c->rows[old].authority;
    for (size_t i = 0; a != NULL && i < a->n_successors; i++) {
        const struct compare_row *new = compare_row_at(c, a->successors[i]->slug.s);
        if (new != NULL)
            join(c, pairs, group, (uint32_t)(new - c->rows), old);
    }
}

/* Where both told the period before, those figures count that are by whom was there on its last day (compare_counted()). */
static void count_before_once(const struct comparison *c, struct pair *pairs, uint32_t new, uint32_t old)
{
    const struct compare_row *n = &c->rows[new], *o = &c->rows[old];
    if (n->has_before && o->has_before && n->existed_before != o->existed_before)
        pairs[n->existed_before ? old : new].existed_before = false;
}

/* Who succeeded whom is compared as one; which of them existed in a period is seen from the charter and from who returned. */
static void fill_pairs(const struct compare_ask *ask, struct comparison *c, struct pair *pairs, uint32_t *group)
{
    for (uint32_t i = 0; i < c->n_rows; i++) {
        const struct compare_row *r = &c->rows[i];
        group[i] = i;
        pairs[i] = (struct pair){.existed_before = r->existed_before || r->has_before, .exists_now = is_expected(r) ||
                                 r->has_figure};
        if (compare_row_may_count(r))
            pairs[i].now = cell_of(&r->figure.figure);
        if (r->has_before)
            pairs[i].before = cell_of(&r->before.figure);
    }
    for (size_t i = 0; ask->charter != NULL && i < ask->charter->n_successions; i++) {
        uint32_t new, old;
        if (!place_of(c, &ask->charter->successions[i].slug, &new) || !place_of(c, &ask->charter->successions[i].old, &old))
            continue;
        join(c, pairs, group, new, old);
        if (c->rows[old].has_before || c->rows[old].has_figure)
            c->joined |= (uint64_t)1 << i;
    }
    for (uint32_t i = 0; compare_is_wide(ask) && i < c->n_rows; i++)
        join_successors(c, pairs, group, i);
    for (uint32_t i = 0; i < c->n_rows; i++)
        pairs[i].exists_now = pairs[i].exists_now && !c->rows[i].is_told_twice;
    for (size_t i = 0; ask->charter != NULL && i < ask->charter->n_successions; i++) {
        uint32_t new, old;
        if (place_of(c, &ask->charter->successions[i].slug, &new) && place_of(c, &ask->charter->successions[i].old, &old))
            count_before_once(c, pairs, new, old);
    }
    for (uint32_t i = 0; i < c->n_rows; i++)
        pairs[i].group = root_of(group, i);
}

static enum err make_change(const struct compare_ask *ask, struct comparison *c)
{
    struct pair *pairs = calloc(c->n_rows + 1, sizeof(*pairs));
    uint32_t *group = calloc(c->n_rows + 1, sizeof(*group));
    enum err e = pairs != NULL && group != NULL ? OK : ERR_NOMEM;
    if (e == OK) {
        fill_pairs(ask, c, pairs, group);
        e = change_of(pairs, c->n_rows, (uint32_t)c->n_rows + 1, &ask->definition->definition, &c->change, NULL);
    }
    free(pairs);
    free(group);
    return e;
}

static void rank_row(struct compare_row *r, const struct comparison *c, const double *values, size_t n, const struct definition *d)
{
    double value = decimal_double(r->figure.figure.value);
    r->rank = rank_of(values, n, value, d->polarity);
    r->band = band_of(value, &c->quartiles, d->polarity);
}

static void rank_rows(struct comparison *c, double *values, const struct definition *d)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_rows; i++)
        if (compare_row_has_value(&c->rows[i]))
            values[n++] = decimal_double(c->rows[i].figure.figure.value);
    if (n == 0)
        return;
    values_sort(values, n);
    c->quartiles = quartiles_of(values, n);
    c->has_quartiles = true;
    for (size_t i = 0; i < c->n_rows; i++)
        if (compare_row_has_value(&c->rows[i]))
            rank_row(&c->rows[i], c, values, n, d);
}

static void change_row(struct compare_row *r)
{
    struct decimal minus = r->before.figure.value;
    if (!compare_row_has_value(r) || !r->has_before || !r->before.figure.has_value)
        return;
    minus.mantissa = -minus.mantissa;
    r->has_change = decimal_add(r->figure.figure.value, minus, &r->change) == OK;
}

static enum err find_interval(const struct compare_ask *ask, struct comparison *c, struct compare_row *r)
{
    const struct definition *d = &ask->definition->definition;
    struct population p = {.persons = 0};
    size_t source;
    enum err e = compare_population(ask->v, d, r->authority, &r->figure.figure, ask->as_of_ms, &p);
    if (e != OK)
        return e;
    r->has_interval = compare_interval(&r->figure.figure, d, p.persons, &r->interval);
    if (!r->has_interval)
        return OK;
    r->denominator_source = p.persons > 0 ? DENOMINATOR_REFERENCE : DENOMINATOR_PUBLISHED;
    if (c->total.has_value)
        r->versus_total = interval_versus(r->interval, c->total.raw, d->polarity);
    if (p.persons == 0)
        return OK;
    e = compare_source(c, p.source.file, p.source.source, p.source.vintage, &source);
    if (e == OK)
        c->sources[source].is_used = true;
    return e;
}

static enum err describe_rows(const struct compare_ask *ask, struct comparison *c)
{
    enum err e = OK;
    for (size_t i = 0; e == OK && i < c->n_rows; i++) {
        struct compare_row *r = &c->rows[i];
        c->n += compare_row_counts(r);
        c->n_public += compare_row_counts(r) && r->is_public;
        if (!compare_row_may_count(r))
            continue;
        r->has_raw = figure_raw(&r->figure.figure, &ask->definition->definition, &r->raw);
        e = find_interval(ask, c, r);
        change_row(r);
    }
    return e;
}

enum err compare_make(const struct compare_ask *ask, struct comparison *ret)
{
    struct comparison c = {.rows = NULL};
    struct cell *cells = NULL;
    double *values = NULL;
    enum err e = compare_gather(ask, &c);
    if (e == OK)
        e = compare_neighbours(ask, &c);
    if (e == OK)
        e = compare_choose(ask, &c);
    if (e == OK) {
        mark_told_twice(ask->charter, &c);
        cells = calloc(c.n_rows + 1, sizeof(*cells));
        values = calloc(c.n_rows + 1, sizeof(*values));
        e = cells != NULL && values != NULL ? make_total(ask, &c, cells) : ERR_NOMEM;
    }
    if (e == OK && c.has_previous)
        e = make_change(ask, &c);
    if (e == OK) {
        drop_former(ask, &c);               /* behind the change: whom it was succeeded by may stand for it there */
        rank_rows(&c, values, &ask->definition->definition);
        e = describe_rows(ask, &c);
    }
    free(cells);
    free(values);
    if (e == OK)
        *ret = c;
    else
        compare_release(&c);
    return e;
}

void compare_release(struct comparison *c)
{
    free(c->rows);
    free(c->sources);
    free(c->places);
    *c = (struct comparison){.rows = NULL};
}

/* ---- order ---- */

static int by_name(const void *a, const void *b)
{
    const struct compare_row *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : slug_compare(&x->slug, &y->slug);
}

static int by_value(const void *a, const void *b)
{
    const struct compare_row *x = a, *y = b;
    if (compare_row_has_value(x) != compare_row_has_value(y))
        return compare_row_has_value(x) ? -1 : 1;
    int order = compare_row_has_value(x) ? decimal_compare(y->figure.figure.value, x->figure.figure.value) : 0;
    return order != 0 ? order : by_name(a, b);
}

/* Without ranks (neutral polarity) the largest value stands first. */
static int by_rank(const void *a, const void *b)
{
    const struct compare_row *x = a, *y = b;
    if (x->rank == 0 || y->rank == 0 || x->rank == y->rank)
        return by_value(a, b);
    return x->rank < y->rank ? -1 : 1;
}

void compare_sort(struct comparison *c, enum compare_order order)
{
    static int (*const by[])(const void *, const void *) = {[ORDER_VALUE] = by_value, [ORDER_NAME] = by_name,
                                                            [ORDER_RANK] = by_rank};
    if (c->n_rows > 0)
        qsort(c->rows, c->n_rows, sizeof(*c->rows), by[order]);
}
