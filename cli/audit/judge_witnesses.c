/* cli/audit/judge_witnesses.c - who stands behind a state: a list that only grows from the newest state down. */
#include "cli/audit/judge_inside.h"

#include <stdlib.h>
#include <string.h>

size_t judge_head_of(const struct judgement *j, const struct judged_log *l, uint64_t idx)
{
    size_t low = 0, high = l->n_heads;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (l->heads[mid].size <= idx)
            low = mid + 1;
        else
            high = mid;
    }
    /* a policy knows the newest key, perhaps, and all lead to the last */
    return j->trust.policy != NULL && low < l->n_heads ? l->heads[low].signed_from : low;
}

/* What is not asked for is not counted: a file may have many states, and each has the witnesses of all above it. */
static void mark_asked(struct judgement *j)
{
    for (size_t i = 0; i < j->n_logs; i++) {
        struct judged_log *l = &j->logs[i];
        for (size_t h = l->n_heads; h-- > 0;)
            l->heads[h].signed_from = l->heads[h].is_signed ? h : h + 1 < l->n_heads ? l->heads[h + 1].signed_from : l->n_heads;
        if (l->n_heads > 0)
            l->heads[l->n_heads - 1].is_asked = true;
    }
    for (size_t i = 0; i < j->n_records; i++) {
        struct judged_log *l = &j->logs[j->records[i].log];
        size_t h = judge_head_of(j, l, j->records[i].idx);
        if (h < l->n_heads)
            l->heads[h].is_asked = true;
    }
}

/* ---- from the newest down ---- */

enum { PLACES_MAX = MEMBERS_MAX };
static_assert((int)POLICY_WITNESSES_MAX <= (int)PLACES_MAX, "a policy's witnesses have places too");

struct so_far {                             /* sorted by time; the earlier of one witness counts */
    size_t n;
    struct cosigner list[PLACES_MAX];
};

static void drop(struct so_far *all, size_t at)
{
    all->n--;
    memmove(&all->list[at], &all->list[at + 1], (all->n - at) * sizeof(all->list[0]));
}

static void take(struct so_far *all, const struct cosigner *c)
{
    size_t at = 0;
    while (at < all->n && all->list[at].place != c->place)
        at++;
    if (at < all->n && all->list[at].time_s <= c->time_s)
        return;
    if (at < all->n)
        drop(all, at);
    for (at = all->n; at > 0 && all->list[at - 1].time_s > c->time_s; at--)
        continue;
    memmove(&all->list[at + 1], &all->list[at], (all->n - at) * sizeof(all->list[0]));
    all->list[at] = *c;
    all->n++;
}

/* ---- are they enough ---- */

/* When a quorum of a set had cosigned; 0: it never had. */
static uint64_t quorum_time(const struct so_far *all, const struct witness_set *s, size_t author, bool *ret_others)
{
    uint32_t n = 0;
    bool others = false;
    for (size_t i = 0; i < all->n; i++) {
        size_t place = all->list[i].place;
        if ((s->places[place / 64] >> place % 64 & 1) == 0)
            continue;
        others = others || place != author;
        if (++n == s->quorum) {
            *ret_others = others;
            return all->list[i].time_s;
        }
    }
    return 0;
}

/* A quorum counts by the charter that the auditor pinned, or a later one; one of an older charter can only make the time
 * earlier. The author's own word alone is a quorum only where the newest charter has no other witness: the first charter
 * has but one, its founder. */
static void count_by_charter(const struct trust *t, const struct so_far *all, size_t author, uint32_t admitted, struct witnessed *w)
{
    for (size_t i = 0; i < t->n_sets; i++) {
        const struct witness_set *s = &t->sets[i];
        bool others = false, is_older = s->to < t->pinned;
        uint64_t at = s->to >= admitted ? quorum_time(all, s, author, &others) : 0;
        if (at == 0 || (!others && i > 0) || (is_older && !w->has_quorum) || (w->by_s != 0 && at >= w->by_s))
            continue;
        w->has_quorum = true;
        w->by_s = at;
        w->version = s->to;
        w->is_older = is_older;
        w->is_alone = !others;
    }
}

static void count_by_policy(const struct policy *p, const struct so_far *all, struct witnessed *w)
{
    uint64_t set = 0;
    if (p->quorum_is_none)
        w->has_quorum = true;
    for (size_t i = 0; i < all->n && !w->has_quorum; i++) {
        set |= (uint64_t)1 << all->list[i].place;
        w->has_quorum = policy_is_quorum(p, set);
        w->by_s = w->has_quorum ? all->list[i].time_s : 0;
    }
}

static enum err list_first(const struct so_far *all, struct witnessed *w)
{
    w->n = all->n;
    w->n_listed = all->n < COSIGNERS_LISTED_MAX ? all->n : COSIGNERS_LISTED_MAX;
    w->list = w->n_listed > 0 ? calloc(w->n_listed, sizeof(*w->list)) : NULL;
    if (w->n_listed > 0 && w->list == NULL)
        return ERR_NOMEM;
    if (w->n_listed > 0)
        memcpy(w->list, all->list, w->n_listed * sizeof(*w->list));
    return OK;
}

/* Whoever cosigned a later state holds all that lies below it: the later states lead back to this one. */
static enum err judge_log(const struct judgement *j, struct judged_log *l, struct so_far *all)
{
    const struct trust *t = &j->trust;
    uint32_t admitted = l->is_ours ? trust_admitted(t, &l->origin.slug) : 0;
    size_t author = l->member != NULL ? (size_t)(l->member - t->now->members) : SIZE_MAX;
    enum err e = OK;
    all->n = 0;
    for (size_t i = l->n_heads; i-- > 0 && e == OK;) {
        struct head *h = &l->heads[i];
        if (i + 1 < l->n_heads && !l->heads[i + 1].is_linked)
            all->n = 0;
        for (size_t k = 0; h->is_signed && k < h->n_cosigners; k++)
            take(all, &h->cosigners[k]);
        if (!h->is_asked)
            continue;
        e = list_first(all, &h->witnessed);
        if (t->policy != NULL)
            count_by_policy(t->policy, all, &h->witnessed);
        else if (t->kind == TRUST_CHARTER)
            count_by_charter(t, all, author, admitted, &h->witnessed);
    }
    return e;
}

enum err judge_witnesses(struct judgement *j)
{
    struct so_far *all = malloc(sizeof(*all));
    enum err e = all != NULL ? OK : ERR_NOMEM;
    if (e == OK)
        mark_asked(j);
    for (size_t i = 0; i < j->n_logs && e == OK; i++)
        e = judge_log(j, &j->logs[i], all);
    free(all);
    return e;
}
