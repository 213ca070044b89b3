#include "cli/report/inside.h"

#include <stdarg.h>
#include <stdio.h>

#include "cli/report/sources.h"

/* ---- small pieces ---- */

void para(struct page *p, const char *fmt, ...)
{
    char text[4 * WORDS_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    html_element(&p->h, "p", text, END);
    html_line(&p->h);
}

void section_begin(struct page *p, const char *id, const char *class, const char *heading)
{
    char head[64];
    (void)snprintf(head, sizeof(head), "%s-h", id);
    html_line(&p->h);
    html_begin(&p->h, "section", "id", id, "class", class, "aria-labelledby", head, END);
    html_element(&p->h, "h2", heading, "id", head, END);
    html_line(&p->h);
}

void section_end(struct page *p)
{
    html_end(&p->h, "section");
}

void table_begin(struct page *p, const char *class, const char *caption, const char *const *heads)
{
    struct html *h = &p->h;
    html_begin(h, "table", "class", class, END);
    if (caption != NULL)
        html_element(h, "caption", caption, END);
    html_begin(h, "thead", END);
    html_begin(h, "tr", END);
    for (size_t i = 0; heads[i] != NULL; i++) {
        bool is_number = heads[i][0] == '#';
        html_element(h, "th", heads[i] + is_number, "scope", "col", "class", is_number ? "n" : NULL, END);
    }
    html_end(h, "tr");
    html_end(h, "thead");
    html_begin(h, "tbody", END);
    html_line(h);
}

void table_end(struct page *p)
{
    html_end(&p->h, "tbody");
    html_end(&p->h, "table");
    html_line(&p->h);
}

void details_begin(struct page *p, const char *summary)
{
    html_begin(&p->h, "details", END);
    html_element(&p->h, "summary", summary, END);
    html_begin(&p->h, "div", "class", "scroll", END);
}

void details_end(struct page *p)
{
    html_end(&p->h, "div");
    html_end(&p->h, "details");
    html_line(&p->h);
}

void cell_text(struct page *p, const char *text)
{
    html_element(&p->h, "td", text, END);
}

void cell_number(struct page *p, const char *text)
{
    html_element(&p->h, "td", text, "class", "n", END);
}

void cell_textf(struct page *p, const char *fmt, ...)
{
    char text[2 * WORDS_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    html_element(&p->h, "td", text, END);
}

void cell_name(struct page *p, const char *name)
{
    html_begin(&p->h, "th", "scope", "row", END);
    html_name(&p->h, name);
    html_end(&p->h, "th");
}

const char *chart_id(struct page *p, char ret[CHART_ID_MAX])
{
    (void)snprintf(ret, CHART_ID_MAX, "c%u", ++p->n_charts);
    return ret;
}

/* What is for everybody bears no marking of who may see it. */
const char *marking_shown(const struct report *r)
{
    if (r->is_public)
        return "PUBLISHED TO EVERYONE";
    return r->marking == MARKING_SENSITIVE ? "OFFICIAL-SENSITIVE" : "OFFICIAL";
}

/* ---- the frame ---- */

static void put_marking(struct page *p)
{
    html_begin(&p->h, "p", "class", "marking", END);
    html_text(&p->h, marking_shown(p->r));
    if (!p->r->is_public) {
        html_text(&p->h, ": for members of ");
        html_name(&p->h, p->r->alliance);
        html_text(&p->h, " only");
    }
    html_end(&p->h, "p");
    html_line(&p->h);
}

static void put_lede(struct page *p)
{
    const struct report *r = p->r;
    char made[WHEN_MAX], as_of[WHEN_MAX];
    when_words(r->made_ms, made);
    html_begin(&p->h, "p", "class", "small", END);
    html_textf(&p->h, "Made %s by the node of ", made);
    html_name(&p->h, r->by);
    html_textf(&p->h, ", folkmoot " FOLKMOOT_VERSION ", from signed records that it has verified. Alliance ");
    html_name(&p->h, r->alliance);
    html_textf(&p->h, ", charter %u.", r->charter_version);
    if (r->as_of_ms != UINT64_MAX) {
        when_words(r->as_of_ms, as_of);
        html_textf(&p->h, " It shows what was known at %s.", as_of);
    }
    if (r->is_part || r->is_public)
        html_textf(&p->h, " It is of %s only: totals, quartiles and letters are of these.",
                   r->is_public ? "members that published these figures to everyone" : "some members");
    html_end(&p->h, "p");
    html_line(&p->h);
}

void page_begin(struct page *p, const char *title, const char *heading)
{
    struct html *h = &p->h;
    html_doctype(h);
    html_begin(h, "html", "lang", "en-GB", END);
    html_begin(h, "head", END);
    html_empty(h, "meta", "charset", "utf-8", END);
    html_empty(h, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", END);
    html_empty(h, "meta", "http-equiv", "Content-Security-Policy", "content", "default-src 'none'; style-src 'unsafe-inline'", END);
    html_empty(h, "meta", "name", "referrer", "content", "no-referrer", END);
    html_element(h, "title", title, END);
    html_line(h);
    for (size_t i = 0; i < PAGE_CSS_PARTS; i++)
        html_style(h, page_css[i]);
    html_style(h, page_css_marking(p->r));
    html_end(h, "head");
    html_begin(h, "body", END);
    html_line(h);
    sources_begin(h, p->r);
    put_marking(p);
    html_begin(h, "header", END);
    html_element(h, "h1", heading, END);
    put_lede(p);
    html_end(h, "header");
}

void page_end(struct page *p)
{
    html_line(&p->h);
    html_begin(&p->h, "footer", END);
    put_marking(p);
    html_end(&p->h, "footer");
    html_end(&p->h, "main");
    html_end(&p->h, "body");
    html_end(&p->h, "html");
    html_line(&p->h);
}
