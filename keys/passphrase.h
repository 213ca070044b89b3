/* keys/passphrase.h - asking a person for a passphrase, or reading it from a file.
 *
 * Never an argument. From `file` when given, else from $FOLKMOOT_PASSPHRASE_FILE, else
 * from the terminal without echo. */
#ifndef FOLKMOOT_KEYS_PASSPHRASE_H
#define FOLKMOOT_KEYS_PASSPHRASE_H

#include "protocol/bytes.h"

enum { PASSPHRASE_MIN = 8, PASSPHRASE_MAX = 1024 };

/* Read it; the first line of a file, without its newline. `prompt` is shown on the terminal.
 * With `confirm` it is asked twice and must be PASSPHRASE_MIN bytes.
 *   ERR_SECRET  nowhere to ask (no file, stdin no terminal), or the two differ
 *   ERR_LIMIT   too short (confirm) or too long;  ERR_UNKNOWN  no such file;  ERR_IO, ERR_DENIED
 * The caller buf_wipes *ret. */
MUST_USE enum err passphrase_read(const char *file, const char *prompt, bool confirm, struct buf *ret);

#endif
