/* tests/store/test_alliance_faults.c - node/alliance under a disk that fails, and under SIGKILL: what was settled before is there
 * afterwards, whole, and gives back to a lost store what it knew. */
#define _GNU_SOURCE
#include "tests/unit/charters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/home_dir.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "node/alliance.h"
#include "protocol/identity.h"

enum { FEW = 6, LAST_VERSION = 60, KILLS = 25, BEGIN_AGAIN = 30 };

/* ---- a disk that fails: the system calls of keys/file.c, and SQLite's for the same files ---- */

static struct { int number; unsigned long at, count; bool stays, fired; } plan;

static bool fails(void)
{
    if (plan.at == 0 || (plan.fired && !plan.stays))
        return false;
    if (!plan.fired && ++plan.count != plan.at)
        return false;
    plan.fired = true;
    errno = plan.number;
    return true;
}

ssize_t write(int fd, const void *p, size_t n) { return fails() ? -1 : syscall(SYS_write, fd, p, n); }
ssize_t pwrite(int fd, const void *p, size_t n, off_t at) { return fails() ? -1 : syscall(SYS_pwrite64, fd, p, n, at); }
ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at) { return fails() ? -1 : syscall(SYS_pwrite64, fd, p, n, at); }
int fsync(int fd) { return (void)fd, fails() ? -1 : 0; }       /* nothing is really synced: no power is cut here */
int fdatasync(int fd) { return (void)fd, fails() ? -1 : 0; }
int rename(const char *from, const char *to) { return fails() ? -1 : (int)syscall(SYS_rename, from, to); }

/* ---- a chain, and a member's home ---- */

static struct buf notes[LAST_VERSION + 1];
static struct hash hashes[LAST_VERSION + 1];
static struct alliance_id alliance;

static void make_chain(void)
{
    struct charter *c = charter_founding();
    for (uint32_t v = 1; v <= LAST_VERSION; v++) {
        struct charter *next = charter_after(c, 0);
        notes[v] = charter_note(c, BY(1));
        hashes[v] = c->hash;
        charter_fill(next, v + 1, 1, 1);                    /* one member more */
        must(charter_seal(next) == OK);
        charter_free(c);
        c = next;
    }
    charter_free(c);
    alliance = charter_alliance_id(&hashes[1]);
}

/* Body 1, the founder. */
static void make_home(void)
{
    struct buf note = buf_on(IDENTITY_MAX);
    struct body b = body(1);
    struct identity *id = calloc(1, sizeof(*id));
    must(id != NULL);
    *id = (struct identity){.slug = b.slug, .role = ROLE_AUTHORITY, .version = 1, .root = b.root, .log = body_with(1, 1).root,
                            .witness = body_with(1, 2).root};
    id->box = dh_public_of(&(struct dh_secret){{9}});
    id->node = dh_public_of(&(struct dh_secret){{16}});
    (void)snprintf(id->name, sizeof(id->name), "Barset");
    identity_sign(id, &b.secret, &note);
    must(buf_status(&note) == OK);
    assert_int_equal(file_write(in_home(HOME_IDENTITY), buf_bytes(&note)), OK);
    buf_release(&note);
    free(id);
}

static void remove_store(void)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".suspect", ".mending", "-journal"};
    char name[FILE_PATH_MAX + 16];
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        (void)snprintf(name, sizeof(name), "%s%s", in_home(HOME_LOG_DB), suffixes[i]);
        (void)unlink(name);
    }
}

static enum err open_log_db(struct store **ret)
{
    struct store_report *r = malloc(sizeof(*r));
    must(r != NULL);
    enum err e = store_open(in_home(HOME_LOG_DB), STORE_WRITE, ret, r);
    free(r);
    return e;
}

/* One version more in the store, and beside it. */
static enum err take_charter(struct store *s, uint32_t v)
{
    struct alliance_report r;
    enum err e = v > 1 ? OK : store_set(s, "alliance", (struct bytes){alliance.b, sizeof(alliance.b)});
    if (e == OK)
        e = store_put_charter(s, &hashes[v], v, 0, buf_bytes(&notes[v]));
    return e == OK ? alliance_settle(&home, s, &r) : e;
}

static enum err newest(void *arg, struct bytes note)
{
    (void)note;
    ++*(uint32_t *)arg;
    return OK;
}

