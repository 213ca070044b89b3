/* protocol/tile.h - a log's tree as files: the layout of C2SP tlog-tiles.
 *
 *      tile/<level>/<index>[.p/<width>]        256 hashes of 32 bytes; of a partial tile `width` of them
 *      tile/entries/<index>[.p/<width>]        as many leaves, each behind its length as u16be
 *
 * Hash i of a tile of level L and index N is the root of the full subtree of 256^L leaves that begins at leaf
 * (N * 256 + i) * 256^L. An index is written in groups of three digits, all but the last behind an `x`:
 * 1234067 is x001/x234/067. A leaf is what is hashed: in Folkmoot the header of an entry, not its payload.
 *
 * Source: c2sp.org/tlog-tiles. */
#ifndef FOLKMOOT_PROTOCOL_TILE_H
#define FOLKMOOT_PROTOCOL_TILE_H

#include "protocol/merkle.h"

enum {
    TILE_WIDTH = 256,                       /* hashes in a full tile */
    TILE_LEVELS = 8,                        /* 256^8 leaves are more than any log has */
    TILE_PATH_SIZE = 64,                    /* "tile/entries/x018/x446/x744/x073/x709/x551/615.p/255" and a NUL */
    TILE_ENTRIES_MAX = TILE_WIDTH * (2 + HEADER_MAX)
};

struct tile {
    bool is_entries;                        /* then level is 0 */
    unsigned level;
    uint64_t index;
    unsigned width;                         /* 1 to TILE_WIDTH; below that it is partial */
};

void tile_path(const struct tile *t, char ret[TILE_PATH_SIZE]);

/* Makes the tiles of a tree from its leaves in order, each as soon as it is full, and at the end the partial ones: so
 * of each level at most one is in memory. `put` is given each once; content is borrowed for the call. Its first error
 * ends the work and is returned. */
struct tiler {
    enum err (*put)(void *arg, const struct tile *tile, struct bytes content);
    void *arg;
    uint64_t size;                          /* leaves so far */
    struct { uint64_t index; size_t n; struct hash hashes[TILE_WIDTH]; } levels[TILE_LEVELS];
    size_t entries_len;
    uint8_t entries[TILE_ENTRIES_MAX];
};
void tiler_init(struct tiler *t, enum err (*put)(void *arg, const struct tile *tile, struct bytes content), void *arg);
/* `leaf` has at most HEADER_MAX bytes. */
MUST_USE enum err tiler_add(struct tiler *t, struct bytes leaf);
/* The partial tiles; nothing may be added behind them. */
MUST_USE enum err tiler_end(struct tiler *t);

#endif
