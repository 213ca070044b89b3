#include "cli/option.h"

#include <assert.h>
#include <string.h>

const struct option_spec options_common[] = {
    {"home", 'C', OPTION_VALUE, "DIR", "the node's home (else $FOLKMOOT_HOME, else ~/.folkmoot)"},
    {"json", 0, OPTION_FLAG, NULL, "print one JSON document"},
    {"csv", 0, OPTION_FLAG, NULL, "print CSV for a spreadsheet"},
    {"quiet", 'q', OPTION_FLAG, NULL, "say nothing but results and errors"},
    {"verbose", 'v', OPTION_FLAG, NULL, "say more, in the protocol's own words"},
    {"yes", 0, OPTION_FLAG, NULL, "answer yes to what would be asked"},
    {"offline", 0, OPTION_FLAG, NULL, "sign without asking the peers first"},
    {"passphrase-file", 0, OPTION_VALUE, "FILE", "read the passphrase from a file's first line"},
    {"help", 'h', OPTION_FLAG, NULL, "explain the command, with an example"},
    {"version", 0, OPTION_FLAG, NULL, "print the version, and those of the libraries"},
    OPTIONS_END
};

static const struct option_spec *find_in(const struct option_spec *table, const char *name, size_t len)
{
    for (; table != NULL && table->name != NULL; table++)
        if (strlen(table->name) == len && memcmp(table->name, name, len) == 0)
            return table;
    return NULL;
}

const struct option_spec *option_find(const struct option_spec *own, const char *name, size_t len)
{
    const struct option_spec *spec = find_in(own, name, len);
    return spec != NULL ? spec : find_in(options_common, name, len);
}

static const struct option_spec *find_letter_in(const struct option_spec *table, char letter)
{
    for (; table != NULL && table->name != NULL; table++)
        if (table->letter != 0 && table->letter == letter)
            return table;
    return NULL;
}

const struct option_spec *option_find_letter(const struct option_spec *own, char letter)
{
    const struct option_spec *spec = find_letter_in(own, letter);
    return spec != NULL ? spec : find_letter_in(options_common, letter);
}

bool option_choice_holds(const char *choices, const char *value)
{
    size_t len = strlen(value);
    for (const char *at = choices; *at != '\0' && len > 0;) {
        size_t word = strcspn(at, "|");
        if (word == len && memcmp(at, value, len) == 0)
            return true;
        at += word + (at[word] == '|');
    }
    return false;
}

static const char *item_of(const struct options *o, const struct option_spec *spec, size_t i)
{
    assert(spec != NULL);                       /* the command asks for an option that it does not list */
    for (size_t k = 0; k < o->n; k++)
        if (o->given[k].spec == spec && i-- == 0)
            return spec->kind == OPTION_FLAG ? "" : o->given[k].value;
    return NULL;
}

const char *option_item(const struct options *o, const char *name, size_t i)
{
    return item_of(o, option_find(o->own, name, strlen(name)), i);
}

bool option_flag_common(const struct options *o, const char *name)
{
    return item_of(o, find_in(options_common, name, strlen(name)), 0) != NULL;
}

const char *option_value(const struct options *o, const char *name)
{
    return option_item(o, name, 0);
}

bool option_flag(const struct options *o, const char *name)
{
    return option_item(o, name, 0) != NULL;
}
