/* cli/stats/interval.h - how far chance alone may have moved a figure.
 *
 * Wilson's interval for proportions; for counts exact Poisson limits below 10
 * and Byar's approximation from 10 on, as OHID Fingertips and PHEindicatormethods
 * draw them.  Full-time equivalents, days, means and scores have none: they are
 * not counts of independent events, and callers do not ask.
 *
 * Sources: Wilson (1927); Byar in Breslow and Day (1987); OHID "Technical
 * guidance: confidence intervals". */
#ifndef FOLKMOOT_CLI_STATS_INTERVAL_H
#define FOLKMOOT_CLI_STATS_INTERVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/record.h"

/* Two-sided levels: each has its normal quantile and the tail on either side. */
#define LEVELS(X) X(LEVEL_95, 1.959964, 0.025) X(LEVEL_998, 3.090232, 0.001)
enum level {
#define X(sym, z, tail) sym,
    LEVELS(X)
#undef X
    LEVEL_COUNT
};
double level_z(enum level level);               /* its normal quantile */

struct interval { double lower, upper; };

/* Limits of the proportion x of n, 0 <= lower <= x/n <= upper <= 1: exactly 0 at x = 0, exactly 1
 * at x = n. False, with nothing written, when n is 0 or x is above n. */
bool interval_wilson(uint64_t x, uint64_t n, enum level level, struct interval *ret);

/* Limits of the count x. */
struct interval interval_poisson(uint64_t x, enum level level);

/* Where a figure stands beside a benchmark, its whole interval considered. */
#define STANDINGS(X) X(STANDING_NONE, "") X(STANDING_BETTER, "better") X(STANDING_SIMILAR, "similar") \
    X(STANDING_WORSE, "worse") X(STANDING_HIGHER, "higher") X(STANDING_LOWER, "lower")
enum standing {
#define X(sym, name) sym,
    STANDINGS(X)
#undef X
};
const char *standing_name(enum standing s);

/* A limit that equals the benchmark counts as similar. Neutral polarity says higher or lower. */
enum standing interval_versus(struct interval in, double benchmark, enum polarity polarity);

#endif
