#include "node/store/inside.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A damaged store is never repaired in place.  What is good in it is copied into a new file, the old one is
 * moved aside, the new one takes its name; at every moment one of the two is whole. */

static void unlink_all(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    char side[SIDE_PATH_MAX];
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        store_side_path(side, sizeof(side), path, suffixes[i]);
        (void)unlink(side);
    }
}

static enum err sync_path(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0)
        return ERR_IO;
    int rc = fsync(fd);
    (void)close(fd);
    return rc == 0 ? OK : ERR_IO;
}

static enum err sync_folder(const char *path)
{
    char folder[SIDE_PATH_MAX];
    store_side_path(folder, sizeof(folder), path, "");
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
        return sync_path(".", O_RDONLY | O_DIRECTORY);
    slash[slash == folder ? 1 : 0] = '\0';
    return sync_path(folder, O_RDONLY | O_DIRECTORY);
}

static enum err make_new(const char *path, struct store **ret)
{
    struct store *s = NULL;
    unlink_all(path);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return ERR_IO;
    (void)close(fd);
    enum err e = store_connect(path, SQLITE_OPEN_READWRITE, &s);
    if (e != OK)
        return e;
    s->mode = STORE_WRITE;
    if ((e = schema_settle(s, true)) == OK)     /* one fsync at the end, before it gets its name */
        e = sql_script(s, "PRAGMA synchronous = OFF");
    if (e == OK)
        *ret = s;
    else
        store_close(s);
    return e;
}

/* A file that is no database at all, or has none of our tables, gives nothing: that is no error.  Its write lock, if
 * it still can be locked, is held until the file has been moved: see begin() in tx.c.  A newer program's store may have been
 * suspected by it: that one mends it, not we (ERR_SCHEMA). */
static enum err open_old(const char *path, struct store **ret)
{
    struct store *s = NULL;
    if (store_connect(path, SQLITE_OPEN_READWRITE, &s) != OK)
        return OK;
    s->mode = STORE_READ;
    s->is_quarantined = true;
    (void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    enum err e = sql_script(s, "BEGIN IMMEDIATE");
    if (e != ERR_BUSY && schema_settle(s, false) == ERR_SCHEMA)
        e = ERR_SCHEMA;
    if (e == ERR_BUSY || e == ERR_SCHEMA) {
        store_close(s);
        return e;
    }
    *ret = s;
    return OK;
}

static enum err fill_new(const char *draft, struct store *old, uint32_t *ret_cut_back)
{
    struct store *new = NULL;
    enum err e = make_new(draft, &new);
    if (e == OK && old != NULL && schema_is_ours(old))
        e = store_salvage(old, new, ret_cut_back);
    if (e == OK)
        e = sql_err(sqlite3_wal_checkpoint_v2(new->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL));
    store_close(new);
    return e == OK ? sync_path(draft, O_RDWR) : e;
}

static bool is_taken(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

/* `log.db.damaged-<unix time>`, a second later when there is one already. */
static void name_quarantine(const char *path, char *ret, size_t size)
{
    long long at = (long long)time(NULL);
    do {
        char suffix[48];
        (void)snprintf(suffix, sizeof(suffix), ".damaged-%lld", at++);
        store_side_path(ret, size, path, suffix);
    } while (is_taken(ret));
}

/* A pipe, a socket or a device holds nothing that could be kept; to give it another name is not allowed to a confined daemon. */
static bool holds_nothing(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode) && !S_ISLNK(st.st_mode);
}

static enum err move_aside(const char *path, const char *quarantine)
{
    char from[SIDE_PATH_MAX], to[SIDE_PATH_MAX];
    if (holds_nothing(path))
        return unlink(path) == 0 ? OK : ERR_IO;
    store_side_path(from, sizeof(from), path, "-wal");
    store_side_path(to, sizeof(to), quarantine, "-wal");
    if (is_taken(from) && rename(from, to) != 0)
        return ERR_IO;
    store_side_path(from, sizeof(from), path, "-shm");
    (void)unlink(from);                         /* a process that still has it open must not share the new one's */
    return rename(path, quarantine) == 0 ? OK : ERR_IO;
}

enum err store_mend(const char *path, struct store_report *report)
{
    char draft[SIDE_PATH_MAX], ready[SIDE_PATH_MAX], suspect[SIDE_PATH_MAX];
    uint32_t cut_back = 0;
    struct store *old = NULL;
    store_side_path(draft, sizeof(draft), path, ".salvaging");
    store_side_path(ready, sizeof(ready), path, ".salvaged");
    store_side_path(suspect, sizeof(suspect), path, ".suspect");
    name_quarantine(path, report->quarantine, sizeof(report->quarantine));
    enum err e = open_old(path, &old);
    if (e != OK)
        goto out;
    if ((e = fill_new(draft, old, &cut_back)) != OK)
        goto out;
    e = ERR_IO;
    if (rename(draft, ready) != 0)              /* from here on open_write finds it under this name */
        goto out;
    if ((e = move_aside(path, report->quarantine)) != OK)
        goto out;
    e = ERR_IO;
    if (rename(ready, path) != 0)
        goto out;
    if ((e = sync_folder(path)) != OK)
        goto out;
    (void)unlink(suspect);
    report->was_quarantined = true;
    if (!is_taken(report->quarantine))
        (void)snprintf(report->quarantine, sizeof(report->quarantine), "nowhere: it was no file");
    report->logs_cut_back = cut_back;
out:
    store_close(old);
    if (e != OK) {
        unlink_all(draft);
        memset(report, 0, sizeof(*report));
    }
    return e;
}
