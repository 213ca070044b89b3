/* cli/cmd_journal.c - what was done here, by whom, and whether the journal is whole. */
#include "cli/commands.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/day.h"
#include "cli/journal/journal.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_journal[] = {
    {"since", 0, OPTION_VALUE, "DATE", "since the beginning of that day"},
    OPTIONS_END,
};

static const struct column columns[] = {
    {"seq", "", COLUMN_NUMBER | COLUMN_VERBOSE}, {"at", "when", 0}, {"user", "user", 0}, {"officer", "officer", 0},
    {"command", "command", 0}, {"outcome", "outcome", 0}, {"detail", "what", 0},
};

struct listing { struct sheet *sh; const char *since; };

static void put(struct sheet *sh, struct bytes text)
{
    char word[JOURNAL_LINE_MAX + 1];
    bool is_none = bytes_equal(text, bytes_of("-"));
    sheet_text(sh, is_none || bytes_to_str(text, word, sizeof(word)) != OK ? NULL : word);
}

static enum err each(void *arg, const struct journal_line *line)
{
    struct listing *l = arg;
    size_t n = l->since != NULL ? strlen(l->since) : 0;
    if (n > 0 && (line->time.len < n || memcmp(line->time.p, l->since, n) < 0))
        return OK;
    sheet_row(l->sh);
    sheet_count(l->sh, (int64_t)line->seq);
    put(l->sh, line->time);
    put(l->sh, line->user);
    put(l->sh, line->officer);
    put(l->sh, line->command);
    put(l->sh, line->outcome);
    put(l->sh, line->detail);
    return OK;
}

static enum exit_status answer(struct session *s, const struct sheet *sh, const struct journal_check *c)
{
    json_t *doc = json_document(s);
    json_object_set_new(doc, "entries", sheet_json(sh));
    json_object_set_new(doc, "ok", json_boolean(c->is_whole));
    json_object_set_new(doc, "first", json_integer((json_int_t)c->first));
    json_object_set_new(doc, "last", json_integer((json_int_t)c->last));
    json_object_set_new(doc, "broken_at", c->broken_at > 0 ? json_integer((json_int_t)c->broken_at) : json_null());
    json_object_set_new(doc, "end_lost", json_boolean(c->has_lost_end));
    if (sheet_rows(sh) == 0)
        out(s, "Nothing stands in it.\n");
    enum exit_status st = output(s, doc, sh);
    if (st != EXIT_OK)
        return st;
    if (c->first > 1)
        say_note(s, "It begins with line %" PRIu64 ": older files are no longer kept.", c->first);
    if (c->broken_at > 0)
        return say_refused(s, EXIT_NO, "journal-broken", "compare it with a backup of private/",
                           "journal: line %" PRIu64 " does not follow from the one before: something was changed, taken out or "
                           "put in", c->broken_at);
    if (c->has_lost_end)
        return say_refused(s, EXIT_NO, "journal-cut", "compare it with a backup of private/",
                           "journal: its end is not the one that private/journal.head names: lines are missing");
    return EXIT_OK;
}

enum exit_status cmd_journal(struct session *s)
{
    struct listing l = {.since = option_value(&s->options, "since")};
    struct journal_check check;
    uint64_t ms;
    if (l.since != NULL && (strlen(l.since) != 10 || day_end(l.since, &ms) != OK))
        return say_usage(s, "--since 2025-11-01", "journal: --since %s is no day", l.since);
    enum exit_status st = session_node(s);
    if (st != EXIT_OK)
        return st;
    l.sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    enum err e = journal_read(&s->home, each, &l, &check);
    st = e == OK ? answer(s, l.sh, &check) : say_failed(s, e, e == ERR_DENIED ? "its files must be ours, of mode 0600" : NULL,
                                                               "reading private/journal");
    sheet_free(l.sh);
    return st;
}
