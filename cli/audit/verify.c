#include "cli/audit/verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/audit/inside.h"

/* ---- roots that are wanted ---- */

static size_t point_place(const struct walk *w, uint64_t size)
{
    size_t low = 0, high = w->n_points;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (w->points[mid].size < size)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

enum err walk_want_root(struct walk *w, uint64_t size)
{
    size_t at = point_place(w, size);
    if (at < w->n_points && w->points[at].size == size)
        return OK;
    enum err e = list_room((void **)&w->points, &w->cap_points, w->n_points, sizeof(w->points[0]));
    if (e != OK)
        return e;
    memmove(&w->points[at + 1], &w->points[at], (w->n_points++ - at) * sizeof(w->points[0]));
    w->points[at] = (struct point){.size = size};
    return OK;
}

const struct point *walk_root(const struct walk *w, uint64_t size)
{
    size_t at = point_place(w, size);
    return at < w->n_points && w->points[at].size == size && w->points[at].is_reached ? &w->points[at] : NULL;
}

const struct sign_public *walk_key_at(const struct walk *w, uint64_t size)
{
    const struct sign_public *key = NULL;
    for (size_t i = 0; i < w->n_keys && w->keys[i].idx < size; i++)
        key = &w->keys[i].log;
    return key;
}

static enum err want_checkpoint(void *arg, uint64_t size, struct bytes note)
{
    (void)note;
    return walk_want_root(arg, size);
}

static enum err want_roots(struct walk *w)
{
    enum err e = store_each_checkpoint(w->with->store, &w->origin, want_checkpoint, w);
    if (e == OK && w->state->whole > 0)
        e = walk_want_root(w, w->state->whole);
    if (e == OK && w->is_closed)
        e = walk_want_root(w, w->member->closed_size);
    return e;
}

/* ---- generations ---- */

static enum err take_next(void *arg, uint64_t idx, const struct item *item)
{
    struct walk *w = arg;
    struct identity *id = &w->scratch->identity;
    (void)idx;
    if (!item->has_payload || identity_open(payload_body(item->payload), id) != OK || !id->has_closes)
        return OK;                          /* that log's own verification names it */
    w->has_next = true;
    w->next_size = id->closes_size;
    w->next_root = id->closes_root;
    return walk_want_root(w, id->closes_size);
}

struct before { struct walk *w; uint64_t upto; };

static enum err take_before(void *arg, uint64_t idx, const struct item *item)
{
    const struct before *b = arg;
    return item->has_payload && idx < b->upto ? walk_identity(b->w, idx, payload_body(item->payload), false) : OK;
}

/* A later generation's first identity follows the last one that the closing left standing. */
static enum err look_around(struct walk *w)
{
    struct origin other = w->origin;
    other.generation = w->origin.generation + 1;
    enum err e = store_each_entry(w->with->store, &other, 0, 1, take_next, w);
    if (e == ERR_UNKNOWN)
        e = OK;
    if (e != OK || w->origin.generation == 1)
        return e;
    struct walk self = {.with = w->with, .v = w->v, .scratch = w->scratch, .origin = w->origin};
    e = store_each_entry(w->with->store, &w->origin, 0, 1, take_next, &self);
    free(self.points);
    other.generation = w->origin.generation - 1;
    struct before b = {w, self.has_next ? self.next_size : 0};
    if (e == OK)
        e = store_each_of_kind(w->with->store, &other, KIND_IDENTITY, 0, take_before, &b);
    return e == ERR_UNKNOWN ? OK : e;
}

/* ---- one log ---- */

struct run { const struct verify_with *with; struct verified *v; struct scratch *scratch; uint64_t done; };

static void walk_begin(struct walk *w, const struct run *r, const struct log_state *l)
{
    *w = (struct walk){.with = r->with, .v = r->v, .origin = l->origin, .state = l, .before = r->done,
                       .scratch = r->scratch, .end = l->frontier.size};
    w->identity_text = buf_on(IDENTITY_MAX);
    frontier_init(&w->all);
    frontier_init(&w->part);
    w->member = charter_find(chain_current(r->with->chain), &l->origin.slug);
    *r->v = (struct verified){.log = {l->origin.slug, l->origin.generation}, .size = l->whole,
                              .is_frozen = l->is_frozen};
    w->is_closed = w->member != NULL && member_closes(w->member, l->origin.generation);
    if (!w->is_closed)
        return;
    w->end = w->end < w->member->closed_size ? w->end : w->member->closed_size;
    r->v->size = r->v->size < w->end ? r->v->size : w->end;
}

static void walk_release(struct walk *w)
{
    buf_release(&w->identity_text);
    free(w->points);
    free(w->parts);
    free(w->keys);
    free(w->holes);
    free(w->erasures);
}

static enum err verify_log(void *arg, const struct log_state *l)
{
    struct run *r = arg;
    struct walk w;
    if (r->with->only != NULL && !slug_equal(r->with->only, &l->origin.slug))
        return OK;
    walk_begin(&w, r, l);
    enum err e = OK;
    if (w.member == NULL || !alliance_equal(&l->origin.alliance, &r->with->alliance)) {
        problems_add(&r->v->problems, true, "no charter of this alliance names %s", l->origin.slug.s);
    } else if (!member_has_log(w.member, l->origin.generation)) {
        problems_add(&r->v->problems, false, "%s was no member any more when this generation began: nothing of it counts",
                     l->origin.slug.s);
    } else {
        e = want_roots(&w);
        if (e == OK)
            e = look_around(&w);
        if (e == OK)
            e = walk_entries(&w);
        if (e == OK)
            e = walk_heads(&w);
    }
    if (e == ERR_CORRUPT || e == ERR_UNKNOWN) {
        problems_add(&r->v->problems, true, "the store is damaged: not all that is kept about this log can be read");
        e = OK;
    }
    walk_release(&w);
    r->done += l->frontier.size;
    r->v->ok = r->v->problems.n_failures == 0;
    return e == OK ? r->with->each(r->with->arg, r->v) : e;
}

enum err verify_logs(const struct verify_with *with)
{
    struct run r = {.with = with, .v = malloc(sizeof(*r.v)), .scratch = malloc(sizeof(*r.scratch))};
    enum err e = r.v != NULL && r.scratch != NULL ? store_each_log(with->store, verify_log, &r) : ERR_NOMEM;
    free(r.scratch);
    free(r.v);
    return e;
}

/* ---- charters ---- */

struct retake { struct chain *chain; struct verified *v; };

static enum err retake(void *arg, struct bytes note)
{
    struct retake *r = arg;
    enum chain_verdict verdict;
    struct hash hash;
    char hex[HEX_SIZE(HASH_LEN)];
    enum err e = chain_add(r->chain, note, &verdict, &hash);
    if (e == OK || e == ERR_STALE)
        return OK;                          /* a proposal that was overtaken may still lie there */
    if (e == ERR_NOMEM)
        return e;
    struct hash whole = sha256(note);
    hex_encode((struct bytes){whole.b, 8}, hex);
    problems_add(&r->v->problems, true, "charter: a note (SHA-256 %s...) is stored that does not hold: %s", hex, err_text(e));
    return OK;
}

static enum err check_trust(struct store *s, const struct retake *r)
{
    struct hash trust;
    struct buf b = buf_on(64);
    enum err e = store_get(s, "trust", &b);
    if (e == OK && b.len == sizeof(trust.b)) {
        memcpy(trust.b, b.p, sizeof(trust.b));
        if (!chain_stands(r->chain, &trust))
            problems_add(&r->v->problems, true, "charter: the one that the invite named does not stand");
    }
    buf_release(&b);
    return e == ERR_UNKNOWN ? OK : e;
}

enum err verify_charters(struct store *s, const struct alliance_id *alliance, const struct chain *chain, struct verified *ret)
{
    const struct charter *now = chain_current(chain);
    struct retake r = {.chain = chain_new(alliance), .v = ret};
    *ret = (struct verified){.ok = false};
    enum err e = r.chain != NULL ? store_each_charter(s, retake, &r) : ERR_NOMEM;
    if (e == ERR_CORRUPT) {
        problems_add(&ret->problems, true, "charter: the store is damaged");
        e = OK;
    }
    if (e == OK && (chain_current(r.chain) == NULL || now == NULL || !hash_equal(&chain_current(r.chain)->hash, &now->hash)))
        problems_add(&ret->problems, true, "charter: another one stands than before");
    if (e == OK)
        e = check_trust(s, &r);
    ret->ok = ret->problems.n_failures == 0;
    chain_free(r.chain);
    return e;
}
