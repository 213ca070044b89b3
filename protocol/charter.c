#include "protocol/charter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_WITNESSES = 7, ROOTS_MAX = MEMBERS_MAX + CHARTER_REPLACEMENTS_MAX };

struct charter *charter_new(void)
{
    return calloc(1, sizeof(struct charter));
}

struct charter *charter_copy(const struct charter *c)
{
    struct charter *copy = malloc(sizeof(*copy));
    if (copy != NULL)
        *copy = *c;
    return copy;
}

void charter_free(struct charter *c)
{
    free(c);
}

static bool root_equal(const struct sign_public *a, const struct sign_public *b)
{
    return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

struct alliance_id charter_alliance_id(const struct hash *version_1)
{
    struct alliance_id id;
    memcpy(id.b, version_1->b, sizeof(id.b));
    return id;
}

const struct member *charter_find(const struct charter *c, const struct slug *slug)
{
    for (size_t i = 0; i < c->n_members; i++)
        if (slug_equal(&c->members[i].slug, slug))
            return &c->members[i];
    return NULL;
}

const struct member *charter_find_root(const struct charter *c, const struct sign_public *root)
{
    for (size_t i = 0; i < c->n_members; i++)
        if (!c->members[i].is_former && root_equal(&c->members[i].root, root))
            return &c->members[i];
    return NULL;
}

static bool slug_is_listed(const struct slug *slug, const struct slug *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slug_equal(slug, &list[i]))
            return true;
    return false;
}

bool charter_is_steward(const struct charter *c, const struct slug *slug)
{
    return slug_is_listed(slug, c->stewards, c->n_stewards);
}

bool member_closes(const struct member *m, uint32_t generation)
{
    return m->is_former && generation == m->closed_generation;
}

bool member_has_log(const struct member *m, uint32_t generation)
{
    return !m->is_former || generation <= m->closed_generation;
}

bool member_is_reader(const struct member *m)
{
    return !m->is_former && (m->role == ROLE_AUTHORITY || m->role == ROLE_LEAD);
}

size_t charter_readers(const struct charter *c, const struct member **ret)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_members; i++) {
        if (!member_is_reader(&c->members[i]))
            continue;
        if (ret != NULL)
            ret[n] = &c->members[i];
        n++;
    }
    return n;
}

size_t charter_witnesses(const struct charter *c, struct slug *ret)
{
    size_t n = 0;
    if (c->n_witnesses > 0) {
        memcpy(ret, c->witnesses, c->n_witnesses * sizeof(ret[0]));
        return c->n_witnesses;
    }
    for (size_t i = 0; i < c->n_members && n < DEFAULT_WITNESSES; i++)
        if (!c->members[i].is_former && c->members[i].role == ROLE_AUTHORITY)
            ret[n++] = c->members[i].slug;
    return n;
}

uint32_t quorum_of(size_t n_witnesses)
{
    if (n_witnesses < 2)
        return 1;
    size_t f = (n_witnesses - 1) / 3;
    if (f < 1)
        f = 1;
    return (uint32_t)((n_witnesses + f) / 2 + 1);
}

uint32_t charter_quorum(const struct charter *c)
{
    struct slug witnesses[WITNESSES_MAX];
    return c->quorum != 0 ? c->quorum : quorum_of(charter_witnesses(c, witnesses));
}

/* Sorted by slug, so that checking 512 members does not cost 512 x 512. */
static int by_slug(const void *a, const void *b)
{
    const struct member *const *x = a, *const *y = b;
    return slug_compare(&(*x)->slug, &(*y)->slug);
}

static void sort_members(const struct charter *c, const struct member *ret[MEMBERS_MAX])
{
    for (size_t i = 0; i < c->n_members; i++)
        ret[i] = &c->members[i];
    qsort(ret, c->n_members, sizeof(ret[0]), by_slug);
}

static const struct member *find_sorted(const struct member *const *sorted, size_t n, const struct member *like)
{
    const struct member *const *at = bsearch(&like, sorted, n, sizeof(sorted[0]), by_slug);
    return at != NULL ? *at : NULL;
}

