/* cli/commands.h - the table of commands.
 *
 * A command is one row here and one file, cli/cmd_<name>.c, that defines
 *
 *     const struct option_spec options_<id>[] = { ..., OPTIONS_END };
 *     enum exit_status cmd_<id>(struct session *s) { ... }
 *
 * Both are declared below from the row, so the file includes this header.
 * Dispatch, help, suggestions and completion follow by themselves.  Rows of one
 * name stand together: first the bare command ("" as sub), if it has one. */
#ifndef FOLKMOOT_CLI_COMMANDS_H
#define FOLKMOOT_CLI_COMMANDS_H

#include "cli/command.h"

/*    id, name, sub, group, fewest and most arguments,
 *        summary,
 *        usage,
 *        example                                                             */
#define COMMANDS(X)                                                           \
    X(here, "", "", GROUP_HELP, 0, 0,                                         \
        "where you stand and what to do next",                                \
        "",                                                                   \
        "folkmoot")                                                           \
    X(indicators, "indicators", "", GROUP_COMPARE, 0, ARGS_MANY,              \
        "list the indicators and how each is defined",                        \
        "[INDICATOR...]",                                                     \
        "folkmoot indicators cin_rate sw_turnover_pct")                       \
    X(help, "help", "", GROUP_HELP, 0, 2,                                     \
        "explain a command or a topic",                                       \
        "[COMMAND [SUB-COMMAND] | TOPIC]",                                    \
        "folkmoot help periods")                                              \
    X(version, "version", "", GROUP_HELP, 0, 0,                               \
        "print the version, and those of the libraries",                      \
        "",                                                                   \
        "folkmoot --version --json")                                          \
    X(completion, "completion", "", GROUP_HELP, 1, 1,                         \
        "print a script that completes commands in your shell",               \
        "bash|zsh",                                                           \
        "folkmoot completion bash > ~/.local/share/bash-completion/completions/folkmoot")

#define X(id, name, sub, group, least, most, summary, usage, example)         \
    enum exit_status cmd_##id(struct session *s);                             \
    extern const struct option_spec options_##id[];
COMMANDS(X)
#undef X

/* Every row above. */
extern const struct command_table commands;

#endif
