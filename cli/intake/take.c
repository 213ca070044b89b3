/* cli/intake/take.c - one row of a file -> its figures (inside.h). */
#include "cli/intake/inside.h"

#include <stdlib.h>
#include <string.h>

#include "cli/day.h"
#include "cli/output/text.h"

const char *row_cell(const struct row *row, size_t column)
{
    return column != NO_COLUMN && column < row->n ? row->cells[column] : "";
}

bool row_holds(const struct row *row, const struct intake_conditions *all, const size_t *columns)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(row_cell(row, columns[i]), all->all[i].value) != 0)
            return false;
    return true;
}

static const char *own_cell(const struct reading *r, const struct row *row, enum intake_column c)
{
    return row_cell(row, r->header->at[c]);
}

static const char *name_of(const struct reading *r, size_t column)
{
    return column != NO_COLUMN ? r->header->names[column] : NULL;
}

static bool is_wanted(const struct reading *r, const struct row *row)
{
    for (size_t i = 0; i < r->with->n_where; i++)
        if (strcmp(row_cell(row, r->header->where[i]), r->with->where[i].value) != 0)
            return false;
    return true;
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

/* What becomes a note: lines end as they do in records. NULL when there is none, or it was complained of. */
static char *comment_of(struct reading *r, const struct row *row)
{
    const char *text = own_cell(r, row, COL_COMMENT);
    struct post note = {.type = "note"};
    size_t len = 0;
    if (text[0] == '\0')
        return NULL;
    for (size_t i = 0; text[i] != '\0' && len <= POST_TEXT_MAX; i++)
        if (text[i] != '\r' && len++ < POST_TEXT_MAX)
            note.text[len - 1] = text[i];
    if (len > POST_TEXT_MAX)
        problem_add(r, row->line, name_of(r, r->header->at[COL_COMMENT]), "shorten it", "a comment of more than %d bytes",
                    POST_TEXT_MAX);
    else if (post_check(&note) != OK)
        problem_add(r, row->line, name_of(r, r->header->at[COL_COMMENT]), "write plain text",
                    "the comment holds control characters");
    else {
        char *copy = strdup(note.text);
        if (copy == NULL)
            r->failed = ERR_NOMEM;
        return copy;
    }
    return NULL;
}

static bool take_vintage(struct reading *r, const struct row *row, char ret[DATE_TEXT_SIZE])
{
    const char *date = own_cell(r, row, COL_VINTAGE);
    uint64_t ms;
    if (date[0] != '\0' && (strlen(date) >= DATE_TEXT_SIZE || day_end(date, &ms) != OK)) {
        problem_add(r, row->line, name_of(r, r->header->at[COL_VINTAGE]), "write 2024-11-01", "`%.60s` is no date", date);
        return false;
    }
    snprintf(ret, DATE_TEXT_SIZE, "%s", date[0] != '\0' ? date : r->with->vintage);
    return true;
}

static void figure_keep(struct reading *r, const struct row *row, const struct figure *f, const struct definition *d)
{
    struct intake *in = r->in;
    if (in->n_figures == INTAKE_FIGURES_MAX) {
        problem_add(r, row->line, NULL, reading_in_parts(r), "more than %d figures at a time", INTAKE_FIGURES_MAX);
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
    struct intake_figure *kept = &in->figures[in->n_figures];
    *kept = (struct intake_figure){.figure = *f, .place = r->place, .definition = d, .file = r->file, .line = row->line};
    if (!r->with->everybody)
        kept->comment = comment_of(r, row);
    else if (!take_vintage(r, row, kept->vintage))
        return;
    in->n_figures++;
    in->files[r->file].n_figures++;
}

static const struct beside *beside_of(struct reading *r, const struct row *row, const struct slot *slot)
{
    if (slot->map == NULL || slot->map->beside.n == 0)
        return NULL;
    return beside_find(r, (size_t)(slot - r->header->slots), own_cell(r, row, COL_PERIOD), own_cell(r, row, COL_IDENTIFIER));
}

/* The line that a part stands in. */
static uint64_t line_of(struct reading *r, const struct row *row, const struct slot *slot, enum part part)
{
    const struct beside *b = part == PART_DENOMINATOR ? beside_of(r, row, slot) : NULL;
    return b != NULL ? b->line : row->line;
}

/* *ret: what the slot's denominator cell says, in whatever row it stands; false when it is bad or missing, and that was said. */
static bool denominator_text(struct reading *r, const struct row *row, const struct slot *slot, const char **ret)
{
    *ret = row_cell(row, slot->part[PART_DENOMINATOR]);
    if (slot->map == NULL || slot->map->beside.n == 0)
        return true;
    const struct beside *b = beside_of(r, row, slot);
    if (b == NULL && !whole_is_watched(r))      /* where it is, whole_check() says it */
        problem_add(r, row->line, name_of(r, slot->part[PART_DENOMINATOR]), "add the row, or correct its words",
                    "no row of this period holds the denominator of %s", slot->indicator);
    if (b != NULL)
        *ret = b->text;
    return b != NULL && !b->is_bad;
}

static bool read_parts(struct reading *r, const struct row *row, const struct slot *slot,
                       struct cell_content ret[PART_COUNT])
{
    struct complaint why;
    const char *text[PART_COUNT] = {[PART_NUMERATOR] = row_cell(row, slot->part[PART_NUMERATOR]),
                                    [PART_VALUE] = row_cell(row, slot->part[PART_VALUE])};
    bool good = denominator_text(r, row, slot, &text[PART_DENOMINATOR]);
    if (!good)
        text[PART_DENOMINATOR] = "";
    for (size_t p = 0; p < PART_COUNT; p++)
        if (cell_read(text[p], &ret[p], &why) != OK) {
            problem_add_complaint(r, row->line, name_of(r, slot->part[p]), &why);
            good = false;
        }
    return good;
}

static void keep_part(const struct cell_content *c, bool *ret_has, struct decimal *ret)
{
    *ret_has = c->says == CELL_NUMBER;
    *ret = *ret_has ? c->number : (struct decimal){0};
}

/* Parts of regions and of England stand to the nearest ten, and the value was divided before. */
static bool is_rounded(const struct reading *r, const struct cell_content parts[PART_COUNT])
{
    return r->place.area != NULL && parts[PART_VALUE].says == CELL_NUMBER;
}

/* They were not looked at when the value was. */
static void keep_rounded_parts(const struct reading *r, const struct cell_content parts[PART_COUNT], struct figure *ret)
{
    if (!is_rounded(r, parts))
        return;
    keep_part(&parts[PART_NUMERATOR], &ret->has_numerator, &ret->numerator);
    keep_part(&parts[PART_DENOMINATOR], &ret->has_denominator, &ret->denominator);
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
    const struct cell_content alone[PART_COUNT] = {[PART_VALUE] = parts[PART_VALUE]};
    enum err e = cells_decide(d, is_rounded(r, parts) ? alone : parts, r->with->base, &f, &is_zero_of_zero, &at_fault, &why);
    if (e == ERR_UNKNOWN && slot->indicator != NULL && slot->map == NULL)
        return;                                 /* a wide row need not have every indicator */
    if (e == ERR_UNKNOWN && r->with->everybody) {
        r->in->n_empty++;
        return;
    }
    if (e == ERR_UNKNOWN) {
        problem_add(r, row->line, name_of(r, slot->part[PART_VALUE]), "give a number, or the symbol that says why there is none",
                    "the row says nothing about %s", d->id);
        return;
    }
    if (e != OK) {
        problem_add_complaint(r, line_of(r, row, slot, at_fault), name_of(r, slot->part[at_fault]), &why);
        return;
    }
    if (!keep)
        return;
    snprintf(f.indicator, sizeof(f.indicator), "%s", d->id);
    f.definition = r->with->hash != NULL ? r->with->hash(r->with->arg, d) : definition_hash(d);
    if (figure_check(&f) != OK) {
        problem_add(r, row->line, name_of(r, r->header->at[COL_BREAKDOWN]), "key=value;key=value, keys in order of the alphabet",
                    "the breakdown is not in its form");
        return;
    }
    r->in->n_zero_of_zero += is_zero_of_zero;
    keep_rounded_parts(r, parts, &f);
    figure_keep(r, row, &f, d);
}

/* In a file of many indicators, few of them ours. */
static bool passes_over(struct reading *r, const struct row *row)
{
    bool passes = r->with->known_only && reading_definition(r, own_cell(r, row, COL_INDICATOR)) == NULL;
    r->in->n_unknown += passes;
    return passes;
}

static void take_slots(struct reading *r, const struct row *row)
{
    const struct header *h = r->header;
    if (passes_over(r, row))
        return;
    struct figure f = {.marking = r->with->marking, .reason = r->with->reason};
    bool has_period = row_period(r, row, &f), has_breakdown = row_breakdown(r, row, &f);
    for (size_t i = 0; i < h->n_slots; i++) {
        const struct slot *s = &h->slots[i];
        if (s->map == NULL || row_holds(row, &s->map->where, s->where))
            take_slot(r, row, s, f, has_period && has_breakdown);
    }
    whole_note(r, row);
}

static enum row_owner owner_of(struct reading *r, const struct row *row)
{
    return r->with->everybody ? row_place(r, row) : row_owner(r, row);
}

/* The first of two passes looks for denominators only: what is wrong with a row is said in the second. */
static void gather_row(struct reading *r, const struct row *row)
{
    size_t n_problems = r->in->n_problems;
    uint64_t n_more = r->in->n_problems_more;
    bool is_ours = owner_of(r, row) == ROW_OURS;
    r->in->n_problems = n_problems;
    r->in->n_problems_more = n_more;
    if (is_ours && row->n >= r->header->n)
        beside_keep(r, row);
}

static void name_other(struct reading *r, const struct row *row)
{
    static const enum intake_column names[] = {COL_NAME, COL_DFE, COL_GSS};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && r->in->first_other[0] == '\0'; i++)
        text_clean_into(own_cell(r, row, names[i]), r->in->first_other, sizeof(r->in->first_other));
}

void row_take(struct reading *r, const struct row *row)
{
    if (r->is_gathering) {
        gather_row(r, row);
        return;
    }
    r->in->files[r->file].n_rows++;
    if (heading_stands_again(r->header, row)) {
        problem_add(r, row->line, NULL, "delete the row: were two files put behind each other?", "the heading stands here again");
        return;
    }
    if (!shape_is_good(r, row))
        return;
    if (!is_wanted(r, row)) {
        r->in->n_not_wanted++;
        return;
    }
    enum row_owner whose = owner_of(r, row);
    if (whose == ROW_OTHERS && r->in->n_other_authority++ == 0)
        name_other(r, row);
    if (whose == ROW_OURS)
        take_slots(r, row);
}
