#include "cli/commands.h"

#include "cli/alliance/depart.h"
#include "cli/alliance/propose.h"
#include "cli/say.h"

const struct option_spec options_alliance_remove[] = {
    {"reason", 0, OPTION_VALUE, "TEXT", "why; it is shown here and not written into the charter"},
    {"instead", 0, OPTION_FLAG, NULL, "replace a proposal that waits for signatures"},
    OPTIONS_END,
};

static enum exit_status remove_member(struct desk *d)
{
    struct proposed p;
    const char *reason = option_value(&d->s->options, "reason");
    enum exit_status st = propose_need_steward(d);
    if (st != EXIT_OK)
        return st;
    if (reason == NULL)
        return say_usage(d->s, "--reason TEXT", "alliance remove: why?");
    const struct member *m = desk_find_member(d, session_arg(d->s, 0));
    if (m == NULL)
        return EXIT_USAGE;
    if (m->is_former)
        return say_refused(d->s, EXIT_NO, "former", "`folkmoot alliance show` lists the members",
                           "%s: it is no member any more", m->slug.s);
    struct charter *next = propose_draft(d);
    enum err e = next != NULL ? depart(d, &m->slug, next) : ERR_NOMEM;
    st = e == OK ? EXIT_OK : say_failed(d->s, e, NULL, "alliance remove");
    if (st == EXIT_OK)
        st = propose_check(d, next);
    if (st == EXIT_OK) {
        propose_show(d, desk_charter(d), next);
        say_note(d->s, "Reason: %s. It keeps what it has read; it reads nothing that is published from then on.", reason);
        st = ask_yes(d->s, "Remove %s?", m->slug.s);
    }
    if (st == EXIT_OK)
        st = propose(d, next, option_flag(&d->s->options, "instead"), &p);
    charter_free(next);
    if (st != EXIT_OK)
        return st;
    return propose_answer(d, &p);
}

enum exit_status cmd_alliance_remove(struct session *s)
{
    return desk_run(s, DESK_WRITE, remove_member);
}
