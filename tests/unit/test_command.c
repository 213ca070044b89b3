#include "tests/unit/talk.h"

#include "cli/commands.h"
#include "cli/output/output.h"
#include "cli/say.h"

/* A small table of the test's own. */

static const struct option_spec options_none[] = {OPTIONS_END};
static const struct option_spec options_meet[] = {
    {"sort", 's', OPTION_CHOICE, "name|rank", "in which order"},
    {"with", 0, OPTION_LIST, "SLUG", "whom to meet"},
    {"on", 0, OPTION_VALUE, "DATE", "when"},
    {"loud", 0, OPTION_FLAG, NULL, "be heard"},
    OPTIONS_END
};

static enum exit_status run_meet(struct session *s)
{
    out(s, "meet");
    for (size_t i = 0; i < s->n_args; i++)
        out(s, " %s", session_arg(s, i));
    for (size_t i = 0; option_item(&s->options, "with", i) != NULL; i++)
        out(s, " with=%s", option_item(&s->options, "with", i));
    const char *sort = option_value(&s->options, "sort"), *on = option_value(&s->options, "on");
    out(s, " sort=%s on=%s loud=%d quiet=%d home=%s\n", sort != NULL ? sort : "-", on != NULL ? on : "-",
        option_flag(&s->options, "loud"), s->quiet,
        option_value(&s->options, "home") != NULL ? option_value(&s->options, "home") : "-");
    return EXIT_OK;
}

static enum exit_status run_name(struct session *s)
{
    char name[COMMAND_NAME_MAX];
    command_name(s->command, '/', name);
    out(s, "%s\n", name);
    return EXIT_OK;
}

static enum exit_status run_help(struct session *s)
{
    out(s, "help %s\n", session_arg(s, 0) != NULL ? session_arg(s, 0) : "-");
    return EXIT_OK;
}

static const struct command rows[] = {
    {"", "", GROUP_HELP, 0, 0, "where you stand", "", "folkmoot", options_none, run_name},
    {"meet", "", GROUP_HELP, 0, 2, "meet somebody", "[WHERE [WHEN]]", "folkmoot meet here", options_meet, run_meet},
    {"alliance", "show", GROUP_HELP, 0, 0, "show it", "", "folkmoot alliance show", options_none, run_name},
    {"alliance", "admit", GROUP_HELP, 1, 1, "admit one", "SLUG", "folkmoot alliance admit kent", options_none, run_name},
    {"keys", "", GROUP_HELP, 0, 1, "list keys", "", "folkmoot keys", options_none, run_name},
    {"keys", "rotate", GROUP_HELP, 0, 0, "rotate one", "", "folkmoot keys rotate", options_none, run_name},
    {"help", "", GROUP_HELP, 0, 2, "explain", "", "folkmoot help", options_none, run_help},
    {"version", "", GROUP_HELP, 0, 0, "the version", "", "folkmoot version", options_none, run_name},
};
static const struct command_table table = {rows, sizeof(rows) / sizeof(rows[0])};

enum { WORDS_MAX = 16 };

static void answers_from(const struct command_table *t, const char *line, enum exit_status status, const char *out_text,
                         const char *err_text)
{
    char words[256], *argv[WORDS_MAX + 1];
    int argc = 0;
    struct talk *talk = talk_begin("");
    assert_true(strlen(line) < sizeof(words));
    memcpy(words, line, strlen(line) + 1);
    for (char *w = words; *w != '\0' && argc < WORDS_MAX; argc++) {
        argv[argc] = w;
        w += strcspn(w, " ");
        if (*w != '\0')
            *w++ = '\0';
    }
    argv[argc] = NULL;
    assert_int_equal(command_run(t, argc, argv, &talk->s), status);
    talk_said(talk, out_text, err_text);
}

static void answers(const char *line, enum exit_status status, const char *out_text, const char *err_text)
{
    answers_from(&table, line, status, out_text, err_text);
}

