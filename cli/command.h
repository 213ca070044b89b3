/* cli/command.h - what a command is, and finding the one that was meant.
 *
 * The table of commands is cli/commands.h; dispatch, help, suggestions and the
 * shell's completion all read it. */
#ifndef FOLKMOOT_CLI_COMMAND_H
#define FOLKMOOT_CLI_COMMAND_H

#include "cli/option.h"
#include "cli/session.h"

#define COMMAND_GROUPS(X)                                                     \
    X(GROUP_SETUP,    "Set up and membership")                                \
    X(GROUP_PUBLISH,  "Publish")                                              \
    X(GROUP_COMPARE,  "Compare")                                              \
    X(GROUP_ASSESS,   "Self-assessment, challenge and support")               \
    X(GROUP_AUDIT,    "Audit")                                                \
    X(GROUP_HELP,     "Help")

enum command_group {
#define X(sym, title) sym,
    COMMAND_GROUPS(X)
#undef X
    GROUP_COUNT
};
const char *command_group_title(enum command_group g);

enum { ARGS_MANY = 1 << 20, COMMAND_NAME_MAX = 64 };

struct command {
    const char *name;               /* "alliance"; "" for `folkmoot` alone */
    const char *sub;                /* "create"; "" for the bare command */
    enum command_group group;
    size_t min_args, max_args;      /* behind name and sub-command, options not counted */
    const char *summary;            /* one line, no full stop */
    const char *usage;              /* "INDICATOR [--period P]", what follows the name */
    const char *example;            /* whole lines, "folkmoot compare cin_rate" */
    const struct option_spec *options;
    enum exit_status (*run)(struct session *s);
};

struct command_table {
    const struct command *rows;
    size_t n;
};

/* Name and sub-command joined by `between`: "alliance create". */
void command_name(const struct command *c, char between, char ret[COMMAND_NAME_MAX]);

/* The row of this name and sub-command ("" for the bare one), or NULL. */
const struct command *command_find(const struct command_table *t, const char *name, const char *sub);
bool command_has_subs(const struct command_table *t, const char *name);

/* Understand argv (argv[0] is the program): fill s->command, options, args and
 * what the common options set.  Common options may stand anywhere, a command's
 * own behind its name; `--` ends options.
 * Anything but EXIT_OK: it has said why, with the nearest name. */
enum exit_status command_parse(const struct command_table *t, int argc, char **argv, struct session *s);

/* Parse, then run it, or explain it when --help was given, or print the version. */
enum exit_status command_run(const struct command_table *t, int argc, char **argv, struct session *s);

/* --help of one command (help.c): what it does, how it is called, its options, an example. */
enum exit_status command_help(struct session *s, const struct command *c);

#endif
