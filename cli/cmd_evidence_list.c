#include "cli/commands.h"

#include "cli/evidence.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_evidence_list[] = {OPTIONS_END};

static const struct column columns[] = {
    {"number", "N", COLUMN_NUMBER}, {"slug", "whose log", 0}, {"generation", "generation", COLUMN_NUMBER | COLUMN_VERBOSE},
    {"size_a", "signed at", COLUMN_NUMBER}, {"size_b", "and at", COLUMN_NUMBER}, {"holds", "holds", 0},
    {"closed_at", "continued from", COLUMN_NUMBER},
};

static enum err show(void *arg, const struct held_evidence *ev)
{
    struct sheet *sh = arg;
    sheet_row(sh);
    sheet_count(sh, (int64_t)ev->number);
    sheet_text(sh, ev->log.slug.s);
    sheet_count(sh, ev->log.generation);
    if (ev->verdict == OK) {
        sheet_count(sh, (int64_t)ev->what.m.size);
        sheet_count(sh, (int64_t)ev->what.n.size);
    } else {
        sheet_null(sh);
        sheet_null(sh);
    }
    sheet_bool(sh, ev->verdict == OK);
    sheet_style(sh, ev->verdict == OK ? STYLE_BAD : STYLE_DIM);
    if (ev->has_closing)
        sheet_count(sh, (int64_t)ev->closing.size);
    else
        sheet_null(sh);
    return OK;
}

static enum exit_status list(struct desk *d)
{
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    enum err e = evidence_each(d, show, sh);
    if (e == OK)
        e = sheet_status(sh);
    enum exit_status st;
    if (e != OK) {
        st = say_failed(d->s, e, NULL, "reading the evidence");
    } else {
        size_t n = sheet_rows(sh);
        json_t *doc = json_document(d->s);
        json_object_set_new(doc, "evidence", sheet_json(sh));
        if (n == 0)
            out(d->s, "No log is held here of which two stories were told.\n");
        st = output(d->s, doc, sh);
        if (st == EXIT_OK && n > 0)
            say_next(d->s, "`folkmoot evidence show N` says what it proves, `folkmoot evidence export N FILE` gives it away");
    }
    sheet_free(sh);
    return st;
}

enum exit_status cmd_evidence_list(struct session *s)
{
    return desk_run(s, DESK_READ, list);
}
