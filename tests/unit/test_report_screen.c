/* What leaves the alliance: only what its readers may read, and of that nothing that the gate would not let out. */
/* This file says fewer things than the fixture can. */
#pragma GCC diagnostic ignored "-Wunused-function"
#include <inttypes.h>

#include "view_fixture.h"

#include "cli/assess/evidence.h"
#include "cli/official.h"
#include "cli/register/register.h"
#include "cli/publish/small.h"
#include "cli/report/screen.h"

#define ID "cpp_repeat_pct"

static struct figure figure(const char *period, const char *identifier, int64_t x, int64_t n)
{
    struct figure f = figure_of(ID, period, x);
    (void)snprintf(f.time_identifier, sizeof(f.time_identifier), "%s", identifier);
    f.definition = definition_hash(register_definition(ID));
    f.denominator.mantissa = n;
    OKAY(decimal_ratio(100, f.numerator, f.denominator, 1, &f.value));
    return f;
}

static void say(unsigned who, const struct figure *f, bool is_public)
{
    (void)say_figure_as(voices[who], f, is_public);
}

static void say_year(unsigned who, const char *year, int64_t x, bool is_public)
{
    struct figure f = figure(year, "Reporting year", x, 100);
    say(who, &f, is_public);
}

static enum err put_row(void *arg, const struct figure_row *r)
{
    char *to = arg;
    char x[DECIMAL_TEXT_MAX] = "?";
    size_t at = strlen(to);
    if (r->figure.has_numerator)
        decimal_text(r->figure.numerator, x);
    (void)snprintf(to + at, 512 - at, "%s%s %s %s", at > 0 ? "|" : "", r->slug.s, x, status_name(r->figure.status));
    return OK;
}

static const char *shown(struct view *v, const char *period, const char *identifier)
{
    static char text[512];
    struct time_period p = {.period = ""};
    text[0] = '\0';
    (void)snprintf(p.period, sizeof(p.period), "%s", period);
    (void)snprintf(p.time_identifier, sizeof(p.time_identifier), "%s", identifier);
    OKAY(view_figures(v, ID, &p, "", UINT64_MAX, put_row, text));
    return text;
}

static const char *versions(struct view *v, const char *slug)
{
    static char text[512];
    text[0] = '\0';
    OKAY(view_history(v, ID, slug, NULL, NULL, put_row, text));
    return text;
}

static struct view *folded(void)
{
    struct view *v = view_of(2);
    (void)fold(v, 2);
    return v;
}

static enum err count_row(void *arg, const struct figure_row *row)
{
    (void)row;
    ++*(size_t *)arg;
    return OK;
}

static void what_was_told_to_fewer_is_not_there(void **state)
{
    (void)state;
    enum { NAME = 9 };
    found_alliance(3);
    say_year(1, "2024", 40, true);
    say_year(1, "2024", 41, false);
    struct figure named = figure("2024", "Reporting year", 42, 100);
    struct sym_secret key = say_named_epoch(voices[1], voices[2], NAME);
    (void)say_named(voices[1], NAME, &key, &named);
    say_year(2, "2024", 30, false);
    say_year(3, "2024", 20, false);

    struct view *v = folded();
    assert_string_equal(shown(v, "2024", "Reporting year"), "barset-1 42 final|barset-2 30 final|barset-3 20 final");
    OKAY(view_only_for(v, READERS_ALLIANCE));
    assert_string_equal(shown(v, "2024", "Reporting year"), "barset-1 41 final|barset-2 30 final|barset-3 20 final");
    view_close(v);
    v = folded();
    assert_non_null(strstr(shown(v, "2024", "Reporting year"), "barset-1 42"));  /* closing it undid that */
    OKAY(view_only_for(v, READERS_EVERYONE));
    assert_string_equal(shown(v, "2024", "Reporting year"), "barset-1 40 final");
    assert_string_equal(versions(v, "barset-2"), "");
    size_t standing = 0;
    OKAY(view_standing(v, count_row, &standing));
    assert_int_equal(standing, 1);
    struct latest l;
    OKAY(view_latest(v, ID, "", &l));
    assert_int_equal(l.expected, 1);                    /* the other two owe everyone nothing */
    view_close(v);
}

