/* cli/secret.h - passphrases: asked for, and what is said when there is none. */
#ifndef FOLKMOOT_CLI_SECRET_H
#define FOLKMOOT_CLI_SECRET_H

#include "cli/session.h"
#include "protocol/bytes.h"

/* From --passphrase-file, $FOLKMOOT_PASSPHRASE_FILE or the terminal; `is_new`: asked for twice, and of some length.
 * `otherwise` (may be NULL) is one more way out, ", or take --unprotected".
 * Anything but EXIT_OK: it has said why. On OK the caller buf_wipes *ret. */
enum exit_status secret_ask(struct session *s, bool is_new, const char *otherwise, struct buf *ret);

/* The one that was given does not open what it should. EXIT_SECRET. */
enum exit_status secret_is_wrong(struct session *s, const char *what);

#endif
