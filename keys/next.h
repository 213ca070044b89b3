/* keys/next.h - our next identity, between its signature and the day the whole home goes by it.
 *
 * A new version of our identity takes effect when it is an entry of our log, and then other files must follow: the key
 * files, and node/identity. They cannot change at one stroke, so first everything that is to come is written into
 * private/next, whole; then the entry is committed; then next_apply brings the files up to it, as often as need be, and
 * next_drop ends it. A crash before the commit changes nothing, a crash after it loses nothing: private/next and our log say
 * together how far it came.
 *
 *      folkmoot next v1
 *      log <base64>                (only keys that are new, in this order: log, witness, box, node;
 *      ...                          of an Ed25519 key its seed, of an X25519 key its scalar)
 *      previous-node-until <s>     (with a new node key: when the old one is no longer answered to)
 *
 *      <the identity's note>
 *
 * Whoever calls save, apply or drop holds the lock of HOME_SIGN_LOCK. */
#ifndef FOLKMOOT_KEYS_NEXT_H
#define FOLKMOOT_KEYS_NEXT_H

#include "keys/keyfile.h"
#include "protocol/identity.h"

enum { PURPOSES_END = PURPOSE_NODE + 1 };

struct next {
    unsigned rotated;                       /* bits 1u << purpose: which keys are new */
    struct sym_secret keys[PURPOSES_END];   /* by purpose */
    uint64_t node_until_s;
    struct identity id;                     /* of the note */
    struct buf note;
};

/* Empty; next_release wipes. */
void next_init(struct next *n);
void next_release(struct next *n);

/* Derive from the seed the keys named in `rotated` for identity version `id->version`, and put their public halves into
 * `id`. `now_s`: from when the previous node key is answered to for NODE_KEY_GRACE_S more. */
void next_derive(struct next *n, const struct sym_secret *seed, unsigned rotated, uint64_t now_s, struct identity *id);
/* Sign `id` and keep its note in `n`.
 *   ERR_SECRET  its root is not this seed's;  ERR_FORMAT, ERR_KEY  it is no good identity (identity_open);  ERR_NOMEM */
MUST_USE enum err next_sign(struct next *n, const struct sym_secret *seed, const struct identity *id);

MUST_USE enum err next_parse(struct bytes text, struct next *ret);      /* ERR_FORMAT; ret: next_init'ed */
void next_write(const struct next *n, struct buf *ret);

MUST_USE enum err next_save(const struct home *h, const struct next *n);        /* file_write's errors */
/* ERR_UNKNOWN: nothing is under way. ERR_CORRUPT, ERR_DENIED, ERR_IO, ERR_NOMEM. */
MUST_USE enum err next_load(const struct home *h, struct next *ret);            /* ret: next_init'ed */
MUST_USE enum err next_drop(const struct home *h);                              /* OK when there is none */

/* Bring the key files and node/identity up to it; what is there already stays. Old box keys stay in their file, the
 * previous node key with its end, an old log or witness key goes. Any failure leaves files each of which is whole, and
 * calling it again goes on. A key file that is missing is made. */
MUST_USE enum err next_apply(const struct home *h, const struct next *n);

#endif
