/* cli/compare/causes.h - whose newest figure of an indicator an XmR chart marks as more than ordinary variation.
 *
 * The same series as `trend` draws: of one kind of period, up to the one that is compared, of one definition. */
#ifndef FOLKMOOT_CLI_COMPARE_CAUSES_H
#define FOLKMOOT_CLI_COMPARE_CAUSES_H

#include "cli/compare/region.h"
#include "cli/stats/spc.h"

struct cause {
    const struct compare_row *row;          /* borrowed from the comparison */
    struct spc_point point;                 /* what its figure of the compared period is marked as; never SPC_COMMON */
    struct spc spc;
    double value;
};

struct causes {
    struct cause *list;                     /* in order of slug */
    size_t n;
    size_t n_series;                        /* authorities with points enough for a chart */
};

/* An indicator with fewer periods than a chart takes costs a few seeks; any other, one walk a period. On OK the
 * caller releases *ret. */
MUST_USE enum err causes_find(struct view *v, const struct region_row *r, uint64_t as_of_ms, struct causes *ret);
void causes_release(struct causes *c);

#endif
