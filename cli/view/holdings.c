/* cli/view/holdings.c - what is held, counted (query.h). */
#include "cli/view/inside.h"
#include "cli/view/query.h"

enum err view_holdings(struct view *v, uint64_t before_ms, holding_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, V_HOLDINGS);
    vsql_int(&q, moment_stored(before_ms));
    while (e == OK && vsql_row(&q)) {
        struct holding_row row;
        row.slug = vsql_col_text(&q, 0);
        row.type = vsql_col_text(&q, 1);
        row.audience = vsql_col_text(&q, 2);
        row.marking = vsql_col_text(&q, 3);
        row.n = vsql_col_u64(&q, 4);
        row.n_withdrawn = vsql_col_u64(&q, 5);
        row.n_before = vsql_col_u64(&q, 6);
        row.oldest_ms = vsql_col_u64(&q, 7);
        row.newest_ms = vsql_col_u64(&q, 8);
        e = each(arg, &row);
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

enum err view_shut(struct view *v, const char *slug, uint64_t *ret_sealed, uint64_t *ret_erased)
{
    struct vsql q = vsql_start(v, V_SHUT);
    vsql_text(&q, slug);
    bool found = vsql_row(&q);
    *ret_sealed = found ? vsql_col_u64(&q, 0) : 0;
    *ret_erased = found ? vsql_col_u64(&q, 1) : 0;
    return vsql_end(&q);
}
