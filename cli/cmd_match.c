/* cli/cmd_match.c - who could ask whom: one authority's strength beside another's area for development. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/compare/lead.h"
#include "cli/compare/match.h"
#include "cli/output/figure.h"
#include "cli/output/output.h"
#include "cli/output/width.h"
#include "cli/say.h"
#include "cli/thread/offers.h"

const struct option_spec options_match[] = {
    {"authority", 0, OPTION_VALUE, "A", "what it could ask others, and they it; your own unless given; a lead: everybody's needs"},
    WHOM_OPTIONS,
    LEAD_OPTIONS,
    OPTIONS_END,
};

static const struct column columns[] = {
    {"from", "from", 0}, {"to", "to", 0}, {"indicator", "indicator", 0}, {"from_value", "value", COLUMN_NUMBER},
    {"to_value", "value", COLUMN_NUMBER}, {"offer", "offer", 0}, {"from_ground", NULL, 0}, {"to_ground", NULL, 0},
    {"neighbour", NULL, 0}, {"period", NULL, 0}, {"from_record", NULL, 0}, {"to_record", NULL, 0},
    {"from_source", NULL, 0}, {"to_source", NULL, 0}, {"need", NULL, 0},
};

/* What members say they need and offer, beside what their figures say. */
static const struct column said_columns[] = {
    {"from", "from", 0}, {"to", "to", 0}, {"about", "about", 0}, {"offer", "offer", 0}, {"need", "need", 0},
};

static const char *open_record(const struct threads *t, enum matter m, const struct compare_row *by, const char *about)
{
    const struct said *s = offers_find(t, m, &by->slug, about);
    return s != NULL ? s->record : NULL;
}

static void add_said(void *arg, const struct said *need, const struct said *offer)
{
    struct sheet *sh = arg;
    sheet_row(sh);
    sheet_text(sh, offer->slug.s);
    sheet_text(sh, need->slug.s);
    sheet_text(sh, need->post.about);
    sheet_text(sh, offer->record);
    sheet_text(sh, need->record);
}

static const char *record_of(const struct compare_row *r)
{
    return r->is_public ? NULL : r->figure.record;
}

static void add(struct sheet *sh, const struct threads *t, const struct pair_found *p)
{
    char period[PERIOD_TEXT_MAX];
    const struct definition *d = &p->row->definition.definition;
    lead_period(&p->row->period, period);
    sheet_row(sh);
    sheet_text(sh, p->from->slug.s);
    sheet_text(sh, p->to->slug.s);
    sheet_text(sh, d->id);
    sheet_figure(sh, true, p->from->figure.figure.value, d->decimals, "");
    sheet_figure(sh, true, p->to->figure.figure.value, d->decimals, "");
    sheet_text(sh, open_record(t, MATTER_OFFER, p->from, d->id));
    sheet_text(sh, ground_name(p->from_ground));
    sheet_text(sh, ground_name(p->to_ground));
    sheet_bool(sh, p->neighbour > 0);
    sheet_text(sh, period);
    sheet_text(sh, record_of(p->from));
    sheet_text(sh, record_of(p->to));
    sheet_text(sh, compare_row_source(p->from));
    sheet_text(sh, compare_row_source(p->to));
    sheet_text(sh, open_record(t, MATTER_NEED, p->to, d->id));
}

/* ---- for people ---- */

/* "Kent 57 (A, neighbour)": of the side that changes from pair to pair it is said whether they are neighbours. */
static void put_side(struct buf *b, const struct pair_found *p, bool is_from, bool is_fixed)
{
    char value[FIGURE_SHOWN_MAX];
    const struct compare_row *r = is_from ? p->from : p->to;
    enum ground ground = is_from ? p->from_ground : p->to_ground;
    decimal_shown(r->figure.figure.value, p->row->definition.definition.decimals, value);
    buf_printf(b, "%s %s (%s%s%s)", r->name, value,
               ground != GROUND_CAUSE ? is_from ? "A" : "D" : is_from ? "improving" : "worsening",
               !is_fixed && p->neighbour > 0 ? ", neighbour" : "", r->is_public ? ", public" : "");
}

/* The pairs from `i` on that have one side in common, as one paragraph: "Hampshire 22 (D): Kent 57 (A), ..." */
static size_t say_group(const struct lead *l, const struct matches *m, size_t i, bool is_from_fixed)
{
    const struct pair_found *first = &m->list[i];
    struct buf b = buf_on(1 << 14);
    size_t at = i;
    buf_put_str(&b, "  ");
    put_side(&b, first, is_from_fixed, true);
    buf_put_str(&b, is_from_fixed ? " could be asked by " : " could ask ");
    for (; at < m->n && m->list[at].row == first->row &&
           (is_from_fixed ? m->list[at].from == first->from : m->list[at].to == first->to); at++) {
        buf_put_str(&b, at > i ? "; " : "");
        put_side(&b, &m->list[at], !is_from_fixed, false);
    }
    out_wrapped_buf(l->d.s, "      ", &b);
    return at;
}

