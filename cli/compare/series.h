/* cli/compare/series.h - one indicator of one authority over time: limits, change, trend, and what an XmR chart marks.
 *
 * A series is of one kind of period: whole years, or quarters, whichever the authority's newest figure is of.  What
 * has no number (a symbol, a withdrawn figure, nothing returned) is a point without a value; so is a figure published under
 * another definition than the one in force, because it does not measure the same. */
#ifndef FOLKMOOT_CLI_COMPARE_SERIES_H
#define FOLKMOOT_CLI_COMPARE_SERIES_H

#include "cli/compare/compare.h"
#include "cli/stats/spc.h"
#include "cli/stats/trend.h"

struct series_ask {
    struct view *v;
    const struct definition_row *definition;
    const char *breakdown, *slug;
    const struct charter *charter;          /* for who left off when; NULL: nobody did */
    const struct authority *authority;      /* who that is in the register, for its population; NULL: not known */
    uint64_t as_of_ms;                      /* UINT64_MAX: now */
};

struct series_point {
    struct time_period period;
    bool has_figure;                        /* false: others returned this period, it did not */
    bool is_other_definition;
    struct figure_row figure;
    bool has_value, has_interval;           /* then the next two; has_value: it counts */
    double raw;                             /* before rounding, where that is known */
    struct interval interval;               /* 95 %, in the value's unit */
    enum denominator_source denominator_source;
    struct spc_point spc;
};

struct series {
    struct series_point *points;            /* in order of time; the first has a figure, and those after
                                             * the authority left off have one each */
    size_t n;
    size_t n_values;
    size_t n_other_kind;                    /* figures of another kind of period, left out */
    size_t n_other_definition, n_withdrawn;
    bool has_change;                        /* the newest figure against the one before: exact */
    struct decimal change;
    struct time_period change_since;
    struct trend trend;
    struct spc spc;
};

/* "final", "c" ...; "withdrawn"; "other-definition"; "missing" */
const char *series_status(const struct series_point *p);

/* A few seeks a period, however much is held. ERR_UNKNOWN when the authority has no figure of it. On OK the caller
 * releases *ret. */
MUST_USE enum err series_make(const struct series_ask *ask, struct series *ret);
void series_release(struct series *s);

#endif
