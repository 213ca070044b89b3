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
        cell_textf(p, "%zu better, %zu worse, %zu same", first, second, w.same);
    else
        cell_textf(p, "%zu up, %zu down, %zu same", w.up, w.down, w.same);
}

static void put_pct(struct page *p, bool has, struct decimal pct)
{
    char text[DECIMAL_TEXT_MAX], shown[DECIMAL_TEXT_MAX + 8];
    decimal_text(pct, text);
    (void)snprintf(shown, sizeof(shown), "%s%s %%", pct.mantissa > 0 ? "+" : "", text);
    cell_number(p, has ? shown : "");
}

static void put_row(struct page *p, const struct report_indicator *i)
{
    const struct comparison *c = &i->row->c;
    const struct definition *d = &i->row->definition.definition;
    char now[PERIOD_TEXT_MAX], before[PERIOD_TEXT_MAX] = "", was[FIGURE_SHOWN_MAX] = "", is[FIGURE_SHOWN_MAX] = "";
    period_words(&i->row->period, now);
    if (c->has_previous) {
        period_words(&c->previous, before);
        bool is_ratio = c->change.has_ratio;
        if (is_ratio || c->change.n_both > 0) {
            decimal_shown(is_ratio ? c->change.ratio_before : c->change.like_before, is_ratio ? d->decimals : 0, was);
            decimal_shown(is_ratio ? c->change.ratio_now : c->change.like_now, is_ratio ? d->decimals : 0, is);
        }
    }
    html_begin(&p->h, "tr", END);
    html_begin(&p->h, "th", "scope", "row", END);
    html_text(&p->h, d->title);
    html_textf(&p->h, " (%s; %s)", c->change.has_ratio ? d->unit : "count", good_words(d->polarity));
    html_end(&p->h, "th");
    cell_textf(p, "%s%s%s", before, before[0] != '\0' ? " to " : "", now);
    cell_number(p, was);
    cell_number(p, is);
    put_pct(p, c->has_previous && c->change.has_like, c->change.like_pct);
    html_begin(&p->h, "td", "class", "n", END);
    html_textf(&p->h, "%zu of %zu", c->has_previous ? c->change.n_both : 0, c->n_rows);
    html_end(&p->h, "td");
    put_ways(p, i);
    html_end(&p->h, "tr");
    html_line(&p->h);
}

void section_changed(struct page *p)
{
    static const char *const heads[] = {"Indicator", "Periods", "#Before", "#Now", "#Change of the count", "#Usable in both", "Authorities",
                                        NULL};
    section_begin(p, "changed", NULL, "What changed since the period before");
    html_begin(&p->h, "p", "class", "small", END);
    html_text(&p->h, "All together, like for like: over the authorities whose figures can be used in both periods, so that a return that came or "
              "went moves nothing. Totals are sums of counts, never means of percentages. No change is given where over one in ten numerators "
              "are hidden.");
    html_end(&p->h, "p");
    table_begin(p, NULL, "The region, like for like", heads);
    for (size_t i = 0; i < p->r->region->n; i++)
        put_row(p, &p->r->indicators[i]);
    table_end(p);
    section_revised(p);
    section_end(p);
}
