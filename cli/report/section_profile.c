#include <stdio.h>
#include <string.h>

#include "cli/report/inside.h"

static const struct slug *subject(const struct page *p)
{
    return &p->r->region->authorities[p->subject];
}

static void spark_scale(struct spark *s)
{
    bool any = false;
    for (size_t i = 0; i < s->n; i++) {
        if (!s->points[i].has)
            continue;
        if (!any)
            s->low = s->high = s->points[i].y;
        any = true;
        s->low = s->points[i].y < s->low ? s->points[i].y : s->low;
        s->high = s->points[i].y > s->high ? s->points[i].y : s->high;
    }
}

static void put_sparkline(struct page *p, const struct report_indicator *i)
{
    struct spark_point points[CHART_YEARS_MAX];
    struct sparkline s = {.first = "", .last = "", .spark = {.points = points, .n = i->n_years}};
    char id[CHART_ID_MAX], title[WORDS_MAX], desc[WORDS_MAX], from[PERIOD_TEXT_MAX], to[PERIOD_TEXT_MAX];
    size_t n = 0;
    for (size_t y = 0; y < i->n_years; y++) {
        const struct report_cell *c = report_cell_at(i, p->subject, y);
        points[y] = (struct spark_point){c->has_value, c->y};
        if (!c->has_value)
            continue;
        s.first = n++ == 0 ? c->shown : s.first;
    }
    const struct report_cell *last = report_cell_at(i, p->subject, i->n_years - 1);
    s.last = last->is_withdrawn ? "withdrawn" : last->has_record ? last->shown : "none";
    spark_scale(&s.spark);
    period_words(&i->years[0], from);
    period_words(&i->years[i->n_years - 1], to);
    (void)snprintf(title, sizeof(title), "%s, %s to %s", i->row->definition.definition.title, from, to);
    (void)snprintf(desc, sizeof(desc), "%zu of %zu periods have a number; the first is %s, the last %s. The table of the years "
                   "has all of them.", n,
                   i->n_years, n > 0 ? s.first : "none", n > 0 ? s.last : "none");
    s.id = chart_id(p, id);
    s.title = title;
    s.desc = desc;
    html_begin(&p->h, "td", END);
    sparkline_draw(&p->h, &s);
    html_end(&p->h, "td");
}

static void put_position(struct page *p, const struct report_indicator *i)
{
    const struct comparison *c = &i->row->c;
    double values[MEMBERS_MAX];
    struct position at = {.values = values};
    char id[CHART_ID_MAX], title[WORDS_MAX], desc[WORDS_MAX], low[FIGURE_SHOWN_MAX], high[FIGURE_SHOWN_MAX];
    html_begin(&p->h, "td", END);
    for (size_t k = 0; k < c->n_rows && at.n < MEMBERS_MAX && !i->is_counts; k++) {
        const struct compare_row *row = &c->rows[k];
        if (!compare_row_counts(row) || !row->figure.figure.has_value)
            continue;
        values[at.n++] = row_value(i, row);
        if (slug_equal(&row->slug, subject(p))) {
            at.has_own = true;
            at.own = values[at.n - 1];
        }
    }
    if (at.n > 0 && c->has_quartiles) {
        decimals_shown(c->quartiles.q0, i, low);
        decimals_shown(c->quartiles.q100, i, high);
        (void)snprintf(title, sizeof(title), "%s among %zu authorities", i->row->definition.definition.title, at.n);
        (void)snprintf(desc, sizeof(desc), "The authorities lie from %s to %s; the row has this one's value and rank.", low, high);
        at.id = chart_id(p, id);
        at.title = title;
        at.desc = desc;
        position_draw(&p->h, &at);
    }
    html_end(&p->h, "td");
}

static void put_head_cell(struct page *p, const struct report_indicator *i)
{
    const struct definition *d = &i->row->definition.definition;
    char period[PERIOD_TEXT_MAX];
    period_words(&i->row->period, period);
    html_begin(&p->h, "th", "scope", "row", END);
    html_text(&p->h, d->title);
    html_begin(&p->h, "span", "class", "small", END);
    html_textf(&p->h, " (%s, %s; %s)", unit_of(i), period, good_words(d->polarity));
    html_end(&p->h, "span");
    html_end(&p->h, "th");
}

