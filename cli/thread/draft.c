#include "cli/thread/draft.h"

#include <stdio.h>
#include <string.h>

#include "cli/assess/seen.h"
#include "cli/compare/match.h"
#include "cli/compare/outliers.h"
#include "cli/output/figure.h"
#include "cli/output/json.h"
#include "cli/output/text.h"
#include "cli/thread/letter.h"
#include "cli/view/assessments.h"
#include "protocol/assessment.h"

struct drafting {
    struct lead *l;
    const struct member *to;
    const struct outliers *o;
    struct buf *b;
    size_t n, n_more;
    bool is_said;                           /* its newest self-assessment was looked at */
};

static void put_day(struct buf *b, uint64_t ms)
{
    char when[TIME_TEXT_MAX];
    time_text(ms, when);
    buf_printf(b, "%.10s", when);
}

/* Titles are others' words: one line, and nothing that would end a comment or begin a link. */
static void put_title(struct buf *b, const char *title)
{
    struct buf clean = buf_on(1024);
    text_clean(bytes_of(title), TEXT_ONE_LINE, &clean);
    for (size_t i = 0; i < clean.len; i++)
        if (strchr("<>[]", clean.p[i]) == NULL)
            buf_put(b, (struct bytes){clean.p + i, 1});
    buf_release(&clean);
}

static void put_head(struct drafting *x)
{
    buf_printf(x->b, "# Challenge to %s\n\nanswer-by: ", x->to->slug.s);
    put_day(x->b, session_now_ms() + DRAFT_ANSWER_DAYS * 24ULL * 3600 * 1000);
    buf_put_str(x->b, "\n\n<!--\nDrafted by folkmoot from figures that can be read here on ");
    put_day(x->b, session_now_ms());
    buf_put_str(x->b, ".\nA figure is a reason to ask and says of nobody that it fails. Take out what you would not ask,\n"
                      "put the rest in your own words. Each heading \"## RECORD\" begins a question of its own, which\n"
                      "exactly the readers of that record can read. Places, means and totals rest on all figures that you can\n"
                      "read, also on such as were sealed for you and few others: take out what would tell of those.\n"
                      "What stands between these marks is not sent. Then: folkmoot challenge send FILE\n-->\n");
}

/* ---- why one would ask ---- */

static bool is_asked_about(const struct drafting *x, const struct outlier *o, const struct region_row *r)
{
    return o->row == r && slug_equal(o->slug, &x->to->slug) &&
           (o->ask == ASK_ABOUT || o->rule == RULE_WITHDRAWN || o->rule == RULE_LATE || o->rule == RULE_MISSING);
}

static size_t count_reasons(const struct drafting *x, const struct region_row *r)
{
    size_t n = 0;
    for (size_t i = 0; i < x->o->n; i++)
        n += is_asked_about(x, &x->o->list[i], r);
    return n;
}

static bool is_worst(const struct region_row *r, const struct compare_row *c)
{
    return c->band == 'D' && r->c.n >= MATCH_RETURNS;
}

static bool is_revised(const struct compare_row *c)
{
    return compare_row_returned(c) && c->figure.figure.reason != REASON_NONE;
}

static bool went_worse(const struct region_row *r, const struct compare_row *c)
{
    enum direction d = direction_of_row(c);
    enum polarity p = r->definition.definition.polarity;
    return (p == POLARITY_LOW && d == DIRECTION_UP) || (p == POLARITY_HIGH && d == DIRECTION_DOWN);
}

/* ---- one question ---- */

static void put_figure(struct drafting *x, const struct region_row *r, const struct compare_row *c)
{
    const struct definition *d = &r->definition.definition;
    char value[FIGURE_SHOWN_MAX], period[PERIOD_TEXT_MAX];
    lead_period(&r->period, period);
    if (!compare_row_returned(c) || !c->figure.figure.has_value)
        return;
    decimal_shown(c->figure.figure.value, d->decimals, value);
    buf_put_str(x->b, "[");
    put_title(x->b, d->title);
    buf_printf(x->b, ", %s: %s](figure:%s:%s@%s)", period, value, x->to->slug.s, d->id, period);
    if (c->rank > 0 && is_worst(r, c))
        buf_printf(x->b, " is in the worst quarter (place %zu of %zu)", c->rank, r->c.n);
    if (went_worse(r, c))
        buf_put_str(x->b, is_worst(r, c) ? ", and was better the period before" : " was better the period before");
    buf_put_str(x->b, ".\n");
}

