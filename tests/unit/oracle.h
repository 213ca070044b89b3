/* tests/unit/oracle.h - expected answers: a small sample lies in tests/data/stats, and where the
 * whole is at hand (FOLKMOOT_ORACLES names the folder, else ../shared/data/oracles is tried) every row of it is
 * tried too. Both have one layout, so one function reads both; each prints what it reproduced. */
#ifndef FOLKMOOT_TESTS_ORACLE_H
#define FOLKMOOT_TESTS_ORACLE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "protocol/decimal.h"
#include "tests/unit/table.h"

#define SAMPLE_ROOT "tests/data/stats"

struct score { size_t rows, good; };

/* `root` and "/" and `file`; static. */
static inline const char *under(const char *root, const char *file)
{
    static char path[4096];
    int n = snprintf(path, sizeof(path), "%s/%s", root, file);
    assert_true(n > 0 && (size_t)n < sizeof(path));
    return path;
}

/* The folder that holds oracles/, lait/, regions/ ...; NULL when there is none. */
static inline const char *oracle_root(void)
{
    static char root[1024];
    const char *said = getenv("FOLKMOOT_ORACLES");
    snprintf(root, sizeof(root), "%s/..", said != NULL ? said : "../shared/data/oracles");
    FILE *there = fopen(under(root, "oracles/golden.csv"), "r");
    if (there != NULL)
        fclose(there);
    else if (said != NULL)
        fail_msg("FOLKMOOT_ORACLES: %s: no oracles there", said);
    return there != NULL ? root : NULL;
}

/* Count a row; say which one it is when it is not reproduced. */
static inline void score_row(struct score *s, const char *name, const struct table *t, bool good, const char *why)
{
    s->rows++;
    s->good += good;
    if (good)
        return;
    fprintf(stderr, "%s row %zu: %s:", name, t->row, why);
    for (size_t i = 0; i < t->n_columns; i++)
        fprintf(stderr, "%s%s", i > 0 ? "," : " ", t->f[i]);
    fprintf(stderr, "\n");
}

typedef struct score oracle_fn(const char *root);

/* The sample has `sample_rows` rows, the whole has `all_rows` or more: more rows may be tried one day. */
static inline void reproduce(const char *name, oracle_fn *fn, size_t sample_rows, size_t all_rows)
{
    struct score s = fn(SAMPLE_ROOT);
    printf("# oracle %s: %zu of %zu sampled\n", name, s.good, s.rows);
    assert_int_equal(s.good, s.rows);
    assert_int_equal(s.rows, sample_rows);
    const char *root = oracle_root();
    if (root == NULL)
        return;
    s = fn(root);
    printf("# oracle %s: %zu of %zu\n", name, s.good, s.rows);
    assert_int_equal(s.good, s.rows);
    assert_true(s.rows >= all_rows);
}

static inline bool is_near(double got, double want, double relative)
{
    return isfinite(got) && fabs(got - want) <= fmax(1e-9, relative * fabs(want));
}

/* An empty field wants nothing. */
static inline bool is_text(const char *want, bool has, double got, double relative)
{
    return *want == '\0' ? !has : has && is_near(got, strtod(want, NULL), relative);
}

static inline bool number(const char *text, struct decimal *ret)
{
    return decimal_parse(bytes_of(text), ret) == OK;
}

#endif
