/* cli/intake/whole.c - does a known table say all that it should, for every period? (inside.h)
 *
 * A cell that tells rows apart ("Total children") may be misspelt: then the row is nobody's and its figure would go
 * missing without a word. */
#include "cli/intake/inside.h"

#include <string.h>
#include <strings.h>

static struct seen_period *seen_at(struct reading *r, const struct row *row)
{
    const char *period = row_cell(row, r->header->at[COL_PERIOD]), *identifier = row_cell(row, r->header->at[COL_IDENTIFIER]);
    for (size_t i = 0; i < r->n_seen; i++)
        if (strcmp(r->seen[i].period, period) == 0 && strcmp(r->seen[i].identifier, identifier) == 0)
            return &r->seen[i];
    if (r->n_seen == INTAKE_PERIODS_MAX || strlen(period) > PERIOD_MAX || strlen(identifier) > TIME_IDENTIFIER_MAX)
        return NULL;                            /* no period; or so many that the file is none of the DfE's */
    struct seen_period *s = &r->seen[r->n_seen++];
    *s = (struct seen_period){.line = row->line};
    memcpy(s->period, period, strlen(period) + 1);
    memcpy(s->identifier, identifier, strlen(identifier) + 1);
    return s;
}

static bool knows_word(const struct intake_conditions *all, const char *column, const char *word)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcasecmp(all->all[i].column, column) == 0 && strcmp(all->all[i].value, word) == 0)
            return true;
    return false;
}

static bool is_known_word(const struct header *h, size_t column, const char *word)
{
    for (size_t i = 0; i < h->n_table; i++)
        if (knows_word(&h->table[i].where, h->names[column], word) || knows_word(&h->table[i].beside, h->names[column], word))
            return true;
    return false;
}

/* All of the conditions but one hold, and what stands there instead means nothing. */
static void suspect(const struct header *h, const struct row *row, const struct intake_conditions *all, const size_t *columns,
                    struct seen_row *ret)
{
    size_t n_missed = 0, column = NO_COLUMN;
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(row_cell(row, columns[i]), all->all[i].value) != 0) {
            n_missed++;
            column = columns[i];
        }
    if (n_missed == 1 && ret->suspect == 0 && !is_known_word(h, column, row_cell(row, column))) {
        ret->suspect = row->line;
        ret->column = column;
    }
}

static void note(const struct header *h, const struct row *row, const struct intake_conditions *all, const size_t *columns,
                 struct seen_row *ret)
{
    if (row_holds(row, all, columns))
        ret->is_there = true;
    else
        suspect(h, row, all, columns, ret);
}

/* Rows that --where left out by a column that tells rows apart are not missing. */
bool whole_is_watched(const struct reading *r)
{
    const struct header *h = r->header;
    if (r->with->everybody || r->in->files[r->file].map[0] == '\0' || h->n_slots > TABLE_SLOTS_MAX)
        return false;
    for (size_t w = 0; w < r->with->n_where; w++)
        for (size_t i = 0; i < h->n_slots; i++)
            for (size_t c = 0; c < h->slots[i].map->where.n; c++)
                if (h->slots[i].where[c] == h->where[w])
                    return false;
    return true;
}

void whole_note(struct reading *r, const struct row *row)
{
    const struct header *h = r->header;
    struct seen_period *seen = whole_is_watched(r) ? seen_at(r, row) : NULL;
    for (size_t i = 0; seen != NULL && i < h->n_slots; i++) {
        note(h, row, &h->slots[i].map->where, h->slots[i].where, &seen->rows[i]);
        note(h, row, &h->slots[i].map->beside, h->slots[i].beside, &seen->beside[i]);
    }
}

static void complain(struct reading *r, const struct seen_period *seen, const struct seen_row *row, const char *what,
                     const char *indicator)
{
    problem_add(r, row != NULL ? row->suspect : seen->line, row != NULL ? r->header->names[row->column] : NULL,
                "correct the words of the row, or map the file with --indicators MAP.csv", "no row of %s %s %s", seen->period, what,
                indicator);
}

/* An indicator may have a slot for each release's words: one of them is enough. */
static void check_slot(struct reading *r, const struct seen_period *seen, size_t slot)
{
    const struct header *h = r->header;
    const struct seen_row *might_be = NULL;
    const char *indicator = h->slots[slot].indicator;
    for (size_t i = 0; i < h->n_slots; i++) {
        if (strcmp(h->slots[i].indicator, indicator) != 0)
            continue;
        if (seen->rows[i].is_there || i < slot)         /* it is said with the first of them */
            return;
        if (seen->rows[i].suspect != 0 && might_be == NULL)
            might_be = &seen->rows[i];
    }
    complain(r, seen, might_be, "says", indicator);
}

static void check_beside(struct reading *r, const struct seen_period *seen, size_t slot)
{
    const struct seen_row *b = &seen->beside[slot];
    if (seen->rows[slot].is_there && !b->is_there)
        complain(r, seen, b->suspect != 0 ? b : NULL, "holds the denominator of", r->header->slots[slot].indicator);
}

void whole_check(struct reading *r)
{
    if (!whole_is_watched(r))
        return;
    for (size_t p = 0; p < r->n_seen; p++)
        for (size_t i = 0; i < r->header->n_slots; i++) {
            check_slot(r, &r->seen[p], i);
            check_beside(r, &r->seen[p], i);
        }
}
