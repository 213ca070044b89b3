/* cli/report/page.h - a report as one self-contained page: no script, nothing fetched, printed on A4.
 *
 * What a page rests on stands in it for machines too (sources.h), so that check.h can say later what has been revised. */
#ifndef FOLKMOOT_CLI_REPORT_PAGE_H
#define FOLKMOOT_CLI_REPORT_PAGE_H

#include "cli/report/report.h"

/* Put a page into an empty buffer. OK; ERR_LIMIT: it does not fit the buffer; ERR_NOMEM. Where the years do not fit
 * beside the rest, they are left out, and the page says so. */
MUST_USE enum err page_region(const struct report *r, struct buf *ret);
MUST_USE enum err page_authority(const struct report *r, size_t authority, struct buf *ret);
/* Links to one page an authority beside it, and to the region's. */
MUST_USE enum err page_index(const struct report *r, struct buf *ret);

/* What the index calls them. No slug begins with a digit, so none of them takes another's name. */
#define PAGE_INDEX "index.html"
#define PAGE_REGION "0-region.html"
enum { PAGE_NAME_MAX = SLUG_MAX + 16 };
void page_name(const struct slug *slug, char ret[PAGE_NAME_MAX]);

#endif
