/* cli/publish/plan.h - what publishing these figures would change: new, revised, unchanged. */
#ifndef FOLKMOOT_CLI_PUBLISH_PLAN_H
#define FOLKMOOT_CLI_PUBLISH_PLAN_H

#include "cli/intake/intake.h"
#include "cli/view/query.h"

enum plan_kind { PLAN_NEW, PLAN_REVISED, PLAN_UNCHANGED };

struct plan_change {
    size_t at;                          /* which figure */
    char record[RECORD_TEXT_SIZE];      /* the version that it replaces ... */
    struct figure old;                  /* ... and what that said */
};

struct plan {
    enum plan_kind *kinds;              /* one a figure */
    size_t n_new, n_revised, n_unchanged;
    struct plan_change *changes;        /* n_revised of them, by indicator, then in the order of the figures */
};

/* Our own newest version of a figure in the audience that is published to; ERR_UNKNOWN: never published there. */
struct published {
    enum err (*find)(void *arg, const struct figure *f, struct figure_row *ret);
    void *arg;
};

/* Compare `figures` with what was published.  A revised one gets `reason`, every other none.  One that was
 * withdrawn does not stand any more: publishing it again is new.  On OK the caller releases *ret. */
MUST_USE enum err plan_make(struct intake_figure *figures, size_t n, const struct published *published,
                            enum revision_reason reason, struct plan *ret);
void plan_release(struct plan *p);

#endif
