/* Golden answers: intervals, rounding, quartiles, ranks, funnels, trends and XmR charts, computed independently. */
#include "tests/unit/oracle.h"

#include "cli/stats/funnel.h"
#include "cli/stats/rank.h"
#include "cli/stats/spc.h"
#include "cli/stats/trend.h"

enum { VALUES_MAX = 64 };
#define RELATIVE 2e-9                       /* ten significant digits */

static struct decimal dec(const char *text)
{
    struct decimal d;
    assert_int_equal(decimal_parse(bytes_of(text), &d), OK);
    return d;
}

/* The numbers of a text up to the first word that is none, behind `label` when it has one. */
static size_t numbers(const char *text, const char *label, double *ret)
{
    size_t n = 0;
    char *end;
    const char *p = label[0] != '\0' ? strstr(text, label) : text;
    assert_non_null(p);
    for (p += strlen(label);; p = end) {
        double x = strtod(p, &end);
        if (end == p)
            return n;
        assert_true(n < VALUES_MAX);
        ret[n++] = x;
    }
}

static bool are(const char *text, const char *label, const double *got, size_t n)
{
    double want[VALUES_MAX];
    if (numbers(text, label, want) != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_near(got[i], want[i], RELATIVE))
            return false;
    return true;
}

/* ---- intervals, rounding ---- */

static bool wilson(const char *input, const char *want, enum level level)
{
    unsigned long x, n;
    struct interval got;
    return sscanf(input, "x=%lu n=%lu", &x, &n) == 2 && interval_wilson(x, n, level, &got) &&
           are(want, "", (double[]){ got.lower, got.upper }, 2);
}

static bool poisson(const char *input, const char *want, enum level level)
{
    struct interval got = interval_poisson(strtoul(input + 2, NULL, 10), level);
    return are(want, "", (double[]){ got.lower, got.upper }, 2);
}

static bool half_up(const char *input, const char *want)
{
    char n[24], d[24];
    unsigned multiplier, decimals;
    struct decimal got;
    return sscanf(input, "numerator=%23s denominator=%23s multiplier=%u decimals=%u", n, d, &multiplier, &decimals) == 4 &&
           decimal_ratio(multiplier, dec(n), dec(d), (uint8_t)decimals, &got) == OK && decimal_compare(got, dec(want)) == 0;
}

static bool nearest_10(const char *input, const char *want)
{
    struct cell cell = { .has_numerator = true, .numerator = dec(input) };
    struct definition d = { .multiplier = 100, .decimals = 1 };
    struct total got;
    return total_of(&cell, 1, &d, &got) == OK && decimal_compare(got.numerator_rounded, dec(want)) == 0;
}

/* ---- quartiles, ranks ---- */

static bool quantile7(const char *input, const char *want)
{
    double values[VALUES_MAX];
    size_t n = numbers(input, "", values);
    values_sort(values, n);
    struct quartiles q = quartiles_of(values, n);
    return are(want, "", (double[]){ q.q0, q.q25, q.q50, q.q75, q.q100 }, 5);
}

/* "4 3 2 1 DCBA": ranks, then letters. */
static bool rank_band(const char *input, const char *want)
{
    double values[VALUES_MAX], sorted[VALUES_MAX], ranks[VALUES_MAX];
    size_t n = numbers(input, "", values);
    const char *letters = strrchr(want, ' ') + 1;
    bool good = true;
    memcpy(sorted, values, n * sizeof(*values));
    values_sort(sorted, n);
    struct quartiles q = quartiles_of(sorted, n);
    for (size_t i = 0; i < n; i++) {
        ranks[i] = (double)rank_of(sorted, n, values[i], POLARITY_HIGH);
        good = good && band_letter(values[i], &q, POLARITY_HIGH) == letters[i];
    }
    return good && strlen(letters) == n && are(want, "", ranks, n);
}

/* ---- trends: "label: 10/8/12 11/9/13": value, lower, upper ---- */

static bool trend(const char *input, const char *want)
{
    struct trend_point points[VALUES_MAX];
    size_t n = 0;
    int used;
    for (const char *p = strchr(input, ':') + 1; n < VALUES_MAX; p += used) {
        struct trend_point *at = &points[n];
        if (sscanf(p, " %lf/%lf/%lf%n", &at->value, &at->lower, &at->upper, &used) != 3)
            break;
        at->is_usable = true;
        n++;
    }
    struct trend got = trend_of(points, n);
    const char *word = strrchr(want, ' ');
    if (strcmp(word != NULL ? word + 1 : want, trend_name(got.direction)) != 0)
        return false;
    return word == NULL ? got.n < TREND_POINTS : are(want, "", (double[]){ got.slope, got.chi2 }, 2);
}

/* ---- XmR: "mean M lower L upper U near A B marks ..O.." ---- */

static bool xmr(const char *input, const char *want, enum spc_screen screen)
{
    double y[VALUES_MAX];
    struct spc_point points[VALUES_MAX];
    size_t n = numbers(strrchr(input, ':') + 1, "", y), marked = 0;
    struct spc c = spc_of(y, n, screen, POLARITY_NONE, points);
    const char *marks = strstr(want, "marks ") + strlen("marks ");
    bool good = c.is_drawn && strlen(marks) == n;
    for (size_t i = 0; good && i < n; i++) {
        good = spc_letter(points[i].mark) == marks[i];
        marked += marks[i] != '.';
    }
    return good && c.n_marked == marked && are(want, "mean", &c.mean, 1) && are(want, "lower", &c.lower, 1) &&
           are(want, "upper", &c.upper, 1) && are(want, "near", (double[]){ c.near_lower, c.near_upper }, 2);
}

