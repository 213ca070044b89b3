#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "node/confine.h"

/* A home in miniature. Confinement cannot be undone, so each test confines a child, and
 * the child's exit status says how many of its expectations failed; CANNOT means no Landlock here. */
enum { CANNOT = 100 };
static char home[64], node[80], inner[96], outer[96], outer_dir[80];

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static int make_home(void **state)
{
    (void)state;
    (void)snprintf(home, sizeof(home), "/tmp/folkmoot-confine-XXXXXX");
    assert_non_null(mkdtemp(home));
    (void)snprintf(node, sizeof(node), "%s/node", home);
    (void)snprintf(outer_dir, sizeof(outer_dir), "%s/private", home);
    (void)snprintf(inner, sizeof(inner), "%s/log.db", node);
    (void)snprintf(outer, sizeof(outer), "%s/seed", outer_dir);
    assert_int_equal(mkdir(node, 0700), 0);
    assert_int_equal(mkdir(outer_dir, 0700), 0);
    put(inner, "inner");
    put(outer, "secret");
    return 0;
}

static int drop_home(void **state)
{
    (void)state;
    (void)unlink(inner);
    (void)unlink(outer);
    (void)rmdir(node);
    (void)rmdir(outer_dir);
    return rmdir(home);
}

static int failures;

static void expect(bool holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "expected: %s (errno %d)\n", what, errno);
        failures++;
    }
}

static bool opens(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd >= 0)
        (void)close(fd);
    return fd >= 0;
}

static void expect_files(void)
{
    char made[96], moved[96];
    (void)snprintf(made, sizeof(made), "%s/new", node);
    (void)snprintf(moved, sizeof(moved), "%s/newer", node);
    expect(opens(inner, O_RDWR | O_TRUNC), "node/ is read and written");
    expect(opens(made, O_WRONLY | O_CREAT | O_EXCL), "files are made in node/");
    expect(rename(made, moved) == 0, "files are renamed in node/");
    expect(unlink(moved) == 0, "files are removed from node/");
    expect(!opens(outer, O_RDONLY) && errno == EACCES, "private/ is not read");
    expect(!opens(outer_dir, O_RDONLY | O_DIRECTORY) && errno == EACCES, "private/ is not listed");
    expect(!opens("/etc/passwd", O_RDONLY) && errno == EACCES, "/etc/passwd is not read");
    (void)snprintf(made, sizeof(made), "%s/escape", home);
    expect(!opens(made, O_WRONLY | O_CREAT) && errno == EACCES, "nothing is made beside node/");
    expect(link(inner, made) != 0, "nothing of node/ is linked out of it");
}

static void expect_network(void)
{
    struct addrinfo *found = NULL;
    struct rlimit core;
    expect(opens("/etc/hosts", O_RDONLY) || errno == ENOENT, "/etc/hosts is read");
    expect(getaddrinfo("localhost", "80", NULL, &found) == 0, "names are resolved");
    if (found != NULL)
        freeaddrinfo(found);
    expect(getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0, "no core file");
}

static int confined_child(void (*expectations)(void))
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct confinement got;
        failures = 0;
        if (confine(node, &got) != OK || got.landlock_abi == 0)
            _exit(CANNOT);
        expectations();
        _exit(failures);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void assert_holds(void (*expectations)(void))
{
    int result = confined_child(expectations);
    if (result == CANNOT)
        skip();
    assert_int_equal(result, 0);
}

static void a_confined_daemon_reads_node_and_not_private(void **state)
{
    (void)state;
    assert_holds(expect_files);
}

static void a_confined_daemon_still_resolves_names(void **state)
{
    struct addrinfo *found = NULL;
    (void)state;
    if (getaddrinfo("localhost", "80", NULL, &found) != 0)
        skip();                             /* a bare system without /etc/hosts: nobody resolves it */
    freeaddrinfo(found);
    assert_holds(expect_network);
}

/* ---- system calls ---- */

static void *run_thread(void *arg)
{
    *(int *)arg = 7;
    return NULL;
}

static void expect_calls(void)
{
    char *const argv[] = {"true", NULL};
    int ran = 0, ends[2];
    pthread_t thread;
    expect(execve("/bin/true", argv, argv + 1) == -1 && errno == EPERM, "no program is run");
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    expect(child == -1 && errno == EPERM, "no process is made");
    expect(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) == -1 && errno == EPERM, "nor by the call beneath");
    expect(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1 && errno == EPERM, "nothing is traced");
    expect(unshare(CLONE_NEWUSER) == -1 && errno == EPERM, "no namespace is made");
    expect(syscall(SYS_process_vm_readv, getpid(), NULL, 0, NULL, 0, 0) == -1 && errno == EPERM, "no memory of others is read");
    expect(pthread_create(&thread, NULL, run_thread, &ran) == 0 && pthread_join(thread, NULL) == 0 && ran == 7, "threads are made");
    expect(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && write(ends[0], "x", 1) == 1, "sockets are used");
    expect(opens("/dev/null", O_RDWR), "files are opened: they are Landlock's part");
}

/* What goes to waitpid must not be confined itself, so it is the child that is. */
static void a_confined_daemon_runs_no_program_and_makes_no_process(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const char *why;
        failures = 0;
        if (!confine_calls(&why))
            _exit(why != NULL ? CANNOT : 1);
        expect_calls();
        _exit(failures);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == CANNOT)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_confined_daemon_reads_node_and_not_private),
        cmocka_unit_test(a_confined_daemon_still_resolves_names),
        cmocka_unit_test(a_confined_daemon_runs_no_program_and_makes_no_process),
    };
    return cmocka_run_group_tests(tests, make_home, drop_home);
}
