#define _GNU_SOURCE                             /* mkdtemp, posix_openpt */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>

#include "keys/passphrase.h"
#include "tests/unit/home_dir.h"

static enum err from_file(const char *path, bool confirm, const char *expected)
{
    struct buf b = buf_on(7);
    enum err e = passphrase_read(path, "Passphrase: ", confirm, &b);
    if (e == OK) {
        assert_int_equal(b.len, strlen(expected));
        assert_string_equal(buf_str(&b), expected);
        buf_wipe(&b);
    } else {
        assert_int_equal(b.max, 7);                     /* untouched */
        assert_null(b.p);
    }
    return e;
}

static void the_first_line_of_the_file_is_the_passphrase(void **state)
{
    (void)state;
    static const struct { const char *content, *expected; } table[] = {
        {"correct horse\n", "correct horse"}, {"correct horse", "correct horse"}, {"correct horse\r\n", "correct horse"},
        {" two  spaces \nsecond line\n", " two  spaces "}, {"caf\xc3\xa9 au lait\n", "caf\xc3\xa9 au lait"},
        {"\nsecond\n", ""}, {"", ""}};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        put_file(in_top("p"), table[i].content);
        assert_int_equal(from_file(in_top("p"), false, table[i].expected), OK);
    }
}

static void the_variable_names_a_file_and_the_argument_goes_first(void **state)
{
    (void)state;
    put_file(in_top("p"), "from the argument\n");
    put_file(in_top("v"), "from the variable\n");
    assert_int_equal(setenv("FOLKMOOT_PASSPHRASE_FILE", in_top("v"), 1), 0);
    enum err variable = from_file(NULL, false, "from the variable");
    enum err argument = from_file(in_top("p"), false, "from the argument");
    assert_int_equal(unsetenv("FOLKMOOT_PASSPHRASE_FILE"), 0);
    assert_int_equal(variable, OK);
    assert_int_equal(argument, OK);
}

static void a_new_passphrase_has_a_least_length_and_any_has_a_greatest(void **state)
{
    (void)state;
    char line[PASSPHRASE_MAX + 2];
    put_file(in_top("p"), "1234567\n");
    assert_int_equal(from_file(in_top("p"), true, ""), ERR_LIMIT);
    assert_int_equal(from_file(in_top("p"), false, "1234567"), OK);
    put_file(in_top("p"), "12345678\n");
    assert_int_equal(from_file(in_top("p"), true, "12345678"), OK);
    memset(line, 'x', sizeof(line));
    line[PASSPHRASE_MAX] = '\0';
    put_file(in_top("p"), line);
    assert_int_equal(from_file(in_top("p"), true, line), OK);
    line[PASSPHRASE_MAX] = 'x';
    line[PASSPHRASE_MAX + 1] = '\0';
    put_file(in_top("p"), line);
    assert_int_equal(from_file(in_top("p"), false, ""), ERR_LIMIT);
}

static void a_file_that_is_not_there_is_not_asked_for_elsewhere(void **state)
{
    (void)state;
    assert_int_equal(from_file(in_top("none"), false, ""), ERR_UNKNOWN);
}

static void without_a_file_or_a_terminal_there_is_nowhere_to_ask(void **state)
{
    (void)state;
    int before = dup(STDIN_FILENO), null = open("/dev/null", O_RDONLY);
    assert_true(null >= 0);
    assert_true(dup2(null, STDIN_FILENO) >= 0);
    assert_int_equal(setenv("FOLKMOOT_PASSPHRASE_FILE", "", 1), 0);
    enum err e = from_file(NULL, false, "");
    assert_int_equal(unsetenv("FOLKMOOT_PASSPHRASE_FILE"), 0);
    if (before >= 0) {
        (void)dup2(before, STDIN_FILENO);
        (void)close(before);
    }
    (void)close(null);
    assert_int_equal(e, ERR_SECRET);
}

/* A child that asks at a terminal of its own; we are the person. */
struct person {
    int terminal;                       /* our end */
    int line;                           /* the child's, held open so that its modes can be looked at */
    pid_t child;
    char seen[4096];
    size_t n_seen;
};

enum { EXIT_OTHER_PASSPHRASE = 100 };

static void child_asks(int line, bool confirm, const char *expected)
{
    struct buf b = buf_on(0);
    (void)alarm(30);                                    /* a test that failed leaves nobody waiting */
    if (setsid() < 0 || ioctl(line, TIOCSCTTY, 0) < 0 || dup2(line, 0) < 0 || dup2(line, 1) < 0 || dup2(line, 2) < 0)
        _exit(101);
    (void)unsetenv("FOLKMOOT_PASSPHRASE_FILE");
    enum err e = passphrase_read(NULL, "Passphrase: ", confirm, &b);
    if (e == OK && (b.len != strlen(expected) || strcmp(buf_str(&b), expected) != 0))
        _exit(EXIT_OTHER_PASSPHRASE);
    buf_wipe(&b);
    _exit((int)e);
}

