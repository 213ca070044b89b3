/* Every indicator beside every other: series over time, special causes, whom to ask, who could ask whom. */
/* This file says fewer things than the fixture can. */
#pragma GCC diagnostic ignored "-Wunused-function"
#include "view_fixture.h"

#include "cli/compare/match.h"
#include "cli/compare/outliers.h"
#include "cli/compare/series.h"
#include "cli/official.h"
#include "cli/register/register.h"

static struct figure figure_at(const char *id, const char *period, const char *identifier, int64_t n, int64_t of)
{
    const struct definition *d = register_definition(id);
    struct figure f = figure_of(id, period, n);
    f.definition = definition_hash(d);
    (void)snprintf(f.time_identifier, sizeof(f.time_identifier), "%s", identifier);
    f.denominator.mantissa = of;
    OKAY(decimal_ratio(d->multiplier, f.numerator, f.denominator, d->decimals, &f.value));
    return f;
}

static uint64_t say(unsigned who, const char *id, const char *y, int64_t n, int64_t of)
{
    struct figure f = figure_at(id, y, "Reporting year", n, of);
    return say_figure_as(voices[who], &f, false);
}

static void say_symbol(unsigned who, const char *id, const char *y, enum figure_status status)
{
    struct figure f = figure_at(id, y, "Reporting year", 1, 100);
    f.has_numerator = f.has_value = false;
    f.status = status;
    (void)say_figure_as(voices[who], &f, false);
}

/* The i-th quarter from 2015-16 Q1 on. */
static void say_quarter(unsigned who, const char *id, unsigned i, int64_t n, int64_t of)
{
    char period[PERIOD_MAX + 1], identifier[32];
    (void)snprintf(period, sizeof(period), "20%02u%02u", (15 + i / 4) % 100, (16 + i / 4) % 100);
    (void)snprintf(identifier, sizeof(identifier), "Financial year Q%u", i % 4 + 1);
    struct figure f = figure_at(id, period, identifier, n, of);
    (void)say_figure_as(voices[who], &f, false);
}

static struct view *folded(void)
{
    struct view *v = view_of(1);
    (void)fold(v, 1);
    return v;
}

static struct region region_of(struct view *v, const char *y, uint64_t as_of_ms)
{
    struct period_asked asked = {.kind = PERIOD_LATEST};
    struct region r;
    if (y != NULL)
        OKAY(period_parse(y, &asked));
    struct region_ask ask = {.v = v, .charter = charter, .official = &official_definitions, .period = &asked, .as_of_ms = as_of_ms};
    OKAY(region_make(&ask, &r));
    return r;
}

/* ---- the region ---- */

static void each_indicator_is_compared_in_its_own_newest_period(void **state)
{
    (void)state;
    found_alliance(2);
    for (unsigned n = 1; n <= 2; n++) {
        say(n, "cpp_repeat_pct", "2023", 10 * n, 100);
        say(n, "cpp_repeat_pct", "2024", 20 * n, 100);
        say(n, "rereferral_pct", "2023", 30, 100);
    }
    struct figure own = figure_at("cpp_repeat_pct", "2024", "Reporting year", 1, 2);
    (void)snprintf(own.indicator, sizeof(own.indicator), "barset_own");
    (void)say_figure_as(voices[2], &own, false);
    struct view *v = folded();
    struct region r = region_of(v, NULL, UINT64_MAX);
    assert_int_equal(r.n, 2);
    assert_string_equal(r.rows[0].definition.definition.id, "cpp_repeat_pct");
    assert_string_equal(r.rows[0].period.period, "2024");
    assert_string_equal(r.rows[1].period.period, "2023");
    assert_string_equal(r.period.period, "2024");
    assert_int_equal(r.n_authorities, 2);
    assert_int_equal(r.n_undefined, 1);
    assert_string_equal(r.undefined[0], "barset_own");
    assert_int_equal(direction_of_row(region_row_of(&r.rows[0], &voices[1]->body.slug)), DIRECTION_UP);
    assert_int_equal(direction_of_row(region_row_of(&r.rows[1], &voices[1]->body.slug)), DIRECTION_NONE);
    assert_int_equal(direction_of_total(&r.rows[0].c), DIRECTION_UP);
    region_release(&r);

    r = region_of(v, "2024", UINT64_MAX);       /* of a period that an indicator lacks, it has no row */
    assert_int_equal(r.n, 1);
    region_release(&r);
    view_close(v);
}

