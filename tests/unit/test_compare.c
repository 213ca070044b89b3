/* Authorities beside each other: who counts, what the total says, how it changed. */
/* This file says fewer things than the fixture can. */
#pragma GCC diagnostic ignored "-Wunused-function"
#include "view_fixture.h"

#include "cli/ask.h"
#include "cli/compare/compare.h"
#include "cli/compare/outliers.h"
#include "cli/compare/series.h"
#include "cli/intake/intake.h"
#include "cli/official.h"
#include "cli/register/register.h"

static struct definition_row definition(struct view *v, const char *id)
{
    struct definition_row d;
    OKAY(view_definition(v, id, &official_definitions, &d));
    return d;
}

/* A percentage with its true parts; of < 0: a symbol. */
static struct figure percent(const char *id, const char *y, int64_t n, int64_t of)
{
    struct figure f = figure_of(id, y, n);
    f.definition = definition_hash(register_definition(id));
    f.denominator.mantissa = of;
    OKAY(decimal_ratio(100, f.numerator, f.denominator, 1, &f.value));
    return f;
}

static uint64_t say(unsigned who, const struct figure *f)
{
    return say_figure_as(voices[who], f, false);
}

static uint64_t say_percent(unsigned who, const char *y, int64_t n, int64_t of)
{
    struct figure f = percent("cpp_repeat_pct", y, n, of);
    return say(who, &f);
}

static void say_symbol(unsigned who, const char *y, enum figure_status status)
{
    struct figure f = percent("cpp_repeat_pct", y, 1, 100);
    f.has_numerator = f.has_value = f.has_denominator = false;
    f.status = status;
    (void)say(who, &f);
}

static struct comparison compare(struct view *v, const char *y, uint64_t as_of_ms)
{
    static struct definition_row d;
    struct comparison c;
    d = definition(v, "cpp_repeat_pct");
    struct compare_ask ask = { .v = v, .charter = charter, .definition = &d, .breakdown = "", .period = year(y),
                               .as_of_ms = as_of_ms };
    OKAY(compare_make(&ask, &c));
    return c;
}

/* Rows as one text: "1 25.0 rank 2 B final|..." */
static const char *rows_of(const struct comparison *c)
{
    static char text[1024];
    text[0] = '\0';
    for (size_t i = 0; i < c->n_rows; i++) {
        const struct compare_row *r = &c->rows[i];
        char value[DECIMAL_TEXT_MAX] = "-";
        size_t at = strlen(text);
        if (compare_row_counts(r))
            decimal_text(r->figure.figure.value, value);
        (void)snprintf(text + at, sizeof(text) - at, "%s%c %s %zu%c %s", i > 0 ? "|" : "", r->slug.s[7], value, r->rank,
                       r->band != 0 ? r->band : ' ', compare_row_status(r));
    }
    return text;
}

static void ranks_bands_and_the_total_are_of_those_with_a_number(void **state)
{
    (void)state;
    found_alliance(6);
    say_percent(1, "2024", 10, 100);
    say_percent(2, "2024", 20, 100);
    say_percent(3, "2024", 40, 100);
    say_symbol(4, "2024", STATUS_C);
    uint64_t idx = say_percent(5, "2024", 90, 100);
    say_withdrawal(voices[5], idx, false);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    struct comparison c = compare(v, "2024", UINT64_MAX);
    assert_string_equal(rows_of(&c), "1 10.0 1A final|2 20.0 2B final|3 40.0 3D final|4 - 0  c|5 - 0  withdrawn|6 - 0  missing");
    assert_int_equal(c.n, 3);
    assert_int_equal(c.total.n, 3);
    assert_int_equal(c.total.numerator.mantissa, 70);
    assert_int_equal(c.total.denominator.mantissa, 300);
    assert_int_equal(c.total.value.mantissa, 233);
    assert_true(c.quartiles.q25 == 15.0 && c.quartiles.q50 == 20.0 && c.quartiles.q75 == 30.0);
    assert_false(c.has_previous);
    assert_int_equal(c.rows[0].versus_total, STANDING_BETTER);
    assert_int_equal(c.rows[1].versus_total, STANDING_SIMILAR);
    assert_int_equal(c.rows[2].versus_total, STANDING_WORSE);
    compare_release(&c);
    view_close(v);
}

/* A count whose rate could not be given is in the totals, as it is in the DfE's; it has no rank, and its authority is
 * missing where values are compared. */
