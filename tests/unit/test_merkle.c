#include "protocol/merkle.h"

#include <stdio.h>

#include "tests/unit/vectors.h"

enum { LEAVES = 300, PROVED = 70 };

static struct hash leaves[LEAVES];

/* A source over `leaves`, which counts what it is asked and may fail at one. */
struct leaf_source {
    size_t n_asked, fails_at;
    unsigned top_level;
};

static enum err get_stored(void *arg, unsigned level, uint64_t index, struct hash *ret)
{
    struct leaf_source *s = arg;
    assert_int_equal(level, 0);
    assert_true(index < LEAVES);
    if (++s->n_asked == s->fails_at)
        return ERR_IO;
    *ret = leaves[index];
    return OK;
}

static enum err get_any(void *arg, unsigned level, uint64_t index, struct hash *ret)
{
    struct leaf_source *s = arg;
    struct merkle_source stored = {get_stored, arg};
    if (level > s->top_level)
        s->top_level = level;
    return merkle_fold(&stored, 0, level, index, ret);
}

static int make_leaves(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEAVES; i++) {
        char text[32];
        int len = snprintf(text, sizeof(text), "leaf %zu", i);
        leaves[i] = merkle_leaf((struct bytes){(const uint8_t *)text, (size_t)len});
    }
    return crypto_start() == OK ? 0 : 1;
}

/* MTH as RFC 6962 writes it, from nothing but the leaves: what all else is held against. */
static struct hash plain_root(size_t begin, size_t n)
{
    if (n == 0)
        return sha256((struct bytes){NULL, 0});
    if (n == 1)
        return leaves[begin];
    size_t k = 1;
    while (k * 2 < n)
        k *= 2;
    struct hash left = plain_root(begin, k), right = plain_root(begin + k, n - k);
    return merkle_node(&left, &right);
}

static struct frontier frontier_of(size_t n)
{
    struct frontier f;
    frontier_init(&f);
    for (size_t i = 0; i < n; i++)
        frontier_append(&f, &leaves[i]);
    return f;
}

static void assert_hash_equal(struct hash got, struct hash want)
{
    assert_memory_equal(got.b, want.b, HASH_LEN);
}

/* --- other people's vectors ------------------------------------------------ */

static void the_roots_of_the_ct_leaves_are_those_of_rfc6962(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/merkle/rfc6962_roots.json");
    const json_t *inputs = json_object_get(v, "leaf_inputs"), *roots = json_object_get(v, "root_by_size");
    struct frontier f;
    frontier_init(&f);
    assert_int_equal(json_array_size(roots), 9);
    for (size_t n = 0; n <= 8; n++) {
        assert_hash_equal(frontier_root(&f), hash_of_hex(json_string_value(json_array_get(roots, n))));
        if (n == 8)
            break;
        uint8_t leaf[16];
        const char *hex = json_string_value(json_array_get(inputs, n));
        hex_into(hex, leaf, strlen(hex) / 2);
        struct hash h = merkle_leaf((struct bytes){leaf, strlen(hex) / 2});
        assert_hash_equal(h, hash_of_hex(json_string_value(json_array_get(json_object_get(v, "node_hashes_l0"), n))));
        frontier_append(&f, &h);
    }
    json_decref(v);
}

static void leaves_and_nodes_hash_with_their_own_prefix(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/merkle/rfc6962_roots.json");
    const json_t *hasher = json_object_get(v, "hasher");
    assert_hash_equal(merkle_leaf(bytes_of("")), hash_of_hex(vector_text(hasher, "leaf_empty")));
    assert_hash_equal(merkle_leaf(bytes_of("L123456")), hash_of_hex(vector_text(hasher, "leaf_L123456")));
    static const char *const levels[] = {"node_hashes_l0", "node_hashes_l1", "node_hashes_l2", "root"};
    for (size_t l = 0; l < 3; l++) {
        const json_t *below = json_object_get(v, levels[l]), *above = json_object_get(v, levels[l + 1]);
        for (size_t i = 0; i < json_array_size(above); i++) {
            struct hash left = hash_of_hex(json_string_value(json_array_get(below, 2 * i)));
            struct hash right = hash_of_hex(json_string_value(json_array_get(below, 2 * i + 1)));
            assert_hash_equal(merkle_node(&left, &right), hash_of_hex(json_string_value(json_array_get(above, i))));
        }
    }
    json_decref(v);
}

/* Some hashes there are shorter than any hash: filled up, they differ as they did.
 * One of no bytes stands for a missing one, which equals nothing. */
