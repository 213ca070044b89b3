#include "cli/thread/show.h"

#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/output/output.h"
#include "cli/output/text.h"
#include "cli/output/width.h"
#include "cli/record_id.h"
#include "cli/say.h"

enum { DAY_MS = 24 * 3600 * 1000, SHOWN_MAX = 96 };

static const struct column columns[] = {
    {"record", "record", 0}, {"matter", "matter", 0}, {"by", "by", 0}, {"owner", "of whom", 0}, {"about", "about", 0},
    {"state", "state", 0}, {"due", "by day", 0}, {"overdue", NULL, 0}, {"late", NULL, 0}, {"turned_by", "turned by", 0},
    {"turned_at", NULL, 0}, {"days", "days", COLUMN_NUMBER}, {"votes", "votes", COLUMN_NUMBER}, {"votes_needed", NULL, 0},
    {"used", "used", COLUMN_NUMBER}, {"text", "text", 0}, {"outcome", NULL, 0}, {"said_at", NULL, 0}, {"audience", NULL, 0},
};

bool matters_want(const struct matters_wanted *w, const struct threads *t, const struct thread *th)
{
    const struct said *root = &t->posts[th->root];
    if ((w->set & 1U << th->matter) == 0 || (!w->all && th->is_over) || (w->overdue_only && !th->is_overdue))
        return false;
    return w->of == NULL || slug_equal(w->of, &root->slug) ||
           (th->matter == MATTER_CHALLENGE && strcmp(root->post.owner, w->of->s) == 0);
}

static void put_text(struct sheet *sh, const char *text)
{
    char shown[SHOWN_MAX + 4];
    text_beginning(text, SHOWN_MAX, shown);
    sheet_text(sh, text);
    sheet_shown(sh, shown);
}

static void put_time(struct sheet *sh, uint64_t ms)
{
    char when[TIME_TEXT_MAX];
    time_text(ms, when);
    sheet_text(sh, when);
}

static void put_turn(struct sheet *sh, const struct threads *t, const struct thread *th)
{
    const struct said *turn = &t->posts[th->turn];
    if (th->turn == th->root) {
        sheet_null(sh);
        sheet_null(sh);
        sheet_null(sh);
        return;
    }
    sheet_text(sh, turn->slug.s);
    put_time(sh, turn->said_ms);
    sheet_count(sh, (int64_t)(thread_took_ms(t, th) / DAY_MS));
}

static void put_row(struct sheet *sh, const struct threads *t, const struct thread *th)
{
    const struct said *root = &t->posts[th->root];
    sheet_row(sh);
    sheet_text(sh, root->record);
    sheet_text(sh, matter_name(th->matter));
    sheet_text(sh, root->slug.s);
    sheet_text(sh, root->post.owner[0] != '\0' ? root->post.owner : NULL);
    sheet_text(sh, root->post.about);
    sheet_text(sh, thread_state(th));
    if (th->is_overdue || th->is_late)
        sheet_style(sh, STYLE_WARN);
    sheet_text(sh, root->post.due[0] != '\0' ? root->post.due : NULL);
    if (th->is_overdue)
        sheet_style(sh, STYLE_BAD);
    sheet_bool(sh, th->is_overdue);
    sheet_bool(sh, th->is_late);
    put_turn(sh, t, th);
    if (th->matter == MATTER_PRIORITY) {
        sheet_count(sh, (int64_t)th->n_votes);
        sheet_count(sh, (int64_t)t->n_needed);
    } else {
        sheet_null(sh);
        sheet_null(sh);
    }
    if (th->matter == MATTER_PRACTICE)
        sheet_count(sh, (int64_t)th->n_used);
    else
        sheet_null(sh);
    put_text(sh, root->text);
    sheet_text(sh, th->turn != th->root ? t->posts[th->turn].text : NULL);
    put_time(sh, root->said_ms);
    sheet_text(sh, root->audience);
}

struct sheet *matters_sheet(const struct threads *t, const struct matters_wanted *w)
{
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < t->n; i++)
        if (matters_want(w, t, &t->list[i]))
            put_row(sh, t, &t->list[i]);
    return sh;
}

/* ---- the list ---- */

struct listing { struct desk *d; struct matters_wanted w; struct slug of; struct threads t; };

