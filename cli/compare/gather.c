/* cli/compare/gather.c - who might be compared, and what is known of them (inside.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/compare/inside.h"

struct compare_place { const char *place; size_t row; };

struct gathering {
    const struct compare_ask *ask;
    struct comparison *c;
    size_t cap;
    uint32_t year, year_before;             /* of the period; of the one before, or 0 */
};

bool compare_is_wide(const struct compare_ask *ask)
{
    return ask->set != SET_ALLIANCE;
}

/* ---- who ---- */

static enum err row_new(struct gathering *g, const char *slug, const char *name, struct compare_row **ret)
{
    struct comparison *c = g->c;
    if (c->n_rows == g->cap) {
        size_t cap = g->cap > 0 ? g->cap * 2 : 64;
        struct compare_row *rows = realloc(c->rows, cap * sizeof(*rows));
        if (rows == NULL)
            return ERR_NOMEM;
        c->rows = rows;
        g->cap = cap;
    }
    struct compare_row *r = &c->rows[c->n_rows];
    *r = (struct compare_row){.existed_before = true};
    if (slug_parse(bytes_of(slug), &r->slug) != OK)
        return ERR_CORRUPT;
    size_t len = strlen(name);
    memcpy(r->name, name, len < sizeof(r->name) ? len : sizeof(r->name) - 1);
    c->n_rows++;
    *ret = r;
    return OK;
}

const struct authority *compare_authority(const char *dfe, const char *gss)
{
    const struct authority *a = dfe != NULL && dfe[0] != '\0' ? register_by_dfe(dfe) : NULL;
    if (a == NULL && gss != NULL && gss[0] != '\0')
        a = register_by_gss(gss);
    return a != NULL && a->continues_as != NULL ? a->continues_as : a;
}

static enum err take_member(void *arg, const struct member_row *m)
{
    struct gathering *g = arg;
    struct compare_row *r;
    if (strcmp(m->role, role_name(ROLE_AUTHORITY)) != 0)
        return OK;
    enum err e = row_new(g, m->slug, m->name, &r);
    if (e != OK)
        return e;
    r->is_member = true;
    r->is_former = m->is_former;
    r->authority = compare_authority(m->dfe, m->gss);
    const char *basis = g->ask->definition->definition.basis;
    r->being = being_in(g->ask->charter, &r->slug, r->authority, &g->ask->period, basis);
    if (g->c->has_previous)
        r->existed_before = being_in(g->ask->charter, &r->slug, r->authority, &g->c->previous, basis) == BEING_THERE;
    return OK;
}

static bool is_among(const struct comparison *c, size_t n, const struct authority *a)
{
    for (size_t i = 0; i < n; i++)
        if (c->rows[i].authority == a)
            return true;
    return false;
}

/* The register's slug, but where a member of other codes goes by it. */
static void name_stranger(const struct comparison *c, size_t n_members, const struct authority *a, char ret[SLUG_MAX + 8])
{
    snprintf(ret, SLUG_MAX + 8, "%s", a->slug.s);
    for (size_t i = 0; i < n_members; i++)
        if (slug_equal(&c->rows[i].slug, &a->slug))
            snprintf(ret, SLUG_MAX + 8, "%.*s-%s", SLUG_MAX - 4, a->slug.s, a->dfe);
}

/* A former member is the body that it was: its row is its own. */
static enum err take_register(struct gathering *g)
{
    size_t n_members = g->c->n_rows;
    for (size_t i = 0; i < register_size(); i++) {
        const struct authority *a = register_at(i);
        struct compare_row *r;
        char slug[SLUG_MAX + 8];
        if (a->continues_as != NULL || is_among(g->c, n_members, a))
            continue;
        name_stranger(g->c, n_members, a, slug);
        enum err e = row_new(g, slug, a->name, &r);
        if (e != OK)
            return e;
        r->authority = a;
        r->is_former = !authority_existed(a, g->year);
        r->existed_before = g->year_before != 0 && authority_existed(a, g->year_before);
    }
    return OK;
}

