/* A closed stream's number is nobody else's. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keys/streams.h"

/* In a child, since a test must say what became of it. 0: all as it should be, else which was not. */
static int with_none_open(void)
{
    char c;
    for (int fd = 0; fd < 3; fd++)
        (void)close(fd);
    if (streams_settle() != OK)
        return 1;
    if (open("/dev/null", O_RDWR) != 3)
        return 2;
    if (read(STDIN_FILENO, &c, 1) != 0)
        return 3;
    if (write(STDOUT_FILENO, "x", 1) != -1 || errno != EBADF)
        return 4;
    return write(STDERR_FILENO, "x", 1) == 1 ? 0 : 5;
}

/* What is open stays what it is; a pipe without a reader is an error. */
static int with_a_pipe_for_stdout(void)
{
    int ends[2];
    if (pipe(ends) != 0 || dup2(ends[1], STDOUT_FILENO) != STDOUT_FILENO)
        return 1;
    (void)signal(SIGPIPE, SIG_DFL);
    if (streams_settle() != OK)
        return 2;
    if (write(STDOUT_FILENO, "x", 1) != 1)
        return 3;
    (void)close(ends[0]);
    return write(STDOUT_FILENO, "x", 1) == -1 && errno == EPIPE ? 0 : 4;
}

static int in_a_child(int (*f)(void))
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(f());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void closed_streams_are_held(void **state)
{
    (void)state;
    assert_int_equal(in_a_child(with_none_open), 0);
}

static void open_streams_stay_and_a_reader_that_hangs_up_is_an_error(void **state)
{
    (void)state;
    assert_int_equal(in_a_child(with_a_pipe_for_stdout), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_streams_are_held),
        cmocka_unit_test(open_streams_stay_and_a_reader_that_hangs_up_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
