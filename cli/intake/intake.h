/* cli/intake/intake.h - CSV files -> figures, or everything that is wrong with them.
 *
 * Takes the DfE's "explore education statistics" files and their relatives:
 * columns by name in any order, upper and lower case alike.
 *
 *   always        time_period, [time_identifier], old_la_code and/or new_la_code, [geographic_level], [breakdown]
 *   long form     indicator, and of numerator, denominator, value at least one; [multiplier]
 *   wide form     no column `indicator`: a column an indicator, by its id, holds the value;
 *                 ID_numerator and ID_denominator hold its parts
 *   mapped        as an intake_map says, for files whose columns have other names; those of the DfE's own
 *                 tables are built in (cli/register/ees_maps.csv) and chosen by the columns that a file has
 *
 * With `everybody` it reads public figures of all authorities, regions and England instead: whose a row is stands with
 * the figure. Values of areas need not follow from their parts, which are published rounded.
 *
 * A column `comment` is kept with the figure.  Only rows of the publishing authority are looked at; the others
 * are counted; a row whose codes, name or level contradict each other is a problem, never passed over. A
 * file is taken whole or not at all: every problem is listed, and then no figure
 * should be published. docs/operations.md, "Publishing". */
#ifndef FOLKMOOT_CLI_INTAKE_INTAKE_H
#define FOLKMOOT_CLI_INTAKE_INTAKE_H

#include <stdio.h>

#include "cli/intake/cells.h"
#include "cli/intake/source.h"

enum {
    INTAKE_FILES_MAX = 64,
    INTAKE_FIGURES_MAX = 100000,
    INTAKE_PROBLEMS_MAX = 100000,       /* kept, so that --errors has them; those beyond are counted */
    INTAKE_PROBLEMS_SHOWN = 1000,       /* by commands, on the screen and in documents */
    INTAKE_WHERE_MAX = 16,
    INTAKE_SLOTS_MAX = 128,             /* indicators in one wide file */
    INTAKE_CONDITIONS_MAX = 3,          /* in one `where` of a map */
    INTAKE_NAME_MAX = 31,               /* of a built-in map */
    DATE_TEXT_SIZE = 11,
    INTAKE_OTHER_SIZE = 61,
    COLUMN_NAME_MAX = 64
};
struct authority;
struct area;
struct row;

struct intake_where {
    char column[COLUMN_NAME_MAX + 1], value[241];
};

/* Every one must hold; n 0: every row. */
struct intake_conditions {
    struct intake_where all[INTAKE_CONDITIONS_MAX];
    size_t n;
};

/* Where one indicator stands in a file of other column names. "" for no such column. An indicator may have
 * several: files have changed their words from one release to the next. */
struct intake_map {
    char indicator[INDICATOR_MAX + 1];
    char numerator[COLUMN_NAME_MAX + 1], denominator[COLUMN_NAME_MAX + 1], value[COLUMN_NAME_MAX + 1];
    struct intake_conditions where;     /* only rows that hold this */
    struct intake_conditions beside;    /* n > 0: the denominator stands in the row of the same authority and period
                                         * that holds this */
};

/* A column of ours that goes by another name in the file. */
struct intake_alias { const char *column, *name; };

struct intake_options {
    const char *dfe, *gss;              /* the publishing authority's codes, "" for none */
    const struct intake_where *where;   /* every one must hold */
    size_t n_where;
    const struct intake_map *map;       /* NULL: long or wide form, or a table that is known */
    size_t n_map;
    enum figure_status base;            /* STATUS_FINAL or STATUS_PROVISIONAL */
    enum marking marking;
    enum revision_reason reason;
    /* The definition of an id, or NULL; and the nearest id to a misspelt one, or NULL. Both NULL: the
     * official ones of the register. What they return lives as long as the intake. */
    const struct definition *(*definition)(void *arg, const char *id);
    const char *(*nearest)(void *arg, const char *id);
    /* The hash of one that `definition` gave; NULL: that of the record which says just what it says. */
    struct hash (*hash)(void *arg, const struct definition *d);
    void *arg;
    /* Where a heading was not understood: does it belong to a file that is no return at all? Then what that is. NULL: nobody
     * knows. */
    bool (*no_return)(const struct row *header, struct complaint *ret);
    bool everybody;                     /* public figures, of whomever: dfe and gss are not looked at */
    const struct intake_alias *aliases; /* with everybody only */
    size_t n_aliases;
    const char *vintage;                /* of rows that say none themselves; with everybody only */
    bool known_only;                    /* rows of an indicator that nobody defines are counted, and no problem */
};

