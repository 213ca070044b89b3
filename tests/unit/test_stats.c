/* What the DfE publishes is what we compute: sums, ranks, quartiles, bands, intervals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/stats/interval.h"
#include "cli/stats/rank.h"
#include "cli/stats/total.h"

enum { FIELDS_MAX = 16, LINE_MAX_LEN = 1024, VALUES_MAX = 256 };

struct line {
    char text[LINE_MAX_LEN];
    size_t n;
    char *f[FIELDS_MAX];
};

/* The samples have no quotes: a comma ends a field. */
static bool line_next(FILE *in, struct line *l)
{
    if (fgets(l->text, sizeof(l->text), in) == NULL)
        return false;
    l->text[strcspn(l->text, "\n")] = '\0';
    l->n = 0;
    for (char *p = l->text; p != NULL && l->n < FIELDS_MAX;) {
        char *comma = strchr(p, ',');
        l->f[l->n++] = p;
        if (comma != NULL)
            *comma++ = '\0';
        p = comma;
    }
    return true;
}

static FILE *sample(const char *path, struct line *l)
{
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    assert_true(line_next(in, l));               /* the header */
    return in;
}

static struct decimal dec(const char *text)
{
    struct decimal d;
    assert_int_equal(decimal_parse(bytes_of(text), &d), OK);
    return d;
}

static void assert_decimal(struct decimal got, const char *want)
{
    char text[DECIMAL_TEXT_MAX];
    decimal_text(got, text);
    if (decimal_compare(got, dec(want)) != 0)
        assert_string_equal(text, want);
}

static void assert_near(double got, double want)
{
    if (!(fabs(got - want) <= 2e-9 * fmax(1e-9, fabs(want))))
        fail_msg("%.12g is not %.12g", got, want);
}

/* ---- totals ---- */

static void the_dfe_total_of_the_south_east_is_our_sum_to_the_nearest_10(void **state)
{
    (void)state;
    struct line l;
    size_t rows = 0;
    const struct definition d = { .multiplier = 100, .decimals = 1 };
    FILE *in = sample("tests/data/south_east_totals.csv", &l);
    for (; line_next(in, &l); rows++) {
        struct cell cells[VALUES_MAX] = {0};
        struct total got;
        size_t n = 0;
        for (char *word = l.f[5]; word != NULL && *word != '\0'; n++) {
            char *space = strchr(word, ' ');
            if (space != NULL)
                *space++ = '\0';
            cells[n] = (struct cell){ .has_numerator = true, .numerator = dec(word) };
            word = space;
        }
        assert_int_equal(total_of(cells, n, &d, &got), OK);
        assert_int_equal(got.n, 19);
        /* populations are published exact, counts to the nearest 10 */
        bool is_population = strcmp(l.f[3], "denominator") == 0 && strstr(l.f[1], "_rate") != NULL;
        assert_decimal(is_population ? got.numerator : got.numerator_rounded, l.f[4]);
    }
    fclose(in);
    assert_int_equal(rows, 91);
}

static void a_total_is_a_ratio_of_sums_over_usable_cells_only(void **state)
{
    (void)state;
    const struct definition d = { .multiplier = 100, .decimals = 1 };
    struct total got;
    struct cell cells[] = {
        { .has_numerator = true, .has_denominator = true, .numerator = {1, 0}, .denominator = {8, 0} },
        { .has_numerator = true, .has_denominator = true, .numerator = {30, 0}, .denominator = {72, 0} },
        { .has_numerator = true, .numerator = {1000, 0} },                          /* no denominator */
        { .has_numerator = true, .has_denominator = true, .numerator = {7, 0}, .denominator = {0, 0} },
        { .is_suppressed = true, .has_denominator = true, .denominator = {50, 0} },
    };
    assert_int_equal(total_of(cells, 5, &d, &got), OK);
    assert_int_equal(got.n, 2);
    assert_decimal(got.numerator, "31");
    assert_decimal(got.denominator, "80");
    assert_true(got.has_value);
    assert_decimal(got.value, "38.8");
    assert_near(got.raw, 38.75);
    assert_decimal(got.numerator_rounded, "30");
    assert_int_equal(total_of(cells, 0, &d, &got), OK);
    assert_false(got.has_value);
}

