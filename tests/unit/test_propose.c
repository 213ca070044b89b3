/* tests/unit/test_propose.c - what a steward is shown before signing says all that the text would change. */
#include "cli/alliance/propose.h"

#include "moot.h"

static char shown[4096];

/* The difference between the charter that stands and `change` of it, as it is printed. */
static const char *show(const struct moot *t, void (*change)(const struct moot *t, struct charter *next))
{
    struct session s;
    struct desk d;
    FILE *out = tmpfile(), *quiet = fopen("/dev/null", "w+");
    assert_true(out != NULL && quiet != NULL);
    session_init(&s, quiet, out, quiet);
    s.home = moot_home(t, 0);
    assert_int_equal(setenv("FOLKMOOT_HOME", s.home.path, 1), 0);
    assert_int_equal(desk_open(&s, STORE_READ, &d), EXIT_OK);
    struct charter *next = propose_draft(&d);
    assert_non_null(next);
    change(t, next);
    propose_show(&d, desk_charter(&d), next);
    rewind(out);
    shown[fread(shown, 1, sizeof(shown) - 1, out)] = '\0';
    charter_free(next);
    desk_close(&d);
    session_release(&s);
    (void)fclose(out);
    (void)fclose(quiet);
    return shown;
}

static void replace_root(const struct moot *t, struct charter *next)
{
    next->members[1].root = t->member[2].id.root;
}

static void admit(const struct moot *t, struct charter *next)
{
    next->members[2] = (struct member){.slug = moot_slug(2), .role = ROLE_LEAD, .root = t->member[2].id.root};
    next->n_members = 3;
}

static void reword(const struct moot *t, struct charter *next)
{
    (void)t;
    (void)snprintf(next->purpose, sizeof(next->purpose), "selling it");
    (void)snprintf(next->small_numbers, sizeof(next->small_numbers), "10 and below");
    next->n_successions = 1;
    next->successions[0] = (struct succession){moot_slug(0), moot_slug(1), "2027-04-01"};
}

static void a_replaced_root_is_shown_by_both_fingerprints(void **state)
{
    const struct moot *t = *state;
    char before[FINGERPRINT_SIZE], after[FINGERPRINT_SIZE];
    fingerprint(&t->member[1].id.root, before);
    fingerprint(&t->member[2].id.root, after);
    const char *text = show(t, replace_root);
    assert_non_null(strstr(text, "ROOT KEY of east-barset"));
    assert_true(strstr(text, before) != NULL && strstr(text, after) != NULL);
}

static void a_newcomer_is_shown_by_fingerprint(void **state)
{
    const struct moot *t = *state;
    char print[FINGERPRINT_SIZE];
    fingerprint(&t->member[2].id.root, print);
    const char *text = show(t, admit);
    assert_non_null(strstr(text, "admits loamshire as lead"));
    assert_non_null(strstr(text, print));
}

static void texts_and_successions_are_shown(void **state)
{
    const char *text = show(*state, reword);
    assert_non_null(strstr(text, "purpose: selling it"));
    assert_non_null(strstr(text, "counts of 1 to 10 people are withheld from the public"));
    assert_non_null(strstr(text, "barsetshire succeeds east-barset from 2027-04-01"));
}

static int begin(void **state)
{
    struct moot *t = moot_new(2);
    moot_make_member(&t->member[2], 2);         /* of the world, not of the alliance */
    moot_settle(t, 0);
    *state = t;
    return 0;
}

static int end(void **state)
{
    struct moot *t = *state;
    buf_release(&t->member[2].note);
    moot_free(t);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_replaced_root_is_shown_by_both_fingerprints, begin, end),
        cmocka_unit_test_setup_teardown(a_newcomer_is_shown_by_fingerprint, begin, end),
        cmocka_unit_test_setup_teardown(texts_and_successions_are_shown, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
