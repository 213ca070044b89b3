#include "cli/audit/log_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/say.h"

enum { NAMES_MAX_LEN = 64 + TILE_PATH_SIZE };       /* what we put behind the folder's name */
static const char CHECKPOINT_NAME[] = "checkpoint", MARK_NAME[] = ".unfinished";

static void path_in(const struct log_folder *f, const char *name, char ret[FILE_PATH_MAX])
{
    (void)snprintf(ret, FILE_PATH_MAX, "%.*s/%s", FILE_PATH_MAX - NAMES_MAX_LEN, f->path, name);
}

enum exit_status log_folder_failed(const struct log_folder *f, enum err e)
{
    const char *remedy = e == ERR_DENIED ? "choose a place where you may write"
                       : e == ERR_FULL   ? "make room; run again, it goes on where it ended"
                                         : "run again, it goes on where it ended";
    return say_failed(f->s, e, remedy, "writing %s", f->path);
}

static enum exit_status is_foreign(const struct log_folder *f, const char *why)
{
    return say_refused(f->s, EXIT_NO, "foreign-folder", "name a folder of its own", "%s: %s", f->path, why);
}

static enum err first_name(const struct log_folder *f, bool *ret_empty)
{
    DIR *dir = opendir(f->path);
    if (dir == NULL)
        return file_errno(errno);
    *ret_empty = true;
    for (struct dirent *e = readdir(dir); e != NULL && *ret_empty; e = readdir(dir))
        *ret_empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
    (void)closedir(dir);
    return OK;
}

/* The checkpoint there says whose folder it is: its text is believed for that, as a mark, not as a proof. */
static enum exit_status look_at_checkpoint(struct log_folder *f, struct bytes note, const struct origin *o)
{
    struct note n;
    char whose[ORIGIN_MAX + 1];
    if (note_parse(note, &n) != OK || checkpoint_parse(n.text, &f->had) != OK)
        return is_foreign(f, "its `checkpoint` is not one of Folkmoot's");
    if (origin_equal(&f->had.origin, o))
        return EXIT_OK;
    origin_text(&f->had.origin, whose);
    return say_refused(f->s, EXIT_NO, "foreign-folder", "name another folder", "%s: it holds another log, %s", f->path, whose);
}

static enum err put_mark(struct log_folder *f, const struct origin *o)
{
    char path[FILE_PATH_MAX], text[ORIGIN_MAX + 2];
    origin_text(o, text);
    (void)snprintf(text + strlen(text), 2, "\n");
    path_in(f, MARK_NAME, path);
    f->is_marked = true;
    return file_export(path, bytes_of(text), true);
}

static enum exit_status look_at_mark(struct log_folder *f, const struct origin *o)
{
    char path[FILE_PATH_MAX], text[ORIGIN_MAX + 2];
    struct buf mark = buf_on(sizeof(text));
    bool is_empty = false, is_ours = false;
    path_in(f, MARK_NAME, path);
    enum err e = file_read(path, sizeof(text), &mark);
    if (e == ERR_UNKNOWN) {
        e = first_name(f, &is_empty);
        if (e == OK && is_empty)
            e = put_mark(f, o);
        else if (e == OK)
            return is_foreign(f, "there are other files in it");
        return e == OK ? EXIT_OK : log_folder_failed(f, e);
    }
    if (e == OK) {
        origin_text(o, text);
        (void)snprintf(text + strlen(text), 2, "\n");
        is_ours = bytes_equal(buf_bytes(&mark), bytes_of(text));
    }
    buf_release(&mark);
    if (e != OK && e != ERR_LIMIT)
        return log_folder_failed(f, e);
    f->is_marked = true;
    return is_ours ? EXIT_OK : is_foreign(f, "an export of another log was begun in it");
}

