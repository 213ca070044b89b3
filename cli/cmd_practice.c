/* cli/cmd_practice.c - what works, shared and used (cli/thread/saying.h). */
#include "cli/commands.h"

#include "cli/thread/show.h"
#include "cli/thread/speak.h"

const struct option_spec options_practice_share[] = {OPTION_SUBJECT, OPTION_TEXT, OPTION_AUDIENCE, OPTIONS_END};
const struct option_spec options_practice_used[] = {OPTION_TEXT, OPTIONS_END};
const struct option_spec options_practice_list[] = {OPTION_ALL, OPTION_OVERDUE, OPTION_BY, OPTIONS_END};
const struct option_spec options_practice_show[] = {OPTIONS_END};

enum exit_status cmd_practice_share(struct session *s)
{
    return speak_opening(s);
}

enum exit_status cmd_practice_used(struct session *s)
{
    return speak_in(s);
}

enum exit_status cmd_practice_list(struct session *s)
{
    return show_list(s);
}

enum exit_status cmd_practice_show(struct session *s)
{
    return show_thread(s);
}
