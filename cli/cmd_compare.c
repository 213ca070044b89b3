/* cli/cmd_compare.c - one indicator, the authorities beside each other. */
#include "cli/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/compare/answer.h"
#include "cli/day.h"
#include "cli/say.h"

const struct option_spec options_compare[] = {
    {"period", 0, OPTION_VALUE, "PERIOD", "2024, 2024-25, 2024-25 Q1, latest (unless given), previous"},
    WHOM_OPTIONS,
    {"breakdown", 0, OPTION_VALUE, "K=V", "one breakdown of the figure; the headline unless given"},
    {"sort", 0, OPTION_CHOICE, "value|name|rank", "by rank unless given"},
    {"authority", 0, OPTION_VALUE, "A", "whose row is marked, and whose neighbours count; your own unless given"},
    {"as-of", 0, OPTION_VALUE, "DATE", "what was known at the end of that day, 2025-01-31"},
    OPTIONS_END,
};

/* ---- who ---- */

static enum exit_status read_whom(struct comparing *x)
{
    enum exit_status st = whom_read(x->d, x->view, WHOM_ANYBODY, SET_ALLIANCE, &x->whom);
    whom_put(&x->whom, &x->ask);
    return st;
}

static enum exit_status read_authority(struct comparing *x)
{
    const char *word = option_value(&x->d->s->options, "authority");
    bool is_member;
    x->marked = x->d->identity->slug;
    x->ask.marked = &x->marked;
    return word != NULL ? ask_authority(x->d, word, &x->marked, &is_member) : EXIT_OK;
}

/* ---- when ---- */

static enum exit_status read_as_of(struct comparing *x)
{
    const char *word = option_value(&x->d->s->options, "as-of");
    x->ask.as_of_ms = UINT64_MAX;
    if (word == NULL || day_end(word, &x->ask.as_of_ms) == OK)
        return EXIT_OK;
    return say_usage(x->d->s, "write 2025-01-31", "--as-of %s: this is no date", word);
}

static enum exit_status read_period(struct comparing *x)
{
    struct session *s = x->d->s;
    struct period_asked asked;
    const char *word = option_value(&s->options, "period"), *id = x->definition.definition.id;
    enum exit_status st = ask_period(s, word, PERIOD_LATEST, &asked);
    if (st != EXIT_OK)
        return st;
    enum err e = compare_period(&x->ask, &asked, &x->ask.period, &x->latest);
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_NO, "nothing-found", "`folkmoot coverage` says who has returned what",
                           "compare %s: no figure of %s%s is held", id, word != NULL ? "period " : "any period",
                           word != NULL ? word : "");
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "compare");
}

static enum exit_status read_ask(struct comparing *x)
{
    static enum exit_status (*const each[])(struct comparing *x) = {read_whom, read_authority, read_as_of, read_period};
    const char *breakdown = option_value(&x->d->s->options, "breakdown");
    enum exit_status st = ask_indicator(x->d->s, x->view, x->d->s->args[0], &x->definition);
    x->ask = (struct compare_ask){.v = x->view, .charter = desk_charter(x->d), .definition = &x->definition,
                                  .breakdown = breakdown != NULL ? breakdown : ""};
    for (size_t i = 0; st == EXIT_OK && i < sizeof(each) / sizeof(each[0]); i++)
        st = each[i](x);
    return st;
}

/* What was asked for needs public figures, and there are none. */
static enum exit_status check_public(const struct comparing *x)
{
    static const char *const whom[] = {[SET_ALLIANCE] = "", [SET_NEIGHBOURS] = "the neighbours", [SET_ENGLAND] = "England",
                                       [SET_ALL] = ""};
    const struct comparison *c = &x->c;
    bool lacks = x->ask.set == SET_ENGLAND || (x->ask.set == SET_NEIGHBOURS && c->neighbours.n == 0);
    if (c->any_public || !lacks)
        return EXIT_OK;
    return say_refused(x->d->s, EXIT_NO, "no-reference", "`folkmoot reference import FILE.csv --source TEXT` takes them",
                       "compare %s: figures of %s are no member's, and no public figures of that period are held here",
                       x->definition.definition.id, whom[x->ask.set]);
}

static enum exit_status compare(struct comparing *x)
{
    const char *sort = option_value(&x->d->s->options, "sort");
    enum exit_status st = read_ask(x);
    if (st != EXIT_OK)
        return st;
    enum err e = compare_make(&x->ask, &x->c);
    if (e != OK)
        return say_failed(x->d->s, e, NULL, "compare");
    compare_sort(&x->c, sort == NULL ? ORDER_RANK : sort[0] == 'v' ? ORDER_VALUE : sort[0] == 'n' ? ORDER_NAME : ORDER_RANK);
    st = check_public(x);
    if (st == EXIT_OK)
        st = compare_answer(x);
    compare_release(&x->c);
    return st;
}

enum exit_status cmd_compare(struct session *s)
{
    struct desk d;
    struct comparing *x = calloc(1, sizeof(*x));
    enum exit_status st = desk_open(s, STORE_READ, &d);
    if (st == EXIT_OK && x == NULL)
        st = say_failed(s, ERR_NOMEM, NULL, "compare");
    if (st == EXIT_OK) {
        x->d = &d;
        st = desk_view(&d, &x->view);
    }
    if (st == EXIT_OK)
        st = compare(x);
    if (x != NULL)
        view_close(x->view);
    free(x);
    desk_close(&d);
    return st;
}
