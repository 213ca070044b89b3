/* cli/report/html.h - HTML and SVG as text, so written that they cannot come out broken.
 *
 * Elements are begun and ended by name, and the wrong end asserts: tags balance. Text and the values of attributes are
 * what records and files of others say, so all of it is escaped here, and freed of control characters and marks of
 * direction (cli/output/text.h); nobody else writes into the buffer. No element or attribute that could run or fetch
 * anything can be written: those asserts stay on.
 *
 * A failed put is the buffer's, sticky: ask buf_status() before the bytes are used. */
#ifndef FOLKMOOT_CLI_REPORT_HTML_H
#define FOLKMOOT_CLI_REPORT_HTML_H

#include "protocol/bytes.h"

enum { HTML_DEPTH_MAX = 24 };

struct html {
    struct buf *to;
    size_t depth;
    const char *open[HTML_DEPTH_MAX];       /* borrowed: names are literals */
};

/* Behind what `to` holds. */
struct html html_on(struct buf *to);

/* <tag name="value" ...>: pairs, a NULL behind the last. A pair whose value is NULL is left out. */
__attribute__((sentinel))
void html_begin(struct html *h, const char *tag, ...);
void html_end(struct html *h, const char *tag);
/* <tag .../>: an element that holds nothing. */
__attribute__((sentinel))
void html_empty(struct html *h, const char *tag, ...);
/* Begin, text, end. */
__attribute__((sentinel))
void html_element(struct html *h, const char *tag, const char *text, ...);

void html_text(struct html *h, const char *text);
void html_bytes(struct html *h, struct bytes text);
__attribute__((format(printf, 2, 3)))
void html_textf(struct html *h, const char *fmt, ...);
/* A name that others chose, isolated, so that its letters order nothing but themselves. */
void html_name(struct html *h, const char *name);
/* A line's end: for people who read the source. */
void html_line(struct html *h);
/* <!DOCTYPE html>, and a style sheet of ours, which is a literal. */
void html_doctype(struct html *h);
void html_style(struct html *h, const char *css);

#endif
