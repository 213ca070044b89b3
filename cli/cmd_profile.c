/* cli/cmd_profile.c - every indicator of one authority, beside the others. */
#include "cli/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/compare/whom.h"
#include "cli/official.h"
#include "cli/output/figure.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_profile[] = {
    {"authority", 0, OPTION_VALUE, "A", "whose; your own unless given"},
    WHOM_OPTIONS,
    {"period", 0, OPTION_VALUE, "PERIOD", "2024, 2024-25, latest (unless given, of each indicator), previous"},
    OPTIONS_END,
};

static const struct column columns[] = {
    {"indicator", "indicator", 0}, {"title", "title", COLUMN_VERBOSE}, {"unit", NULL, 0},
    {"polarity", NULL, 0}, {"period", "period", 0},
    {"value", "value", COLUMN_NUMBER}, {"raw", NULL, 0}, {"numerator", "numerator", COLUMN_NUMBER},
    {"denominator", "denominator", COLUMN_NUMBER | COLUMN_VERBOSE}, {"status", "status", COLUMN_VERBOSE}, {"source", "from", 0},
    {"change", "change", COLUMN_NUMBER}, {"direction", "direction", 0}, {"rank", "rank", COLUMN_NUMBER},
    {"of", "of", COLUMN_NUMBER},
    {"band", "band", 0}, {"neighbours_mean", "neighbours", COLUMN_NUMBER},
    {"neighbours_median", "median", COLUMN_NUMBER | COLUMN_VERBOSE},
    {"neighbours_n", "n", COLUMN_NUMBER | COLUMN_VERBOSE}, {"total", "all of them", COLUMN_NUMBER}, {"total_n", NULL, 0},
    {"alliance", NULL, 0},
    {"england", "England", COLUMN_NUMBER}, {"record", NULL, 0},
};

enum { PROFILE_INDICATORS_MAX = 512 };

struct profiling {
    struct desk *d;
    struct view *v;
    struct whom whom;
    struct slug marked;
    char name[NAME_MAX_LEN + 1];
    const struct authority *authority;
    struct period_asked asked;
    struct compare_ask ask;
    struct definition_row definition;
    size_t n;
    char ids[PROFILE_INDICATORS_MAX][INDICATOR_MAX + 1];
    struct sheet *sh;
};

/* ---- what is asked ---- */

static enum exit_status read_ask(struct profiling *x)
{
    struct session *s = x->d->s;
    const char *word = option_value(&s->options, "authority");
    bool is_member = true;
    x->marked = x->d->identity->slug;
    enum exit_status st = word != NULL ? ask_authority(x->d, word, &x->marked, &is_member) : EXIT_OK;
    if (st == EXIT_OK)
        st = ask_period(s, option_value(&s->options, "period"), PERIOD_LATEST, &x->asked);
    if (st == EXIT_OK)
        st = whom_read(x->d, x->v, WHOM_ANYBODY, is_member ? SET_ALLIANCE : SET_ENGLAND, &x->whom);
    x->ask = (struct compare_ask){.v = x->v, .charter = desk_charter(x->d), .definition = &x->definition, .breakdown = "",
                                  .as_of_ms = UINT64_MAX, .marked = &x->marked};
    if (x->whom.n_only > 0)                     /* among these and itself */
        x->whom.only[x->whom.n_only++] = x->marked;
    if (!is_member && x->whom.set == SET_ALLIANCE)
        x->whom.set = SET_ALL;
    whom_put(&x->whom, &x->ask);
    return st;
}

/* Both lists come in order; what is in both is taken once. */
static enum err take_id(void *arg, const char *id)
{
    struct profiling *x = arg;
    for (size_t i = 0; i < x->n; i++)
        if (strcmp(x->ids[i], id) == 0)
            return OK;
    if (x->n == PROFILE_INDICATORS_MAX)
        return ERR_LIMIT;
    snprintf(x->ids[x->n++], INDICATOR_MAX + 1, "%s", id);
    return OK;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* ---- one indicator ---- */

/* Which way it went: better or worse where that is known, else higher or lower. */
static const char *direction(const struct compare_row *r, enum polarity polarity)
{
    if (!r->has_change)
        return NULL;
    if (r->change.mantissa == 0)
        return "same";
    bool is_up = r->change.mantissa > 0;
    switch (polarity) {
    case POLARITY_HIGH:
        return is_up ? "better" : "worse";
    case POLARITY_LOW:
        return is_up ? "worse" : "better";
    case POLARITY_NONE: case POLARITY_COUNT:
        break;
    }
    return is_up ? "higher" : "lower";
}

static size_t n_ranked(const struct comparison *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_rows; i++)
        n += c->rows[i].rank > 0;
    return n;
}

