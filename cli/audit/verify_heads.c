/* cli/audit/verify_heads.c - what was signed over a log, and what the store keeps of it, against what was recomputed. */
#include "cli/audit/inside.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/evidence.h"

enum { PART_LEVEL = 10 };
static_assert(1 << PART_LEVEL == BOUNDARY, "a part is what the store keeps");

/* ---- cosignatures ---- */

struct heads {
    struct walk *w;
    const struct point *at;
    bool has_whole;
    size_t n_seen;                          /* cosignatures that were checked over this checkpoint */
    struct { struct slug witness; uint64_t time_s; } seen[WITNESSES_MAX];
};

static bool is_seen(const struct heads *x, const struct cosig *c)
{
    for (size_t i = 0; i < x->n_seen; i++)
        if (slug_equal(&x->seen[i].witness, &c->witness) && x->seen[i].time_s == c->time_s)
            return true;
    return false;
}

/* The newest of each witness, then those that it began with and renewed. */
static enum err check_cosig(void *arg, const struct cosig *c)
{
    struct heads *x = arg;
    struct verified *v = x->w->v;
    if (is_seen(x, c))
        return OK;
    if (x->n_seen < WITNESSES_MAX) {
        x->seen[x->n_seen].witness = c->witness;
        x->seen[x->n_seen++].time_s = c->time_s;
    }
    enum err e = witnesses_check(x->w->with->witnesses, &x->w->origin, c);
    if (e == ERR_UNKNOWN)
        problems_add(&v->problems, false, "checkpoint %" PRIu64 ": no identity of its witness %s is known here", c->size,
                     c->witness.s);
    else if (e != OK)
        problems_add(&v->problems, true, "checkpoint %" PRIu64 ": the cosignature of %s does not hold", c->size, c->witness.s);
    else if (!hash_equal(&c->root, &x->at->root))
        problems_add(&v->problems, true, "checkpoint %" PRIu64 ": %s cosigned another root", c->size, c->witness.s);
    else
        v->cosignatures++;
    return OK;
}

/* ---- checkpoints ---- */

static bool is_closing(const struct walk *w, uint64_t size)
{
    return (w->is_closed && size == w->member->closed_size) || (w->has_next && size == w->next_size);
}

/* A former member's log, or one that the next generation closes, may end where no checkpoint of its own stands: the root that
 * closes it is as good. */
static const char *wrong_note(const struct walk *w, uint64_t size, struct bytes note, const struct point *at)
{
    struct checkpoint c;
    const struct sign_public *key = walk_key_at(w, size);
    if (note.len == 0)
        return is_closing(w, size) ? NULL : "its note is missing";
    enum err e = key != NULL ? checkpoint_open(note, &w->origin, key, &c) : ERR_SIGNATURE;
    if (e == ERR_UNKNOWN)
        return "it is not signed by the log key that was in force";
    if (e != OK)
        return "its signature does not hold";
    if (c.size != size)
        return "it is of another size than it is kept for";
    return hash_equal(&c.root, &at->root) ? NULL : "the entries do not have the root that was signed";
}

static enum err check_checkpoint(void *arg, uint64_t size, struct bytes note)
{
    struct heads *x = arg;
    if (size > x->w->end)
        return OK;                          /* past a former member's closing */
    if (size == x->w->state->whole)
        x->has_whole = true;
    x->at = walk_root(x->w, size);
    if (x->at == NULL)
        return OK;                          /* the walk stopped below, and has said why */
    const char *wrong = wrong_note(x->w, size, note, x->at);
    if (wrong != NULL)
        problems_add(&x->w->v->problems, true, "checkpoint %" PRIu64 ": %s", size, wrong);
    else
        x->w->v->checkpoints++;
    x->n_seen = 0;
    enum err e = store_each_cosig(x->w->with->store, &x->w->origin, size, check_cosig, x);
    return e == OK ? store_each_first_cosig(x->w->with->store, &x->w->origin, size, check_cosig, x) : e;
}

/* ---- the store's row ---- */

static void check_row(struct walk *w, const struct heads *x)
{
    uint8_t stored[FRONTIER_BYTES_MAX], ours[FRONTIER_BYTES_MAX];
    const struct log_state *l = w->state;
    size_t n = frontier_write(&l->frontier, stored), m = frontier_write(&w->all, ours);
    if (w->end == l->frontier.size && (n != m || memcmp(stored, ours, n) != 0))
        problems_add(&w->v->problems, true, "the frontier kept by the store is not that of the entries");
    if (l->whole == 0 || l->whole > w->end)
        return;
    const struct point *at = walk_root(w, l->whole);
    if (!x->has_whole)
        problems_add(&w->v->problems, true, "checkpoint %" PRIu64 ": the newest one held whole is missing", l->whole);
    else if (at != NULL && !hash_equal(&at->root, &l->whole_root))
        problems_add(&w->v->problems, true, "the root kept for %" PRIu64 " is not that of the entries", l->whole);
}

