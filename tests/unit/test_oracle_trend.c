/* The recent trend of OHID Fingertips, recomputed from its points. */
#include "tests/unit/oracle.h"

#include "cli/stats/trend.h"

enum { POINTS = 64 };

struct series { struct trend_point points[POINTS]; long order[POINTS]; char period[POINTS][16]; size_t n; };

static bool is_same(const struct table *a, const char *an, const struct table *b, const char *bn)
{
    return strcmp(col(a, an), col(b, bn)) == 0;
}

static bool real(const char *text, double *ret)
{
    char *end;
    *ret = strtod(text, &end);
    return end != text && *end == '\0';
}

/* Insert in order of time. */
static void put(struct series *s, const struct table *t)
{
    struct trend_point p;
    long order = strtol(col(t, "Time period Sortable"), NULL, 10);
    size_t at = s->n++;
    assert_true(s->n <= POINTS);
    p.is_usable = real(col(t, "Value"), &p.value);
    p.is_usable = real(col(t, "Lower CI 95.0 limit"), &p.lower) && p.is_usable;
    p.is_usable = real(col(t, "Upper CI 95.0 limit"), &p.upper) && p.is_usable;
    for (; at > 0 && s->order[at - 1] > order; at--) {
        s->points[at] = s->points[at - 1];
        s->order[at] = s->order[at - 1];
        memcpy(s->period[at], s->period[at - 1], sizeof(s->period[at]));
    }
    s->points[at] = p;
    s->order[at] = order;
    snprintf(s->period[at], sizeof(s->period[at]), "%s", col(t, "Time period"));
}

static void load(struct series *s, const char *root, const struct table *oracle)
{
    struct table t;
    s->n = 0;
    assert_true(table_open(&t, under(root, "fingertips/hospital_admissions_0_14_la.csv")));
    while (table_next(&t))
        if (is_same(&t, "Area Code", oracle, "area_code") && is_same(&t, "Sex", oracle, "sex") &&
            is_same(&t, "Age", oracle, "age"))
            put(s, &t);
    table_close(&t);
}

/* The oracle is rounded to six decimals. */
static bool is_rounded(const char *want, bool has, double got)
{
    return *want == '\0' ? !has : has && fabs(got - strtod(want, NULL)) <= 5.001e-7 + 1e-12 * fabs(got);
}

static struct score fingertips(const char *root)
{
    struct score score = {0};
    struct table t;
    assert_true(table_open(&t, under(root, "oracles/fingertips_trend.csv")));
    while (table_next(&t)) {
        struct series s;
        load(&s, root, &t);
        struct trend got = trend_of(s.points, s.n);
        bool known = got.direction != TREND_UNKNOWN;
        const char *why = strcmp(trend_name(got.direction), col(&t, "computed_direction")) != 0 ? "direction"
                        : s.n == 0 || strcmp(s.period[s.n - 1], col(&t, "latest_period")) != 0 ? "period"
                        : got.n != strtoul(col(&t, "points"), NULL, 10)                         ? "points"
                        : !is_rounded(col(&t, "slope"), known, got.slope)                       ? "slope"
                        : !is_rounded(col(&t, "chi2"), known, got.chi2)                         ? "chi2" : NULL;
        score_row(&score, "fingertips_trend", &t, why == NULL, why);
    }
    table_close(&t);
    return score;
}

static void every_trend_of_fingertips_is_recomputed_from_its_points(void **state)
{
    (void)state;
    reproduce("fingertips_trend", fingertips, 36, 216);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_trend_of_fingertips_is_recomputed_from_its_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
