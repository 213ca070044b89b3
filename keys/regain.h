/* keys/regain.h - a home's key files, made again from the seed. */
#ifndef FOLKMOOT_KEYS_REGAIN_H
#define FOLKMOOT_KEYS_REGAIN_H

#include "keys/next.h"

/* The identity version in which this key first appeared, no later than `newest`; 0 when the seed has no such key. */
uint32_t regain_version(const struct sym_secret *seed, enum key_purpose p, const uint8_t public[32], uint32_t newest);

/* Are all keys that an identity names this seed's?  ERR_KEY. */
MUST_USE enum err regain_check(const struct sym_secret *seed, const struct identity *id);

/* Write the key files that the identity of `note` needs, and node/identity, each whole: the log, witness, box and node key it
 * names, and of `old_boxes` (public halves; those of other seeds, or named twice, are passed over) those that are the seed's.
 * Files that are there are replaced, but a node.key whose first key is that one. Without `with_witness` no witness.key is
 * written: a home that does not know what its witness promised waits for a new key.
 *   ERR_KEY  the identity, or a key that it names, is not this seed's: nothing was written
 *   else identity_open's and file_write's errors, ERR_NOMEM */
MUST_USE enum err regain_keys(const struct home *h, const struct sym_secret *seed, struct bytes note, bool with_witness,
                              size_t n_old_boxes, const struct dh_public *old_boxes);

#endif
