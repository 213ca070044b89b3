/* cli/compare/rug_xlsx.c - the rug as a workbook: values shaded by letter, the letters themselves, how to read it. */
#include "cli/compare/rug.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/export.h"
#include "cli/output/output.h"
#include "cli/output/xlsx.h"
#include "cli/say.h"

enum { HEAD_ROW = 2, N_LEFT = 5, TEXT_ROOM = 256 };

struct book {
    struct lead *l;
    struct xlsx *x;
    const struct slug **columns;
    uint16_t n;                             /* of authorities */
};

static enum xlsx_shade shade_of(const struct compare_row *r)
{
    switch (r != NULL ? r->band : '\0') {
    case 'A': return XLSX_A;
    case 'B': return XLSX_B;
    case 'C': return XLSX_C;
    case 'D': return XLSX_D;
    default:  return XLSX_PLAIN;
    }
}

/* ---- both matrices ---- */

static void put_head(struct book *b, const char *title)
{
    static const char *const left[N_LEFT] = {"Indicator", "Title", "Good is", "Period", "Returns"};
    char text[WHOM_WORDS_MAX + TEXT_ROOM], period[PERIOD_TEXT_MAX], whom[WHOM_WORDS_MAX], head[RUG_HEAD_MAX];
    lead_period(&b->l->region.period, period);
    lead_whom(b->l, whom);
    (void)snprintf(text, sizeof(text), "%s, %s: %s", whom, period, title);
    xlsx_text(b->x, 0, 0, text, XLSX_TITLE);
    for (uint16_t i = 0; i < N_LEFT; i++)
        xlsx_text(b->x, HEAD_ROW, i, left[i], XLSX_HEAD);
    for (uint16_t i = 0; i < b->n; i++) {
        rug_head(b->l, b->columns[i], head);
        xlsx_text(b->x, HEAD_ROW, (uint16_t)(N_LEFT + i), head, XLSX_HEAD);
    }
    xlsx_width(b->x, 0, 0, 26);
    xlsx_width(b->x, 1, 1, 46);
    xlsx_width(b->x, 2, 4, 9);
    xlsx_width(b->x, N_LEFT, (uint16_t)(N_LEFT + b->n + 2), 12);
}

static void put_left(struct book *b, uint32_t at, const struct region_row *r)
{
    char text[TEXT_ROOM], period[PERIOD_TEXT_MAX];
    const struct definition *d = &r->definition.definition;
    lead_period(&r->period, period);
    xlsx_text(b->x, at, 0, d->id, XLSX_PLAIN);
    xlsx_text(b->x, at, 1, d->title, XLSX_PLAIN);
    xlsx_text(b->x, at, 2, d->polarity == POLARITY_NONE ? "" : polarity_name(d->polarity), XLSX_PLAIN);
    xlsx_text(b->x, at, 3, period, XLSX_PLAIN);
    (void)snprintf(text, sizeof(text), "%zu of %zu", r->c.n, r->c.n_rows);
    xlsx_text(b->x, at, 4, text, XLSX_PLAIN);
}

/* ---- the values ---- */

static void put_value(struct book *b, uint32_t at, uint16_t column, const struct region_row *r, const struct compare_row *row)
{
    char text[RUG_VALUE_MAX];
    const struct definition *d = &r->definition.definition;
    if (row != NULL && compare_row_counts(row)) {
        const struct figure *f = &row->figure.figure;
        double v = decimal_double(f->has_value ? f->value : f->numerator);
        uint8_t decimals = f->has_value ? d->decimals : 0;
        if (row->is_public)
            xlsx_number_public(b->x, at, column, v, decimals, shade_of(row));
        else
            xlsx_number(b->x, at, column, v, decimals, shade_of(row));
        return;
    }
    rug_value(row, d, text);
    xlsx_text(b->x, at, column, text, XLSX_PLAIN);
}

static void put_total(struct book *b, uint32_t at, const struct region_row *r)
{
    const struct comparison *c = &r->c;
    uint16_t column = (uint16_t)(N_LEFT + b->n);
    if (c->total.has_value)
        xlsx_number(b->x, at, column, decimal_double(c->total.value), r->definition.definition.decimals, XLSX_PLAIN);
    if (c->has_previous && c->change.has_like)
        xlsx_number(b->x, at, (uint16_t)(column + 1), decimal_double(c->change.like_pct), 1, XLSX_PLAIN);
    if (c->has_previous && c->change.has_like)
        xlsx_number(b->x, at, (uint16_t)(column + 2), (double)c->change.n_both, 0, XLSX_PLAIN);
}

static void put_values(struct book *b)
{
    static const char *const right[] = {"Change of count, %, like for like", "over so many"};
    xlsx_sheet(b->x, "Rug", HEAD_ROW + 1, 2);
    put_head(b, "values, shaded by quarter");
    xlsx_text(b->x, HEAD_ROW, (uint16_t)(N_LEFT + b->n),
              whom_is_alliance(&b->l->whom) ? desk_charter(&b->l->d)->name : "All of these", XLSX_HEAD);
    for (uint16_t i = 0; i < 2; i++)
        xlsx_text(b->x, HEAD_ROW, (uint16_t)(N_LEFT + b->n + 1 + i), right[i], XLSX_HEAD);
    for (size_t i = 0; i < b->l->region.n; i++) {
        const struct region_row *r = &b->l->region.rows[i];
        uint32_t at = (uint32_t)(HEAD_ROW + 1 + i);
        put_left(b, at, r);
        for (uint16_t a = 0; a < b->n; a++)
            put_value(b, at, (uint16_t)(N_LEFT + a), r, region_row_of(r, b->columns[a]));
        put_total(b, at, r);
    }
}

