#include "cli/report/page.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "cli/report/inside.h"

struct link { const char *to, *text; };

/* A link to a section that this page does not have is left out. */
static bool is_there(const struct page *p, const char *to)
{
    if (strcmp(to, "#assess") == 0)
        return report_has_assessments(p->r);
    return strcmp(to, "#support") != 0 || report_has_matters(p->r);
}

static void put_links(struct page *p, const struct link *links, size_t n)
{
    html_begin(&p->h, "nav", "aria-label", "Contents", END);
    html_begin(&p->h, "ul", END);
    for (size_t i = 0; i < n; i++) {
        if (!is_there(p, links[i].to))
            continue;
        html_begin(&p->h, "li", END);
        html_element(&p->h, "a", links[i].text, "href", links[i].to, END);
        html_end(&p->h, "li");
    }
    html_end(&p->h, "ul");
    html_end(&p->h, "nav");
}

static void title_of(const struct report *r, const char *name, char ret[WORDS_MAX])
{
    char period[PERIOD_TEXT_MAX];
    period_words(&r->region->period, period);
    (void)snprintf(ret, WORDS_MAX, "%s: children's services figures, %s", name, period);
}

static void write_region(const struct report *r, bool with_years, bool with_others, struct buf *ret)
{
    static const struct link links[] = {{"#brief", "In brief"}, {"#returned", "Who has returned"}, {"#changed", "What changed"},
                                        {"#rug", "The rug"}, {"#ask", "Ask about, ask how"}, {"#assess", "Self-assessments"},
                                        {"#support", "Challenge and support"}, {"#indicators", "Indicator by indicator"},
                                        {"#how", "How to read and check this"}};
    struct page p = {.h = html_on(ret), .r = r, .subject = NO_SUBJECT, .with_years = with_years, .with_others = with_others};
    char title[WORDS_MAX];
    title_of(r, r->alliance, title);
    page_begin(&p, title, title);
    put_links(&p, links, sizeof(links) / sizeof(links[0]));
    section_brief(&p);
    section_returned(&p);
    section_changed(&p);
    section_rug(&p);
    section_ask(&p);
    section_assess(&p);
    section_support(&p);
    section_indicators(&p);
    section_how(&p);
    sources_write(&p);
    page_end(&p);
    assert(buf_status(ret) != OK || p.h.depth == 0);
}

enum err page_region(const struct report *r, struct buf *ret)
{
    assert(ret->len == 0);
    write_region(r, true, true, ret);
    if (buf_status(ret) == ERR_LIMIT) {
        buf_clear(ret);
        write_region(r, false, true, ret);
    }
    if (buf_status(ret) == ERR_LIMIT && report_has_others(r)) {
        buf_clear(ret);
        write_region(r, false, false, ret);
    }
    return buf_status(ret);
}

enum err page_authority(const struct report *r, size_t authority, struct buf *ret)
{
    static const struct link links[] = {{"#brief", "In brief"}, {"#profile", "Every indicator"}, {"#ask", "Ask about, ask how"},
                                        {"#assess", "Its self-assessment"}, {"#support", "Challenge and support"},
                                        {"#how", "How to read and check this"}};
    struct page p = {.h = html_on(ret), .r = r, .subject = authority, .with_years = true, .with_others = true};
    char title[WORDS_MAX];
    assert(ret->len == 0);
    title_of(r, r->members[authority].name, title);
    page_begin(&p, title, title);
    put_links(&p, links, sizeof(links) / sizeof(links[0]));
    section_brief(&p);
    section_profile(&p);
    section_ask(&p);
    section_assess(&p);
    section_support(&p);
    section_how(&p);
    sources_write(&p);
    page_end(&p);
    return buf_status(ret);
}

void page_name(const struct slug *slug, char ret[PAGE_NAME_MAX])
{
    (void)snprintf(ret, PAGE_NAME_MAX, "%s%s.html", strcmp(slug->s, "index") == 0 ? "0-" : "", slug->s);
}

enum err page_index(const struct report *r, struct buf *ret)
{
    static const char *const heads[] = {"Page", "#Indicators with a number", NULL};
    struct page p = {.h = html_on(ret), .r = r, .subject = NO_SUBJECT};
    char title[WORDS_MAX], file[PAGE_NAME_MAX];
    assert(ret->len == 0);
    title_of(r, r->alliance, title);
    page_begin(&p, title, title);
    section_begin(&p, "pages", NULL, "Pages");
    html_begin(&p.h, "p", END);
    html_element(&p.h, "a", "The region, all authorities beside each other", "href", PAGE_REGION, END);
    html_end(&p.h, "p");
    table_begin(&p, NULL, "A page an authority", heads);
    for (size_t k = 0; k < r->region->n_authorities; k++) {
        size_t a = r->order[k];
        page_name(&r->region->authorities[a], file);
        html_begin(&p.h, "tr", END);
        html_begin(&p.h, "th", "scope", "row", END);
        html_begin(&p.h, "a", "href", file, END);
        html_name(&p.h, r->members[a].name);
        html_end(&p.h, "a");
        html_end(&p.h, "th");
        html_begin(&p.h, "td", "class", "n", END);
        html_textf(&p.h, "%zu of %zu", r->members[a].n_numbers, r->members[a].n_asked);
        html_end(&p.h, "td");
        html_end(&p.h, "tr");
        html_line(&p.h);
    }
    table_end(&p);
    section_end(&p);
    page_end(&p);
    return buf_status(ret);
}
