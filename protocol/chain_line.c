#include "protocol/chain_line.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void entry_release(struct entry *e)
{
    charter_free(e->charter);
    buf_release(&e->note);
}

struct chain *chain_new(const struct alliance_id *id)
{
    struct chain *c = calloc(1, sizeof(*c));
    if (c == NULL)
        return NULL;
    c->id = *id;
    c->cap = 16;
    c->charters = calloc(c->cap, sizeof(c->charters[0]));
    c->proposals = calloc(CHARTER_PROPOSALS_MAX, sizeof(c->proposals[0]));
    c->looks = calloc(1, sizeof(*c->looks));
    c->n_charters = 1;
    if (c->charters == NULL || c->proposals == NULL || c->looks == NULL) {
        c->n_charters = 0;
        chain_free(c);
        return NULL;
    }
    return c;
}

void chain_free(struct chain *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->n_charters; i++)
        entry_release(&c->charters[i]);
    for (size_t i = 0; i < c->n_proposals; i++)
        entry_release(&c->proposals[i]);
    free(c->charters);
    free(c->proposals);
    free(c->looks);
    free(c);
}

uint64_t chain_work(const struct chain *c)
{
    return c->looks->work;
}

/* The slot that holds this hash's place, or the empty one where it belongs. */
static size_t slot_of(const struct chain *c, const struct hash *hash)
{
    size_t at = get_u32be(hash->b) % SLOTS;
    while (c->slots[at] != 0 && !hash_equal(&c->charters[c->slots[at]].hash, hash)) {
        at = (at + 1) % SLOTS;
        c->looks->work++;
    }
    return at;
}

struct entry *chain_proposal(const struct chain *c, const struct hash *hash)
{
    for (size_t i = 0; i < c->n_proposals; i++, c->looks->work++)
        if (hash_equal(&c->proposals[i].hash, hash))
            return &c->proposals[i];
    return NULL;
}

uint16_t chain_place(const struct chain *c, const struct hash *hash)
{
    return c->slots[slot_of(c, hash)];
}

struct entry *chain_entry(const struct chain *c, const struct hash *hash)
{
    uint16_t place = chain_place(c, hash);
    return place != 0 ? &c->charters[place] : chain_proposal(c, hash);
}

bool chain_place_stands(const struct chain *c, uint16_t place)
{
    uint32_t version = c->charters[place].version;
    return version <= c->line_len && c->line[version] == place;
}

const struct charter *chain_load(const struct chain *c, uint16_t place)
{
    struct entry *e = &c->charters[place];
    struct note n;
    assert(place != 0);
    if (e->charter != NULL)
        return e->charter;
    struct charter *read = charter_new();
    c->looks->work++;
    if (read == NULL || note_parse(buf_bytes(&e->note), &n) != OK || charter_parse(n.text, read) != OK) {
        charter_free(read);                 /* it was read before: only memory can be lacking */
        return NULL;
    }
    e->charter = read;
    c->looks->loaded[c->looks->n_loaded++] = place;
    return read;
}

/* Some 100 KiB each. */
void chain_unload(struct chain *c)
{
    if (c->looks->n_loaded <= LOADED_KEPT)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < c->looks->n_loaded; i++) {
        uint16_t place = c->looks->loaded[i];
        if (place == c->line[c->line_len]) {
            c->looks->loaded[kept++] = place;
            continue;
        }
        charter_free(c->charters[place].charter);
        c->charters[place].charter = NULL;
        c->looks->work++;
    }
    c->looks->n_loaded = kept;
}

/* Does `a` come before `b` among the successors of one charter? */
static bool is_better(const struct entry *a, const struct entry *b)
{
    if ((a->best != 0) != (b->best != 0))
        return a->best != 0;
    if (a->round != b->round)
        return a->round > b->round;
    return memcmp(a->hash.b, b->hash.b, sizeof(a->hash.b)) < 0;
}

/* Would x, a charter without successors, be in force once it is added?  It must be
 * the best behind its predecessor, and that one stand, or come to stand by having
 * its first successor. */