static void put_two(struct page *p, const char *above, const char *below, const char *more)
{
    html_begin(&p->h, "td", "class", "n", END);
    html_text(&p->h, above[0] != '\0' ? above : "\xC2\xA0");
    html_empty(&p->h, "br", END);
    html_text(&p->h, below);
    if (more[0] != '\0')
        html_element(&p->h, "span", more, "class", "small", END);
    html_end(&p->h, "td");
}

/* Two columns of two lines, so that the table keeps its width: all together and the median; England's figure and the mean of
 * its statistical neighbours, "57 (10)". */
static void put_beside(struct page *p, const struct report_indicator *i, const char *total, const char *median)
{
    const struct others *b = &i->others;
    uint8_t decimals = i->row->definition.definition.decimals;
    char england[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX] = "", mean[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX] = "", of[24] = "";
    if (has_others(p, i) && b->has_england)
        decimal_shown(b->england.value, decimals, england);
    if (has_others(p, i) && b->of[p->subject].n > 0) {
        decimal_shown(b->of[p->subject].mean, decimals, mean);
        (void)snprintf(of, sizeof(of), " (%zu)", b->of[p->subject].n);
    }
    put_two(p, total, median, "");
    put_two(p, england, mean, of);
}

/* "Kent, Surrey; without a figure: Leeds" */
static void put_used(struct page *p, const struct compare_neighbours *n)
{
    const char *without = n->n > 0 ? "; without a figure: " : "without a figure: ";
    html_begin(&p->h, "td", END);
    for (int used = 1; used >= 0; used--) {
        size_t k = 0;
        for (size_t i = 0; i < n->n_named; i++)
            if (n->named[i].is_used == (used == 1))
                html_textf(&p->h, "%s%s", k++ > 0 ? ", " : used == 1 ? "" : without, n->named[i].authority->name);
    }
    html_end(&p->h, "td");
}

/* Whose figures those are; the median beside the mean; who of the ten had one. */
static void put_reference(struct page *p)
{
    static const char *const heads[] = {"Indicator", "#England", "#Neighbours, mean", "#Neighbours, median", "Of", "Source", NULL};
    details_begin(p, "Table of the public figures, signed by nobody here");
    table_begin(p, NULL, "England's figure, and the statistical neighbours' (DfE, 2025): of members their own figures, else the "
                "public ones", heads);
    for (size_t k = 0; k < p->r->region->n; k++) {
        const struct report_indicator *i = &p->r->indicators[k];
        const struct compare_neighbours *n = has_others(p, i) ? &i->others.of[p->subject] : NULL;
        uint8_t decimals = i->row->definition.definition.decimals;
        char text[3][DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX] = {"", "", ""}, sources[SOURCES_MAX];
        if (n == NULL)
            continue;
        if (i->others.has_england)
            decimal_shown(i->others.england.value, decimals, text[0]);
        if (n->n > 0) {
            decimal_shown(n->mean, decimals, text[1]);
            decimal_shown(n->median, decimals, text[2]);
        }
        html_begin(&p->h, "tr", END);
        html_element(&p->h, "th", i->row->definition.definition.title, "scope", "row", END);
        for (size_t c = 0; c < 3; c++)
            cell_number(p, text[c]);
        put_used(p, n);
        others_sources(i, sources);
        cell_text(p, sources);
        html_end(&p->h, "tr");
        html_line(&p->h);
    }
    table_end(p);
    details_end(p);
}