/* More than one in ten are hidden: what is left is biased, and its arrow would be, too. */
static void where_too_many_are_hidden_the_region_has_no_direction(void **state)
{
    (void)state;
    found_alliance(2);
    for (unsigned n = 1; n <= 2; n++) {
        say(n, "cpp_repeat_pct", "2023", 10, 100);
        say(n, "rereferral_pct", "2023", 10, 100);
        say(n, "rereferral_pct", "2024", 20, 100);
    }
    say(1, "cpp_repeat_pct", "2024", 20, 100);
    say_symbol(2, "cpp_repeat_pct", "2024", STATUS_C);
    struct view *v = folded();
    struct region r = region_of(v, NULL, UINT64_MAX);
    assert_int_equal(r.n, 2);
    assert_true(r.rows[0].c.change.is_suppressed && r.rows[0].c.change.has_ratio);
    assert_int_equal(direction_of_total(&r.rows[0].c), DIRECTION_NONE);
    assert_int_equal(direction_of_total(&r.rows[1].c), DIRECTION_UP);
    region_release(&r);
    view_close(v);
}

static void as_of_a_day_before_the_newest_the_one_before_is_the_newest(void **state)
{
    (void)state;
    found_alliance(1);
    say(1, "cpp_repeat_pct", "2023", 10, 100);
    uint64_t then = now_ms;
    say(1, "cpp_repeat_pct", "2024", 20, 100);
    struct view *v = folded();
    struct region was = region_of(v, NULL, then), none = region_of(v, NULL, 1);
    assert_int_equal(was.n, 1);
    assert_string_equal(was.rows[0].period.period, "2023");
    assert_int_equal(was.rows[0].c.n, 1);
    assert_int_equal(none.n, 0);
    region_release(&was);
    region_release(&none);
    view_close(v);
}

static void a_year_is_not_compared_with_a_quarter(void **state)
{
    (void)state;
    struct time_period p;
    found_alliance(1);
    for (unsigned i = 0; i < 8; i++)
        say_quarter(1, "cpp_repeat_pct", i, 10, 100);
    struct figure year_before = figure_at("cpp_repeat_pct", "201516", "Financial year", 80, 100);
    struct figure year_now = figure_at("cpp_repeat_pct", "201617", "Financial year", 90, 100);
    (void)say_figure_as(voices[1], &year_before, false);
    (void)say_figure_as(voices[1], &year_now, false);
    struct view *v = folded();
    struct time_period whole = {"201617", "Financial year"}, quarter = {"201617", "Financial year Q1"};
    OKAY(view_previous(v, "cpp_repeat_pct", "", &whole, &p));
    assert_string_equal(p.period, "201516");
    assert_string_equal(p.time_identifier, "Financial year");
    OKAY(view_previous(v, "cpp_repeat_pct", "", &quarter, &p));
    assert_string_equal(p.period, "201516");
    assert_string_equal(p.time_identifier, "Financial year Q4");
    assert_int_equal(view_previous(v, "cpp_repeat_pct", "", &p, &quarter), OK);
    struct time_period first = {"201516", "Financial year Q1"};
    assert_int_equal(view_previous(v, "cpp_repeat_pct", "", &first, &p), ERR_UNKNOWN);
    view_close(v);
}

/* ---- series ---- */

static struct series series_of(struct view *v, const char *id, const char *slug)
{
    struct definition_row d;
    struct series s;
    OKAY(view_definition(v, id, &official_definitions, &d));
    struct series_ask ask = {.v = v, .definition = &d, .breakdown = "", .slug = slug, .as_of_ms = UINT64_MAX};
    OKAY(series_make(&ask, &s));
    return s;
}

