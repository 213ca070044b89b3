/* node/worker_inside.h - shared by worker.c (the thread) and worker_open.c (store, engine and glue made, and what the
 * engine wants of the network). */
#ifndef FOLKMOOT_NODE_WORKER_INSIDE_H
#define FOLKMOOT_NODE_WORKER_INSIDE_H

#include "node/glue.h"
#include "node/say.h"
#include "node/self.h"
#include "node/worker.h"

enum { LINKS_KNOWN_MAX = 2 * LINKS_MAX };   /* old ones may still be closing */

struct worker {
    struct worker_config c;
    struct store *store, *reads;
    struct engine *engine;
    struct glue *glue;
    struct self self;
    size_t n_links;
    link_id links[LINKS_KNOWN_MAX];
    bool is_leaving, has_bell;
    uint64_t look_ms, active_ms, deadline_ms, rebuilt_ms;
    const char *rebuilt_why;                /* why it began anew last; "": it never had to */
    enum err lost;                          /* why it could not be opened again */
    uint64_t settle_ms;                     /* when node/alliance is to be brought up to date; UINT64_MAX: it is */
    enum err settled;                       /* what became of it last */
    bool expects_peers, has_reached;
    enum err result;
    struct handover *left;                  /* the last word, made first: the loop would wait for it for ever */
};

#define SAY(w, level, ...) say((w)->c.log_level, (level), __VA_ARGS__)

/* To the network. ERR_NOMEM, also when `h` is NULL. */
MUST_USE enum err worker_push(struct worker *w, struct handover *h);

/* Everything that begins anew when the store was mended or our identity changed. On failure: worker_close_all. */
MUST_USE enum err worker_open_all(struct worker *w, const char **ret_what);
void worker_close_all(struct worker *w);
/* Bring store and node/alliance to agree, at once; what cannot be written is said once, and tried again.
 *   ERR_NOMEM, ERR_CORRUPT   nothing else */
MUST_USE enum err worker_settle(struct worker *w);
/* Rows of peers as a process that was killed left them would show links that are none, and what these announced. */
MUST_USE enum err worker_calm_peers(struct store *s);

#endif
