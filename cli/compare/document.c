/* cli/compare/document.c - a comparison as a document (answer_inside.h). */
#include <stdio.h>
#include <string.h>

#include "cli/alliance/lineage.h"
#include "cli/compare/answer_inside.h"
#include "cli/output/figure.h"
#include "cli/output/output.h"
#include "cli/period.h"

/* ---- what is to be borne in mind ---- */

enum { FEW_RETURNS = 3 };

static void note_neighbours(const struct comparing *x, struct notes *ret)
{
    const struct compare_neighbours *n = &x->c.neighbours;
    if (!n->is_asked || n->n > 0 || (n->of == NULL && x->ask.set != SET_NEIGHBOURS))
        return;
    ret->all[ret->n].code = "no-usable-neighbours";
    if (n->of == NULL)
        snprintf(ret->all[ret->n++].text, WORDS_MAX, "No usable neighbours: the register of authorities does not know %s.",
                 x->marked.s);
    else if (n->n_named == 0)
        snprintf(ret->all[ret->n++].text, WORDS_MAX, "No usable neighbours: the model %s names none of %s.", n->model, n->of->name);
    else
        snprintf(ret->all[ret->n++].text, WORDS_MAX, "No usable neighbours: of the %zu of %s none has a figure here.", n->n_named,
                 n->of->name);
}

struct notes compare_notes(const struct comparing *x)
{
    struct notes notes = {.n = 0};
    if (x->c.n < FEW_RETURNS) {
        notes.all[notes.n].code = "few-returns";
        snprintf(notes.all[notes.n++].text, WORDS_MAX, "Fewer than three returns: ranks, bands and a total say little of so few.");
    }
    note_neighbours(x, &notes);
    return notes;
}

/* ---- the parts ---- */

/* What an author says beside its own figure. */
static void add_note(const struct comparing *x, const struct compare_row *r, json_t *list)
{
    struct buf note = compare_note_of(x, r);
    if (note.len > 0) {
        json_t *j = json_object();
        json_object_set_new(j, "code", json_text("note"));
        json_object_set_new(j, "text", json_text(buf_str(&note)));
        json_object_set_new(j, "slug", json_text(r->slug.s));
        json_object_set_new(j, "record", json_text(r->figure.record));
        json_array_append_new(list, j);
    }
    buf_release(&note);
}

static json_t *notes_json(const struct comparing *x)
{
    struct notes notes = compare_notes(x);
    json_t *list = json_array();
    for (size_t i = 0; i < notes.n; i++) {
        json_t *j = json_object();
        json_object_set_new(j, "code", json_text(notes.all[i].code));
        json_object_set_new(j, "text", json_text(notes.all[i].text));
        json_array_append_new(list, j);
    }
    for (size_t i = 0; i < x->c.n_rows; i++)
        add_note(x, &x->c.rows[i], list);
    return list;
}

static json_t *text_figure(bool has, struct decimal d, uint8_t decimals)
{
    char text[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX];
    if (!has)
        return json_null();
    decimal_shown(d, decimals, text);
    return json_text(text);
}

static json_t *total_json(const struct total *t, const struct definition *d)
{
    json_t *j = json_object();
    json_object_set_new(j, "n", json_integer((json_int_t)t->n));
    json_object_set_new(j, "numerator", json_number(t->n > 0, t->numerator));
    json_object_set_new(j, "denominator", json_number(t->n > 0 && t->has_denominator, t->denominator));
    json_object_set_new(j, "value", text_figure(t->has_value, t->value, d->decimals));
    json_object_set_new(j, "raw", t->has_value ? json_real(t->raw) : json_null());
    json_object_set_new(j, "numerator_rounded", json_number(t->n > 0, t->numerator_rounded));
    return j;
}

