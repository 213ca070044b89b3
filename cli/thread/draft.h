/* cli/thread/draft.h - the questions that a member's figures raise, as a letter to edit (letter.h).
 *
 * Asked is what `outliers` would ask about (outside the funnel, a special cause to the worse, withdrawn, late, missing), a
 * place in the worst quarter, and a figure that was revised; one question an indicator, each about the record it rests on,
 * with a link.  One more is about its newest self-assessment, where what it says and what is seen differ (cli/assess/seen.h). */
#ifndef FOLKMOOT_CLI_THREAD_DRAFT_H
#define FOLKMOOT_CLI_THREAD_DRAFT_H

#include "cli/compare/lead.h"

enum { DRAFT_ANSWER_DAYS = 21 };

/* Put behind *ret; *ret_n says how many questions (no more than a letter holds), *ret_more how many were left out. */
MUST_USE enum err draft_write(struct lead *l, const struct member *to, struct buf *ret, size_t *ret_n, size_t *ret_more);

#endif