static bool slugs_are_distinct(const struct charter *c)
{
    const struct member *sorted[MEMBERS_MAX];
    sort_members(c, sorted);
    for (size_t i = 1; i < c->n_members; i++)
        if (by_slug(&sorted[i - 1], &sorted[i]) == 0)
            return false;
    return true;
}

static int by_root(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct sign_public));
}

/* Members', former ones' and replaced roots: a key never serves two bodies, and a lost one never comes back. */
static bool roots_are_distinct(const struct charter *c)
{
    struct sign_public roots[ROOTS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < c->n_members; i++)
        roots[n++] = c->members[i].root;
    for (size_t i = 0; i < c->n_replacements; i++)
        roots[n++] = c->replacements[i].old_root;
    qsort(roots, n, sizeof(roots[0]), by_root);
    for (size_t i = 1; i < n; i++)
        if (by_root(&roots[i - 1], &roots[i]) == 0)
            return false;
    return true;
}

static bool stewards_are_good(const struct charter *c)
{
    for (size_t i = 0; i < c->n_stewards; i++) {
        const struct member *m = charter_find(c, &c->stewards[i]);
        if (m == NULL || m->is_former || m->role != ROLE_AUTHORITY || slug_is_listed(&m->slug, c->stewards, i))
            return false;
    }
    if (c->version == 1 && c->n_stewards != 1)      /* the founder */
        return false;
    return c->n_stewards >= 1 && c->threshold > c->n_stewards / 2 && c->threshold <= c->n_stewards;
}

static bool witnesses_are_good(const struct charter *c)
{
    struct slug in_force[WITNESSES_MAX];
    for (size_t i = 0; i < c->n_witnesses; i++) {
        const struct member *m = charter_find(c, &c->witnesses[i]);
        if (m == NULL || m->is_former || slug_is_listed(&m->slug, c->witnesses, i))
            return false;
    }
    return c->quorum <= charter_witnesses(c, in_force);
}

static bool successions_are_good(const struct charter *c)
{
    for (size_t i = 0; i < c->n_successions; i++) {
        const struct succession *s = &c->successions[i];
        if (charter_find(c, &s->slug) == NULL || slug_equal(&s->slug, &s->old))
            return false;
        for (size_t k = 0; k < i; k++)
            if (slug_equal(&s->slug, &c->successions[k].slug) && slug_equal(&s->old, &c->successions[k].old))
                return false;
    }
    return true;
}

/* In the same log; a log of a later generation comes after all of the one before. */
static bool is_before(const struct replacement *a, const struct replacement *b)
{
    return a->generation < b->generation || (a->generation == b->generation && a->log_size < b->log_size);
}

/* Of one member's lost roots the later stands later, and not below the earlier. */
static bool replacements_are_good(const struct charter *c)
{
    for (size_t i = 0; i < c->n_replacements; i++) {
        const struct replacement *r = &c->replacements[i];
        if (charter_find(c, &r->slug) == NULL)
            return false;
        for (size_t k = 0; k < i; k++)
            if (slug_equal(&r->slug, &c->replacements[k].slug) && is_before(r, &c->replacements[k]))
                return false;
    }
    return true;
}

enum err charter_check(const struct charter *c)
{
    return slugs_are_distinct(c) && roots_are_distinct(c) && stewards_are_good(c) && witnesses_are_good(c)
           && successions_are_good(c) && replacements_are_good(c) ? OK : ERR_FORMAT;
}

enum err charter_count_signatures(const struct charter *c, const struct note *n, size_t *ret_count, uint32_t *ret_mask)
{
    size_t count = 0;
    uint32_t mask = 0;
    for (size_t i = 0; i < c->n_stewards; i++) {
        const struct member *m = charter_find(c, &c->stewards[i]);
        assert(m != NULL);                          /* charter_check saw to it */
        struct note_key key = root_key(&m->slug, &m->root);
        enum err e = note_check(n, &key, NULL);
        if (e == ERR_SIGNATURE)
            return e;
        if (e == OK) {
            count++;
            mask |= (uint32_t)1 << i;
        }
    }
    *ret_count = count;
    if (ret_mask != NULL)
        *ret_mask = mask;
    return OK;
}

