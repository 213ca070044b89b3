#include <stdio.h>
#include <string.h>

#include "cli/compare/rug.h"
#include "cli/report/inside.h"

enum { RUG_COLUMNS = 20 };                  /* authorities across one sheet of A4 */

static const char *band_class(char band)
{
    switch (band) {
    case 'A': return "qA";
    case 'B': return "qB";
    case 'C': return "qC";
    case 'D': return "qD";
    }
    return NULL;
}

static void put_head(struct page *p, const char *class, const char *text)
{
    html_begin(&p->h, "th", "scope", "col", "class", class, END);
    html_begin(&p->h, "div", END);
    html_name(&p->h, text);
    html_end(&p->h, "div");
    html_end(&p->h, "th");
}

static void put_cell(struct page *p, const struct compare_row *row, const struct definition *d)
{
    char value[RUG_VALUE_MAX], band[2] = {row != NULL ? row->band : '\0', '\0'};
    rug_value(row, d, value);
    html_begin(&p->h, "td", "class", band_class(band[0]), END);
    html_text(&p->h, value);
    if (row != NULL && compare_row_counts(row)) {
        const char *arrow = direction_arrow(direction_of_row(row));
        html_empty(&p->h, "br", END);
        if (band[0] != '\0')
            html_element(&p->h, "b", band, END);
        html_textf(&p->h, "%s%s%s", band[0] != '\0' && arrow[0] != ' ' ? "\xC2\xA0" : "", arrow[0] != ' ' ? arrow : "",
                   rug_is_revised(row) ? "*" : "");
    }
    html_end(&p->h, "td");
}

static void put_row(struct page *p, const struct report_indicator *i, size_t from, size_t to)
{
    const struct definition *d = &i->row->definition.definition;
    char period[PERIOD_TEXT_MAX], all[RUG_VALUE_MAX];
    period_words(&i->row->period, period);
    html_begin(&p->h, "tr", END);
    html_begin(&p->h, "th", "scope", "row", END);
    html_text(&p->h, d->title);
    html_text(&p->h, " ");
    html_begin(&p->h, "span", "class", "small", END);
    html_textf(&p->h, "%s, %s; %s; n = %zu", d->unit, period, good_words(d->polarity), i->row->c.n);
    html_end(&p->h, "span");
    html_end(&p->h, "th");
    for (size_t k = from; k < to; k++)
        put_cell(p, region_row_of(i->row, &p->r->region->authorities[p->r->order[k]]), d);
    rug_region_value(i->row, all);
    html_begin(&p->h, "td", "class", "all", END);
    html_text(&p->h, all);
    html_empty(&p->h, "br", END);
    html_text(&p->h, direction_arrow(direction_of_total(&i->row->c)));
    html_end(&p->h, "td");
    html_end(&p->h, "tr");
    html_line(&p->h);
}

static void put_block(struct page *p, size_t from, size_t to)
{
    struct html *h = &p->h;
    html_begin(h, "div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "The rug, a wide table", END);
    html_begin(h, "table", "class", "rug", END);
    html_begin(h, "caption", END);
    html_textf(h, "Value; quarter A (best) to D; arrow since each authority's figure before. Authorities %zu to %zu of %zu, by "
               "name.",
               from + 1, to, p->r->region->n_authorities);
    html_end(h, "caption");
    html_begin(h, "thead", END);
    html_begin(h, "tr", END);
    put_head(p, "lead", "Indicator");
    for (size_t k = from; k < to; k++)
        put_head(p, NULL, p->r->members[p->r->order[k]].name);
    put_head(p, NULL, p->r->is_part ? "All of these" : p->r->alliance);
    html_end(h, "tr");
    html_end(h, "thead");
    html_begin(h, "tbody", END);
    html_line(h);
    for (size_t i = 0; i < p->r->region->n; i++)
        put_row(p, &p->r->indicators[i], from, to);
    html_end(h, "tbody");
    html_end(h, "table");
    html_end(h, "div");
}

static void put_key(struct page *p)
{
    static const char *const bands[][2] = {{"qA", "A best quarter"}, {"qB", "B"}, {"qC", "C"}, {"qD", "D"}};
    html_begin(&p->h, "p", "class", "small key", END);
    for (size_t i = 0; i < 4; i++)
        html_element(&p->h, "span", bands[i][1], "class", bands[i][0], END);
    html_text(&p->h, "quarters of these authorities, only where high or low is good; - where they hardly differ. # a count, no "
              "value was "
              "published; * revised since first published; . nothing returned; wd withdrawn; c too small to be shown; u of low "
              "reliability; x "
              "unavailable; z not applicable. Last column: all together, from sums of counts, its arrow like for like; where no "
              "denominator is "
              "published it is the change of the count.");
    html_end(&p->h, "p");
}

void section_rug(struct page *p)
{
    size_t n = p->r->region->n_authorities;
    section_begin(p, "rug", "wide", "The rug: every indicator, every authority");
    put_key(p);
    for (size_t from = 0; from < n; from += RUG_COLUMNS)
        put_block(p, from, from + RUG_COLUMNS < n ? from + RUG_COLUMNS : n);
    section_end(p);
}
