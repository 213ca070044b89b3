/* cli/audit/trust.h - by what an auditor judges: a charter that it pinned, or a policy of its own, or nothing.
 *
 * A file brings its own charters, identities and cosignatures. They are believed as far as they lead to what the
 * auditor named: the hash of one charter on the standing line, which the chain is checked from both ways; or the keys
 * of a tlog-policy. With neither, the file is only compared with itself. */
#ifndef FOLKMOOT_CLI_AUDIT_TRUST_H
#define FOLKMOOT_CLI_AUDIT_TRUST_H

#include "cli/audit/problems.h"
#include "cli/audit/witness_keys.h"
#include "protocol/chain.h"
#include "protocol/policy.h"

enum trust_kind { TRUST_NONE, TRUST_CHARTER, TRUST_POLICY };
const char *trust_name(enum trust_kind k);          /* "none", "charter", "policy" */

enum { WITNESS_SETS_MAX = 64 };             /* of the newest charters, different ones; older ones count for nothing */

struct witness_set {                        /* the witnesses of charters `from` to `to` */
    uint32_t from, to, quorum;
    size_t n;
    struct slug list[WITNESSES_MAX];
    uint64_t places[MEMBERS_MAX / 64];      /* bit i: member i of the newest charter is one */
};

struct trust {
    enum trust_kind kind;                   /* what is trusted in truth: NONE, too, while the pin is not found */
    const struct policy *policy;            /* with TRUST_POLICY; borrowed */
    bool has_pin;
    struct hash pin;
    uint32_t pinned;                        /* the version pinned; 0 while it is not found */
    struct chain *chain;                    /* the file's own; NULL: none that holds */
    const struct charter *now;              /* its newest that stands; NULL: none */
    struct alliance_id alliance;
    size_t n_sets;                          /* the newest first */
    struct witness_set sets[WITNESS_SETS_MAX];
    struct witness_keys keys;
};

/* At most one of pin and policy. */
void trust_init(const struct hash *pin, const struct policy *policy, struct trust *ret);
void trust_release(struct trust *t);

/* Take in the file's charters, from version 1 on and in order. What does not hold is a failure, and then nothing is
 * trusted by a charter. ERR_NOMEM. */
MUST_USE enum err trust_charters(struct trust *t, size_t n, const struct bytes *notes, struct problems *p);
/* A witness's identity: by the root that the charter gives it. With `is_fatal` one that does not hold is a failure,
 * else it is passed over. ERR_NOMEM. */
MUST_USE enum err trust_identity(struct trust *t, struct bytes note, bool is_fatal, struct problems *p);

/* The place of the witness whose key made a line, and that key under the line's name: the origin that a witness signs under is
 * that of any generation of its log. keys.n: no identity in the file names it. Verifies nothing. */
size_t trust_witness(const struct trust *t, const struct note_line *line, struct note_key *ret);

/* "<origin>/witness": the origin that a witness's key is named by. False: it is another name. */
bool trust_witness_origin(struct bytes name, struct origin *ret);

/* The root key that signs `slug`'s identity at `idx`; NULL: no charter of the file names it. */
const struct sign_public *trust_root_at(const struct trust *t, const struct origin *o, uint64_t idx);
/* The version with which a member first stood in the charter; 0: it never did. */
uint32_t trust_admitted(const struct trust *t, const struct slug *slug);

#endif
