/* node/queue.h - what passes between the loop thread and the engine thread.
 *
 * Two queues, one each way. Whoever pushes gives the handover away; whoever pops it
 * frees it. Neither side ever waits for the other to make room: a queue only says that it is
 * full, and what that stops is its owner's affair (net/ stops reading from
 * sockets; the engine paces itself by EV_DRAINED). */
#ifndef FOLKMOOT_NODE_QUEUE_H
#define FOLKMOOT_NODE_QUEUE_H

#include <pthread.h>

#include "node/engine/engine.h"

#define HANDOVERS(X)                                                                        \
    /* to the engine */                                                                     \
    X(HAND_LINK_UP)     /* link, is_dialler, node */                                        \
    X(HAND_LINK_DOWN)   /* link; or with link 0 a dial to slug failed; err */               \
    X(HAND_FRAME)       /* link, p: a frame's body; or err: what came is no frame */                                       \
    X(HAND_DRAINED)     /* link, count */                                                   \
    X(HAND_BELL)        /* somebody wrote to the store */                                   \
    X(HAND_LEAVE)       /* say good-bye and answer HAND_LEFT */                             \
    /* to the network */                                                                    \
    X(HAND_DIAL)        /* slug, node, p: the address */                                    \
    X(HAND_SEND)        /* link, p: a frame's body */                                       \
    X(HAND_CLOSE)       /* link; 0: all of them */                                          \
    X(HAND_KEYS)        /* p: our node keys, newest first, HASH_LEN bytes each */           \
    X(HAND_LEFT)        /* the engine has ended: flush, close, return */
enum handover_kind {
#define X(sym) sym,
    HANDOVERS(X)
#undef X
    HAND_COUNT
};

struct handover {
    enum handover_kind kind;
    link_id link;
    bool is_dialler;
    struct dh_public node;
    struct slug slug;
    enum err err;
    uint64_t count;
    uint8_t *p;                             /* malloc'd and owned; NULL when there is nothing */
    size_t len;
    struct handover *next;                  /* for whoever holds it */
};

/* NULL when out of memory. */
struct handover *handover_new(enum handover_kind kind, link_id link);
/* As handover_new, with a copy of `bytes`. */
struct handover *handover_copy(enum handover_kind kind, link_id link, struct bytes bytes);
void handover_free(struct handover *h);     /* what HAND_KEYS held is wiped */

struct queue {                              /* private */
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    struct handover *head, **tail;
    size_t bytes, limit;
    bool is_full, is_woken;
    void (*on_push)(void *arg);
    void (*on_room)(void *arg);
    void *push_arg, *room_arg;
};

/* `limit` bytes of owned memory make it full; it is so until half of that is left. ERR_NOMEM. */
MUST_USE enum err queue_init(struct queue *q, size_t limit);
void queue_release(struct queue *q);        /* frees what is left in it */

/* Called by the thread that pushed, outside the lock; set before the second thread starts. */
void queue_on_push(struct queue *q, void (*f)(void *arg), void *arg);
/* Called by the thread that popped, when a full queue has room again. */
void queue_on_room(struct queue *q, void (*f)(void *arg), void *arg);

/* Takes `h`, always. False: it is full now, so stop bringing. */
bool queue_push(struct queue *q, struct handover *h);
bool queue_is_full(struct queue *q);
/* The oldest, or NULL when there is none. */
struct handover *queue_pop(struct queue *q);
/* Wait until there is something to pop, queue_wake was called, or the monotonic clock has reached `until_ms`. */
void queue_wait(struct queue *q, uint64_t until_ms);
/* Whoever waits, or will next, goes on. */
void queue_wake(struct queue *q);

/* Milliseconds of the clock that never goes back, and since 1970. */
uint64_t clock_monotonic_ms(void);
uint64_t clock_wall_ms(void);

#endif
