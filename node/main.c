/* node/main.c - folkmootd: joins the parts, runs, leaves in order. */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "keys/file.h"
#include "keys/home.h"
#include "keys/streams.h"
#include "node/config.h"
#include "node/confine.h"
#include "node/net/net.h"
#include "node/say.h"
#include "node/worker.h"

enum { EXIT_DONE = 0, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3, EXIT_SECRET = 4 };
/* Ours: a link's each, those that are on their way in or out, and some twenty of the store and the loop. */
enum { FILES_MIN = 256 };
static_assert(FILES_MIN >= HALF_OPEN_MAX + 2 * LINKS_MAX + 32, "libuv ends the process where it cannot open its own");

enum { ONCE_SECONDS = 30, ONCE_SECONDS_MAX = 24 * 3600 };

struct options {
    const char *dir;                        /* NULL: as home_resolve finds it */
    const char *listen;                     /* NULL: as the configuration says */
    bool is_once;
    uint64_t timeout_s;
    const char *peer;
};

static const char usage[] =
    "Usage: folkmootd [-C DIR] [--listen HOST:PORT|none] [--once [--timeout SECONDS] [--peer SLUG|HOST:PORT]]\n"
    "\n"
    "Runs this node in the foreground: moves and verifies the alliance's records, witnesses its logs.\n"
    "It holds no key that could sign or read a record.\n"
    "\n"
    "  -C DIR              the home (default: $FOLKMOOT_HOME, else ~/.folkmoot)\n"
    "  --listen HOST:PORT  where peers may dial (default: `listen` in node/config); port 0: any\n"
    "  --once              dial, exchange, leave; listens nowhere\n"
    "  --timeout SECONDS   ... after this at the latest (30)\n"
    "  --peer WHOM         ... and dial only this member, or look for members at this address\n"
    "  --version  --help\n"
    "\n"
    "SIGTERM leaves in order. On stderr, once it serves: ready listen=HOST:PORT\n"
    "Exit status: 0 left in order; 2 usage; 3 the environment failed, or (--once) no peer was in reach;\n"
    "4 a key is missing.\n"
    "\n"
    "Example: folkmootd -C /var/lib/folkmoot --listen 0.0.0.0:7117\n";

static int complain(int status, const char *what, const char *why, const char *remedy)
{
    (void)fprintf(stderr, "folkmootd: %s: %s: %s\n", what, why, remedy);
    return status;
}

/* ---- options ---- */

enum { OPT_LISTEN = 256, OPT_ONCE, OPT_TIMEOUT, OPT_PEER, OPT_VERSION, OPT_HELP };

static int take_option(int opt, struct options *o, bool *ret_is_over)
{
    switch (opt) {
    case 'C':        o->dir = optarg; return EXIT_DONE;
    case OPT_LISTEN: o->listen = optarg; return EXIT_DONE;
    case OPT_ONCE:   o->is_once = true; return EXIT_DONE;
    case OPT_PEER:   o->peer = optarg; return EXIT_DONE;
    case OPT_TIMEOUT:
        if (bytes_u64(bytes_of(optarg), ONCE_SECONDS_MAX, &o->timeout_s) == OK && o->timeout_s > 0)
            return EXIT_DONE;
        return complain(EXIT_USAGE, "--timeout", optarg, "give a number of seconds");
    case OPT_VERSION:
        *ret_is_over = true;
        (void)printf("folkmootd %s (libsodium %s, libuv %s)\n", FOLKMOOT_VERSION, crypto_library_version(),
                     net_library_version());
        return EXIT_DONE;
    case OPT_HELP:
        *ret_is_over = true;
        (void)fputs(usage, stdout);
        return EXIT_DONE;
    default:                                /* getopt has said what is wrong */
        (void)fputs("Try: folkmootd --help\n", stderr);
        return EXIT_USAGE;
    }
}

static int parse_options(int argc, char **argv, struct options *o, bool *ret_is_over)
{
    static const struct option known[] = {
        {"listen", required_argument, NULL, OPT_LISTEN},   {"once", no_argument, NULL, OPT_ONCE},
        {"timeout", required_argument, NULL, OPT_TIMEOUT}, {"peer", required_argument, NULL, OPT_PEER},
        {"version", no_argument, NULL, OPT_VERSION},       {"help", no_argument, NULL, OPT_HELP},
        {NULL, 0, NULL, 0},
    };
    struct address a;
    struct slug slug;
    int opt, status = EXIT_DONE;
    *o = (struct options){.timeout_s = ONCE_SECONDS};
    while (status == EXIT_DONE && !*ret_is_over && (opt = getopt_long(argc, argv, "C:", known, NULL)) != -1)
        status = take_option(opt, o, ret_is_over);
    if (status != EXIT_DONE || *ret_is_over)
        return status;
    if (optind < argc)
        return complain(EXIT_USAGE, argv[optind], "unexpected argument", "see folkmootd --help");
    if (o->peer != NULL && !o->is_once)
        return complain(EXIT_USAGE, "--peer", "without --once", "a daemon dials everybody");
    if (o->peer != NULL && slug_parse(bytes_of(o->peer), &slug) != OK && address_split(bytes_of(o->peer), &a) != OK)
        return complain(EXIT_USAGE, "--peer", o->peer, "give a member's slug or HOST:PORT");
    if (o->listen != NULL && strcmp(o->listen, "none") != 0 && address_split_listen(bytes_of(o->listen), &a) != OK)
        return complain(EXIT_USAGE, "--listen", o->listen, "give HOST:PORT or none");
    return EXIT_DONE;
}

