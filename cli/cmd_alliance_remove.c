#include "cli/commands.h"

#include <string.h>

#include "cli/alliance/propose.h"
#include "cli/say.h"

const struct option_spec options_alliance_remove[] = {
    {"reason", 0, OPTION_VALUE, "TEXT", "why; it is shown here and not written into the charter"},
    {"instead", 0, OPTION_FLAG, NULL, "replace a proposal that waits for signatures"},
    OPTIONS_END,
};

/* Its log verifies for ever up to what we hold whole of it now. */
static enum err close_log(struct desk *d, struct member *m)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct origin o = {.alliance = d->origin.alliance, .slug = m->slug, .generation = 1};
    enum err e = store_log(d->store, &o, &l, &note);
    struct frontier nothing;
    frontier_init(&nothing);
    m->is_former = true;
    m->closed_size = e == OK ? l.whole : 0;
    m->closed_root = e == OK && l.whole > 0 ? l.whole_root : frontier_root(&nothing);
    buf_release(&note);
    return e == ERR_UNKNOWN ? OK : e;
}

static void drop(struct slug *list, size_t *n, const struct slug *slug)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (!slug_equal(&list[i], slug))
            list[kept++] = list[i];
    *n = kept;
}

static enum err change(struct desk *d, const struct slug *slug, struct charter *next)
{
    struct member m = {0};
    size_t at = 0;
    while (at < next->n_members && !slug_equal(&next->members[at].slug, slug))
        at++;
    m = next->members[at];
    enum err e = close_log(d, &m);
    memmove(&next->members[at], &next->members[at + 1], (next->n_members - at - 1) * sizeof(next->members[0]));
    next->members[next->n_members - 1] = m;     /* former ones come after the members */
    drop(next->stewards, &next->n_stewards, slug);
    drop(next->witnesses, &next->n_witnesses, slug);
    if (next->threshold > next->n_stewards)
        next->threshold = (uint32_t)next->n_stewards;
    return e;
}

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
    enum err e = next != NULL ? change(d, &m->slug, next) : ERR_NOMEM;
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
