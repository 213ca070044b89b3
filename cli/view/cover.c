#include <stdio.h>
#include <string.h>

#include "cli/period.h"
#include "cli/view/inside.h"
#include "cli/view/query.h"

/* ---- indicators and periods ---- */

enum err view_indicators(struct view *v, id_each each, void *arg)
{
    char id[INDICATOR_MAX + 1] = "";
    for (bool more = true; more;) {             /* from one to the next by the index, not through every figure */
        struct vsql q = vsql_start(v, V_INDICATOR_NEXT);
        vsql_text(&q, id);
        more = vsql_row(&q);
        char next[INDICATOR_MAX + 1] = "";
        if (more)
            vsql_col_copy(&q, 0, next, sizeof(next));
        enum err e = vsql_end(&q);
        if (e == OK && more)
            e = each(arg, next);
        if (e != OK)
            return e;
        memcpy(id, next, sizeof(id));
    }
    return OK;
}

/* The newest period below `below` (NULL: of all). *ret_found tells. */
static enum err period_below(struct view *v, const char *indicator, const struct time_period *below, struct time_period *ret,
                             bool *ret_found)
{
    struct vsql q = vsql_start(v, below != NULL ? V_PERIOD_BELOW : V_PERIOD_NEWEST);
    struct time_period p = {0};
    vsql_text(&q, indicator);
    if (below != NULL) {
        vsql_text(&q, below->period);
        vsql_text(&q, below->time_identifier);
    }
    *ret_found = vsql_row(&q);
    if (*ret_found) {
        vsql_col_copy(&q, 0, p.period, sizeof(p.period));
        vsql_col_copy(&q, 1, p.time_identifier, sizeof(p.time_identifier));
    }
    enum err e = vsql_end(&q);
    if (e == OK && *ret_found)
        *ret = p;
    return e;
}

enum err view_period_below(struct view *v, const char *indicator, const struct time_period *below, struct time_period *ret)
{
    bool found;
    enum err e = period_below(v, indicator, below, ret, &found);
    return e == OK && !found ? ERR_UNKNOWN : e;
}

static enum err returns_of(struct view *v, const char *indicator, const char *breakdown, const struct time_period *p, uint64_t *ret)
{
    struct vsql q = vsql_start(v, V_PERIOD_RETURNS);
    vsql_text(&q, indicator);
    vsql_text(&q, p->period);
    vsql_text(&q, p->time_identifier);
    vsql_text(&q, breakdown);
    *ret = vsql_row(&q) ? vsql_col_u64(&q, 0) : 0;
    return vsql_end(&q);
}

enum err view_periods(struct view *v, const char *indicator, const char *breakdown, period_each each, void *arg)
{
    struct time_period p;
    const struct time_period *below = NULL;
    for (bool found = true; found; below = &p) {
        uint64_t returns = 0;
        enum err e = period_below(v, indicator, below, &p, &found);
        if (e == OK && found)
            e = returns_of(v, indicator, breakdown, &p, &returns);
        if (e == OK && found)
            e = each(arg, &p, returns);
        if (e != OK)
            return e;
    }
    return OK;
}

static enum err returned_below(struct view *v, const char *indicator, const char *breakdown, const struct time_period *below,
                               struct time_period *ret, uint64_t *ret_returns)
{
    struct time_period p = {0};
    for (;;) {
        bool found;
        uint64_t returns = 0;
        enum err e = period_below(v, indicator, below, &p, &found);
        if (e == OK && !found)
            e = ERR_UNKNOWN;
        if (e == OK)
            e = returns_of(v, indicator, breakdown, &p, &returns);
        if (e != OK)
            return e;
        if (returns > 0) {
            *ret = p;
            *ret_returns = returns;
            return OK;
        }
        below = &p;
    }
}

