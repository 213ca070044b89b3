/* cli/desk_daemon.c - the other program: waking it, and running it once. */
#define _GNU_SOURCE
#include "cli/desk.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/say.h"
#include "keys/file.h"

extern char **environ;

enum { LOOK_EVERY_MS = 20 };
struct asking { struct progress progress; uint64_t n_looks; };

static struct asking asking_start(struct desk *d, unsigned wait_s)
{
    return (struct asking){.progress = progress_start(d->s, "asking the peers, seconds", wait_s)};
}

void desk_ring(const struct desk *d)
{
    char path[FILE_PATH_MAX];
    home_path(&d->s->home, HOME_BELL, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return;
    (void)!write(fd, "!", 1);
    close(fd);
}

bool desk_daemon_runs(const struct desk *d)
{
    char path[FILE_PATH_MAX];
    int fd = -1;
    home_path(&d->s->home, HOME_DAEMON_LOCK, path);
    enum err e = file_lock(path, false, &fd);
    if (e == OK)
        file_unlock(fd);
    return e == ERR_BUSY;
}

/* folkmootd beside this program, or the one that $FOLKMOOTD names, or the one in PATH. */
static void daemon_path(char ret[FILE_PATH_MAX])
{
    const char *named = getenv("FOLKMOOTD");
    if (named != NULL && named[0] != '\0') {
        (void)snprintf(ret, FILE_PATH_MAX, "%s", named);
        return;
    }
    ssize_t len = readlink("/proc/self/exe", ret, FILE_PATH_MAX - 16);
    char *slash = NULL;
    if (len > 0) {
        ret[len] = '\0';
        slash = strrchr(ret, '/');
    }
    if (slash != NULL) {
        memcpy(slash + 1, "folkmootd", sizeof("folkmootd"));
        if (access(ret, X_OK) == 0)
            return;
    }
    memcpy(ret, "folkmootd", sizeof("folkmootd"));
}

/* Some round trips, or the whole wait: whoever sits there sees that it goes on. */
static void look_again(struct asking *a)
{
    struct timespec pause = {.tv_nsec = LOOK_EVERY_MS * 1000 * 1000};
    (void)nanosleep(&pause, NULL);
    progress_step(&a->progress, ++a->n_looks * LOOK_EVERY_MS / 1000);
}

/* What it reports is for operators: shown with -v only. */
static enum err run(char *const argv[], bool is_shown, struct asking *p, int *ret_status)
{
    pid_t pid;
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!is_shown)
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);     /* stdout is our own document's */
    int failed = posix_spawnp(&pid, argv[0], &files, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0)
        return failed == ENOENT ? ERR_UNKNOWN : ERR_IO;
    int status = 0;
    pid_t ended;
    while ((ended = waitpid(pid, &status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR))
        look_again(p);
    if (ended < 0)
        return ERR_IO;
    *ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return OK;
}

static enum err run_once(struct desk *d, unsigned wait_s, const char *peer)
{
    char program[FILE_PATH_MAX], seconds[16];
    const char *argv[12];
    size_t n = 0;
    daemon_path(program);
    (void)snprintf(seconds, sizeof(seconds), "%u", wait_s);
    argv[n++] = program;
    argv[n++] = "-C";
    argv[n++] = d->s->home.path;
    argv[n++] = "--once";
    argv[n++] = "--timeout";
    argv[n++] = seconds;
    if (peer != NULL) {
        argv[n++] = "--peer";
        argv[n++] = peer;
    }
    argv[n] = NULL;
    int status = -1;
    struct asking a = asking_start(d, wait_s);
    enum err e = run((char *const *)(uintptr_t)argv, d->s->verbose, &a, &status);
    progress_end(&a.progress);
    return e != OK ? e : status == 0 ? OK : ERR_IO;
}

struct heard { uint64_t since_ms; const char *peer; bool any; };

static enum err was_heard(void *arg, const struct head_row *h)
{
    struct heard *w = arg;
    w->any = w->any || (h->at_ms >= w->since_ms && (w->peer == NULL || strcmp(h->peer.s, w->peer) == 0));
    return OK;
}

/* A daemon runs: it pings everybody when asked, so an answer newer than the question says that a peer
 * was reached. By which address is its business: one that is named stands for anybody. */
static enum err ask_daemon(struct desk *d, unsigned wait_s, const char *peer)
{
    struct heard w = {.since_ms = session_now_ms(), .peer = peer != NULL && strchr(peer, ':') == NULL ? peer : NULL};
    enum err e = store_put_ask(d->store, ASK_SYNC, w.since_ms);
    desk_ring(d);
    struct asking a = asking_start(d, wait_s);
    while (e == OK && !w.any && a.n_looks < (uint64_t)wait_s * 1000 / LOOK_EVERY_MS) {
        look_again(&a);
        e = store_each_head(d->store, was_heard, &w);
    }
    progress_end(&a.progress);
    return e != OK ? e : w.any ? OK : ERR_IO;
}

enum err desk_sync(struct desk *d, unsigned wait_s, const char *peer)
{
    if (!desk_daemon_runs(d))
        return run_once(d, wait_s, peer);
    return ask_daemon(d, wait_s, peer);
}
