/* cli/cmd_timeline.c - one member's year: what it published and said, and what others said to it. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/day.h"
#include "cli/desk.h"
#include "cli/output/output.h"
#include "cli/output/text.h"
#include "cli/record_id.h"
#include "cli/say.h"
#include "cli/thread/threads.h"

const struct option_spec options_timeline[] = {
    {"since", 0, OPTION_VALUE, "DATE", "only what was said after that day"},
    OPTIONS_END,
};

enum { EVENTS_MAX = 100000, SHOWN_MAX = 240 };

struct event {
    uint64_t said_ms;
    bool counts;
    char slug[SLUG_MAX + 1], what[2 * POST_WORD_MAX + 2], record[RECORD_TEXT_SIZE], shown[SHOWN_MAX + 1];
};

struct telling {
    struct desk *d;
    struct threads t;
    struct slug of;
    uint64_t since_ms;
    struct event *list;
    size_t n, cap, n_more;
};

static const struct column columns[] = {
    {"said_at", "said at", 0}, {"slug", "by", 0}, {"what", "what", 0}, {"shown", "", 0}, {"record", "record", 0},
    {"counts", NULL, 0},
};

static void cut(const char *text, char *ret, size_t size)
{
    size_t at = text_cut(bytes_of(text), size - 1);
    memcpy(ret, text, at);
    ret[at] = '\0';
}

/* [P-115] What is shown although its author may not say it is shown as such. */
static bool counts(const struct said *s)
{
    return s == NULL || s->counts || !saying_judges(s->post.type);
}

static enum err add(struct telling *x, uint64_t said_ms, const char *slug, const char *what, const char *shown, const char *record)
{
    const struct said *post = threads_post(&x->t, record);
    if (said_ms <= x->since_ms)
        return OK;
    if (x->n == EVENTS_MAX) {
        x->n_more++;
        return OK;
    }
    if (x->n == x->cap) {
        size_t cap = x->cap > 0 ? 2 * x->cap : 64;
        struct event *more = realloc(x->list, cap * sizeof(*more));
        if (more == NULL)
            return ERR_NOMEM;
        x->list = more;
        x->cap = cap;
    }
    struct event *ev = &x->list[x->n++];
    ev->said_ms = said_ms;
    ev->counts = counts(post);
    cut(slug, ev->slug, sizeof(ev->slug));
    cut(what, ev->what, sizeof(ev->what));
    cut(shown, ev->shown, sizeof(ev->shown));
    cut(record, ev->record, sizeof(ev->record));
    return OK;
}

static enum err take_news(void *arg, const struct news_row *r)
{
    return add(arg, r->said_ms, r->slug, r->what, r->shown, r->record);
}

static enum err each_log(void *arg, const struct folded_log *log)
{
    struct telling *x = arg;
    return strcmp(log->slug, x->of.s) == 0 ? view_news(x->d->view, log->slug, log->generation, 0, x->since_ms, take_news, x) : OK;
}

/* Is what another said about this member: its record, its matter, or asked of it? */
static bool concerns(const struct telling *x, const struct said *s)
{
    const struct threads *t = &x->t;
    struct record_id id;
    if (slug_equal(&s->slug, &x->of) || s->is_withdrawn)
        return false;
    if (record_id_parse(s->post.about, &id) == OK && slug_equal(&id.slug, &x->of))
        return true;
    const struct said *root = s->thread != NO_POST ? &t->posts[t->list[s->thread].root] : NULL;
    return root != NULL && (slug_equal(&root->slug, &x->of) ||
                            (s->counts && root->saying->matter == MATTER_CHALLENGE && strcmp(root->post.owner, x->of.s) == 0));
}

static enum err take_posts(struct telling *x)
{
    enum err e = OK;
    for (size_t i = 0; e == OK && i < x->t.n_posts; i++) {
        const struct said *s = &x->t.posts[i];
        char what[sizeof(x->list->what)], shown[POST_ABOUT_MAX + POST_TEXT_MAX + 3];
        if (!concerns(x, s))
            continue;
        bool is_turn = s->post.state[0] != '\0' && strcmp(s->post.state, "open") != 0;
        snprintf(what, sizeof(what), "%s%s%s", s->post.type, is_turn ? " " : "", is_turn ? s->post.state : "");
        snprintf(shown, sizeof(shown), "%s: %.*s", s->post.about, (int)POST_TEXT_MAX, s->text);
        e = add(x, s->said_ms, s->slug.s, what, shown, s->record);
    }
    return e;
}

static int in_time(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    return x->said_ms != y->said_ms ? x->said_ms < y->said_ms ? -1 : 1 : strcmp(x->record, y->record);
}

static enum exit_status answer(struct telling *x)
{
    struct session *s = x->d->s;
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < x->n; i++) {
        char when[TIME_TEXT_MAX];
        time_text(x->list[i].said_ms, when);
        sheet_row(sh);
        sheet_text(sh, when);
        sheet_text(sh, x->list[i].slug);
        sheet_text(sh, x->list[i].what);
        if (!x->list[i].counts) {
            char what[sizeof(x->list[i].what) + 32];
            snprintf(what, sizeof(what), "%s (does not count)", x->list[i].what);
            sheet_shown(sh, what);
        }
        sheet_text(sh, x->list[i].shown);
        sheet_text(sh, x->list[i].record);
        sheet_bool(sh, x->list[i].counts);
    }
    json_t *doc = json_document(s);
    json_object_set_new(doc, "slug", json_text(x->of.s));
    json_object_set_new(doc, "events", sheet_json(sh));
    if (x->n == 0)
        out(s, "Nothing is known of %s%s.\n", x->of.s, x->since_ms > 0 ? " since then" : "");
    enum exit_status st = output(s, doc, sh);
    sheet_free(sh);
    if (st == EXIT_OK && x->n_more > 0)
        say_warning(s, "%zu more events are not shown", x->n_more);
    return st;
}

static enum exit_status timeline(struct desk *d)
{
    struct telling x = {.d = d};
    const char *since = option_value(&d->s->options, "since");
    const struct member *m = desk_find_member(d, d->s->args[0]);
    if (m == NULL)
        return EXIT_USAGE;
    if (since != NULL && day_end(since, &x.since_ms) != OK)
        return say_usage(d->s, "--since 2025-11-01", "timeline: --since %s is no day", since);
    x.of = m->slug;
    enum err e = threads_gather(d->view, desk_charter(d), session_now_ms(), &x.t);
    if (e == OK)
        e = view_logs(d->view, each_log, &x);
    if (e == OK)
        e = take_posts(&x);
    if (x.n > 0)
        qsort(x.list, x.n, sizeof(*x.list), in_time);
    enum exit_status st = e == OK ? answer(&x) : say_failed(d->s, e, NULL, "timeline");
    threads_release(&x.t);
    free(x.list);
    return st;
}

enum exit_status cmd_timeline(struct session *s)
{
    return desk_run(s, DESK_MEMBER | DESK_VIEW, timeline);
}
