/* cli/cmd_thread.c - all that is said about a record. */
#include "cli/commands.h"

#include "cli/thread/show.h"

const struct option_spec options_thread[] = {OPTIONS_END};

enum exit_status cmd_thread(struct session *s)
{
    return show_thread(s);
}