/* Whose figure it is: one of the two, where `everybody` was asked for. */
struct intake_place {
    const struct authority *authority;
    const struct area *area;
};

struct intake_figure {
    struct figure figure;
    struct intake_place place;
    char vintage[DATE_TEXT_SIZE];       /* "2024-11-01" by the column release_first_seen, else as the options say */
    const struct definition *definition;
    uint32_t file;                      /* index into intake.files */
    uint64_t line;
    char *comment;                      /* NULL for none; owned by the intake */
};

/* The words are valid UTF-8, one line, without control characters. */
struct intake_problem {
    uint32_t file;
    uint64_t line;                      /* 0: the file as a whole */
    char column[COLUMN_NAME_MAX + 1];   /* as the file spells it; "" for the row as a whole */
    char problem[COMPLAINT_PROBLEM_SIZE], remedy[COMPLAINT_REMEDY_SIZE];
};

struct intake_file {
    const char *name;                   /* borrowed from the caller; "-" for stdin */
    struct source source;
    uint64_t n_rows;                    /* without the header */
    uint64_t n_figures;
    char map[INTAKE_NAME_MAX + 1];      /* the built-in map that was chosen; "" for none */
};

struct intake {
    struct intake_figure *figures;      /* in the order of files and lines */
    size_t n_figures;
    struct intake_problem *problems;    /* likewise */
    size_t n_problems;
    uint64_t n_problems_more;           /* beyond INTAKE_PROBLEMS_MAX */
    struct intake_file files[INTAKE_FILES_MAX];
    size_t n_files;
    uint64_t n_other_authority;         /* rows of others, or of another geographic level */
    char first_other[INTAKE_OTHER_SIZE];        /* whose the first of them is: its name, else its code */
    uint64_t n_not_wanted;              /* rows that `where` left out */
    uint64_t n_zero_of_zero;            /* published as 0, taken as z */
    uint64_t n_unknown, n_empty;        /* with `everybody`: rows of an indicator nobody defines; that say nothing */
    struct hash source;                 /* SHA-256 of the file; of several, of their SHA-256s in order */
};

/* Read `names` ("-" is `in`). What is wrong with the files is in ret->problems: OK with
 * problems means "refuse". ERR_NOMEM; ERR_LIMIT for more than INTAKE_FILES_MAX names. On OK the
 * caller releases *ret. */
MUST_USE enum err intake_read(const char *const *names, size_t n, FILE *in, const struct intake_options *with,
                              struct intake *ret);
/* The same from one text that is here already; its name is "-". */
MUST_USE enum err intake_from(struct bytes text, const struct intake_options *with, struct intake *ret);
void intake_release(struct intake *in);
/* How many problems there are beyond the first INTAKE_PROBLEMS_SHOWN. */
uint64_t intake_problems_more(const struct intake *in);

/* "COLUMN=VALUE"; ERR_FORMAT without '=' or a column, ERR_LIMIT when too long. */
MUST_USE enum err intake_where_parse(const char *text, struct intake_where *ret);

/* "COLUMN=VALUE;COLUMN=VALUE", "" for none. ERR_FORMAT, and ERR_LIMIT for too many or too long. */
MUST_USE enum err intake_conditions_parse(const char *text, struct intake_conditions *ret);

/* A map file: CSV with the columns indicator, numerator, denominator, value, [where], [denominator_where].
 * On ERR_FORMAT *ret_why says why, on *ret_line. At most `max` are written. */
MUST_USE enum err intake_map_read(struct bytes text, struct intake_map *ret, size_t max, size_t *ret_n,
                                  uint64_t *ret_line, struct complaint *ret_why);

/* The built-in maps, in the order of their file. NULL beyond the last. */
const char *intake_table_name(size_t table);
/* The table's maps; one without an indicator names words that stand in the file and are nobody's. At most `max` are
 * written, how many is returned. */
size_t intake_table_maps(size_t table, struct intake_map *ret, size_t max);

/* The files back as CSV, each row followed by a column `problem` ("; " between several). */
MUST_USE enum err intake_annotate(const struct intake *in, FILE *out);

#endif
