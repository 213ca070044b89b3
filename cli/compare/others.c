#include "cli/compare/others.h"

#include <stdlib.h>
#include <string.h>

#include "cli/compare/inside.h"

static void take_england(struct comparison *c, const struct hash *hash, struct others *ret)
{
    for (size_t i = 0; i < c->n_areas; i++) {
        const struct compare_area *a = &c->areas[i];
        if (strcmp(a->area->level, "National") != 0 || !a->figure.has_value || !hash_equal(&a->figure.definition, hash))
            continue;
        ret->has_england = true;
        ret->england = a->figure;
        c->sources[a->source].is_used = true;
    }
}

static enum err take_neighbours(struct compare_ask *ask, struct comparison *c, const struct slug *of, size_t n, struct others *ret)
{
    enum err e = OK;
    ret->of = calloc(n + 1, sizeof(*ret->of));
    if (ret->of == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; e == OK && i < n; i++) {
        ask->marked = &of[i];
        c->neighbours = (struct compare_neighbours){.n = 0};
        e = compare_neighbours(ask, c);
        ret->of[i] = c->neighbours;
    }
    return e;
}

enum err others_make(const struct compare_ask *ask, const struct slug *of, size_t n, struct others *ret)
{
    struct compare_ask all = *ask;
    struct comparison c = {.rows = NULL};
    struct others b = {.any = false};
    all.set = SET_ALL;
    enum err e = compare_gather(&all, &c);
    if (e == OK && c.any_public) {
        b.any = true;
        take_england(&c, &ask->definition->hash, &b);
        e = take_neighbours(&all, &c, of, n, &b);
        b.sources = c.sources;              /* taken over */
        b.n_sources = c.n_sources;
        c.sources = NULL;
    }
    compare_release(&c);
    if (e == OK)
        *ret = b;
    else
        others_release(&b);
    return e;
}

void others_release(struct others *b)
{
    free(b->of);
    free(b->sources);
    *b = (struct others){.any = false};
}