static bool would_stand(const struct chain *c, const struct entry *x)
{
    struct entry before = c->charters[x->before];
    if (before.best != 0 && !is_better(x, &c->charters[before.best]))
        return false;
    if (chain_place_stands(c, x->before))
        return true;
    before.best = 1;                        /* any: it has one then */
    return chain_place_stands(c, before.before) && is_better(&before, &c->charters[c->charters[before.before].best]);
}

/* Enter the charter at `place` among its predecessor's successors, and that one,
 * which may have its first now, anew among its own rivals. */
static void link_in(struct chain *c, uint16_t place)
{
    uint16_t before_place = c->charters[place].before;
    struct entry *before = &c->charters[before_place];
    if (before->best == 0 || is_better(&c->charters[place], &c->charters[before->best]))
        before->best = place;
    struct entry *above = &c->charters[before->before];
    if (before_place != 0 && above->best != before_place && is_better(before, &c->charters[above->best]))
        above->best = before_place;
}

static enum err make_room(struct chain *c)
{
    if (c->n_charters == CHARTERS_MAX)
        return ERR_LIMIT;
    if (c->n_charters < c->cap)
        return OK;
    struct entry *more = realloc(c->charters, 2 * c->cap * sizeof(more[0]));
    if (more == NULL)
        return ERR_NOMEM;
    c->charters = more;
    c->cap *= 2;
    return OK;
}

static void drop_proposal(struct chain *c, struct entry *e)
{
    entry_release(e);
    *e = c->proposals[--c->n_proposals];
}

/* Those that nobody supports any more, and those for versions that stand. */
static void drop_dead_proposals(struct chain *c)
{
    for (size_t i = c->n_proposals; i > 0; i--, c->looks->work++)
        if (c->proposals[i - 1].support == 0 || c->proposals[i - 1].version <= c->line_len)
            drop_proposal(c, &c->proposals[i - 1]);
}

enum err chain_accept_charter(struct chain *c, const struct entry *x)
{
    bool in_force = would_stand(c, x);
    if (!in_force && c->n_charters - 1 - c->line_len >= CHARTER_RIVALS_MAX)
        return ERR_LIMIT;
    enum err e = make_room(c);
    if (e != OK)
        return e;
    uint16_t place = (uint16_t)c->n_charters++;
    c->charters[place] = *x;
    c->slots[slot_of(c, &x->hash)] = place;
    c->looks->loaded[c->looks->n_loaded++] = place;
    link_in(c, place);
    if (in_force) {
        c->line[x->version - 1] = x->before;
        c->line[x->version] = place;
        c->line_len = x->version;
    }
    struct entry *proposed = chain_proposal(c, &x->hash);
    if (proposed != NULL)
        drop_proposal(c, proposed);
    drop_dead_proposals(c);
    return OK;
}

/* Of the stewards in `mask` those whose proposal x is: the others signed a better one. */
static uint32_t supporters(const struct chain *c, const struct entry *x, uint32_t mask)
{
    for (size_t i = 0; i < c->n_proposals; i++, c->looks->work++) {
        const struct entry *other = &c->proposals[i];
        if (other->before == x->before && !hash_equal(&other->hash, &x->hash) && is_better(other, x))
            mask &= ~other->support;
    }
    return mask;
}

/* How many proposals will be nobody's once x has its supporters. */
static size_t count_superseded(const struct chain *c, const struct entry *x)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_proposals; i++)
        n += c->proposals[i].before == x->before && (c->proposals[i].support & ~x->support) == 0;
    return n;
}

enum err chain_accept_proposal(struct chain *c, struct entry *x, uint32_t signed_by, struct entry *known)
{
    if (x->version <= c->line_len)
        return ERR_STALE;
    x->support = supporters(c, x, signed_by);
    if (known != NULL) {
        entry_release(known);
        known->support = 0;
        *known = (struct entry){.before = known->before};
    } else if (x->support == 0) {
        return ERR_STALE;
    } else if (c->n_proposals - count_superseded(c, x) >= CHARTER_PROPOSALS_MAX) {
        return ERR_LIMIT;
    }
    for (size_t i = 0; i < c->n_proposals; i++)
        if (c->proposals[i].before == x->before)
            c->proposals[i].support &= ~x->support;
    drop_dead_proposals(c);
    c->proposals[c->n_proposals++] = *x;
    return OK;
}
