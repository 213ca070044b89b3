/* cli/assess/seen.h - said against seen: what an authority says of itself beside what figures, peers and inspectors say.
 *
 * A finding is a question, never a verdict. It is for the author of an assessment first (`assess check`), then for whoever
 * drafts a challenge. Of what members say to each other only what counts is looked at (cli/thread/threads.h). */
#ifndef FOLKMOOT_CLI_ASSESS_SEEN_H
#define FOLKMOOT_CLI_ASSESS_SEEN_H

#include "cli/assess/placing.h"
#include "protocol/assessment_body.h"

/*    enum                   stable code */
#define SEEN_KINDS(X)                                                                                        \
    X(SEEN_STRENGTH_BAND_D,  "strength-in-band-d")      /* claimed as a strength; the figure is in the last quarter */ \
    X(SEEN_STRENGTH_WORSE,   "strength-worsening")      /* ... went the wrong way since the period before */ \
    X(SEEN_SILENT_BAND_D,    "band-d-not-mentioned")                                                         \
    X(SEEN_SILENT_WORSE,     "worsening-not-mentioned") /* by PLACING_MUCH_PERCENT or more */               \
    X(SEEN_NEED,             "need-not-answered")       /* a need that it published and nobody took up */     \
    X(SEEN_INSPECTION,       "judgement-not-inspection")    /* its own judgement is better than the inspectors' */ \
    X(SEEN_REVIEW,           "peer-review")             /* peers reported in a review that it asked for */
enum seen_kind {
#define X(sym, code) sym,
    SEEN_KINDS(X)
#undef X
};
const char *seen_code(enum seen_kind k);

enum { SEEN_TEXT_MAX = 640 };
struct seen {
    enum seen_kind kind;
    char link[INDICATOR_MAX + 32];          /* "rereferral_pct@2024"; "" where it is about no figure */
    char record[RECORD_TEXT_SIZE];          /* the evidence: the figure, the need, the review; "" for a judgement */
    char text[SEEN_TEXT_MAX];               /* a sentence for people, without a full stop; may quote what others wrote */
};
struct seen_list { size_t n, cap; struct seen *all; };

struct seen_ask {
    struct view *v;
    const struct charter *charter;          /* NULL: no figures are compared */
    const struct slug *slug;
    struct bytes body;                      /* below an assessment's head (assessment_text_read) */
    unsigned judgement;                     /* its own, 1 to 4 */
};
/* On OK, which no finding is too, the caller seen_release()s *ret. */
MUST_USE enum err seen_make(const struct seen_ask *ask, struct seen_list *ret);
void seen_release(struct seen_list *l);

#endif
