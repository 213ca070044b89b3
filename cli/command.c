#include "cli/command.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cli/nearest.h"
#include "cli/say.h"

const char *command_group_title(enum command_group g)
{
    static const char *const titles[] = {
#define X(sym, title) [sym] = (title),
        COMMAND_GROUPS(X)
#undef X
    };
    return g < GROUP_COUNT ? titles[g] : "";
}

void command_name(const struct command *c, char between, char ret[COMMAND_NAME_MAX])
{
    if (c->sub[0] == '\0')
        snprintf(ret, COMMAND_NAME_MAX, "%s", c->name);
    else
        snprintf(ret, COMMAND_NAME_MAX, "%s%c%s", c->name, between, c->sub);
}

const struct command *command_find(const struct command_table *t, const char *name, const char *sub)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->rows[i].name, name) == 0 && strcmp(t->rows[i].sub, sub) == 0)
            return &t->rows[i];
    return NULL;
}

bool command_has_subs(const struct command_table *t, const char *name)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->rows[i].name, name) == 0 && t->rows[i].sub[0] != '\0')
            return true;
    return false;
}

static bool name_is_known(const struct command_table *t, const char *name)
{
    return command_find(t, name, "") != NULL || command_has_subs(t, name);
}

/* What stands where in argv: the cursor of the parse. */
struct parse {
    const struct command_table *table;
    struct session *s;
    char **argv;
    int argc, at;
    const char *name;               /* the command's first word, NULL before it */
    bool only_args;                 /* behind -- */
};

static enum exit_status unknown_command(struct parse *p, const char *word)
{
    struct nearest near = nearest_to(word);
    for (size_t i = 0; i < p->table->n; i++) {
        if (p->table->rows[i].name[0] != '\0')
            nearest_offer(&near, p->table->rows[i].name);
    }
    return say_unknown(p->s, "command", word, near.best, "`folkmoot help` lists the commands");
}

static enum exit_status unknown_sub(struct parse *p, const char *word)
{
    struct nearest near = nearest_to(word != NULL ? word : "");
    char known[512] = "";
    size_t used = 0;
    for (size_t i = 0; i < p->table->n; i++) {
        const struct command *c = &p->table->rows[i];
        if (strcmp(c->name, p->name) != 0)
            continue;
        nearest_offer(&near, c->sub);
        int n = snprintf(known + used, sizeof(known) - used, "%s%s", used > 0 ? ", " : "one of ", c->sub);
        used += n > 0 && (size_t)n < sizeof(known) - used ? (size_t)n : 0;
    }
    if (word == NULL)
        return say_usage(p->s, known, "%s needs to know what to do: it has several commands", p->name);
    char kind[COMMAND_NAME_MAX];
    snprintf(kind, sizeof(kind), "%.50s command", p->name);
    return say_unknown(p->s, kind, word, near.best, known);
}

static void settle(struct parse *p, const struct command *c)
{
    p->s->command = c;
    p->s->options.own = c->options;
}

/* The word after a command's name: its sub-command, or the bare command's first argument. */
static enum exit_status settle_by_word(struct parse *p, const char *word, bool *ret_is_sub)
{
    const struct command *c = word != NULL ? command_find(p->table, p->name, word) : NULL;
    *ret_is_sub = c != NULL && c->sub[0] != '\0';
    if (!*ret_is_sub)
        c = command_find(p->table, p->name, "");
    if (c == NULL && word == NULL && option_flag(&p->s->options, "help")) {
        c = command_find(p->table, "help", "");         /* `alliance --help` is `help alliance` */
        p->s->args[p->s->n_args++] = p->name;
    }
    if (c == NULL)
        return unknown_sub(p, word);
    settle(p, c);
    return EXIT_OK;
}

