/* cli/cmd_withdraw.c - a record of ours does not stand any more, and everybody may know it. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/author/author.h"
#include "cli/output/output.h"
#include "cli/record_id.h"
#include "cli/say.h"
#include "cli/withdrawals.h"
#include "protocol/entry.h"

const struct option_spec options_withdraw[] = {
    {"reason", 0, OPTION_CHOICE, "correction|definition|disclosure|unreliable|mistake|request", "why, for everybody to read"},
    {"erase", 0, OPTION_FLAG, NULL, "take its content from every copy too; only that it was there stays"},
    OPTIONS_END,
};

struct withdrawing {
    struct desk *d;
    struct record_id id;
    struct record_row row;
    char text[RECORD_TEXT_SIZE];
    const char *reason;
    bool erase;
    uint64_t *older;                    /* versions before it that stand: they go with an erased figure */
    size_t n_older, cap_older;
};

static enum exit_status find(struct withdrawing *w)
{
    struct session *s = w->d->s;
    enum exit_status st = ask_record(w->d, w->d->view, s->args[0], &w->id);
    if (st != EXIT_OK)
        return st;
    record_id_text(&w->id, w->text);
    if (!slug_equal(&w->id.slug, &w->d->origin.slug) || w->id.generation != w->d->origin.generation)
        return say_refused(s, EXIT_NO, "not-ours", "its author withdraws it", "withdraw %s: it is not in our log", w->text);
    enum err e = view_record_at(w->d->view, w->id.slug.s, w->id.generation, w->id.idx, &w->row);
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_NO, "nothing-found", "`folkmoot history INDICATOR` lists what we published",
                           "withdraw %s: no record of ours stands there", w->text);
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "withdraw %s", w->text);
}

/* Before the question, what it is about. */
static void show(const struct withdrawing *w)
{
    say_note(w->d->s, "%s: %s, %s, for %s", w->text, w->row.type, w->row.shown,
             strcmp(w->row.audience, "public") == 0 ? "everybody" : strcmp(w->row.audience,
                                                                           "alliance") == 0 ? "the alliance" : "named readers");
    if (strcmp(w->row.type, "figure") == 0)
        say_note(w->d->s, "No earlier version comes back: the figure is withdrawn until it is published again.");
    if (w->erase)
        say_note(w->d->s, "Its content goes from every copy that keeps to the rules, and cannot be had back; reports, exports and "
                 "bundles made before are files of yours and of your peers, and stay.");
    if (w->n_older > 0)
        say_note(w->d->s, "%zu earlier version%s of it %s withdrawn with it, and not erased.", w->n_older,
                 w->n_older == 1 ? "" : "s", w->n_older == 1 ? "is" : "are");
}

/* ---- the versions before ---- */

/* Who comes when the content is gone cannot know of which figure it was a version: so those before it are withdrawn too, or
 * the last of them would stand for the newcomer, and for nobody else. */
static enum err take_older(void *arg, const struct figure_row *row)
{
    struct withdrawing *w = arg;
    if (row->generation != w->id.generation || row->idx >= w->id.idx || row->is_withdrawn ||
        strcmp(row->audience, w->row.audience) != 0)
        return OK;
    if (w->n_older == w->cap_older) {
        size_t cap = w->cap_older > 0 ? 2 * w->cap_older : 16;
        uint64_t *older = realloc(w->older, cap * sizeof(*older));
        if (older == NULL)
            return ERR_NOMEM;
        w->older = older;
        w->cap_older = cap;
    }
    w->older[w->n_older++] = row->idx;
    return OK;
}

static enum exit_status find_older(struct withdrawing *w)
{
    struct figure_row row;
    if (!w->erase || strcmp(w->row.type, "figure") != 0)
        return EXIT_OK;
    enum err e = view_figure_at(w->d->view, w->id.slug.s, w->id.generation, w->id.idx, &row);
    struct time_period period;
    if (e == OK) {
        memcpy(period.period, row.figure.period, sizeof(period.period));
        memcpy(period.time_identifier, row.figure.time_identifier, sizeof(period.time_identifier));
        e = view_history(w->d->view, row.figure.indicator, w->id.slug.s, &period, row.figure.breakdown, take_older, w);
    }
    return e == OK ? EXIT_OK : say_failed(w->d->s, e, NULL, "withdraw %s", w->text);
}

