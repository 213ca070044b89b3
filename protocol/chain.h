/* protocol/chain.h - all the charters one node knows, and which of them stands.
 *
 * Notes come in any order and from anybody; the chain believes signatures only.
 * A charter is a valid successor, a proposal (a lawful successor of a known
 * charter that lacks signatures, by at least one of that charter's stewards), or refused.  Of two valid
 * successors one that has a valid successor itself stands, else the higher round, else the lower hash.
 *
 * Of a charter's stewards each has one proposal at a time: the one of the highest
 * round that it signed (then the lower hash).  A proposal that is nobody's is
 * forgotten.  Kept notes have the stewards' lines only, in the order of the
 * charter before and then of the charter itself, so that all nodes keep the same bytes.
 *
 * Which charter stands follows from the valid charters held, in whatever order
 * they came.  Only whether a proposal's signatures ever meet here can depend on the
 * order: one whose signers had all gone on to later rounds is not kept to wait for
 * more.  Whoever did see them meet has the whole note, and that is believed by all. */
#ifndef FOLKMOOT_PROTOCOL_CHAIN_H
#define FOLKMOOT_PROTOCOL_CHAIN_H

#include "protocol/charter.h"

struct chain;

/* An empty chain for one alliance: only a version 1 whose text has that id founds it. */
struct chain *chain_new(const struct alliance_id *id);
void chain_free(struct chain *c);

enum chain_verdict {
    CHAIN_KNOWN,                            /* nothing new */
    CHAIN_CHARTER,                          /* a valid charter that was not one before; it may now stand */
    CHAIN_PROPOSAL,                         /* a new proposal, or new signatures on one */
};

/* Take in one note.
 *   OK            *ret says what it was; the bytes to keep are chain_note() of *ret_hash
 *   ERR_UNKNOWN   its predecessor is not known here
 *   ERR_FORMAT, ERR_CHAIN (another alliance's version 1, too), ERR_KEY, ERR_SIGNATURE
 *   ERR_THRESHOLD too few signed version 1, or not one steward of the charter before signed
 *   ERR_STALE     a proposal superseded by the same steward's in a later round, or for a version that stands
 *   ERR_LIMIT     CHARTER_RIVALS_MAX or CHARTER_PROPOSALS_MAX are held already
 *   ERR_NOMEM
 * What is not OK changes nothing. */
MUST_USE enum err chain_add(struct chain *c, struct bytes note, enum chain_verdict *ret, struct hash *ret_hash);

/* The charter that stands; NULL while there is none. Borrowed until the next chain_add. */
const struct charter *chain_current(const struct chain *c);
/* Charters before the current one are kept as notes and read again when asked for;
 * they stay until the next chain_add, and these return NULL, too, when memory runs out. */
/* The standing charter of that version; NULL. */
const struct charter *chain_version(const struct chain *c, uint32_t version);
/* Any charter or proposal by its text's hash; NULL. */
const struct charter *chain_find(const struct chain *c, const struct hash *hash);
/* Its note with every signature known; empty when unknown. Borrowed. */
struct bytes chain_note(const struct chain *c, const struct hash *hash);
/* Is it on the standing line? */
bool chain_stands(const struct chain *c, const struct hash *hash);
/* Charters are read from their notes when somebody asks for them, some 100 KiB each, and kept. This lets go of them when they
 * are many, but for the one in force: what was returned of others is gone. chain_add does so too. */
void chain_unload(struct chain *c);

/* The open proposals to follow the current charter, at most STEWARDS_MAX, the highest round first.
 * Returns how many; fills ret (room for STEWARDS_MAX). */
size_t chain_proposals(const struct chain *c, const struct charter **ret);
/* Valid charters that do not stand, for people to see. As chain_proposals. */
size_t chain_rivals(const struct chain *c, const struct charter **ret);

/* The root key a member's identities must be signed with at index `idx` of its log of this generation,
 * by the current charter and its `replaces` lines; NULL when unknown. */
const struct sign_public *chain_root_at(const struct chain *c, const struct slug *slug, uint32_t generation, uint64_t idx);
/* The one that signs for it now; NULL when unknown. */
const struct sign_public *chain_root_now(const struct chain *c, const struct slug *slug);

/* What it has cost so far: texts read, signatures looked for, places visited. Grows with
 * the number of notes taken in, not with its square. */
uint64_t chain_work(const struct chain *c);

#endif
