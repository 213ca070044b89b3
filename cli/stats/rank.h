/* cli/stats/rank.h - ranks, quartiles, bands, neighbours and changes, as the DfE's local
 * authority interactive tool (LAIT) gives them.
 *
 * All take the published values: LAIT ranks what was published, so that ties
 * are ties on paper.  Authorities without a value are left out by the caller.
 *
 * Source: dfe-analytical-services/local-authority-interactive-tool (2e30e395), its functions
 * and catalogue; Hyndman and Fan, "Sample quantiles in statistical packages" (1996), for type 7. */
#ifndef FOLKMOOT_CLI_STATS_RANK_H
#define FOLKMOOT_CLI_STATS_RANK_H

#include <stdbool.h>

#include "protocol/record.h"

struct quartiles { double q0, q25, q50, q75, q100; };

/* R `quantile`, type 7. `sorted` is in rising order, n > 0. */
struct quartiles quartiles_of(const double *sorted, size_t n);
void values_sort(double *values, size_t n);

/* Competition ranks: ties share the lowest number, 1 is best -- the largest for
 * POLARITY_HIGH, the smallest for POLARITY_LOW. With any other polarity there are none: 0.
 * `sorted` holds all values in rising order, `value` is one of them. */
size_t rank_of(const double *sorted, size_t n, double value, enum polarity polarity);

/* LAIT's letter: low is good: value <= q25 A, <= q50 B, <= q75 C, else D; high is good:
 * <= q25 D, <= q50 C, <= q75 B, else A.  0 when polarity is neutral. */
char band_letter(double value, const struct quartiles *q, enum polarity polarity);

/* The letter that is shown: none ('-') where q25 equals q75, because then a letter would
 * divide what does not differ. */
char band_of(double value, const struct quartiles *q, enum polarity polarity);
/* The same where the catalogue may forbid bands (LAIT's `no_quartile` is N): then '-', and the rank stays. */
char band_if_allowed(double value, const struct quartiles *q, enum polarity polarity, bool no_quartile);

/* The middle of the statistical neighbours: unweighted, those without a value left out by the caller. LAIT shows the
 * mean, the DfE's children's social care dashboard the median: give both, and say which is which and of how many. */
struct middle { size_t n; double mean, median; };
struct middle middle_of(const double *sorted, size_t n);        /* in rising order; n 0: both 0 */

/* LAIT's change: the latest value minus that of the measure's row before it, even if a year was skipped. Either may be
 * NULL, having no value: then *ret_has is false. Exact; ERR_LIMIT when it leaves 18 digits. */
MUST_USE enum err value_change(const struct decimal *now, const struct decimal *before, bool *ret_has, struct decimal *ret);

#endif
