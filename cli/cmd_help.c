#include "cli/commands.h"

#include "cli/help.h"
#include "cli/nearest.h"
#include "cli/say.h"

const struct option_spec options_help[] = {OPTIONS_END};

static enum exit_status no_such_topic(struct session *s, const char *word)
{
    struct nearest near = nearest_to(word);
    for (size_t i = 0; i < s->table->n; i++)
        nearest_offer(&near, s->table->rows[i].name);
    for (size_t i = 0; help_topic_name(i) != NULL; i++)
        nearest_offer(&near, help_topic_name(i));
    return say_unknown(s, "command or topic", word, near.best, "`folkmoot help` lists them");
}

static enum exit_status no_such_sub(struct session *s, const char *name, const char *sub)
{
    struct nearest near = nearest_to(sub);
    for (size_t i = 0; i < s->table->n; i++) {
        const struct command *c = &s->table->rows[i];
        const struct command *same = command_find(s->table, name, c->sub);
        if (same == c)
            nearest_offer(&near, c->sub);
    }
    char kind[COMMAND_NAME_MAX], remedy[COMMAND_NAME_MAX + 32];
    snprintf(kind, sizeof(kind), "%.50s command", name);
    snprintf(remedy, sizeof(remedy), "`folkmoot help %.50s` lists them", name);
    return say_unknown(s, kind, sub, near.best, remedy);
}

enum exit_status cmd_help(struct session *s)
{
    const char *name = session_arg(s, 0), *sub = session_arg(s, 1);
    enum exit_status status;
    if (name == NULL || name[0] == '\0')
        return help_overview(s);
    if (sub != NULL) {
        const struct command *c = command_find(s->table, name, sub);
        if (c != NULL)
            return command_help(s, c);
        return command_has_subs(s->table, name) ? no_such_sub(s, name, sub) : no_such_topic(s, name);
    }
    if (command_find(s->table, name, "") != NULL || command_has_subs(s->table, name))
        return help_name(s, name);
    return help_topic(s, name, &status) ? status : no_such_topic(s, name);
}
