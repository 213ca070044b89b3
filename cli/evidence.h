/* cli/evidence.h - the evidence of two stories that this node holds, each with what convicts by it. */
#ifndef FOLKMOOT_CLI_EVIDENCE_H
#define FOLKMOOT_CLI_EVIDENCE_H

#include "cli/desk.h"
#include "protocol/conviction.h"

struct held_evidence {
    size_t number;                          /* 1, 2, ... as `evidence list` counts */
    struct log_ref log;
    struct bytes file;                      /* what `evidence export` writes; empty when it does not hold. Borrowed */
    enum err verdict;                       /* OK: it convicts; else why not, as conviction_read says */
    struct conviction what;                 /* only when it does */
    bool has_closing;                       /* the next generation is held here: it closes this one at */
    struct closing_said { uint64_t size; struct hash root; } closing;
};

/* Each piece in turn; stops at the first error and returns it. */
MUST_USE enum err evidence_each(struct desk *d, enum err (*each)(void *arg, const struct held_evidence *ev), void *arg);
/* That against our own log of this generation. ERR_UNKNOWN: there is none. ret->file is empty. */
MUST_USE enum err evidence_against(struct desk *d, const struct origin *o, struct held_evidence *ret);

/* The root that a store's copy of a log has at this size. ERR_UNKNOWN: it holds less. */
MUST_USE enum err log_root_at(struct store *s, const struct origin *o, uint64_t size, struct hash *ret);

#endif
