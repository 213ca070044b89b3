/* tests/bench/bench_verify.c - how fast logs are recomputed: from log.db, as `verify` does, and from a bundle, as `audit` does.
 *
 *      bench_verify HOME BUNDLE HEADER PAYLOAD     prints: verify records=N cpu_s=S wall_s=S  audit records=N ... hash cpu_s=S
 *
 * `hash` is SHA-256 of N headers and BLAKE2b-256 of N payloads, of these sizes, and nothing else. Processor time is of this
 * process alone, so that who else works here does not count. */
#include <string.h>

#include "bench.h"
#include "cli/audit/file.h"
#include "cli/audit/verify.h"
#include "cli/desk.h"

static double cpu_seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum err take(void *arg, const struct verified *v)
{
    uint64_t *n = arg;
    *n += v->entries;
    return v->ok ? OK : ERR_CORRUPT;
}

static int verifying(struct desk *d, uint64_t *n)
{
    struct witnesses *w = NULL;
    double cpu = cpu_seconds(), wall = seconds();
    enum err e = witnesses_new(d->store, d->chain, buf_bytes(&d->identity_note), &w);
    struct verify_with with = {.store = d->store, .chain = d->chain, .witnesses = w, .alliance = d->origin.alliance,
                               .each = take, .arg = n};
    if (e == OK)
        e = verify_logs(&with);
    witnesses_free(w);
    printf("verify records=%llu cpu_s=%.4f wall_s=%.4f\n", (unsigned long long)*n, cpu_seconds() - cpu, seconds() - wall);
    return e == OK ? 0 : 1;
}

static int auditing(struct session *s, const struct desk *d, const char *file)
{
    char hex[HEX_SIZE(HASH_LEN)];
    struct judgement *j = NULL;
    struct policy *policy = NULL;
    struct audit_with with = {.file = file, .charter = hex};
    uint64_t n = 0;
    hex_encode((struct bytes){desk_charter(d)->hash.b, HASH_LEN}, hex);
    double cpu = cpu_seconds(), wall = seconds();
    int failed = audit_file(s, &with, &j, &policy) != EXIT_OK || !j->is_ok;
    double cpu_took = cpu_seconds() - cpu, took = seconds() - wall;
    for (size_t i = 0; !failed && i < j->n_logs; i++)
        n += j->logs[i].entries;
    printf("audit records=%llu cpu_s=%.4f wall_s=%.4f\n", (unsigned long long)n, cpu_took, took);
    judgement_free(j);
    policy_free(policy);
    return failed;
}

static int hashing(uint64_t n, size_t header, size_t payload)
{
    uint8_t *p = malloc(header + payload + 1);
    unsigned sum = 0;
    if (p == NULL)
        return 1;
    random_fill(p, header + payload + 1);
    double cpu = cpu_seconds();
    for (uint64_t i = 0; i < n; i++) {
        put_u64be(p, i);
        struct hash a = sha256((struct bytes){p, header}), b = blake2b_256((struct bytes){p + header, payload});
        sum += a.b[0] + b.b[0];
    }
    printf("hash records=%llu cpu_s=%.4f\n", (unsigned long long)n, cpu_seconds() - cpu);
    free(p);
    return sum == 1 ? 1 : 0;                /* so that it is computed */
}

int main(int argc, char **argv)
{
    struct session s;
    struct desk d;
    uint64_t n = 0;
    if (argc != 5 || crypto_start() != OK)
        return 2;
    (void)setenv("FOLKMOOT_HOME", argv[1], 1);
    session_init(&s, stdin, stdout, stderr);
    s.quiet = true;
    int failed = desk_open(&s, STORE_READ, &d) != EXIT_OK || verifying(&d, &n) || auditing(&s, &d, argv[2])
                 || hashing(n, (size_t)strtoull(argv[3], NULL, 10), (size_t)strtoull(argv[4], NULL, 10));
    desk_close(&d);
    session_release(&s);
    return failed;
}
