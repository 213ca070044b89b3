/* protocol/parcel.h - charters and identities as a file: the CHARTER frames that a node would send.
 *
 * [P-69] `alliance export` writes one, a bundle begins with one, and each node keeps one beside its log.db.
 * Whoever reads one believes the signatures in it, and the file itself only as far as whoever named it. */
#ifndef FOLKMOOT_PROTOCOL_PARCEL_H
#define FOLKMOOT_PROTOCOL_PARCEL_H

#include "protocol/chain.h"

/* Put every standing charter, from version 1 on, behind what `ret` holds, a frame each.
 *   ERR_LIMIT, ERR_NOMEM   `ret` is full, or memory ran out */
MUST_USE enum err parcel_put_charters(const struct chain *c, struct buf *ret);
/* ... and one identity. The chain has a current charter. */
MUST_USE enum err parcel_put_identity(const struct chain *c, struct bytes note, struct buf *ret);

/* Read such a file into an empty chain, whose alliance is the one that its version 1 founds.
 *   ERR_FORMAT, ERR_CHAIN, ERR_SIGNATURE, ERR_THRESHOLD: it is no such file, or not in order */
struct parcel {
    struct chain *chain;
    struct alliance_id alliance;
    size_t n_identities, cap_identities;
    struct bytes *identities;               /* borrowed from the bytes that were read; not judged */
};
MUST_USE enum err parcel_read(struct bytes in, struct parcel *ret);
void parcel_release(struct parcel *p);

#endif
