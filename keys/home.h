/* keys/home.h - where things lie in a node's home, and with what modes.
 *
 *      <home>/recovery.txt         the seed under the passphrase, to be copied elsewhere
 *      <home>/node/                all that folkmootd may write, or read
 *          log.db  alliance  config  node.key  witness.key  identity  bell  lock
 *      <home>/private/             what it may not: 0700
 *          seed  log.key  box.keys  next  head  signed  charter  view.db  lock  journal  reference/
 *          officers/  backup  restored
 *
 * Directories are 0700, key files 0600. A looser mode is an error, not a warning. */
#ifndef FOLKMOOT_KEYS_HOME_H
#define FOLKMOOT_KEYS_HOME_H

#include "protocol/bytes.h"

struct home {
    char path[3072];                    /* the home itself, absolute */
};

/* Resolve `dir` (or, when NULL, $FOLKMOOT_HOME, or ~/.folkmoot; a variable that is empty is not set). A relative
 * path begins at the working directory. Touches no disk.
 * ERR_LIMIT for a path too long, ERR_UNKNOWN when there is no HOME to start from or `dir` is empty. */
MUST_USE enum err home_resolve(const char *dir, struct home *ret);

/* Make the directories (those above the home too), fsynced. A home that stands there already with no node in it is
 * taken, and closed to others.
 *   ERR_EXISTS  there is a node in it already: a seed, a log key or a log
 *   ERR_DENIED  it is another user's, or open to others and holds what is not ours to close; or access is refused */
MUST_USE enum err home_make(const struct home *h);

/* Is a node here, and are the modes as they must be?
 *   ERR_UNKNOWN  no node here, or a directory of it is missing
 *   ERR_DENIED   a mode is too loose, an owner is not us, a key file is a symbolic link, or access is refused
 *   *ret_path (may be NULL) then names the offender. */
MUST_USE enum err home_check(const struct home *h, char *ret_path /* [4096] */);

/* The path of one of the files above: HOME_LOG_DB ... */
#define HOME_FILES(X)                                                         \
    X(HOME_RECOVERY,    "recovery.txt")     X(HOME_NODE,     "node")          \
    X(HOME_LOG_DB,      "node/log.db")      X(HOME_CONFIG,   "node/config")   \
    X(HOME_NODE_KEY,    "node/node.key")    X(HOME_WITNESS_KEY, "node/witness.key") \
    X(HOME_IDENTITY,    "node/identity")    X(HOME_BELL,     "node/bell")     \
    X(HOME_DAEMON_LOCK, "node/lock")        X(HOME_PRIVATE,  "private")       \
    X(HOME_SEED,        "private/seed")     X(HOME_LOG_KEY,  "private/log.key") \
    X(HOME_BOX_KEYS,    "private/box.keys") X(HOME_HEAD,     "private/head")  \
    X(HOME_SIGNED,      "private/signed")   X(HOME_VIEW_DB,  "private/view.db") \
    X(HOME_SIGN_LOCK,   "private/lock")     X(HOME_JOURNAL,  "private/journal") \
    X(HOME_CHARTER,     "private/charter")  X(HOME_ALLIANCE, "node/alliance") \
    X(HOME_REFERENCE,   "private/reference") X(HOME_NEXT,   "private/next") \
    X(HOME_VIEW_LOST,   "private/view.lost") \
    X(HOME_BACKUP,      "private/backup")   X(HOME_RESTORED, "private/restored") \
    X(HOME_OFFICERS,    "private/officers")
enum home_file {
#define X(sym, name) sym,
    HOME_FILES(X)
#undef X
    HOME_FILE_COUNT
};
void home_path(const struct home *h, enum home_file f, char ret[4096]);

#endif
