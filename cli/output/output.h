/* cli/output/output.h - the one way for a command to give its answer. */
#ifndef FOLKMOOT_CLI_OUTPUT_OUTPUT_H
#define FOLKMOOT_CLI_OUTPUT_OUTPUT_H

#include "cli/output/json.h"
#include "cli/output/sheet.h"
#include "cli/session.h"

/* Words for people: nothing with --json or --csv. Line ends are kept, control characters are not. */
__attribute__((format(printf, 2, 3)))
void out(struct session *s, const char *fmt, ...);
/* A whole text of others, however long; ends its last line. */
void out_text(struct session *s, struct bytes text);

/* The answer: `doc` with --json, `sheet` (or, when NULL, the plain members of
 * `doc`) with --csv, else `sheet` as a table. Takes `doc`; NULL means that memory
 * failed while it was made. Anything but EXIT_OK: it has said why. */
enum exit_status output(struct session *s, json_t *doc, const struct sheet *sheet);

/* Bytes to stdout, never to a terminal. */
enum exit_status output_binary(struct session *s, struct bytes in);

#endif
