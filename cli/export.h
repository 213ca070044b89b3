/* cli/export.h - writing a file that a command was asked for: whole or not at all, and over another one only with --yes.
 *
 *      struct export x;
 *      enum exit_status st = export_begin(s, file, &x);
 *      if (st == EXIT_OK)
 *          st = export_end(&x, export_put(&x, bytes)); */
#ifndef FOLKMOOT_CLI_EXPORT_H
#define FOLKMOOT_CLI_EXPORT_H

#include "cli/session.h"
#include "keys/file.h"

struct export {
    struct session *s;
    const char *name;
    bool is_stdout;                         /* the file was called "-": what else is said belongs on stderr */
    struct file_export file;
};

/* Anything but EXIT_OK: it has said why, and nothing was begun. */
enum exit_status export_begin(struct session *s, const char *name, struct export *ret);
MUST_USE enum err export_put(struct export *x, struct bytes more);
/* `e` is how the writing went: on anything but OK nothing stands there, and it says why. */
enum exit_status export_end(struct export *x, enum err e);

/* All at once. */
enum exit_status export_whole(struct session *s, const char *name, struct bytes content, bool *ret_is_stdout);

#endif
