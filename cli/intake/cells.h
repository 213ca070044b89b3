/* cli/intake/cells.h - what one cell, and one row's three cells, say. */
#ifndef FOLKMOOT_CLI_INTAKE_CELLS_H
#define FOLKMOOT_CLI_INTAKE_CELLS_H

#include "protocol/record.h"

enum cell_says { CELL_NOTHING, CELL_NUMBER, CELL_SYMBOL };

struct cell_content {
    enum cell_says says;
    struct decimal number;
    enum figure_status symbol;
};

/* A problem is two phrases: what it is, and what to do about it. */
enum { COMPLAINT_PROBLEM_SIZE = 240, COMPLAINT_REMEDY_SIZE = 200 };
struct complaint {
    char problem[COMPLAINT_PROBLEM_SIZE], remedy[COMPLAINT_REMEDY_SIZE];
};

/* "1234", "1,234.5", "", a symbol: c z x u k low, and the obsolete : and ~.
 * ERR_FORMAT, with *ret_why filled, for anything else. */
MUST_USE enum err cell_read(const char *text, struct cell_content *ret, struct complaint *ret_why);

enum part { PART_NUMERATOR, PART_DENOMINATOR, PART_VALUE, PART_COUNT };

/* Put what the three cells say into *ret's numbers and status; `base` is final or
 * provisional. *ret_is_zero_of_zero: a published 0 of 0 was taken as `z`.
 *   ERR_UNKNOWN  the three say nothing at all
 *   ERR_FORMAT   refused; *ret_why says why, *ret_part which cell is at fault */
MUST_USE enum err cells_decide(const struct definition *d, const struct cell_content cells[PART_COUNT],
                               enum figure_status base, struct figure *ret, bool *ret_is_zero_of_zero,
                               enum part *ret_part, struct complaint *ret_why);

#endif
