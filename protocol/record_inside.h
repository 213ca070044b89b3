/* protocol/record_inside.h - what the readers of all records share (record.c, record_post.c). */
#ifndef FOLKMOOT_PROTOCOL_RECORD_INSIDE_H
#define FOLKMOOT_PROTOCOL_RECORD_INSIDE_H

#include "protocol/record.h"

/* The start of a record of `type` with at least `elements`, the type among them; how many there are. */
size_t record_start(struct reader *r, const char *type, size_t elements);
/* Pass over the elements of a newer version; OK when the record was good. */
MUST_USE enum err record_end(struct reader *r, size_t n, size_t known);
/* A str of less than `size` bytes into its array, a NUL behind it; none inside it. */
void record_text(struct reader *r, char *ret, size_t size);

bool record_line(const char *s);                /* one line of UTF-8 */
bool record_indicator(const char *s);           /* [a-z][a-z0-9_]* */
bool record_period(const char *s);              /* 4 or 6 digits */

#endif
