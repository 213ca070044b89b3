#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/alliance/propose.h"
#include "cli/opening/promise.h"
#include "cli/publish/small.h"
#include "cli/say.h"
#include "keys/file.h"

const struct option_spec options_alliance_set[] = {
    {"steward", 0, OPTION_LIST, "+SLUG|-SLUG", "add or drop a steward"},
    {"threshold", 0, OPTION_VALUE, "K", "how many stewards must sign a change"},
    {"witness", 0, OPTION_LIST, "+SLUG|-SLUG",
     "add or drop a witness; while none is named the first seven authorities are, from the first on only those named"},
    {"quorum", 0, OPTION_VALUE, "K|auto", "how many witnesses make a quorum; auto: by their number"},
    {"role", 0, OPTION_LIST, "SLUG=ROLE", "give a member another role"},
    {"history", 0, OPTION_CHOICE, "all|from-admission", "what newcomers may read"},
    {"agreement", 0, OPTION_VALUE, "FILE", "name the sharing agreement: its hash, and the file's name as its title"},
    {"purpose", 0, OPTION_VALUE, "TEXT", "what the data may be used for"},
    {"foi", 0, OPTION_VALUE, "TEXT", "what is agreed on freedom of information requests"},
    {"retain", 0, OPTION_VALUE, "TIME TEXT", "how long data is kept, such as \"6y after the year it is of\""},
    {"opens", 0, OPTION_VALUE, "TIME", "when what was shared in confidence is opened, such as 90d"},
    {"small-numbers", 0, OPTION_VALUE, "N TEXT",
     "the largest count of people that is withheld from the public, from 5 to 100, such as \"10 and below\""},
    {"instead", 0, OPTION_FLAG, NULL, "replace a proposal that waits for signatures"},
    OPTIONS_END,
};

static enum exit_status change_list(struct desk *d, const char *option, const char *word, struct slug *list, size_t *n, size_t max)
{
    if (word[0] != '+' && word[0] != '-')
        return say_usage(d->s, "+SLUG adds, -SLUG drops", "--%s %s: it neither adds nor drops", option, word);
    const struct member *m = desk_find_member(d, word + 1);
    if (m == NULL)
        return EXIT_USAGE;
    size_t at = 0;
    while (at < *n && !slug_equal(&list[at], &m->slug))
        at++;
    if (word[0] == '+' && at == *n) {
        if (*n == max)
            return say_refused(d->s, EXIT_NO, "limit", "drop one with -SLUG first", "--%s: at most %zu", option, max);
        list[(*n)++] = m->slug;
    } else if (word[0] == '-') {
        if (at == *n)
            return say_usage(d->s, "`folkmoot alliance show` lists them", "--%s %s: it is none", option, word);
        memmove(&list[at], &list[at + 1], (*n - at - 1) * sizeof(list[0]));
        (*n)--;
    }
    return EXIT_OK;
}

static enum exit_status change_role(struct desk *d, const char *word, struct charter *next)
{
    const char *eq = strchr(word, '=');
    char slug[SLUG_MAX + 1];
    enum role role;
    if (eq == NULL || bytes_to_str((struct bytes){(const uint8_t *)word, (size_t)(eq - word)}, slug, sizeof(slug)) != OK
        || role_parse(bytes_of(eq + 1), &role) != OK)
        return say_usage(d->s, "SLUG=authority|lead|partner|relay", "--role %s", word);
    const struct member *m = desk_find_member(d, slug);
    if (m == NULL)
        return EXIT_USAGE;
    for (size_t i = 0; i < next->n_members; i++)
        if (slug_equal(&next->members[i].slug, &m->slug))
            next->members[i].role = role;
    return EXIT_OK;
}

static enum exit_status number(struct desk *d, const char *option, uint32_t *ret)
{
    const char *word = option_value(&d->s->options, option);
    uint64_t n;
    if (word == NULL)
        return EXIT_OK;
    if (strcmp(option, "quorum") == 0 && strcmp(word, "auto") == 0)
        n = 0;
    else if (bytes_u64(bytes_of(word), STEWARDS_MAX, &n) != OK || n == 0)
        return say_usage(d->s, "a whole number from 1 to 31", "--%s %s: it is no such number", option, word);
    *ret = (uint32_t)n;
    return EXIT_OK;
}

static enum exit_status text(struct desk *d, const char *option, char *ret, size_t size)
{
    const char *word = option_value(&d->s->options, option);
    if (word == NULL)
        return EXIT_OK;
    if (bytes_to_str(bytes_of(word), ret, size) != OK)
        return say_usage(d->s, "at most 500 bytes", "--%s: it is too long", option);
    return EXIT_OK;
}

