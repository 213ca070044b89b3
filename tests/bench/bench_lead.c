/* tests/bench/bench_lead.c - how fast a reader answers `rug`, `trend`, `outliers` and `match` over what its view holds.
 *
 *      bench_lead HOME N                   a home that bench_region filled and bench_fold folded
 *
 * prints: NAME_p50_ms=MS NAME_sql_ms=MS for each; the second is the bare SQL that fetches what the answer rests on.
 * An answer is what the command does between opening the view and printing. */
#define _GNU_SOURCE
#include <string.h>

#include "bench.h"
#include "bench_definition.h"
#include "cli/compare/match.h"
#include "cli/compare/outliers.h"
#include "cli/compare/series.h"
#include "cli/desk.h"

struct bench { struct desk d; struct view *v; struct region region; const char *trend_of; };

static bool by_id(void *arg, const char *id, struct definition *ret)
{
    (void)arg;
    *ret = bench_definition(id);
    return true;
}

static const struct official definitions = {.by_id = by_id};

static enum err make_region(struct bench *b, struct region *ret)
{
    static const struct period_asked latest = {.kind = PERIOD_LATEST};
    struct region_ask ask = {
        .v = b->v, .charter = desk_charter(&b->d), .official = &definitions, .period = &latest, .as_of_ms = UINT64_MAX};
    return region_make(&ask, ret);
}

static enum err rug(struct bench *b)
{
    struct region r;
    enum err e = make_region(b, &r);
    if (e == OK)
        region_release(&r);
    return e;
}

static enum err trend(struct bench *b)
{
    struct definition_row d = {.definition = bench_definition("bench_7"), .is_official = true};
    struct series s;
    d.hash = definition_hash(&d.definition);
    struct series_ask ask = {.v = b->v, .definition = &d, .breakdown = "", .slug = b->trend_of, .as_of_ms = UINT64_MAX};
    enum err e = series_make(&ask, &s);
    if (e == OK)
        series_release(&s);
    return e;
}

static enum err outliers(struct bench *b)
{
    struct region r;
    struct outliers o;
    enum err e = make_region(b, &r);
    if (e != OK)
        return e;
    if ((e = outliers_find(b->v, &r, UINT64_MAX, 0, &o)) == OK)
        outliers_release(&o);
    region_release(&r);
    return e;
}

static enum err match(struct bench *b)
{
    struct region r;
    struct matches m;
    enum err e = make_region(b, &r);
    if (e != OK)
        return e;
    if ((e = match_find(b->v, &r, UINT64_MAX, NULL, &m)) == OK)
        match_release(&m);
    region_release(&r);
    return e;
}

/* ---- the bare SQL ---- */

static enum err no_columns(void *arg, size_t n, const char *const *names)
{
    (void)arg, (void)n, (void)names;
    return OK;
}

static enum err count_row(void *arg, size_t n, const struct sql_cell *cells)
{
    (void)n, (void)cells;
    ++*(size_t *)arg;
    return OK;
}

static enum err run_sql(struct bench *b, const char *text)
{
    size_t n = 0;
    struct buf message = buf_on(4096);
    const struct sql_rows rows = {.columns = no_columns, .row = count_row, .arg = &n};
    enum err e = view_sql(b->v, text, &rows, &message);
    buf_release(&message);
    return e == OK && n == 0 ? ERR_UNKNOWN : e;
}

#define WHAT "slug, numerator, denominator, value FROM figure WHERE "
static enum err sql_rug(struct bench *b)
{
    char text[512];
    enum err e = OK;
    for (size_t i = 0; e == OK && i < b->region.n; i++) {
        const struct region_row *r = &b->region.rows[i];
        (void)snprintf(text, sizeof(text),
                       "SELECT " WHAT "indicator = '%s' AND time_identifier = 'Reporting year' AND breakdown = ''"
                       " AND period IN ('%s', '%s')",
                       r->definition.definition.id, r->period.period, r->c.previous.period);
        e = run_sql(b, text);
    }
    return e;
}

static enum err sql_trend(struct bench *b)
{
    char text[512];
    (void)snprintf(text, sizeof(text),
                   "SELECT period, " WHAT "indicator = 'bench_7' AND period IN (SELECT DISTINCT period FROM figure WHERE"
                   " indicator = 'bench_7') AND time_identifier = 'Reporting year' AND breakdown = '' AND slug = '%s'",
                   b->trend_of);
    return run_sql(b, text);
}

static enum err sql_outliers(struct bench *b)
{
    char text[512];
    enum err e = OK;
    for (size_t i = 0; e == OK && i < b->region.n; i++) {
        (void)snprintf(text, sizeof(text), "SELECT period, " WHAT "indicator = '%s' AND breakdown = ''",
                       b->region.rows[i].definition.definition.id);
        e = run_sql(b, text);
    }
    return e;
}

/* ---- measuring ---- */

static int measure(struct bench *b, const char *name, enum err (*call)(struct bench *), size_t n, double *ms)
{
    for (size_t i = 0; i < n; i++) {
        double began = seconds();
        enum err e = call(b);
        ms[i] = (seconds() - began) * 1e3;
        if (e != OK) {
            (void)fprintf(stderr, "bench_lead: %s: %s\n", name, err_code(e));
            return 1;
        }
    }
    printf(" %s_ms=%.2f", name, percentile(ms, n, 0.5));
    return 0;
}

static int measure_all(struct bench *b, size_t n)
{
    static const struct { const char *name; enum err (*call)(struct bench *); } calls[] = {
        {"rug_p50", rug}, {"rug_sql", sql_rug}, {"trend_p50", trend}, {"trend_sql", sql_trend}, {"outliers_p50", outliers},
        {"outliers_sql", sql_outliers}, {"match_p50", match},
    };
    double *ms = calloc(n + 1, sizeof(*ms));
    int rc = ms != NULL ? 0 : 1;
    for (size_t i = 0; rc == 0 && i < sizeof(calls) / sizeof(calls[0]); i++)
        rc = measure(b, calls[i].name, calls[i].call, n, ms);
    free(ms);
    return rc;
}

int main(int argc, char **argv)
{
    struct session s;
    struct bench b = {.v = NULL};
    if (argc != 3 || crypto_start() != OK || home_resolve(argv[1], &s.home) != OK)
        return 2;
    session_init(&s, stdin, stdout, stderr);
    (void)setenv("FOLKMOOT_HOME", argv[1], 1);
    s.quiet = true;
    int rc = desk_open(&s, STORE_READ, &b.d) == EXIT_OK && desk_view(&b.d, &b.v) == EXIT_OK && make_region(&b, &b.region) == OK
                 ? 0
                 : 1;
    if (rc == 0 && b.region.n_authorities > 1) {
        b.trend_of = b.region.authorities[0].s;
        printf("indicators=%zu authorities=%zu", b.region.n, b.region.n_authorities);
        rc = measure_all(&b, (size_t)strtoull(argv[2], NULL, 10));
        printf("\n");
    }
    region_release(&b.region);
    view_close(b.v);
    desk_close(&b.d);
    session_release(&s);
    return rc;
}
