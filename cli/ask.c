#include "cli/ask.h"

#include <string.h>

#include "cli/official.h"
#include "cli/register/register.h"
#include "cli/say.h"

/* Among the official ones and the alliance's own. */
static enum exit_status offer_nearest(struct session *s, struct view *v, const char *word)
{
    struct lexicon *x = lexicon_new(v);
    const char *near = x != NULL ? lexicon_nearest(x, word) : NULL;
    enum err e = x != NULL ? lexicon_status(x) : ERR_NOMEM;
    enum exit_status st = e != OK ? say_failed(s, e, NULL, "looking up %s", word) :
                                    say_unknown(s, "indicator", word, near, "`folkmoot indicators` lists them");
    lexicon_free(x);
    return st;
}

enum exit_status ask_indicator(struct session *s, struct view *v, const char *word, struct definition_row *ret)
{
    enum err e = strlen(word) <= INDICATOR_MAX ? view_definition(v, word, &official_definitions, ret) : ERR_UNKNOWN;
    if (e == OK)
        return EXIT_OK;
    if (e != ERR_UNKNOWN)
        return say_failed(s, e, NULL, "looking up %s", word);
    return offer_nearest(s, v, word);
}

enum exit_status ask_period(struct session *s, const char *word, enum period_kind otherwise, struct period_asked *ret)
{
    *ret = (struct period_asked){.kind = otherwise};
    if (word == NULL || period_parse(word, ret) == OK)
        return EXIT_OK;
    return say_usage(s, "write 2024, 2024-25, 2024-25 Q1, latest or previous", "--period %s: this is no period", word);
}

static const struct member *member_of_codes(const struct charter *c, const struct authority *a)
{
    for (size_t i = 0; c != NULL && i < c->n_members; i++)
        if (authority_has_codes(a, c->members[i].codes.dfe, c->members[i].codes.gss))
            return &c->members[i];
    return NULL;
}

enum exit_status ask_authority(struct desk *d, const char *word, struct slug *ret, bool *ret_is_member)
{
    const struct charter *c = desk_charter(d);
    const struct authority *a = NULL;
    struct slug slug;
    const struct member *m = c != NULL && slug_parse(bytes_of(word), &slug) == OK ? charter_find(c, &slug) : NULL;
    if (m == NULL && register_find(word, &a) == OK)
        m = member_of_codes(c, a);
    if (m == NULL && a == NULL && (m = desk_find_member(d, word)) == NULL)
        return EXIT_USAGE;
    *ret_is_member = m != NULL;
    *ret = m != NULL ? m->slug : a->slug;
    return EXIT_OK;
}

struct seeking { const struct period_asked *asked; struct time_period *ret; bool found; };

static enum err seek(void *arg, const struct time_period *p, uint64_t returns)
{
    struct seeking *s = arg;
    (void)returns;
    if (s->found || !period_matches(s->asked, p->period, p->time_identifier))
        return OK;
    *s->ret = *p;
    s->found = true;
    return OK;
}

enum err ask_which_period(struct view *v, const char *indicator, const char *breakdown, const struct period_asked *asked,
                          struct time_period *ret, struct latest *ret_latest)
{
    struct seeking seeking = {asked, ret, false};
    struct latest latest = {.returns = 0};
    enum err e = OK;
    if (ret_latest != NULL)
        *ret_latest = latest;
    switch (asked->kind) {
    case PERIOD_NAMED:
        e = view_periods(v, indicator, breakdown, seek, &seeking);
        return e == OK && !seeking.found ? ERR_UNKNOWN : e;
    case PERIOD_LATEST:
    case PERIOD_PREVIOUS:
        e = view_latest(v, indicator, breakdown, &latest);
        if (e != OK)
            return e;
        if (asked->kind == PERIOD_PREVIOUS)
            return view_previous(v, indicator, breakdown, &latest.period, ret);
        *ret = latest.period;
        if (ret_latest != NULL && latest.is_before_newest)
            *ret_latest = latest;
        return OK;
    }
    return ERR_FORMAT;
}
