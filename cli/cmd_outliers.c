/* cli/cmd_outliers.c - whom to ask about what, whom to ask how, and who has not returned. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/compare/lead.h"
#include "cli/compare/outliers.h"
#include "cli/output/output.h"
#include "cli/output/width.h"
#include "cli/say.h"

enum { RECORD_TEXT_ROOM = 1 << 17 };        /* a note is smaller: it is a record */

const struct option_spec options_outliers[] = {WHOM_OPTIONS, LEAD_AUTHORITY, LEAD_OPTIONS, OPTIONS_END};

static const struct column columns[] = {
    {"slug", "authority", 0}, {"indicator", "indicator", 0}, {"ask", "ask", 0}, {"rule", "rule", 0}, {"detail", "detail", 0},
    {"note", "note", 0}, {"record", "record", 0}, {"period", NULL, 0},
    {"source", NULL, 0}, {"reference", NULL, 0}, {"vintage", NULL, 0},
};

/* Is it about a figure that others published? What is late or missing is about the member. */
static bool is_public(const struct outlier *x)
{
    return x->cell != NULL && x->cell->is_public && (x->rule == RULE_FUNNEL || x->rule == RULE_XMR);
}

/* ---- the document ---- */

/* What the author wrote beside its figure; empty where it wrote nothing. The caller releases it. */
static struct buf note_of(const struct lead *l, const struct outlier *x)
{
    struct buf note = buf_on(RECORD_TEXT_ROOM);
    if (x->cell != NULL && compare_row_returned(x->cell))
        session_lacks(l->d.s, view_note(l->view, x->cell->figure.record, x->slug->s, &note));
    return note;
}

static void add(struct sheet *sh, const struct lead *l, const struct outlier *x)
{
    char period[PERIOD_TEXT_MAX] = "";
    struct buf note = note_of(l, x);
    if (x->row != NULL)
        lead_period(&x->row->period, period);
    sheet_row(sh);
    sheet_text(sh, x->slug->s);
    sheet_text(sh, x->row != NULL ? x->row->definition.definition.id : NULL);
    sheet_text(sh, x->ask != ASK_NEITHER ? outlier_ask_name(x->ask) : NULL);
    sheet_text(sh, outlier_rule_name(x->rule));
    sheet_text(sh, x->detail);
    sheet_text(sh, note.len > 0 ? buf_str(&note) : NULL);
    sheet_text(sh, x->cell != NULL && compare_row_returned(x->cell) ? x->cell->figure.record : NULL);
    sheet_text(sh, x->row != NULL ? period : NULL);
    sheet_text(sh, is_public(x) ? "reference" : "member");
    sheet_text(sh, is_public(x) ? x->row->c.sources[x->cell->source].source : NULL);
    sheet_text(sh, is_public(x) ? x->row->c.sources[x->cell->source].vintage : NULL);
    buf_release(&note);
}

static json_t *excluded_json(const struct outliers *o)
{
    json_t *list = json_array();
    for (size_t i = 0; i < o->n_excluded; i++) {
        char text[EXCLUDED_TEXT_MAX];
        json_t *j = json_object();
        excluded_text(&o->excluded[i], text);
        json_object_set_new(j, "indicator", json_text(o->excluded[i].row->definition.definition.id));
        json_object_set_new(j, "why", json_text(funnel_why_name(o->excluded[i].funnel.why)));
        json_object_set_new(j, "detail", json_text(text));
        json_array_append_new(list, j);
    }
    return list;
}

static double by_chance_adjusted(const struct funnel_tally *t)
{
    return (double)t->comparisons / FUNNEL_ADJUSTED_ONE_IN;
}

static json_t *document(const struct lead *l, const struct outliers *o, const struct sheet *sh)
{
    char period[PERIOD_TEXT_MAX];
    const struct funnel_tally *t = &o->tally;
    json_t *doc = json_document(l->d.s);
    lead_period(&l->region.period, period);
    json_object_set_new(doc, "period", json_text(period));
    json_object_set_new(doc, "tested", json_integer((json_int_t)t->comparisons));
    json_object_set_new(doc, "sets", json_integer((json_int_t)t->sets));
    json_object_set_new(doc, "excluded", excluded_json(o));
    json_object_set_new(doc, "expected_by_chance_plain", json_real(funnel_by_chance(t->comparisons)));
    json_object_set_new(doc, "plain", json_integer((json_int_t)t->plain[LEVEL_998]));
    json_object_set_new(doc, "plain_95", json_integer((json_int_t)t->plain[LEVEL_95]));
    json_object_set_new(doc, "adjusted", json_integer((json_int_t)t->adjusted[LEVEL_998]));
    json_object_set_new(doc, "adjusted_95", json_integer((json_int_t)t->adjusted[LEVEL_95]));
    json_object_set_new(doc, "expected_adjusted", json_real(by_chance_adjusted(t)));
    json_object_set_new(doc, "series", json_integer((json_int_t)o->n_series));
    json_object_set_new(doc, "rows", sheet_json(sh));
    lead_document(l, doc);
    return doc;
}

