/* tests/unit/test_deadlock.c - stewards who signed different proposals: the next round gets them out, and nobody signs twice. */
#include "cli/alliance/propose.h"
#include "cli/commands.h"

#include "moot.h"

enum { ALL = 4 };

static FILE *quiet;

struct at { struct session s; struct desk d; };

static void sit(const struct moot *t, size_t i, struct at *at)
{
    session_init(&at->s, quiet, quiet, quiet);
    at->s.quiet = at->s.yes = true;
    at->s.home = moot_home(t, i);
    assert_int_equal(setenv("FOLKMOOT_HOME", at->s.home.path, 1), 0);
    assert_int_equal(setenv("FOLKMOOTD", "/bin/false", 1), 0);
    assert_int_equal(desk_open(&at->s, STORE_WRITE, &at->d), EXIT_OK);
}

static void leave(struct at *at)
{
    desk_close(&at->d);
    session_release(&at->s);
}

/* `folkmoot alliance sign [--instead] --yes` */
static enum exit_status sign(const struct moot *t, size_t i, bool instead)
{
    struct session s;
    session_init(&s, quiet, quiet, quiet);
    s.quiet = s.yes = true;
    assert_int_equal(setenv("FOLKMOOT_HOME", moot_home(t, i).path, 1), 0);
    struct option_given *given = calloc(1, sizeof(*given));
    assert_non_null(given);
    given->spec = option_find(options_alliance_sign, "instead", 7);
    s.options = (struct options){.own = options_alliance_sign, .given = given, .n = instead ? 1 : 0};
    enum exit_status st = cmd_alliance_sign(&s);
    session_release(&s);
    return st;
}

static enum err carry_one(void *arg, struct bytes note)
{
    struct at *to = arg;
    enum chain_verdict verdict;
    struct hash hash;
    enum err e = chain_add(to->d.chain, note, &verdict, &hash);
    if (e == OK)
        e = store_put_charter(to->d.store, &hash, chain_find(to->d.chain, &hash)->version, chain_find(to->d.chain, &hash)->round,
                              chain_note(to->d.chain, &hash));
    return e == ERR_STALE || e == ERR_CHAIN ? OK : e;
}

/* As gossip does: whatever one holds the other gets. */
static void carry(const struct moot *t, size_t from, size_t to)
{
    struct at a = {.d = {0}};
    struct store *s = moot_open(t, from);
    sit(t, to, &a);
    for (int twice = 0; twice < 2; twice++)
        assert_int_equal(store_each_charter(s, carry_one, &a), OK);
    leave(&a);
    store_close(s);
}

static void everybody_hears(const struct moot *t)
{
    for (size_t from = 0; from < ALL; from++)
        for (size_t to = 0; to < ALL; to++)
            if (from != to)
                carry(t, from, to);
}

static uint32_t version_at(const struct moot *t, size_t i)
{
    struct at at = {.d = {0}};
    sit(t, i, &at);
    uint32_t version = desk_charter(&at.d)->version;
    leave(&at);
    return version;
}

static const char *purpose_at(const struct moot *t, size_t i)
{
    static char purpose[600];
    struct at at = {.d = {0}};
    sit(t, i, &at);
    (void)snprintf(purpose, sizeof(purpose), "%s", desk_charter(&at.d)->purpose);
    leave(&at);
    return purpose;
}

static void four_stewards(struct charter *c)
{
    c->n_stewards = ALL;
    c->threshold = 3;
    for (size_t i = 0; i < ALL; i++)
        c->stewards[i] = moot_slug(i);
}

static enum exit_status propose_at(const struct moot *t, size_t i, const char *purpose, bool instead)
{
    struct at at = {.d = {0}};
    struct proposed p;
    sit(t, i, &at);
    struct charter *next = propose_draft(&at.d);
    assert_non_null(next);
    if (purpose == NULL)
        four_stewards(next);
    else
        (void)snprintf(next->purpose, sizeof(next->purpose), "%s", purpose);
    enum exit_status st = propose(&at.d, next, instead, &p);
    charter_free(next);
    leave(&at);
    return st;
}

