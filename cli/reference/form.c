#include "cli/reference/form.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "cli/register/embedded.h"

static const char *const kind_names[] = {
#define X(sym, name) [sym] = (name),
    REFERENCE_KINDS(X)
#undef X
};

const char *reference_kind_name(enum reference_kind k)
{
    return kind_names[k];
}

static enum reference_kind kind_of(const char *name)
{
    size_t k = 0;
    while (strcmp(kind_names[k], name) != 0) {
        k++;
        assert(k < sizeof(kind_names) / sizeof(kind_names[0]));         /* the file is ours, and a test reads every row */
    }
    return (enum reference_kind)k;
}

static size_t find(const struct row *header, const char *name)
{
    for (size_t i = 0; i < header->n; i++)
        if (strcasecmp(header->cells[i], name) == 0)
            return i;
    return SIZE_MAX;
}

/* How much of a form a file has. */
struct fit { size_t n_found, n_lacking; const char *lacks; };

/* Rows from `row` on, as long as they are of one form. Returns the row behind. */
static size_t fill(const struct row *header, size_t row, struct form *f, struct fit *fit)
{
    const char *name = csv_reference_forms[row][RF_form];
    *f = (struct form){.name = name, .kind = kind_of(csv_reference_forms[row][RF_kind])};
    *fit = (struct fit){.n_found = 0};
    for (; row < csv_reference_forms_rows && strcmp(csv_reference_forms[row][RF_form], name) == 0; row++) {
        const char *const *r = csv_reference_forms[row];
        assert(f->n < FORM_FIELDS_MAX);
        struct form_field *field = &f->fields[f->n++];
        *field = (struct form_field){r[RF_field], r[RF_column], find(header, r[RF_column])};
        if (strcmp(r[RF_need], "must") != 0)
            continue;
        fit->n_found += field->at != SIZE_MAX;
        fit->n_lacking += field->at == SIZE_MAX;
        if (field->at == SIZE_MAX && fit->lacks == NULL)
            fit->lacks = field->column;
    }
    return row;
}

bool form_choose(const struct row *header, struct form *ret, const char **ret_near, const char **ret_lacks)
{
    size_t best = 0;
    struct form f;
    struct fit fit;
    *ret_near = *ret_lacks = NULL;
    for (size_t row = 1; row < csv_reference_forms_rows;) {
        row = fill(header, row, &f, &fit);
        if (fit.n_lacking == 0) {
            *ret = f;
            return true;
        }
        if (fit.n_found > best && fit.n_found > fit.n_lacking) {
            best = fit.n_found;
            *ret_near = f.name;
            *ret_lacks = fit.lacks;
        }
    }
    return false;
}

static const struct form_field *field_of(const struct form *f, const char *field)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->fields[i].field, field) == 0)
            return &f->fields[i];
    return NULL;
}

size_t form_at(const struct form *f, const char *field)
{
    const struct form_field *x = field_of(f, field);
    return x != NULL ? x->at : SIZE_MAX;
}

const char *form_cell(const struct form *f, const char *field, const struct row *row)
{
    size_t at = form_at(f, field);
    return at < row->n ? row->cells[at] : "";
}

const char *form_column(const struct form *f, const char *field)
{
    const struct form_field *x = field_of(f, field);
    return x != NULL ? x->column : NULL;
}
