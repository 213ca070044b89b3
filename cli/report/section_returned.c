#include <stdio.h>
#include <string.h>

#include "cli/report/inside.h"

/* "4: Children in need... (u)": which indicators have no number, and why. */
static void put_without(struct page *p, size_t authority)
{
    const struct region *region = p->r->region;
    size_t n = 0;
    html_begin(&p->h, "td", END);
    for (size_t i = 0; i < region->n; i++) {
        const struct compare_row *row = region_row_of(p->r->indicators[i].row, &region->authorities[authority]);
        if (row == NULL || !compare_row_is_missing(row))
            continue;
        const char *status = compare_row_status(row);
        html_textf(&p->h, "%s%s (%s)", n++ > 0 ? ", " : "", p->r->indicators[i].row->definition.definition.id,
                   strcmp(status, "missing") == 0 ? "nothing" : status);
    }
    html_text(&p->h, n == 0 ? "\xE2\x80\x93" : "");
    html_end(&p->h, "td");
}

static const char *state_words(const struct report *r, const struct report_member *m)
{
    if (m->n_numbers > 0)
        return "returned";
    if (!m->has_coverage || r->as_of_ms != UINT64_MAX)
        return "nothing here";
    return m->state == COVERAGE_SEALED ? "not yet readable" : m->state == COVERAGE_RETURNED ? "nothing here" :
        coverage_name(m->state);
}

static void put_row(struct page *p, size_t a)
{
    const struct report_member *m = &p->r->members[a];
    char day[WHEN_MAX];
    day_words(m->last_published_ms, day);
    html_begin(&p->h, "tr", END);
    cell_name(p, m->name);
    cell_text(p, state_words(p->r, m));
    html_begin(&p->h, "td", "class", "n", END);
    html_textf(&p->h, "%zu of %zu", m->n_numbers, m->n_asked);
    html_end(&p->h, "td");
    put_without(p, a);
    cell_number(p, m->last_published_ms > 0 ? day : "never");
    html_end(&p->h, "tr");
    html_line(&p->h);
}

void section_returned(struct page *p)
{
    static const char *const heads[] = {"Authority", "State", "#With a number", "Without a number (why)", "#Last published", NULL};
    section_begin(p, "returned", NULL, "Who has returned, and who is missing");
    table_begin(p, "tight", "Authorities of the comparison. c: too small to be shown; u: of low reliability; x: unavailable; z: "
                "not applicable.",
                heads);
    for (size_t k = 0; k < p->r->region->n_authorities; k++)
        put_row(p, p->r->order[k]);
    table_end(p);
    for (size_t i = 0; i < p->r->n_successions; i++)        /* the figures before that day are another body's */
        para(p, "%s. Figures are each body's own, and no series joins them; a change like for like takes them as one.",
             p->r->successions[i]);
    section_end(p);
}
