/* cli/collection.h - collections: figures that a lead asks for, by number. */
#ifndef FOLKMOOT_CLI_COLLECTION_H
#define FOLKMOOT_CLI_COLLECTION_H

#include "cli/desk.h"
#include "cli/view/query.h"

/* The one of that number. Anything but EXIT_OK: it has said why; two leads may have used one number. */
enum exit_status collection_find(struct session *s, struct view *v, const char *number, struct collection_row *ret);
/* One more than the highest of all leads. */
MUST_USE enum err collection_next(struct view *v, uint32_t *ret);

/* May this member ask? It must be a lead; else it has said so. */
enum exit_status collection_need_lead(struct desk *d);

/* A list of indicators from a CSV file: its column `indicator` or `id`, else its first; every one is defined. */
enum exit_status collection_read_indicators(struct desk *d, struct view *v, const char *file, struct collection *ret);

#endif
