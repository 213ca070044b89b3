/* Hostile proofs: index u64be, size u64be, two hashes, then the proof's.  The
 * checks are held against the plain recursion of RFC 6962 on any numbers, and a
 * frontier of any bytes against its own writing. */
#include <assert.h>
#include <string.h>

#include "protocol/merkle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct cursor {
    const struct proof *proof;
    size_t at;
    bool ran_out;
};

static struct hash next(struct cursor *c)
{
    if (c->at < c->proof->n)
        return c->proof->path[c->at++];
    c->ran_out = true;
    return (struct hash){{0}};
}

static uint64_t half(uint64_t n)
{
    uint64_t k = 1;
    while (k < n - k)                   /* as 2k < n, but never past 2^64 */
        k *= 2;
    return k;
}

static struct hash inclusion_root(uint64_t index, uint64_t n, const struct hash *leaf, struct cursor *c)
{
    if (n == 1)
        return *leaf;
    uint64_t k = half(n);
    struct hash own = index < k ? inclusion_root(index, k, leaf, c) : inclusion_root(index - k, n - k, leaf, c);
    struct hash other = next(c);
    return index < k ? merkle_node(&own, &other) : merkle_node(&other, &own);
}

struct roots { struct hash before, after; };

static struct roots consistency_roots(uint64_t from, uint64_t n, const struct hash *known, struct cursor *c)
{
    if (from == n) {
        struct hash h = known != NULL ? *known : next(c);
        return (struct roots){h, h};
    }
    uint64_t k = half(n);
    struct roots r = from <= k ? consistency_roots(from, k, known, c) : consistency_roots(from - k, n - k, NULL, c);
    struct hash other = next(c);
    if (from <= k)
        return (struct roots){r.before, merkle_node(&r.after, &other)};
    return (struct roots){merkle_node(&other, &r.before), merkle_node(&other, &r.after)};
}

static void inclusion(uint64_t index, uint64_t size, const struct hash *leaf, const struct hash *root, struct proof *p)
{
    enum err got = merkle_check_inclusion(index, size, leaf, p, root);
    if (index >= size) {
        assert(got == ERR_PROOF);
        return;
    }
    struct cursor c = {.proof = p};
    struct hash want = inclusion_root(index, size, leaf, &c);
    bool fits = !c.ran_out && c.at == p->n;
    assert((got == OK) == (fits && hash_equal(&want, root)));
    assert((merkle_check_inclusion(index, size, leaf, p, &want) == OK) == fits);
    if (fits && p->n > 0) {
        p->path[index % p->n].b[size % HASH_LEN] ^= 1;
        assert(merkle_check_inclusion(index, size, leaf, p, &want) == ERR_PROOF);
        p->path[index % p->n].b[size % HASH_LEN] ^= 1;
    }
}

static void consistency(uint64_t from, uint64_t size, const struct hash *a, const struct hash *b, const struct proof *p)
{
    enum err got = merkle_check_consistency(from, size, a, b, p);
    if (from == 0 || from > size) {
        assert(got == ERR_PROOF);
        return;
    }
    struct cursor c = {.proof = p};
    struct roots want = consistency_roots(from, size, a, &c);
    bool fits = !c.ran_out && c.at == p->n;
    assert((got == OK) == (fits && hash_equal(&want.before, a) && hash_equal(&want.after, b)));
    if (fits)
        assert(merkle_check_consistency(from, size, &want.before, &want.after, p) == OK
               || !hash_equal(&want.before, a));        /* another old root is another question */
}

static void frontier(struct bytes in)
{
    struct frontier f;
    uint8_t bytes[FRONTIER_BYTES_MAX];
    if (frontier_parse(in, &f) != OK)
        return;
    assert(frontier_write(&f, bytes) == in.len && memcmp(bytes, in.p, in.len) == 0);
    if (f.size == UINT64_MAX)
        return;
    uint64_t size = f.size;
    struct hash leaf = merkle_leaf(in), before = frontier_root(&f);
    frontier_append(&f, &leaf);
    struct hash after = frontier_root(&f);
    assert(f.size == size + 1 && !hash_equal(&before, &after));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { HEAD = 8 + 8 + 2 * HASH_LEN };
    frontier((struct bytes){data, size});
    if (size < HEAD)
        return 0;
    struct proof p = {.n = (size - HEAD) / HASH_LEN};
    struct hash a, b;
    memcpy(a.b, data + 16, HASH_LEN);
    memcpy(b.b, data + 16 + HASH_LEN, HASH_LEN);
    for (size_t i = 0; i < p.n && i < PROOF_HASHES_MAX; i++)
        memcpy(p.path[i].b, data + HEAD + i * HASH_LEN, HASH_LEN);
    if (p.n > PROOF_HASHES_MAX) {
        assert(merkle_check_inclusion(get_u64be(data), get_u64be(data + 8), &a, &p, &b) == ERR_PROOF);
        assert(merkle_check_consistency(get_u64be(data), get_u64be(data + 8), &a, &b, &p) == ERR_PROOF);
        return 0;
    }
    inclusion(get_u64be(data), get_u64be(data + 8), &a, &b, &p);
    consistency(get_u64be(data), get_u64be(data + 8), &a, &b, &p);
    return 0;
}
