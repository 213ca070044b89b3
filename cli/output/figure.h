/* cli/output/figure.h - figures as people and programs read them: counts as numbers, values as text with
 * their declared decimals, a symbol where there is no number. */
#ifndef FOLKMOOT_CLI_OUTPUT_FIGURE_H
#define FOLKMOOT_CLI_OUTPUT_FIGURE_H

#include "cli/output/sheet.h"
#include "protocol/record.h"

/* "58.0" with 1 decimal: padded with zeros; one published with more decimals keeps them. */
void decimal_shown(struct decimal d, uint8_t decimals, char ret[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX]);

/* A JSON number, whole where the decimal is; null without `has`. */
json_t *json_number(bool has, struct decimal d);

/* The next cell of a row: a count, nothing where there is none. */
void sheet_number(struct sheet *sh, bool has, struct decimal d);
/* A derived figure; where there is none `otherwise` (a symbol) is shown to people, and JSON has null. */
void sheet_figure(struct sheet *sh, bool has, struct decimal d, uint8_t decimals, const char *otherwise);

/* What people see of a figure: its value, else its numerator, else its symbol. */
enum { FIGURE_SHOWN_MAX = DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX };
void figure_shown(const struct figure *f, uint8_t decimals, char ret[FIGURE_SHOWN_MAX]);

/* The value before it was rounded: multiplier x numerator / denominator, else the value as published.
 * Where parts are rounded themselves (FTE, days) the published value is the better of the two, and is given.
 * False when there is neither. */
bool figure_raw(const struct figure *f, const struct definition *d, double *ret);

/* "cin_rate@2024", "cin_rate@2024-25 Q1/sex=f" */
enum { FIGURE_NAME_MAX = INDICATOR_MAX + BREAKDOWN_MAX + 24 };
void figure_name(const struct figure *f, char ret[FIGURE_NAME_MAX]);

#endif