static enum exit_status take_word(struct parse *p, const char *word)
{
    if (p->name == NULL) {
        if (word[0] == '\0' || !name_is_known(p->table, word))
            return unknown_command(p, word);
        p->name = word;
        if (!command_has_subs(p->table, word))
            settle(p, command_find(p->table, word, ""));
        return EXIT_OK;
    }
    if (p->s->command == NULL) {
        bool is_sub;
        enum exit_status status = settle_by_word(p, word, &is_sub);
        if (status != EXIT_OK || is_sub)
            return status;
    }
    p->s->args[p->s->n_args++] = word;
    return EXIT_OK;
}

static enum exit_status unknown_option(struct parse *p, const char *dashes, const char *word)
{
    char shown[NEAREST_WORD_MAX + 3];
    struct nearest near = nearest_to(word);
    for (const struct option_spec *o = p->s->options.own; o != NULL && o->name != NULL; o++)
        nearest_offer(&near, o->name);
    for (const struct option_spec *o = options_common; o->name != NULL; o++)
        nearest_offer(&near, o->name);
    if (near.best != NULL)
        snprintf(shown, sizeof(shown), "--%.*s", NEAREST_WORD_MAX, near.best);
    char kind[COMMAND_NAME_MAX + 16] = "option";
    if (p->s->command != NULL) {
        char name[COMMAND_NAME_MAX];
        command_name(p->s->command, ' ', name);
        snprintf(kind, sizeof(kind), "option of `%.60s`", name);
    }
    char given[128];
    snprintf(given, sizeof(given), "%s%.100s", dashes, word);
    return say_unknown(p->s, kind, given, near.best != NULL ? shown : NULL, "--help lists the options");
}

static enum exit_status keep_option(struct parse *p, const struct option_spec *spec, const char *value)
{
    struct options *o = &p->s->options;
    for (size_t i = 0; i < o->n; i++)
        if (o->given[i].spec == spec && (spec->kind == OPTION_VALUE || spec->kind == OPTION_CHOICE))
            return say_usage(p->s, "give it once", "--%s: it was given twice", spec->name);
    if (spec->kind == OPTION_CHOICE && !option_choice_holds(spec->argument, value)) {
        char remedy[256];
        snprintf(remedy, sizeof(remedy), "one of %.200s", spec->argument);
        return say_usage(p->s, remedy, "--%s %s: no such choice", spec->name, value);
    }
    o->given[o->n++] = (struct option_given){spec, value};
    return EXIT_OK;
}

/* An option of the command must wait until the command is known: `folkmoot alliance --json show`
 * leaves it open, `folkmoot indicators --sort name` settles for the bare command. */
static enum exit_status settle_for_option(struct parse *p)
{
    bool is_sub;
    if (p->s->command != NULL || p->name == NULL)
        return EXIT_OK;
    return settle_by_word(p, NULL, &is_sub);
}

static enum exit_status take_value(struct parse *p, const struct option_spec *spec, const char *joined)
{
    if (spec->kind == OPTION_FLAG) {
        if (joined != NULL)
            return say_usage(p->s, "leave the value out", "--%s: it takes no value", spec->name);
        return keep_option(p, spec, NULL);
    }
    if (joined == NULL && p->at >= p->argc) {
        char remedy[256];
        snprintf(remedy, sizeof(remedy), "--%.60s %.160s", spec->name, spec->argument);
        return say_usage(p->s, remedy, "--%s: its value is missing", spec->name);
    }
    return keep_option(p, spec, joined != NULL ? joined : p->argv[p->at++]);
}

static enum exit_status take_long(struct parse *p, const char *word)
{
    size_t len = strcspn(word, "=");
    const char *joined = word[len] == '=' ? word + len + 1 : NULL;
    const struct option_spec *spec = option_find(p->s->options.own, word, len);
    if (spec == NULL) {
        enum exit_status status = settle_for_option(p);
        if (status != EXIT_OK)
            return status;
        spec = option_find(p->s->options.own, word, len);
    }
    if (spec == NULL) {
        char name[NEAREST_WORD_MAX + 1];
        snprintf(name, sizeof(name), "%.*s", (int)(len < NEAREST_WORD_MAX ? len : NEAREST_WORD_MAX), word);
        return unknown_option(p, "--", name);
    }
    return take_value(p, spec, joined);
}

