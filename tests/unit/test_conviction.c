/* tests/unit/test_conviction.c - a file that convicts by itself, and what in it has to hold for that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/conviction.h"
#include "protocol/frame.h"
#include "tests/unit/charters.h"
#include "tests/unit/vectors.h"

struct bench {
    struct chain *chain;
    struct charter *first;
    struct hash standing;
    struct identity id;                     /* of body 1 */
    struct body author;
    struct sign_secret log;
    struct buf identity, note_m, note_n, evidence;
};

static struct dh_public box_of(uint8_t n)
{
    struct dh_secret s = {{0, n}};          /* the lowest bits of a scalar do not count */
    return dh_public_of(&s);
}

static void sign_id(struct bench *b, const struct body *by)
{
    b->id.root = by->root;
    b->id.slug = by->slug;
    buf_clear(&b->identity);
    identity_sign(&b->id, &by->secret, &b->identity);
    assert_int_equal(buf_status(&b->identity), OK);
}

static void sign_story(struct bench *b, const char *story, uint64_t size, const struct sign_secret *by, struct buf *ret)
{
    struct checkpoint c = {.origin = {.slug = b->author.slug, .generation = 1}, .size = size, .root = sha256(bytes_of(story))};
    c.origin.alliance = charter_alliance_id(&b->first->hash);
    buf_clear(ret);
    checkpoint_sign(&c, by, ret);
    assert_int_equal(buf_status(ret), OK);
}

static void write_evidence(struct bench *b)
{
    struct evidence *ev = calloc(1, sizeof(*ev));
    assert_non_null(ev);
    ev->log = (struct log_ref){b->author.slug, 1};
    ev->note_m = buf_bytes(&b->note_m);
    ev->note_n = buf_bytes(&b->note_n);
    buf_clear(&b->evidence);
    evidence_write(ev, &b->evidence);
    assert_int_equal(buf_status(&b->evidence), OK);
    free(ev);
}

static int begin(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));
    struct sym_secret seed = {{5}}, other = {{6}};
    enum chain_verdict verdict;
    assert_non_null(b);
    b->identity = b->note_m = b->note_n = buf_on(IDENTITY_MAX);
    b->evidence = buf_on(EVIDENCE_MAX);
    b->first = charter_founding();
    struct alliance_id alliance = charter_alliance_id(&b->first->hash);
    b->chain = chain_new(&alliance);
    struct buf note = charter_note(b->first, BY(1));
    assert_int_equal(chain_add(b->chain, buf_bytes(&note), &verdict, &b->standing), OK);
    buf_release(&note);
    b->author = body(1);
    b->id = (struct identity){.role = ROLE_AUTHORITY, .version = 1, .name = "Barsetshire", .box = box_of(1), .node = box_of(2)};
    sign_keypair(&seed, &b->log, &b->id.log);
    struct sign_secret witness;
    sign_keypair(&other, &witness, &b->id.witness);
    sign_id(b, &b->author);
    sign_story(b, "one", 3, &b->log, &b->note_m);
    sign_story(b, "other", 3, &b->log, &b->note_n);
    write_evidence(b);
    *state = b;
    return 0;
}

static int end(void **state)
{
    struct bench *b = *state;
    chain_free(b->chain);
    charter_free(b->first);
    buf_release(&b->identity);
    buf_release(&b->note_m);
    buf_release(&b->note_n);
    buf_release(&b->evidence);
    free(b);
    return 0;
}

static struct buf file_of(const struct bench *b)
{
    struct buf file = buf_on(PARCEL_MAX);
    struct bytes id = buf_bytes(&b->identity);
    assert_int_equal(conviction_write(b->chain, 1, &id, buf_bytes(&b->evidence), &file), OK);
    return file;
}

static enum err judge(const struct bench *b, const struct hash *trust, struct conviction *ret)
{
    struct buf file = file_of(b);
    enum err e = conviction_read(buf_bytes(&file), trust, ret);
    buf_release(&file);
    return e;
}