static void a_count_of_one_to_five_that_somebody_published_is_not_repeated(void **state)
{
    (void)state;
    struct screen *s;
    found_alliance(3);
    say_year(1, "2024", 4, true);
    say_year(2, "2024", 0, true);
    say_year(3, "2024", 6, true);
    say_year(3, "2023", 3, true);           /* once said, then hidden, then another */
    say_year(3, "2023", 60, true);
    struct view *v = folded();
    assert_string_equal(shown(v, "2024", "Reporting year"), "barset-1 4 final|barset-2 0 final|barset-3 6 final");
    OKAY(screen_put_on(v, &official_definitions, SMALL_COUNT_MAX, &s));
    assert_string_equal(shown(v, "2024", "Reporting year"), "barset-1 ? c|barset-2 0 final|barset-3 6 final");
    assert_string_equal(versions(v, "barset-3"), "barset-3 60 final|barset-3 ? c|barset-3 6 final");     /* old versions too */
    assert_int_equal(screen_withheld(s), 1);
    view_close(v);
    screen_free(s);
}

static void what_members_agreed_on_holds_for_what_was_published_before(void **state)
{
    (void)state;
    struct screen *s;
    found_alliance(2);
    say_year(1, "2024", 10, true);
    say_year(2, "2024", 11, true);
    say_year(2, "2023", 9, true);           /* an older version */
    say_year(2, "2023", 60, true);
    struct view *v = folded();
    OKAY(screen_put_on(v, &official_definitions, 10, &s));
    assert_string_equal(shown(v, "2024", "Reporting year"), "barset-1 ? c|barset-2 11 final");
    assert_string_equal(versions(v, "barset-2"), "barset-2 60 final|barset-2 ? c|barset-2 11 final");
    assert_int_equal(screen_withheld(s), 1);
    view_close(v);
    screen_free(s);
}

static enum err take_hidden(void *arg, const struct evidence *e)
{
    *(bool *)arg |= e->is_hidden;
    return OK;
}

static void words_that_cite_a_hidden_version_are_known_for_it(void **state)
{
    (void)state;
    struct screen *s;
    found_alliance(2);
    struct figure f = figure("2023", "Reporting year", 9, 100);
    uint64_t idx = say_figure_as(voices[2], &f, true);
    say_year(2, "2023", 60, true);
    struct view *v = folded();
    char body[64];
    (void)snprintf(body, sizeof(body), "[9](figure:barset-2/%" PRIu64 ")", idx);
    struct evidence_ask ask = {.slug = &voices[2]->origin.slug, .body = bytes_of(body)};
    for (int64_t small_max = 10; small_max >= SMALL_COUNT_MAX; small_max -= 5) {
        bool is_hidden = false;
        OKAY(screen_put_on(v, &official_definitions, small_max, &s));
        ask.v = v;
        OKAY(evidence_walk(&ask, take_hidden, &is_hidden));
        assert_int_equal(is_hidden, small_max == 10);
        view_close(v);
        screen_free(s);
        v = folded();
    }
    view_close(v);
}

static void what_would_give_a_hidden_count_away_is_hidden_with_it(void **state)
{
    (void)state;
    struct screen *s;
    static const int64_t quarters[] = {10, 11, 2, 12};
    found_alliance(2);
    for (int q = 0; q < 4; q++) {
        char identifier[32];
        (void)snprintf(identifier, sizeof(identifier), "Financial year Q%d", q + 1);
        struct figure f = figure("202425", identifier, quarters[q], 100);
        say(1, &f, true);
    }
    struct figure year = figure("202425", "Financial year", 35, 400);
    say(1, &year, true);
    struct view *v = folded();
    OKAY(screen_put_on(v, &official_definitions, SMALL_COUNT_MAX, &s));
    assert_string_equal(shown(v, "202425", "Financial year Q3"), "barset-1 ? c");
    assert_int_equal(screen_withheld(s), 2);            /* alone it would be the year less the other three */
    assert_string_equal(shown(v, "202425", "Financial year Q1"), "barset-1 ? c");
    assert_string_equal(shown(v, "202425", "Financial year"), "barset-1 35 final");
    view_close(v);
    screen_free(s);
}

