/* node/net/net.h - the loop thread: sockets, secure channels, frames.  The only room with uv.h.
 *
 * It decides nothing about what is said: it turns sockets into links and frames for the
 * engine's queue, and does what comes back.  It never waits for the engine and never touches a disk.
 *
 *   engine's queue full       it stops reading from links until half of that is worked off
 *   a link's peer is slow     LINK_QUEUE_MAX of ours wait for it; past that the link is ended
 *   strangers                 HALF_OPEN_MAX, HALF_OPEN_PER_ADDRESS_MAX (loopback exempt), the oldest gives way;
 *                             HANDSHAKE_TIMEOUT_MS; not a byte before their first message opened under our key */
#ifndef FOLKMOOT_NODE_NET_NET_H
#define FOLKMOOT_NODE_NET_NET_H

#include "node/queue.h"
#include "protocol/channel.h"

struct net;

struct net_config {
    struct alliance_id alliance;
    size_t n_keys;
    struct dh_secret keys[CHANNEL_KEYS_MAX];    /* ours, newest first; wiped by net_free */
    const char *bell;                       /* a file to watch, or NULL: pushes HAND_BELL when it is written */
    bool handles_signals;                   /* SIGTERM, SIGINT, SIGHUP push HAND_LEAVE; a second one hangs up at once */
    struct queue *to_engine, *to_net;       /* borrowed; to_net's on_push and to_engine's on_room are taken */
};

/* ERR_NOMEM, ERR_IO. */
MUST_USE enum err net_new(const struct net_config *c, struct net **ret);

/* Listen at HOST:PORT (port 0: the system chooses) and say where, with the real port. Once, before net_run.
 *   ERR_FORMAT   no address;  ERR_UNKNOWN  the host has no address here
 *   ERR_BUSY     somebody listens there already;  ERR_DENIED  the port is not ours to take;  ERR_IO */
MUST_USE enum err net_listen(struct net *n, const char *address, char ret[ADDRESS_MAX + 1]);

/* Until HAND_LEFT has come, what was sent before it has left (or CLOSE_TIMEOUT_MS are over) and all links are
 * closed. */
void net_run(struct net *n);
void net_traffic(const struct net *n, uint64_t *ret_in, uint64_t *ret_out);    /* bytes read from and written to sockets */
void net_free(struct net *n);               /* after net_run, or instead of it */

const char *net_library_version(void);

enum { CLOSE_TIMEOUT_MS = 5000 };           /* what was sent has this long to leave when a link is closed */

#endif
