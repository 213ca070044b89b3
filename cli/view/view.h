/* cli/view/view.h - view.db: what a reader has decrypted, folded into plain tables.
 *
 * The tables are a public interface, described in docs/view.md.  Everything in it
 * comes from log.db and our own box keys, so it can always be made again; it is
 * never signed, sent or trusted by anybody else.  It holds epoch keys in clear: mode 0600.
 *
 * One connection, one thread; several processes may fold one view at a time.
 * ERR_BUSY, ERR_FULL, ERR_IO, ERR_NOMEM can come from any call and are not repeated below. */
#ifndef FOLKMOOT_CLI_VIEW_VIEW_H
#define FOLKMOOT_CLI_VIEW_VIEW_H

#include "keys/keyfile.h"
#include "node/store/store.h"
#include "protocol/chain.h"

struct view;

/* Whose view it is: one home, one membership. */
struct view_owner { struct alliance_id alliance; struct slug slug; };

/* Open the view at `path`, making it where none stands.  One that cannot be read, is of another
 * schema, or belongs to somebody else is left in place until its successor, made beside it
 * (`path` with `.new`), has been folded once: until then *ret is that successor, and empty or
 * partly folded.  ERR_BUSY when another process is rebuilding it. */
MUST_USE enum err view_open(const char *path, const struct view_owner *owner, struct view **ret);
void view_close(struct view *v);

/* Is it being made anew? Folding ends that. */
bool view_is_rebuilding(const struct view *v);

/*   counter        what it counts in this fold                                    */
#define FOLD_COUNTS(X)                                                              \
    X(entries)      /* entries looked at */                                         \
    X(figures)      /* figures folded */                                            \
    X(definitions)                                                                  \
    X(returns)                                                                      \
    X(posts)                                                                        \
    X(collections)                                                                  \
    X(assessments)                                                                  \
    X(others)       /* records of types that have no table of their own */          \
    X(sealed)       /* records whose key we do not hold */                          \
    X(opened_late)  /* of those, opened now because a key came */                   \
    X(withdrawn)    /* withdrawals */                                               \
    X(erased)       /* records whose payload is gone */                             \
    X(skipped_void) /* entries that are not their author's, by its own word */      \
    X(problems)     /* malformed entries: table `problem` says which and why */     \
    X(keys)         /* epoch keys learned */                                        \
    X(refolded)     /* logs that had to be folded from their beginning */

struct fold_counts {
#define X(name) uint64_t name;
    FOLD_COUNTS(X)
#undef X
};

struct fold_with {
    struct store *store;                    /* open for reading */
    const struct chain *chain;              /* may know no charter yet: then nobody is a member */
    const struct dh_keyring *box_keys;      /* ours; n may be 0 */
    void (*progress)(void *arg, uint64_t done, uint64_t total);     /* entries; may be NULL */
    void *arg;
};

/* Fold what the store holds whole and the view has not seen.  Durable in steps of a few
 * thousand entries: a fold that was killed goes on where it stood, and folding again changes nothing.
 * A log that was cut back or holds other entries than those folded is folded afresh.
 * Nothing that members wrote makes it fail; ERR_CORRUPT is the store's damage (the view's own
 * is mended by making it anew). */
MUST_USE enum err view_fold(struct view *v, const struct fold_with *with, struct fold_counts *ret);

#endif