static struct hash hash_from(const json_t *text)
{
    static uint8_t n_missing;
    struct hash h = {0};
    size_t len;
    assert_int_equal(base64_decode_upto(bytes_of(json_string_value(text)), h.b, HASH_LEN, &len), OK);
    if (len == 0)
        h.b[0] = ++n_missing;
    return h;
}

static struct proof proof_from(const json_t *list)
{
    struct proof p = {.n = json_array_size(list)};
    for (size_t i = 0; i < p.n; i++)
        p.path[i] = hash_from(json_array_get(list, i));
    return p;
}

static bool inclusion_holds(const json_t *c)
{
    struct hash leaf = hash_from(json_object_get(c, "leafHash")), root = hash_from(json_object_get(c, "root"));
    struct proof p = proof_from(json_object_get(c, "proof"));
    return merkle_check_inclusion(vector_u64(c, "leafIdx"), vector_u64(c, "treeSize"), &leaf, &p, &root) == OK;
}

static bool consistency_holds(const json_t *c)
{
    struct hash root1 = hash_from(json_object_get(c, "root1")), root2 = hash_from(json_object_get(c, "root2"));
    struct proof p = proof_from(json_object_get(c, "proof"));
    return merkle_check_consistency(vector_u64(c, "size1"), vector_u64(c, "size2"), &root1, &root2, &p) == OK;
}

static void run_cases(const char *path, bool (*holds)(const json_t *c))
{
    json_t *v = vectors_load_reals(path);
    size_t good = 0;
    assert_int_equal(json_array_size(v), 98);
    for (size_t i = 0; i < 98; i++) {
        const json_t *c = json_array_get(v, i);
        bool want = !json_is_true(json_object_get(c, "wantErr"));
        if (holds(c) != want)
            fail_msg("%s: %s", vector_text(c, "file"), vector_text(c, "desc"));
        good += want;
    }
    assert_int_equal(good, 6);
    json_decref(v);
}

static void the_98_inclusion_cases_come_out_as_transparency_dev_has_them(void **state)
{
    (void)state;
    run_cases("tests/vectors/merkle/inclusion.json", inclusion_holds);
}

static void the_98_consistency_cases_come_out_as_transparency_dev_has_them(void **state)
{
    (void)state;
    run_cases("tests/vectors/merkle/consistency.json", consistency_holds);
}

/* --- properties ------------------------------------------------------------ */

static void frontier_and_recursion_agree_at_every_size(void **state)
{
    (void)state;
    struct frontier f;
    frontier_init(&f);
    for (size_t n = 0; n <= LEAVES; n++) {
        struct leaf_source s = {0};
        struct merkle_source src = {get_any, &s};
        struct hash root;
        assert_int_equal(merkle_root(&src, n, &root), OK);
        assert_hash_equal(root, plain_root(0, n));
        assert_hash_equal(frontier_root(&f), root);
        assert_int_equal(s.n_asked, n);
        if (n < LEAVES)
            frontier_append(&f, &leaves[n]);
    }
}

static void whole_subtrees_are_asked_for_at_their_own_level(void **state)
{
    (void)state;
    struct leaf_source s = {0};
    struct merkle_source src = {get_any, &s};
    struct hash root;
    assert_int_equal(merkle_root(&src, 256, &root), OK);
    assert_int_equal(s.top_level, 8);
    s.top_level = 0;
    assert_int_equal(merkle_root(&src, 255, &root), OK);
    assert_int_equal(s.top_level, 7);
}

static void a_source_that_fails_leaves_the_results_alone(void **state)
{
    (void)state;
    for (size_t at = 1; at <= 13; at++) {
        struct leaf_source s = {.fails_at = at};
        struct merkle_source src = {get_any, &s};
        struct hash root = {{1, 2, 3}}, before = root;
        struct proof p = {.n = 77};
        assert_int_equal(merkle_root(&src, 13, &root), ERR_IO);
        assert_hash_equal(root, before);
        s.n_asked = 0;
        if (at <= 12) {                         /* a proof never asks for its own leaf */
            assert_int_equal(merkle_prove_inclusion(&src, 12, 13, &p), ERR_IO);
            assert_int_equal(p.n, 77);
        }
        s.n_asked = 0;
        assert_int_equal(merkle_prove_consistency(&src, 11, 13, &p), ERR_IO);
        assert_int_equal(p.n, 77);
    }
}

