#include "cli/publish/gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/period.h"

/* ---- one figure by itself ---- */

static bool is_small(struct decimal d)
{
    struct decimal zero = {0, 0}, above = {SMALL_COUNT_MAX + 1, 0};
    return decimal_compare(d, zero) > 0 && decimal_compare(d, above) < 0;
}

/* A value and its denominator say the numerator, to the value's rounding. */
static bool value_tells_small(const struct figure *f, const struct definition *d)
{
    if (!f->has_value || !f->has_denominator || f->has_numerator)
        return false;
    double count = decimal_double(f->value) * decimal_double(f->denominator) / (double)d->multiplier;
    return count >= 0.5 && count < SMALL_COUNT_MAX + 0.5;
}

static void hide_count(struct figure *f)
{
    f->has_numerator = f->has_value = false;
    f->numerator = f->value = (struct decimal){0, 0};
    f->status = STATUS_C;
}

/* What stands beside a hidden denominator must not tell it: of numerator and value only a zero stays. */
static void hide_denominator(struct figure *f)
{
    f->has_denominator = false;
    f->denominator = (struct decimal){0, 0};
    if (!f->has_value || f->value.mantissa == 0)
        return;
    f->has_value = false;
    f->value = (struct decimal){0, 0};
    if (!f->has_numerator)
        f->status = STATUS_C;
}

static void judge_alone(struct gate_item *i)
{
    struct figure *f = i->figure;
    if (i->is_fixed || !i->definition->counts_people)
        return;
    if ((f->has_numerator && is_small(f->numerator)) || value_tells_small(f, i->definition)) {
        hide_count(f);
        i->why = GATE_SMALL;
    }
    if (f->has_denominator && is_small(f->denominator)) {
        hide_denominator(f);
        i->why = GATE_SMALL;
    }
}

/* ---- the sums that cells stand in ---- */

/* A cell is a part of the sum of `whole`: its own breakdown without one key, or the year of a quarter. */
struct part {
    struct gate_item *item;
    char whole[BREAKDOWN_MAX + 1], key[BREAKDOWN_MAX + 1];
    const char *identifier;             /* of the whole */
};

struct sums {
    size_t n_items;
    struct gate_item **order;           /* items by figure, to look a whole up */
    struct part *parts;
    size_t n_parts, cap;
    struct gate_count *count;
};

static int figure_order(const struct figure *a, const struct figure *b)
{
    int order = strcmp(a->indicator, b->indicator);
    order = order != 0 ? order : strcmp(a->period, b->period);
    order = order != 0 ? order : strcmp(a->time_identifier, b->time_identifier);
    return order != 0 ? order : strcmp(a->breakdown, b->breakdown);
}

