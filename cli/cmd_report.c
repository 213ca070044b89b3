/* cli/cmd_report.c - a self-contained page of the region or of one authority, and whether it still holds. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/compare/lead.h"
#include "cli/export.h"
#include "cli/official.h"
#include "cli/output/output.h"
#include "cli/publish/small.h"
#include "cli/report/answer.h"
#include "cli/report/folder.h"
#include "cli/report/page.h"
#include "cli/report/screen.h"
#include "cli/say.h"

const struct option_spec options_report[] = {
    {"out", 0, OPTION_VALUE, "FILE|DIR", "where to write it; - is stdout; a folder with --authority all"},
    {"authority", 0, OPTION_VALUE, "A|all", "a page of one authority; all: one of each, the region's, and an index"},
    {"for", 0, OPTION_CHOICE, "alliance|public", "for whom; alliance unless given. public: only what was published to everyone"},
    {"check", 0, OPTION_VALUE, "FILE", "which figures of a page have since been revised or withdrawn"},
    WHOM_WITH_MEMBERS,
    LEAD_OPTIONS,
    OPTIONS_END,
};

struct reporting {
    struct screen *screen;                  /* NULL: for the alliance */
    bool is_public;
    json_t *pages;
};

/* ---- what is asked ---- */

static enum err note_one(void *arg, const char *id)
{
    (void)id;
    *(bool *)arg = true;
    return OK;
}

/* A page is passed on: what was told to fewer than its readers is not in it, though this node may read it. */
static enum exit_status ready(struct lead *l)
{
    struct reporting *x = l->arg;
    bool any = false;
    enum err e = x->is_public ? screen_put_on(l->view, &official_definitions, small_count_max(desk_charter(&l->d)), &x->screen)
                              : view_only_for(l->view, READERS_ALLIANCE);
    if (e == OK)
        e = view_indicators(l->view, note_one, &any);
    if (e == OK && !any)
        return say_refused(l->d.s, EXIT_NO, "nothing-found",
                           x->is_public ? "`folkmoot publish --audience public` publishes to everyone"
                                        : "`folkmoot coverage` says who has returned what",
                           "no figure is published to %s", x->is_public ? "everyone" : "the alliance");
    return e == OK ? EXIT_OK : say_failed(l->d.s, e, NULL, "looking for what these readers may read");
}

static enum exit_status find_authority(struct lead *l, const char *word, size_t *ret)
{
    const struct member *m = desk_find_member(&l->d, word);
    if (m == NULL)
        return EXIT_USAGE;
    for (size_t a = 0; a < l->region.n_authorities; a++)
        if (slug_equal(&l->region.authorities[a], &m->slug)) {
            *ret = a;
            return EXIT_OK;
        }
    return say_refused(l->d.s, EXIT_NO, "nothing-found", "`folkmoot coverage` says who has returned what",
                       "%s: is not among the authorities that are compared", m->slug.s);
}

/* ---- writing ---- */

static enum exit_status made(struct lead *l, enum err e, const char *file)
{
    if (e == ERR_LIMIT)
        return say_refused(l->d.s, EXIT_NO, "too-large", "--with SLUG,... compares fewer, --authority A is one page",
                           "%s: a page may have %d bytes, and this one would have more", file, (int)REPORT_BYTES_MAX);
    return e == OK ? EXIT_OK : say_failed(l->d.s, e, NULL, "making %s", file);
}

static void note_page(struct reporting *x, const char *file, const struct slug *slug, size_t bytes)
{
    json_t *j = json_object();
    json_object_set_new(j, "file", json_text(file));
    json_object_set_new(j, "authority", json_text(slug != NULL ? slug->s : NULL));
    json_object_set_new(j, "bytes", json_integer((json_int_t)bytes));
    json_array_append_new(x->pages, j);
}

static enum exit_status write_one(struct lead *l, const struct report *r, const char *word, const char *name)
{
    struct buf page = buf_on(REPORT_BYTES_MAX);
    size_t a = 0;
    bool is_stdout = false;
    enum exit_status st = word != NULL ? find_authority(l, word, &a) : EXIT_OK;
    if (st == EXIT_OK)
        st = made(l, word != NULL ? page_authority(r, a, &page) : page_region(r, &page), name);
    if (st == EXIT_OK)
        st = export_whole(l->d.s, name, buf_bytes(&page), &is_stdout);
    if (st == EXIT_OK) {
        note_page(l->arg, name, word != NULL ? &l->region.authorities[a] : NULL, page.len);
        if (!is_stdout)
            out(l->d.s, "%s: %zu indicator%s, %zu authorit%s, for %s (%zu KB).\n", name, l->region.n, l->region.n == 1 ? "" : "s",
                l->region.n_authorities, l->region.n_authorities == 1 ? "y" : "ies", r->is_public ? "everyone" : "the alliance",
                (page.len + 999) / 1000);
    }
    buf_release(&page);
    return st;
}