static void a_frontier_comes_back_from_its_bytes(void **state)
{
    (void)state;
    uint8_t bytes[FRONTIER_BYTES_MAX + 1], again[FRONTIER_BYTES_MAX];
    for (size_t n = 0; n <= LEAVES; n++) {
        struct frontier f = frontier_of(n), back;
        size_t len = frontier_write(&f, bytes);
        assert_int_equal(frontier_parse((struct bytes){bytes, len}, &back), OK);
        assert_int_equal(back.size, n);
        assert_int_equal(frontier_write(&back, again), len);
        assert_memory_equal(bytes, again, len);
        assert_hash_equal(frontier_root(&back), frontier_root(&f));
        assert_int_equal(frontier_parse((struct bytes){bytes, len - 1}, &back), ERR_FORMAT);
        assert_int_equal(frontier_parse((struct bytes){bytes, len + 1}, &back), ERR_FORMAT);
    }
    put_u64be(bytes, UINT64_MAX);
    assert_int_equal(frontier_parse((struct bytes){bytes, FRONTIER_BYTES_MAX}, &(struct frontier){0}), OK);
    assert_int_equal(frontier_parse((struct bytes){bytes, 8}, &(struct frontier){0}), ERR_FORMAT);
    assert_int_equal(frontier_parse((struct bytes){NULL, 0}, &(struct frontier){0}), ERR_FORMAT);
}

/* The turns of a proof, from the bottom up.  A proof says nothing of the tree's
 * size but by its turns (the signed checkpoint does), so a proof given for other
 * numbers holds exactly when their turns are the same. */
static size_t inclusion_turns(size_t index, size_t n, char *ret)
{
    if (n == 1)
        return 0;
    size_t k = 1;
    while (k * 2 < n)
        k *= 2;
    size_t len = index < k ? inclusion_turns(index, k, ret) : inclusion_turns(index - k, n - k, ret);
    ret[len] = index < k ? 'r' : 'l';
    return len + 1;
}

static size_t consistency_turns(size_t from, size_t n, bool is_known, char *ret)
{
    if (from == n) {
        ret[0] = is_known ? 'k' : 'n';
        return 1;
    }
    size_t k = 1;
    while (k * 2 < n)
        k *= 2;
    size_t len = from <= k ? consistency_turns(from, k, is_known, ret)
                           : consistency_turns(from - k, n - k, false, ret);
    ret[len] = from <= k ? 'r' : 'l';
    return len + 1;
}

struct turns { char s[16]; size_t len; };

static bool turns_equal(const struct turns *a, const struct turns *b)
{
    return a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
}

static struct turns inclusion_shape(size_t index, size_t n)
{
    struct turns t;
    t.len = inclusion_turns(index, n, t.s);
    return t;
}

static struct turns consistency_shape(size_t from, size_t n)
{
    struct turns t;
    t.len = consistency_turns(from, n, true, t.s);
    return t;
}

/* Each way of spoiling the hashes of a proof that holds. */
static void assert_spoiled_inclusions_fail(size_t index, size_t size, struct proof *p, const struct hash *root)
{
    for (size_t i = 0; i < p->n; i++) {
        p->path[i].b[i % HASH_LEN] ^= 1;
        assert_int_equal(merkle_check_inclusion(index, size, &leaves[index], p, root), ERR_PROOF);
        p->path[i].b[i % HASH_LEN] ^= 1;
    }
    struct hash other = *root;
    other.b[31] ^= 0x80;
    assert_int_equal(merkle_check_inclusion(index, size, &leaves[index], p, &other), ERR_PROOF);
    assert_int_equal(merkle_check_inclusion(index, size, &leaves[(index + 1) % LEAVES], p, root), ERR_PROOF);
    p->n++;
    p->path[p->n - 1] = *root;
    assert_int_equal(merkle_check_inclusion(index, size, &leaves[index], p, root), ERR_PROOF);
    p->n--;
    if (p->n > 0) {
        p->n--;
        assert_int_equal(merkle_check_inclusion(index, size, &leaves[index], p, root), ERR_PROOF);
        p->n++;
    }
}

