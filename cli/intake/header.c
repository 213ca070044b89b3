#include "cli/intake/inside.h"

#include <string.h>
#include <strings.h>

#include "cli/intake/meant.h"
#include "cli/nearest.h"

static const char *const column_names[] = {
#define X(sym, name) [sym] = (name),
    INTAKE_COLUMNS(X)
#undef X
};

size_t column_find(const struct header *h, const char *name)
{
    for (size_t i = 0; i < h->n; i++)
        if (strcasecmp(h->names[i], name) == 0)
            return i;
    return NO_COLUMN;
}

/* `is_asked`: the name is not ours but the user's own, in --where. */
static void complain(struct reading *r, uint64_t line, const char *name, bool is_asked, const char *otherwise)
{
    struct nearest near = nearest_to(name);
    char remedy[200];
    for (size_t i = 0; i < r->header->n; i++)
        nearest_offer(&near, r->header->names[i]);
    if (near.best != NULL && is_asked)
        snprintf(remedy, sizeof(remedy), "did you mean `%s`?", near.best);
    else if (near.best != NULL)
        snprintf(remedy, sizeof(remedy), "is `%s` meant to be `%s`?", near.best, name);
    problem_add(r, line, name, near.best != NULL ? remedy : otherwise, "there is no column `%s`", name);
    r->header_failed = true;
}

static void complain_missing(struct reading *r, uint64_t line, const char *name, const char *otherwise)
{
    complain(r, line, name, false, otherwise);
}

/* Where one of our columns stands, by its own name or by the one that the form has for it. */
static size_t own_column(const struct reading *r, const char *name)
{
    for (size_t i = 0; i < r->with->n_aliases; i++)
        if (strcmp(r->with->aliases[i].column, name) == 0)
            return column_find(r->header, r->with->aliases[i].name);
    return column_find(r->header, name);
}

static void take_names(struct reading *r, const struct row *row)
{
    struct header *h = r->header;
    for (size_t i = 0; i < row->n; i++) {
        if (strlen(row->cells[i]) > COLUMN_NAME_MAX) {
            /* No column of ours has so long a name; the first letters tell it from the others well enough. */
            snprintf(h->names[i], sizeof(h->names[i]), "%.*s", COLUMN_NAME_MAX - 4, row->cells[i]);
            continue;
        }
        memcpy(h->names[i], row->cells[i], strlen(row->cells[i]) + 1);
        if (h->names[i][0] != '\0' && column_find(h, h->names[i]) != NO_COLUMN) {
            problem_add(r, row->line, h->names[i], "rename or remove one", "two columns have this name");
            r->header_failed = true;
        }
        h->n = i + 1;
    }
    h->n = row->n;
}

static void find_where(struct reading *r, const struct row *row)
{
    for (size_t i = 0; i < r->with->n_where; i++) {
        const struct intake_where *w = &r->with->where[i];
        r->header->where[i] = column_find(r->header, w->column);
        if (r->header->where[i] == NO_COLUMN)
            complain(r, row->line, w->column, true, "--where names a column of the file");
    }
}

static struct slot *slot_new(struct reading *r, const struct row *row, const char *indicator)
{
    struct header *h = r->header;
    if (h->n_slots == INTAKE_SLOTS_MAX) {
        problem_add(r, row->line, NULL, "split the file", "more than %d indicators in one file", INTAKE_SLOTS_MAX);
        r->header_failed = true;
        return NULL;
    }
    struct slot *s = &h->slots[h->n_slots++];
    *s = (struct slot){.indicator = indicator, .part = {NO_COLUMN, NO_COLUMN, NO_COLUMN}};
    return s;
}

static size_t mapped_column(struct reading *r, const struct row *row, const char *name)
{
    size_t at = name[0] != '\0' ? column_find(r->header, name) : NO_COLUMN;
    if (name[0] != '\0' && at == NO_COLUMN)
        complain_missing(r, row->line, name, "the map names a column of the file");
    return at;
}

static void mapped_conditions(struct reading *r, const struct row *row, const struct intake_conditions *all, size_t *ret)
{
    for (size_t i = 0; i < all->n; i++)
        ret[i] = mapped_column(r, row, all->all[i].column);
}

void heading_map_slots(struct reading *r, const struct row *row, const struct intake_map *maps, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct intake_map *m = &maps[i];
        if (m->indicator[0] == '\0')
            continue;
        struct slot *s = slot_new(r, row, m->indicator);
        if (s == NULL)
            return;
        s->map = m;
        s->part[PART_NUMERATOR] = mapped_column(r, row, m->numerator);
        s->part[PART_DENOMINATOR] = mapped_column(r, row, m->denominator);
        s->part[PART_VALUE] = mapped_column(r, row, m->value);
        mapped_conditions(r, row, &m->where, s->where);
        mapped_conditions(r, row, &m->beside, s->beside);
    }
}

