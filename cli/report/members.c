#include "cli/report/report.h"

#include <stdlib.h>
#include <string.h>

#include "cli/compare/lead.h"

struct taking { struct lead *l; struct report *r; };

static enum err take_coverage(void *arg, const struct coverage *c)
{
    struct taking *x = arg;
    for (size_t a = 0; a < x->l->region.n_authorities; a++)
        if (strcmp(x->l->region.authorities[a].s, c->slug) == 0) {
            struct report_member *m = &x->r->members[a];
            m->has_coverage = true;
            m->state = c->state;
            m->last_published_ms = c->last_published_ms;
        }
    return OK;
}

static void take_held(struct lead *l, const struct held *held, const struct slug *slug, struct report_member *ret)
{
    const struct charter *now = desk_charter(&l->d);
    const struct member *m = charter_find(now, slug);
    if (m != NULL)
        ret->held = held[m - now->members];
}

static void count_numbers(const struct region *region, const struct slug *slug, struct report_member *ret)
{
    for (size_t i = 0; i < region->n; i++) {
        const struct compare_row *row = region_row_of(&region->rows[i], slug);
        ret->n_numbers += row != NULL && compare_row_counts(row);
        ret->n_asked += row != NULL && (compare_row_counts(row) || compare_row_is_missing(row));
    }
}

/* By name; qsort has no argument, and there are at most a few hundred. */
static void put_in_order(struct report *r, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        for (; at > 0 && strcmp(r->members[r->order[at - 1]].name, r->members[i].name) > 0; at--)
            r->order[at] = r->order[at - 1];
        r->order[at] = i;
    }
}

static enum err find_successions(struct lead *l, struct report *r)
{
    const struct charter *c = l->region.charter;
    r->successions = calloc(c->n_successions + 1, sizeof(*r->successions));
    for (size_t i = 0; r->successions != NULL && i < c->n_successions; i++)
        if (region_tells_succession(&l->region, i))
            lineage_text(&l->d, &c->successions[i], r->successions[r->n_successions++]);
    return r->successions != NULL ? OK : ERR_NOMEM;
}

enum err report_gather_members(struct lead *l, struct report *r)
{
    size_t n = l->region.n_authorities;
    struct held *held = NULL;
    struct taking x = {l, r};
    r->members = calloc(n + 1, sizeof(*r->members));
    r->order = calloc(n + 1, sizeof(*r->order));
    enum err e = r->members != NULL && r->order != NULL ? held_read(&l->d, &held) : ERR_NOMEM;
    for (size_t a = 0; e == OK && a < n; a++) {
        const struct slug *slug = &l->region.authorities[a];
        struct report_member *m = &r->members[a];
        m->name = region_name_of(&l->region, slug);
        m->is_us = slug_equal(slug, &l->d.identity->slug);
        take_held(l, held, slug, m);
        count_numbers(&l->region, slug, m);
    }
    if (e == OK)
        e = find_successions(l, r);
    if (e == OK)
        put_in_order(r, n);
    if (e == OK)
        e = view_coverage(l->view, take_coverage, &x);
    free(held);
    return e;
}
