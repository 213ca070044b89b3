/* cli/publish/gate_mend.c - what has to go besides (gate_inside.h). */
#include "cli/publish/gate_inside.h"

#include <string.h>

/* ---- what is known ---- */

static bool is_shown(const struct gating *g, const struct gate_carrier *c)
{
    const struct gate_item *i = &g->items[c->item];
    const struct figure *f = i->figure;
    if (c->part == GATE_NUMERATOR)
        return f->has_numerator || (f->has_value && gate_value_is_count(i->definition));
    return c->part == GATE_DENOMINATOR && f->has_denominator;
}

/* A public percentage with a count, no denominator, and no value but 0: so the gate leaves one whose denominator is withheld. */
static bool was_withheld(const struct gate_item *i)
{
    const struct figure *f = i->figure;
    bool is_share = i->definition->multiplier == 100 && i->definition->denominator[0] != '\0';
    return i->is_fixed && (f->status == STATUS_C || (is_share && (!f->has_value || f->value.mantissa == 0)));
}

/* Is it unknown because it must be? Elsewhere a denominator is often not given at all. */
static bool must_be_hidden(const struct gating *g, const struct gate_carrier *c)
{
    const struct gate_item *i = &g->items[c->item];
    if (c->part == GATE_NUMERATOR)
        return i->figure->status == STATUS_C;
    return c->part == GATE_DENOMINATOR && !i->figure->has_denominator && (c->was_given || was_withheld(i));
}

static bool is_told(const struct gating *g, size_t cell)
{
    return g->numbers[cell].is_known && g->numbers[cell].has_value;
}

/* Of what `cell` is a part, the least that is known to be left of a denominator of this quantity: no more is left of the
 * part's. GATE_NUMBER_MAX where nothing is known. */
static int64_t least_rest(const struct gating *g, size_t cell, const char *quantity)
{
    const struct gate_sums *s = &g->sums;
    int64_t least = GATE_NUMBER_MAX;
    for (size_t m = s->first[cell]; m < s->first[cell + 1]; m++) {
        size_t whole = s->sums[s->member_of[m]].whole;
        if (s->member_of[m] >= s->n_plain || whole == cell)
            continue;
        int64_t beyond = least_rest(g, whole, quantity);
        least = beyond < least ? beyond : least;
        for (size_t x = s->first[whole]; x < s->first[whole + 1]; x++) {
            const struct gate_sum *share = &s->sums[s->member_of[x]];
            if (s->member_of[x] < s->n_plain || s->parts[share->first] != whole || !is_told(g, whole) ||
                !is_told(g, share->whole) || strcmp(g->nodes[share->whole].figure->indicator, quantity) != 0)
                continue;
            int64_t rest = g->numbers[share->whole].value - g->numbers[whole].value;
            least = rest >= 0 && rest < least ? rest : least;
        }
    }
    return least;
}

/* A share has no more in it than its denominator, and no more is left of that than of any whole's. */
static void bound_by_share(struct gating *g, size_t cell, size_t sum)
{
    const struct gate_sum *share = &g->sums.sums[sum];
    struct gate_number *n = &g->numbers[cell];
    size_t numerator = g->sums.parts[share->first], denominator = share->whole;
    int64_t rest = least_rest(g, numerator, g->nodes[denominator].figure->indicator), at_least = 0, at_most = GATE_NUMBER_MAX;
    if (cell == numerator && is_told(g, denominator)) {
        at_most = g->numbers[denominator].value;
        at_least = rest < at_most ? at_most - rest : 0;
    } else if (cell == denominator && is_told(g, numerator)) {
        at_least = g->numbers[numerator].value;
        at_most = rest < GATE_NUMBER_MAX - at_least ? at_least + rest : GATE_NUMBER_MAX;
    }
    if (n->has_value && (at_least > n->value || at_most < n->value))
        return;                                 /* they do not fit together: no share */
    n->low = at_least > n->low ? at_least : n->low;
    n->high = at_most < n->high ? at_most : n->high;
}

/* What readers know of a number that is withheld: no zero; by the rule itself, small or not, should they guess which of
 * the two it is; and what it is a share of. Of one that is not given, the last alone. */
