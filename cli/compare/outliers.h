/* cli/compare/outliers.h - what a lead would ask: about a figure, how somebody does it, or where a return is.
 *
 *   funnel      outside the 99.8 % limits that allow for ordinary spread (cli/stats/funnel.h)
 *   xmr         the compared figure is more than its own ordinary variation (cli/stats/spc.h)
 *   withdrawn   its author took it back, and nothing stands in its place
 *   late        nothing returned yet, though something was for the period before
 *   missing     nothing returned for this period, nor the one before, to an indicator that others returned
 *   silent      nothing returned to any indicator; or published, and not to be read here yet
 *   overdue     an open collection of a lead is past its day, and not all of it has come, or stands
 *
 * Public figures are tested by the funnel and make the set that it is drawn from; they are nobody's return, and whoever is
 * no member is asked for none.
 *
 * A row is a reason to ask and never a judgement. */
#ifndef FOLKMOOT_CLI_COMPARE_OUTLIERS_H
#define FOLKMOOT_CLI_COMPARE_OUTLIERS_H

#include "cli/compare/causes.h"
#include "cli/stats/funnel.h"

#define OUTLIER_RULES(X) X(RULE_FUNNEL, "funnel") X(RULE_XMR, "xmr") X(RULE_WITHDRAWN, "withdrawn") X(RULE_LATE, "late") \
    X(RULE_MISSING, "missing") X(RULE_SILENT, "silent") X(RULE_OVERDUE, "overdue")
enum outlier_rule {
#define X(sym, name) sym,
    OUTLIER_RULES(X)
#undef X
};
const char *outlier_rule_name(enum outlier_rule r);

/* Neither: the indicator has no good and no bad direction. */
#define OUTLIER_ASKS(X) X(ASK_ABOUT, "about") X(ASK_HOW, "how") X(ASK_NEITHER, "")
enum outlier_ask {
#define X(sym, name) sym,
    OUTLIER_ASKS(X)
#undef X
};
const char *outlier_ask_name(enum outlier_ask a);

enum { OUTLIER_DETAIL_MAX = 320 };
struct outlier {
    const struct slug *slug;                /* these three borrow from the region */
    const struct region_row *row;           /* the indicator; NULL: silent, overdue */
    const struct compare_row *cell;         /* NULL: there is none */
    enum outlier_rule rule;
    enum outlier_ask ask;
    double weight;                          /* how far out: |za|, or distance from the mean in thirds of the limits */
    char detail[OUTLIER_DETAIL_MAX];        /* in words */
};

struct excluded { const struct region_row *row; struct funnel funnel; };

struct outliers {
    struct outlier *list;                   /* by rule, then the farthest out, then by slug */
    size_t n, cap;
    struct excluded *excluded;              /* sets that are not tested: .funnel.why says why */
    size_t n_excluded;
    struct funnel_tally tally;
    size_t n_series;                        /* with points enough for an XmR chart */
};

/* `now_ms` tells what is overdue; 0: nothing is. The region outlives *ret, which the caller releases on OK. */
MUST_USE enum err outliers_find(struct view *v, const struct region *region, uint64_t as_of_ms, uint64_t now_ms,
                                struct outliers *ret);
void outliers_release(struct outliers *o);

/* "suppressed, 6 of 18 hidden" */
enum { EXCLUDED_TEXT_MAX = 96 };
void excluded_text(const struct excluded *x, char ret[EXCLUDED_TEXT_MAX]);

#endif
