/* protocol/charter.h - the signed, versioned text that says who belongs.
 *
 *      folkmoot charter v1
 *      alliance <name>
 *      version <n>
 *      round <n>
 *      previous <base64 SHA-256 of the version before | ->
 *      member <slug> <role> <base64 root> [dfe=] [gss=]            (1 to 512, with former)
 *      former <slug> <role> <base64 root> closed [<generation>/]<size> <base64 root hash>
 *      succeeds <slug> <old slug> from <YYYY-MM-DD>
 *      replaces <slug> <old root, base64> at [<generation>/]<log size>
 *      steward <slug>                                              (1 to 31)
 *      threshold <k>
 *      witness <slug>                                              (0 to 31)
 *      quorum <k>                                                  (optional)
 *      history all|from-admission
 *      agreement <hex SHA-256> <title>                             (optional, as are the rest)
 *      purpose <text>
 *      foi <text>
 *      retain <text>
 *      opens <text>
 *      small-numbers <text>
 *
 * in this order; closed as identity texts are.  Signed by stewards' root keys.
 * docs/protocol.md, section "The charter". */
#ifndef FOLKMOOT_PROTOCOL_CHARTER_H
#define FOLKMOOT_PROTOCOL_CHARTER_H

#include "protocol/identity.h"

enum { CHARTER_TEXT_FIELD_MAX = 500, CHARTER_SUCCESSIONS_MAX = 64, CHARTER_REPLACEMENTS_MAX = 64 };

struct member {
    struct slug slug;
    enum role role;
    struct sign_public root;
    struct member_codes codes;
    bool is_former;
    uint32_t closed_generation;             /* former: its log of this generation ... */
    uint64_t closed_size;                   /* ... verifies up to here, for ever; there is no later one */
    struct hash closed_root;
};

struct succession { struct slug slug, old; char from[11]; };
struct replacement { struct slug slug; struct sign_public old_root; uint32_t generation; uint64_t log_size; };

struct charter {
    char name[NAME_MAX_LEN + 1];
    uint32_t version, round;
    struct hash previous;                   /* zero for version 1 */
    size_t n_members;                       /* members in order, then former ones */
    struct member members[MEMBERS_MAX];
    size_t n_successions, n_replacements;
    struct succession successions[CHARTER_SUCCESSIONS_MAX];
    struct replacement replacements[CHARTER_REPLACEMENTS_MAX];
    size_t n_stewards, n_witnesses;
    struct slug stewards[STEWARDS_MAX], witnesses[WITNESSES_MAX];
    uint32_t threshold;
    uint32_t quorum;                        /* 0: no line, the formula holds */
    bool history_from_admission;
    bool has_agreement;
    struct hash agreement;
    char agreement_title[201];
    char purpose[CHARTER_TEXT_FIELD_MAX + 1], foi[CHARTER_TEXT_FIELD_MAX + 1], retain[CHARTER_TEXT_FIELD_MAX + 1],
         opens[CHARTER_TEXT_FIELD_MAX + 1], small_numbers[CHARTER_TEXT_FIELD_MAX + 1];
    struct hash hash;                       /* SHA-256 of the text; set by charter_parse, not written */
};

/* Some 100 KiB: make them on the heap. NULL when out of memory. */
struct charter *charter_new(void);
struct charter *charter_copy(const struct charter *c);
void charter_free(struct charter *c);

void charter_text(const struct charter *c, struct buf *ret);
/* Form, and everything that one text can get wrong by itself: a slug or root
 * twice, a steward or witness who is no member (stewards are authorities), threshold
 * not in (stewards/2, stewards], quorum above the witnesses, closed alliances. */
MUST_USE enum err charter_parse(struct bytes text, struct charter *ret);

/* The second half of that, for a charter that was made rather than read: OK or ERR_FORMAT. */
MUST_USE enum err charter_check(const struct charter *c);

/* First 16 bytes of the SHA-256 of version 1's text. */
struct alliance_id charter_alliance_id(const struct hash *version_1);

const struct member *charter_find(const struct charter *c, const struct slug *slug);           /* former too; NULL */
const struct member *charter_find_root(const struct charter *c, const struct sign_public *root);   /* members only */
bool charter_is_steward(const struct charter *c, const struct slug *slug);

/* Readers, in the charter's order: authorities and leads that are members now.
 * Returns how many; ret may be NULL, else has room for MEMBERS_MAX. */
size_t charter_readers(const struct charter *c, const struct member **ret);
bool member_is_reader(const struct member *m);

/* Does the charter end this member's log of that generation, at m->closed_size?  Is that a log that it may have at all? */
bool member_closes(const struct member *m, uint32_t generation);
bool member_has_log(const struct member *m, uint32_t generation);

/* The witnesses in force: the lines, or with none the first 7 authorities.
 * Returns how many; `ret` has room for WITNESSES_MAX. The bit of HAVE's bitmap is the place here. */
size_t charter_witnesses(const struct charter *c, struct slug *ret);
/* Cosignatures needed: the line, or floor((n + f) / 2) + 1 with f = max(1, floor((n-1)/3)) for n >= 2,
 * and 1 for n = 1. */
uint32_t charter_quorum(const struct charter *c);
uint32_t quorum_of(size_t n_witnesses);

/* How many of the stewards of `c` signed the note; each is counted once. *ret_mask
 * (may be NULL) has bit i for steward i. ERR_SIGNATURE when a steward's line does not hold. */
MUST_USE enum err charter_count_signatures(const struct charter *c, const struct note *n, size_t *ret_count,
                                           uint32_t *ret_mask);

/* Is `next` a lawful successor of `prev` (NULL: a lawful founding), signatures aside?  ERR_CHAIN when not:
 * version, previous, alliance name; every member and former one still stands; a former one
 * stays as it was; a slug keeps its root unless a `replaces` line says so; such lines stay too,
 * and a new one names the root that the slug had in `prev`.  ERR_KEY: a root named for the first
 * time may not be enrolled (crypto.h, sign_public_is_good). */
MUST_USE enum err charter_check_next(const struct charter *prev, const struct charter *next);

/* Signed enough: a threshold of prev's stewards and of next's. prev is NULL for version 1,
 * which its only steward signs.  ERR_THRESHOLD, ERR_SIGNATURE. */
MUST_USE enum err charter_check_signed(const struct charter *prev, const struct charter *next, const struct note *n);

#endif
