#include "node/store/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUSY_MS = 10 * 1000 };

void store_side_path(char *ret, size_t size, const char *path, const char *suffix)
{
    (void)snprintf(ret, size, "%s%s", path, suffix);
}

/* Left beside the store when a call met damage that opening had not seen; mending removes it. */
static void leave_mark(const char *path)
{
    char mark[SIDE_PATH_MAX];
    store_side_path(mark, sizeof(mark), path, ".suspect");
    int fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0)
        (void)close(fd);
}

void store_suspect(struct store *s)
{
    if (!s->is_quarantined)
        leave_mark(s->path);
}

/* Measured with appends of 1,024: a checkpoint of the WAL every 8 MiB keeps the slowest commit near 20 ms and a
 * larger one gains nothing; neither does a larger cache.  No memory map: its pages would count as ours, and a
 * damaged file would be a signal instead of an error. */
static enum err settle(struct store *s)
{
    (void)sqlite3_extended_result_codes(s->db, 1);
    (void)sqlite3_busy_timeout(s->db, BUSY_MS);
    (void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return sql_script(s, "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
                         "PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON; PRAGMA synchronous = FULL;"
                         "PRAGMA mmap_size = 0; PRAGMA cache_size = -6144; PRAGMA wal_autocheckpoint = 1024;"
                         "PRAGMA journal_size_limit = 33554432");
}

enum err store_connect(const char *path, int flags, struct store **ret)
{
    enum err e = ERR_NOMEM;
    struct store *s = calloc(1, sizeof(*s));
    struct stat st;
    if (s == NULL || (s->path = strdup(path)) == NULL)
        goto out;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {        /* a folder, or a pipe on which we would wait for ever */
        e = ERR_CORRUPT;
        goto out;
    }
    int rc = sqlite3_open_v2(path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK) {
        e = s->db != NULL ? sql_err(sqlite3_extended_errcode(s->db)) : ERR_NOMEM;
        goto out;
    }
    e = ERR_IO;
    if (stat(path, &st) != 0)
        goto out;
    s->device = st.st_dev;
    s->inode = st.st_ino;
    if ((e = settle(s)) != OK)
        goto out;
    *ret = s;
    return OK;
out:
    store_close(s);
    return e;
}

const char *store_library_version(void)
{
    return sqlite3_libversion();
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    if (s->db != NULL && s->is_in_tx)
        store_rollback(s);
    if (s->db != NULL && s->owes_scrub)
        (void)sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sql_forget(s);
    (void)sqlite3_close(s->db);
    free(s->path);
    free(s);
}

enum err store_check_place(const struct store *s)
{
    struct stat st;
    return stat(s->path, &st) == 0 && st.st_dev == s->device && st.st_ino == s->inode ? OK : ERR_IO;
}

static enum err file_err(void)
{
    return errno == EACCES || errno == EPERM || errno == EROFS ? ERR_DENIED : errno == ENOSPC ? ERR_FULL : ERR_IO;
}

/* Nobody but the owner may read it from its first byte on; SQLite gives the WAL the same mode.  One that is
 * there is not opened here: closing it would drop the locks of every connection this process has to it. */
static enum err make_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        return close(fd) == 0 ? OK : ERR_IO;
    if (errno != EEXIST)
        return file_err();
    return access(path, R_OK | W_OK) == 0 ? OK : file_err();
}

static bool exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

static enum err open_read(const char *path, struct store **ret)
{
    struct store *s = NULL;
    struct stat st;
    if (stat(path, &st) != 0 || (S_ISREG(st.st_mode) && st.st_size == 0))
        return ERR_UNKNOWN;
    enum err e = store_connect(path, SQLITE_OPEN_READWRITE, &s);
    if (e != OK)
        return e;
    s->mode = STORE_READ;
    if ((e = schema_settle(s, false)) == OK)
        e = sql_script(s, "PRAGMA query_only = ON");
    if (e == ERR_SCHEMA)
        (void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (e == OK)
        *ret = s;
    else
        store_close(s);
    return e;
}

/* A flipped byte in the file's header makes SQLite open it for reading only. */
static enum err check_writable(struct store *s)
{
    if (!sqlite3_db_readonly(s->db, "main"))
        return OK;
    return access(s->path, W_OK) == 0 ? ERR_CORRUPT : ERR_DENIED;
}

static enum err open_write(const char *path, struct store **ret)
{
    char side[SIDE_PATH_MAX];
    struct store *s = NULL;
    enum err e;
    store_side_path(side, sizeof(side), path, ".suspect");
    if (exists(side))
        return ERR_CORRUPT;
    store_side_path(side, sizeof(side), path, ".salvaged");
    if (!exists(path) && exists(side) && rename(side, path) != 0)       /* mending was cut short here */
        return ERR_IO;
    if ((e = make_file(path)) != OK || (e = store_connect(path, SQLITE_OPEN_READWRITE, &s)) != OK)
        return e;
    s->mode = STORE_WRITE;
    e = schema_settle(s, true);
    if (e == OK)
        e = check_writable(s);
    if (e == OK)                                /* it is already, unless that byte rotted */
        e = sql_script(s, "PRAGMA journal_mode = WAL");
    if (e == OK)
        e = store_check(s);
    if (e == OK) {
        *ret = s;
        return OK;
    }
    (void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);    /* touch nothing */
    store_close(s);
    return e;
}

/* One process mends at a time; who waited finds it done. */
static int mend_lock(const char *path)
{
    char side[SIDE_PATH_MAX];
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    store_side_path(side, sizeof(side), path, ".mending");
    int fd = open(side, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0)
        while (fcntl(fd, F_SETLKW, &whole) != 0 && errno == EINTR)
            ;
    return fd;
}

enum err store_open(const char *path, enum store_mode mode, struct store **ret, struct store_report *report)
{
    memset(report, 0, sizeof(*report));
    if (strlen(path) > SIDE_PATH_MAX - 64)
        return ERR_LIMIT;
    enum err e = mode == STORE_READ ? open_read(path, ret) : open_write(path, ret);
    if (mode == STORE_READ && e == ERR_CORRUPT)
        leave_mark(path);                       /* a daemon that has it open need not have met it yet */
    if (mode == STORE_READ)
        return e;
    if (e != ERR_CORRUPT)
        return e;
    int lock = mend_lock(path);
    if (lock < 0)
        return ERR_IO;
    e = open_write(path, ret);
    if (e == ERR_CORRUPT && (e = store_mend(path, report)) == OK)
        e = open_write(path, ret);
    (void)close(lock);
    return e;
}

enum err store_data_version(struct store *s, uint64_t *ret)
{
    char mark[SIDE_PATH_MAX];
    uint64_t v = 0;
    struct sql q = sql_start(s, SQL_DATA_VERSION);
    if (sql_row(&q))
        v = sql_col_u64(&q, 0);
    enum err e = sql_end(&q);
    if (e == OK)
        e = store_check_place(s);
    store_side_path(mark, sizeof(mark), s->path, ".suspect");
    if (e == OK && exists(mark))
        e = ERR_CORRUPT;
    if (e == OK)
        *ret = v;
    return e;
}

enum err store_bytes(struct store *s, uint64_t *ret)
{
    char side[SIDE_PATH_MAX];
    struct stat file, wal;
    if (stat(s->path, &file) != 0)
        return ERR_IO;
    store_side_path(side, sizeof(side), s->path, "-wal");
    *ret = (uint64_t)file.st_size + (stat(side, &wal) == 0 ? (uint64_t)wal.st_size : 0);
    return OK;
}
