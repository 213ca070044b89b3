#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cli/view/inside.h"

/* One fold: members, then keys of all logs, then records of all logs.  Keys come first, so that a newcomer whose
 * grants lie in somebody else's log reads every record as it passes. */

struct audience_text audience_text(const struct view_owner *owner, const struct header *h)
{
    struct audience_text t = { "public" };
    if (h->is_public)
        return t;
    if (memcmp(h->audience.b, owner->alliance.b, sizeof(h->audience.b)) == 0)
        memcpy(t.s, "alliance", sizeof("alliance"));
    else
        hex_encode((struct bytes){ h->audience.b, sizeof(h->audience.b) }, t.s);
    return t;
}

bool audience_from_text(const struct view_owner *owner, struct bytes text, struct audience_id *ret)
{
    if (bytes_equal(text, bytes_of("alliance"))) {
        memcpy(ret->b, owner->alliance.b, sizeof(ret->b));
        return true;
    }
    return hex_decode(text, ret->b, sizeof(ret->b)) == OK;
}

static enum err take_keys(struct fold *f)
{
    struct vsql q = vsql_start(f->v, V_KEYS_OF);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    while (vsql_row(&q)) {
        if (f->n_keys == f->cap_keys) {
            size_t cap = f->cap_keys > 0 ? 2 * f->cap_keys : 16;
            struct key_slot *more = calloc(cap, sizeof(*more));
            if (more == NULL) {
                q.e = ERR_NOMEM;
                break;
            }
            if (f->n_keys > 0)
                memcpy(more, f->keys, f->n_keys * sizeof(*more));
            wipe(f->keys, f->cap_keys * sizeof(*more));
            free(f->keys);
            f->keys = more;
            f->cap_keys = cap;
        }
        struct key_slot *slot = &f->keys[f->n_keys];
        slot->epoch = (uint32_t)vsql_col_u64(&q, 1);
        if (audience_from_text(&f->v->owner, vsql_col_bytes(&q, 0), &slot->audience)
            && vsql_col_fixed(&q, 2, slot->key.b, sizeof(slot->key.b)))
            f->n_keys++;
    }
    return vsql_end(&q);
}

static enum err has_any(struct fold *f, enum vsql_id id, bool *ret)
{
    struct vsql q = vsql_start(f->v, id);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    return vsql_any(&q, ret);
}

enum err fold_take_log(struct fold *f, const struct fold_log *l)
{
    f->log = l;
    memcpy(f->slug, l->origin.slug.s, sizeof(f->slug));
    wipe(f->keys, f->n_keys * sizeof(*f->keys));
    f->n_keys = f->last_key = 0;
    enum err e = take_keys(f);
    if (e == OK)
        e = has_any(f, V_RECORD_KEY_ANY, &f->has_record_keys);
    return e == OK ? has_any(f, V_VOID_ANY, &f->has_void) : e;
}

enum err fold_is_void(struct fold *f, bool *ret)
{
    *ret = false;
    if (!f->has_void)
        return OK;
    struct vsql q = vsql_start(f->v, V_VOID_HAS);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    vsql_u64(&q, f->idx);
    return vsql_any(&q, ret);
}

enum err fold_problem(struct fold *f, const char *reason)
{
    f->n.problems++;
    struct vsql q = vsql_start(f->v, V_PROBLEM_PUT);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    vsql_u64(&q, f->idx);
    vsql_text(&q, reason);
    return vsql_run(&q);
}

enum err fold_entry(struct fold *f, uint64_t idx, const struct item *item, bool *ret)
{
    bool is_void;
    *ret = false;
    f->idx = idx;
    if (header_read(item->header, &f->h) != OK)
        return fold_problem(f, "header");
    enum err e = fold_is_void(f, &is_void);
    if (e != OK || (is_void && f->h.kind != KIND_IDENTITY)) {
        f->n.skipped_void += e == OK;
        return e;
    }
    if (!item->has_payload) {
        f->n.erased++;
        return OK;
    }
    if (header_check_payload(&f->h, item->payload) != OK)
        return fold_problem(f, "payload");
    *ret = true;
    return OK;
}

/* ---- records, step by step ---- */

static enum err read_progress(struct fold *f, uint64_t *ret)
{
    struct vsql q = vsql_start(f->v, V_LOG_GET);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    *ret = vsql_row(&q) ? vsql_col_u64(&q, 0) : f->log->limit;      /* forgotten by another process: the next fold's */
    return vsql_end(&q);
}

static enum err write_progress(struct fold *f, uint64_t folded, const struct hash *root)
{
    struct vsql q = vsql_start(f->v, V_LOG_FOLDED);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    vsql_u64(&q, folded);
    vsql_fixed(&q, root->b, sizeof(root->b));
    return vsql_run(&q);
}

