/* node/glue_inside.h - shared by glue.c (events and effects), glue_store.c (transactions)
 * and glue_load.c (what is held). */
#ifndef FOLKMOOT_NODE_GLUE_INSIDE_H
#define FOLKMOOT_NODE_GLUE_INSIDE_H

#include "node/glue.h"
#include "node/writer.h"

/* A storage effect that waits for its transaction, and what became of it. */
struct waiting {
    struct effect fx;                       /* its data is ours; .append borrows from the engine */
    enum err result;
    uint64_t whole;                         /* FX_FILL, FX_RAISE_WHOLE: what is held whole now */
    uint64_t came_ms;                       /* wall time: the glue's own clock is not the writer's to read */
};

/* What one transaction makes durable. */
struct group { struct waiting *list; size_t n; };

/* An answer to a read, on its way to the engine. */
struct answer {
    struct event ev;                        /* .frame is ours until the engine takes it */
    struct proof proof;
    struct answer *next;
};

/* What was last told of a list that another process may change. */
enum told { TOLD_CHARTERS, TOLD_IDENTITIES, TOLD_EVIDENCE, TOLD_INVITES, TOLD_REQUESTS, TOLD_COUNT };

struct glue {
    struct glue_config c;
    struct effects fx;
    struct answer *answers, **last_answer;
    size_t n_waiting, cap_waiting, n_tickets;   /* of those that wait, how many somebody waits for */
    struct waiting *waiting;
    size_t rows, bytes;                     /* what they would append */
    struct writer *writer;                  /* NULL: we write ourselves */
    struct group group;                     /* being written, or written and not answered; the writer's while it is busy */
    bool is_writing;                        /* there is such a group */
    uint64_t lazy_ms;                       /* since when the oldest without a ticket waits */
    size_t n_retell, cap_retell;
    struct log_ref *retell;                 /* logs of which the engine must hear what is really stored */
    uint64_t now_ms, wall_ms, timer_ms;
    enum err failing;                       /* why the disk takes nothing at present; OK: it does */
    bool has_said;                          /* ... and people have been told */
    uint64_t said_ms;                       /* when they were last */
    uint64_t data_version;
    enum err failed;                        /* glue_failure */
    struct hash told[TOLD_COUNT];
    struct buf items, note;                 /* reused between reads */
};

struct origin glue_origin(const struct glue *g, const struct log_ref *ref);

/* Give the engine one event of our own making. Effects gather. */
MUST_USE enum err glue_step(struct glue *g, struct event *ev);
/* Do what has gathered: network and reads at once, storage into `waiting`. */
MUST_USE enum err glue_obey(struct glue *g);

/* glue_store.c: the connection to read by, also while a commit is under way. */
struct store *glue_reads(const struct glue *g);
/* The writer's work: `group`. */
void glue_write(void *arg);
/* glue_store.c: take a storage effect into `waiting` (its data goes along). */
MUST_USE enum err glue_wait(struct glue *g, struct effect *fx);
void glue_forget(struct glue *g);           /* empties `waiting` and `group` */

/* glue_load.c: what the store really holds of one log. */
MUST_USE enum err glue_tell_log(struct glue *g, const struct log_ref *ref);

/* ERR_NOMEM; room for one more in a list. */
MUST_USE enum err glue_room(void **list, size_t *cap, size_t n, size_t item);

#endif
