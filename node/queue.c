#include "node/queue.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct handover *handover_new(enum handover_kind kind, link_id link)
{
    struct handover *h = calloc(1, sizeof(*h));
    if (h == NULL)
        return NULL;
    h->kind = kind;
    h->link = link;
    return h;
}

struct handover *handover_copy(enum handover_kind kind, link_id link, struct bytes bytes)
{
    struct handover *h = handover_new(kind, link);
    if (h == NULL || bytes.len == 0)
        return h;
    h->p = malloc(bytes.len);
    if (h->p == NULL) {
        free(h);
        return NULL;
    }
    memcpy(h->p, bytes.p, bytes.len);
    h->len = bytes.len;
    return h;
}

void handover_free(struct handover *h)
{
    if (h == NULL)
        return;
    if (h->kind == HAND_KEYS && h->p != NULL)
        wipe(h->p, h->len);
    free(h->p);
    free(h);
}

enum err queue_init(struct queue *q, size_t limit)
{
    pthread_condattr_t attr;
    *q = (struct queue){.limit = limit};
    q->tail = &q->head;
    if (pthread_mutex_init(&q->mutex, NULL) != 0)
        return ERR_NOMEM;
    if (pthread_condattr_init(&attr) != 0)
        goto no_mutex;
    int failed = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    failed = failed != 0 ? failed : pthread_cond_init(&q->filled, &attr);
    (void)pthread_condattr_destroy(&attr);
    if (failed == 0)
        return OK;
no_mutex:
    (void)pthread_mutex_destroy(&q->mutex);
    return ERR_NOMEM;
}

void queue_release(struct queue *q)
{
    struct handover *h;
    while ((h = queue_pop(q)) != NULL)
        handover_free(h);
    (void)pthread_cond_destroy(&q->filled);
    (void)pthread_mutex_destroy(&q->mutex);
}

void queue_on_push(struct queue *q, void (*f)(void *arg), void *arg)
{
    q->on_push = f;
    q->push_arg = arg;
}

void queue_on_room(struct queue *q, void (*f)(void *arg), void *arg)
{
    q->on_room = f;
    q->room_arg = arg;
}

bool queue_push(struct queue *q, struct handover *h)
{
    h->next = NULL;
    (void)pthread_mutex_lock(&q->mutex);
    *q->tail = h;
    q->tail = &h->next;
    q->bytes += h->len;
    q->is_full = q->is_full || q->bytes >= q->limit;
    bool has_room = !q->is_full;
    (void)pthread_cond_signal(&q->filled);
    (void)pthread_mutex_unlock(&q->mutex);
    if (q->on_push != NULL)
        q->on_push(q->push_arg);
    return has_room;
}

bool queue_is_full(struct queue *q)
{
    (void)pthread_mutex_lock(&q->mutex);
    bool is_full = q->is_full;
    (void)pthread_mutex_unlock(&q->mutex);
    return is_full;
}

struct handover *queue_pop(struct queue *q)
{
    bool has_room_again = false;
    (void)pthread_mutex_lock(&q->mutex);
    struct handover *h = q->head;
    if (h != NULL) {
        q->head = h->next;
        if (q->head == NULL)
            q->tail = &q->head;
        h->next = NULL;
        q->bytes -= h->len;
        has_room_again = q->is_full && q->bytes <= q->limit / 2;
        if (has_room_again)
            q->is_full = false;
    }
    (void)pthread_mutex_unlock(&q->mutex);
    if (has_room_again && q->on_room != NULL)
        q->on_room(q->room_arg);
    return h;
}

void queue_wait(struct queue *q, uint64_t until_ms)
{
    struct timespec t = {.tv_sec = (time_t)(until_ms / 1000), .tv_nsec = (long)(until_ms % 1000) * 1000000};
    int timed_out = 0;
    (void)pthread_mutex_lock(&q->mutex);
    while (q->head == NULL && !q->is_woken && timed_out == 0)
        timed_out = pthread_cond_timedwait(&q->filled, &q->mutex, &t);
    q->is_woken = false;
    (void)pthread_mutex_unlock(&q->mutex);
}

void queue_wake(struct queue *q)
{
    (void)pthread_mutex_lock(&q->mutex);
    q->is_woken = true;
    (void)pthread_cond_signal(&q->filled);
    (void)pthread_mutex_unlock(&q->mutex);
}

static uint64_t clock_ms(clockid_t which)
{
    struct timespec t = {0};
    (void)clock_gettime(which, &t);
    if (t.tv_sec < 0)                           /* before 1970: no time that a message could carry */
        return 0;
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

uint64_t clock_monotonic_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

uint64_t clock_wall_ms(void)
{
    return clock_ms(CLOCK_REALTIME);
}
