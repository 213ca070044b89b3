#include "cli/audit/witnesses.h"

#include <stdlib.h>
#include <string.h>

#include "cli/audit/witness_keys.h"

struct witnesses {
    const struct chain *chain;
    struct witness_keys *keys;              /* which remember what was tried */
    struct identity *scratch;
};

/* Signed by the root that counts for it. NULL: the root is not known. */
static enum err take_signed(struct witnesses *w, const struct identity *id, const struct sign_public *root)
{
    if (root == NULL || memcmp(root->b, id->root.b, sizeof(root->b)) != 0)
        return OK;
    enum err e = witness_keys_add(w->keys, &id->slug, &id->witness);
    return e == ERR_LIMIT ? OK : e;         /* more than anybody needs: those beyond do not count */
}

/* One that came without its log. */
static enum err take_note(struct witnesses *w, struct bytes note)
{
    struct identity *id = w->scratch;
    return identity_open(note, id) == OK ? take_signed(w, id, chain_root_now(w->chain, &id->slug)) : OK;
}

static enum err take_outside(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    (void)slug, (void)version;
    return take_note(arg, note);
}

struct in_log { struct witnesses *w; const struct origin *o; };

static enum err take_entry(void *arg, uint64_t idx, const struct item *item)
{
    const struct in_log *in = arg;
    struct identity *id = in->w->scratch;
    if (!item->has_payload || identity_open(payload_body(item->payload), id) != OK)
        return OK;
    return take_signed(in->w, id, chain_root_at(in->w->chain, &id->slug, in->o->generation, idx));
}

struct origins { size_t n, cap; struct origin *list; };

static enum err gather(void *arg, const struct log_state *l)
{
    struct origins *o = arg;
    if (o->n == o->cap) {
        size_t cap = o->cap > 0 ? o->cap * 2 : 64;
        struct origin *list = realloc(o->list, cap * sizeof(*list));
        if (list == NULL)
            return ERR_NOMEM;
        o->list = list;
        o->cap = cap;
    }
    o->list[o->n++] = l->origin;
    return OK;
}

/* A damaged log gives no keys; that it is damaged is for others to say. */
static enum err take_logs(struct witnesses *w, struct store *s)
{
    struct origins o = {.n = 0};
    enum err e = store_each_log(s, gather, &o);
    for (size_t i = 0; e == OK && i < o.n; i++) {
        struct in_log in = {w, &o.list[i]};
        e = store_each_of_kind(s, &o.list[i], KIND_IDENTITY, 0, take_entry, &in);
        if (e == ERR_CORRUPT)
            e = OK;
    }
    free(o.list);
    return e;
}

enum err witnesses_new(struct store *s, const struct chain *chain, struct bytes ours, struct witnesses **ret)
{
    struct witnesses *w = calloc(1, sizeof(*w));
    enum err e = w != NULL && (w->scratch = malloc(sizeof(*w->scratch))) != NULL
                 && (w->keys = calloc(1, sizeof(*w->keys))) != NULL ? OK : ERR_NOMEM;
    if (e == OK) {
        w->chain = chain;
        e = store_each_identity(s, take_outside, w);
    }
    if (e == OK && ours.len > 0)
        e = take_note(w, ours);
    if (e == OK)
        e = take_logs(w, s);
    if (e == OK)
        *ret = w;
    else
        witnesses_free(w);
    return e;
}

void witnesses_free(struct witnesses *w)
{
    if (w == NULL)
        return;
    if (w->keys != NULL)
        witness_keys_release(w->keys);
    free(w->keys);
    free(w->scratch);
    free(w);
}

enum err witnesses_check(const struct witnesses *w, const struct origin *o, const struct cosig *c)
{
    return witness_keys_check(w->keys, o, c);
}

/* ---- counting ---- */

struct tally {
    const struct witnesses *w;
    const struct origin *o;
    const struct hash *root;
    size_t n;
    struct slug list[WITNESSES_MAX];
    uint32_t seen;                          /* bit i: witness i of the charter */
    uint64_t at_s[WITNESSES_MAX];           /* its newest time; 0: never */
};

