/* cli/compare/compare.h - one indicator in one period, the authorities beside each other.
 *
 * Values are ranked as they were published; totals are sums of counts; a figure published under another
 * definition than the one in force stands in its row and counts nowhere.  What has no number (a symbol, a
 * withdrawn figure, nothing returned) is missing, and is named.  Public figures that others published stand beside the
 * members' own where the set reaches beyond the alliance, marked as such. */
#ifndef FOLKMOOT_CLI_COMPARE_COMPARE_H
#define FOLKMOOT_CLI_COMPARE_COMPARE_H

#include "cli/stats/interval.h"
#include "cli/stats/rank.h"
#include "cli/stats/total.h"
#include "cli/register/register.h"
#include "cli/succession.h"
#include "cli/view/reference.h"

/* Who is compared.  A public figure stands for a body that is no member of the alliance; in the sets that reach beyond it
 * also for a member that has published none of its own: never as its return, and never where it withdrew its own. */
enum compare_set {
    SET_ALLIANCE,                           /* members; only their own figures */
    SET_NEIGHBOURS,                         /* the marked authority and its ten statistical neighbours */
    SET_ENGLAND,                            /* every authority of the register */
    SET_ALL                                 /* both */
};

struct compare_ask {
    struct view *v;
    const struct charter *charter;          /* for who succeeded whom */
    const struct definition_row *definition;
    const char *breakdown;
    struct time_period period;
    uint64_t as_of_ms;                      /* UINT64_MAX: now */
    enum compare_set set;
    const struct slug *only;                /* of the set these; NULL: all of it */
    size_t n_only;
    const struct area *region;              /* of the set those that lie there; NULL: anywhere */
    const struct slug *marked;              /* whose neighbours; NULL: nobody's, and then no public figure is looked at
                                             * where none is in the set */
    const char *model;                      /* an imported table of neighbours; NULL: the DfE's of 2025, built in */
};

/* Whence the denominator of an interval: the figure's own record, or a population that was imported. */
#define DENOMINATORS(X) X(DENOMINATOR_NONE, "") X(DENOMINATOR_PUBLISHED, "published") X(DENOMINATOR_REFERENCE, "reference")
enum denominator_source {
#define X(sym, name) sym,
    DENOMINATORS(X)
#undef X
};
const char *denominator_source_name(enum denominator_source s);

struct compare_row {
    struct slug slug;
    char name[NAME_MAX_LEN + 1];
    const struct authority *authority;      /* by its codes; NULL: the register does not know it */
    bool is_member;                         /* now or once */
    bool is_public;                         /* what stands is a public figure: then `source` says whose */
    bool is_public_before;                  /* and so is what stands for the period before */
    bool has_figure, has_before;            /* something stands in the period; in the one before */
    bool is_former;                         /* has a row only if it has a figure, or was asked for by name */
    enum being being;                       /* in the period, by the charter: who was not there has a row as a former one has */
    bool is_told_twice;                     /* in no total and no change: compare_counted() is in them, of the same body */
    bool existed_before;                    /* in the period before, as far as the register knows */
    bool is_other_definition;
    struct figure_row figure, before;       /* of a public figure only .figure is set */
    bool has_public, has_public_before;     /* what others published of it, whether or not it stands */
    struct figure public, public_before;
    size_t source, source_before;           /* into comparison.sources */
    size_t rank;                            /* 0: none */
    char band;                              /* 'A' to 'D', '-'; 0: none */
    bool has_raw, has_interval, has_change;
    double raw;
    struct interval interval;               /* in the value's unit, 95 % */
    enum denominator_source denominator_source;     /* of the interval */
    enum standing versus_total;
    struct decimal change;
};

struct compare_source { char file[REFERENCE_FILE_SIZE], source[REFERENCE_SOURCE_SIZE], vintage[REFERENCE_DAY_SIZE]; bool is_used; };

enum { COMPARE_AREAS_MAX = 32 };
struct compare_area { const struct area *area; struct figure figure; size_t source; bool is_shown; };

enum { COMPARE_NEIGHBOURS_MAX = 10 };
struct compare_neighbours {
    bool is_asked;                          /* somebody is marked */
    const struct authority *of;             /* NULL: the register does not know who is marked */
    char model[REFERENCE_FILE_SIZE];        /* "2025", or the name of an import */
    size_t n_named, n;                      /* by the model; of those with a value */
    struct neighbour { const struct authority *authority; struct slug slug; bool is_used; } named[COMPARE_NEIGHBOURS_MAX];
    struct decimal mean, median;            /* at the declared decimals, half up; where n is above 0 */
    struct middle raw;
};

