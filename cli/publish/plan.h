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

/* A comment that becomes a note: every one beside a new version; beside an unchanged figure one that says something new. */
struct plan_note {
    size_t at;                          /* which figure; its comment is the text */
    char record[RECORD_TEXT_SIZE];      /* of the version that stands; "" when it is published with the note */
};

struct plan {
    enum plan_kind *kinds;              /* one a figure */
    struct plan_note *notes;
    size_t n_notes;
    size_t n_new, n_revised, n_unchanged;
    struct plan_change *changes;        /* n_revised of them, by indicator, then in the order of the figures */
};

/* Our own newest version of a figure in the audience that is published to; ERR_UNKNOWN: never published there. */
struct published {
    enum err (*find)(void *arg, const struct figure *f, struct figure_row *ret);
    /* *ret: does our newest note beside that record say just this? */
    enum err (*is_noted)(void *arg, const char *record, const char *text, bool *ret);
    void *arg;
};

/* Compare `figures` with what was published.  A revised one gets `reason`, every other none.  One that was
 * withdrawn does not stand any more: publishing it again is new.  On OK the caller releases *ret. */
MUST_USE enum err plan_make(struct intake_figure *figures, size_t n, const struct published *published,
                            enum revision_reason reason, struct plan *ret);
void plan_release(struct plan *p);
/* How many entries it would make, without the return. */
size_t plan_entries(const struct plan *p);

#endif