enum err view_latest(struct view *v, const char *indicator, const char *breakdown, struct latest *ret)
{
    struct latest l = {0};
    struct time_period before;
    uint64_t returns_before;
    enum err e = returned_below(v, indicator, breakdown, NULL, &l.newest, &l.returns);
    if (e != OK)
        return e;
    struct vsql q = vsql_start(v, V_AUTHORITIES);
    l.expected = vsql_row(&q) ? vsql_col_u64(&q, 0) : 0;
    if ((e = vsql_end(&q)) != OK)
        return e;
    l.period = l.newest;
    if (2 * l.returns < l.expected) {
        e = returned_below(v, indicator, breakdown, &l.newest, &before, &returns_before);
        if (e != OK && e != ERR_UNKNOWN)
            return e;
        l.is_before_newest = e == OK;
        if (e == OK)
            l.period = before;
    }
    *ret = l;
    return OK;
}

enum err view_previous(struct view *v, const char *indicator, const char *breakdown, const struct time_period *of,
                       struct time_period *ret)
{
    uint64_t returns;
    struct time_period p = *of;
    enum err e;
    do                                          /* `&p` is read before it is written */
        e = returned_below(v, indicator, breakdown, &p, &p, &returns);
    while (e == OK && !period_is_alike(of->period, of->time_identifier, p.period, p.time_identifier));
    if (e == OK)
        *ret = p;
    return e;
}

/* ---- members and coverage ---- */

