#include "cli/official.h"

#include <stdlib.h>
#include <string.h>

#include "cli/nearest.h"
#include "cli/register/register.h"

static bool by_id(void *arg, const char *id, struct definition *ret)
{
    const struct definition *d = register_definition(id);
    (void)arg;
    if (d != NULL)
        *ret = *d;
    return d != NULL;
}

static bool by_hash(void *arg, const struct hash *hash, struct definition *ret)
{
    (void)arg;
    for (size_t i = 0; i < register_definitions(); i++) {
        struct hash h = definition_hash(register_definition_at(i));
        if (hash_equal(&h, hash)) {
            *ret = *register_definition_at(i);
            return true;
        }
    }
    return false;
}

const struct official official_definitions = {by_id, by_hash, NULL};

enum { WORDS_MAX = 512 };

struct word {
    char asked[INDICATOR_MAX + 1];
    bool is_known;
    struct definition_row row;
};

struct lexicon {
    struct view *v;
    enum err failed;
    size_t n;
    struct word *words[WORDS_MAX];
    char nearest[INDICATOR_MAX + 1];
};

struct lexicon *lexicon_new(struct view *v)
{
    struct lexicon *x = calloc(1, sizeof(*x));
    if (x != NULL)
        x->v = v;
    return x;
}

void lexicon_free(struct lexicon *x)
{
    for (size_t i = 0; x != NULL && i < x->n; i++)
        free(x->words[i]);
    free(x);
}

static struct word *look_up(struct lexicon *x, const char *id)
{
    struct word *w = calloc(1, sizeof(*w));
    if (w == NULL) {
        x->failed = ERR_NOMEM;
        return NULL;
    }
    memcpy(w->asked, id, strlen(id) + 1);
    enum err e = view_definition(x->v, id, &official_definitions, &w->row);
    if (e == OK)
        w->is_known = true;
    else if (e != ERR_UNKNOWN)
        x->failed = e;
    return w;
}

const struct definition *lexicon_definition(void *lexicon, const char *id)
{
    struct lexicon *x = lexicon;
    if (strlen(id) > INDICATOR_MAX)
        return NULL;
    for (size_t i = 0; i < x->n; i++)
        if (strcmp(x->words[i]->asked, id) == 0)
            return x->words[i]->is_known ? &x->words[i]->row.definition : NULL;
    if (x->n == WORDS_MAX)                      /* so many words are not indicators: the official ones will do */
        return register_definition(id);
    struct word *w = look_up(x, id);
    if (w == NULL)
        return NULL;
    x->words[x->n++] = w;
    return w->is_known ? &w->row.definition : NULL;
}

struct hash lexicon_hash(void *lexicon, const struct definition *d)
{
    const struct lexicon *x = lexicon;
    for (size_t i = 0; i < x->n; i++)
        if (d == &x->words[i]->row.definition)
            return x->words[i]->row.hash;
    return definition_hash(d);                  /* an official one, of the register */
}

struct nearing { struct lexicon *x; const char *word; size_t distance; };

static enum err offer(void *arg, const char *id)
{
    struct nearing *n = arg;
    struct nearest one = nearest_to(n->word);
    nearest_offer(&one, id);
    if (one.best == NULL || (n->x->nearest[0] != '\0' && one.distance >= n->distance))
        return OK;
    n->distance = one.distance;
    return bytes_to_str(bytes_of(id), n->x->nearest, sizeof(n->x->nearest));
}

/* Among the official ones and the alliance's own. */
const char *lexicon_nearest(void *lexicon, const char *id)
{
    struct lexicon *x = lexicon;
    const char *official = register_nearest_definition(id);
    struct nearing n = {.x = x, .word = id};
    x->nearest[0] = '\0';
    enum err e = official != NULL ? offer(&n, official) : OK;
    if (e == OK)
        e = view_definition_ids(x->v, offer, &n);
    if (e != OK && x->failed == OK)
        x->failed = e;
    return x->nearest[0] != '\0' ? x->nearest : NULL;
}

enum err lexicon_status(const struct lexicon *x)
{
    return x->failed;
}
