/* keys/passphrase.h - asking a person for a passphrase, or reading it from a file.
 *
 * Never an argument. From `file` when given, else from $FOLKMOOT_PASSPHRASE_FILE, else
 * from the terminal without echo, if stdin is one. The file may be a pipe; its mode is its owner's
 * business, since secret stores mount such files in ways of their own. */
#ifndef FOLKMOOT_KEYS_PASSPHRASE_H
#define FOLKMOOT_KEYS_PASSPHRASE_H

#include "protocol/bytes.h"

enum { PASSPHRASE_MIN = 8, PASSPHRASE_MAX = 1024 };

/* Read it; the first line of a file, without its newline (or CR and newline). `prompt` is shown on the terminal.
 * With `confirm` it must be PASSPHRASE_MIN bytes, and the terminal asks twice.
 *   ERR_SECRET  nowhere to ask (no file, stdin no terminal), the two differ, or the terminal gave no line
 *   ERR_LIMIT   too short (confirm) or too long;  ERR_UNKNOWN  no such file;  ERR_IO, ERR_DENIED
 * A signal that comes while it asks is let through after the terminal has its echo back.
 * On OK *ret is a new buffer; the caller buf_wipes it. */
MUST_USE enum err passphrase_read(const char *file, const char *prompt, bool confirm, struct buf *ret);

#endif