struct comparison {
    struct compare_row *rows;               /* in order of slug */
    size_t n_rows;
    size_t n;                               /* rows with a value, or where none has one a numerator */
    size_t n_public;                        /* of those, public figures */
    struct total total;
    bool has_quartiles;
    struct quartiles quartiles;
    bool has_previous;                      /* there is a period before with returns: then the next two */
    struct time_period previous;
    struct change change;
    struct compare_neighbours neighbours;
    struct compare_area areas[COMPARE_AREAS_MAX];   /* England, and the regions of whom is marked or asked for: is_shown */
    size_t n_areas;
    struct compare_source *sources;
    size_t n_sources;
    bool any_public;                        /* some public figure of the period is known, of whomever */
    struct compare_place *places;           /* the rows that the register knows, by the slug that it has for them */
    size_t n_places;
    uint64_t joined;                        /* bit i: the change like for like takes succession i of the charter as one body */
};
static_assert(CHARTER_SUCCESSIONS_MAX <= 64, "a bit each");

/* Does the set reach beyond the alliance? */
bool compare_is_wide(const struct compare_ask *ask);
/* The period that is meant: of those that members returned, and in a set that reaches beyond them, where they returned none
 * such, of those that others published. As ask_which_period() otherwise. */
struct period_asked;
MUST_USE enum err compare_period(const struct compare_ask *ask, const struct period_asked *asked, struct time_period *ret,
                                 struct latest *ret_latest);

/* Does a figure stand in the row, under the definition in force? Perhaps a symbol, or a count beside one: that is in totals. */
bool compare_row_may_count(const struct compare_row *r);
/* As a funnel looks at it: a count beside a symbol is no point, but a hidden one (`c`) is told. All zero: it takes no part. */
struct cell compare_row_trial(const struct compare_row *r);
/* Has the row a number to compare: a value, or a numerator where no value is published? */
bool compare_row_counts(const struct compare_row *r);
/* Ought it to have had one? A former member without a figure of the period ought not, nor one that was not there in it. */
bool compare_row_is_missing(const struct compare_row *r);
/* Does succession `i` of the charter concern who is shown, or what the change takes as one? */
bool compare_tells_succession(const struct comparison *c, const struct charter *charter, size_t i);
/* Where both bodies of succession `i` tell of the period, and one of them was there on its last day, the figures of that one count
 * (a successor may have worked out years before its own, and the whole would be counted twice): its row, else NULL. */
const struct compare_row *compare_counted(const struct comparison *c, const struct charter *charter, size_t i);
/* Has it a return of its own in the period, if only a symbol, or one that it withdrew? A public figure is nobody's. */
bool compare_row_returned(const struct compare_row *r);
/* "member", or "reference" where a public figure stands, and for a body that is no member. */
const char *compare_row_source(const struct compare_row *r);
/* "final", "c" ...; "withdrawn"; "other-definition"; "missing"; "former": it has left, and published none;
 * "not-yet", "no-more": it was not there then */
const char *compare_row_status(const struct compare_row *r);

/* On OK the caller releases *ret. ERR_LIMIT when a sum leaves 18 digits. */
MUST_USE enum err compare_make(const struct compare_ask *ask, struct comparison *ret);
void compare_release(struct comparison *c);

/* The 95 % interval of one figure, in the value's unit, by what the definition says its parts are to each other: Wilson for a
 * proportion, Poisson limits (Byar) for a rate; a definition that says nothing has none. False where they are no whole numbers,
 * or not both known.
 *
 * `persons`, where it is not 0, stands for a rate's denominator that was not published. The value must follow from it: the
 * numerator where one was published, else the whole number nearest to it, over `persons` is the value, or there is no
 * interval. */
bool compare_interval(const struct figure *f, const struct definition *d, uint64_t persons, struct interval *ret);

/* The population that the definition's denominator means: "... population 0-17", of the middle of the year before the one in
 * which the period ends (the DfE's rates of a year are over the estimate of the year before). 0 with OK: the figure has a
 * denominator of its own, is of no whole year, its definition means no population, or none was imported. */
struct population { uint64_t persons; struct compare_source source; };
MUST_USE enum err compare_population(struct view *v, const struct definition *d, const struct authority *a, const struct figure *f,
                                     uint64_t as_of_ms, struct population *ret);
/* The statistical neighbour of that rank, 1 to 10, by the model (as in a compare_ask); NULL where it names none. */
MUST_USE enum err compare_neighbour_at(struct view *v, const char *model, const struct authority *of, uint32_t rank,
                                       const struct authority **ret);
/* An authority by its codes, either of which may be NULL or "", in its row of today; NULL: the register does not know it. */
const struct authority *compare_authority(const char *dfe, const char *gss);

enum compare_order { ORDER_VALUE, ORDER_NAME, ORDER_RANK };
/* Those without a value stand behind, by name. */
void compare_sort(struct comparison *c, enum compare_order order);

#endif