/* ---- letters, ranks, directions ---- */

static void put_letters(struct book *b)
{
    char text[TEXT_ROOM];
    xlsx_sheet(b->x, "Letters", HEAD_ROW + 1, 2);
    put_head(b, "letter, rank, and which way since the figure before");
    for (size_t i = 0; i < b->l->region.n; i++) {
        const struct region_row *r = &b->l->region.rows[i];
        uint32_t at = (uint32_t)(HEAD_ROW + 1 + i);
        put_left(b, at, r);
        for (uint16_t a = 0; a < b->n; a++) {
            const struct compare_row *row = region_row_of(r, b->columns[a]);
            if (row == NULL || !compare_row_counts(row))
                continue;
            char band[3] = {row->band, ' ', '\0'}, rank[24] = "";
            if (row->rank > 0)
                (void)snprintf(rank, sizeof(rank), "%zu ", row->rank);
            (void)snprintf(text, sizeof(text), "%s%s%s%s", row->band != 0 ? band : "", rank, direction_name(direction_of_row(row)),
                           row->is_public ? " public" : rug_is_revised(row) ? " revised" : "");
            xlsx_text(b->x, at, (uint16_t)(N_LEFT + a), text, shade_of(row));
        }
    }
}

/* ---- how to read it ---- */

static void put_missing(struct book *b, uint32_t at, const struct region_row *r)
{
    struct buf who = buf_on(XLSX_TEXT_MAX);
    for (size_t i = 0; i < r->c.n_rows; i++)
        if (compare_row_is_missing(&r->c.rows[i]) && (r->c.rows[i].is_member || b->l->whom.n_only > 0))
            buf_printf(&who, "%s%s (%s)", who.len > 0 ? ", " : "", r->c.rows[i].slug.s, compare_row_status(&r->c.rows[i]));
    const char *text = buf_str(&who);
    if (text == NULL && buf_status(&who) == ERR_NOMEM)
        session_lacks(b->l->d.s, ERR_NOMEM);
    xlsx_text(b->x, at, 0, r->definition.definition.id, XLSX_PLAIN);
    xlsx_text(b->x, at, 1, text != NULL && text[0] != '\0' ? text : "nobody", XLSX_PLAIN);
    buf_release(&who);
}

static void put_words(struct book *b)
{
    static const char *const lines[] = {
        "Letters: quarters of these authorities, A the best; - where they hardly differ; none where neither high nor low is "
        "good.",
        "Colours repeat the letters and say nothing else. Ranks: 1 is best, ties share the lowest number.",
        "Directions: since each authority's figure before. The region: sums of counts; its change like for like, over the "
        "authorities",
        "usable in both periods.",
        ". nothing returned; wd withdrawn; def published under another definition; c z x u k low: symbols of the statistics, "
        "never zero.",
        "p and `public`: a figure that others published, imported here: signed by nobody in this alliance, and nobody's return.",
    };
    const uint32_t n = sizeof(lines) / sizeof(lines[0]);
    xlsx_sheet(b->x, "How to read it", 0, 0);
    xlsx_width(b->x, 0, 0, 26);
    xlsx_width(b->x, 1, 1, 110);
    xlsx_text(b->x, 0, 0, "How to read it", XLSX_TITLE);
    for (uint32_t i = 0; i < n; i++)
        xlsx_text(b->x, i + 1, 0, lines[i], XLSX_PLAIN);
    xlsx_text(b->x, n + 2, 0, "Who is missing", XLSX_TITLE);
    for (size_t i = 0; i < b->l->region.n; i++)
        put_missing(b, (uint32_t)(n + 3 + i), &b->l->region.rows[i]);
}

enum exit_status rug_xlsx(struct lead *l, const char *file)
{
    char folder[FILE_PATH_MAX];
    bool is_stdout = false;
    struct buf bytes = buf_on(XLSX_BYTES_MAX);
    home_path(&l->d.s->home, HOME_PRIVATE, folder);
    struct book b = {.l = l, .x = xlsx_new(folder), .columns = rug_columns(l), .n = (uint16_t)l->region.n_authorities};
    enum err e = b.x != NULL && b.columns != NULL ? OK : ERR_NOMEM;
    if (e == OK) {
        put_values(&b);
        put_letters(&b);
        put_words(&b);
        e = xlsx_end(b.x, &bytes);
    }
    enum exit_status st = e == OK ? export_whole(l->d.s, file, buf_bytes(&bytes), &is_stdout)
                                  : say_failed(l->d.s, e, NULL, "making the workbook");
    if (st == EXIT_OK && !is_stdout)
        out(l->d.s, "%s: %zu indicator%s, %zu authorit%s; a sheet of values, one of letters, and how to read it\n", file,
            l->region.n, l->region.n == 1 ? "" : "s", l->region.n_authorities, l->region.n_authorities == 1 ? "y" : "ies");
    xlsx_free(b.x);
    free(b.columns);
    buf_release(&bytes);
    return st;
}
