#define _GNU_SOURCE                             /* mkdtemp, setrlimit */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "keys/file.h"
#include "tests/unit/home_dir.h"

static void a_written_file_is_there_whole_and_ours_alone_whatever_the_umask(void **state)
{
    (void)state;
    mode_t before = umask(0777);
    enum err e = file_write(in_top("f"), bytes_of("one"));
    unsigned first_mode = mode_of(in_top("f"));
    (void)umask(0);
    enum err again = file_write(in_top("f"), bytes_of("two, longer"));
    (void)umask(before);
    assert_int_equal(e, OK);
    assert_int_equal(first_mode, 0600);
    assert_int_equal(again, OK);
    file_holds(in_top("f"), "two, longer");
    assert_int_equal(mode_of(in_top("f")), 0600);
    assert_int_equal(names_in(top), 1);
}

static void a_new_file_never_replaces_one(void **state)
{
    (void)state;
    assert_int_equal(file_write_new(in_top("f"), bytes_of("first")), OK);
    assert_int_equal(file_write_new(in_top("f"), bytes_of("second")), ERR_EXISTS);
    file_holds(in_top("f"), "first");
    assert_int_equal(symlink("nowhere", in_top("link")), 0);
    assert_int_equal(file_write_new(in_top("link"), bytes_of("x")), ERR_EXISTS);
    assert_int_equal(names_in(top), 2);                 /* no temporary left */
}

static void an_export_has_the_mode_of_the_umask(void **state)
{
    (void)state;
    mode_t before = umask(022);
    enum err e = file_export(in_top("f"), bytes_of("a"), false);
    enum err again = file_export(in_top("f"), bytes_of("b"), false);
    enum err replaced = file_export(in_top("f"), bytes_of("c"), true);
    (void)umask(before);
    assert_int_equal(e, OK);
    assert_int_equal(again, ERR_EXISTS);
    assert_int_equal(replaced, OK);
    file_holds(in_top("f"), "c");
    assert_int_equal(mode_of(in_top("f")), 0644);
}

static void writing_replaces_a_link_and_does_not_follow_it(void **state)
{
    (void)state;
    put_file(in_top("target"), "theirs");
    assert_int_equal(symlink("target", in_top("f")), 0);
    assert_int_equal(file_write(in_top("f"), bytes_of("ours")), OK);
    file_holds(in_top("target"), "theirs");
    file_holds(in_top("f"), "ours");
}

static void a_write_that_fails_halfway_leaves_the_old_file_and_no_temporary(void **state)
{
    (void)state;
    static uint8_t large[64 * 1024];
    struct rlimit before, small;
    put_file(in_top("f"), "old");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 4096;                              /* the write is cut short, then refused */
    void (*action)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum err e = file_write(in_top("f"), (struct bytes){large, sizeof(large)});
    enum err fresh = file_write_new(in_top("g"), (struct bytes){large, sizeof(large)});
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, action);
    assert_int_equal(e, ERR_IO);
    assert_int_equal(fresh, ERR_IO);
    file_holds(in_top("f"), "old");
    assert_int_equal(names_in(top), 1);
}

static void writing_where_a_folder_stands_fails_and_leaves_no_temporary(void **state)
{
    (void)state;
    assert_int_equal(folder_make(in_top("d")), OK);
    assert_int_equal(file_write(in_top("d"), bytes_of("x")), ERR_IO);
    assert_int_equal(names_in(top), 1);
    assert_int_equal(file_write(in_top("none/f"), bytes_of("x")), ERR_UNKNOWN);
}

static void a_path_too_long_is_a_limit(void **state)
{
    (void)state;
    char path[FILE_PATH_MAX + 100];
    memset(path, 'a', sizeof(path) - 1);
    path[0] = path[sizeof(path) - 10] = '/';
    path[sizeof(path) - 1] = '\0';
    assert_int_equal(file_write(path, bytes_of("x")), ERR_LIMIT);
}

static void a_folder_that_may_not_be_written_says_denied(void **state)
{
    (void)state;
    assert_int_equal(chmod(top, 0500), 0);
    be_nobody(NULL);
    enum err e = file_write(in_top("f"), bytes_of("x"));
    be_ourselves_again();
    assert_int_equal(chmod(top, 0700), 0);
    assert_int_equal(e, ERR_DENIED);
}

static void reading_stops_at_the_limit_and_leaves_the_result_alone(void **state)
{
    (void)state;
    struct buf b = buf_on(7);
    put_file(in_top("f"), "12345");
    assert_int_equal(file_read(in_top("f"), 4, &b), ERR_LIMIT);
    assert_int_equal(file_read(in_top("none"), 4, &b), ERR_UNKNOWN);
    assert_int_equal(file_read(top, 4, &b), ERR_IO);
    assert_int_equal(b.max, 7);
    assert_null(b.p);
    assert_int_equal(file_read(in_top("f"), 5, &b), OK);
    assert_string_equal(buf_str(&b), "12345");
    buf_release(&b);
    put_file(in_top("f"), "");
    assert_int_equal(file_read(in_top("f"), 5, &b), OK);
    assert_int_equal(b.len, 0);
    buf_release(&b);
}

