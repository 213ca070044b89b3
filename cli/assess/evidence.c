#include "cli/assess/evidence.h"

#include <stdio.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/official.h"
#include "cli/output/figure.h"
#include "cli/output/json.h"
#include "cli/output/text.h"
#include "cli/record_id.h"

static const char *const names[] = {
#define X(sym, name, words) name,
    EVIDENCE_STATES(X)
#undef X
};
static const char *const wrong[] = {
#define X(sym, name, words) words,
    EVIDENCE_STATES(X)
#undef X
};

const char *evidence_name(enum evidence_state s)
{
    return names[s];
}

const char *evidence_words(enum evidence_state s)
{
    return wrong[s];
}

struct walking {
    const struct evidence_ask *ask;
    evidence_each each;
    void *arg;
};

/* ---- the figure that is meant ---- */

/* The versions of one figure: the newest, and the one that was the newest when it was cited. */
struct versions {
    uint64_t as_of_ms;
    bool has_now, has_cited, has_earlier;
    struct figure_row now, cited;
    struct figure earlier;                  /* the newest that said something else than `now` */
};

static enum err each_version(void *arg, const struct figure_row *row)
{
    struct versions *x = arg;
    if (!x->has_now)
        x->now = *row;
    else if (!x->has_earlier && !figure_same(&row->figure, &x->now.figure)) {
        x->earlier = row->figure;
        x->has_earlier = true;
    }
    if (!x->has_cited && row->said_ms <= x->as_of_ms) {
        x->cited = *row;
        x->has_cited = true;
    }
    x->has_now = true;
    return OK;
}

static enum err find_versions(struct view *v, const char *slug, const struct figure *f, struct versions *ret)
{
    struct time_period period;
    memcpy(period.period, f->period, sizeof(period.period));
    memcpy(period.time_identifier, f->time_identifier, sizeof(period.time_identifier));
    enum err e = view_history(v, f->indicator, slug, &period, f->breakdown, each_version, ret);
    return e == OK && !ret->has_now ? ERR_UNKNOWN : e;
}

/* ERR_FORMAT: it names no figure. ERR_UNKNOWN: there is none. */
static enum err find_named(const struct evidence_ask *ask, const char *target, struct versions *ret)
{
    struct figure_word w;
    struct period_asked asked;
    struct time_period period;
    struct definition_row d;
    struct figure f = {.indicator = ""};
    if (!figure_word_read(target, &w) || period_parse(w.period, &asked) != OK || strlen(w.breakdown) > BREAKDOWN_MAX)
        return ERR_FORMAT;
    enum err e = view_definition(ask->v, w.indicator, &official_definitions, &d);
    if (e == OK)
        e = ask_which_period(ask->v, d.definition.id, w.breakdown, &asked, &period, NULL);
    if (e != OK)
        return e;
    memcpy(f.indicator, d.definition.id, sizeof(f.indicator));
    memcpy(f.period, period.period, sizeof(f.period));
    memcpy(f.time_identifier, period.time_identifier, sizeof(f.time_identifier));
    memcpy(f.breakdown, w.breakdown, strlen(w.breakdown) + 1);
    return find_versions(ask->v, w.slug[0] != '\0' ? w.slug : ask->slug->s, &f, ret);
}

static void shown(const struct evidence_ask *ask, const struct figure *f, char ret[64])
{
    struct definition_row d;
    char text[FIGURE_SHOWN_MAX];
    bool is_known = view_definition_by_hash(ask->v, &f->definition, &official_definitions, &d) == OK;
    figure_shown(f, is_known ? d.definition.decimals : 0, text);
    (void)snprintf(ret, 64, "%s", text);
}

/* ---- what became of it ---- */

static enum evidence_state worse(enum evidence_state a, enum evidence_state b)
{
    return a > b ? a : b;
}

/* The sentence without the targets of its links, in which there are digits too. */
static void without_targets(struct bytes in, struct buf *ret)
{
    bool is_target = false;
    for (size_t i = 0; i < in.len; i++) {
        is_target |= i > 0 && in.p[i - 1] == ']' && in.p[i] == '(';
        if (!is_target)
            buf_put_u8(ret, in.p[i]);
        is_target = is_target && in.p[i] != ')';
    }
}

static enum err contradicts(const struct assessment_link *l, const struct figure *f, bool *ret)
{
    struct buf sentence = buf_on(l->sentence.len + 1);
    *ret = evidence_contradicts(l->label, false, f);
    without_targets(l->sentence, &sentence);
    enum err e = buf_status(&sentence);
    if (e == OK && !*ret && l->others == 0)
        *ret = evidence_contradicts(buf_bytes(&sentence), true, f);
    buf_release(&sentence);
    return e;
}

static bool is_symbol(const struct figure *f)
{
    return !f->has_value && !f->has_numerator;
}