/* Points as one text: "2022 10.0|2023 c|..." */
static const char *points_of(const struct series *s)
{
    static char text[1024];
    text[0] = '\0';
    for (size_t i = 0; i < s->n; i++) {
        char value[DECIMAL_TEXT_MAX];
        size_t at = strlen(text);
        if (s->points[i].has_value)
            decimal_text(s->points[i].figure.figure.value, value);
        (void)snprintf(text + at, sizeof(text) - at, "%s%s %s", i > 0 ? "|" : "", s->points[i].period.period,
                       s->points[i].has_value ? value : series_status(&s->points[i]));
    }
    return text;
}

static void a_series_runs_from_its_first_figure_and_shows_what_has_no_value(void **state)
{
    (void)state;
    found_alliance(2);
    for (int y = 2017; y <= 2024; y++) {
        char period[16];
        (void)snprintf(period, sizeof(period), "%d", y);
        say(2, "cpp_repeat_pct", period, 10, 100);          /* periods are anybody's */
    }
    say(1, "cpp_repeat_pct", "2018", 10, 100);
    say_symbol(1, "cpp_repeat_pct", "2019", STATUS_C);
    uint64_t idx = say(1, "cpp_repeat_pct", "2020", 20, 100);
    say_withdrawal(voices[1], idx, false);
    struct figure other = figure_at("cpp_repeat_pct", "2021", "Reporting year", 30, 100);
    other.definition.b[0] ^= 1;
    (void)say_figure_as(voices[1], &other, false);
    say(1, "cpp_repeat_pct", "2022", 12, 100);
    say(1, "cpp_repeat_pct", "2023", 15, 100);
    struct view *v = folded();
    struct series s = series_of(v, "cpp_repeat_pct", "barset-1");
    assert_string_equal(points_of(&s), "2018 10.0|2019 c|2020 withdrawn|2021 other-definition|2022 12.0|2023 15.0|2024 missing");
    assert_int_equal(s.n_values, 3);
    assert_int_equal(s.n_withdrawn, 1);
    assert_int_equal(s.n_other_definition, 1);
    assert_true(s.has_change);
    assert_int_equal(s.change.mantissa, 30);
    assert_int_equal(s.trend.direction, TREND_UNKNOWN);
    assert_int_equal(s.trend.n, 3);
    assert_false(s.spc.is_drawn);
    assert_true(s.points[0].has_interval && s.points[0].interval.lower > 5.5 && s.points[0].interval.upper < 17.5);
    series_release(&s);
    view_close(v);
}

static void years_and_quarters_are_two_series(void **state)
{
    (void)state;
    found_alliance(1);
    say(1, "cpp_repeat_pct", "2014", 90, 100);
    for (unsigned i = 0; i < 18; i++) {
        static const int golden[] = {1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1};
        say_quarter(1, "cpp_repeat_pct", i, golden[i], 100);
    }
    struct figure whole = figure_at("cpp_repeat_pct", "201516", "Financial year", 80, 100);
    (void)say_figure_as(voices[1], &whole, false);
    struct view *v = folded();
    struct series s = series_of(v, "cpp_repeat_pct", "barset-1");
    assert_int_equal(s.n, 18);
    assert_int_equal(s.n_other_kind, 2);
    assert_true(s.spc.is_drawn);
    assert_true(s.spc.mean > 1.9444 && s.spc.mean < 1.9445 && s.spc.upper > 4.603 && s.spc.upper < 4.605);
    assert_int_equal(s.spc.n_marked, 1);
    assert_int_equal(s.points[4].spc.mark, SPC_OUTSIDE);
    assert_int_equal(s.points[4].spc.sense, SPC_CONCERN);
    assert_string_equal(s.points[4].period.period, "201617");
    series_release(&s);
    view_close(v);
}

static void without_a_figure_there_is_no_series(void **state)
{
    (void)state;
    struct series s;
    found_alliance(2);
    say(1, "cpp_repeat_pct", "2024", 90, 100);
    struct view *v = folded();
    struct definition_row d;
    OKAY(view_definition(v, "cpp_repeat_pct", &official_definitions, &d));
    struct series_ask ask = {.v = v, .definition = &d, .breakdown = "", .slug = "barset-2", .as_of_ms = UINT64_MAX};
    assert_int_equal(series_make(&ask, &s), ERR_UNKNOWN);
    view_close(v);
}

