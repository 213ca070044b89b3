/* cli/option.h - which options a command takes, and which were given.
 *
 * A command lists its own in one table; the common ones, which every command
 * takes, are listed in option.c.  Help, completion and the nearest-name
 * suggestion read the same tables. */
#ifndef FOLKMOOT_CLI_OPTION_H
#define FOLKMOOT_CLI_OPTION_H

#include <stdbool.h>
#include <stddef.h>

enum option_kind {
    OPTION_FLAG,            /* --json */
    OPTION_VALUE,           /* --period 2024, --period=2024; once */
    OPTION_LIST,            /* the same, as often as wanted */
    OPTION_CHOICE           /* a value that is one of the words in `argument`, "name|value|rank" */
};

struct option_spec {
    const char *name;       /* without its dashes */
    char letter;            /* -C; 0 when it has none */
    enum option_kind kind;
    const char *argument;   /* "PERIOD", shown in help; NULL for a flag */
    const char *help;
};
#define OPTIONS_END {.name = NULL}

/* Ends with OPTIONS_END: -C, --json, --csv, -q, -v, --yes, --offline, --passphrase-file, --help, --version. */
extern const struct option_spec options_common[];

struct option_given {
    const struct option_spec *spec;
    const char *value;      /* NULL for a flag; borrowed from argv */
};

struct options {
    const struct option_spec *own;      /* the command's table, for the checks below */
    struct option_given *given;
    size_t n;
};

/* Ask by a name that the command's table or the common one has: any other
 * name is our own mistake and asserts. */
bool option_flag(const struct options *o, const char *name);
/* The common one of this name, even where the command has one of its own that is called so (`alliance policy --version N`). */
bool option_flag_common(const struct options *o, const char *name);
const char *option_value(const struct options *o, const char *name);       /* NULL: not given */
/* The i-th value of a repeated option, NULL after the last. */
const char *option_item(const struct options *o, const char *name, size_t i);

/* Find "name" of length len (or, with len 1 and a single dash, a letter) in
 * `own` (may be NULL) and the common options; NULL when neither has it. */
const struct option_spec *option_find(const struct option_spec *own, const char *name, size_t len);
const struct option_spec *option_find_letter(const struct option_spec *own, char letter);

/* Is `value` one of the words "a|b|c"? */
bool option_choice_holds(const char *choices, const char *value);

#endif
