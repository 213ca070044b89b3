#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/report/inside.h"

/* ---- the order of the rows: the best first, else the largest; without a number behind, by name ---- */

struct placed { const struct compare_row *row; size_t authority; };

static double key_of(const struct page *p, const struct report_indicator *i, const struct compare_row *row)
{
    (void)p;
    double v = row_value(i, row);
    return i->row->definition.definition.polarity == POLARITY_LOW ? -v : v;
}

static bool stands_before(const struct page *p, const struct report_indicator *i, const struct placed *a, const struct placed *b)
{
    bool has_a = a->row != NULL && compare_row_counts(a->row), has_b = b->row != NULL && compare_row_counts(b->row);
    if (has_a != has_b)
        return has_a;
    double x = has_a ? key_of(p, i, a->row) : 0, y = has_b ? key_of(p, i, b->row) : 0;
    if (x > y || x < y)
        return x > y;
    return strcmp(p->r->members[a->authority].name, p->r->members[b->authority].name) < 0;
}

/* Insertion: at most some hundreds, once an indicator. */
static size_t place(const struct page *p, const struct report_indicator *i, struct placed *ret)
{
    size_t n = 0;
    for (size_t a = 0; a < p->r->region->n_authorities; a++) {
        struct placed x = {region_row_of(i->row, &p->r->region->authorities[a]), a};
        if (x.row == NULL)
            continue;
        size_t at = n++;
        for (; at > 0 && stands_before(p, i, &x, &ret[at - 1]); at--)
            ret[at] = ret[at - 1];
        ret[at] = x;
    }
    return n;
}

/* ---- the picture ---- */

static void fill_row(const struct page *p, const struct report_indicator *i, const struct placed *x, struct strip_row *ret,
                     char shown[FIGURE_SHOWN_MAX + 8])
{
    const struct compare_row *row = x->row;
    bool has = compare_row_counts(row);
    row_shown(i, row, shown);
    *ret = (struct strip_row){.name = p->r->members[x->authority].name,
                              .shown = has ? shown : status_words(p->r, compare_row_status(row)),
                              .band = row->band, .has_value = has && (i->is_counts || row->figure.figure.has_value),
                              .has_interval = has && row->has_interval && !i->is_counts, .lower = row->interval.lower,
                              .upper = row->interval.upper, .versus = row->versus_total};
    if (ret->has_value)
        ret->value = row_value(i, row);
    if (has_others(p, i) && i->others.of[x->authority].n > 0) {
        ret->has_neighbours = true;
        ret->neighbours = i->others.of[x->authority].raw.mean;
    }
    for (size_t y = 0; y < i->n_years; y++) {
        const struct report_cell *c = report_cell_at(i, x->authority, y);
        ret->years[y] = (struct spark_point){c->has_value, c->y};
    }
}

static void describe(const struct report_indicator *i, size_t n, char ret[WORDS_MAX])
{
    const struct comparison *c = &i->row->c;
    char low[FIGURE_SHOWN_MAX], middle[FIGURE_SHOWN_MAX], high[FIGURE_SHOWN_MAX];
    decimals_shown(c->quartiles.q0, i, low);
    decimals_shown(c->quartiles.q50, i, middle);
    decimals_shown(c->quartiles.q100, i, high);
    if (c->has_quartiles)
        (void)snprintf(ret, WORDS_MAX, "%zu of %zu authorities have a number, from %s to %s, half of them up to %s. The table "
                       "beneath has every "
                       "value.", c->n, n, low, high, middle);
    else
        (void)snprintf(ret, WORDS_MAX, "%zu of %zu authorities have a number. The table beneath has every one.", c->n, n);
}

static void draw(struct page *p, const struct report_indicator *i, const struct placed *placed, size_t n)
{
    struct strip_row *rows = calloc(n + 1, sizeof(*rows));
    char (*shown)[FIGURE_SHOWN_MAX + 8] = calloc(n + 1, sizeof(*shown));
    char id[CHART_ID_MAX], title[WORDS_MAX], desc[WORDS_MAX], first[PERIOD_TEXT_MAX], last[PERIOD_TEXT_MAX];
    if (rows != NULL && shown != NULL) {
        const struct comparison *c = &i->row->c;
        for (size_t k = 0; k < n; k++)
            fill_row(p, i, &placed[k], &rows[k], shown[k]);
        period_words(&i->years[0], first);
        period_words(&i->years[i->n_years - 1], last);
        (void)snprintf(title, sizeof(title), "%s, %s, authorities in order", i->row->definition.definition.title, last);
        describe(i, n, desc);
        struct strip s = {.id = chart_id(p, id), .title = title, .desc = desc, .rows = rows, .n = n,
                          .n_years = p->with_years ? i->n_years : 0, .first_year = first, .last_year = last,
                          .has_quartiles = c->has_quartiles && !i->is_counts, .has_total = c->total.has_value && !i->is_counts,
                          .quartiles = c->quartiles, .total = c->total.raw,
                          .has_england = has_others(p, i) && i->others.has_england,
                          .england = decimal_double(i->others.england.value)};
        strip_draw(&p->h, &s);
    } else if (p->h.to->failed == OK)
        p->h.to->failed = ERR_NOMEM;
    free(rows);
    free(shown);
}

