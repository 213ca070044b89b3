/* cli/cmd_priority.c - what the alliance wants to work at together (cli/thread/saying.h). */
#include "cli/commands.h"

#include "cli/thread/show.h"
#include "cli/thread/speak.h"

const struct option_spec options_priority_propose[] = {OPTION_SUBJECT, OPTION_TEXT, OPTIONS_END};
const struct option_spec options_priority_support[] = {OPTION_TEXT, OPTIONS_END};
const struct option_spec options_priority_agree[] = {OPTION_TEXT, OPTIONS_END};
const struct option_spec options_priority_close[] = {OPTION_OUTCOME, OPTIONS_END};
const struct option_spec options_priority_list[] = {OPTION_ALL, OPTION_OVERDUE, OPTION_BY, OPTIONS_END};

enum exit_status cmd_priority_propose(struct session *s)
{
    return speak_opening(s);
}

enum exit_status cmd_priority_support(struct session *s)
{
    return speak_in(s);
}

enum exit_status cmd_priority_agree(struct session *s)
{
    return speak_in(s);
}

enum exit_status cmd_priority_close(struct session *s)
{
    return speak_in(s);
}

enum exit_status cmd_priority_list(struct session *s)
{
    return show_list(s);
}
