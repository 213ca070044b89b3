/* cli/stats/spc.h - does a series do more than vary as it always does?  XmR charts
 * (individuals and moving ranges) with the four rules of the NHS.
 *
 * Limits: the mean of all points, +/- 2.66 times the average moving range; moving ranges
 * above 3.267 times their mean are left out of that average, once.  Near limits lie at two
 * thirds of the way.
 *
 * A point is marked with the first of these that holds:
 *   outside      beyond a limit
 *   trend        one of 7 points running, each strictly above (or each below) the one before
 *   near         between a near and the outer limit, with at least one more such among 3 points
 *                running that all lie on the same side of the mean
 *   run          one of 7 points running on the same side of the mean
 * Sides are strict, and a point within 1e-9 x max(1, |mean|) of a line is on it.  A point on
 * the mean breaks a run, an equal neighbour breaks a trend.
 *
 * Sources: NHS England, "Making Data Count" (its Excel tool screens no moving range, its R
 * package NHSRplotthedots does); Wheeler, "Understanding Variation"; Provost and Murray,
 * "The Health Care Data Guide". */
#ifndef FOLKMOOT_CLI_STATS_SPC_H
#define FOLKMOOT_CLI_STATS_SPC_H

#include "protocol/record.h"

enum { SPC_POINTS_MIN = 12 };

/*    enum          letter  name */
#define SPC_MARKS(X) X(SPC_COMMON, '.', "") X(SPC_OUTSIDE, 'O', "outside the limits") X(SPC_TREND, 'T', "a trend of 7") \
    X(SPC_NEAR, '2', "2 of 3 near a limit") X(SPC_RUN, 'R', "7 on one side of the mean")
enum spc_mark {
#define X(sym, letter, name) sym,
    SPC_MARKS(X)
#undef X
};
char spc_letter(enum spc_mark m);
const char *spc_name(enum spc_mark m);

/* What a mark means: good or bad where the indicator has a polarity, else merely high or low. */
#define SPC_SENSES(X) X(SPC_NOTHING, "") X(SPC_IMPROVEMENT, "improvement") X(SPC_CONCERN, "concern") \
    X(SPC_HIGH, "high") X(SPC_LOW, "low")
enum spc_sense {
#define X(sym, name) sym,
    SPC_SENSES(X)
#undef X
};
const char *spc_sense_name(enum spc_sense s);

struct spc_point {
    enum spc_mark mark;
    /* By the point's side of the mean; of a trend, by the way it goes (of two that meet in this point, the earlier). */
    enum spc_sense sense;
};

struct spc {
    size_t n, n_marked;
    bool is_drawn;                          /* false with fewer than SPC_POINTS_MIN points: nothing below is set, none is marked */
    double mean, lower, upper, near_lower, near_upper;
};

enum spc_screen { SPC_SCREENED, SPC_UNSCREENED };       /* are large moving ranges left out? */

/* `values` in order of time, finite, those that are missing left out by the caller. `ret_points` has room for n, is always
 * written. All equal: the limits equal the mean, and nothing is marked. */
struct spc spc_of(const double *values, size_t n, enum spc_screen screen, enum polarity polarity,
                  struct spc_point *ret_points);

#endif
