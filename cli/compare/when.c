/* cli/compare/when.c - which period is compared (compare.h). */
#include "cli/ask.h"
#include "cli/compare/compare.h"

/* Of what others published, when no member returned any: newest first. */
struct seeking_period { const struct period_asked *asked; struct time_period *ret; unsigned to_skip; bool found; };

static enum err seek_period(void *arg, const struct time_period *p, uint64_t returns)
{
    struct seeking_period *s = arg;
    (void)returns;
    if (s->found || (s->asked->kind == PERIOD_NAMED && !period_matches(s->asked, p->period, p->time_identifier)) ||
        s->to_skip-- > 0)
        return OK;
    *s->ret = *p;
    s->found = true;
    return OK;
}

enum err compare_period(const struct compare_ask *ask, const struct period_asked *asked, struct time_period *ret,
                        struct latest *ret_latest)
{
    const char *id = ask->definition->definition.id;
    struct seeking_period seeking = {asked, ret, asked->kind == PERIOD_PREVIOUS, false};
    enum err e = ask_which_period(ask->v, id, ask->breakdown, asked, ret, ret_latest);
    if (e != ERR_UNKNOWN || !compare_is_wide(ask))
        return e;
    e = view_reference_periods(ask->v, id, ask->breakdown, seek_period, &seeking);
    return e == OK && !seeking.found ? ERR_UNKNOWN : e;
}
