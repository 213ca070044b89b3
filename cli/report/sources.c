#include "cli/report/sources.h"

#include <stdio.h>
#include <string.h>

#include "cli/report/inside.h"

void sources_begin(struct html *h, const struct report *r)
{
    char made[TIME_TEXT_MAX];
    time_text(r->made_ms, made);
    html_begin(h, "main", "data-folkmoot", SOURCES_SCHEMA, "data-alliance", r->alliance_id, "data-charter", r->charter, "data-for",
               r->is_public ? "public" : "alliance", "data-made", made, END);
    html_line(h);
}

/* Of an authority's own page: all of the compared period, because ranks and totals rest on them, and its own years. */
static bool is_shown(const struct page *p, const struct report_indicator *i, size_t authority, size_t year)
{
    if (year + 1 == i->n_years || authority == p->subject)
        return true;
    return p->subject == NO_SUBJECT && (p->with_years || year + 2 == i->n_years);
}

static void put_record(struct page *p, const struct report_cell *c)
{
    html_begin(&p->h, "tr", "data-record", c->record, "data-shown", c->is_withdrawn ? "-" : c->shown, END);
    html_end(&p->h, "tr");
    html_line(&p->h);
}

static void put_period(struct page *p, const struct report_indicator *i, size_t year)
{
    struct figure f = {.breakdown = ""};
    char name[FIGURE_NAME_MAX];
    size_t n = 0;
    (void)snprintf(f.indicator, sizeof(f.indicator), "%s", i->row->definition.definition.id);
    memcpy(f.period, i->years[year].period, sizeof(f.period));
    memcpy(f.time_identifier, i->years[year].time_identifier, sizeof(f.time_identifier));
    figure_name(&f, name);
    for (size_t a = 0; a < p->r->region->n_authorities; a++) {
        const struct report_cell *c = report_cell_at(i, a, year);
        if (!c->has_record || !is_shown(p, i, a, year))
            continue;
        if (n++ == 0) {
            html_begin(&p->h, "tbody", "data-figure", name, END);
            html_line(&p->h);
        }
        put_record(p, c);
    }
    if (n > 0) {
        html_end(&p->h, "tbody");
        html_line(&p->h);
    }
}

/* Of an authority's own page its own, as that is all that it shows. */
static void put_assessments(struct page *p)
{
    char year[16], judgement[16];
    html_begin(&p->h, "tbody", END);
    html_line(&p->h);
    for (size_t i = 0; i < p->r->region->n_authorities; i++) {
        const struct report_assessment *a = p->r->members[i].assessment;
        if (a == NULL || (p->subject != NO_SUBJECT && p->subject != i))
            continue;
        (void)snprintf(year, sizeof(year), "%u", a->year);
        (void)snprintf(judgement, sizeof(judgement), "%u", a->judgement);
        html_begin(&p->h, "tr", "data-assessment", a->record, "data-year", year, "data-shown", judgement, END);
        html_end(&p->h, "tr");
        html_line(&p->h);
    }
    html_end(&p->h, "tbody");
    html_line(&p->h);
}

void sources_write(struct page *p)
{
    html_line(&p->h);
    html_begin(&p->h, "table", "hidden", "hidden", END);
    html_line(&p->h);
    for (size_t i = 0; i < p->r->region->n; i++)
        for (size_t y = 0; y < p->r->indicators[i].n_years; y++)
            put_period(p, &p->r->indicators[i], y);
    if (report_has_assessments(p->r))
        put_assessments(p);
    html_end(&p->h, "table");
    html_line(&p->h);
}
