/* cli/intake/meant.h - what may be meant by what cannot be read. It never decides: it only says what to do. */
#ifndef FOLKMOOT_CLI_INTAKE_MEANT_H
#define FOLKMOOT_CLI_INTAKE_MEANT_H

#include "cli/intake/cells.h"

/* *ret: what to do about a cell that is no number; about one that is no period. */
void meant_number(const char *text, char ret[COMPLAINT_REMEDY_SIZE]);
void meant_period(const char *text, char ret[COMPLAINT_REMEDY_SIZE]);

/* A file that is no text: a workbook, a web page, UTF-16, a NUL in some line. False when it may be CSV. */
bool meant_file(struct bytes raw, struct complaint *ret);

/* A first row that names no columns: a title, "sep=;". False when it may be a heading. */
bool meant_heading(const char *const *cells, size_t n, struct complaint *ret);

#endif