static void every_inclusion_proof_holds_for_its_place_and_no_other(void **state)
{
    (void)state;
    struct merkle_source src = {get_any, &(struct leaf_source){0}};
    for (size_t size = 1; size <= PROVED; size++) {
        struct hash root = plain_root(0, size);
        for (size_t index = 0; index < size; index++) {
            struct proof p;
            struct turns mine = inclusion_shape(index, size);
            assert_int_equal(merkle_prove_inclusion(&src, index, size, &p), OK);
            assert_int_equal(p.n, mine.len);
            assert_int_equal(merkle_check_inclusion(index, size, &leaves[index], &p, &root), OK);
            assert_spoiled_inclusions_fail(index, size, &p, &root);
            for (size_t other = 0; other <= size + 1; other++)
                assert_int_equal(merkle_check_inclusion(other, size, &leaves[index], &p, &root),
                                 other == index ? OK : ERR_PROOF);
            for (size_t other = 0; other <= PROVED; other++) {
                bool same = other > index && (mine.len > 0 ? other > 1 : other == 1);
                struct turns theirs = same ? inclusion_shape(index, other) : (struct turns){.len = 0};
                same = same && turns_equal(&mine, &theirs);
                assert_int_equal(merkle_check_inclusion(index, other, &leaves[index], &p, &root),
                                 same ? OK : ERR_PROOF);
            }
        }
    }
}

static void assert_spoiled_consistencies_fail(size_t from, size_t size, const struct hash *a, const struct hash *b,
                                              struct proof *p)
{
    for (size_t i = 0; i < p->n; i++) {
        p->path[i].b[i % HASH_LEN] ^= 1;
        assert_int_equal(merkle_check_consistency(from, size, a, b, p), ERR_PROOF);
        p->path[i].b[i % HASH_LEN] ^= 1;
    }
    struct hash other_a = *a, other_b = *b;
    other_a.b[0] ^= 1;
    other_b.b[0] ^= 1;
    assert_int_equal(merkle_check_consistency(from, size, &other_a, b, p), ERR_PROOF);
    assert_int_equal(merkle_check_consistency(from, size, a, &other_b, p), ERR_PROOF);
    if (from != size)
        assert_int_equal(merkle_check_consistency(from, size, b, a, p), ERR_PROOF);
    p->n++;
    p->path[p->n - 1] = *a;
    assert_int_equal(merkle_check_consistency(from, size, a, b, p), ERR_PROOF);
    p->n--;
    if (p->n > 0) {
        p->n--;
        assert_int_equal(merkle_check_consistency(from, size, a, b, p), ERR_PROOF);
        p->n++;
    }
}

static void assert_other_sizes_fail(size_t from, size_t size, const struct hash *a, const struct hash *b,
                                    const struct proof *p)
{
    struct turns mine = consistency_shape(from, size);
    for (size_t m = 0; m <= PROVED; m++) {
        struct turns left = {.len = 0}, right = {.len = 0};
        if (m > 0 && m <= size)
            left = consistency_shape(m, size);
        if (m >= from)
            right = consistency_shape(from, m);
        assert_int_equal(merkle_check_consistency(m, size, a, b, p), turns_equal(&mine, &left) ? OK : ERR_PROOF);
        assert_int_equal(merkle_check_consistency(from, m, a, b, p), turns_equal(&mine, &right) ? OK : ERR_PROOF);
    }
}

static void every_consistency_proof_holds_for_its_sizes_and_no_others(void **state)
{
    (void)state;
    struct merkle_source src = {get_any, &(struct leaf_source){0}};
    for (size_t size = 1; size <= PROVED; size++) {
        struct hash b = plain_root(0, size);
        for (size_t from = 1; from <= size; from++) {
            struct hash a = plain_root(0, from);
            struct proof p;
            assert_int_equal(merkle_prove_consistency(&src, from, size, &p), OK);
            assert_int_equal(merkle_check_consistency(from, size, &a, &b, &p), OK);
            assert_int_equal(p.n == 0, from == size);
            assert_spoiled_consistencies_fail(from, size, &a, &b, &p);
            assert_other_sizes_fail(from, size, &a, &b, &p);
        }
    }
}

static void a_rewritten_history_has_no_consistency_proof(void **state)
{
    (void)state;
    struct merkle_source src = {get_any, &(struct leaf_source){0}};
    struct hash told = plain_root(0, 20), kept = leaves[3];
    leaves[3].b[0] ^= 1;
    struct hash now = plain_root(0, 33);
    struct proof p;
    enum err e = merkle_prove_consistency(&src, 20, 33, &p);
    leaves[3] = kept;
    assert_int_equal(e, OK);
    assert_int_equal(merkle_check_consistency(20, 33, &told, &now, &p), ERR_PROOF);
}

/* --- hostile numbers ------------------------------------------------------- */

