/* cli/cmd_collection_open.c - a lead asks the alliance for figures. */
#include "cli/commands.h"

#include <string.h>

#include "cli/ask.h"
#include "cli/author/sealer.h"
#include "cli/collection.h"
#include "cli/day.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_collection_open[] = {
    {"indicators", 0, OPTION_VALUE, "FILE", "which: a CSV file with a column `indicator`"},
    {"period", 0, OPTION_VALUE, "PERIOD", "of which period"},
    {"due", 0, OPTION_VALUE, "DATE", "by which day, such as 2025-11-28"},
    OPTIONS_END,
};

static enum exit_status read_title(struct session *s, struct collection *c)
{
    const char *title = s->args[0];
    if (title[0] == '\0' || strlen(title) >= sizeof(c->title) || !utf8_is_line(bytes_of(title)))
        return say_usage(s, "at most 200 bytes on one line", "collection open: this is no title");
    memcpy(c->title, title, strlen(title) + 1);
    return EXIT_OK;
}

static enum exit_status read_due(struct session *s, struct collection *c)
{
    const char *due = option_value(&s->options, "due");
    uint64_t ms;
    if (due == NULL || strlen(due) != DATE_LEN || day_end(due, &ms) != OK)
        return say_usage(s, "--due 2025-11-28", "collection open: %s", due == NULL ? "by when?" : "--due is no day");
    memcpy(c->due, due, DATE_LEN + 1);
    return EXIT_OK;
}

static enum exit_status read_period(struct session *s, struct collection *c)
{
    struct period_asked p;
    const char *word = option_value(&s->options, "period");
    if (word == NULL)
        return say_usage(s, "--period \"2025-26 Q2\"", "collection open: of which period?");
    enum exit_status st = ask_period(s, word, PERIOD_NAMED, &p);
    if (st == EXIT_OK && p.kind != PERIOD_NAMED)
        return say_usage(s, "--period \"2025-26 Q2\"", "collection open: --period %s names no period by itself", word);
    if (st != EXIT_OK)
        return st;
    memcpy(c->period, p.code, sizeof(c->period));
    snprintf(c->time_identifier, sizeof(c->time_identifier), "%s",
             p.identifier[0] != '\0' ? p.identifier : strlen(p.code) == 4 ? "Reporting year" : "Financial year");
    return EXIT_OK;
}

static enum exit_status read_all(struct desk *d, struct view *v, struct collection *c)
{
    const char *file = option_value(&d->s->options, "indicators");
    enum exit_status st = read_title(d->s, c);
    if (st == EXIT_OK)
        st = read_period(d->s, c);
    if (st == EXIT_OK)
        st = read_due(d->s, c);
    if (st == EXIT_OK && file == NULL)
        st = say_usage(d->s, "--indicators FILE.csv, with a column `indicator`", "collection open: which indicators?");
    if (st == EXIT_OK)
        st = collection_read_indicators(d, v, file, c);
    enum err e = st == EXIT_OK ? collection_next(v, &c->number) : OK;
    return e == OK ? st : say_failed(d->s, e, NULL, "collection open");
}

static enum exit_status publish(struct desk *d, struct view *v, const struct collection *c)
{
    struct buf plain = buf_on(PAYLOAD_MAX);
    uint64_t idx = 0;
    collection_write(c, &plain);
    enum err e = buf_status(&plain);
    struct bytes record = buf_bytes(&plain);
    enum exit_status st = e == OK ? seal_records(d, v, TO_ALLIANCE, NULL, &record, 1, "collection open", &idx) :
                                    say_failed(d->s, e, NULL, "collection open");
    buf_release(&plain);
    return st;
}

static enum exit_status answer(struct desk *d, const struct collection *c)
{
    char period[PERIOD_TEXT_MAX];
    json_t *doc = json_document(d->s);
    period_text(c->period, c->time_identifier, period);
    json_object_set_new(doc, "number", json_integer(c->number));
    json_object_set_new(doc, "title", json_text(c->title));
    json_object_set_new(doc, "period", json_text(period));
    json_object_set_new(doc, "due", json_text(c->due));
    json_object_set_new(doc, "asked", json_integer((json_int_t)c->n));
    out(d->s, "Collection %u, %s: %zu indicator%s for %s, due %s.\n", c->number, c->title, c->n, c->n == 1 ? "" : "s", period,
        c->due);
    enum exit_status st = output(d->s, doc, NULL);
    if (st == EXIT_OK)
        say_next(d->s, "members run `folkmoot template --collection %u --out FILE.csv`; `folkmoot coverage --collection %u`"
                       " says who has answered",
                 c->number, c->number);
    return st;
}

static enum exit_status open_one(struct desk *d)
{
    struct collection c = {.number = 0};
    enum exit_status st = collection_need_lead(d);
    if (st == EXIT_OK)
        st = read_all(d, d->view, &c);
    if (st == EXIT_OK)
        st = publish(d, d->view, &c);
    return st == EXIT_OK ? answer(d, &c) : st;
}

enum exit_status cmd_collection_open(struct session *s)
{
    return desk_run(s, DESK_WRITE | DESK_VIEW, open_one);
}
