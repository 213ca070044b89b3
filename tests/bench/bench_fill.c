/* tests/bench/bench_fill.c - fill a home's own log with sealed records, as `publish` would, and say how fast.
 *
 *      bench_fill HOME RECORDS PLAINTEXT_BYTES        prints: append records=N seconds=S stored=BYTES */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/author/readers.h"
#include "cli/view/view.h"
#include "protocol/envelope.h"

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum err put_record(struct author *a, const struct desk *d, uint32_t epoch, const struct sym_secret *key,
                           struct bytes plain, struct buf *header, struct buf *payload)
{
    struct seal_with with = {.id = {.origin = d->origin, .epoch = epoch}, .epoch_key = key, .time_ms = session_now_ms()};
    memcpy(with.id.audience.b, d->origin.alliance.b, sizeof(with.id.audience.b));
    random_fill(with.nonce, sizeof(with.nonce));
    random_fill(with.salt, sizeof(with.salt));
    buf_clear(header);
    buf_clear(payload);
    record_seal(&with, plain, header, payload);
    return author_put(a, buf_bytes(header), buf_bytes(payload));
}

static int fill(struct desk *d, uint64_t n, size_t len)
{
    struct view *v = NULL;
    struct author *a = NULL;
    struct sym_secret key;
    uint32_t epoch;
    struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX), plain = buf_on(PAYLOAD_MAX);
    if (desk_view(d, &v) != EXIT_OK || author_begin(d, &a) != EXIT_OK || readers_epoch(a, v, &epoch, &key) != EXIT_OK)
        return 1;
    pack_array(&plain, 2);                  /* a record of a type that has no table: folding passes it over */
    pack_str(&plain, "bench");
    uint8_t *p = calloc(len, 1);
    random_fill(p, len);
    pack_fixed(&plain, p, len - 10);
    free(p);
    double began = seconds();
    uint64_t stored = 0;
    for (uint64_t i = 0; i < n; i++) {
        if (put_record(a, d, epoch, &key, buf_bytes(&plain), &header, &payload) != OK)
            return 1;
        stored += header.len + payload.len;
    }
    if (author_commit(a, NULL) != EXIT_OK)
        return 1;
    printf("append records=%llu seconds=%.3f stored=%llu\n", (unsigned long long)n, seconds() - began, (unsigned long long)stored);
    author_end(a);
    view_close(v);
    wipe(&key, sizeof(key));
    buf_release(&header);
    buf_release(&payload);
    buf_release(&plain);
    return 0;
}

int main(int argc, char **argv)
{
    struct session s;
    struct desk d;
    if (argc != 4 || crypto_start() != OK)
        return 2;
    session_init(&s, stdin, stdout, stderr);
    if (home_resolve(argv[1], &s.home) != OK)
        return 2;
    (void)setenv("FOLKMOOT_HOME", argv[1], 1);
    s.offline = true;
    s.quiet = true;
    int rc = desk_open(&s, STORE_WRITE, &d) == EXIT_OK ? fill(&d, strtoull(argv[2], NULL, 10), (size_t)strtoull(argv[3],
                                                                                                                NULL, 10)) : 1;
    desk_close(&d);
    session_release(&s);
    return rc;
}
