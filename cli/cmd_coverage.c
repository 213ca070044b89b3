/* cli/cmd_coverage.c - who has returned what. */
#include "cli/commands.h"

#include "cli/collection.h"
#include "cli/day.h"
#include "cli/desk.h"
#include "cli/output/output.h"
#include "cli/period.h"
#include "cli/say.h"
#include "cli/view/query.h"

const struct option_spec options_coverage[] = {
    {"collection", 0, OPTION_VALUE, "N", "of what one collection asks for"},
    OPTIONS_END,
};

static const struct column columns[] = {
    {"slug", "member", 0}, {"name", "name", 0}, {"state", "state", 0}, {"indicators", "indicators", COLUMN_NUMBER},
    {"periods", "periods", COLUMN_NUMBER}, {"latest", "latest", 0}, {"records", "records", COLUMN_NUMBER},
    {"last_published", "last published", 0}, {"answered", "of the collection", COLUMN_NUMBER},
};

static enum style style_of(enum coverage_state s)
{
    switch (s) {
    case COVERAGE_RETURNED:  return STYLE_GOOD;
    case COVERAGE_LATE:      return STYLE_WARN;
    case COVERAGE_MISSING:   return STYLE_BAD;
    case COVERAGE_WITHDRAWN: return STYLE_WARN;
    case COVERAGE_SEALED:    return STYLE_DIM;
    }
    return STYLE_PLAIN;
}

struct covering { struct sheet *sh; const struct collection *of; };

static enum err add(void *arg, const struct coverage *c)
{
    const struct covering *k = arg;
    struct sheet *sh = k->sh;
    char latest[PERIOD_TEXT_MAX], when[TIME_TEXT_MAX];
    period_text(c->latest.period, c->latest.time_identifier, latest);
    time_text(c->last_published_ms, when);
    sheet_row(sh);
    sheet_text(sh, c->slug);
    sheet_text(sh, c->name);
    sheet_text(sh, coverage_name(c->state));
    sheet_style(sh, style_of(c->state));
    sheet_count(sh, (int64_t)c->indicators);
    sheet_count(sh, (int64_t)c->periods);
    sheet_text(sh, c->latest.period[0] != '\0' ? latest : NULL);
    sheet_count(sh, (int64_t)c->records);
    sheet_text(sh, c->last_published_ms > 0 ? when : NULL);
    if (k->of != NULL)
        sheet_count(sh, (int64_t)c->answered);
    return OK;
}

static void describe(struct session *s, json_t *doc, const struct collection_row *asked)
{
    const struct collection *c = &asked->collection;
    char period[PERIOD_TEXT_MAX];
    json_t *j = json_object();
    period_text(c->period, c->time_identifier, period);
    json_object_set_new(j, "number", json_integer(c->number));
    json_object_set_new(j, "title", json_text(c->title));
    json_object_set_new(j, "period", json_text(period));
    json_object_set_new(j, "due", json_text(c->due));
    json_object_set_new(j, "asked", json_integer((json_int_t)c->n));
    json_object_set_new(doc, "collection", j);
    out(s, "%u %s: %zu indicator%s for %s, due %s\n\n", c->number, c->title, c->n, c->n == 1 ? "" : "s", period, c->due);
}

static enum exit_status coverage(struct desk *d, struct view *v, const struct collection_row *asked)
{
    size_t n_columns = sizeof(columns) / sizeof(columns[0]);
    struct covering k = {sheet_new(columns, asked != NULL ? n_columns : n_columns - 1), asked != NULL ? &asked->collection : NULL};
    uint64_t due_ms = 0;
    enum err e = asked != NULL ? day_end(asked->collection.due, &due_ms) : OK;
    if (e == OK)
        e = asked != NULL ? view_coverage_of(v, &asked->collection, due_ms, add, &k) : view_coverage(v, add, &k);
    enum exit_status st;
    if (e == OK) {
        json_t *doc = json_document(d->s);
        if (asked != NULL)
            describe(d->s, doc, asked);
        json_object_set_new(doc, "members", sheet_json(k.sh));
        st = output(d->s, doc, k.sh);
    } else
        st = say_failed(d->s, e, NULL, "coverage");
    sheet_free(k.sh);
    return st;
}

enum exit_status cmd_coverage(struct session *s)
{
    struct desk d;
    struct view *v = NULL;
    struct collection_row asked;
    const char *number = option_value(&s->options, "collection");
    enum exit_status st = desk_open(s, STORE_READ, &d);
    if (st == EXIT_OK)
        st = desk_view(&d, &v);
    if (st == EXIT_OK && number != NULL)
        st = collection_find(s, v, number, &asked);
    if (st == EXIT_OK)
        st = coverage(&d, v, number != NULL ? &asked : NULL);
    view_close(v);
    desk_close(&d);
    return st;
}
