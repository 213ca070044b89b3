#include "cli/commands.h"

static const struct command rows[] = {
#define X(id, name, sub, group, least, most, summary, usage, example) \
    {name, sub, group, least, most, summary, usage, example, options_##id, cmd_##id},
    COMMANDS(X)
#undef X
};

const struct command_table commands = {rows, sizeof(rows) / sizeof(rows[0])};
