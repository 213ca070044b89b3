/* tests/unit/test_view_assessment.c - self-assessments as a reader sees them: by whom, who stands behind them, and which stands. */
#pragma GCC diagnostic ignored "-Wunused-function"      /* the fixture has voices for more than this */
#include "view_fixture.h"

#include "cli/view/assessments.h"
#include "protocol/assessment.h"

static const enum officer_role *roles = quartet_roles;

static struct sign_secret secret_of(uint8_t fill, struct sign_public *ret_public)
{
    struct sym_secret seed;
    struct sign_secret secret;
    memset(seed.b, fill, sizeof(seed.b));
    sign_keypair(&seed, &secret, ret_public);
    return secret;
}

/* The officers of these offices of the quartet, bits, from now on. */
static void enrol(struct voice *m, unsigned bits)
{
    m->version++;
    struct identity id = identity_of(m);
    for (uint8_t i = 0; i < QUARTET_ROLES; i++) {
        struct officer o = {.role = roles[i], .is_own = i != 0};
        (void)secret_of((uint8_t)(40 + i), &o.key);
        if ((bits >> i & 1) != 0)
            id.officers[id.n_officers++] = o;
    }
    (void)say_this_identity(m, &id);
}

/* What `m` publishes, said to be `slug`'s, signed by these of the quartet; the words are `words`. */
static uint64_t say(struct voice *m, const char *slug, unsigned year, const char *words, unsigned bits)
{
    struct slug of;
    struct buf text = buf_on(4096), note = buf_on(NOTE_MAX), plain = buf_on(PAYLOAD_MAX);
    OKAY(slug_parse(bytes_of(slug), &of));
    buf_printf(&text, "%s\nauthority %s\nyear %u\njudgement 3\n\n# Strengths\n\n%s\n", ASSESSMENT_FIRST_LINE, slug, year, words);
    note_begin(buf_bytes(&text), &note);
    for (uint8_t i = 0; i < QUARTET_ROLES; i++) {
        struct officer o = {.role = roles[i]};
        struct sign_secret by = secret_of((uint8_t)(40 + i), &o.key);
        struct note_key key = officer_key(&of, &o);
        if ((bits >> i & 1) != 0)
            note_sign(buf_bytes(&text), &key, &by, &note);
    }
    struct assessment a = {.head = {of, year, 3}, .note = buf_bytes(&note)};
    assessment_write(&a, &plain);
    uint64_t idx = say_sealed(m, buf_bytes(&plain));
    buf_release(&text);
    buf_release(&note);
    buf_release(&plain);
    return idx;
}

static void only_officers_of_the_time_and_all_four_are_the_quartet(void **state)
{
    (void)state;
    found_alliance(2);
    struct voice *m = voices[2];
    enrol(m, 15);
    say(m, "barset-2", 2023, "by four [a](figure:cin_rate@2023)", 15);
    say(m, "barset-2", 2024, "by three", 7);
    enrol(m, 7);
    say(m, "barset-2", 2025, "by three and one who was", 15);
    struct view *v = view_of(1);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.assessments, 3);
    assert_int_equal(c.problems, 0);
    assert_int_equal(number(v, "SELECT quartet FROM assessment WHERE year = 2023"), 1);
    assert_int_equal(number(v, "SELECT quartet FROM assessment WHERE year = 2024"), 0);
    assert_int_equal(number(v, "SELECT quartet FROM assessment WHERE year = 2025"), 0);
    assert_int_equal(number(v, "SELECT missing = 'dcs' FROM assessment WHERE year = 2025"), 1);
    assert_int_equal(number(v, "SELECT count(*) FROM assessment_signature s JOIN assessment a USING (slug, generation, idx)"
                               " WHERE year = 2025 AND valid = 0 AND key IS NULL AND s.role = 'dcs'"), 1);
    assert_int_equal(number(v, "SELECT count(*) FROM assessment_signature WHERE valid = 1 AND key = 'held'"), 3);
    assert_int_equal(number(v, "SELECT count(*) FROM assessment_link WHERE target = 'cin_rate@2023' AND section = 'strengths'"), 1);
    view_close(v);
}

