/* keys/streams.h - what a program does about its three streams before anything else. */
#ifndef FOLKMOOT_KEYS_STREAMS_H
#define FOLKMOOT_KEYS_STREAMS_H

#include "protocol/err.h"

/* Whoever started us may have closed stdin, stdout or stderr: the next file that is opened, a lock or a key, would take
 * its number, and what is printed would be written into it. So a closed one is put on /dev/null: stdin has ended,
 * stderr goes nowhere, and writing to stdout fails, as it did.
 * A reader that hangs up ends nothing half way: SIGPIPE is ignored, and the write fails.
 *   ERR_IO  /dev/null cannot be opened */
MUST_USE enum err streams_settle(void);

#endif
