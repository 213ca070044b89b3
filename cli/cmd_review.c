/* cli/cmd_review.c - reviews by peers, asked for and reported (cli/thread/saying.h). */
#include "cli/commands.h"

#include "cli/thread/show.h"
#include "cli/thread/speak.h"

const struct option_spec options_review_ask[] = {OPTION_SUBJECT, OPTION_TEXT, OPTION_DUE, OPTION_AUDIENCE, OPTIONS_END};
const struct option_spec options_review_report[] = {OPTION_TEXT, OPTIONS_END};
const struct option_spec options_review_list[] = {OPTION_ALL, OPTION_OVERDUE, OPTION_BY, OPTIONS_END};

enum exit_status cmd_review_ask(struct session *s)
{
    return speak_opening(s);
}

enum exit_status cmd_review_report(struct session *s)
{
    return speak_in(s);
}

enum exit_status cmd_review_list(struct session *s)
{
    return show_list(s);
}
