/* cli/intake/inside.h - what the files of this folder share while they read. */
#ifndef FOLKMOOT_CLI_INTAKE_INSIDE_H
#define FOLKMOOT_CLI_INTAKE_INSIDE_H

#include "cli/intake/intake.h"
#include "cli/intake/rows.h"

#define INTAKE_COLUMNS(X)                                                     \
    X(COL_PERIOD,      "time_period")                                         \
    X(COL_IDENTIFIER,  "time_identifier")                                     \
    X(COL_LEVEL,       "geographic_level")                                    \
    X(COL_DFE,         "old_la_code")                                         \
    X(COL_GSS,         "new_la_code")                                         \
    X(COL_INDICATOR,   "indicator")                                           \
    X(COL_NUMERATOR,   "numerator")                                           \
    X(COL_DENOMINATOR, "denominator")                                         \
    X(COL_VALUE,       "value")                                               \
    X(COL_MULTIPLIER,  "multiplier")                                          \
    X(COL_BREAKDOWN,   "breakdown")

enum intake_column {
#define X(sym, name) sym,
    INTAKE_COLUMNS(X)
#undef X
    COL_COUNT
};

#define NO_COLUMN SIZE_MAX

/* One indicator's place in every row. */
struct slot {
    const char *indicator;              /* NULL: the row's own column says it */
    size_t part[PART_COUNT];            /* columns, or NO_COLUMN */
    size_t where_column;                /* NO_COLUMN: every row */
    const char *where_value;
};

struct header {
    char names[INTAKE_COLUMNS_MAX][COLUMN_NAME_MAX + 1];
    size_t n;
    size_t at[COL_COUNT];               /* NO_COLUMN when the file has no such column */
    size_t where[INTAKE_WHERE_MAX];
    struct slot slots[INTAKE_SLOTS_MAX];
    size_t n_slots;
};

/* The state of one run over all files. */
struct reading {
    struct intake *in;
    const struct intake_options *with;
    uint32_t file;
    struct header *header;              /* of the file that is read; n 0 before its first row */
    bool header_failed;
    size_t cap_figures;
    enum err failed;                    /* memory */
};

const struct definition *reading_definition(const struct reading *r, const char *id);
const char *reading_nearest(const struct reading *r, const char *id);

/* Keep a problem; column NULL for the whole row, line 0 for the whole file. */
__attribute__((format(printf, 5, 6)))
void problem_add(struct reading *r, uint64_t line, const char *column, const char *remedy, const char *fmt, ...);
void problem_add_complaint(struct reading *r, uint64_t line, const char *column, const struct complaint *why);
void problems_sort(struct intake *in);

/* Understand the first row: fills r->header, or adds problems and sets header_failed. */
void heading_read(struct reading *r, const struct row *row);

/* Take one later row. */
void row_take(struct reading *r, const struct row *row);

/* Two rows for one figure are a problem that names both. Sorts figures by file and line. */
void figures_check_twice(struct reading *r);

#endif
