#include "cli/publish/gate_inside.h"

#include <stdlib.h>

/* ---- one figure by itself ---- */

static bool is_small(struct decimal d)
{
    struct decimal zero = {0, 0}, above = {SMALL_COUNT_MAX + 1, 0};
    return decimal_compare(d, zero) > 0 && decimal_compare(d, above) < 0;
}

/* A value and its denominator say the numerator, to the value's rounding. */
static bool value_tells_small(const struct figure *f, const struct definition *d)
{
    if (!f->has_value || !f->has_denominator || f->has_numerator)
        return false;
    double count = decimal_double(f->value) * decimal_double(f->denominator) / (double)d->multiplier;
    return count >= 0.5 && count < SMALL_COUNT_MAX + 0.5;
}

static void hide_count(struct figure *f)
{
    f->has_numerator = f->has_value = false;
    f->numerator = f->value = (struct decimal){0, 0};
    f->status = STATUS_C;
}

/* What stands beside a hidden denominator must not tell it: of numerator and value only a zero stays. */
static void hide_denominator(struct figure *f)
{
    f->has_denominator = false;
    f->denominator = (struct decimal){0, 0};
    if (!f->has_value || f->value.mantissa == 0)
        return;
    f->has_value = false;
    f->value = (struct decimal){0, 0};
    if (!f->has_numerator)
        f->status = STATUS_C;
}

static void judge_alone(struct gate_item *i)
{
    struct figure *f = i->figure;
    if (i->is_fixed || !i->definition->counts_people)
        return;
    if ((f->has_numerator && is_small(f->numerator)) || value_tells_small(f, i->definition)) {
        hide_count(f);
        i->why = GATE_SMALL;
    }
    if (f->has_denominator && is_small(f->denominator)) {
        hide_denominator(f);
        i->why = GATE_SMALL;
    }
}

/* ---- numerators, and denominators, of all ---- */

enum gate_part { GATE_NUMERATOR, GATE_DENOMINATOR };

struct gating {
    struct gate_item *items;
    size_t n, n_given;                  /* behind the given ones: wholes that nobody gave */
    struct gate_number *were;           /* as they came: what we know */
    struct gate_number *numbers;        /* as they stand */
    struct gate_sums sums;
    struct gate_solver *solver;
    size_t *queue, n_queue;             /* withheld, to be looked at; each stands there once */
    size_t *exposed, n_exposed;         /* withheld, and nothing beside them is left to go */
};

static bool whole_number(bool has, struct decimal d, int64_t *ret)
{
    struct decimal whole;
    if (!has || decimal_round(d, 0, &whole) != OK || decimal_compare(whole, d) != 0 || whole.mantissa < 0 ||
        whole.mantissa > GATE_NUMBER_MAX)
        return false;
    *ret = whole.mantissa;
    return true;
}

/* What we know of a number before anything is withheld. */
static struct gate_number number_of(const struct figure *f, enum gate_part part)
{
    struct gate_number n = {.low = 0, .high = GATE_NUMBER_MAX};
    n.has_value = part == GATE_NUMERATOR ? whole_number(f->has_numerator, f->numerator, &n.value) :
                                           whole_number(f->has_denominator, f->denominator, &n.value);
    return n;
}

/* Is it unknown because it must be? Elsewhere a denominator is often not given at all. */
static bool is_withheld(const struct gate_item *i, const struct gate_number *was, enum gate_part part)
{
    if (part == GATE_NUMERATOR)
        return i->figure->status == STATUS_C;
    return !i->figure->has_denominator && (was->has_value || (i->is_fixed && i->figure->status == STATUS_C));
}

/* What readers know of a number that is withheld: no zero; by the rule itself, small or not, should they guess which of
 * the two it is; and a share has no more in it than its denominator. */