/* ---- outliers ---- */

/* Rows as one text: "9 cpp_repeat_pct about funnel|..." */
static const char *rows_of(const struct outliers *o)
{
    static char text[2048];
    text[0] = '\0';
    for (size_t i = 0; i < o->n; i++) {
        const struct outlier *x = &o->list[i];
        size_t at = strlen(text);
        (void)snprintf(text + at, sizeof(text) - at, "%s%s %s %s %s", i > 0 ? "|" : "", x->slug->s + 7,
                       x->row != NULL ? x->row->definition.definition.id : "-",
                       x->ask != ASK_NEITHER ? outlier_ask_name(x->ask) : "-", outlier_rule_name(x->rule));
    }
    return text;
}

static void who_stands_out_is_asked_about_or_how_by_polarity(void **state)
{
    (void)state;
    found_alliance(12);
    say_withdrawal(voices[11], say(11, "cpp_repeat_pct", "2024", 990, 1000), false);       /* neither of these two is looked at */
    struct figure other = figure_at("cpp_repeat_pct", "2024", "Reporting year", 990, 1000);
    other.definition.b[0] ^= 1;
    (void)say_figure_as(voices[12], &other, false);
    for (unsigned n = 1; n <= 10; n++) {
        int64_t odd = n == 9 ? 800 : n == 4 ? 20 : 200 + 3 * (int)n;
        say(n, "cpp_repeat_pct", "2024", odd, 1000);        /* low is good */
        say(n, "cl_eet_19_21_pct", "2024", odd, 1000);      /* high is good */
        say(n, "referral_nfa_pct", "2024", odd, 1000);      /* neither */
        say(n, "sw_turnover_pct", "2024", odd, 1000);       /* not counts */
    }
    struct view *v = folded();
    struct region r = region_of(v, NULL, UINT64_MAX);
    struct outliers o;
    OKAY(outliers_find(v, &r, UINT64_MAX, 0, &o));
    assert_int_equal(o.tally.sets, 3);
    assert_int_equal(o.tally.comparisons, 30);
    assert_int_equal(o.n_excluded, 1);
    assert_string_equal(o.excluded[0].row->definition.definition.id, "sw_turnover_pct");
    assert_int_equal(o.tally.adjusted[LEVEL_998], 6);
    assert_string_equal(rows_of(&o), "9 cl_eet_19_21_pct how funnel|9 cpp_repeat_pct about funnel|9 referral_nfa_pct - funnel|"
                                     "4 cl_eet_19_21_pct about funnel|4 cpp_repeat_pct how funnel|4 referral_nfa_pct - funnel|"
                                     "11 cpp_repeat_pct about withdrawn|"
                                     "11 cl_eet_19_21_pct about missing|11 referral_nfa_pct about missing|"
                                     "11 sw_turnover_pct about missing|12 cl_eet_19_21_pct about missing|"
                                     "12 referral_nfa_pct about missing|12 sw_turnover_pct about missing");
    assert_non_null(strstr(o.list[1].detail, "high: 80.0, 800 of 1000, where all of these together have"));
    assert_non_null(strstr(o.list[2].detail, "unusually high"));
    outliers_release(&o);
    region_release(&r);
    view_close(v);
}

