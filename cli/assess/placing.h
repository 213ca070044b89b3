/* cli/assess/placing.h - where an authority stands by its figures: what an assessment ought to speak of. */
#ifndef FOLKMOOT_CLI_ASSESS_PLACING_H
#define FOLKMOOT_CLI_ASSESS_PLACING_H

#include "cli/compare/region.h"

/* A figure went clearly the wrong way when it moved by this part of what it was before. */
enum { PLACING_MUCH_PERCENT = 10 };

struct placed {
    const struct region_row *of;            /* the indicator: .definition, .period */
    const struct compare_row *row;          /* its own; has a number to compare */
    char link[INDICATOR_MAX + 32];          /* "rereferral_pct@2024": what stands behind figure: in a link */
    char value[64];                         /* for people */
    size_t ranked;                          /* authorities with a rank */
    bool is_better, is_worse, is_much_worse;    /* than its period before, by what is good of it */
};
struct placing {
    struct region region;
    struct placed *rows;              /* in order of indicator */
    size_t n;
};

/* Every indicator of which the authority has a number in the newest period, among the alliance. On OK, which an empty one is
 * too, the caller releases *ret. */
MUST_USE enum err placing_make(struct view *v, const struct charter *charter, const struct slug *slug, struct placing *ret);
void placing_release(struct placing *s);

#endif
