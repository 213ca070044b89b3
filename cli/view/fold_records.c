#include <stdlib.h>
#include <string.h>

#include "cli/view/inside.h"
#include "cli/view/query.h"

/* ---- the key of a sealed record ---- */

static const struct sym_secret *epoch_key_of(struct fold *f)
{
    for (size_t i = 0; i < f->n_keys; i++) {
        size_t at = (f->last_key + i) % f->n_keys;         /* records come in runs of one epoch */
        if (f->keys[at].epoch == f->h.epoch
            && memcmp(f->keys[at].audience.b, f->h.audience.b, sizeof(f->h.audience.b)) == 0) {
            f->last_key = at;
            return &f->keys[at].key;
        }
    }
    return NULL;
}

/* ERR_UNKNOWN when we hold none. */
static enum err key_of(struct fold *f, struct sym_secret *ret)
{
    const struct sym_secret *epoch_key = epoch_key_of(f);
    if (epoch_key != NULL) {
        record_key(epoch_key, f->h.nonce, ret);
        return OK;
    }
    return f->has_record_keys ? view_record_key(f->v, f->slug, f->log->origin.generation, f->idx, ret) : ERR_UNKNOWN;
}

static enum err put_sealed(struct fold *f)
{
    char said_at[MOMENT_SIZE];
    struct audience_text audience = audience_text(&f->v->owner, &f->h);
    moment_text(f->h.time_ms, said_at);
    f->n.sealed++;
    struct vsql q = vsql_start(f->v, V_SEALED_PUT);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    vsql_u64(&q, f->idx);
    vsql_text(&q, audience.s);
    vsql_u64(&q, f->h.epoch);
    vsql_text(&q, said_at);
    return vsql_run(&q);
}

static enum err drop_sealed(struct fold *f)
{
    struct vsql q = vsql_start(f->v, V_SEALED_DROP);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    vsql_u64(&q, f->idx);
    return vsql_run(&q);
}

static enum err key_used(struct fold *f)
{
    struct vsql q = vsql_start(f->v, V_RECORD_KEY_USED);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    vsql_u64(&q, f->idx);
    return vsql_run(&q);
}

static enum err fold_record(struct fold *f, const struct item *item)
{
    struct sym_secret key;
    if (f->h.is_public)
        return fold_put(f, payload_body(item->payload));
    enum err e = key_of(f, &key);
    if (e == ERR_UNKNOWN)
        return put_sealed(f);
    if (e != OK)
        return e;
    e = record_open(&f->log->origin, &f->h, item->payload, &key, &f->plain);
    wipe(&key, sizeof(key));
    if (e == OK)
        return fold_put(f, buf_bytes(&f->plain));
    if (e == ERR_NOMEM)                         /* ours is returned, the author's is kept */
        return e;
    return fold_problem(f, e == ERR_COMMIT ? "commitment" : "sealing");
}

/* ---- withdrawals ---- */

static enum err fold_withdrawal(struct fold *f, const struct item *item)
{
    struct withdrawal w;
    char said_at[MOMENT_SIZE];
    if (!f->h.is_public || withdrawal_read(payload_body(item->payload), &w) != OK || w.target >= f->idx)
        return fold_problem(f, "withdrawal");
    moment_text(f->h.time_ms, said_at);
    f->n.withdrawn++;
    struct vsql q = vsql_start(f->v, V_WITHDRAWAL_PUT);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    vsql_u64(&q, w.target);
    vsql_u64(&q, f->idx);
    vsql_text(&q, w.reason);
    vsql_int(&q, w.erase);
    vsql_text(&q, said_at);
    vsql_int(&q, moment_stored(f->h.time_ms));
    enum err e = vsql_run(&q);
    return e == OK ? fold_mark_withdrawn(f, f->slug, f->log->origin.generation, w.target) : e;
}