static json_t *like_for_like_json(const struct comparison *c, const struct definition *d)
{
    char period[PERIOD_TEXT_MAX];
    const struct change *g = &c->change;
    json_t *j = json_object(), *plain = json_object();
    bool has = g->n_both > 0;
    if (!c->has_previous) {
        json_decref(j);
        json_decref(plain);
        return json_null();
    }
    period_text(c->previous.period, c->previous.time_identifier, period);
    json_object_set_new(j, "n", json_integer((json_int_t)g->n_both));
    json_object_set_new(j, "previous_period", json_text(period));
    json_object_set_new(j, "previous", json_number(has, g->like_before));
    json_object_set_new(j, "now", json_number(has, g->like_now));
    json_object_set_new(j, "change_pct", text_figure(g->has_like, g->like_pct, 1));
    json_object_set_new(j, "previous_value", text_figure(g->has_ratio, g->ratio_before, d->decimals));
    json_object_set_new(j, "value", text_figure(g->has_ratio, g->ratio_now, d->decimals));
    json_object_set_new(j, "suppressed", json_boolean(g->is_suppressed));
    json_object_set_new(plain, "previous_n", json_integer((json_int_t)g->n_before));
    json_object_set_new(plain, "n", json_integer((json_int_t)g->n_now));
    json_object_set_new(plain, "previous", json_number(g->n_before > 0, g->plain_before));
    json_object_set_new(plain, "now", json_number(g->n_now > 0, g->plain_now));
    json_object_set_new(plain, "change_pct", text_figure(g->has_plain, g->plain_pct, 1));
    json_object_set_new(j, "plain", plain);
    return j;
}

static json_t *quartiles_json(const struct comparison *c)
{
    const struct quartiles *q = &c->quartiles;
    if (!c->has_quartiles)
        return json_null();
    json_t *j = json_object();
    json_object_set_new(j, "q0", json_real(q->q0));
    json_object_set_new(j, "q25", json_real(q->q25));
    json_object_set_new(j, "q50", json_real(q->q50));
    json_object_set_new(j, "q75", json_real(q->q75));
    json_object_set_new(j, "q100", json_real(q->q100));
    return j;
}

static json_t *missing_json(const struct comparison *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->n_rows; i++)
        if (compare_row_is_missing(&c->rows[i]))
            json_array_append_new(list, json_text(c->rows[i].slug.s));
    return list;
}

static json_t *neighbours_json(const struct comparison *c, const struct definition *d)
{
    const struct compare_neighbours *n = &c->neighbours;
    json_t *used = json_array(), *without = json_array(), *j = json_object();
    for (size_t i = 0; i < n->n_named; i++)
        json_array_append_new(n->named[i].is_used ? used : without, json_text(n->named[i].slug.s));
    json_object_set_new(j, "mean", text_figure(n->n > 0, n->mean, d->decimals));
    json_object_set_new(j, "median", text_figure(n->n > 0, n->median, d->decimals));
    json_object_set_new(j, "n", json_integer((json_int_t)n->n));
    json_object_set_new(j, "mean_raw", n->n > 0 ? json_real(n->raw.mean) : json_null());
    json_object_set_new(j, "median_raw", n->n > 0 ? json_real(n->raw.median) : json_null());
    json_object_set_new(j, "of", n->of != NULL ? json_text(n->of->slug.s) : json_null());
    json_object_set_new(j, "model", json_text(n->model));
    json_object_set_new(j, "used", used);
    json_object_set_new(j, "without", without);
    return j;
}

