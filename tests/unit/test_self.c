/* tests/unit/test_self.c - which node keys a daemon goes by, and for how long. */
#include "node/self.h"

#include "moot.h"

static const uint64_t now_s = 1700000000;

struct bench { struct moot *t; struct home h; struct store *s; struct dh_secret newer; };

static int begin(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));
    struct dh_public ignored;
    assert_non_null(b);
    b->t = moot_new(2);
    b->h = moot_home(b->t, 0);
    moot_settle(b->t, 0);
    b->s = moot_open(b->t, 0);
    seed_dh_key(&b->t->member[0].seed, PURPOSE_NODE, 2, &b->newer, &ignored);
    *state = b;
    return 0;
}

static int end(void **state)
{
    struct bench *b = *state;
    store_close(b->s);
    moot_free(b->t);
    free(b);
    return 0;
}

/* The key of version 2 before that of version 1, which ends at `until_s`. */
static void two_keys(struct bench *b, uint64_t until_s)
{
    struct dh_keyring ring = {.n = 2, .keys = {{2, b->newer, 0}, {1, b->t->member[0].node, until_s}}};
    assert_int_equal(dh_keys_save(&b->h, PURPOSE_NODE, &ring), OK);
}

static void name_the_newer(struct bench *b)
{
    char path[FILE_PATH_MAX];
    struct moot_member *m = &b->t->member[0];
    m->id.version = 2;
    memset(m->id.previous.b, 3, HASH_LEN);
    m->id.node = dh_public_of(&b->newer);
    moot_sign_identity(m);
    home_path(&b->h, HOME_IDENTITY, path);
    assert_int_equal(file_write(path, buf_bytes(&m->note)), OK);
}

static void goes_by(struct bench *b, uint64_t at_s, size_t n, const struct dh_secret *first, const struct dh_secret *second)
{
    struct self self;
    const char *what = "";
    assert_int_equal(self_load(&b->h, b->s, at_s, &self, &what), OK);
    assert_int_equal(self.n_keys, n);
    assert_memory_equal(self.keys[0].b, first->b, 32);
    if (n > 1)
        assert_memory_equal(self.keys[1].b, second->b, 32);
    struct dh_public public = dh_public_of(first);
    assert_memory_equal(self.engine.node.b, public.b, 32);
    self_release(&self);
}

static void the_key_before_is_answered_to_until_its_day(void **state)
{
    struct bench *b = *state;
    const struct dh_secret *old = &b->t->member[0].node;
    two_keys(b, now_s);
    name_the_newer(b);
    goes_by(b, now_s - 1, 2, &b->newer, old);
    goes_by(b, now_s, 1, &b->newer, NULL);
}

/* A change is under way: its key lies in the file before the identity that names it. */
static void a_key_that_no_identity_names_yet_is_passed_over(void **state)
{
    struct bench *b = *state;
    two_keys(b, now_s - 1);
    goes_by(b, now_s, 1, &b->t->member[0].node, NULL);
}

static void without_the_key_that_is_named_nothing_begins(void **state)
{
    struct bench *b = *state;
    struct self self;
    const char *what = "";
    name_the_newer(b);
    assert_int_equal(self_load(&b->h, b->s, now_s, &self, &what), ERR_KEY);
    assert_string_equal(what, "node key");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_key_before_is_answered_to_until_its_day, begin, end),
        cmocka_unit_test_setup_teardown(a_key_that_no_identity_names_yet_is_passed_over, begin, end),
        cmocka_unit_test_setup_teardown(without_the_key_that_is_named_nothing_begins, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
