#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/view/inside.h"

struct gather { struct fold *f; size_t cap; };

static enum err gather_log(void *arg, const struct log_state *l)
{
    struct gather *g = arg;
    struct fold *f = g->f;
    if (!alliance_equal(&l->origin.alliance, &f->v->owner.alliance))
        return OK;
    if (f->n_logs == g->cap) {
        size_t cap = g->cap > 0 ? 2 * g->cap : 64;
        struct fold_log *more = realloc(f->logs, cap * sizeof(*more));
        if (more == NULL)
            return ERR_NOMEM;
        f->logs = more;
        g->cap = cap;
    }
    f->logs[f->n_logs++] = (struct fold_log){ .origin = l->origin, .whole = l->whole, .whole_root = l->whole_root,
                                              .limit = l->whole };
    return OK;
}

static int by_origin(const void *a, const void *b)
{
    const struct fold_log *x = a, *y = b;
    int order = slug_compare(&x->origin.slug, &y->origin.slug);
    return order != 0 ? order : (x->origin.generation > y->origin.generation) - (x->origin.generation < y->origin.generation);
}

/* A former member's log ends where the charter closed it: what lies beyond was never taken up by the alliance, nor is there
 * a later generation. */
static uint64_t limit_of(const struct member *m, const struct fold_log *l)
{
    if (m == NULL || !m->is_former || l->origin.generation < m->closed_generation)
        return l->limit;
    uint64_t end = l->origin.generation == m->closed_generation ? m->closed_size : 0;
    return end < l->limit ? end : l->limit;
}

static void apply_charter(struct fold *f)
{
    const struct charter *c = chain_current(f->with->chain);
    for (size_t i = 0; i < f->n_logs; i++) {
        struct fold_log *l = &f->logs[i];
        const struct member *m = c != NULL ? charter_find(c, &l->origin.slug) : NULL;
        l->counts = m != NULL && m->role == ROLE_AUTHORITY;
        l->limit = limit_of(m, l);
    }
}

enum err fold_root_at(struct fold *f, const struct fold_log *l, uint64_t size, struct hash *ret)
{
    struct store_source *source = NULL;
    if (size == l->whole) {
        *ret = l->whole_root;
        return OK;
    }
    enum err e = store_source_new(f->with->store, &l->origin, true, &source);
    if (e == OK) {
        struct merkle_source from = store_source(source);
        e = merkle_root(&from, size, ret);
    }
    store_source_free(source);
    return e;
}

/* Does the store still hold, at `size`, what was folded up to there? */
static enum err still_stands(struct fold *f, const struct fold_log *l, uint64_t size, struct bytes root, bool *ret)
{
    struct hash now;
    *ret = true;
    if (size == 0)
        return OK;
    *ret = false;
    if (size > l->limit || root.len != sizeof(now.b))
        return OK;
    enum err e = fold_root_at(f, l, size, &now);
    *ret = e == OK && memcmp(now.b, root.p, sizeof(now.b)) == 0;
    return e == ERR_UNKNOWN ? OK : e;
}