static void it_says_who_signed_what_by_which_key(void **state)
{
    const struct bench *b = *state;
    struct conviction c;
    assert_int_equal(judge(b, &b->standing, &c), OK);
    assert_string_equal(c.origin.slug.s, "barset-1");
    assert_string_equal(c.member_name, "Barsetshire");
    assert_string_equal(c.alliance_name, "Barsetshire");
    assert_int_equal(c.m.size, 3);
    assert_int_equal(c.n.size, 3);
    assert_false(hash_equal(&c.m.root, &c.n.root));
    assert_memory_equal(c.log_key.b, b->id.log.b, 32);
    assert_memory_equal(c.root.b, b->author.root.b, 32);
    assert_int_equal(c.identity_version, 1);
    assert_true(c.is_pinned);
    struct buf file = file_of(b);
    assert_true(conviction_is(buf_bytes(&file)));
    buf_release(&file);
}

static void without_a_charter_that_is_trusted_it_is_not_pinned(void **state)
{
    struct conviction c;
    struct hash other = sha256(bytes_of("another charter"));
    assert_int_equal(judge(*state, NULL, &c), OK);
    assert_false(c.is_pinned);
    assert_int_equal(judge(*state, &other, &c), OK);
    assert_false(c.is_pinned);
}

static void one_story_twice_convicts_nobody(void **state)
{
    struct bench *b = *state;
    struct conviction c;
    sign_story(b, "one", 3, &b->log, &b->note_n);
    write_evidence(b);
    assert_int_equal(judge(b, NULL, &c), ERR_PROOF);
}

static void a_key_that_no_identity_names_convicts_nobody(void **state)
{
    struct bench *b = *state;
    struct conviction c;
    struct sym_secret seed = {{77}};
    struct sign_secret thief;
    struct sign_public public;
    sign_keypair(&seed, &thief, &public);
    sign_story(b, "one", 3, &thief, &b->note_m);
    sign_story(b, "other", 3, &thief, &b->note_n);
    write_evidence(b);
    assert_int_equal(judge(b, NULL, &c), ERR_UNKNOWN);
}

static void a_root_that_the_charter_never_gave_the_member_convicts_nobody(void **state)
{
    struct bench *b = *state;
    struct conviction c;
    struct body forger = body_with(1, 1);
    sign_id(b, &forger);
    assert_int_equal(judge(b, NULL, &c), ERR_UNKNOWN);
}

static void a_root_that_was_replaced_answers_for_what_it_named(void **state)
{
    struct bench *b = *state;
    struct conviction c;
    enum chain_verdict verdict;
    struct charter *second = charter_after(b->first, 0), *third;
    charter_fill(second, 2, 2, 2);
    assert_int_equal(charter_seal(second), OK);
    struct buf note = charter_note(second, BY(1, 2));
    assert_int_equal(chain_add(b->chain, buf_bytes(&note), &verdict, &b->standing), OK);
    buf_release(&note);
    third = charter_after(second, 0);
    third->members[0].root = body_with(1, 1).root;
    third->replacements[third->n_replacements++] = (struct replacement){b->author.slug, b->author.root, 1, 3};
    third->n_stewards = 1;
    third->stewards[0] = body(2).slug;
    third->threshold = 1;
    assert_int_equal(charter_seal(third), OK);
    note = charter_note(third, BY(1, 2));
    assert_int_equal(chain_add(b->chain, buf_bytes(&note), &verdict, &b->standing), OK);
    assert_int_equal(verdict, CHAIN_CHARTER);
    buf_release(&note);
    assert_int_equal(judge(b, &b->standing, &c), OK);
    assert_true(c.is_pinned);
    assert_int_equal(c.charter_version, 3);
    charter_free(second);
    charter_free(third);
}