static void what_is_marked_sensitive_is_withheld_and_so_is_what_nobody_explains(void **state)
{
    (void)state;
    struct screen *s;
    found_alliance(2);
    struct figure f = figure("2024", "Reporting year", 40, 100);
    f.marking = MARKING_SENSITIVE;
    say(1, &f, true);
    struct figure once = figure("2023", "Reporting year", 70, 100);
    once.marking = MARKING_SENSITIVE;
    say(2, &once, true);                    /* since said again without the marking */
    say_year(2, "2023", 71, true);
    struct figure odd = figure("2024", "Reporting year", 50, 100);
    (void)snprintf(odd.indicator, sizeof(odd.indicator), "no_such_thing");
    say(2, &odd, true);
    struct view *v = folded();
    OKAY(screen_put_on(v, &official_definitions, SMALL_COUNT_MAX, &s));
    assert_string_equal(shown(v, "2024", "Reporting year"), "barset-1 ? c");
    assert_string_equal(versions(v, "barset-2"), "barset-2 71 final|barset-2 ? c");
    assert_int_equal(screen_withheld(s), 1);
    char text[512] = "";
    OKAY(view_history(v, "no_such_thing", NULL, NULL, NULL, put_row, text));
    assert_string_equal(text, "barset-2 ? c");
    view_close(v);
    screen_free(s);
}

static enum err take_one(void *arg, const struct figure_row *r)
{
    *(struct figure *)arg = r->figure;
    return OK;
}

/* The conferences of a quarter are counted by a rate and are the denominator of a percentage. */
static void nor_does_another_indicator_tell_what_is_withheld(void **state)
{
    (void)state;
    static const struct { const char *id, *identifier; int64_t x, n; } said[] = {
        {"icpc_rate", "Financial year", 54, 50000}, {"icpc_rate", "Financial year Q1", 4, 50000},
        {"icpc_rate", "Financial year Q2", 10, 50000},
        {"icpc_rate", "Financial year Q3", 20, 50000}, {"icpc_rate", "Financial year Q4", 20, 50000},
        {"icpc_15d_pct", "Financial year Q2", 7, 10}, {"icpc_15d_pct", "Financial year Q3", 17, 20},
    };
    const struct time_period q2 = {.period = "202425", .time_identifier = "Financial year Q2"},
                             q3 = {.period = "202425", .time_identifier = "Financial year Q3"};
    struct screen *s;
    struct figure f;
    found_alliance(2);
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        const struct definition *d = register_definition(said[i].id);
        f = figure("202425", said[i].identifier, said[i].x, said[i].n);
        memcpy(f.indicator, d->id, sizeof(f.indicator));
        f.definition = definition_hash(d);
        OKAY(decimal_ratio(d->multiplier, f.numerator, f.denominator, d->decimals, &f.value));
        say(1, &f, true);
    }
    struct view *v = folded();
    OKAY(screen_put_on(v, &official_definitions, SMALL_COUNT_MAX, &s));
    assert_int_equal(screen_withheld(s), 3);
    OKAY(view_figures(v, "icpc_rate", &q2, "", UINT64_MAX, take_one, &f));
    assert_true(!f.has_numerator && f.status == STATUS_C);
    OKAY(view_figures(v, "icpc_15d_pct", &q2, "", UINT64_MAX, take_one, &f));
    assert_true(f.has_numerator && !f.has_denominator && !f.has_value);
    OKAY(view_figures(v, "icpc_15d_pct", &q3, "", UINT64_MAX, take_one, &f));
    assert_true(f.has_numerator && f.has_denominator && f.has_value);
    view_close(v);
    screen_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_told_to_fewer_is_not_there, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_count_of_one_to_five_that_somebody_published_is_not_repeated, make_world, drop_world),
        cmocka_unit_test_setup_teardown(what_members_agreed_on_holds_for_what_was_published_before, make_world, drop_world),
        cmocka_unit_test_setup_teardown(words_that_cite_a_hidden_version_are_known_for_it, make_world, drop_world),
        cmocka_unit_test_setup_teardown(what_would_give_a_hidden_count_away_is_hidden_with_it, make_world, drop_world),
        cmocka_unit_test_setup_teardown(what_is_marked_sensitive_is_withheld_and_so_is_what_nobody_explains, make_world,
                                        drop_world),
        cmocka_unit_test_setup_teardown(nor_does_another_indicator_tell_what_is_withheld, make_world, drop_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
