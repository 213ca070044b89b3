/* cli/audit/content.h - what a record says, as JSON: {"type": "figure", ...}, by the names that protocol.md has.
 *
 * A record of a type that is not known here is given by its elements, so that nothing is hidden. */
#ifndef FOLKMOOT_CLI_AUDIT_CONTENT_H
#define FOLKMOOT_CLI_AUDIT_CONTENT_H

#include <jansson.h>

#include "protocol/identity.h"

/* So many values of records of unknown types are taken apart for one file (begin *values_left with it); of those beyond, "packed"
 * is the whole record, in hex. */
enum { CONTENT_VALUES_MAX = 1024 * 1024 };
/* NULL: it is no record, or memory failed (ERR_NOMEM in *ret_e, else ERR_FORMAT). */
json_t *content_json(struct bytes record, size_t *values_left, enum err *ret_e);

/* Of a self-assessment, by the officers of the identity in force at its place in the log of `slug`: "signatures", "quartet"
 * and "missing", which are null until then. Of anything else nothing. ERR_NOMEM. */
MUST_USE enum err content_judge_assessment(json_t *content, const struct slug *slug, const struct officer *list, size_t n);
/* content_json's part of it; false: it is none. */
bool content_put_assessment(json_t *o, struct bytes in);

/* In a few words, for people, from what content_json made. */
enum { CONTENT_SHOWN_MAX = 400 };
void content_shown(const json_t *content, char ret[CONTENT_SHOWN_MAX]);

#endif
