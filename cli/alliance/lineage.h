/* cli/alliance/lineage.h - what a charter says of lost roots and of reorganisations, for people and for JSON. */
#ifndef FOLKMOOT_CLI_ALLIANCE_LINEAGE_H
#define FOLKMOOT_CLI_ALLIANCE_LINEAGE_H

#include <jansson.h>

#include "cli/desk.h"

/* Lines on stdout, those of lost roots in red: whoever holds the new key speaks for the member, and that was the stewards'
 * word alone. Nothing where there is nothing. */
void lineage_show(struct desk *d);

/* [{"slug","fingerprint","generation","size"}]: roots that were replaced, and where in the member's log. */
json_t *lineage_replaced(const struct charter *c);
/* [{"slug","old","from"}] */
json_t *lineage_successions(const struct charter *c);

#endif
