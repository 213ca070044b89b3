#include "cli/stats/total.h"

#include <assert.h>
#include <stdlib.h>

enum { PUBLISHED_TENS = -1, CHANGE_DECIMALS = 1 };

struct cell cell_of(const struct figure *f)
{
    return (struct cell){ .has_numerator = f->has_numerator, .has_denominator = f->has_denominator,
                          .numerator = f->numerator, .denominator = f->denominator,
                          .is_suppressed = f->status == STATUS_C };
}

bool cell_is_usable(const struct cell *c, bool wants_denominator)
{
    return c->has_numerator && (!wants_denominator || (c->has_denominator && c->denominator.mantissa > 0));
}

bool cells_have_denominators(const struct cell *cells, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (cells[i].has_denominator)
            return true;
    return false;
}

struct sum { size_t n; struct decimal numerator, denominator; };

static enum err sum_add(struct sum *s, const struct cell *c, bool wants_denominator)
{
    s->n++;
    enum err e = decimal_add(s->numerator, c->numerator, &s->numerator);
    if (e == OK && wants_denominator)
        e = decimal_add(s->denominator, c->denominator, &s->denominator);
    return e;
}

enum err total_of(const struct cell *cells, size_t n, const struct definition *d, struct total *ret)
{
    struct sum s = {0};
    struct total t = { .has_denominator = cells_have_denominators(cells, n) };
    enum err e = OK;
    for (size_t i = 0; i < n && e == OK; i++)
        if (cell_is_usable(&cells[i], t.has_denominator))
            e = sum_add(&s, &cells[i], t.has_denominator);
    if (e == OK)
        e = decimal_round(s.numerator, PUBLISHED_TENS, &t.numerator_rounded);
    t.n = s.n;
    t.numerator = s.numerator;
    t.denominator = s.denominator;
    t.has_value = t.has_denominator && s.n > 0;
    if (e == OK && t.has_value) {
        e = decimal_ratio(d->multiplier, s.numerator, s.denominator, d->decimals, &t.value);
        t.raw = d->multiplier * decimal_double(s.numerator) / decimal_double(s.denominator);
    }
    if (e == OK)
        *ret = t;
    return e;
}

/* 10 h > k + h: small numbers are hidden, so what remains is biased (docs: METHODS, like for like). */
static bool hides_too_much(const struct pair *pairs, size_t n, bool now, bool wants_denominator)
{
    size_t hidden = 0, usable = 0;
    for (size_t i = 0; i < n; i++) {
        const struct cell *c = now ? &pairs[i].now : &pairs[i].before;
        hidden += c->is_suppressed;
        usable += cell_is_usable(c, wants_denominator);
    }
    return 10 * hidden > usable + hidden;
}

static enum err percent_change(struct decimal before, struct decimal now, bool *ret_has, struct decimal *ret)
{
    struct decimal difference;
    *ret_has = false;
    if (before.mantissa <= 0)
        return OK;
    before.mantissa = -before.mantissa;
    enum err e = decimal_add(now, before, &difference);
    before.mantissa = -before.mantissa;
    if (e == OK)
        e = decimal_ratio(100, difference, before, CHANGE_DECIMALS, ret);
    *ret_has = e == OK;
    return e;
}

enum { BEFORE = 1, NOW = 2, BROKEN_BEFORE = 4, BROKEN_NOW = 8 };

/* A group is usable in a period when it has parts there and every one of them is usable. */
static void mark_groups(const struct pair *pairs, size_t n, bool wants_denominator, uint8_t *groups)
{
    for (size_t i = 0; i < n; i++) {
        const struct pair *p = &pairs[i];
        uint8_t *g = &groups[p->group];
        if (p->existed_before)
            *g |= cell_is_usable(&p->before, wants_denominator) ? BEFORE : BROKEN_BEFORE;
        if (p->exists_now)
            *g |= cell_is_usable(&p->now, wants_denominator) ? NOW : BROKEN_NOW;
    }
}

struct sums { struct sum plain_before, plain_now, like_before, like_now; };

static enum err sum_pair(const struct pair *p, bool is_like, bool wants_denominator, struct sums *s, enum pair_use *ret)
{
    bool before = p->existed_before && cell_is_usable(&p->before, wants_denominator);
    bool now = p->exists_now && cell_is_usable(&p->now, wants_denominator);
    enum err e = OK;
    *ret = is_like ? PAIR_BOTH : before ? PAIR_ONLY_BEFORE : now ? PAIR_ONLY_NOW : PAIR_NEITHER;
    if (before)
        e = sum_add(&s->plain_before, &p->before, wants_denominator);
    if (e == OK && now)
        e = sum_add(&s->plain_now, &p->now, wants_denominator);
    if (e == OK && before && is_like)
        e = sum_add(&s->like_before, &p->before, wants_denominator);
    if (e == OK && now && is_like)
        e = sum_add(&s->like_now, &p->now, wants_denominator);
    return e;
}

static bool pairs_have_denominators(const struct pair *pairs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (pairs[i].before.has_denominator || pairs[i].now.has_denominator)
            return true;
    return false;
}

static enum err ratios(const struct sums *s, const struct definition *d, struct change *c)
{
    enum err e = decimal_ratio(d->multiplier, s->like_before.numerator, s->like_before.denominator, d->decimals,
                               &c->ratio_before);
    if (e == OK)
        e = decimal_ratio(d->multiplier, s->like_now.numerator, s->like_now.denominator, d->decimals, &c->ratio_now);
    c->has_ratio = e == OK;
    return e;
}

static enum err changes(const struct sums *s, struct change *c)
{
    if (c->is_suppressed)
        return OK;
    enum err e = OK;
    if (c->n_before > 0 && c->n_now > 0)        /* a sum over nobody is no 0 */
        e = percent_change(c->plain_before, c->plain_now, &c->has_plain, &c->plain_pct);
    if (e == OK && s->like_before.n > 0)
        e = percent_change(c->like_before, c->like_now, &c->has_like, &c->like_pct);
    return e;
}

enum err change_of(const struct pair *pairs, size_t n, uint32_t n_groups, const struct definition *d,
                   struct change *ret, enum pair_use *use)
{
    struct change c = {0};
    struct sums s = {0};
    enum err e = OK;
    bool wants = pairs_have_denominators(pairs, n);
    uint8_t *groups = calloc((size_t)n_groups + 1, 1);
    if (groups == NULL)
        return ERR_NOMEM;
    mark_groups(pairs, n, wants, groups);
    for (size_t i = 0; i < n && e == OK; i++) {
        enum pair_use u;
        assert(pairs[i].group < n_groups);
        e = sum_pair(&pairs[i], groups[pairs[i].group] == (BEFORE | NOW), wants, &s, &u);
        if (use != NULL)
            use[i] = u;
    }
    for (uint32_t g = 0; g < n_groups; g++)
        c.n_both += groups[g] == (BEFORE | NOW);
    free(groups);
    if (e != OK)
        return e;
    c.n_before = s.plain_before.n;
    c.n_now = s.plain_now.n;
    c.plain_before = s.plain_before.numerator;
    c.plain_now = s.plain_now.numerator;
    c.like_before = s.like_before.numerator;
    c.like_now = s.like_now.numerator;
    c.is_suppressed = hides_too_much(pairs, n, false, wants) || hides_too_much(pairs, n, true, wants);
    e = changes(&s, &c);
    if (e == OK && wants && c.n_both > 0)
        e = ratios(&s, d, &c);
    if (e == OK)
        *ret = c;
    return e;
}
