/* cli/cmd_history.c - every version of a figure that was published, newest first. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/alliance/lineage.h"
#include "cli/ask.h"
#include "cli/desk.h"
#include "cli/output/figure.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_history[] = {
    {"authority", 0, OPTION_VALUE, "A", "whose figures; your own unless given"},
    {"period", 0, OPTION_VALUE, "PERIOD", "of one period only"},
    {"breakdown", 0, OPTION_VALUE, "K=V", "of one breakdown; the headline figures unless given"},
    OPTIONS_END,
};

static const struct column columns[] = {
    {"record", "record", 0}, {"period", "period", 0}, {"breakdown", NULL, 0}, {"numerator", "numerator", COLUMN_NUMBER},
    {"denominator", "denominator", COLUMN_NUMBER}, {"value", "value", COLUMN_NUMBER}, {"status", "status", 0},
    {"reason", "why revised", 0}, {"said_at", "said at", 0}, {"audience", "for", 0}, {"marking", NULL, 0},
    {"withdrawn", "withdrawn", 0}, {"note", "its author's note", 0},
};

struct versions {
    const struct period_asked *period;      /* NULL: any */
    struct figure_row *rows;
    size_t n, cap;
};

static enum err take(void *arg, const struct figure_row *row)
{
    struct versions *v = arg;
    if (v->period != NULL && !period_matches(v->period, row->figure.period, row->figure.time_identifier))
        return OK;
    if (v->n == v->cap) {
        size_t cap = v->cap > 0 ? v->cap * 2 : 64;
        struct figure_row *rows = realloc(v->rows, cap * sizeof(*rows));
        if (rows == NULL)
            return ERR_NOMEM;
        v->rows = rows;
        v->cap = cap;
    }
    v->rows[v->n++] = *row;
    return OK;
}

/* Newest first, by what the authors say; within one log by its own order. */
static int newest_first(const void *a, const void *b)
{
    const struct figure_row *x = a, *y = b;
    if (slug_equal(&x->slug, &y->slug)) {
        if (x->generation != y->generation)
            return x->generation > y->generation ? -1 : 1;
        return x->idx > y->idx ? -1 : x->idx < y->idx;
    }
    if (x->said_ms != y->said_ms)
        return x->said_ms > y->said_ms ? -1 : 1;
    return slug_compare(&x->slug, &y->slug);
}

/* The author's newest words beside it. */
static enum err add_note(struct sheet *sh, struct view *v, const struct figure_row *r)
{
    struct buf note = buf_on(POST_TEXT_MAX + 1);
    enum err e = view_note(v, r->record, r->slug.s, &note);
    const char *text = e == OK ? buf_str(&note) : NULL;
    sheet_text(sh, text);
    if (e == OK && text == NULL)
        e = ERR_NOMEM;
    buf_release(&note);
    return e == ERR_UNKNOWN ? OK : e;
}

static enum err add(struct sheet *sh, struct view *view, const struct figure_row *r, const struct definition *d)
{
    char period[PERIOD_TEXT_MAX], when[TIME_TEXT_MAX];
    const struct figure *f = &r->figure;
    bool is_erased = false;
    enum err e = r->is_withdrawn ? view_is_erased(view, r->slug.s, r->generation, r->idx, &is_erased) : OK;
    const char *status = is_erased ? "erased" : status_name(f->status);     /* the view has x for it: no number */
    if (e != OK)
        return e;
    period_text(f->period, f->time_identifier, period);
    time_text(r->said_ms, when);
    sheet_row(sh);
    sheet_text(sh, r->record);
    sheet_text(sh, period);
    sheet_text(sh, f->breakdown);
    sheet_number(sh, f->has_numerator, f->numerator);
    sheet_number(sh, f->has_denominator, f->denominator);
    sheet_figure(sh, f->has_value, f->value, d->decimals, status_has_number(f->status) ? "" : status);
    sheet_text(sh, status);
    sheet_text(sh, f->reason != REASON_NONE ? reason_name(f->reason) : NULL);
    sheet_text(sh, when);
    sheet_text(sh, r->audience);
    sheet_text(sh, f->marking != MARKING_NONE ? marking_name(f->marking) : NULL);
    sheet_text(sh, r->is_withdrawn ? r->withdrawn : NULL);
    return add_note(sh, view, r);
}