/* Without a checkpoint nothing was finished: a mark of ours, or nothing at all, makes it ours. */
static enum exit_status look(struct log_folder *f, const struct origin *o)
{
    char path[FILE_PATH_MAX];
    struct buf note = buf_on(CHECKPOINT_MAX);
    path_in(f, CHECKPOINT_NAME, path);
    enum err e = file_read(path, CHECKPOINT_MAX, &note);
    enum exit_status st = e == OK          ? look_at_checkpoint(f, buf_bytes(&note), o)
                        : e == ERR_UNKNOWN ? look_at_mark(f, o)
                        : e == ERR_LIMIT   ? is_foreign(f, "its `checkpoint` is not one of Folkmoot's")
                                           : log_folder_failed(f, e);
    buf_release(&note);
    return st;
}

enum exit_status log_folder_begin(struct session *s, const char *name, const struct origin *o, struct log_folder *ret)
{
    struct stat st;
    size_t len = strlen(name);
    *ret = (struct log_folder){.s = s};
    while (len > 1 && name[len - 1] == '/')
        len--;
    if (len == 0 || (len == 1 && name[0] == '-'))
        return say_usage(s, "name a folder", "--out %s: a log is many files, and needs a folder", name);
    if (len > FILE_PATH_MAX - 2 * NAMES_MAX_LEN)
        return say_refused(s, EXIT_ENVIRONMENT, "too-long", "give a shorter one", "%.60s...: the name is too long", name);
    memcpy(ret->path, name, len);
    if (mkdir(ret->path, 0777) != 0 && errno != EEXIST) {
        if (errno == ENOENT)
            return say_refused(s, EXIT_ENVIRONMENT, "no-folder", "make the folder above it first", "%s: its folder is not there",
                               ret->path);
        return log_folder_failed(ret, file_errno(errno));
    }
    if (stat(ret->path, &st) != 0)
        return log_folder_failed(ret, file_errno(errno));
    if (!S_ISDIR(st.st_mode))
        return say_refused(s, EXIT_ENVIRONMENT, "no-folder", "name a folder", "%s: this is a file", ret->path);
    return look(ret, o);
}

/* Make the folders between ours and the file: tiles come in order, so it is seldom another one. */
static enum err make_folders(struct log_folder *f, const char *path)
{
    const char *last = strrchr(path, '/');
    char folder[FILE_PATH_MAX];
    size_t ours = strlen(f->path), len = (size_t)(last - path);
    if (strncmp(f->made, path, len) == 0 && f->made[len] == '\0')
        return OK;
    memcpy(folder, path, len);
    folder[len] = '\0';
    for (size_t i = ours + 1; i <= len; i++) {
        if (path[i] != '/')
            continue;
        folder[i] = '\0';
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            return file_errno(errno);
        folder[i] = '/';
    }
    folder[len] = '\0';
    memcpy(f->made, folder, len + 1);
    return OK;
}

enum err log_folder_put(void *arg, const struct tile *tile, struct bytes content)
{
    struct log_folder *f = arg;
    char name[TILE_PATH_SIZE], path[FILE_PATH_MAX];
    struct buf there = buf_on(content.len + 1);
    tile_path(tile, name);
    path_in(f, name, path);
    f->n_files++;
    enum err e = file_read(path, content.len + 1, &there);
    bool is_there = e == OK && bytes_equal(buf_bytes(&there), content);
    buf_release(&there);
    if (is_there)
        return OK;
    if (e != OK && e != ERR_UNKNOWN && e != ERR_LIMIT)
        return e;
    f->n_mended += e != ERR_UNKNOWN;
    e = make_folders(f, path);
    if (e == OK)
        e = file_export_loose(path, content);
    f->n_written += e == OK;
    return e;
}

enum err log_folder_end(struct log_folder *f, struct bytes checkpoint)
{
    char path[FILE_PATH_MAX];
    enum err e = file_settle(f->path);
    path_in(f, CHECKPOINT_NAME, path);
    if (e == OK)
        e = file_export(path, checkpoint, true);
    path_in(f, MARK_NAME, path);
    if (e == OK && f->is_marked && unlink(path) != 0)
        e = file_errno(errno);
    return e;
}
