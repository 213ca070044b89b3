/* cli/cmd_template.c - a file to fill in: our codes, the indicators, the period. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/collection.h"
#include "cli/export.h"
#include "cli/output/csv.h"
#include "cli/output/output.h"
#include "cli/register/register.h"
#include "cli/say.h"

const struct option_spec options_template[] = {
    {"collection", 0, OPTION_VALUE, "N", "what this collection asks for; else every official indicator"},
    {"period", 0, OPTION_VALUE, "PERIOD", "of which period, without --collection"},
    {"out", 0, OPTION_VALUE, "FILE.csv", "where to write it, - is stdout; nothing is overwritten without --yes"},
    OPTIONS_END,
};

static const char *const heading[] = {
    "time_period", "time_identifier", "geographic_level", "old_la_code", "new_la_code", "la_name", "indicator", "numerator",
    "denominator", "value", "comment",
};
enum { COLUMNS = sizeof(heading) / sizeof(heading[0]) };

/* Every official indicator of the period that --period names. */
static enum exit_status all_indicators(struct session *s, struct collection *c)
{
    struct period_asked p;
    const char *word = option_value(&s->options, "period");
    if (word == NULL)
        return say_usage(s, "--period 2025, or --collection N", "template: of which period?");
    enum exit_status st = ask_period(s, word, PERIOD_NAMED, &p);
    if (st == EXIT_OK && p.kind != PERIOD_NAMED)
        return say_usage(s, "--period 2025", "template: --period %s names no period by itself", word);
    if (st != EXIT_OK)
        return st;
    memcpy(c->period, p.code, sizeof(c->period));
    snprintf(c->time_identifier, sizeof(c->time_identifier), "%s",
             p.identifier[0] != '\0' ? p.identifier : strlen(p.code) == 4 ? "Reporting year" : "Financial year");
    for (size_t i = 0; i < register_definitions() && c->n < COLLECTION_INDICATORS_MAX; i++)
        memcpy(c->indicators[c->n++], register_definition_at(i)->id, INDICATOR_MAX + 1);
    return EXIT_OK;
}

static void write_rows(FILE *f, const struct member *us, const char *name, const struct collection *c)
{
    csv_begin(f);
    for (size_t i = 0; i < COLUMNS; i++)
        csv_cell(f, heading[i], false, i + 1 == COLUMNS);
    for (size_t i = 0; i < c->n; i++) {
        const char *const row[COLUMNS] = {c->period, c->time_identifier, "Local authority", us->codes.dfe, us->codes.gss, name,
                                          c->indicators[i], "", "", "", ""};
        for (size_t k = 0; k < COLUMNS; k++)
            csv_cell(f, row[k], false, k + 1 == COLUMNS);
    }
}

static enum exit_status write_file(struct desk *d, const struct collection *c, const char *path, bool *ret_is_stdout)
{
    const struct member *us = charter_find(desk_charter(d), &d->identity->slug);
    char *text = NULL, name[NAME_MAX_LEN + 1];
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    desk_name_of(d, &us->slug, name);
    if (f != NULL)
        write_rows(f, us, name, c);
    enum err e = f != NULL && fclose(f) == 0 ? OK : ERR_NOMEM;
    enum exit_status st = e == OK ? export_whole(d->s, path, (struct bytes){(const uint8_t *)text, len}, ret_is_stdout)
                                  : say_failed(d->s, e, NULL, "template");
    free(text);
    return st;
}

static enum exit_status make(struct desk *d)
{
    struct view *v = d->view;
    struct session *s = d->s;
    struct collection_row asked = {.said_ms = 0};
    bool is_stdout = false;
    const char *number = option_value(&s->options, "collection"), *path = option_value(&s->options, "out");
    const struct member *us = charter_find(desk_charter(d), &d->identity->slug);
    if (path == NULL)
        return say_usage(s, "--out FILE.csv", "template: where to?");
    if (us->role != ROLE_AUTHORITY)
        return say_refused(s, EXIT_NO, "role", "ask for one at the node of an authority",
                           "template: only authorities publish figures, and %s is a %s", us->slug.s, role_name(us->role));
    enum exit_status st = number != NULL ? collection_find(s, v, number, &asked) : all_indicators(s, &asked.collection);
    if (st == EXIT_OK)
        st = write_file(d, &asked.collection, path, &is_stdout);
    if (st != EXIT_OK || is_stdout)
        return st;
    json_t *doc = json_document(s);
    json_object_set_new(doc, "file", json_text(path));
    json_object_set_new(doc, "rows", json_integer((json_int_t)asked.collection.n));
    out(s, "%s: %zu rows to fill in.\n", path, asked.collection.n);
    st = output(s, doc, NULL);
    if (st == EXIT_OK)
        say_next(s, "fill it in, leave out rows that do not apply, and `folkmoot publish %s --dry-run`", path);
    return st;
}

enum exit_status cmd_template(struct session *s)
{
    return desk_run(s, DESK_MEMBER | DESK_VIEW, make);
}