static const struct replacement *find_replacement(const struct charter *c, const struct slug *slug,
                                                  const struct sign_public *old_root)
{
    for (size_t i = 0; i < c->n_replacements; i++)
        if (slug_equal(&c->replacements[i].slug, slug) && root_equal(&c->replacements[i].old_root, old_root))
            return &c->replacements[i];
    return NULL;
}

/* What was replaced stays replaced, where it was; a new line tells of the root that the slug had until now. */
static enum err check_replacements(const struct charter *prev, const struct charter *next)
{
    for (size_t i = 0; i < prev->n_replacements; i++) {
        const struct replacement *was = &prev->replacements[i];
        const struct replacement *is = find_replacement(next, &was->slug, &was->old_root);
        if (is == NULL || is->generation != was->generation || is->log_size != was->log_size)
            return ERR_CHAIN;
    }
    for (size_t i = 0; i < next->n_replacements; i++) {
        const struct replacement *is = &next->replacements[i];
        const struct member *m = charter_find(prev, &is->slug);
        if (find_replacement(prev, &is->slug, &is->old_root) != NULL)
            continue;
        if (m == NULL || m->is_former || !root_equal(&m->root, &is->old_root))
            return ERR_CHAIN;
    }
    return OK;
}

/* May `was` of the version before stand as `is` now? */
static bool member_may_become(const struct member *was, const struct member *is, const struct charter *next)
{
    bool same_root = root_equal(&was->root, &is->root);
    if (was->is_former)
        return is->is_former && same_root && was->role == is->role
               && was->closed_generation == is->closed_generation && was->closed_size == is->closed_size
               && hash_equal(&was->closed_root, &is->closed_root);
    return same_root || find_replacement(next, &was->slug, &was->root) != NULL;
}

static enum err check_members(const struct charter *prev, const struct charter *next)
{
    const struct member *before[MEMBERS_MAX], *after[MEMBERS_MAX];
    sort_members(prev, before);
    sort_members(next, after);
    for (size_t i = 0; i < prev->n_members; i++) {
        const struct member *is = find_sorted(after, next->n_members, before[i]);
        if (is == NULL || !member_may_become(before[i], is, next))
            return ERR_CHAIN;
    }
    for (size_t i = 0; i < next->n_members; i++) {
        const struct member *was = find_sorted(before, prev->n_members, after[i]);
        bool is_new_root = was == NULL || !root_equal(&was->root, &after[i]->root);
        if (is_new_root && !sign_public_is_good(&after[i]->root))
            return ERR_KEY;
    }
    return OK;
}

/* Nobody stood before: every root is new. */
static enum err check_founding(const struct charter *first)
{
    if (first->version != 1)
        return ERR_CHAIN;
    for (size_t i = 0; i < first->n_members; i++)
        if (!sign_public_is_good(&first->members[i].root))
            return ERR_KEY;
    return OK;
}

enum err charter_check_next(const struct charter *prev, const struct charter *next)
{
    if (prev == NULL)
        return check_founding(next);
    if (next->version != prev->version + 1 || !hash_equal(&next->previous, &prev->hash)
        || strcmp(next->name, prev->name) != 0)
        return ERR_CHAIN;
    enum err e = check_replacements(prev, next);
    return e != OK ? e : check_members(prev, next);
}

static enum err check_threshold(const struct charter *c, const struct note *n)
{
    size_t count;
    enum err e = charter_count_signatures(c, n, &count, NULL);
    return e != OK ? e : count >= c->threshold ? OK : ERR_THRESHOLD;
}

/* A signature that does not hold weighs more than too few: it rejects the note. */
enum err charter_check_signed(const struct charter *prev, const struct charter *next, const struct note *n)
{
    enum err of_prev = prev != NULL ? check_threshold(prev, n) : OK;
    enum err of_next = check_threshold(next, n);
    if (of_prev == ERR_SIGNATURE || of_next == ERR_SIGNATURE)
        return ERR_SIGNATURE;
    if (prev == NULL && (next->version != 1 || next->n_stewards != 1))
        return ERR_THRESHOLD;
    return of_prev != OK ? of_prev : of_next;
}