static void a_count_beside_a_symbol_belongs_to_the_total_alone(void **state)
{
    (void)state;
    found_alliance(3);
    for (unsigned who = 1; who <= 3; who++) {
        struct figure f = percent("cin_rate", "2019", 1000 * who, 50000);
        f.has_denominator = false;
        f.status = STATUS_STATED;
        if (who == 3) {
            f.has_value = false;
            f.status = STATUS_X;
        }
        (void)say(who, &f);
    }
    struct view *v = view_of(1);
    (void)fold(v, 1);
    static struct definition_row d;
    struct comparison c;
    d = definition(v, "cin_rate");
    struct compare_ask ask = { .v = v, .charter = charter, .definition = &d, .breakdown = "", .period = year("2019"),
                               .as_of_ms = UINT64_MAX };
    OKAY(compare_make(&ask, &c));
    assert_int_equal(c.total.n, 3);
    assert_int_equal(c.total.numerator.mantissa, 6000);
    assert_int_equal(c.n, 2);
    assert_string_equal(compare_row_status(&c.rows[2]), "x");
    assert_true(compare_row_is_missing(&c.rows[2]));
    assert_true(c.rows[2].figure.figure.has_numerator);
    assert_false(c.rows[2].has_raw || c.rows[2].has_interval || c.rows[2].rank != 0);
    compare_release(&c);
    view_close(v);
}

static void the_change_is_like_for_like_and_a_row_knows_its_own(void **state)
{
    (void)state;
    found_alliance(3);
    say_percent(1, "2022", 10, 100);            /* 2023 was skipped by everybody */
    say_percent(2, "2022", 30, 100);
    say_percent(1, "2024", 13, 100);
    say_percent(3, "2024", 50, 100);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    struct comparison c = compare(v, "2024", UINT64_MAX);
    assert_true(c.has_previous);
    assert_string_equal(c.previous.period, "2022");
    assert_int_equal(c.change.n_both, 1);
    assert_int_equal(c.change.like_before.mantissa, 10);
    assert_int_equal(c.change.like_now.mantissa, 13);
    assert_int_equal(c.change.like_pct.mantissa, 300);
    assert_int_equal(c.change.plain_before.mantissa, 40);
    assert_int_equal(c.change.plain_now.mantissa, 63);
    assert_true(c.rows[0].has_change);
    assert_int_equal(c.rows[0].change.mantissa, 30);
    assert_false(c.rows[2].has_change);
    compare_release(&c);
    view_close(v);
}

static void another_definition_stands_in_its_row_and_counts_nowhere(void **state)
{
    (void)state;
    found_alliance(2);
    say_percent(1, "2024", 10, 100);
    struct figure f = percent("cpp_repeat_pct", "2024", 50, 100);
    f.definition.b[0] ^= 1;
    say(2, &f);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    struct comparison c = compare(v, "2024", UINT64_MAX);
    assert_string_equal(rows_of(&c), "1 10.0 1- final|2 - 0  other-definition");
    assert_int_equal(c.total.numerator.mantissa, 10);
    compare_release(&c);
    view_close(v);
}

/* [P-38] A definition's hash is that of its record's bytes: also where a later version wrote an element that we do not know. */
static void figures_under_a_definition_of_a_later_version_are_compared(void **state)
{
    (void)state;
    struct definition own = *register_definition("cpp_repeat_pct");
    struct buf plain = buf_on(4096);
    found_alliance(2);
    (void)snprintf(own.title, sizeof(own.title), "Ours, with more said of it");
    definition_write(&own, &plain);
    plain.p[0]++;                               /* an array of one element more */
    pack_str(&plain, "what a later version says");
    say_sealed(voices[1], buf_bytes(&plain));
    struct hash said = blake2b_256(buf_bytes(&plain));
    for (unsigned n = 1; n <= 2; n++) {
        struct figure f = percent("cpp_repeat_pct", "2024", 10 * n, 100);
        f.definition = said;
        (void)say(n, &f);
    }
    struct view *v = view_of(1);
    (void)fold(v, 1);
    struct comparison c = compare(v, "2024", UINT64_MAX);
    assert_string_equal(rows_of(&c), "1 10.0 1A final|2 20.0 2D final");
    compare_release(&c);
    struct lexicon *x = lexicon_new(v);         /* what we publish under it says the same hash */
    const struct definition *d = lexicon_definition(x, "cpp_repeat_pct");
    struct hash ours = lexicon_hash(x, d);
    assert_string_equal(d->title, own.title);
    assert_true(hash_equal(&ours, &said));
    struct intake in;
    struct intake_options with = {.dfe = "845", .gss = "", .base = STATUS_FINAL, .definition = lexicon_definition,
                                  .nearest = lexicon_nearest, .hash = lexicon_hash, .arg = x};
    OKAY(intake_from(bytes_of("time_period,old_la_code,indicator,value\n2024,845,cpp_repeat_pct,10.0\n"), &with, &in));
    assert_int_equal(in.n_figures, 1);
    assert_true(hash_equal(&in.figures[0].figure.definition, &said));
    intake_release(&in);
    lexicon_free(x);
    buf_release(&plain);
    view_close(v);
}

