#include "cli/thread/offers.h"

#include <stdlib.h>
#include <strings.h>

static bool is_open(const struct thread *th, enum matter m)
{
    return th->matter == m && th->stands->rank == 0 && !th->is_overdue;
}

const struct said *offers_find(const struct threads *t, enum matter m, const struct slug *by, const char *about)
{
    for (size_t i = t->n; i-- > 0;) {
        const struct said *root = &t->posts[t->list[i].root];
        if (is_open(&t->list[i], m) && slug_equal(&root->slug, by) && strcasecmp(root->post.about, about) == 0)
            return root;
    }
    return NULL;
}

/* Offers by what they are about; of one subject in order of time, as the matters stand. */
struct offered { const struct said *said; size_t at; };

static int by_subject(const void *a, const void *b)
{
    const struct offered *x = a, *y = b;
    int order = strcasecmp(x->said->post.about, y->said->post.about);
    return order != 0 ? order : x->at < y->at ? -1 : x->at > y->at;
}

/* The first offer about it; n where there is none. */
static size_t first_about(const struct offered *list, size_t n, const char *about)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcasecmp(list[mid].said->post.about, about) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void meet_one(const struct offered *list, size_t n, const struct said *need, const struct slug *of, offers_each each,
                     void *arg)
{
    size_t told = 0;
    for (size_t i = first_about(list, n, need->post.about); i < n && told < OFFERS_A_NEED; i++) {
        const struct said *offer = list[i].said;
        if (strcasecmp(offer->post.about, need->post.about) != 0)
            return;
        if (slug_equal(&need->slug, &offer->slug) || (of != NULL && !slug_equal(of, &need->slug) && !slug_equal(of, &offer->slug)))
            continue;
        each(arg, need, offer);
        told++;
    }
}

enum err offers_meet(const struct threads *t, const struct slug *of, offers_each each, void *arg)
{
    struct offered *list = calloc(t->n + 1, sizeof(*list));
    size_t n = 0;
    if (list == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < t->n; i++)
        if (is_open(&t->list[i], MATTER_OFFER))
            list[n++] = (struct offered){&t->posts[t->list[i].root], i};
    qsort(list, n, sizeof(*list), by_subject);
    for (size_t i = 0; i < t->n; i++)
        if (is_open(&t->list[i], MATTER_NEED))
            meet_one(list, n, &t->posts[t->list[i].root], of, each, arg);
    free(list);
    return OK;
}
