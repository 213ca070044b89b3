#include "cli/assess/fit.h"

#include "cli/official.h"
#include "cli/output/output.h"
#include "cli/publish/small.h"
#include "cli/say.h"

enum exit_status everybody_open(struct desk *d, struct everybody *ret)
{
    *ret = (struct everybody){.v = NULL};
    enum exit_status st = desk_view(d, &ret->v);
    if (st != EXIT_OK)
        return st;
    enum err e = screen_put_on(ret->v, &official_definitions, small_count_max(desk_charter(d)), &ret->screen);
    if (e == OK)
        return EXIT_OK;
    everybody_close(ret);
    return say_failed(d->s, e, NULL, "looking for what everybody may read");
}

void everybody_close(struct everybody *e)
{
    view_close(e->v);
    screen_free(e->screen);
    *e = (struct everybody){.v = NULL};
}

const char *fit_fault(const struct evidence *e, const char **ret_words)
{
    static const struct { const char *code, *words; } faults[] = {
        [EVIDENCE_REVISED] = {"older", "an older version of what everybody is told"},
        [EVIDENCE_CONTRADICTS] = {"other-number", "everybody is told another number"},
        [EVIDENCE_WITHDRAWN] = {"withdrawn", "withdrawn"},
        [EVIDENCE_NOT_FOUND] = {"not-public", "not published to everybody"},
        [EVIDENCE_NO_RECORD] = {"no-record", "names no record"},
    };
    if (e->is_hidden && e->state != EVIDENCE_WITHDRAWN) {
        *ret_words = "everybody is told no number of it";
        return "hidden";
    }
    *ret_words = faults[e->state].words;
    return faults[e->state].code;
}

struct walking { unfit_each each; void *arg; size_t n; };

static enum err look(void *arg, const struct evidence *e)
{
    struct walking *w = arg;
    const char *words, *code = fit_fault(e, &words);
    enum err err = code != NULL ? w->each(w->arg, e, code, words) : OK;
    if (++w->n == ASSESSMENT_LINKS_MAX && err == OK)
        err = w->each(w->arg, e, "too-many", "here the walk ends: what is cited behind it is not looked at");
    return err;
}

enum err fit_walk(const struct everybody *everybody, const struct slug *slug, struct bytes body, unfit_each each, void *arg)
{
    const struct evidence_ask ask = {.v = everybody->v, .slug = slug, .body = body, .as_of_ms = UINT64_MAX};
    struct walking w = {each, arg, 0};
    return evidence_walk(&ask, look, &w);
}

/* ---- before it is published ---- */

static const struct column unfit_columns[] = {
    {"label", "evidence", 0}, {"target", "figure", 0}, {"record", "record", 0}, {"why", "why", 0},
};

static enum err add_unfit(void *arg, const struct evidence *e, const char *code, const char *words)
{
    struct sheet *sh = arg;
    sheet_row(sh);
    sheet_text(sh, e->label);
    sheet_text(sh, e->target);
    sheet_text(sh, e->record[0] != '\0' ? e->record : NULL);
    sheet_text(sh, code);
    sheet_shown(sh, words);
    return OK;
}

static enum exit_status refuse(struct session *s, const char *file, const struct sheet *sh)
{
    size_t n = sheet_rows(sh);
    json_t *doc = json_document(s);
    json_object_set_new(doc, "published", json_boolean(false));
    json_object_set_new(doc, "not_public", sheet_json(sh));
    out(s, "Not fit for everybody, and what is written around it would tell it:\n");
    enum exit_status st = output(s, doc, sh);
    return st != EXIT_OK ? st : say_refused(
        s, EXIT_NO, "not-public", "publish these figures to the public first, or take out what is said of them, and sign again",
        "%s: %zu figure%s that it cites %s not public as cited", file, n, n == 1 ? "" : "s", n == 1 ? "is" : "are");
}

enum exit_status fit_check(struct desk *d, const struct draft *draft)
{
    struct session *s = d->s;
    struct everybody everybody;
    enum exit_status st = everybody_open(d, &everybody);
    if (st != EXIT_OK)
        return st;
    struct sheet *sh = sheet_new(unfit_columns, sizeof(unfit_columns) / sizeof(unfit_columns[0]));
    enum err e = fit_walk(&everybody, &draft->head.slug, draft->body, add_unfit, sh);
    everybody_close(&everybody);
    if (e == OK)
        e = sheet_status(sh);
    if (e != OK)
        st = say_failed(s, e, "nothing was published", "%s", draft->name);
    else if (sheet_rows(sh) > 0)
        st = refuse(s, draft->name, sh);
    else
        say_warning(s, "%s is for everybody: its words are not looked at for numbers that could point to a child, only the figures "
                    "that it cites; who reads them keeps them", draft->name);
    sheet_free(sh);
    return st;
}
