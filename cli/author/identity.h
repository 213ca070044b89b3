/* cli/author/identity.h - the next version of our own identity: made, signed by the root, and an entry of our log.
 *
 * Everything that the root says of this body goes through here: keys that are rotated, officers, addresses, a thief's
 * entries disowned, a generation begun. It is as careful as any signing (author.h): the lock, what we signed before, the
 * peers' word, --offline. The files that follow from it change only after the commit, and a crash anywhere between
 * loses nothing (keys/next.h). */
#ifndef FOLKMOOT_CLI_AUTHOR_IDENTITY_H
#define FOLKMOOT_CLI_AUTHOR_IDENTITY_H

#include "cli/author/author.h"
#include "keys/next.h"

struct identity_change {
    const char *what;                       /* "rotating the log key": in messages */
    unsigned rotated;                       /* bits 1u << PURPOSE_...: these keys are new, from the seed */
    bool begins_log;                        /* entry 0 of d->origin's log, which is empty: a generation begins */
    const struct sym_secret *seed;          /* NULL: it is asked for */
    /* Change what else is to change, seen under the lock; may be NULL. `next` is the identity of today with the next
     * version, the new keys, and neither `void` nor `closes`; `index` is the one that its entry gets. Anything but EXIT_OK: it
     * has said why, and nothing is done. */
    enum exit_status (*edit)(void *arg, uint64_t index, struct identity *next);
    void *arg;
};

/* Do it. On EXIT_OK it is durable, the bell was rung, d->identity is the new one, and *ret (may be NULL) the new head. It has
 * said why when it is not EXIT_OK; nothing was published then. */
enum exit_status identity_change(struct desk *d, const struct identity_change *c, struct checkpoint *ret);

/* The newest identity in our log that our root has signed, of any generation: into `ret`, its note into `note`.
 * ERR_UNKNOWN: there is none. */
MUST_USE enum err identity_in_log(struct desk *d, struct identity *ret, struct buf *note);

/* The same, or one that a peer told us of ([P-95]): it is in our log at some peer, and may not have come here. */
MUST_USE enum err identity_newest(struct desk *d, struct identity *ret, struct buf *note);

/* Open a checkpoint of our log by a log key that we have had: one that an identity in our log names. ERR_SIGNATURE: by none. */
MUST_USE enum err identity_open_head(struct desk *d, struct bytes note, struct checkpoint *ret);

/* Is a change under way that our log already holds, or has our log come back with a newer identity under the same keys?
 * Then the home follows it, and d->identity is new. The caller holds the lock of HOME_SIGN_LOCK.
 *   EXIT_NO      it names keys that this home has not got: said, "keys-behind"
 *   EXIT_ENVIRONMENT  said */
enum exit_status identity_settle(struct desk *d);

/* Give this home the keys that its newest identity names (its own, where our log knows of none that is newer), from the seed, and
 * every box key that our log on this disk knows: for a home that came back older than its log, or lost a key file. With
 * d->is_restoring no witness key. The caller holds the lock.
 * ERR_KEY: they do not come from this seed. */
MUST_USE enum err identity_take_keys(struct desk *d, const struct sym_secret *seed);

#endif