/* 2 of 12 are more than one in ten: of `cpp_repeat_pct` the counts are hidden, of the other only the rate was not given. */
static void a_count_without_its_rate_is_no_point_and_a_hidden_one_is_counted(void **state)
{
    (void)state;
    found_alliance(12);
    for (unsigned n = 1; n <= 12; n++) {
        struct figure f = figure_at("cpp_repeat_pct", "2024", "Reporting year", n <= 10 ? 200 + 3 * (int)n : 3, 1000);
        struct figure g = figure_at("referral_nfa_pct", "2024", "Reporting year", n <= 10 ? 200 + 3 * (int)n : 990, 1000);
        if (n > 10) {
            f.has_numerator = f.has_value = g.has_value = false;
            f.status = STATUS_C;
            g.status = STATUS_U;
        }
        (void)say_figure_as(voices[n], &f, false);
        (void)say_figure_as(voices[n], &g, false);
    }
    struct view *v = folded();
    struct region r = region_of(v, NULL, UINT64_MAX);
    struct outliers o;
    char why[EXCLUDED_TEXT_MAX];
    OKAY(outliers_find(v, &r, UINT64_MAX, 0, &o));
    assert_int_equal(o.n_excluded, 1);
    excluded_text(&o.excluded[0], why);
    assert_string_equal(why, "suppressed, 2 of 12 hidden");
    assert_int_equal(o.tally.sets, 1);
    assert_int_equal(o.tally.comparisons, 10);
    assert_string_equal(rows_of(&o), "");
    outliers_release(&o);
    region_release(&r);
    view_close(v);
}

static void a_special_cause_counts_by_the_newest_figure_only(void **state)
{
    (void)state;
    found_alliance(3);
    for (unsigned i = 0; i < 18; i++) {
        int64_t usual = 10 + i % 2;
        say_quarter(1, "cpp_repeat_pct", i, i == 17 ? 60 : usual, 100);     /* worse now */
        say_quarter(2, "cpp_repeat_pct", i, i == 16 ? 60 : usual, 100);     /* was, and is as usual again */
        say_quarter(3, "cpp_repeat_pct", i, i == 17 ? 1 : usual, 100);      /* better now */
    }
    struct view *v = folded();
    struct region r = region_of(v, NULL, UINT64_MAX);
    struct outliers o;
    OKAY(outliers_find(v, &r, UINT64_MAX, 0, &o));
    assert_int_equal(o.n_series, 3);
    assert_string_equal(rows_of(&o), "1 cpp_repeat_pct about xmr|3 cpp_repeat_pct how xmr");
    assert_non_null(strstr(o.list[0].detail, "outside the limits, worse: 60.0, where its own mean is"));
    outliers_release(&o);
    region_release(&r);
    view_close(v);
}

static void of_an_earlier_period_the_cause_is_what_was_known_of_it(void **state)
{
    (void)state;
    found_alliance(1);
    for (unsigned i = 0; i < 18; i++)
        say_quarter(1, "cpp_repeat_pct", i, i == 13 ? 60 : 10 + i % 2, 100);
    struct view *v = folded();
    struct region then = region_of(v, "2018-19 Q2", UINT64_MAX), now = region_of(v, NULL, UINT64_MAX);
    struct outliers o;
    OKAY(outliers_find(v, &then, UINT64_MAX, 0, &o));
    assert_string_equal(rows_of(&o), "1 cpp_repeat_pct about xmr");
    assert_non_null(strstr(o.list[0].detail, "over 14 periods"));
    outliers_release(&o);
    OKAY(outliers_find(v, &now, UINT64_MAX, 0, &o));
    assert_int_equal(o.n, 1);                               /* the spike drew the mean up: now it is better than that */
    assert_non_null(strstr(o.list[0].detail, "better: 11.0"));
    outliers_release(&o);
    region_release(&then);
    region_release(&now);
    view_close(v);
}

