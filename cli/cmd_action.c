/* cli/cmd_action.c - what a member has undertaken to do (cli/thread/saying.h). */
#include "cli/commands.h"

#include "cli/thread/show.h"
#include "cli/thread/speak.h"

const struct option_spec options_action_add[] = {
    OPTION_SUBJECT_OR_RECORD, OPTION_TEXT, OPTION_DUE, OPTION_OWNER, OPTION_AUDIENCE, OPTIONS_END,
};
const struct option_spec options_action_done[] = {OPTION_TEXT, OPTIONS_END};
const struct option_spec options_action_list[] = {OPTION_ALL, OPTION_OVERDUE, OPTION_BY, OPTIONS_END};

enum exit_status cmd_action_add(struct session *s)
{
    return speak_opening(s);
}

enum exit_status cmd_action_done(struct session *s)
{
    return speak_in(s);
}

enum exit_status cmd_action_list(struct session *s)
{
    return show_list(s);
}
