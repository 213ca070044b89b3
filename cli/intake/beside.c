/* cli/intake/beside.c - denominators that stand in rows of their own (inside.h).
 *
 * The DfE's placement stability has a row "Total children" for each group: it may come after the rows that it
 * divides, so a file that has such rows is read twice. */
#include "cli/intake/inside.h"

#include <stdlib.h>
#include <string.h>

/* One cell may be the denominator of several slots: it is complained of once. */
static bool is_bad(struct reading *r, size_t slot, const struct row *row)
{
    size_t column = r->header->slots[slot].part[PART_DENOMINATOR];
    struct cell_content c;
    struct complaint why;
    if (cell_read(row_cell(row, column), &c, &why) == OK)
        return false;
    for (size_t i = 0; i < r->n_beside; i++)
        if (r->beside[i].is_bad && r->beside[i].line == row->line)
            return true;
    problem_add_complaint(r, row->line, r->header->names[column], &why);
    return true;
}

static enum err keep_one(struct reading *r, size_t slot, const struct row *row)
{
    const struct header *h = r->header;
    if (r->n_beside == INTAKE_BESIDE_MAX) {
        problem_add(r, row->line, NULL, reading_in_parts(r), "more than %d denominators in rows of their own", INTAKE_BESIDE_MAX);
        r->header_failed = true;
        return OK;
    }
    if (r->n_beside == r->cap_beside) {
        size_t cap = r->cap_beside > 0 ? r->cap_beside * 2 : 64;
        struct beside *grown = realloc(r->beside, cap * sizeof(*grown));
        if (grown == NULL)
            return ERR_NOMEM;
        r->beside = grown;
        r->cap_beside = cap;
    }
    struct beside b = {.slot = slot, .place = r->place, .line = row->line, .is_bad = is_bad(r, slot, row),
                       .text = strdup(row_cell(row, h->slots[slot].part[PART_DENOMINATOR]))};
    if (b.text == NULL)
        return ERR_NOMEM;
    snprintf(b.period, sizeof(b.period), "%s", row_cell(row, h->at[COL_PERIOD]));
    snprintf(b.identifier, sizeof(b.identifier), "%s", row_cell(row, h->at[COL_IDENTIFIER]));
    r->beside[r->n_beside++] = b;
    return OK;
}

/* `--where` picks among the rows of figures; a column that says which row holds the denominator is not its business. */
static bool is_picked(const struct reading *r, const struct slot *s, const struct row *row)
{
    for (size_t i = 0; i < r->with->n_where; i++) {
        bool is_own = false;
        for (size_t c = 0; c < s->map->beside.n; c++)
            is_own = is_own || s->beside[c] == r->header->where[i];
        if (!is_own && strcmp(row_cell(row, r->header->where[i]), r->with->where[i].value) != 0)
            return false;
    }
    return true;
}

void beside_keep(struct reading *r, const struct row *row)
{
    const struct header *h = r->header;
    for (size_t i = 0; i < h->n_slots && r->failed == OK; i++) {
        const struct slot *s = &h->slots[i];
        if (s->map == NULL || s->map->beside.n == 0 || !row_holds(row, &s->map->beside, s->beside) || !is_picked(r, s, row))
            continue;
        const struct beside *first = beside_find(r, i, row_cell(row, h->at[COL_PERIOD]), row_cell(row, h->at[COL_IDENTIFIER]));
        if (first != NULL)
            problem_add(r, row->line, NULL, "keep one, or pick with --where COLUMN=VALUE",
                        "the denominator of %s stands in line %llu already", s->indicator, (unsigned long long)first->line);
        else
            r->failed = keep_one(r, i, row);
    }
}

static bool is_for(const struct beside *b, const struct reading *r, size_t slot, const char *period, const char *identifier)
{
    return b->slot == slot && b->place.authority == r->place.authority && b->place.area == r->place.area &&
           strcmp(b->period, period) == 0 && strcmp(b->identifier, identifier) == 0;
}

/* Rows stand in some order, and so do their denominators: the next is looked for where the last was found. */
const struct beside *beside_find(struct reading *r, size_t slot, const char *period, const char *identifier)
{
    for (size_t i = 0; i < r->n_beside; i++) {
        size_t at = (r->beside_at + i) % r->n_beside;
        if (is_for(&r->beside[at], r, slot, period, identifier)) {
            r->beside_at = at;
            return &r->beside[at];
        }
    }
    return NULL;
}

void beside_release(struct reading *r)
{
    for (size_t i = 0; i < r->n_beside; i++)
        free(r->beside[i].text);
    free(r->beside);
    r->beside = NULL;
    r->n_beside = r->cap_beside = r->beside_at = 0;
}
