/* protocol/chain_line.h - what a chain holds, and the rule by which one line of it stands.
 *
 * For protocol/chain.c alone, which judges notes; here they are kept. */
#ifndef FOLKMOOT_PROTOCOL_CHAIN_LINE_H
#define FOLKMOOT_PROTOCOL_CHAIN_LINE_H

#include "protocol/chain.h"

enum {
    CHARTERS_MAX = 1 + CHARTER_VERSIONS_MAX + CHARTER_RIVALS_MAX,
    SLOTS = 16384,                          /* of the table from hash to place */
    LOADED_KEPT = 32                        /* charters that may stay read from one chain_add to the next */
};
static_assert(CHARTERS_MAX * 3 < SLOTS && CHARTERS_MAX <= UINT16_MAX, "the table stays sparse");
static_assert(CHARTER_RIVALS_MAX <= STEWARDS_MAX, "chain_rivals has room for all but the displaced");

struct entry {
    struct hash hash;
    uint32_t version, round;
    uint16_t before;                        /* the place of its predecessor */
    uint16_t best;                          /* a charter's best successor; 0: it has none */
    uint32_t support;                       /* a proposal's, never 0: whose it is, a bit a steward before */
    struct charter *charter;                /* NULL: to be read from the note */
    struct buf note;
};

/* What also changes while somebody only looks. */
struct looks {
    uint64_t work;
    size_t n_loaded;
    uint16_t loaded[CHARTERS_MAX];          /* places whose charter is not NULL */
};

/* Place 0 is nobody: the predecessor of version 1, always there, of version 0. */
struct chain {
    struct alliance_id id;
    size_t n_charters, cap;
    struct entry *charters;                 /* valid ones; none is ever taken out */
    uint16_t slots[SLOTS];
    uint32_t line_len;                      /* the version that stands; 0: none */
    uint16_t line[CHARTER_VERSIONS_MAX + 1];
    size_t n_proposals;
    struct entry *proposals;                /* CHARTER_PROPOSALS_MAX */
    struct looks *looks;
};

void entry_release(struct entry *e);

/* The place of a charter, 0 when it is none; a charter's or proposal's entry, or NULL. */
uint16_t chain_place(const struct chain *c, const struct hash *hash);
struct entry *chain_entry(const struct chain *c, const struct hash *hash);
struct entry *chain_proposal(const struct chain *c, const struct hash *hash);
/* Is the charter at `place` on the standing line? Nobody, at 0, always is. */
bool chain_place_stands(const struct chain *c, uint16_t place);

/* The charter at `place`, read from its note when it must be; NULL when memory runs out. */
const struct charter *chain_load(const struct chain *c, uint16_t place);

/* x becomes a charter. ERR_LIMIT, ERR_NOMEM; on OK the chain owns what it holds. */
MUST_USE enum err chain_accept_charter(struct chain *c, const struct entry *x);
/* x becomes a proposal that the stewards in `signed_by` signed, in place of `known`, when it is one
 * already, or NULL. ERR_STALE, ERR_LIMIT; on OK the chain owns what it holds. */
MUST_USE enum err chain_accept_proposal(struct chain *c, struct entry *x, uint32_t signed_by, struct entry *known);

#endif
