/* cli/cmd_support.c - what a member needs and offers, taken up and closed (cli/thread/saying.h). */
#include "cli/commands.h"

#include "cli/thread/show.h"
#include "cli/thread/speak.h"

const struct option_spec options_support_need[] = {OPTION_SUBJECT, OPTION_TEXT, OPTION_DAYS, OPTION_AUDIENCE, OPTIONS_END};
const struct option_spec options_support_offer[] = {OPTION_SUBJECT, OPTION_TEXT, OPTION_DAYS, OPTION_AUDIENCE, OPTIONS_END};
const struct option_spec options_support_take[] = {OPTION_TEXT, OPTIONS_END};
const struct option_spec options_support_close[] = {OPTION_OUTCOME, OPTIONS_END};
const struct option_spec options_support_list[] = {OPTION_ALL, OPTION_OVERDUE, OPTION_BY, OPTIONS_END};

enum exit_status cmd_support_need(struct session *s)
{
    return speak_opening(s);
}

enum exit_status cmd_support_offer(struct session *s)
{
    return speak_opening(s);
}

enum exit_status cmd_support_take(struct session *s)
{
    return speak_in(s);
}

enum exit_status cmd_support_close(struct session *s)
{
    return speak_in(s);
}

enum exit_status cmd_support_list(struct session *s)
{
    return show_list(s);
}
