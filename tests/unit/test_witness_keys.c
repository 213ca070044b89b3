/* tests/unit/test_witness_keys.c - a witness with very many keys, names and lines costs an auditor little, and others nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/audit/witness_keys.h"

static struct origin log_of(const char *slug, uint32_t generation)
{
    struct origin o = {.generation = generation};
    assert_int_equal(slug_parse(bytes_of(slug), &o.slug), OK);
    return o;
}

static struct sign_public key_of(uint32_t n, struct sign_secret *ret_secret)
{
    struct sym_secret seed = {{9}};
    struct sign_public key;
    put_u32be(seed.b + 4, n);
    sign_keypair(&seed, ret_secret, &key);
    return key;
}

static enum err add(struct witness_keys *w, const char *slug, uint32_t n)
{
    struct sign_secret secret;
    struct origin o = log_of(slug, 1);
    struct sign_public key = key_of(n, &secret);
    return witness_keys_add(w, &o.slug, &key);
}

/* The place of key n of the witness, called after that generation of its log; SIZE_MAX: it is not found. */
static size_t place(const struct witness_keys *w, const char *slug, uint32_t generation, uint32_t n)
{
    struct sign_secret secret;
    struct origin o = log_of(slug, generation);
    struct sign_public key = key_of(n, &secret);
    struct note_key named = checkpoint_witness_key(&o, &key);
    struct note_keyid id = note_keyid(&named);
    size_t at = witness_keys_find(w, &o, &id);
    return at < w->n ? at : SIZE_MAX;
}

static struct cosig said(const char *slug, uint32_t n, uint64_t size)
{
    struct sign_secret secret;
    struct origin log = log_of("log", 1), witness = log_of(slug, 1);
    struct cosig c = {.log = {log.slug, 1}, .size = size, .witness = witness.slug, .time_s = 1700000000};
    struct checkpoint over = {.origin = log, .size = size};
    (void)key_of(n, &secret);
    checkpoint_cosign(&over, &witness, &secret, c.time_s, &c.sig);
    return c;
}

static enum err check(struct witness_keys *w, const char *slug, uint32_t n, uint64_t size)
{
    struct cosig c = said(slug, n, size);
    struct origin log = log_of("log", 1);
    return witness_keys_check(w, &log, &c);
}

static void a_key_is_found_by_the_name_that_its_line_bears(void **state)
{
    struct witness_keys w = {0};
    (void)state;
    const char *const slugs[] = {"kent", "barset", "surrey"};
    for (uint32_t i = 0; i < 9; i++)
        assert_int_equal(add(&w, slugs[i % 3], i), OK);
    assert_int_equal(add(&w, "kent", 3), OK);
    assert_int_equal(w.n, 9);                   /* it was known */
    for (uint32_t g = 1; g < 4; g++)
        for (uint32_t i = 0; i < 9; i++) {
            assert_int_equal(place(&w, slugs[i % 3], g, i), i);
            assert_int_equal(place(&w, slugs[(i + 1) % 3], g, i), SIZE_MAX);
        }
    assert_int_equal(add(&w, "kent", 40), OK);  /* the names are known by now, and not what came behind */
    assert_int_equal(place(&w, "kent", 1, 40), 9);
    assert_int_equal(place(&w, "nobody", 1, 0), SIZE_MAX);
    witness_keys_release(&w);
}

static void of_one_witness_so_many_keys_count(void **state)
{
    struct witness_keys w = {0};
    (void)state;
    for (uint32_t i = 0; i < WITNESS_KEYS_MAX; i++)
        assert_int_equal(add(&w, "kent", i), OK);
    assert_int_equal(check(&w, "kent", 1000, 1), ERR_SIGNATURE);
    assert_int_equal(add(&w, "kent", WITNESS_KEYS_MAX), ERR_LIMIT);
    assert_int_equal(add(&w, "kent", 5), OK);
    assert_int_equal(add(&w, "surrey", WITNESS_KEYS_MAX), OK);
    assert_int_equal(place(&w, "kent", 1, WITNESS_KEYS_MAX - 1), WITNESS_KEYS_MAX - 1);
    assert_int_equal(place(&w, "kent", 1, WITNESS_KEYS_MAX), SIZE_MAX);
    assert_int_equal(check(&w, "kent", WITNESS_KEYS_MAX, 1), ERR_LIMIT);    /* it may be by one that was left out */
    witness_keys_release(&w);
}

