/* cli/assess/template.h - a self-assessment to begin with. */
#ifndef FOLKMOOT_CLI_ASSESS_TEMPLATE_H
#define FOLKMOOT_CLI_ASSESS_TEMPLATE_H

#include "cli/assess/placing.h"

/* Put the Markdown behind what `ret` holds: head, sections, and in comments, which are never signed nor published, what to
 * write and which of its own figures might be cited. The judgement is left to be written. */
void assess_template(const struct slug *slug, uint32_t year, const struct placing *figures, struct buf *ret);

#endif
