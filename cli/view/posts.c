/* cli/view/posts.c - what members say to each other (query.h). */
#include "cli/view/inside.h"
#include "cli/view/query.h"

static enum err each_post(struct view *v, enum vsql_id sql, post_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, sql);
    while (e == OK && vsql_row(&q)) {
        struct post_row r = {.generation = (uint32_t)vsql_col_u64(&q, 1), .idx = vsql_col_u64(&q, 2)};
        vsql_col_copy(&q, 0, r.slug.s, sizeof(r.slug.s));
        r.record = vsql_col_text(&q, 3);
        r.type = vsql_col_text(&q, 4);
        r.about = vsql_col_text(&q, 5);
        r.text = vsql_col_text(&q, 6);
        r.owner = vsql_col_text(&q, 7);
        r.due = vsql_col_text(&q, 8);
        r.state = vsql_col_text(&q, 9);
        r.audience = vsql_col_text(&q, 10);
        r.said_ms = vsql_col_u64(&q, 11);
        r.is_withdrawn = vsql_col_text(&q, 12)[0] != '\0';
        r.role = vsql_col_text(&q, 13);
        r.is_member = vsql_col_int(&q, 14) != 0;
        e = each(arg, &r);
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

enum err view_posts(struct view *v, post_each each, void *arg)
{
    return each_post(v, V_POSTS, each, arg);
}

enum err view_leaves(struct view *v, post_each each, void *arg)
{
    return each_post(v, V_LEAVES, each, arg);
}

static enum err take_readers(struct vsql *q, struct buf *ret)
{
    bool found = vsql_row(q) && vsql_col_bytes(q, 0).len > 0;
    if (found)
        buf_put(ret, vsql_col_bytes(q, 0));
    enum err e = vsql_end(q);
    return e != OK ? e : found ? buf_status(ret) : ERR_UNKNOWN;
}

enum err view_epoch_readers(struct view *v, const struct epoch_id *id, struct buf *ret)
{
    char audience[AUDIENCE_TEXT_SIZE];
    hex_encode((struct bytes){id->audience.b, sizeof(id->audience.b)}, audience);
    struct vsql q = vsql_start(v, V_EPOCH_READERS);
    vsql_text(&q, id->origin.slug.s);
    vsql_u64(&q, id->origin.generation);
    vsql_text(&q, audience);
    vsql_u64(&q, id->epoch);
    return take_readers(&q, ret);
}

enum err view_audience_readers(struct view *v, const char *slug, uint32_t generation, const char *audience, struct buf *ret)
{
    struct vsql q = vsql_start(v, V_AUDIENCE_READERS);
    vsql_text(&q, slug);
    vsql_u64(&q, generation);
    vsql_text(&q, audience);
    return take_readers(&q, ret);
}
