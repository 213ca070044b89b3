/* cli/publish/gate_sums.c - which cells add up to which (gate_inside.h). */
#include "cli/publish/gate_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A cell is a part of the sum of `whole`: its own breakdown without one key, or the year of a quarter. */
struct part {
    struct gate_item *item;
    char whole[BREAKDOWN_MAX + 1], key[BREAKDOWN_MAX + 1];
    const char *identifier;             /* of the whole */
};

struct finding {
    size_t n_items;
    struct gate_item **order;           /* items by figure, to look a whole up */
    struct part *parts;
    size_t n_parts, cap;
};

int gate_figure_order(const struct figure *a, const struct figure *b)
{
    int order = strcmp(a->indicator, b->indicator);
    order = order != 0 ? order : strcmp(a->period, b->period);
    order = order != 0 ? order : strcmp(a->time_identifier, b->time_identifier);
    return order != 0 ? order : strcmp(a->breakdown, b->breakdown);
}

static int item_order(const void *a, const void *b)
{
    return gate_figure_order((*(struct gate_item *const *)a)->figure, (*(struct gate_item *const *)b)->figure);
}

static int same_sum(const struct part *a, const struct part *b)
{
    const struct figure *f = a->item->figure, *g = b->item->figure;
    int order = strcmp(f->indicator, g->indicator);
    order = order != 0 ? order : strcmp(f->period, g->period);
    order = order != 0 ? order : strcmp(a->identifier, b->identifier);
    order = order != 0 ? order : strcmp(a->whole, b->whole);
    return order != 0 ? order : strcmp(a->key, b->key);
}

static int part_order(const void *a, const void *b)
{
    const struct part *p = a, *q = b;
    int order = same_sum(p, q);
    return order != 0 ? order : p->item < q->item ? -1 : p->item > q->item;
}

static enum err add_part(struct finding *s, const struct part *p)
{
    if (s->n_parts == s->cap) {
        size_t cap = s->cap > 0 ? s->cap * 2 : 64;
        struct part *parts = realloc(s->parts, cap * sizeof(*parts));
        if (parts == NULL)
            return ERR_NOMEM;
        s->parts = parts;
        s->cap = cap;
    }
    s->parts[s->n_parts++] = *p;
    return OK;
}

void gate_without(const char *breakdown, size_t from, size_t len, char *ret)
{
    size_t all = strlen(breakdown), end = from + len;
    if (breakdown[end] == ';')
        end++;
    else if (from > 0)
        from--;
    memcpy(ret, breakdown, from);
    memcpy(ret + from, breakdown + end, all - end + 1);
}

bool gate_is_quarter(const struct figure *f, const struct definition *d)
{
    return strncmp(f->time_identifier, "Financial year Q", 16) == 0 && strncmp(d->basis, "snapshot", 8) != 0;
}

static enum err add_parts_of(struct finding *s, struct gate_item *at)
{
    const struct figure *f = at->figure;
    enum err e = OK;
    if (!at->definition->counts_people)
        return OK;
    for (size_t from = 0; e == OK && f->breakdown[from] != '\0';) {
        struct part p = {.item = at, .identifier = f->time_identifier};
        size_t len = strcspn(f->breakdown + from, ";"), key = strcspn(f->breakdown + from, "=");
        gate_without(f->breakdown, from, len, p.whole);
        memcpy(p.key, f->breakdown + from, key < len ? key : len);
        e = add_part(s, &p);
        from += len;
        from += f->breakdown[from] == ';';
    }
    if (e == OK && gate_is_quarter(f, at->definition)) {
        struct part p = {.item = at, .identifier = "Financial year", .key = "Q"};
        memcpy(p.whole, f->breakdown, sizeof(p.whole));
        e = add_part(s, &p);
    }
    return e;
}

