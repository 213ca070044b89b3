#include "cli/publish/answer.h"

#include <inttypes.h>
#include <string.h>

#include "cli/output/figure.h"
#include "cli/output/output.h"
#include "cli/period.h"
#include "cli/record_id.h"
#include "cli/say.h"

static const struct column problem_columns[] = {
    {"file", "file", 0}, {"line", "line", COLUMN_NUMBER}, {"column", "column", 0}, {"problem", "problem", 0},
    {"remedy", "remedy", 0},
};

static const struct column change_columns[] = {
    {"record", "published as", 0}, {"indicator", "indicator", 0}, {"period", "period", 0}, {"breakdown", "breakdown", 0},
    {"old", "was", COLUMN_NUMBER}, {"new", "now", COLUMN_NUMBER}, {"old_numerator", NULL, 0}, {"new_numerator", NULL, 0},
    {"old_denominator", NULL, 0}, {"new_denominator", NULL, 0}, {"old_status", NULL, 0}, {"new_status", NULL, 0},
};

static const struct column withheld_columns[] = {
    {"indicator", "indicator", 0}, {"period", "period", 0}, {"breakdown", "breakdown", 0}, {"why", "why", 0},
};

#define SHEET(columns) sheet_new(columns, sizeof(columns) / sizeof((columns)[0]))

static struct sheet *problems_sheet(const struct intake *in)
{
    struct sheet *sh = SHEET(problem_columns);
    for (size_t i = 0; i < in->n_problems && i < INTAKE_PROBLEMS_SHOWN; i++) {
        const struct intake_problem *p = &in->problems[i];
        sheet_row(sh);
        sheet_text(sh, in->files[p->file].name);
        if (p->line > 0)
            sheet_count(sh, (int64_t)p->line);
        else
            sheet_null(sh);                 /* the file as a whole */
        sheet_text(sh, p->column[0] != '\0' ? p->column : NULL);
        sheet_text(sh, p->problem);
        sheet_text(sh, p->remedy);
    }
    return sh;
}

static void period_cell(struct sheet *sh, const struct figure *f)
{
    char period[PERIOD_TEXT_MAX];
    period_text(f->period, f->time_identifier, period);
    sheet_text(sh, period);
}

static void part_text(bool has, struct decimal d, char ret[DECIMAL_TEXT_MAX])
{
    if (has)
        decimal_text(d, ret);
    else
        snprintf(ret, DECIMAL_TEXT_MAX, "none");
}

/* A change that the value does not show is shown by what does change. */
static void was_and_is(struct sheet *sh, const struct figure *old, const struct figure *new, uint8_t decimals)
{
    char was[FIGURE_SHOWN_MAX + 64], is[FIGURE_SHOWN_MAX + 64], a[DECIMAL_TEXT_MAX], b[DECIMAL_TEXT_MAX];
    figure_shown(old, decimals, was);
    figure_shown(new, decimals, is);
    sheet_text(sh, was);
    sheet_text(sh, is);
    if (strcmp(was, is) != 0)
        return;
    bool by_denominator = new->has_numerator == old->has_numerator && decimal_compare(new->numerator, old->numerator) == 0;
    part_text(by_denominator ? new->has_denominator : new->has_numerator, by_denominator ? new->denominator : new->numerator, b);
    part_text(by_denominator ? old->has_denominator : old->has_numerator, by_denominator ? old->denominator : old->numerator, a);
    if (new->status != old->status)
        snprintf(is + strlen(is), sizeof(is) - strlen(is), " (%s)", status_name(new->status));
    else
        snprintf(is + strlen(is), sizeof(is) - strlen(is), " (%s, was %s)", b, a);
    sheet_shown(sh, is);
}

