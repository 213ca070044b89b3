/* cli/audit/inside.h - one log under verification: for cli/audit/verify*.c alone. */
#ifndef FOLKMOOT_CLI_AUDIT_INSIDE_H
#define FOLKMOOT_CLI_AUDIT_INSIDE_H

#include "cli/audit/verify.h"
#include "protocol/envelope.h"
#include "protocol/grant.h"
#include "protocol/identity.h"

struct point { uint64_t size; bool is_reached; struct hash root; };     /* where a root is wanted */

struct key_from { uint64_t idx; struct sign_public log; };      /* the log key from this index on */

struct scratch {                            /* large things that are read and forgotten */
    struct note note;
    struct identity identity;
    struct opening opening;
    struct grant grant;
    struct epoch_body epoch;
};

struct walk {
    const struct verify_with *with;
    struct verified *v;
    struct origin origin;
    const struct log_state *state;
    const struct member *member;            /* NULL: no charter names it */
    bool is_closed;                         /* a former member's, at member->closed_size */
    uint64_t end;                           /* entries from 0 to here are walked */
    uint64_t before;                        /* entries of other logs walked before, for progress */
    struct scratch *scratch;

    struct frontier all, part;              /* of the log, and of the BOUNDARY of leaves under way */
    size_t n_points, cap_points, next_point;
    struct point *points;                   /* in order of size */
    size_t n_parts, cap_parts;
    struct hash *parts;                     /* root of each full BOUNDARY of leaves */

    bool has_identity;
    struct identity identity;               /* in force, and its text */
    struct buf identity_text;
    size_t n_keys, cap_keys;
    struct key_from *keys;
    size_t n_holes, cap_holes, n_erasures, cap_erasures;
    uint64_t *holes, *erasures;
    uint64_t void_upto;                     /* entries below are counted, where they are void */
    bool has_next;                          /* the next generation stands, and closes this one */
    uint64_t next_size;
    struct hash next_root;
};

MUST_USE enum err walk_want_root(struct walk *w, uint64_t size);
const struct point *walk_root(const struct walk *w, uint64_t size);     /* NULL when not wanted, or not reached */
/* The log key that signs a checkpoint of `size`; NULL when no identity lies below. */
const struct sign_public *walk_key_at(const struct walk *w, uint64_t size);

/* verify_walk.c: the pass over the entries, and what it says of payloads. */
MUST_USE enum err walk_entries(struct walk *w);
/* An identity note at `idx`: must follow the one before. */
MUST_USE enum err walk_identity(struct walk *w, uint64_t idx, struct bytes note, bool is_counted);

/* verify_heads.c: checkpoints, cosignatures, subtrees, the store's row, evidence. */
MUST_USE enum err walk_heads(struct walk *w);

#endif