/* ---- where each of them stands ---- */

static int by_slug(const void *a, const void *b)
{
    return slug_compare(&((const struct compare_row *)a)->slug, &((const struct compare_row *)b)->slug);
}

static int by_place(const void *a, const void *b)
{
    return strcmp(((const struct compare_place *)a)->place, ((const struct compare_place *)b)->place);
}

enum err compare_index(struct comparison *c)
{
    if (c->n_rows > 0)
        qsort(c->rows, c->n_rows, sizeof(*c->rows), by_slug);
    free(c->places);
    c->n_places = 0;
    c->places = calloc(c->n_rows + 1, sizeof(*c->places));
    if (c->places == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < c->n_rows; i++)
        if (c->rows[i].authority != NULL)
            c->places[c->n_places++] = (struct compare_place){c->rows[i].authority->slug.s, i};
    if (c->n_places > 0)
        qsort(c->places, c->n_places, sizeof(*c->places), by_place);
    return OK;
}

struct compare_row *compare_row_of(const struct comparison *c, const char *slug)
{
    struct compare_row key;
    if (slug_parse(bytes_of(slug), &key.slug) != OK || c->n_rows == 0)
        return NULL;
    return bsearch(&key, c->rows, c->n_rows, sizeof(*c->rows), by_slug);
}

struct compare_row *compare_row_at(const struct comparison *c, const char *place)
{
    struct compare_place key = {place, 0};
    struct compare_place *p = c->n_places > 0 ? bsearch(&key, c->places, c->n_places, sizeof(*c->places), by_place) : NULL;
    return p != NULL ? &c->rows[p->row] : NULL;
}

/* ---- what they published ---- */

static enum err take_figure(void *arg, const struct figure_row *f)
{
    struct gathering *g = arg;
    struct compare_row *r = compare_row_of(g->c, f->slug.s);
    if (r == NULL || !r->is_member)
        return OK;
    r->has_figure = true;
    r->figure = *f;
    r->is_other_definition = !hash_equal(&f->figure.definition, &g->ask->definition->hash);
    return OK;
}

static enum err take_before(void *arg, const struct figure_row *f)
{
    struct gathering *g = arg;
    struct compare_row *r = compare_row_of(g->c, f->slug.s);
    if (r == NULL || !r->is_member || f->is_withdrawn || !hash_equal(&f->figure.definition, &g->ask->definition->hash))
        return OK;
    r->has_before = true;
    r->before = *f;
    return OK;
}

/* ---- what others published of them ---- */

enum err compare_source(struct comparison *c, const char *file, const char *source, const char *vintage, size_t *ret)
{
    for (*ret = 0; *ret < c->n_sources; ++*ret)
        if (strcmp(c->sources[*ret].file, file) == 0 && strcmp(c->sources[*ret].vintage, vintage) == 0)
            return OK;
    if ((c->n_sources & (c->n_sources - 1)) == 0) {             /* it is full at every power of two */
        struct compare_source *sources = realloc(c->sources, (c->n_sources > 0 ? c->n_sources * 2 : 1) * sizeof(*sources));
        if (sources == NULL)
            return ERR_NOMEM;
        c->sources = sources;
    }
    struct compare_source *s = &c->sources[c->n_sources++];
    *s = (struct compare_source){.is_used = false};
    snprintf(s->file, sizeof(s->file), "%s", file);
    snprintf(s->source, sizeof(s->source), "%s", source);
    snprintf(s->vintage, sizeof(s->vintage), "%s", vintage);
    return OK;
}

static enum err source_of(struct gathering *g, const struct reference_row *p, size_t *ret)
{
    return compare_source(g->c, p->file, p->source, p->vintage, ret);
}

static enum err take_area(struct gathering *g, const struct reference_row *p)
{
    struct comparison *c = g->c;
    struct compare_area *a = &c->areas[c->n_areas];
    if (c->n_areas == COMPARE_AREAS_MAX || register_area(p->place) == NULL)
        return OK;
    *a = (struct compare_area){.area = register_area(p->place), .figure = p->figure};
    c->n_areas++;
    return source_of(g, p, &a->source);
}

