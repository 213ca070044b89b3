/* cli/reference/form.h - which kind of public figures is a file, by its columns?
 *
 * The forms are data: cli/register/reference_forms.csv names, for each, the columns that must be there and those that may,
 * and what they hold. The first form whose columns are all there is meant. */
#ifndef FOLKMOOT_CLI_REFERENCE_FORM_H
#define FOLKMOOT_CLI_REFERENCE_FORM_H

#include "cli/intake/cells.h"
#include "cli/intake/rows.h"

#define REFERENCE_KINDS(X) X(REFERENCE_FIGURES, "figures") X(REFERENCE_NEIGHBOURS, "neighbours") \
    X(REFERENCE_JUDGEMENTS, "judgements") X(REFERENCE_POPULATIONS, "populations")
enum reference_kind {
#define X(sym, name) sym,
    REFERENCE_KINDS(X)
#undef X
};
const char *reference_kind_name(enum reference_kind k);

enum { FORM_FIELDS_MAX = 16 };

struct form {
    const char *name;                   /* "ofsted" */
    enum reference_kind kind;
    size_t n;
    struct form_field {
        const char *field;              /* "overall" */
        const char *column;             /* "Overall effectiveness" */
        size_t at;                      /* where it stands; SIZE_MAX: it does not, and need not */
    } fields[FORM_FIELDS_MAX];
};

/* False when no form fits: *ret_near is then the form of which most columns are there (NULL: of none more than are missing) and
 * *ret_lacks the first that is missing. */
bool form_choose(const struct row *header, struct form *ret, const char **ret_near, const char **ret_lacks);

/* Is it a file that we know, and that says nothing to import: a register, definitions, another body's catalogue? Then *ret says
 * what it is, and what to do. */
bool form_is_of_no_use(const struct row *header, struct complaint *ret);
/* The same for who would publish it: files of public figures besides. Shaped for intake_options. */
bool form_is_no_return(const struct row *header, struct complaint *ret);

/* The column of a field, SIZE_MAX when the form or the file has none; its cell in a row, "" then. */
size_t form_at(const struct form *f, const char *field);
const char *form_cell(const struct form *f, const char *field, const struct row *row);
/* What the file calls it. */
const char *form_column(const struct form *f, const char *field);

#endif
