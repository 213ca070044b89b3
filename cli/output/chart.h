/* cli/output/chart.h - a series as a picture of plain characters, for a terminal of any kind. */
#ifndef FOLKMOOT_CLI_OUTPUT_CHART_H
#define FOLKMOOT_CLI_OUTPUT_CHART_H

#include "cli/session.h"
#include "protocol/bytes.h"

struct chart_point {
    const char *label;                      /* below the axis, where it fits; ASCII */
    bool has_value, has_limits;
    double value, lower, upper;
    char mark;                              /* what stands at the value, or without one, on the axis */
};
struct chart_line { double at; char c; const char *label; };   /* across the whole width, named at its right end */

enum { CHART_ROWS = 14, CHART_LEAST = 24 };

/* What `width` columns have no room for is left out at its beginning: *ret_first is the first point drawn. Limits are
 * drawn with `|`. Nothing with no value at all. ERR_NOMEM. Lines end without blanks. */
MUST_USE enum err chart_draw(const struct chart_point *points, size_t n, const struct chart_line *lines, size_t n_lines,
                             unsigned decimals, size_t width, struct buf *ret, size_t *ret_first);

#endif