static void what_does_not_count_makes_no_special_cause(void **state)
{
    (void)state;
    found_alliance(5);
    for (unsigned i = 0; i < 18; i++) {
        int64_t usual = 10 + i % 2;
        say_quarter(1, "cpp_repeat_pct", i, usual, 100);
        if (i < 17)                                         /* late: the mark before is not its newest figure's */
            say_quarter(2, "cpp_repeat_pct", i, i == 16 ? 60 : usual, 100);
        if (i > 7)                                          /* ten points: too few, though there are periods enough */
            say_quarter(3, "cpp_repeat_pct", i, i == 17 ? 60 : usual, 100);
        say_quarter(4, "cpp_repeat_pct", i, i == 17 ? 60 : usual, 100);
        struct figure f = figure_at("cpp_repeat_pct", "201920", "Financial year Q2", 60, 100);
        f.definition.b[0] ^= 1;
        if (i < 17)
            say_quarter(5, "cpp_repeat_pct", i, usual, 100);
        else
            (void)say_figure_as(voices[5], &f, false);
    }
    say_withdrawal(voices[4], next_idx(voices[4]) - 1, false);
    struct view *v = folded();
    struct region r = region_of(v, "2019-20 Q2", UINT64_MAX);
    struct outliers o;
    OKAY(outliers_find(v, &r, UINT64_MAX, 0, &o));
    assert_string_equal(rows_of(&o), "4 cpp_repeat_pct about withdrawn|2 cpp_repeat_pct about late");
    assert_int_equal(o.n_series, 4);                        /* all but the third */
    outliers_release(&o);
    region_release(&r);
    view_close(v);
}

static void eleven_periods_are_too_few_for_a_special_cause(void **state)
{
    (void)state;
    found_alliance(1);
    for (unsigned i = 0; i < 11; i++)
        say_quarter(1, "cpp_repeat_pct", i, i == 10 ? 60 : 10 + i % 2, 100);
    struct view *v = folded();
    struct region r = region_of(v, NULL, UINT64_MAX);
    struct outliers o;
    OKAY(outliers_find(v, &r, UINT64_MAX, 0, &o));
    assert_int_equal(o.n_series, 0);
    assert_int_equal(o.n, 0);
    outliers_release(&o);
    region_release(&r);
    view_close(v);
}

static void silence_is_late_missing_withdrawn_or_whole_and_a_symbol_is_none(void **state)
{
    (void)state;
    found_alliance(6);
    for (unsigned n = 1; n <= 5; n++)
        say(n, "rereferral_pct", "2024", 10, 100);
    for (unsigned n = 1; n <= 2; n++)
        say(n, "cpp_repeat_pct", "2023", 10, 100);
    say(1, "cpp_repeat_pct", "2024", 10, 100);
    say_symbol(4, "cpp_repeat_pct", "2024", STATUS_C);
    say_symbol(3, "cpp_repeat_pct", "2023", STATUS_U);      /* a symbol is a return: it is late now */
    say_withdrawal(voices[5], say(5, "cpp_repeat_pct", "2024", 10, 100), false);
    struct view *v = folded();
    struct region r = region_of(v, "2024", UINT64_MAX);
    struct outliers o;
    OKAY(outliers_find(v, &r, UINT64_MAX, 0, &o));
    assert_string_equal(rows_of(&o), "5 cpp_repeat_pct about withdrawn|2 cpp_repeat_pct about late|3 cpp_repeat_pct about late|"
                                     "6 - about silent");
    assert_non_null(strstr(o.list[0].detail, "(correction)"));
    outliers_release(&o);
    region_release(&r);
    view_close(v);
}

/* ---- matches ---- */

static const char *pairs_of(const struct matches *m)
{
    static char text[2048];
    text[0] = '\0';
    for (size_t i = 0; i < m->n; i++) {
        size_t at = strlen(text);
        (void)snprintf(text + at, sizeof(text) - at, "%s%s>%s", i > 0 ? " " : "", m->list[i].from->slug.s + 7,
                       m->list[i].to->slug.s + 7);
    }
    return text;
}

