/* cli/thread/export.h - every post that can be read here, for other programs. */
#ifndef FOLKMOOT_CLI_THREAD_EXPORT_H
#define FOLKMOOT_CLI_THREAD_EXPORT_H

#include "cli/desk.h"

/* As CSV, or as the document folkmoot.export/1 with a list `posts`; to `path`, NULL: stdout. What is withdrawn is not among
 * them; whether a post counts is said. Anything but EXIT_OK: it has said why. */
enum exit_status posts_export(struct desk *d, bool is_json, const char *path);

#endif