static void bound(struct gating *g, size_t cell)
{
    struct gate_number *n = &g->numbers[cell];
    if (n->is_withheld) {
        n->low = !n->has_value ? 1 : n->value > g->small_max ? g->small_max + 1 : n->value > 0;
        n->high = n->has_value && n->value <= g->small_max && n->value > 0 ? g->small_max : GATE_NUMBER_MAX;
    }
    for (size_t m = g->sums.first[cell]; !n->is_known && m < g->sums.first[cell + 1]; m++)
        if (g->sums.member_of[m] >= g->sums.n_plain)
            bound_by_share(g, cell, g->sums.member_of[m]);
}

/* Its number anew; queued where it must be hidden and was not queued before. */
static size_t look(struct gating *g, size_t cell)
{
    struct gate_number *n = &g->numbers[cell];
    *n = g->were[cell];
    for (size_t i = g->cells.first[cell]; i < g->cells.first[cell + 1]; i++) {
        const struct gate_carrier *c = &g->cells.carriers[i];
        n->is_known = n->is_known || is_shown(g, c);
        n->is_withheld = n->is_withheld || must_be_hidden(g, c);
    }
    if (n->is_withheld && !g->is_queued[cell]) {
        g->is_queued[cell] = true;
        g->queue[g->n_queue++] = cell;
    }
    return cell;
}

