/* cli/publish/gate_cells.c - the numbers that figures are made of (gate_inside.h). */
#include "cli/publish/gate_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Numbers that stand for nothing but what is left of a denominator: no sums are made of them. */
static const struct definition slack = {.counts_people = false};

/* What the parts of one definition are. */
struct kind {
    const struct definition *definition;
    char quantity[2][GATE_QUANTITY_SIZE];       /* of numerator and denominator */
    size_t rest;                        /* the kind whose numerator is the rest of our denominator; SIZE_MAX none */
    size_t id[GATE_PARTS];
};

/* A part of a figure; or, behind the figures, of one that nobody gave: there a definition says nevertheless that the numerator is
 * no more than the denominator. */
struct entry {
    size_t kind, item, at;              /* at: its place in gate_cells.of */
    bool is_ghost;
    enum gate_part part;
    size_t quantity;                    /* the least kind x GATE_PARTS + part of those that are the same */
    const struct figure *figure;
    bool has_value;
    int64_t value;
};

struct building {
    const struct gate_item *items;
    size_t n;
    struct kind *kinds;
    size_t n_kinds;
    struct entry *entries;
    size_t n_entries, cap_entries, n_figures;           /* figures: the items, and those that nobody gave */
};

bool gate_whole_number(bool has, struct decimal d, int64_t *ret)
{
    struct decimal whole;
    if (!has || decimal_round(d, 0, &whole) != OK || decimal_compare(whole, d) != 0 || whole.mantissa < 0 ||
        whole.mantissa > GATE_NUMBER_MAX)
        return false;
    *ret = whole.mantissa;
    return true;
}

bool gate_value_is_count(const struct definition *d)
{
    return d->counts_people && d->denominator[0] == '\0' && d->multiplier == 1 && d->decimals == 0;
}

bool gate_number_of(const struct gate_item *i, enum gate_part part, int64_t *ret)
{
    const struct figure *f = i->figure;
    int64_t n, d;
    switch (part) {
    case GATE_NUMERATOR:
        if (!f->has_numerator && gate_value_is_count(i->definition))
            return gate_whole_number(f->has_value, f->value, ret);
        return gate_whole_number(f->has_numerator, f->numerator, ret);
    case GATE_DENOMINATOR:
        return gate_whole_number(f->has_denominator, f->denominator, ret);
    case GATE_REST:
        if (!gate_whole_number(f->has_numerator, f->numerator, &n) ||
            !gate_whole_number(f->has_denominator, f->denominator, &d) || n > d)
            return false;
        *ret = d - n;
        return true;
    }
    return false;
}

/* ---- which parts are the same ---- */

static int by_definition(const void *a, const void *b)
{
    const struct kind *x = a, *y = b;
    return strcmp(x->definition->id, y->definition->id);
}

static struct kind *kind_of(const struct building *b, const struct definition *d)
{
    struct kind want = {.definition = d};
    return bsearch(&want, b->kinds, b->n_kinds, sizeof(*b->kinds), by_definition);
}

static bool is_share(const struct definition *d)
{
    return d->multiplier == 100 && d->denominator[0] != '\0';
}

static size_t id_of(const struct building *b, const char *quantity, size_t otherwise)
{
    for (size_t k = 0; quantity[0] != '\0' && k < b->n_kinds; k++)
        for (size_t p = 0; p < 2; p++)
            if (strcmp(b->kinds[k].quantity[p], quantity) == 0)
                return k * GATE_PARTS + p;
    return otherwise;
}

static size_t rest_of(const struct building *b, const struct kind *k)
{
    for (size_t o = 0; is_share(k->definition) && o < b->n_kinds; o++)
        if (gate_is_rest(b->kinds[o].quantity[GATE_NUMERATOR], k->quantity[GATE_NUMERATOR]))
            return o;
    return SIZE_MAX;
}

static enum err find_kinds(struct building *b)
{
    size_t kept = 0;
    const struct definition **all = calloc(b->n + 1, sizeof(*all));
    if (all == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < b->n; i++) {
        bool is_new = b->items[i].definition->counts_people && (kept == 0 || all[kept - 1] != b->items[i].definition);
        if (is_new)
            all[kept++] = b->items[i].definition;
    }
    b->kinds = calloc(kept + 1, sizeof(*b->kinds));
    for (size_t i = 0; b->kinds != NULL && i < kept; i++)
        b->kinds[i].definition = all[i];
    free(all);
    if (b->kinds == NULL)
        return ERR_NOMEM;
    qsort(b->kinds, kept, sizeof(*b->kinds), by_definition);
    for (size_t i = 0; i < kept; i++)
        if (b->n_kinds == 0 || by_definition(&b->kinds[b->n_kinds - 1], &b->kinds[i]) != 0)
            b->kinds[b->n_kinds++] = b->kinds[i];
    return OK;
}

