/* cli/journal/keep.h - which commands leave a line in the journal, and what it says. */
#ifndef FOLKMOOT_CLI_JOURNAL_KEEP_H
#define FOLKMOOT_CLI_JOURNAL_KEEP_H

#include "cli/session.h"

/* After a command has ended: what it signed (session_did), exported, or was refused for want of a passphrase. Nothing for a
 * command that only looked, or that worked in no home. A journal that cannot be written is a warning: what was done is done. */
void journal_keep(struct session *s, enum exit_status status);

#endif