/* ---- funnels ---- */

/* A set whose first authority is x of n, and whose target is theta: seven more make up the sums. */
static bool funnel_flagged(const char *input, const char *want, enum parts_kind kind, enum level level)
{
    enum { OTHERS = 7 };
    double x, n, theta;
    struct funnel f;
    struct funnel_point points[OTHERS + 1];
    struct cell cells[OTHERS + 1];
    if (sscanf(input, "x=%lf n=%lf theta=%lf", &x, &n, &theta) != 3)
        return false;
    /* 1e15 people in all, so that theta is met to the last digit that was printed */
    int64_t base = 1000000000000000 / OTHERS, sum_n = base * OTHERS + (int64_t)n;
    int64_t sum_x = (int64_t)llround(theta * (double)sum_n) - (int64_t)x;
    cells[0] = (struct cell){ true, true, { (int64_t)x, 0 }, { (int64_t)n, 0 }, false };
    for (size_t i = 1; i <= OTHERS; i++)
        cells[i] = (struct cell){ true, true, { sum_x / OTHERS + (i == 1 ? sum_x % OTHERS : 0), 0 }, { base, 0 }, false };
    assert_int_equal(funnel_of(cells, OTHERS + 1, kind, &f, points), OK);
    const char *flag = strrchr(want, ' ') != NULL ? strrchr(want, ' ') + 1 : want;
    enum funnel_flag got = points[0].plain[level];
    if (f.why != FUNNEL_TESTED || strcmp(flag, got == FUNNEL_INSIDE ? "inside" : funnel_flag_name(got)) != 0)
        return false;
    struct interval limits = funnel_plain_limits(&f, n, level);
    return kind == PARTS_RATE || are(want, "", (double[]){ limits.lower, limits.upper }, 2);
}

/* "label: 20/100 41/200": numerators of denominators. */
static bool funnel_spread(const char *input, const char *want)
{
    struct cell cells[VALUES_MAX];
    struct funnel_point points[VALUES_MAX];
    struct funnel f;
    size_t n = 0;
    int used;
    double z[VALUES_MAX], za[VALUES_MAX];
    long x, of;
    for (const char *p = strchr(input, ':') + 1; sscanf(p, " %ld/%ld%n", &x, &of, &used) == 2; p += used)
        cells[n++] = (struct cell){ true, true, { x, 0 }, { of, 0 }, false };
    assert_int_equal(funnel_of(cells, n, PARTS_PROPORTION, &f, points), OK);
    if (strcmp(want, "too_few") == 0)
        return f.why == FUNNEL_TOO_FEW;
    for (size_t i = 0; i < n; i++) {
        z[i] = points[i].z;
        za[i] = points[i].za;
    }
    return f.why == FUNNEL_TESTED && are(want, "theta", &f.theta, 1) && are(want, "phi", &f.phi, 1) &&
           are(want, "tau2", &f.tau2, 1) && are(want, " z ", z, n) && are(want, "z_adj", za, n);
}

/* ---- the file ---- */

static bool is_reproduced(const char *m, const char *input, const char *want)
{
    if (strcmp(m, "wilson95") == 0) return wilson(input, want, LEVEL_95);
    if (strcmp(m, "wilson998") == 0) return wilson(input, want, LEVEL_998);
    if (strcmp(m, "poisson95") == 0) return poisson(input, want, LEVEL_95);
    if (strcmp(m, "poisson998") == 0) return poisson(input, want, LEVEL_998);
    if (strcmp(m, "half_up") == 0) return half_up(input, want);
    if (strcmp(m, "nearest_10") == 0) return nearest_10(input, want);
    if (strcmp(m, "quantile7") == 0) return quantile7(input, want);
    if (strcmp(m, "rank_band_high") == 0) return rank_band(input, want);
    if (strcmp(m, "ohid_trend") == 0) return trend(input, want);
    if (strcmp(m, "xmr_screened") == 0) return xmr(input, want, SPC_SCREENED);
    if (strcmp(m, "xmr_unscreened") == 0) return xmr(input, want, SPC_UNSCREENED);
    if (strcmp(m, "funnel_proportion95") == 0) return funnel_flagged(input, want, PARTS_PROPORTION, LEVEL_95);
    if (strcmp(m, "funnel_proportion998") == 0) return funnel_flagged(input, want, PARTS_PROPORTION, LEVEL_998);
    if (strcmp(m, "funnel_rate95") == 0) return funnel_flagged(input, want, PARTS_RATE, LEVEL_95);
    if (strcmp(m, "funnel_rate998") == 0) return funnel_flagged(input, want, PARTS_RATE, LEVEL_998);
    if (strcmp(m, "funnel_od_proportion") == 0) return funnel_spread(input, want);
    return false;
}

static struct score golden(const char *root)
{
    struct score score = {0};
    struct table t;
    assert_true(table_open(&t, under(root, "oracles/golden.csv")));
    while (table_next(&t))
        score_row(&score, "golden", &t, is_reproduced(col(&t, "method"), col(&t, "input"), col(&t, "expected")), "answer");
    table_close(&t);
    return score;
}

static void golden_answers_are_reproduced(void **state)
{
    (void)state;
    reproduce("golden", golden, 99, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_answers_are_reproduced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