static void nobody_speaks_for_another(void **state)
{
    (void)state;
    found_alliance(2);
    enrol(voices[2], 15);
    say(voices[2], "barset-1", 2025, "words put into a mouth", 15);
    say(voices[2], "barset-2", 2025, "its own", 15);
    struct view *v = view_of(1);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.problems, 1);
    assert_int_equal(number(v, "SELECT count(*) FROM problem WHERE reason = 'assessment'"), 1);
    assert_int_equal(number(v, "SELECT count(*) FROM assessment"), 1);
    view_close(v);
}

static void the_newest_stands_and_a_withdrawn_one_brings_none_back(void **state)
{
    (void)state;
    found_alliance(2);
    enrol(voices[2], 15);
    say(voices[2], "barset-2", 2025, "first [x](figure:a@2024)", 15);
    uint64_t second = say(voices[2], "barset-2", 2025, "second [y](figure:b@2024)", 15);
    say(voices[2], "barset-2", 2024, "of the year before", 15);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    assert_int_equal(number(v, "SELECT count(*) FROM assessment_current"), 2);
    assert_int_equal(number(v, "SELECT count(*) FROM assessment_current WHERE text LIKE '%second%'"), 1);
    say_withdrawal(voices[2], second, true);
    (void)fold(v, 1);
    assert_int_equal(number(v, "SELECT count(*) FROM assessment_current WHERE year = 2025"), 0);
    assert_int_equal(number(v, "SELECT count(*) FROM assessment_current WHERE year = 2024"), 1);
    assert_int_equal(number(v, "SELECT count(*) FROM assessment WHERE text LIKE '%second%' OR note LIKE '%second%'"), 0);
    assert_int_equal(number(v, "SELECT count(*) FROM assessment_link WHERE sentence LIKE '%second%'"), 0);
    assert_int_equal(number(v, "SELECT count(*) FROM assessment_signature s JOIN assessment a USING (slug, generation, idx)"
                               " WHERE a.withdrawn IS NOT NULL"), 0);
    say(voices[2], "barset-2", 2025, "third", 15);
    (void)fold(v, 1);
    assert_int_equal(number(v, "SELECT count(*) FROM assessment_current WHERE text LIKE '%third%'"), 1);
    view_close(v);
}

static enum err count_one(void *arg, const struct assessment_row *r)
{
    (void)r;
    ++*(size_t *)arg;
    return OK;
}

static void what_is_for_the_alliance_is_not_there_for_everybody(void **state)
{
    (void)state;
    found_alliance(2);
    enrol(voices[2], 15);
    say(voices[2], "barset-2", 2025, "for us [x](figure:a@2024)", 15);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    OKAY(view_only_for(v, READERS_EVERYONE));
    assert_int_equal(number(v, "SELECT count(*) FROM assessment"), 0);
    assert_int_equal(number(v, "SELECT count(*) FROM assessment_link"), 0);
    assert_int_equal(number(v, "SELECT count(*) FROM assessment_signature"), 0);
    assert_int_equal(number(v, "SELECT count(*) FROM assessment_current"), 0);
    size_t n = 0;
    OKAY(view_assessments(v, NULL, 0, count_one, &n));
    assert_int_equal(n, 0);
    view_close(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_officers_of_the_time_and_all_four_are_the_quartet, make_world, drop_world),
        cmocka_unit_test_setup_teardown(nobody_speaks_for_another, make_world, drop_world),
        cmocka_unit_test_setup_teardown(the_newest_stands_and_a_withdrawn_one_brings_none_back, make_world, drop_world),
        cmocka_unit_test_setup_teardown(what_is_for_the_alliance_is_not_there_for_everybody, make_world, drop_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
