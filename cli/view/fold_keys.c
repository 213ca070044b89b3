#include <string.h>

#include "cli/view/inside.h"

/* ---- grants ---- */

static enum err put_granted(struct fold *f, const struct grant *g, size_t i, const char *box_key, bool is_ours)
{
    const struct epoch_id *id = &g->items[i].id;
    struct header named = { .audience = id->audience };
    struct audience_text audience = audience_text(&f->v->owner, &named);
    struct vsql q = vsql_start(f->v, V_GRANT_PUT);
    vsql_text(&q, g->reader.s);
    vsql_text(&q, box_key);
    bind_epoch(&q, id->origin.slug.s, id->origin.generation, audience.s, id->epoch);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    vsql_u64(&q, f->idx);
    if (is_ours)
        vsql_fixed(&q, g->items[i].box, BOX_LEN);
    else
        vsql_null(&q);
    return vsql_run(&q);
}

/* The epoch may have been folded without a key: then mark it, and it is looked at again when all grants are in. */
static enum err wake_epoch(struct fold *f, const struct epoch_id *id)
{
    struct header named = { .audience = id->audience };
    struct audience_text audience = audience_text(&f->v->owner, &named);
    bool known;
    struct vsql q = vsql_start(f->v, V_KEY_GET);
    bind_epoch(&q, id->origin.slug.s, id->origin.generation, audience.s, id->epoch);
    enum err e = vsql_any(&q, &known);
    if (e != OK || known)
        return e;
    q = vsql_start(f->v, V_EPOCH_WAIT);
    bind_epoch(&q, id->origin.slug.s, id->origin.generation, audience.s, id->epoch);
    vsql_int(&q, 1);
    return vsql_run(&q);
}

static enum err fold_grant(struct fold *f, const struct item *item)
{
    struct grant *g = f->grant;
    char box_key[BASE64_SIZE(32)];
    enum err e = OK;
    if (!f->h.is_public || grant_read(payload_body(item->payload), g) != OK)
        return fold_problem(f, "grant");
    bool is_ours = slug_equal(&g->reader, &f->v->owner.slug);
    base64_encode((struct bytes){ g->box_key.b, sizeof(g->box_key.b) }, box_key);
    for (size_t i = 0; i < g->n && e == OK; i++) {
        if (!alliance_equal(&g->items[i].id.origin.alliance, &f->v->owner.alliance))
            continue;
        e = put_granted(f, g, i, box_key, is_ours);
        if (e == OK && is_ours)
            e = wake_epoch(f, &g->items[i].id);
    }
    return e;
}

/* ---- openings ---- */

static enum err open_to_everyone(struct fold *f, const struct item *item)
{
    if (!f->h.is_public || opening_read(payload_body(item->payload), f->opening) != OK)
        return fold_problem(f, "opening");
    enum err e = fold_opening(f, f->opening, "public");
    wipe(f->opening, sizeof(*f->opening));
    return e;
}

/* ---- all logs ---- */

static enum err each_key_entry(void *arg, uint64_t idx, const struct item *item)
{
    struct fold *f = arg;
    bool go_on;
    if (idx >= f->log->limit)
        return OK;
    enum err e = fold_entry(f, idx, item, &go_on);
    if (e != OK || !go_on)
        return e;
    switch (f->h.kind) {
    case KIND_EPOCH:
        return fold_epoch(f, item);
    case KIND_GRANT:
        return fold_grant(f, item);
    case KIND_OPEN:
        return open_to_everyone(f, item);
    }
    return OK;
}

static enum err keys_of(struct fold *f, const struct fold_log *l, uint64_t from)
{
    static const enum entry_kind kinds[] = { KIND_EPOCH, KIND_GRANT, KIND_OPEN };
    struct hash root;
    enum err e = fold_root_at(f, l, l->limit, &root);
    if (e == OK)
        e = fold_take_log(f, l);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && e == OK; i++)
        e = store_each_of_kind(f->with->store, &l->origin, kinds[i], from, each_key_entry, f);
    if (e != OK)
        return e;
    struct vsql q = vsql_start(f->v, V_LOG_KEYS);
    vsql_text(&q, l->origin.slug.s);
    vsql_u64(&q, l->origin.generation);
    vsql_u64(&q, l->limit);
    vsql_fixed(&q, root.b, sizeof(root.b));
    return vsql_run(&q);
}

enum err fold_keys(struct fold *f)
{
    enum err e = OK;
    for (size_t i = 0; i < f->n_logs && e == OK; i++) {
        const struct fold_log *l = &f->logs[i];
        uint64_t from = l->limit;
        struct vsql q = vsql_start(f->v, V_LOG_GET);
        vsql_text(&q, l->origin.slug.s);
        vsql_u64(&q, l->origin.generation);
        if (vsql_row(&q))
            from = vsql_col_u64(&q, 2);
        e = vsql_end(&q);
        if (e != OK || from >= l->limit)
            continue;
        if ((e = vsql_begin(f->v)) == OK)
            e = vsql_finish(f->v, keys_of(f, l, from));
    }
    return e == OK ? fold_pending(f) : e;
}
