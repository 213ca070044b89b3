/* cli/day.h - dates and times as people write them on the command line. */
#ifndef FOLKMOOT_CLI_DAY_H
#define FOLKMOOT_CLI_DAY_H

#include "protocol/record.h"

/* The last millisecond of "2025-01-31", or of the second "2025-01-31T09:30:00Z", since 1970: what was said up to then
 * counts. ERR_FORMAT for anything else, or a day that no calendar has. */
MUST_USE enum err day_end(const char *text, uint64_t *ret_ms);
/* The day, "2025-01-31", of a moment. */
void day_of(uint64_t ms, char ret[DATE_LEN + 1]);

#endif
