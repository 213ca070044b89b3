/* cli/cmd_search.c - full text over titles, definitions, posts and names. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/desk.h"
#include "cli/output/output.h"
#include "cli/output/width.h"
#include "cli/register/register.h"
#include "cli/say.h"
#include "cli/view/search.h"

const struct option_spec options_search[] = {OPTIONS_END};

static const struct column columns[] = {
    {"kind", "kind", 0}, {"slug", "by", 0}, {"title", "title", 0}, {"snippet", "found", 0}, {"said_at", "said at", 0},
    {"record", "record", 0},
};

struct finding { struct session *s; struct sheet *sh; };

static const char *or_null(const char *s)
{
    return s[0] != '\0' ? s : NULL;
}

static enum err take(void *arg, const struct hit *h)
{
    struct finding *f = arg;
    char said_at[TIME_TEXT_MAX] = "";
    if (strlen(h->text.said_at) > 19)               /* the view keeps milliseconds; nobody else says them */
        snprintf(said_at, sizeof(said_at), "%.19sZ", h->text.said_at);
    sheet_row(f->sh);
    sheet_text(f->sh, h->text.kind);
    sheet_text(f->sh, or_null(h->text.slug));
    sheet_text(f->sh, h->text.title);
    sheet_text(f->sh, h->snippet);
    sheet_text(f->sh, said_at[0] != '\0' ? said_at : NULL);
    sheet_text(f->sh, or_null(h->text.record));
    if (f->s->mode != OUTPUT_TEXT)
        return OK;
    const char *by = h->text.slug[0] != '\0' ? " by " : "", *open = h->text.record[0] != '\0' ? " [" : "";
    out(f->s, "%s%s%s%s%s%s\n", h->text.kind, by, h->text.slug, open, h->text.record, *open != '\0' ? "]" : "");
    struct buf line = buf_on(1 << 17);
    buf_printf(&line, "    %s", strcmp(h->text.kind, "definition") == 0 ? h->text.title : h->snippet);
    out_wrapped_buf(f->s, "    ", &line);
    return OK;
}

/* The definitions that ship with the program are no member's records. */
static enum err put_official(struct view *v)
{
    enum err e = OK;
    for (size_t i = 0; e == OK && i < register_definitions(); i++) {
        const struct definition *d = register_definition_at(i);
        char title[sizeof(d->id) + sizeof(d->title) + 1];
        char body[sizeof(d->numerator) + sizeof(d->denominator) + sizeof(d->basis) + 2];
        (void)snprintf(title, sizeof(title), "%s %s", d->id, d->title);
        (void)snprintf(body, sizeof(body), "%s %s %s", d->numerator, d->denominator, d->basis);
        const struct text_row row = {"definition", "", "", title, body, ""};
        e = view_search_put(v, &row);
    }
    return e;
}

static enum exit_status answer(struct finding *f, const char *words)
{
    struct session *s = f->s;
    size_t n = sheet_rows(f->sh);
    json_t *doc = json_document(s);
    json_object_set_new(doc, "words", json_text(words));
    json_object_set_new(doc, "n", json_integer((json_int_t)n));
    json_object_set_new(doc, "hits", sheet_json(f->sh));
    enum exit_status st = output(s, doc, s->mode == OUTPUT_TEXT ? NULL : f->sh);
    if (st != EXIT_OK)
        return st;
    if (n == 0)
        return say_refused(s, EXIT_NO, "nothing-found", "fewer words, or their beginnings, find more",
                           "search %s: nothing has all of these words", words);
    if (n == SEARCH_HITS_MAX)
        say_note(s, "only the best %d are shown", SEARCH_HITS_MAX);
    return EXIT_OK;
}

static enum exit_status search(struct desk *d)
{
    struct session *s = d->s;
    struct view *v = d->view;
    struct buf words = buf_on(1 << 14);
    struct finding f = {s, sheet_new(columns, sizeof(columns) / sizeof(columns[0]))};
    for (size_t i = 0; i < s->n_args; i++)
        buf_printf(&words, "%s%s", i > 0 ? " " : "", s->args[i]);
    const char *text = buf_str(&words);
    enum err e = text != NULL ? view_search_begin(v) : ERR_NOMEM;
    if (e == OK)
        e = put_official(v);
    if (e == OK)
        e = view_search(v, text, take, &f);
    enum exit_status st;
    if (e == ERR_FORMAT || e == ERR_LIMIT)
        st = say_usage(s, "give one word or a few", "search: %s",
                       e == ERR_FORMAT ? "there is no word to look for" : "these are too many words");
    else
        st = e == OK ? answer(&f, text) : say_failed(s, e, NULL, "search");
    sheet_free(f.sh);
    buf_release(&words);
    return st;
}

enum exit_status cmd_search(struct session *s)
{
    return desk_run(s, DESK_VIEW, search);
}
