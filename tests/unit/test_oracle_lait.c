/* Ranks, bands, quartiles, changes and neighbours are those of the DfE's LAIT. */
#include "tests/unit/oracle.h"

#include "cli/register/register.h"
#include "cli/stats/rank.h"

enum { AUTHORITIES = 512 };

/* ---- the values of the periods before, and the catalogue's say on bands ---- */

struct lookup { struct table t; size_t n; char *(*rows)[4]; };

static int by_key(const void *a, const void *b)
{
    char *const *x = a, *const *y = b;
    int order = 0;
    for (size_t i = 0; order == 0 && i < 3; i++)
        order = strcmp(x[i], y[i]);
    return order;
}

static void lookup_open(struct lookup *l, const char *path, const char *const columns[4])
{
    size_t room = 256;
    assert_true(table_open(&l->t, path));
    l->rows = malloc(room * sizeof(*l->rows));
    for (l->n = 0; table_next(&l->t); l->n++) {
        if (l->n == room)
            l->rows = realloc(l->rows, (room *= 2) * sizeof(*l->rows));
        assert_non_null(l->rows);
        for (size_t i = 0; i < 4; i++)
            l->rows[l->n][i] = columns[i] != NULL ? col(&l->t, columns[i]) : (char *)(uintptr_t)"";
    }
    qsort(l->rows, l->n, sizeof(*l->rows), by_key);
}

static const char *look_up(const struct lookup *l, const char *a, const char *b, const char *c)
{
    const char *key[4] = { a, b, c, NULL };
    char *(*found)[4] = bsearch(key, l->rows, l->n, sizeof(*l->rows), by_key);
    return found != NULL ? (*found)[3] : "";
}

static void lookup_close(struct lookup *l)
{
    free(l->rows);
    table_close(&l->t);
}

/* ---- one measure: all authorities of England ---- */

struct row { char *f[TABLE_COLUMNS]; size_t at; bool has_value; struct decimal value; };

struct measure {
    struct table *t;
    struct lookup *before, *catalogue;
    struct row rows[AUTHORITIES];
    size_t n, n_values;
    double sorted[AUTHORITIES];
    struct score score;
};

static enum polarity polarity_of(const char *word)
{
    return strcmp(word, "High") == 0 ? POLARITY_HIGH : strcmp(word, "Low") == 0 ? POLARITY_LOW : POLARITY_NONE;
}

static const char *rank_and_band(const struct measure *m, const struct row *r, const struct quartiles *q)
{
    const struct table *t = m->t;
    enum polarity p = polarity_of(col(t, "polarity"));
    bool no_quartile = strcmp(look_up(m->catalogue, col(t, "measure_short"), "", ""), "N") == 0;
    double value = decimal_double(r->value);
    size_t rank = r->has_value ? rank_of(m->sorted, m->n_values, value, p) : 0;
    char want = *col(t, "band"), letter = r->has_value ? band_letter(value, q, p) : 0;
    if (rank != strtoul(col(t, "rank"), NULL, 10))
        return "rank";
    if ((r->has_value ? band_if_allowed(value, q, p, no_quartile) : 0) == want)
        return NULL;
    /* where the quartiles coincide we show no band; the letter must be LAIT's all the same */
    return q->q25 == q->q75 && !no_quartile && letter == want ? NULL : "band";
}

static const char *quarters(const struct measure *m, const struct quartiles *q)
{
    const struct table *t = m->t;
    bool has = m->n_values > 0;
    if (strtoul(col(t, "n_las"), NULL, 10) != m->n_values)
        return "n_las";
    return is_text(col(t, "q0"), has, q->q0, 1e-9) && is_text(col(t, "q25"), has, q->q25, 1e-9) &&
           is_text(col(t, "q50"), has, q->q50, 1e-9) && is_text(col(t, "q75"), has, q->q75, 1e-9) &&
           is_text(col(t, "q100"), has, q->q100, 1e-9) ? NULL : "quartiles";
}