/* ---- like for like ---- */

struct expected { struct line line; struct pair pairs[64]; char codes[64][8]; size_t n; };

static void put_cell(struct expected *x, const struct line *l)
{
    size_t i = 0;
    while (i < x->n && strcmp(x->codes[i], l->f[3]) != 0)
        i++;
    if (i == x->n) {
        x->n++;
        snprintf(x->codes[i], sizeof(x->codes[i]), "%s", l->f[3]);
        x->pairs[i] = (struct pair){ .group = (uint32_t)i, .existed_before = true, .exists_now = true };
    }
    struct cell *c = strcmp(l->f[2], "2023") == 0 ? &x->pairs[i].before : &x->pairs[i].now;
    c->has_numerator = decimal_parse(bytes_of(l->f[4]), &c->numerator) == OK;
    c->has_denominator = decimal_parse(bytes_of(l->f[5]), &c->denominator) == OK;
    c->is_suppressed = strcmp(l->f[4], "c") == 0;
}

static void load_cells(struct expected *x)
{
    struct line l;
    FILE *in = sample("tests/data/like_for_like_cells.csv", &l);
    x->n = 0;
    while (line_next(in, &l))
        if (strcmp(l.f[0], x->line.f[0]) == 0 && strcmp(l.f[1], x->line.f[1]) == 0)
            put_cell(x, &l);
    fclose(in);
}

static size_t hidden_in(const struct expected *x, bool now)
{
    size_t hidden = 0;
    for (size_t i = 0; i < x->n; i++)
        hidden += now ? x->pairs[i].now.is_suppressed : x->pairs[i].before.is_suppressed;
    return hidden;
}

static void check_change(const struct expected *x, size_t *hidden)
{
    char *const *f = x->line.f;
    struct definition d = { .multiplier = strstr(f[1], "_pct") != NULL ? 100 : 10000, .decimals = 1 };
    struct change got;
    assert_int_equal(change_of(x->pairs, x->n, 64, &d, &got, NULL), OK);
    assert_int_equal(got.n_before, strtoul(f[2], NULL, 10));
    assert_int_equal(got.n_now, strtoul(f[3], NULL, 10));
    assert_int_equal(got.n_both, strtoul(f[4], NULL, 10));
    assert_decimal(got.plain_before, f[5]);
    assert_decimal(got.plain_now, f[6]);
    assert_decimal(got.like_before, f[8]);
    assert_decimal(got.like_now, f[9]);
    if (*f[11] != '\0') {
        assert_decimal(got.ratio_before, f[11]);
        assert_decimal(got.ratio_now, f[12]);
    }
    bool too_many = 10 * hidden_in(x, false) > got.n_before + hidden_in(x, false) ||
                    10 * hidden_in(x, true) > got.n_now + hidden_in(x, true);
    assert_int_equal(got.is_suppressed, too_many);
    assert_int_equal(got.has_plain, !too_many);
    assert_int_equal(got.has_like, !too_many);
    *hidden += too_many;
    if (too_many)
        return;
    assert_decimal(got.plain_pct, f[7]);
    assert_decimal(got.like_pct, f[10]);
}

static void changes_of_totals_are_like_for_like_as_published_figures_give_them(void **state)
{
    (void)state;
    static struct expected x;
    size_t rows = 0, hidden = 0;
    FILE *in = sample("tests/data/like_for_like.csv", &x.line);
    for (; line_next(in, &x.line); rows++) {
        load_cells(&x);
        check_change(&x, &hidden);
    }
    fclose(in);
    assert_int_equal(rows, 48);
    assert_int_equal(hidden, 4);                 /* plans over two years: small numbers, hidden in all four regions */
}

