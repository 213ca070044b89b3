#include "cli/compare/match.h"

#include <stdlib.h>
#include <string.h>

#include "cli/compare/causes.h"
#include "cli/register/register.h"

const char *ground_name(enum ground g)
{
    switch (g) {
#define X(sym, name) case sym: return name;
    GROUNDS(X)
#undef X
    }
    return "";
}

/* One indicator: each authority's grounds, by its place in the comparison. */
struct grounds { enum ground strength, need; };

static enum err find_standings(struct view *v, const struct region_row *r, uint64_t as_of_ms, struct grounds *ret)
{
    struct causes c;
    enum err e = causes_find(v, r, as_of_ms, &c);
    if (e != OK)
        return e;
    for (size_t i = 0; i < r->c.n_rows; i++) {
        char band = r->c.n >= MATCH_RETURNS ? r->c.rows[i].band : '-';
        ret[i] = (struct grounds){band == 'A' ? GROUND_LETTER : GROUND_NONE, band == 'D' ? GROUND_LETTER : GROUND_NONE};
    }
    for (size_t i = 0; i < c.n; i++) {
        struct grounds *s = &ret[c.list[i].row - r->c.rows];
        if (c.list[i].point.sense == SPC_IMPROVEMENT)
            *s = (struct grounds){s->strength == GROUND_LETTER ? GROUND_LETTER : GROUND_CAUSE, GROUND_NONE};
        else if (c.list[i].point.sense == SPC_CONCERN)
            *s = (struct grounds){GROUND_NONE, s->need == GROUND_LETTER ? GROUND_LETTER : GROUND_CAUSE};
    }
    causes_release(&c);
    return OK;
}

/* By its codes; a member that states none by its slug. */
static const struct authority *authority_of(const struct compare_row *r)
{
    const struct authority *a = r->authority;
    if (a == NULL && r->is_member && register_find(r->slug.s, &a) != OK)
        a = NULL;
    return a;
}


/* ---- the best few ---- */

static int by_neighbour(const struct pair_found *x, const struct pair_found *y)
{
    if ((x->neighbour > 0) != (y->neighbour > 0))
        return x->neighbour > 0 ? -1 : 1;
    return x->neighbour < y->neighbour ? -1 : x->neighbour > y->neighbour;
}

static int by_strength(const void *a, const void *b)
{
    const struct pair_found *x = a, *y = b;
    int order = by_neighbour(x, y);
    if (order == 0)
        order = (x->from->rank > y->from->rank) - (x->from->rank < y->from->rank);
    return order != 0 ? order : slug_compare(&x->from->slug, &y->from->slug);
}

static int by_need(const void *a, const void *b)
{
    const struct pair_found *x = a, *y = b;
    int order = by_neighbour(x, y);
    if (order == 0)
        order = (x->to->rank < y->to->rank) - (x->to->rank > y->to->rank);
    return order != 0 ? order : slug_compare(&x->to->slug, &y->to->slug);
}

static enum err put(struct matches *m, const struct pair_found *list, size_t n)
{
    if (m->n + n > m->cap) {
        size_t cap = (m->n + n) * 2;
        struct pair_found *more = realloc(m->list, cap * sizeof(*more));
        if (more == NULL)
            return ERR_NOMEM;
        m->list = more;
        m->cap = cap;
    }
    for (size_t i = 0; i < n; i++)
        m->list[m->n++] = list[i];
    return OK;
}

struct seeking {                            /* the pairs of one indicator */
    struct view *v;
    const char *model;
    const struct region_row *row;
    const struct grounds *standings;
    struct pair_found *room;                /* for every row of the comparison */
    struct matches *m;
    const struct compare_row *of;           /* whose neighbours are: */
    const struct authority *named[NEIGHBOURS];
};

