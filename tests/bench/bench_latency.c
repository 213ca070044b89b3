/* tests/bench/bench_latency.c - from a record's publishing to its being durable at a peer.
 *
 *      bench_latency HOME PEER N                   a folkmootd runs on both; PEER's store holds all of HOME's log
 *
 * Publishes N records, one a commit, by the code of `folkmoot publish`, and watches the peer's log.db. prints:
 * n=N from_commit_p50_ms= from_commit_p99_ms= from_start_p50_ms= ...    from_commit begins when our own COMMIT has
 * returned and the bell is rung; from_start before our own signing and fsync. */
#define _GNU_SOURCE
#include <string.h>

#include "bench.h"
#include "cli/author/readers.h"
#include "cli/view/view.h"
#include "protocol/envelope.h"

enum { PLAIN_LEN = 300, LOOK_EVERY_US = 50, PAUSE_US = 20 * 1000, PATIENCE_S = 10 };

struct bench {
    struct desk d;
    struct store *peer;
    uint32_t epoch;
    struct sym_secret key;
    size_t n;
    double *from_commit, *from_start;
};

static bool put_record(struct bench *b, struct author *a)
{
    uint8_t text[PLAIN_LEN] = "\x92\xa5""bench";
    struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX);
    struct seal_with with = {.id = {.origin = b->d.origin, .epoch = b->epoch}, .epoch_key = &b->key, .time_ms = session_now_ms()};
    memcpy(with.id.audience.b, b->d.origin.alliance.b, sizeof(with.id.audience.b));
    random_fill(with.nonce, sizeof(with.nonce));
    random_fill(with.salt, sizeof(with.salt));
    record_seal(&with, (struct bytes){text, sizeof(text)}, &header, &payload);
    bool is_put = author_put(a, buf_bytes(&header), buf_bytes(&payload)) == OK;
    buf_release(&header);
    buf_release(&payload);
    return is_put;
}

/* False when it did not come in PATIENCE_S. */
static bool wait_for(struct bench *b, uint64_t size)
{
    struct buf note = buf_on(NOTE_MAX);
    uint64_t version, seen = UINT64_MAX;
    bool has_come = false;
    for (double until = seconds() + PATIENCE_S; !has_come && seconds() < until;) {
        struct log_state l = {0};
        if (store_data_version(b->peer, &version) == OK && version != seen) {
            seen = version;
            has_come = store_log(b->peer, &b->d.origin, &l, &note) == OK && l.whole >= size;
        }
        if (!has_come)
            sleep_us(LOOK_EVERY_US);
    }
    buf_release(&note);
    return has_come;
}

static bool publish_one(struct bench *b, size_t i)
{
    struct author *a = NULL;
    struct checkpoint head;
    bool is_out = author_begin(&b->d, &a) == EXIT_OK && put_record(b, a);
    double began = seconds();
    is_out = is_out && author_commit(a, &head) == EXIT_OK;
    double committed = seconds();
    is_out = is_out && wait_for(b, head.size);
    b->from_start[i] = (seconds() - began) * 1e3;
    b->from_commit[i] = (seconds() - committed) * 1e3;
    author_end(a);
    sleep_us(PAUSE_US);
    return is_out;
}

static bool open_epoch(struct bench *b)
{
    struct view *v = NULL;
    struct author *a = NULL;
    bool is_open = desk_view(&b->d, &v) == EXIT_OK && author_begin(&b->d, &a) == EXIT_OK
        && readers_epoch(a, v, &b->epoch, &b->key) == EXIT_OK && author_commit(a, NULL) == EXIT_OK;
    author_end(a);
    view_close(v);
    return is_open;
}

static int measure(struct bench *b)
{
    bool is_good = open_epoch(b);
    for (size_t i = 0; is_good && i < b->n; i++)
        is_good = publish_one(b, i);
    if (!is_good)
        return 1;
    printf("n=%zu from_commit_p50_ms=%.2f from_commit_p99_ms=%.2f", b->n, percentile(b->from_commit, b->n, 0.5),
           percentile(b->from_commit, b->n, 0.99));
    printf(" from_start_p50_ms=%.2f from_start_p99_ms=%.2f\n", percentile(b->from_start, b->n, 0.5),
           percentile(b->from_start, b->n, 0.99));
    return 0;
}

int main(int argc, char **argv)
{
    struct session s;
    struct bench b = {0};
    struct store_report report;
    char path[4200];
    if (argc != 4 || crypto_start() != OK || home_resolve(argv[1], &s.home) != OK)
        return 2;
    session_init(&s, stdin, stdout, stderr);
    (void)setenv("FOLKMOOT_HOME", argv[1], 1);
    s.offline = s.quiet = true;
    (void)snprintf(path, sizeof(path), "%s/node/log.db", argv[2]);
    b.n = (size_t)strtoull(argv[3], NULL, 10);
    b.from_commit = calloc(b.n + 1, sizeof(double));
    b.from_start = calloc(b.n + 1, sizeof(double));
    int rc = 1;
    if (b.from_commit != NULL && b.from_start != NULL && store_open(path, STORE_READ, &b.peer, &report) == OK
        && desk_open(&s, STORE_WRITE, &b.d) == EXIT_OK)
        rc = measure(&b);
    desk_close(&b.d);
    store_close(b.peer);
    wipe(&b.key, sizeof(b.key));
    free(b.from_commit);
    free(b.from_start);
    session_release(&s);
    return rc;
}