/* -q, -C DIR, -CDIR */
static enum exit_status take_letter(struct parse *p, const char *word)
{
    const struct option_spec *spec = option_find_letter(p->s->options.own, word[0]);
    if (spec != NULL && spec->kind == OPTION_FLAG && word[1] != '\0')
        return say_usage(p->s, "write each for itself, as in -q -v", "-%s: letters are not taken together", word);
    if (spec == NULL)
        return unknown_option(p, "-", word);
    return take_value(p, spec, word[1] != '\0' ? word + 1 : NULL);
}

static enum exit_status take(struct parse *p, const char *word)
{
    if (p->only_args || word[0] != '-' || word[1] == '\0')
        return take_word(p, word);
    if (strcmp(word, "--") == 0) {
        p->only_args = true;
        return EXIT_OK;
    }
    return word[1] == '-' ? take_long(p, word + 2) : take_letter(p, word + 1);
}

static void apply_common(struct session *s)
{
    const struct options *o = &s->options;
    s->quiet = option_flag(o, "quiet");
    s->verbose = option_flag(o, "verbose");
    s->yes = option_flag(o, "yes");
    s->offline = option_flag(o, "offline");
    s->passphrase_file = option_value(o, "passphrase-file");
}

static enum exit_status check_args(struct session *s)
{
    const struct command *c = s->command;
    char name[COMMAND_NAME_MAX], remedy[COMMAND_NAME_MAX + 512];
    command_name(c, ' ', name);
    snprintf(remedy, sizeof(remedy), "folkmoot %s%s%.480s", name, c->usage[0] != '\0' ? " " : "", c->usage);
    if (s->n_args < c->min_args)
        return say_usage(s, remedy, "%s: something is missing", name);
    if (s->n_args > c->max_args)
        return say_usage(s, remedy, "%s: `%s` is one argument too many", name, s->args[c->max_args]);
    return EXIT_OK;
}

/* An error in what stands before --json must answer in JSON too. */
static void find_mode(struct session *s, int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--json") == 0)
            s->mode = OUTPUT_JSON;
        else if (strcmp(argv[i], "--csv") == 0 && s->mode == OUTPUT_TEXT)
            s->mode = OUTPUT_CSV;
    }
}

static enum exit_status settle_at_end(struct parse *p)
{
    struct session *s = p->s;
    bool is_sub;
    if (s->command != NULL)
        return EXIT_OK;
    if (p->name != NULL)
        return settle_by_word(p, NULL, &is_sub);
    const struct command *alone = command_find(p->table, "", "");
    assert(alone != NULL);                      /* every table says what `folkmoot` alone does */
    settle(p, alone);
    return EXIT_OK;
}

enum exit_status command_parse(const struct command_table *t, int argc, char **argv, struct session *s)
{
    struct parse p = {.table = t, .s = s, .argv = argv, .argc = argc, .at = 1};
    enum exit_status status = EXIT_OK;
    s->table = t;
    find_mode(s, argc, argv);                   /* first: that there is no memory is said in JSON too */
    s->args = calloc((size_t)argc + 1, sizeof(*s->args));
    s->options.given = calloc((size_t)argc + 1, sizeof(*s->options.given));
    if (s->args == NULL || s->options.given == NULL)
        return say_failed(s, ERR_NOMEM, NULL, "cannot begin");
    while (p.at < argc && status == EXIT_OK) {
        const char *word = argv[p.at++];
        status = take(&p, word);
    }
    if (status == EXIT_OK)
        status = settle_at_end(&p);
    if (status != EXIT_OK)
        return status;
    apply_common(s);
    if (option_flag(&s->options, "help") || option_flag_common(&s->options, "version"))
        return EXIT_OK;
    return check_args(s);
}