static void as_of_an_earlier_time_the_earlier_version_counts(void **state)
{
    (void)state;
    found_alliance(1);
    say_percent(1, "2024", 10, 100);
    uint64_t then = now_ms;
    say_percent(1, "2024", 12, 100);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    struct comparison was = compare(v, "2024", then), is = compare(v, "2024", UINT64_MAX), none = compare(v, "2024", 0);
    assert_int_equal(was.rows[0].figure.figure.numerator.mantissa, 10);
    assert_int_equal(is.rows[0].figure.figure.numerator.mantissa, 12);
    assert_int_equal(none.n, 0);
    assert_string_equal(compare_row_status(&none.rows[0]), "missing");
    compare_release(&was);
    compare_release(&is);
    compare_release(&none);
    view_close(v);
}

static void rows_are_sorted_by_value_by_name_and_by_rank(void **state)
{
    (void)state;
    found_alliance(4);
    say_percent(1, "2024", 20, 100);
    say_percent(2, "2024", 10, 100);
    say_percent(4, "2024", 20, 100);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    struct comparison c = compare(v, "2024", UINT64_MAX);
    compare_sort(&c, ORDER_RANK);
    assert_string_equal(rows_of(&c), "2 10.0 1A final|1 20.0 2B final|4 20.0 2B final|3 - 0  missing");
    compare_sort(&c, ORDER_VALUE);
    assert_string_equal(rows_of(&c), "1 20.0 2B final|4 20.0 2B final|2 10.0 1A final|3 - 0  missing");
    compare_sort(&c, ORDER_NAME);
    assert_string_equal(rows_of(&c), "1 20.0 2B final|2 10.0 1A final|3 - 0  missing|4 20.0 2B final");
    compare_release(&c);
    view_close(v);
}

static void only_counts_of_people_have_an_interval(void **state)
{
    (void)state;
    struct interval in;
    struct figure f = percent("cpp_repeat_pct", "2024", 0, 100), posts = percent("sw_vacancy_pct", "2024", 10, 100);
    assert_true(compare_interval(&f, register_definition("cpp_repeat_pct"), 0, &in));
    assert_true(in.lower == 0.0 && in.upper > 3.69 && in.upper < 3.70);
    f.numerator.mantissa = 20;                  /* Byar: 12.21 to 30.89 of 100, per 10,000 */
    assert_true(compare_interval(&f, register_definition("cin_rate"), 0, &in));
    assert_true(in.lower > 1221 && in.lower < 1222 && in.upper > 3088 && in.upper < 3089);
    assert_false(compare_interval(&posts, register_definition("sw_vacancy_pct"), 0, &in));
    f.has_denominator = false;
    assert_false(compare_interval(&f, register_definition("cin_rate"), 0, &in));
}

static void the_period_before_is_compared_while_the_newest_is_short_of_half(void **state)
{
    (void)state;
    struct time_period p;
    struct latest latest;
    struct period_asked asked = {.kind = PERIOD_LATEST};
    found_alliance(3);
    for (unsigned n = 1; n <= 3; n++)
        say_percent(n, "2023", 10, 100);
    say_percent(1, "2024", 10, 100);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    OKAY(ask_which_period(v, "cpp_repeat_pct", "", &asked, &p, &latest));
    assert_string_equal(p.period, "2023");
    assert_true(latest.is_before_newest);
    assert_string_equal(latest.newest.period, "2024");
    OKAY(period_parse("2024", &asked));
    OKAY(ask_which_period(v, "cpp_repeat_pct", "", &asked, &p, &latest));
    assert_string_equal(p.period, "2024");
    assert_false(latest.is_before_newest);
    OKAY(period_parse("2022", &asked));
    assert_int_equal(ask_which_period(v, "cpp_repeat_pct", "", &asked, &p, &latest), ERR_UNKNOWN);
    view_close(v);
}