enum err view_members(struct view *v, bool former_too, member_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, V_MEMBER_EACH);
    vsql_int(&q, former_too);
    while (e == OK && vsql_row(&q)) {
        struct member_row m = { .is_former = vsql_col_int(&q, 5) != 0 };
        m.slug = vsql_col_text(&q, 0);
        m.name = vsql_col_text(&q, 1);
        m.role = vsql_col_text(&q, 2);
        m.dfe = vsql_col_text(&q, 3);
        m.gss = vsql_col_text(&q, 4);
        e = each(arg, &m);
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

const char *coverage_name(enum coverage_state s)
{
    switch (s) {
#define X(sym, name) case sym: return name;
    COVERAGES(X)
#undef X
    }
    return "";
}

static enum err cover_counts(struct view *v, const char *slug, struct coverage *c, uint64_t *ret_live)
{
    struct vsql q = vsql_start(v, V_COVER);
    vsql_text(&q, slug);
    if (vsql_row(&q)) {
        c->records = vsql_col_u64(&q, 0);
        c->indicators = vsql_col_u64(&q, 1);
        c->periods = vsql_col_u64(&q, 2);
        c->last_published_ms = vsql_col_u64(&q, 3);
        *ret_live = vsql_col_u64(&q, 4);
    }
    return vsql_end(&q);
}

static enum err cover_latest(struct view *v, const char *slug, struct coverage *c)
{
    struct vsql q = vsql_start(v, V_COVER_LATEST);
    vsql_text(&q, slug);
    if (vsql_row(&q)) {
        vsql_col_copy(&q, 0, c->latest.period, sizeof(c->latest.period));
        vsql_col_copy(&q, 1, c->latest.time_identifier, sizeof(c->latest.time_identifier));
    }
    return vsql_end(&q);
}

enum err view_has_sealed(struct view *v, const char *slug, bool *ret)
{
    struct vsql q = vsql_start(v, V_SEALED_ANY);
    vsql_text(&q, slug);
    return vsql_any(&q, ret);
}

static enum err cover_one(struct view *v, const char *slug, struct coverage *c)
{
    uint64_t live = 0;
    bool sealed = false;
    enum err e = cover_counts(v, slug, c, &live);
    if (e == OK)
        e = cover_latest(v, slug, c);
    if (e == OK && c->records == 0)
        e = view_has_sealed(v, slug, &sealed);
    c->state = live > 0 ? COVERAGE_RETURNED : c->records > 0 ? COVERAGE_WITHDRAWN : sealed ? COVERAGE_SEALED
             : COVERAGE_MISSING;
    return e;
}

struct covering { struct view *v; coverage_each each; void *arg; };

static enum err cover_member(void *arg, const struct member_row *m)
{
    struct covering *g = arg;
    struct coverage c = { .slug = m->slug, .name = m->name };
    if (strcmp(m->role, role_name(ROLE_AUTHORITY)) != 0)
        return OK;
    enum err e = cover_one(g->v, m->slug, &c);
    return e == OK ? g->each(g->arg, &c) : e;
}

enum err view_coverage(struct view *v, coverage_each each, void *arg)
{
    struct covering g = { v, each, arg };
    return view_members(v, false, cover_member, &g);
}

enum err view_count_records(struct view *v, uint64_t *ret)
{
    struct vsql q = vsql_start(v, V_RECORDS);
    *ret = vsql_row(&q) ? vsql_col_u64(&q, 0) : 0;
    return vsql_end(&q);
}

enum err view_problems(struct view *v, problem_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, V_PROBLEM_EACH);
    while (e == OK && vsql_row(&q))
        e = each(arg, vsql_col_text(&q, 0), (uint32_t)vsql_col_u64(&q, 1), vsql_col_u64(&q, 2), vsql_col_text(&q, 3));
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

/* ---- definitions ---- */

static void read_definition(struct vsql *q, struct definition_row *r)
{
    struct definition *d = &r->definition;
    memset(r, 0, sizeof(*r));
    vsql_col_copy(q, 0, d->id, sizeof(d->id));
    vsql_col_copy(q, 1, d->title, sizeof(d->title));
    vsql_col_copy(q, 2, d->numerator, sizeof(d->numerator));
    vsql_col_copy(q, 3, d->denominator, sizeof(d->denominator));
    vsql_col_copy(q, 4, d->unit, sizeof(d->unit));
    d->multiplier = (uint32_t)vsql_col_u64(q, 5);
    d->decimals = (uint8_t)vsql_col_u64(q, 6);
    if (polarity_parse(vsql_col_bytes(q, 7), &d->polarity) != OK && q->e == OK)
        q->e = ERR_CORRUPT;
    d->counts_people = vsql_col_int(q, 8) != 0;
    d->parts_rounded = vsql_col_int(q, 9) != 0;
    vsql_col_copy(q, 10, d->basis, sizeof(d->basis));
    vsql_col_copy(q, 11, r->slug.s, sizeof(r->slug.s));
    r->generation = (uint32_t)vsql_col_u64(q, 12);
    r->idx = vsql_col_u64(q, 13);
    if (parts_parse(vsql_col_bytes(q, 14), &d->parts) != OK && q->e == OK)
        q->e = ERR_CORRUPT;
    (void)vsql_col_fixed(q, 15, r->hash.b, sizeof(r->hash.b));
}

static enum err one_definition(struct vsql *q, struct definition_row *ret)
{
    struct definition_row r;
    bool found = vsql_row(q);
    if (found)
        read_definition(q, &r);
    enum err e = vsql_end(q);
    if (e == OK && found)
        *ret = r;
    return e == OK && !found ? ERR_UNKNOWN : e;
}

static void make_official(struct definition_row *r)
{
    struct definition d = r->definition;
    *r = (struct definition_row){ .definition = d, .hash = definition_hash(&d), .is_official = true, .generation = 0 };
}

enum err view_definition(struct view *v, const char *id, const struct official *o, struct definition_row *ret)
{
    struct vsql q = vsql_start(v, V_DEFINITION_IN_FORCE);
    vsql_text(&q, id);
    enum err e = one_definition(&q, ret);
    if (e == ERR_UNKNOWN && o != NULL && o->by_id != NULL && o->by_id(o->arg, id, &ret->definition)) {
        make_official(ret);
        e = OK;
    }
    return e;
}

enum err view_definition_by_hash(struct view *v, const struct hash *hash, const struct official *o,
                                 struct definition_row *ret)
{
    if (o != NULL && o->by_hash != NULL && o->by_hash(o->arg, hash, &ret->definition)) {
        make_official(ret);
        return OK;
    }
    struct vsql q = vsql_start(v, V_DEFINITION_BY_HASH);
    vsql_fixed(&q, hash->b, sizeof(hash->b));
    return one_definition(&q, ret);
}
