#include "cli/thread/activity.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 24 * 3600 * 1000 };

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

enum err activity_days(const struct threads *t, const struct slug *slug, uint64_t since_ms, double *ret, size_t *ret_n)
{
    double *days = calloc(t->n + 1, sizeof(*days));
    size_t n = 0;
    *ret_n = 0;
    if (days == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < t->n; i++) {
        const struct thread *th = &t->list[i];
        const struct said *root = &t->posts[th->root];
        if (th->matter == MATTER_CHALLENGE && th->is_over && root->said_ms > since_ms &&
            (slug == NULL || strcmp(root->post.owner, slug->s) == 0))
            days[n++] = (double)thread_took_ms(t, th) / DAY_MS;
    }
    qsort(days, n, sizeof(*days), by_size);
    if (n > 0)
        *ret = n % 2 == 1 ? days[n / 2] : (days[n / 2 - 1] + days[n / 2]) / 2;
    *ret_n = n;
    free(days);
    return OK;
}

static void count_challenge(struct activity *a, const struct said *root, const struct thread *th)
{
    bool is_asked = strcmp(root->post.owner, a->slug.s) == 0;
    a->challenges += slug_equal(&root->slug, &a->slug);
    a->challenged += is_asked;
    a->answered += is_asked && th->is_over;
    a->late += is_asked && th->is_late;
    a->overdue += is_asked && th->is_overdue;
}

/* Did it say that, and does it count? Once a matter, however often it is said. */
static bool says(const struct threads *t, const struct thread *th, const struct slug *slug, enum saying_id what)
{
    for (size_t i = th->root; i != NO_POST; i = t->posts[i].next)
        if (t->posts[i].counts && t->posts[i].saying->id == what && slug_equal(&t->posts[i].slug, slug))
            return true;
    return false;
}

static bool is_taken(const struct threads *t, const struct thread *th)
{
    for (size_t i = t->posts[th->root].next; i != NO_POST; i = t->posts[i].next)
        if (t->posts[i].counts && (t->posts[i].saying->id == SAY_NEED_TAKE || t->posts[i].saying->id == SAY_OFFER_TAKE))
            return true;
    return false;
}

static void count(struct activity *a, const struct threads *t, const struct thread *th)
{
    const struct said *root = &t->posts[th->root];
    bool is_own = slug_equal(&root->slug, &a->slug);
    switch (th->matter) {
    case MATTER_CHALLENGE:
        count_challenge(a, root, th);
        break;
    case MATTER_NEED:
        a->needs += is_own;
        a->needs_met += is_own && is_taken(t, th);
        a->gave += says(t, th, &a->slug, SAY_NEED_TAKE);
        break;
    case MATTER_OFFER:
        a->offers += is_own;
        a->offers_used += is_own && is_taken(t, th);
        a->took += says(t, th, &a->slug, SAY_OFFER_TAKE);
        break;
    case MATTER_REVIEW:
        a->reviews += is_own;
        a->reports += says(t, th, &a->slug, SAY_REPORT);
        break;
    case MATTER_ACTION:
        a->actions += is_own;
        a->done += is_own && th->is_over;
        break;
    case MATTER_PRACTICE:
        a->practices += is_own;
        a->uses += says(t, th, &a->slug, SAY_USED);
        break;
    case MATTER_PRIORITY:
    case MATTER_COUNT:
        break;
    }
}

enum err activity_of(const struct threads *t, const struct slug *slug, uint64_t since_ms, struct activity *ret)
{
    size_t n = 0;
    *ret = (struct activity){.slug = *slug};
    for (size_t i = 0; i < t->n; i++)
        if (t->posts[t->list[i].root].said_ms > since_ms)
            count(ret, t, &t->list[i]);
    enum err e = activity_days(t, slug, since_ms, &ret->days, &n);
    ret->has_days = n > 0;
    return e;
}
