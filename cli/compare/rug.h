/* cli/compare/rug.h - the "tartan rug": indicators down, authorities across, the region like for like at the end. */
#ifndef FOLKMOOT_CLI_COMPARE_RUG_H
#define FOLKMOOT_CLI_COMPARE_RUG_H

#include <jansson.h>

#include "cli/compare/lead.h"

/* The authorities in the order of the columns: our own first, then by name. The caller free()s it; NULL: no memory. */
const struct slug **rug_columns(const struct lead *l);

/* A row's cell for people: "27.0"; "#182", a count where no value is published; a symbol; "." where nothing was returned; "" where
 * nothing was to be. `r` may be NULL. */
enum { RUG_VALUE_MAX = 48 };
void rug_value(const struct compare_row *r, const struct definition *d, char ret[RUG_VALUE_MAX]);
/* The region's: its value, or where no denominator is published the change of its count like for like, "-3.6 %". */
void rug_region_value(const struct region_row *r, char ret[RUG_VALUE_MAX]);
/* Was the version that stands said to revise one before? */
bool rug_is_revised(const struct compare_row *r);
/* "*" revised; "p" a public figure, which nobody here signed; "" neither. `r` may be NULL. */
const char *rug_sign(const struct compare_row *r);
/* What people call an authority; "Leeds (public figures)" where it is no member. */
enum { RUG_HEAD_MAX = NAME_MAX_LEN + 24 };
void rug_head(const struct lead *l, const struct slug *slug, char ret[RUG_HEAD_MAX]);

json_t *rug_json(const struct lead *l);
/* A workbook with the rug shaded, the letters, and how to read it; over another file only with --yes. */
enum exit_status rug_xlsx(struct lead *l, const char *file);

#endif
