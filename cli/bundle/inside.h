/* cli/bundle/inside.h - a file being fed to an engine: for cli/bundle/read.c and take.c alone. */
#ifndef FOLKMOOT_CLI_BUNDLE_INSIDE_H
#define FOLKMOOT_CLI_BUNDLE_INSIDE_H

#include "cli/bundle/bundle.h"
#include "node/glue.h"
#include "node/self.h"
#include "protocol/evidence.h"

struct feed {
    struct desk *d;
    struct bundle_read *ret;
    struct self self;
    struct engine *engine;
    struct glue *glue;
    struct message *m;                      /* the frame at hand, taken apart */
    struct evidence *evidence;
    size_t at;                              /* which of ret->logs the frames are of; SIZE_MAX: none yet */
    link_id link;                           /* one a log, so that what one log ends does not end the others */
    uint64_t sent;                          /* what the engine said to it, and nobody hears */
    bool is_closed, is_conflict, has_charter;
    const char *why;                        /* what the engine had against the log at hand */
};

/* take.c */
struct event feed_event(const struct feed *f, enum event_kind kind);       /* now, from the link at hand */
void feed_stop(struct feed *f, enum bundle_end end);                       /* the file is not read any further */
/* One frame; when the engine took its memory *frame is NULL, else it stays with the caller. */
MUST_USE enum err feed_take(struct feed *f, uint8_t **frame, size_t len);
/* The last frame was given: commit, and settle what became of the log at hand. */
MUST_USE enum err feed_end(struct feed *f);

#endif
