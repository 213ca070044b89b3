/* protocol/grant.h - an epoch key for a reader who came later, or has another box key: a public entry with a box for each epoch.
 *
 *      body [reader slug, box key, [[origin, audience, epoch, box], ...]]
 *
 * A granter is not believed: what a box holds is checked with epoch_check_key (envelope.h).
 * docs/protocol.md, section "Encryption". */
#ifndef FOLKMOOT_PROTOCOL_GRANT_H
#define FOLKMOOT_PROTOCOL_GRANT_H

#include "protocol/envelope.h"

struct grant_item {
    struct epoch_id id;
    uint8_t box[BOX_LEN];
};
struct grant {
    struct slug reader;
    struct dh_public box_key;               /* the key the boxes are sealed to */
    size_t n;
    struct grant_item items[GRANT_BOXES_MAX];
};
/* 1 to GRANT_BOXES_MAX items. The reader takes exactly the canonical form, else ERR_FORMAT. */
void grant_write(const struct grant *g, struct buf *ret);
MUST_USE enum err grant_read(struct bytes body, struct grant *ret);

#endif
