#include "protocol/merkle.h"

#include <assert.h>
#include <string.h>

/* RFC 6962, 2.1: leaves and nodes are told apart by their first byte. */
enum { LEAF_PREFIX = 0x00, NODE_PREFIX = 0x01 };

struct hash merkle_leaf(struct bytes leaf)
{
    return sha256_tagged(LEAF_PREFIX, leaf, (struct bytes){NULL, 0});
}

struct hash merkle_node(const struct hash *left, const struct hash *right)
{
    return sha256_tagged(NODE_PREFIX, (struct bytes){left->b, HASH_LEN}, (struct bytes){right->b, HASH_LEN});
}

static size_t count_ones(uint64_t v)
{
    return (size_t)__builtin_popcountll(v);
}

/* The largest power of two smaller than n, as an exponent; n > 1. */
static unsigned split_level(uint64_t n)
{
    return 63 - (unsigned)__builtin_clzll(n - 1);
}

static bool is_power_of_two(uint64_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

void frontier_init(struct frontier *f)
{
    memset(f, 0, sizeof(*f));
}

/* Adding one carries through the trailing ones of `size`; so do the subtrees. */
void frontier_append(struct frontier *f, const struct hash *leaf)
{
    assert(f->size < UINT64_MAX);
    size_t n = count_ones(f->size);
    struct hash h = *leaf;
    for (uint64_t carry = f->size; carry & 1; carry >>= 1)
        h = merkle_node(&f->full[--n], &h);
    f->full[n] = h;
    f->size++;
}

struct hash frontier_root(const struct frontier *f)
{
    size_t n = count_ones(f->size);
    if (n == 0)
        return sha256((struct bytes){NULL, 0});
    struct hash h = f->full[--n];
    while (n > 0)
        h = merkle_node(&f->full[--n], &h);
    return h;
}

size_t frontier_write(const struct frontier *f, uint8_t ret[FRONTIER_BYTES_MAX])
{
    size_t len = count_ones(f->size) * HASH_LEN;
    put_u64be(ret, f->size);
    memcpy(ret + 8, f->full, len);
    return 8 + len;
}

enum err frontier_parse(struct bytes in, struct frontier *ret)
{
    if (in.len < 8)
        return ERR_FORMAT;
    uint64_t size = get_u64be(in.p);
    if (in.len != 8 + count_ones(size) * HASH_LEN)
        return ERR_FORMAT;
    frontier_init(ret);
    ret->size = size;
    memcpy(ret->full, in.p + 8, in.len - 8);
    return OK;
}

enum err merkle_fold(const struct merkle_source *src, unsigned stored, unsigned level, uint64_t index,
                     struct hash *ret)
{
    assert(level < 64);
    if (level <= stored)
        return src->get(src->arg, level, index, ret);
    struct hash left, right;
    enum err e = merkle_fold(src, stored, level - 1, index * 2, &left);
    if (e == OK)
        e = merkle_fold(src, stored, level - 1, index * 2 + 1, &right);
    if (e == OK)
        *ret = merkle_node(&left, &right);
    return e;
}

/* MTH(D[begin:begin+n]).  Every caller splits as RFC 6962 does, so whatever is a
 * power of two here is also aligned. */
static enum err range_root(const struct merkle_source *src, uint64_t begin, uint64_t n, struct hash *ret)
{
    if (is_power_of_two(n)) {
        unsigned level = (unsigned)__builtin_ctzll(n);
        return src->get(src->arg, level, begin >> level, ret);
    }
    uint64_t k = (uint64_t)1 << split_level(n);
    struct hash left, right;
    enum err e = range_root(src, begin, k, &left);
    if (e == OK)
        e = range_root(src, begin + k, n - k, &right);
    if (e == OK)
        *ret = merkle_node(&left, &right);
    return e;
}

enum err merkle_root(const struct merkle_source *src, uint64_t size, struct hash *ret)
{
    if (size == 0) {
        *ret = sha256((struct bytes){NULL, 0});
        return OK;
    }
    struct hash root;
    enum err e = range_root(src, 0, size, &root);
    if (e == OK)
        *ret = root;
    return e;
}

/* RFC 6962, 2.1.1 and 2.1.2 write both proofs as "the proof in one half : the
 * root of the other", from the bottom up. */
static enum err add_root(const struct merkle_source *src, uint64_t begin, uint64_t n, struct proof *p)
{
    assert(p->n < PROOF_HASHES_MAX);
    return range_root(src, begin, n, &p->path[p->n++]);
}

static enum err path(const struct merkle_source *src, uint64_t index, uint64_t begin, uint64_t n, struct proof *p)
{
    if (n == 1)
        return OK;
    uint64_t k = (uint64_t)1 << split_level(n);
    bool in_left = index < k;
    enum err e = in_left ? path(src, index, begin, k, p) : path(src, index - k, begin + k, n - k, p);
    if (e != OK)
        return e;
    return in_left ? add_root(src, begin + k, n - k, p) : add_root(src, begin, k, p);
}

/* SUBPROOF(from, D[begin:begin+n], is_known): a subtree whose root the verifier
 * has as the old root itself is left out. */
static enum err subproof(const struct merkle_source *src, uint64_t from, uint64_t begin, uint64_t n, bool is_known,
                         struct proof *p)
{
    if (from == n)
        return is_known ? OK : add_root(src, begin, n, p);
    uint64_t k = (uint64_t)1 << split_level(n);
    bool in_left = from <= k;
    enum err e = in_left ? subproof(src, from, begin, k, is_known, p)
                         : subproof(src, from - k, begin + k, n - k, false, p);
    if (e != OK)
        return e;
    return in_left ? add_root(src, begin + k, n - k, p) : add_root(src, begin, k, p);
}

static void proof_copy(struct proof *to, const struct proof *p)
{
    to->n = p->n;
    memcpy(to->path, p->path, p->n * sizeof(p->path[0]));
}

enum err merkle_prove_inclusion(const struct merkle_source *src, uint64_t index, uint64_t size, struct proof *ret)
{
    assert(index < size);
    struct proof p;
    p.n = 0;
    enum err e = path(src, index, 0, size, &p);
    if (e == OK)
        proof_copy(ret, &p);
    return e;
}

enum err merkle_prove_consistency(const struct merkle_source *src, uint64_t from, uint64_t size, struct proof *ret)
{
    assert(from > 0 && from <= size);
    struct proof p;
    p.n = 0;
    enum err e = subproof(src, from, 0, size, true, &p);
    if (e == OK)
        proof_copy(ret, &p);
    return e;
}

/* RFC 9162, 2.1.3.2 and 2.1.4.2: one step up.  True when the next sibling stands
 * on the left; levels at which the last node has no sibling are passed over. */
static bool climb(uint64_t *fn, uint64_t *sn)
{
    bool is_left = (*fn & 1) != 0 || *fn == *sn;
    if (is_left)
        while ((*fn & 1) == 0 && *fn != 0) {
            *fn >>= 1;
            *sn >>= 1;
        }
    *fn >>= 1;
    *sn >>= 1;
    return is_left;
}

enum err merkle_check_inclusion(uint64_t index, uint64_t size, const struct hash *leaf, const struct proof *proof,
                                const struct hash *root)
{
    if (index >= size || proof->n > PROOF_HASHES_MAX)
        return ERR_PROOF;
    uint64_t fn = index, sn = size - 1;
    struct hash r = *leaf;
    for (size_t i = 0; i < proof->n; i++) {
        if (sn == 0)
            return ERR_PROOF;
        const struct hash *p = &proof->path[i];
        r = climb(&fn, &sn) ? merkle_node(p, &r) : merkle_node(&r, p);
    }
    return sn == 0 && hash_equal(&r, root) ? OK : ERR_PROOF;
}

enum err merkle_check_consistency(uint64_t from, uint64_t size, const struct hash *root_from,
                                  const struct hash *root_size, const struct proof *proof)
{
    if (from == 0 || from > size || proof->n > PROOF_HASHES_MAX)
        return ERR_PROOF;
    if (from == size)
        return proof->n == 0 && hash_equal(root_from, root_size) ? OK : ERR_PROOF;
    if (proof->n == 0)
        return ERR_PROOF;

    /* "If first is an exact power of 2, then prepend first_hash to the path" */
    size_t i = is_power_of_two(from) ? 0 : 1;
    struct hash fr = i == 0 ? *root_from : proof->path[0];
    struct hash sr = fr;
    uint64_t fn = from - 1, sn = size - 1;
    for (; fn & 1; fn >>= 1)
        sn >>= 1;
    for (; i < proof->n; i++) {
        if (sn == 0)
            return ERR_PROOF;
        const struct hash *c = &proof->path[i];
        if (climb(&fn, &sn)) {
            fr = merkle_node(c, &fr);
            sr = merkle_node(c, &sr);
        } else {
            sr = merkle_node(&sr, c);
        }
    }
    return sn == 0 && hash_equal(&fr, root_from) && hash_equal(&sr, root_size) ? OK : ERR_PROOF;
}
