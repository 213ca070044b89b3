/* node/worker.h - the engine thread: engine, glue and store, between two queues.
 *
 * Takes handovers from the network, gives them to the engine as events, commits what gathers,
 * answers the bell, and each second looks whether another process has written. When the store turns out to be
 * damaged, or our own identity has changed, everything is closed, opened again and told anew. */
#ifndef FOLKMOOT_NODE_WORKER_H
#define FOLKMOOT_NODE_WORKER_H

#include "keys/home.h"
#include "node/config.h"
#include "node/queue.h"
#include "protocol/channel.h"

struct worker;

struct worker_config {
    const struct home *home;                /* borrowed, as are the queues */
    struct queue *in, *out;
    enum log_level log_level;
    bool is_once;                           /* leave when there is nothing left to do ... */
    uint64_t timeout_ms;                    /* ... or after this */
    const char *peer;                       /* dial nobody but this slug, or everybody at this host:port; NULL */
};

/* Open the store (mending it), and tell the engine all that it holds.
 *   ERR_UNKNOWN, ERR_SECRET, ERR_KEY...  see self_load, store_open; *ret_what (static) names what it was about */
MUST_USE enum err worker_new(const struct worker_config *c, struct worker **ret, const char **ret_what);
void worker_free(struct worker *w);

/* What the network must know. The keys are copies: wipe them. */
struct alliance_id worker_alliance(const struct worker *w);
size_t worker_keys(const struct worker *w, struct dh_secret ret[CHANNEL_KEYS_MAX]);

/* The thread: until HAND_LEAVE, or once there is nothing left to do. Its last handover is HAND_LEFT. */
void worker_run(struct worker *w);

/* After worker_run: OK, or why it had to end.
 *   ERR_DENIED  (once) peers were expected and none was reached */
enum err worker_result(const struct worker *w);

#endif
