#include "cli/report/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/say.h"

static enum exit_status failed(struct session *s, enum err e, const char *name)
{
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_ENVIRONMENT, "no-folder", "make the folder above it first", "%s: its folder is not there", name);
    return say_failed(s, e, e == ERR_DENIED ? "choose a place where you may write" : NULL, "writing %s", name);
}

enum exit_status folder_begin(struct session *s, const char *name, struct folder *ret)
{
    struct stat st;
    size_t len = strlen(name);
    *ret = (struct folder){.s = s};
    while (len > 1 && name[len - 1] == '/')
        len--;
    if (len == 0 || (len == 1 && name[0] == '-') || len >= FILE_PATH_MAX - 64)
        return say_usage(s, "name a folder", "--out %s: several pages need a folder", name);
    memcpy(ret->name, name, len);
    ret->name[len] = '\0';
    if (stat(ret->name, &st) == 0) {
        if (!S_ISDIR(st.st_mode))
            return say_refused(s, EXIT_ENVIRONMENT, "no-folder", "name a folder", "%s: this is a file", ret->name);
        if (!s->yes)
            return say_refused(s, EXIT_NO, "exists", "--yes writes into it", "%s: a folder is there already", ret->name);
        memcpy(ret->at, ret->name, sizeof(ret->at));
        return EXIT_OK;
    }
    if (errno != ENOENT)
        return failed(s, file_errno(errno), ret->name);
    ret->is_new = true;
    (void)snprintf(ret->at, sizeof(ret->at), "%.*s.new-%ld", (int)(FILE_PATH_MAX - 64), ret->name, (long)getpid());
    return mkdir(ret->at, 0777) == 0 ? EXIT_OK : failed(s, file_errno(errno), ret->name);
}

enum exit_status folder_put(struct folder *f, const char *file, struct bytes content)
{
    char path[FILE_PATH_MAX + 256];
    int len = snprintf(path, sizeof(path), "%s/%s", f->at, file);
    enum err e = len > 0 && len < FILE_PATH_MAX ? file_export(path, content, true) : ERR_LIMIT;
    return e == OK ? EXIT_OK : failed(f->s, e, f->name);
}

/* Only what we put there: a flat folder of files. */
static void take_back(const char *at)
{
    char path[FILE_PATH_MAX + 512];
    DIR *dir = opendir(at);
    for (struct dirent *e = dir != NULL ? readdir(dir) : NULL; e != NULL; e = readdir(dir)) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", at, e->d_name);
        (void)unlink(path);
    }
    if (dir != NULL)
        (void)closedir(dir);
    (void)rmdir(at);
}

enum exit_status folder_end(struct folder *f, enum exit_status st)
{
    if (!f->is_new)
        return st;
    if (st == EXIT_OK && rename(f->at, f->name) != 0)
        st = failed(f->s, file_errno(errno), f->name);
    if (st != EXIT_OK)
        take_back(f->at);
    return st;
}
