#include "cli/thread/export.h"

#include "cli/export_list.h"
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

enum exit_status posts_export(struct desk *d, bool is_json, const char *path)
{
    struct threads t;
    struct export_list what = {.key = "posts", .is_json = is_json, .path = path};
    enum err e = threads_gather(d->view, desk_charter(d), session_now_ms(), &t);
    size_t n_cut = e == OK ? t.n_cut : 0;
    if (e == OK)
        what.sheet = posts_sheet(&t);
    threads_release(&t);
    if (e != OK)
        return say_failed(d->s, e, NULL, "gathering the posts");
    what.list = sheet_json(what.sheet);
    enum exit_status st = export_list(d->s, &what);
    if (st == EXIT_OK && n_cut > 0)
        say_warning(d->s, "%zu older posts are not in it: of each author the newest %d are", n_cut, (int)THREAD_POSTS_OF_ONE);
    return st;
}
