/* keys/home.h - where things lie in a node's home, and with what modes.
 *
 *      <home>/recovery.txt         the seed under the passphrase, to be copied elsewhere
 *      <home>/node/                all that folkmootd may write, or read
 *          log.db  config  node.key  witness.key  identity  bell  lock
 *      <home>/private/             what it may not: 0700
 *          seed  log.key  box.keys  head  signed  view.db  lock  journal
 *
 * Directories are 0700, key files 0600. A looser mode is an error, not a warning. */
#ifndef FOLKMOOT_KEYS_HOME_H
#define FOLKMOOT_KEYS_HOME_H

#include "protocol/bytes.h"

struct home {
    char path[3072];                    /* the home itself, absolute */
};

/* Resolve `dir` (or, when NULL, $FOLKMOOT_HOME, or ~/.folkmoot). Touches no disk.
 * ERR_LIMIT for a path too long, ERR_UNKNOWN when there is no HOME to start from. */
MUST_USE enum err home_resolve(const char *dir, struct home *ret);

/* Make the directories, fsynced. ERR_EXISTS when there is a node in it already. */
MUST_USE enum err home_make(const struct home *h);

/* Is a node here, and are the modes as they must be?
 *   ERR_UNKNOWN  no node here;  ERR_DENIED  a mode is too loose or access is refused;
 *   *ret_path (may be NULL) then names the offender. */
MUST_USE enum err home_check(const struct home *h, char ret_path[4096]);

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
    X(HOME_SIGN_LOCK,   "private/lock")     X(HOME_JOURNAL,  "private/journal")
enum home_file {
#define X(sym, name) sym,
    HOME_FILES(X)
#undef X
    HOME_FILE_COUNT
};
void home_path(const struct home *h, enum home_file f, char ret[4096]);

/* Read a whole file of at most `max` bytes. ERR_UNKNOWN when it is not there. */
MUST_USE enum err file_read(const char *path, size_t max, struct buf *ret);
/* Write a file whole or not at all: temporary beside it, fsync, rename, fsync of the folder. Mode 0600. */
MUST_USE enum err file_write(const char *path, struct bytes content);
/* The same, but only where nothing stands yet: ERR_EXISTS. */
MUST_USE enum err file_write_new(const char *path, struct bytes content);

/* An advisory lock (flock) on a file, held until file_unlock or the process ends.
 * ERR_BUSY when somebody else holds it (with wait false). *ret is a descriptor. */
MUST_USE enum err file_lock(const char *path, bool wait, int *ret);
void file_unlock(int fd);

#endif
