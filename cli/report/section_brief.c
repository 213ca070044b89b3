#include <stdio.h>
#include <string.h>

#include "cli/publish/small.h"
#include "cli/report/inside.h"

enum { NAMES_MAX = 8 };                     /* named in one sentence; more are counted */

static bool is_about_us(const struct page *p, const struct outlier *o)
{
    return p->subject == NO_SUBJECT || slug_equal(o->slug, &p->r->region->authorities[p->subject]);
}

static bool is_figure_rule(const struct outlier *o)
{
    return o->rule == RULE_FUNNEL || o->rule == RULE_XMR;
}

/* " (45.4, all together 22.6)" */
static void put_against(struct page *p, const struct outlier *o)
{
    struct report_indicator i = {.row = o->row};
    char shown[FIGURE_SHOWN_MAX + 8], total[FIGURE_SHOWN_MAX];
    if (o->cell == NULL)
        return;
    row_shown(&i, o->cell, shown);
    total_shown(&i, total);
    html_textf(&p->h, " (%s%s%s)", shown, total[0] != '\0' ? ", all together " : "", total);
}

/* "Isle of Wight (Referrals within ...), ..." */
static void put_asked(struct page *p, enum outlier_ask ask, const char *label, const char *nobody)
{
    const struct outliers *o = &p->r->outliers;
    size_t n = 0;
    html_begin(&p->h, "li", END);
    html_element(&p->h, "strong", label, END);
    html_text(&p->h, " ");
    for (size_t i = 0; i < o->n; i++) {
        const struct outlier *x = &o->list[i];
        if (x->ask != ask || !is_figure_rule(x) || !is_about_us(p, x))
            continue;
        n++;
        html_text(&p->h, n > 1 ? "; " : "");
        if (p->subject == NO_SUBJECT) {
            html_name(&p->h, region_name_of(p->r->region, x->slug));
            html_text(&p->h, ", ");
        }
        html_text(&p->h, x->row->definition.definition.title);
        put_against(p, x);
    }
    html_text(&p->h, n == 0 ? nobody : ".");
    html_end(&p->h, "li");
    html_line(&p->h);
}

static void put_missing(struct page *p)
{
    const struct report *r = p->r;
    size_t whole = 0, none = 0, part = 0;
    for (size_t a = 0; a < r->region->n_authorities; a++) {
        const struct report_member *m = &r->members[a];
        whole += m->n_numbers == m->n_asked && m->n_asked > 0;
        none += m->n_numbers == 0;
    }
    html_begin(&p->h, "li", END);
    html_element(&p->h, "strong", "Returned:", END);
    html_textf(&p->h, " %zu of %zu authorities have figures here, %zu of them a number for every indicator.",
               r->region->n_authorities - none,
               r->region->n_authorities, whole);
    for (size_t k = 0; k < r->region->n_authorities; k++) {
        const struct report_member *m = &r->members[r->order[k]];
        if (m->n_numbers == m->n_asked)
            continue;
        if (part++ >= NAMES_MAX)
            continue;
        html_text(&p->h, part == 1 ? " Numbers are missing from " : ", ");
        html_name(&p->h, m->name);
        html_textf(&p->h, " (%zu of %zu)", m->n_asked - m->n_numbers, m->n_asked);
    }
    if (part > NAMES_MAX)
        html_textf(&p->h, " and %zu more", part - NAMES_MAX);
    html_text(&p->h, part > 0 ? "." : "");
    html_end(&p->h, "li");
    html_line(&p->h);
}

static void put_revised(struct page *p)
{
    size_t revised = 0, withdrawn = 0;
    for (size_t i = 0; i < p->r->n_revisions; i++) {
        const struct revision *v = &p->r->revisions[i];
        if (p->subject != NO_SUBJECT && v->authority != p->subject)
            continue;
        withdrawn += v->is_withdrawn;
        revised += !v->is_withdrawn;
    }
    html_begin(&p->h, "li", END);
    html_element(&p->h, "strong", "Revised or withdrawn:", END);
    html_textf(&p->h, " of the figures compared and those of the period before, %zu %s revised since first published and %zu "
               "withdrawn.",
               revised, revised == 1 ? "was" : "were", withdrawn);
    html_end(&p->h, "li");
    html_line(&p->h);
}

static void put_silent(struct page *p)
{
    const struct outliers *o = &p->r->outliers;
    size_t n = 0;
    for (size_t i = 0; i < o->n; i++)
        n += !is_figure_rule(&o->list[i]) && is_about_us(p, &o->list[i]);
    if (n == 0)
        return;
    html_begin(&p->h, "li", END);
    html_element(&p->h, "strong", "Returns to ask for:", END);
    html_textf(&p->h, " %zu; they are listed below.", n);
    html_end(&p->h, "li");
}

static void put_withheld(struct page *p)
{
    char few[SMALL_WORDS_SIZE];
    small_count_words(p->r->small_max, few);
    para(p, "%zu published figures are withheld here (c), because they are, or would give away, a count of %s.",
         p->r->n_withheld, few);
}

void section_brief(struct page *p)
{
    section_begin(p, "brief", NULL, "In brief");
    html_begin(&p->h, "ul", END);
    html_line(&p->h);
    if (p->subject == NO_SUBJECT)
        put_missing(p);
    put_asked(p, ASK_ABOUT, "Ask about:", "nothing stands out on the unfavourable side.");
    put_asked(p, ASK_HOW, "Ask how:", "nothing stands out on the favourable side.");
    put_asked(p, ASK_NEITHER, "Unusual, where neither high nor low is good:", "nothing.");
    if (!p->r->is_public)
        put_silent(p);
    put_revised(p);
    html_end(&p->h, "ul");
    if (p->r->is_public && p->r->n_withheld > 0)
        put_withheld(p);
    html_begin(&p->h, "p", "class", "small", END);
    html_text(&p->h, "Whoever is listed is a reason to ask, never a judgement: it says that a figure is further from the others "
              "than chance "
              "and the ordinary spread between authorities explain.");
    html_end(&p->h, "p");
    section_end(p);
}