/* Every subtree of this endless log has one root a level, so proofs of any size can be made. */
static enum err get_endless(void *arg, unsigned level, uint64_t index, struct hash *ret)
{
    (void)arg, (void)index;
    struct hash h = leaves[0];
    for (unsigned i = 0; i < level; i++)
        h = merkle_node(&h, &h);
    *ret = h;
    return OK;
}

static void proofs_in_trees_of_2_to_the_63_leaves_work(void **state)
{
    (void)state;
    struct merkle_source src = {get_endless, NULL};
    const uint64_t sizes[] = {(uint64_t)1 << 63, ((uint64_t)1 << 63) - 1, ((uint64_t)1 << 63) + 1, UINT64_MAX};
    for (size_t i = 0; i < 4; i++) {
        uint64_t size = sizes[i];
        const uint64_t at[] = {0, 1, size / 2, size / 2 + 1, size - 2, size - 1};
        struct hash root, before;
        assert_int_equal(merkle_root(&src, size, &root), OK);
        for (size_t k = 0; k < 6; k++) {
            struct proof p;
            assert_int_equal(merkle_prove_inclusion(&src, at[k], size, &p), OK);
            assert_true(p.n <= 64);
            assert_int_equal(merkle_check_inclusion(at[k], size, &leaves[0], &p, &root), OK);
            assert_int_equal(merkle_check_inclusion(at[k], size, &leaves[1], &p, &root), ERR_PROOF);
            uint64_t from = at[k] + 1;
            assert_int_equal(merkle_root(&src, from, &before), OK);
            assert_int_equal(merkle_prove_consistency(&src, from, size, &p), OK);
            assert_true(p.n <= 65);
            assert_int_equal(merkle_check_consistency(from, size, &before, &root, &p), OK);
        }
    }
}

static void a_proof_that_claims_more_hashes_than_fit_is_refused_unread(void **state)
{
    (void)state;
    struct proof p = {.n = SIZE_MAX};
    assert_int_equal(merkle_check_inclusion(0, UINT64_MAX, &leaves[0], &p, &leaves[0]), ERR_PROOF);
    assert_int_equal(merkle_check_consistency(1, UINT64_MAX, &leaves[0], &leaves[0], &p), ERR_PROOF);
    p.n = PROOF_HASHES_MAX + 1;
    assert_int_equal(merkle_check_inclusion(0, UINT64_MAX, &leaves[0], &p, &leaves[0]), ERR_PROOF);
    p.n = PROOF_HASHES_MAX;
    assert_int_equal(merkle_check_inclusion(0, UINT64_MAX, &leaves[0], &p, &leaves[0]), ERR_PROOF);
    assert_int_equal(merkle_check_consistency(1, UINT64_MAX, &leaves[0], &leaves[0], &p), ERR_PROOF);
}

static void nothing_is_consistent_with_an_empty_tree(void **state)
{
    (void)state;
    struct hash empty = plain_root(0, 0);
    struct proof p = {.n = 0};
    assert_int_equal(merkle_check_consistency(0, 0, &empty, &empty, &p), ERR_PROOF);
    assert_int_equal(merkle_check_consistency(0, 5, &empty, &leaves[0], &p), ERR_PROOF);
    assert_int_equal(merkle_check_inclusion(0, 0, &empty, &p, &empty), ERR_PROOF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_roots_of_the_ct_leaves_are_those_of_rfc6962),
        cmocka_unit_test(leaves_and_nodes_hash_with_their_own_prefix),
        cmocka_unit_test(the_98_inclusion_cases_come_out_as_transparency_dev_has_them),
        cmocka_unit_test(the_98_consistency_cases_come_out_as_transparency_dev_has_them),
        cmocka_unit_test(frontier_and_recursion_agree_at_every_size),
        cmocka_unit_test(whole_subtrees_are_asked_for_at_their_own_level),
        cmocka_unit_test(a_source_that_fails_leaves_the_results_alone),
        cmocka_unit_test(a_frontier_comes_back_from_its_bytes),
        cmocka_unit_test(every_inclusion_proof_holds_for_its_place_and_no_other),
        cmocka_unit_test(every_consistency_proof_holds_for_its_sizes_and_no_others),
        cmocka_unit_test(a_rewritten_history_has_no_consistency_proof),
        cmocka_unit_test(proofs_in_trees_of_2_to_the_63_leaves_work),
        cmocka_unit_test(a_proof_that_claims_more_hashes_than_fit_is_refused_unread),
        cmocka_unit_test(nothing_is_consistent_with_an_empty_tree),
    };
    return cmocka_run_group_tests(tests, make_leaves, NULL);
}
