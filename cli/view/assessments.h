/* cli/view/assessments.h - what is asked of a view about self-assessments.
 *
 * As query.h: callbacks get rows borrowed for the call, and the first error that one returns ends the query. */
#ifndef FOLKMOOT_CLI_VIEW_ASSESSMENTS_H
#define FOLKMOOT_CLI_VIEW_ASSESSMENTS_H

#include "cli/view/query.h"

struct assessment_row {
    struct slug slug;
    uint32_t generation, year, judgement;
    uint64_t idx, said_ms;
    const char *record, *hash, *missing;    /* hash: of the text, hex, "" once erased; missing: offices, one space between */
    const char *audience, *withdrawn;       /* withdrawn: why; NULL: it is not */
    uint64_t withdrawn_ms;
    bool is_quartet;
    struct bytes text, note;                /* empty once erased */
};
typedef enum err (*assessment_each)(void *arg, const struct assessment_row *r);
/* In order of slug, newest year first. slug NULL: of everybody; year 0: of any. Those of members that may not publish
 * figures are not among them. */
MUST_USE enum err view_assessments(struct view *v, const char *slug, uint32_t year, assessment_each each, void *arg);
/* Every version, withdrawn ones too, the newest first within slug and year. */
MUST_USE enum err view_assessment_versions(struct view *v, const char *slug, uint32_t year, assessment_each each, void *arg);

struct signature_row { const char *role, *name, *key; bool is_valid; };    /* key: "own", "held"; NULL: no officer's of then */
typedef enum err (*signature_each)(void *arg, const struct signature_row *r);
MUST_USE enum err view_assessment_signatures(struct view *v, const char *slug, uint32_t generation, uint64_t idx,
                                             signature_each each, void *arg);

#endif