/* Of the two of a meeting, who gives and who needs. */
static void say_meeting(void *arg, const struct said *need, const struct said *offer)
{
    out(arg, "  %s offers (%s), %s needs (%s): %s\n", offer->slug.s, offer->record, need->slug.s, need->record, need->post.about);
}

/* The offers of those whom a pair names as strong. */
static void say_offers(struct session *s, const struct matches *m, const struct threads *t)
{
    for (size_t i = 0; i < m->n; i++) {
        const char *record = open_record(t, MATTER_OFFER, m->list[i].from, m->list[i].row->definition.definition.id);
        bool is_told = false;
        for (size_t k = 0; k < i && !is_told; k++)
            is_told = m->list[k].from == m->list[i].from;
        if (record != NULL && !is_told)
            out(s, "  %s offers help with %s (%s)\n", m->list[i].from->name, m->list[i].row->definition.definition.id, record);
    }
}

static enum err say_words(struct session *s, const struct matches *m, const struct threads *t, const struct slug *about)
{
    out(s, "\nWhat is offered and needed in words (`folkmoot support list`):\n");
    say_offers(s, m, t);
    return offers_meet(t, about, say_meeting, s);
}

static void say_pairs(const struct lead *l, const struct matches *m, const struct threads *t, const struct slug *about)
{
    char period[PERIOD_TEXT_MAX], whom[WHOM_WORDS_MAX];
    lead_period(&l->region.period, period);
    lead_whom(l, whom);
    out(l->d.s, "%s, %s\n", whom, period);
    for (size_t i = 0; i < m->n;) {
        const struct definition *d = &m->list[i].row->definition.definition;
        if (i == 0 || m->list[i - 1].row != m->list[i].row)
            out(l->d.s, "\n%s (%s): %s is good\n", d->id, d->title, polarity_name(d->polarity));
        i = say_group(l, m, i, about != NULL && slug_equal(&m->list[i].from->slug, about));
    }
    if (m->n == 0)
        out(l->d.s, "\nNobody's strength meets %s need on the same indicator.\n", about != NULL ? "that authority's" : "another's");
    if (t->n > 0)
        session_lacks(l->d.s, say_words(l->d.s, m, t, about));
    out(l->d.s, "\n");
    out_wrapped(l->d.s, "",
                "A strength is a letter A or an improving special cause (XmR); a need is a D or a worsening one; the strength "
                "is the better figure of the two. At most three are named for each, statistical neighbours first, then by "
                "rank. It says who might talk to whom, and of nobody that it fails.");
    if (!whom_is_alliance(&l->whom))
        out_wrapped(l->d.s, "", "Public: a figure that others published; whoever is no member has not offered anything here.");
    lead_say_sources(l);
    lead_say_periods(l);
    lead_say_missing(l, true);
}

static enum exit_status put_document(struct lead *l, const struct matches *m, const struct threads *t, const struct slug *about)
{
    struct session *s = l->d.s;
    char period[PERIOD_TEXT_MAX];
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    struct sheet *said = sheet_new(said_columns, sizeof(said_columns) / sizeof(said_columns[0]));
    for (size_t i = 0; i < m->n; i++)
        add(sh, t, &m->list[i]);
    session_lacks(s, offers_meet(t, about, add_said, said));
    json_t *doc = json_document(s);
    lead_period(&l->region.period, period);
    json_object_set_new(doc, "period", json_text(period));
    json_object_set_new(doc, "authority", json_text(about != NULL ? about->s : NULL));
    json_object_set_new(doc, "pairs", sheet_json(sh));
    json_object_set_new(doc, "said", sheet_json(said));
    lead_document(l, doc);
    enum exit_status st = output(s, doc, sh);
    sheet_free(said);
    sheet_free(sh);
    return st;
}

static enum exit_status answer(struct lead *l, const struct matches *m, const struct threads *t, const struct slug *about)
{
    struct session *s = l->d.s;
    if (s->mode != OUTPUT_TEXT)
        return put_document(l, m, t, about);
    say_pairs(l, m, t, about);
    return s->failed == OK ? EXIT_OK : say_failed(s, s->failed, NULL, "cannot print the answer");
}

static enum exit_status match(struct lead *l)
{
    const struct slug *about = l->is_named ? &l->about : l->own;
    struct matches m;
    struct threads t;
    enum err e = match_find(l->view, &l->region, l->as_of_ms, about, &m);
    if (e != OK)
        return say_failed(l->d.s, e, NULL, "match");
    e = threads_gather(l->view, desk_charter(&l->d), session_now_ms(), &t);
    enum exit_status st = e == OK ? answer(l, &m, &t, about) : say_failed(l->d.s, e, NULL, "match");
    threads_release(&t);
    match_release(&m);
    return st;
}

enum exit_status cmd_match(struct session *s)
{
    return lead_run(s, match);
}
