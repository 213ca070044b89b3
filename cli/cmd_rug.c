/* cli/cmd_rug.c - all indicators and all authorities on one page. */
#include "cli/commands.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/compare/rug.h"
#include "cli/output/blocks.h"
#include "cli/output/figure.h"
#include "cli/output/output.h"
#include "cli/output/text.h"
#include "cli/output/width.h"
#include "cli/say.h"

const struct option_spec options_rug[] = {
    WHOM_OPTIONS,
    LEAD_AUTHORITY,
    LEAD_OPTIONS,
    {"xlsx", 0, OPTION_VALUE, "FILE", "write it as a workbook, shaded"},
    OPTIONS_END,
};

enum { N_FIXED = 2, CELL_MAX = 96 };

/* ---- for spreadsheets and programs: a row a cell ---- */

static const struct column flat[] = {
    {"indicator", "indicator", 0}, {"title", "title", 0}, {"polarity", "polarity", 0}, {"period", "period", 0},
    {"slug", "slug", 0}, {"name", "name", 0}, {"value", "value", COLUMN_NUMBER}, {"numerator", "numerator", COLUMN_NUMBER},
    {"raw", "raw", COLUMN_NUMBER}, {"status", "status", 0}, {"rank", "rank", COLUMN_NUMBER}, {"band", "band", 0},
    {"direction", "direction", 0}, {"revised", "revised", 0}, {"record", "record", 0},
    {"source", "source", 0}, {"reference", "reference", 0}, {"vintage", "vintage", 0},
};

static void add_flat(struct sheet *sh, const struct region_row *r, const struct compare_row *row)
{
    const struct definition *d = &r->definition.definition;
    const struct figure *f = &row->figure.figure;
    char period[PERIOD_TEXT_MAX], band[2] = {row->band, '\0'};
    bool counts = compare_row_counts(row);
    lead_period(&r->period, period);
    sheet_row(sh);
    sheet_text(sh, d->id);
    sheet_text(sh, d->title);
    sheet_text(sh, polarity_name(d->polarity));
    sheet_text(sh, period);
    sheet_text(sh, row->slug.s);
    sheet_text(sh, row->name);
    sheet_figure(sh, counts && f->has_value, f->value, d->decimals, "");
    sheet_number(sh, counts && f->has_numerator, f->numerator);
    if (row->has_raw)
        sheet_real(sh, row->raw, d->decimals);
    else
        sheet_null(sh);
    sheet_text(sh, compare_row_status(row));
    if (row->rank > 0)
        sheet_count(sh, (int64_t)row->rank);
    else
        sheet_null(sh);
    sheet_text(sh, row->band != 0 ? band : NULL);
    sheet_text(sh, row->has_change ? direction_name(direction_of_row(row)) : NULL);
    sheet_bool(sh, rug_is_revised(row));
    sheet_text(sh, row->has_figure && !row->is_public ? row->figure.record : NULL);
    sheet_text(sh, compare_row_source(row));
    sheet_text(sh, row->is_public ? r->c.sources[row->source].source : NULL);
    sheet_text(sh, row->is_public ? r->c.sources[row->source].vintage : NULL);
}

/* Of a body that is no member a row where somebody published a figure of it; all of them would be a hundred empty ones. */
static bool has_flat(const struct lead *l, const struct compare_row *row)
{
    return row->is_member || row->has_figure || l->whom.n_only > 0;
}

static enum exit_status answer_flat(struct lead *l)
{
    struct sheet *sh = sheet_new(flat, sizeof(flat) / sizeof(flat[0]));
    for (size_t i = 0; i < l->region.n; i++)
        for (size_t j = 0; j < l->region.rows[i].c.n_rows; j++)
            if (has_flat(l, &l->region.rows[i].c.rows[j]))
                add_flat(sh, &l->region.rows[i], &l->region.rows[i].c.rows[j]);
    enum exit_status st = output(l->d.s, json_document(l->d.s), sh);
    sheet_free(sh);
    return st;
}

/* ---- for people ---- */

static enum style style_of(char band)
{
    return band == 'A' ? STYLE_GOOD : band == 'C' ? STYLE_WARN : band == 'D' ? STYLE_BAD : STYLE_PLAIN;
}

/* Of the authorities' values, and of the region's. */
static size_t value_width(const struct lead *l, size_t *ret_region)
{
    char text[RUG_VALUE_MAX];
    size_t width = 1;
    for (size_t i = 0; i < l->region.n; i++) {
        const struct region_row *r = &l->region.rows[i];
        for (size_t j = 0; j < r->c.n_rows; j++) {
            rug_value(&r->c.rows[j], &r->definition.definition, text);
            width = text_width(text) > width ? text_width(text) : width;
        }
        rug_region_value(r, text);
        *ret_region = text_width(text) > *ret_region ? text_width(text) : *ret_region;
    }
    return width;
}