static void name_kinds(struct building *b)
{
    for (size_t k = 0; k < b->n_kinds; k++) {
        gate_quantity(b->kinds[k].definition->numerator, b->kinds[k].quantity[GATE_NUMERATOR]);
        gate_quantity(b->kinds[k].definition->denominator, b->kinds[k].quantity[GATE_DENOMINATOR]);
    }
    for (size_t k = 0; k < b->n_kinds; k++) {
        struct kind *x = &b->kinds[k];
        for (size_t p = 0; p < 2; p++)
            x->id[p] = id_of(b, x->quantity[p], k * GATE_PARTS + p);
        x->rest = rest_of(b, x);
        x->id[GATE_REST] = x->rest == SIZE_MAX ? k * GATE_PARTS + GATE_REST :
                                                 id_of(b, b->kinds[x->rest].quantity[GATE_NUMERATOR], SIZE_MAX);
    }
}

/* ---- which of them are one cell ---- */

static int by_place(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->quantity != y->quantity)
        return x->quantity < y->quantity ? -1 : 1;
    int order = strcmp(x->figure->period, y->figure->period);
    order = order != 0 ? order : strcmp(x->figure->time_identifier, y->figure->time_identifier);
    order = order != 0 ? order : strcmp(x->figure->breakdown, y->figure->breakdown);
    if (order != 0)
        return order;
    if (x->kind * GATE_PARTS + x->part != y->kind * GATE_PARTS + y->part)
        return x->kind * GATE_PARTS + x->part < y->kind * GATE_PARTS + y->part ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

static bool is_same_place(const struct entry *x, const struct entry *y)
{
    return strcmp(x->figure->time_identifier, y->figure->time_identifier) == 0 &&
           strcmp(x->figure->breakdown, y->figure->breakdown) == 0;
}

static enum err put_entries(struct building *b, size_t kind, size_t item, bool is_ghost)
{
    const struct kind *k = &b->kinds[kind];
    if (b->n_entries + GATE_PARTS > b->cap_entries) {
        size_t cap = b->cap_entries > 0 ? b->cap_entries * 2 : 256;
        struct entry *grown = realloc(b->entries, cap * sizeof(*grown));
        if (grown == NULL)
            return ERR_NOMEM;
        b->entries = grown;
        b->cap_entries = cap;
    }
    for (size_t p = 0; p < GATE_PARTS; p++) {
        bool has_denominator = k->definition->denominator[0] != '\0';
        bool is_there = p == GATE_NUMERATOR || (has_denominator && (p == GATE_DENOMINATOR || is_share(k->definition)));
        if (!is_there)
            continue;
        struct entry *e = &b->entries[b->n_entries++];
        *e = (struct entry){.kind = kind, .item = item, .at = b->n_figures * GATE_PARTS + p, .is_ghost = is_ghost,
                            .part = (enum gate_part)p, .quantity = k->id[p], .figure = b->items[item].figure};
        e->has_value = !is_ghost && gate_number_of(&b->items[item], e->part, &e->value);
    }
    b->n_figures++;
    return OK;
}

/* Does a figure of the one say one of the other's three numbers? */
static bool touches(const struct kind *share, const struct kind *other)
{
    for (size_t p = 0; p < GATE_PARTS; p++)
        for (size_t q = 0; q < 2; q++)
            if (share->id[p] == other->id[q])
                return true;
    return false;
}

static enum err put_ghosts(struct building *b, size_t item)
{
    const struct kind *of = kind_of(b, b->items[item].definition);
    enum err e = OK;
    for (size_t k = 0; e == OK && k < b->n_kinds; k++)
        if (&b->kinds[k] != of && is_share(b->kinds[k].definition) && touches(&b->kinds[k], of))
            e = put_entries(b, k, item, true);
    return e;
}

static enum err make_entries(struct building *b)
{
    enum err e = OK;
    for (size_t i = 0; e == OK && i < b->n; i++) {
        if (b->items[i].definition->counts_people)
            e = put_entries(b, (size_t)(kind_of(b, b->items[i].definition) - b->kinds), i, false);
        else
            b->n_figures++;
    }
    for (size_t i = 0; e == OK && i < b->n; i++)
        if (b->items[i].definition->counts_people)
            e = put_ghosts(b, i);
    if (b->n_entries > 0)
        qsort(b->entries, b->n_entries, sizeof(*b->entries), by_place);
    return e;
}

