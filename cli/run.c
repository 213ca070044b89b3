/* cli/run.c - one command from argv to its exit status (command.h). */
#include "cli/command.h"

#include <assert.h>

#include "cli/journal/keep.h"
#include "cli/say.h"

/* An answer that lacks something is no answer, whatever the command made of it. */
static enum exit_status run(struct session *s)
{
    enum exit_status status = s->command->run(s);
    journal_keep(s, status);
    if (s->failed == OK || (status != EXIT_OK && status != EXIT_NO))
        return status;
    return say_failed(s, s->failed, "try again", "the answer is not whole");
}

static enum exit_status run_named(const struct command_table *t, struct session *s, const char *name)
{
    const struct command *c = command_find(t, name, "");
    assert(c != NULL);
    s->command = c;
    return run(s);
}

enum exit_status command_run(const struct command_table *t, int argc, char **argv, struct session *s)
{
    enum exit_status status = command_parse(t, argc, argv, s);
    if (status != EXIT_OK)
        return status;
    if (option_flag_common(&s->options, "version"))
        return run_named(t, s, "version");
    if (!option_flag(&s->options, "help"))
        return run(s);
    if (s->command->name[0] == '\0')            /* `folkmoot --help` */
        return run_named(t, s, "help");
    if (command_find(t, "help", "") == s->command && s->n_args > 0)
        return run(s);              /* `folkmoot alliance --help` */
    return command_help(s, s->command);
}
