/* cli/compare/compare.h - one indicator in one period, the authorities beside each other.
 *
 * Values are ranked as they were published; totals are sums of counts; a figure published under another
 * definition than the one in force stands in its row and counts nowhere.  What has no number (a symbol, a
 * withdrawn figure, nothing returned) is missing, and is named. */
#ifndef FOLKMOOT_CLI_COMPARE_COMPARE_H
#define FOLKMOOT_CLI_COMPARE_COMPARE_H

#include "cli/stats/interval.h"
#include "cli/stats/rank.h"
#include "cli/stats/total.h"
#include "cli/view/query.h"

struct compare_ask {
    struct view *v;
    const struct charter *charter;          /* for who succeeded whom */
    const struct definition_row *definition;
    const char *breakdown;
    struct time_period period;
    uint64_t as_of_ms;                      /* UINT64_MAX: now */
    const struct slug *only;                /* NULL: every authority of the alliance */
    size_t n_only;
};

struct compare_row {
    struct slug slug;
    char name[NAME_MAX_LEN + 1];
    bool has_figure, has_before;            /* something stands in the period; in the one before */
    bool is_former;                         /* has a row only if it has a figure, or was asked for by name */
    bool is_other_definition;
    struct figure_row figure, before;
    size_t rank;                            /* 0: none */
    char band;                              /* 'A' to 'D', '-'; 0: none */
    bool has_raw, has_interval, has_change;
    double raw;
    struct interval interval;               /* in the value's unit, 95 % */
    enum standing versus_total;
    struct decimal change;
};

struct comparison {
    struct compare_row *rows;               /* in order of slug */
    size_t n_rows;
    size_t n;                               /* rows with a value, or where none has one a numerator */
    struct total total;
    bool has_quartiles;
    struct quartiles quartiles;
    bool has_previous;                      /* there is a period before with returns: then the next two */
    struct time_period previous;
    struct change change;
};

/* Has the row a number to compare: a value, or a numerator where no value is published? */
bool compare_row_counts(const struct compare_row *r);
/* Ought it to have had one? A former member without a figure of the period ought not. */
bool compare_row_is_missing(const struct compare_row *r);
/* "final", "c" ...; "withdrawn"; "other-definition"; "missing"; "former": it has left, and published none */
const char *compare_row_status(const struct compare_row *r);

/* On OK the caller releases *ret. ERR_LIMIT when a sum leaves 18 digits. */
MUST_USE enum err compare_make(const struct compare_ask *ask, struct comparison *ret);
void compare_release(struct comparison *c);

/* The 95 % interval of one figure, in the value's unit: Wilson for percentages, Byar for rates. False where its parts are
 * not counts of people, or not both known. */
bool compare_interval(const struct figure *f, const struct definition *d, struct interval *ret);

enum compare_order { ORDER_VALUE, ORDER_NAME, ORDER_RANK };
/* Those without a value stand behind, by name. */
void compare_sort(struct comparison *c, enum compare_order order);

#endif
