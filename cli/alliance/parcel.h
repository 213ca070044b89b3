/* cli/alliance/parcel.h - charters and identities as a file: the CHARTER frames that a node would send. */
#ifndef FOLKMOOT_CLI_ALLIANCE_PARCEL_H
#define FOLKMOOT_CLI_ALLIANCE_PARCEL_H

#include "cli/desk.h"

enum { PARCEL_MAX = 64 * 1024 * 1024 };

/* Put every standing charter, and the identities of its members that are known, behind what `ret` holds, as
 * CHARTER frames. */
MUST_USE enum err parcel_write(struct desk *d, struct buf *ret);

/* Read such a file into an empty chain, whose alliance is the one that its version 1 founds.
 *   ERR_FORMAT, ERR_CHAIN, ERR_SIGNATURE, ERR_THRESHOLD: it is no such file, or not in order */
struct parcel {
    struct chain *chain;
    struct alliance_id alliance;
    size_t n_identities, cap_identities;
    struct bytes *identities;               /* borrowed from the bytes that were read */
};
MUST_USE enum err parcel_read(struct bytes in, struct parcel *ret);
void parcel_release(struct parcel *p);

#endif
