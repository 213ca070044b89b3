/* cli/view/opened.c - what was withdrawn, opened, and promised to be opened (query.h). */
#include "cli/view/inside.h"
#include "cli/view/query.h"

enum err view_return_at(struct view *v, const char *slug, uint32_t generation, uint64_t idx, uint64_t *ret_first)
{
    struct vsql q = vsql_start(v, V_RETURN_AT);
    vsql_text(&q, slug);
    vsql_u64(&q, generation);
    vsql_u64(&q, idx);
    bool found = vsql_row(&q);
    if (found)
        *ret_first = vsql_col_u64(&q, 0);
    enum err e = vsql_end(&q);
    return e == OK && !found ? ERR_UNKNOWN : e;
}

enum err view_withdrawals(struct view *v, withdrawal_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, V_WITHDRAWALS);
    while (e == OK && vsql_row(&q)) {
        struct withdrawal_row row;
        row.slug = vsql_col_text(&q, 0);
        row.generation = (uint32_t)vsql_col_u64(&q, 1);
        row.target = vsql_col_u64(&q, 2);
        row.idx = vsql_col_u64(&q, 3);
        row.reason = vsql_col_text(&q, 4);
        row.is_erased = vsql_col_int(&q, 5) != 0;
        row.said_ms = vsql_col_u64(&q, 6);
        e = each(arg, &row);
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

enum err view_openings(struct view *v, opened_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, V_OPENED_EACH);
    while (e == OK && vsql_row(&q)) {
        struct opened_row row;
        row.slug = vsql_col_text(&q, 0);
        row.generation = (uint32_t)vsql_col_u64(&q, 1);
        row.idx = vsql_col_u64(&q, 2);
        row.first = vsql_col_u64(&q, 3);
        row.last = vsql_col_u64(&q, 4);
        row.n = vsql_col_u64(&q, 5);
        row.audience = vsql_col_text(&q, 6);
        row.said_ms = vsql_col_u64(&q, 7);
        e = each(arg, &row);
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

enum err view_is_opened_to(struct view *v, const char *slug, uint32_t generation, uint64_t idx, const char *audience, bool *ret)
{
    struct vsql q = vsql_start(v, V_OPENED_TO);
    vsql_text(&q, slug);
    vsql_u64(&q, generation);
    vsql_u64(&q, idx);
    vsql_text(&q, audience);
    return vsql_any(&q, ret);
}

enum err view_promises(struct view *v, promise_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, V_PROMISES);
    while (e == OK && vsql_row(&q)) {
        struct promise_row row;
        row.slug = vsql_col_text(&q, 0);
        row.record = vsql_col_text(&q, 1);
        row.said_ms = vsql_col_u64(&q, 2);
        row.about = vsql_col_text(&q, 3);
        row.due = vsql_col_text(&q, 4);
        row.to = vsql_col_text(&q, 5);
        row.readers = vsql_col_text(&q, 6);
        e = each(arg, &row);
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}
