/* node/self.h - who this node is: what its home and its store say of it.
 *
 * Reads node/ only: no log, box or root key. */
#ifndef FOLKMOOT_NODE_SELF_H
#define FOLKMOOT_NODE_SELF_H

#include "keys/home.h"
#include "node/engine/engine.h"
#include "node/store/store.h"
#include "protocol/channel.h"

struct self {
    struct engine_config engine;            /* .identity borrows below; is_import, random_seed: caller's */
    struct buf identity;                    /* our newest identity note */
    size_t n_keys;
    struct dh_secret keys[CHANNEL_KEYS_MAX];    /* our node key, and the one before it */
    struct hash digest;                     /* of all of it: another digest, another self */
};

/* Read it, as of this second: a previous node key has an end.
 *   ERR_UNKNOWN  the node is of no alliance yet (*ret_what "alliance")
 *   ERR_SECRET   the node key is missing (a missing witness key only means that we do not cosign)
 *   ERR_KEY      the node key's file does not hold the key that the identity names
 *   ERR_DENIED, ERR_FORMAT, ERR_SIGNATURE, ERR_LIMIT, ERR_IO, ERR_CORRUPT, ERR_NOMEM
 * On failure *ret_what (static) names what could not be had, and *ret holds nothing. */
MUST_USE enum err self_load(const struct home *h, struct store *s, uint64_t now_s, struct self *ret, const char **ret_what);
void self_release(struct self *self);       /* wipes */

/* The invite that `join` leaves for the daemon, as the setting "inviter": [address, node key]. */
void inviter_write(const char *address, const struct dh_public *node, struct buf *ret);
MUST_USE enum err inviter_read(struct bytes in, char ret_address[ADDRESS_MAX + 1], struct dh_public *ret_node);

#endif