static void options_and_arguments_may_be_mixed(void **state)
{
    (void)state;
    answers("folkmoot meet", EXIT_OK, "meet sort=- on=- loud=0 quiet=0 home=-\n", "");
    answers("folkmoot -C /h meet here --with a --loud now --with=b --on 3 -q", EXIT_OK,
            "meet here now with=a with=b sort=- on=3 loud=1 quiet=1 home=/h\n", "");
    answers("folkmoot meet -s rank -C/x", EXIT_OK, "meet sort=rank on=- loud=0 quiet=0 home=/x\n", "");
    answers("folkmoot meet --with -kent -", EXIT_OK, "meet - with=-kent sort=- on=- loud=0 quiet=0 home=-\n", "");
    answers("folkmoot meet -- --loud", EXIT_OK, "meet --loud sort=- on=- loud=0 quiet=0 home=-\n", "");
}

static void a_sub_command_is_told_from_an_argument(void **state)
{
    (void)state;
    answers("folkmoot", EXIT_OK, "\n", "");
    answers("folkmoot alliance -q show", EXIT_OK, "alliance/show\n", "");
    answers("folkmoot -q alliance admit kent", EXIT_OK, "alliance/admit\n", "");
    answers("folkmoot keys", EXIT_OK, "keys\n", "");
    answers("folkmoot keys rotate", EXIT_OK, "keys/rotate\n", "");
    answers("folkmoot keys other", EXIT_OK, "keys\n", "");
}

static void what_is_not_understood_names_the_nearest(void **state)
{
    (void)state;
    answers("folkmoot mete", EXIT_USAGE, "",
            "folkmoot: no command `mete`: there is none of that name: did you mean `meet`?\n");
    answers("folkmoot xyzzy", EXIT_USAGE, "",
            "folkmoot: no command `xyzzy`: there is none of that name: `folkmoot help` lists the commands\n");
    answers("folkmoot alliance shwo", EXIT_USAGE, "",
            "folkmoot: no alliance command `shwo`: there is none of that name: did you mean `show`?\n");
    answers("folkmoot alliance", EXIT_USAGE, "",
            "folkmoot: alliance needs to know what to do: it has several commands: one of show, admit\n");
    answers("folkmoot meet --wiht a", EXIT_USAGE, "",
            "folkmoot: no option of `meet` `--wiht`: there is none of that name: did you mean `--with`?\n");
    answers("folkmoot meet -z", EXIT_USAGE, "",
            "folkmoot: no option of `meet` `-z`: there is none of that name: --help lists the options\n");
}

static void a_wrong_call_says_what_is_wrong(void **state)
{
    (void)state;
    answers("folkmoot meet --sort size", EXIT_USAGE, "", "folkmoot: --sort size: no such choice: one of name|rank\n");
    answers("folkmoot meet --on", EXIT_USAGE, "", "folkmoot: --on: its value is missing: --on DATE\n");
    answers("folkmoot meet --on 1 --on 2", EXIT_USAGE, "", "folkmoot: --on: it was given twice: give it once\n");
    answers("folkmoot meet --loud=1", EXIT_USAGE, "", "folkmoot: --loud: it takes no value: leave the value out\n");
    answers("folkmoot meet a b c", EXIT_USAGE, "",
            "folkmoot: meet: `c` is one argument too many: folkmoot meet [WHERE [WHEN]]\n");
    answers("folkmoot alliance admit", EXIT_USAGE, "",
            "folkmoot: alliance admit: something is missing: folkmoot alliance admit SLUG\n");
}

static void an_error_answers_in_json_wherever_the_flag_stands(void **state)
{
    (void)state;
    const char *doc = "{\"schema\":\"folkmoot.error/1\",\"error\":{\"code\":\"usage\",\"message\":"
                      "\"no command `mete`: there is none of that name: did you mean `meet`?\"}}\n";
    const char *line = "folkmoot: no command `mete`: there is none of that name: did you mean `meet`?\n";
    answers("folkmoot mete --json", EXIT_USAGE, doc, line);
    answers("folkmoot --json mete", EXIT_USAGE, doc, line);
}

static void help_of_a_name_with_several_commands_is_the_helps_own(void **state)
{
    (void)state;
    answers("folkmoot alliance --help", EXIT_OK, "help alliance\n", "");
    answers("folkmoot --help", EXIT_OK, "help -\n", "");
    answers("folkmoot --version", EXIT_OK, "version\n", "");
}

