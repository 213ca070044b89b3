/* cli/compare/inside.h - what the files of this folder share. */
#ifndef FOLKMOOT_CLI_COMPARE_INSIDE_H
#define FOLKMOOT_CLI_COMPARE_INSIDE_H

#include "cli/compare/compare.h"

/* ---- gather.c ---- */
/* Who might be compared, with what each of them published and what others published of them: rows in order of slug, areas,
 * the period before. */
MUST_USE enum err compare_gather(const struct compare_ask *ask, struct comparison *c);
/* The place of a release among those that the comparison rests on. */
MUST_USE enum err compare_source(struct comparison *c, const char *file, const char *source, const char *vintage, size_t *ret);
/* Put the rows in order, and know where each stands: compare_row_of() and _at() find them by it. */
MUST_USE enum err compare_index(struct comparison *c);

/* ---- choose.c ---- */
/* Leave those that were asked for, each with the one figure that stands for it. */
MUST_USE enum err compare_choose(const struct compare_ask *ask, struct comparison *c);

/* ---- neighbours.c ---- */
/* From all that were gathered, before some are left out. */
MUST_USE enum err compare_neighbours(const struct compare_ask *ask, struct comparison *c);

/* NULL: there is none. */
struct compare_row *compare_row_of(const struct comparison *c, const char *slug);
/* By the slug that the register has for it. */
struct compare_row *compare_row_at(const struct comparison *c, const char *place);
bool compare_row_has_value(const struct compare_row *r);

#endif
