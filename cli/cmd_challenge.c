/* cli/cmd_challenge.c - asking a peer about what it has said, and answering. */
#include "cli/commands.h"

#include <stdlib.h>

#include "cli/say.h"
#include "cli/thread/show.h"
#include "cli/thread/speak.h"

const struct option_spec options_challenge[] = {
    {"about", 0, OPTION_VALUE, "RECORD|INDICATOR", "a record of it, kent/17 or cin_rate@2024; an indicator for what has not come"},
    OPTION_TEXT,
    {"answer-by", 0, OPTION_VALUE, "DATE", "by which day, such as 2026-01-31"},
    OPTIONS_END,
};
const struct option_spec options_respond[] = {OPTION_TEXT, OPTIONS_END};
const struct option_spec options_challenge_list[] = {OPTION_ALL, OPTION_OVERDUE, OPTION_BY, OPTIONS_END};

static enum exit_status read_it(struct desk *d, const struct threads *t, struct utterance *u)
{
    struct session *s = d->s;
    const char *about = option_value(&s->options, "about");
    u->what = saying_at(SAY_CHALLENGE);
    enum exit_status st = speak_may_open(d, u->what);
    if (st == EXIT_OK && about == NULL)
        st = say_usage(s, "a record as kent/17, or an indicator", "challenge: --about is missing");
    const struct member *to = st == EXIT_OK ? desk_find_member(d, s->args[0]) : NULL;
    if (st == EXIT_OK && to == NULL)
        st = EXIT_USAGE;
    if (st == EXIT_OK)
        st = speak_text(s, "--text", option_value(&s->options, "text"), u->post.text);
    if (st == EXIT_OK)
        st = speak_day(s, "--answer-by", option_value(&s->options, "answer-by"), u->post.due);
    return st == EXIT_OK ? speak_challenge_about(d, t, to, about, u) : st;
}

static enum exit_status challenge(struct desk *d)
{
    struct threads t;
    struct utterance *u = calloc(1, sizeof(*u));
    enum err e = threads_gather(d->view, desk_charter(d), session_now_ms(), &t);
    if (e == OK && u == NULL)
        e = ERR_NOMEM;
    enum exit_status st = e == OK ? read_it(d, &t, u) : say_failed(d->s, e, NULL, "challenge");
    if (st == EXIT_OK)
        st = speak_one(d, u, NULL);
    threads_release(&t);
    free(u);
    return st;
}

enum exit_status cmd_challenge(struct session *s)
{
    return desk_run(s, DESK_WRITE | DESK_MEMBER | DESK_VIEW, challenge);
}

enum exit_status cmd_challenge_list(struct session *s)
{
    return show_list(s);
}

enum exit_status cmd_respond(struct session *s)
{
    return speak_in(s);
}
