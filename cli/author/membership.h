/* cli/author/membership.h - entry 0: the log begins with who we are. */
#ifndef FOLKMOOT_CLI_AUTHOR_MEMBERSHIP_H
#define FOLKMOOT_CLI_AUTHOR_MEMBERSHIP_H

#include "cli/author/author.h"

/* Belong to this alliance from now on: the origin of our log is known. `d` is updated. */
MUST_USE enum err membership_set(struct desk *d, const struct alliance_id *alliance);

/* Write entry 0, our identity, where the log is still empty. */
enum exit_status membership_begin_log(struct desk *d);
/* Nothing is in it yet: what set up this home has not ended, and may be done again. */
MUST_USE enum err membership_log_is_empty(struct desk *d, bool *ret);

#endif
