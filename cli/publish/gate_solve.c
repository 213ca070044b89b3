/* cli/publish/gate_solve.c - could a withheld number be worked out? (gate_inside.h)
 *
 * A number is safe when there is a second way to fill in what is not known: every sum still holds, everything stays
 * within what its readers know, and the number is another.  It is looked for by search, with bounds carried from sum to
 * sum, near the numbers as they are: in tables of counts a neighbour differs in a few cells.  What is found is a proof;
 * what is not found in GATE_TRIES steps counts as exposed, and another cell is withheld. */
#include "cli/publish/gate_inside.h"

#include <stdlib.h>
#include <string.h>

struct range { int64_t low, high; };

struct gate_solver {
    const struct gate_sums *sums;
    const struct gate_number *numbers;
    size_t n_items;
    int64_t small_max;
    size_t *place;                      /* of an item among the variables, or SIZE_MAX */
    size_t vars[GATE_SOLVER_MAX], n_vars;
    size_t *touched, n_touched;         /* the sums that they stand in */
    bool *is_touched;
    struct range (*stack)[GATE_SOLVER_MAX];
    size_t n_tries;
};

struct gate_solver *gate_solver_new(const struct gate_sums *s, size_t n, int64_t small_max)
{
    struct gate_solver *g = calloc(1, sizeof(*g));
    if (g == NULL)
        return NULL;
    g->sums = s;
    g->n_items = n;
    g->small_max = small_max;
    g->place = malloc((n + 1) * sizeof(*g->place));
    g->touched = calloc(s->n + 1, sizeof(*g->touched));
    g->is_touched = calloc(s->n + 1, sizeof(*g->is_touched));
    g->stack = malloc((GATE_SOLVER_MAX + 1) * sizeof(*g->stack));
    if (g->place == NULL || g->touched == NULL || g->is_touched == NULL || g->stack == NULL) {
        gate_solver_free(g);
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        g->place[i] = SIZE_MAX;
    return g;
}

void gate_solver_free(struct gate_solver *g)
{
    if (g == NULL)
        return;
    free(g->place);
    free(g->touched);
    free(g->is_touched);
    free(g->stack);
    free(g);
}

/* ---- the numbers that hang together ---- */

static void add_var(struct gate_solver *g, size_t item)
{
    if (g->numbers[item].is_known || g->place[item] != SIZE_MAX || g->n_vars == GATE_SOLVER_MAX)
        return;
    g->place[item] = g->n_vars;
    g->vars[g->n_vars++] = item;
}

/* How far the numbers of a sum are from adding up; 0 where one is not known to us: it may add up, so it does. */
static int64_t offset_of(const struct gate_solver *g, size_t sum)
{
    const struct gate_sum *s = &g->sums->sums[sum];
    const struct gate_number *whole = &g->numbers[s->whole];
    int64_t off = whole->value;
    bool has_all = whole->has_value;
    for (size_t i = 0; i < s->n; i++) {
        const struct gate_number *n = &g->numbers[g->sums->parts[s->first + i]];
        has_all = has_all && n->has_value;
        off -= n->value;
    }
    return has_all ? off : 0;
}

/* Numbers that do not add up are no sum: parts overlap, or one was not given. But by a slip of a few the rest would
 * still tell a single unknown nearly. */
static bool is_nearly_told(const struct gate_solver *g, size_t at)
{
    for (size_t m = g->sums->first[at]; m < g->sums->first[at + 1]; m++) {
        const struct gate_sum *s = &g->sums->sums[g->sums->member_of[m]];
        int64_t off = offset_of(g, g->sums->member_of[m]);
        size_t n_unknown = !g->numbers[s->whole].is_known;
        bool tells = g->numbers[s->whole].is_known;
        for (size_t i = 0; i < s->n; i++) {
            const struct gate_number *n = &g->numbers[g->sums->parts[s->first + i]];
            n_unknown += !n->is_known;
            tells = tells || (n->is_known && n->value > 0);
        }
        if (tells && off != 0 && off <= g->small_max && off >= -g->small_max && n_unknown == 1)
            return true;
    }
    return false;
}

/* A share whose other part is known, or its whole, says no more than the bound of the one that is not. */
static bool is_idle(const struct gate_solver *g, size_t sum)
{
    const struct gate_sum *s = &g->sums->sums[sum];
    if (sum < g->sums->n_plain || !g->numbers[g->sums->parts[s->first + 1]].is_slack)
        return false;
    return g->numbers[s->whole].is_known || g->numbers[g->sums->parts[s->first]].is_known;
}

bool gate_tells(struct gate_solver *g, const struct gate_number *numbers, size_t sum, size_t at)
{
    const struct gate_sum *s = &g->sums->sums[sum];
    g->numbers = numbers;
    if (offset_of(g, sum) != 0 || (s->whole != at && !numbers[s->whole].is_known))
        return false;
    for (size_t i = 0; i < s->n; i++) {
        size_t part = g->sums->parts[s->first + i];
        if (part != at && !numbers[part].is_known)
            return false;
    }
    return true;
}

/* From `at` outwards, so that what lies beyond GATE_SOLVER_MAX is far away: it is left as it is. */
static void gather(struct gate_solver *g, size_t at)
{
    add_var(g, at);
    for (size_t v = 0; v < g->n_vars; v++) {
        size_t item = g->vars[v];
        for (size_t m = g->sums->first[item]; m < g->sums->first[item + 1]; m++) {
            size_t sum = g->sums->member_of[m];
            if (g->is_touched[sum] || offset_of(g, sum) != 0 || is_idle(g, sum))
                continue;
            g->is_touched[sum] = true;
            g->touched[g->n_touched++] = sum;
            const struct gate_sum *s = &g->sums->sums[sum];
            add_var(g, s->whole);
            for (size_t i = 0; i < s->n; i++)
                add_var(g, g->sums->parts[s->first + i]);
        }
    }
}

static void scatter(struct gate_solver *g)
{
    for (size_t v = 0; v < g->n_vars; v++)
        g->place[g->vars[v]] = SIZE_MAX;
    for (size_t t = 0; t < g->n_touched; t++)
        g->is_touched[g->touched[t]] = false;
    g->n_vars = g->n_touched = 0;
}

/* ---- the search ---- */

static struct range range_of(const struct gate_solver *g, const struct range *r, size_t item)
{
    const struct gate_number *n = &g->numbers[item];
    if (g->place[item] != SIZE_MAX)
        return r[g->place[item]];
    if (n->has_value)
        return (struct range){n->value, n->value};
    return (struct range){1, 0};                /* unknown to us, and too far away: nothing can be proved by it */
}

/* Narrow one member's range; false when nothing is left of it. */
static bool narrow(const struct gate_solver *g, struct range *r, size_t item, int64_t low, int64_t high, bool *ret_changed)
{
    struct range now = range_of(g, r, item);
    if (low > now.high || high < now.low)
        return false;
    if (g->place[item] == SIZE_MAX || (low <= now.low && high >= now.high))
        return true;
    *ret_changed = true;
    if (low > now.low)
        r[g->place[item]].low = low;
    if (high < now.high)
        r[g->place[item]].high = high;
    return true;
}

static bool narrow_sum(const struct gate_solver *g, struct range *r, size_t sum, bool *ret_changed)
{
    const struct gate_sum *s = &g->sums->sums[sum];
    struct range whole = range_of(g, r, s->whole);
    int64_t low = 0, high = 0;
    for (size_t i = 0; i < s->n; i++) {
        struct range part = range_of(g, r, g->sums->parts[s->first + i]);
        if (part.low > part.high)
            return false;
        low += part.low;
        high += part.high;
    }
    if (whole.low > whole.high || !narrow(g, r, s->whole, low, high, ret_changed))
        return false;
    whole = range_of(g, r, s->whole);
    for (size_t i = 0; i < s->n; i++) {
        size_t item = g->sums->parts[s->first + i];
        struct range part = range_of(g, r, item);
        if (!narrow(g, r, item, whole.low - (high - part.high), whole.high - (low - part.low), ret_changed))
            return false;
        struct range after = range_of(g, r, item);
        low += after.low - part.low;
        high += after.high - part.high;
    }
    return true;
}

/* Bounds may creep by ones for ever; what is left after some rounds the search decides. */
static bool narrow_all(const struct gate_solver *g, struct range *r)
{
    bool has_changed = true;
    for (size_t round = 0; has_changed && round < 40; round++) {
        has_changed = false;
        for (size_t t = 0; t < g->n_touched; t++)
            if (!narrow_sum(g, r, g->touched[t], &has_changed))
                return false;
    }
    return !has_changed;
}

/* The open variable with the fewest values; SIZE_MAX when none is open. */
static size_t pick(const struct gate_solver *g, const struct range *r)
{
    size_t best = SIZE_MAX;
    for (size_t v = 0; v < g->n_vars; v++)
        if (r[v].low < r[v].high && (best == SIZE_MAX || r[v].high - r[v].low < r[best].high - r[best].low))
            best = v;
    return best;
}

static bool search(struct gate_solver *g, size_t depth)
{
    struct range *r = g->stack[depth];
    if (++g->n_tries > GATE_TRIES || !narrow_all(g, r))
        return false;
    size_t v = pick(g, r);
    if (v == SIZE_MAX)
        return true;                            /* every range is one number, and every sum was just looked at */
    const struct gate_number *n = &g->numbers[g->vars[v]];
    int64_t near = !n->has_value || n->value < r[v].low ? r[v].low : n->value > r[v].high ? r[v].high : n->value;
    for (int64_t step = 0; step <= 4; step++)
        for (int sign = step == 0 ? 1 : -1; sign <= 1; sign += 2) {
            int64_t value = near + sign * step;
            if (value < r[v].low || value > r[v].high)
                continue;
            memcpy(g->stack[depth + 1], r, g->n_vars * sizeof(*r));
            g->stack[depth + 1][v] = (struct range){value, value};
            if (search(g, depth + 1))
                return true;
        }
    return false;
}

static bool can_be(struct gate_solver *g, int64_t value)
{
    const struct gate_number *at = &g->numbers[g->vars[0]];
    if (value < at->low || value > at->high)
        return false;
    for (size_t v = 0; v < g->n_vars; v++) {
        const struct gate_number *n = &g->numbers[g->vars[v]];
        g->stack[0][v] = (struct range){n->low, n->high};
    }
    g->stack[0][0] = (struct range){value, value};
    g->n_tries = 0;
    return search(g, 0);
}

/* One other value where ours is known; else two. */
static bool has_another(struct gate_solver *g)
{
    const struct gate_number *at = &g->numbers[g->vars[0]];
    unsigned n_found = 0;
    for (int64_t step = 1; at->has_value && step <= GATE_STEPS; step++)
        if (can_be(g, at->value + step) || can_be(g, at->value - step))
            return true;
    for (int64_t value = at->low; !at->has_value && n_found < 2 && value < at->low + 16; value++)
        n_found += can_be(g, value);
    return n_found >= 2;
}

bool gate_is_exposed(struct gate_solver *g, const struct gate_number *numbers, size_t at)
{
    g->numbers = numbers;
    gather(g, at);
    bool is_exposed = numbers[at].low == numbers[at].high || is_nearly_told(g, at) || (g->n_touched > 0 && !has_another(g));
    scatter(g);
    return is_exposed;
}