static struct cell count(int64_t n)
{
    return (struct cell){ .has_numerator = true, .numerator = { n, 0 } };
}

static void an_authority_that_was_split_joins_its_successors_when_every_part_is_usable(void **state)
{
    (void)state;
    const struct definition d = { .multiplier = 10000, .decimals = 1 };
    enum pair_use use[4];
    struct change got;
    struct pair pairs[] = {
        { .group = 0, .existed_before = true, .exists_now = true, .before = count(100), .now = count(110) },
        { .group = 1, .existed_before = true, .before = count(300) },
        { .group = 1, .exists_now = true, .now = count(200) },
        { .group = 1, .exists_now = true, .now = count(70) },
    };
    assert_int_equal(change_of(pairs, 4, 2, &d, &got, use), OK);
    assert_int_equal(got.n_both, 2);
    assert_decimal(got.like_before, "400");
    assert_decimal(got.like_now, "380");
    assert_decimal(got.like_pct, "-5");
    assert_int_equal(use[3], PAIR_BOTH);
    pairs[3].now = (struct cell){0};             /* one successor has not returned */
    assert_int_equal(change_of(pairs, 4, 2, &d, &got, use), OK);
    assert_int_equal(got.n_both, 1);
    assert_decimal(got.like_now, "110");
    assert_decimal(got.plain_now, "310");
    assert_decimal(got.plain_pct, "-22.5");
    assert_int_equal(use[1], PAIR_ONLY_BEFORE);
    assert_int_equal(use[2], PAIR_ONLY_NOW);
    assert_int_equal(use[3], PAIR_NEITHER);
}

static void nothing_before_gives_no_change(void **state)
{
    (void)state;
    const struct definition d = { .multiplier = 100, .decimals = 1 };
    struct change got;
    struct pair pair = { .existed_before = true, .exists_now = true, .before = count(0), .now = count(9) };
    assert_int_equal(change_of(&pair, 1, 1, &d, &got, NULL), OK);
    assert_int_equal(got.n_both, 1);
    assert_false(got.has_plain);
    assert_false(got.has_like);
    pair.before = count(9);
    pair.now = (struct cell){0};                 /* unreliable, or not returned: no sum, so no fall by a hundred per cent */
    assert_int_equal(change_of(&pair, 1, 1, &d, &got, NULL), OK);
    assert_int_equal(got.n_now, 0);
    assert_false(got.has_plain);
    assert_int_equal(change_of(NULL, 0, 0, &d, &got, NULL), OK);
    assert_int_equal(got.n_both, 0);
}

/* ---- ranks against LAIT ---- */

struct lait { struct line line[VALUES_MAX]; size_t n; double sorted[VALUES_MAX]; size_t n_values; };

static void check_measure(struct lait *m)
{
    if (m->n_values == 0)
        return;
    values_sort(m->sorted, m->n_values);
    struct quartiles q = quartiles_of(m->sorted, m->n_values);
    for (size_t i = 0; i < m->n; i++) {
        char *const *f = m->line[i].f;
        enum polarity p = strcmp(f[1], "High") == 0 ? POLARITY_HIGH : strcmp(f[1], "Low") == 0 ? POLARITY_LOW : POLARITY_NONE;
        assert_int_equal(m->n_values, strtoul(f[4], NULL, 10));
        assert_near(q.q25, strtod(f[8], NULL));
        assert_near(q.q50, strtod(f[9], NULL));
        assert_near(q.q75, strtod(f[10], NULL));
        if (*f[3] == '\0')
            continue;
        double value = decimal_double(dec(f[3]));
        assert_int_equal(rank_of(m->sorted, m->n_values, value, p), strtoul(f[5], NULL, 10));
        if (*f[6] != '-')                        /* the catalogue forbids bands on that measure */
            assert_int_equal(band_of(value, &q, p), *f[6]);
    }
}