static void bound(const struct gate_item *i, enum gate_part part, struct gate_number *n)
{
    const struct figure *f = i->figure;
    bool is_share = i->definition->multiplier == 100;
    int64_t other;
    n->low = !n->has_value ? 1 : n->value > SMALL_COUNT_MAX ? SMALL_COUNT_MAX + 1 : n->value > 0;
    n->high = n->has_value && n->value <= SMALL_COUNT_MAX && n->value > 0 ? SMALL_COUNT_MAX : GATE_NUMBER_MAX;
    if (is_share && part == GATE_NUMERATOR && whole_number(f->has_denominator, f->denominator, &other) && other < n->high &&
        other >= n->low)
        n->high = other;
    if (is_share && part == GATE_DENOMINATOR && whole_number(f->has_numerator, f->numerator, &other) && other > n->low &&
        other <= n->high)
        n->low = other;
}

static void look(struct gating *g, size_t i, enum gate_part part)
{
    const struct gate_item *item = &g->items[i];
    const struct figure *f = item->figure;
    struct gate_number *n = &g->numbers[i];
    *n = g->were[i];
    n->is_known = part == GATE_NUMERATOR ? f->has_numerator : f->has_denominator;
    n->is_withheld = i < g->n_given && item->definition->counts_people && !n->is_known && is_withheld(item, n, part);
    if (n->is_withheld)
        bound(item, part, n);
}

static bool may_go(const struct gating *g, size_t i)
{
    const struct gate_number *n = &g->numbers[i];
    return n->is_known && !g->items[i].is_fixed && n->has_value && n->value > 0;
}

/* What to withhold besides: the smallest part of a sum that `at` stands in and that is not zero, else a whole. */
static size_t choose(const struct gating *g, size_t at)
{
    size_t part = SIZE_MAX, whole = SIZE_MAX;
    for (size_t m = g->sums.first[at]; m < g->sums.first[at + 1]; m++) {
        const struct gate_sum *s = &g->sums.sums[g->sums.member_of[m]];
        for (size_t i = 0; i < s->n; i++) {
            size_t p = g->sums.parts[s->first + i];
            if (may_go(g, p) && (part == SIZE_MAX || g->numbers[p].value < g->numbers[part].value))
                part = p;
        }
        if (may_go(g, s->whole) && (whole == SIZE_MAX || g->numbers[s->whole].value < g->numbers[whole].value))
            whole = s->whole;
    }
    return part != SIZE_MAX ? part : whole;
}

/* Where no sum of its own has anything left to withhold, those of the cells that stand in them may. */
static size_t choose_beyond(const struct gating *g, size_t at)
{
    size_t found = choose(g, at);
    for (size_t m = g->sums.first[at]; found == SIZE_MAX && m < g->sums.first[at + 1]; m++) {
        const struct gate_sum *s = &g->sums.sums[g->sums.member_of[m]];
        found = choose(g, s->whole);
        for (size_t i = 0; found == SIZE_MAX && i < s->n; i++)
            found = choose(g, g->sums.parts[s->first + i]);
    }
    return found;
}

static void withhold(struct gating *g, size_t i, enum gate_part part)
{
    if (part == GATE_NUMERATOR)
        hide_count(g->items[i].figure);
    else
        hide_denominator(g->items[i].figure);
    if (g->items[i].why == GATE_PASSED)
        g->items[i].why = GATE_RECOVERABLE;
    look(g, i, part);
}

/* Withhold beside `i` until it is safe, or nothing is left to go. What goes is looked at after it. */
static void mend_one(struct gating *g, size_t i, enum gate_part part)
{
    while (gate_is_exposed(g->solver, g->numbers, i)) {
        size_t also = choose_beyond(g, i);
        if (also == SIZE_MAX) {
            g->exposed[g->n_exposed++] = i;
            return;
        }
        withhold(g, also, part);
        g->queue[g->n_queue++] = also;
    }
}

/* Each withheld number is looked at once: what hides another takes nothing from a proof that was found, so who is safe stays
 * safe. Only those that were not may have become so. */
