/* protocol/policy_words.h - how a policy gains a log, a witness: for protocol/policy*.c alone. */
#ifndef FOLKMOOT_PROTOCOL_POLICY_WORDS_H
#define FOLKMOOT_PROTOCOL_POLICY_WORDS_H

#include "protocol/policy.h"

/* ERR_FORMAT: the wrong kind of key, a key or name that stands there already, `none` or no name at all; ERR_LIMIT.
 * Witnesses come before the groups: members of groups are places. */
MUST_USE enum err policy_add_log(struct policy *p, const struct note_key *key);
MUST_USE enum err policy_add_witness(struct policy *p, struct bytes name, const struct note_key *key);

#endif