static enum err take_public(void *arg, const struct reference_row *p)
{
    struct gathering *g = arg;
    g->c->any_public = true;
    if (p->is_area)
        return take_area(g, p);
    struct compare_row *r = compare_row_at(g->c, p->place);
    if (r == NULL)
        return OK;
    r->has_public = true;
    r->public = p->figure;
    return source_of(g, p, &r->source);
}

static enum err take_public_before(void *arg, const struct reference_row *p)
{
    struct gathering *g = arg;
    struct compare_row *r = p->is_area ? NULL : compare_row_at(g->c, p->place);
    if (r == NULL || !hash_equal(&p->figure.definition, &g->ask->definition->hash))
        return OK;
    r->has_public_before = true;
    r->public_before = p->figure;
    return source_of(g, p, &r->source_before);
}

/* ---- the period before ---- */

/* Newest first: the first that is older. */
struct older { const struct time_period *than; struct time_period *ret; bool found; };

static enum err take_older(void *arg, const struct time_period *p, uint64_t returns)
{
    struct older *o = arg;
    int order = strcmp(p->period, o->than->period);
    (void)returns;
    if (o->found || order > 0 || (order == 0 && strcmp(p->time_identifier, o->than->time_identifier) >= 0))
        return OK;
    *o->ret = *p;
    o->found = true;
    return OK;
}

/* Of those that members returned; in a set that reaches beyond them also of those that others published. */
static enum err find_previous(const struct compare_ask *ask, struct comparison *c)
{
    struct time_period public;
    struct older older = {&ask->period, &public, false};
    const char *id = ask->definition->definition.id;
    enum err e = view_previous(ask->v, id, ask->breakdown, &ask->period, &c->previous);
    c->has_previous = e == OK;
    if (e == ERR_UNKNOWN)
        e = OK;
    if (e == OK && compare_is_wide(ask))
        e = view_reference_periods(ask->v, id, ask->breakdown, take_older, &older);
    if (e == OK && older.found && (!c->has_previous || strcmp(public.period, c->previous.period) > 0)) {
        c->previous = public;
        c->has_previous = true;
    }
    return e;
}

/* 2024; 202425 ends in 2025. */
static uint32_t year_of(const char *period)
{
    uint32_t year = 0;
    for (size_t i = 0; i < 4 && period[i] != '\0'; i++)
        year = year * 10 + (uint32_t)(period[i] - '0');
    return year + (strlen(period) == 6);
}

/* ---- all of it ---- */

static enum err gather_public(struct gathering *g)
{
    const struct compare_ask *ask = g->ask;
    const char *id = ask->definition->definition.id;
    enum err e = view_reference(ask->v, id, &ask->period, ask->breakdown, ask->as_of_ms, take_public, g);
    if (e == OK && g->c->has_previous)
        e = view_reference(ask->v, id, &g->c->previous, ask->breakdown, ask->as_of_ms, take_public_before, g);
    return e;
}

enum err compare_gather(const struct compare_ask *ask, struct comparison *c)
{
    struct gathering g = {.ask = ask, .c = c, .year = year_of(ask->period.period)};
    const char *id = ask->definition->definition.id;
    bool looks_beyond = compare_is_wide(ask) || ask->marked != NULL;
    enum err e = find_previous(ask, c);
    if (c->has_previous)
        g.year_before = year_of(c->previous.period);
    if (e == OK)
        e = view_members(ask->v, true, take_member, &g);
    if (e == OK && looks_beyond)
        e = take_register(&g);
    if (e == OK)
        e = compare_index(c);
    if (e == OK)
        e = view_figures(ask->v, id, &ask->period, ask->breakdown, ask->as_of_ms, take_figure, &g);
    if (e == OK && c->has_previous)
        e = view_figures(ask->v, id, &c->previous, ask->breakdown, ask->as_of_ms, take_before, &g);
    if (e == OK && looks_beyond)
        e = gather_public(&g);
    return e;
}