static struct sheet *changes_sheet(const struct outcome *o)
{
    struct sheet *sh = SHEET(change_columns);
    for (size_t i = 0; o->plan != NULL && i < o->plan->n_revised; i++) {
        const struct plan_change *c = &o->plan->changes[i];
        const struct intake_figure *now = &o->in->figures[c->at];
        const struct figure *new = &now->figure;
        sheet_row(sh);
        sheet_text(sh, c->record);
        sheet_text(sh, new->indicator);
        period_cell(sh, new);
        sheet_text(sh, new->breakdown);
        was_and_is(sh, &c->old, new, now->definition->decimals);
        sheet_number(sh, c->old.has_numerator, c->old.numerator);
        sheet_number(sh, new->has_numerator, new->numerator);
        sheet_number(sh, c->old.has_denominator, c->old.denominator);
        sheet_number(sh, new->has_denominator, new->denominator);
        sheet_text(sh, status_name(c->old.status));
        sheet_text(sh, status_name(new->status));
    }
    return sh;
}

static struct sheet *withheld_sheet(const struct passed *p)
{
    struct sheet *sh = SHEET(withheld_columns);
    char few[SMALL_WORDS_SIZE];
    small_count_words(p != NULL ? p->small_max : SMALL_COUNT_MAX, few);
    for (size_t i = 0; p != NULL && i < p->n_items; i++) {
        if (p->items[i].why == GATE_PASSED)
            continue;
        sheet_row(sh);
        sheet_text(sh, p->items[i].figure->indicator);
        period_cell(sh, p->items[i].figure);
        sheet_text(sh, p->items[i].figure->breakdown);
        sheet_text(sh, p->items[i].why == GATE_SMALL ? "small" : "recoverable");
        sheet_shown(sh, p->items[i].why == GATE_SMALL ? few : "another withheld count could be worked out from it");
    }
    return sh;
}

static void record_text(const struct origin *o, uint64_t idx, char ret[RECORD_TEXT_SIZE])
{
    struct record_id id = {o->slug, o->generation, idx};
    record_id_text(&id, ret);
}

/* The head that was signed, or where nothing was the one that stands. */
static json_t *checkpoint_json(const struct outcome *o)
{
    uint64_t size = o->head.size;
    struct hash root = o->head.root;
    if (!o->is_published) {
        struct log_state l;
        struct buf note = buf_on(CHECKPOINT_MAX);
        bool found = store_log(o->d->store, &o->d->origin, &l, &note) == OK && l.whole > 0;
        size = found ? l.whole : 0;
        root = found ? l.whole_root : root;
        buf_release(&note);
        if (!found)
            return json_null();
    }
    json_t *j = json_object();
    json_object_set_new(j, "size", json_integer((json_int_t)size));
    json_object_set_new(j, "root", json_hex((struct bytes){root.b, sizeof(root.b)}));
    return j;
}

/* The tables that were known by their columns. */
static json_t *tables_json(const struct intake *in)
{
    json_t *tables = json_array();
    for (size_t i = 0; i < in->n_files; i++) {
        json_t *one;
        if (in->files[i].map[0] == '\0')
            continue;
        one = json_object();
        json_object_set_new(one, "file", json_text(in->files[i].name));
        json_object_set_new(one, "table", json_text(in->files[i].map));
        json_array_append_new(tables, one);
    }
    return tables;
}

