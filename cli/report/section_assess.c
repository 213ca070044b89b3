/* cli/report/section_assess.c - what an authority says of itself, beside what its figures say. */
#include <string.h>

#include "cli/output/text.h"
#include "cli/report/inside.h"
#include "protocol/assessment_body.h"

enum { SECTION_SHOWN_MAX = 16 * 1024 };     /* on paper, of each section; the record has all of it */

static const enum assessment_section shown_sections[] = {SECTION_STRENGTHS, SECTION_DEVELOPMENT, SECTION_NEEDED, SECTION_OFFERED};
enum { SHOWN_SECTIONS = sizeof(shown_sections) / sizeof(shown_sections[0]) };

/* ---- of all: a row each ---- */

static void put_row(struct page *p, const char *name, const struct report_assessment *a)
{
    char day[WHEN_MAX];
    day_words(a->said_ms, day);
    html_begin(&p->h, "tr", END);
    cell_name(p, name);
    html_begin(&p->h, "td", "class", "n", END);
    html_textf(&p->h, "%u", a->year);
    html_end(&p->h, "td");
    cell_textf(p, "%u, %s", a->judgement, assess_judgement_word(a->judgement));
    cell_textf(p, "%s%s", a->is_quartet ? "all four" : "not by ", a->is_quartet ? "" : a->missing);
    cell_number(p, day);
    cell_text(p, a->record);
    html_end(&p->h, "tr");
    html_line(&p->h);
}

static void put_table(struct page *p)
{
    static const char *const heads[] = {"Authority", "#Year", "Its own judgement", "Signed", "#Said", "Record", NULL};
    size_t n = p->r->region->n_authorities, without = 0;
    table_begin(p, "tight", "The newest of each. Judgements are their own, from 1, outstanding, to 4, inadequate; the four are "
                "leader, lead member, chief executive and director of children's services.", heads);
    for (size_t k = 0; k < n; k++) {
        const struct report_member *m = &p->r->members[p->r->order[k]];
        if (m->assessment != NULL)
            put_row(p, m->name, m->assessment);
        without += m->assessment == NULL;
    }
    table_end(p);
    if (without > 0)
        para(p, "%zu of %zu have published none to the readers of this page.", without, n);
}

/* ---- of one: in its own words ---- */

/* Whole lines, as far as they fit; a line that does not is cut at a whole character. */
static struct bytes beginning(struct bytes in)
{
    size_t at = SECTION_SHOWN_MAX, line = 0;
    if (in.len <= SECTION_SHOWN_MAX)
        return in;
    for (size_t i = 0; i < at; i++)
        line = in.p[i] == '\n' ? i : line;
    return (struct bytes){in.p, line > 0 ? line : text_cut(in, at)};
}

static void put_section(struct page *p, const struct report_assessment *a, enum assessment_section s, struct bytes whole)
{
    struct bytes text = beginning(whole);
    html_element(&p->h, "h3", section_heading(s), END);
    html_line(&p->h);
    if (text.len == 0) {
        para(p, "Nothing is said.");
        return;
    }
    html_begin(&p->h, "div", "class", "said", END);
    html_line(&p->h);
    markdown_put(&p->h, text, a->links, a->n_links);
    html_end(&p->h, "div");
    html_line(&p->h);
    if (text.len < whole.len)
        para(p, "And more, which %s has.", a->record);
}

static void put_one(struct page *p, const struct report_assessment *a)
{
    struct assessment_parts parts;
    char day[WHEN_MAX];
    day_words(a->said_ms, day);
    assessment_parts(a->body, &parts);
    para(p, "%u: its own judgement is %u (%s). %s%s%s", a->year, a->judgement, assess_judgement_word(a->judgement),
         a->is_quartet ? "Leader, lead member, chief executive and director of children's services stand behind it together."
                       : "Not signed by: ", a->is_quartet ? "" : a->missing, a->is_quartet ? "" : ".");
    if (a->is_unfit) {
        para(p, "Its words, %s, are not repeated here: they cite figures that everybody is not told.", a->record);
        return;
    }
    para(p, "In its own words, of %s, record %s. Only the small print in square brackets is not: it is what the figures cited say "
         "now.", day, a->record);             /* brackets of their own stand in the size of their words */
    for (size_t i = 0; i < SHOWN_SECTIONS; i++)
        put_section(p, a, shown_sections[i], parts.text[shown_sections[i]]);
}

void section_assess(struct page *p)
{
    if (!report_has_assessments(p->r))
        return;
    bool is_of_all = p->subject == NO_SUBJECT;
    section_begin(p, "assess", NULL, is_of_all ? "What they say of themselves" : "What it says of itself");
    if (is_of_all)
        put_table(p);
    else if (p->r->members[p->subject].assessment != NULL)
        put_one(p, p->r->members[p->subject].assessment);
    else
        para(p, "It has published no self-assessment to the readers of this page.");
    section_end(p);
}