/* Every single bit: each either makes it no conviction, or changes nothing that it says. */
static void no_bit_that_is_flipped_convicts_another(void **state)
{
    const struct bench *b = *state;
    struct buf file = file_of(b);
    struct conviction was, is;
    assert_int_equal(conviction_read(buf_bytes(&file), &b->standing, &was), OK);
    size_t taken = 0;
    for (size_t i = 0; i < file.len * 8; i += 3) {
        file.p[i / 8] ^= (uint8_t)(1u << i % 8);
        if (conviction_read(buf_bytes(&file), &b->standing, &is) == OK && is.is_pinned) {
            taken++;
            if (!origin_equal(&is.origin, &was.origin) || memcmp(is.log_key.b, was.log_key.b, 32) != 0
                || !hash_equal(&is.m.root, &was.m.root) || !hash_equal(&is.n.root, &was.n.root)
                || !hash_equal(&is.charter, &was.charter) || is.m.size != was.m.size || is.n.size != was.n.size)
                fail_msg("bit %zu", i);
        }
        file.p[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    assert_true(taken < 3 * 32 * 8);        /* the hash and version that CHARTER frames carry say nothing here */
    buf_release(&file);
}

static void what_is_cut_short_is_no_such_file(void **state)
{
    struct buf file = file_of(*state);
    struct conviction c;
    for (size_t len = 0; len < file.len; len++)
        assert_int_not_equal(conviction_read((struct bytes){file.p, len}, NULL, &c), OK);
    assert_false(conviction_is((struct bytes){file.p, file.len - 1}));
    buf_release(&file);
}

/* Written by another implementation. */
static void the_vectors_have_their_verdicts(void **state)
{
    json_t *v = vectors_load("tests/vectors/folkmoot/conviction.json"), *k;
    struct buf file = buf_on(PARCEL_MAX);
    struct hash trust = hash_of_hex(vector_text(v, "trust")), root;
    struct conviction c;
    size_t i, convicting = 0;
    (void)state;
    json_array_foreach(json_object_get(v, "cases"), i, k) {
        const char *verdict = vector_text(k, "verdict");
        enum err want = strcmp(verdict, "ok") == 0 ? OK : strcmp(verdict, "proof") == 0 ? ERR_PROOF : ERR_UNKNOWN;
        struct bytes in = vector_hex_bytes(k, "file", &file);
        assert_true(conviction_is(in));
        assert_int_equal(conviction_read(in, &trust, &c), want);
        if (want != OK)
            continue;
        convicting++;
        assert_true(c.is_pinned);
        assert_string_equal(c.origin.slug.s, vector_text(k, "slug"));
        assert_int_equal(c.origin.generation, vector_u64(k, "generation"));
        assert_int_equal(c.charter_version, vector_u64(k, "version"));
        assert_int_equal(c.m.size, vector_u64(k, "m_size"));
        assert_int_equal(c.n.size, vector_u64(k, "n_size"));
        root = hash_of_hex(vector_text(k, "m_root"));
        assert_memory_equal(c.m.root.b, root.b, HASH_LEN);
        root = hash_of_hex(vector_text(k, "n_root"));
        assert_memory_equal(c.n.root.b, root.b, HASH_LEN);
    }
    assert_int_equal(convicting, 4);
    assert_int_equal(i, 7);
    buf_release(&file);
    json_decref(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
        T(it_says_who_signed_what_by_which_key),
        T(without_a_charter_that_is_trusted_it_is_not_pinned),
        T(one_story_twice_convicts_nobody),
        T(a_key_that_no_identity_names_convicts_nobody),
        T(a_root_that_the_charter_never_gave_the_member_convicts_nobody),
        T(a_root_that_was_replaced_answers_for_what_it_named),
        T(no_bit_that_is_flipped_convicts_another),
        T(what_is_cut_short_is_no_such_file),
        T(the_vectors_have_their_verdicts),
    };
    return crypto_start() == OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