/* ---- the table ---- */

static void put_table_head(struct page *p, const struct report_indicator *i)
{
    static const char *const heads[] = {"#Numerator", "#Denominator", "#Value", "#Lower 95 %", "#Upper 95 %", "Beside the total",
                                        "#Rank",
                                        "Quarter", "#Change"};
    static const char *const beside[] = {"Neighbours, mean", "Neighbours, median", "of"};
    struct html *h = &p->h;
    html_begin(h, "table", END);
    html_element(h, "caption", i->row->definition.definition.title, END);
    html_begin(h, "thead", END);
    html_begin(h, "tr", END);
    html_element(h, "th", "Authority", "scope", "col", END);
    for (size_t k = 0; k < sizeof(heads) / sizeof(heads[0]); k++)
        html_element(h, "th", heads[k] + (heads[k][0] == '#'), "scope", "col", "class", heads[k][0] == '#' ? "n" : NULL, END);
    for (size_t k = 0; has_others(p, i) && k < sizeof(beside) / sizeof(beside[0]); k++)
        html_element(h, "th", beside[k], "scope", "col", "class", "n", END);
    for (size_t y = 0; p->with_years && y + 1 < i->n_years; y++) {
        char period[PERIOD_TEXT_MAX];
        period_words(&i->years[y], period);
        html_element(h, "th", period, "scope", "col", "class", "n", END);
    }
    html_end(h, "tr");
    html_end(h, "thead");
    html_begin(h, "tbody", END);
    html_line(h);
}

static void put_part(struct page *p, bool has, struct decimal d)
{
    char text[DECIMAL_TEXT_MAX];
    decimal_text(d, text);
    cell_number(p, has ? text : "");
}

static void put_limits(struct page *p, const struct report_indicator *i, const struct compare_row *row)
{
    char lower[FIGURE_SHOWN_MAX] = "", upper[FIGURE_SHOWN_MAX] = "", rank[24] = "", band[2] = {row->band, '\0'},
         change[DECIMAL_TEXT_MAX] = "", signed_change[DECIMAL_TEXT_MAX + 2];
    if (row->has_interval) {
        decimals_shown(row->interval.lower, i, lower);
        decimals_shown(row->interval.upper, i, upper);
    }
    if (row->rank > 0)
        (void)snprintf(rank, sizeof(rank), "%zu", row->rank);
    if (row->has_change)
        decimal_text(row->change, change);
    (void)snprintf(signed_change, sizeof(signed_change), "%s%s", row->has_change && row->change.mantissa > 0 ? "+" : "", change);
    cell_number(p, lower);
    cell_number(p, upper);
    cell_text(p, standing_name(row->versus_total));
    cell_number(p, rank);
    cell_text(p, band);
    cell_number(p, signed_change);
}

static void put_neighbours(struct page *p, const struct report_indicator *i, size_t authority)
{
    const struct compare_neighbours *n = &i->others.of[authority];
    char mean[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX] = "", median[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX] = "", of[24];
    if (n->n > 0) {
        decimal_shown(n->mean, i->row->definition.definition.decimals, mean);
        decimal_shown(n->median, i->row->definition.definition.decimals, median);
    }
    (void)snprintf(of, sizeof(of), "%zu", n->n);
    cell_number(p, mean);
    cell_number(p, median);
    cell_number(p, of);
}

/* Beneath the members, and in no order with them. */
static void put_england(struct page *p, const struct report_indicator *i)
{
    const struct figure *f = &i->others.england;
    char shown[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX];
    decimal_shown(f->value, i->row->definition.definition.decimals, shown);
    html_begin(&p->h, "tr", "class", "ref", END);
    cell_name(p, "England (public figure)");
    put_part(p, f->has_numerator, f->numerator);
    put_part(p, f->has_denominator, f->denominator);
    cell_number(p, shown);
    html_end(&p->h, "tr");
    html_line(&p->h);
}

