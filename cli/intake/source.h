/* cli/intake/source.h - the bytes of one input file, as UTF-8 text. */
#ifndef FOLKMOOT_CLI_INTAKE_SOURCE_H
#define FOLKMOOT_CLI_INTAKE_SOURCE_H

#include <stdio.h>

#include "cli/intake/cells.h"
#include "protocol/crypto.h"

enum { INTAKE_FILE_MAX = 64 * 1024 * 1024 };

struct source {
    struct buf text;            /* UTF-8 without a byte order mark */
    struct hash sha256;         /* of the bytes as they stood in the file */
    uint64_t size;              /* of the same */
    bool was_cp1252;            /* they were no UTF-8 and were read as Windows-1252 */
    struct complaint what;      /* where it is no text (ERR_FORMAT) all that is set: "is a PDF, and no CSV" */
};

/* Read a file, or `in` where path is "-".
 *   ERR_LIMIT    larger than INTAKE_FILE_MAX
 *   ERR_CONFLICT it changed while it was read
 *   ERR_FORMAT   no text: it holds a NUL (UTF-16 does), or is a directory; ret->what says what it is
 *   ERR_UNKNOWN  no such file;  ERR_DENIED, ERR_IO, ERR_NOMEM
 * On OK the caller releases it. */
MUST_USE enum err source_read(const char *path, FILE *in, struct source *ret);
/* The same from bytes that are already here. */
MUST_USE enum err source_from(struct bytes raw, struct source *ret);
void source_release(struct source *s);

#endif