static void slot_long(struct reading *r, const struct row *row)
{
    const size_t *at = r->header->at;
    struct slot *s = slot_new(r, row, NULL);
    if (s == NULL)
        return;
    s->part[PART_NUMERATOR] = at[COL_NUMERATOR];
    s->part[PART_DENOMINATOR] = at[COL_DENOMINATOR];
    s->part[PART_VALUE] = at[COL_VALUE];
    if (at[COL_NUMERATOR] == NO_COLUMN && at[COL_VALUE] == NO_COLUMN)
        complain_missing(r, row->line, "value", "a file says numerator and denominator, or value, or all three");
}

static size_t part_column(const struct header *h, const char *id, const char *part)
{
    char name[INDICATOR_MAX + 16];
    snprintf(name, sizeof(name), "%s_%s", id, part);
    return column_find(h, name);
}

/* Wide form: a column whose name is an indicator's id, or that with _numerator behind it. */
static void slots_from_names(struct reading *r, const struct row *row)
{
    struct header *h = r->header;
    for (size_t i = 0; i < h->n && !r->header_failed; i++) {
        char id[COLUMN_NAME_MAX + 1];
        size_t len = strlen(h->names[i]), tail = strlen("_numerator");
        bool is_part = len > tail && strcasecmp(h->names[i] + len - tail, "_numerator") == 0;
        snprintf(id, sizeof(id), "%.*s", (int)(is_part ? len - tail : len), h->names[i]);
        const struct definition *d = reading_definition(r, id);
        if (d == NULL || (is_part && column_find(h, id) != NO_COLUMN))
            continue;
        struct slot *s = slot_new(r, row, d->id);
        if (s == NULL)
            return;
        s->part[PART_VALUE] = is_part ? NO_COLUMN : i;
        s->part[PART_NUMERATOR] = part_column(h, id, "numerator");
        s->part[PART_DENOMINATOR] = part_column(h, id, "denominator");
    }
}

/* No column `indicator` and none that is one: a table of the DfE's, or nothing that we know. */
static void slots_from_table(struct reading *r, const struct row *row)
{
    const char *near;
    char lacks[COLUMN_NAME_MAX + 1];
    if (r->header_failed || heading_choose_table(r, row, &near, lacks))
        return;
    if (near == NULL) {
        complain_missing(r, row->line, "indicator",
                         r->with->everybody ? "name a column so, or each column by its indicator" :
                                              "name a column so, or each by its indicator, or map them with --indicators MAP.csv");
        return;
    }
    problem_add(r, row->line, lacks, r->with->everybody ? "rename the column" :
                "rename the column, or map the file with --indicators MAP.csv",
                "this looks like the DfE's table %s, and there is no column `%s`", near, lacks);
    r->header_failed = true;
}

/* Of a title, or of a file that is no return, the columns that a return has are not missed one by one. */
static void say_what_it_is(struct reading *r, const struct row *row, size_t n_problems_before)
{
    struct complaint why;
    bool is_told = meant_heading(row->cells, row->n, &why) ||
                   (r->with->no_return != NULL && r->with->map == NULL && r->with->no_return(row, &why));
    if (!is_told)
        return;
    r->in->n_problems = n_problems_before;
    problem_add_complaint(r, row->line, NULL, &why);
}

static bool looks_separated_otherwise(const struct row *row)
{
    return row->n == 1 && strpbrk(row->cells[0], ";\t|") != NULL;
}

void heading_read(struct reading *r, const struct row *row)
{
    struct header *h = r->header;
    struct complaint why;
    size_t before = r->in->n_problems;
    h->n_slots = 0;
    if (looks_separated_otherwise(row) && !meant_heading(row->cells, row->n, &why)) {
        problem_add(r, row->line, NULL, "save the file as CSV, separated by commas", "the columns are not separated by commas");
        r->header_failed = true;
        h->n = 1;
        return;
    }
    take_names(r, row);
    for (size_t c = 0; c < COL_COUNT; c++)
        h->at[c] = own_column(r, column_names[c]);
    if (h->at[COL_PERIOD] == NO_COLUMN)
        complain_missing(r, row->line, column_names[COL_PERIOD], "every figure has a period");
    if (h->at[COL_DFE] == NO_COLUMN && h->at[COL_GSS] == NO_COLUMN)
        complain_missing(r, row->line, column_names[COL_GSS], "old_la_code or new_la_code says whose row it is");
    find_where(r, row);
    if (r->with->map != NULL)
        heading_map_slots(r, row, r->with->map, r->with->n_map);
    else if (h->at[COL_INDICATOR] != NO_COLUMN)
        slot_long(r, row);
    else
        slots_from_names(r, row);
    if (h->n_slots == 0)
        slots_from_table(r, row);
    if (r->header_failed)
        say_what_it_is(r, row, before);
}

bool heading_stands_again(const struct header *h, const struct row *row)
{
    size_t n_long = 0;
    if (row->n < h->n)
        return false;
    for (size_t i = 0; i < h->n; i++)
        if (strlen(row->cells[i]) > COLUMN_NAME_MAX)
            n_long++;                           /* the heading has it cut */
        else if (strcmp(row->cells[i], h->names[i]) != 0)
            return false;
    return n_long < h->n;
}
