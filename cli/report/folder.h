/* cli/report/folder.h - several pages into one folder: all of them or none.
 *
 * A new folder is filled beside its place and renamed. Into one that stands already pages go only with --yes, each whole
 * or not at all; what else lies in it stays.
 *
 *      struct folder f;
 *      enum exit_status st = folder_begin(s, name, &f);
 *      if (st == EXIT_OK) st = folder_put(&f, "index.html", bytes);
 *      return folder_end(&f, st); */
#ifndef FOLKMOOT_CLI_REPORT_FOLDER_H
#define FOLKMOOT_CLI_REPORT_FOLDER_H

#include "cli/session.h"
#include "keys/file.h"

struct folder {
    struct session *s;
    bool is_new;
    char name[FILE_PATH_MAX], at[FILE_PATH_MAX];    /* at: where the pages are put */
};

/* Anything but EXIT_OK: it has said why, and nothing was made. */
enum exit_status folder_begin(struct session *s, const char *name, struct folder *ret);
enum exit_status folder_put(struct folder *f, const char *file, struct bytes content);
/* `st` is how it went: on anything but EXIT_OK a new folder goes again. */
enum exit_status folder_end(struct folder *f, enum exit_status st);

#endif
