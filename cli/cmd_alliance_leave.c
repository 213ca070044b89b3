/* cli/cmd_alliance_leave.c - a member says that it goes.
 *
 * What it says is a record of its own log, which it signs alone and can withdraw; that it is a member no more, and where its
 * log ends, only the charter says, and that the stewards sign. A steward who leaves proposes that charter at once. */
#include "cli/commands.h"

#include <string.h>

#include "cli/alliance/depart.h"
#include "cli/alliance/propose.h"
#include "cli/author/sealer.h"
#include "cli/output/output.h"
#include "cli/record_id.h"
#include "cli/say.h"

const struct option_spec options_alliance_leave[] = {
    {"reason", 0, OPTION_VALUE, "TEXT", "why; the alliance reads it"},
    {"instead", 0, OPTION_FLAG, NULL, "a steward: replace a proposal that waits for signatures"},
    OPTIONS_END,
};

struct leaving {
    struct desk *d;
    struct post post;
    bool is_steward;
    char record[RECORD_TEXT_SIZE];
    struct proposed p;
};

static enum exit_status read_reason(struct leaving *x)
{
    struct session *s = x->d->s;
    const char *text = option_value(&s->options, "reason");
    x->post = (struct post){.type = "leave"};
    if (text == NULL || text[0] == '\0')
        return say_usage(s, "--reason TEXT", "alliance leave: why?");
    if (strlen(text) > POST_TEXT_MAX)
        return say_usage(s, "shorten it", "alliance leave: a reason of more than %d bytes", (int)POST_TEXT_MAX);
    memcpy(x->post.text, text, strlen(text) + 1);
    if (post_check(&x->post) != OK)
        return say_usage(s, "write plain UTF-8", "alliance leave: the reason holds control characters, or is no UTF-8");
    return EXIT_OK;
}

static enum exit_status may_leave(struct leaving *x)
{
    struct desk *d = x->d;
    const struct charter *c = desk_charter(d), *open[STEWARDS_MAX];
    x->is_steward = charter_is_steward(c, &d->identity->slug);
    if (desk_is_alone(d))
        return say_refused(d->s, EXIT_NO, "alone", "a home that is not used any more can simply be put away",
                           "alliance leave: %s is the only member", d->identity->slug.s);
    if (x->is_steward && c->n_stewards == 1)
        return say_refused(d->s, EXIT_NO, "last-steward", "`folkmoot alliance set --steward +SLUG` names another first",
                           "alliance leave: %s is the only steward, and nobody could sign a charter without it",
                           d->identity->slug.s);
    if (x->is_steward && chain_proposals(d->chain, open) > 0 && !option_flag(&d->s->options, "instead"))
        return say_refused(d->s, EXIT_NO, "pending", "`folkmoot alliance sign` shows and countersigns it; --instead proposes "
                           "this one in its place", "another change of the charter is waiting for signatures");
    return EXIT_OK;
}

static enum exit_status tell(struct leaving *x)
{
    uint64_t idx = 0;
    struct buf plain = buf_on(PAYLOAD_MAX);
    post_write(&x->post, &plain);
    enum err e = buf_status(&plain);
    struct bytes record = buf_bytes(&plain);
    enum exit_status st = e == OK ? seal_records(x->d, x->d->view, TO_ALLIANCE, NULL, &record, 1, "alliance leave", &idx)
                                  : say_failed(x->d->s, e, NULL, "alliance leave");
    buf_release(&plain);
    struct record_id id = {x->d->origin.slug, x->d->origin.generation, idx};
    record_id_text(&id, x->record);
    return st;
}

static enum exit_status propose_it(struct leaving *x)
{
    struct desk *d = x->d;
    struct charter *next = propose_draft(d);
    enum err e = next != NULL ? depart(d, &d->identity->slug, next) : ERR_NOMEM;
    enum exit_status st = e == OK ? EXIT_OK : say_failed(d->s, e, NULL, "alliance leave");
    if (st == EXIT_OK)
        st = propose_check(d, next);
    if (st == EXIT_OK)
        st = propose(d, next, option_flag(&d->s->options, "instead"), &x->p);
    charter_free(next);
    return st;
}

static enum exit_status answer(const struct leaving *x)
{
    struct session *s = x->d->s;
    json_t *doc = json_document(s);
    json_object_set_new(doc, "record", json_text(x->record));
    json_object_set_new(doc, "proposed", json_boolean(x->is_steward));
    json_object_set_new(doc, "stands", json_boolean(x->is_steward && x->p.stands));
    out(s, "%s says that %s leaves.\n", x->record, x->d->identity->slug.s);
    enum exit_status st = output(s, doc, NULL);
    if (st != EXIT_OK)
        return st;
    if (!x->is_steward)
        say_next(s, "a steward runs `folkmoot alliance remove %s --reason TEXT`; until then `folkmoot withdraw %s --reason "
                 "mistake` takes it back", x->d->identity->slug.s, x->record);
    else if (!x->p.stands)
        say_next(s, "another steward runs `folkmoot alliance sign`");
    else
        say_next(s, "folkmootd tells the others; then it can be stopped for good");
    return st;
}

static enum exit_status leave(struct desk *d)
{
    static struct leaving it;               /* some 10 KiB */
    struct leaving *x = &it;
    it = (struct leaving){.d = d};
    enum exit_status st = read_reason(x);
    if (st == EXIT_OK)
        st = may_leave(x);
    if (st == EXIT_OK) {
        say_note(d->s, "%s would leave %s. The reason is told to its members; what %s has published stays with them, and "
                 "verifies for ever. Nothing published from then on is read here.", d->identity->slug.s, desk_charter(d)->name,
                 d->identity->slug.s);
        st = ask_yes(d->s, "Leave?");
    }
    if (st == EXIT_OK)
        st = tell(x);
    if (st == EXIT_OK && x->is_steward)
        st = propose_it(x);
    return st == EXIT_OK ? answer(x) : st;
}

enum exit_status cmd_alliance_leave(struct session *s)
{
    return desk_run(s, DESK_WRITE | DESK_MEMBER | DESK_VIEW, leave);
}
