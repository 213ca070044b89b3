/* cli/output/table.h - a sheet as an aligned table for people. */
#ifndef FOLKMOOT_CLI_OUTPUT_TABLE_H
#define FOLKMOOT_CLI_OUTPUT_TABLE_H

#include "cli/output/sheet.h"
#include "cli/session.h"

/* A line of headings, a line a row, two spaces between columns, aligned by
 * display width; coloured when s->colour. An empty sheet prints nothing, nor does a column
 * that is empty in every row. On a terminal that is too narrow it comes in blocks of columns
 * that fit, each beginning with the first; rows with sentences in them are left as they are. */
void table_print(struct session *s, const struct sheet *sh);

/* Escape sequences for a style, both "" when the session is not coloured. */
const char *style_on(const struct session *s, enum style style);
const char *style_off(const struct session *s, enum style style);

#endif
