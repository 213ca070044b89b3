#include "cli/thread/speak.h"

#include <stdlib.h>
#include <string.h>

#include "cli/output/output.h"
#include "cli/say.h"

/* ---- putting it into the log ---- */

static enum err put_group(struct sealer *s, struct author *a, struct utterance *list, size_t n, size_t first)
{
    enum err e = OK;
    struct buf plain = buf_on(PAYLOAD_MAX);
    for (size_t i = first; e == OK && i < n; i++) {
        if (i > first && !readers_equal(&list[i].to, &list[first].to))
            continue;
        buf_clear(&plain);
        post_write(&list[i].post, &plain);
        list[i].idx = author_next(a);
        e = buf_status(&plain);
        if (e == OK)
            e = sealer_put(s, buf_bytes(&plain));
    }
    buf_wipe(&plain);
    return e;
}

static bool is_first_of_its_readers(const struct utterance *list, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (readers_equal(&list[i].to, &list[at].to))
            return false;
    return true;
}

/* A key for named readers is begun in the log that is being written, where nobody looks for it twice: so those with the same
 * readers go together. */
static enum exit_status put_all(struct author *a, struct utterance *list, size_t n, const char *command)
{
    struct desk *d = author_desk(a);
    enum exit_status st = EXIT_OK;
    for (size_t i = 0; st == EXIT_OK && i < n; i++) {
        struct sealer s = {.a = NULL};
        if (!is_first_of_its_readers(list, i))
            continue;
        st = sealer_open(a, d->view, list[i].to.is_all ? TO_ALLIANCE : TO_NAMED, &list[i].to.named, &s);
        enum err e = st == EXIT_OK ? put_group(&s, a, list, n, i) : OK;
        if (e != OK)
            st = say_failed(d->s, e, "nothing was said", "%s", command);
        sealer_close(&s);
    }
    return st;
}

enum exit_status speak_all(struct desk *d, struct utterance *list, size_t n, const char *command)
{
    struct author *a = NULL;
    enum exit_status st = author_begin(d, &a);
    if (st == EXIT_OK)
        st = put_all(a, list, n, command);
    if (st == EXIT_OK)
        st = author_commit(a, NULL);
    author_end(a);
    return st;
}

/* ---- a command ---- */

struct speaking {
    struct desk *d;
    struct threads t;
    char command[COMMAND_NAME_MAX];
    struct utterance u;
    const struct said *root;                /* of the matter that it is said in; NULL: it opens one */
};

static enum exit_status refuse_role(struct desk *d, const char *command, const struct saying *w, enum role role)
{
    return say_refused(d->s, EXIT_NO, "role", NULL, "%s: %s may, and %s is a %s", command, saying_roles(w), d->origin.slug.s,
                       role_name(role));
}

enum exit_status speak_may_open(struct desk *d, const struct saying *what)
{
    const struct member *us = charter_find(desk_charter(d), &d->origin.slug);
    const struct speaker who = {true, us->role, true, false};
    return saying_may(what, &who) ? EXIT_OK : refuse_role(d, what->command, what, us->role);
}

static enum exit_status answer(struct desk *d, const struct utterance *u, const char *root)
{
    char record[RECORD_TEXT_SIZE];
    const struct post *p = &u->post;
    struct record_id id = {d->origin.slug, d->origin.generation, u->idx};
    struct buf whom = buf_on(1 << 12);
    record_id_text(&id, record);
    readers_words(&u->to, &whom);
    json_t *doc = json_document(d->s);
    json_object_set_new(doc, "record", json_text(record));
    json_object_set_new(doc, "type", json_text(p->type));
    json_object_set_new(doc, "about", json_text(p->about));
    json_object_set_new(doc, "state", json_text(p->state));
    json_object_set_new(doc, "due", json_text(p->due[0] != '\0' ? p->due : NULL));
    json_object_set_new(doc, "readers", json_text(buf_str(&whom)));
    out(d->s, "%s: %s%s%s about %s, for %s%s%s.\n", record, p->type, p->state[0] != '\0' ? ", " : "", p->state, p->about,
        buf_str(&whom) != NULL ? buf_str(&whom) : "", p->due[0] != '\0' ? ", by " : "", p->due);
    buf_release(&whom);
    enum exit_status st = output(d->s, doc, NULL);
    if (st == EXIT_OK)
        say_next(d->s, "`folkmoot thread %s` shows what is said about it; `folkmoot withdraw %s --reason mistake` takes it back",
                 root != NULL ? root : record, record);
    return st;
}

