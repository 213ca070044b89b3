#include <string.h>

#include "cli/view/inside.h"

/* Each authority's figures lie all over the index by indicator: a step of a large fold would touch, and write, a page of it for
 * every record.  Folding much at once, it is cheaper to drop the index and sort once at the end.  Without it every
 * answer is right and slow, so a process that dies in between leaves nothing worse than that, and `meta` says it is owed. */

enum { BULK_MIN = 20000, BULK_SHARE = 8 };      /* entries to fold: at least so many, and an eighth of what is there */

static enum err set_bulk(struct fold *f, const char *value)
{
    struct vsql q = vsql_start(f->v, V_META_PUT);
    vsql_text(&q, "bulk");
    vsql_text(&q, value);
    return vsql_run(&q);
}

enum err fold_bulk_resume(struct fold *f)
{
    struct vsql q = vsql_start(f->v, V_META_GET);
    vsql_text(&q, "bulk");
    f->is_bulk = vsql_row(&q) && strcmp(vsql_col_text(&q, 0), "1") == 0;
    return vsql_end(&q);
}

enum err fold_bulk_begin(struct fold *f)
{
    uint64_t folded = 0;
    if (f->is_bulk || f->total < BULK_MIN)
        return OK;
    struct vsql q = vsql_start(f->v, V_FOLDED_SUM);
    if (vsql_row(&q))
        folded = vsql_col_u64(&q, 0);
    enum err e = vsql_end(&q);
    if (e != OK || f->total < folded / BULK_SHARE)
        return e;
    if ((e = vsql_begin(f->v)) != OK)
        return e;
    e = vsql_script(f->v, "DROP INDEX IF EXISTS figure_key");
    if (e == OK)
        e = set_bulk(f, "1");
    e = vsql_finish(f->v, e);
    f->is_bulk = e == OK;
    return e;
}

/* Versions under withdrawn ones: the withdrawals are walked, and figures changed, so no row is read that is being written. */
static enum err bury_all(struct fold *f)
{
    enum err e = OK;
    struct vsql q = vsql_start(f->v, V_WITHDRAWAL_EACH);
    while (e == OK && vsql_row(&q))
        e = fold_bury_older(f, vsql_col_text(&q, 0), vsql_col_u64(&q, 1), vsql_col_u64(&q, 2));
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

enum err fold_bulk_end(struct fold *f)
{
    if (!f->is_bulk)
        return OK;
    enum err e = vsql_begin(f->v);
    if (e != OK)
        return e;
    e = vsql_script(f->v, VIEW_FIGURE_KEY);
    if (e == OK)
        e = bury_all(f);
    if (e == OK)
        e = set_bulk(f, "0");
    return vsql_finish(f->v, e);
}
