/* keys/file.h - small files, whole or not at all, and locks.
 *
 * Everything that must survive a power cut (keys, the head, what was signed, the
 * seed) goes through here. No mode depends on the umask, but that of an export. */
#ifndef FOLKMOOT_KEYS_FILE_H
#define FOLKMOOT_KEYS_FILE_H

#include <stdio.h>

#include "protocol/bytes.h"

enum { FILE_PATH_MAX = 4096 };          /* with its NUL */

/* What an errno is in our words: ERR_FULL (ENOSPC, EDQUOT), ERR_DENIED (EACCES, EPERM, EROFS, and ELOOP:
 * a symbolic link where none may be), ERR_UNKNOWN (ENOENT, ENOTDIR), ERR_EXISTS, ERR_NOMEM,
 * ERR_LIMIT (ENAMETOOLONG), ERR_BUSY (EWOULDBLOCK), else ERR_IO. */
enum err file_errno(int number);

/* Read a whole file of at most `max` bytes; pipes too. On OK *ret is a new buffer that the caller releases
 * (or wipes); an earlier content of *ret is not released.
 *   ERR_UNKNOWN  it is not there;  ERR_LIMIT  it is longer;  ERR_DENIED, ERR_IO, ERR_NOMEM */
MUST_USE enum err file_read(const char *path, size_t max, struct buf *ret);

/* Open a file that somebody else put there, to read it: a regular one, or a symbolic link to one. Never waits, as on a pipe that
 * nobody writes to. The caller closes it.
 *   ERR_FORMAT  it is no regular file;  ERR_UNKNOWN, ERR_DENIED, ERR_IO, ERR_NOMEM */
MUST_USE enum err file_open(const char *path, FILE **ret);

/* As file_read, for a file that is nobody else's business. ERR_DENIED also when it is no regular file, a symbolic
 * link, another user's, or has any mode bit for group or others. */
MUST_USE enum err file_read_private(const char *path, size_t max, struct buf *ret);

/* Would file_read_private take it, or does the folder keep others out as well?  Nothing is read.
 *   ERR_UNKNOWN  it is not there;  ERR_DENIED  it is too loose, another user's or no file (folder) */
MUST_USE enum err file_check_private(const char *path);
MUST_USE enum err folder_check_private(const char *path);

/* Write a file whole or not at all: temporary beside it, fsync, rename, fsync of the folder. Mode 0600. A
 * symbolic link at `path` is replaced, not followed.
 *   ERR_FULL, ERR_DENIED, ERR_UNKNOWN (no such folder), ERR_LIMIT (path too long)   nothing was changed
 *   ERR_IO  a disk failed: either the old or the new content stands, whole */
MUST_USE enum err file_write(const char *path, struct bytes content);
/* The same, but only where nothing stands yet: ERR_EXISTS. */
MUST_USE enum err file_write_new(const char *path, struct bytes content);
/* The same for what is made to be given away: the mode is the umask's, and file systems without modes (a
 * memory stick) will do. With `replace` false: ERR_EXISTS. */
MUST_USE enum err file_export(const char *path, struct bytes content, bool replace);

/* The same for one of very many, without waiting for the disk after each: whole or not at all for whoever reads it now,
 * and after a power cut only once file_settle of a folder on the same file system has returned OK. */
MUST_USE enum err file_export_loose(const char *path, struct bytes content);
MUST_USE enum err file_settle(const char *folder);

/* The same as file_export for what is too large to be held in memory: begin, put, put ..., end. Nothing stands at `path` before
 * file_export_end returned OK, but with ERR_IO from it. Whatever failed, file_export_drop follows; after an end
 * that was OK it does nothing. *x needs no freeing besides. */
struct file_export {
    int fd;                             /* -1: not begun, or ended */
    bool replace, is_lent;              /* is_lent: the descriptor is the caller's, and there is no name */
    char path[FILE_PATH_MAX], temp[FILE_PATH_MAX + 64];
};
MUST_USE enum err file_export_begin(const char *path, bool replace, struct file_export *x);
/* The same into what is open already, a pipe or stdout: it stays open, and what was put cannot be taken back. */
void file_export_onto(int fd, struct file_export *x);
MUST_USE enum err file_export_put(struct file_export *x, struct bytes more);
MUST_USE enum err file_export_end(struct file_export *x);
void file_export_drop(struct file_export *x);

/* Make a folder of mode 0700, durably. ERR_EXISTS when something stands there. */
MUST_USE enum err folder_make(const char *path);
/* Make the names in a folder durable. */
MUST_USE enum err folder_sync(const char *path);

/* An advisory lock (flock) on a file, made when it is not there, held until file_unlock or the process ends.
 * ERR_BUSY when somebody else holds it (with wait false). *ret is a descriptor, closed on exec. */
MUST_USE enum err file_lock(const char *path, bool wait, int *ret);
void file_unlock(int fd);               /* -1: does nothing */

#endif
