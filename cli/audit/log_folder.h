/* cli/audit/log_folder.h - a folder that holds one log as tiles, for other people's tools (protocol/tile.h).
 *
 *      DIR/checkpoint          the signed head, put last: so what it covers is there
 *      DIR/tile/...
 *      DIR/.unfinished         the origin, while there is no checkpoint yet
 *
 * A tile never changes once it is full, so one that stands there with the right bytes is left alone: what was broken off
 * is taken up, and what has grown is added. Nothing of anybody else's is written over: the folder is new, or empty, or is
 * this log's by its checkpoint or its mark. */
#ifndef FOLKMOOT_CLI_AUDIT_LOG_FOLDER_H
#define FOLKMOOT_CLI_AUDIT_LOG_FOLDER_H

#include "cli/session.h"
#include "keys/file.h"
#include "protocol/checkpoint.h"
#include "protocol/tile.h"

struct log_folder {
    struct session *s;
    char path[FILE_PATH_MAX], made[FILE_PATH_MAX];
    struct checkpoint had;                  /* what stood there; size 0 for none. Its signatures were not looked at */
    bool is_marked;
    uint64_t n_files, n_written, n_mended;  /* mended: stood there with other bytes */
};

/* Look at the folder and make it ready, or refuse with nothing changed; it has said why. */
enum exit_status log_folder_begin(struct session *s, const char *name, const struct origin *o, struct log_folder *ret);
/* A tile; with `arg` the struct log_folder, it is what struct tiler calls. */
MUST_USE enum err log_folder_put(void *arg, const struct tile *tile, struct bytes content);
/* All tiles are there: make them durable, then the checkpoint. */
MUST_USE enum err log_folder_end(struct log_folder *f, struct bytes checkpoint);
/* What `e`, from one of these or from the work between, means for the user. */
enum exit_status log_folder_failed(const struct log_folder *f, enum err e);

#endif
