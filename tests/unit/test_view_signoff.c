/* tests/unit/test_view_signoff.c - who signed a return off, as a reader sees it: only whom the identity of the time names. */
#pragma GCC diagnostic ignored "-Wunused-function"      /* the fixture has voices for more than this */
#include "view_fixture.h"

#include "protocol/signoff.h"

static struct sign_secret secret_of(uint8_t fill, struct sign_public *ret_public)
{
    struct sym_secret seed;
    struct sign_secret secret;
    memset(seed.b, fill, sizeof(seed.b));
    sign_keypair(&seed, &secret, ret_public);
    return secret;
}

static void enrol(struct voice *m, const struct sign_public *key)
{
    m->version++;
    struct identity id = identity_of(m);
    if (key != NULL)
        id.officers[id.n_officers++] = (struct officer){.role = OFFICER_DCS, .key = *key, .is_own = true};
    (void)say_this_identity(m, &id);
}

/* A return of nothing, signed by this key; NULL: by nobody, with a name all the same. */
static void say_return(struct voice *m, const char *title, const struct sign_secret *secret)
{
    struct buf plain = buf_on(4096);
    struct batch_return r = {.first = 1, .count = 1, .signed_off = "Jane Roe"};
    (void)snprintf(r.title, sizeof(r.title), "%s", title);
    if (secret != NULL)
        OKAY(signoff_make(&m->origin, OFFICER_DCS, secret, &r));
    return_write(&r, &plain);
    (void)say_sealed(m, buf_bytes(&plain));
    buf_release(&plain);
}

static long long is_by_jane(struct view *v, const char *title)
{
    char sql[200];
    (void)snprintf(sql, sizeof(sql), "SELECT signed_off = 'dcs Jane Roe' FROM batch_return WHERE title = '%s';", title);
    return number(v, sql);
}

static void only_the_officers_of_the_time_have_signed(void **state)
{
    (void)state;
    struct sign_public jane, rogue;
    struct sign_secret by_jane = secret_of(1, &jane), by_rogue = secret_of(2, &rogue);
    found_alliance(2);
    struct voice *m = voices[2];
    say_return(m, "too early", &by_jane);
    enrol(m, &jane);
    say_return(m, "hers", &by_jane);
    say_return(m, "forged", &by_rogue);
    say_return(m, "by a name alone", NULL);
    enrol(m, NULL);
    say_return(m, "too late", &by_jane);
    struct view *v = view_of(1);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.problems, 3);
    assert_int_equal(is_by_jane(v, "hers"), 1);
    assert_int_equal(is_by_jane(v, "too early"), 0);
    assert_int_equal(is_by_jane(v, "forged"), 0);
    assert_int_equal(is_by_jane(v, "too late"), 0);
    assert_int_equal(is_by_jane(v, "by a name alone"), 0);
    assert_int_equal(number(v, "SELECT count(*) FROM batch_return WHERE signed_off = '';"), 4);
    view_close(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_the_officers_of_the_time_have_signed, make_world, drop_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
