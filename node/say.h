/* node/say.h - what the daemon tells its operator: one line on stderr, key=value words. */
#ifndef FOLKMOOT_NODE_SAY_H
#define FOLKMOOT_NODE_SAY_H

#include "node/config.h"

/* `at=2026-01-31T09:00:00Z level=warn <words>`; nothing when `level` is below `least`. Control characters
 * become '?', so that nobody's bytes can make a second line. */
__attribute__((format(printf, 3, 4)))
void say(enum log_level least, enum log_level level, const char *fmt, ...);

#endif
