/* cli/view/records.c - records of any type, and notes beside them (query.h). */
#include <string.h>

#include "cli/view/inside.h"
#include "cli/view/query.h"

enum err view_is_noted(struct view *v, const char *record, const char *audience, const char *text, bool *ret)
{
    struct vsql q = vsql_start(v, V_NOTED);
    vsql_text(&q, record);
    vsql_text(&q, v->owner.slug.s);
    vsql_text(&q, audience);
    vsql_text(&q, text);
    *ret = vsql_row(&q) && vsql_col_int(&q, 0) != 0;
    return vsql_end(&q);
}

enum err view_is_erased(struct view *v, const char *slug, uint32_t generation, uint64_t idx, bool *ret)
{
    struct vsql q = vsql_start(v, V_WITHDRAWAL_GET);
    vsql_text(&q, slug);
    vsql_u64(&q, generation);
    vsql_u64(&q, idx);
    *ret = vsql_row(&q) && vsql_col_int(&q, 1) != 0;
    return vsql_end(&q);
}

enum err view_note(struct view *v, const char *record, const char *slug, struct buf *ret)
{
    struct vsql q = vsql_start(v, V_NOTE);
    vsql_text(&q, record);
    vsql_text(&q, slug);
    bool found = vsql_row(&q);
    if (found)
        buf_put(ret, vsql_col_bytes(&q, 0));
    enum err e = vsql_end(&q);
    if (e == OK)
        e = buf_status(ret);
    return e == OK && !found ? ERR_UNKNOWN : e;
}

/* As much of a text as fits, cut at a whole character. */
static void copy_beginning(struct vsql *q, int col, char *ret, size_t size)
{
    struct bytes all = vsql_col_bytes(q, col);
    size_t len = all.len < size ? all.len : size - 1;
    while (len < all.len && len > 0 && (all.p[len] & 0xC0) == 0x80)
        len--;
    memcpy(ret, all.p, len);
    ret[len] = '\0';
}

enum err view_record_at(struct view *v, const char *slug, uint32_t generation, uint64_t idx, struct record_row *ret)
{
    struct record_row r = {.type = ""};
    struct vsql q = vsql_start(v, V_RECORD_AT);
    vsql_text(&q, slug);
    vsql_u64(&q, generation);
    vsql_u64(&q, idx);
    bool found = vsql_row(&q);
    if (found) {
        vsql_col_copy(&q, 0, r.type, sizeof(r.type));
        copy_beginning(&q, 1, r.shown, sizeof(r.shown));
        vsql_col_copy(&q, 2, r.audience, sizeof(r.audience));
        r.said_ms = vsql_col_u64(&q, 3);
        r.is_withdrawn = vsql_col_int(&q, 4) != 0;
    }
    enum err e = vsql_end(&q);
    if (e == OK && found)
        *ret = r;
    return e == OK && !found ? ERR_UNKNOWN : e;
}
