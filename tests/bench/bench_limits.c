/* tests/bench/bench_limits.c - what this machine could do at most with the same bytes, measured as one of:
 *
 *      bench_limits hash N HEADER PAYLOAD          SHA-256 of N headers, BLAKE2b-256 of N payloads
 *      bench_limits sqlite FILE N HEADER PAYLOAD   the rows in two plain tables, WAL, synchronous=FULL, 1,000 a commit
 *      bench_limits tcp BYTES                      through a loopback socket, from one process to another
 *
 * prints seconds. */
#include <arpa/inet.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "protocol/crypto.h"

enum { ROWS_A_COMMIT = 1000, CHUNK = 64 * 1024 };

static int fail(const char *what)
{
    (void)fprintf(stderr, "bench_limits: %s\n", what);
    return 1;
}

static uint8_t *random_bytes(size_t len)
{
    uint8_t *p = malloc(len + 1);
    if (p != NULL)
        random_fill(p, len);
    return p;
}

static int hashing(size_t n, size_t header, size_t payload)
{
    uint8_t *p = random_bytes(header + payload);
    unsigned sum = 0;
    if (p == NULL)
        return fail("memory");
    double began = seconds();
    for (size_t i = 0; i < n; i++) {
        p[0] = (uint8_t)i;
        struct hash a = sha256((struct bytes){p, header}), b = blake2b_256((struct bytes){p + header, payload});
        sum += a.b[0] + b.b[0];
    }
    printf("%.4f\n", seconds() - began);
    free(p);
    return sum == 1 ? 1 : 0;                /* so that it is computed */
}

static int insert(sqlite3_stmt *st, sqlite3_int64 id, const uint8_t *p, size_t len)
{
    (void)sqlite3_bind_int64(st, 1, id);
    (void)sqlite3_bind_blob(st, 2, p, (int)len, SQLITE_STATIC);
    return sqlite3_step(st) == SQLITE_DONE && sqlite3_reset(st) == SQLITE_OK ? 0 : 1;
}

static int inserting(sqlite3 *db, size_t n, size_t header, size_t payload)
{
    sqlite3_stmt *h = NULL, *q = NULL;
    uint8_t *p = random_bytes(header + payload);
    int failed = p == NULL;
    failed = failed || sqlite3_exec(db, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                    "CREATE TABLE h (id INTEGER PRIMARY KEY, b BLOB NOT NULL);"
                                    "CREATE TABLE p (id INTEGER PRIMARY KEY, b BLOB NOT NULL)", NULL, NULL, NULL) != SQLITE_OK;
    failed = failed || sqlite3_prepare_v2(db, "INSERT INTO h VALUES (?1, ?2)", -1, &h, NULL) != SQLITE_OK;
    failed = failed || sqlite3_prepare_v2(db, "INSERT INTO p VALUES (?1, ?2)", -1, &q, NULL) != SQLITE_OK;
    double began = seconds();
    for (size_t i = 0; !failed && i < n; i++) {
        if (i % ROWS_A_COMMIT == 0)
            failed = sqlite3_exec(db, i == 0 ? "BEGIN" : "COMMIT; BEGIN", NULL, NULL, NULL) != SQLITE_OK;
        failed = failed || insert(h, (sqlite3_int64)i, p, header) || insert(q, (sqlite3_int64)i, p + header, payload);
    }
    failed = failed || sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK;
    if (!failed)
        printf("%.4f\n", seconds() - began);
    (void)sqlite3_finalize(h);
    (void)sqlite3_finalize(q);
    free(p);
    return failed ? fail("SQLite") : 0;
}

static int sqlite(const char *file, size_t n, size_t header, size_t payload)
{
    sqlite3 *db = NULL;
    int rc = sqlite3_open(file, &db) == SQLITE_OK ? inserting(db, n, header, payload) : fail(file);
    (void)sqlite3_close(db);
    return rc;
}

static void pour(const struct sockaddr_in *to, size_t n)
{
    static uint8_t chunk[CHUNK];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)to, sizeof(*to)) != 0)
        _exit(1);
    while (n > 0) {
        ssize_t got = write(fd, chunk, n < CHUNK ? n : CHUNK);
        if (got <= 0)
            _exit(1);
        n -= (size_t)got;
    }
    _exit(0);
}

static int tcp(size_t n)
{
    static uint8_t chunk[CHUNK];
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof(a);
    int status, fd, listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&a, len) != 0 || listen(listener, 1) != 0
        || getsockname(listener, (struct sockaddr *)&a, &len) != 0)
        return fail("socket");
    double began = seconds();
    pid_t child = fork();
    if (child == 0)
        pour(&a, n);
    if (child < 0 || (fd = accept(listener, NULL, NULL)) < 0)
        return fail("accept");
    size_t got = 0;
    for (ssize_t some; (some = read(fd, chunk, CHUNK)) > 0;)
        got += (size_t)some;
    double took = seconds() - began;
    (void)close(fd);
    (void)close(listener);
    if (waitpid(child, &status, 0) != child || status != 0 || got != n)
        return fail("loopback");
    printf("%.4f\n", took);
    return 0;
}

static size_t number(const char *text)
{
    return (size_t)strtoull(text, NULL, 10);
}

int main(int argc, char **argv)
{
    if (argc < 3 || crypto_start() != OK)
        return 2;
    if (strcmp(argv[1], "hash") == 0 && argc == 5)
        return hashing(number(argv[2]), number(argv[3]), number(argv[4]));
    if (strcmp(argv[1], "sqlite") == 0 && argc == 6)
        return sqlite(argv[2], number(argv[3]), number(argv[4]), number(argv[5]));
    return strcmp(argv[1], "tcp") == 0 && argc == 3 ? tcp(number(argv[2])) : 2;
}