static void remove_member(unsigned n)
{
    publish_all();
    struct charter *next = charter_after(charter, 0);
    charter_make_former(next, &voices[n]->body.slug, voices[n]->frontier.size);
    enact(next, BY(1));
}

static void who_has_left_counts_where_it_published_and_is_not_missed_elsewhere(void **state)
{
    (void)state;
    found_alliance(4);
    for (unsigned n = 1; n <= 3; n++)
        say_percent(n, "2023", 10 * n, 100);
    remove_member(3);
    say_percent(1, "2024", 20, 100);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    struct comparison c = compare(v, "2023", UINT64_MAX);
    assert_string_equal(rows_of(&c), "1 10.0 1A final|2 20.0 2B final|3 30.0 3D final|4 - 0  missing");
    assert_int_equal(c.total.n, 3);
    compare_release(&c);

    c = compare(v, "2024", UINT64_MAX);         /* it returned the period before, which makes no difference */
    assert_string_equal(rows_of(&c), "1 20.0 1- final|2 - 0  missing|4 - 0  missing");
    assert_true(compare_row_is_missing(&c.rows[1]));
    assert_int_equal(c.change.n_before, 3);
    assert_int_equal(c.change.n_both, 1);
    compare_release(&c);

    struct definition_row d = definition(v, "cpp_repeat_pct");
    struct slug only[] = {voices[1]->body.slug, voices[3]->body.slug};
    struct compare_ask ask = { .v = v, .charter = charter, .definition = &d, .breakdown = "", .period = year("2024"),
                               .as_of_ms = UINT64_MAX, .only = only, .n_only = 2 };
    OKAY(compare_make(&ask, &c));               /* asked for by name it has a row, and is not missing */
    assert_string_equal(rows_of(&c), "1 20.0 1- final|3 - 0  former");
    assert_false(compare_row_is_missing(&c.rows[1]));
    compare_release(&c);
    view_close(v);
}

/* What it could read it still can, also when its view is made anew; what came since it cannot. */
static void who_was_removed_compares_what_it_could_read(void **state)
{
    (void)state;
    found_alliance(3);
    for (unsigned n = 1; n <= 3; n++)
        say_percent(n, "2023", 10 * n, 100);
    remove_member(3);
    (void)say_epoch(voices[1], charter, 1);
    say_percent(1, "2023", 90, 100);
    struct view *v = view_of(3);
    (void)fold(v, 3);
    struct comparison c = compare(v, "2023", UINT64_MAX);
    assert_string_equal(rows_of(&c), "1 10.0 1A final|2 20.0 2B final|3 30.0 3D final");
    compare_release(&c);
    view_close(v);
}

/* Members `a` and `b` go on where `old` left off. */
static void succeed(unsigned old, unsigned a, unsigned b, const char *from)
{
    struct charter *next = charter_after(charter, 0);
    for (unsigned i = 0; i < 2; i++) {
        struct succession *s = &next->successions[next->n_successions++];
        s->slug = voices[i == 0 ? a : b]->body.slug;
        s->old = voices[old]->body.slug;
        (void)snprintf(s->from, sizeof(s->from), "%s", from);
    }
    enact(next, BY(1));
}

/* Member 2 was split into 3 and 4 between the two years; none of them has left the charter. */
static void nobody_is_missed_where_it_was_not_there(void **state)
{
    (void)state;
    found_alliance(4);
    say_percent(1, "2023", 10, 100);
    say_percent(2, "2023", 20, 100);
    say_percent(1, "2024", 12, 100);
    say_percent(3, "2024", 15, 100);
    succeed(2, 3, 4, "2023-04-01");
    publish_all();
    struct view *v = view_of(1);
    (void)fold(v, 1);
    struct comparison c = compare(v, "2023", UINT64_MAX);
    assert_string_equal(rows_of(&c), "1 10.0 1A final|2 20.0 2D final");
    assert_true(compare_tells_succession(&c, charter, 0) && c.joined == 0);
    compare_release(&c);
    c = compare(v, "2024", UINT64_MAX);
    assert_string_equal(rows_of(&c), "1 12.0 1A final|3 15.0 2D final|4 - 0  missing");
    assert_int_equal(c.total.n, 2);
    assert_int_equal(c.joined, 3);              /* the change is of 2, and of 3 and 4: and that is told */
    assert_true(compare_tells_succession(&c, charter, 0) && compare_tells_succession(&c, charter, 1));
    compare_release(&c);
    view_close(v);
}

