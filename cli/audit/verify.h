/* cli/audit/verify.h - recomputing logs from the store, believing nothing that was kept about them.
 *
 * Of each log, in one pass over its entries: the leaves from the headers, the payloads' hashes, the root at every
 * checkpoint that is kept; then the signature of each checkpoint by the log key in force at its size (identities are
 * followed from entry 0, under the root keys that the charters name), every cosignature, the subtrees kept for
 * proofs, what the store's own row says, and the evidence that froze it.
 *
 * `ok` says whether everything held is what its author signed. So these are problems without being failures: a log
 * frozen by evidence (what is held of it still is the story it tells: the evidence convicts its author, not our
 * copy), an entry whose body cannot be read as its kind (its author's affair: it has no effect), a cosignature of a
 * witness whose identity we do not know.  A payload that is missing below the size held whole, and that no
 * withdrawal of its author erases, is a failure; above it, the payload is still awaited. */
#ifndef FOLKMOOT_CLI_AUDIT_VERIFY_H
#define FOLKMOOT_CLI_AUDIT_VERIFY_H

#include "cli/audit/problems.h"
#include "cli/audit/witnesses.h"

struct verified {
    struct log_ref log;
    uint64_t size;                          /* held whole; of a former member at most its closing size */
    uint64_t entries;                       /* recomputed; those beyond a hole too */
    uint64_t checkpoints, cosignatures;     /* that are held and hold */
    uint32_t n_witnesses;                   /* current witnesses behind the newest checkpoint held whole */
    uint64_t witnessed_s;                   /* when a quorum last had cosigned it (witnesses_when); 0: never */
    bool has_quorum, is_frozen, ok;
    uint64_t erased;                        /* payloads gone by their author's withdrawal */
    uint64_t awaited;                       /* payloads not here yet, above `size` */
    uint64_t voided;                        /* entries that are not their author's, by its own word */
    struct problems problems;               /* "entry 17: the payload is not the one that its header names" */
};

struct verify_with {
    struct store *store;
    const struct chain *chain;              /* must have a standing charter */
    const struct witnesses *witnesses;
    struct alliance_id alliance;
    const struct slug *only;                /* NULL: every log */
    enum err (*each)(void *arg, const struct verified *v);     /* in the store's order of logs */
    void (*progress)(void *arg, uint64_t entries);              /* so far, in all logs; may be NULL */
    void *arg;
};

/* All of it is read as it stood at one moment, whoever writes meanwhile.
 * Damage (ERR_CORRUPT within a log) is a failure of that log, not of the call; what `each` returns ends it.
 * ERR_NOMEM, ERR_IO, ERR_BUSY. */
MUST_USE enum err verify_logs(const struct verify_with *with);

/* The charters that are stored, taken in anew: does the same one stand as in `chain`, is every one lawful and
 * signed?  The store's "trust" (the charter that an invite named) must be on the standing line.
 * Fills ok, and the problems; the rest of *ret is zero. */
MUST_USE enum err verify_charters(struct store *s, const struct alliance_id *alliance, const struct chain *chain,
                                  struct verified *ret);

#endif