/* ---- signing ---- */

static enum err put(struct author *a, const struct withdrawing *w, uint64_t target, bool erase)
{
    struct withdrawal said = {.target = target, .erase = erase};
    struct buf body = buf_on(256);
    memcpy(said.reason, w->reason, strlen(w->reason) + 1);
    withdrawal_write(&said, &body);
    enum err e = buf_status(&body);
    if (e == OK)
        e = author_put_public(a, KIND_WITHDRAW, buf_bytes(&body));
    buf_release(&body);
    return e;
}

static enum exit_status sign(struct withdrawing *w, uint64_t *ret_idx)
{
    struct author *a = NULL;
    enum exit_status st = author_begin(w->d, &a);
    if (st == EXIT_OK) {
        enum err e = OK;
        for (size_t i = 0; e == OK && i < w->n_older; i++)
            e = put(a, w, w->older[i], false);
        *ret_idx = author_next(a);
        if (e == OK)
            e = put(a, w, w->id.idx, w->erase);
        st = e == OK ? author_commit(a, NULL) : say_failed(w->d->s, e, "nothing was withdrawn", "withdraw %s", w->text);
    }
    author_end(a);
    return st;
}

/* The log has forgotten it with the withdrawal; out of the view it goes at once. */
static enum exit_status forget(struct withdrawing *w)
{
    if (!w->erase)
        return EXIT_OK;
    view_close(w->d->view);
    w->d->view = NULL;
    return desk_view(w->d, &w->d->view);
}

static enum exit_status answer(const struct withdrawing *w, uint64_t idx)
{
    char by[RECORD_TEXT_SIZE];
    struct record_id id = {w->id.slug, w->id.generation, idx};
    json_t *doc = json_document(w->d->s);
    record_id_text(&id, by);
    json_object_set_new(doc, "record", json_text(w->text));
    json_object_set_new(doc, "type", json_text(w->row.type));
    json_object_set_new(doc, "reason", json_text(w->reason));
    json_object_set_new(doc, "erased", json_boolean(w->erase));
    json_object_set_new(doc, "earlier_withdrawn", json_integer((json_int_t)w->n_older));
    json_object_set_new(doc, "by", json_text(by));
    out(w->d->s, "%s is withdrawn%s (%s).\n", w->text, w->erase ? " and erased" : "", w->reason);
    enum exit_status st = output(w->d->s, doc, NULL);
    if (st == EXIT_OK)
        say_next(w->d->s, w->erase ? "`folkmoot withdraw` lists who has confirmed that it is erased"
                          : strcmp(w->row.type, "figure") == 0 ? "`folkmoot publish` says it anew" : "`folkmoot news` shows it");
    return st;
}

static enum exit_status carry_out(struct withdrawing *w)
{
    struct session *s = w->d->s;
    uint64_t idx = 0;
    enum exit_status st = find(w);
    if (st == EXIT_OK)
        st = find_older(w);
    if (st != EXIT_OK)
        return st;
    if (w->row.is_withdrawn && !w->erase)
        return say_refused(s, EXIT_NO, "withdrawn", "--erase takes its content away too", "withdraw %s: it is withdrawn already",
                           w->text);
    show(w);
    st = ask_yes(s, "Withdraw %s%s?", w->text, w->erase ? " and erase it" : "");
    if (st == EXIT_OK)
        st = sign(w, &idx);
    if (st == EXIT_OK)
        st = forget(w);
    return st == EXIT_OK ? answer(w, idx) : st;
}

static enum exit_status withdraw(struct desk *d)
{
    struct session *s = d->s;
    struct withdrawing w = {.d = d, .reason = option_value(&s->options, "reason"), .erase = option_flag(&s->options, "erase")};
    if (s->n_args == 0 && w.reason == NULL && !w.erase)
        return withdrawals_list(d);
    if (s->n_args == 0)
        return say_usage(s, "`folkmoot withdraw RECORD --reason CODE`", "withdraw: which record?");
    if (w.reason == NULL)
        return say_usage(s, "--reason correction|definition|disclosure|unreliable|mistake|request", "withdraw: it needs a reason");
    enum exit_status st = carry_out(&w);
    free(w.older);
    return st;
}

enum exit_status cmd_withdraw(struct session *s)
{
    return desk_run(s, DESK_WRITE | DESK_MEMBER | DESK_VIEW, withdraw);
}
