#include "cli/audit/witness_keys.h"

#include <stdlib.h>
#include <string.h>

#include "cli/audit/problems.h"

/* The key ids under one name, of as many keys as were known when it was last asked. */
struct name { uint32_t generation; size_t n; struct note_keyid ids[WITNESS_KEYS_MAX]; };

struct keys_of {
    struct slug slug;
    size_t n, last, n_misses;               /* last: that fitted a COSIG */
    bool is_over;                           /* there were more */
    size_t places[WITNESS_KEYS_MAX];
    size_t n_names;
    struct name *names[WITNESS_NAMES_MAX];
};

void witness_keys_release(struct witness_keys *w)
{
    for (size_t i = 0; i < w->n_of; i++) {
        for (size_t k = 0; k < w->of[i]->n_names; k++)
            free(w->of[i]->names[k]);
        free(w->of[i]);
    }
    free(w->of);
    free(w->list);
    *w = (struct witness_keys){0};
}

/* Where this witness stands, or would. */
static size_t place_of(const struct witness_keys *w, const struct slug *slug)
{
    size_t low = 0, high = w->n_of;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(w->of[mid]->slug.s, slug->s) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static struct keys_of *find(const struct witness_keys *w, const struct slug *slug)
{
    size_t at = place_of(w, slug);
    return at < w->n_of && slug_equal(&w->of[at]->slug, slug) ? w->of[at] : NULL;
}

static enum err add_witness(struct witness_keys *w, const struct slug *slug, struct keys_of **ret)
{
    size_t at = place_of(w, slug);
    enum err e = list_room((void **)&w->of, &w->cap_of, w->n_of, sizeof(struct keys_of *));
    struct keys_of *k = e == OK ? calloc(1, sizeof(*k)) : NULL;
    if (k == NULL)
        return ERR_NOMEM;
    k->slug = *slug;
    memmove(&w->of[at + 1], &w->of[at], (w->n_of - at) * sizeof(w->of[0]));
    w->of[at] = k;
    w->n_of++;
    *ret = k;
    return OK;
}

enum err witness_keys_add(struct witness_keys *w, const struct slug *slug, const struct sign_public *key)
{
    struct keys_of *k = find(w, slug);
    for (size_t i = 0; k != NULL && i < k->n; i++)
        if (memcmp(w->list[k->places[i]].key.b, key->b, sizeof(key->b)) == 0)
            return OK;
    if (k != NULL && k->n == WITNESS_KEYS_MAX) {
        k->is_over = true;
        return ERR_LIMIT;
    }
    enum err e = k != NULL ? OK : add_witness(w, slug, &k);
    if (e == OK)
        e = list_room((void **)&w->list, &w->cap, w->n, sizeof(w->list[0]));
    if (e != OK)
        return e;
    w->list[w->n] = (struct witness_key){*slug, *key};
    k->places[k->n++] = w->n++;
    return OK;
}

/* ---- by a line ---- */

static struct name *find_name(struct keys_of *k, uint32_t generation)
{
    for (size_t i = 0; i < k->n_names; i++)
        if (k->names[i]->generation == generation)
            return k->names[i];
    struct name *x = k->n_names < WITNESS_NAMES_MAX ? calloc(1, sizeof(*x)) : NULL;
    if (x == NULL)
        return NULL;
    x->generation = generation;
    k->names[k->n_names++] = x;
    return x;
}

size_t witness_keys_find(const struct witness_keys *w, const struct origin *o, const struct note_keyid *id)
{
    struct keys_of *k = find(w, &o->slug);
    struct name *x = k != NULL ? find_name(k, o->generation) : NULL, once = {.generation = o->generation};
    if (x == NULL && k != NULL && k->n_names < WITNESS_NAMES_MAX)
        x = &once;                          /* without the memory to keep it */
    for (; x != NULL && x->n < k->n; x->n++) {
        struct note_key key = checkpoint_witness_key(o, &w->list[k->places[x->n]].key);
        x->ids[x->n] = note_keyid(&key);
    }
    for (size_t i = 0; x != NULL && i < x->n; i++)
        if (memcmp(x->ids[i].b, id->b, sizeof(id->b)) == 0)
            return k->places[i];
    return w->n;
}

/* ---- by trying ---- */

static bool fits(const struct witness_keys *w, const struct keys_of *k, size_t i, const struct checkpoint *over,
                 const struct origin *witness, const struct cosig *c)
{
    return checkpoint_check_cosignature(over, witness, &w->list[k->places[i]].key, c->time_s, &c->sig) == OK;
}

enum err witness_keys_check(struct witness_keys *w, const struct origin *o, const struct cosig *c)
{
    struct checkpoint over = {.origin = *o, .size = c->size, .root = c->root};
    struct origin witness = {.alliance = o->alliance, .slug = c->witness, .generation = 1};
    struct keys_of *k = find(w, &c->witness);
    if (k == NULL)
        return ERR_UNKNOWN;
    for (size_t i = 0; i < k->n; i++) {     /* keys change in the order in which they came */
        size_t at = (k->last + i) % k->n;
        if (i > 0 && (k->n_misses >= WITNESS_MISSES_MAX || w->n_misses >= WITNESS_MISSES_ALL_MAX))
            return ERR_LIMIT;
        if (fits(w, k, at, &over, &witness, c)) {
            k->last = at;
            return OK;
        }
        k->n_misses++;
        w->n_misses++;
    }
    return k->is_over ? ERR_LIMIT : ERR_SIGNATURE;
}
