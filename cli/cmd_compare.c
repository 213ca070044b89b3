/* cli/cmd_compare.c - one indicator, the authorities beside each other. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/compare/answer.h"
#include "cli/day.h"
#include "cli/say.h"

const struct option_spec options_compare[] = {
    {"period", 0, OPTION_VALUE, "PERIOD", "2024, 2024-25, 2024-25 Q1, latest (unless given), previous"},
    {"with", 0, OPTION_VALUE, "alliance|SLUG,...", "with whom; the alliance unless given"},
    {"breakdown", 0, OPTION_VALUE, "K=V", "one breakdown of the figure; the headline unless given"},
    {"sort", 0, OPTION_CHOICE, "value|name|rank", "by rank unless given"},
    {"authority", 0, OPTION_VALUE, "A", "whose row is marked; your own unless given"},
    {"as-of", 0, OPTION_VALUE, "DATE", "what was known at the end of that day, 2025-01-31"},
    OPTIONS_END,
};

/* ---- what is asked ---- */

static enum exit_status with_slugs(struct comparing *x, const char *words)
{
    for (const char *p = words; *p != '\0';) {
        char word[NAME_MAX_LEN + 1];
        size_t len = strcspn(p, ",");
        if (len == 0 || len > NAME_MAX_LEN || x->ask.n_only == MEMBERS_MAX)
            return say_usage(x->d->s, "alliance, or SLUG,SLUG,...", "--with %s: no list of members", words);
        memcpy(word, p, len);
        word[len] = '\0';
        const struct member *m = desk_find_member(x->d, word);
        if (m == NULL)
            return EXIT_USAGE;
        x->only[x->ask.n_only++] = m->slug;
        p += len;
        p += *p == ',';
    }
    x->ask.only = x->only;
    return EXIT_OK;
}

static enum exit_status read_with(struct comparing *x)
{
    const char *with = option_value(&x->d->s->options, "with");
    if (with == NULL || strcmp(with, "alliance") == 0 || strcmp(with, "all") == 0)
        return EXIT_OK;
    if (strcmp(with, "neighbours") == 0 || strcmp(with, "england") == 0)
        return say_refused(x->d->s, EXIT_NO, "no-reference", "compare within the alliance, or with members by name",
                           "compare: figures of %s are no member's, and no reference figures are held here", with);
    return with_slugs(x, with);
}

static enum exit_status read_authority(struct comparing *x)
{
    const char *word = option_value(&x->d->s->options, "authority");
    x->marked = word != NULL ? desk_find_member(x->d, word) : charter_find(desk_charter(x->d), &x->d->identity->slug);
    return x->marked != NULL ? EXIT_OK : EXIT_USAGE;
}

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
    enum err e = ask_which_period(x->view, id, x->ask.breakdown, &asked, &x->ask.period, &x->latest);
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_NO, "nothing-found", "`folkmoot coverage` says who has returned what",
                           "compare %s: no figure of %s%s is held", id, word != NULL ? "period " : "any period",
                           word != NULL ? word : "");
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "compare");
}

static enum exit_status read_ask(struct comparing *x)
{
    const char *breakdown = option_value(&x->d->s->options, "breakdown");
    enum exit_status st = ask_indicator(x->d->s, x->view, x->d->s->args[0], &x->definition);
    x->ask = (struct compare_ask){.v = x->view, .charter = desk_charter(x->d), .definition = &x->definition,
                                  .breakdown = breakdown != NULL ? breakdown : ""};
    if (st == EXIT_OK)
        st = read_with(x);
    if (st == EXIT_OK)
        st = read_authority(x);
    if (st == EXIT_OK)
        st = read_as_of(x);
    if (st == EXIT_OK)
        st = read_period(x);
    return st;
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