/* ---- in words ---- */

static void say_head(const struct lead *l, const struct outliers *o)
{
    char period[PERIOD_TEXT_MAX], whom[WHOM_WORDS_MAX], text[640];
    const struct funnel_tally *t = &o->tally;
    size_t directed = 0;
    lead_period(&l->region.period, period);
    lead_whom(l, whom);
    out(l->d.s, "%s, %s\n\n", whom, period);
    for (size_t i = 0; i < o->n; i++)
        directed += o->list[i].rule == RULE_FUNNEL && o->list[i].ask != ASK_NEITHER;
    if (t->comparisons == 0) {
        out_wrapped(l->d.s, "", "No set of figures can be tested by a funnel; below is said why.");
        return;
    }
    (void)snprintf(text, sizeof(text),
                   "%zu comparisons in %zu %s. Plain 99.8 %% limits list %zu, where chance alone would list %.1f. "
                   "Allowing for the ordinary spread between authorities %zu %s, %zu of them with a good and a bad direction; "
                   "about 1 in %d would be listed if nobody were special, here about %.0f.",
                   t->comparisons, t->sets, t->sets == 1 ? "set" : "sets", t->plain[LEVEL_998],
                   funnel_by_chance(t->comparisons), t->adjusted[LEVEL_998], t->adjusted[LEVEL_998] == 1 ? "remains" : "remain",
                   directed, FUNNEL_ADJUSTED_ONE_IN, by_chance_adjusted(t));
    out_wrapped(l->d.s, "", text);
}

static void say_row(const struct lead *l, const struct outlier *x)
{
    char text[OUTLIER_DETAIL_MAX + NAME_MAX_LEN + INDICATOR_MAX + 128];
    (void)snprintf(text, sizeof(text), "  %s, %s: %s [%s]", region_name_of(&l->region, x->slug), x->row->definition.definition.id,
                   x->detail, is_public(x) ? "public" : x->cell->figure.record);
    out_wrapped(l->d.s, "      ", text);
    struct buf note = note_of(l, x), line = buf_on(RECORD_TEXT_ROOM + 64);
    if (note.len > 0) {
        buf_put_str(&line, "      they say: ");
        buf_put(&line, buf_bytes(&note));
        out_wrapped_buf(l->d.s, "      ", &line);
    }
    buf_release(&note);
    buf_release(&line);
}

/* `nobody` is said where there is nobody; NULL: nothing is. */
static void say_asks(const struct lead *l, const struct outliers *o, enum outlier_ask ask, const char *heading, const char *nobody)
{
    size_t n = 0;
    for (size_t i = 0; i < o->n; i++) {
        const struct outlier *x = &o->list[i];
        if (x->ask != ask || (x->rule != RULE_FUNNEL && x->rule != RULE_XMR))
            continue;
        if (n++ == 0)
            out(l->d.s, "\n%s\n", heading);
        say_row(l, x);
    }
    if (n == 0 && nobody != NULL)
        out(l->d.s, "\n%s\n  %s\n", heading, nobody);
}

static bool is_silence(const struct outlier *x)
{
    return x->rule != RULE_FUNNEL && x->rule != RULE_XMR;
}

/* About no indicator: those of whom the same is said are named together. */
static bool is_of_many(const struct outlier *x)
{
    return x->rule == RULE_SILENT || x->rule == RULE_OVERDUE;
}

static bool is_same_silence(const struct outlier *x, const struct outlier *y)
{
    return x->rule == y->rule && strcmp(x->detail, y->detail) == 0 && (is_of_many(x) || slug_equal(x->slug, y->slug));
}