static void help_of_a_command_shows_usage_options_and_an_example(void **state)
{
    (void)state;
    struct talk *t = talk_begin("");
    char *argv[] = {"folkmoot", "meet", "--help", "one", "two", "three", NULL};
    assert_int_equal(command_run(&table, 6, argv, &t->s), EXIT_OK);
    talk_end(t);
    assert_non_null(strstr(t->out, "usage: folkmoot meet [WHERE [WHEN]]\n"));
    assert_non_null(strstr(t->out, "-s name|rank, --sort"));
    assert_non_null(strstr(t->out, "whom to meet (may be repeated)\n"));
    assert_non_null(strstr(t->out, "example:\n  folkmoot meet here\n"));
    talk_free(t);
}

static void every_command_of_the_program_explains_itself(void **state)
{
    (void)state;
    for (size_t i = 0; i < commands.n; i++) {
        const struct command *c = &commands.rows[i];
        assert_true(strlen(c->summary) > 0 && strlen(c->summary) <= 80);
        assert_int_equal(strncmp(c->example, "folkmoot", 8), 0);
        assert_true(c->min_args <= c->max_args);
        assert_int_not_equal(c->summary[strlen(c->summary) - 1], '.');
        assert_ptr_equal(command_find(&commands, c->name, c->sub), c);      /* no two of one name */
        if (i > 0 && strcmp(c->name, commands.rows[i - 1].name) != 0)       /* rows of one name stand together */
            for (size_t k = 0; k + 1 < i; k++)
                assert_string_not_equal(commands.rows[k].name, c->name);
        for (const struct option_spec *o = c->options; o->name != NULL; o++) {
            assert_non_null(o->help);
            assert_int_equal(o->argument == NULL, o->kind == OPTION_FLAG);
            assert_true(o->kind != OPTION_CHOICE || strchr(o->argument, '|') != NULL);
        }
    }
}

/* An example that the parser refuses would mislead. */
static void every_example_is_understood(void **state)
{
    (void)state;
    for (size_t i = 0; i < commands.n; i++) {
        char words[512], *argv[64];
        int argc = 0;
        struct talk *t = talk_begin("");
        size_t len = strcspn(commands.rows[i].example, "\n");
        assert_true(len < sizeof(words));
        memcpy(words, commands.rows[i].example, len);
        words[len] = '\0';
        for (char *w = words; *w != '\0' && *w != '>' && argc < 63; argc++) {
            char quote = *w == '"' || *w == '\'' ? *w++ : '\0';
            argv[argc] = w;
            w += strcspn(w, quote != '\0' ? (char[]){quote, '\0'} : " ");
            while (*w != '\0' && (*w == ' ' || *w == quote))
                *w++ = '\0';
        }
        argv[argc] = NULL;
        enum exit_status status = command_parse(&commands, argc, argv, &t->s);
        bool is_meant = t->s.command == &commands.rows[i] || option_flag(&t->s.options, "version");
        talk_end(t);
        if (status != EXIT_OK || !is_meant)
            fail_msg("%s: %s", commands.rows[i].example, t->err);
        talk_free(t);
    }
}

static void a_question_is_asked_of_people_only(void **state)
{
    (void)state;
    struct talk *t = talk_begin("y\n");
    assert_int_equal(ask_yes(&t->s, "remove %s?", "kent"), EXIT_USAGE);
    talk_said(t, "", "folkmoot: remove kent?: nobody is here to be asked: --yes would answer\n");

    t = talk_begin("yes\n");
    t->s.in_is_terminal = true;
    assert_int_equal(ask_yes(&t->s, "remove?"), EXIT_OK);
    talk_said(t, "", "remove? [y/N] ");

    t = talk_begin("\n");
    t->s.in_is_terminal = true;
    assert_int_equal(ask_yes(&t->s, "remove?"), EXIT_NO);
    talk_said(t, "", "remove? [y/N] folkmoot: nothing was done: you did not say yes: answer y to do it\n");

    t = talk_begin("");
    t->s.yes = true;
    assert_int_equal(ask_yes(&t->s, "remove?"), EXIT_OK);
    talk_said(t, "", "");
}