static void ranks_and_bands_are_those_of_lait(void **state)
{
    (void)state;
    static struct lait m;
    static struct line l;
    size_t measures = 0;
    FILE *in = sample("tests/data/lait_stats.csv", &l);
    char name[64] = "";
    while (line_next(in, &l)) {
        if (strcmp(name, l.f[0]) != 0) {
            check_measure(&m);
            m.n = m.n_values = 0;
            measures++;
            snprintf(name, sizeof(name), "%s", l.f[0]);
        }
        struct line *kept = &m.line[m.n++];
        memcpy(kept->text, l.text, sizeof(l.text));
        for (size_t i = 0; i < l.n; i++)
            kept->f[i] = kept->text + (l.f[i] - l.text);
        if (*l.f[3] != '\0')
            m.sorted[m.n_values++] = decimal_double(dec(l.f[3]));
    }
    check_measure(&m);
    fclose(in);
    assert_int_equal(measures, 5);
}

static void where_quartiles_coincide_no_band_is_shown(void **state)
{
    (void)state;
    double five[] = { 1, 5, 5, 5, 9 };
    struct quartiles q = quartiles_of(five, 5);
    assert_int_equal(band_of(9, &q, POLARITY_LOW), '-');
    assert_int_equal(band_letter(9, &q, POLARITY_LOW), 'D');
    assert_int_equal(band_of(9, &q, POLARITY_NONE), 0);
    assert_int_equal(rank_of(five, 5, 9, POLARITY_NONE), 0);
    assert_int_equal(rank_of(five, 5, 5, POLARITY_LOW), 2);
}

/* ---- against a benchmark ---- */

static void a_limit_on_the_benchmark_counts_as_similar(void **state)
{
    (void)state;
    const struct interval in = { 10, 20 };
    assert_int_equal(interval_versus(in, 10, POLARITY_HIGH), STANDING_SIMILAR);
    assert_int_equal(interval_versus(in, 20, POLARITY_HIGH), STANDING_SIMILAR);
    assert_int_equal(interval_versus(in, 9.99, POLARITY_HIGH), STANDING_BETTER);
    assert_int_equal(interval_versus(in, 20.01, POLARITY_HIGH), STANDING_WORSE);
    assert_int_equal(interval_versus(in, 9.99, POLARITY_LOW), STANDING_WORSE);
    assert_int_equal(interval_versus(in, 20.01, POLARITY_LOW), STANDING_BETTER);
    assert_int_equal(interval_versus(in, 9.99, POLARITY_NONE), STANDING_HIGHER);
    assert_string_equal(standing_name(interval_versus(in, 20.01, POLARITY_NONE)), "lower");
}

static void no_proportion_of_nothing_has_an_interval(void **state)
{
    (void)state;
    struct interval in = { 7, 7 };
    assert_false(interval_wilson(0, 0, LEVEL_95, &in));
    assert_false(interval_wilson(3, 2, LEVEL_95, &in));
    assert_true(in.lower == 7 && in.upper == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_dfe_total_of_the_south_east_is_our_sum_to_the_nearest_10),
        cmocka_unit_test(a_total_is_a_ratio_of_sums_over_usable_cells_only),
        cmocka_unit_test(changes_of_totals_are_like_for_like_as_published_figures_give_them),
        cmocka_unit_test(an_authority_that_was_split_joins_its_successors_when_every_part_is_usable),
        cmocka_unit_test(nothing_before_gives_no_change),
        cmocka_unit_test(ranks_and_bands_are_those_of_lait),
        cmocka_unit_test(where_quartiles_coincide_no_band_is_shown),
        cmocka_unit_test(a_limit_on_the_benchmark_counts_as_similar),
        cmocka_unit_test(no_proportion_of_nothing_has_an_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
