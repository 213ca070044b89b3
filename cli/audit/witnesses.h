/* cli/audit/witnesses.h - by which keys witnesses are believed, and how many stand behind a checkpoint.
 *
 * A COSIG names a witness, not a key; so every witness key of an identity that the charter's root keys vouch for
 * is tried: those in the members' logs, and the newest that was heard of outside. */
#ifndef FOLKMOOT_CLI_AUDIT_WITNESSES_H
#define FOLKMOOT_CLI_AUDIT_WITNESSES_H

#include "node/store/store.h"
#include "protocol/chain.h"

struct witnesses;

/* Gather the keys. `ours` is our own newest identity note (may be empty): it need not be in the store yet.
 * A note in the store that does not hold is passed over: `verify` names it. ERR_NOMEM and the store's errors. */
MUST_USE enum err witnesses_new(struct store *s, const struct chain *chain, struct bytes ours, struct witnesses **ret);
void witnesses_free(struct witnesses *w);

/* Does the cosignature hold over the checkpoint of `o` that it names?
 *   ERR_UNKNOWN    no identity of this witness is known here
 *   ERR_SIGNATURE  it holds under none of its keys
 *   ERR_LIMIT      it has more keys than count, or so many did not fit before that not all were tried */
MUST_USE enum err witnesses_check(const struct witnesses *w, const struct origin *o, const struct cosig *c);

/* How many distinct witnesses of the charter `now` cosigned exactly this size and root of `o`, by cosignatures
 * that are held and hold. */
MUST_USE enum err witnesses_count(const struct witnesses *w, struct store *s, const struct charter *now,
                                  const struct origin *o, uint64_t size, const struct hash *root, uint32_t *ret);

/* Since when nothing of the log is known to have been withheld: the last time at which a quorum had cosigned it, by the
 * newest time of each witness, over this state or, where too few cosigned that, over one of the few kept before it.
 * Seconds since 1970, as the witnesses say; 0 when a quorum never did. */
MUST_USE enum err witnesses_when(const struct witnesses *w, struct store *s, const struct charter *now,
                                 const struct origin *o, uint64_t size, const struct hash *root, uint64_t *ret_s);
/* [P-64] A quorum cosigned it within 48 hours. */
bool witnesses_are_fresh(uint64_t at_s, uint64_t now_ms);
/* The same in one word: "fresh"; "stale", a quorum did, but longer ago; "silent", no quorum ever did. */
const char *witnesses_freshness(uint64_t at_s, uint64_t now_ms);

#endif