static enum exit_status print_list(struct listing *l)
{
    struct session *s = l->d->s;
    struct sheet *sh = matters_sheet(&l->t, &l->w);
    size_t n = sheet_rows(sh);
    json_t *doc = json_document(s);
    json_object_set_new(doc, "n", json_integer((json_int_t)n));
    json_object_set_new(doc, "authorities", json_integer((json_int_t)l->t.n_authorities));
    json_object_set_new(doc, "not_looked_at", json_integer((json_int_t)l->t.n_cut));
    json_object_set_new(doc, "matters", sheet_json(sh));
    if (n == 0)
        out(s, "%s\n", l->w.overdue_only ? "Nothing is past its day."
                       : l->w.all ? "Nothing." : "Nothing is open; --all lists what is over.");
    enum exit_status st = output(s, doc, sh);
    sheet_free(sh);
    if (st == EXIT_OK && l->t.n_cut > 0)
        say_warning(s, "%zu older posts of members who say very much were not looked at", l->t.n_cut);
    if (st == EXIT_OK && n > 0)
        say_next(s, "`folkmoot thread RECORD` shows one in full");
    return st;
}

static enum exit_status list_of(struct desk *d, unsigned set)
{
    struct session *s = d->s;
    struct listing l = {.d = d, .w = {.set = set, .all = option_flag(&s->options, "all"),
                                      .overdue_only = option_flag(&s->options, "overdue")}};
    const char *word = option_value(&s->options, "authority");
    const struct member *m = word != NULL ? desk_find_member(d, word) : NULL;
    if (word != NULL && m == NULL)
        return EXIT_USAGE;
    if (m != NULL) {
        l.of = m->slug;
        l.w.of = &l.of;
    }
    enum err e = threads_gather(d->view, desk_charter(d), session_now_ms(), &l.t);
    enum exit_status st = e == OK ? print_list(&l) : say_failed(s, e, NULL, "gathering what was said");
    threads_release(&l.t);
    return st;
}

/* desk_run's work has no argument: which matters follows from the command. */
static const struct { const char *name; unsigned set; } sets[] = {
    {"challenge", 1U << MATTER_CHALLENGE}, {"support", 1U << MATTER_NEED | 1U << MATTER_OFFER}, {"review", 1U << MATTER_REVIEW},
    {"action", 1U << MATTER_ACTION}, {"priority", 1U << MATTER_PRIORITY}, {"practice", 1U << MATTER_PRACTICE},
};

static enum exit_status list_work(struct desk *d)
{
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
        if (strcmp(sets[i].name, d->s->command->name) == 0)
            return list_of(d, sets[i].set);
    return EXIT_USAGE;
}

enum exit_status show_list(struct session *s)
{
    return desk_run(s, DESK_MEMBER | DESK_VIEW, list_work);
}

/* ---- one in full ---- */

static const struct column post_columns[] = {
    {"record", "record", 0}, {"slug", "by", 0}, {"type", "type", 0}, {"state", "state", 0}, {"counts", NULL, 0},
    {"withdrawn", NULL, 0}, {"said_at", "said at", 0}, {"due", NULL, 0}, {"owner", NULL, 0}, {"audience", NULL, 0},
    {"text", "text", 0},
};

static void say_post(struct session *s, const struct said *p)
{
    char when[TIME_TEXT_MAX];
    struct buf line = buf_on(2 * POST_TEXT_MAX);
    time_text(p->said_ms, when);
    out(s, "\n%.10s  %s, %s%s%s  [%s]%s\n", when, p->slug.s, p->post.type, p->post.state[0] != '\0' ? " " : "", p->post.state,
        p->record, p->is_withdrawn ? "  withdrawn"
        : !p->counts && saying_judges(p->post.type) ? "  does not count: its author may not say so" : "");
    for (struct bytes rest = bytes_of(p->text), one; rest.len > 0;) {
        if (!bytes_line(&rest, &one)) {
            one = rest;
            rest.len = 0;
        }
        buf_clear(&line);
        buf_put_str(&line, "    ");
        buf_put(&line, one);
        out_wrapped_buf(s, "    ", &line);
    }
    buf_release(&line);
}

