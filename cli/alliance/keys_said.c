#include "cli/alliance/keys_said.h"

#include <stdlib.h>
#include <string.h>

#include "cli/audit/problems.h"
#include "protocol/entry.h"

/* Identities of one log, in order of index. */
struct said { uint64_t idx; struct sign_public root, log, witness; };
struct in_log {
    const struct slug *slug;
    struct identity *scratch;
    size_t n, cap;
    struct said *list;
};

struct origins { const struct slug *slug; size_t n, cap; struct origin *list; };

static enum err gather_origin(void *arg, const struct log_state *l)
{
    struct origins *o = arg;
    if (!slug_equal(&l->origin.slug, o->slug))
        return OK;
    enum err e = list_room((void **)&o->list, &o->cap, o->n, sizeof(o->list[0]));
    if (e == OK)
        o->list[o->n++] = l->origin;
    return e;
}

static int newest_first(const void *a, const void *b)
{
    const struct origin *x = a, *y = b;
    return (x->generation < y->generation) - (x->generation > y->generation);
}

static enum err take_identity(void *arg, uint64_t idx, const struct item *item)
{
    struct in_log *in = arg;
    const struct identity *id = in->scratch;
    if (!item->has_payload || identity_open(payload_body(item->payload), in->scratch) != OK || !slug_equal(&id->slug, in->slug))
        return OK;
    enum err e = list_room((void **)&in->list, &in->cap, in->n, sizeof(in->list[0]));
    if (e == OK)
        in->list[in->n++] = (struct said){idx, id->root, id->log, id->witness};
    return e;
}

/* Keys are held against each other by what they are, whatever their names: a policy may hold none twice. */
static void add(struct note_key *list, size_t max, size_t *n, const struct note_key *key, size_t *ret_left_out)
{
    for (size_t i = 0; i < *n; i++)
        if (memcmp(list[i].key.b, key->key.b, sizeof(key->key.b)) == 0)
            return;
    if (*n == max)
        ++*ret_left_out;
    else
        list[(*n)++] = *key;
}

static void add_log(struct keys_said *k, const struct origin *o, const struct sign_public *key)
{
    struct note_key as = checkpoint_log_key(o, key);
    add(k->logs, POLICY_LOGS_MAX, &k->n_logs, &as, &k->n_left_out);
}

static void add_witness(struct keys_said *k, const struct origin *o, const struct sign_public *key)
{
    struct note_key as = checkpoint_witness_key(o, key);
    add(k->witness, POLICY_WITNESSES_MAX, &k->n_witness, &as, &k->n_left_out);
}

static bool is_root(const struct sign_public *root, const struct sign_public *given)
{
    return root != NULL && memcmp(root->b, given->b, sizeof(given->b)) == 0;
}

static enum err add_of_log(struct desk *d, const struct origin *o, struct in_log *in, struct keys_said *ret)
{
    in->n = 0;
    enum err e = store_each_of_kind(d->store, o, KIND_IDENTITY, 0, take_identity, in);
    for (size_t i = in->n; e == OK && i-- > 0;) {
        const struct said *s = &in->list[i];
        if (is_root(chain_root_at(d->chain, &o->slug, o->generation, s->idx), &s->root))
            add_log(ret, o, &s->log);
        if (is_root(chain_root_now(d->chain, &o->slug), &s->root))
            add_witness(ret, o, &s->witness);
    }
    return e == ERR_CORRUPT ? OK : e;       /* a damaged log gives no keys; that it is damaged is for `verify` to say */
}

/* Perhaps newer than its log, as far as that is held here. */
static enum err add_newest(struct desk *d, const struct slug *slug, const struct origins *all, struct keys_said *ret)
{
    struct identity *id = NULL;
    struct origin o = {.alliance = d->origin.alliance, .slug = *slug, .generation = 1};
    if (all->n > 0)
        o.generation = all->list[0].generation;
    enum err e = desk_identity_of(d, slug, &id);
    if (e == OK) {
        add_log(ret, &o, &id->log);
        add_witness(ret, &o, &id->witness);
    }
    free(id);
    return e == ERR_UNKNOWN ? OK : e;
}

enum err keys_said(struct desk *d, const struct slug *slug, struct keys_said *ret)
{
    struct origins all = {.slug = slug};
    struct in_log in = {.slug = slug, .scratch = malloc(sizeof(*in.scratch))};
    *ret = (struct keys_said){.n_logs = 0};
    enum err e = in.scratch != NULL ? store_each_log(d->store, gather_origin, &all) : ERR_NOMEM;
    if (e == OK && all.n > 0)
        qsort(all.list, all.n, sizeof(all.list[0]), newest_first);
    if (e == OK)
        e = add_newest(d, slug, &all, ret);
    for (size_t i = 0; e == OK && i < all.n; i++)
        e = add_of_log(d, &all.list[i], &in, ret);
    if (e == OK && ret->n_logs == 0)
        e = ERR_UNKNOWN;
    free(in.list);
    free(in.scratch);
    free(all.list);
    return e;
}
