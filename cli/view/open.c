#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/view/inside.h"
#include "keys/file.h"
#include "node/store/sql_err.h"


/* WAL with NORMAL: a power cut may lose the last steps of a fold, never the file's consistency; they are folded again.
 * secure_delete, because what its author erased must be gone from this file too. */
static const char settings[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
    "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 4000;";

static void side_path(const struct view *v, const char *suffix, char ret[VIEW_PATH_MAX + 16])
{
    snprintf(ret, VIEW_PATH_MAX + 16, "%s%s", v->path, suffix);
}

static void disconnect(struct view *v)
{
    vsql_forget(v);
    (void)sqlite3_close(v->db);
    v->db = NULL;
}

/* SQLite would make the file with the umask's mode; it holds keys, so it is made here first. */
static enum err touch(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return errno == EACCES || errno == EPERM || errno == ELOOP ? ERR_DENIED : errno == ENOSPC ? ERR_FULL : ERR_IO;
    enum err e = fchmod(fd, 0600) == 0 ? OK : ERR_DENIED;
    (void)close(fd);
    return e;
}

/* ERR_SCHEMA: there is something, and it is no view of ours. */
static enum err connect_to(struct view *v, const char *path)
{
    struct stat st;
    enum err e = touch(path);
    if (e != OK)
        return e;
    if (stat(path, &st) != 0)
        return ERR_IO;
    v->is_damaged = false;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int rc = sqlite3_open_v2(path, &v->db, flags, NULL);
    if (rc != SQLITE_OK) {
        disconnect(v);
        return sql_err(rc);
    }
    (void)sqlite3_busy_timeout(v->db, VIEW_BUSY_MS);
    (void)sqlite3_db_config(v->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    e = vsql_script(v, settings);
    if (e == OK && st.st_size == 0) {
        e = view_schema_check(v);               /* another process may have made it meanwhile */
        if (e == ERR_SCHEMA)
            e = view_schema_make(v);
        if (e == ERR_CORRUPT)                   /* ... or just now */
            e = ERR_BUSY;
    } else if (e == OK) {
        e = view_schema_check(v);
    }
    if (e != OK)
        disconnect(v);
    return e == ERR_CORRUPT ? ERR_SCHEMA : e;
}

static enum err remove_sides(const char *path, bool itself)
{
    static const char *const suffixes[] = { "-wal", "-shm", "-journal", "" };
    for (size_t i = 0; i < (itself ? 4 : 3); i++) {
        char side[VIEW_PATH_MAX + 32];
        snprintf(side, sizeof(side), "%s%s", path, suffixes[i]);
        if (unlink(side) != 0 && errno != ENOENT)
            return ERR_IO;
    }
    return OK;
}

/* Go on with the successor that a killed process left, or begin one.  The lock is ours. */
static enum err open_successor(struct view *v)
{
    char path[VIEW_PATH_MAX + 16];
    side_path(v, ".new", path);
    enum err e = connect_to(v, path);
    if (e != ERR_SCHEMA)
        return e;
    e = remove_sides(path, true);
    return e == OK ? connect_to(v, path) : e;
}

static enum err lock_rebuild(struct view *v)
{
    char lock[VIEW_PATH_MAX + 16];
    side_path(v, ".lock", lock);
    return file_lock(lock, false, &v->lock);
}

enum err view_rebuild(struct view *v)
{
    char path[VIEW_PATH_MAX + 16];
    disconnect(v);
    side_path(v, ".new", path);
    /* locked already: the successor itself is damaged */
    enum err e = view_is_rebuilding(v) ? remove_sides(path, true) : lock_rebuild(v);
    return e == OK ? open_successor(v) : e;
}

/* What stands at the path is not ours to read.  Under the lock it is looked at again: another process may have put its
 * successor there meanwhile. */
static enum err open_beside(struct view *v)
{
    enum err e = lock_rebuild(v);
    if (e != OK)
        return e;
    e = connect_to(v, v->path);
    if (e == ERR_SCHEMA)
        return open_successor(v);
    file_unlock(v->lock);
    v->lock = -1;
    return e;
}

enum err view_open(const char *path, const struct view_owner *owner, struct view **ret)
{
    assert(strlen(path) < VIEW_PATH_MAX);
    struct view *v = calloc(1, sizeof(*v));
    if (v == NULL)
        return ERR_NOMEM;
    snprintf(v->path, sizeof(v->path), "%s", path);
    v->owner = *owner;
    v->lock = -1;
    enum err e = connect_to(v, path);
    if (e == ERR_SCHEMA)
        e = open_beside(v);
    if (e != OK) {
        view_close(v);
        return e;
    }
    *ret = v;
    return OK;
}

void view_close(struct view *v)
{
    if (v == NULL)
        return;
    disconnect(v);
    if (v->lock >= 0)
        file_unlock(v->lock);
    free(v);
}

bool view_is_rebuilding(const struct view *v)
{
    return v->lock >= 0;
}

static enum err sync_folder(const char *path)
{
    char folder[VIEW_PATH_MAX];
    snprintf(folder, sizeof(folder), "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        slash[slash == folder] = '\0';
    int fd = open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return ERR_IO;
    enum err e = fsync(fd) == 0 ? OK : ERR_IO;
    (void)close(fd);
    return e;
}

enum err view_settle(struct view *v)
{
    char path[VIEW_PATH_MAX + 16];
    side_path(v, ".new", path);
    vsql_forget(v);
    /* without WAL the successor is one file, and a rename moves it whole */
    enum err e = vsql_script(v, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;");
    disconnect(v);
    if (e == OK)
        e = remove_sides(v->path, false);       /* an old WAL beside a new file would be read into it */
    if (e == OK && rename(path, v->path) != 0)
        e = ERR_IO;
    if (e == OK)
        e = sync_folder(v->path);
    file_unlock(v->lock);
    v->lock = -1;
    return e == OK ? connect_to(v, v->path) : e;
}
