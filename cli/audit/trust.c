#include "cli/audit/trust.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *trust_name(enum trust_kind k)
{
    static const char *const names[] = {"none", "charter", "policy"};
    return names[k];
}

void trust_init(const struct hash *pin, const struct policy *policy, struct trust *ret)
{
    assert(pin == NULL || policy == NULL);
    *ret = (struct trust){.policy = policy, .kind = policy != NULL ? TRUST_POLICY : TRUST_NONE, .has_pin = pin != NULL};
    if (pin != NULL)
        ret->pin = *pin;
}

void trust_release(struct trust *t)
{
    chain_free(t->chain);
    witness_keys_release(&t->keys);
    t->chain = NULL;
}

/* ---- charters ---- */

/* The first note founds the alliance, whichever that is: the pin says whether it is the right one. */
static enum err found(struct trust *t, struct bytes first)
{
    struct note *n = malloc(sizeof(*n));
    enum err e = n != NULL ? note_parse(first, n) : ERR_NOMEM;
    if (e == OK) {
        struct hash hash = sha256(n->text);
        t->alliance = charter_alliance_id(&hash);
        t->chain = chain_new(&t->alliance);
        e = t->chain != NULL ? OK : ERR_NOMEM;
    }
    free(n);
    return e;
}

static bool set_equal(const struct witness_set *a, const struct witness_set *b)
{
    if (a->n != b->n || a->quorum != b->quorum)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!slug_equal(&a->list[i], &b->list[i]))
            return false;
    return true;
}

/* Whoever stands in one version stands in all that follow. */
static void place_set(const struct charter *now, struct witness_set *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct member *m = charter_find(now, &s->list[i]);
        size_t place = m != NULL ? (size_t)(m - now->members) : 0;
        if (m != NULL)
            s->places[place / 64] |= (uint64_t)1 << place % 64;
    }
}

static enum err gather_sets(struct trust *t)
{
    for (uint32_t v = t->now->version; v > 0; v--) {
        const struct charter *c = chain_version(t->chain, v);
        if (c == NULL)
            return ERR_NOMEM;
        struct witness_set s = {.from = v, .to = v, .quorum = charter_quorum(c)};
        s.n = charter_witnesses(c, s.list);
        chain_unload(t->chain);             /* but `now`; thousands would be much */
        if (t->n_sets > 0 && set_equal(&s, &t->sets[t->n_sets - 1])) {
            t->sets[t->n_sets - 1].from = v;
            continue;
        }
        if (t->n_sets == WITNESS_SETS_MAX)
            break;
        place_set(t->now, &s);
        t->sets[t->n_sets++] = s;
    }
    return OK;
}

static void find_pin(struct trust *t, struct problems *p)
{
    char hex[HEX_SIZE(HASH_LEN)];
    if (!t->has_pin)
        return;
    const struct charter *c = chain_find(t->chain, &t->pin);
    if (c != NULL && chain_stands(t->chain, &t->pin)) {
        t->kind = TRUST_CHARTER;
        t->pinned = c->version;
        return;
    }
    hex_encode((struct bytes){t->pin.b, HASH_LEN}, hex);
    if (c != NULL)
        problems_add(p, true, "charter: %s is in the file, and is not one that stands", hex);
    else
        problems_add(p, true, "charter: none of the file's is %s: it is another alliance's, or older than the one you trust", hex);
}

/* One note; false, and said, when it does not hold. */
static enum err take_charter(struct trust *t, size_t i, struct bytes note, struct problems *p, bool *ret_held)
{
    enum chain_verdict verdict = CHAIN_KNOWN;
    struct hash hash;
    enum err e = chain_add(t->chain, note, &verdict, &hash);
    *ret_held = e == OK && verdict == CHAIN_CHARTER;
    if (e == ERR_NOMEM)
        return e;
    if (!*ret_held)
        problems_add(p, true, "charter: number %zu in the file does not hold: %s", i + 1,
                     e != OK ? err_text(e) : verdict == CHAIN_KNOWN ? "it is there twice" : err_text(ERR_THRESHOLD));
    return OK;
}

