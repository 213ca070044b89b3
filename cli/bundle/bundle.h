/* cli/bundle/bundle.h - logs as a file: the frames that a node would send, one behind the other.
 *
 *      CHARTER ...         every standing charter from version 1 on, and the members' identities
 *      HAVE                what follows: each log, its size and root
 *      of each log:        ENTRIES, from entry 0 on, and behind each span that ends at a checkpoint
 *                          COSIG ..., those held over it;  at the end EVIDENCE, when it is frozen
 *
 * Each is u32be length || body, exactly as on the wire (docs/protocol.md), payloads as ciphertext.  So the reader
 * is a node's engine with a file for a peer: it believes nothing that it would not believe a peer, and what it
 * took is whole verified spans, whatever becomes of the rest. */
#ifndef FOLKMOOT_CLI_BUNDLE_BUNDLE_H
#define FOLKMOOT_CLI_BUNDLE_BUNDLE_H

#include "cli/desk.h"
#include "keys/file.h"

/* ---- writing ---- */

struct bundle_wants {
    size_t n;                               /* 0: every log */
    const struct slug *slugs;
    const struct slug *receiver;            /* NULL, or whose own log comes first */
};
struct bundle_written {
    uint64_t n_logs, entries, bytes;
};
/* Everything that is held whole of the logs wanted goes into `x`, a frame at a time; the caller begins and ends it.
 * `progress` (may be NULL) is told the entries written. The store's errors and the file's. */
MUST_USE enum err bundle_write(struct desk *d, const struct bundle_wants *wants, struct file_export *x,
                               void (*progress)(void *arg, uint64_t entries), void *arg, struct bundle_written *ret);

/* ---- reading ---- */

#define BUNDLE_ENDS(X)                                                                          \
    X(BUNDLE_WHOLE,     "whole",            "it was read to its end")                           \
    X(BUNDLE_FOREIGN,   "foreign-alliance", "it is another alliance's")                         \
    X(BUNDLE_NONE,      "not-a-bundle",     "it is no bundle")                                  \
    X(BUNDLE_TRUNCATED, "truncated",        "it ends in the middle")                            \
    X(BUNDLE_DAMAGED,   "damaged",          "its bytes are damaged")                            \
    X(BUNDLE_CHARTER,   "bad-charter",      "its charters do not hold, or do not lead to ours")
enum bundle_end {
#define X(sym, code, text) sym,
    BUNDLE_ENDS(X)
#undef X
};
const char *bundle_end_code(enum bundle_end end);
const char *bundle_end_text(enum bundle_end end);

struct bundle_log {                         /* what became of one log */
    struct log_ref log;
    uint64_t offered;                       /* entries that the file says it has of it ... */
    uint64_t seen;                          /* ... and those that stood in it */
    uint64_t before, after;                 /* verified here */
    const char *refused;                    /* a stable code; NULL: nothing of it was refused */
};
struct bundle_read {
    enum bundle_end end;
    uint32_t charter_before, charter_after;
    size_t n_logs, cap_logs;
    struct bundle_log *logs;                /* in the file's order; free them by bundle_read_release */
};

/* Feed a file, a frame at a time, to an engine of its own, committing as it goes; another process may write to
 * the store meanwhile. OK also when the file is bad: ret->end and the logs say what came of it.
 * `d` is open for writing. ERR_IO reading it; the store's errors. */
MUST_USE enum err bundle_read(struct desk *d, FILE *in, void (*progress)(void *arg, uint64_t bytes), void *arg,
                              struct bundle_read *ret);
void bundle_read_release(struct bundle_read *r);

#endif
