#include "protocol/grant.h"

#include <assert.h>

enum {
    GRANT_BODY_MAX = 1 + 2 + SLUG_MAX + 34 + 3
                     + GRANT_BOXES_MAX * (1 + 2 + ORIGIN_MAX + 2 + 16 + 5 + 2 + BOX_LEN)
};
static_assert(SALT_LEN + GRANT_BODY_MAX <= PAYLOAD_MAX, "the largest grant fits a payload");

void grant_write(const struct grant *g, struct buf *ret)
{
    assert(g->n >= 1 && g->n <= GRANT_BOXES_MAX);
    pack_array(ret, 3);
    pack_str(ret, g->reader.s);
    pack_fixed(ret, g->box_key.b, sizeof(g->box_key.b));
    pack_array(ret, g->n);
    for (size_t i = 0; i < g->n; i++) {
        const struct grant_item *item = &g->items[i];
        char origin[ORIGIN_MAX + 1];
        origin_text(&item->id.origin, origin);
        pack_array(ret, 4);
        pack_str(ret, origin);
        pack_fixed(ret, item->id.audience.b, sizeof(item->id.audience.b));
        pack_uint(ret, item->id.epoch);
        pack_fixed(ret, item->box, sizeof(item->box));
    }
}

static struct grant_item read_grant_item(struct reader *r)
{
    struct grant_item item = {0};
    (void)read_array(r, 4, 4);
    if (origin_parse(read_str(r, ORIGIN_MAX), &item.id.origin) != OK)
        reader_fail(r);
    read_fixed(r, item.id.audience.b, sizeof(item.id.audience.b));
    item.id.epoch = (uint32_t)read_uint(r, UINT32_MAX);
    read_fixed(r, item.box, sizeof(item.box));
    return item;
}

/* One walk over the body; fills `ret` when there is one. */
static enum err grant_walk(struct bytes body, struct grant *ret)
{
    struct reader r = reader_on(body);
    struct slug slug = {0};
    struct dh_public box_key;
    (void)read_array(&r, 3, 3);
    if (slug_parse(read_str(&r, SLUG_MAX), &slug) != OK)
        reader_fail(&r);
    read_fixed(&r, box_key.b, sizeof(box_key.b));
    size_t n = read_array(&r, 1, GRANT_BOXES_MAX);
    for (size_t i = 0; i < n; i++) {
        struct grant_item item = read_grant_item(&r);
        if (ret != NULL)
            ret->items[i] = item;
    }
    if (ret != NULL) {
        ret->reader = slug;
        ret->box_key = box_key;
        ret->n = n;
    }
    return reader_finish(&r);
}

enum err grant_read(struct bytes body, struct grant *ret)
{
    enum err e = grant_walk(body, NULL);        /* 170 KiB: looked at before *ret is touched */
    return e == OK ? grant_walk(body, ret) : e;
}