static void put_row(struct page *p, const struct report_indicator *i, const struct placed *x)
{
    const struct figure *f = &x->row->figure.figure;
    bool has = compare_row_counts(x->row);
    bool stands = compare_row_may_count(x->row);
    char shown[FIGURE_SHOWN_MAX + 8];
    row_shown(i, x->row, shown);
    html_begin(&p->h, "tr", END);
    cell_name(p, p->r->members[x->authority].name);
    put_part(p, stands && f->has_numerator, f->numerator);
    put_part(p, stands && f->has_denominator, f->denominator);
    cell_number(p, has ? shown : compare_row_status(x->row));
    put_limits(p, i, x->row);
    if (has_others(p, i))
        put_neighbours(p, i, x->authority);
    for (size_t y = 0; p->with_years && y + 1 < i->n_years; y++)
        cell_number(p, report_cell_at(i, x->authority, y)->shown);
    html_end(&p->h, "tr");
    html_line(&p->h);
}

/* ---- one indicator ---- */

/* Limits that rest on no figure of their author's. */
static void put_imported(struct page *p, const struct report_indicator *i)
{
    size_t n = 0;
    for (size_t k = 0; k < i->row->c.n_rows; k++)
        n += i->row->c.rows[k].denominator_source == DENOMINATOR_REFERENCE;
    if (n > 0)
        html_textf(&p->h, "No denominator was published by %zu of these; their intervals rest on the population that was "
                   "imported. ", n);
}

static void put_beside(struct page *p, const struct report_indicator *i)
{
    const struct others *b = &i->others;
    char england[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX], sources[SOURCES_MAX];
    others_sources(i, sources);
    if (!has_others(p, i) || sources[0] == '\0')
        return;
    html_begin(&p->h, "p", "class", "small", END);
    html_text(&p->h, "Public figures, signed by nobody here: ");
    if (b->has_england) {
        decimal_shown(b->england.value, i->row->definition.definition.decimals, england);
        html_textf(&p->h, "England %s (dashes and dots); ", england);
    }
    html_textf(&p->h, "the upright stroke in a row is the mean of that authority's statistical neighbours. Source: %s.", sources);
    html_end(&p->h, "p");
}

static void put_caption(struct page *p, const struct report_indicator *i)
{
    const struct definition *d = &i->row->definition.definition;
    char total[FIGURE_SHOWN_MAX], period[PERIOD_TEXT_MAX];
    period_words(&i->row->period, period);
    total_shown(i, total);
    html_begin(&p->h, "p", "class", "small", END);
    html_textf(&p->h, "%s, %s, %s. ", unit_of(i), period, good_words(d->polarity));
    if (i->is_counts)
        html_text(&p->h, "No rate was published, so these are counts and large authorities stand first. ");
    if (total[0] != '\0')
        html_textf(&p->h, "All together %s (long dashes), of %zu. ", total, i->row->c.total.n);
    if (i->row->latest.is_before_newest)
        html_text(&p->h, "The newest period is short of half its returns, so the one before is shown. ");
    if (d->parts_rounded)
        html_text(&p->h, "Full-time equivalents or days: no interval can be reckoned. ");
    put_imported(p, i);
    html_end(&p->h, "p");
    put_beside(p, i);
}

static void put_indicator(struct page *p, const struct report_indicator *i, struct placed *placed)
{
    size_t n = place(p, i, placed);
    html_begin(&p->h, "div", "class", "keep", END);
    html_element(&p->h, "h3", i->row->definition.definition.title, END);
    put_caption(p, i);
    html_begin(&p->h, "figure", END);
    draw(p, i, placed, n);
    details_begin(p, "Table of this chart");
    put_table_head(p, i);
    for (size_t k = 0; k < n; k++)
        put_row(p, i, &placed[k]);
    if (has_others(p, i) && i->others.has_england)
        put_england(p, i);
    table_end(p);
    details_end(p);
    html_end(&p->h, "figure");
    html_end(&p->h, "div");
}

void section_indicators(struct page *p)
{
    struct placed *placed = calloc(p->r->region->n_authorities + 1, sizeof(*placed));
    if (placed == NULL) {
        if (p->h.to->failed == OK)
            p->h.to->failed = ERR_NOMEM;
        return;
    }
    section_begin(p, "indicators", NULL, "Indicator by indicator");
    html_begin(&p->h, "p", "class", "small", END);
    html_text(&p->h, "In order, the best first where high or low is good, else the largest. Bar: how far chance alone may have "
              "moved the figure "
              "(95 %). Beside all together: filled dot, better; ring, no different; diamond, worse; where neither is good, "
              "triangle up, higher, and "
              "triangle down, lower; small grey dot, no interval. Dotted lines: quartiles. ");
    html_text(&p->h, p->with_years ? "At the end of a row its years, each on its own scale, but none finer than the middle "
              "authority needs."
              : "The years are left out: with them this page would be too large to send.");
    html_end(&p->h, "p");
    for (size_t i = 0; i < p->r->region->n; i++)
        put_indicator(p, &p->r->indicators[i], placed);
    section_end(p);
    free(placed);
}
