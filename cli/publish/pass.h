/* cli/publish/pass.h - figures on their way to the public pass the gate, beside what is public already. */
#ifndef FOLKMOOT_CLI_PUBLISH_PASS_H
#define FOLKMOOT_CLI_PUBLISH_PASS_H

#include "cli/intake/intake.h"
#include "cli/official.h"
#include "cli/publish/gate.h"
#include "cli/view/query.h"

struct passed {
    struct gate_item *items;            /* one a figure, in their order; what follows was public already */
    size_t n_items;
    struct gate_count count;
    int64_t small_max;                  /* what the gate went by */
    struct figure *public;              /* the others' figures */
};

/* Withhold in `figures` what must not be public, beside all that `slug` has made public of these indicators and of those that are
 * related to them; small_max comes from small_count_max(). The lexicon has the definitions, and outlives *ret. On OK the caller
 * releases *ret. */
MUST_USE enum err pass_gate(struct view *v, struct lexicon *lexicon, const char *slug, int64_t small_max,
                            struct intake_figure *figures, size_t n, struct passed *ret);
void passed_release(struct passed *p);

#endif
