#include "cli/confirm.h"

#include <stdlib.h>
#include <string.h>

#include "cli/audit/witnesses.h"
#include "cli/view/query.h"

struct confirming {
    struct desk *d;
    const struct origin *log;
    uint64_t above;
    struct witnesses *witnesses;
    struct confirmed *list;
    uint64_t *sizes;                    /* of the kept checkpoints above it */
    size_t n_sizes, cap_sizes;
};

static struct confirmed *place_of(const struct confirming *x, const struct slug *slug)
{
    const struct charter *now = desk_charter(x->d);
    const struct member *m = charter_find(now, slug);
    return m != NULL ? &x->list[m - now->members] : NULL;
}

static enum err take_size(void *arg, uint64_t size, struct bytes note)
{
    struct confirming *x = arg;
    (void)note;
    if (size <= x->above)
        return OK;
    if (x->n_sizes == x->cap_sizes) {
        size_t cap = x->cap_sizes > 0 ? 2 * x->cap_sizes : 64;
        uint64_t *sizes = realloc(x->sizes, cap * sizeof(*sizes));
        if (sizes == NULL)
            return ERR_NOMEM;
        x->sizes = sizes;
        x->cap_sizes = cap;
    }
    x->sizes[x->n_sizes++] = size;
    return OK;
}

/* The newest first, so that one signature a witness is checked. */
static enum err take_cosig(void *arg, const struct cosig *c)
{
    struct confirming *x = arg;
    struct confirmed *it = place_of(x, &c->witness);
    if (it != NULL && it->signed_to < c->size && witnesses_check(x->witnesses, x->log, c) == OK)
        it->signed_to = c->size;
    return OK;
}

static enum err take_head(void *arg, const struct head_row *h)
{
    struct confirming *x = arg;
    struct confirmed *it = place_of(x, &h->peer);
    if (it != NULL && h->generation == x->log->generation && h->size > x->above)
        it->said_to = h->size;
    return OK;
}

enum err confirmed_read(struct desk *d, const struct origin *log, uint64_t above, struct confirmed **ret)
{
    struct confirming x = {.d = d, .log = log, .above = above};
    enum err e = ERR_NOMEM;
    if ((x.list = calloc(desk_charter(d)->n_members, sizeof(*x.list))) == NULL)
        goto out;
    if ((e = witnesses_new(d->store, d->chain, buf_bytes(&d->identity_note), &x.witnesses)) != OK)
        goto out;
    if ((e = store_each_checkpoint(d->store, log, take_size, &x)) != OK)
        goto out;
    for (size_t i = x.n_sizes; e == OK && i > 0; i--)
        e = store_each_cosig(d->store, log, x.sizes[i - 1], take_cosig, &x);
    if (e == OK && slug_equal(&log->slug, &d->identity->slug))
        e = store_each_head(d->store, take_head, &x);
    if (e != OK)
        goto out;
    *ret = x.list;
    x.list = NULL;
out:
    witnesses_free(x.witnesses);
    free(x.sizes);
    free(x.list);
    return e;
}

const char *confirmed_how(const struct confirmed *c, uint64_t idx)
{
    return c->signed_to > idx ? "signed" : c->said_to > idx ? "said" : NULL;
}

/* ---- what of ours is waited for ---- */

struct waiting {
    struct desk *d;
    uint64_t first, *all;               /* indices of the withdrawals that erase */
    size_t n, cap;
};

static enum err take_erasure(void *arg, const struct withdrawal_row *row)
{
    struct waiting *w = arg;
    if (!row->is_erased || strcmp(row->slug, w->d->identity->slug.s) != 0 || row->generation != w->d->origin.generation)
        return OK;
    if (w->n == w->cap) {
        size_t cap = w->cap > 0 ? 2 * w->cap : 64;
        uint64_t *all = realloc(w->all, cap * sizeof(*all));
        if (all == NULL)
            return ERR_NOMEM;
        w->all = all;
        w->cap = cap;
    }
    w->first = w->n == 0 || row->idx < w->first ? row->idx : w->first;
    w->all[w->n++] = row->idx;
    return OK;
}

enum err erasures_waiting(struct desk *d, struct view *v, size_t *ret, bool *is_waiting)
{
    struct waiting w = {.d = d};
    struct confirmed *list = NULL;
    const struct charter *now = desk_charter(d);
    *ret = 0;
    enum err e = view_withdrawals(v, take_erasure, &w);
    if (e == OK && w.n > 0)
        e = confirmed_read(d, &d->origin, w.first, &list);
    for (size_t i = 0; e == OK && i < w.n; i++) {
        bool any = false;
        for (size_t k = 0; k < now->n_members; k++) {
            bool is_peer = !now->members[k].is_former && !slug_equal(&now->members[k].slug, &d->identity->slug);
            bool lacks = is_peer && confirmed_how(&list[k], w.all[i]) == NULL;
            any |= lacks;
            if (lacks && is_waiting != NULL)
                is_waiting[k] = true;
        }
        *ret += any;
    }
    free(list);
    free(w.all);
    return e;
}
