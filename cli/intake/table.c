/* cli/intake/table.c - the DfE's tables whose columns we know: which of them is this file? (inside.h) */
#include "cli/intake/inside.h"

#include <string.h>

#include "cli/register/embedded.h"

/* Row 0 is the header; the rows of one table stand together. */
static size_t table_begin(size_t table)
{
    size_t row = 1;
    for (; row < csv_ees_maps_rows; row++) {
        if (row > 1 && strcmp(csv_ees_maps[row][EM_table], csv_ees_maps[row - 1][EM_table]) == 0)
            continue;
        if (table-- == 0)
            break;
    }
    return row;
}

const char *intake_table_name(size_t table)
{
    size_t row = table_begin(table);
    return row < csv_ees_maps_rows ? csv_ees_maps[row][EM_table] : NULL;
}

/* A unit test holds the embedded file against these limits. */
static bool map_fill(const char *const *row, struct intake_map *ret)
{
    return bytes_to_str(bytes_of(row[EM_indicator]), ret->indicator, sizeof(ret->indicator)) == OK &&
           bytes_to_str(bytes_of(row[EM_numerator]), ret->numerator, sizeof(ret->numerator)) == OK &&
           bytes_to_str(bytes_of(row[EM_denominator]), ret->denominator, sizeof(ret->denominator)) == OK &&
           bytes_to_str(bytes_of(row[EM_value]), ret->value, sizeof(ret->value)) == OK &&
           intake_conditions_parse(row[EM_where], &ret->where) == OK &&
           intake_conditions_parse(row[EM_denominator_where], &ret->beside) == OK;
}

size_t intake_table_maps(size_t table, struct intake_map *ret, size_t max)
{
    size_t n = 0;
    const char *name = intake_table_name(table);
    for (size_t row = table_begin(table); name != NULL && row < csv_ees_maps_rows && n < max; row++) {
        if (strcmp(csv_ees_maps[row][EM_table], name) != 0)
            break;
        ret[n] = (struct intake_map){.indicator = ""};
        if (map_fill(csv_ees_maps[row], &ret[n]))
            n++;
    }
    return n;
}

/* How much of a table a file has. */
struct fit {
    size_t n_found, n_lacking;
    const char *lacks;
};

static void fit_column(struct fit *f, const struct header *h, const char *name)
{
    if (name[0] == '\0')
        return;
    if (column_find(h, name) != NO_COLUMN)
        f->n_found++;
    else if (f->n_lacking++ == 0)
        f->lacks = name;
}

static struct fit fit_of(const struct header *h, const struct intake_map *maps, size_t n)
{
    struct fit f = {.lacks = NULL};
    for (size_t i = 0; i < n; i++) {
        fit_column(&f, h, maps[i].numerator);
        fit_column(&f, h, maps[i].denominator);
        fit_column(&f, h, maps[i].value);
        for (size_t c = 0; c < maps[i].where.n; c++)
            fit_column(&f, h, maps[i].where.all[c].column);
        for (size_t c = 0; c < maps[i].beside.n; c++)
            fit_column(&f, h, maps[i].beside.all[c].column);
    }
    return f;
}

/* Of two that fit whole the one with more columns is meant; one that fits by half or more is nearly meant. */
bool heading_choose_table(struct reading *r, const struct row *row, const char **ret_near, char ret_lacks[COLUMN_NAME_MAX + 1])
{
    struct header *h = r->header;
    size_t best = SIZE_MAX, best_found = 0, near_found = 0, n;
    *ret_near = NULL;
    for (size_t t = 0; (n = intake_table_maps(t, h->table, INTAKE_SLOTS_MAX)) > 0; t++) {
        struct fit f = fit_of(h, h->table, n);
        if (f.n_lacking == 0 && f.n_found > best_found) {
            best = t;
            best_found = f.n_found;
        } else if (f.n_found >= f.n_lacking && f.n_found > near_found) {
            near_found = f.n_found;
            *ret_near = intake_table_name(t);
            snprintf(ret_lacks, COLUMN_NAME_MAX + 1, "%s", f.lacks);        /* h->table is filled again */
        }
    }
    if (best == SIZE_MAX)
        return false;
    h->n_table = intake_table_maps(best, h->table, INTAKE_SLOTS_MAX);
    heading_map_slots(r, row, h->table, h->n_table);
    snprintf(r->in->files[r->file].map, INTAKE_NAME_MAX + 1, "%s", intake_table_name(best));
    return true;
}