static enum exit_status answer(struct desk *desk, const struct slug *of, const struct versions *v, const struct definition *d)
{
    struct session *s = desk->s;
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    enum err e = OK;
    for (size_t i = 0; e == OK && i < v->n; i++)
        e = add(sh, desk->view, &v->rows[i], d);
    if (e != OK) {
        sheet_free(sh);
        return say_failed(s, e, NULL, "history %s", d->id);
    }
    json_t *doc = json_document(s);
    json_object_set_new(doc, "indicator", json_text(d->id));
    json_object_set_new(doc, "title", json_text(d->title));
    json_object_set_new(doc, "unit", json_text(d->unit));
    json_t *successions = lineage_successions(desk_charter(desk), of);
    bool is_lineage = of != NULL && json_array_size(successions) > 0;
    json_object_set_new(doc, "successions", successions);
    json_object_set_new(doc, "versions", sheet_json(sh));
    if (v->n > 0)
        out(s, "%s: %s (%s)\n\n", d->id, d->title, d->unit);
    enum exit_status st = output(s, doc, sh);
    sheet_free(sh);
    if (is_lineage && v->n > 0)
        out(s, "\n");
    if (is_lineage)
        lineage_say_of(desk, of, "history", d->id);
    if (st == EXIT_OK && v->n == 0)
        st = say_refused(s, EXIT_NO, "nothing-found", "`folkmoot coverage` says who has returned what",
                         "history %s: no figure is held", d->id);
    return st;
}

static enum exit_status history(struct desk *d)
{
    struct view *v = d->view;
    struct session *s = d->s;
    struct definition_row def;
    struct period_asked period;
    const char *word = option_value(&s->options, "authority"), *asked = option_value(&s->options, "period"),
               *breakdown = option_value(&s->options, "breakdown");
    const struct member *who = word != NULL ? desk_find_member(d, word) : charter_find(desk_charter(d), &d->identity->slug);
    if (who == NULL)
        return EXIT_USAGE;
    enum exit_status st = ask_indicator(s, v, s->args[0], &def);
    if (st == EXIT_OK)
        st = ask_period(s, asked, PERIOD_NAMED, &period);
    if (st != EXIT_OK)
        return st;
    struct versions versions = {.period = asked != NULL ? &period : NULL};
    struct time_period which;
    enum err e = OK;
    breakdown = breakdown != NULL ? breakdown : "";
    if (asked != NULL && period.kind != PERIOD_NAMED && (e = ask_which_period(v, def.definition.id, breakdown, &period,
                                                                              &which, NULL)) == OK) {
        period = (struct period_asked){.kind = PERIOD_NAMED};
        memcpy(period.code, which.period, sizeof(period.code));
        memcpy(period.identifier, which.time_identifier, sizeof(period.identifier));
    }
    bool of_all = word == NULL && who->role != ROLE_AUTHORITY;
    if (e == OK)
        e = view_history(v, def.definition.id, of_all ? NULL : who->slug.s, NULL, breakdown, take, &versions);
    if (versions.n > 0)
        qsort(versions.rows, versions.n, sizeof(*versions.rows), newest_first);
    if (e == OK || e == ERR_UNKNOWN)
        st = answer(d, of_all ? NULL : &who->slug, &versions, &def.definition);
    else
        st = say_failed(s, e, NULL, "history");
    free(versions.rows);
    return st;
}

enum exit_status cmd_history(struct session *s)
{
    return desk_run(s, DESK_VIEW, history);
}
