#include "keys/home.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keys/file.h"

static const char *const names[HOME_FILE_COUNT] = {
#define X(sym, name) [sym] = name,
    HOME_FILES(X)
#undef X
};

enum { NAME_LONGEST = 64 };             /* more than any of the above */
static_assert(sizeof(((struct home *)NULL)->path) + NAME_LONGEST <= FILE_PATH_MAX, "every file of a home has a path");

/* What home_check asks of each: a folder of ours alone, a file of ours alone, or
 * nothing, because the folder around it suffices (SQLite makes its own modes). */
enum guard { GUARD_FOLDER, GUARD_FILE, GUARD_NONE };

static enum guard guard_of(enum home_file f)
{
    switch (f) {
    case HOME_NODE: case HOME_PRIVATE:
        return GUARD_FOLDER;
    case HOME_RECOVERY: case HOME_NODE_KEY: case HOME_WITNESS_KEY: case HOME_SEED: case HOME_LOG_KEY:
    case HOME_BOX_KEYS: case HOME_HEAD: case HOME_SIGNED: case HOME_CHARTER: case HOME_NEXT:
    case HOME_BACKUP: case HOME_RESTORED:
        return GUARD_FILE;
    case HOME_LOG_DB: case HOME_CONFIG: case HOME_IDENTITY: case HOME_BELL: case HOME_DAEMON_LOCK:
    case HOME_ALLIANCE: case HOME_VIEW_DB: case HOME_SIGN_LOCK: case HOME_JOURNAL: case HOME_REFERENCE: case HOME_OFFICERS:
    case HOME_VIEW_LOST: case HOME_FILE_COUNT:
        return GUARD_NONE;
    }
    return GUARD_NONE;
}

static const char *variable(const char *name)
{
    const char *v = getenv(name);
    return v != NULL && v[0] != '\0' ? v : NULL;
}

enum err home_resolve(const char *dir, struct home *ret)
{
    struct buf b = buf_on(sizeof(ret->path) - 1);
    char cwd[sizeof(ret->path)];
    enum err e = ERR_UNKNOWN;
    if (dir == NULL)
        dir = variable("FOLKMOOT_HOME");
    const char *user_home = variable("HOME");
    const char *start = dir != NULL ? dir : user_home;
    if (start == NULL || start[0] == '\0')
        goto out;
    if (start[0] != '/') {
        e = ERR_LIMIT;
        if (getcwd(cwd, sizeof(cwd)) == NULL)
            goto out;
        buf_printf(&b, "%s/", cwd);
    }
    buf_put_str(&b, start);
    while (b.failed == OK && b.len > (dir != NULL ? 1 : 0) && b.p[b.len - 1] == '/')
        b.len--;
    if (dir == NULL)
        buf_put_str(&b, "/.folkmoot");
    if ((e = buf_status(&b)) == OK)
        e = bytes_to_str(buf_bytes(&b), ret->path, sizeof(ret->path));
out:
    buf_release(&b);
    return e;
}

void home_path(const struct home *h, enum home_file f, char ret[4096])
{
    assert(f < HOME_FILE_COUNT);
    int len = snprintf(ret, FILE_PATH_MAX, "%s/%s", h->path, names[f]);
    assert(len > 0 && len < FILE_PATH_MAX);
    (void)len;
}

/* A crash in the middle of `init` may leave folders: they are no node yet. */
static enum err node_is_here(const struct home *h)
{
    static const enum home_file signs[] = {HOME_SEED, HOME_LOG_KEY, HOME_LOG_DB};
    char path[FILE_PATH_MAX];
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        struct stat st;
        home_path(h, signs[i], path);
        if (lstat(path, &st) == 0)
            return OK;
        if (file_errno(errno) != ERR_UNKNOWN)   /* we cannot look: do not say that nothing is there */
            return file_errno(errno);
    }
    return ERR_UNKNOWN;
}

static bool name_is_ours(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, names[HOME_NODE]) == 0
        || strcmp(name, names[HOME_PRIVATE]) == 0 || strcmp(name, names[HOME_RECOVERY]) == 0;
}

/* Somebody's own folder, named by mistake (`-C /tmp`, `-C .`), is not ours to close. */
static enum err holds_only_ours(const char *path)
{
    DIR *d = opendir(path);
    if (d == NULL)
        return file_errno(errno);
    enum err e = OK;
    struct dirent *entry;
    while (e == OK && (entry = readdir(d)) != NULL)
        if (!name_is_ours(entry->d_name))
            e = ERR_DENIED;
    (void)closedir(d);
    return e;
}

/* Make a folder, or take the one that stands there. */
static enum err folder_take(const char *path, bool is_home)
{
    struct stat st;
    enum err e = folder_make(path);
    if (e != ERR_EXISTS)
        return e;
    if ((is_home ? stat(path, &st) : lstat(path, &st)) != 0)    /* only the home itself may be a link */
        return file_errno(errno);
    if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid())
        return ERR_DENIED;
    if ((st.st_mode & 0777) == 0700)
        return OK;
    if (is_home && (e = holds_only_ours(path)) != OK)
        return e;
    return chmod(path, 0700) == 0 ? folder_sync(path) : file_errno(errno);
}

static enum err make_parents(const char *path)
{
    char part[FILE_PATH_MAX];
    for (const char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        struct stat st;
        enum err e = bytes_to_str((struct bytes){(const uint8_t *)path, (size_t)(slash - path)}, part, sizeof(part));
        if (e == OK && stat(part, &st) != 0)
            e = folder_make(part);
        if (e != OK && e != ERR_EXISTS)
            return e;
    }
    return OK;
}

enum err home_make(const struct home *h)
{
    char path[FILE_PATH_MAX];
    enum err e = node_is_here(h);
    if (e != ERR_UNKNOWN)
        return e == OK ? ERR_EXISTS : e;
    if ((e = make_parents(h->path)) != OK || (e = folder_take(h->path, true)) != OK)
        return e;
    home_path(h, HOME_NODE, path);
    if ((e = folder_take(path, false)) != OK)
        return e;
    home_path(h, HOME_PRIVATE, path);
    return folder_take(path, false);
}

static enum err check_one(enum home_file f, const char *path)
{
    switch (guard_of(f)) {
    case GUARD_FOLDER:
        return folder_check_private(path);
    case GUARD_FILE: {
        enum err e = file_check_private(path);
        return e == ERR_UNKNOWN ? OK : e;       /* which files there must be, their readers say */
    }
    case GUARD_NONE:
        break;
    }
    return OK;
}

/* The home itself may be a link to a larger disk; what it leads to is what counts. */
static enum err check_top(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return file_errno(errno);
    return S_ISDIR(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 077) == 0 ? OK : ERR_DENIED;
}

enum err home_check(const struct home *h, char *ret_path)
{
    char path[FILE_PATH_MAX];
    (void)snprintf(path, sizeof(path), "%s", h->path);
    enum err e = node_is_here(h);
    if (e == OK)
        e = check_top(path);
    for (unsigned f = 0; e == OK && f < HOME_FILE_COUNT; f++) {
        home_path(h, (enum home_file)f, path);
        e = check_one((enum home_file)f, path);
    }
    if (e != OK && ret_path != NULL)
        (void)snprintf(ret_path, FILE_PATH_MAX, "%s", path);
    return e;
}