static struct tally tally_of(const struct witnesses *w, const struct charter *now, const struct origin *o)
{
    struct tally t = {.w = w, .o = o};
    t.n = charter_witnesses(now, t.list);
    return t;
}

static enum err count(void *arg, const struct cosig *c)
{
    struct tally *t = arg;
    for (size_t i = 0; i < t->n; i++)
        if (slug_equal(&t->list[i], &c->witness) && hash_equal(&c->root, t->root)
            && witnesses_check(t->w, t->o, c) == OK) {
            t->seen |= (uint32_t)1 << i;
            t->at_s[i] = c->time_s > t->at_s[i] ? c->time_s : t->at_s[i];
        }
    return OK;
}

static enum err tally(struct tally *t, struct store *s, uint64_t size, const struct hash *root)
{
    t->root = root;
    return store_each_cosig(s, t->o, size, count, t);
}

enum err witnesses_count(const struct witnesses *w, struct store *s, const struct charter *now, const struct origin *o,
                         uint64_t size, const struct hash *root, uint32_t *ret)
{
    struct tally t = tally_of(w, now, o);
    enum err e = tally(&t, s, size, root);
    *ret = 0;
    for (size_t i = 0; i < t.n; i++)
        *ret += (t.seen >> i) & 1;
    return e;
}

/* ---- since when ---- */

enum { EARLIER_MAX = 4 };                   /* states before the newest that are looked at */

struct earlier {
    uint64_t below;
    size_t n;                               /* seen; the last EARLIER_MAX stand in the ring */
    struct { uint64_t size; struct hash root; } ring[EARLIER_MAX];
};

static enum err take_earlier(void *arg, uint64_t size, struct bytes text)
{
    struct earlier *x = arg;
    struct checkpoint c;
    struct note *n = size < x->below ? malloc(sizeof(*n)) : NULL;
    if (size >= x->below)
        return OK;
    if (n == NULL)
        return ERR_NOMEM;
    if (note_parse(text, n) == OK && checkpoint_parse(n->text, &c) == OK) {
        x->ring[x->n % EARLIER_MAX].size = size;
        x->ring[x->n++ % EARLIER_MAX].root = c.root;
    }
    free(n);
    return OK;
}

/* The quorum-th newest of their times; 0 when fewer than a quorum ever cosigned. */
static uint64_t when(const struct tally *t, uint32_t quorum)
{
    for (size_t i = 0; i < t->n; i++) {
        uint32_t as_new = 0;
        size_t newer = 0;
        for (size_t k = 0; k < t->n; k++) {
            as_new += t->at_s[k] >= t->at_s[i];
            newer += t->at_s[k] > t->at_s[i];
        }
        if (t->at_s[i] > 0 && as_new >= quorum && newer < quorum)
            return t->at_s[i];
    }
    return 0;
}

enum err witnesses_when(const struct witnesses *w, struct store *s, const struct charter *now, const struct origin *o,
                        uint64_t size, const struct hash *root, uint64_t *ret_s)
{
    struct tally t = tally_of(w, now, o);
    struct earlier x = {.below = size};
    enum err e = tally(&t, s, size, root);
    *ret_s = when(&t, charter_quorum(now));
    if (e != OK || *ret_s > 0)
        return e;
    e = store_each_checkpoint(s, o, take_earlier, &x);
    for (size_t i = 0; e == OK && i < x.n && i < EARLIER_MAX; i++)
        e = tally(&t, s, x.ring[i].size, &x.ring[i].root);
    *ret_s = when(&t, charter_quorum(now));
    return e;
}

bool witnesses_are_fresh(uint64_t at_s, uint64_t now_ms)
{
    return at_s > 0 && at_s * 1000 + FRESH_MS >= now_ms;
}

const char *witnesses_freshness(uint64_t at_s, uint64_t now_ms)
{
    return at_s == 0 ? "silent" : witnesses_are_fresh(at_s, now_ms) ? "fresh" : "stale";
}
