/* cli/output/json.h - one JSON document on stdout, jansson underneath.
 *
 * Members stay in the order in which they were set.  The json_* makers return
 * NULL when memory fails, and jansson's setters may leave such a member out: so output() asks json_lacks_memory
 * before it prints. */
#ifndef FOLKMOOT_CLI_OUTPUT_JSON_H
#define FOLKMOOT_CLI_OUTPUT_JSON_H

#include <jansson.h>

#include "cli/session.h"
#include "protocol/bytes.h"

/* Take note of every allocation for JSON that fails, from now on; has one failed since? */
void json_watch_memory(void);
bool json_lacks_memory(void);
/* What was to go into the document found no memory: it counts as such a failure. */
void json_note_lack(void);

/* {"schema": "folkmoot.COMMAND/1"}: COMMAND is the running command's name, its
 * words joined by '-'. The caller owns it. */
json_t *json_document(const struct session *s);
json_t *json_document_named(const char *command);

/* A string from bytes that may not be UTF-8; null from NULL. */
json_t *json_text(const char *s);
json_t *json_bytes(struct bytes in);
json_t *json_base64(struct bytes in);
json_t *json_hex(struct bytes in);
/* RFC 3339, UTC, to the second: "2025-01-31T09:30:00Z". */
enum { TIME_TEXT_MAX = 32 };
void time_text(uint64_t ms, char ret[TIME_TEXT_MAX]);
json_t *json_time(uint64_t ms);

/* Print it and a line's end. Inside strings what must not reach a terminal is
 * escaped (\u009b), so the document's meaning is unchanged. NULL says "out of memory".
 * ERR_IO when the stream fails. Sets s->printed. Does not take `doc`. */
enum err json_print(struct session *s, const json_t *doc);

#endif