enum err trust_charters(struct trust *t, size_t n, const struct bytes *notes, struct problems *p)
{
    bool held = n > 0;
    enum err e = n > 0 ? found(t, notes[0]) : OK;
    if (e != OK && e != ERR_NOMEM) {
        problems_add(p, true, "charter: number 1 in the file does not hold: %s", err_text(e));
        return OK;
    }
    for (size_t i = 0; i < n && e == OK && held; i++)
        e = take_charter(t, i, notes[i], p, &held);
    if (e != OK || n == 0)
        return e;
    t->now = held ? chain_current(t->chain) : NULL;
    if (held && t->now->version != n) {
        problems_add(p, true, "charter: those in the file are not one line from version 1 on");
        t->now = NULL;
    }
    if (t->now == NULL)
        return OK;
    find_pin(t, p);
    return gather_sets(t);
}

/* ---- members ---- */

const struct sign_public *trust_root_at(const struct trust *t, const struct origin *o, uint64_t idx)
{
    return t->now != NULL ? chain_root_at(t->chain, &o->slug, o->generation, idx) : NULL;
}

uint32_t trust_admitted(const struct trust *t, const struct slug *slug)
{
    uint32_t low = 1, high = t->now != NULL && charter_find(t->now, slug) != NULL ? t->now->version : 0;
    if (high == 0)
        return 0;
    while (low < high) {                    /* whoever stands in one version stands in all that follow */
        uint32_t mid = low + (high - low) / 2;
        const struct charter *c = chain_version(t->chain, mid);
        if (c != NULL && charter_find(c, slug) != NULL)
            high = mid;
        else
            low = mid + 1;
    }
    if (t->chain != NULL)
        chain_unload(t->chain);
    return low;
}

static enum err add_key(struct trust *t, const struct identity *id, bool is_fatal, struct problems *p)
{
    enum err e = witness_keys_add(&t->keys, &id->slug, &id->witness);
    if (e == ERR_LIMIT)
        problems_add(p, is_fatal, "identity of %s: more than %d witness keys of it are in the file: this one does not count",
                     id->slug.s, WITNESS_KEYS_MAX);
    return e == ERR_LIMIT ? OK : e;
}

enum err trust_identity(struct trust *t, struct bytes note, bool is_fatal, struct problems *p)
{
    struct identity *id = malloc(sizeof(*id));
    if (id == NULL)
        return ERR_NOMEM;
    enum err e = identity_open(note, id);
    const struct sign_public *root = e == OK && t->now != NULL ? chain_root_now(t->chain, &id->slug) : NULL;
    bool holds = root != NULL && memcmp(root->b, id->root.b, sizeof(root->b)) == 0;
    if (holds)
        e = add_key(t, id, is_fatal, p);
    else if (e == OK && is_fatal)
        problems_add(p, true, "identity of %s: it is not signed by the root key that the charter names", id->slug.s);
    else if (e != OK && e != ERR_NOMEM && is_fatal)
        problems_add(p, true, "an identity in the file does not hold: %s", err_text(e));
    free(id);
    return e == ERR_NOMEM ? e : OK;
}

bool trust_witness_origin(struct bytes name, struct origin *ret)
{
    static const char tail[] = "/witness";
    size_t n = sizeof(tail) - 1;
    return name.len > n && memcmp(name.p + name.len - n, tail, n) == 0
           && origin_parse((struct bytes){name.p, name.len - n}, ret) == OK;
}

size_t trust_witness(const struct trust *t, const struct note_line *line, struct note_key *ret)
{
    struct origin o;
    if (!trust_witness_origin(line->name, &o) || !alliance_equal(&o.alliance, &t->alliance))
        return t->keys.n;
    size_t at = witness_keys_find(&t->keys, &o, &line->id);
    if (at < t->keys.n)
        *ret = checkpoint_witness_key(&o, &t->keys.list[at].key);
    return at;
}
