/* Public figures beside the members' own: whose they are, what they count for, what they are asked. */
/* This file says fewer things than the fixture can. */
#pragma GCC diagnostic ignored "-Wunused-function"
#include "view_fixture.h"

#include "cli/compare/match.h"
#include "cli/compare/others.h"
#include "cli/compare/outliers.h"
#include "cli/compare/rug.h"
#include "cli/official.h"

#define ID "cpp_repeat_pct"

static struct figure figure_at(const char *id, const char *period, int64_t n, int64_t of)
{
    const struct definition *d = register_definition(id);
    struct figure f = figure_of(id, period, n);
    f.definition = definition_hash(d);
    f.denominator.mantissa = of;
    OKAY(decimal_ratio(d->multiplier, f.numerator, f.denominator, d->decimals, &f.value));
    return f;
}

static uint64_t say(unsigned who, const char *id, const char *y, int64_t n, int64_t of)
{
    struct figure f = figure_at(id, y, n, of);
    return say_figure_as(voices[who], &f, false);
}

/* ---- what was imported ---- */

static void begin(struct view *v, const char *name, const char *kind)
{
    struct reference_source s = {name, kind, "long", "a test", "2024-11-01", "2025-01-01T00:00:00Z", "", "", 1, 1};
    OKAY(view_reference_begin(v, &s));
}

static void import(struct view *v, const char *slug, const struct figure *f)
{
    const struct area *area = register_area(slug);
    const struct authority *a = NULL;
    struct reference_place p = {"country", slug, NULL, slug};
    if (area == NULL) {
        OKAY(register_find(slug, &a));
        p = (struct reference_place){"authority", a->slug.s, a->dfe, a->name};
    }
    OKAY(view_reference_put_figure(v, "figures", &p, f, "2024-11-01"));
}

static void import_percent(struct view *v, const char *slug, const char *y, int64_t n)
{
    struct figure f = figure_at(ID, y, n, 1000);
    import(v, slug, &f);
}

static const char *const strangers[] = {"leeds", "kent", "surrey", "devon", "cornwall", "norfolk", "essex", "bury",
                                       "leicester", "york"};
enum { STRANGERS = sizeof(strangers) / sizeof(strangers[0]) };

/* Three members, of whom the third returned nothing; ten others, of whom the last stands far out. */
static struct view *world_of_thirteen(void)
{
    found_alliance(3);
    say(1, ID, "2024", 200, 1000);
    say(2, ID, "2024", 210, 1000);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    begin(v, "figures", "figures");
    for (int i = 0; i < STRANGERS; i++) {
        import_percent(v, strangers[i], "2024", i + 1 < STRANGERS ? 200 + i : 700);
        import_percent(v, strangers[i], "2023", 200);
    }
    import_percent(v, "E92000001", "2024", 250);
    struct figure other = figure_at("rereferral_pct", "2022", 10, 100);
    import(v, "leeds", &other);
    OKAY(view_reference_end(v, OK));
    return v;
}

static struct region region_in(struct view *v, enum compare_set set, const char *y)
{
    struct period_asked asked = {.kind = PERIOD_LATEST};
    struct region r;
    if (y != NULL)
        OKAY(period_parse(y, &asked));
    struct region_ask ask = {.v = v, .charter = charter, .official = &official_definitions, .period = &asked,
                             .as_of_ms = UINT64_MAX, .set = set};
    OKAY(region_make(&ask, &r));
    return r;
}

static const struct compare_row *row_in(const struct region *r, size_t i, const char *slug)
{
    struct slug s;
    OKAY(slug_parse(bytes_of(slug), &s));
    return region_row_of(&r->rows[i], &s);
}

/* ---- the region ---- */

static void the_alliance_knows_nobodys_public_figure(void **state)
{
    (void)state;
    struct view *v = world_of_thirteen();
    struct region r = region_in(v, SET_ALLIANCE, NULL);
    assert_int_equal(r.n, 1);
    assert_int_equal(r.n_authorities, 3);
    assert_int_equal(r.rows[0].c.n, 2);
    assert_int_equal(r.rows[0].c.n_public, 0);
    region_release(&r);
    view_close(v);
}

