#include "cli/reference/read.h"

#include <stdlib.h>
#include <string.h>

#include "cli/register/register.h"

struct reading_reference { struct reference *r; struct form form; bool has_form; };

static bool heading(void *arg, struct listing *l, const struct row *row)
{
    struct reading_reference *x = arg;
    const char *near, *lacks;
    if (row->n == 1 && strpbrk(row->cells[0], ";\t|") != NULL) {
        listing_complain(l, row->line, NULL, "save the file as CSV, separated by commas",
                         "the columns are not separated by commas");
        return false;
    }
    struct complaint why;
    x->has_form = form_choose(row, &x->form, &near, &lacks);
    if (!x->has_form && form_is_of_no_use(row, &why))
        listing_complain(l, row->line, NULL, why.remedy, "%s", why.problem);
    else if (!x->has_form && near == NULL)
        listing_complain(l, row->line, NULL, "`folkmoot help reference` lists the kinds of files and their columns",
                         "these columns are those of no public figures that are known here");
    else if (!x->has_form)
        listing_complain(l, row->line, lacks, "rename the column", "this looks like a file of %s, and there is no column `%s`",
                         near,
                         lacks);
    x->r->kind = x->has_form ? x->form.kind : REFERENCE_FIGURES;
    return x->has_form && x->form.kind != REFERENCE_FIGURES;            /* those are read as figures are */
}

static enum err take(void *arg, struct listing *l, const struct row *row)
{
    struct reading_reference *x = arg;
    return reference_take(x->r, &x->form, l, row);
}

static void finish(void *arg, struct listing *l)
{
    struct reading_reference *x = arg;
    reference_check_twice(x->r, l);
}

/* The interactive tool's names for indicators, before our own. */
static const struct definition *by_lait(void *arg, const char *id)
{
    (void)arg;
    return register_definition_by_lait(id);
}

static const char *no_nearest(void *arg, const char *id)
{
    (void)arg, (void)id;
    return NULL;
}

static enum err read_figures(struct bytes content, const struct form *f, const struct reference_options *with, struct reference *r)
{
    struct intake_alias aliases[FORM_FIELDS_MAX];
    bool is_lait = strcmp(f->name, "lait") == 0;
    struct intake_options o = {
        .where = with->where, .n_where = with->n_where, .base = STATUS_FINAL, .everybody = true, .known_only = is_lait,
            .vintage = with->vintage,
        .definition = is_lait ? by_lait : with->definition, .nearest = is_lait ? no_nearest : with->nearest,
        .hash = is_lait ? NULL : with->hash, .arg = with->arg,
        .aliases = aliases, .n_aliases = f->n,
    };
    for (size_t i = 0; i < f->n; i++)
        aliases[i] = (struct intake_alias){f->fields[i].field, f->fields[i].column};
    return intake_from(content, &o, &r->in);
}

enum err reference_read(struct bytes content, const struct reference_options *with, struct reference *ret)
{
    struct reference r = {.n = 0};
    struct reading_reference x = {.r = &r};
    struct listing_with listing = {heading, take, finish, &x};
    if (content.len > INTAKE_FILE_MAX)
        return ERR_LIMIT;
    enum err e = listing_read(content, &listing, &r.in);
    if (e != OK)
        goto out;
    r.form = x.has_form ? x.form.name : "";
    if (x.has_form && x.form.kind == REFERENCE_FIGURES) {
        intake_release(&r.in);
        e = read_figures(content, &x.form, with, &r);
    }
out:
    if (e == OK)
        *ret = r;
    else
        free(r.rows);
    return e;
}

void reference_release(struct reference *r)
{
    intake_release(&r->in);
    free(r->rows);
    *r = (struct reference){.n = 0};
}

size_t reference_count(const struct reference *r)
{
    return r->kind == REFERENCE_FIGURES ? r->in.n_figures : r->n;
}