/* Four stewards, three must sign. */
static int begin(void **state)
{
    struct moot *t = moot_new(ALL);
    quiet = fopen("/dev/null", "w+");
    assert_non_null(quiet);
    for (size_t i = 0; i < ALL; i++) {
        struct home h = moot_home(t, i);
        struct sign_keyfile key = {.version = 1, .secret = t->member[i].log};
        struct dh_keyring box = {.n = 1, .keys = {{1, t->member[i].box, 0}}};
        moot_settle(t, i);
        assert_int_equal(sign_key_save(&h, PURPOSE_LOG, &key), OK);
        assert_int_equal(dh_keys_save(&h, PURPOSE_BOX, &box), OK);
        assert_int_equal(seed_save(&h, HOME_SEED, &t->member[i].seed, NULL), OK);
    }
    assert_int_equal(propose_at(t, 0, NULL, false), EXIT_OK);
    for (size_t i = 1; i < 3; i++) {
        carry(t, i - 1, i);
        assert_int_equal(sign(t, i, false), EXIT_OK);
    }
    carry(t, 2, 0);
    everybody_hears(t);
    for (size_t i = 0; i < ALL; i++)
        assert_int_equal(version_at(t, i), 2);
    *state = t;
    return 0;
}

static int end(void **state)
{
    moot_free(*state);
    (void)fclose(quiet);
    return 0;
}

/* Two by two have signed different texts of one round. */
static void fall_out(const struct moot *t)
{
    assert_int_equal(propose_at(t, 0, "to compare", false), EXIT_OK);
    carry(t, 0, 1);
    assert_int_equal(sign(t, 1, false), EXIT_OK);
    assert_int_equal(propose_at(t, 2, "to learn", false), EXIT_OK);
    carry(t, 2, 3);
    assert_int_equal(sign(t, 3, false), EXIT_OK);
    everybody_hears(t);
    for (size_t i = 0; i < ALL; i++)
        assert_int_equal(version_at(t, i), 2);
}

static void nobody_signs_two_texts_of_one_round(void **state)
{
    const struct moot *t = *state;
    fall_out(t);
    for (size_t i = 0; i < ALL; i++)
        assert_int_equal(sign(t, i, false), EXIT_NO);
    everybody_hears(t);
    assert_int_equal(version_at(t, 0), 2);
}

static void the_next_round_gets_them_out(void **state)
{
    const struct moot *t = *state;
    fall_out(t);
    assert_int_equal(sign(t, 2, true), EXIT_OK);            /* gives in: the others' text, in the next round */
    everybody_hears(t);
    assert_int_equal(sign(t, 0, false), EXIT_OK);
    everybody_hears(t);
    assert_int_equal(version_at(t, 3), 2);
    assert_int_equal(sign(t, 1, false), EXIT_OK);
    everybody_hears(t);
    for (size_t i = 0; i < ALL; i++) {
        assert_int_equal(version_at(t, i), 3);
        assert_string_equal(purpose_at(t, i), "to compare");
    }
}

static void an_abandoned_proposal_is_replaced(void **state)
{
    const struct moot *t = *state;
    assert_int_equal(propose_at(t, 0, "to compare", false), EXIT_OK);
    everybody_hears(t);
    assert_int_equal(propose_at(t, 1, "to learn", false), EXIT_NO);     /* one at a time */
    assert_int_equal(propose_at(t, 1, "to learn", true), EXIT_OK);
    everybody_hears(t);
    assert_int_equal(sign(t, 0, false), EXIT_OK);           /* it may: the round is higher */
    everybody_hears(t);
    assert_int_equal(sign(t, 3, false), EXIT_OK);
    everybody_hears(t);
    assert_string_equal(purpose_at(t, 2), "to learn");
    assert_int_equal(version_at(t, 2), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nobody_signs_two_texts_of_one_round, begin, end),
        cmocka_unit_test_setup_teardown(the_next_round_gets_them_out, begin, end),
        cmocka_unit_test_setup_teardown(an_abandoned_proposal_is_replaced, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