/* 1 to 10 when `from` is that statistical neighbour of `to`, else 0. */
static enum err neighbour_of(struct seeking *k, const struct compare_row *to, const struct compare_row *from, size_t *ret)
{
    const struct authority *of = authority_of(to), *other = authority_of(from);
    enum err e = OK;
    *ret = 0;
    for (uint32_t rank = 1; k->of != to && e == OK && rank <= NEIGHBOURS; rank++) {
        k->named[rank - 1] = NULL;
        if (of != NULL)
            e = compare_neighbour_at(k->v, k->model, of, rank, &k->named[rank - 1]);
    }
    k->of = e == OK ? to : NULL;
    for (size_t rank = 1; e == OK && other != NULL && rank <= NEIGHBOURS && *ret == 0; rank++)
        *ret = k->named[rank - 1] == other ? rank : 0;
    return e;
}

static enum err pair_at(struct seeking *k, size_t from, size_t to, struct pair_found *ret)
{
    const struct compare_row *rows = k->row->c.rows;
    *ret = (struct pair_found){k->row, &rows[from], &rows[to], k->standings[from].strength, k->standings[to].need, 0};
    return neighbour_of(k, &rows[to], &rows[from], &ret->neighbour);
}

static enum err put_few(const struct seeking *k, size_t n, int (*order)(const void *, const void *))
{
    if (n > 0)
        qsort(k->room, n, sizeof(*k->room), order);
    return put(k->m, k->room, n < MATCH_MOST ? n : MATCH_MOST);
}

/* Somebody improving may still stand behind somebody worsening: then there is nothing to be learnt from the figure. */
static bool is_pair(const struct seeking *k, size_t from, size_t to)
{
    const struct compare_row *rows = k->row->c.rows;
    return k->standings[from].strength != GROUND_NONE && k->standings[to].need != GROUND_NONE && rows[from].rank < rows[to].rank;
}

static enum err who_could_help(struct seeking *k, size_t to)
{
    size_t n = 0;
    enum err e = OK;
    for (size_t i = 0; e == OK && i < k->row->c.n_rows; i++)
        if (is_pair(k, i, to))
            e = pair_at(k, i, to, &k->room[n++]);
    return e == OK ? put_few(k, n, by_strength) : e;
}

static enum err whom_it_could_help(struct seeking *k, size_t from)
{
    size_t n = 0;
    enum err e = OK;
    for (size_t i = 0; e == OK && i < k->row->c.n_rows; i++)
        if (is_pair(k, from, i))
            e = pair_at(k, from, i, &k->room[n++]);
    return e == OK ? put_few(k, n, by_need) : e;
}

static enum err match_row(struct seeking *k, const struct slug *about)
{
    enum err e = OK;
    for (size_t i = 0; e == OK && i < k->row->c.n_rows; i++) {
        bool is_about = about != NULL ? slug_equal(about, &k->row->c.rows[i].slug) : k->row->c.rows[i].is_member;
        if (is_about && k->standings[i].need != GROUND_NONE)
            e = who_could_help(k, i);
        if (e == OK && is_about && about != NULL && k->standings[i].strength != GROUND_NONE)
            e = whom_it_could_help(k, i);
    }
    return e;
}

enum err match_find(struct view *v, const struct region *region, uint64_t as_of_ms, const struct slug *about, struct matches *ret)
{
    struct matches m = {.list = NULL};
    enum err e = OK;
    for (size_t i = 0; e == OK && i < region->n; i++) {
        const struct region_row *r = &region->rows[i];
        if (r->definition.definition.polarity == POLARITY_NONE)
            continue;
        struct grounds *standings = calloc(r->c.n_rows + 1, sizeof(*standings));
        struct pair_found *room = calloc(r->c.n_rows + 1, sizeof(*room));
        struct seeking k = {.v = v, .model = region->model, .row = r, .standings = standings, .room = room, .m = &m};
        e = standings != NULL && room != NULL ? find_standings(v, r, as_of_ms, standings) : ERR_NOMEM;
        if (e == OK)
            e = match_row(&k, about);
        free(standings);
        free(room);
    }
    if (e == OK)
        *ret = m;
    else
        match_release(&m);
    return e;
}

void match_release(struct matches *m)
{
    free(m->list);
    *m = (struct matches){.list = NULL};
}