static void beyond_it_public_figures_stand_marked_and_are_no_returns(void **state)
{
    (void)state;
    struct view *v = world_of_thirteen();
    struct region r = region_in(v, SET_ALL, NULL);
    assert_int_equal(r.n, 2);                   /* also what nobody of the members published, in its own period */
    assert_string_equal(r.rows[0].definition.definition.id, ID);
    assert_string_equal(r.rows[1].definition.definition.id, "rereferral_pct");
    assert_string_equal(r.rows[1].period.period, "2022");
    assert_int_equal(r.n_authorities, 3 + STRANGERS);       /* and nobody of whom nothing is known */
    assert_int_equal(r.rows[0].c.n, 2 + STRANGERS);
    assert_int_equal(r.rows[0].c.n_public, STRANGERS);
    const struct compare_row *leeds = row_in(&r, 0, "leeds"), *own = row_in(&r, 0, "barset-1");
    assert_true(leeds->is_public && leeds->is_public_before && !compare_row_returned(leeds));
    assert_string_equal(compare_row_source(leeds), "reference");
    assert_string_equal(rug_sign(leeds), "p");
    assert_true(!own->is_public && compare_row_returned(own));
    assert_string_equal(compare_row_source(own), "member");
    assert_string_equal(rug_sign(own), "");
    region_release(&r);
    view_close(v);
}

static void as_of_a_day_before_a_release_its_period_is_not_known(void **state)
{
    (void)state;
    struct view *v = world_of_thirteen();
    struct period_asked asked = {.kind = PERIOD_LATEST};
    struct region r;
    struct region_ask ask = {.v = v, .charter = charter, .official = &official_definitions, .period = &asked, .as_of_ms = 1,
                             .set = SET_ALL};
    OKAY(region_make(&ask, &r));
    assert_int_equal(r.n, 0);
    region_release(&r);
    view_close(v);
}

/* ---- outliers ---- */

static size_t count_of(const struct outliers *o, enum outlier_rule rule, const char *slug)
{
    size_t n = 0;
    for (size_t i = 0; i < o->n; i++)
        n += o->list[i].rule == rule && strcmp(o->list[i].slug->s, slug) == 0;
    return n;
}

static void public_figures_are_tested_and_asked_for_no_return(void **state)
{
    (void)state;
    struct view *v = world_of_thirteen();
    struct region r = region_in(v, SET_ALL, "2024");
    struct outliers o;
    OKAY(outliers_find(v, &r, UINT64_MAX, 0, &o));
    assert_int_equal(o.tally.comparisons, 2 + STRANGERS);
    assert_int_equal(count_of(&o, RULE_FUNNEL, "york"), 1);
    assert_int_equal(count_of(&o, RULE_SILENT, "barset-3"), 1);
    for (size_t i = 0; i < o.n; i++)            /* of 150 others that published nothing not one */
        assert_true(o.list[i].rule == RULE_FUNNEL || strncmp(o.list[i].slug->s, "barset-", 7) == 0);
    outliers_release(&o);
    region_release(&r);
    view_close(v);
}

/* What others published of a member is not its return, now or before. */
static void a_member_with_only_a_public_figure_still_owes_its_return(void **state)
{
    (void)state;
    struct outliers o;
    struct view *v = world_of_thirteen();
    struct region r = region_in(v, SET_ALL, "2024");
    struct compare_row *row = &r.rows[0].c.rows[row_in(&r, 0, "barset-3") - r.rows[0].c.rows];
    row->has_figure = row->is_public = row->has_before = row->is_public_before = true;
    row->figure.figure = figure_at(ID, "2024", 300, 1000);
    OKAY(outliers_find(v, &r, UINT64_MAX, 0, &o));
    assert_int_equal(count_of(&o, RULE_SILENT, "barset-3"), 1);
    outliers_release(&o);
    row->is_public_before = false;              /* of its own: then this period's is late */
    OKAY(outliers_find(v, &r, UINT64_MAX, 0, &o));
    assert_int_equal(count_of(&o, RULE_SILENT, "barset-3"), 0);
    assert_int_equal(count_of(&o, RULE_LATE, "barset-3"), 1);
    outliers_release(&o);
    region_release(&r);
    view_close(v);
}

/* ---- matches ---- */

static void needs_are_members_and_strengths_anybodys(void **state)
{
    (void)state;
    struct view *v = world_of_thirteen();
    struct region r = region_in(v, SET_ALL, "2024");
    struct slug about;
    struct matches m;
    OKAY(match_find(v, &r, UINT64_MAX, NULL, &m));
    assert_int_equal(m.n, 3);                   /* of barset-2, the one member in the worst quarter */
    for (size_t i = 0; i < m.n; i++) {
        assert_string_equal(m.list[i].to->slug.s, "barset-2");
        assert_true(m.list[i].from->is_public || m.list[i].from->is_member);
    }
    match_release(&m);
    OKAY(slug_parse(bytes_of("york"), &about));    /* asked about by name, also one that is no member */
    OKAY(match_find(v, &r, UINT64_MAX, &about, &m));
    assert_int_equal(m.n, 3);
    assert_string_equal(m.list[0].to->slug.s, "york");
    match_release(&m);
    region_release(&r);
    view_close(v);
}