/* All that one authority has not returned for one reason stands in one paragraph; so do all who returned nothing. */
static void say_silence(const struct lead *l, const struct outliers *o)
{
    size_t n = 0;
    for (size_t i = 0, next; i < o->n; i = next) {
        const struct outlier *x = &o->list[i];
        next = i + 1;
        if (!is_silence(x))
            continue;
        struct buf text = buf_on(1 << 17);
        if (n++ == 0)
            out(l->d.s, "\nReturns to ask for\n");
        buf_printf(&text, "  %s: ", is_of_many(x) ? x->detail : region_name_of(&l->region, x->slug));
        if (!is_of_many(x))
            buf_printf(&text, "%s: ", x->detail);
        for (next = i; next < o->n && is_same_silence(&o->list[next], x); next++)
            buf_printf(&text, "%s%s", next == i ? "" : ", ", is_of_many(x) ? region_name_of(&l->region, o->list[next].slug)
                       : o->list[next].row->definition.definition.id);
        out_wrapped_buf(l->d.s, "      ", &text);
    }
    if (n == 0)
        out(l->d.s, "\nNo return is late, missing or withdrawn.\n");
}

/* Those that share a reason stand together. */
static void say_excluded(const struct lead *l, const struct outliers *o)
{
    struct buf text = buf_on(1 << 17);
    char why[EXCLUDED_TEXT_MAX], other[EXCLUDED_TEXT_MAX];
    for (size_t i = 0; i < o->n_excluded; i++) {
        bool is_said = false;
        excluded_text(&o->excluded[i], why);
        for (size_t j = 0; j < i && !is_said; j++) {
            excluded_text(&o->excluded[j], other);
            is_said = strcmp(why, other) == 0;
        }
        for (size_t j = i; j < o->n_excluded && !is_said; j++) {
            excluded_text(&o->excluded[j], other);
            if (j == i)
                buf_printf(&text, "%s%s: %s", i == 0 ? "Not tested by a funnel: " : "; ", why,
                           o->excluded[i].row->definition.definition.id);
            else if (strcmp(why, other) == 0)
                buf_printf(&text, ", %s", o->excluded[j].row->definition.definition.id);
        }
    }
    if (text.len > 0)
        buf_put_str(&text, ".");
    out_wrapped_buf(l->d.s, "    ", &text);
}

static void say_how(const struct lead *l, const struct outliers *o)
{
    struct session *s = l->d.s;
    char text[320];
    out(s, "\n");
    say_excluded(l, o);
    if (o->n_series == 0)
        (void)snprintf(text, sizeof(text), "No authority has a series of %d periods, so none is tested for special causes (XmR).",
                       SPC_POINTS_MIN);
    else
        (void)snprintf(text, sizeof(text),
                       "Tested for special causes (XmR): %zu series of %d periods or more%s, by their newest figure.",
                       o->n_series, SPC_POINTS_MIN, whom_is_alliance(&l->whom) ? "" : " that members returned");
    out_wrapped(s, "", text);
    out_wrapped(
        s, "",
        "A row is a reason to ask, never a judgement. Funnels: Spiegelhalter 2005, additive over-dispersion, 10 % winsorised, "
        "99.8 %. How to read it: docs/operations.md.");
    lead_say_sources(l);
    lead_say_periods(l);
    lead_say_missing(l, false);
}

static enum exit_status outliers(struct lead *l)
{
    struct session *s = l->d.s;
    struct outliers o;
    uint64_t now_ms = l->as_of_ms != UINT64_MAX ? l->as_of_ms : session_now_ms();
    enum err e = outliers_find(l->view, &l->region, l->as_of_ms, now_ms, &o);
    if (e != OK)
        return say_failed(s, e, NULL, "outliers");
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < o.n; i++)
        add(sh, l, &o.list[i]);
    enum exit_status st = EXIT_OK;
    if (s->mode != OUTPUT_TEXT) {
        st = output(s, sheet_status(sh) == OK ? document(l, &o, sh) : NULL, sh);
    } else {
        say_head(l, &o);
        say_asks(l, &o, ASK_ABOUT, "Ask about", "Nobody stands out on the bad side.");
        say_asks(l, &o, ASK_HOW, "Ask how", "Nobody stands out on the good side.");
        say_asks(l, &o, ASK_NEITHER, "Unusually high or low, where neither is good", NULL);
        say_silence(l, &o);
        say_how(l, &o);
        st = s->failed == OK ? EXIT_OK : say_failed(s, s->failed, NULL, "cannot print the answer");
    }
    sheet_free(sh);
    outliers_release(&o);
    return st;
}

enum exit_status cmd_outliers(struct session *s)
{
    return lead_run(s, outliers);
}
