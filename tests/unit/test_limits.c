/* How far chance may have moved a figure, by what its definition says of its parts, and over which population. */
/* This file says fewer things than the fixture can. */
#pragma GCC diagnostic ignored "-Wunused-function"
#include "view_fixture.h"

#include "cli/compare/series.h"
#include "cli/official.h"

static struct figure figure_at(const char *id, const char *period, int64_t n, int64_t of)
{
    const struct definition *d = register_definition(id);
    struct figure f = figure_of(id, period, n);
    f.definition = definition_hash(d);
    f.denominator.mantissa = of;
    OKAY(decimal_ratio(d->multiplier, f.numerator, f.denominator, d->decimals, &f.value));
    return f;
}

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

static void import_population(struct view *v, const char *slug, const char *y, const char *age, uint64_t persons)
{
    const struct authority *a;
    OKAY(register_find(slug, &a));
    struct reference_place p = {"authority", a->slug.s, a->dfe, a->name};
    OKAY(view_reference_put_population(v, "people", &p, y, age, persons));
}

static struct figure rate_of(const char *y, int64_t value)
{
    struct figure f = figure_of("cin_rate", y, 0);
    f.definition = definition_hash(register_definition("cin_rate"));
    f.has_numerator = f.has_denominator = false;
    f.has_value = true;
    f.value = (struct decimal){value, 1};
    f.status = STATUS_STATED;
    return f;
}

static const char *limits(struct view *v, const struct figure *f, const char *slug)
{
    static char text[64];
    const struct authority *a = NULL;
    const struct definition *d = register_definition(f->indicator);
    struct population p;
    struct interval in;
    if (slug != NULL)
        OKAY(register_find(slug, &a));
    OKAY(compare_population(v, d, a, f, UINT64_MAX, &p));
    (void)snprintf(text, sizeof(text), "none");
    if (compare_interval(f, d, p.persons, &in))
        (void)snprintf(text, sizeof(text), "%.1f %.1f of %llu", in.lower, in.upper, (unsigned long long)p.persons);
    return text;
}

static void a_rate_rests_on_the_population_that_it_follows_from(void **state)
{
    (void)state;
    found_alliance(1);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    begin(v, "people", "populations");
    import_population(v, "kent", "2023", "Children aged 0 to 17 years", 10000);
    import_population(v, "kent", "2023", "Children aged 0 to 15 years", 9000);
    import_population(v, "kent", "2024", "Children aged 0 to 17 years", 20000);
    OKAY(view_reference_end(v, OK));
    struct figure f = rate_of("2024", 1000);    /* 100.0 of 10,000: 100, Byar 81.4 to 121.6 */
    assert_string_equal(limits(v, &f, "kent"), "81.4 121.6 of 10000");
    assert_string_equal(limits(v, &f, "essex"), "none");
    assert_string_equal(limits(v, &f, NULL), "none");
    struct figure whole = f;                    /* the year that ends in 2024 */
    (void)snprintf(whole.period, sizeof(whole.period), "202324");
    (void)snprintf(whole.time_identifier, sizeof(whole.time_identifier), "Financial year");
    assert_string_equal(limits(v, &whole, "kent"), "81.4 121.6 of 10000");
    (void)snprintf(whole.time_identifier, sizeof(whole.time_identifier), "Financial year Q1");
    assert_string_equal(limits(v, &whole, "kent"), "none");

    f.has_numerator = true;                     /* a numerator that gives the value over it; and one that does not */
    f.numerator = (struct decimal){100, 0};
    assert_string_equal(limits(v, &f, "kent"), "81.4 121.6 of 10000");
    f.numerator = (struct decimal){101, 0};
    assert_string_equal(limits(v, &f, "kent"), "none");
    f.has_numerator = false;
    f.value = (struct decimal){1005, 1};        /* no whole number of 10,000 gives 100.5 */
    assert_string_equal(limits(v, &f, "kent"), "none");
    struct figure own = f;                      /* its own denominator goes before */
    own.has_numerator = own.has_denominator = true;
    own.numerator = (struct decimal){100, 0};
    own.denominator = (struct decimal){5000, 0};
    assert_string_equal(limits(v, &own, "kent"), "162.7 243.3 of 0");
    own.has_numerator = false;                  /* also where its numerator is hidden */
    own.value = (struct decimal){1000, 1};
    assert_string_equal(limits(v, &own, "kent"), "none");
    struct interval in;
    assert_false(compare_interval(&own, register_definition("cin_rate"), 10000, &in));

    struct population p;                        /* before its release it is not known; a proportion is over no population */
    const struct authority *kent;
    struct definition d = *register_definition("cin_rate");
    OKAY(register_find("kent", &kent));
    OKAY(compare_population(v, &d, kent, &f, 1, &p));
    assert_int_equal(p.persons, 0);
    d.parts = PARTS_PROPORTION;
    OKAY(compare_population(v, &d, kent, &f, UINT64_MAX, &p));
    assert_int_equal(p.persons, 0);
    struct figure part = rate_of("2024", 1000);
    (void)snprintf(part.breakdown, sizeof(part.breakdown), "sex=f");
    assert_string_equal(limits(v, &part, "kent"), "none");
    view_close(v);
}

