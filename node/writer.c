#include "node/writer.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct writer {
    struct writer_config c;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool is_busy, is_ending;
};

static void *run(void *arg)
{
    struct writer *w = arg;
    (void)pthread_mutex_lock(&w->mutex);
    while (!w->is_ending) {
        if (!w->is_busy) {
            (void)pthread_cond_wait(&w->changed, &w->mutex);
            continue;
        }
        (void)pthread_mutex_unlock(&w->mutex);
        w->c.work(w->c.arg);
        (void)pthread_mutex_lock(&w->mutex);
        w->is_busy = false;
        (void)pthread_cond_broadcast(&w->changed);
        (void)pthread_mutex_unlock(&w->mutex);
        if (w->c.done != NULL)
            w->c.done(w->c.arg);
        (void)pthread_mutex_lock(&w->mutex);
    }
    (void)pthread_mutex_unlock(&w->mutex);
    return NULL;
}

/* Signals are for the thread that asked for them. */
static int start_thread(struct writer *w)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &before);
    int failed = pthread_create(&w->thread, NULL, run, w);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

enum err writer_new(const struct writer_config *c, struct writer **ret)
{
    struct writer *w = calloc(1, sizeof(*w));
    if (w == NULL)
        return ERR_NOMEM;
    w->c = *c;
    if (pthread_mutex_init(&w->mutex, NULL) != 0)
        goto no_mutex;
    if (pthread_cond_init(&w->changed, NULL) != 0)
        goto no_cond;
    if (start_thread(w) != 0)
        goto no_thread;
    *ret = w;
    return OK;
no_thread:
    (void)pthread_cond_destroy(&w->changed);
no_cond:
    (void)pthread_mutex_destroy(&w->mutex);
no_mutex:
    free(w);
    return ERR_NOMEM;
}

void writer_free(struct writer *w)
{
    if (w == NULL)
        return;
    writer_wait(w);
    (void)pthread_mutex_lock(&w->mutex);
    w->is_ending = true;
    (void)pthread_cond_broadcast(&w->changed);
    (void)pthread_mutex_unlock(&w->mutex);
    (void)pthread_join(w->thread, NULL);
    (void)pthread_cond_destroy(&w->changed);
    (void)pthread_mutex_destroy(&w->mutex);
    free(w);
}

void writer_start(struct writer *w)
{
    (void)pthread_mutex_lock(&w->mutex);
    assert(!w->is_busy);
    w->is_busy = true;
    (void)pthread_cond_broadcast(&w->changed);
    (void)pthread_mutex_unlock(&w->mutex);
}

bool writer_is_busy(struct writer *w)
{
    (void)pthread_mutex_lock(&w->mutex);
    bool is_busy = w->is_busy;
    (void)pthread_mutex_unlock(&w->mutex);
    return is_busy;
}

void writer_wait(struct writer *w)
{
    (void)pthread_mutex_lock(&w->mutex);
    while (w->is_busy)
        (void)pthread_cond_wait(&w->changed, &w->mutex);
    (void)pthread_mutex_unlock(&w->mutex);
}