/* What was done, or with --dry-run would be. */
static json_t *document(const struct outcome *o, bool counts_as_done, const struct sheet *problems, const struct sheet *changes,
                        const struct sheet *withheld)
{
    char from[RECORD_TEXT_SIZE], to[RECORD_TEXT_SIZE];
    const struct plan *p = o->plan;
    bool done = p != NULL && (counts_as_done || o->request->is_dry);
    json_t *doc = json_document(o->d->s);
    record_text(&o->d->origin, o->batch.first, from);
    record_text(&o->d->origin, o->batch.last, to);
    json_object_set_new(doc, "dry_run", json_boolean(o->request->is_dry));
    json_object_set_new(doc, "audience", json_text(o->request->audience));
    json_object_set_new(doc, "published", json_integer(done ? (json_int_t)p->n_new : 0));
    json_object_set_new(doc, "revised", json_integer(done ? (json_int_t)p->n_revised : 0));
    json_object_set_new(doc, "unchanged", json_integer(p != NULL ? (json_int_t)p->n_unchanged : 0));
    json_object_set_new(doc, "skipped_other_authority", json_integer((json_int_t)o->in->n_other_authority));
    json_object_set_new(doc, "not_wanted", json_integer((json_int_t)o->in->n_not_wanted));
    json_object_set_new(doc, "notes", json_integer(done ? (json_int_t)p->n_notes : 0));
    json_object_set_new(doc, "tables", tables_json(o->in));
    json_object_set_new(doc, "errors", sheet_json(problems));
    json_object_set_new(doc, "errors_more", json_integer((json_int_t)intake_problems_more(o->in)));
    json_object_set_new(doc, "changes", sheet_json(changes));
    json_object_set_new(doc, "withheld", sheet_json(withheld));
    json_object_set_new(doc, "small_numbers_max", o->passed != NULL ? json_integer((json_int_t)o->passed->small_max) : json_null());
    bool has_return = o->is_published && p->n_new + p->n_revised > 0;
    json_object_set_new(doc, "return", has_return ? json_text(o->request->title) : json_null());
    json_object_set_new(doc, "opens", has_return && o->request->opens.is_made ? json_text(o->request->opens.due) : json_null());
    char who[OFFICER_TEXT_SIZE] = "";
    if (has_return && o->request->is_signed)
        officer_text(o->request->signer.officer.role, o->request->signer.name, who);
    json_object_set_new(doc, "signed_off", who[0] != '\0' ? json_text(who) : json_null());
    json_object_set_new(doc, "from", o->is_published ? json_text(from) : json_null());
    json_object_set_new(doc, "to", o->is_published ? json_text(to) : json_null());
    json_object_set_new(doc, "checkpoint", checkpoint_json(o));
    return doc;
}

/* `show`: which of the three lists people see; 0 none. */
enum list { LIST_NONE, LIST_PROBLEMS, LIST_CHANGES };

static void say_tables(const struct outcome *o)
{
    for (size_t i = 0; i < o->in->n_files; i++)
        if (o->in->files[i].map[0] != '\0')
            out(o->d->s, "%s: read as the DfE's table %s.\n", o->in->files[i].name, o->in->files[i].map);
}

static enum exit_status give(const struct outcome *o, bool counts_as_done, enum list show)
{
    struct sheet *problems = problems_sheet(o->in), *changes = changes_sheet(o), *withheld = withheld_sheet(o->passed);
    struct session *s = o->d->s;
    json_t *doc = document(o, counts_as_done, problems, changes, withheld);
    const struct sheet *seen = show == LIST_PROBLEMS ? problems : show == LIST_CHANGES ? changes : NULL;
    if (sheet_status(problems) != OK || sheet_status(changes) != OK || sheet_status(withheld) != OK) {
        json_decref(doc);
        doc = NULL;
    }
    enum exit_status st = output(s, doc, seen);
    if (st == EXIT_OK && s->mode == OUTPUT_TEXT && sheet_status(withheld) == OK && sheet_rows(withheld) > 0) {
        out(s, "\nWithheld from the public:\n");
        st = output(s, json_object(), withheld);
    }
    sheet_free(problems);
    sheet_free(changes);
    sheet_free(withheld);
    return st;
}

enum exit_status answer_problems(const struct outcome *o)
{
    say_tables(o);
    enum exit_status st = give(o, false, LIST_PROBLEMS);
    uint64_t n = o->in->n_problems + o->in->n_problems_more;
    if (st != EXIT_OK)
        return st;
    if (intake_problems_more(o->in) > 0)
        out(o->d->s, "and %" PRIu64 " more%s.\n", intake_problems_more(o->in),
            o->request->errors == NULL ? "; --errors FILE.csv has them beside their rows" : "");
    return say_refused(o->d->s, EXIT_NO, "refused", o->request->errors != NULL ? "what is wrong stands beside each row in "
                                                                                 "the file of --errors" :
                       "mend this and publish again; --errors FILE.csv writes the rows back with what is wrong",
                       "publish: %" PRIu64 " problem%s, nothing was published", n, n == 1 ? "" : "s");
}