static const char *change(const struct measure *m, const struct row *r)
{
    struct decimal before, got = {0};
    bool has_before = number(look_up(m->before, col(m->t, "measure_short"), col(m->t, "previous_period"),
                                     col(m->t, "old_la_code")), &before), has;
    assert_int_equal(value_change(r->has_value ? &r->value : NULL, has_before ? &before : NULL, &has, &got), OK);
    return is_text(col(m->t, "change"), has, decimal_double(got), 1e-12) ? NULL : "change";
}

static const struct row *row_of(const struct measure *m, const char *code)
{
    size_t at = 0;
    while (at < m->t->n_columns && strcmp(m->t->names[at], "old_la_code") != 0)
        at++;
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->rows[i].f[at], code) == 0)
            return &m->rows[i];
    return NULL;
}

static const char *neighbours(const struct measure *m)
{
    double values[NEIGHBOURS];
    size_t n = 0;
    const struct authority *a = register_by_dfe(col(m->t, "old_la_code"));
    if (a == NULL)
        return "authority";
    for (size_t rank = 1; rank <= NEIGHBOURS; rank++) {
        const struct authority *near = register_neighbour(a, rank);
        const struct row *r = near != NULL ? row_of(m, near->dfe) : NULL;
        if (r != NULL && r->has_value)
            values[n++] = decimal_double(r->value);
    }
    values_sort(values, n);
    struct middle got = middle_of(values, n);
    if (got.n != strtoul(col(m->t, "sn_available"), NULL, 10))
        return "sn_available";
    return is_text(col(m->t, "sn_mean"), n > 0, got.mean, 1e-9) && is_text(col(m->t, "sn_median"), n > 0, got.median, 1e-9)
               ? NULL : "neighbours";
}

static void check_measure(struct measure *m)
{
    struct quartiles q = {0};
    struct table *t = m->t, now = *t;
    values_sort(m->sorted, m->n_values);
    if (m->n_values > 0)
        q = quartiles_of(m->sorted, m->n_values);
    for (size_t i = 0; i < m->n; i++) {
        const struct row *r = &m->rows[i];
        memcpy(t->f, r->f, sizeof(t->f));
        t->row = r->at;
        const char *why = quarters(m, &q);
        why = why != NULL ? why : rank_and_band(m, r, &q);
        why = why != NULL ? why : change(m, r);
        why = why != NULL ? why : neighbours(m);
        score_row(&m->score, "lait_stats", t, why == NULL, why);
    }
    memcpy(t->f, now.f, sizeof(t->f));
    t->row = now.row;
    m->n = m->n_values = 0;
}

static void add(struct measure *m)
{
    assert_true(m->n < AUTHORITIES);
    struct row *r = &m->rows[m->n++];
    memcpy(r->f, m->t->f, sizeof(r->f));
    r->at = m->t->row;
    r->has_value = number(col(m->t, "value"), &r->value);
    if (r->has_value)
        m->sorted[m->n_values++] = decimal_double(r->value);
}

static struct score lait(const char *root)
{
    static struct measure m;
    struct table t;
    struct lookup before, catalogue;
    char name[80] = "";
    lookup_open(&before, under(root, "lait/values.csv"),
                (const char *const[]){ "measure_short", "period", "area_number", "value" });
    lookup_open(&catalogue, under(root, "lait/catalogue.csv"),
                (const char *const[]){ "measure_short", NULL, NULL, "no_quartile" });
    assert_true(table_open(&t, under(root, "oracles/lait_stats.csv")));
    m = (struct measure){ .t = &t, .before = &before, .catalogue = &catalogue };
    while (table_next(&t)) {
        if (strcmp(name, col(&t, "measure_short")) != 0)
            check_measure(&m);
        snprintf(name, sizeof(name), "%s", col(&t, "measure_short"));
        add(&m);
    }
    check_measure(&m);
    lookup_close(&before);
    lookup_close(&catalogue);
    table_close(&t);
    return m.score;
}

static void every_row_of_lait_is_reproduced(void **state)
{
    (void)state;
    reproduce("lait_stats", lait, 765, 12699);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_lait_is_reproduced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
