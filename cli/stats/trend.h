/* cli/stats/trend.h - is a figure rising or falling?  The recent trend of OHID
 * Fingertips, recomputed.
 *
 * A straight line is fitted through the latest five points, each weighted by how
 * surely it is known: w = 1 / ((upper - lower) / 3.92)^2.  The line's standard error
 * comes from the weights and not from the residuals, so five points are enough to ask.
 * A trend is significant when chi2 = (slope / se)^2 is above 9.5495 (about p < 0.002) and neither
 * the slope nor any of the five slopes that leave one point out has the other sign.
 *
 * Labels that are published beside figures are sometimes inverted: none is ever read.
 *
 * Source: OHID, "Fingertips: recent trends" (technical guidance); the least-squares
 * weights as in PHEindicatormethods. */
#ifndef FOLKMOOT_CLI_STATS_TREND_H
#define FOLKMOOT_CLI_STATS_TREND_H

#include <stdbool.h>
#include <stddef.h>

enum { TREND_POINTS = 5 };
#define TREND_CHI2 9.54953570608324

#define TRENDS(X) X(TREND_UNKNOWN, "cannot_be_calculated") X(TREND_NONE, "no_significant_change") \
    X(TREND_RISING, "increasing") X(TREND_FALLING, "decreasing")
enum trend_direction {
#define X(sym, name) sym,
    TRENDS(X)
#undef X
};
const char *trend_name(enum trend_direction d);

/* One period. A point without a value or without both limits has is_usable false, and nothing else of it is read. */
struct trend_point { bool is_usable; double value, lower, upper; };

struct trend {
    enum trend_direction direction;
    double slope;                           /* per point, in the points' unit; 0 with TREND_UNKNOWN */
    double chi2;                            /* likewise */
    size_t n;                               /* points it rests on: TREND_POINTS, or the fewer that there are */
};

/* `points` in order of time. The latest five usable ones stand at 0, 1, 2, 3, 4: a missing year is no gap.
 * Fewer than five, or an interval among them of no width: TREND_UNKNOWN. Numbers are finite. */
struct trend trend_of(const struct trend_point *points, size_t n);

#endif
