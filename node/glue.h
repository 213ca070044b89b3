/* node/glue.h - joins the engine to the store: what is held becomes events, effects
 * become rows, what became of them goes back.
 *
 * One thread, no network: effects for the network go to a callback. folkmootd and
 * `bundle import` drive the same code.
 *
 * Storage effects gather until glue_flush, then become durable in one transaction, and only
 * then is the engine told: so many small extensions cost one fsync, and nothing is announced
 * before it is on disk.  A group that fails is done again, one effect a transaction, so that one
 * conflict does not lose the others. */
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
    struct alliance_id alliance;
    /* FX_DIAL, FX_SEND, FX_CLOSE. It may take fx->data (and leave buf_on). ERR_NOMEM stops the node. */
    enum err (*network)(void *arg, struct effect *fx);
    void (*report)(void *arg, enum report_level level, struct bytes line);
    void *arg;
};

struct glue;

/* ERR_NOMEM. `c` is copied. */
MUST_USE enum err glue_new(const struct glue_config *c, struct glue **ret);
void glue_free(struct glue *g);             /* what was not flushed is lost, as by a power cut */

/* All functions below:
 *   ERR_NOMEM    the engine is not to be used any more
 *   ERR_CORRUPT  the store is damaged: close it, open it again (which mends it), and begin with a new engine
 *   others       the store could not be read
 * A store that cannot be written is no error here: the engine hears of it (EV_STORE_FAILED). */

/* Tell the engine all that the store holds. EV_START is the caller's to give, when it wants dials. */
MUST_USE enum err glue_load(struct glue *g, uint64_t now_ms, uint64_t wall_ms);

/* Give the engine one event of the world, and what that sets off but for commits. */
MUST_USE enum err glue_event(struct glue *g, struct event *ev);

/* Make durable what has gathered, and answer, until nothing is owed. */
MUST_USE enum err glue_flush(struct glue *g);

/* Why the store could not be written the last time that it could not; OK when it always could. */
enum err glue_failure(const struct glue *g);

/* Enough has gathered: flush before the next event. */
bool glue_is_full(const struct glue *g);
/* Something waits for a commit. */
bool glue_is_waiting(const struct glue *g);
/* The monotonic time by which a flush is due for what may wait; UINT64_MAX when nothing does. */
uint64_t glue_lazy_ms(const struct glue *g);

/* When the engine wants EV_TICK; UINT64_MAX: never. Giving it is told by glue_event. */
uint64_t glue_timer_ms(const struct glue *g);

/* Another process may have written: when it has, tell the engine what is new and hand it what is asked.
 * *ret_changed (may be NULL) says whether anything was written. */
MUST_USE enum err glue_reread(struct glue *g, uint64_t now_ms, uint64_t wall_ms, bool *ret_changed);

#endif
