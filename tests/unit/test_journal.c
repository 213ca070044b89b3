/* The journal: what was done stays, and what is done to it shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/journal/journal.h"
#include "keys/file.h"

#define OKAY(call) assert_int_equal((call), OK)

static struct home home;

static void path_of(const char *suffix, char ret[200])
{
    (void)snprintf(ret, 200, "%.100s/private/journal%s", home.path, suffix);
}

static int make_home(void **state)
{
    char dir[64] = "/tmp/folkmoot-journal-XXXXXX", private[128];
    (void)state;
    if (crypto_start() != OK || mkdtemp(dir) == NULL || home_resolve(dir, &home) != OK)
        return -1;
    (void)snprintf(private, sizeof(private), "%s/private", dir);
    return folder_make(private) == OK ? 0 : -1;
}

static int drop_home(void **state)
{
    char command[3100];
    (void)state;
    (void)snprintf(command, sizeof(command), "rm -r '%s'", home.path);
    return system(command);
}

static void act(const char *detail)
{
    struct journal_act a = { .at_ms = 1700000000000, .user = "jane", .command = "publish", .outcome = "done", .detail = detail };
    OKAY(journal_add(&home, &a));
}

struct told { size_t n; char last[JOURNAL_DETAIL_MAX + 1]; };

static enum err tell(void *arg, const struct journal_line *line)
{
    struct told *t = arg;
    t->n++;
    return bytes_to_str(line->detail, t->last, sizeof(t->last));
}

static struct journal_check check(struct told *ret)
{
    struct journal_check c;
    *ret = (struct told){ 0 };
    OKAY(journal_read(&home, tell, ret, &c));
    return c;
}

static bool is_whole(void)
{
    struct told t;
    return check(&t).is_whole;
}

static void what_was_done_is_read_in_order(void **state)
{
    (void)state;
    struct told t;
    struct journal_check c = check(&t);
    assert_int_equal(t.n, 0);
    assert_true(c.is_whole);
    act("one");
    act("two\twith a tab\nand a line");
    c = check(&t);
    assert_true(c.is_whole);
    assert_int_equal(c.first, 1);
    assert_int_equal(c.last, 2);
    assert_string_equal(t.last, "two with a tab and a line");
}

static void long_words_are_cut_at_a_letter(void **state)
{
    (void)state;
    struct told t;
    char words[2000] = "";
    for (size_t i = 0; i < 400; i++)
        memcpy(words + i * 3, "\xe2\x82\xac", 4);
    for (size_t from = 0; from < 3; from++) {   /* the cut falls between two letters, and on either byte within one */
        act(words + from);
        assert_true(check(&t).is_whole);
        size_t n = strlen(t.last);
        assert_true(n <= JOURNAL_DETAIL_MAX && n > JOURNAL_DETAIL_MAX - 3);
        assert_string_equal(t.last + n - 3, "\xe2\x82\xac");
    }
    act("");
    assert_true(check(&t).is_whole);
    assert_string_equal(t.last, "-");
}

/* Every byte of it, one after another. */
static void a_changed_byte_shows(void **state)
{
    (void)state;
    char path[200];
    struct buf text = buf_on(1 << 20);
    for (int i = 0; i < 4; i++)
        act("something");
    path_of("", path);
    OKAY(file_read(path, 1 << 20, &text));
    for (size_t i = 0; i < text.len; i++) {
        text.p[i] ^= 1;
        FILE *f = fopen(path, "r+");            /* in place: 500 fsyncs would take long */
        assert_non_null(f);
        assert_int_equal(fwrite(text.p, 1, text.len, f), text.len);
        assert_int_equal(fclose(f), 0);
        if (is_whole())
            fail_msg("byte %zu can be changed", i);
        text.p[i] ^= 1;
    }
    OKAY(file_write(path, buf_bytes(&text)));
    assert_true(is_whole());
    buf_release(&text);
}

/* Also behind a zero byte, where a text would end. */
static void what_is_put_in_shows(void **state)
{
    (void)state;
    char path[200];
    struct buf text = buf_on(1 << 20);
    act("something");
    path_of("", path);
    OKAY(file_read(path, 1 << 20, &text));
    size_t at = text.len;
    while (text.p[at - 1] != '\t')
        at--;
    for (int with_zero = 0; with_zero < 2; with_zero++) {
        struct buf more = buf_on(1 << 20);
        buf_put(&more, (struct bytes){ text.p, at - 1 });
        buf_put(&more, with_zero ? (struct bytes){ (const uint8_t *)"\0, else", 7 } : bytes_of(", else"));
        buf_put(&more, (struct bytes){ text.p + at - 1, text.len - at + 1 });
        OKAY(file_write(path, buf_bytes(&more)));
        struct journal_check c;
        OKAY(journal_read(&home, NULL, NULL, &c));
        assert_int_equal(c.broken_at, 1);
        buf_release(&more);
    }
    buf_release(&text);
}

