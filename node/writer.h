/* node/writer.h - a thread that does one piece of work at a time while its owner goes on.
 *
 * What the work touches belongs to the thread from writer_start until writer_is_busy says no, or writer_wait has
 * returned; then to the owner again. The owner is one thread. */
#ifndef FOLKMOOT_NODE_WRITER_H
#define FOLKMOOT_NODE_WRITER_H

#include <stdbool.h>

#include "protocol/err.h"

struct writer;

struct writer_config {
    void (*work)(void *arg);                /* called by the thread */
    void (*done)(void *arg);                /* called by the thread, when `work` is over; NULL: nobody asks */
    void *arg;
};

/* ERR_NOMEM: no thread to be had, either. */
MUST_USE enum err writer_new(const struct writer_config *c, struct writer **ret);
/* Waits for the work under way. */
void writer_free(struct writer *w);

/* Not while it is busy. */
void writer_start(struct writer *w);
bool writer_is_busy(struct writer *w);
void writer_wait(struct writer *w);

#endif
