#include <stdio.h>
#include <string.h>

#include "cli/report/inside.h"

struct ways { size_t up, down, same; };

static struct ways ways_of(const struct comparison *c)
{
    struct ways w = {0};
    for (size_t i = 0; i < c->n_rows; i++)
        switch (direction_of_row(&c->rows[i])) {
        case DIRECTION_NONE: break;
        case DIRECTION_UP:   w.up++; break;
        case DIRECTION_DOWN: w.down++; break;
        case DIRECTION_SAME: w.same++; break;
        }
    return w;
}

/* "6 better, 12 worse, 1 the same" */
static void put_ways(struct page *p, const struct report_indicator *i)
{
    struct ways w = ways_of(&i->row->c);
    enum polarity polarity = i->row->definition.definition.polarity;
    size_t first = polarity == POLARITY_LOW ? w.down : w.up, second = polarity == POLARITY_LOW ? w.up : w.down;
    if (w.up + w.down + w.same == 0)
        cell_text(p, "");
    else if (polarity == POLARITY_HIGH || polarity == POLARITY_LOW)
        cell_textf(p, w.same > 0 ? "%zu better, %zu worse, %zu same" : "%zu better, %zu worse", first, second, w.same);
    else
        cell_textf(p, w.same > 0 ? "%zu up, %zu down, %zu same" : "%zu up, %zu down", w.up, w.down, w.same);
}

/* "-6" of a rate or percentage; "-3.6 %" of a count. */
static void put_change(struct page *p, const struct change *c, uint8_t decimals)
{
    char text[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX] = "", shown[64] = "";
    struct decimal minus = c->ratio_before, by = c->like_pct;
    bool has = c->has_ratio || c->has_like;
    minus.mantissa = -minus.mantissa;
    if (c->has_ratio)
        has = decimal_add(c->ratio_now, minus, &by) == OK;
    if (has && !c->is_suppressed) {
        decimal_shown(by, c->has_ratio ? decimals : 1, text);
        (void)snprintf(shown, sizeof(shown), "%s%s%s", by.mantissa > 0 ? "+" : "", text, c->has_ratio ? "" : " %");
    }
    cell_number(p, shown);
}

static void put_sides(struct page *p, const struct comparison *c, uint8_t decimals)
{
    const struct decimal sides[] = {c->change.has_ratio ? c->change.ratio_before : c->change.like_before,
                                    c->change.has_ratio ? c->change.ratio_now : c->change.like_now};
    for (size_t k = 0; k < 2; k++) {
        char text[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX] = "", shown[COUNT_TEXT_MAX] = "";
        if (c->has_previous && c->change.n_both > 0 && !c->change.is_suppressed) {
            decimal_shown(sides[k], c->change.has_ratio ? decimals : 0, text);
            count_words(text, shown);
        }
        cell_number(p, c->has_previous && c->change.is_suppressed ? "hidden" : shown);
    }
}

static void put_row(struct page *p, const struct report_indicator *i)
{
    const struct comparison *c = &i->row->c;
    const struct definition *d = &i->row->definition.definition;
    char now[PERIOD_TEXT_MAX], before[PERIOD_TEXT_MAX] = "";
    period_words(&i->row->period, now);
    if (c->has_previous)
        period_words(&c->previous, before);
    html_begin(&p->h, "tr", END);
    html_begin(&p->h, "th", "scope", "row", END);
    html_text(&p->h, d->title);
    html_begin(&p->h, "span", "class", "small", END);
    html_textf(&p->h, " %s, %s%s%s; %s", c->change.has_ratio ? d->unit : "count", before, before[0] != '\0' ? " to " : "", now,
               good_words(d->polarity));
    html_end(&p->h, "span");
    html_end(&p->h, "th");
    put_sides(p, c, d->decimals);
    if (c->has_previous)
        put_change(p, &c->change, d->decimals);
    else
        cell_number(p, "");
    html_begin(&p->h, "td", "class", "n", END);
    html_textf(&p->h, "%zu of %zu", c->has_previous ? c->change.n_both : 0, c->n_rows);
    html_end(&p->h, "td");
    put_ways(p, i);
    html_end(&p->h, "tr");
    html_line(&p->h);
}

void section_changed(struct page *p)
{
    static const char *const heads[] = {"Indicator", "#Before", "#Now", "#Change", "#In both", "Authorities", NULL};
    section_begin(p, "changed", NULL, "What changed since the period before");
    html_begin(&p->h, "p", "class", "small", END);
    html_text(&p->h, "All together, like for like: over the authorities whose figures can be used in both periods, so that a "
              "return that came or "
              "went moves nothing. Totals are sums of counts, never means of percentages. Hidden: over one in ten numerators are, "
              "and any change "
              "would be biased.");
    html_end(&p->h, "p");
    table_begin(p, "tight", "All together, like for like. Rates and percentages change by so much, counts by so many per cent. In "
                "both: authorities "
                "usable in both periods. Authorities: each against its own figure before.", heads);
    for (size_t i = 0; i < p->r->region->n; i++)
        put_row(p, &p->r->indicators[i]);
    table_end(p);
    section_revised(p);
    section_end(p);
}
