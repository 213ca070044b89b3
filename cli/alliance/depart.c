#include "cli/alliance/depart.h"

#include <string.h>

/* Its log verifies for ever up to what we hold whole of it now. */
static enum err close_log(struct desk *d, struct member *m)
{
    struct log_state l;
    struct origin o = {.generation = 1};
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct frontier nothing;
    enum err e = desk_newest_log(d, &m->slug, &o);
    if (e == OK)
        e = store_log(d->store, &o, &l, &note);
    frontier_init(&nothing);
    m->is_former = true;
    m->closed_generation = o.generation;
    m->closed_size = e == OK ? l.whole : 0;
    m->closed_root = e == OK && l.whole > 0 ? l.whole_root : frontier_root(&nothing);
    buf_release(&note);
    return e == ERR_UNKNOWN ? OK : e;
}

static void drop(struct slug *list, size_t *n, const struct slug *slug)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (!slug_equal(&list[i], slug))
            list[kept++] = list[i];
    *n = kept;
}

enum err depart(struct desk *d, const struct slug *slug, struct charter *next)
{
    size_t at = 0;
    while (at < next->n_members && !slug_equal(&next->members[at].slug, slug))
        at++;
    struct member m = next->members[at];
    enum err e = close_log(d, &m);
    memmove(&next->members[at], &next->members[at + 1], (next->n_members - at - 1) * sizeof(next->members[0]));
    next->members[next->n_members - 1] = m;     /* former ones come after the members */
    drop(next->stewards, &next->n_stewards, slug);
    drop(next->witnesses, &next->n_witnesses, slug);
    if (next->threshold > next->n_stewards)
        next->threshold = (uint32_t)next->n_stewards;
    return e;
}
