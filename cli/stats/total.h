/* cli/stats/total.h - totals of counts, and how they changed, like for like.
 *
 * A total is a sum of counts and never a mean of percentages.  It is exact;
 * what is published of it is rounded half up to the nearest 10, which reproduces the
 * DfE's regional and national totals. */
#ifndef FOLKMOOT_CLI_STATS_TOTAL_H
#define FOLKMOOT_CLI_STATS_TOTAL_H

#include "protocol/record.h"

/* One authority's figure, as far as arithmetic looks at it. All zero: nothing returned. */
struct cell {
    bool has_numerator, has_denominator;
    struct decimal numerator, denominator;
    bool is_suppressed;                     /* status `c`: the numerator is hidden because it is small */
};
struct cell cell_of(const struct figure *f);

/* May it go into a total? Its numerator is a number; and where the indicator publishes denominators, its
 * denominator is one too, and above 0. */
bool cell_is_usable(const struct cell *c, bool wants_denominator);

/* Does the set publish denominators: has any of its cells one? */
bool cells_have_denominators(const struct cell *cells, size_t n);

struct total {
    size_t n;                               /* usable cells */
    bool has_denominator, has_value;
    struct decimal numerator, denominator;
    struct decimal numerator_rounded;       /* half up to the nearest 10 */
    struct decimal value;                   /* multiplier x numerator / denominator at the declared decimals */
    double raw;                             /* the same, unrounded */
};

/* ERR_LIMIT when a sum leaves 18 digits. */
MUST_USE enum err total_of(const struct cell *cells, size_t n, const struct definition *d, struct total *ret);

/* One authority in two periods. `group` names what is compared as one: normally the authority alone; an authority that was
 * split or merged between the periods has its successors' group, and existed in one period only. */
struct pair {
    uint32_t group;
    bool existed_before, exists_now;
    struct cell before, now;
};

struct change {
    size_t n_before, n_now;                 /* cells usable in each period */
    size_t n_both;                          /* groups usable in both */
    struct decimal plain_before, plain_now; /* sums over each period's own */
    struct decimal like_before, like_now;   /* sums over groups usable in both */
    bool is_suppressed;                     /* over one in ten numerators hidden in a period: neither change is given */
    bool has_plain, has_like;               /* the next two; a sum before of 0, or over nobody, gives none */
    struct decimal plain_pct, like_pct;     /* one decimal, half away from zero */
    bool has_ratio;                         /* the value over the like-for-like groups, in both periods */
    struct decimal ratio_before, ratio_now; /* at the declared decimals */
};

enum pair_use { PAIR_NEITHER, PAIR_BOTH, PAIR_ONLY_BEFORE, PAIR_ONLY_NOW };

/* `use` (may be NULL) has room for n and gets how each pair counted. n_groups is above every pair's group.
 * ERR_LIMIT when a sum leaves 18 digits, ERR_NOMEM. */
MUST_USE enum err change_of(const struct pair *pairs, size_t n, uint32_t n_groups, const struct definition *d,
                            struct change *ret, enum pair_use *use);

#endif