static int item_order(const void *a, const void *b)
{
    return figure_order((*(struct gate_item *const *)a)->figure, (*(struct gate_item *const *)b)->figure);
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

static enum err add_part(struct sums *s, const struct part *p)
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

/* "age=0-4;sex=f" without its part from..from+len and the ';' beside that. */
static void without(const char *breakdown, size_t from, size_t len, char *ret)
{
    size_t all = strlen(breakdown), end = from + len;
    if (breakdown[end] == ';')
        end++;
    else if (from > 0)
        from--;
    memcpy(ret, breakdown, from);
    memcpy(ret + from, breakdown + end, all - end + 1);
}

/* Quarters of what flows add up to the year; of what is counted on a day they do not. */
static bool is_quarter(const struct figure *f, const struct definition *d)
{
    return strncmp(f->time_identifier, "Financial year Q", 16) == 0 && strncmp(d->basis, "snapshot", 8) != 0;
}

static enum err add_parts_of(struct sums *s, struct gate_item *at)
{
    const struct figure *f = at->figure;
    enum err e = OK;
    if (!at->definition->counts_people)
        return OK;
    for (size_t from = 0; e == OK && f->breakdown[from] != '\0';) {
        struct part p = {.item = at, .identifier = f->time_identifier};
        size_t len = strcspn(f->breakdown + from, ";"), key = strcspn(f->breakdown + from, "=");
        without(f->breakdown, from, len, p.whole);
        memcpy(p.key, f->breakdown + from, key < len ? key : len);
        e = add_part(s, &p);
        from += len;
        from += f->breakdown[from] == ';';
    }
    if (e == OK && is_quarter(f, at->definition)) {
        struct part p = {.item = at, .identifier = "Financial year", .key = "Q"};
        memcpy(p.whole, f->breakdown, sizeof(p.whole));
        e = add_part(s, &p);
    }
    return e;
}

static struct gate_item *find_whole(const struct sums *s, const struct part *p)
{
    struct figure want = *p->item->figure;
    snprintf(want.time_identifier, sizeof(want.time_identifier), "%s", p->identifier);
    memcpy(want.breakdown, p->whole, sizeof(want.breakdown));
    for (size_t low = 0, high = s->n_items; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = figure_order(s->order[middle]->figure, &want);
        if (order == 0)
            return s->order[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* ---- numerators, and denominators, of one sum ---- */

enum gate_part { GATE_NUMERATOR, GATE_DENOMINATOR };

static bool is_known(const struct figure *f, enum gate_part part)
{
    return part == GATE_NUMERATOR ? f->has_numerator : f->has_denominator;
}

static struct decimal number_of(const struct figure *f, enum gate_part part)
{
    return part == GATE_NUMERATOR ? f->numerator : f->denominator;
}

/* Is it unknown because it must be? Elsewhere a denominator is often not given at all. */
static bool is_withheld(const struct gate_item *i, enum gate_part part)
{
    return part == GATE_NUMERATOR ? i->figure->status == STATUS_C : !i->figure->has_denominator && i->why != GATE_PASSED;
}

struct tally {
    size_t n_unknown, n_withheld;
    bool has_whole;                     /* known: then `rest` is what the unknown parts add up to */
    struct decimal rest;
    struct gate_item *next;             /* what could be withheld besides */
};

static void offer(struct tally *t, struct gate_item *i, enum gate_part part)
{
    if (i->is_fixed || number_of(i->figure, part).mantissa == 0)
        return;
    if (t->next == NULL || decimal_compare(number_of(i->figure, part), number_of(t->next->figure, part)) < 0)
        t->next = i;
}

static void tally_one(struct tally *t, struct gate_item *i, enum gate_part part)
{
    if (!is_known(i->figure, part)) {
        t->n_unknown++;
        t->n_withheld += is_withheld(i, part);
        return;
    }
    struct decimal minus = number_of(i->figure, part);
    offer(t, i, part);
    minus.mantissa = -minus.mantissa;
    if (decimal_add(t->rest, minus, &t->rest) != OK)
        t->has_whole = false;
}

static struct tally tally_of(const struct sums *s, size_t from, size_t to, struct gate_item *whole, enum gate_part part)
{
    struct tally t = {.has_whole = is_known(whole->figure, part)};
    t.rest = t.has_whole ? number_of(whole->figure, part) : (struct decimal){0, 0};
    for (size_t i = from; i < to; i++)
        tally_one(&t, s->parts[i].item, part);
    if (t.next == NULL && t.has_whole)
        offer(&t, whole, part);
    if (!t.has_whole) {
        t.n_unknown++;
        t.n_withheld += is_withheld(whole, part);
    }
    return t;
}

/* One unknown is worked out at once; several are when all must be 1, or all SMALL_COUNT_MAX. */
static bool gives_away(const struct tally *t)
{
    struct decimal ones = {(int64_t)t->n_unknown, 0}, most = {(int64_t)t->n_unknown * SMALL_COUNT_MAX, 0};
    if (t->n_withheld == 0)
        return false;
    if (t->n_unknown == 1)
        return true;
    return t->has_whole && t->n_withheld == t->n_unknown &&
           (decimal_compare(t->rest, ones) == 0 || decimal_compare(t->rest, most) == 0);
}

/* Returns true when a cell was withheld. */
static bool mend_sum(struct sums *s, size_t from, size_t to, struct gate_item *whole, enum gate_part part, size_t *ret_exposed)
{
    struct tally t = tally_of(s, from, to, whole, part);
    if (!gives_away(&t))
        return false;
    if (t.next == NULL) {
        (*ret_exposed)++;
        return false;
    }
    if (part == GATE_NUMERATOR)
        hide_count(t.next->figure);
    else
        hide_denominator(t.next->figure);
    if (t.next->why == GATE_PASSED)
        t.next->why = GATE_RECOVERABLE;
    return true;
}

static void mend_sums(struct sums *s)
{
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        s->count->n_exposed = 0;
        for (size_t from = 0, to; from < s->n_parts; from = to) {
            for (to = from + 1; to < s->n_parts && same_sum(&s->parts[from], &s->parts[to]) == 0;)
                to++;
            struct gate_item *whole = find_whole(s, &s->parts[from]);
            if (whole == NULL)
                continue;
            has_changed = mend_sum(s, from, to, whole, GATE_NUMERATOR, &s->count->n_exposed) || has_changed;
            has_changed = mend_sum(s, from, to, whole, GATE_DENOMINATOR, &s->count->n_exposed) || has_changed;
        }
    }
}

enum err gate_run(struct gate_item *items, size_t n, struct gate_count *ret)
{
    struct gate_count count = {0};
    struct sums s = {.n_items = n, .order = calloc(n + 1, sizeof(*s.order)), .count = &count};
    enum err e = s.order != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < n; i++) {
        items[i].why = GATE_PASSED;
        judge_alone(&items[i]);
        s.order[i] = &items[i];
        e = add_parts_of(&s, &items[i]);
    }
    if (e == OK && s.n_parts > 0) {
        qsort(s.order, n, sizeof(*s.order), item_order);
        qsort(s.parts, s.n_parts, sizeof(*s.parts), part_order);
        mend_sums(&s);
    }
    for (size_t i = 0; e == OK && i < n; i++) {
        count.n_small += items[i].why == GATE_SMALL;
        count.n_recoverable += items[i].why == GATE_RECOVERABLE;
    }
    free(s.order);
    free(s.parts);
    if (e == OK)
        *ret = count;
    return e;
}