static enum exit_status put(struct lead *l, struct folder *f, const char *file, const struct slug *slug, enum err e,
                            struct buf *page)
{
    enum exit_status st = made(l, e, file);
    if (st == EXIT_OK)
        st = folder_put(f, file, buf_bytes(page));
    if (st == EXIT_OK)
        note_page(l->arg, file, slug, page->len);
    buf_clear(page);
    return st;
}

static enum exit_status write_all(struct lead *l, const struct report *r, const char *name)
{
    struct buf page = buf_on(REPORT_BYTES_MAX);
    struct folder f;
    char file[PAGE_NAME_MAX];
    enum exit_status st = folder_begin(l->d.s, name, &f);
    if (st != EXIT_OK)
        return st;
    st = put(l, &f, PAGE_REGION, NULL, page_region(r, &page), &page);
    for (size_t a = 0; st == EXIT_OK && a < l->region.n_authorities; a++) {
        page_name(&l->region.authorities[a], file);
        st = put(l, &f, file, &l->region.authorities[a], page_authority(r, a, &page), &page);
    }
    if (st == EXIT_OK)                          /* last: what it names is there */
        st = put(l, &f, PAGE_INDEX, NULL, page_index(r, &page), &page);
    st = folder_end(&f, st);
    buf_release(&page);
    if (st == EXIT_OK)
        out(l->d.s, "%s: %zu pages, for %s; begin with " PAGE_INDEX ".\n", f.name, l->region.n_authorities + 2,
            r->is_public ? "everyone" : "the alliance");
    return st;
}

static enum exit_status answer(struct lead *l, const struct report *r)
{
    struct reporting *x = l->arg;
    if (l->d.s->mode != OUTPUT_JSON)
        return EXIT_OK;
    json_t *doc = json_document(l->d.s);
    json_object_set_new(doc, "for", json_text(r->is_public ? "public" : "alliance"));
    json_object_set_new(doc, "indicators", json_integer((json_int_t)l->region.n));
    json_object_set_new(doc, "authorities", json_integer((json_int_t)l->region.n_authorities));
    json_object_set_new(doc, "withheld", json_integer((json_int_t)r->n_withheld));
    json_object_set_new(doc, "small_numbers_max", r->is_public ? json_integer((json_int_t)r->small_max) : json_null());
    json_object_set(doc, "pages", x->pages);
    return output(l->d.s, doc, NULL);
}

static enum exit_status report(struct lead *l)
{
    struct reporting *x = l->arg;
    struct session *s = l->d.s;
    struct report r;
    const char *authority = option_value(&s->options, "authority"), *name = option_value(&s->options, "out");
    enum err e = report_gather(l, x->is_public, &r);
    r.n_withheld = x->screen != NULL ? screen_withheld(x->screen) : 0;
    enum exit_status st = EXIT_OK;
    if (e != OK)
        st = say_failed(s, e, NULL, "gathering the report");
    else if (authority != NULL && strcmp(authority, "all") == 0)
        st = write_all(l, &r, name);
    else
        st = write_one(l, &r, authority, name);
    if (st == EXIT_OK)
        st = answer(l, &r);
    if (st == EXIT_OK && strcmp(name, "-") != 0)
        say_next(s, "open it in a browser, print it from there; `folkmoot report --check FILE.html` says later what was revised");
    report_release(&r);
    return st;
}

enum exit_status cmd_report(struct session *s)
{
    const char *check = option_value(&s->options, "check"), *whom = option_value(&s->options, "for");
    struct reporting x = {.is_public = whom != NULL && strcmp(whom, "public") == 0};
    if (check != NULL && s->options.n > 0 && (option_value(&s->options, "out") != NULL || whom != NULL ||
                                              option_value(&s->options, "authority") != NULL))
        return say_usage(s, "give --check FILE alone", "report: --check makes no page");
    if (check != NULL)
        return report_check(s, check);
    if (option_value(&s->options, "out") == NULL)
        return say_usage(s, "--out FILE.html, or --check FILE.html", "report: where to?");
    if (s->mode == OUTPUT_CSV)
        return say_usage(s, "`folkmoot rug --csv` has the figures", "report --csv: a report is a page");
    if ((x.pages = json_array()) == NULL)
        return say_failed(s, ERR_NOMEM, NULL, "report");
    enum exit_status st = lead_run_members(s, ready, report, &x);
    screen_free(x.screen);
    json_decref(x.pages);
    return st;
}