static struct gate_item *find_whole(const struct finding *s, const struct part *p)
{
    struct figure want = *p->item->figure;
    snprintf(want.time_identifier, sizeof(want.time_identifier), "%s", p->identifier);
    memcpy(want.breakdown, p->whole, sizeof(want.breakdown));
    for (size_t low = 0, high = s->n_items; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = gate_figure_order(s->order[middle]->figure, &want);
        if (order == 0)
            return s->order[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Each run of parts that have their whole becomes a sum. */
static void make_sums(const struct finding *f, const struct gate_item *items, struct gate_sums *ret)
{
    size_t n_parts = 0;
    for (size_t from = 0, to; from < f->n_parts; from = to) {
        for (to = from + 1; to < f->n_parts && same_sum(&f->parts[from], &f->parts[to]) == 0;)
            to++;
        const struct gate_item *whole = find_whole(f, &f->parts[from]);
        if (whole == NULL)
            continue;
        struct gate_sum *s = &ret->sums[ret->n++];
        *s = (struct gate_sum){.whole = (size_t)(whole - items), .first = n_parts, .n = to - from};
        for (size_t i = from; i < to; i++)
            ret->parts[n_parts++] = (size_t)(f->parts[i].item - items);
    }
}

static void each_member(struct gate_sums *s, size_t sum, void (*put)(struct gate_sums *s, size_t item, size_t sum))
{
    put(s, s->sums[sum].whole, sum);
    for (size_t i = 0; i < s->sums[sum].n; i++)
        put(s, s->parts[s->sums[sum].first + i], sum);
}

static void count_member(struct gate_sums *s, size_t item, size_t sum)
{
    (void)sum;
    s->first[item + 2]++;
}

static void put_member(struct gate_sums *s, size_t item, size_t sum)
{
    s->member_of[s->first[item + 1]++] = sum;
}

static void make_index(struct gate_sums *s, size_t n)
{
    for (size_t i = 0; i < s->n; i++)
        each_member(s, i, count_member);
    for (size_t i = 2; i < n + 2; i++)
        s->first[i] += s->first[i - 1];
    for (size_t i = 0; i < s->n; i++)
        each_member(s, i, put_member);
}

static void add_shares(struct gate_sums *s, const struct gate_share *shares, size_t n)
{
    size_t at = s->n > 0 ? s->sums[s->n - 1].first + s->sums[s->n - 1].n : 0;
    s->n_plain = s->n;
    for (size_t i = 0; i < n; i++) {
        s->parts[at] = shares[i].part;
        s->parts[at + 1] = shares[i].rest;
        s->sums[s->n++] = (struct gate_sum){.whole = shares[i].whole, .first = at, .n = 2};
        at += 2;
    }
}

enum err gate_sums_find(struct gate_item *items, size_t n, const struct gate_share *shares, size_t n_shares, struct gate_sums *ret)
{
    struct finding f = {.n_items = n, .order = calloc(n + 1, sizeof(*f.order))};
    *ret = (struct gate_sums){.n = 0};
    enum err e = f.order != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < n; i++) {
        f.order[i] = &items[i];
        e = add_parts_of(&f, &items[i]);
    }
    if (e == OK) {
        ret->sums = calloc(f.n_parts + n_shares + 1, sizeof(*ret->sums));
        ret->parts = calloc(f.n_parts + 2 * n_shares + 1, sizeof(*ret->parts));
        ret->member_of = calloc(2 * f.n_parts + 3 * n_shares + 1, sizeof(*ret->member_of));
        ret->first = calloc(n + 2, sizeof(*ret->first));
        e = ret->sums != NULL && ret->parts != NULL && ret->member_of != NULL && ret->first != NULL ? OK : ERR_NOMEM;
    }
    if (e == OK && f.n_parts > 0) {
        qsort(f.order, n, sizeof(*f.order), item_order);
        qsort(f.parts, f.n_parts, sizeof(*f.parts), part_order);
        make_sums(&f, items, ret);
    }
    if (e == OK) {
        add_shares(ret, shares, n_shares);
        make_index(ret, n);
    }
    free(f.order);
    free(f.parts);
    return e;
}

void gate_sums_release(struct gate_sums *s)
{
    free(s->sums);
    free(s->parts);
    free(s->member_of);
    free(s->first);
    *s = (struct gate_sums){.n = 0};
}
