/* cli/sync_folder.h - `folkmoot sync --dir`: a round of gossip through a shared folder, and what to say of it. */
#ifndef FOLKMOOT_CLI_SYNC_FOLDER_H
#define FOLKMOOT_CLI_SYNC_FOLDER_H

#include "cli/desk.h"

/* Take what is new in --dir, pay the keys that are owed, put ours there. `d` is open for writing.
 *   EXIT_OK           it is done
 *   EXIT_NO           no member; or some file was bad: it is named, and the rest was done
 *   EXIT_ENVIRONMENT  the folder cannot be read or written */
enum exit_status sync_folder(struct desk *d);

#endif