static enum err check_log(struct fold *f, const struct fold_log *l, bool *ret_known, bool *ret_stands)
{
    struct vsql q = vsql_start(f->v, V_LOG_GET);
    vsql_text(&q, l->origin.slug.s);
    vsql_u64(&q, l->origin.generation);
    *ret_stands = true;
    *ret_known = vsql_row(&q);
    enum err e = OK;
    if (*ret_known)
        e = still_stands(f, l, vsql_col_u64(&q, 0), vsql_col_bytes(&q, 1), ret_stands);
    if (e == OK && *ret_known && *ret_stands)
        e = still_stands(f, l, vsql_col_u64(&q, 2), vsql_col_bytes(&q, 3), ret_stands);
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

static enum err new_log(struct fold *f, const struct fold_log *l)
{
    struct vsql q = vsql_start(f->v, V_LOG_NEW);
    vsql_text(&q, l->origin.slug.s);
    vsql_u64(&q, l->origin.generation);
    return vsql_run(&q);
}

static bool store_has(const struct fold *f, const char *slug, uint64_t generation)
{
    for (size_t i = 0; i < f->n_logs; i++)
        if (f->logs[i].origin.generation == generation && strcmp(f->logs[i].origin.slug.s, slug) == 0)
            return true;
    return false;
}

/* A log that is no longer there at all; one a call, because forgetting changes what is being read. */
static enum err find_gone(struct fold *f, struct slug *ret, bool *ret_found)
{
    struct vsql q = vsql_start(f->v, V_LOG_EACH);
    *ret_found = false;
    while (!*ret_found && vsql_row(&q))
        if (!store_has(f, vsql_col_text(&q, 0), vsql_col_u64(&q, 1))) {
            vsql_col_copy(&q, 0, ret->s, sizeof(ret->s));
            *ret_found = true;
        }
    return vsql_end(&q);
}

static enum err forget_gone(struct fold *f)
{
    for (bool found = true; found;) {
        struct slug slug = {0};
        enum err e = find_gone(f, &slug, &found);
        if (e == OK && found)
            e = fold_forget(f, slug.s);
        if (e != OK)
            return e;
    }
    return OK;
}

static enum err forget_changed(struct fold *f)
{
    enum err e = OK;
    for (size_t i = 0; i < f->n_logs && e == OK; i++) {
        bool known, stands;
        e = check_log(f, &f->logs[i], &known, &stands);
        if (e == OK && !stands)
            e = fold_forget(f, f->logs[i].origin.slug.s);
    }
    for (size_t i = 0; i < f->n_logs && e == OK; i++) {
        bool known, stands;
        e = check_log(f, &f->logs[i], &known, &stands);
        if (e == OK && !known)
            e = new_log(f, &f->logs[i]);
    }
    return e;
}

/* Is there anything to write? Usually not, and then nothing is locked. */
static enum err needs_writing(struct fold *f, bool *ret)
{
    struct slug slug;
    enum err e = find_gone(f, &slug, ret);
    for (size_t i = 0; i < f->n_logs && e == OK && !*ret; i++) {
        bool known, stands;
        e = check_log(f, &f->logs[i], &known, &stands);
        *ret = !known || !stands;
    }
    return e;
}

enum err fold_logs(struct fold *f)
{
    struct gather g = { .f = f };
    bool needed = false;
    enum err e = store_each_log(f->with->store, gather_log, &g);
    if (e != OK)
        return e;
    if (f->n_logs > 0)
        qsort(f->logs, f->n_logs, sizeof(*f->logs), by_origin);
    apply_charter(f);
    e = needs_writing(f, &needed);
    if (e != OK || !needed)
        return e;
    e = vsql_begin(f->v);
    if (e != OK)
        return e;
    e = forget_gone(f);
    if (e == OK)
        e = forget_changed(f);
    return vsql_finish(f->v, e);
}

/* All generations of one authority go together: a later one says what is void in the one before. What others
 * granted of its epochs stays: it is theirs. */
enum err fold_forget(struct fold *f, const char *slug)
{
    static const char *const tables[] = { "identity", "log", "void_range", "figure", "definition", "batch_return", "post",
                                         "collection", "other", "assessment", "assessment_signature", "assessment_link",
                                          "sealed", "withdrawal", "problem", "epoch", "epoch_key", "record_key",
                                          "opened" };
    char text[128];
    enum err e = OK;
    f->n.refolded++;
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]) + 1 && e == OK; i++) {
        sqlite3_stmt *st = NULL;
        if (i < sizeof(tables) / sizeof(tables[0]))
            snprintf(text, sizeof(text), "DELETE FROM %s WHERE slug = ?1", tables[i]);
        else
            snprintf(text, sizeof(text), "DELETE FROM granted WHERE granter = ?1");
        bool done = sqlite3_prepare_v2(f->v->db, text, -1, &st, NULL) == SQLITE_OK
                 && sqlite3_bind_text(st, 1, slug, -1, SQLITE_STATIC) == SQLITE_OK && sqlite3_step(st) == SQLITE_DONE;
        (void)sqlite3_finalize(st);
        e = done ? OK : ERR_IO;
    }
    if (e != OK)
        return e;
    struct vsql q = vsql_start(f->v, V_MEMBER_FORGET);
    vsql_text(&q, slug);
    return vsql_run(&q);
}
