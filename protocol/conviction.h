/* protocol/conviction.h - evidence of a fork as a file that needs none of us.
 *
 * [P-100] A sequence of frames: CHARTER as in a parcel, every standing charter and then identities of the member whose log it
 * is, those that name the key with which it signed two stories; then one EVIDENCE. What it says: the root key that
 * the charter gives the member signed an identity that names a log key, and that key signed two histories that
 * cannot both be true. Which of them is the right one it does not say, nor who held the key.
 *
 * `bundle import` takes such a file too: then a node that has not heard of the fork freezes the log. */
#ifndef FOLKMOOT_PROTOCOL_CONVICTION_H
#define FOLKMOOT_PROTOCOL_CONVICTION_H

#include "protocol/evidence.h"
#include "protocol/identity.h"
#include "protocol/parcel.h"

struct conviction {
    char alliance_name[NAME_MAX_LEN + 1];
    struct origin origin;
    char member_name[NAME_MAX_LEN + 1];     /* as the identity says */
    uint32_t identity_version;              /* of the one that names the key */
    struct sign_public log_key, root;
    struct checkpoint m, n;                 /* the two stories; m.size <= n.size */
    bool has_rival;
    struct hash rival;                      /* where m.size < n.size: the root at m.size of the history of n */
    uint32_t charter_version;               /* that stands in the file */
    struct hash charter;
    bool is_pinned;                         /* the charter that is trusted stands in the file's chain */
};

/* Put such a file behind what `ret` holds. `identities` are notes of the log's member.
 *   ERR_LIMIT, ERR_NOMEM;  ERR_UNKNOWN  there is no charter */
MUST_USE enum err conviction_write(const struct chain *c, size_t n_identities, const struct bytes *identities,
                                   struct bytes evidence, struct buf *ret);

/* Judge one, offline. `trust`: a charter's hash that the reader trusts, or NULL; whether it stands in the file is then said in
 * *ret, and a conviction that is not pinned convicts nobody of anything but of what the file itself claims.
 *   OK             it convicts
 *   ERR_FORMAT     no such file;  ERR_CHAIN, ERR_KEY, ERR_SIGNATURE, ERR_THRESHOLD: its charters do not hold
 *   ERR_UNKNOWN    its charters name no such member, or no identity of the member's own root names the key
 *   ERR_PROOF      the two checkpoints can both be true, or the proof does not hold */
MUST_USE enum err conviction_read(struct bytes in, const struct hash *trust, struct conviction *ret);

/* Is it such a file, by its frames? For whoever takes more than one kind. */
bool conviction_is(struct bytes in);

#endif
