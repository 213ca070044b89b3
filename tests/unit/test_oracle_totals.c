/* Percentages and rates, regional totals, and changes like for like: every row of the oracles. */
#include "tests/unit/regions.h"

#include "cli/register/register.h"

enum { SET_MAX = 256 };

/* ---- values from their parts ---- */

static struct score percentages(const char *root)
{
    struct score score = {0};
    struct table t;
    assert_true(table_open(&t, under(root, "oracles/dfe_percent_recompute.csv")));
    while (table_next(&t)) {
        struct decimal n, d, want, got;
        bool good = number(col(&t, "numerator"), &n) && number(col(&t, "denominator"), &d) &&
                    number(col(&t, "published_value"), &want) &&
                    decimal_ratio(strtoul(col(&t, "multiplier"), NULL, 10), n, d,
                                  (uint8_t)strtoul(col(&t, "published_dp"), NULL, 10), &got) == OK &&
                    decimal_compare(got, want) == 0;
        score_row(&score, "dfe_percent_recompute", &t, good, "value");
    }
    table_close(&t);
    return score;
}

static void every_published_percentage_and_rate_is_recomputed(void **state)
{
    (void)state;
    reproduce("dfe_percent_recompute", percentages, 60, 15872);
}

/* ---- totals: the sum is given, and recomputed where the authorities' figures are at hand ---- */

/* Is it the sum of the authorities' own figures of that release? True too where they are not all at hand. */
static bool adds_up(const struct regions *all, const struct table *t, struct decimal want, size_t *summed)
{
    struct cell cells[SET_MAX];
    struct total got;
    size_t n, used = 0;
    bool denominators = strcmp(col(t, "field"), "denominator") == 0;
    const struct held *rows = regions_set(all, col(t, "region_name"), col(t, "indicator"), col(t, "time_period"), &n);
    for (size_t i = 0; i < n; i++) {
        struct decimal d;
        if (strcmp(rows[i].key[4], col(t, "release")) == 0 && number(denominators ? rows[i].denominator : rows[i].numerator, &d))
            cells[used++] = (struct cell){ .has_numerator = true, .numerator = d };
    }
    if (used != strtoul(col(t, "n_las"), NULL, 10))
        return true;
    ++*summed;
    return total_of(cells, used, register_definition(col(t, "indicator")), &got) == OK && got.n == used &&
           decimal_compare(got.numerator, want) == 0;
}

static struct score totals(const char *root)
{
    struct score score = {0};
    struct table t;
    struct regions all;
    size_t summed = 0;
    regions_open(&all, root, true);
    assert_true(table_open(&t, under(root, "oracles/dfe_region_totals.csv")));
    while (table_next(&t)) {
        struct cell cell = { .has_numerator = true };
        const struct definition *d = register_definition(col(&t, "indicator"));
        struct total got;
        struct decimal want;
        assert_non_null(d);
        bool good = number(col(&t, "sum_of_la_values"), &cell.numerator) && number(col(&t, "official_value"), &want) &&
                    total_of(&cell, 1, d, &got) == OK;
        /* populations are published exact, counts to the nearest 10 */
        bool is_population = d->parts == PARTS_RATE && strcmp(col(&t, "field"), "denominator") == 0;
        good = good && adds_up(&all, &t, cell.numerator, &summed);
        good = good && decimal_compare(is_population ? got.numerator : got.numerator_rounded, want) == 0;
        score_row(&score, "dfe_region_totals", &t, good, "total");
    }
    printf("# %zu of these totals summed from the authorities' figures\n", summed);
    assert_true(summed > 0);
    table_close(&t);
    regions_close(&all);
    return score;
}

static void every_published_total_is_our_sum_to_the_nearest_10(void **state)
{
    (void)state;
    reproduce("dfe_region_totals", totals, 60, 4192);
}

/* ---- like for like ---- */

struct two_periods { struct pair pairs[SET_MAX]; const char *codes[SET_MAX], *names[SET_MAX]; size_t n; };

