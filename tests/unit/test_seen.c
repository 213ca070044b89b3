/* tests/unit/test_seen.c - said against seen: what peers and inspectors say beside what an authority says of itself. */
#pragma GCC diagnostic ignored "-Wunused-function"      /* the fixture has voices for more than this */
#include "view_fixture.h"

#include "cli/assess/seen.h"
#include "cli/view/reference.h"

static uint64_t say_state(struct voice *m, const char *type, const char *about, const char *text, const char *state)
{
    struct post p = {.type = ""};
    (void)snprintf(p.state, sizeof(p.state), "%s", state);
    struct buf plain = buf_on(PAYLOAD_MAX);
    (void)snprintf(p.type, sizeof(p.type), "%s", type);
    (void)snprintf(p.about, sizeof(p.about), "%s", about);
    (void)snprintf(p.text, sizeof(p.text), "%s", text);
    post_write(&p, &plain);
    uint64_t idx = say_sealed(m, buf_bytes(&plain));
    buf_release(&plain);
    return idx;
}

static uint64_t say_post(struct voice *m, const char *type, const char *about, const char *text)
{
    return say_state(m, type, about, text, "");
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

static void only_a_need_that_nobody_answered_is_seen(void **state)
{
    (void)state;
    char about[64];
    struct seen s;
    found_alliance(2);
    uint64_t met = say_post(voices[2], "need", "rereferral_pct", "somebody at the front door");
    uint64_t open = say_post(voices[2], "need", "cla_rate", "a third one");
    say_post(voices[1], "need", "", "another's");
    uint64_t done = say_state(voices[2], "need", "icpc", "a closed one", "open");
    (void)snprintf(about, sizeof(about), "barset-2/%u", (unsigned)done);
    say_state(voices[2], "need", about, "done without help", "closed");
    (void)snprintf(about, sizeof(about), "barset-2/%u", (unsigned)open);
    say_post(voices[2], "opens", about, "a promise is no answer");
    say_post(voices[1], "note", about, "nor is a note");
    (void)snprintf(about, sizeof(about), "barset-2/%u", (unsigned)met);
    say_post(voices[1], "offer", about, "three days");
    struct view *v = view_of(1);
    (void)fold(v, 1);
    assert_int_equal(seen_of(v, 3, SEEN_NEED, &s), 1);
    (void)snprintf(about, sizeof(about), "barset-2/%u", (unsigned)open);
    assert_string_equal(s.record, about);
    assert_non_null(strstr(s.text, "cla_rate: a third one"));
    view_close(v);
}

static void reviews_are_those_by_others(void **state)
{
    (void)state;
    struct seen s;
    found_alliance(2);
    say_post(voices[2], "review", "barset-2", "we are wonderful");
    say_post(voices[1], "review", "barset-1/2", "of somebody else");
    say_state(voices[1], "review", "barset-2/9", "asks for one", "open");
    say_post(voices[1], "review", "barset-20/2", "of another name");
    say_post(voices[1], "review", "barset-2/3", "thresholds \xE2\x80\xAE vary");
    struct view *v = view_of(1);
    (void)fold(v, 1);
    assert_int_equal(seen_of(v, 3, SEEN_REVIEW, &s), 1);
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
        cmocka_unit_test_setup_teardown(only_a_need_that_nobody_answered_is_seen, make_world, drop_world),
        cmocka_unit_test_setup_teardown(reviews_are_those_by_others, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_judgement_better_than_the_inspectors_is_asked_about, make_world, drop_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