static void a_private_read_refuses_loose_modes_links_and_fifos(void **state)
{
    (void)state;
    static const mode_t loose[] = {0640, 0604, 0620, 0610};
    struct buf b = buf_on(0);
    put_file(in_top("f"), "key");
    for (size_t i = 0; i < sizeof(loose) / sizeof(loose[0]); i++) {
        assert_int_equal(chmod(in_top("f"), loose[i]), 0);
        assert_int_equal(file_read_private(in_top("f"), 9, &b), ERR_DENIED);
        assert_int_equal(file_check_private(in_top("f")), ERR_DENIED);
    }
    assert_int_equal(chmod(in_top("f"), 0400), 0);      /* tighter will do */
    assert_int_equal(file_check_private(in_top("f")), OK);
    assert_int_equal(file_read_private(in_top("f"), 9, &b), OK);
    buf_wipe(&b);
    assert_int_equal(symlink("f", in_top("link")), 0);
    assert_int_equal(file_read_private(in_top("link"), 9, &b), ERR_DENIED);
    assert_int_equal(file_check_private(in_top("link")), ERR_DENIED);
    assert_int_equal(mkfifo(in_top("fifo"), 0600), 0);
    assert_int_equal(file_read_private(in_top("fifo"), 9, &b), ERR_DENIED);
    assert_int_equal(file_check_private(in_top("fifo")), ERR_DENIED);
    assert_int_equal(file_read_private(in_top("none"), 9, &b), ERR_UNKNOWN);
}

static void a_private_read_refuses_another_users_file(void **state)
{
    (void)state;
    struct buf b = buf_on(0);
    if (geteuid() != 0)
        skip();                                         /* only root can give a file away */
    put_file(in_top("f"), "key");
    assert_int_equal(chown(in_top("f"), 65534, 65534), 0);
    assert_int_equal(file_read_private(in_top("f"), 9, &b), ERR_DENIED);
    assert_int_equal(file_check_private(in_top("f")), ERR_DENIED);
}

static void errnos_have_our_names(void **state)
{
    (void)state;
    static const struct { int number; enum err e; } table[] = {
        {ENOSPC, ERR_FULL}, {EDQUOT, ERR_FULL}, {EACCES, ERR_DENIED}, {EPERM, ERR_DENIED}, {EROFS, ERR_DENIED},
        {ELOOP, ERR_DENIED}, {ENOENT, ERR_UNKNOWN}, {EEXIST, ERR_EXISTS}, {EWOULDBLOCK, ERR_BUSY}, {EIO, ERR_IO},
        {EFBIG, ERR_IO}};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        assert_int_equal(file_errno(table[i].number), table[i].e);
}

static void a_lock_is_held_by_one_and_free_after_it_is_let_go(void **state)
{
    (void)state;
    int first = -1, second = -1;
    assert_int_equal(file_lock(in_top("lock"), false, &first), OK);
    assert_int_equal(file_lock(in_top("lock"), false, &second), ERR_BUSY);
    assert_int_equal(second, -1);
    file_unlock(first);
    assert_int_equal(file_lock(in_top("lock"), true, &second), OK);
    assert_int_equal(mode_of(in_top("lock")), 0600);
    file_unlock(second);
    file_unlock(-1);
}

static void a_lock_ends_with_the_process_that_held_it(void **state)
{
    (void)state;
    int fd = -1, held[2];
    char c;
    assert_int_equal(pipe(held), 0);
    pid_t child = fork();
    if (child == 0) {
        ssize_t told = -1;
        if (file_lock(in_top("lock"), false, &fd) == OK)
            told = write(held[1], "x", 1);
        if (told == 1)
            for (;;)
                (void)pause();
        _exit(1);
    }
    assert_int_equal(read(held[0], &c, 1), 1);
    assert_int_equal(file_lock(in_top("lock"), false, &fd), ERR_BUSY);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(file_lock(in_top("lock"), true, &fd), OK);
    file_unlock(fd);
    (void)close(held[0]);
    (void)close(held[1]);
}

#define T(name) cmocka_unit_test_setup_teardown(name, make_top, remove_top)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_written_file_is_there_whole_and_ours_alone_whatever_the_umask),
        T(a_new_file_never_replaces_one),
        T(an_export_has_the_mode_of_the_umask),
        T(writing_replaces_a_link_and_does_not_follow_it),
        T(a_write_that_fails_halfway_leaves_the_old_file_and_no_temporary),
        T(writing_where_a_folder_stands_fails_and_leaves_no_temporary),
        T(a_path_too_long_is_a_limit),
        T(a_folder_that_may_not_be_written_says_denied),
        T(reading_stops_at_the_limit_and_leaves_the_result_alone),
        T(a_private_read_refuses_loose_modes_links_and_fifos),
        T(a_private_read_refuses_another_users_file),
        T(errnos_have_our_names),
        T(a_lock_is_held_by_one_and_free_after_it_is_let_go),
        T(a_lock_ends_with_the_process_that_held_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
