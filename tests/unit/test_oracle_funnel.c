/* Funnels with over-dispersion: every set and every authority of the oracle, from the published figures. */
#include "tests/unit/regions.h"

#include "cli/register/register.h"
#include "cli/stats/funnel.h"

enum { SET_MAX = 256 };
#define RELATIVE 1e-6

static enum parts_kind kind_of(const struct table *t)
{
    const struct definition *d = register_definition(col(t, "indicator"));
    assert_non_null(d);
    assert_string_equal(parts_name(d->parts), col(t, "kind"));
    return d->parts;
}

struct tested { size_t n; const struct held *rows; struct funnel f; struct funnel_point points[SET_MAX]; };

static void test_set(const struct regions *all, const struct table *t, struct tested *ret)
{
    struct cell cells[SET_MAX];
    ret->rows = regions_set(all, col(t, "region"), col(t, "indicator"), col(t, "period"), &ret->n);
    assert_true(ret->n <= SET_MAX);
    for (size_t i = 0; i < ret->n; i++)
        cells[i] = held_cell(&ret->rows[i]);
    assert_int_equal(funnel_of(cells, ret->n, kind_of(t), &ret->f, ret->points), OK);
}

/* "Luton low; Bedford high", in whatever order. */
static bool who_is(const char *want, const struct tested *s, enum level level)
{
    size_t len = 0;
    for (size_t i = 0; i < s->n; i++) {
        char one[120];
        if (s->points[i].adjusted[level] == FUNNEL_INSIDE)
            continue;
        snprintf(one, sizeof(one), "%s %s", s->rows[i].name, funnel_flag_name(s->points[i].adjusted[level]));
        if (strstr(want, one) == NULL)
            return false;
        len += strlen(one) + (len > 0 ? 2 : 0);
    }
    return len == strlen(want);
}

static bool count_is(const struct table *t, const char *name, const struct tested *s, size_t got)
{
    bool tested = s->f.why == FUNNEL_TESTED;
    return is_text(col(t, name), tested, (double)got, 0);
}

static const char *check_group(const struct table *t, const struct tested *s)
{
    char status[64];
    bool tested = s->f.why == FUNNEL_TESTED;
    snprintf(status, sizeof(status), tested ? "tested" : "excluded: %s", funnel_why_name(s->f.why));
    if (strcmp(status, col(t, "status")) != 0)
        return "status";
    if (s->n != strtoul(col(t, "listed"), NULL, 10) || s->f.k != strtoul(col(t, "k"), NULL, 10) ||
        s->f.h != strtoul(col(t, "suppressed"), NULL, 10))
        return "listed, k or suppressed";
    if (!is_text(col(t, "target"), tested, s->f.theta, RELATIVE) || !is_text(col(t, "phi"), tested, s->f.phi, RELATIVE) ||
        !is_text(col(t, "tau2"), tested, s->f.tau2, RELATIVE))
        return "target, phi or tau2";
    if (!count_is(t, "plain95", s, s->f.plain[LEVEL_95]) || !count_is(t, "plain998", s, s->f.plain[LEVEL_998]) ||
        !count_is(t, "adj95", s, s->f.adjusted[LEVEL_95]) || !count_is(t, "adj998", s, s->f.adjusted[LEVEL_998]))
        return "flags";
    return who_is(col(t, "who_adj95"), s, LEVEL_95) && who_is(col(t, "who_adj998"), s, LEVEL_998) ? NULL : "who";
}

static struct score groups(const char *root)
{
    static struct tested s;
    struct score score = {0};
    struct regions all;
    struct table t;
    regions_open(&all, root, false);
    assert_true(table_open(&t, under(root, "oracles/funnel_groups.csv")));
    while (table_next(&t)) {
        test_set(&all, &t, &s);
        const char *why = check_group(&t, &s);
        score_row(&score, "funnel_groups", &t, why == NULL, why);
    }
    table_close(&t);
    regions_close(&all);
    return score;
}

static const char *check_point(const struct table *t, const struct tested *s)
{
    const struct funnel_point *p = NULL;
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->rows[i].key[3], col(t, "old_la_code")) == 0)
            p = &s->points[i];
    if (p == NULL || s->f.why != FUNNEL_TESTED || p->is_usable != (*col(t, "usable") == '1'))
        return "usable";
    if (!is_text(col(t, "s"), p->is_usable, p->s, RELATIVE) || !is_text(col(t, "z"), p->is_usable, p->z, RELATIVE) ||
        !is_text(col(t, "z_adj"), p->is_usable, p->za, RELATIVE))
        return "s, z or z_adj";
    return strcmp(col(t, "plain95"), funnel_flag_name(p->plain[LEVEL_95])) == 0 &&
           strcmp(col(t, "plain998"), funnel_flag_name(p->plain[LEVEL_998])) == 0 &&
           strcmp(col(t, "adj95"), funnel_flag_name(p->adjusted[LEVEL_95])) == 0 &&
           strcmp(col(t, "adj998"), funnel_flag_name(p->adjusted[LEVEL_998])) == 0 ? NULL : "flags";
}

static struct score authorities(const char *root)
{
    static struct tested s;
    struct score score = {0};
    struct regions all;
    struct table t;
    regions_open(&all, root, false);
    assert_true(table_open(&t, under(root, "oracles/funnel_overdispersion.csv")));
    while (table_next(&t)) {
        test_set(&all, &t, &s);
        const char *why = check_point(&t, &s);
        score_row(&score, "funnel_overdispersion", &t, why == NULL, why);
    }
    table_close(&t);
    regions_close(&all);
    return score;
}

static void every_set_is_tested_or_left_out_as_the_method_says(void **state)
{
    (void)state;
    reproduce("funnel_groups", groups, 23, 360);
}

static void every_authority_of_every_set_is_placed_as_the_method_says(void **state)
{
    (void)state;
    reproduce("funnel_overdispersion", authorities, 240, 2861);
}

/* The sentence of the method: 149 comparisons, plain limits list 48, chance alone 0.3, six remain. */
static void of_149_comparisons_in_the_south_east_six_remain(void **state)
{
    (void)state;
    static struct tested s;
    struct funnel_tally sum = {0};
    struct regions all;
    struct table t;
    regions_open(&all, SAMPLE_ROOT, false);
    assert_true(table_open(&t, under(SAMPLE_ROOT, "oracles/funnel_groups.csv")));
    while (table_next(&t))
        if (strcmp(col(&t, "region"), "South East") == 0 && strcmp(col(&t, "period"), "2024") == 0) {
            test_set(&all, &t, &s);
            funnel_tally_add(&sum, &s.f);
        }
    table_close(&t);
    regions_close(&all);
    assert_int_equal(sum.sets, 8);
    assert_int_equal(sum.comparisons, 149);
    assert_int_equal(sum.plain[LEVEL_95], 75);
    assert_int_equal(sum.plain[LEVEL_998], 48);
    assert_int_equal(sum.adjusted[LEVEL_95], 21);
    assert_int_equal(sum.adjusted[LEVEL_998], 6);
    assert_true(is_near(funnel_by_chance(sum.comparisons), 0.298, 1e-12));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_set_is_tested_or_left_out_as_the_method_says),
        cmocka_unit_test(every_authority_of_every_set_is_placed_as_the_method_says),
        cmocka_unit_test(of_149_comparisons_in_the_south_east_six_remain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