static void an_error_carries_its_code_and_status(void **state)
{
    (void)state;
    struct talk *t = talk_begin("");
    t->s.mode = OUTPUT_JSON;
    assert_int_equal(say_failed(&t->s, ERR_SECRET, "try again", "cannot open %s", "the seed\x1b[2J"), EXIT_SECRET);
    talk_said(t, "{\"schema\":\"folkmoot.error/1\",\"error\":{\"code\":\"secret\",\"message\":\"cannot open the seed[2J: the "
                 "passphrase is wrong or a secret is missing: try again\"}}\n",
              "folkmoot: cannot open the seed[2J: the passphrase is wrong or a secret is missing: try again\n");
}

/* What, why, what to do: whoever leaves one out has it filled in. */
static void an_error_has_three_parts(void **state)
{
    (void)state;
    struct talk *t = talk_begin("");
    t->s.command = command_find(&commands, "bundle", "import");
    (void)say_refused(&t->s, EXIT_NO, "refused", "mend it", "it is wrong");
    (void)say_refused(&t->s, EXIT_NO, "refused", NULL, "b.fmb: it is wrong");
    (void)say_failed(&t->s, ERR_FULL, NULL, "writing b.fmb");
    t->s.command = NULL;
    (void)say_usage(&t->s, NULL, "what: why");
    talk_said(t, "", "folkmoot: bundle import: it is wrong: mend it\n"
                     "folkmoot: b.fmb: it is wrong: `folkmoot bundle import --help` explains\n"
                     "folkmoot: writing b.fmb: the disk is full: make room and try again\n"
                     "folkmoot: what: why: `folkmoot help` explains\n");
}

static void no_second_document_follows_the_first(void **state)
{
    (void)state;
    struct talk *t = talk_begin("");
    t->s.mode = OUTPUT_JSON;
    assert_int_equal(output(&t->s, json_document_named("publish"), NULL), EXIT_OK);
    assert_int_equal(say_refused(&t->s, EXIT_NO, "refused", "mend it", "refused: it is wrong"), EXIT_NO);
    talk_said(t, "{\"schema\":\"folkmoot.publish/1\"}\n", "folkmoot: refused: it is wrong: mend it\n");
}

static void every_error_has_a_status_of_its_own_kind(void **state)
{
    (void)state;
    assert_int_equal(exit_of(OK), EXIT_OK);
    assert_int_equal(exit_of(ERR_SIGNATURE), EXIT_NO);
    assert_int_equal(exit_of(ERR_UNKNOWN), EXIT_NO);
    assert_int_equal(exit_of(ERR_IO), EXIT_ENVIRONMENT);
    assert_int_equal(exit_of(ERR_SECRET), EXIT_SECRET);
    for (enum err e = ERR_MORE; e < ERR_COUNT; e++)
        assert_int_not_equal(exit_of(e), EXIT_OK);
    for (enum err e = ERR_MORE; e < ERR_COUNT; e++)
        assert_string_not_equal(err_remedy(e), err_remedy(OK));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_arguments_may_be_mixed),
        cmocka_unit_test(a_sub_command_is_told_from_an_argument),
        cmocka_unit_test(what_is_not_understood_names_the_nearest),
        cmocka_unit_test(a_wrong_call_says_what_is_wrong),
        cmocka_unit_test(an_error_answers_in_json_wherever_the_flag_stands),
        cmocka_unit_test(help_of_a_name_with_several_commands_is_the_helps_own),
        cmocka_unit_test(help_of_a_command_shows_usage_options_and_an_example),
        cmocka_unit_test(every_command_of_the_program_explains_itself),
        cmocka_unit_test(every_example_is_understood),
        cmocka_unit_test(a_question_is_asked_of_people_only),
        cmocka_unit_test(an_error_carries_its_code_and_status),
        cmocka_unit_test(an_error_has_three_parts),
        cmocka_unit_test(no_second_document_follows_the_first),
        cmocka_unit_test(every_error_has_a_status_of_its_own_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