/* ---- the home ---- */

static int open_home(const struct options *o, struct home *home, int *ret_lock)
{
    char path[FILE_PATH_MAX];
    enum err e = home_resolve(o->dir, home);
    if (e != OK)
        return complain(EXIT_ENVIRONMENT, "home", err_text(e), "name one with -C");
    home_path(home, HOME_NODE, path);
    if ((e = folder_check_private(path)) == ERR_UNKNOWN)
        return complain(EXIT_ENVIRONMENT, path, "there is no node here",
                        "make one with `folkmoot init`, or name its home with -C");
    if (e != OK)
        return complain(EXIT_ENVIRONMENT, path, err_text(e), "it must be yours and closed to others: chmod 700");
    home_path(home, HOME_DAEMON_LOCK, path);
    if ((e = file_lock(path, false, ret_lock)) == ERR_BUSY)
        return complain(EXIT_ENVIRONMENT, path, "another folkmootd runs on this home", "stop that one first");
    if (e != OK)
        return complain(EXIT_ENVIRONMENT, path, err_text(e), "check the folder's permissions");
    return EXIT_DONE;
}

static int read_config(const struct home *home, struct config *ret)
{
    char path[FILE_PATH_MAX], why[160];
    struct buf text = buf_on(CONFIG_MAX);
    struct config_error wrong = {.what = NULL};
    config_init(ret);
    home_path(home, HOME_CONFIG, path);
    enum err e = file_read(path, CONFIG_MAX, &text);
    if (e == OK)
        e = config_parse(buf_bytes(&text), ret, &wrong);
    buf_release(&text);
    if (e == OK || e == ERR_UNKNOWN)        /* no file: nothing is decided */
        return EXIT_DONE;
    (void)snprintf(why, sizeof(why), "line %zu: %s", wrong.line, wrong.what != NULL ? wrong.what : err_text(e));
    return complain(EXIT_ENVIRONMENT, path, why, "keys are listen, advertise, log_level");
}

/* The file that whoever writes to the store rings. */
static void make_bell(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0)
        (void)close(fd);                    /* without it we look every second */
}

static int settle_files(void)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0)
        return EXIT_DONE;
    const rlim_t had = r.rlim_cur;
    if (r.rlim_cur < FILES_MIN && r.rlim_max >= FILES_MIN) {
        r.rlim_cur = FILES_MIN;
        if (setrlimit(RLIMIT_NOFILE, &r) != 0)
            r.rlim_cur = had;
    }
    if (r.rlim_cur >= FILES_MIN)
        return EXIT_DONE;
    return complain(EXIT_ENVIRONMENT, "open files", "fewer may be open than a node needs", "raise `ulimit -n` to 256 at least");
}

/* Into the file that is locked, for `doctor`: who holds it, and how confined. It is for people; nobody's doing rests on it. */
static void note_holder(int lock, const struct confinement *c)
{
    if (ftruncate(lock, 0) == 0 && lseek(lock, 0, SEEK_SET) == 0)
        (void)dprintf(lock, "pid %ld\nlandlock %d\n", (long)getpid(), c->landlock_abi);
}

/* Before the first socket and thread. */
static int settle_process(const struct home *home, int lock)
{
    char path[FILE_PATH_MAX];
    struct confinement c;
    const char *why;
    int status = settle_files();
    if (status != EXIT_DONE)
        return status;
    home_path(home, HOME_NODE, path);
    if (confine(path, &c) != OK)
        return complain(EXIT_ENVIRONMENT, "landlock", c.reason, "the kernel offers it and refuses it: see its log");
    if (c.landlock_abi > 0)
        (void)fprintf(stderr, "confined landlock=abi%d", c.landlock_abi);
    else
        (void)fprintf(stderr, "confined landlock=none reason=%s", c.reason);
    if (confine_calls(&why))
        (void)fprintf(stderr, " seccomp=on\n");
    else
        (void)fprintf(stderr, " seccomp=none reason=%s\n", why);
    note_holder(lock, &c);
    return EXIT_DONE;
}

/* ---- running ---- */

static int explain_start(enum err e, const char *what)
{
    if (e == ERR_UNKNOWN)
        return complain(EXIT_ENVIRONMENT, what, "this node is of no alliance yet",
                        "`folkmoot alliance create` or `folkmoot join`; if its store was lost: `folkmoot join --charter "
                        "FILE`");
    if (e == ERR_SECRET || e == ERR_KEY)
        return complain(EXIT_SECRET, what, err_text(e), "restore the home from a backup");
    return complain(EXIT_ENVIRONMENT, what, err_text(e), "look at the disk and at `folkmoot status`");
}