static void put_row(struct page *p, const struct report_indicator *i)
{
    const struct compare_row *row = region_row_of(i->row, subject(p));
    const struct comparison *c = &i->row->c;
    char shown[FIGURE_SHOWN_MAX + 8], total[FIGURE_SHOWN_MAX], median[FIGURE_SHOWN_MAX] = "", rank[48] = "",
        change[DECIMAL_TEXT_MAX] = "";
    bool has = row != NULL && compare_row_counts(row);
    row_shown(i, row, shown);
    total_shown(i, total);
    if (c->has_quartiles && !i->is_counts)
        decimals_shown(c->quartiles.q50, i, median);
    if (has && row->rank > 0)
        (void)snprintf(rank, sizeof(rank), "%zu of %zu, %c", row->rank, c->n, row->band != 0 ? row->band : '-');
    if (has && row->has_change)
        decimal_text(row->change, change);
    html_begin(&p->h, "tr", END);
    put_head_cell(p, i);
    html_begin(&p->h, "td", "class", "n", END);
    html_element(&p->h, "strong", has ? shown : row == NULL ? "former" : shown, END);
    html_end(&p->h, "td");
    html_begin(&p->h, "td", "class", "n", END);
    html_textf(&p->h, "%s%s", has && row->has_change && row->change.mantissa > 0 ? "+" : "", change);
    html_end(&p->h, "td");
    cell_number(p, rank);
    put_position(p, i);
    if (p->with_others && report_has_others(p->r)) {
        put_beside(p, i, total, median);
    } else {
        cell_number(p, total);
        cell_number(p, median);
    }
    put_sparkline(p, i);
    html_end(&p->h, "tr");
    html_line(&p->h);
}

static void put_spread(struct page *p, const struct report_indicator *i)
{
    const struct comparison *c = &i->row->c;
    const double at[] = {c->quartiles.q0, c->quartiles.q50, c->quartiles.q100};
    for (size_t k = 0; k < 3; k++) {
        char text[FIGURE_SHOWN_MAX] = "";
        if (c->has_quartiles && !i->is_counts)
            decimals_shown(at[k], i, text);
        cell_number(p, text);
    }
}

static void put_years(struct page *p)
{
    static const char *const heads[] = {"Indicator", "Values by period, oldest first", "#Lowest", "#Median", "#Highest", "Record "
                                        "of the last",
                                        NULL};
    details_begin(p, "Table of the years and of where it stands");
    table_begin(p, NULL, "What the small charts show", heads);
    for (size_t k = 0; k < p->r->region->n; k++) {
        const struct report_indicator *i = &p->r->indicators[k];
        html_begin(&p->h, "tr", END);
        html_element(&p->h, "th", i->row->definition.definition.title, "scope", "row", END);
        html_begin(&p->h, "td", END);
        for (size_t y = 0; y < i->n_years; y++) {
            const struct report_cell *c = report_cell_at(i, p->subject, y);
            char period[PERIOD_TEXT_MAX];
            period_words(&i->years[y], period);
            html_textf(&p->h, "%s%s: %s", y > 0 ? "; " : "", period, c->is_withdrawn ? "withdrawn" : c->has_record ? c->shown :
                       "none");
        }
        html_end(&p->h, "td");
        put_spread(p, i);
        cell_text(p, report_cell_at(i, p->subject, i->n_years - 1)->record);
        html_end(&p->h, "tr");
        html_line(&p->h);
    }
    table_end(p);
    details_end(p);
}

void section_profile(struct page *p)
{
    static const char *const heads[] = {"Indicator", "#Value", "#Change", "#Rank, quarter", "Among the others", "#All together",
                                        "#Median", "Years",
                                        NULL};
    static const char *const with_reference[] = {"Indicator", "#Value", "#Change", "#Rank, quarter", "Among the others",
                                                 "#All together, median", "#England, neighbours", "Years", NULL};
    bool has_reference = p->with_others && report_has_others(p->r);
    section_begin(p, "profile", NULL, "Every indicator");
    table_begin(p, has_reference ? "tight profile more" : "tight profile",
                "Change is since the authority's own figure before. Rank 1 and quarter A are best, where high or low is good. All "
                "together: from sums of counts; median: the middle authority. Years: each row on a scale of its own, the first "
                "and the last beside it.", has_reference ? with_reference : heads);
    for (size_t i = 0; i < p->r->region->n; i++)
        put_row(p, &p->r->indicators[i]);
    table_end(p);
    if (has_reference)
        para(p, "England, and in Neighbours what is no member's own, are public figures, signed by nobody here. Neighbours: the "
             "mean of its ten statistical neighbours (DfE, 2025), in brackets of how many.");
    put_years(p);
    if (has_reference)
        put_reference(p);
    section_revised(p);
    section_end(p);
}