static void add_change(struct sheet *sh, const struct compare_row *r, const struct definition *d)
{
    const char *way = direction(r, d->polarity);
    char shown[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX + 1] = "+";
    sheet_figure(sh, r->has_change, r->change, d->decimals, "");
    if (r->has_change && r->change.mantissa > 0) {
        decimal_shown(r->change, d->decimals, shown + 1);
        sheet_shown(sh, shown);
    }
    sheet_text(sh, way);
    sheet_style(sh, way == NULL ? STYLE_PLAIN : strcmp(way, "better") == 0 ? STYLE_GOOD : strcmp(way, "worse") == 0 ? STYLE_BAD :
                STYLE_PLAIN);
}

static void add_value(struct sheet *sh, const struct compare_row *r, const struct definition *d)
{
    const struct figure *f = &r->figure.figure;
    bool shown = r->has_figure && !r->figure.is_withdrawn;
    sheet_figure(sh, shown && f->has_value, f->value, d->decimals,
                 shown && status_has_number(f->status) ? "" : compare_row_status(r));
    if (r->has_raw)
        sheet_real(sh, r->raw, d->decimals);
    else
        sheet_null(sh);
    sheet_number(sh, shown && f->has_numerator, f->numerator);
    sheet_number(sh, shown && f->has_denominator, f->denominator);
    sheet_text(sh, compare_row_status(r));
    sheet_text(sh, compare_row_source(r));
    sheet_shown(sh, r->is_public ? "public" : "");
}

static void add_others(const struct profiling *x, const struct comparison *c)
{
    struct sheet *sh = x->sh;
    const struct definition *d = &x->definition.definition;
    const struct compare_neighbours *n = &c->neighbours;
    const struct figure *england = NULL;
    for (size_t i = 0; i < c->n_areas; i++)
        if (strcmp(c->areas[i].area->level, "National") == 0)
            england = &c->areas[i].figure;
    sheet_figure(sh, n->n > 0, n->mean, d->decimals, "");
    sheet_figure(sh, n->n > 0, n->median, d->decimals, "");
    sheet_count(sh, (int64_t)n->n);
    sheet_figure(sh, c->total.has_value, c->total.value, d->decimals, "");
    sheet_count(sh, (int64_t)c->total.n);
    sheet_figure(sh, c->total.has_value && x->ask.set == SET_ALLIANCE, c->total.value, d->decimals, "");
    sheet_figure(sh, england != NULL && england->has_value, england != NULL ? england->value : (struct decimal){0}, d->decimals,
                 "");
}

static void add_row(struct profiling *x, const struct comparison *c, const struct compare_row *r)
{
    struct sheet *sh = x->sh;
    const struct definition *d = &x->definition.definition;
    char period[PERIOD_TEXT_MAX], band[2] = {r->band, '\0'};
    period_text(x->ask.period.period, x->ask.period.time_identifier, period);
    sheet_row(sh);
    sheet_text(sh, d->id);
    sheet_text(sh, d->title);
    sheet_text(sh, d->unit);
    sheet_text(sh, polarity_name(d->polarity));
    sheet_text(sh, period);
    add_value(sh, r, d);
    add_change(sh, r, d);
    if (r->rank > 0)
        sheet_count(sh, (int64_t)r->rank);
    else
        sheet_null(sh);
    if (r->rank > 0)
        sheet_count(sh, (int64_t)n_ranked(c));
    else
        sheet_null(sh);
    sheet_text(sh, r->band != 0 ? band : NULL);
    add_others(x, c);
    sheet_text(sh, r->has_figure && !r->is_public ? r->figure.record : NULL);
    snprintf(x->name, sizeof(x->name), "%s", r->name);
    x->authority = r->authority;
}

static enum err profile_one(struct profiling *x, const char *id)
{
    struct comparison c;
    enum err e = view_definition(x->v, id, &official_definitions, &x->definition);
    if (e == OK)
        e = compare_period(&x->ask, &x->asked, &x->ask.period, NULL);
    if (e == ERR_UNKNOWN)
        return OK;                              /* nobody of the set published any of that period */
    if (e == OK)
        e = compare_make(&x->ask, &c);
    if (e != OK)
        return e;
    for (size_t i = 0; i < c.n_rows; i++)
        if (slug_equal(&c.rows[i].slug, &x->marked))
            add_row(x, &c, &c.rows[i]);
    compare_release(&c);
    return OK;
}

/* ---- the answer ---- */

