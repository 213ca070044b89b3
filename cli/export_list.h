/* cli/export_list.h - the answer of `export --what ...`: a list of what members said, for other programs. */
#ifndef FOLKMOOT_CLI_EXPORT_LIST_H
#define FOLKMOOT_CLI_EXPORT_LIST_H

#include "cli/output/sheet.h"
#include "cli/session.h"

struct export_list {
    const char *key;                        /* "posts": the member in JSON, and what people call them */
    struct sheet *sheet;                    /* CSV's rows, taken */
    json_t *list;                           /* JSON's, taken; NULL: memory failed */
    bool is_json;
    const char *path;                       /* NULL: stdout */
};
/* As CSV, or as the document folkmoot.export/1 with the list under its key. Anything but EXIT_OK: it has said why. */
enum exit_status export_list(struct session *s, const struct export_list *what);

#endif