static void each_need_is_given_the_best_three_strengths(void **state)
{
    (void)state;
    found_alliance(12);
    for (unsigned n = 1; n <= 12; n++) {
        say(n, "cpp_repeat_pct", "2024", 10 * (int)n, 1000);        /* low is good: 1 to 3 are A, 10 to 12 D */
        say(n, "referral_nfa_pct", "2024", 10 * (int)n, 1000);      /* neither: no pairs */
    }
    struct view *v = folded();
    struct region r = region_of(v, NULL, UINT64_MAX);
    struct matches m;
    OKAY(match_find(v, &r, UINT64_MAX, NULL, &m));
    assert_string_equal(pairs_of(&m), "1>10 2>10 3>10 1>11 2>11 3>11 1>12 2>12 3>12");
    assert_int_equal(m.list[0].from_ground, GROUND_LETTER);
    match_release(&m);
    OKAY(match_find(v, &r, UINT64_MAX, &voices[2]->body.slug, &m));
    assert_string_equal(pairs_of(&m), "2>12 2>11 2>10");
    match_release(&m);
    OKAY(match_find(v, &r, UINT64_MAX, &voices[11]->body.slug, &m));
    assert_string_equal(pairs_of(&m), "1>11 2>11 3>11");
    match_release(&m);
    OKAY(match_find(v, &r, UINT64_MAX, &voices[6]->body.slug, &m));
    assert_int_equal(m.n, 0);
    match_release(&m);
    region_release(&r);
    view_close(v);
}

static void two_returns_are_no_ground_for_a_match(void **state)
{
    (void)state;
    found_alliance(2);
    say(1, "cpp_repeat_pct", "2024", 10, 100);
    say(2, "cpp_repeat_pct", "2024", 90, 100);
    struct view *v = folded();
    struct region r = region_of(v, NULL, UINT64_MAX);
    struct matches m;
    assert_int_equal(r.rows[0].c.rows[0].band, 'A');
    OKAY(match_find(v, &r, UINT64_MAX, NULL, &m));
    assert_int_equal(m.n, 0);
    match_release(&m);
    region_release(&r);
    view_close(v);
}

static void a_special_cause_makes_and_unmakes_a_strength(void **state)
{
    (void)state;
    found_alliance(5);
    for (unsigned i = 0; i < 18; i++) {
        bool is_last = i == 17;
        say_quarter(1, "cpp_repeat_pct", i, is_last ? 10 : 5 + i % 2,
                    200); /* A, and worsening: no strength; nobody is better */
        say_quarter(2, "cpp_repeat_pct", i, is_last ? 40 : 60 + i % 2, 200);    /* middle, improving: a strength */
        say_quarter(3, "cpp_repeat_pct", i, is_last ? 50 : 50 + i % 2, 200);
        say_quarter(4, "cpp_repeat_pct", i, is_last ? 90 : 190 + i % 2, 200);   /* D, and improving: no need, and worse than 5 */
        say_quarter(5, "cpp_repeat_pct", i, is_last ? 60 : 40 + i % 2, 200);    /* middle, worsening: a need */
    }
    struct view *v = folded();
    struct region r = region_of(v, NULL, UINT64_MAX);
    struct matches m;
    OKAY(match_find(v, &r, UINT64_MAX, NULL, &m));
    assert_string_equal(pairs_of(&m), "2>5");
    assert_int_equal(m.list[0].to_ground, GROUND_CAUSE);
    match_release(&m);
    region_release(&r);
    view_close(v);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, drop_world)
    const struct CMUnitTest tests[] = {
        TEST(each_indicator_is_compared_in_its_own_newest_period),
        TEST(where_too_many_are_hidden_the_region_has_no_direction),
        TEST(as_of_a_day_before_the_newest_the_one_before_is_the_newest),
        TEST(a_year_is_not_compared_with_a_quarter),
        TEST(a_series_runs_from_its_first_figure_and_shows_what_has_no_value),
        TEST(years_and_quarters_are_two_series),
        TEST(without_a_figure_there_is_no_series),
        TEST(who_stands_out_is_asked_about_or_how_by_polarity),
        TEST(a_count_without_its_rate_is_no_point_and_a_hidden_one_is_counted),
        TEST(a_special_cause_counts_by_the_newest_figure_only),
        TEST(of_an_earlier_period_the_cause_is_what_was_known_of_it),
        TEST(what_does_not_count_makes_no_special_cause),
        TEST(eleven_periods_are_too_few_for_a_special_cause),
        TEST(silence_is_late_missing_withdrawn_or_whole_and_a_symbol_is_none),
        TEST(each_need_is_given_the_best_three_strengths),
        TEST(two_returns_are_no_ground_for_a_match),
        TEST(a_special_cause_makes_and_unmakes_a_strength),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
