#include "tests/unit/store_fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { KILLS = 25, STEP = 37 };

/* The author as the store has it. */
static void take_up(struct store *s, struct author *a)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = store_log(s, &a->origin, &l, &note);
    if (e == OK)
        a->frontier = l.frontier;
    buf_release(&note);
}

/* Appends for ever; says each size on the pipe once it is acknowledged. */
static void child(int out)
{
    struct author a = author_of("barset");
    struct store *s = NULL;
    struct store_report report;
    if (store_open(in_folder("log.db"), STORE_WRITE, &s, &report) != OK || report.was_quarantined)
        _exit(2);
    take_up(s, &a);
    while (grow(s, &a, STEP) == OK)
        if (write(out, &a.frontier.size, sizeof(a.frontier.size)) != sizeof(a.frontier.size))
            _exit(3);
    _exit(4);
}

static void pause_us(uint64_t us)
{
    struct timespec t = {.tv_nsec = (long)(us * 1000)};
    (void)nanosleep(&t, NULL);
}

/* Kill the child after `acks` of them and a little more; returns the last it said. */
static uint64_t run_and_kill(uint64_t acks, uint64_t us)
{
    int ends[2], status;
    uint64_t last = 0, got;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        child(ends[1]);
    (void)close(ends[1]);
    for (; acks > 0 && read(ends[0], &got, sizeof(got)) == sizeof(got); acks--)
        last = got;
    pause_us(us);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    while (read(ends[0], &got, sizeof(got)) == sizeof(got))
        last = got;
    (void)close(ends[0]);
    return last;
}

static void every_acknowledged_append_survives_sigkill(void **state)
{
    (void)state;
    uint64_t random = 20260, before = 0;
    for (int i = 0; i < KILLS; i++) {
        uint64_t acks = next_random(&random) % 12, us = next_random(&random) % 3000;
        uint64_t acked = run_and_kill(acks, us);
        struct author a = author_of("barset");
        struct store *s = open_store(in_folder("log.db"));
        uint64_t size = size_of(s, &a), floor = acked > before ? acked : before;
        if (size < floor || size > floor + STEP || size % STEP != 0)
            fail_msg("kill %d: acknowledged %u, stored %u", i, (unsigned)floor, (unsigned)size);
        assert_int_equal(audit_store(s), OK);
        store_close(s);
        before = size;
    }
    assert_true(before > STEP * KILLS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_acknowledged_append_survives_sigkill)};
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
