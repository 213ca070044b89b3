#include "cli/journal/keep.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/journal/journal.h"
#include "cli/say.h"

/* Commands that give something away, or change keys, without an entry in our log to show for it. */
static const char *const always[] = {
    "init", "join", "recover", "export", "report", "alliance invite", "alliance export", "alliance policy", "bundle export",
    "bundle import", "reference import", "reference remove", "prove", "disclose", "export-log", "sign-file", "evidence export",
    "keys rotate", "keys passphrase", "keys backup", "keys restore", "officer add", "officer revoke", "assess sign",
};
/* Options that name a file to be written. */
static const char *const writing[] = {"out", "export", "xlsx"};
/* Options whose values say what was done, and hold no words of anybody's. */
static const char *const telling[] = {
    "to", "out", "export", "xlsx", "for", "format", "audience", "reason", "erase", "due", "return", "opens", "as", "role",
    "authority", "expires", "steward", "witness", "threshold", "quorum",
};

static bool is_among(const char *word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(word, list[i]) == 0)
            return true;
    return false;
}
#define AMONG(word, list) is_among((word), (list), sizeof(list) / sizeof((list)[0]))

static bool is_kept(const struct session *s, const char *name, enum exit_status status)
{
    if (s->did[0] != '\0' || status == EXIT_SECRET)
        return true;
    if (status != EXIT_OK)
        return false;
    for (size_t i = 0; i < s->options.n; i++)
        if (AMONG(s->options.given[i].spec->name, writing))
            return true;
    return AMONG(name, always);
}

/* An invite lets its bearer in: of it only that it was there. */
static void put_arg(struct buf *b, const char *arg)
{
    static const char invite[] = "folkmoot-invite:";
    bool is_invite = strncmp(arg, invite, sizeof(invite) - 1) == 0;
    buf_printf(b, " %.*s", is_invite ? (int)sizeof(invite) - 1 : 160, arg);
}

static void detail(const struct session *s, const char *name, struct buf *ret)
{
    bool has_words = strcmp(name, "search") == 0 || strcmp(name, "sql") == 0;
    buf_printf(ret, "%s", s->did);
    for (size_t i = 0; i < s->n_args && i < 8 && !has_words; i++)
        put_arg(ret, s->args[i]);
    if (s->n_args > 8)
        buf_printf(ret, " and %zu more", s->n_args - 8);
    for (size_t i = 0; i < s->options.n; i++) {
        const struct option_given *g = &s->options.given[i];
        if (AMONG(g->spec->name, telling))
            buf_printf(ret, " --%s%s%.120s", g->spec->name, g->value != NULL ? " " : "", g->value != NULL ? g->value : "");
    }
}

static const char *officer_of(const struct session *s)
{
    for (size_t i = 0; i < s->options.n; i++)
        if (strcmp(s->options.given[i].spec->name, "as") == 0)
            return s->options.given[i].value;
    return NULL;
}

static void user_of(char *ret, size_t size)
{
    const struct passwd *p = getpwuid(getuid());
    if (p != NULL && p->pw_name != NULL)
        (void)snprintf(ret, size, "%s", p->pw_name);
    else
        (void)snprintf(ret, size, "uid %lu", (unsigned long)getuid());
}

static bool is_home(const struct session *s)
{
    char path[4096];
    struct stat st;
    if (s->home.path[0] == '\0')
        return false;
    home_path(&s->home, HOME_PRIVATE, path);
    return stat(path, &st) == 0;
}

void journal_keep(struct session *s, enum exit_status status)
{
    char name[COMMAND_NAME_MAX], user[JOURNAL_WORD_MAX];
    struct buf text = buf_on(16 * 1024);
    command_name(s->command, ' ', name);
    if (!is_kept(s, name, status) || !is_home(s))
        return;
    user_of(user, sizeof(user));
    detail(s, name, &text);
    const char *said = buf_str(&text);
    struct journal_act act = {
        .at_ms = session_now_ms(), .user = user, .officer = officer_of(s), .command = name,
        .outcome = status == EXIT_OK ? "done" : status == EXIT_SECRET ? "no passphrase" : s->did[0] != '\0' ? "done in part"
                                                                                                              : "failed",
        .detail = said == NULL ? NULL : said[0] == ' ' ? said + 1 : said,
    };
    enum err e = journal_add(&s->home, &act);
    if (e != OK)
        say_warning(s, "private/journal has no line of this: %s", err_text(e));
    buf_release(&text);
}