enum exit_status speak_ready(struct desk *d, struct utterance *u)
{
    memcpy(u->post.type, u->what->type, strlen(u->what->type) + 1);
    memcpy(u->post.state, u->what->state, strlen(u->what->state) + 1);
    return post_check(&u->post) == OK ? EXIT_OK : say_usage(d->s, "write plain UTF-8 on one line",
                                                           "%s: --owner or --about holds what no post can", u->what->command);
}

enum exit_status speak_one(struct desk *d, struct utterance *u, const char *root)
{
    enum exit_status st = speak_ready(d, u);
    if (st == EXIT_OK)
        st = speak_all(d, u, 1, u->what->command);
    return st == EXIT_OK ? answer(d, u, root) : st;
}

static enum exit_status with_threads(struct desk *d, enum exit_status (*work)(struct speaking *x))
{
    struct speaking *x = calloc(1, sizeof(*x));
    if (x == NULL)
        return say_failed(d->s, ERR_NOMEM, NULL, "gathering what was said");
    x->d = d;
    command_name(d->s->command, ' ', x->command);
    enum err e = threads_gather(d->view, desk_charter(d), session_now_ms(), &x->t);
    enum exit_status st = e == OK ? work(x) : say_failed(d->s, e, NULL, "gathering what was said");
    threads_release(&x->t);
    free(x);
    return st;
}

/* ---- opening a matter ---- */

static enum exit_status read_opening(struct speaking *x)
{
    struct session *s = x->d->s;
    const unsigned takes = x->u.what->takes;
    const char *audience = takes & TAKES_AUDIENCE ? option_value(&s->options, "audience") : NULL;
    const char *owner = takes & TAKES_OWNER ? option_value(&s->options, "owner") : NULL;
    enum exit_status st = speak_text(s, "--text", option_value(&s->options, "text"), x->u.post.text);
    if (st == EXIT_OK && takes & TAKES_DUE)
        st = speak_day(s, "--due", option_value(&s->options, "due"), x->u.post.due);
    if (st == EXIT_OK && takes & TAKES_DAYS)
        st = speak_days(s, option_value(&s->options, "days"), x->u.post.due);
    if (st == EXIT_OK)
        st = speak_subject(x->d, &x->t, audience, &x->u);
    if (st != EXIT_OK || owner == NULL)
        return st;
    if (bytes_to_str(bytes_of(owner), x->u.post.owner, sizeof(x->u.post.owner)) != OK)
        return say_usage(s, "shorten it", "--owner: more than %d bytes", (int)NAME_MAX_LEN);
    return EXIT_OK;
}

static enum exit_status open_matter(struct speaking *x)
{
    x->u.what = saying_of_opening_command(x->command);
    enum exit_status st = speak_may_open(x->d, x->u.what);
    if (st == EXIT_OK)
        st = read_opening(x);
    return st == EXIT_OK ? speak_one(x->d, &x->u, NULL) : st;
}

static enum exit_status open_at(struct desk *d)
{
    return with_threads(d, open_matter);
}

enum exit_status speak_opening(struct session *s)
{
    return desk_run(s, DESK_WRITE | DESK_MEMBER | DESK_VIEW, open_at);
}

/* ---- going on with one ---- */

/* The matter of a record: the post itself, or one that was said in it. */
static enum exit_status find_matter(struct speaking *x, const struct thread **ret)
{
    struct desk *d = x->d;
    struct record_id id;
    char text[RECORD_TEXT_SIZE];
    enum exit_status st = ask_record(d, d->view, d->s->args[0], &id);
    if (st != EXIT_OK)
        return st;
    record_id_text(&id, text);
    const struct said *s = threads_post(&x->t, text);
    const struct thread *th = s != NULL ? threads_of(&x->t, s) : NULL;
    if (th == NULL)
        return say_refused(d->s, EXIT_NO, "nothing-found", "`folkmoot search WORD` finds what was said",
                           "%s %s: no such matter is open to be read here", x->command, text);
    *ret = th;
    x->root = &x->t.posts[th->root];
    memcpy(x->u.post.about, x->root->record, sizeof(x->root->record));
    return readers_of_record(d, &x->t, &(struct record_id){x->root->slug, x->root->generation, x->root->idx}, &x->u.to);
}

