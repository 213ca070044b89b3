/* cli/audit/conviction.h - a file that `evidence export` wrote, for who audits: no home, no network. */
#ifndef FOLKMOOT_CLI_AUDIT_CONVICTION_H
#define FOLKMOOT_CLI_AUDIT_CONVICTION_H

#include "cli/session.h"

/* Is `file` one?  Then *ret is how the command ends: EXIT_OK when it convicts and the charter that is trusted (`charter`: its
 * hash in hex, or NULL) stands in it, else EXIT_NO. It has said what it proves. */
bool audit_conviction(struct session *s, const char *file, const char *charter, enum exit_status *ret);

#endif
