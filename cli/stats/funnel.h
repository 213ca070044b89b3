/* cli/stats/funnel.h - who stands out of a set of authorities, allowing for the
 * ordinary spread between them.
 *
 * One comparison set is one indicator, one period, one breakdown and some authorities.  A
 * plain funnel asks whether chance alone explains a figure; authorities differ for a hundred
 * ordinary reasons, so it lists a third of them.  The adjusted one first estimates that spread
 * (phi, the mean square of the z-scores, 10 % winsorised at either end), adds it to chance
 * (tau2), and lists what is left.
 *
 *   usable    numerator and denominator are numbers and the denominator is above 0
 *   theta     sum of numerators / sum of denominators
 *   Y, s, T   proportion: asin(sqrt(x/n)), 1/(2 sqrt n), asin(sqrt theta)
 *             rate, with E = n theta: sqrt(x/E), 1/(2 sqrt E), 1
 *   z         (Y - T) / s
 *   phi       mean of the squares of z, z outside its own 10 % and 90 % quantiles (type 7) drawn in to them
 *   tau2      0 if k phi <= k - 1, else (k phi - (k - 1)) / (sum w - sum w^2 / sum w), w = 1 / s^2
 *   za        (Y - T) / sqrt(s^2 + tau2)
 *
 * Only an adjusted flag at 99.8 % is a signal.  It says "ask about this" or "ask how", never "failing".
 * The order of the authorities changes nothing, not even the last bit.
 *
 * Sources: Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in
 * Medicine 24 (2005) 1185, and "Handling over-dispersion of performance indicators", Quality and
 * Safety in Health Care 14 (2005) 347; DerSimonian and Laird (1986) for tau2; FunnelPlotR
 * (od_adjustment.R) for winsorising; plain limits as in OHID's PHEindicatormethods (Funnels.R).
 * Ours: the least number of authorities, the rule on suppression, whole numbers only, and
 * that an adjusted flag needs the plain one. */
#ifndef FOLKMOOT_CLI_STATS_FUNNEL_H
#define FOLKMOOT_CLI_STATS_FUNNEL_H

#include "cli/stats/interval.h"
#include "cli/stats/total.h"

enum { FUNNEL_MIN = 8 };                        /* usable authorities: fewer cannot shut out one gross outlier */

/* Why a set is not tested: the first that holds. */
#define FUNNEL_WHYS(X)                                                                                     \
    X(FUNNEL_TESTED,         "")                                                                           \
    X(FUNNEL_NOT_COUNTS,     "not counts")          /* no binomial or Poisson error exists for it */       \
    X(FUNNEL_NO_DENOMINATOR, "no denominator")                                                             \
    X(FUNNEL_SUPPRESSED,     "suppressed")          /* over one in ten hidden: what is left is too high */ \
    X(FUNNEL_TOO_FEW,        "too few")                                                                    \
    X(FUNNEL_NO_VARIATION,   "no variation")
enum funnel_why {
#define X(sym, name) sym,
    FUNNEL_WHYS(X)
#undef X
};
const char *funnel_why_name(enum funnel_why w);

#define FUNNEL_FLAGS(X) X(FUNNEL_INSIDE, "") X(FUNNEL_LOW, "low") X(FUNNEL_HIGH, "high")
enum funnel_flag {
#define X(sym, name) sym,
    FUNNEL_FLAGS(X)
#undef X
};
const char *funnel_flag_name(enum funnel_flag f);

/* One authority. All zero where it is not usable or the set is not tested. */
struct funnel_point {
    bool is_usable;
    double s, z, za;
    enum funnel_flag plain[LEVEL_COUNT], adjusted[LEVEL_COUNT];     /* an adjusted flag is always a plain one too */
};

struct funnel {
    enum parts_kind kind;
    enum funnel_why why;
    size_t k;                               /* usable */
    size_t h;                               /* numerator hidden (`c`) while the denominator is a number above 0 */
    double theta, phi, tau2;                /* 0 unless tested; tau2 on the transformed scale: show people phi */
    size_t plain[LEVEL_COUNT], adjusted[LEVEL_COUNT];               /* flags */
};

/* `kind` is the definition's, never guessed. `ret_points` has room for n, is written whole, in the order of `cells`.
 * A set that is not tested is an answer too: OK. ERR_NOMEM: nothing written. */
MUST_USE enum err funnel_of(const struct cell *cells, size_t n, enum parts_kind kind, struct funnel *ret,
                            struct funnel_point *ret_points);

/* The chart's curves at denominator `n` > 0 of a tested set, as fractions: times the multiplier, they are figures.
 * Clamped to what can be: 0 and up, and for a proportion at most 1. Flags do not come from them. */
struct interval funnel_plain_limits(const struct funnel *f, double n, enum level level);
/* Nowhere inside the plain ones. */
struct interval funnel_adjusted_limits(const struct funnel *f, double n, enum level level);

/* What is said above a list of several sets. */
struct funnel_tally { size_t sets, comparisons, plain[LEVEL_COUNT], adjusted[LEVEL_COUNT]; };
void funnel_tally_add(struct funnel_tally *t, const struct funnel *f);         /* a set that is not tested adds nothing */

/* 0.002 of the comparisons: what chance alone would put outside the plain 99.8 % limits. Outside the adjusted ones stand
 * about one in FUNNEL_ADJUSTED_ONE_IN with nobody special, because winsorising draws phi down and nothing corrects it. */
double funnel_by_chance(size_t comparisons);
enum { FUNNEL_ADJUSTED_ONE_IN = 80 };

#endif
