#include "protocol/origin.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocol/crypto.h"

#define START "folkmoot/"

enum { ALLIANCE_HEX = 2 * sizeof(struct alliance_id) };

enum err slug_parse(struct bytes in, struct slug *ret)
{
    if (in.len < 2 || in.len > SLUG_MAX || in.p[0] < 'a' || in.p[0] > 'z')
        return ERR_FORMAT;
    for (size_t i = 1; i < in.len; i++) {
        uint8_t c = in.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return ERR_FORMAT;
    }
    struct slug slug = {0};
    memcpy(slug.s, in.p, in.len);
    *ret = slug;
    return OK;
}

bool slug_equal(const struct slug *a, const struct slug *b)
{
    return slug_compare(a, b) == 0;
}

int slug_compare(const struct slug *a, const struct slug *b)
{
    return strcmp(a->s, b->s);
}

bool alliance_equal(const struct alliance_id *a, const struct alliance_id *b)
{
    return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

bool origin_equal(const struct origin *a, const struct origin *b)
{
    return a->generation == b->generation && slug_equal(&a->slug, &b->slug)
           && alliance_equal(&a->alliance, &b->alliance);
}

void origin_text(const struct origin *o, char ret[ORIGIN_MAX + 1])
{
    assert(o->generation >= 1);
    assert(o->slug.s[0] != '\0');
    char id[HEX_SIZE(sizeof(o->alliance.b))];
    hex_encode((struct bytes){o->alliance.b, sizeof(o->alliance.b)}, id);
    int len = snprintf(ret, ORIGIN_MAX + 1, START "%s/%s", id, o->slug.s);
    if (o->generation > 1)
        len += snprintf(ret + len, (size_t)(ORIGIN_MAX + 1 - len), "/%" PRIu32, o->generation);
    assert(len > 0 && len <= ORIGIN_MAX);
    (void)len;
}

/* What stands behind the last slash, "2" or more; nothing at all is generation 1. */
static enum err generation_parse(struct bytes in, bool present, uint32_t *ret)
{
    uint64_t g = 1;
    if (present && (bytes_u64(in, UINT32_MAX, &g) != OK || g < 2))
        return ERR_FORMAT;
    *ret = (uint32_t)g;
    return OK;
}

enum err origin_parse(struct bytes in, struct origin *ret)
{
    const size_t before_slug = sizeof(START) - 1 + ALLIANCE_HEX + 1;
    if (in.len <= before_slug || in.len > ORIGIN_MAX || !bytes_start_with(in, START)
        || in.p[before_slug - 1] != '/')
        return ERR_FORMAT;

    struct origin o;
    const uint8_t *slug = in.p + before_slug;
    const uint8_t *end = in.p + in.len;
    const uint8_t *slash = memchr(slug, '/', (size_t)(end - slug));
    struct bytes generation = slash != NULL ? (struct bytes){slash + 1, (size_t)(end - slash - 1)}
                                            : (struct bytes){NULL, 0};
    size_t slug_len = (size_t)((slash != NULL ? slash : end) - slug);

    enum err e = hex_decode((struct bytes){in.p + sizeof(START) - 1, ALLIANCE_HEX}, o.alliance.b, sizeof(o.alliance.b));
    if (e == OK)
        e = slug_parse((struct bytes){slug, slug_len}, &o.slug);
    if (e == OK)
        e = generation_parse(generation, slash != NULL, &o.generation);
    if (e == OK)
        *ret = o;
    return e;
}
