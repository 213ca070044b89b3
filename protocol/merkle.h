/* protocol/merkle.h - RFC 6962 trees: compact ranges, roots and proofs.
 *
 * A leaf's hash is SHA-256(0x00 || leaf), a node's SHA-256(0x01 || left || right);
 * the root of nothing is SHA-256 of nothing.
 *
 * A `frontier` is the compact range of a tree from 0: the roots of its maximal
 * full subtrees, largest first, one for each bit set in `size`.  It is all that
 * is needed to append and to know the root.
 *
 * Source: RFC 6962 section 2.1; RFC 9162 sections 2.1.3 and 2.1.4 for checking. */
#ifndef FOLKMOOT_PROTOCOL_MERKLE_H
#define FOLKMOOT_PROTOCOL_MERKLE_H

#include "protocol/crypto.h"
#include "protocol/limits.h"

struct frontier {
    uint64_t size;
    struct hash full[64];               /* the first popcount(size) are in use */
};

struct hash merkle_leaf(struct bytes leaf);
struct hash merkle_node(const struct hash *left, const struct hash *right);

void frontier_init(struct frontier *f);
void frontier_append(struct frontier *f, const struct hash *leaf);
struct hash frontier_root(const struct frontier *f);

/* As stored: size as u64be, then the hashes.  Parsing takes exactly that. */
enum { FRONTIER_BYTES_MAX = 8 + 64 * HASH_LEN };
size_t frontier_write(const struct frontier *f, uint8_t ret[FRONTIER_BYTES_MAX]);
MUST_USE enum err frontier_parse(struct bytes in, struct frontier *ret);

/* Where a prover finds leaf hashes.  `get` gives the root of the full subtree of
 * 2^level leaves that begins at leaf index * 2^level; it may fail (disk). */
struct merkle_source {
    enum err (*get)(void *arg, unsigned level, uint64_t index, struct hash *ret);
    void *arg;
};

/* For a source that holds nodes of low levels only: the root of a full subtree
 * of any level, computed from what `src` has: every level up to `stored`
 * (0: leaf hashes alone). */
MUST_USE enum err merkle_fold(const struct merkle_source *src, unsigned stored, unsigned level, uint64_t index,
                              struct hash *ret);

struct proof {
    size_t n;
    struct hash path[PROOF_HASHES_MAX];
};

/* The root of the tree's first `size` leaves by recursion (the second code path
 * beside the frontier). */
MUST_USE enum err merkle_root(const struct merkle_source *src, uint64_t size, struct hash *ret);

/* PATH(index, D[size]); index < size. */
MUST_USE enum err merkle_prove_inclusion(const struct merkle_source *src, uint64_t index, uint64_t size,
                                         struct proof *ret);
/* PROOF(from, D[size]); 0 < from <= size.  Empty when from == size. */
MUST_USE enum err merkle_prove_consistency(const struct merkle_source *src, uint64_t from, uint64_t size,
                                           struct proof *ret);

/* ERR_PROOF when it does not hold.  Hostile proofs of any shape are safe. */
MUST_USE enum err merkle_check_inclusion(uint64_t index, uint64_t size, const struct hash *leaf,
                                         const struct proof *proof, const struct hash *root);
MUST_USE enum err merkle_check_consistency(uint64_t from, uint64_t size, const struct hash *root_from,
                                           const struct hash *root_size, const struct proof *proof);

#endif
