/* cli/disclose/entries.c - the entries of one log that go, each with its proof. */
#include <stdlib.h>
#include <string.h>

#include "cli/disclose/inside.h"
#include "cli/disclose/nodes.h"

struct taking { struct disclosing *x; struct log_at *l; struct opening *opening; };

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool is_wanted(const struct log_at *l, uint64_t idx)
{
    return l->n_wanted > 0 && bsearch(&idx, l->wanted, l->n_wanted, sizeof(l->wanted[0]), by_number) != NULL;
}

static bool has_entry(const struct log_at *l, uint64_t idx)
{
    for (size_t i = 0; i < l->n_entries; i++)
        if (l->entries[i].idx == idx)
            return true;
    return false;
}

static enum err put(struct taking *t, uint64_t idx, const struct item *item)
{
    struct log_at *l = t->l;
    if (idx >= l->whole || has_entry(l, idx))
        return OK;
    enum err e = l->n_entries < DISCLOSED_ENTRIES_MAX ? list_room((void **)&l->entries, &l->cap_entries, l->n_entries,
                                                                  sizeof(l->entries[0])) : ERR_LIMIT;
    if (e != OK)
        return e;
    struct disclosed_entry *y = &l->entries[l->n_entries];
    *y = (struct disclosed_entry){.idx = idx, .has_payload = item->has_payload};
    e = keep(t->x, item->header, &y->header);
    if (e == OK && item->has_payload)
        e = keep(t->x, item->payload, &y->payload);
    if (e == OK)
        l->n_entries++;
    return e;
}

static enum err put_identity(void *arg, uint64_t idx, const struct item *item)
{
    return put(arg, idx, item);
}

static enum err put_withdrawal(void *arg, uint64_t idx, const struct item *item)
{
    struct taking *t = arg;
    struct withdrawal w;
    if (!item->has_payload || withdrawal_read(payload_body(item->payload), &w) != OK || !is_wanted(t->l, w.target))
        return OK;
    return put(t, idx, item);
}

/* An opening that names records besides would let their keys out: it stays. */
static enum err put_opening(void *arg, uint64_t idx, const struct item *item)
{
    struct taking *t = arg;
    if (!item->has_payload || opening_read(payload_body(item->payload), t->opening) != OK)
        return OK;
    bool is_theirs = true;
    for (size_t i = 0; i < t->opening->n; i++)
        is_theirs = is_theirs && is_wanted(t->l, t->opening->items[i].index);
    return is_theirs ? put(t, idx, item) : OK;
}

/* The epoch of a record that goes: it says for whom that was sealed. */
static enum err put_epoch(void *arg, uint64_t idx, const struct item *item)
{
    struct taking *t = arg;
    struct header h, of;
    if (header_read(item->header, &h) != OK)
        return OK;
    for (size_t i = 0; i < t->l->n_entries; i++)
        if (is_wanted(t->l, t->l->entries[i].idx) && header_read(t->l->entries[i].header, &of) == OK && !of.is_public
            && of.epoch == h.epoch && memcmp(of.audience.b, h.audience.b, sizeof(h.audience.b)) == 0 && idx < t->l->entries[i].idx)
            return put(t, idx, item);
    return OK;
}

static enum err take_evidence(void *arg, struct bytes in)
{
    struct taking *t = arg;
    struct reader r = reader_on(in);
    struct slug slug;
    (void)read_array(&r, 6, 6);
    if (slug_parse(read_str(&r, SLUG_MAX), &slug) != OK || !slug_equal(&slug, &t->l->origin.slug)
        || read_uint(&r, UINT32_MAX) != t->l->origin.generation || t->l->evidence.len > 0)
        return OK;
    return keep(t->x, in, &t->l->evidence);
}

/* ---- proofs ---- */

static int by_idx(const void *a, const void *b)
{
    const struct disclosed_entry *x = a, *y = b;
    return (x->idx > y->idx) - (x->idx < y->idx);
}

static enum err keep_path(struct disclosing *x, const struct proof *p, struct bytes *ret)
{
    return keep(x, (struct bytes){(const uint8_t *)p->path, p->n * HASH_LEN}, ret);
}

static enum err prove_entries(struct disclosing *x, struct log_at *l, const struct merkle_source *src)
{
    struct proof p;
    enum err e = OK;
    for (size_t i = 0; i < l->n_entries && e == OK; i++) {
        struct disclosed_entry *y = &l->entries[i];
        while (y->checkpoint < l->n_states && l->states[y->checkpoint].size <= y->idx)
            y->checkpoint++;
        e = merkle_prove_inclusion(src, y->idx, l->states[y->checkpoint].size, &p);
        if (e == OK)
            e = keep_path(x, &p, &y->path);
    }
    return e;
}

static enum err prove_states(struct disclosing *x, struct log_at *l, const struct merkle_source *src)
{
    struct proof p;
    enum err e = OK;
    l->checkpoints = calloc(l->n_states, sizeof(*l->checkpoints));
    if (l->checkpoints == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < l->n_states && e == OK; i++) {
        l->checkpoints[i].note = l->states[i].said.note;
        if (i == 0)
            continue;
        e = merkle_prove_consistency(src, l->states[i - 1].size, l->states[i].size, &p);
        if (e == OK)
            e = keep_path(x, &p, &l->checkpoints[i].path);
    }
    return e;
}

static enum err prove(struct disclosing *x, struct log_at *l)
{
    struct store_source *made = NULL;
    enum err e = store_source_new(x->d->store, &l->origin, true, &made);
    if (e != OK)
        return e;
    struct merkle_source held = store_source(made);
    struct nodes nodes;
    nodes_init(&held, &nodes);
    struct merkle_source src = nodes_source(&nodes);
    if (l->n_entries > 0)
        qsort(l->entries, l->n_entries, sizeof(l->entries[0]), by_idx);
    e = prove_entries(x, l, &src);
    if (e == OK)
        e = prove_states(x, l, &src);
    nodes_release(&nodes);
    store_source_free(made);
    return e;
}

enum err entries_gather(struct disclosing *x, struct log_at *l)
{
    struct store *s = x->d->store;
    struct taking t = {x, l, malloc(sizeof(*t.opening))};
    enum err e = t.opening != NULL ? store_each_of_kind(s, &l->origin, KIND_EPOCH, 0, put_epoch, &t) : ERR_NOMEM;
    if (e == OK)
        e = store_each_of_kind(s, &l->origin, KIND_IDENTITY, 0, put_identity, &t);
    if (e == OK)
        e = store_each_of_kind(s, &l->origin, KIND_WITHDRAW, 0, put_withdrawal, &t);
    if (e == OK)
        e = store_each_of_kind(s, &l->origin, KIND_OPEN, 0, put_opening, &t);
    if (e == OK)
        e = store_each_evidence(s, take_evidence, &t);
    if (e == OK)
        e = prove(x, l);
    if (t.opening != NULL)
        wipe(t.opening, sizeof(*t.opening));
    free(t.opening);
    return e;
}
