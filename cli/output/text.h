/* cli/output/text.h - text that is safe to show and lines up.
 *
 * What peers and files say is not ours: a name may carry an escape sequence
 * that rewrites the terminal, or a mark that reverses the reading order.  Such
 * characters are dropped from everything that people see. */
#ifndef FOLKMOOT_CLI_OUTPUT_TEXT_H
#define FOLKMOOT_CLI_OUTPUT_TEXT_H

#include "protocol/bytes.h"

enum text_lines { TEXT_ONE_LINE, TEXT_KEEP_LINES };

/* Append `in` to *ret: valid UTF-8, no control characters (a line's end and a
 * tab become a space, or stay with TEXT_KEEP_LINES), no marks of direction;
 * bytes that are not UTF-8 become U+FFFD. */
void text_clean(struct bytes in, enum text_lines lines, struct buf *ret);

/* The same into an array, one line, cut at a whole character when it is too small. */
void text_clean_into(const char *in, char *ret, size_t size);

/* How many of its bytes, at most `max`, are whole characters. */
size_t text_cut(struct bytes text, size_t max);
/* The first whole characters, at most `max` bytes of them, and "..." behind where more follows; `ret` has room for max + 4. */
void text_beginning(const char *text, size_t max, char *ret);

/* Columns that valid UTF-8 takes on a terminal. */
size_t text_width(const char *s);

/* Should the character never be shown as itself: C0, DEL, C1, marks of direction, line separators. */
bool text_is_unsafe(int32_t codepoint);

#endif