/* By the built-in model Kent is none of York's. */
static void an_imported_model_says_who_is_a_neighbour(void **state)
{
    (void)state;
    struct view *v = world_of_thirteen();
    struct slug about;
    struct matches m;
    begin(v, "model", "neighbours");
    OKAY(view_reference_put_neighbour(v, "model", "york", 1, "kent", ""));
    OKAY(view_reference_end(v, OK));
    struct region r = region_in(v, SET_ALL, "2024");
    r.model = "model";
    OKAY(slug_parse(bytes_of("york"), &about));
    OKAY(match_find(v, &r, UINT64_MAX, &about, &m));
    assert_string_equal(m.list[0].from->slug.s, "kent");
    assert_int_equal(m.list[0].neighbour, 1);
    assert_int_equal(m.list[1].neighbour, 0);
    match_release(&m);
    OKAY(slug_parse(bytes_of("kent"), &about)); /* and of each that it could help by itself */
    OKAY(match_find(v, &r, UINT64_MAX, &about, &m));
    assert_int_equal(m.n, 3);
    assert_string_equal(m.list[0].to->slug.s, "york");
    assert_int_equal(m.list[0].neighbour, 1);
    assert_int_equal(m.list[1].neighbour + m.list[2].neighbour, 0);
    match_release(&m);
    region_release(&r);
    view_close(v);
}

/* ---- beside a page about the members ---- */

static void england_and_the_neighbours_stand_beside_where_imported(void **state)
{
    (void)state;
    struct view *v = world_of_thirteen();
    struct definition_row d;
    struct others o;
    struct slug of[2];
    begin(v, "model", "neighbours");
    OKAY(view_reference_put_neighbour(v, "model", "york", 1, "kent", ""));
    OKAY(view_reference_put_neighbour(v, "model", "york", 2, "essex", ""));
    OKAY(view_reference_put_neighbour(v, "model", "york", 3, "wigan", ""));
    OKAY(view_reference_end(v, OK));
    OKAY(slug_parse(bytes_of("york"), &of[0]));
    OKAY(slug_parse(bytes_of("barset-1"), &of[1]));
    OKAY(view_definition(v, ID, &official_definitions, &d));
    struct compare_ask ask = {.v = v, .charter = charter, .definition = &d, .breakdown = "", .period = year("2024"),
                              .as_of_ms = UINT64_MAX, .model = "model"};
    OKAY(others_make(&ask, of, 2, &o));
    assert_true(o.any && o.has_england);
    assert_int_equal(o.england.value.mantissa, 250);
    assert_int_equal(o.of[0].n_named, 3);       /* Wigan has none */
    assert_int_equal(o.of[0].n, 2);
    assert_int_equal(o.of[0].mean.mantissa, 204);           /* 20.1 and 20.6: 20.35, half up */
    assert_int_equal(o.of[1].n, 0);             /* the register does not know it */
    others_release(&o);
    ask.period = year("2021");
    OKAY(others_make(&ask, of, 2, &o));
    assert_false(o.any);
    assert_null(o.of);
    others_release(&o);
    struct hash in_force = d.hash;              /* England's figure is of the official definition */
    d.hash.b[0] ^= 1;
    ask.period = year("2024");
    OKAY(others_make(&ask, of, 2, &o));
    assert_false(o.has_england);
    assert_int_equal(o.of[0].n, 0);
    others_release(&o);
    d.hash = in_force;
    view_close(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_alliance_knows_nobodys_public_figure, make_world, drop_world),
        cmocka_unit_test_setup_teardown(beyond_it_public_figures_stand_marked_and_are_no_returns, make_world, drop_world),
        cmocka_unit_test_setup_teardown(as_of_a_day_before_a_release_its_period_is_not_known, make_world, drop_world),
        cmocka_unit_test_setup_teardown(public_figures_are_tested_and_asked_for_no_return, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_member_with_only_a_public_figure_still_owes_its_return, make_world, drop_world),
        cmocka_unit_test_setup_teardown(needs_are_members_and_strengths_anybodys, make_world, drop_world),
        cmocka_unit_test_setup_teardown(an_imported_model_says_who_is_a_neighbour, make_world, drop_world),
        cmocka_unit_test_setup_teardown(england_and_the_neighbours_stand_beside_where_imported, make_world, drop_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
