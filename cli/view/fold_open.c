/* cli/view/fold_open.c - record keys that authors told to more readers. */
#include "cli/view/inside.h"

/* What an opening says of one run of neighbouring entries, while they are read. */
struct opening_run {
    struct fold *f;
    const struct opening *o;
    size_t at;                                  /* the item of the entry that comes next */
    const char *audience;
    bool is_wrong;                              /* some item was not to be believed */
};

static enum err put_key(struct fold *f, uint64_t target, const struct sym_secret *key)
{
    struct vsql q = vsql_start(f->v, V_RECORD_KEY_PUT);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    vsql_u64(&q, target);
    vsql_fixed(&q, key->b, sizeof(key->b));
    return vsql_run(&q);
}

static enum err put_opened(struct fold *f, uint64_t target, const char *audience)
{
    char said_at[MOMENT_SIZE];
    moment_text(f->h.time_ms, said_at);
    struct vsql q = vsql_start(f->v, V_OPENED_PUT);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    vsql_u64(&q, target);
    vsql_text(&q, audience);
    vsql_u64(&q, f->idx);
    vsql_text(&q, said_at);
    vsql_int(&q, moment_stored(f->h.time_ms));
    return vsql_run(&q);
}

/* [P-106] A key is believed when the record's own header commits to it; of what was erased nothing is left to open. */
static enum err each_target(void *arg, uint64_t idx, const struct item *item)
{
    struct opening_run *run = arg;
    struct fold *f = run->f;
    struct header h;
    const struct sym_secret *key = &run->o->items[run->at].key;
    if (run->o->items[run->at++].index != idx || header_read(item->header, &h) != OK
        || record_check_key(&f->log->origin, &h, key) != OK) {
        run->is_wrong = true;
        return OK;
    }
    if (!item->has_payload)
        return OK;
    enum err e = put_key(f, idx, key);
    if (e == OK)
        e = put_opened(f, idx, run->audience);
    if (e == OK)
        e = fold_mark_opened(f, f->slug, f->log->origin.generation, idx);
    f->has_record_keys = f->has_learned = true;
    return e;
}

static size_t run_of(const struct opening *o, size_t at)
{
    size_t n = 1;
    while (at + n < o->n && o->items[at + n].index == o->items[at].index + n)
        n++;
    return n;
}

enum err fold_opening(struct fold *f, const struct opening *o, const char *audience)
{
    struct opening_run run = { .f = f, .o = o, .audience = audience };
    enum err e = OK;
    for (size_t at = 0, n; at < o->n && e == OK; at += n) {
        uint64_t from = o->items[at].index;
        n = run_of(o, at);
        run.at = at;
        if (from >= f->idx || n > f->idx - from)
            run.is_wrong = true;                /* what comes later cannot have been opened here */
        else
            e = store_each_entry(f->with->store, &f->log->origin, from, from + n, each_target, &run);
    }
    return e == OK && run.is_wrong ? fold_problem(f, "opening") : e;
}

enum err fold_mark_opened(struct fold *f, const char *slug, uint64_t generation, uint64_t target)
{
    static const enum vsql_id marks[] = { V_OPEN_FIGURE, V_OPEN_DEFINITION, V_OPEN_RETURN, V_OPEN_POST, V_OPEN_COLLECTION,
                                          V_OPEN_OTHER, V_OPEN_ASSESSMENT, V_OPEN_SIGNATURES, V_OPEN_LINKS };
    struct audience_text widest = { "" };
    struct vsql q = vsql_start(f->v, V_OPENED_GET);
    vsql_text(&q, slug);
    vsql_u64(&q, generation);
    vsql_u64(&q, target);
    bool found = vsql_row(&q);
    if (found)
        vsql_col_copy(&q, 0, widest.s, sizeof(widest.s));
    enum err e = vsql_end(&q);
    for (size_t i = 0; found && i < sizeof(marks) / sizeof(marks[0]) && e == OK; i++) {
        q = vsql_start(f->v, marks[i]);
        vsql_text(&q, slug);
        vsql_u64(&q, generation);
        vsql_u64(&q, target);
        vsql_text(&q, widest.s);
        e = vsql_run(&q);
    }
    return e;
}