static void mend(struct gating *g, enum gate_part part)
{
    size_t n_still = 0;
    g->n_queue = g->n_exposed = 0;
    for (size_t i = 0; i < g->n; i++) {
        look(g, i, part);
        if (g->numbers[i].is_withheld)
            g->queue[g->n_queue++] = i;
    }
    for (size_t at = 0; at < g->n_queue; at++)
        mend_one(g, g->queue[at], part);
    for (size_t i = 0; i < g->n_exposed; i++)
        n_still += gate_is_exposed(g->solver, g->numbers, g->exposed[i]);
    g->n_exposed = n_still;
}

/* A whole that nobody gave is what its parts come to, where all are known to us: from the innermost outwards. */
static void fill_wholes(struct gating *g, struct gate_number *numbers)
{
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (size_t i = 0; i < g->sums.n; i++) {
            const struct gate_sum *s = &g->sums.sums[i];
            struct gate_number *whole = &numbers[s->whole];
            int64_t all = 0;
            bool has_all = s->whole >= g->n_given && !whole->has_value;
            for (size_t p = 0; has_all && p < s->n; p++) {
                const struct gate_number *part = &numbers[g->sums.parts[s->first + p]];
                has_all = part->has_value;
                all += part->value;
            }
            if (!has_all || all > GATE_NUMBER_MAX)
                continue;
            whole->has_value = has_changed = true;
            whole->value = all;
        }
    }
}

static void remember(struct gating *g, enum gate_part part)
{
    for (size_t i = 0; i < g->n; i++)
        g->were[i] = number_of(g->items[i].figure, part);
}

/* Denominators need a memory of their own: hiding a count does not hide them, nor the other way about. */
static enum err gate_all(struct gating *g, struct gate_count *count)
{
    struct gate_number *denominators = calloc(g->n + 1, sizeof(*denominators));
    if (denominators == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < g->n; i++)
        denominators[i] = number_of(g->items[i].figure, GATE_DENOMINATOR);
    fill_wholes(g, denominators);
    remember(g, GATE_NUMERATOR);
    fill_wholes(g, g->were);
    for (size_t i = 0; i < g->n; i++) {
        g->items[i].why = GATE_PASSED;
        judge_alone(&g->items[i]);
    }
    mend(g, GATE_NUMERATOR);
    count->n_exposed = g->n_exposed;
    for (size_t i = 0; i < g->n; i++)
        g->were[i] = denominators[i];
    mend(g, GATE_DENOMINATOR);
    count->n_exposed += g->n_exposed;
    free(denominators);
    return OK;
}

static enum err gate_these(struct gating *g, struct gate_count *ret)
{
    g->were = calloc(g->n + 1, sizeof(*g->were));
    g->numbers = calloc(g->n + 1, sizeof(*g->numbers));
    g->queue = calloc(g->n + 1, sizeof(*g->queue));
    g->exposed = calloc(g->n + 1, sizeof(*g->exposed));
    bool has_all = g->were != NULL && g->numbers != NULL && g->queue != NULL && g->exposed != NULL;
    enum err e = has_all ? gate_sums_find(g->items, g->n, &g->sums) : ERR_NOMEM;
    if (e == OK && (g->solver = gate_solver_new(&g->sums, g->n)) == NULL)
        e = ERR_NOMEM;
    if (e == OK)
        e = gate_all(g, ret);
    gate_solver_free(g->solver);
    gate_sums_release(&g->sums);
    free(g->were);
    free(g->numbers);
    free(g->queue);
    free(g->exposed);
    return e;
}

enum err gate_run(struct gate_item *items, size_t n, struct gate_count *ret)
{
    struct gate_count count = {0};
    struct gating g = {.n_given = n};
    struct figure *wholes = NULL;
    enum err e = gate_wholes_add(items, n, &g.items, &g.n, &wholes);
    if (e == OK)
        e = gate_these(&g, &count);
    for (size_t i = 0; e == OK && i < n; i++) {
        items[i].why = g.items[i].why;
        count.n_small += items[i].why == GATE_SMALL;
        count.n_recoverable += items[i].why == GATE_RECOVERABLE;
    }
    free(g.items);
    free(wholes);
    if (e == OK)
        *ret = count;
    return e;
}
