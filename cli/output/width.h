/* cli/output/width.h - how many columns the reader's screen has. */
#ifndef FOLKMOOT_CLI_OUTPUT_WIDTH_H
#define FOLKMOOT_CLI_OUTPUT_WIDTH_H

#include "cli/session.h"
#include "protocol/bytes.h"

enum { WIDTH_LEAST = 40, WIDTH_MOST = 500, WIDTH_UNKNOWN = 80 };

/* The terminal's, else $COLUMNS, else WIDTH_UNKNOWN; within the two limits above. */
size_t output_width(const struct session *s);

/* `text` for people, broken at blanks to that width; the lines after the first begin with `indent`. */
void out_wrapped(struct session *s, const char *indent, const char *text);
/* The same of a buffer, which ends here; that it is not whole is remembered. */
void out_wrapped_buf(struct session *s, const char *indent, struct buf *text);

#endif
