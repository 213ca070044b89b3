/* cli/cmd_alliance_succeed.c - a reorganisation: who goes on where whom left off. It changes no right. */
#include "cli/commands.h"

#include <string.h>

#include "cli/alliance/propose.h"
#include "cli/day.h"
#include "cli/nearest.h"
#include "cli/register/register.h"
#include "cli/say.h"

const struct option_spec options_alliance_succeed[] = {
    {"by", 0, OPTION_LIST, "SLUG,...", "who goes on: members of this alliance"},
    {"from", 0, OPTION_VALUE, "DATE", "the day from which they do, as 2023-04-01"},
    {"instead", 0, OPTION_FLAG, NULL, "replace a proposal that waits for signatures"},
    OPTIONS_END,
};

enum { NEW_MAX = 16 };

struct succeeding {
    struct desk *d;
    const char *from;
    size_t n_new;
    struct slug new[NEW_MAX];
    struct charter *next;
};

static enum exit_status add_new(struct succeeding *x, const char *word)
{
    const struct member *m = desk_find_member(x->d, word);
    if (m == NULL)
        return EXIT_USAGE;
    if (x->n_new == NEW_MAX)
        return say_usage(x->d->s, NULL, "alliance succeed: at most %d bodies go on where one left off", (int)NEW_MAX);
    x->new[x->n_new++] = m->slug;
    return EXIT_OK;
}

static enum exit_status read_new(struct succeeding *x)
{
    const char *item;
    enum exit_status st = EXIT_OK;
    for (size_t i = 0; st == EXIT_OK && (item = option_item(&x->d->s->options, "by", i)) != NULL; i++) {
        char word[128];
        for (const char *p = item; st == EXIT_OK && *p != '\0'; p += strspn(p, ",")) {
            size_t len = strcspn(p, ",");
            if (len >= sizeof(word))
                return say_usage(x->d->s, "`folkmoot alliance show` lists the members", "--by %s: no such name", item);
            memcpy(word, p, len);
            word[len] = '\0';
            if (len > 0)
                st = add_new(x, word);
            p += len;
        }
    }
    if (st == EXIT_OK && x->n_new == 0)
        st = say_usage(x->d->s, "--by SLUG", "alliance succeed: by whom?");
    return st;
}

static enum exit_status read_from(struct succeeding *x)
{
    uint64_t ignored;
    x->from = option_value(&x->d->s->options, "from");
    if (x->from == NULL)
        return say_usage(x->d->s, "--from 2023-04-01", "alliance succeed: from which day?");
    if (strlen(x->from) != 10 || day_end(x->from, &ignored) != OK)
        return say_usage(x->d->s, "a day, as 2023-04-01", "--from %s", x->from);
    return EXIT_OK;
}

/* A member, present or former, or a body that the register knows: what stands in a charter is not to be a misspelling. */
static enum exit_status find_old(struct succeeding *x, const char *word, struct slug *ret)
{
    const struct charter *c = desk_charter(x->d);
    const struct authority *a = NULL;
    for (size_t i = 0; i < c->n_members; i++)
        if (strcmp(c->members[i].slug.s, word) == 0) {
            *ret = c->members[i].slug;
            return EXIT_OK;
        }
    if (register_find(word, &a) == OK) {
        *ret = a->slug;
        return EXIT_OK;
    }
    struct nearest near = nearest_to(word);
    for (size_t i = 0; i < c->n_members; i++)
        nearest_offer(&near, c->members[i].slug.s);
    const char *best = near.best != NULL ? near.best : register_nearest(word);
    return say_unknown(x->d->s, "authority", word, best, "a member, a former one, or an authority of the register");
}

static enum exit_status add_line(struct succeeding *x, const struct slug *old, const struct slug *new)
{
    struct charter *c = x->next;
    struct session *s = x->d->s;
    if (slug_equal(old, new))
        return say_usage(s, "--by names those who go on", "alliance succeed: %s cannot succeed itself", new->s);
    for (size_t i = 0; i < c->n_successions; i++)
        if (slug_equal(&c->successions[i].slug, new) && slug_equal(&c->successions[i].old, old))
            return say_refused(s, EXIT_NO, "exists", "`folkmoot alliance show` lists what the charter says",
                               "%s succeeds %s already, from %s", new->s, old->s, c->successions[i].from);
    if (c->n_successions == CHARTER_SUCCESSIONS_MAX)
        return say_refused(s, EXIT_NO, "limit", NULL, "a charter names at most %d successions", (int)CHARTER_SUCCESSIONS_MAX);
    struct succession *line = &c->successions[c->n_successions++];
    *line = (struct succession){.slug = *new, .old = *old};
    memcpy(line->from, x->from, sizeof(line->from));
    return EXIT_OK;
}

static enum exit_status draft(struct succeeding *x)
{
    enum exit_status st = EXIT_OK;
    x->next = propose_draft(x->d);
    if (x->next == NULL)
        return say_failed(x->d->s, ERR_NOMEM, NULL, "alliance succeed");
    for (size_t i = 0; st == EXIT_OK && i < x->d->s->n_args; i++) {
        struct slug old;
        st = find_old(x, x->d->s->args[i], &old);
        for (size_t k = 0; st == EXIT_OK && k < x->n_new; k++)
            st = add_line(x, &old, &x->new[k]);
    }
    return st == EXIT_OK ? propose_check(x->d, x->next) : st;
}

static enum exit_status succeed(struct desk *d)
{
    struct succeeding x = {.d = d};
    struct proposed p;
    enum exit_status st = propose_need_steward(d);
    if (st == EXIT_OK)
        st = read_from(&x);
    if (st == EXIT_OK)
        st = read_new(&x);
    if (st == EXIT_OK)
        st = draft(&x);
    if (st == EXIT_OK) {
        propose_show(d, desk_charter(d), x.next);
        say_note(d->s, "It says who goes on where whom left off, and changes nobody's rights: whoever is a member no more is "
                 "removed besides.");
        st = ask_yes(d->s, "Propose it?");
    }
    if (st == EXIT_OK)
        st = propose(d, x.next, option_flag(&d->s->options, "instead"), &p);
    charter_free(x.next);
    return st == EXIT_OK ? propose_answer(d, &p) : st;
}

enum exit_status cmd_alliance_succeed(struct session *s)
{
    return desk_run(s, DESK_WRITE, succeed);
}
