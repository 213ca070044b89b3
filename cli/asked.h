/* cli/asked.h - of a home that asked to be let into an alliance and has not been: what a backup must know of that.
 *
 * Peers give a member its log and its alliance back. Of who still waits nobody holds anything but the request: so the backup
 * carries whom we asked, by which invite, and our log, some entries long; begun a second time it would tell two stories. */
#ifndef FOLKMOOT_CLI_ASKED_H
#define FOLKMOOT_CLI_ASKED_H

#include "cli/desk.h"

enum { ASKED_ENTRIES_MAX = 64 };

/* Put it behind `ret`, msgpack: [1, alliance, charter hash, token | nil, inviter, [[header, payload], ...], checkpoint]. Nothing,
 * with OK, for a member and for who asked nobody.  ERR_LIMIT: the log has grown beyond ASKED_ENTRIES_MAX. */
MUST_USE enum err asked_pack(struct desk *d, struct buf *ret);
/* Into a new store, in one transaction: `slug` and `log` are the identity's of the same backup.
 * ERR_FORMAT, or what the checkpoint does not bear out: nothing was put. */
MUST_USE enum err asked_put(struct store *s, const struct slug *slug, const struct sign_public *log, struct bytes asked);

#endif
