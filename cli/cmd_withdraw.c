/* cli/cmd_withdraw.c - a record of ours does not stand any more, and everybody may know it. */
#include "cli/commands.h"

#include <inttypes.h>
#include <string.h>

#include "cli/author/author.h"
#include "cli/output/output.h"
#include "cli/record_id.h"
#include "cli/say.h"
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
        say_note(w->d->s, "Its content goes from every copy that keeps to the rules, and cannot be had back.");
}

static enum exit_status sign(struct withdrawing *w, uint64_t *ret_idx, struct checkpoint *ret_head)
{
    struct author *a = NULL;
    struct withdrawal said = {.target = w->id.idx, .erase = w->erase};
    struct buf body = buf_on(256);
    memcpy(said.reason, w->reason, strlen(w->reason) + 1);
    withdrawal_write(&said, &body);
    enum exit_status st = author_begin(w->d, &a);
    if (st == EXIT_OK) {
        *ret_idx = author_next(a);
        enum err e = buf_status(&body);
        if (e == OK)
            e = author_put_public(a, KIND_WITHDRAW, buf_bytes(&body));
        st = e == OK ? author_commit(a, ret_head) : say_failed(w->d->s, e, "nothing was withdrawn", "withdraw %s", w->text);
    }
    author_end(a);
    buf_release(&body);
    return st;
}

/* Ours first: a node that erases tells nobody what was there. */
static enum exit_status erase(struct withdrawing *w, uint64_t idx)
{
    if (!w->erase)
        return EXIT_OK;
    enum err e = store_erase(w->d->store, &w->d->origin, w->id.idx, idx);
    if (e != OK)
        return say_failed(w->d->s, e, "it is withdrawn; run the same again to erase it here", "erasing %s", w->text);
    view_close(w->d->view);                     /* and out of the view, at once */
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
    json_object_set_new(doc, "by", json_text(by));
    out(w->d->s, "%s is withdrawn%s (%s).\n", w->text, w->erase ? " and erased" : "", w->reason);
    enum exit_status st = output(w->d->s, doc, NULL);
    if (st == EXIT_OK)
        say_next(w->d->s, strcmp(w->row.type, "figure") == 0 ? "`folkmoot publish` says it anew" : "`folkmoot news` shows it");
    return st;
}

static enum exit_status withdraw(struct desk *d)
{
    struct withdrawing it = {.d = d}, *w = &it;
    uint64_t idx = 0;
    struct checkpoint head;
    struct session *s = w->d->s;
    w->reason = option_value(&s->options, "reason");
    w->erase = option_flag(&s->options, "erase");
    if (w->reason == NULL)
        return say_usage(s, "--reason correction|definition|disclosure|unreliable|mistake|request", "withdraw: it needs a reason");
    enum exit_status st = find(w);
    if (st != EXIT_OK)
        return st;
    if (w->row.is_withdrawn && !w->erase)
        return say_refused(s, EXIT_NO, "withdrawn", "--erase takes its content away too", "withdraw %s: it is withdrawn already",
                           w->text);
    show(w);
    st = ask_yes(s, "Withdraw %s%s?", w->text, w->erase ? " and erase it" : "");
    if (st == EXIT_OK)
        st = sign(w, &idx, &head);
    if (st == EXIT_OK)
        st = erase(w, idx);
    return st == EXIT_OK ? answer(w, idx) : st;
}

enum exit_status cmd_withdraw(struct session *s)
{
    return desk_run(s, DESK_WRITE | DESK_MEMBER | DESK_VIEW, withdraw);
}
