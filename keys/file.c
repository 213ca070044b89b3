#define _GNU_SOURCE                             /* renameat2, syncfs */
#include "keys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/crypto.h"

enum { MODE_PRIVATE = 0600, MODE_EXPORT = 0666, MODE_FOLDER = 0700, FOR_OTHERS = 077, TEMP_RANDOM_LEN = 8 };

enum err file_errno(int number)
{
    if (number == EWOULDBLOCK || number == EAGAIN)      /* one number or two: no switch */
        return ERR_BUSY;
    switch (number) {
    case ENOSPC: case EDQUOT: return ERR_FULL;
    case EACCES: case EPERM: case EROFS: case ELOOP: return ERR_DENIED;
    case ENOENT: case ENOTDIR: return ERR_UNKNOWN;
    case EEXIST: return ERR_EXISTS;
    case ENOMEM: return ERR_NOMEM;
    case ENAMETOOLONG: return ERR_LIMIT;
    default: return ERR_IO;
    }
}

/* What a system call's result is in our words; asked before errno changes. */
static enum err result(int rc)
{
    return rc == 0 ? OK : file_errno(errno);
}

static int open_retry(const char *path, int flags, mode_t mode)
{
    int fd;
    do
        fd = open(path, flags | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    return fd;
}

static enum err read_all(int fd, size_t max, struct buf *ret)
{
    enum err e = OK;
    uint8_t chunk[4096];
    struct buf b = buf_on(max);
    ssize_t n = 1;
    while (e == OK && n != 0) {
        n = read(fd, chunk, sizeof(chunk));
        if (n > 0) {
            buf_put(&b, (struct bytes){chunk, (size_t)n});
            e = buf_status(&b);
        } else if (n < 0 && errno != EINTR) {
            e = file_errno(errno);
        }
    }
    wipe(chunk, sizeof(chunk));                 /* it may have held a key */
    if (e == OK)
        *ret = b;
    else
        buf_wipe(&b);
    return e;
}

enum err file_read(const char *path, size_t max, struct buf *ret)
{
    int fd = open_retry(path, O_RDONLY, 0);
    if (fd < 0)
        return file_errno(errno);
    enum err e = read_all(fd, max, ret);
    (void)close(fd);
    return e;
}

enum err file_open(const char *path, FILE **ret)
{
    int fd = open_retry(path, O_RDONLY | O_NONBLOCK, 0);
    if (fd < 0)
        return file_errno(errno);
    struct stat st;
    enum err e = result(fstat(fd, &st));
    if (e == OK && !S_ISREG(st.st_mode))
        e = ERR_FORMAT;
    if (e == OK && (*ret = fdopen(fd, "rb")) == NULL)
        e = file_errno(errno);
    if (e != OK)
        (void)close(fd);
    return e;
}

static enum err is_ours_alone(const struct stat *st)
{
    return st->st_uid == geteuid() && (st->st_mode & FOR_OTHERS) == 0 ? OK : ERR_DENIED;
}

enum err file_read_private(const char *path, size_t max, struct buf *ret)
{
    /* O_NONBLOCK: a fifo put in the key's place must not hold us for ever. */
    int fd = open_retry(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
    if (fd < 0)
        return file_errno(errno);
    struct stat st;                             /* of what is open, not of what stands there a moment later */
    enum err e = result(fstat(fd, &st));
    if (e == OK)
        e = S_ISREG(st.st_mode) ? is_ours_alone(&st) : ERR_DENIED;
    if (e == OK)
        e = read_all(fd, max, ret);
    (void)close(fd);
    return e;
}

static enum err check_private(const char *path, mode_t type)
{
    struct stat st;
    enum err e = result(lstat(path, &st));
    if (e != OK)
        return e;
    return (st.st_mode & S_IFMT) == type ? is_ours_alone(&st) : ERR_DENIED;
}

enum err file_check_private(const char *path)
{
    return check_private(path, S_IFREG);
}

enum err folder_check_private(const char *path)
{
    return check_private(path, S_IFDIR);
}

static enum err write_all(int fd, struct bytes content)
{
    while (content.len > 0) {
        ssize_t n = write(fd, content.p, content.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return file_errno(errno);
        content.p += n;
        content.len -= (size_t)n;
    }
    return OK;
}

/* The folder that `path` lies in. */
static enum err folder_of(const char *path, char ret[FILE_PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return bytes_to_str(bytes_of("."), ret, FILE_PATH_MAX);
    size_t len = slash == path ? 1 : (size_t)(slash - path);
    return bytes_to_str((struct bytes){(const uint8_t *)path, len}, ret, FILE_PATH_MAX);
}

static enum err temp_write(const char *temp, struct bytes content, mode_t mode, bool wait)
{
    int fd = open_retry(temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
    if (fd < 0)
        return file_errno(errno);
    enum err e = mode == MODE_PRIVATE ? result(fchmod(fd, MODE_PRIVATE)) : OK;
    if (e == OK)
        e = write_all(fd, content);
    if (e == OK && wait)
        e = result(fsync(fd));
    enum err closed = result(close(fd));        /* some file systems tell of a full disk only here */
    return e != OK ? e : closed;
}

/* Give the temporary its name. Afterwards it is gone from its own, or the caller removes it. */
static enum err place(const char *temp, const char *path, bool replace)
{
    if (replace)
        return result(rename(temp, path));
#ifdef RENAME_NOREPLACE
    if (renameat2(AT_FDCWD, temp, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return OK;
    if (errno != EINVAL && errno != ENOSYS)     /* this kernel or file system cannot: link can */
        return file_errno(errno);
#endif
    enum err e = result(link(temp, path));
    if (e == OK)
        (void)unlink(temp);
    return e;
}

static enum err name_temp(const char *path, char ret[FILE_PATH_MAX + 64])
{
    char folder[FILE_PATH_MAX], hex[HEX_SIZE(TEMP_RANDOM_LEN)];
    uint8_t random[TEMP_RANDOM_LEN];
    enum err e = folder_of(path, folder);
    if (e != OK)
        return e;
    random_fill(random, sizeof(random));
    hex_encode((struct bytes){random, sizeof(random)}, hex);
    (void)snprintf(ret, FILE_PATH_MAX + 64, "%s/.folkmoot-%s.tmp", folder, hex);
    return OK;
}

static enum err write_whole(const char *path, struct bytes content, mode_t mode, bool replace)
{
    char folder[FILE_PATH_MAX], temp[FILE_PATH_MAX + 64];
    enum err e = folder_of(path, folder);
    if (e == OK)
        e = name_temp(path, temp);
    if (e != OK)
        return e;
    if ((e = temp_write(temp, content, mode, true)) == OK)
        e = place(temp, path, replace);
    if (e != OK) {
        (void)unlink(temp);
        return e;
    }
    return folder_sync(folder) == OK ? OK : ERR_IO;     /* it stands, but may not after a power cut */
}

enum err file_write(const char *path, struct bytes content)
{
    return write_whole(path, content, MODE_PRIVATE, true);
}

enum err file_write_new(const char *path, struct bytes content)
{
    return write_whole(path, content, MODE_PRIVATE, false);
}

enum err file_export(const char *path, struct bytes content, bool replace)
{
    return write_whole(path, content, MODE_EXPORT, replace);
}

enum err file_export_loose(const char *path, struct bytes content)
{
    char temp[FILE_PATH_MAX + 64];
    enum err e = name_temp(path, temp);
    if (e != OK)
        return e;
    if ((e = temp_write(temp, content, MODE_EXPORT, false)) == OK)
        e = place(temp, path, true);
    if (e != OK)
        (void)unlink(temp);
    return e;
}

enum err file_settle(const char *folder)
{
    int fd = open_retry(folder, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return file_errno(errno);
#ifdef __linux__
    enum err e = result(syncfs(fd));
#else
    enum err e = OK;
    sync();
#endif
    (void)close(fd);
    return e;
}

enum err file_export_begin(const char *path, bool replace, struct file_export *x)
{
    struct stat st;
    x->fd = -1;
    x->replace = replace;
    x->is_lent = false;
    if (!replace && lstat(path, &st) == 0)      /* said now, not after an hour's writing */
        return ERR_EXISTS;
    enum err e = bytes_to_str(bytes_of(path), x->path, sizeof(x->path));
    if (e == OK)
        e = name_temp(path, x->temp);
    if (e != OK)
        return e;
    x->fd = open_retry(x->temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, MODE_EXPORT);
    return x->fd >= 0 ? OK : file_errno(errno);
}

void file_export_onto(int fd, struct file_export *x)
{
    *x = (struct file_export){.fd = fd, .is_lent = true};
}

enum err file_export_put(struct file_export *x, struct bytes more)
{
    return write_all(x->fd, more);
}

enum err file_export_end(struct file_export *x)
{
    char folder[FILE_PATH_MAX];
    if (x->is_lent) {
        x->fd = -1;                             /* a pipe has nothing to sync, and what is behind it is not ours */
        return OK;
    }
    enum err e = result(fsync(x->fd));
    enum err closed = result(close(x->fd));
    x->fd = -1;
    if (e == OK)
        e = closed;
    if (e == OK)
        e = place(x->temp, x->path, x->replace);
    if (e != OK) {
        (void)unlink(x->temp);
        return e;
    }
    e = folder_of(x->path, folder);
    return e == OK && folder_sync(folder) != OK ? ERR_IO : e;
}

void file_export_drop(struct file_export *x)
{
    if (x->fd < 0 || x->is_lent)
        return;
    (void)close(x->fd);
    (void)unlink(x->temp);
    x->fd = -1;
}

enum err folder_sync(const char *path)
{
    int fd = open_retry(path, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return file_errno(errno);
    enum err e = OK;
    if (fsync(fd) != 0 && errno != EINVAL)      /* EINVAL: a file system whose folders need no such thing */
        e = file_errno(errno);
    (void)close(fd);
    return e;
}

enum err folder_make(const char *path)
{
    char parent[FILE_PATH_MAX];
    enum err e = folder_of(path, parent);
    if (e == OK)
        e = result(mkdir(path, MODE_FOLDER));
    if (e == OK)
        e = result(chmod(path, MODE_FOLDER));   /* whatever the umask took away */
    if (e == OK)
        e = folder_sync(path);
    return e != OK ? e : folder_sync(parent);
}

enum err file_lock(const char *path, bool wait, int *ret)
{
    int fd = open_retry(path, O_RDWR | O_CREAT | O_NOFOLLOW, MODE_PRIVATE);
    if (fd < 0)
        return file_errno(errno);
    int rc;
    do
        rc = flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
    while (rc != 0 && errno == EINTR);
    enum err e = result(rc);
    if (e == OK)
        *ret = fd;
    else
        (void)close(fd);
    return e;
}

void file_unlock(int fd)
{
    if (fd < 0)
        return;
    (void)flock(fd, LOCK_UN);                   /* a child may still share the descriptor */
    (void)close(fd);
}
