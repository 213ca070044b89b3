#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/report/inside.h"

static bool concerns(const struct page *p, const struct outlier *o)
{
    return p->subject == NO_SUBJECT || slug_equal(o->slug, &p->r->region->authorities[p->subject]);
}

static bool is_silence(const struct outlier *o)
{
    return o->rule != RULE_FUNNEL && o->rule != RULE_XMR;
}

/* ---- one funnel ---- */

struct funnel_set {
    struct cell *cells;
    struct funnel_point *points;
    struct funnel_mark *marks;
    struct funnel f;
    size_t n_marks;
};

static bool is_named(const struct page *p, const struct region_row *row, const struct compare_row *cell)
{
    for (size_t i = 0; i < p->r->outliers.n; i++) {
        const struct outlier *o = &p->r->outliers.list[i];
        if (o->rule == RULE_FUNNEL && o->row == row && o->cell == cell && concerns(p, o))
            return true;
    }
    return false;
}

static enum err make_set(const struct page *p, const struct report_indicator *i, struct funnel_set *s)
{
    const struct comparison *c = &i->row->c;
    s->cells = calloc(c->n_rows + 1, sizeof(*s->cells));
    s->points = calloc(c->n_rows + 1, sizeof(*s->points));
    s->marks = calloc(c->n_rows + 1, sizeof(*s->marks));
    if (s->cells == NULL || s->points == NULL || s->marks == NULL)
        return ERR_NOMEM;
    for (size_t k = 0; k < c->n_rows; k++)
        s->cells[k] = compare_row_trial(&c->rows[k]);
    enum err e = funnel_of(s->cells, c->n_rows, i->row->definition.definition.parts, &s->f, s->points);
    for (size_t k = 0; e == OK && k < c->n_rows; k++) {
        if (!s->points[k].is_usable)
            continue;
        double n = decimal_double(s->cells[k].denominator), x = decimal_double(s->cells[k].numerator);
        s->marks[s->n_marks++] = (struct funnel_mark){c->rows[k].name, n, x / n * i->row->definition.definition.multiplier,
                                                      is_named(p, i->row, &c->rows[k])};
    }
    return e;
}

static void put_points(struct page *p, const struct report_indicator *i, const struct funnel_set *s)
{
    static const char *const heads[] = {"Authority", "#Numerator", "#Denominator", "#Value", "Plain limits", "Adjusted limits",
                                        NULL};
    const struct comparison *c = &i->row->c;
    details_begin(p, "Table of this funnel");
    table_begin(p, NULL, i->row->definition.definition.title, heads);
    for (size_t k = 0; k < c->n_rows; k++) {
        char x[DECIMAL_TEXT_MAX], n[DECIMAL_TEXT_MAX], value[FIGURE_SHOWN_MAX + 8];
        if (!s->points[k].is_usable)
            continue;
        decimal_text(s->cells[k].numerator, x);
        decimal_text(s->cells[k].denominator, n);
        row_shown(i, &c->rows[k], value);
        html_begin(&p->h, "tr", END);
        cell_name(p, c->rows[k].name);
        cell_number(p, x);
        cell_number(p, n);
        cell_number(p, value);
        cell_text(p, s->points[k].plain[LEVEL_998] == FUNNEL_INSIDE ? "inside" : funnel_flag_name(s->points[k].plain[LEVEL_998]));
        cell_text(p, s->points[k].adjusted[LEVEL_998] == FUNNEL_INSIDE ? "inside" :
                  funnel_flag_name(s->points[k].adjusted[LEVEL_998]));
        html_end(&p->h, "tr");
        html_line(&p->h);
    }
    table_end(p);
    details_end(p);
}

static void draw(struct page *p, const struct report_indicator *i, const struct funnel_set *s)
{
    const struct definition *d = &i->row->definition.definition;
    char id[CHART_ID_MAX], title[WORDS_MAX], desc[WORDS_MAX];
    (void)snprintf(title, sizeof(title), "Funnel: %s", d->title);
    (void)snprintf(desc, sizeof(desc), "%zu authorities by size; together %.*f. Of them %zu lie outside the plain 99.8 %% limits "
                   "and %zu outside "
                   "those that allow for ordinary spread. The table beneath has every point.", s->f.k, (int)d->decimals,
                   s->f.theta * d->multiplier, s->f.plain[LEVEL_998], s->f.adjusted[LEVEL_998]);
    struct funnel_chart chart = {.id = chart_id(p, id), .title = title, .desc = desc, .unit = d->unit, .across = d->denominator,
                                 .funnel = &s->f, .multiplier = d->multiplier, .marks = s->marks, .n = s->n_marks};
    funnel_chart_draw(&p->h, &chart);
}

static void put_sentence(struct page *p, const struct outlier *o)
{
    const char *note = p->r->notes[o - p->r->outliers.list];
    html_begin(&p->h, "strong", END);
    html_name(&p->h, region_name_of(p->r->region, o->slug));
    html_end(&p->h, "strong");
    html_textf(&p->h, " is %s", o->detail);
    if (o->cell != NULL && o->cell->has_figure)
        html_textf(&p->h, " [%s]", o->cell->figure.record);
    html_text(&p->h, ". ");
    if (note[0] == '\0')
        return;
    html_text(&p->h, "Its own words: ");
    html_element(&p->h, "q", note, END);
    html_text(&p->h, " ");
}