/* Lose the store: the version that comes back from the file beside it. */
static uint32_t comes_back(void)
{
    struct store *s = NULL;
    struct alliance_report r;
    uint32_t n = 0;
    remove_store();
    assert_int_equal(open_log_db(&s), OK);
    assert_int_equal(alliance_settle(&home, s, &r), OK);
    assert_int_equal(r.unreadable, OK);                     /* whole, old or new, or not there at all */
    assert_int_equal(store_each_charter(s, newest, &n), OK);
    assert_int_equal(r.charter, n);
    store_close(s);
    return n;
}

/* ---- the n-th operation fails ---- */

/* Settles version after version until one fails: the last that was acknowledged. */
static uint32_t live(void)
{
    struct store *s = NULL;
    uint32_t v = 0;
    if (open_log_db(&s) == OK)
        while (v < FEW && take_charter(s, v + 1) == OK)
            v++;
    store_close(s);
    return v;
}

static unsigned long fail_each(int number, bool stays)
{
    for (unsigned long n = 1; ; n++) {
        remove_store();
        (void)unlink(in_home(HOME_ALLIANCE));
        plan.number = number, plan.at = n, plan.stays = stays, plan.count = 0, plan.fired = false;
        uint32_t acknowledged = live();
        bool fired = plan.fired;
        plan.at = 0;
        uint32_t back = comes_back();
        if (back < acknowledged || back > acknowledged + 1)
            fail_msg("operation %lu: settled %u, came back %u", n, (unsigned)acknowledged, (unsigned)back);
        if (!fired) {
            assert_int_equal(acknowledged, FEW);
            return n;
        }
    }
}

static void a_full_disk_leaves_the_file_whole(void **state)
{
    (void)state;
    assert_in_range(fail_each(ENOSPC, false), 40, 100000);
    assert_in_range(fail_each(ENOSPC, true), 40, 100000);
}

static void a_disk_that_fails_leaves_the_file_whole(void **state)
{
    (void)state;
    assert_in_range(fail_each(EIO, false), 40, 100000);
    assert_in_range(fail_each(EIO, true), 40, 100000);
}

/* ---- SIGKILL ---- */

/* Goes on from the version that the file gave back. */
static void child(int out)
{
    struct store *s = NULL;
    struct alliance_report r;
    uint32_t v = 0;
    if (open_log_db(&s) != OK || alliance_settle(&home, s, &r) != OK || store_each_charter(s, newest, &v) != OK)
        _exit(2);
    while (v < LAST_VERSION && take_charter(s, v + 1) == OK)
        if (v++, write(out, &v, sizeof(v)) != sizeof(v))
            _exit(3);
    _exit(4);
}

/* What it said last before it was killed. */
static uint32_t run_and_kill(unsigned acks, long us)
{
    int ends[2], status;
    uint32_t last = 0, got;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        child(ends[1]);
    (void)close(ends[1]);
    for (; acks > 0 && read(ends[0], &got, sizeof(got)) == sizeof(got); acks--)
        last = got;
    struct timespec t = {.tv_nsec = us * 1000};
    (void)nanosleep(&t, NULL);                  /* the moment, not a condition */
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    while (read(ends[0], &got, sizeof(got)) == sizeof(got))
        last = got;
    (void)close(ends[0]);
    return last;
}

static void what_was_settled_survives_sigkill(void **state)
{
    (void)state;
    uint32_t before = 0, settled = 0;
    remove_store();
    (void)unlink(in_home(HOME_ALLIANCE));
    for (unsigned i = 0; i < KILLS; i++) {
        uint32_t said = run_and_kill(1 + i * 7 % 5, (long)(i * 997 % 3000));
        uint32_t back = comes_back(), floor = said > before ? said : before;
        if (back < floor || back > floor + 1)
            fail_msg("kill %u: settled %u, came back %u", i, (unsigned)floor, (unsigned)back);
        settled += back - before;
        before = back;
        if (back > BEGIN_AGAIN) {
            remove_store();
            (void)unlink(in_home(HOME_ALLIANCE));
            before = 0;
        }
    }
    assert_true(settled >= KILLS);
}

static int start(void **state)
{
    if (crypto_start() != OK || make_top_and_home(state) != 0)
        return -1;
    make_chain();
    make_home();
    return 0;
}

static int end(void **state)
{
    for (uint32_t v = 1; v <= LAST_VERSION; v++)
        buf_release(&notes[v]);
    return remove_top(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_leaves_the_file_whole),
        cmocka_unit_test(a_disk_that_fails_leaves_the_file_whole),
        cmocka_unit_test(what_was_settled_survives_sigkill),
    };
    return cmocka_run_group_tests(tests, start, end);
}
