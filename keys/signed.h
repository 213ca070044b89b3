/* keys/signed.h - what this home has put its name to, written before the name leaves.
 *
 * private/head: the log we signed, so that a store taken back in time is noticed.
 * private/signed: the charter (version, round) a steward signed, so that no second text is ever
 * signed for the same one. Text: `folkmoot signed v1`, then a line a version, newest first:
 * `<version> <round> <hex SHA-256 of the text>`; the newest SIGNED_VERSIONS_MAX are kept.
 *
 * Whoever calls head_save or signed_charter holds the lock (file_lock) of HOME_SIGN_LOCK: two that read before either
 * writes would each believe to be first. */
#ifndef FOLKMOOT_KEYS_SIGNED_H
#define FOLKMOOT_KEYS_SIGNED_H

#include "keys/home.h"
#include "protocol/checkpoint.h"

enum { SIGNED_VERSIONS_MAX = 64 };

/* The newest checkpoint note our log key made, whole. ERR_UNKNOWN while there is none, ERR_CORRUPT when it is longer
 * than CHECKPOINT_MAX; else as file_read_private. The caller releases *ret_note. */
MUST_USE enum err head_load(const struct home *h, struct buf *ret_note);
/* Durable before this returns; else as file_write. */
MUST_USE enum err head_save(const struct home *h, struct bytes note);

/* May our root sign the charter text with this hash as (version, round)?  If so it is
 * recorded, durably, before this returns.
 *   OK            yes: never signed for that version, or a lower round, or this very text
 *   ERR_CONFLICT  another text of the same or a higher round was signed
 *   ERR_STALE     the version is older than all of SIGNED_VERSIONS_MAX kept: what was signed for it is forgotten
 *   ERR_CORRUPT   the record is damaged. It is never taken for an empty one
 *   else as file_read_private and file_write: do not sign */
MUST_USE enum err signed_charter(const struct home *h, uint32_t version, uint32_t round, const struct hash *text_hash);

/* private/charter: the newest version of the charter that this home has acted on, one line
 * `folkmoot charter seen v1 <version>`. log.db belongs to the daemon: should an older charter come back there,
 * a removed reader would be sealed to again.
 *   OK         it is this version or a newer one, which is recorded, durably, before this returns
 *   ERR_STALE  a newer one was acted on before
 *   else as file_read_private and file_write; ERR_CORRUPT: the record is damaged */
MUST_USE enum err seen_charter(const struct home *h, uint32_t version);

#endif
