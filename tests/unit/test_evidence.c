/* tests/unit/test_evidence.c - what convicts an author of two stories, and what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/evidence.h"
#include "tests/unit/vectors.h"

enum { STORY_LEN = 10, PARTING = 4 };

/* Two stories of one log: the first four entries are the same. */
static struct origin origin;
static struct sign_secret secret, other_secret;
static struct sign_public public, other_public;

static enum err leaf_of(void *arg, unsigned level, uint64_t index, struct hash *ret)
{
    const int *story = arg;
    if (level > 0) {
        struct hash left, right;
        enum err e = leaf_of(arg, level - 1, index * 2, &left);
        if (e == OK)
            e = leaf_of(arg, level - 1, index * 2 + 1, &right);
        if (e == OK)
            *ret = merkle_node(&left, &right);
        return e;
    }
    uint8_t leaf[2] = {(uint8_t)index, index < PARTING ? 0 : (uint8_t)*story};
    *ret = merkle_leaf((struct bytes){leaf, sizeof(leaf)});
    return OK;
}

static struct hash root_of(int story, uint64_t size)
{
    struct merkle_source src = {leaf_of, &story};
    struct hash root;
    assert_int_equal(merkle_root(&src, size, &root), OK);
    return root;
}

static struct buf note_of(int story, uint64_t size, const struct sign_secret *by)
{
    struct buf b = buf_on(CHECKPOINT_MAX);
    struct checkpoint c = {.origin = origin, .size = size, .root = root_of(story, size)};
    checkpoint_sign(&c, by, &b);
    assert_int_equal(buf_status(&b), OK);
    return b;
}

static int begin(void **state)
{
    struct sym_secret seed = {{7}}, other = {{8}};
    (void)state;
    sign_keypair(&seed, &secret, &public);
    sign_keypair(&other, &other_secret, &other_public);
    origin.generation = 1;
    memset(origin.alliance.b, 0xaa, sizeof(origin.alliance.b));
    return slug_parse(bytes_of("barsetshire"), &origin.slug) == OK ? 0 : -1;
}

/* Evidence between size m of story 1 and size n of story 2, as a node that held the first would make it. */
static struct evidence *make(struct buf *m, struct buf *n, uint64_t size_m, uint64_t size_n)
{
    struct evidence *ev = calloc(1, sizeof(*ev));
    assert_non_null(ev);
    *m = note_of(1, size_m, &secret);
    *n = note_of(2, size_n, &secret);
    ev->log = (struct log_ref){origin.slug, 1};
    ev->note_m = buf_bytes(m);
    ev->note_n = buf_bytes(n);
    if (size_m < size_n) {
        int story = 2;
        struct merkle_source src = {leaf_of, &story};
        ev->has_rival = true;
        ev->rival = root_of(2, size_m);
        assert_int_equal(merkle_prove_consistency(&src, size_m, size_n, &ev->proof), OK);
    }
    return ev;
}

static void drop(struct evidence *ev, struct buf *m, struct buf *n)
{
    free(ev);
    buf_release(m);
    buf_release(n);
}

static void two_roots_of_one_size_convict(void **state)
{
    (void)state;
    struct buf m, n;
    struct evidence *ev = make(&m, &n, STORY_LEN, STORY_LEN);
    assert_int_equal(evidence_check(ev, &origin, &public), OK);
    drop(ev, &m, &n);
}

static void a_later_head_that_grew_from_another_root_convicts(void **state)
{
    (void)state;
    for (uint64_t size = PARTING + 1; size < STORY_LEN; size++) {
        struct buf m, n;
        struct evidence *ev = make(&m, &n, size, STORY_LEN);
        assert_int_equal(evidence_check(ev, &origin, &public), OK);
        drop(ev, &m, &n);
    }
}

/* Up to the parting the stories are one: nothing to convict of. */
static void one_story_convicts_nobody(void **state)
{
    (void)state;
    struct buf m, n;
    struct evidence *ev = make(&m, &n, PARTING, STORY_LEN);
    assert_int_equal(evidence_check(ev, &origin, &public), ERR_FORMAT);
    drop(ev, &m, &n);
    m = note_of(1, 6, &secret);
    ev = calloc(1, sizeof(*ev));
    assert_non_null(ev);
    ev->log = (struct log_ref){origin.slug, 1};
    ev->note_m = ev->note_n = buf_bytes(&m);
    assert_int_equal(evidence_check(ev, &origin, &public), ERR_FORMAT);
    free(ev);
    buf_release(&m);
}

static void a_made_up_rival_root_convicts_nobody(void **state)
{
    (void)state;
    struct buf m, n;
    struct evidence *ev = make(&m, &n, 6, STORY_LEN);
    ev->rival.b[0] ^= 1;
    assert_int_equal(evidence_check(ev, &origin, &public), ERR_PROOF);
    ev->rival.b[0] ^= 1;
    ev->proof.path[0].b[5] ^= 1;
    assert_int_equal(evidence_check(ev, &origin, &public), ERR_PROOF);
    drop(ev, &m, &n);
}

static void another_key_or_another_log_convicts_nobody(void **state)
{
    (void)state;
    struct buf m, n, forged = note_of(2, STORY_LEN, &other_secret);
    struct evidence *ev = make(&m, &n, STORY_LEN, STORY_LEN);
    struct origin elsewhere = origin;
    assert_int_not_equal(evidence_check(ev, &origin, &other_public), OK);
    elsewhere.generation = 2;
    assert_int_not_equal(evidence_check(ev, &elsewhere, &public), OK);
    ev->note_n = buf_bytes(&forged);
    assert_int_not_equal(evidence_check(ev, &origin, &public), OK);
    drop(ev, &m, &n);
    buf_release(&forged);
}

static void sizes_out_of_order_convict_nobody(void **state)
{
    (void)state;
    struct buf m, n;
    struct evidence *ev = make(&m, &n, 6, STORY_LEN);
    struct bytes first = ev->note_m;
    ev->note_m = ev->note_n;
    ev->note_n = first;
    assert_int_equal(evidence_check(ev, &origin, &public), ERR_FORMAT);
    drop(ev, &m, &n);
}

static void what_is_written_reads_back_and_nothing_else_does(void **state)
{
    (void)state;
    struct buf m, n, b = buf_on(EVIDENCE_MAX), c = buf_on(EVIDENCE_MAX);
    struct evidence *ev = make(&m, &n, 6, STORY_LEN), *back = calloc(1, sizeof(*back));
    assert_non_null(back);
    evidence_write(ev, &b);
    assert_int_equal(evidence_read(buf_bytes(&b), back), OK);
    assert_int_equal(evidence_check(back, &origin, &public), OK);
    evidence_write(back, &c);
    assert_bytes_equal(buf_bytes(&b), buf_bytes(&c));
    for (size_t len = 0; len < b.len; len++)
        assert_int_equal(evidence_read((struct bytes){b.p, len}, back), ERR_FORMAT);
    buf_put_u8(&b, 0);
    assert_int_equal(evidence_read(buf_bytes(&b), back), ERR_FORMAT);
    drop(ev, &m, &n);
    free(back);
    buf_release(&b);
    buf_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_roots_of_one_size_convict),
        cmocka_unit_test(a_later_head_that_grew_from_another_root_convicts),
        cmocka_unit_test(one_story_convicts_nobody),
        cmocka_unit_test(a_made_up_rival_root_convicts_nobody),
        cmocka_unit_test(another_key_or_another_log_convicts_nobody),
        cmocka_unit_test(sizes_out_of_order_convict_nobody),
        cmocka_unit_test(what_is_written_reads_back_and_nothing_else_does),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