static enum err judge_figure(const struct evidence_ask *ask, const struct assessment_link *l, const struct versions *x,
                             struct evidence *e)
{
    bool is_other = false;
    const struct figure *cited = x->has_cited ? &x->cited.figure : &x->now.figure;
    memcpy(e->record, x->now.record, sizeof(e->record));
    shown(ask, &x->now.figure, e->value);
    e->is_hidden = is_symbol(&x->now.figure) || is_symbol(cited);
    bool is_being_written = ask->as_of_ms == UINT64_MAX;
    e->is_revised = is_being_written ? x->has_earlier : !figure_same(cited, &x->now.figure);
    if (e->is_revised) {
        shown(ask, is_being_written ? &x->earlier : cited, e->was);
        e->state = worse(e->state, is_being_written ? EVIDENCE_HOLDS : EVIDENCE_REVISED);
    }
    enum err err = contradicts(l, &x->now.figure, &is_other);
    if (is_other)
        e->state = worse(e->state, EVIDENCE_CONTRADICTS);
    if (x->now.is_withdrawn)
        e->state = worse(e->state, EVIDENCE_WITHDRAWN);
    return err;
}

static enum err judge_record(const struct evidence_ask *ask, const struct assessment_link *l, const struct record_id *id,
                             struct evidence *e)
{
    struct figure_row row;
    struct record_row any;
    struct versions x = {.as_of_ms = ask->as_of_ms};
    enum err err = view_figure_at(ask->v, id->slug.s, id->generation, id->idx, &row);
    if (err == OK) {
        err = find_versions(ask->v, id->slug.s, &row.figure, &x);
        x.cited = row;                          /* that very version is cited, whatever was the newest then */
        x.has_cited = true;
        if (err == OK && ask->as_of_ms == UINT64_MAX && !figure_same(&row.figure, &x.now.figure))
            e->state = EVIDENCE_REVISED;
        return err == OK ? judge_figure(ask, l, &x, e) : err;
    }
    if (err == ERR_UNKNOWN)
        err = view_record_at(ask->v, id->slug.s, id->generation, id->idx, &any);
    if (err != OK)
        return err;
    record_id_text(id, e->record);
    text_clean_into(any.shown, e->value, sizeof(e->value));
    e->state = any.is_withdrawn ? EVIDENCE_WITHDRAWN : EVIDENCE_HOLDS;
    return OK;
}

static void copy(struct bytes in, char *ret, size_t size)
{
    char text[2 * ASSESSMENT_TARGET_MAX];
    size_t len = in.len < sizeof(text) - 1 ? in.len : sizeof(text) - 1;
    memcpy(text, in.p, len);
    text[len] = '\0';
    text_clean_into(text, ret, size);
}

static enum err each_link(void *arg, const struct assessment_link *l)
{
    struct walking *w = arg;
    struct evidence e = {.state = EVIDENCE_HOLDS, .section = l->section};
    struct record_id id;
    struct versions x = {.as_of_ms = w->ask->as_of_ms};
    char target[ASSESSMENT_TARGET_MAX + 1];
    copy(l->label, e.label, sizeof(e.label));
    copy(l->target, e.target, sizeof(e.target));
    enum err err = bytes_to_str(l->target, target, sizeof(target));
    if (err == OK && record_id_parse(target, &id) == OK)
        err = judge_record(w->ask, l, &id, &e);
    else if (err == OK) {
        err = find_named(w->ask, target, &x);
        if (err == OK)
            err = judge_figure(w->ask, l, &x, &e);
    }
    if (err == ERR_FORMAT || err == ERR_LIMIT)
        e.state = EVIDENCE_NO_RECORD;
    else if (err == ERR_UNKNOWN)
        e.state = EVIDENCE_NOT_FOUND;
    else if (err != OK)
        return err;
    return w->each(w->arg, &e);
}

enum err evidence_walk(const struct evidence_ask *ask, evidence_each each, void *arg)
{
    struct walking w = {ask, each, arg};
    return assessment_links(ask->body, each_link, &w);
}

/* ---- as rows ---- */

static const struct column columns[] = {
    {"label", "evidence", 0}, {"target", "figure", 0}, {"section", "in", COLUMN_VERBOSE}, {"record", "record", 0},
    {"value", "says", 0}, {"state", "state", 0}, {"revised", NULL, 0}, {"was", "was", 0}, {"problem", NULL, 0},
};

struct rows { struct sheet *sh; size_t n_bad; };

static enum err add_row(void *arg, const struct evidence *e)
{
    struct rows *r = arg;
    sheet_row(r->sh);
    sheet_text(r->sh, e->label);
    sheet_text(r->sh, e->target);
    sheet_text(r->sh, section_name(e->section));
    sheet_text(r->sh, e->record[0] != '\0' ? e->record : NULL);
    sheet_text(r->sh, e->value[0] != '\0' ? e->value : NULL);
    sheet_text(r->sh, evidence_name(e->state));
    sheet_style(r->sh, e->state == EVIDENCE_HOLDS ? STYLE_PLAIN : STYLE_BAD);
    sheet_bool(r->sh, e->is_revised);
    sheet_text(r->sh, e->was[0] != '\0' ? e->was : NULL);
    sheet_text(r->sh, e->state == EVIDENCE_HOLDS ? NULL : evidence_words(e->state));
    r->n_bad += e->state != EVIDENCE_HOLDS;
    return OK;
}

enum err evidence_sheet(const struct evidence_ask *ask, struct sheet **ret, size_t *ret_bad)
{
    struct rows r = {sheet_new(columns, sizeof(columns) / sizeof(columns[0])), 0};
    enum err e = evidence_walk(ask, add_row, &r);
    if (e != OK) {
        sheet_free(r.sh);
        return e;
    }
    *ret = r.sh;
    if (ret_bad != NULL)
        *ret_bad = r.n_bad;
    return OK;
}
