/* tests/unit/test_nodes.c - a tree that remembers gives the same nodes, and asks for each once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/disclose/nodes.h"

struct tree { size_t n_asked; bool fails; };

static enum err leaf_of(void *arg, unsigned level, uint64_t index, struct hash *ret)
{
    struct tree *t = arg, quiet = {0};
    t->n_asked++;
    if (t->fails)
        return ERR_IO;
    if (level > 0) {
        struct hash left, right;
        assert_int_equal(leaf_of(&quiet, level - 1, index * 2, &left), OK);
        assert_int_equal(leaf_of(&quiet, level - 1, index * 2 + 1, &right), OK);
        *ret = merkle_node(&left, &right);
        return OK;
    }
    uint8_t leaf[2] = {(uint8_t)index, (uint8_t)(index >> 8)};
    *ret = merkle_leaf((struct bytes){leaf, sizeof(leaf)});
    return OK;
}

enum { SIZE = 1000 };

static void proofs_are_the_same_and_each_node_is_asked_for_once(void **state)
{
    (void)state;
    struct tree t = {0}, plain = {0};
    struct merkle_source from = {leaf_of, &t}, without = {leaf_of, &plain};
    struct nodes nodes;
    nodes_init(&from, &nodes);
    struct merkle_source src = nodes_source(&nodes);
    for (uint64_t i = 0; i < SIZE; i++) {
        struct proof p = {0}, q = {0};
        assert_int_equal(merkle_prove_inclusion(&src, i, SIZE, &p), OK);
        assert_int_equal(merkle_prove_inclusion(&without, i, SIZE, &q), OK);
        assert_int_equal(p.n, q.n);
        assert_memory_equal(p.path, q.path, p.n * sizeof(p.path[0]));
    }
    assert_true(t.n_asked < 2 * SIZE);      /* so many nodes a tree has */
    assert_true(plain.n_asked > 5 * t.n_asked);
    nodes_release(&nodes);
}

static void what_fails_is_not_remembered(void **state)
{
    (void)state;
    struct tree t = {.fails = true};
    struct merkle_source from = {leaf_of, &t};
    struct nodes nodes;
    struct hash h, again;
    nodes_init(&from, &nodes);
    struct merkle_source src = nodes_source(&nodes);
    assert_int_equal(src.get(src.arg, 3, 5, &h), ERR_IO);
    t.fails = false;
    assert_int_equal(src.get(src.arg, 3, 5, &h), OK);
    assert_int_equal(src.get(src.arg, 3, 5, &again), OK);
    assert_true(hash_equal(&h, &again));
    assert_int_equal(t.n_asked, 2);
    nodes_release(&nodes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proofs_are_the_same_and_each_node_is_asked_for_once),
        cmocka_unit_test(what_fails_is_not_remembered),
    };
    return crypto_start() == OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
