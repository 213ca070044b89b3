/* node/glue.h - joins the engine to the store: what is held becomes events, effects
 * become rows, what became of them goes back.
 *
 * No network: effects for the network go to a callback. folkmootd and `bundle import` drive the same code.
 *
 * Storage effects gather until glue_flush or glue_commit, then become durable in one transaction, and only
 * then is the engine told: so many small extensions cost one fsync, and nothing is announced
 * before it is on disk.  A group that fails is done again, one effect a transaction, so that one
 * conflict does not lose the others.
 *
 * One thread calls. With `reads` given, commits run on a thread of the glue's own while the engine goes on with what comes
 * next: one group is under way, the next gathers. Until it is over, `store` is that thread's. */
#ifndef FOLKMOOT_NODE_GLUE_H
#define FOLKMOOT_NODE_GLUE_H

#include "node/engine/engine.h"
#include "node/store/store.h"

enum {
    GLUE_ROWS = 4000,                       /* entries appended in a transaction, and then it is time to commit */
    GLUE_BYTES = 8 * 1024 * 1024,
    GLUE_LAZY_MS = 50                       /* what nobody waits for (status of peers) may wait this long */
};

struct glue_config {
    struct engine *engine;                  /* borrowed, as is the store */
    struct store *store;
    struct store *reads;                    /* a second connection; NULL: who flushes waits for the disk */
    void (*on_stored)(void *arg);           /* from the glue's thread: a commit is over, glue_commit has its answers */
    struct alliance_id alliance;
    /* FX_DIAL, FX_SEND, FX_CLOSE. It may take fx->data (and leave buf_on). ERR_NOMEM stops the node. */
    enum err (*network)(void *arg, struct effect *fx);
    void (*report)(void *arg, enum report_level level, struct bytes line);
    void *arg;
};

struct glue;

/* ERR_NOMEM. `c` is copied. */
MUST_USE enum err glue_new(const struct glue_config *c, struct glue **ret);
void glue_free(struct glue *g);             /* waits for a commit under way; what was not flushed is lost, as by a power cut */

/* All functions below:
 *   ERR_NOMEM    the engine is not to be used any more
 *   ERR_CORRUPT  the store is damaged: close it, open it again (which mends it), and begin with a new engine
 *   others       the store could not be read
 * A store that cannot be written is no error here: the engine hears of it (EV_STORE_FAILED). */

/* Tell the engine all that the store holds. EV_START is the caller's to give, when it wants dials. */
MUST_USE enum err glue_load(struct glue *g, uint64_t now_ms, uint64_t wall_ms);

/* Give the engine one event of the world, and what that sets off but for commits. */
MUST_USE enum err glue_event(struct glue *g, struct event *ev);

/* Make durable what has gathered, and answer, until nothing is owed. `store` is the caller's to use afterwards. */
MUST_USE enum err glue_flush(struct glue *g);
/* Go on with it without waiting for the disk: answers a commit that is over, and lets the next one begin. Only when
 * glue_is_full does it wait for the one under way. Without `reads`: glue_flush. */
MUST_USE enum err glue_commit(struct glue *g);

/* Why the store could not be written the last time that it could not; OK when it always could. */
enum err glue_failure(const struct glue *g);

/* Enough has gathered: flush, or commit, before the next event. */
bool glue_is_full(const struct glue *g);
/* Something waits for a commit, and none is under way. */
bool glue_is_waiting(const struct glue *g);
/* A commit is under way, or its answers are: `store` is lent. */
bool glue_is_writing(const struct glue *g);
/* glue_commit would do something at once: begin, or answer. */
bool glue_is_due(const struct glue *g);
/* The monotonic time by which a commit is due for what may wait; UINT64_MAX when nothing does, or one is under way. */
uint64_t glue_lazy_ms(const struct glue *g);

/* When the engine wants EV_TICK; UINT64_MAX: never. Giving it is told by glue_event. */
uint64_t glue_timer_ms(const struct glue *g);

/* Another process may have written: when it has, tell the engine what is new and hand it what is asked.
 * *ret_changed (may be NULL) says whether anything was written. */
MUST_USE enum err glue_reread(struct glue *g, uint64_t now_ms, uint64_t wall_ms, bool *ret_changed);

#endif
