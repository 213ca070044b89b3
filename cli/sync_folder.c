#include "cli/sync_folder.h"

#include <stdlib.h>

#include "cli/author/readers.h"
#include "cli/bundle/folder.h"
#include "cli/output/output.h"
#include "cli/say.h"

static const struct column columns[] = {
    {"slug", "file of", 0}, {"came", "new", COLUMN_NUMBER}, {"problem", "problem", 0},
};

/* What is wrong with a file as a stable code, or NULL. */
static const char *problem_of(const struct folder_file *f)
{
    return f->failed != OK ? err_code(f->failed) : f->end != BUNDLE_WHOLE ? bundle_end_code(f->end) : f->refused;
}

static struct sheet *sheet_of(const struct folder_round *r, size_t *ret_bad)
{
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    *ret_bad = 0;
    for (size_t i = 0; i < r->n; i++) {
        const char *problem = problem_of(&r->files[i]);
        *ret_bad += problem != NULL;
        sheet_row(sh);
        sheet_text(sh, r->files[i].of.s);
        sheet_count(sh, (int64_t)r->files[i].came);
        sheet_text(sh, problem);
        sheet_style(sh, STYLE_BAD);
    }
    return sh;
}

static enum exit_status answer(struct desk *d, const char *dir, const struct folder_round *r)
{
    size_t n_bad;
    struct session *s = d->s;
    struct sheet *sh = sheet_of(r, &n_bad);
    json_t *doc = json_document(s);
    json_object_set_new(doc, "dir", json_text(dir));
    json_object_set_new(doc, "came", json_integer((json_int_t)r->came));
    json_object_set_new(doc, "written", json_boolean(r->has_written));
    json_object_set_new(doc, "bytes", json_integer((json_int_t)r->bytes));
    json_object_set_new(doc, "state", json_text(desk_is_member(d) ? "member" : "former"));
    json_object_set_new(doc, "files", sheet_json(sh));
    enum exit_status st = output(s, doc, sh);
    sheet_free(sh);
    out(s, "%s%llu %s came. %s/%s" FOLDER_SUFFIX " %s, as ciphertext.\n", r->n > 0 ? "\n" : "", (unsigned long long)r->came,
        r->came == 1 ? "entry" : "entries", dir, d->identity->slug.s,
        r->has_written ? "has all that is held here" : "had all that is held here already");
    if (st != EXIT_OK)
        return st;
    if (n_bad > 0)
        return say_refused(s, EXIT_NO, "refused", "what verified was kept; ask whose file it is to run `folkmoot sync --dir` again",
                           "%s: %zu of %zu files %s not whole or not believed", dir, n_bad, r->n, n_bad == 1 ? "is" : "are");
    say_next(s, r->n > 0 ? "`folkmoot coverage` says who has returned what"
                         : "nobody else has put a file there yet: run it again when they have");
    return EXIT_OK;
}

static enum exit_status failed(struct desk *d, enum err e, const char *dir)
{
    if (e == ERR_UNKNOWN)
        return say_refused(d->s, EXIT_ENVIRONMENT, "no-folder", "make the folder, or name another", "sync --dir %s: there is no "
                           "such folder", dir);
    return say_failed(d->s, e, NULL, "sync --dir %s", dir);
}

enum exit_status sync_folder(struct desk *d)
{
    const char *dir = option_value(&d->s->options, "dir");
    enum exit_status st = desk_need_member(d);
    if (st != EXIT_OK)
        return st;
    struct folder_round *r = malloc(sizeof(*r));
    enum err e = r != NULL ? folder_take(d, dir, r) : ERR_NOMEM;
    if (e == OK)
        e = desk_read_charters(d);              /* a newer charter may have come, alone too */
    if (e == OK) {
        readers_pay_best(d);                    /* before ours is written: the keys go with it */
        e = folder_give(d, dir, r);
    }
    desk_ring(d);
    st = e == OK ? answer(d, dir, r) : failed(d, e, dir);
    free(r);
    return st;
}