static void put_post(struct session *s, struct sheet *sh, const struct said *p)
{
    sheet_row(sh);
    sheet_text(sh, p->record);
    sheet_text(sh, p->slug.s);
    sheet_text(sh, p->post.type);
    sheet_text(sh, p->post.state);
    sheet_bool(sh, p->counts);
    sheet_bool(sh, p->is_withdrawn);
    put_time(sh, p->said_ms);
    sheet_text(sh, p->post.due[0] != '\0' ? p->post.due : NULL);
    sheet_text(sh, p->post.owner[0] != '\0' ? p->post.owner : NULL);
    sheet_text(sh, p->audience);
    sheet_text(sh, p->text);
    if (s->mode == OUTPUT_TEXT)
        say_post(s, p);
}

static void say_heading(struct session *s, const struct threads *t, const struct thread *th)
{
    const struct said *root = &t->posts[th->root];
    out(s, "%s %s about %s: %s", matter_name(th->matter), root->record, root->post.about, thread_state(th));
    if (th->matter == MATTER_PRIORITY)
        out(s, ", %zu of %zu authorities for it (%zu needed)", th->n_votes, t->n_authorities, t->n_needed);
    if (root->post.due[0] != '\0')
        out(s, "; by %s%s", root->post.due, th->is_overdue ? ", which is past" : th->is_late ? ", it came later" : "");
    out(s, "\n");
}

/* Whatever is said about a record: in one matter, or (a figure) in several. */
static bool is_about(const struct threads *t, const struct said *p, const char *record, const struct thread *th)
{
    if (th != NULL)
        return p->thread == (size_t)(th - t->list);
    return strcmp(p->post.about, record) == 0 ||
           (p->thread != NO_POST && strcmp(t->posts[t->list[p->thread].root].post.about, record) == 0);
}

static enum exit_status print_thread(struct desk *d, const struct threads *t, const char *record)
{
    struct session *s = d->s;
    const struct said *asked = threads_post(t, record);
    const struct thread *th = asked != NULL ? threads_of(t, asked) : NULL;
    struct sheet *sh = sheet_new(post_columns, sizeof(post_columns) / sizeof(post_columns[0]));
    if (th != NULL && s->mode == OUTPUT_TEXT)
        say_heading(s, t, th);
    if (th != NULL)                             /* a matter has its order */
        for (size_t i = th->root; i != NO_POST; i = t->posts[i].next)
            put_post(s, sh, &t->posts[i]);
    for (size_t i = 0; th == NULL && i < t->n_posts; i++)
        if (&t->posts[i] == asked || is_about(t, &t->posts[i], record, NULL))
            put_post(s, sh, &t->posts[i]);
    json_t *doc = json_document(s);
    json_object_set_new(doc, "record", json_text(record));
    json_object_set_new(doc, "matter", json_text(th != NULL ? matter_name(th->matter) : NULL));
    json_object_set_new(doc, "state", json_text(th != NULL ? thread_state(th) : NULL));
    json_object_set_new(doc, "about", json_text(th != NULL ? t->posts[th->root].post.about : NULL));
    json_object_set_new(doc, "overdue", json_boolean(th != NULL && th->is_overdue));
    json_object_set_new(doc, "late", json_boolean(th != NULL && th->is_late));
    json_object_set_new(doc, "posts", sheet_json(sh));
    size_t n = sheet_rows(sh);
    enum exit_status st = EXIT_OK;
    if (n == 0)
        json_decref(doc);
    else
        st = output(s, doc, s->mode == OUTPUT_TEXT ? NULL : sh);
    sheet_free(sh);
    if (st != EXIT_OK || n > 0)
        return st;
    return say_refused(s, EXIT_NO, "nothing-found", "`folkmoot news` and `folkmoot search` find posts",
                       "thread %s: nothing is said about it that can be read here", record);
}

static enum exit_status thread_work(struct desk *d)
{
    struct threads t;
    struct record_id id;
    char record[RECORD_TEXT_SIZE];
    enum exit_status st = ask_record(d, d->view, d->s->args[0], &id);
    if (st != EXIT_OK)
        return st;
    record_id_text(&id, record);
    enum err e = threads_gather(d->view, desk_charter(d), session_now_ms(), &t);
    st = e == OK ? print_thread(d, &t, record) : say_failed(d->s, e, NULL, "gathering what was said");
    threads_release(&t);
    return st;
}

enum exit_status show_thread(struct session *s)
{
    return desk_run(s, DESK_MEMBER | DESK_VIEW, thread_work);
}
