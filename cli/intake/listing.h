/* cli/intake/listing.h - CSV files whose rows are no figures: read as figures are, with every problem kept.
 *
 * The same text (byte order mark, Windows-1252, quotes), the same limits, the same list of problems; what a row means is
 * the caller's business. */
#ifndef FOLKMOOT_CLI_INTAKE_LISTING_H
#define FOLKMOOT_CLI_INTAKE_LISTING_H

#include "cli/intake/intake.h"
#include "cli/intake/rows.h"

struct listing;

struct listing_with {
    /* The first row. False: it has complained, and no row is read. */
    bool (*heading)(void *arg, struct listing *l, const struct row *row);
    /* Every other row that is as wide as the first. Anything but OK ends the reading. */
    enum err (*take)(void *arg, struct listing *l, const struct row *row);
    /* Behind the last row: what is wrong with all of them together. NULL: nothing can be. */
    void (*finish)(void *arg, struct listing *l);
    void *arg;
};

/* OK with problems in *ret means "refuse"; then and on plain OK the caller releases *ret, which holds problems and how many
 * rows there were, and no figures. ERR_LIMIT: longer than INTAKE_FILE_MAX; ERR_FORMAT: no text; ERR_NOMEM. */
MUST_USE enum err listing_read(struct bytes raw, const struct listing_with *with, struct intake *ret);

/* Keep a problem; `column` NULL for the row as a whole, `line` 0 for the file as a whole. */
__attribute__((format(printf, 5, 6)))
void listing_complain(struct listing *l, uint64_t line, const char *column, const char *remedy, const char *fmt, ...);
/* The row says nothing: it is counted, and no problem. */
void listing_pass_empty(struct listing *l);

/* Where the codes of a place stand in a row; SIZE_MAX: there is no such column. */
struct place_columns { size_t level, dfe, gss, region, country; };
/* Of whom does the row speak? False: of nobody that is looked at (counted), or it has complained. */
bool listing_place(struct listing *l, const struct row *row, const struct place_columns *at, struct intake_place *ret);

#endif
