/* cli/reference/otherwise.c - files that are known, and are nothing to be imported or published (form.h). */
#include "cli/reference/form.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MARKS_MAX = 4 };

/* Told by columns that stand together in no other file. */
static const struct known {
    const char *columns[MARKS_MAX], *what, *remedy;
} known[] = {
    {{"old_la_code", "replaced_by_old_la_codes"}, "a register of authorities", "there is one built in, with its successions"},
    {{"new_la_code", "date_of_operation", "date_of_termination"}, "a register of authorities",
     "there is one built in, with its successions"},
    {{"indicator", "title", "polarity", "basis"}, "a list of definitions",
     "the official ones are built in; `folkmoot indicators add` takes an alliance's own"},
    {{"measure_code", "measure_short", "polarity"}, "the catalogue of the interactive tool (LAIT)",
     "import its values: measure_short, period, area_number, value"},
    {{"Indicator ID", "Area Code", "Time period", "Count"}, "a table of OHID's Fingertips",
     "its indicators are none of ours: `folkmoot indicators add` defines one; then "
     "name the columns as `folkmoot help reference` says"},
};

static bool has(const struct row *header, const char *name)
{
    for (size_t i = 0; i < header->n; i++)
        if (strcasecmp(header->cells[i], name) == 0)
            return true;
    return false;
}

bool form_is_of_no_use(const struct row *header, struct complaint *ret)
{
    for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
        size_t n = 0;
        while (n < MARKS_MAX && known[k].columns[n] != NULL && has(header, known[k].columns[n]))
            n++;
        if (n < MARKS_MAX && known[k].columns[n] != NULL)
            continue;
        snprintf(ret->problem, sizeof(ret->problem), "this is %s by its columns", known[k].what);
        snprintf(ret->remedy, sizeof(ret->remedy), "%s", known[k].remedy);
        return true;
    }
    return false;
}

bool form_is_no_return(const struct row *header, struct complaint *ret)
{
    struct form f;
    const char *near, *lacks;
    if (form_is_of_no_use(header, ret))
        return true;
    /* Columns of figures are those of a return, too, but for those that only public figures have. */
    if (!form_choose(header, &f, &near, &lacks) || strcmp(f.name, "figures") == 0)
        return false;
    snprintf(ret->problem, sizeof(ret->problem), "the columns are those of %s that others publish (%s), and not of a return",
             reference_kind_name(f.kind), f.name);
    snprintf(ret->remedy, sizeof(ret->remedy), "`folkmoot reference import FILE` takes them");
    return true;
}
