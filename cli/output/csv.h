/* cli/output/csv.h - CSV that Excel opens by a double click: UTF-8 with a byte
 * order mark, lines ended by CR LF (RFC 4180).
 *
 * A text cell that a spreadsheet would run as a formula (it begins with one of
 * = + - @, and is more than a dash) gets an apostrophe before it; numbers do not. */
#ifndef FOLKMOOT_CLI_OUTPUT_CSV_H
#define FOLKMOOT_CLI_OUTPUT_CSV_H

#include <stdio.h>

#include "cli/output/sheet.h"

void csv_begin(FILE *out);                              /* the byte order mark */
void csv_cell(FILE *out, const char *text, bool is_number, bool last);  /* last: ends the line */
/* Mark, headings, rows; lists joined by ';'. ERR_NOMEM: it is cut short. */
MUST_USE enum err csv_print(FILE *out, const struct sheet *sh);
/* A document that has no sheet: its plain members as field,value. */
MUST_USE enum err csv_print_members(FILE *out, const json_t *doc);

#endif
