/* cli/cmd_coverage.c - who has returned what. */
#include "cli/commands.h"

#include "cli/desk.h"
#include "cli/output/output.h"
#include "cli/period.h"
#include "cli/say.h"
#include "cli/view/query.h"

const struct option_spec options_coverage[] = {OPTIONS_END};

static const struct column columns[] = {
    {"slug", "member", 0}, {"name", "name", 0}, {"state", "state", 0}, {"indicators", "indicators", COLUMN_NUMBER},
    {"periods", "periods", COLUMN_NUMBER}, {"latest", "latest", 0}, {"records", "records", COLUMN_NUMBER},
    {"last_published", "last published", 0},
};

static enum style style_of(enum coverage_state s)
{
    switch (s) {
    case COVERAGE_RETURNED:  return STYLE_GOOD;
    case COVERAGE_MISSING:   return STYLE_BAD;
    case COVERAGE_WITHDRAWN: return STYLE_WARN;
    case COVERAGE_SEALED:    return STYLE_DIM;
    }
    return STYLE_PLAIN;
}

static enum err add(void *arg, const struct coverage *c)
{
    struct sheet *sh = arg;
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
    return OK;
}

static enum exit_status coverage(struct desk *d, struct view *v)
{
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    enum err e = view_coverage(v, add, sh);
    enum exit_status st;
    if (e == OK) {
        json_t *doc = json_document(d->s);
        json_object_set_new(doc, "members", sheet_json(sh));
        st = output(d->s, doc, sh);
    } else
        st = say_failed(d->s, e, NULL, "coverage");
    sheet_free(sh);
    return st;
}

enum exit_status cmd_coverage(struct session *s)
{
    struct desk d;
    struct view *v = NULL;
    enum exit_status st = desk_open(s, STORE_READ, &d);
    if (st == EXIT_OK)
        st = desk_view(&d, &v);
    if (st == EXIT_OK)
        st = coverage(&d, v);
    view_close(v);
    desk_close(&d);
    return st;
}