static void lines_that_are_taken_out_or_swapped_show(void **state)
{
    (void)state;
    char path[200];
    struct buf text = buf_on(1 << 20);
    size_t ends[5] = { 0 }, n = 0;
    for (int i = 0; i < 4; i++)
        act("something");
    path_of("", path);
    OKAY(file_read(path, 1 << 20, &text));
    for (size_t i = 0; i < text.len; i++)
        if (text.p[i] == '\n')
            ends[++n] = i + 1;
    assert_int_equal(n, 4);
    for (size_t k = 0; k < 4; k++) {            /* without line k: the first, one in the midst, the last */
        struct buf cut = buf_on(1 << 20);
        struct told t;
        buf_put(&cut, (struct bytes){ text.p, ends[k] });
        buf_put(&cut, (struct bytes){ text.p + ends[k + 1], text.len - ends[k + 1] });
        OKAY(file_write(path, buf_bytes(&cut)));
        struct journal_check c = check(&t);
        if (k == 0)                             /* as after an old file has gone; the number says so */
            assert_int_equal(c.first, 2);
        else
            assert_false(c.is_whole);
        assert_int_equal(c.has_lost_end, k == 3);
        buf_release(&cut);
    }
    OKAY(file_write(path, (struct bytes){ text.p, 0 }));
    assert_false(is_whole());                   /* all of them */
    assert_int_equal(unlink(path), 0);
    assert_false(is_whole());
    buf_release(&text);
}

/* A process that dies after the line and before the head leaves nothing that looks like a cut. */
static void a_line_without_its_head_is_taken_up(void **state)
{
    (void)state;
    char path[200];
    struct buf before = buf_on(256);
    act("one");
    path_of(".head", path);
    OKAY(file_read(path, 256, &before));
    act("two");
    OKAY(file_write(path, buf_bytes(&before)));
    assert_true(is_whole());
    act("three");
    struct told t;
    struct journal_check c = check(&t);
    assert_true(c.is_whole);
    assert_int_equal(c.last, 3);
    buf_release(&before);
}

static void it_is_bounded_and_the_chain_goes_on(void **state)
{
    (void)state;
    char path[200], words[JOURNAL_DETAIL_MAX + 1];
    struct told t;
    memset(words, 'x', JOURNAL_DETAIL_MAX);
    words[JOURNAL_DETAIL_MAX] = '\0';
    act(words);
    path_of("", path);
    for (int i = 1; i < JOURNAL_FILES + 3; i++) {
        FILE *f = fopen(path, "a");             /* somebody pads it: it shows, and is rotated out all the same */
        assert_non_null(f);
        for (int k = 0; k < (i == 5 ? 3 : 1) * JOURNAL_FILE_MAX / 600; k++)         /* once far above what we would write */
            (void)fprintf(f, "%s\n", words);
        assert_int_equal(fclose(f), 0);
        act("after");
    }
    assert_false(is_whole());
    path_of(".9", path);
    assert_int_equal(access(path, F_OK), 0);
    path_of(".10", path);
    assert_int_not_equal(access(path, F_OK), 0);
    (void)check(&t);
    assert_string_equal(t.last, "after");
}

static void processes_beside_each_other_lose_nothing(void **state)
{
    (void)state;
    enum { PROCESSES = 4, EACH = 6 };
    struct told t;
    for (int i = 0; i < PROCESSES; i++) {
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            struct journal_act a = { .at_ms = 1, .user = "jane", .command = "publish", .outcome = "done", .detail = "x" };
            for (int k = 0; k < EACH; k++)
                if (journal_add(&home, &a) != OK)
                    _exit(1);
            _exit(0);
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status = -1;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    struct journal_check c = check(&t);
    assert_true(c.is_whole);
    assert_int_equal(t.n, PROCESSES * EACH);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make_home, drop_home)
    const struct CMUnitTest tests[] = {
        T(what_was_done_is_read_in_order),
        T(long_words_are_cut_at_a_letter),
        T(a_changed_byte_shows),
        T(what_is_put_in_shows),
        T(lines_that_are_taken_out_or_swapped_show),
        T(a_line_without_its_head_is_taken_up),
        T(it_is_bounded_and_the_chain_goes_on),
        T(processes_beside_each_other_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
