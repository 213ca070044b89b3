/* protocol/invite.h - the one line by which a steward asks somebody in.
 *
 *      folkmoot-invite:base64url(msgpack [1, alliance id, charter hash, token, expires, host:port, node key])
 *
 * It is a secret until used: whoever has it may ask (not join: stewards admit). */
#ifndef FOLKMOOT_PROTOCOL_INVITE_H
#define FOLKMOOT_PROTOCOL_INVITE_H

#include "protocol/crypto.h"
#include "protocol/origin.h"

enum { TOKEN_LEN = 16, INVITE_TEXT_MAX = 640 };

struct invite {
    struct alliance_id alliance;
    struct hash charter;                    /* of the charter current when it was made */
    uint8_t token[TOKEN_LEN];
    uint64_t expires_s;                     /* POSIX seconds */
    char address[ADDRESS_MAX + 1];          /* where the steward's node listens */
    struct dh_public node;                  /* and its node key */
};

/* Writes the line without a newline, NUL-terminated.  ERR_NOMEM. */
MUST_USE enum err invite_write(const struct invite *i, char ret[INVITE_TEXT_MAX]);
/* White space around it and behind the colon is forgiven (people paste). ERR_FORMAT. */
MUST_USE enum err invite_parse(struct bytes in, struct invite *ret);
/* BLAKE2b-256 of the token: all that the inviter keeps. */
struct hash invite_token_hash(const uint8_t token[TOKEN_LEN]);

#endif
