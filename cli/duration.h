/* cli/duration.h - lengths of time as people write them. */
#ifndef FOLKMOOT_CLI_DURATION_H
#define FOLKMOOT_CLI_DURATION_H

#include "protocol/bytes.h"

/* "30m", "12h", "7d", "2w": a whole number from 1 and a unit, at most ten years. ERR_FORMAT. */
MUST_USE enum err duration_parse(struct bytes in, uint64_t *ret_s);

#endif
