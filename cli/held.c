#include "cli/held.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/audit/witnesses.h"

struct holding { const struct charter *now; struct held *list; };

/* Where the log of this slug has its place, if it is not of an older generation than what stands there. */
static struct held *place_of(const struct holding *x, const struct slug *slug, uint32_t generation)
{
    const struct member *m = charter_find(x->now, slug);
    struct held *h = m != NULL ? &x->list[m - x->now->members] : NULL;
    return h != NULL && generation >= h->generation ? h : NULL;
}

static enum err take_log(void *arg, const struct log_state *l)
{
    struct held *h = place_of(arg, &l->origin.slug, l->origin.generation);
    if (h != NULL)
        *h = (struct held){.generation = l->origin.generation, .size = l->whole, .verified = l->frontier.size,
                           .announced = l->frontier.size, .root = l->whole_root, .is_frozen = l->is_frozen};
    return OK;
}

static enum err take_announced(void *arg, const struct log_ref *log, uint64_t size)
{
    struct held *h = place_of(arg, &log->slug, log->generation);
    bool is_this = h != NULL && (log->generation == h->generation || h->generation == 0);
    if (is_this && size > h->announced)
        h->announced = size;
    return OK;
}

static enum err witness_one(const struct desk *d, const struct witnesses *w, const struct member *m, struct held *h)
{
    const struct charter *now = desk_charter(d);
    struct origin o = {.alliance = d->origin.alliance, .slug = m->slug, .generation = h->generation};
    enum err e = witnesses_count(w, d->store, now, &o, h->size, &h->root, &h->n_witnesses);
    if (e == OK)
        e = witnesses_when(w, d->store, now, &o, h->size, &h->root, &h->witnessed_s);
    h->has_quorum = h->n_witnesses >= charter_quorum(now);
    h->is_fresh = witnesses_are_fresh(h->witnessed_s, session_now_ms());
    return e;
}

static enum err witness_all(const struct desk *d, struct held *list)
{
    struct witnesses *w = NULL;
    const struct charter *now = desk_charter(d);
    enum err e = witnesses_new(d->store, d->chain, buf_bytes(&d->identity_note), &w);
    for (size_t i = 0; e == OK && i < now->n_members; i++)
        if (list[i].size > 0)
            e = witness_one(d, w, &now->members[i], &list[i]);
    witnesses_free(w);
    return e;
}

enum err held_read(struct desk *d, struct held **ret)
{
    struct holding x = {.now = desk_charter(d)};
    enum err e = ERR_NOMEM;
    if ((x.list = calloc(x.now->n_members, sizeof(*x.list))) == NULL)
        goto out;
    if ((e = store_each_log(d->store, take_log, &x)) != OK)
        goto out;
    if ((e = store_each_announced(d->store, take_announced, &x)) != OK)
        goto out;
    if ((e = witness_all(d, x.list)) != OK)
        goto out;
    *ret = x.list;
    x.list = NULL;
out:
    free(x.list);
    return e;
}

bool held_is_waited_for(const struct held *h)
{
    return h->size == 0 || h->announced > h->size;
}

void ago_text(uint64_t at_ms, uint64_t now_ms, char ret[AGO_SIZE])
{
    uint64_t minutes = now_ms > at_ms ? (now_ms - at_ms) / 60000 : 0;
    if (minutes == 0)
        (void)snprintf(ret, AGO_SIZE, "just now");
    else if (minutes < 120)
        (void)snprintf(ret, AGO_SIZE, "%" PRIu64 " min ago", minutes);
    else if (minutes < 48 * 60)
        (void)snprintf(ret, AGO_SIZE, "%" PRIu64 " h ago", minutes / 60);
    else
        (void)snprintf(ret, AGO_SIZE, "%" PRIu64 " days ago", minutes / (24 * 60));
}
