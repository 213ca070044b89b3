/* keys/signed.h - what this home has put its name to, written before the name leaves.
 *
 * private/head: the log we signed, so that a store taken back in time is noticed.
 * private/signed: the charter (version, round) a steward signed, so that no second text is ever
 * signed for the same one. */
#ifndef FOLKMOOT_KEYS_SIGNED_H
#define FOLKMOOT_KEYS_SIGNED_H

#include "keys/home.h"
#include "protocol/checkpoint.h"

/* The newest checkpoint note our log key made, whole. ERR_UNKNOWN while there is none. */
MUST_USE enum err head_load(const struct home *h, struct buf *ret_note);
MUST_USE enum err head_save(const struct home *h, struct bytes note);

/* May our root sign the charter text with this hash as (version, round)?  If so it is
 * recorded, durably, before this returns.
 *   OK            yes: never signed for that version, or a lower round, or this very text
 *   ERR_CONFLICT  another text of the same or a higher round was signed */
MUST_USE enum err signed_charter(const struct home *h, uint32_t version, uint32_t round, const struct hash *text_hash);

#endif
