/* node/alliance.h - the alliance kept beside its store: the charters and the members' identities once more, in
 * node/alliance.
 *
 * They lie in log.db, and a log.db that is lost can be fetched again only by a node that still knows whom to dial and
 * whom to believe.  So they are kept in a file of their own too, a parcel as `alliance export` writes it: signed notes,
 * which are believed only as their signatures say.  Whoever has put a charter or an identity into the store (the
 * daemon, or a command) then settles; so does whoever opens a store.
 *
 * Of a store that went missing together with this file, `join --charter FILE` gives back as much. */
#ifndef FOLKMOOT_NODE_ALLIANCE_H
#define FOLKMOOT_NODE_ALLIANCE_H

#include "keys/home.h"
#include "node/store/store.h"
#include "protocol/parcel.h"

struct alliance_report {
    bool was_given_back;                    /* the store lacked what the file had, and has it now ... */
    uint32_t charter;                       /* ... with this charter standing */
    enum err unreadable;                    /* OK, or why the file was none: another was written, if the store knew enough */
};

/* Make the two agree: what the file has and the store lacks is put into the store, then the file is written anew (whole or
 * not at all, durably) where it is not what the store says.  Two who settle at once do so one after the other.
 * The file is given back only where its charter names us, and never when the store is of another alliance.
 *   OK            also when there is no alliance yet; a damaged or missing file is no error
 *   ERR_CONFLICT  file and store are of two alliances: nothing was done
 *   ERR_FULL, ERR_IO, ERR_DENIED, ERR_LIMIT   the file could not be written: settle again later.
 *                                        What the store got, it has
 *   what reading node/identity and the store may fail with
 * *ret is filled whatever happens. */
MUST_USE enum err alliance_settle(const struct home *h, struct store *s, struct alliance_report *ret);

/* Put behind `ret` what `alliance export` writes: the standing charters of `c`, and the identities that `s` holds of the
 * members they name; for our own slug `own_note`, unless that is empty. */
MUST_USE enum err alliance_parcel(const struct chain *c, struct store *s, const struct slug *own, struct bytes own_note,
                                  struct buf *ret);

/* Put a parcel's standing charters and its members' identities, but for that of `own` (ours lies in node/identity), into the
 * store; of the charters those that `held` (may be NULL) does not know. The newer charter of the two says who the members
 * are, and by which root: an older parcel brings no lost root back. *ret_new (may be NULL): at least one was new. */
MUST_USE enum err alliance_put(struct store *s, const struct slug *own, const struct chain *held, const struct parcel *p,
                               bool *ret_new);

#endif