static enum err judgement_json(void *arg, const struct judgement_row *j)
{
    json_t **ret = arg;
    *ret = json_object();
    json_object_set_new(*ret, "inspected", json_text(j->inspected));
    json_object_set_new(*ret, "published", json_text(j->published));
    json_object_set_new(*ret, "type", json_text(j->type));
    json_object_set_new(*ret, "overall", json_text(j->overall));
    json_object_set_new(*ret, "leaders", json_text(j->leaders));
    json_object_set_new(*ret, "help", json_text(j->help));
    json_object_set_new(*ret, "care", json_text(j->care));
    json_object_set_new(*ret, "leavers", json_text(j->leavers));
    json_object_set_new(*ret, "reference", json_text(j->source));
    return OK;
}

static enum exit_status answer(struct profiling *x)
{
    char whom[WHOM_WORDS_MAX];
    whom_words(&x->whom, desk_charter(x->d)->name, "itself", whom);
    json_t *doc = json_document(x->d->s), *judgement = NULL;
    enum err e = x->authority != NULL ? view_reference_judgement(x->v, x->authority->slug.s, judgement_json, &judgement) :
        ERR_UNKNOWN;
    session_lacks(x->d->s, e);
    json_object_set_new(doc, "slug", json_text(x->marked.s));
    json_object_set_new(doc, "name", json_text(x->name));
    json_object_set_new(doc, "dfe", x->authority != NULL ? json_text(x->authority->dfe) : json_null());
    json_object_set_new(doc, "region", x->authority != NULL ? json_text(x->authority->region) : json_null());
    json_object_set_new(doc, "with", json_text(whom_set_name(x->ask.set)));
    json_object_set_new(doc, "model", json_text(x->whom.has_model ? x->whom.model : "2025"));
    json_object_set_new(doc, "judgement", judgement != NULL ? json_incref(judgement) : json_null());
    json_object_set_new(doc, "rows", sheet_json(x->sh));
    out(x->d->s, "%s, among %s\n", x->name, whom);
    if (judgement != NULL)
        out(x->d->s, "Inspected %s: %s overall (%s).\n", json_string_value(json_object_get(judgement, "inspected")),
            json_string_value(json_object_get(judgement, "overall")), json_string_value(json_object_get(judgement, "reference")));
    out(x->d->s, "\n");
    json_decref(judgement);
    enum exit_status st = output(x->d->s, doc, x->sh);
    out(x->d->s, "\nNeighbours: mean of those of the ten statistical neighbours (%s%s) that have a figure here. Rank 1 is best; "
        "change since the period before.\n",
        x->whom.has_model ? "" : "the DfE's model of ", x->whom.has_model ? x->whom.model : "2025");
    return st;
}

/* By the codes that the charter has for it, else by its slug. */
static const struct authority *authority_of(const struct profiling *x)
{
    const struct member *m = charter_find(desk_charter(x->d), &x->marked);
    const struct authority *a = m != NULL ? compare_authority(m->codes.dfe, m->codes.gss) : NULL;
    if (a == NULL && register_find(x->marked.s, &a) != OK)
        a = NULL;
    return a;
}

static enum exit_status profile(struct profiling *x)
{
    enum exit_status st = read_ask(x);
    if (st != EXIT_OK)
        return st;
    enum err e = view_indicators(x->v, take_id, x);
    if (e == OK && compare_is_wide(&x->ask))
        e = view_reference_indicators(x->v, take_id, x);
    qsort(x->ids, x->n, sizeof(x->ids[0]), by_id);
    x->sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < x->n && e == OK; i++)
        e = profile_one(x, x->ids[i]);
    if (e != OK)
        return say_failed(x->d->s, e, NULL, "profile");
    if (sheet_rows(x->sh) == 0 && x->whom.region != NULL && (x->authority = authority_of(x)) != NULL &&
        !authority_is_in(x->authority, x->whom.region))
        return say_refused(x->d->s, EXIT_NO, "not-there", "leave --region out, or name its own", "profile: %s does not lie in %s",
                           x->authority->name, x->whom.region->name);
    if (sheet_rows(x->sh) == 0)
        return say_refused(x->d->s, EXIT_NO, "nothing-found", "`folkmoot coverage` says who has returned what",
                           "profile: no figure that %s could be compared by is held", x->marked.s);
    return answer(x);
}

enum exit_status cmd_profile(struct session *s)
{
    struct desk d;
    struct profiling *x = calloc(1, sizeof(*x));
    enum exit_status st = desk_open(s, STORE_READ, &d);
    if (st == EXIT_OK && x == NULL)
        st = say_failed(s, ERR_NOMEM, NULL, "profile");
    if (st == EXIT_OK) {
        x->d = &d;
        st = desk_view(&d, &x->v);
    }
    if (st == EXIT_OK)
        st = profile(x);
    if (x != NULL) {
        sheet_free(x->sh);
        view_close(x->v);
    }
    free(x);
    desk_close(&d);
    return st;
}
