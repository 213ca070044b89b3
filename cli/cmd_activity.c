/* cli/cmd_activity.c - given and received, challenge and support, a row a member. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/day.h"
#include "cli/desk.h"
#include "cli/output/output.h"
#include "cli/output/width.h"
#include "cli/say.h"
#include "cli/thread/activity.h"

const struct option_spec options_activity[] = {
    {"authority", 0, OPTION_VALUE, "A", "of this member only"},
    {"since", 0, OPTION_VALUE, "DATE", "only what was opened after that day"},
    OPTIONS_END,
};

static const struct column columns[] = {
    {"slug", "member", 0},
#define X(field, key, heading, flags, of) {key, heading, COLUMN_NUMBER | (flags)},
    ACTIVITY_COUNTS(X)
#undef X
    {"days_median", "days", COLUMN_NUMBER},
};

static void put_of(struct sheet *sh, size_t n, size_t of)
{
    char shown[2 * COUNT_SHOWN_MAX];
    (void)snprintf(shown, sizeof(shown), "%zu/%zu", n, of);
    sheet_shown(sh, of > 0 ? shown : "0");
}

static void put(struct sheet *sh, const struct activity *a)
{
    sheet_row(sh);
    sheet_text(sh, a->slug.s);
#define X(field, key, heading, flags, of)                                     \
    sheet_count(sh, (int64_t)a->field);                                       \
    if (strcmp(#field, #of) != 0)                                             \
        put_of(sh, a->field, a->of);
    ACTIVITY_COUNTS(X)
#undef X
    if (a->has_days)
        sheet_real(sh, a->days, 1);
    else
        sheet_null(sh);
}

static bool speaks(const struct member *m)
{
    return !m->is_former && m->role != ROLE_RELAY;
}

static enum exit_status answer(struct desk *d, const struct threads *t, const struct member *only, uint64_t since_ms)
{
    const struct charter *c = desk_charter(d);
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    enum err e = OK;
    for (size_t i = 0; e == OK && i < c->n_members; i++) {
        struct activity a;
        if (only != NULL ? only != &c->members[i] : !speaks(&c->members[i]))
            continue;
        e = activity_of(t, &c->members[i].slug, since_ms, &a);
        if (e == OK)
            put(sh, &a);
    }
    sheet_sort(sh);
    json_t *doc = json_document(d->s);
    json_object_set_new(doc, "members", sheet_json(sh));
    enum exit_status st = EXIT_OK;
    if (e != OK) {
        json_decref(doc);
        st = say_failed(d->s, e, NULL, "activity");
    } else
        st = output(d->s, doc, sh);
    sheet_free(sh);
    if (st == EXIT_OK && d->s->mode == OUTPUT_TEXT) {
        out(d->s, "\n");
        out_wrapped(d->s, "", "Answered, met, taken, done: of how many that were put to it, needed, offered, begun; asked, gave "
                    "and took are towards others; due: overdue. Days, the median to an answer, are reckoned from the times that "
                    "the two sides say. Of what can be read here; support may be given without a word here.");
    }
    return st;
}

static enum exit_status activity(struct desk *d)
{
    struct threads t;
    uint64_t since_ms = 0;
    const char *word = option_value(&d->s->options, "authority"), *since = option_value(&d->s->options, "since");
    const struct member *only = word != NULL ? desk_find_member(d, word) : NULL;
    if (word != NULL && only == NULL)
        return EXIT_USAGE;
    if (since != NULL && day_end(since, &since_ms) != OK)
        return say_usage(d->s, "--since 2025-11-01", "activity: --since %s is no day", since);
    enum err e = threads_gather(d->view, desk_charter(d), session_now_ms(), &t);
    enum exit_status st = e == OK ? answer(d, &t, only, since_ms) : say_failed(d->s, e, NULL, "activity");
    threads_release(&t);
    return st;
}

enum exit_status cmd_activity(struct session *s)
{
    return desk_run(s, DESK_MEMBER | DESK_VIEW, activity);
}