/* Do those of one quantity and period agree wherever they say the same place? Else words deceive, and they are kept apart. */
static bool agree(const struct entry *e, size_t n)
{
    const struct entry *known = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!e[i].has_value)
            continue;
        if (known != NULL && is_same_place(known, &e[i]) && known->value != e[i].value)
            return false;
        known = &e[i];
    }
    return true;
}

static void put_cell(struct gate_cells *c, const struct building *b, const struct entry *e, bool is_apart)
{
    struct figure *key = &c->keys[c->n];
    char name[INDICATOR_MAX + 1];
    bool is_slack = e->part == GATE_REST && b->kinds[e->kind].rest == SIZE_MAX;
    if (is_apart)
        snprintf(name, sizeof(name), "q%zu_%zu", e->quantity, e->kind * GATE_PARTS + e->part);
    else
        snprintf(name, sizeof(name), "q%zu", e->quantity);
    *key = (struct figure){.status = STATUS_X};
    memcpy(key->indicator, name, sizeof(name));
    memcpy(key->period, e->figure->period, sizeof(key->period));
    memcpy(key->time_identifier, e->figure->time_identifier, sizeof(key->time_identifier));
    memcpy(key->breakdown, e->figure->breakdown, sizeof(key->breakdown));
    c->nodes[c->n] = (struct gate_item){.figure = key, .definition = is_slack ? &slack : b->kinds[e->kind].definition};
    c->linked[c->n] = SIZE_MAX;
    c->n++;
}

static void put_run(struct gate_cells *c, const struct building *b, const struct entry *e, size_t n)
{
    bool is_apart = !agree(e, n);
    for (size_t i = 0; i < n; i++) {
        bool is_same = i > 0 && is_same_place(&e[i - 1], &e[i]);
        bool is_other = i > 0 && (e[i - 1].kind != e[i].kind || e[i - 1].part != e[i].part);
        if (!is_same || (is_apart && is_other)) {
            c->first[c->n] = c->n_carriers;
            put_cell(c, b, &e[i], is_apart);
            if (is_same)
                c->linked[c->n - 1] = c->n - 2;
        }
        if (!e[i].is_ghost)
            c->carriers[c->n_carriers++] = (struct gate_carrier){e[i].item, e[i].part, e[i].has_value};
        c->of[e[i].at] = c->n - 1;
    }
}

static enum err make_cells(struct gate_cells *c, const struct building *b)
{
    c->keys = calloc(b->n_entries + 1, sizeof(*c->keys));
    c->nodes = calloc(b->n_entries + 1, sizeof(*c->nodes));
    c->linked = calloc(b->n_entries + 1, sizeof(*c->linked));
    c->carriers = calloc(b->n_entries + 1, sizeof(*c->carriers));
    c->first = calloc(b->n_entries + 2, sizeof(*c->first));
    c->of = malloc((b->n_figures * GATE_PARTS + 1) * sizeof(*c->of));
    c->n_figures = b->n_figures;
    if (c->keys == NULL || c->nodes == NULL || c->linked == NULL || c->carriers == NULL || c->first == NULL || c->of == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < b->n_figures * GATE_PARTS; i++)
        c->of[i] = SIZE_MAX;
    for (size_t from = 0, to; from < b->n_entries; from = to) {
        for (to = from + 1; to < b->n_entries && b->entries[to].quantity == b->entries[from].quantity &&
                            strcmp(b->entries[to].figure->period, b->entries[from].figure->period) == 0;)
            to++;
        put_run(c, b, &b->entries[from], to - from);
    }
    c->first[c->n] = c->n_carriers;
    return OK;
}

enum err gate_cells_make(const struct gate_item *items, size_t n, struct gate_cells *ret)
{
    struct building b = {.items = items, .n = n};
    *ret = (struct gate_cells){.n = 0};
    enum err e = find_kinds(&b);
    if (e == OK) {
        name_kinds(&b);
        e = make_entries(&b);
    }
    if (e == OK)
        e = make_cells(ret, &b);
    free(b.kinds);
    free(b.entries);
    return e;
}

void gate_cells_release(struct gate_cells *c)
{
    free(c->keys);
    free(c->nodes);
    free(c->linked);
    free(c->carriers);
    free(c->first);
    free(c->of);
    *c = (struct gate_cells){.n = 0};
}
