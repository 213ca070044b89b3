/* cli/compare/region.h - every indicator that is held, each compared in its own period: what the rug, the outliers
 * and the matches look at.  In a set that reaches beyond the alliance also the indicators that others published.
 *
 * Each row is what `compare` makes of one indicator, so that all of them agree; an indicator costs two walks
 * through one piece of an index, however many authorities there are. */
#ifndef FOLKMOOT_CLI_COMPARE_REGION_H
#define FOLKMOOT_CLI_COMPARE_REGION_H

#include "cli/compare/compare.h"
#include "cli/period.h"

struct region_ask {
    struct view *v;
    const struct charter *charter;
    const struct official *official;
    const struct period_asked *period;      /* `latest`, `previous`: of each indicator by itself */
    uint64_t as_of_ms;                      /* UINT64_MAX: now. `latest` is then the newest of which something was known */
    /* Whom: as in a compare_ask. All zero: every authority of the alliance, by its own figures. */
    enum compare_set set;
    const struct slug *only;
    size_t n_only;
    const struct area *region;
    const struct slug *marked;
    const char *model;
};

struct region_row {
    struct definition_row definition;
    struct time_period period;
    struct latest latest;                   /* .is_before_newest: the newest is short of half its returns */
    struct comparison c;                    /* rows in order of slug */
};

enum { REGION_WORD_MAX = 32 };              /* unknown indicators that are named; more are counted */

struct region {
    struct region_row *rows;                /* in order of indicator */
    size_t n;
    size_t n_undefined;                     /* indicators with figures that no definition here explains: not among the rows */
    char undefined[REGION_WORD_MAX][INDICATOR_MAX + 1];
    struct time_period period;              /* the newest of the rows'; "" when there is none */
    const char *model;                      /* of statistical neighbours, as asked; borrowed */
    const struct charter *charter;          /* as asked; borrowed */
    size_t n_authorities;                   /* who has a row in any, in order of slug: members, those named, others with a figure */
    struct slug *authorities;
};

/* Indicators without a figure in the period are left out. On OK, which an empty region is too, the caller
 * releases *ret. ERR_LIMIT when a sum leaves 18 digits. */
MUST_USE enum err region_make(const struct region_ask *ask, struct region *ret);
void region_release(struct region *r);

/* An authority's row in one comparison of the region; NULL: it has none there. */
const struct compare_row *region_row_of(const struct region_row *r, const struct slug *slug);

/* Does succession `i` of the charter concern one of the region's authorities, or what a change takes as one? */
bool region_tells_succession(const struct region *r, size_t i);

/* What people call an authority: its name where any row has it, else its slug. */
const char *region_name_of(const struct region *r, const struct slug *slug);

/* Which way did the figure go since the authority's one before? */
#define DIRECTIONS(X) X(DIRECTION_NONE, "", " ") X(DIRECTION_UP, "up", "\xE2\x86\x91") X(DIRECTION_DOWN, "down", "\xE2\x86\x93") \
    X(DIRECTION_SAME, "same", "\xE2\x86\x92")
enum direction {
#define X(sym, name, arrow) sym,
    DIRECTIONS(X)
#undef X
};
const char *direction_name(enum direction d);
const char *direction_arrow(enum direction d);          /* one column wide */
enum direction direction_of_row(const struct compare_row *r);
/* Of the total, like for like: of its value where denominators are published, else of its count. None where too many counts
 * are hidden for a change to be given. */
enum direction direction_of_total(const struct comparison *c);

#endif
