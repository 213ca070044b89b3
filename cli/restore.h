/* cli/restore.h - a home made of a backup, or of a seed and what a member exported, up to where peers have to help. */
#ifndef FOLKMOOT_CLI_RESTORE_H
#define FOLKMOOT_CLI_RESTORE_H

#include "cli/backup.h"

/* Nothing of a node may stand in s->home; where it does, it says so: EXIT_NO. */
enum exit_status restore_need_empty(struct session *s);

/* Make the home s->home, where nothing stands, from what was opened; `charter` (NULL with a backup) names a file of `alliance
 * export` that says whose home a bare seed's is. It is whole but for its witness key, marked by HOME_RESTORED, and signs nothing.
 * It has said why when it is not EXIT_OK, and then nothing of a node stands there. */
enum exit_status restore_home(struct session *s, const struct opened *o, const char *charter);

#endif