static void check_closing(struct walk *w)
{
    const struct point *at = w->is_closed ? walk_root(w, w->member->closed_size) : NULL;
    if (at != NULL && !hash_equal(&at->root, &w->member->closed_root))
        problems_add(&w->v->problems, true, "the entries do not have the root with which the charter closed this log at %" PRIu64,
                     w->member->closed_size);
    if (!w->has_next)
        return;
    at = walk_root(w, w->next_size);
    if (at != NULL && !hash_equal(&at->root, &w->next_root))
        problems_add(&w->v->problems, !w->state->is_frozen,
                     "the next generation closes this log at %" PRIu64 " with another root%s", w->next_size,
                     w->state->is_frozen ? ": it goes on from the other story" : "");
    else if (w->all.size > w->next_size)
        w->v->voided += w->all.size - w->next_size;
}

/* ---- subtrees ---- */

static enum err check_parts(struct walk *w)
{
    struct store_source *src = NULL;
    struct hash kept;
    enum err e = store_source_new(w->with->store, &w->origin, true, &src);
    if (e != OK)
        return e;
    struct merkle_source get = store_source(src);
    uint64_t n = w->n_parts;
    for (unsigned level = PART_LEVEL; e == OK && n > 0; level++, n /= 2) {
        for (uint64_t i = 0; e == OK && i < n; i++) {
            e = get.get(get.arg, level, i, &kept);
            if (e == OK && !hash_equal(&kept, &w->parts[i]))
                problems_add(&w->v->problems, true, "the subtree kept for entries %" PRIu64 " to %" PRIu64 " is not theirs",
                        i << level, ((i + 1) << level) - 1);
        }
        for (uint64_t i = 0; i < n / 2; i++)        /* one level up, in place */
            w->parts[i] = merkle_node(&w->parts[2 * i], &w->parts[2 * i + 1]);
    }
    store_source_free(src);
    return e;
}

/* ---- evidence ---- */

struct conviction { struct walk *w; struct evidence *ev; bool is_held; };

static enum err try_evidence(void *arg, struct bytes in)
{
    struct conviction *x = arg;
    struct walk *w = x->w;
    struct checkpoint m, n;
    if (x->is_held || evidence_read(in, x->ev) != OK || x->ev->log.generation != w->origin.generation
        || !slug_equal(&x->ev->log.slug, &w->origin.slug))
        return OK;
    for (size_t i = 0; i < w->n_keys && !x->is_held; i++) {
        const struct sign_public *key = &w->keys[i].log;
        x->is_held = evidence_check(x->ev, &w->origin, key) == OK
                     && checkpoint_open(x->ev->note_m, &w->origin, key, &m) == OK
                     && checkpoint_open(x->ev->note_n, &w->origin, key, &n) == OK;
    }
    if (x->is_held)
        problems_add(&w->v->problems, false, "frozen: its author signed two stories, at sizes %" PRIu64 " and %" PRIu64, m.size,
                     n.size);
    return OK;
}

static enum err check_evidence(struct walk *w)
{
    struct conviction x = {.w = w, .ev = malloc(sizeof(*x.ev))};
    if (x.ev == NULL)
        return ERR_NOMEM;
    enum err e = store_each_evidence(w->with->store, try_evidence, &x);
    if (e == OK && !x.is_held)
        problems_add(&w->v->problems, true, "frozen, and no evidence that holds is kept for it");
    free(x.ev);
    return e;
}

enum err walk_heads(struct walk *w)
{
    struct heads x = {.w = w};
    const struct charter *now = chain_current(w->with->chain);
    enum err e = store_each_checkpoint(w->with->store, &w->origin, check_checkpoint, &x);
    if (e == OK)
        check_row(w, &x);
    if (e == OK)
        check_closing(w);
    if (e == OK)
        e = check_parts(w);
    if (e == OK && w->state->is_frozen)
        e = check_evidence(w);
    const struct point *at = w->state->whole > 0 ? walk_root(w, w->state->whole) : NULL;
    if (e == OK && at != NULL)
        e = witnesses_count(w->with->witnesses, w->with->store, now, &w->origin, at->size, &at->root, &w->v->n_witnesses);
    if (e == OK && at != NULL)
        e = witnesses_when(w->with->witnesses, w->with->store, now, &w->origin, at->size, &at->root, &w->v->witnessed_s);
    w->v->has_quorum = w->v->n_witnesses >= charter_quorum(now);
    return e;
}
