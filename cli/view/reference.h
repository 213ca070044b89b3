/* cli/view/reference.h - public figures in a view: put in from files that are kept beside it, and asked for.
 *
 * Nobody here signed them; they are never among what view_figures() gives.  docs/view.md, "Public figures". */
#ifndef FOLKMOOT_CLI_VIEW_REFERENCE_H
#define FOLKMOOT_CLI_VIEW_REFERENCE_H

#include "cli/view/query.h"

/* ---- the files ---- */

enum { REFERENCE_FILE_SIZE = 101, REFERENCE_SOURCE_SIZE = 201, REFERENCE_DAY_SIZE = 11 };  /* a file's name, its source, a date */

/* The form of what was not imported: the DfE's statistical neighbours of 2025, built into the program. */
#define REFERENCE_BUILT_IN "built-in"
#define REFERENCE_NEIGHBOURS_2025 "DfE 2025"            /* no import can have such a name */

struct reference_source {
    const char *name, *kind, *form, *source, *vintage, *imported_at, *sha256, *head;    /* head: hash of all that is said of it */
    uint64_t size, n;                       /* bytes; figures, or rows */
};
typedef enum err (*reference_source_each)(void *arg, const struct reference_source *s);
MUST_USE enum err view_reference_files(struct view *v, reference_source_each each, void *arg);

/* Begin to put a file in: what an earlier one of its name said is gone.  Then put, put ..., and view_reference_end(), which
 * keeps all of it with OK and nothing with an error (the earlier one stands then), and returns what became of it. */
MUST_USE enum err view_reference_begin(struct view *v, const struct reference_source *s);
MUST_USE enum err view_reference_end(struct view *v, enum err e);
/* What a file said is gone. Between begin and end, or alone. */
MUST_USE enum err view_reference_forget(struct view *v, const char *name);

struct reference_place { const char *level, *place, *dfe, *name; };     /* dfe NULL: no authority */
MUST_USE enum err view_reference_put_figure(struct view *v, const char *file, const struct reference_place *p,
                                            const struct figure *f, const char *vintage);
MUST_USE enum err view_reference_put_neighbour(struct view *v, const char *file, const char *slug, uint32_t rank,
                                               const char *neighbour, const char *closeness);
struct judgement_row { const char *inspected, *published, *type, *overall, *leaders, *help, *care, *leavers, *source; };
MUST_USE enum err view_reference_put_judgement(struct view *v, const char *file, const char *slug, const struct judgement_row *j);
MUST_USE enum err view_reference_put_population(struct view *v, const char *file, const struct reference_place *p,
                                                const char *period, const char *age, uint64_t persons);

/* ---- what they say ---- */

enum { REFERENCE_PLACE_SIZE = SLUG_MAX + 1 };
struct reference_row {                      /* what stands for one place: the newest release known, fullest first */
    bool is_area;                           /* a region or England: `place` is its GSS code; else a slug of the register */
    char place[REFERENCE_PLACE_SIZE];
    const char *file, *source, *vintage;
    struct figure figure;
};
typedef enum err (*reference_each)(void *arg, const struct reference_row *r);
/* In order of place. Releases after `as_of_ms` are not known yet (UINT64_MAX: all are). */
MUST_USE enum err view_reference(struct view *v, const char *indicator, const struct time_period *p, const char *breakdown,
                                 uint64_t as_of_ms, reference_each each, void *arg);
/* Periods with a figure of any authority, newest first; returns 0. */
MUST_USE enum err view_reference_periods(struct view *v, const char *indicator, const char *breakdown, period_each each, void *arg);
MUST_USE enum err view_reference_indicators(struct view *v, id_each each, void *arg);
/* The neighbour of that rank by an imported model. ERR_UNKNOWN: it names none. */
MUST_USE enum err view_reference_neighbour(struct view *v, const char *file, const char *slug, uint32_t rank,
                                           char ret[REFERENCE_PLACE_SIZE]);
struct population_row { const char *age, *file, *source, *vintage; uint64_t persons; };
/* An authority's population of a year by every age group, the newest release first; of those after `as_of_ms` nothing is known. */
MUST_USE enum err view_reference_population(struct view *v, const char *slug, const char *year, uint64_t as_of_ms,
                                            enum err (*each)(void *arg, const struct population_row *p), void *arg);
/* The newest judgement of an authority, of two on one day the fuller kind of inspection. ERR_UNKNOWN: none is held. */
MUST_USE enum err view_reference_judgement(struct view *v, const char *slug, enum err (*each)(void *arg,
    const struct judgement_row *j),
                                           void *arg);

#endif