static void check_like(struct view *v, const char *y, int64_t before, int64_t now)
{
    struct comparison c = compare(v, y, UINT64_MAX);
    assert_int_equal(c.joined, 3);
    assert_int_equal(c.change.n_both, 1);
    assert_int_equal(c.change.like_before.mantissa, before);
    assert_int_equal(c.change.like_now.mantissa, now);
    assert_int_equal(c.total.numerator.mantissa, now);
    compare_release(&c);
}

/* 3 and 4 worked out what 2 had returned for the year that was its last; and 2 went on for a year when it was no more. */
static void a_body_that_two_tell_of_is_counted_once(void **state)
{
    (void)state;
    found_alliance(4);
    static const struct { unsigned who; const char *year; int64_t n; } said[] = {
        {2, "2022", 20}, {2, "2023", 24}, {3, "2023", 10}, {4, "2023", 14}, {2, "2024", 30}, {3, "2024", 12}, {4, "2024", 16},
        {3, "2025", 13}, {4, "2025", 18},
    };
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
        say_percent(said[i].who, said[i].year, said[i].n, 100);
    succeed(2, 3, 4, "2023-04-01");
    publish_all();
    struct view *v = view_of(1);
    (void)fold(v, 1);
    check_like(v, "2023", 20, 24);
    check_like(v, "2024", 24, 28);
    check_like(v, "2025", 28, 31);
    struct comparison c = compare(v, "2023", UINT64_MAX);
    assert_int_equal(c.n_rows, 4);              /* each is shown */
    assert_string_equal(compare_counted(&c, charter, 0)->slug.s, "barset-2");
    compare_release(&c);
    c = compare(v, "2025", UINT64_MAX);
    assert_null(compare_counted(&c, charter, 0));
    compare_release(&c);
    view_close(v);
}

static void who_was_not_there_is_told_so_when_asked_for_by_name(void **state)
{
    (void)state;
    found_alliance(4);
    for (unsigned n = 1; n <= 2; n++) {
        say_percent(n, "2023", 10 * n, 100);
        say_percent(1, "2024", 20, 100);
    }
    succeed(2, 3, 4, "2023-04-01");
    publish_all();
    struct view *v = view_of(1);
    (void)fold(v, 1);
    struct definition_row d = definition(v, "cpp_repeat_pct");
    struct slug only[] = {voices[2]->body.slug, voices[3]->body.slug};
    struct comparison c;
    struct compare_ask ask = { .v = v, .charter = charter, .definition = &d, .breakdown = "", .period = year("2023"),
                               .as_of_ms = UINT64_MAX, .only = only, .n_only = 2 };
    OKAY(compare_make(&ask, &c));
    assert_string_equal(rows_of(&c), "2 20.0 1- final|3 - 0  not-yet");
    assert_false(compare_row_is_missing(&c.rows[1]));
    compare_release(&c);
    ask.period = year("2024");
    OKAY(compare_make(&ask, &c));
    assert_string_equal(rows_of(&c), "2 - 0  no-more|3 - 0  missing");
    assert_false(compare_row_is_missing(&c.rows[0]));
    compare_release(&c);
    view_close(v);
}

static void nor_is_a_series_missed_beyond_its_end_nor_silence_asked_about(void **state)
{
    (void)state;
    found_alliance(4);
    for (unsigned n = 1; n <= 4; n++)
        say_percent(n == 4 ? 1 : n, n == 4 ? "2025" : n == 3 ? "2024" : "2023", 10 * n, 100);
    succeed(2, 3, 4, "2023-04-01");
    publish_all();
    struct view *v = view_of(1);
    (void)fold(v, 1);
    struct definition_row d = definition(v, "cpp_repeat_pct");
    struct series s;
    struct series_ask ask = {.v = v, .definition = &d, .breakdown = "", .slug = "barset-2", .charter = charter,
                             .as_of_ms = UINT64_MAX};
    OKAY(series_make(&ask, &s));
    assert_int_equal(s.n, 1);
    series_release(&s);
    ask.slug = "barset-3";                      /* is there, and has not returned the last */
    OKAY(series_make(&ask, &s));
    assert_int_equal(s.n, 2);
    series_release(&s);

    struct period_asked asked;
    struct region r;
    struct outliers o;
    OKAY(period_parse("2023", &asked));
    struct region_ask region = {.v = v, .charter = charter, .official = &official_definitions, .period = &asked,
                                .as_of_ms = UINT64_MAX};
    OKAY(region_make(&region, &r));
    assert_int_equal(r.n_authorities, 2);
    assert_true(region_tells_succession(&r, 0));
    OKAY(outliers_find(v, &r, UINT64_MAX, 0, &o));
    for (size_t i = 0; i < o.n; i++)
        assert_int_not_equal(o.list[i].rule, RULE_SILENT);
    outliers_release(&o);
    region_release(&r);
    view_close(v);
}

