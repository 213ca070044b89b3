/* cli/report/markdown.h - the Markdown of others as HTML, as far as it is safe: paragraphs, lists, headings, code.
 *
 * Nothing else of it means anything: HTML, pictures, tables, and links to anywhere stand there as the characters that they are.
 * A link to a figure becomes its label and what is said of the record behind it; it leads nowhere. */
#ifndef FOLKMOOT_CLI_REPORT_MARKDOWN_H
#define FOLKMOOT_CLI_REPORT_MARKDOWN_H

#include "cli/report/html.h"

enum { MARKDOWN_SHOWN_MAX = 192 };
struct markdown_link {
    struct bytes label, target;             /* of `[label](figure:target)`: where they stand in the text that is put */
    char shown[MARKDOWN_SHOWN_MAX];         /* what is put behind the label, in square brackets */
};

/* `links` in the order of the text; such as do not stand in `text` are passed over. One that reaches from one block into another
 * is none. A heading is a bold line: how deep it may be on a page is not the author's to say. */
void markdown_put(struct html *h, struct bytes text, const struct markdown_link *links, size_t n);

#endif