static void a_witness_is_called_by_so_many_names(void **state)
{
    struct witness_keys w = {0};
    (void)state;
    assert_int_equal(add(&w, "kent", 1), OK);
    assert_int_equal(add(&w, "surrey", 2), OK);
    for (uint32_t g = 1; g <= WITNESS_NAMES_MAX; g++)
        assert_int_equal(place(&w, "kent", g, 1), 0);
    assert_int_equal(place(&w, "kent", WITNESS_NAMES_MAX + 1, 1), SIZE_MAX);
    assert_int_equal(place(&w, "kent", WITNESS_NAMES_MAX, 1), 0);
    assert_int_equal(place(&w, "surrey", 1000, 2), 1);
    witness_keys_release(&w);
}

static void a_cosignature_is_tried_with_each_key(void **state)
{
    struct witness_keys w = {0};
    (void)state;
    assert_int_equal(check(&w, "kent", 1, 1), ERR_UNKNOWN);
    for (uint32_t i = 0; i < 20; i++)
        assert_int_equal(add(&w, "kent", i), OK);
    for (uint32_t i = 20; i-- > 0;)
        assert_int_equal(check(&w, "kent", i, i + 1), OK);
    assert_int_equal(check(&w, "kent", 21, 1), ERR_SIGNATURE);
    assert_int_equal(check(&w, "surrey", 1, 1), ERR_UNKNOWN);
    size_t misses = w.n_misses;
    for (uint64_t size = 1; size < 50; size++)
        assert_int_equal(check(&w, "kent", 7, size), OK);
    assert_true(w.n_misses < misses + 20);      /* the one that fitted last comes first */
    witness_keys_release(&w);
}

static void so_many_are_tried_in_vain_and_then_but_the_one_that_fitted_last(void **state)
{
    struct witness_keys w = {0};
    (void)state;
    for (uint32_t i = 0; i < WITNESS_KEYS_MAX; i++)
        assert_int_equal(add(&w, "kent", i), OK);
    assert_int_equal(add(&w, "surrey", 7), OK);
    assert_int_equal(add(&w, "surrey", 8), OK);
    assert_int_equal(check(&w, "kent", 3, 1), OK);
    struct cosig c = said("kent", 1000, 9);
    struct origin log = log_of("log", 1);
    size_t rounds = 0;
    while (witness_keys_check(&w, &log, &c) == ERR_SIGNATURE)
        rounds++;
    assert_in_range(rounds, WITNESS_MISSES_MAX / WITNESS_KEYS_MAX - 2, WITNESS_MISSES_MAX / WITNESS_KEYS_MAX);
    size_t misses = w.n_misses;
    assert_int_equal(witness_keys_check(&w, &log, &c), ERR_LIMIT);
    assert_int_equal(w.n_misses, misses + 1);   /* one signature, not 128 */
    assert_int_equal(check(&w, "kent", 3, 5), OK);
    assert_int_equal(check(&w, "kent", 4, 5), ERR_LIMIT);
    assert_int_equal(check(&w, "surrey", 8, 5), OK);        /* nobody else pays for it */
    w.n_misses = WITNESS_MISSES_ALL_MAX;
    assert_int_equal(check(&w, "surrey", 8, 6), OK);
    assert_int_equal(check(&w, "surrey", 7, 6), ERR_LIMIT);
    witness_keys_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_found_by_the_name_that_its_line_bears),
        cmocka_unit_test(of_one_witness_so_many_keys_count),
        cmocka_unit_test(a_witness_is_called_by_so_many_names),
        cmocka_unit_test(a_cosignature_is_tried_with_each_key),
        cmocka_unit_test(so_many_are_tried_in_vain_and_then_but_the_one_that_fitted_last),
    };
    return crypto_start() == OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
