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
    X(COL_BREAKDOWN,   "breakdown")                                           \
    X(COL_NAME,        "la_name")                                             \
    X(COL_COMMENT,     "comment")                                             \
    X(COL_REGION,      "region_code")                                         \
    X(COL_COUNTRY,     "country_code")                                        \
    X(COL_VINTAGE,     "release_first_seen")

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
    const struct intake_map *map;       /* NULL in long and wide form; borrowed */
    size_t where[INTAKE_CONDITIONS_MAX], beside[INTAKE_CONDITIONS_MAX];     /* their columns */
};

/* A denominator that stands in a row of its own. */
struct beside {
    size_t slot;
    struct intake_place place;
    char period[PERIOD_MAX + 1], identifier[TIME_IDENTIFIER_MAX + 1];
    uint64_t line;
    bool is_bad;                        /* and that was said */
    char *text;
};

/* What the rows of ours of one period said, where the file is a table that we know. */
enum { INTAKE_PERIODS_MAX = 256, INTAKE_BESIDE_MAX = 8192, TABLE_SLOTS_MAX = 16 };
struct seen_period {
    char period[PERIOD_MAX + 1], identifier[TIME_IDENTIFIER_MAX + 1];
    uint64_t line;                      /* its first row */
    struct seen_row {
        bool is_there;
        /* A row that would be it but for one cell, whose words nothing in the map knows; 0 for none. */
        uint64_t suspect;
        size_t column;
    } rows[TABLE_SLOTS_MAX], beside[TABLE_SLOTS_MAX];   /* of each slot's figure, and of its denominator */
};

struct header {
    char names[INTAKE_COLUMNS_MAX][COLUMN_NAME_MAX + 1];
    size_t n;
    size_t at[COL_COUNT];               /* NO_COLUMN when the file has no such column */
    size_t where[INTAKE_WHERE_MAX];
    struct slot slots[INTAKE_SLOTS_MAX];
    size_t n_slots;
    struct intake_map table[INTAKE_SLOTS_MAX];      /* the built-in map, when one was chosen */
    size_t n_table;
};

/* The state of one run over all files. */
struct reading {
    struct intake *in;
    const struct intake_options *with;
    uint32_t file;
    struct intake_place place;          /* of the row that is read; with `everybody` */
    size_t beside_at;                   /* where the last denominator beside a row was found */
    struct header *header;              /* of the file that is read; n 0 before its first row */
    bool header_failed;
    bool is_gathering;                  /* the first of two passes: denominators that stand in rows of their own */
    struct beside *beside;
    size_t n_beside, cap_beside;
    struct seen_period *seen;           /* INTAKE_PERIODS_MAX of them */
    size_t n_seen;
    size_t cap_figures, cap_problems;
    enum err failed;                    /* memory */
};

const struct definition *reading_definition(const struct reading *r, const char *id);
const char *reading_in_parts(const struct reading *r);      /* what to do with too much; `with` may be NULL */
const char *reading_nearest(const struct reading *r, const char *id);

/* Keep a problem; column NULL for the whole row, line 0 for the whole file. */
__attribute__((format(printf, 5, 6)))
void problem_add(struct reading *r, uint64_t line, const char *column, const char *remedy, const char *fmt, ...);
void problem_add_complaint(struct reading *r, uint64_t line, const char *column, const struct complaint *why);
void problems_sort(struct intake *in);
void fault_complain(struct reading *r, const struct rows_end *end);     /* how the rows ended */

/* Understand the first row: fills r->header, or adds problems and sets header_failed. */
void heading_read(struct reading *r, const struct row *row);

/* Is the row the heading once more, as where files were joined? */
bool heading_stands_again(const struct header *h, const struct row *row);

/* Choose a built-in map for the columns of r->header and fill its slots; false when none fits: then *ret_near is
 * the one that nearly does and *ret_lacks a column of it that is missing, or *ret_near is NULL. */
bool heading_choose_table(struct reading *r, const struct row *row, const char **ret_near, char ret_lacks[COLUMN_NAME_MAX + 1]);
/* A slot for each of `n` maps, which live as long as the reading. */
void heading_map_slots(struct reading *r, const struct row *row, const struct intake_map *maps, size_t n);
size_t column_find(const struct header *h, const char *name);       /* NO_COLUMN when there is none */

/* The row's period and breakdown into *ret; false when they are none, and that was said. */
bool row_period(struct reading *r, const struct row *row, struct figure *ret);
bool row_breakdown(struct reading *r, const struct row *row, struct figure *ret);
/* Take one later row. */
void row_take(struct reading *r, const struct row *row);
const char *row_cell(const struct row *row, size_t column);         /* "" where the row has no such column */
bool row_holds(const struct row *row, const struct intake_conditions *all, const size_t *columns);
/* By codes, name and level. ROW_DOUBTFUL when they contradict each other: it has said so. */
enum row_owner { ROW_OURS, ROW_OTHERS, ROW_DOUBTFUL };
enum row_owner row_owner(struct reading *r, const struct row *row);
/* With `everybody`: ROW_OURS for each place that the register knows, which is r->place then. */
enum row_owner row_place(struct reading *r, const struct row *row);
/* Is the word a geographic level of the DfE's? Otherwise *ret_near is what may be meant, or NULL. */
bool level_is_known(const char *level, const char **ret_near);
bool dfe_code_is_in_form(const char *code);             /* "845", or "314 / 318" of two bodies together */
bool gss_code_is_in_form(const char *code);

/* In the first pass: keep the denominators that the row holds. In the second: the denominator beside a row, or NULL. */
void beside_keep(struct reading *r, const struct row *row);
const struct beside *beside_find(struct reading *r, size_t slot, const char *period, const char *identifier);
void beside_release(struct reading *r);

/* A table that we know has, for every period, a row for each of its indicators: note a row of ours, and at the end
 * of the file say what is missing. Both do nothing for other files. */
bool whole_is_watched(const struct reading *r);         /* false where --where picks by such words */
void whole_note(struct reading *r, const struct row *row);
void whole_check(struct reading *r);

/* Two rows for one figure are a problem that names both. Sorts figures by file and line. */
void figures_check_twice(struct reading *r);

#endif