static void put_question(struct drafting *x, const struct region_row *r, const struct compare_row *c)
{
    const struct definition *d = &r->definition.definition;
    bool has_figure = compare_row_returned(c) && !c->figure.is_withdrawn;
    buf_printf(x->b, "\n## %s\n\n", compare_row_returned(c) ? c->figure.record : d->id);
    put_figure(x, r, c);
    for (size_t i = 0; i < x->o->n; i++)
        if (is_asked_about(x, &x->o->list[i], r))
            buf_printf(x->b, "%s (%s): %s.\n", d->id, outlier_rule_name(x->o->list[i].rule), x->o->list[i].detail);
    if (is_revised(c))
        buf_printf(x->b, "%s was revised (%s).\n", d->id, reason_name(c->figure.figure.reason));
    buf_put_str(x->b, !has_figure ? "When may we expect it, and what stands in the way?\n"
                      : is_worst(r, c) || count_reasons(x, r) > 0
                          ? "What lies behind this, how do you know, and what are you doing about it?\n"
                          : "What was found, and is it mended at its source?\n");
}

static void consider(struct drafting *x, const struct region_row *r)
{
    const struct compare_row *c = region_row_of(r, &x->to->slug);
    if (c == NULL || c->is_public || (count_reasons(x, r) == 0 && !is_worst(r, c) && !is_revised(c)))
        return;
    if (x->n == LETTER_QUESTIONS_MAX) {
        x->n_more++;
        return;
    }
    x->n++;
    put_question(x, r, c);
}

/* ---- said against seen ---- */

/* A finding rests on records of several readerships, so it is put before who edits, and never into what is sent. */
static void put_said(struct drafting *x, const struct assessment_row *r, const struct seen_list *l)
{
    x->n++;
    buf_printf(x->b, "\n## %s\n\nYour self-assessment of %u says one thing, and figures, peers or inspectors another. How do you "
               "read them\ntogether?\n<!--\nSaid against seen. What you take from here into your words, all readers of %s will "
               "read.\n", r->record, (unsigned)r->year, r->record);
    for (size_t i = 0; i < l->n; i++) {
        buf_put_str(x->b, "- ");
        put_title(x->b, l->all[i].text);
        if (l->all[i].record[0] != '\0')
            buf_printf(x->b, " (%s)", l->all[i].record);
        buf_put_str(x->b, ".\n");
    }
    buf_put_str(x->b, "-->\n");
}

/* The newest year comes first; the others are history. */
static enum err consider_said(void *arg, const struct assessment_row *r)
{
    struct drafting *x = arg;
    struct assessment_head head;
    struct seen_list l = {.n = 0};
    struct seen_ask ask = {.v = x->l->view, .charter = desk_charter(&x->l->d), .slug = &x->to->slug,
                           .judgement = r->judgement};
    if (x->is_said || r->withdrawn != NULL || assessment_text_read(r->text, &head, &ask.body) != OK)
        return OK;
    x->is_said = true;
    enum err e = seen_make(&ask, &l);
    if (e == OK && l.n > 0 && x->n < LETTER_QUESTIONS_MAX)
        put_said(x, r, &l);
    else if (e == OK && l.n > 0)
        x->n_more++;
    seen_release(&l);
    return e;
}

/* What is about no indicator cannot head a question; it is told to who edits. */
static void put_rest(struct drafting *x)
{
    for (size_t i = 0; i < x->o->n; i++) {
        const struct outlier *o = &x->o->list[i];
        if (o->row != NULL || !slug_equal(o->slug, &x->to->slug))
            continue;
        buf_printf(x->b, "\n<!-- also, to be asked otherwise (%s): ", outlier_rule_name(o->rule));
        put_title(x->b, o->detail);
        buf_put_str(x->b, " -->\n");
    }
}

enum err draft_write(struct lead *l, const struct member *to, struct buf *ret, size_t *ret_n, size_t *ret_more)
{
    struct outliers o;
    enum err e = outliers_find(l->view, &l->region, l->as_of_ms, session_now_ms(), &o);
    if (e != OK)
        return e;
    struct drafting x = {.l = l, .to = to, .o = &o, .b = ret};
    put_head(&x);
    for (size_t i = 0; i < l->region.n; i++)
        consider(&x, &l->region.rows[i]);
    e = view_assessments(l->view, to->slug.s, 0, consider_said, &x);
    put_rest(&x);
    outliers_release(&o);
    *ret_n = x.n;
    *ret_more = x.n_more;
    return e == OK ? buf_status(ret) : e;
}