static void put(struct two_periods *x, const struct regions *all, const struct table *t, const char *period, bool now)
{
    size_t n;
    const struct held *rows = regions_set(all, col(t, "region"), col(t, "indicator"), (char *)(uintptr_t)period, &n);
    for (size_t i = 0, at; i < n; i++) {
        for (at = 0; at < x->n && strcmp(x->codes[at], rows[i].key[3]) != 0; at++)
            ;
        if (at == x->n) {
            assert_true(++x->n <= SET_MAX);
            x->codes[at] = rows[i].key[3];
            x->names[at] = rows[i].name;
            x->pairs[at] = (struct pair){ .group = (uint32_t)at, .existed_before = true, .exists_now = true };
        }
        *(now ? &x->pairs[at].now : &x->pairs[at].before) = held_cell(&rows[i]);
    }
}

static bool is_decimal(const char *want, bool has, struct decimal got)
{
    struct decimal w;
    return *want == '\0' ? !has : has && number(want, &w) && decimal_compare(w, got) == 0;
}

/* "Liverpool 37; Sefton 8": those usable in one period alone, with their count. */
static bool only_is(const char *want, const struct two_periods *x, const enum pair_use *use, enum pair_use which)
{
    size_t len = 0;
    for (size_t i = 0; i < x->n; i++) {
        char one[120], number_text[DECIMAL_TEXT_MAX];
        if (use[i] != which)
            continue;
        decimal_text(which == PAIR_ONLY_NOW ? x->pairs[i].now.numerator : x->pairs[i].before.numerator, number_text);
        snprintf(one, sizeof(one), "%s %s", x->names[i], number_text);
        if (strstr(want, one) == NULL)
            return false;
        len += strlen(one) + (len > 0 ? 2 : 0);
    }
    return len == strlen(want);
}

static const char *check_change(const struct table *t, const struct two_periods *x)
{
    struct change got;
    enum pair_use use[SET_MAX];
    struct definition d = *register_definition(col(t, "indicator"));
    d.decimals = 1;                              /* the oracle gives ratios at one, whatever the indicator's */
    assert_int_equal(change_of(x->pairs, x->n, SET_MAX, &d, &got, use), OK);
    if (!is_text(col(t, "n_2023"), true, (double)got.n_before, 0) || !is_text(col(t, "n_2024"), true, (double)got.n_now, 0) ||
        !is_text(col(t, "n_both"), true, (double)got.n_both, 0))
        return "n";
    if (!is_decimal(col(t, "total_2023"), true, got.plain_before) || !is_decimal(col(t, "total_2024"), true, got.plain_now) ||
        !is_decimal(col(t, "like_2023"), true, got.like_before) || !is_decimal(col(t, "like_2024"), true, got.like_now))
        return "totals";
    if (got.is_suppressed ? got.has_plain || got.has_like
                          : !is_decimal(col(t, "plain_change_pct"), got.has_plain, got.plain_pct) ||
                                !is_decimal(col(t, "like_change_pct"), got.has_like, got.like_pct))
        return "change";
    if (!is_decimal(col(t, "like_ratio_2023"), got.has_ratio, got.ratio_before) ||
        !is_decimal(col(t, "like_ratio_2024"), got.has_ratio, got.ratio_now))
        return "ratio";
    return only_is(col(t, "only_2023"), x, use, PAIR_ONLY_BEFORE) && only_is(col(t, "only_2024"), x, use, PAIR_ONLY_NOW)
               ? NULL : "only";
}

static struct score like_for_like(const char *root)
{
    static struct two_periods x;
    struct score score = {0};
    struct regions all;
    struct table t;
    regions_open(&all, root, false);
    assert_true(table_open(&t, under(root, "oracles/like_for_like.csv")));
    while (table_next(&t)) {
        x.n = 0;
        put(&x, &all, &t, "2023", false);
        put(&x, &all, &t, "2024", true);
        const char *why = check_change(&t, &x);
        score_row(&score, "like_for_like", &t, why == NULL, why);
    }
    table_close(&t);
    regions_close(&all);
    return score;
}

static void every_change_is_like_for_like(void **state)
{
    (void)state;
    reproduce("like_for_like", like_for_like, 6, 48);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_published_percentage_and_rate_is_recomputed),
        cmocka_unit_test(every_published_total_is_our_sum_to_the_nearest_10),
        cmocka_unit_test(every_change_is_like_for_like),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
