/* cli/intake/take.c - one row of a file -> its figures (inside.h). */
#include "cli/intake/inside.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/period.h"
#include "cli/register/register.h"

static const char *cell(const struct row *row, size_t column)
{
    return column != NO_COLUMN && column < row->n ? row->cells[column] : "";
}

static const char *own_cell(const struct reading *r, const struct row *row, enum intake_column c)
{
    return cell(row, r->header->at[c]);
}

static const char *name_of(const struct reading *r, size_t column)
{
    return column != NO_COLUMN ? r->header->names[column] : NULL;
}

static bool is_wanted(const struct reading *r, const struct row *row)
{
    for (size_t i = 0; i < r->with->n_where; i++)
        if (strcmp(cell(row, r->header->where[i]), r->with->where[i].value) != 0)
            return false;
    return true;
}

/* By either code; an old GSS code is the body's own where its DfE code went on. */
static bool is_ours(const struct reading *r, const struct row *row)
{
    const char *dfe = own_cell(r, row, COL_DFE), *gss = own_cell(r, row, COL_GSS);
    const char *level = own_cell(r, row, COL_LEVEL);
    if (r->header->at[COL_LEVEL] != NO_COLUMN && strcasecmp(level, "Local authority") != 0)
        return false;
    if (r->with->dfe[0] != '\0' && strcmp(dfe, r->with->dfe) == 0)
        return true;
    if (gss[0] == '\0')
        return false;
    if (strcasecmp(gss, r->with->gss) == 0)
        return true;
    const struct authority *theirs = r->with->dfe[0] != '\0' && dfe[0] == '\0' ? register_by_gss(gss) : NULL;
    return theirs != NULL && strcmp(theirs->dfe, r->with->dfe) == 0;
}

static bool shape_is_good(struct reading *r, const struct row *row)
{
    size_t n = r->header->n;
    for (size_t i = n; i < row->n; i++)
        if (row->cells[i][0] != '\0') {
            problem_add(r, row->line, NULL, "put quotes around a cell that holds a comma",
                        "the row has %zu cells, the header %zu", row->n, n);
            return false;
        }
    if (row->n >= n)
        return true;
    problem_add(r, row->line, NULL, "fill the row up", "the row has %zu cells, the header %zu", row->n, n);
    return false;
}

static bool take_period(struct reading *r, const struct row *row, struct figure *ret)
{
    const char *code = own_cell(r, row, COL_PERIOD), *identifier = own_cell(r, row, COL_IDENTIFIER);
    struct period_asked meant;
    char remedy[200] = "4 digits for a year, 6 for two years running: 2024, 202425";
    if (!period_code_is_valid(code)) {
        if (period_parse(code, &meant) == OK && meant.kind == PERIOD_NAMED)
            snprintf(remedy, sizeof(remedy), "write %s%s%s", meant.code,
                     meant.identifier[0] != '\0' ? ", with the identifier " : "", meant.identifier);
        problem_add(r, row->line, name_of(r, r->header->at[COL_PERIOD]), remedy, "`%.60s` is no period", code);
        return false;
    }
    if (identifier[0] == '\0')
        identifier = strlen(code) == 4 ? "Reporting year" : "Financial year";
    if (!period_is_valid(code, identifier)) {
        problem_add(r, row->line, name_of(r, r->header->at[COL_IDENTIFIER]),
                    strlen(code) == 4 ? "Reporting year or Calendar year" :
                                        "Financial year, Academic year, or Financial year Q1 to Q4",
                    "`%.60s` does not go with the period %s", identifier, code);
        return false;
    }
    snprintf(ret->period, sizeof(ret->period), "%s", code);
    snprintf(ret->time_identifier, sizeof(ret->time_identifier), "%s", period_identifier(identifier));
    return true;
}

static bool take_breakdown(struct reading *r, const struct row *row, struct figure *ret)
{
    const char *breakdown = own_cell(r, row, COL_BREAKDOWN);
    if (strlen(breakdown) > BREAKDOWN_MAX) {
        problem_add(r, row->line, name_of(r, r->header->at[COL_BREAKDOWN]), "at most 160 bytes", "the breakdown is too long");
        return false;
    }
    memcpy(ret->breakdown, breakdown, strlen(breakdown) + 1);
    return true;
}

static const struct definition *take_indicator(struct reading *r, const struct row *row, const struct slot *slot)
{
    char remedy[200] = "`folkmoot indicators` lists them";
    const char *id = slot->indicator != NULL ? slot->indicator : own_cell(r, row, COL_INDICATOR);
    const struct definition *d = reading_definition(r, id);
    if (d != NULL)
        return d;
    const char *near = reading_nearest(r, id);
    if (near != NULL)
        snprintf(remedy, sizeof(remedy), "did you mean `%.63s`?", near);
    if (id[0] == '\0')
        problem_add(r, row->line, name_of(r, r->header->at[COL_INDICATOR]), remedy, "the indicator is missing");
    else
        problem_add(r, row->line, name_of(r, r->header->at[COL_INDICATOR]), remedy, "there is no indicator `%.63s`", id);
    return NULL;
}

