#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/report/inside.h"

static void put_methods(struct page *p)
{
    static const char *const lines[] = {
        "Figures stand as their authors published and signed them. Rates and percentages are rounded half up at the decimals of "
        "the definition.",
        "All together: sums of counts over the authorities with both parts, rounded once, never a mean of percentages. n says of "
        "how many.",
        "Ranks, quartiles and quarters A to D as in the DfE's LAIT: ties share the better rank, quartiles are of type 7, only "
        "where high or low is good.",
        "Intervals, 95 %: Wilson for percentages; for rates exact Poisson below 10, else Byar. Full-time equivalents, days, means "
        "and scores have none.",
        "Funnels: plain limits at 99.8 % as OHID draws them; adjusted limits after Spiegelhalter (2005): additive "
        "over-dispersion, 10 % winsorised "
        "at each end, at least 8 authorities, none where over one in ten numerators are hidden.",
        "Change over time: XmR charts (12 periods at least, NHS rules), where an authority has so many.",
        "A symbol (c, u, x, z, k, low) is never a number and never zero."};
    html_element(&p->h, "h3", "How the figures are made", END);
    html_begin(&p->h, "ul", "class", "small", END);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        html_element(&p->h, "li", lines[i], END);
    html_end(&p->h, "ul");
    html_line(&p->h);
}

static void put_definitions(struct page *p)
{
    static const char *const heads[] = {"Indicator", "Numerator", "Denominator", "Unit, times", "By", NULL};
    const struct region *region = p->r->region;
    table_begin(p, "tight", "What is counted", heads);
    for (size_t i = 0; i < region->n; i++) {
        const struct definition_row *d = &p->r->indicators[i].row->definition;
        html_begin(&p->h, "tr", END);
        html_begin(&p->h, "th", "scope", "row", END);
        html_text(&p->h, d->definition.title);
        html_text(&p->h, " ");
        html_element(&p->h, "code", d->definition.id, END);
        html_end(&p->h, "th");
        cell_text(p, d->definition.numerator);
        cell_text(p, d->definition.denominator);
        cell_textf(p, "%s, %" PRIu32, d->definition.unit, d->definition.multiplier);
        cell_text(p, d->is_official ? "official" : d->slug.s);
        html_end(&p->h, "tr");
        html_line(&p->h);
    }
    table_end(p);
    for (size_t i = 0; i < region->n_undefined && i < REGION_WORD_MAX; i++)
        para(p, "Left out, because no definition explains it: %s", region->undefined[i]);
}

static void put_excluded(struct page *p)
{
    const struct outliers *o = &p->r->outliers;
    if (o->n_excluded == 0)
        return;
    html_begin(&p->h, "p", "class", "small", END);
    html_text(&p->h, "Not tested by a funnel: ");
    for (size_t i = 0; i < o->n_excluded; i++) {
        char why[EXCLUDED_TEXT_MAX];
        excluded_text(&o->excluded[i], why);
        html_textf(&p->h, "%s%s (%s)", i > 0 ? ", " : "", o->excluded[i].row->definition.definition.id, why);
    }
    html_text(&p->h, ".");
    html_end(&p->h, "p");
    html_line(&p->h);
}

/* One line a log: sources.h reads it back. */
static void put_log(struct page *p, size_t a)
{
    const struct report_member *m = &p->r->members[a];
    char generation[16], size[24], root[HEX_SIZE(HASH_LEN)];
    (void)snprintf(generation, sizeof(generation), "%" PRIu32, m->held.generation);
    (void)snprintf(size, sizeof(size), "%" PRIu64, m->held.size);
    hex_encode((struct bytes){m->held.root.b, HASH_LEN}, root);
    html_begin(&p->h, "tr", "data-log", p->r->region->authorities[a].s, "data-generation", generation, "data-size", size,
               "data-root", root,
               END);
    cell_name(p, m->name);
    cell_number(p, size);
    html_begin(&p->h, "td", END);
    html_element(&p->h, "code", root, END);
    html_end(&p->h, "td");
    html_begin(&p->h, "td", END);
    html_textf(&p->h, "%u of %zu%s%s", (unsigned)m->held.n_witnesses, p->r->n_witnesses, m->held.has_quorum ? "" : ", too few",
               m->held.is_frozen ? "; frozen: two stories" : "");
    html_end(&p->h, "td");
    html_end(&p->h, "tr");
    html_line(&p->h);
}

static void put_logs(struct page *p)
{
    static const char *const heads[] = {"Authority", "#Entries", "Root (SHA-256)", "Witnessed by", NULL};
    table_begin(p, "tight logs", "The logs that this page rests on, as far as they were held", heads);
    for (size_t k = 0; k < p->r->region->n_authorities; k++)
        if (p->r->members[p->r->order[k]].held.generation > 0)
            put_log(p, p->r->order[k]);
    table_end(p);
}

static void put_code(struct page *p, const char *code, const char *words)
{
    html_begin(&p->h, "li", END);
    html_element(&p->h, "code", code, END);
    html_textf(&p->h, " %s", words);
    html_end(&p->h, "li");
}

void section_how(struct page *p)
{
    section_begin(p, "how", NULL, "How to read and check this");
    put_methods(p);
    put_excluded(p);
    put_definitions(p);
    html_element(&p->h, "h3", "Check it", END);
    para(p, "The page itself is not signed; the records behind it are. It carries the id of every record that it shows (such as "
         "kent/87) and, below, "
         "how far each log was held and the root of its Merkle tree there. Whoever holds the same logs can ask:");
    html_begin(&p->h, "ul", END);
    put_code(p, "folkmoot report --check FILE.html", "is every figure still what its author says, or revised or withdrawn since?");
    put_code(p, "folkmoot verify", "recomputes every log from its entries: signatures, roots, witnesses");
    put_code(p, "folkmoot history INDICATOR --authority A", "every version of a figure, when it was said and why it changed");
    html_end(&p->h, "ul");
    html_begin(&p->h, "p", "class", "small", END);
    html_text(&p->h, "Charter of the alliance: version ");
    html_textf(&p->h, "%u, hash ", p->r->charter_version);
    html_element(&p->h, "code", p->r->charter, END);
    html_end(&p->h, "p");
    put_logs(p);
    section_end(p);
}
