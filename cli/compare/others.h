/* cli/compare/others.h - what others published beside one indicator of the members: England's figure, and for each of some
 * authorities the mean and the median of its statistical neighbours.
 *
 * Nobody of them is put among the members: this is for a page about these that shows where others stand. */
#ifndef FOLKMOOT_CLI_COMPARE_OTHERS_H
#define FOLKMOOT_CLI_COMPARE_OTHERS_H

#include "cli/compare/compare.h"

struct others {
    bool any;                               /* some public figure of the period is held; false: all the rest is empty */
    bool has_england;                       /* with a value */
    struct figure england;
    struct compare_neighbours *of;          /* as those that were asked for */
    struct compare_source *sources;         /* is_used: one of these rests on it */
    size_t n_sources;
};

/* `ask` names indicator, period and day, and may name a model of neighbours; its set is of no account. On OK the caller releases
 * *ret. As compare_make. */
MUST_USE enum err others_make(const struct compare_ask *ask, const struct slug *of, size_t n, struct others *ret);
void others_release(struct others *b);

#endif
