#include <stdio.h>
#include <string.h>

#include "cli/report/inside.h"

enum { WITHDRAWN_ROWS_MAX = 40 };           /* on paper; all of them stand in the table beneath */

static bool is_ours(const struct page *p, const struct revision *v)
{
    return p->subject == NO_SUBJECT || v->authority == p->subject;
}

static void period_of(const struct revision *v, char ret[PERIOD_TEXT_MAX])
{
    period_words(&v->period, ret);
}

static const char *reason_of(const struct revision *v)
{
    return v->is_withdrawn ? v->why : reason_name(v->reason);
}

static bool is_same_group(const struct revision *a, const struct revision *b)
{
    return a->indicator == b->indicator && strcmp(a->period.period, b->period.period) == 0 &&
           strcmp(a->period.time_identifier, b->period.time_identifier) == 0;
}

/* "late-data 3, correction 15" */
static void put_reasons(struct page *p, size_t from, size_t to)
{
    size_t n[REASON_COUNT] = {0}, withdrawn = 0, said = 0;
    for (size_t i = from; i < to; i++) {
        const struct revision *v = &p->r->revisions[i];
        if (!is_ours(p, v))
            continue;
        withdrawn += v->is_withdrawn;
        if (!v->is_withdrawn)
            n[v->reason]++;
    }
    html_begin(&p->h, "td", END);
    for (int k = 0; k < REASON_COUNT; k++)
        if (n[k] > 0)
            html_textf(&p->h, "%s%s %zu", said++ > 0 ? ", " : "", reason_name((enum revision_reason)k), n[k]);
    if (withdrawn > 0)
        html_textf(&p->h, "%swithdrawn %zu", said > 0 ? ", " : "", withdrawn);
    html_end(&p->h, "td");
}

/* The first of a group went farthest. */
static void put_group(struct page *p, size_t from, size_t to)
{
    const struct report *r = p->r;
    const struct revision *most = NULL;
    size_t n = 0;
    char period[PERIOD_TEXT_MAX];
    for (size_t i = from; i < to; i++) {
        const struct revision *v = &r->revisions[i];
        n += is_ours(p, v);
        if (is_ours(p, v) && most == NULL && v->before[0] != '\0')
            most = v;
    }
    if (n == 0)
        return;
    period_of(&r->revisions[from], period);
    html_begin(&p->h, "tr", END);
    html_element(&p->h, "th", r->indicators[r->revisions[from].indicator].row->definition.definition.title, "scope", "row", END);
    cell_text(p, period);
    html_begin(&p->h, "td", "class", "n", END);
    html_textf(&p->h, "%zu", n);
    html_end(&p->h, "td");
    put_reasons(p, from, to);
    html_begin(&p->h, "td", END);
    if (most != NULL) {
        html_name(&p->h, r->members[most->authority].name);
        html_textf(&p->h, ": %s, was %s", most->now, most->before);
    }
    html_end(&p->h, "td");
    html_end(&p->h, "tr");
    html_line(&p->h);
}

static void put_groups(struct page *p)
{
    static const char *const heads[] = {"Indicator", "Period", "#Figures", "Why", "Furthest moved", NULL};
    const struct report *r = p->r;
    table_begin(p, "tight", "Figures revised since they were first published, or withdrawn", heads);
    for (size_t from = 0, to; from < r->n_revisions; from = to) {
        for (to = from + 1; to < r->n_revisions && is_same_group(&r->revisions[from], &r->revisions[to]);)
            to++;
        put_group(p, from, to);
    }
    table_end(p);
}

static void put_one(struct page *p, const struct revision *v)
{
    const struct report *r = p->r;
    char period[PERIOD_TEXT_MAX];
    period_of(v, period);
    html_begin(&p->h, "tr", END);
    cell_name(p, r->members[v->authority].name);
    cell_text(p, r->indicators[v->indicator].row->definition.definition.id);
    cell_text(p, period);
    cell_number(p, v->before);
    cell_number(p, v->is_withdrawn ? "withdrawn" : v->now);
    cell_text(p, reason_of(v));
    html_end(&p->h, "tr");
    html_line(&p->h);
}

static void put_all(struct page *p)
{
    static const char *const heads[] = {"Authority", "Indicator", "Period", "#Was", "#Is", "Why", NULL};
    const struct report *r = p->r;
    details_begin(p, "Table of every revision and withdrawal");
    table_begin(p, NULL, "One row a figure", heads);
    for (size_t i = 0; i < r->n_revisions; i++)
        if (is_ours(p, &r->revisions[i]))
            put_one(p, &r->revisions[i]);
    table_end(p);
    details_end(p);
    if (r->n_more > 0)
        para(p, "And %zu more that are not listed.", r->n_more);
}

/* A withdrawn figure leaves a hole that a reader of the paper must hear of by name. */
static void put_withdrawn(struct page *p)
{
    const struct report *r = p->r;
    size_t n = 0;
    for (size_t i = 0; i < r->n_revisions; i++) {
        const struct revision *v = &r->revisions[i];
        char period[PERIOD_TEXT_MAX];
        if (!v->is_withdrawn || !is_ours(p, v) || n == WITHDRAWN_ROWS_MAX)
            continue;
        if (n++ == 0)
            html_begin(&p->h, "ul", END);
        period_of(v, period);
        html_begin(&p->h, "li", END);
        html_text(&p->h, "Withdrawn: ");
        html_name(&p->h, r->members[v->authority].name);
        html_textf(&p->h, ", %s, %s (%s)", r->indicators[v->indicator].row->definition.definition.title, period, reason_of(v));
        html_end(&p->h, "li");
    }
    if (n > 0)
        html_end(&p->h, "ul");
}

void section_revised(struct page *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->r->n_revisions; i++)
        n += is_ours(p, &p->r->revisions[i]);
    html_element(&p->h, "h3", "What was revised or withdrawn", END);
    if (n == 0) {
        para(p, "Nothing, in the periods compared and those before them.");
        return;
    }
    put_withdrawn(p);
    put_groups(p);
    put_all(p);
}
