/* cli/audit/content.h - what a record says, as JSON: {"type": "figure", ...}, by the names that protocol.md has.
 *
 * A record of a type that is not known here is given by its elements, so that nothing is hidden. */
#ifndef FOLKMOOT_CLI_AUDIT_CONTENT_H
#define FOLKMOOT_CLI_AUDIT_CONTENT_H

#include <jansson.h>

#include "protocol/bytes.h"

/* NULL: it is no record, or memory failed (ERR_NOMEM in *ret_e, else ERR_FORMAT). */
json_t *content_json(struct bytes record, enum err *ret_e);

/* In a few words, for people, from what content_json made. */
enum { CONTENT_SHOWN_MAX = 400 };
void content_shown(const json_t *content, char ret[CONTENT_SHOWN_MAX]);

#endif
