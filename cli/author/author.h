/* cli/author/author.h - extending our own log, and nothing that we did not make.
 *
 *      author_begin        lock, check what we signed before, ask the peers
 *      author_put ...      entries, in order
 *      author_commit       signed, checked by a second path, durable, head kept
 *      author_end          always; without a commit nothing was done
 *
 * Under private/lock the root at the size in private/head is recomputed from the headers on disk and
 * compared: what somebody else wrote into our log is never signed.  A home that was restored or cloned
 * may be behind what peers hold of us, so they are asked before anything is signed. */
#ifndef FOLKMOOT_CLI_AUTHOR_AUTHOR_H
#define FOLKMOOT_CLI_AUTHOR_AUTHOR_H

#include "cli/desk.h"

struct author;

/* Get ready to sign; where entry 0 is missing still, our identity is written first. It has said why when it is not EXIT_OK:
 *   EXIT_ENVIRONMENT  the store is behind what we signed, or no peer is in reach to say that it is not
 *   EXIT_NO           our log is frozen, or is not the one that we signed
 *   EXIT_SECRET       no log key */
enum exit_status author_begin(struct desk *d, struct author **ret);

struct desk *author_desk(const struct author *a);

/* The index that the next entry gets. */
uint64_t author_next(const struct author *a);

/* Take one entry; the bytes are copied. ERR_NOMEM, or the store's error. */
MUST_USE enum err author_put(struct author *a, struct bytes header, struct bytes payload);
/* A public entry of this kind, with a fresh salt and the time now. */
MUST_USE enum err author_put_public(struct author *a, enum entry_kind kind, struct bytes body);

/* Sign, check, and make durable; *ret (may be NULL) is the new head. Rings the bell.
 * Anything but EXIT_OK: it has said why, and nothing was published. */
enum exit_status author_commit(struct author *a, struct checkpoint *ret);
void author_end(struct author *a);

#endif
