/* cli/report/charts.h - the pictures of a report, drawn from plain structs. Nothing here asks anything of a view.
 *
 * What differs by colour differs by shape or by letter too. Numbers are finite. Names are others' words: they are cut to
 * their room and escaped on the way out. */
#ifndef FOLKMOOT_CLI_REPORT_CHARTS_H
#define FOLKMOOT_CLI_REPORT_CHARTS_H

#include "cli/report/svg.h"
#include "cli/stats/funnel.h"
#include "cli/stats/rank.h"

enum { CHART_YEARS_MAX = 7 };

/* ---- a course over years, a few millimetres high ---- */

struct spark_point { bool has; double y; };
struct spark { const struct spark_point *points; size_t n; double low, high; };
/* Inside a picture. A year without a value is a gap; a lone year is a dot; the last one has a dot if it has a value. */
void spark_draw(struct html *h, const struct spark *s, double x, double y, double width, double height);

/* Where one value stands among others: a tick each, a mark for the one. All of them finite; `n` may be 0. */
struct position { const char *id, *title, *desc; const double *values; size_t n; double own; bool has_own; };
void position_draw(struct html *h, const struct position *p);

/* By itself, on its own scale, the values of its first and last year beside it. */
struct sparkline { const char *id, *title, *desc, *first, *last; struct spark spark; };
void sparkline_draw(struct html *h, const struct sparkline *s);

/* ---- authorities in order, a dot and its interval each, the years at the end of the row ---- */

struct strip_row {
    const char *name, *shown;               /* shown: the value, or in words why there is none */
    char band;                              /* 0: none */
    bool has_value, has_interval, is_marked;
    double value, lower, upper;
    enum standing versus;                   /* of the interval, beside the total */
    bool has_neighbours;
    double neighbours;                      /* the mean of its statistical neighbours */
    struct spark_point years[CHART_YEARS_MAX];
};
struct strip {
    const char *id, *title, *desc;
    const struct strip_row *rows;           /* in the order in which they stand */
    size_t n, n_years;
    const char *first_year, *last_year;
    bool has_quartiles, has_total, has_england;
    struct quartiles quartiles;
    double total, england;
};
void strip_draw(struct html *h, const struct strip *s);

/* What a mark means beside the total; strip_draw() and the words about it agree by this. */
enum mark strip_mark(enum standing versus);

/* ---- a funnel ---- */

struct funnel_mark { const char *name; double n, value; bool is_named; };
struct funnel_chart {
    const char *id, *title, *desc, *unit, *across;      /* across: what the denominator counts */
    const struct funnel *funnel;            /* tested */
    double multiplier;
    const struct funnel_mark *marks;
    size_t n;
};
void funnel_chart_draw(struct html *h, const struct funnel_chart *c);

#endif
