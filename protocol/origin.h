/* protocol/origin.h - which log is meant: alliance, member, generation.
 *
 * As text: `folkmoot/<alliance id, 32 hex>/<slug>`, and from generation 2 on
 * `/<generation>` after it.  The text is the name of the log's key and the first
 * line of its checkpoints. */
#ifndef FOLKMOOT_PROTOCOL_ORIGIN_H
#define FOLKMOOT_PROTOCOL_ORIGIN_H

#include "protocol/bytes.h"
#include "protocol/limits.h"

struct alliance_id { uint8_t b[16]; };

struct slug { char s[SLUG_MAX + 1]; };      /* NUL-terminated, unused bytes zero */

struct origin {
    struct alliance_id alliance;
    struct slug slug;
    uint32_t generation;                    /* 1, 2, ... */
};

/* [a-z][a-z0-9-]{1,39}, else ERR_FORMAT. */
MUST_USE enum err slug_parse(struct bytes in, struct slug *ret);
bool slug_equal(const struct slug *a, const struct slug *b);
int slug_compare(const struct slug *a, const struct slug *b);       /* as strcmp */

bool alliance_equal(const struct alliance_id *a, const struct alliance_id *b);
bool origin_equal(const struct origin *a, const struct origin *b);

/* Writes at most ORIGIN_MAX characters and a NUL. */
void origin_text(const struct origin *o, char ret[ORIGIN_MAX + 1]);
/* The one form that origin_text writes, else ERR_FORMAT. */
MUST_USE enum err origin_parse(struct bytes in, struct origin *ret);

#endif