static void sit_down(struct person *p, bool confirm, const char *expected)
{
    *p = (struct person){.terminal = posix_openpt(O_RDWR | O_NOCTTY)};
    if (p->terminal < 0)
        skip();                                         /* a place without terminals */
    assert_int_equal(grantpt(p->terminal), 0);
    assert_int_equal(unlockpt(p->terminal), 0);
    p->line = open(ptsname(p->terminal), O_RDWR | O_NOCTTY);
    assert_true(p->line >= 0);
    p->child = fork();
    assert_true(p->child >= 0);
    if (p->child == 0) {
        (void)close(p->terminal);
        child_asks(p->line, confirm, expected);
    }
}

/* Read until `text` has been shown behind what was seen before. */
static void waits_for(struct person *p, const char *text)
{
    size_t from = p->n_seen;
    while (strstr(p->seen + from, text) == NULL) {
        struct pollfd ready = {.fd = p->terminal, .events = POLLIN};
        assert_int_equal(poll(&ready, 1, 120 * 1000), 1);
        ssize_t n = read(p->terminal, p->seen + p->n_seen, sizeof(p->seen) - 1 - p->n_seen);
        assert_true(n > 0);
        p->n_seen += (size_t)n;
    }
}

static bool echoes(const struct person *p)
{
    struct termios now;
    assert_int_equal(tcgetattr(p->line, &now), 0);
    return (now.c_lflag & ECHO) != 0;
}

static void types(struct person *p, const char *keys)
{
    assert_false(echoes(p));
    assert_int_equal(write(p->terminal, keys, strlen(keys)), (ssize_t)strlen(keys));
}

/* How the child ended; the terminal must be as it was. */
static int leaves(struct person *p)
{
    int status = -1;
    assert_int_equal(waitpid(p->child, &status, 0), p->child);
    assert_true(echoes(p));
    assert_null(strstr(p->seen, "horse"));              /* nothing typed was shown */
    (void)close(p->line);
    (void)close(p->terminal);
    return status;
}

static void the_terminal_shows_the_prompt_and_not_the_passphrase(void **state)
{
    (void)state;
    struct person p;
    sit_down(&p, false, "correct horse");
    waits_for(&p, "Passphrase: ");
    types(&p, "correct mule\b\b\b\b\x7f\x7f\x7f\x7f" "\x15" "correct horse\n");
    waits_for(&p, "\n");
    int status = leaves(&p);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), OK);
}

static void a_new_passphrase_is_asked_for_twice_and_must_be_the_same(void **state)
{
    (void)state;
    static const struct { const char *second; enum err e; } table[] = {
        {"correct horse\n", OK}, {"correct horsf\n", ERR_SECRET}, {"correct hors\n", ERR_SECRET}};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct person p;
        sit_down(&p, true, "correct horse");
        waits_for(&p, "Passphrase: ");
        types(&p, "correct horse\n");
        waits_for(&p, "again: ");
        types(&p, table[i].second);
        waits_for(&p, "\n");
        int status = leaves(&p);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), table[i].e);
    }
}

static void a_short_new_passphrase_is_refused_at_once(void **state)
{
    (void)state;
    struct person p;
    sit_down(&p, true, "");
    waits_for(&p, "Passphrase: ");
    types(&p, "short\n");
    waits_for(&p, "\n");
    int status = leaves(&p);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), ERR_LIMIT);
}

static void an_end_of_file_is_no_passphrase(void **state)
{
    (void)state;
    struct person p;
    sit_down(&p, false, "");
    waits_for(&p, "Passphrase: ");
    types(&p, "\x04");
    waits_for(&p, "\n");
    int status = leaves(&p);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), ERR_SECRET);
}

static void an_interrupt_ends_the_process_and_gives_the_echo_back(void **state)
{
    (void)state;
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct person p;
        sit_down(&p, false, "");
        waits_for(&p, "Passphrase: ");
        if (numbers[i] == SIGINT)
            types(&p, "correct hor\x03");
        else
            assert_int_equal(kill(p.child, numbers[i]), 0);
        waits_for(&p, "\n");
        int status = leaves(&p);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), numbers[i]);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, make_top, remove_top)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(the_first_line_of_the_file_is_the_passphrase),
        T(the_variable_names_a_file_and_the_argument_goes_first),
        T(a_new_passphrase_has_a_least_length_and_any_has_a_greatest),
        T(a_file_that_is_not_there_is_not_asked_for_elsewhere),
        T(without_a_file_or_a_terminal_there_is_nowhere_to_ask),
        T(the_terminal_shows_the_prompt_and_not_the_passphrase),
        T(a_new_passphrase_is_asked_for_twice_and_must_be_the_same),
        T(a_short_new_passphrase_is_refused_at_once),
        T(an_end_of_file_is_no_passphrase),
        T(an_interrupt_ends_the_process_and_gives_the_echo_back),
    };
    (void)unsetenv("FOLKMOOT_PASSPHRASE_FILE");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