static void a_body_is_there_from_day_to_day(void **state)
{
    (void)state;
    found_alliance(4);
    succeed(2, 3, 4, "2023-04-01");
    struct charter *next = charter_after(charter, 0);       /* 3 goes on for 1, too, later; and hampshire, which is older, for 2 */
    next->successions[next->n_successions++] = (struct succession){voices[3]->body.slug, voices[1]->body.slug, "2024-04-01"};
    enact(next, BY(1));
    const struct authority *hampshire = register_by_dfe("850");
    const struct { unsigned who; const char *day; enum being being; } days[] = {
        {1, "2024-03-31", BEING_THERE}, {1, "2024-04-01", BEING_NO_MORE}, {2, "2023-03-31", BEING_THERE},
        {2, "2023-04-01", BEING_NO_MORE}, {3, "2023-03-31", BEING_NOT_YET}, {3, "2023-04-01", BEING_THERE},
        {3, "2030-01-01", BEING_THERE}, {4, "2023-03-31", BEING_NOT_YET},
    };
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
        assert_int_equal(being_on(charter, &voices[days[i].who]->body.slug, NULL, days[i].day), days[i].being);
    assert_non_null(hampshire);
    assert_int_equal(being_on(charter, &voices[4]->body.slug, hampshire, "2023-03-31"), BEING_THERE);
    struct coverage c = {.slug = voices[4]->body.slug.s, .state = COVERAGE_MISSING}, some = c, sealed = c;
    some.answered = 1;
    sealed.state = COVERAGE_SEALED;
    being_excuse(charter, "2023-03-31", &c);
    being_excuse(charter, "2023-03-31", &some);
    being_excuse(charter, "2023-03-31", &sealed);
    assert_true(c.state == COVERAGE_NOT_DUE && some.state == COVERAGE_MISSING && sealed.state == COVERAGE_SEALED);
    c.state = COVERAGE_MISSING;
    being_excuse(charter, "2023-04-01", &c);
    assert_int_equal(c.state, COVERAGE_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ranks_bands_and_the_total_are_of_those_with_a_number, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_count_beside_a_symbol_belongs_to_the_total_alone, make_world, drop_world),
        cmocka_unit_test_setup_teardown(the_change_is_like_for_like_and_a_row_knows_its_own, make_world, drop_world),
        cmocka_unit_test_setup_teardown(another_definition_stands_in_its_row_and_counts_nowhere, make_world, drop_world),
        cmocka_unit_test_setup_teardown(figures_under_a_definition_of_a_later_version_are_compared, make_world, drop_world),
        cmocka_unit_test_setup_teardown(as_of_an_earlier_time_the_earlier_version_counts, make_world, drop_world),
        cmocka_unit_test_setup_teardown(rows_are_sorted_by_value_by_name_and_by_rank, make_world, drop_world),
        cmocka_unit_test(only_counts_of_people_have_an_interval),
        cmocka_unit_test_setup_teardown(the_period_before_is_compared_while_the_newest_is_short_of_half, make_world, drop_world),
        cmocka_unit_test_setup_teardown(who_has_left_counts_where_it_published_and_is_not_missed_elsewhere, make_world, drop_world),
        cmocka_unit_test_setup_teardown(who_was_removed_compares_what_it_could_read, make_world, drop_world),
        cmocka_unit_test_setup_teardown(nobody_is_missed_where_it_was_not_there, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_body_that_two_tell_of_is_counted_once, make_world, drop_world),
        cmocka_unit_test_setup_teardown(who_was_not_there_is_told_so_when_asked_for_by_name, make_world, drop_world),
        cmocka_unit_test_setup_teardown(nor_is_a_series_missed_beyond_its_end_nor_silence_asked_about, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_body_is_there_from_day_to_day, make_world, drop_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
