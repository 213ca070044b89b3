/* cli/disclose/disclose.h - from what the store holds, what an auditor needs, and nothing else.
 *
 * A record is shown under two kept checkpoints at most: the first above it that a quorum of witnesses stands behind
 * ("not later than"), and the newest held whole, so that withdrawals, openings and a later identity's word about it are
 * shown too. With them go the identities of the log and of the witnesses, and the charters. */
#ifndef FOLKMOOT_CLI_DISCLOSE_DISCLOSE_H
#define FOLKMOOT_CLI_DISCLOSE_DISCLOSE_H

#include "cli/audit/trust.h"
#include "cli/desk.h"
#include "cli/record_id.h"
#include "protocol/disclosure.h"
#include "protocol/tlog_proof.h"

struct disclosing;

/* The charters that stand, and every identity of a witness that is known here. ERR_NOMEM and the store's errors; on any
 * result free *ret, which may be NULL. The desk has a charter. */
MUST_USE enum err disclosing_new(struct desk *d, struct disclosing **ret);
void disclosing_free(struct disclosing *x);

/* The kept checkpoint that says "not later than" of an entry, its note put together from lines that hold. */
struct latest_state {
    uint64_t size;
    bool has_quorum;                        /* the first that has one; else the newest held whole */
    uint32_t n_witnesses;                   /* on it */
    struct bytes note;                      /* borrowed from the disclosing */
};
/* ERR_UNKNOWN: the log is not held whole so far. */
MUST_USE enum err disclosing_latest(struct disclosing *x, const struct origin *o, uint64_t idx, struct latest_state *ret);

/* One entry as a C2SP tlog-proof; its parts are borrowed from the disclosing. ERR_UNKNOWN as above. */
MUST_USE enum err disclosing_prove(struct disclosing *x, const struct origin *o, uint64_t idx, struct tlog_proof *ret,
                                   struct latest_state *ret_state);

/* One more record; `v`, folded, has its key: its epoch's, or the record's own where its author opened it to us or to everybody.
 *   ERR_UNKNOWN   nothing stands there, or not whole yet
 *   ERR_FORMAT    an entry stands there that is no record
 *   ERR_DENIED    we cannot read it; ERR_COMMIT, ERR_DECRYPT: nobody can
 *   ERR_EXISTS    it is among them already;  ERR_LIMIT  too many */
MUST_USE enum err disclosing_add(struct disclosing *x, struct view *v, const struct origin *o, uint64_t idx);

/* All of it; borrowed from the disclosing. */
MUST_USE enum err disclosing_end(struct disclosing *x, struct disclosure *ret);

/* The marking of what was added: the highest of its figures'. */
enum marking disclosing_marking(const struct disclosing *x);

#endif
