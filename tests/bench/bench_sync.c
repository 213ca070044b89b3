/* tests/bench/bench_sync.c - two folkmootd over loopback: how long until the second holds all that the first does.
 *
 *      bench_sync FOLKMOOTD SENDER RECEIVER        homes of one alliance; the receiver holds none of the others' entries
 *
 * prints: entries=N start_s=S stream_s=S wire=BYTES stored=BYTES rss_kb=N cpu_sender=S cpu_receiver=S
 * start_s is from the receiver's exec to its store holding all, stream_s from its first durable entry. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "node/store/store.h"

enum { LOOK_EVERY_US = 1000, PATIENCE_S = 60, SETTLE_US = 300 * 1000 };

struct daemon { const char *home; char log[4200]; pid_t pid; double cpu; };
struct held { uint64_t entries; struct store *but; };

static int start(struct daemon *d, const char *program)
{
    (void)snprintf(d->log, sizeof(d->log), "%s/folkmootd.log", d->home);
    d->pid = fork();
    if (d->pid != 0)
        return d->pid > 0 ? 0 : 1;
    int fd = open(d->log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || dup2(fd, 2) < 0)
        _exit(3);
    execl(program, program, "-C", d->home, (char *)NULL);
    _exit(3);
}

static int stop(struct daemon *d)
{
    struct rusage used;
    int status;
    if (kill(d->pid, SIGTERM) != 0 || wait4(d->pid, &status, 0, &used) != d->pid)
        return 1;
    d->cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec)
        + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    return status == 0 ? 0 : 1;
}

/* The number behind the last `key` in a file; 0 when there is none. */
static unsigned long long last_number(const char *path, const char *key)
{
    char line[512];
    unsigned long long n = 0;
    FILE *f = fopen(path, "re");
    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        const char *p = strstr(line, key);
        if (p != NULL)
            n = strtoull(p + strlen(key), NULL, 10);
    }
    if (f != NULL)
        (void)fclose(f);
    return n;
}

static unsigned long long peak_kb(pid_t pid)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    return last_number(path, "VmHWM:");
}

static enum err add_log(void *arg, const struct log_state *l)
{
    struct held *h = arg;
    struct log_state other = {0};
    struct buf note = buf_on(NOTE_MAX);
    enum err e = h->but != NULL ? store_log(h->but, &l->origin, &other, &note) : OK;
    if (l->frontier.size > other.frontier.size)
        h->entries += l->frontier.size - other.frontier.size;
    buf_release(&note);
    return e == ERR_UNKNOWN ? OK : e;
}

static struct store *open_store(const char *home)
{
    char path[4200];
    struct store *s = NULL;
    struct store_report report;
    (void)snprintf(path, sizeof(path), "%s/node/log.db", home);
    return store_open(path, STORE_READ, &s, &report) == OK ? s : NULL;
}

/* Those that `but` (NULL: nobody) lacks. */
static uint64_t entries_of(struct store *s, struct store *but)
{
    struct held h = {.but = but};
    return store_each_log(s, add_log, &h) == OK ? h.entries : 0;
}

/* Looks whenever the store has changed. False when patience ends. */
static bool wait_for(struct store *s, uint64_t before, uint64_t want, double *ret_first, double *ret_last)
{
    uint64_t version = 0, seen = UINT64_MAX, n = before;
    double began = seconds();
    *ret_first = 0;
    while (seconds() - began < PATIENCE_S) {
        if (store_data_version(s, &version) == OK && version != seen) {
            seen = version;
            n = entries_of(s, NULL);
            if (n > before && *ret_first <= 0)
                *ret_first = seconds();
        }
        if (n >= want) {
            *ret_last = seconds();
            return true;
        }
        sleep_us(LOOK_EVERY_US);
    }
    (void)fprintf(stderr, "bench_sync: %llu of %llu entries came\n", (unsigned long long)n, (unsigned long long)want);
    return false;
}

static unsigned long long stored_bytes(struct store *s)
{
    uint64_t n = 0;
    return store_bytes(s, &n) == OK ? n : 0;
}

int main(int argc, char **argv)
{
    if (argc != 4 || crypto_start() != OK)
        return 2;
    struct daemon from = {.home = argv[2]}, to = {.home = argv[3]};
    struct store *a = open_store(from.home), *b = open_store(to.home);
    if (a == NULL || b == NULL)
        return 3;
    uint64_t before = entries_of(b, NULL), want = before + entries_of(a, b);
    double first, last;
    if (start(&from, argv[1]) != 0)
        return 3;
    sleep_us(SETTLE_US);
    double began = seconds();
    if (start(&to, argv[1]) != 0)
        return 3;
    bool is_done = wait_for(b, before, want, &first, &last);
    unsigned long long kb = peak_kb(to.pid);
    sleep_us(SETTLE_US);                                /* what a commit sets off is on its way still */
    if (stop(&to) + stop(&from) != 0 || !is_done)
        return 1;
    unsigned long long wire = last_number(to.log, "bytes_in=");
    printf("entries=%llu start_s=%.3f stream_s=%.3f wire=%llu stored=%llu rss_kb=%llu cpu_sender=%.2f cpu_receiver=%.2f\n",
           (unsigned long long)(want - before), last - began, last - first, wire, stored_bytes(b), kb, from.cpu, to.cpu);
    store_close(a);
    store_close(b);
    return 0;
}
