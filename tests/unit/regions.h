/* tests/unit/regions.h - the authorities' figures in the files of regions/, newest release of each, in order of
 * region, indicator, period and code: one comparison set lies in one piece. */
#ifndef FOLKMOOT_TESTS_REGIONS_H
#define FOLKMOOT_TESTS_REGIONS_H

#include <glob.h>

#include "cli/stats/total.h"
#include "tests/unit/oracle.h"

enum { REGION_FILES = 16 };

struct held { char *key[5], *name, *numerator, *denominator; };      /* key: region, indicator, period, code, release */
struct regions { struct table files[REGION_FILES]; size_t n_files, n; struct held *rows; };

static inline int held_order(const struct held *a, const struct held *b, size_t keys)
{
    int order = 0;
    for (size_t i = 0; order == 0 && i < keys; i++)
        order = strcmp(a->key[i], b->key[i]);
    return order;
}

static inline int held_compare(const void *a, const void *b)
{
    return held_order(a, b, 5);
}

static inline void regions_add(struct regions *r, struct table *t)
{
    static const char *const keys[] = { "region_name", "indicator", "time_period", "old_la_code", "release" };
    while (table_next(t)) {
        r->rows = realloc(r->rows, (r->n + 1) * sizeof(*r->rows));
        assert_non_null(r->rows);
        struct held *h = &r->rows[r->n++];
        for (size_t i = 0; i < 5; i++)
            h->key[i] = col(t, keys[i]);
        h->name = col(t, "la_name");
        h->numerator = col(t, "numerator");
        h->denominator = col(t, "denominator");
    }
}

/* all: every release is kept; else the newest alone. */
static inline void regions_open(struct regions *r, const char *root, bool all)
{
    glob_t found;
    size_t n = 0;
    memset(r, 0, sizeof(*r));
    assert_int_equal(glob(under(root, "regions/*.csv"), 0, NULL, &found), 0);
    assert_true(found.gl_pathc <= REGION_FILES);
    for (; r->n_files < found.gl_pathc; r->n_files++) {
        assert_true(table_open(&r->files[r->n_files], found.gl_pathv[r->n_files]));
        regions_add(r, &r->files[r->n_files]);
    }
    globfree(&found);
    qsort(r->rows, r->n, sizeof(*r->rows), held_compare);
    for (size_t i = 0; !all && i < r->n; i++)
        if (i + 1 == r->n || held_order(&r->rows[i], &r->rows[i + 1], 4) != 0)
            r->rows[n++] = r->rows[i];
    r->n = all ? r->n : n;
}

static inline void regions_close(struct regions *r)
{
    for (size_t i = 0; i < r->n_files; i++)
        table_close(&r->files[i]);
    free(r->rows);
}

/* The set's first row and how many there are. */
static inline const struct held *regions_set(const struct regions *r, char *region, char *indicator, char *period, size_t *n)
{
    const struct held want = { .key = { region, indicator, period } };
    size_t from = 0;
    while (from < r->n && held_order(&r->rows[from], &want, 3) != 0)
        from++;
    for (*n = 0; from + *n < r->n && held_order(&r->rows[from + *n], &want, 3) == 0; ++*n)
        ;
    return &r->rows[from];
}

static inline struct cell held_cell(const struct held *h)
{
    struct cell c = { .is_suppressed = strcmp(h->numerator, "c") == 0 };
    c.has_numerator = number(h->numerator, &c.numerator);
    c.has_denominator = number(h->denominator, &c.denominator);
    return c;
}

#endif
