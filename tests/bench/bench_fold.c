/* tests/bench/bench_fold.c - how fast a reader folds what its store holds, and answers `compare`.
 *
 *      bench_fold HOME INDICATOR N         INDICATOR "-": fold only
 *
 * prints: entries=N fold_s=S [figures=N rows=N compare_p50_ms=MS compare_p99_ms=MS]
 * A comparison is what the command does between opening the view and printing: period, figures, ranks, bands. */
#define _GNU_SOURCE
#include <string.h>

#include "bench.h"
#include "bench_definition.h"
#include "cli/compare/compare.h"
#include "cli/desk.h"
#include "cli/view/query.h"

static enum err add_log(void *arg, const struct log_state *l)
{
    *(uint64_t *)arg += l->frontier.size;
    return OK;
}

static enum err compare_once(struct desk *d, struct view *v, const struct definition_row *definition, size_t *ret_rows)
{
    struct latest latest;
    struct comparison c;
    enum err e = view_latest(v, definition->definition.id, "", &latest);
    if (e != OK)
        return e;
    struct compare_ask ask = {.v = v, .charter = desk_charter(d), .definition = definition, .breakdown = "",
                              .period = latest.period, .as_of_ms = UINT64_MAX};
    e = compare_make(&ask, &c);
    if (e != OK)
        return e;
    *ret_rows = c.n;
    compare_release(&c);
    return OK;
}

static int compare_many(struct desk *d, struct view *v, const char *indicator, size_t n)
{
    struct definition_row definition = {.definition = bench_definition(indicator)};
    double *ms = calloc(n + 1, sizeof(*ms));
    size_t rows = 0;
    uint64_t figures = 0;
    enum err e = ms != NULL ? view_count_records(v, &figures) : ERR_NOMEM;
    definition.hash = definition_hash(&definition.definition);
    for (size_t i = 0; e == OK && i < n; i++) {
        double began = seconds();
        e = compare_once(d, v, &definition, &rows);
        ms[i] = (seconds() - began) * 1e3;
    }
    if (e == OK)
        printf(" figures=%llu rows=%zu compare_p50_ms=%.2f compare_p99_ms=%.2f", (unsigned long long)figures, rows,
               percentile(ms, n, 0.5), percentile(ms, n, 0.99));
    else
        (void)fprintf(stderr, "bench_fold: compare: %s\n", err_code(e));
    free(ms);
    return e == OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct session s;
    struct desk d;
    struct view *v = NULL;
    uint64_t entries = 0;
    if (argc != 4 || crypto_start() != OK || home_resolve(argv[1], &s.home) != OK)
        return 2;
    session_init(&s, stdin, stdout, stderr);
    (void)setenv("FOLKMOOT_HOME", argv[1], 1);
    s.quiet = true;
    int rc = desk_open(&s, STORE_READ, &d) == EXIT_OK && store_each_log(d.store, add_log, &entries) == OK ? 0 : 1;
    double began = seconds();
    if (rc == 0 && desk_view(&d, &v) != EXIT_OK)
        rc = 1;
    if (rc == 0) {
        printf("entries=%llu fold_s=%.3f", (unsigned long long)entries, seconds() - began);
        rc = strcmp(argv[2], "-") == 0 ? 0 : compare_many(&d, v, argv[2], (size_t)strtoull(argv[3], NULL, 10));
        printf("\n");
    }
    view_close(v);
    desk_close(&d);
    session_release(&s);
    return rc;
}
