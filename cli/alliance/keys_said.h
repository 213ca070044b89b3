/* cli/alliance/keys_said.h - every key by which a member signed its logs, or cosigned others', as its identities name them. */
#ifndef FOLKMOOT_CLI_ALLIANCE_KEYS_SAID_H
#define FOLKMOOT_CLI_ALLIANCE_KEYS_SAID_H

#include "cli/desk.h"
#include "protocol/policy.h"

struct keys_said {                          /* each public key once, the newest first */
    size_t n_logs, n_witness, n_left_out;   /* n_left_out: more than there is room for */
    struct note_key logs[POLICY_LOGS_MAX], witness[POLICY_WITNESSES_MAX];
};

/* Its newest identity, also one that was only heard of, then those in its logs, as far as the charter gives their root that
 * place. A log key bears the name of the log in which it signs; a witness key that of the newest log that names it, as the
 * lines do that this store writes, and only one of the member's present root counts: see [P-85].
 *   ERR_UNKNOWN  no identity of it is held;  ERR_NOMEM and the store's errors */
MUST_USE enum err keys_said(struct desk *d, const struct slug *slug, struct keys_said *ret);

#endif