/* The entries read must be those of the root that is kept with them: a log may be cut back under our hands. */
static enum err step_body(struct fold *f, uint64_t from, uint64_t to)
{
    struct hash before, after;
    uint64_t version_before = 0, version_after = 0;
    enum err e = store_data_version(f->with->store, &version_before);
    if (e == OK)
        e = fold_root_at(f, f->log, to, &before);
    if (e == OK)
        e = fold_records(f, from, to);
    if (e == OK)
        e = store_data_version(f->with->store, &version_after);
    if (e == OK && version_before != version_after) {
        e = fold_root_at(f, f->log, to, &after);
        if (e == ERR_UNKNOWN || (e == OK && !hash_equal(&before, &after)))
            e = ERR_BUSY;
    }
    return e == OK ? write_progress(f, to, &before) : e;
}

/* One transaction.  Where folding stands is read inside it: another process may have gone on meanwhile. */
static enum err step(struct fold *f, bool *ret_more)
{
    uint64_t from, limit = f->log->limit;
    enum err e = vsql_begin(f->v);
    if (e != OK)
        return e;
    e = read_progress(f, &from);
    uint64_t to = limit - from > FOLD_STEP ? (from / FOLD_STEP + 1) * FOLD_STEP : limit;
    if (e == OK && from < limit)
        e = step_body(f, from, to);
    e = vsql_finish(f->v, e);
    *ret_more = e == OK && to < limit;
    if (e == OK && from < limit) {
        f->done += to - from;
        if (f->with->progress != NULL)
            f->with->progress(f->with->arg, f->done < f->total ? f->done : f->total, f->total);
    }
    return e;
}

static enum err fold_all_records(struct fold *f)
{
    enum err e = OK;
    for (size_t i = 0; i < f->n_logs && e == OK; i++) {
        uint64_t folded;
        f->log = &f->logs[i];
        memcpy(f->slug, f->log->origin.slug.s, sizeof(f->slug));
        e = read_progress(f, &folded);
        if (e != OK || folded >= f->log->limit)
            continue;
        e = fold_take_log(f, &f->logs[i]);
        for (bool more = true; e == OK && more;)
            e = step(f, &more);
    }
    return e;
}

static enum err count_total(struct fold *f)
{
    enum err e = OK;
    for (size_t i = 0; i < f->n_logs && e == OK; i++) {
        uint64_t folded;
        f->log = &f->logs[i];
        memcpy(f->slug, f->log->origin.slug.s, sizeof(f->slug));
        e = read_progress(f, &folded);
        if (e == OK && folded < f->log->limit)
            f->total += f->log->limit - folded;
    }
    return e;
}

static void release(struct fold *f)
{
    wipe(f->keys, f->cap_keys * sizeof(*f->keys));
    free(f->keys);
    free(f->logs);
    free(f->grant);
    if (f->opening != NULL)
        wipe(f->opening, sizeof(*f->opening));
    free(f->opening);
    buf_wipe(&f->plain);
}

static enum err fold_once(struct view *v, const struct fold_with *with, struct fold_counts *ret)
{
    struct fold f = { .v = v, .with = with, .plain = buf_on(PAYLOAD_MAX) };
    enum err e = ERR_NOMEM;
    f.grant = malloc(sizeof(*f.grant));
    f.opening = malloc(sizeof(*f.opening));
    if (f.grant == NULL || f.opening == NULL)
        goto out;
    if ((e = fold_members(&f)) != OK)
        goto out;
    if ((e = fold_logs(&f)) != OK)
        goto out;
    if ((e = fold_identities(&f)) != OK)
        goto out;
    if ((e = fold_heard(&f)) != OK)
        goto out;
    if ((e = fold_keys(&f)) != OK)
        goto out;
    if ((e = fold_bulk_resume(&f)) != OK)
        goto out;
    if ((e = fold_sealed(&f)) != OK)
        goto out;
    if ((e = count_total(&f)) != OK)
        goto out;
    if ((e = fold_bulk_begin(&f)) != OK)
        goto out;
    if ((e = fold_all_records(&f)) != OK)
        goto out;
    if ((e = fold_bulk_end(&f)) != OK)
        goto out;
    while (f.has_learned) {                     /* a record told keys of others, met before it */
        f.has_learned = false;
        if ((e = fold_sealed(&f)) != OK)
            goto out;
    }
    e = fold_scrub(&f);
out:
    *ret = f.n;
    release(&f);
    return e;
}

enum err view_fold(struct view *v, const struct fold_with *with, struct fold_counts *ret)
{
    enum err e = fold_once(v, with, ret);
    bool is_owed = e == ERR_MORE;               /* what was erased is still in the file: a new one has never held it */
    if (is_owed || (e == ERR_CORRUPT && v->is_damaged)) {       /* our file, not the store: make it anew */
        e = view_rebuild(v);
        if (e == OK)
            e = fold_once(v, with, ret);
    }
    if (e == OK && view_is_rebuilding(v))
        e = view_settle(v);
    return e;
}
