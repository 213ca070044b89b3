#include "cli/publish/gate_inside.h"

#include <assert.h>
#include <stdlib.h>

/* ---- one figure by itself ---- */

static bool is_small(const struct gating *g, struct decimal d)
{
    struct decimal zero = {0, 0}, above = {g->small_max + 1, 0};
    return decimal_compare(d, zero) > 0 && decimal_compare(d, above) < 0;
}

/* A value and its denominator say the numerator, to the value's rounding; also where another figure says the denominator. */
static bool value_tells_small(const struct gating *g, const struct figure *f, const struct definition *d,
                              const struct gate_number *denominator)
{
    double of = f->has_denominator ? decimal_double(f->denominator) : denominator->has_value ? (double)denominator->value : -1;
    if (!f->has_value || f->has_numerator)
        return false;
    if (gate_value_is_count(d))
        return is_small(g, f->value);
    double count = decimal_double(f->value) * of / (double)d->multiplier;
    return count >= 0.5 && count < (double)g->small_max + 0.5;
}

void gate_hide_count(struct figure *f)
{
    f->has_numerator = f->has_value = false;
    f->numerator = f->value = (struct decimal){0, 0};
    f->status = STATUS_C;
}

/* What stands beside a hidden denominator must not tell it: of numerator and value only a zero stays. */
void gate_hide_denominator(struct figure *f)
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

static void judge_alone(const struct gating *g, struct gate_item *i, const struct gate_number *denominator)
{
    struct figure *f = i->figure;
    if (i->is_fixed || !i->definition->counts_people)
        return;
    if ((f->has_numerator && is_small(g, f->numerator)) || value_tells_small(g, f, i->definition, denominator)) {
        gate_hide_count(f);
        i->why = GATE_SMALL;
    }
    if (f->has_denominator && is_small(g, f->denominator)) {
        gate_hide_denominator(f);
        i->why = GATE_SMALL;
    }
}

/* ---- all of them together ---- */

static void judge_all(struct gating *g)
{
    static const struct gate_number unknown;
    for (size_t i = 0; i < g->n_items; i++) {
        size_t d = g->cells.of[i * GATE_PARTS + GATE_DENOMINATOR];
        g->items[i].why = GATE_PASSED;
        judge_alone(g, &g->items[i], d != SIZE_MAX ? &g->were[d] : &unknown);
    }
}

/* Of each percentage the denominator and its parts. */
static enum err make_shares(struct gating *g, struct gate_share **ret, size_t *ret_n)
{
    *ret_n = 0;
    *ret = calloc(g->cells.n_figures + 1, sizeof(**ret));
    for (size_t i = 0; *ret != NULL && i < g->cells.n_figures; i++) {
        size_t at = i * GATE_PARTS;
        if (g->cells.of[at + GATE_REST] != SIZE_MAX)
            (*ret)[(*ret_n)++] = (struct gate_share){g->cells.of[at + GATE_DENOMINATOR], g->cells.of[at + GATE_NUMERATOR],
                                                     g->cells.of[at + GATE_REST]};
    }
    return *ret != NULL ? OK : ERR_NOMEM;
}

static enum err make_room(struct gating *g)
{
    g->were = calloc(g->n + 1, sizeof(*g->were));
    g->numbers = calloc(g->n + 1, sizeof(*g->numbers));
    g->queue = calloc(g->n + 1, sizeof(*g->queue));
    g->exposed = calloc(g->n + 1, sizeof(*g->exposed));
    g->is_queued = calloc(g->n + 1, sizeof(*g->is_queued));
    bool has_all = g->were != NULL && g->numbers != NULL && g->queue != NULL && g->exposed != NULL && g->is_queued != NULL;
    return has_all ? OK : ERR_NOMEM;
}

static enum err gate_these(struct gating *g)
{
    struct figure *wholes = NULL;
    struct gate_share *shares = NULL;
    size_t n_shares = 0;
    enum err e = gate_cells_make(g->items, g->n_items, &g->cells);
    if (e == OK)
        e = gate_wholes_add(g->cells.nodes, g->cells.n, &g->nodes, &g->n, &wholes);
    if (e == OK)
        e = make_shares(g, &shares, &n_shares);
    if (e == OK)
        e = gate_sums_find(g->nodes, g->n, shares, n_shares, &g->sums);
    if (e == OK)
        e = make_room(g);
    if (e == OK && (g->solver = gate_solver_new(&g->sums, g->n, g->small_max)) == NULL)
        e = ERR_NOMEM;
    if (e == OK) {
        gate_remember(g);
        judge_all(g);
        gate_mend(g);
    }
    free(shares);
    free(wholes);
    return e;
}

enum err gate_run(struct gate_item *items, size_t n, int64_t small_max, struct gate_count *ret)
{
    assert(small_max >= SMALL_COUNT_MAX);
    struct gate_count count = {0};
    struct gating g = {.items = items, .n_items = n, .small_max = small_max};
    enum err e = gate_these(&g);
    for (size_t i = 0; e == OK && i < n; i++) {
        count.n_small += items[i].why == GATE_SMALL;
        count.n_recoverable += items[i].why == GATE_RECOVERABLE;
    }
    count.n_exposed = g.n_exposed;
    gate_solver_free(g.solver);
    gate_sums_release(&g.sums);
    gate_cells_release(&g.cells);
    free(g.nodes);
    free(g.were);
    free(g.numbers);
    free(g.queue);
    free(g.exposed);
    free(g.is_queued);
    if (e == OK)
        *ret = count;
    return e;
}
