/* tests/unit/test_tile.c - every tile holds the hashes that its name promises. */
#include "protocol/tile.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/vectors.h"

/* Leaf i is its number as text: of different lengths, and known without keeping it. */
static struct bytes leaf_of(uint64_t i, char ret[32])
{
    return (struct bytes){(const uint8_t *)ret, (size_t)snprintf(ret, 32, "leaf %llu", (unsigned long long)i)};
}

static enum err get_leaf(void *arg, unsigned level, uint64_t index, struct hash *ret)
{
    char text[32];
    (void)arg;
    assert_int_equal(level, 0);
    *ret = merkle_leaf(leaf_of(index, text));
    return OK;
}

struct seen {
    size_t n_full, n_partial, n_bundles;
    uint64_t next[TILE_LEVELS], next_bundle;
    unsigned width[TILE_LEVELS];            /* of the partial tile */
    size_t fails_at;
};

static void check_bundle(struct seen *s, const struct tile *t, struct bytes content)
{
    char text[32];
    assert_int_equal(t->index, s->next_bundle++);
    assert_int_equal(t->level, 0);
    s->n_bundles++;
    for (unsigned i = 0; i < t->width; i++) {
        struct bytes leaf = leaf_of(t->index * TILE_WIDTH + i, text);
        assert_true(content.len >= 2 + leaf.len);
        assert_int_equal(get_u16be(content.p), leaf.len);
        assert_memory_equal(content.p + 2, leaf.p, leaf.len);
        content = (struct bytes){content.p + 2 + leaf.len, content.len - 2 - leaf.len};
    }
    assert_int_equal(content.len, 0);
}

static enum err check(void *arg, const struct tile *t, struct bytes content)
{
    struct seen *s = arg;
    struct merkle_source leaves = {get_leaf, NULL};
    if (s->fails_at > 0 && s->n_full + s->n_partial + s->n_bundles + 1 == s->fails_at)
        return ERR_FULL;
    if (t->is_entries) {
        check_bundle(s, t, content);
        return OK;
    }
    assert_int_equal(t->index, s->next[t->level]++);
    assert_int_equal(content.len, t->width * HASH_LEN);
    if (t->width == TILE_WIDTH)
        s->n_full++;
    else
        s->n_partial++;
    s->width[t->level] = t->width % TILE_WIDTH;
    for (unsigned i = 0; i < t->width; i++) {
        struct hash h;
        assert_int_equal(merkle_fold(&leaves, 0, 8 * t->level, t->index * TILE_WIDTH + i, &h), OK);
        assert_memory_equal(content.p + i * HASH_LEN, h.b, HASH_LEN);
    }
    return OK;
}

static enum err tile_all(uint64_t size, struct seen *s)
{
    char text[32];
    struct tiler *t = malloc(sizeof(*t));
    assert_non_null(t);
    tiler_init(t, check, s);
    enum err e = OK;
    for (uint64_t i = 0; e == OK && i < size; i++)
        e = tiler_add(t, leaf_of(i, text));
    if (e == OK) {
        assert_int_equal(t->size, size);
        e = tiler_end(t);
    }
    free(t);
    return e;
}

static void every_level_has_the_subtrees_it_names(void **state)
{
    (void)state;
    struct seen s = {0};
    assert_int_equal(tile_all(256 * 256 + 256 + 3, &s), OK);
    assert_int_equal(s.n_full, 257 + 1);
    assert_int_equal(s.n_partial, 3);
    assert_int_equal(s.n_bundles, 258);
    assert_int_equal(s.width[0], 3);
    assert_int_equal(s.width[1], 1);
    assert_int_equal(s.width[2], 1);
}

static void a_log_that_ends_with_a_tile_has_no_partial_one_there(void **state)
{
    (void)state;
    struct seen s = {0};
    assert_int_equal(tile_all(512, &s), OK);
    assert_int_equal(s.n_full, 2);
    assert_int_equal(s.n_partial, 1);       /* level 1, of two */
    assert_int_equal(s.n_bundles, 2);
    assert_int_equal(s.width[1], 2);
}

static void a_small_log_is_one_partial_tile(void **state)
{
    (void)state;
    struct seen s = {0}, none = {0};
    assert_int_equal(tile_all(1, &s), OK);
    assert_int_equal(s.n_partial, 1);
    assert_int_equal(s.n_bundles, 1);
    assert_int_equal(tile_all(0, &none), OK);
    assert_int_equal(none.n_partial + none.n_bundles, 0);
}

static void what_fails_ends_it(void **state)
{
    (void)state;
    for (size_t at = 1; at <= 6; at++) {    /* two bundles, two full tiles, one more bundle, the partial ones */
        struct seen s = {.fails_at = at};
        assert_int_equal(tile_all(513, &s), ERR_FULL);
        assert_int_equal(s.n_full + s.n_partial + s.n_bundles, at - 1);
    }
}

static void names_are_those_of_the_specification(void **state)
{
    (void)state;
    static const struct { struct tile t; const char *path; } names[] = {
        {{false, 0, 0, 256}, "tile/0/000"},
        {{false, 0, 999, 256}, "tile/0/999"},
        {{false, 0, 1000, 256}, "tile/0/x001/000"},
        {{false, 1, 1234067, 256}, "tile/1/x001/x234/067"},          /* the example of tlog-tiles */
        {{false, 2, 0, 1}, "tile/2/000.p/1"},
        {{true, 0, 273, 112}, "tile/entries/273.p/112"},
        {{true, 0, UINT64_MAX, 255}, "tile/entries/x018/x446/x744/x073/x709/x551/615.p/255"},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[TILE_PATH_SIZE];
        tile_path(&names[i].t, path);
        assert_string_equal(path, names[i].path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_level_has_the_subtrees_it_names),
        cmocka_unit_test(a_log_that_ends_with_a_tile_has_no_partial_one_there),
        cmocka_unit_test(a_small_log_is_one_partial_tile),
        cmocka_unit_test(what_fails_ends_it),
        cmocka_unit_test(names_are_those_of_the_specification),
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
