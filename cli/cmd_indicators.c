/* cli/cmd_indicators.c - what is measured, and how. */
#include "cli/indicators.h"

#include <stdlib.h>
#include <strings.h>

#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/nearest.h"
#include "cli/output/output.h"
#include "cli/period.h"
#include "cli/register/register.h"
#include "cli/say.h"
#include "cli/view/query.h"

const struct option_spec options_indicators[] = {OPTIONS_END};

static const struct column columns[] = {
    {"id", "indicator", 0},
    {"title", "title", 0},
    {"unit", "unit", 0},
    {"multiplier", NULL, 0},
    {"decimals", "decimals", COLUMN_NUMBER},
    {"polarity", "good is", 0},
    {"people", "people", 0},
    {"numerator", "of these", COLUMN_VERBOSE},
    {"denominator", "out of these", COLUMN_VERBOSE},
    {"basis", "when", COLUMN_VERBOSE},
    {"periods", "periods", COLUMN_VERBOSE},
};

static json_t *periods_of(const struct indicator_periods *from, const char *id)
{
    json_t *periods = from != NULL ? from->list(from->arg, id) : NULL;
    return periods != NULL ? periods : json_array();
}

static void add(struct sheet *sh, const struct definition *d, const struct indicator_periods *from)
{
    sheet_row(sh);
    sheet_text(sh, d->id);
    sheet_text(sh, d->title);
    sheet_text(sh, d->unit);
    sheet_count(sh, d->multiplier);
    sheet_count(sh, d->decimals);
    sheet_text(sh, polarity_name(d->polarity));
    sheet_shown(sh, d->polarity == POLARITY_NONE ? "-" : polarity_name(d->polarity));
    sheet_bool(sh, d->counts_people);
    sheet_text(sh, d->numerator);
    sheet_text(sh, d->denominator);
    sheet_text(sh, d->basis);
    sheet_value(sh, periods_of(from, d->id), "");
}

static void explain(struct session *s, const struct definition *d)
{
    out(s, "%s: %s\n  of these       %s\n", d->id, d->title, d->numerator);
    if (d->denominator[0] != '\0')
        out(s, "  out of these   %s\n", d->denominator);
    out(s, "  unit           %s, to %u decimal%s\n  good is        %s\n  when           %s\n", d->unit, d->decimals,
        d->decimals == 1 ? "" : "s", d->polarity == POLARITY_NONE ? "neither high nor low" : polarity_name(d->polarity),
        d->basis);
}

static const struct definition *own_definition(const struct indicator_periods *from, const char *id)
{
    for (size_t i = 0; from != NULL && i < from->n_own; i++)
        if (strcasecmp(from->own[i].id, id) == 0)
            return &from->own[i];
    return NULL;
}

static void add_all(struct sheet *sh, const struct indicator_periods *from)
{
    for (size_t i = 0; i < register_definitions(); i++)
        if (own_definition(from, register_definition_at(i)->id) == NULL)
            add(sh, register_definition_at(i), from);
    for (size_t i = 0; from != NULL && i < from->n_own; i++)
        add(sh, &from->own[i], from);
}

static const char *nearest_id(const char *word, const struct indicator_periods *from)
{
    struct nearest near = nearest_to(word);
    for (size_t i = 0; from != NULL && i < from->n_own; i++)
        nearest_offer(&near, from->own[i].id);
    for (size_t i = 0; i < register_definitions(); i++)
        nearest_offer(&near, register_definition_at(i)->id);
    return near.best;
}

static enum exit_status add_named(struct session *s, struct sheet *sh, const struct indicator_periods *from)
{
    for (size_t i = 0; i < s->n_args; i++) {
        const struct definition *d = own_definition(from, s->args[i]);
        if (d == NULL && (d = register_definition(s->args[i])) == NULL)
            return say_unknown(s, "indicator", s->args[i], nearest_id(s->args[i], from), "`folkmoot indicators` lists them");
        add(sh, d, from);
        explain(s, d);
    }
    return EXIT_OK;
}

enum exit_status indicators_print(struct session *s, const struct indicator_periods *from)
{
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    enum exit_status status = add_named(s, sh, from);
    if (s->n_args == 0)
        add_all(sh, from);
    if (status == EXIT_OK) {
        json_t *doc = json_document(s);
        json_object_set_new(doc, "indicators", sheet_json(sh));
        status = output(s, doc, s->n_args > 0 && s->mode == OUTPUT_TEXT ? NULL : sh);
    }
    sheet_free(sh);
    return status;
}

/* ---- the periods that are held ---- */

static enum err take_period(void *arg, const struct time_period *p, uint64_t returns)
{
    char text[PERIOD_TEXT_MAX];
    (void)returns;
    period_text(p->period, p->time_identifier, text);
    return json_array_insert_new(arg, 0, json_text(text)) == 0 ? OK : ERR_NOMEM;        /* they come newest first */
}

struct held_here { struct session *s; struct view *v; };

static json_t *list_periods(void *arg, const char *indicator)
{
    struct held_here *h = arg;
    json_t *list = json_array();
    session_lacks(h->s, list != NULL ? view_periods(h->v, indicator, "", take_period, list) : ERR_NOMEM);
    return list;
}

/* ---- the alliance's own ---- */

struct own_definitions {
    struct view *v;
    struct definition *all;
    size_t n, cap;
};

static enum err take_own(void *arg, const char *id)
{
    struct own_definitions *o = arg;
    struct definition_row row;
    if (o->n == o->cap) {
        size_t cap = o->cap > 0 ? o->cap * 2 : 32;
        struct definition *all = realloc(o->all, cap * sizeof(*all));
        if (all == NULL)
            return ERR_NOMEM;
        o->all = all;
        o->cap = cap;
    }
    enum err e = view_definition(o->v, id, NULL, &row);
    if (e == OK)
        o->all[o->n++] = row.definition;
    return e == ERR_UNKNOWN ? OK : e;
}

/* Nothing needs a home here: without one, or before an alliance, no periods are known. */
static bool has_figures(struct session *s)
{
    return session_home(s) == EXIT_OK && home_check(&s->home, NULL) == OK;
}

static enum exit_status print_with_periods(struct session *s)
{
    struct desk d;
    struct view *v = NULL;
    struct held_here here = {s, NULL};
    struct indicator_periods from = {.list = list_periods, .arg = &here};
    struct own_definitions own = {.n = 0};
    enum exit_status st = desk_open(s, STORE_READ, &d);
    if (st == EXIT_OK && desk_is_member(&d))
        st = desk_view(&d, &v);
    here.v = own.v = v;
    enum err e = st == EXIT_OK && v != NULL ? view_definition_ids(v, take_own, &own) : OK;
    from.own = own.all;
    from.n_own = own.n;
    if (e != OK)
        st = say_failed(s, e, NULL, "indicators");
    if (st == EXIT_OK)
        st = indicators_print(s, v != NULL ? &from : NULL);
    free(own.all);
    view_close(v);
    desk_close(&d);
    return st;
}

enum exit_status cmd_indicators(struct session *s)
{
    return has_figures(s) ? print_with_periods(s) : indicators_print(s, NULL);
}
