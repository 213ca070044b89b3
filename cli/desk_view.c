/* cli/desk_view.c - the view of what this home holds, brought up to date. */
#define _GNU_SOURCE
#include "cli/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/reference/load.h"
#include "cli/say.h"
#include "cli/view/view.h"
#include "keys/file.h"

static void show_progress(void *arg, uint64_t done, uint64_t total)
{
    struct progress *p = arg;
    p->total = total;
    progress_step(p, done);
}

static enum err fold(struct desk *d, struct view *v, const char **ret_at)
{
    struct dh_keyring *keys = calloc(1, sizeof(*keys));
    struct progress p = progress_start(d->s, "reading what peers published", 0);
    struct fold_with with = {.store = d->store, .chain = d->chain, .box_keys = keys, .progress = show_progress, .arg = &p};
    struct fold_counts counts;
    enum err e = keys != NULL ? dh_keys_load(&d->s->home, PURPOSE_BOX, keys) : ERR_NOMEM;
    *ret_at = e == OK ? "reading what peers published" : "reading private/box.keys";
    if (e == OK)
        e = view_fold(v, &with, &counts);
    progress_end(&p);
    if (e == OK && counts.entries > 0)
        say_detail(d->s, "folded %llu entries: %llu figures, %llu sealed", (unsigned long long)counts.entries,
                   (unsigned long long)counts.figures, (unsigned long long)counts.sealed);
    if (keys != NULL)
        wipe(keys, sizeof(*keys));
    free(keys);
    return e;
}

/* Of several commands that find no view one makes it; the others wait for that, as for any lock of a store. */
static enum err open_view(const char *path, const struct view_owner *owner, struct view **ret)
{
    enum { EACH_MS = 50, TIMES = 10 * 1000 / EACH_MS };
    const struct timespec t = {.tv_nsec = EACH_MS * 1000000L};
    enum err e = view_open(path, owner, ret);
    for (int i = 0; e == ERR_BUSY && i < TIMES; i++) {
        (void)nanosleep(&t, NULL);
        e = view_open(path, owner, ret);
    }
    return e;
}

static void move(const char *from, const char *to, const char *end)
{
    char a[FILE_PATH_MAX + 8], b[FILE_PATH_MAX + 8];
    (void)snprintf(a, sizeof(a), "%s%s", from, end);
    (void)snprintf(b, sizeof(b), "%s%s", to, end);
    if (rename(a, b) != 0)
        (void)unlink(b);                    /* what is not there must not be there */
}

/* Entries of ours that the store has lost, and that perhaps nobody else has, stand in the view still: folding would forget them.
 * So that view is put aside, for `recover` to read, and another is made. It goes when nothing is lost any more. */
static void keep_lost(struct desk *d, const char *path)
{
    char aside[FILE_PATH_MAX];
    home_path(&d->s->home, HOME_VIEW_LOST, aside);
    const bool is_aside = access(aside, F_OK) == 0;
    if (desk_has_lost(d)) {
        if (!is_aside && access(path, F_OK) == 0) {
            move(path, aside, "-wal");
            move(path, aside, "-shm");
            move(path, aside, "");
        }
    } else if (is_aside) {
        (void)unlink(aside);
    }
}

enum exit_status desk_view(struct desk *d, struct view **ret)
{
    char path[FILE_PATH_MAX];
    struct view_owner owner = {.alliance = d->origin.alliance, .slug = d->identity->slug};
    home_path(&d->s->home, HOME_VIEW_DB, path);
    enum exit_status st = desk_is_former(d) ? EXIT_OK : desk_need_member(d);
    *ret = NULL;
    if (st != EXIT_OK)
        return st;
    keep_lost(d, path);
    enum err e = open_view(path, &owner, ret);
    if (e != OK)
        return say_failed(d->s, e, e == ERR_BUSY ? "another command is rebuilding it: try again" : NULL, "opening private/view.db");
    const char *at = "";
    e = fold(d, *ret, &at);
    if (e == OK && desk_is_former(d))
        say_note(d->s, "%s is no longer a member of %s: this is what it could read until then", d->identity->slug.s,
                 desk_charter(d)->name);
    if (e == OK && (st = reference_load(d->s, *ret)) == EXIT_OK)
        return EXIT_OK;
    view_close(*ret);
    *ret = NULL;
    if (e == OK)
        return st;
    return say_failed(d->s, e, e == ERR_CORRUPT ? "node/log.db is damaged: folkmootd mends it when it starts" :
                      strstr(at, "keys") != NULL ? "`folkmoot keys restore` makes it again from the seed" : NULL, "%s", at);
}

enum exit_status desk_view_aside(struct desk *d, struct view **ret)
{
    const bool was_printed = d->s->printed;
    d->s->printed = true;                   /* no document of this error: another one follows */
    enum exit_status st = desk_view(d, ret);
    d->s->printed = was_printed;
    return st;
}
