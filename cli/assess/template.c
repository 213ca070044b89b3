#include "cli/assess/template.h"

#include <inttypes.h>
#include <string.h>

#include "protocol/assessment.h"
#include "protocol/assessment_body.h"

static const char *const hints[] = {
    [SECTION_PRACTICE] = "What the work is like for children and families, and what difference it makes: not what was done.",
    [SECTION_HOW] = ("Figures, audits, what children, families and staff say, inspections, peers. Cite figures:\n"
                     "     [31.0 % in 2024](figure:rereferral_pct@2024) is checked against the record that it names."),
    [SECTION_PLANS] = "What will change, by when, and by which figure you will see it.",
    [SECTION_STRENGTHS] = "What others could learn from you.",
    [SECTION_DEVELOPMENT] = "What is not good enough yet. Saying it first is what this is for.",
    [SECTION_NEEDED] = "What would help, and from whom. Then ask for it, too: folkmoot help lists the commands.",
    [SECTION_OFFERED] = "What you could give others: everybody has something.",
};

/* What a comment may hold: a title is one line, but another's definition may hold what ends a comment. */
static void put_safe(struct buf *ret, const char *text)
{
    for (; *text != '\0'; text++)
        if (strncmp(text, "--", 2) != 0)
            buf_put(ret, (struct bytes){(const uint8_t *)text, 1});
}

static void put_figure(struct buf *ret, const struct placed *p)
{
    buf_put_str(ret, "     - ");
    put_safe(ret, p->of->definition.definition.title);
    buf_printf(ret, ": [%s](figure:%s)", p->value, p->link);
    if (p->row->rank > 0)
        buf_printf(ret, ", rank %zu of %zu, band %c", p->row->rank, p->ranked, p->row->band != 0 ? p->row->band : '-');
    buf_put_str(ret, p->is_better ? ", better than before\n" : p->is_worse ? ", worse than before\n" : "\n");
}

static bool belongs(enum assessment_section s, const struct placed *p)
{
    bool is_strong = (p->row->band == 'A' || p->row->band == 'B') && !p->is_worse;
    bool is_weak = p->row->band == 'D' || p->is_much_worse;
    return s == SECTION_STRENGTHS ? is_strong : s == SECTION_DEVELOPMENT ? is_weak : s == SECTION_HOW && !is_strong && !is_weak;
}

static void put_figures(struct buf *ret, enum assessment_section s, const struct placing *figures)
{
    bool has_any = false;
    for (size_t i = 0; i < figures->n; i++) {
        if (!belongs(s, &figures->rows[i]))
            continue;
        if (!has_any)
            buf_put_str(ret, "\n     Of your newest figures:\n");
        has_any = true;
        put_figure(ret, &figures->rows[i]);
    }
    buf_put_str(ret, has_any ? "-->\n" : " -->\n");
}

void assess_template(const struct slug *slug, uint32_t year, const struct placing *figures, struct buf *ret)
{
    buf_printf(ret, "%s\nauthority %s\nyear %" PRIu32 "\njudgement ?\n\n", ASSESSMENT_FIRST_LINE, slug->s, year);
    buf_put_str(ret, "<!-- Comments like this one are never signed nor published. Write your own judgement above, for ?:\n"
                     "     1 outstanding, 2 good, 3 requires improvement, 4 inadequate. Write below the headings, in Markdown;\n"
                     "     then: folkmoot assess check FILE, and folkmoot assess sign FILE --as ROLE goes round four desks. -->\n");
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        buf_printf(ret, "\n# %s\n\n<!-- %s", section_heading((enum assessment_section)i), hints[i]);
        put_figures(ret, (enum assessment_section)i, figures);
    }
}