/* The first row of the table that we may say; else why not. */
static enum exit_status find_saying(struct speaking *x, const struct thread *th)
{
    const struct member *us = charter_find(desk_charter(x->d), &x->d->origin.slug);
    const struct said *root = x->root;
    const struct speaker who = {true, us->role, slug_equal(&root->slug, &us->slug), strcmp(root->post.owner, us->slug.s) == 0};
    const struct saying *first = NULL;
    for (int i = 0; i < SAYING_COUNT; i++) {
        const struct saying *w = saying_at((enum saying_id)i);
        if (w->matter != th->matter || saying_opens(w) || strcmp(w->command, x->command) != 0)
            continue;
        first = first != NULL ? first : w;
        if (saying_may(w, &who)) {
            x->u.what = w;
            return EXIT_OK;
        }
    }
    if (first == NULL)
        return say_refused(x->d->s, EXIT_NO, "other-matter", "`folkmoot help` lists what can be said", "%s %s: this is a %s",
                           x->command, root->record, matter_name(th->matter));
    if ((first->roles & 1U << us->role) == 0)
        return refuse_role(x->d, x->command, first, us->role);
    return say_refused(x->d->s, EXIT_NO, "not-yours", NULL, "%s %s: %s", x->command, root->record, saying_who(first));
}

static bool has_voted(const struct speaking *x, const struct thread *th)
{
    for (size_t i = th->root; i != NO_POST; i = x->t.posts[i].next)
        if (x->t.posts[i].counts && x->t.posts[i].saying->id == SAY_VOTE && slug_equal(&x->t.posts[i].slug, &x->d->origin.slug))
            return true;
    return false;
}

static enum exit_status may_go_on(struct speaking *x, const struct thread *th)
{
    struct session *s = x->d->s;
    if (th->stands->rank == 2)
        return say_refused(s, EXIT_NO, "closed", "open another", "%s %s: it is closed", x->command, x->root->record);
    if (x->u.what->rank > 0 && th->stands == x->u.what && x->u.what->id != SAY_USED &&
        x->u.what->id != SAY_ANSWER)
        return say_refused(s, EXIT_NO, "done", NULL, "%s %s: it is %s already", x->command, x->root->record, thread_state(th));
    if (x->u.what->id == SAY_VOTE && has_voted(x, th))
        return say_refused(s, EXIT_NO, "done", NULL, "%s %s: we support it already", x->command, x->root->record);
    if (x->u.what->id == SAY_AGREE && !th->is_agreed)
        return say_refused(s, EXIT_NO, "votes", "`folkmoot priority support RECORD` is how an authority supports it",
                           "%s %s: %zu of %zu authorities are for it, and %zu are needed", x->command, x->root->record, th->n_votes,
                           x->t.n_authorities, x->t.n_needed);
    return EXIT_OK;
}

static enum exit_status go_on(struct speaking *x)
{
    struct session *s = x->d->s;
    const struct thread *th = NULL;
    enum exit_status st = find_matter(x, &th);
    if (st == EXIT_OK)
        st = find_saying(x, th);
    if (st == EXIT_OK)
        st = may_go_on(x, th);
    if (st != EXIT_OK)
        return st;
    const char *words = option_value(&s->options, x->u.what->words);
    char option[16];
    snprintf(option, sizeof(option), "--%s", x->u.what->words);
    st = speak_text(s, option, words != NULL ? words : x->u.what->otherwise, x->u.post.text);
    return st == EXIT_OK ? speak_one(x->d, &x->u, x->root->record) : st;
}

static enum exit_status go_on_at(struct desk *d)
{
    return with_threads(d, go_on);
}

enum exit_status speak_in(struct session *s)
{
    return desk_run(s, DESK_WRITE | DESK_MEMBER | DESK_VIEW, go_on_at);
}
