/* cli/output/blocks.h - a sheet with more columns than the screen: block by block, as many columns as fit. */
#ifndef FOLKMOOT_CLI_OUTPUT_BLOCKS_H
#define FOLKMOOT_CLI_OUTPUT_BLOCKS_H

#include "cli/output/sheet.h"
#include "cli/session.h"

/* The first `n_fixed` columns begin every block; headings are broken at their spaces, one word under the other. No line
 * is wider than `width`, unless the fixed columns and one more are. An empty sheet prints nothing. */
void blocks_print(struct session *s, const struct sheet *sh, size_t n_fixed, size_t width);

#endif