static json_t *areas_json(const struct comparison *c, const struct definition *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->n_areas; i++) {
        const struct compare_area *a = &c->areas[i];
        const struct figure *f = &a->figure;
        double raw = 0;
        if (!a->is_shown)
            continue;
        json_t *j = json_object();
        bool has_raw = figure_raw(f, d, &raw);
        json_object_set_new(j, "code", json_text(a->area->code));
        json_object_set_new(j, "name", json_text(a->area->name));
        json_object_set_new(j, "source", json_text("reference"));
        json_object_set_new(j, "numerator", json_number(f->has_numerator, f->numerator));
        json_object_set_new(j, "denominator", json_number(f->has_denominator, f->denominator));
        json_object_set_new(j, "value", text_figure(f->has_value, f->value, d->decimals));
        json_object_set_new(j, "raw", f->has_value && has_raw ? json_real(f->status == STATUS_STATED ? decimal_double(f->value) :
                                                                          raw) : json_null());
        json_object_set_new(j, "status", json_text(status_name(f->status)));
        json_object_set_new(j, "reference", json_text(c->sources[a->source].source));
        json_object_set_new(j, "vintage", json_text(c->sources[a->source].vintage));
        json_array_append_new(list, j);
    }
    return list;
}

static json_t *sources_json(const struct comparison *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->n_sources; i++) {
        if (!c->sources[i].is_used)
            continue;
        json_t *j = json_object();
        json_object_set_new(j, "name", json_text(c->sources[i].file));
        json_object_set_new(j, "source", json_text(c->sources[i].source));
        json_object_set_new(j, "vintage", json_text(c->sources[i].vintage));
        json_array_append_new(list, j);
    }
    return list;
}

static json_t *successions_json(const struct comparing *x)
{
    const struct charter *c = desk_charter(x->d);
    json_t *list = json_array();
    for (size_t i = 0; c != NULL && i < c->n_successions; i++) {
        if (!compare_tells_succession(&x->c, c, i))
            continue;
        json_t *j = lineage_succession(&c->successions[i]);
        json_object_set_new(j, "joined", json_boolean((x->c.joined >> i & 1) != 0));
        const struct compare_row *counted = compare_counted(&x->c, c, i);
        json_object_set_new(j, "counted", json_text(counted != NULL ? counted->slug.s : NULL));
        json_array_append_new(list, j);
    }
    return list;
}

json_t *compare_document(const struct comparing *x, const struct sheet *rows)
{
    const struct definition *d = &x->definition.definition;
    char period[PERIOD_TEXT_MAX], newest[PERIOD_TEXT_MAX];
    json_t *doc = json_document(x->d->s);
    period_text(x->ask.period.period, x->ask.period.time_identifier, period);
    period_text(x->latest.newest.period, x->latest.newest.time_identifier, newest);
    json_object_set_new(doc, "indicator", json_text(d->id));
    json_object_set_new(doc, "title", json_text(d->title));
    json_object_set_new(doc, "unit", json_text(d->unit));
    json_object_set_new(doc, "polarity", json_text(polarity_name(d->polarity)));
    json_object_set_new(doc, "period", json_text(period));
    json_object_set_new(doc, "time_period", json_text(x->ask.period.period));
    json_object_set_new(doc, "time_identifier", json_text(x->ask.period.time_identifier));
    json_object_set_new(doc, "breakdown", json_text(x->ask.breakdown));
    json_object_set_new(doc, "newest_period", x->latest.is_before_newest ? json_text(newest) : json_null());
    json_object_set_new(doc, "n", json_integer((json_int_t)x->c.n));
    json_object_set_new(doc, "missing", missing_json(&x->c));
    json_object_set_new(doc, "total", total_json(&x->c.total, d));
    json_object_set_new(doc, "like_for_like", like_for_like_json(&x->c, d));
    json_object_set_new(doc, "quartiles", quartiles_json(&x->c));
    json_object_set_new(doc, "neighbours", neighbours_json(&x->c, d));
    json_object_set_new(doc, "with", json_text(whom_set_name(x->ask.set)));
    json_object_set_new(doc, "returns", json_integer((json_int_t)(x->c.n - x->c.n_public)));
    json_object_set_new(doc, "areas", areas_json(&x->c, d));
    json_object_set_new(doc, "references", sources_json(&x->c));
    json_object_set_new(doc, "successions", successions_json(x));
    json_object_set_new(doc, "notes", notes_json(x));
    json_object_set_new(doc, "rows", sheet_json(rows));
    return doc;
}