static void the_interval_is_by_what_the_definition_says_of_its_parts(void **state)
{
    (void)state;
    struct interval in;
    struct figure f = figure_at("cpp_repeat_pct", "2024", 20, 100);
    struct definition d = *register_definition("cpp_repeat_pct");
    assert_true(compare_interval(&f, &d, 0, &in));          /* Wilson: 13.3 to 28.9 */
    assert_true(in.lower > 13.3 && in.lower < 13.4 && in.upper > 28.8 && in.upper < 28.9);
    d.parts = PARTS_RATE;                       /* adoptions per hundred placement orders: Byar, though in percent */
    assert_true(compare_interval(&f, &d, 0, &in));
    assert_true(in.lower > 12.2 && in.lower < 12.3 && in.upper > 30.8 && in.upper < 30.9);
    d.parts = PARTS_NONE;
    assert_false(compare_interval(&f, &d, 0, &in));
    d.parts = PARTS_PROPORTION;                 /* a proportion per 10,000 is one */
    d.multiplier = 10000;
    assert_true(compare_interval(&f, &d, 0, &in));
    assert_true(in.lower > 1330 && in.lower < 1340);
    f.has_denominator = false;                  /* and no population stands for its denominator */
    assert_false(compare_interval(&f, &d, 100, &in));
}

static void the_interval_of_a_row_says_whence_its_denominator_is(void **state)
{
    (void)state;
    struct definition_row d;
    struct comparison c;
    struct series s;
    const struct authority *kent;
    found_alliance(1);
    struct figure member = rate_of("2024", 1000);
    (void)say_figure_as(voices[1], &member, false);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    begin(v, "people", "populations");
    import_population(v, "kent", "2023", "Children aged 0 to 17 years", 10000);
    OKAY(view_reference_end(v, OK));
    begin(v, "figures", "figures");
    import(v, "kent", &member);
    struct figure whole = rate_of("2024", 1000);
    whole.has_numerator = whole.has_denominator = true;
    whole.numerator = (struct decimal){100, 0};
    whole.denominator = (struct decimal){10000, 0};
    import(v, "essex", &whole);
    OKAY(view_reference_end(v, OK));
    OKAY(view_definition(v, "cin_rate", &official_definitions, &d));
    struct compare_ask ask = {.v = v, .charter = charter, .definition = &d, .breakdown = "", .period = year("2024"),
                              .as_of_ms = UINT64_MAX, .set = SET_ALL};
    OKAY(compare_make(&ask, &c));
    for (size_t i = 0; i < c.n_rows; i++) {
        const char *slug = c.rows[i].slug.s;
        assert_int_equal(c.rows[i].denominator_source, strcmp(slug, "kent") == 0    ? DENOMINATOR_REFERENCE
                                                       : strcmp(slug, "essex") == 0 ? DENOMINATOR_PUBLISHED
                                                                                    : DENOMINATOR_NONE);
        if (strcmp(slug, "kent") == 0)
            assert_false(c.rows[i].figure.figure.has_denominator);      /* and it goes into no total */
    }
    assert_int_equal(c.total.n, 1);
    bool is_named = false;
    for (size_t i = 0; i < c.n_sources; i++)
        is_named = is_named || (strcmp(c.sources[i].file, "people") == 0 && c.sources[i].is_used);
    assert_true(is_named);
    compare_release(&c);

    OKAY(register_find("kent", &kent));         /* the same in a series */
    struct series_ask over = {.v = v, .definition = &d, .breakdown = "", .slug = "barset-1", .authority = kent,
                              .as_of_ms = UINT64_MAX};
    OKAY(series_make(&over, &s));
    assert_true(s.points[0].has_interval);
    assert_int_equal(s.points[0].denominator_source, DENOMINATOR_REFERENCE);
    series_release(&s);
    view_close(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_rate_rests_on_the_population_that_it_follows_from, make_world, drop_world),
        cmocka_unit_test(the_interval_is_by_what_the_definition_says_of_its_parts),
        cmocka_unit_test_setup_teardown(the_interval_of_a_row_says_whence_its_denominator_is, make_world, drop_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