static enum err each_entry(void *arg, uint64_t idx, const struct item *item)
{
    struct fold *f = arg;
    bool go_on;
    f->n.entries++;
    enum err e = fold_entry(f, idx, item, &go_on);
    if (e != OK || !go_on)
        return e;
    switch (f->h.kind) {
    case KIND_RECORD:
        return fold_record(f, item);
    case KIND_WITHDRAW:
        return fold_withdrawal(f, item);
    }
    return OK;                                  /* keys were folded before; unknown kinds are skipped */
}

enum err fold_records(struct fold *f, uint64_t from, uint64_t to)
{
    f->is_late = false;
    return store_each_entry(f->with->store, &f->log->origin, from, to, each_entry, f);
}

/* ---- sealed records that can be opened now ---- */

struct sealed_place { char slug[SLUG_MAX + 1]; uint64_t generation, idx; };

enum { SEALED_STEP = FOLD_STEP };

static enum err each_late(void *arg, uint64_t idx, const struct item *item)
{
    struct fold *f = arg;
    bool go_on;
    enum err e = fold_entry(f, idx, item, &go_on);
    if (e == OK)
        e = drop_sealed(f);
    if (e == OK)
        e = key_used(f);
    if (e != OK || !go_on)
        return e;
    f->n.opened_late++;
    return fold_record(f, item);
}

static enum err gather_sealed(struct fold *f, struct sealed_place *ret, size_t *ret_n)
{
    struct vsql q = vsql_start(f->v, V_SEALED_OPENABLE);
    *ret_n = 0;
    vsql_int(&q, SEALED_STEP);
    while (*ret_n < SEALED_STEP && vsql_row(&q)) {
        struct sealed_place *p = &ret[(*ret_n)++];
        vsql_col_copy(&q, 0, p->slug, sizeof(p->slug));
        p->generation = vsql_col_u64(&q, 1);
        p->idx = vsql_col_u64(&q, 2);
    }
    return vsql_end(&q);
}

static enum err take_log_of(struct fold *f, const struct sealed_place *p, bool *ret_found)
{
    *ret_found = f->log != NULL && f->log->origin.generation == p->generation && strcmp(f->slug, p->slug) == 0;
    for (size_t i = 0; i < f->n_logs && !*ret_found; i++)
        if (f->logs[i].origin.generation == p->generation && strcmp(f->logs[i].origin.slug.s, p->slug) == 0) {
            *ret_found = true;
            return fold_take_log(f, &f->logs[i]);
        }
    return OK;
}

/* Neighbours are read in one go. */
static size_t run_of(const struct sealed_place *p, size_t n)
{
    size_t run = 1;
    while (run < n && p[run].idx == p[0].idx + run && p[run].generation == p[0].generation
           && strcmp(p[run].slug, p[0].slug) == 0)
        run++;
    return run;
}

static enum err open_gathered(struct fold *f, const struct sealed_place *places, size_t n)
{
    enum err e = OK;
    f->log = NULL;                              /* keys were learned since: take each log afresh */
    f->is_late = true;
    for (size_t i = 0, run; i < n && e == OK; i += run) {
        bool found;
        run = run_of(&places[i], n - i);
        e = take_log_of(f, &places[i], &found);
        if (e == OK && found)
            e = store_each_entry(f->with->store, &f->log->origin, places[i].idx, places[i].idx + run, each_late, f);
    }
    return e;
}

enum err fold_sealed(struct fold *f)
{
    struct sealed_place *places = malloc(SEALED_STEP * sizeof(*places));
    size_t n = 0;
    enum err e = places != NULL ? gather_sealed(f, places, &n) : ERR_NOMEM;
    while (e == OK && n > 0) {
        size_t before = n;
        if ((e = vsql_begin(f->v)) != OK)
            break;
        e = gather_sealed(f, places, &n);       /* under the lock: another process may have been here */
        if (e == OK)
            e = open_gathered(f, places, n);
        e = vsql_finish(f->v, e);
        if (e == OK)
            e = before < SEALED_STEP ? OK : gather_sealed(f, places, &n);
        if (before < SEALED_STEP)
            break;
    }
    free(places);
    return e;
}
