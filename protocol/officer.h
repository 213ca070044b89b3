/* protocol/officer.h - an officer's card: who says that a key is theirs.
 *
 *      folkmoot officer v1
 *      role dcs
 *      name Jane Roe
 *      key <base64>
 *
 * a closed text, signed by that key itself (name: the role, which no slug is parted from by a '/'; type 0x01): so that
 * nobody can have another's key enrolled as their own, nor a key under a name that its holder did not give. It is what
 * `officer keygen` writes beside the key, and what a body enrols. The identity carries role and key only; a name is where
 * it can be withdrawn and forgotten.  docs/protocol.md, section "Officers". */
#ifndef FOLKMOOT_PROTOCOL_OFFICER_H
#define FOLKMOOT_PROTOCOL_OFFICER_H

#include "protocol/identity.h"

enum { OFFICER_CARD_MAX = 1024 };

struct officer_card {
    enum officer_role role;
    char name[NAME_MAX_LEN + 1];            /* as an identity's name */
    struct sign_public key;
};

/* ERR_FORMAT for a name that no identity could have. */
MUST_USE enum err officer_name_check(const char *name);

/* Put the card, a signed note, behind what `ret` holds. The name is good; the secret is the key's. */
void officer_card_sign(const struct officer_card *card, const struct sign_secret *secret, struct buf *ret);
/*   ERR_FORMAT     not a card
 *   ERR_KEY        the key may not be enrolled (crypto.h)
 *   ERR_SIGNATURE  not signed by the key that it names, or not at all */
MUST_USE enum err officer_card_open(struct bytes note, struct officer_card *ret);

/* The verifier key of an officer of a body, name `<slug>/<role>`: for whatever officers sign as notes. */
struct note_key officer_key(const struct slug *slug, const struct officer *o);

#endif
