/* cli/cmd_coverage.c - who has returned what. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/collection.h"
#include "cli/day.h"
#include "cli/held.h"
#include "cli/output/output.h"
#include "cli/period.h"
#include "cli/say.h"
#include "cli/succession.h"
#include "cli/view/query.h"

const struct option_spec options_coverage[] = {
    {"collection", 0, OPTION_VALUE, "N", "of what one collection asks for"},
    OPTIONS_END,
};

static const struct column columns[] = {
    {"slug", "member", 0}, {"name", "name", 0}, {"state", "state", 0}, {"indicators", "indicators", COLUMN_NUMBER},
    {"periods", "periods", COLUMN_NUMBER}, {"latest", "latest", 0}, {"records", "records", COLUMN_NUMBER},
    {"last_published", "last published", 0}, {"fresh", NULL, 0},
    {"answered", "of the collection", COLUMN_NUMBER},
};

enum { LIST_MAX = MEMBERS_MAX * (SLUG_MAX + 2) };

struct covering {
    struct desk *d;
    struct sheet *sheet;
    const struct held *held;
    struct buf sealed, stale;               /* slugs, ", " between */
    const struct collection_row *asked;     /* NULL: of everything */
    char day[DATE_LEN + 1];                 /* who is there on it owes a return: the last of its period; else today */
};

static void list(struct buf *to, const char *slug)
{
    buf_printf(to, "%s%s", to->len > 0 ? ", " : "", slug);
}

/* [P-64] Of our own log nobody else must vouch that it is all there. */
static void add_freshness(struct covering *x, const char *slug)
{
    const struct charter *now = desk_charter(x->d);
    const struct held *h = NULL;
    for (size_t i = 0; i < now->n_members; i++)
        if (strcmp(now->members[i].slug.s, slug) == 0)
            h = &x->held[i];
    sheet_bool(x->sheet, h != NULL && h->is_fresh);
    if (h != NULL && h->size > 0 && !h->is_fresh && strcmp(x->d->identity->slug.s, slug) != 0)
        list(&x->stale, slug);
}

static enum style style_of(enum coverage_state s)
{
    switch (s) {
    case COVERAGE_RETURNED:  return STYLE_GOOD;
    case COVERAGE_LATE:      return STYLE_WARN;
    case COVERAGE_MISSING:   return STYLE_BAD;
    case COVERAGE_WITHDRAWN: return STYLE_WARN;
    case COVERAGE_SEALED:    return STYLE_DIM;
    case COVERAGE_NOT_DUE:   return STYLE_DIM;
    }
    return STYLE_PLAIN;
}

static enum err add(void *arg, const struct coverage *found)
{
    struct covering *x = arg;
    struct coverage known = *found, *c = &known;
    struct sheet *sh = x->sheet;
    char latest[PERIOD_TEXT_MAX], when[TIME_TEXT_MAX];
    being_excuse(desk_charter(x->d), x->day, c);
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
    add_freshness(x, c->slug);
    if (x->asked != NULL)
        sheet_count(sh, (int64_t)c->answered);
    if (c->state == COVERAGE_SEALED)
        list(&x->sealed, c->slug);
    return OK;
}

static void say_lists(const struct covering *x)
{
    struct bytes sealed = buf_bytes(&x->sealed), stale = buf_bytes(&x->stale);
    if (sealed.len + stale.len > 0)
        out(x->d->s, "\n");
    if (sealed.len > 0)
        out(x->d->s, "Published, and not to be read here yet (their next publish or sync gives the keys): %.*s\n",
            (int)sealed.len, (const char *)sealed.p);
    if (stale.len > 0)
        out(x->d->s, "Too few witnesses spoke in the last 48 hours, something newer may exist: %.*s\n", (int)stale.len,
            (const char *)stale.p);
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

static enum err cover(struct view *v, const struct collection_row *asked, struct covering *x)
{
    uint64_t due_ms = 0;
    if (asked == NULL)
        return view_coverage(v, add, x);
    enum err e = day_end(asked->collection.due, &due_ms);
    return e == OK ? view_coverage_of(v, &asked->collection, due_ms, add, x) : e;
}

static enum exit_status coverage_of(struct desk *d, const struct collection_row *asked)
{
    struct held *held = NULL;
    size_t n_columns = sizeof(columns) / sizeof(columns[0]);
    struct covering x = {.d = d, .sheet = sheet_new(columns, asked != NULL ? n_columns : n_columns - 1), .asked = asked,
                         .sealed = buf_on(LIST_MAX), .stale = buf_on(LIST_MAX)};
    enum err e = held_read(d, &held);
    enum exit_status st;
    x.held = held;
    if (asked != NULL)
        period_last_day(asked->collection.period, asked->collection.time_identifier, "", x.day);
    else
        day_of(session_now_ms(), x.day);
    if (e == OK)
        e = cover(d->view, asked, &x);
    if (e == OK) {
        json_t *doc = json_document(d->s);
        if (asked != NULL)
            describe(d->s, doc, asked);
        json_object_set_new(doc, "members", sheet_json(x.sheet));
        st = output(d->s, doc, x.sheet);
        say_lists(&x);
    } else
        st = say_failed(d->s, e, NULL, "coverage");
    sheet_free(x.sheet);
    buf_release(&x.sealed);
    buf_release(&x.stale);
    free(held);
    return st;
}

static enum exit_status coverage(struct desk *d)
{
    struct collection_row asked;
    const char *number = option_value(&d->s->options, "collection");
    enum exit_status st = number != NULL ? collection_find(d->s, d->view, number, &asked) : EXIT_OK;
    return st == EXIT_OK ? coverage_of(d, number != NULL ? &asked : NULL) : st;
}

enum exit_status cmd_coverage(struct session *s)
{
    return desk_run(s, DESK_VIEW, coverage);
}