static void *run_worker(void *arg)
{
    worker_run(arg);
    return NULL;
}

/* Signals belong to the loop thread. */
static enum err start_thread(struct worker *w, pthread_t *ret)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &before);
    int failed = pthread_create(ret, NULL, run_worker, w);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed == 0 ? OK : ERR_LIMIT;
}

static int listen_and_tell(struct net *n, const char *listen)
{
    char where[ADDRESS_MAX + 1] = "none";
    enum err e = listen[0] != '\0' ? net_listen(n, listen, where) : OK;
    if (e == ERR_BUSY)
        return complain(EXIT_ENVIRONMENT, listen, "somebody listens there already", "choose another port");
    if (e != OK)
        return complain(EXIT_ENVIRONMENT, listen, err_text(e), "check `listen` in node/config, or --listen");
    (void)fprintf(stderr, "ready listen=%s\n", where);
    return EXIT_DONE;
}

static int run_threads(struct worker *w, struct net *n)
{
    pthread_t thread;
    uint64_t in, out;
    enum err e = start_thread(w, &thread);
    if (e != OK)
        return complain(EXIT_ENVIRONMENT, "thread", err_text(e), "see `ulimit -u`");
    net_run(n);
    (void)pthread_join(thread, NULL);
    net_traffic(n, &in, &out);
    (void)fprintf(stderr, "left bytes_in=%llu bytes_out=%llu\n", (unsigned long long)in, (unsigned long long)out);
    e = worker_result(w);
    if (e == ERR_DENIED)
        return complain(EXIT_ENVIRONMENT, "sync", "no peer could be reached", "`folkmoot status` says which and why");
    return e == OK ? EXIT_DONE : complain(EXIT_ENVIRONMENT, "log.db", err_text(e), "look at the disk and at `folkmoot status`");
}

static int run(const struct options *o, const struct home *home, const struct config *config, struct queue *in,
               struct queue *out)
{
    char bell[FILE_PATH_MAX];
    const char *what = "", *listen = o->is_once ? "" : config->listen;
    struct worker *w = NULL;
    struct net *n = NULL;
    int status;
    if (o->listen != NULL && !o->is_once)
        listen = strcmp(o->listen, "none") == 0 ? "" : o->listen;
    const struct worker_config wc = {.home = home, .in = in, .out = out, .log_level = config->log_level,
                                     .is_once = o->is_once, .timeout_ms = o->timeout_s * 1000, .peer = o->peer};
    enum err e = worker_new(&wc, &w, &what);
    if (e != OK)
        return explain_start(e, what);
    home_path(home, HOME_BELL, bell);
    make_bell(bell);
    struct net_config nc = {.alliance = worker_alliance(w), .bell = bell, .handles_signals = true,
                            .to_engine = in, .to_net = out};
    nc.n_keys = worker_keys(w, nc.keys);
    e = net_new(&nc, &n);
    wipe(nc.keys, sizeof(nc.keys));
    if (e != OK)
        status = complain(EXIT_ENVIRONMENT, "network", err_text(e), "see `ulimit -n`");
    else if ((status = listen_and_tell(n, listen)) == EXIT_DONE)
        status = run_threads(w, n);
    net_free(n);
    worker_free(w);
    return status;
}

int main(int argc, char **argv)
{
    struct options o;
    struct home home;
    struct config config;
    struct queue in, out;
    bool is_over = false;
    enum err e = streams_settle();          /* before anything is opened */
    if (e != OK)
        return complain(EXIT_ENVIRONMENT, "/dev/null", err_text(e), "see whether it is there");
    int lock = -1, status = parse_options(argc, argv, &o, &is_over);
    if (status == EXIT_DONE && is_over && fflush(stdout) != 0)
        return complain(EXIT_ENVIRONMENT, "stdout", "cannot write the output", "look at where it was sent");
    if (status != EXIT_DONE || is_over)
        return status;
    if (crypto_start() != OK)
        return complain(EXIT_ENVIRONMENT, "libsodium", err_text(ERR_UNSAFE),
                        "install a version with CVE-2025-69277 mended");
    if ((status = open_home(&o, &home, &lock)) != EXIT_DONE)
        return status;
    status = read_config(&home, &config);
    if (status == EXIT_DONE)
        status = settle_process(&home, lock);
    if (status != EXIT_DONE)
        goto out;
    status = EXIT_ENVIRONMENT;
    if (queue_init(&in, INBOX_MAX) != OK)
        goto out;
    if (queue_init(&out, SIZE_MAX) == OK) {
        status = run(&o, &home, &config, &in, &out);
        queue_release(&out);
    }
    queue_release(&in);
out:
    file_unlock(lock);
    return status;
}
