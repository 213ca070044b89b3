/* cli/cmd_reference_list.c - what public figures are kept here. */
#include "cli/commands.h"

#include <string.h>

#include "cli/desk.h"
#include "cli/output/output.h"
#include "cli/reference/load.h"
#include "cli/say.h"

const struct option_spec options_reference_list[] = {OPTIONS_END};

static const struct column columns[] = {
    {"name", "name", 0}, {"kind", "kind", 0}, {"n", "rows", COLUMN_NUMBER}, {"vintage", "vintage", 0}, {"source", "source", 0},
    {"imported_at", "imported", COLUMN_VERBOSE}, {"size", "bytes", COLUMN_VERBOSE | COLUMN_NUMBER}, {"sha256", NULL, 0},
};

static enum err add(void *arg, const struct reference_source *r)
{
    struct sheet *sh = arg;
    if (strcmp(r->form, REFERENCE_BUILT_IN) == 0)
        return OK;
    sheet_row(sh);
    sheet_text(sh, r->name);
    sheet_text(sh, r->kind);
    sheet_count(sh, (int64_t)r->n);
    sheet_text(sh, r->vintage);
    sheet_text(sh, r->source);
    sheet_text(sh, r->imported_at);
    sheet_count(sh, (int64_t)r->size);
    sheet_text(sh, r->sha256);
    return OK;
}

static enum exit_status list(struct desk *d)
{
    struct session *s = d->s;
    struct view *v = d->view;
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    enum err e = view_reference_files(v, add, sh);
    if (e != OK) {
        sheet_free(sh);
        return say_failed(s, e, NULL, "reference list");
    }
    json_t *doc = json_document(s);
    json_object_set_new(doc, "references", sheet_json(sh));
    if (sheet_rows(sh) == 0)
        out(s, "No public figures were imported; `folkmoot reference import FILE.csv --source TEXT` does that.\n");
    enum exit_status st = output(s, doc, sh);
    sheet_free(sh);
    return st;
}

enum exit_status cmd_reference_list(struct session *s)
{
    return desk_run(s, DESK_VIEW, list);
}