/* A whole that nobody gave is what its parts come to, where all are known to us: from the innermost outwards. */
static void fill_wholes(struct gating *g)
{
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (size_t i = 0; i < g->sums.n_plain; i++) {
            const struct gate_sum *s = &g->sums.sums[i];
            struct gate_number *whole = &g->were[s->whole];
            int64_t all = 0;
            bool has_all = s->whole >= g->cells.n && !whole->has_value;
            for (size_t p = 0; has_all && p < s->n; p++) {
                const struct gate_number *part = &g->were[g->sums.parts[s->first + p]];
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

void gate_remember(struct gating *g)
{
    for (size_t cell = 0; cell < g->n; cell++) {
        struct gate_number *n = &g->were[cell];
        *n = (struct gate_number){.high = GATE_NUMBER_MAX, .is_slack = !g->nodes[cell].definition->counts_people};
        for (size_t i = cell < g->cells.n ? g->cells.first[cell] : 0; cell < g->cells.n && i < g->cells.first[cell + 1]; i++) {
            const struct gate_carrier *c = &g->cells.carriers[i];
            if (!n->has_value)
                n->has_value = gate_number_of(&g->items[c->item], c->part, &n->value);
        }
    }
    fill_wholes(g);
}

/* ---- what goes ---- */

static bool may_go(const struct gating *g, size_t cell)
{
    const struct gate_number *n = &g->numbers[cell];
    if (cell >= g->cells.n || !n->is_known || !n->has_value || n->value == 0)
        return false;
    for (size_t i = g->cells.first[cell]; i < g->cells.first[cell + 1]; i++)
        if (is_shown(g, &g->cells.carriers[i]) && g->items[g->cells.carriers[i].item].is_fixed)
            return false;
    return true;
}

/* Hide what figures say of a number, but for those that are public already. */
static void withhold(struct gating *g, size_t cell)
{
    for (size_t i = g->cells.first[cell]; i < g->cells.first[cell + 1]; i++) {
        const struct gate_carrier *c = &g->cells.carriers[i];
        struct gate_item *item = &g->items[c->item];
        bool tells = is_shown(g, c) || (c->part == GATE_NUMERATOR && item->figure->has_value && item->figure->value.mantissa != 0);
        if (item->is_fixed || !tells)
            continue;
        if (c->part == GATE_NUMERATOR)
            gate_hide_count(item->figure);
        else
            gate_hide_denominator(item->figure);
        if (item->why == GATE_PASSED)
            item->why = GATE_RECOVERABLE;
        for (size_t p = 0; p < GATE_PARTS; p++) {
            size_t beside = g->cells.of[c->item * GATE_PARTS + p];
            if (beside != SIZE_MAX && beside != cell)
                bound(g, look(g, beside));
        }
    }
    bound(g, look(g, cell));
}

struct best { size_t part, whole; };

/* The smallest part of a sum that is not zero, and the smallest whole. */
static void offer(const struct gating *g, size_t sum, struct best *ret)
{
    const struct gate_sum *s = &g->sums.sums[sum];
    if (sum >= g->sums.n_plain && g->numbers[g->sums.parts[s->first + 1]].is_slack)
        return;                                 /* nobody knows what is left of it: it tells nothing */
    for (size_t i = 0; i < s->n; i++) {
        size_t p = g->sums.parts[s->first + i];
        if (may_go(g, p) && (ret->part == SIZE_MAX || g->numbers[p].value < g->numbers[ret->part].value))
            ret->part = p;
    }
    if (may_go(g, s->whole) && (ret->whole == SIZE_MAX || g->numbers[s->whole].value < g->numbers[ret->whole].value))
        ret->whole = s->whole;
}

static size_t choose(const struct gating *g, size_t at)
{
    struct best best = {SIZE_MAX, SIZE_MAX};
    for (size_t m = g->sums.first[at]; m < g->sums.first[at + 1]; m++)
        offer(g, g->sums.member_of[m], &best);
    return best.part != SIZE_MAX ? best.part : best.whole;
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

/* A sum of which all else is known tells it: of that sum something must go, whatever else does. */
static size_t choose_besides(const struct gating *g, size_t at)
{
    for (size_t m = g->sums.first[at]; m < g->sums.first[at + 1]; m++) {
        struct best best = {SIZE_MAX, SIZE_MAX};
        if (!gate_tells(g->solver, g->numbers, g->sums.member_of[m], at))
            continue;
        offer(g, g->sums.member_of[m], &best);
        return best.part != SIZE_MAX ? best.part : best.whole;
    }
    return choose_beyond(g, at);
}

/* Numbers that should have been the same and are nearly: each tells the other. */
static bool hide_like(struct gating *g, size_t cell, size_t other)
{
    const struct gate_number *a = &g->numbers[cell], *b = &g->numbers[other];
    if (!b->is_known || !a->has_value || !b->has_value || a->value - b->value > g->small_max ||
        b->value - a->value > g->small_max)
        return true;
    withhold(g, other);
    return !b->is_known;
}

/* It, and what should be the same: hidden everywhere? */
static bool hide_itself(struct gating *g, size_t cell)
{
    bool is_hidden;
    withhold(g, cell);
    is_hidden = !g->numbers[cell].is_known;
    for (size_t x = g->cells.linked[cell]; x != SIZE_MAX; x = g->cells.linked[x])
        is_hidden = hide_like(g, cell, x) && is_hidden;
    for (size_t x = cell + 1; x < g->cells.n && g->cells.linked[x] == x - 1; x++)
        is_hidden = hide_like(g, cell, x) && is_hidden;
    return is_hidden;
}

/* Withhold beside it until it is safe, or nothing is left to go. What goes is looked at after it. */
static void mend_one(struct gating *g, size_t cell)
{
    bool is_hidden = hide_itself(g, cell);
    while (is_hidden && gate_is_exposed(g->solver, g->numbers, cell)) {
        size_t also = choose_besides(g, cell);
        is_hidden = also != SIZE_MAX;
        if (is_hidden)
            withhold(g, also);
        bound(g, look(g, cell));                /* what went may have been what bounded it */
    }
    if (!is_hidden)
        g->exposed[g->n_exposed++] = cell;
}

/* Each withheld number is looked at once: what hides another takes nothing from a proof that was found, so who is safe stays
 * safe. Only those that were not may have become so. */
void gate_mend(struct gating *g)
{
    size_t n_still = 0;
    for (size_t i = g->cells.n; i < g->n; i++)
        g->numbers[i] = g->were[i];
    for (size_t i = 0; i < g->cells.n; i++)
        (void)look(g, i);
    for (size_t i = 0; i < g->n; i++)
        bound(g, i);
    for (size_t at = 0; at < g->n_queue; at++)
        mend_one(g, g->queue[at]);
    for (size_t i = 0; i < g->n_exposed; i++) {
        size_t cell = g->exposed[i];
        n_still += !hide_itself(g, cell) || gate_is_exposed(g->solver, g->numbers, cell);
    }
    g->n_exposed = n_still;
}