/* The funnel of one indicator with whom it names for one question. */
static void put_funnel(struct page *p, const struct report_indicator *i, enum outlier_ask ask)
{
    struct funnel_set s = {.cells = NULL};
    enum err e = make_set(p, i, &s);
    if (e != OK && p->h.to->failed == OK)
        p->h.to->failed = e;
    html_begin(&p->h, "figure", END);
    if (e == OK && s.f.why == FUNNEL_TESTED)
        draw(p, i, &s);
    html_begin(&p->h, "figcaption", END);
    html_element(&p->h, "em", i->row->definition.definition.title, END);
    html_textf(&p->h, " (%s). ", good_words(i->row->definition.definition.polarity));
    for (size_t k = 0; k < p->r->outliers.n; k++) {
        const struct outlier *o = &p->r->outliers.list[k];
        if (o->rule == RULE_FUNNEL && o->ask == ask && o->row == i->row && concerns(p, o))
            put_sentence(p, o);
    }
    html_end(&p->h, "figcaption");
    if (e == OK && s.f.why == FUNNEL_TESTED)
        put_points(p, i, &s);
    html_end(&p->h, "figure");
    free(s.cells);
    free(s.points);
    free(s.marks);
}

/* ---- the lists ---- */

static const struct report_indicator *indicator_of(const struct report *r, const struct region_row *row)
{
    for (size_t i = 0; i < r->region->n; i++)
        if (r->indicators[i].row == row)
            return &r->indicators[i];
    return NULL;
}

/* Has an earlier one in the list drawn this funnel for this question? */
static bool is_drawn(const struct page *p, size_t at)
{
    const struct outlier *o = &p->r->outliers.list[at];
    for (size_t k = 0; k < at; k++) {
        const struct outlier *x = &p->r->outliers.list[k];
        if (x->rule == RULE_FUNNEL && x->ask == o->ask && x->row == o->row && concerns(p, x))
            return true;
    }
    return false;
}

static size_t put_causes(struct page *p, enum outlier_ask ask)
{
    size_t n = 0;
    for (size_t k = 0; k < p->r->outliers.n; k++) {
        const struct outlier *o = &p->r->outliers.list[k];
        if (o->rule != RULE_XMR || o->ask != ask || !concerns(p, o))
            continue;
        if (n++ == 0)
            html_begin(&p->h, "ul", END);
        html_begin(&p->h, "li", END);
        html_textf(&p->h, "%s (over time): ", o->row->definition.definition.title);
        put_sentence(p, o);
        html_end(&p->h, "li");
    }
    if (n > 0)
        html_end(&p->h, "ul");
    return n;
}

static void put_asks(struct page *p, enum outlier_ask ask, const char *heading, const char *nobody)
{
    size_t n = 0;
    html_element(&p->h, "h3", heading, END);
    for (size_t k = 0; k < p->r->outliers.n; k++) {
        const struct outlier *o = &p->r->outliers.list[k];
        if (o->rule != RULE_FUNNEL || o->ask != ask || !concerns(p, o) || is_drawn(p, k))
            continue;
        if (n++ == 0)
            html_begin(&p->h, "div", "class", "pair", END);
        put_funnel(p, indicator_of(p->r, o->row), ask);
    }
    if (n > 0)
        html_end(&p->h, "div");
    n += put_causes(p, ask);
    if (n == 0)
        para(p, "%s", nobody);
}

static void put_silence(struct page *p)
{
    const struct outliers *o = &p->r->outliers;
    size_t n = 0;
    for (size_t k = 0; k < o->n; k++) {
        const struct outlier *x = &o->list[k];
        if (!is_silence(x) || !concerns(p, x))
            continue;
        if (n++ == 0) {
            html_element(&p->h, "h3", "Returns to ask for", END);
            html_begin(&p->h, "ul", END);
        }
        html_begin(&p->h, "li", END);
        html_name(&p->h, region_name_of(p->r->region, x->slug));
        html_textf(&p->h, "%s%s: %s", x->row != NULL ? ", " : "", x->row != NULL ? x->row->definition.definition.title : "",
                   x->detail);
        html_end(&p->h, "li");
    }
    if (n > 0)
        html_end(&p->h, "ul");
}

static void put_tally(struct page *p)
{
    const struct funnel_tally *t = &p->r->outliers.tally;
    if (t->comparisons == 0) {
        para(p, "No set of figures could be tested; why is said at the end of this page.");
        return;
    }
    para(p, "%zu comparisons in %zu sets were tested. Plain 99.8 %% limits list %zu, where chance alone would list %.1f: they ask "
         "for too much, "
         "because authorities differ for a hundred ordinary reasons. Allowing for that ordinary spread %zu remain. About 1 in %d "
         "would "
         "remain if nobody were special, here about %.0f.", t->comparisons, t->sets, t->plain[LEVEL_998],
         funnel_by_chance(t->comparisons),
         t->adjusted[LEVEL_998], FUNNEL_ADJUSTED_ONE_IN, (double)t->comparisons / FUNNEL_ADJUSTED_ONE_IN);
    html_begin(&p->h, "p", "class", "small", END);
    html_text(&p->h, "In the funnels: ring, an authority; filled diamond, the one named; long dashes, all together; short dashes, "
              "plain 99.8 % "
              "limits; full line, limits that allow for ordinary spread.");
    html_end(&p->h, "p");
}

void section_ask(struct page *p)
{
    section_begin(p, "ask", NULL, "Ask about, ask how");
    put_tally(p);
    put_asks(p, ASK_ABOUT, "Ask about", "Nobody stands out on the unfavourable side.");
    put_asks(p, ASK_HOW, "Ask how", "Nobody stands out on the favourable side.");
    put_asks(p, ASK_NEITHER, "Unusual, where neither high nor low is good", "Nobody.");
    if (!p->r->is_public)                   /* who told the alliance and not everyone owes everyone nothing */
        put_silence(p);
    section_end(p);
}
