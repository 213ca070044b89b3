/* keys/officer_file.h - an officer's own key, behind a passphrase, in one file that needs no home.
 *
 *      folkmoot officer v1             the card, a signed note (protocol/officer.h): FILE.pub is this alone
 *      ...
 *                                      an empty line
 *      folkmoot seed v1                the Ed25519 seed, as keys/seed.h has seeds: always behind a passphrase
 *      ...
 *
 * The card is signed by the key, so role and name in the file cannot be changed by who cannot open it. */
#ifndef FOLKMOOT_KEYS_OFFICER_FILE_H
#define FOLKMOOT_KEYS_OFFICER_FILE_H

#include "keys/seed.h"
#include "protocol/officer.h"

enum { OFFICER_FILE_MAX = OFFICER_CARD_MAX + SEED_TEXT_MAX };

struct officer_file {
    struct officer_card card;
    struct seed_text sealed;
};

/* Draw a key for this person; its file and its card are put behind what the buffers hold. ERR_FORMAT for a name that
 * nobody can have, ERR_NOMEM. The caller wipes *ret_file. */
MUST_USE enum err officer_file_new(enum officer_role role, const char *name, struct bytes passphrase, struct buf *ret_file,
                                   struct buf *ret_card);

/*   ERR_FORMAT     no officer's key file, or its key is not behind a passphrase
 *   ERR_SIGNATURE, ERR_KEY  its card does not hold;  ERR_LIMIT  it asks for too much passphrase work */
MUST_USE enum err officer_file_parse(struct bytes text, struct officer_file *ret);
/* ERR_SECRET: a wrong passphrase, or the key in it is not the card's. ERR_NOMEM. The caller wipes *ret. */
MUST_USE enum err officer_file_open(const struct officer_file *f, struct bytes passphrase, struct sign_secret *ret);

/* Officers whose key the body itself holds: from its seed, one a role and identity version. Purpose 5 and on. */
void officer_held_key(const struct sym_secret *seed, enum officer_role role, uint32_t version, struct sign_secret *ret_secret,
                      struct sign_public *ret_public);
/* The one of this public key: it first appears in some version up to `newest`. ERR_UNKNOWN: it is none of this seed's. */
MUST_USE enum err officer_held_find(const struct sym_secret *seed, const struct officer *o, uint32_t newest,
                                    struct sign_secret *ret);

#endif