static enum exit_status agreement(struct desk *d, struct charter *next)
{
    const char *file = option_value(&d->s->options, "agreement");
    if (file == NULL)
        return EXIT_OK;
    const char *slash = strrchr(file, '/'), *title = slash != NULL ? slash + 1 : file;
    struct buf b = buf_on(64 * 1024 * 1024);
    enum err e = file_read(file, 64 * 1024 * 1024, &b);
    if (e == OK)
        e = bytes_to_str(bytes_of(title), next->agreement_title, sizeof(next->agreement_title));
    if (e == OK) {
        next->has_agreement = true;
        next->agreement = sha256(buf_bytes(&b));
    }
    buf_release(&b);
    return e == OK ? EXIT_OK : say_unreadable(d->s, e, file, "an agreement is at most 64 MiB, its name at most 200 bytes");
}

static enum exit_status change_lists(struct desk *d, struct charter *next)
{
    const struct options *o = &d->s->options;
    const char *word;
    enum exit_status st = EXIT_OK;
    for (size_t i = 0; st == EXIT_OK && (word = option_item(o, "steward", i)) != NULL; i++)
        st = change_list(d, "steward", word, next->stewards, &next->n_stewards, STEWARDS_MAX);
    for (size_t i = 0; st == EXIT_OK && (word = option_item(o, "witness", i)) != NULL; i++)
        st = change_list(d, "witness", word, next->witnesses, &next->n_witnesses, WITNESSES_MAX);
    for (size_t i = 0; st == EXIT_OK && (word = option_item(o, "role", i)) != NULL; i++)
        st = change_role(d, word, next);
    return st;
}

/* What the program itself goes by must be there to be read: the first word of it. */
static enum exit_status check_texts(struct desk *d, const struct charter *next)
{
    uint64_t s;
    int64_t n;
    if (option_value(&d->s->options, "opens") != NULL && next->opens[0] != '\0' && !charter_time(next->opens, &s))
        return say_usage(d->s, "90d, or 90d and more words", "--opens %s: it does not begin with a length of time", next->opens);
    if (option_value(&d->s->options, "retain") != NULL && next->retain[0] != '\0' && !charter_time(next->retain, &s))
        say_note(d->s, "--retain: it does not begin with a length of time, such as 6y: so `folkmoot holdings` cannot tell what is "
                 "too old.");
    if (option_value(&d->s->options, "small-numbers") != NULL && next->small_numbers[0] != '\0'
        && !small_numbers_read(next->small_numbers, &n))
        return say_usage(d->s, "10, or \"10 and below\"; \"\" leaves 5, the least",
                         "--small-numbers %s: it does not begin with a number from 5 to 100", next->small_numbers);
    return EXIT_OK;
}

static enum exit_status change(struct desk *d, struct charter *next)
{
    const char *history = option_value(&d->s->options, "history");
    enum exit_status st = change_lists(d, next);
    if (st == EXIT_OK)
        st = number(d, "threshold", &next->threshold);
    if (st == EXIT_OK)
        st = number(d, "quorum", &next->quorum);
    if (history != NULL)
        next->history_from_admission = strcmp(history, "from-admission") == 0;
    if (st == EXIT_OK)
        st = agreement(d, next);
#define TEXTS(X) X("purpose", purpose) X("foi", foi) X("retain", retain) X("opens", opens) X("small-numbers", small_numbers)
#define X(option, field)                                                      \
    if (st == EXIT_OK)                                                        \
        st = text(d, option, next->field, sizeof(next->field));
    TEXTS(X)
#undef X
    return st == EXIT_OK ? check_texts(d, next) : st;
}

/* Any option of its own, but for --instead, which goes with others. */
static bool sets_something(const struct options *o)
{
    for (const struct option_spec *spec = options_alliance_set; spec->name != NULL; spec++)
        if (strcmp(spec->name, "instead") != 0 && option_item(o, spec->name, 0) != NULL)
            return true;
    return false;
}

static enum exit_status set(struct desk *d)
{
    struct proposed p;
    enum exit_status st = propose_need_steward(d);
    if (st != EXIT_OK)
        return st;
    if (!sets_something(&d->s->options))
        return say_usage(d->s, "`folkmoot alliance set --help` lists what can be set", "alliance set: set what?");
    struct charter *next = propose_draft(d);
    st = next != NULL ? change(d, next) : say_failed(d->s, ERR_NOMEM, NULL, "alliance set");
    if (st == EXIT_OK)
        st = propose_check(d, next);
    if (st == EXIT_OK) {
        propose_show(d, desk_charter(d), next);
        st = ask_yes(d->s, "Sign it?");
    }
    if (st == EXIT_OK)
        st = propose(d, next, option_flag(&d->s->options, "instead"), &p);
    charter_free(next);
    if (st != EXIT_OK)
        return st;
    return propose_answer(d, &p);
}

enum exit_status cmd_alliance_set(struct session *s)
{
    return desk_run(s, DESK_WRITE, set);
}
