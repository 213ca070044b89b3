/* cli/compare/choose.c - of all that were gathered those that were asked for (inside.h). */
#include <string.h>

#include "cli/compare/inside.h"

static bool is_named(const struct compare_ask *ask, const struct slug *slug)
{
    for (size_t i = 0; i < ask->n_only; i++)
        if (slug_equal(&ask->only[i], slug))
            return true;
    return ask->only == NULL;
}

static bool is_neighbour(const struct compare_ask *ask, const struct comparison *c, const struct compare_row *r)
{
    for (size_t i = 0; i < c->neighbours.n_named; i++)
        if (c->neighbours.named[i].authority == r->authority)
            return true;
    return ask->marked != NULL && slug_equal(ask->marked, &r->slug);
}

static bool is_asked(const struct compare_ask *ask, const struct comparison *c, const struct compare_row *r)
{
    if (!is_named(ask, &r->slug) || (ask->region != NULL && (r->authority == NULL || !authority_is_in(r->authority, ask->region))))
        return false;
    switch (ask->set) {
    case SET_ALLIANCE:
        return r->is_member;
    case SET_NEIGHBOURS:
        return is_neighbour(ask, c, r);
    case SET_ENGLAND:
        return r->authority != NULL;
    case SET_ALL:
        return true;
    }
    return false;
}

/* What a member published itself stands; what it withdrew, nobody puts back. */
static void adopt_public(const struct compare_ask *ask, struct comparison *c, struct compare_row *r)
{
    bool may_stand = !r->is_member || (compare_is_wide(ask) && ask->only == NULL);
    if (may_stand && !r->has_figure && r->has_public) {
        r->has_figure = r->is_public = true;
        r->figure = (struct figure_row){.slug = r->slug, .figure = r->public};
        r->is_other_definition = !hash_equal(&r->public.definition, &ask->definition->hash);
        c->sources[r->source].is_used = true;
    }
    if (may_stand && !r->has_before && r->has_public_before) {
        r->has_before = r->is_public_before = true;
        r->before = (struct figure_row){.slug = r->slug, .figure = r->public_before};
        c->sources[r->source_before].is_used = true;
    }
}

static void choose_areas(const struct compare_ask *ask, struct comparison *c)
{
    const struct authority *of = c->neighbours.of;
    for (size_t i = 0; i < c->n_areas; i++) {
        struct compare_area *a = &c->areas[i];
        bool is_england = strcmp(a->area->level, "National") == 0;
        a->is_shown = is_england || a->area == ask->region || (of != NULL && authority_is_in(of, a->area));
        if (a->is_shown)
            c->sources[a->source].is_used = true;
    }
}

enum err compare_choose(const struct compare_ask *ask, struct comparison *c)
{
    size_t kept = 0;
    choose_areas(ask, c);
    for (size_t i = 0; i < c->n_rows; i++) {
        if (!is_asked(ask, c, &c->rows[i]))
            continue;
        c->rows[kept] = c->rows[i];
        adopt_public(ask, c, &c->rows[kept++]);
    }
    c->n_rows = kept;
    return compare_index(c);
}
