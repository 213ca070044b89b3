#include "cli/export.h"

#include <string.h>
#include <sys/stat.h>

#include "cli/say.h"

static enum exit_status failed(struct export *x, enum err e)
{
    struct session *s = x->s;
    if (e == ERR_EXISTS)
        return say_refused(s, EXIT_NO, "exists", "--yes overwrites it", "%s: a file is there already", x->name);
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_ENVIRONMENT, "no-folder", "make the folder first", "%s: its folder is not there", x->name);
    if (e == ERR_LIMIT)
        return say_refused(s, EXIT_ENVIRONMENT, "too-long", "give a shorter one", "%.60s...: the name is too long", x->name);
    return say_failed(s, e, e == ERR_DENIED ? "choose a place where you may write" : NULL, "writing %s",
                      x->is_stdout ? "to stdout" : x->name);
}

static bool is_folder(const char *name)
{
    struct stat st;
    return stat(name, &st) == 0 && S_ISDIR(st.st_mode);
}

enum exit_status export_begin(struct session *s, const char *name, struct export *ret)
{
    *ret = (struct export){.s = s, .name = name, .is_stdout = strcmp(name, "-") == 0};
    if (ret->is_stdout && s->out_is_terminal)
        return say_usage(s, "name a file, or send it on with | or >", "binary is not for a terminal: it was not written");
    if (ret->is_stdout && s->mode != OUTPUT_TEXT)
        return say_usage(s, "name a file, or leave --json and --csv out", "stdout cannot carry both the file and the answer");
    if (ret->is_stdout) {
        file_export_onto(fileno(s->out), &ret->file);
        return EXIT_OK;
    }
    if (is_folder(name))
        return say_refused(s, EXIT_ENVIRONMENT, "is-a-folder", "name a file in it", "%s: this is a folder", name);
    enum err e = file_export_begin(name, s->yes, &ret->file);
    return e == OK ? EXIT_OK : failed(ret, e);
}

enum err export_put(struct export *x, struct bytes more)
{
    return file_export_put(&x->file, more);
}

enum exit_status export_end(struct export *x, enum err e)
{
    if (e == OK)
        e = file_export_end(&x->file);
    file_export_drop(&x->file);
    return e == OK ? EXIT_OK : failed(x, e);
}

enum exit_status export_whole(struct session *s, const char *name, struct bytes content, bool *ret_is_stdout)
{
    struct export x;
    enum exit_status st = export_begin(s, name, &x);
    *ret_is_stdout = x.is_stdout;
    return st == EXIT_OK ? export_end(&x, export_put(&x, content)) : st;
}