/* A file that multiplies by something else does not mean our indicator. */
static bool multiplier_is_good(struct reading *r, const struct row *row, const struct definition *d)
{
    const char *text = own_cell(r, row, COL_MULTIPLIER);
    struct cell_content c;
    struct complaint why;
    char remedy[200];
    if (text[0] == '\0')
        return true;
    if (cell_read(text, &c, &why) == OK && c.says == CELL_NUMBER &&
        decimal_compare(c.number, (struct decimal){d->multiplier, 0}) == 0)
        return true;
    snprintf(remedy, sizeof(remedy), "%s is defined with %u: is it the same indicator?", d->id, d->multiplier);
    problem_add(r, row->line, name_of(r, r->header->at[COL_MULTIPLIER]), remedy, "the multiplier is `%.60s`", text);
    return false;
}

static void figure_keep(struct reading *r, const struct row *row, const struct figure *f, const struct definition *d)
{
    struct intake *in = r->in;
    if (in->n_figures == INTAKE_FIGURES_MAX) {
        problem_add(r, row->line, NULL, "publish in parts", "more than %d figures at a time", INTAKE_FIGURES_MAX);
        return;
    }
    if (in->n_figures == r->cap_figures) {
        size_t cap = r->cap_figures == 0 ? 256 : r->cap_figures * 2;
        struct intake_figure *grown = realloc(in->figures, cap * sizeof(*grown));
        if (grown == NULL) {
            r->failed = ERR_NOMEM;
            return;
        }
        in->figures = grown;
        r->cap_figures = cap;
    }
    in->figures[in->n_figures++] = (struct intake_figure){.figure = *f, .definition = d, .file = r->file, .line = row->line};
    in->files[r->file].n_figures++;
}

static bool read_parts(struct reading *r, const struct row *row, const struct slot *slot,
                       struct cell_content ret[PART_COUNT])
{
    struct complaint why;
    bool good = true;
    for (size_t p = 0; p < PART_COUNT; p++)
        if (cell_read(cell(row, slot->part[p]), &ret[p], &why) != OK) {
            problem_add_complaint(r, row->line, name_of(r, slot->part[p]), &why);
            good = false;
        }
    return good;
}

/* With `keep` false something else is wrong with the row: what is wrong here is said too, but no figure comes of it. */
static void take_slot(struct reading *r, const struct row *row, const struct slot *slot, struct figure f, bool keep)
{
    struct cell_content parts[PART_COUNT];
    struct complaint why;
    enum part at_fault = PART_VALUE;
    bool is_zero_of_zero = false;
    const struct definition *d = take_indicator(r, row, slot);
    bool is_good = read_parts(r, row, slot, parts);
    if (d == NULL || !is_good || !multiplier_is_good(r, row, d))
        return;
    enum err e = cells_decide(d, parts, r->with->base, &f, &is_zero_of_zero, &at_fault, &why);
    if (e == ERR_UNKNOWN && slot->indicator != NULL)
        return;                                 /* a wide row need not have every indicator */
    if (e == ERR_UNKNOWN) {
        problem_add(r, row->line, name_of(r, slot->part[PART_VALUE]), "give a number, or the symbol that says why there is none",
                    "the row says nothing about %s", d->id);
        return;
    }
    if (e != OK) {
        problem_add_complaint(r, row->line, name_of(r, slot->part[at_fault]), &why);
        return;
    }
    if (!keep)
        return;
    snprintf(f.indicator, sizeof(f.indicator), "%s", d->id);
    f.definition = definition_hash(d);
    if (figure_check(&f) != OK) {
        problem_add(r, row->line, name_of(r, r->header->at[COL_BREAKDOWN]), "key=value;key=value, keys in order of the alphabet",
                    "the breakdown is not in its form");
        return;
    }
    r->in->n_zero_of_zero += is_zero_of_zero;
    figure_keep(r, row, &f, d);
}

void row_take(struct reading *r, const struct row *row)
{
    const struct header *h = r->header;
    struct figure f = {.marking = r->with->marking, .reason = r->with->reason};
    r->in->files[r->file].n_rows++;
    if (!shape_is_good(r, row))
        return;
    if (!is_wanted(r, row)) {
        r->in->n_not_wanted++;
        return;
    }
    if (!is_ours(r, row)) {
        r->in->n_other_authority++;
        return;
    }
    bool has_period = take_period(r, row, &f), has_breakdown = take_breakdown(r, row, &f);
    for (size_t i = 0; i < h->n_slots; i++) {
        const struct slot *s = &h->slots[i];
        if (s->where_column == NO_COLUMN || strcmp(cell(row, s->where_column), s->where_value) == 0)
            take_slot(r, row, s, f, has_period && has_breakdown);
    }
}
