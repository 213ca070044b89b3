#include <stdlib.h>

#include "tests/sim/sim.h"

/* A heap, by time, then by number. */

static bool is_before(const struct happening *a, const struct happening *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->number < b->number;
}

static void swap(struct happening *a, struct happening *b)
{
    struct happening t = *a;
    *a = *b;
    *b = t;
}

void at(struct sim *s, struct happening h, uint64_t delay_ms)
{
    h.at_ms = s->now_ms + delay_ms;
    h.number = ++s->next_number;
    if (h.wire != NULL)
        h.wire->n_events++;
    if (s->n_queue == s->cap_queue) {
        s->cap_queue = s->cap_queue > 0 ? s->cap_queue * 2 : 1024;
        s->queue = realloc(s->queue, s->cap_queue * sizeof(s->queue[0]));
        must(s->queue != NULL);
    }
    size_t i = s->n_queue++;
    s->queue[i] = h;
    for (; i > 0 && is_before(&s->queue[i], &s->queue[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&s->queue[i], &s->queue[(i - 1) / 2]);
}

struct happening take_first(struct sim *s)
{
    struct happening h = s->queue[0];
    s->queue[0] = s->queue[--s->n_queue];
    for (size_t i = 0;;) {
        size_t least = i, left = 2 * i + 1;
        for (size_t k = left; k < left + 2 && k < s->n_queue; k++)
            if (is_before(&s->queue[k], &s->queue[least]))
                least = k;
        if (least == i)
            return h;
        swap(&s->queue[i], &s->queue[least]);
        i = least;
    }
}
