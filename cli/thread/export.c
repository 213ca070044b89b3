#include "cli/thread/export.h"

#include <stdlib.h>

#include "cli/export.h"
#include "cli/output/csv.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "cli/thread/threads.h"

static const struct column columns[] = {
    {"record", NULL, 0}, {"slug", NULL, 0}, {"type", NULL, 0}, {"about", NULL, 0}, {"state", NULL, 0}, {"owner", NULL, 0},
    {"due", NULL, 0}, {"audience", NULL, 0}, {"counts", NULL, 0}, {"said_at", NULL, 0}, {"text", NULL, 0},
};

static struct sheet *posts_sheet(const struct threads *t)
{
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < t->n_posts; i++) {
        const struct said *p = &t->posts[i];
        char when[TIME_TEXT_MAX];
        if (p->is_withdrawn)
            continue;
        time_text(p->said_ms, when);
        sheet_row(sh);
        const char *const texts[] = {p->record, p->slug.s, p->post.type, p->post.about, p->post.state, p->post.owner, p->post.due,
                                     p->audience};
        for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++)
            sheet_text(sh, texts[k]);
        sheet_bool(sh, p->counts);
        sheet_text(sh, when);
        sheet_text(sh, p->text);
    }
    return sh;
}

static enum err print(FILE *to, const struct sheet *sh, bool is_json)
{
    enum err e = OK;
    if (!is_json)
        return csv_print(to, sh);
    json_t *doc = json_document_named("export");
    json_object_set_new(doc, "posts", sheet_json(sh));
    if (json_lacks_memory())
        e = ERR_NOMEM;
    else if (json_dumpf(doc, to, JSON_COMPACT) != 0 || fputc('\n', to) == EOF)
        e = ERR_IO;
    json_decref(doc);
    return e;
}

static enum exit_status to_file(struct desk *d, const struct sheet *sh, bool is_json, const char *path)
{
    struct session *s = d->s;
    char *text = NULL;
    size_t len = 0;
    bool is_stdout = false;
    FILE *to = open_memstream(&text, &len);
    enum err e = to != NULL ? print(to, sh, is_json) : ERR_NOMEM;
    if (to != NULL && fclose(to) != 0 && e == OK)
        e = ERR_NOMEM;
    enum exit_status st = e == OK ? export_whole(s, path, (struct bytes){(const uint8_t *)text, len}, &is_stdout)
                                  : say_failed(s, e, NULL, "writing them");
    free(text);
    if (st != EXIT_OK)
        return st;
    json_t *doc = json_document(s);
    json_object_set_new(doc, "file", json_text(path));
    json_object_set_new(doc, "posts", json_integer((json_int_t)sheet_rows(sh)));
    out(s, "%zu posts are in %s, some of them perhaps said in confidence: mind where it goes.\n", sheet_rows(sh), path);
    return output(s, doc, NULL);
}

enum exit_status posts_export(struct desk *d, bool is_json, const char *path)
{
    struct threads t;
    enum err e = threads_gather(d->view, desk_charter(d), session_now_ms(), &t);
    struct sheet *sh = e == OK ? posts_sheet(&t) : NULL;
    enum exit_status st = EXIT_OK;
    if (e == OK)
        e = sheet_status(sh);
    if (e == OK && path != NULL)
        st = to_file(d, sh, is_json, path);
    else if (e == OK)
        e = print(d->s->out, sh, is_json);
    if (path == NULL)
        d->s->printed = true;
    sheet_free(sh);
    threads_release(&t);
    return e == OK ? st : say_failed(d->s, e, NULL, "writing what was said");
}
