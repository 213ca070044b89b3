/* cli/compare/match.h - where one authority's strength meets another's area for development, on the same indicator.
 *
 *   strength   among the best quarter (A), or its newest figure is an improving special cause (XmR); unless it is a
 *              worsening one
 *   need       among the worst quarter (D), or its newest figure is a worsening special cause; unless it is an improving one
 *
 * The strength is the better figure of the two.  Of indicators with a good and a bad direction only; letters of fewer than
 * MATCH_RETURNS returns are no ground.  Of each need the best MATCH_MOST strengths are named: first the DfE's statistical
 * neighbours of who needs, then by rank. */
#ifndef FOLKMOOT_CLI_COMPARE_MATCH_H
#define FOLKMOOT_CLI_COMPARE_MATCH_H

#include "cli/compare/region.h"
#include "cli/stats/spc.h"

enum { MATCH_MOST = 3, MATCH_RETURNS = 3 };

#define GROUNDS(X) X(GROUND_NONE, "") X(GROUND_LETTER, "letter") X(GROUND_CAUSE, "special cause")
enum ground {
#define X(sym, name) sym,
    GROUNDS(X)
#undef X
};
const char *ground_name(enum ground g);

struct pair_found {
    const struct region_row *row;                           /* these three borrow from the region */
    const struct compare_row *from, *to;
    enum ground from_ground, to_ground;                     /* a letter, where both hold */
    size_t neighbour;                                       /* `from` is that neighbour of `to`, 1 to 10; 0: none */
};

struct matches { struct pair_found *list; size_t n, cap; };

/* `about` NULL: for each need of a member the strengths, of whomever they are. Else the pairs of one authority: for each need of
 * its own the strengths, and for each strength of its own the needs, MATCH_MOST each: those whose neighbour it is first, then the
 * worst by rank. In order of indicator, then of who needs. The region outlives *ret, which the caller releases on OK. */
MUST_USE enum err match_find(struct view *v, const struct region *region, uint64_t as_of_ms, const struct slug *about,
                             struct matches *ret);
void match_release(struct matches *m);

#endif
