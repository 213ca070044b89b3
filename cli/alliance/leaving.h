/* cli/alliance/leaving.h - members that have said that they leave, until a charter says so (cmd_alliance_leave.c). */
#ifndef FOLKMOOT_CLI_ALLIANCE_LEAVING_H
#define FOLKMOOT_CLI_ALLIANCE_LEAVING_H

#include <jansson.h>

#include "cli/desk.h"
#include "cli/record_id.h"
#include "cli/view/query.h"

struct leaver {
    struct slug slug;
    char record[RECORD_TEXT_SIZE], reason[POST_TEXT_MAX + 1];
    uint64_t said_ms;
};
struct leavers {
    size_t n;
    struct leaver *list;                    /* by slug, each member once, with its newest word that it has not taken back */
};

/* As far as can be read here. On OK the caller releases *ret. */
MUST_USE enum err leavers_read(struct view *v, const struct charter *c, struct leavers *ret);
void leavers_release(struct leavers *l);

/* A paragraph each, on stdout: who, why, and what then ends it. Nothing where there is nothing. */
void leavers_say(struct session *s, const struct leavers *l);
/* [{"slug","reason","said_at","record"}] */
json_t *leavers_json(const struct leavers *l);

#endif
