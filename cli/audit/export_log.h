/* cli/audit/export_log.h - one log into a folder of tiles, up to a checkpoint that holds. */
#ifndef FOLKMOOT_CLI_AUDIT_EXPORT_LOG_H
#define FOLKMOOT_CLI_AUDIT_EXPORT_LOG_H

#include "cli/audit/log_folder.h"
#include "cli/desk.h"

struct exported_log {
    struct checkpoint head;
    struct note_key key;                    /* the log's, in force at that size */
    size_t n_cosignatures;                  /* in the note */
    uint32_t n_witnesses, quorum;           /* witnesses of the standing charter behind it, and how many are enough */
    bool is_frozen;
    uint64_t n_files, n_written, n_mended;
};

/* The newest checkpoint of the newest generation held, of a former member's log at most its closing size; with
 * `witnessed` the newest that a quorum has cosigned. Its signature, and the root from the headers on this disk, are
 * checked before anything is written; so is that what DIR held before is the beginning of the same log.
 * Anything but EXIT_OK: it has said why. */
enum exit_status export_log(struct desk *d, const struct member *m, const char *dir, bool witnessed, struct exported_log *ret);

#endif