/* " 27.0 A ↑*" */
static void add_cell(struct sheet *sh, const char *value, size_t width, char band, enum direction way, const char *sign)
{
    char text[CELL_MAX];
    size_t used = text_width(value);
    (void)snprintf(text, sizeof(text), "%*s%s %c %s%s", (int)(width > used ? width - used : 0), "", value, band != 0 ? band : ' ',
                   direction_arrow(way), sign[0] != '\0' ? sign : " ");
    sheet_text(sh, text);
    sheet_style(sh, style_of(band));
}

static void add_row(struct sheet *sh, const struct lead *l, const struct region_row *r, const struct slug *const *columns,
                    size_t width, size_t region_width)
{
    char text[RUG_VALUE_MAX];
    const struct definition *d = &r->definition.definition;
    sheet_row(sh);
    sheet_text(sh, d->id);
    sheet_text(sh, d->polarity == POLARITY_NONE ? "" : polarity_name(d->polarity));
    for (size_t i = 0; i < l->region.n_authorities; i++) {
        const struct compare_row *row = region_row_of(r, columns[i]);
        rug_value(row, d, text);
        add_cell(sh, text, width, row != NULL ? row->band : '\0', row != NULL ? direction_of_row(row) : DIRECTION_NONE,
                 rug_sign(row));
    }
    rug_region_value(r, text);
    add_cell(sh, text, region_width, '\0', direction_of_total(&r->c), "");
}

static void say_how(struct lead *l)
{
    struct session *s = l->d.s;
    out(s, "\n");
    out_wrapped(
        s, "",
        "Letters: quarters of these authorities, A the best; - where they hardly differ; none where neither high nor low "
        "is good. Arrows: since each one's figure before. The region is a sum of counts, its arrow like for like, over those "
        "usable in both periods; where no denominator is published it is the change of that count.");
    out_wrapped(s, "", "* revised since first published; # a count, no value was published; . nothing returned; wd withdrawn; def "
                "under another definition; c z x u k low: see `folkmoot help symbols`.");
    if (!whom_is_alliance(&l->whom))
        out_wrapped(s, "", "p published by others: a public figure, signed by nobody here and nobody's return.");
    lead_say_sources(l);
    lead_say_successions(l);
    lead_say_periods(l);
    lead_say_missing(l, false);
}

static void say_head(const struct lead *l)
{
    char period[PERIOD_TEXT_MAX];
    char whom[WHOM_WORDS_MAX], others[64] = "";
    size_t n_public, n = lead_returned(l, &n_public);
    lead_period(&l->region.period, period);
    lead_whom(l, whom);
    if (n_public > 0)
        (void)snprintf(others, sizeof(others), ", %zu with public ones only", n_public);
    out(l->d.s, "%s, %s: %zu %s, %zu of %zu authorities with figures%s\n\n", whom, period, l->region.n,
        l->region.n == 1 ? "indicator" : "indicators", n, l->region.n_authorities, others);
}

static enum exit_status answer_people(struct lead *l)
{
    struct session *s = l->d.s;
    size_t n = l->region.n_authorities, region_width = 1, width = value_width(l, &region_width);
    const struct slug **columns = rug_columns(l);
    struct column *heads = calloc(n + N_FIXED + 1, sizeof(*heads));
    char (*names)[RUG_HEAD_MAX] = calloc(n + 1, sizeof(*names));
    enum err e = heads != NULL && columns != NULL && names != NULL ? OK : ERR_NOMEM;
    if (e == OK) {
        heads[0] = (struct column){"indicator", "indicator", 0};
        heads[1] = (struct column){"good", "good is", 0};
        for (size_t i = 0; i < n; i++) {
            rug_head(l, columns[i], names[i]);
            heads[N_FIXED + i] = (struct column){columns[i]->s, names[i], 0};
        }
        heads[N_FIXED + n] = (struct column){"region", whom_is_alliance(&l->whom) ? desk_charter(&l->d)->name : "all of these", 0};
        struct sheet *sh = sheet_new(heads, n + N_FIXED + 1);
        for (size_t i = 0; i < l->region.n; i++)
            add_row(sh, l, &l->region.rows[i], columns, width, region_width);
        e = sheet_status(sh);
        if (e == OK) {
            say_head(l);
            blocks_print(s, sh, N_FIXED, output_width(s));
            say_how(l);
        }
        sheet_free(sh);
    }
    free(columns);
    free(heads);
    free(names);
    e = e == OK ? s->failed : e;
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "cannot print the answer");
}

static enum exit_status rug(struct lead *l)
{
    const char *xlsx = option_value(&l->d.s->options, "xlsx");
    if (xlsx != NULL) {
        enum exit_status st = rug_xlsx(l, xlsx);
        if (st != EXIT_OK || l->d.s->mode == OUTPUT_TEXT)
            return st;
    }
    switch (l->d.s->mode) {
    case OUTPUT_JSON: return output(l->d.s, rug_json(l), NULL);
    case OUTPUT_CSV:  return answer_flat(l);
    case OUTPUT_TEXT: break;
    }
    return answer_people(l);
}

enum exit_status cmd_rug(struct session *s)
{
    return lead_run(s, rug);
}
