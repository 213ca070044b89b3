/* tests/unit/test_seen.c - said against seen: what peers and inspectors say beside what an authority says of itself. */
#pragma GCC diagnostic ignored "-Wunused-function"      /* the fixture has voices for more than this */
#include "view_fixture.h"

#include "cli/assess/seen.h"
#include "cli/view/reference.h"

/* The record of a post; the last sixteen stay readable. */
static const char *say(unsigned who, const char *type, const char *about, const char *state, const char *text)
{
    static char record[16][32];
    static unsigned turn;
    struct post p = {.type = ""};
    char *name = record[turn++ % 16];
    struct buf plain = buf_on(PAYLOAD_MAX);
    (void)snprintf(p.type, sizeof(p.type), "%s", type);
    (void)snprintf(p.about, sizeof(p.about), "%s", about);
    (void)snprintf(p.state, sizeof(p.state), "%s", state);
    (void)snprintf(p.text, sizeof(p.text), "%s", text);
    post_write(&p, &plain);
    (void)snprintf(name, sizeof(record[0]), "barset-%u/%u", who, (unsigned)say_sealed(voices[who], buf_bytes(&plain)));
    buf_release(&plain);
    return name;
}

static void judge(struct view *v, const char *overall)
{
    const struct reference_source s = {.name = "ofsted", .kind = "judgements", .form = "ofsted", .source = "Ofsted",
                                       .vintage = "2025-01-01", .imported_at = "2025-01-01T00:00:00Z", .sha256 = "00",
                                       .head = "00", .size = 1, .n = 1};
    const struct judgement_row j = {.inspected = "2024-06-01", .published = "2024-07-01", .type = "full", .overall = overall,
                                    .leaders = "", .help = "", .care = "", .leavers = "", .source = "Ofsted"};
    OKAY(view_reference_begin(v, &s));
    OKAY(view_reference_end(v, view_reference_put_judgement(v, "ofsted", "barset-2", &j)));
}

/* How many findings of a kind, and the last of them. */
static size_t seen_of(struct view *v, unsigned judgement, enum seen_kind kind, struct seen *ret)
{
    struct slug slug = {"barset-2"};
    struct seen_list l;
    size_t n = 0;
    const struct seen_ask ask = {.v = v, .slug = &slug, .body = bytes_of("# Strengths\nx\n"), .judgement = judgement};
    OKAY(seen_make(&ask, &l));
    for (size_t i = 0; i < l.n; i++)
        if (l.all[i].kind == kind) {
            n++;
            *ret = l.all[i];
        }
    seen_release(&l);
    return n;
}

static void only_a_need_that_nobody_took_up_is_seen(void **state)
{
    (void)state;
    struct seen s;
    found_alliance(2);
    const char *met = say(2, "need", "rereferral_pct", "open", "somebody at the front door");
    const char *open = say(2, "need", "cla_rate", "open", "a third one");
    const char *done = say(2, "need", "icpc", "open", "a closed one");
    say(1, "need", "icpc", "open", "another's");
    say(2, "need", "icpc", "", "opens nothing");
    say(2, "need", done, "closed", "done without help");
    say(1, "need", met, "taken", "three days");
    say(2, "opens", open, "", "a promise is no answer");
    say(1, "note", open, "", "nor is a note");
    say(2, "need", open, "taken", "nor may who needs it take it up");
    say(1, "need", open, "closed", "nor others close it");
    struct view *v = view_of(1);
    (void)fold(v, 1);
    assert_int_equal(seen_of(v, 3, SEEN_NEED, &s), 1);
    assert_string_equal(s.record, open);
    assert_non_null(strstr(s.text, "cla_rate: a third one"));
    view_close(v);
}

static void who_may_not_take_a_need_up_has_not(void **state)
{
    (void)state;
    struct seen s;
    found_alliance(3);
    const char *need = say(2, "need", "cla_rate", "open", "somebody");
    const char *review = say(2, "review", "thresholds", "open", "come and look");
    say(3, "need", need, "taken", "by a relay");
    say(3, "review", review, "reported", "by a relay");
    struct view *v = view_of(1);
    (void)fold(v, 1);
    assert_int_equal(seen_of(v, 3, SEEN_NEED, &s), 0);      /* it is an authority */
    assert_int_equal(seen_of(v, 3, SEEN_REVIEW, &s), 1);
    view_close(v);
    set_role(3, ROLE_RELAY);
    v = view_of(1);
    (void)fold(v, 1);
    assert_int_equal(seen_of(v, 3, SEEN_NEED, &s), 1);
    assert_int_equal(seen_of(v, 3, SEEN_REVIEW, &s), 0);
    view_close(v);
}

static void reviews_are_reports_that_it_asked_for(void **state)
{
    (void)state;
    struct seen s;
    found_alliance(2);
    const char *asked = say(2, "review", "thresholds", "open", "come and look");
    const char *others = say(1, "review", "thresholds", "open", "and at us");
    say(2, "review", asked, "reported", "we are wonderful");
    say(1, "review", "barset-2", "", "nobody asked");
    say(1, "review", "barset-2/3", "reported", "in no matter");
    say(2, "review", others, "reported", "of somebody else");
    const char *report = say(1, "review", asked, "reported", "thresholds \xE2\x80\xAE vary");
    struct view *v = view_of(1);
    (void)fold(v, 1);
    assert_int_equal(seen_of(v, 3, SEEN_REVIEW, &s), 1);
    assert_string_equal(s.record, report);
    assert_non_null(strstr(s.text, "barset-1 reviewed it: thresholds"));
    assert_null(strstr(s.text, "\xE2\x80\xAE"));
    view_close(v);
}

static void a_judgement_better_than_the_inspectors_is_asked_about(void **state)
{
    (void)state;
    struct seen s;
    found_alliance(2);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    assert_int_equal(seen_of(v, 1, SEEN_INSPECTION, &s), 0);        /* nothing was imported */
    judge(v, "Requires improvement to be good");
    assert_int_equal(seen_of(v, 2, SEEN_INSPECTION, &s), 1);
    assert_non_null(strstr(s.text, "its own judgement is 2, and inspectors judged 3"));
    assert_int_equal(seen_of(v, 3, SEEN_INSPECTION, &s), 0);
    assert_int_equal(seen_of(v, 4, SEEN_INSPECTION, &s), 0);
    judge(v, "not judged");
    assert_int_equal(seen_of(v, 1, SEEN_INSPECTION, &s), 0);
    view_close(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_a_need_that_nobody_took_up_is_seen, make_world, drop_world),
        cmocka_unit_test_setup_teardown(reviews_are_reports_that_it_asked_for, make_world, drop_world),
        cmocka_unit_test_setup_teardown(who_may_not_take_a_need_up_has_not, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_judgement_better_than_the_inspectors_is_asked_about, make_world, drop_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
