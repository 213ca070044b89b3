/* protocol/signoff.h - an officer stands behind a return: what the key of theirs signs.
 *
 *      folkmoot return v1
 *      origin <origin>
 *      title <title>
 *      first <n>
 *      count <n>
 *      source <base64 SHA-256 of the file>
 *      name <name>                             left out when there is none
 *
 * with these bytes as the text of a note, signed by `<slug>/<role>`; the record carries role and signature. An officer
 * answers for the file that they saw: its hash is what they can compute themselves.  docs/protocol.md, section "Records". */
#ifndef FOLKMOOT_PROTOCOL_SIGNOFF_H
#define FOLKMOOT_PROTOCOL_SIGNOFF_H

#include "protocol/officer.h"
#include "protocol/record.h"

void signoff_text(const struct origin *o, const struct batch_return *r, struct buf *ret);
/* Sign *r as it stands: fills its role and signature. ERR_NOMEM. */
MUST_USE enum err signoff_make(const struct origin *o, enum officer_role role, const struct sign_secret *secret,
                               struct batch_return *r);
/* Did one of these officers sign it in the role that it names?  They are those of the identity in force at its index.
 *   ERR_UNKNOWN  nobody signed;  ERR_SIGNATURE  none of them did;  ERR_NOMEM */
MUST_USE enum err signoff_check(const struct origin *o, const struct batch_return *r, const struct officer *list, size_t n);

#endif
