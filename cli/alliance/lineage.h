/* cli/alliance/lineage.h - what a charter says of lost roots and of reorganisations, for people and for JSON. */
#ifndef FOLKMOOT_CLI_ALLIANCE_LINEAGE_H
#define FOLKMOOT_CLI_ALLIANCE_LINEAGE_H

#include <jansson.h>

#include "cli/desk.h"

/* The charter since which replacement `i` of the one that stands is in force. */
uint32_t lineage_since(struct desk *d, size_t i);
/* Lines on stdout, in red, one a replaced root; nothing where there is none. */
void lineage_say_roots(struct desk *d);
/* The same and the successions: whoever holds the new key speaks for the member, and that was the stewards'
 * word alone. Nothing where there is nothing. */
void lineage_show(struct desk *d);

/* [{"slug","fingerprint","generation","size","charter"}]: roots that were replaced, where in the member's log, and since when. */
json_t *lineage_replaced(struct desk *d);
/* [{"slug","old","from"}]; with `of` those that begin or end there. */
json_t *lineage_successions(const struct charter *c, const struct slug *of);
json_t *lineage_succession(const struct succession *s);
/* "Northbarset goes on where Barset left off, since 2023-04-01": no full stop, so that more may be said. */
enum { LINEAGE_TEXT_MAX = 2 * NAME_MAX_LEN + 64 };
void lineage_text(struct desk *d, const struct succession *s, char ret[LINEAGE_TEXT_MAX]);
/* The same of one authority whose figures were asked for, a line each: they are its own, and where the others' are. `command` and
 * `about` are what was asked, "trend" and "cpp_rate". */
void lineage_say_of(struct desk *d, const struct slug *of, const char *command, const char *about);

#endif
