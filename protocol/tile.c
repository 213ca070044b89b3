#include "protocol/tile.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { GROUPS_MAX = 7, LEAF_PREFIX_LEN = 2 };   /* 2^64 has 20 digits: seven groups of three */

void tile_path(const struct tile *t, char ret[TILE_PATH_SIZE])
{
    unsigned groups[GROUPS_MAX];
    size_t n = 0;
    char level[16], width[16] = "";
    assert(t->width >= 1 && t->width <= TILE_WIDTH && t->level < TILE_LEVELS);
    uint64_t rest = t->index;
    do {
        groups[n++] = (unsigned)(rest % 1000);
        rest /= 1000;
    } while (rest > 0);
    (void)snprintf(level, sizeof(level), "%u", t->level);
    if (t->width < TILE_WIDTH)
        (void)snprintf(width, sizeof(width), ".p/%u", t->width);
    int len = snprintf(ret, TILE_PATH_SIZE, "tile/%s/", t->is_entries ? "entries" : level);
    while (n > 1)
        len += snprintf(ret + len, TILE_PATH_SIZE - (size_t)len, "x%03u/", groups[--n]);
    (void)snprintf(ret + len, TILE_PATH_SIZE - (size_t)len, "%03u%s", groups[0], width);
}

void tiler_init(struct tiler *t, enum err (*put)(void *arg, const struct tile *tile, struct bytes content), void *arg)
{
    memset(t, 0, sizeof(*t));
    t->put = put;
    t->arg = arg;
}

static enum err put_hashes(struct tiler *t, unsigned level)
{
    static_assert(sizeof(struct hash) == HASH_LEN, "a tile is its hashes, one behind the other");
    struct tile tile = {.level = level, .index = t->levels[level].index, .width = (unsigned)t->levels[level].n};
    return t->put(t->arg, &tile, (struct bytes){t->levels[level].hashes[0].b, t->levels[level].n * HASH_LEN});
}

static enum err put_entries(struct tiler *t)
{
    struct tile tile = {.is_entries = true, .index = t->levels[0].index, .width = (unsigned)t->levels[0].n};
    enum err e = t->put(t->arg, &tile, (struct bytes){t->entries, t->entries_len});
    t->entries_len = 0;
    return e;
}

/* The root over a full tile: what the tile above it holds of it. */
static struct hash root_of(const struct hash *hashes)
{
    struct hash h[TILE_WIDTH];
    memcpy(h, hashes, sizeof(h));
    for (size_t n = TILE_WIDTH; n > 1; n /= 2)
        for (size_t i = 0; i < n / 2; i++)
            h[i] = merkle_node(&h[2 * i], &h[2 * i + 1]);
    return h[0];
}

static enum err add_hash(struct tiler *t, const struct hash *hash)
{
    enum err e = OK;
    struct hash h = *hash;
    for (unsigned level = 0; e == OK && level < TILE_LEVELS; level++) {
        t->levels[level].hashes[t->levels[level].n++] = h;
        if (t->levels[level].n < TILE_WIDTH)
            return OK;
        if (level == 0)
            e = put_entries(t);
        if (e == OK)
            e = put_hashes(t, level);
        h = root_of(t->levels[level].hashes);
        t->levels[level].index++;
        t->levels[level].n = 0;
    }
    return e;
}

enum err tiler_add(struct tiler *t, struct bytes leaf)
{
    assert(leaf.len <= HEADER_MAX);
    put_u16be(t->entries + t->entries_len, (uint16_t)leaf.len);
    memcpy(t->entries + t->entries_len + LEAF_PREFIX_LEN, leaf.p, leaf.len);
    t->entries_len += LEAF_PREFIX_LEN + leaf.len;
    t->size++;
    struct hash h = merkle_leaf(leaf);
    return add_hash(t, &h);
}

enum err tiler_end(struct tiler *t)
{
    enum err e = t->levels[0].n > 0 ? put_entries(t) : OK;
    for (unsigned level = 0; e == OK && level < TILE_LEVELS; level++)
        if (t->levels[level].n > 0)
            e = put_hashes(t, level);
    return e;
}