enum exit_status answer_needs_reason(const struct outcome *o)
{
    enum exit_status st = give(o, false, LIST_CHANGES);
    if (st != EXIT_OK)
        return st;
    return say_refused(o->d->s, EXIT_NO, "needs-reason",
                       "--reason late-data|correction|denominator|definition|disclosure|unreliable says why",
                       "publish: %zu published figure%s would change, nothing was published", o->plan->n_revised,
                       o->plan->n_revised == 1 ? "" : "s");
}

static void headline(const struct outcome *o)
{
    const struct plan *p = o->plan;
    say_tables(o);
    size_t n = p->n_new + p->n_revised;
    char rows[COUNT_SHOWN_MAX];
    count_shown((int64_t)o->in->n_other_authority, rows);
    if (n > 0)
        out(o->d->s, "%s %zu figure%s: %zu new, %zu revised; %zu unchanged.\n",
            o->request->is_dry ? "Would publish" : "Published", n, n == 1 ? "" : "s", p->n_new, p->n_revised, p->n_unchanged);
    else if (p->n_unchanged > 0)
        out(o->d->s, "Nothing to publish: %zu figure%s stand%s as published already.\n", p->n_unchanged,
            p->n_unchanged == 1 ? "" : "s", p->n_unchanged == 1 ? "s" : "");
    if (p->n_notes > 0)
        out(o->d->s, "%zu note%s beside figures.\n", p->n_notes, p->n_notes == 1 ? "" : "s");
    if (o->in->n_other_authority > 0)
        out(o->d->s, "%s row%s of other authorities passed over.\n", rows, o->in->n_other_authority == 1 ? "" : "s");
    if (o->is_published) {
        char from[RECORD_TEXT_SIZE], to[RECORD_TEXT_SIZE];
        record_text(&o->d->origin, o->batch.first, from);
        record_text(&o->d->origin, o->batch.last, to);
        out(o->d->s, "Records %s to %s, \"%s\", for %s.\n", from, to, o->request->title,
            o->request->to == TO_ALLIANCE ? "the alliance" : o->request->to == TO_PUBLIC ? "everybody" : o->request->audience);
    }
    if (o->request->opens.is_made && n > 0)
        out(o->d->s, "To be opened to %s on %s.\n", promise_to_whom(&o->request->opens), o->request->opens.due);
    if (p->n_revised > 0)
        out(o->d->s, "\n");
}

static enum exit_status say_nothing(const struct outcome *o)
{
    const struct intake *in = o->in;
    if (in->n_other_authority > 0 && in->first_other[0] != '\0')
        return say_refused(o->d->s, EXIT_NO, "nothing-found", "is it the right file?",
                           "publish: no figure of ours in it, but of %s%s", in->first_other,
                           in->n_other_authority > 1 ? " and others" : "");
    if (in->n_not_wanted > 0)
        return say_refused(o->d->s, EXIT_NO, "nothing-found", "is --where right?", "publish: --where leaves no row of ours");
    return say_refused(o->d->s, EXIT_NO, "nothing-found", "is it the right file, and --where?", "publish: no figure of ours in it");
}

enum exit_status answer_done(const struct outcome *o)
{
    struct session *s = o->d->s;
    headline(o);
    enum exit_status st = give(o, true, o->plan->n_revised > 0 ? LIST_CHANGES : LIST_NONE);
    if (st != EXIT_OK)
        return st;
    if (o->passed != NULL && o->passed->count.n_exposed > 0)
        say_warning(s, "%zu withheld count%s can be worked out from what is public already", o->passed->count.n_exposed,
                    o->passed->count.n_exposed == 1 ? "" : "s");
    if (o->in->n_figures == 0)
        return say_nothing(o);
    if (o->is_published)
        say_next(s, "`folkmoot compare %s` sets it beside the others", o->in->figures[0].figure.indicator);
    else if (o->request->is_dry && plan_entries(o->plan) > 0)
        say_next(s, "the same without --dry-run publishes");
    return EXIT_OK;
}
