#include "cli/bundle/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMPARED_AT_ONCE = 64 * 1024 };

/* ---- what lies there ---- */

/* "kent.fmb": whose it is. */
static bool read_name(const char *name, struct slug *ret)
{
    size_t len = strlen(name), end = strlen(FOLDER_SUFFIX);
    return len > end && strcmp(name + len - end, FOLDER_SUFFIX) == 0
        && slug_parse((struct bytes){(const uint8_t *)name, len - end}, ret) == OK;
}

static int by_slug(const void *a, const void *b)
{
    const struct folder_file *p = a, *q = b;
    return strcmp(p->of.s, q->of.s);
}

/* Nobody's but a member's is read, whoever put it there: a charter that we lack comes with any of those. */
static bool is_wanted(const struct desk *d, const struct folder_round *r, const struct slug *slug)
{
    return r->n < MEMBERS_MAX && !slug_equal(slug, &d->identity->slug) && charter_find(desk_charter(d), slug) != NULL;
}

static enum err list(const struct desk *d, const char *dir, struct folder_round *r)
{
    struct slug slug;
    const struct dirent *one;
    DIR *open = opendir(dir);
    if (open == NULL)
        return file_errno(errno);
    for (errno = 0; (one = readdir(open)) != NULL; errno = 0)
        if (read_name(one->d_name, &slug) && is_wanted(d, r, &slug))
            r->files[r->n++] = (struct folder_file){.of = slug};
    enum err e = errno != 0 ? file_errno(errno) : OK;
    (void)closedir(open);
    qsort(r->files, r->n, sizeof(r->files[0]), by_slug);
    return e;
}

static enum err path_of(const char *dir, const struct slug *slug, char ret[FILE_PATH_MAX])
{
    int len = snprintf(ret, FILE_PATH_MAX, "%s/%s%s", dir, slug->s, FOLDER_SUFFIX);
    return len > 0 && len < FILE_PATH_MAX ? OK : ERR_LIMIT;
}

/* ---- taking ---- */

static void note_what_came(const struct bundle_read *b, struct folder_file *f)
{
    f->end = b->end;
    for (size_t i = 0; i < b->n_logs; i++) {
        const struct bundle_log *log = &b->logs[i];
        f->came += log->after > log->before ? log->after - log->before : 0;
        if (log->refused != NULL && f->n_refused++ == 0)
            f->refused = log->refused;
    }
}

static enum err take_one(struct desk *d, const char *dir, struct folder_file *f)
{
    char path[FILE_PATH_MAX];
    FILE *in = NULL;
    struct bundle_read b = {.end = BUNDLE_NONE};
    enum err e = path_of(dir, &f->of, path);
    if (e == OK)
        e = file_open(path, &in);
    if (e == OK)
        e = bundle_read(d, in, NULL, NULL, &b);
    else if (e == ERR_FORMAT)
        e = OK;                                 /* a pipe, a folder: no bundle */
    if (e == OK)
        note_what_came(&b, f);
    bundle_read_release(&b);
    if (in != NULL)
        (void)fclose(in);
    return f->failed = e;
}

enum err folder_take(struct desk *d, const char *dir, struct folder_round *ret)
{
    *ret = (struct folder_round){.n = 0};
    enum err e = list(d, dir, ret);
    for (size_t i = 0; e == OK && i < ret->n; i++) {
        e = take_one(d, dir, &ret->files[i]);
        ret->came += ret->files[i].came;
        if (e != ERR_FULL && e != ERR_NOMEM)
            e = OK;                             /* the others may be good */
    }
    return e;
}

/* ---- giving ---- */

/* Do two files hold the same? False also where that cannot be told. */
static bool is_same(const char *a, const char *b)
{
    FILE *f = NULL, *g = NULL;
    char *x = malloc(COMPARED_AT_ONCE), *y = malloc(COMPARED_AT_ONCE);
    bool same = x != NULL && y != NULL && file_open(a, &f) == OK && file_open(b, &g) == OK;
    for (size_t n = 1; same && n > 0;) {
        n = fread(x, 1, COMPARED_AT_ONCE, f);
        same = fread(y, 1, COMPARED_AT_ONCE, g) == n && memcmp(x, y, n) == 0 && !ferror(f) && !ferror(g);
    }
    free(x);
    free(y);
    if (f != NULL)
        (void)fclose(f);
    if (g != NULL)
        (void)fclose(g);
    return same;
}

enum err folder_give(struct desk *d, const char *dir, struct folder_round *ret)
{
    char path[FILE_PATH_MAX];
    struct file_export x;
    const struct bundle_wants everything = {.n = 0};
    struct bundle_written w = {0};
    enum err e = path_of(dir, &d->identity->slug, path);
    if (e == OK)
        e = file_export_begin(path, true, &x);
    if (e != OK)
        return e;
    e = bundle_write(d, &everything, &x, NULL, NULL, &w);
    ret->bytes = w.bytes;
    if (e == OK && !is_same(x.temp, path) && (e = file_export_end(&x)) == OK)
        ret->has_written = true;
    file_export_drop(&x);
    return e;
}
