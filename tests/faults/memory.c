#include "tests/faults/memory.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
char *__real_strdup(const char *s);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
char *__wrap_strdup(const char *s);

static atomic_uint_fast64_t counted, fail_at;
static atomic_bool has_failed, fails_on;
static _Thread_local bool is_armed;

void memory_fail_at(uint64_t nth, bool stays)
{
    atomic_store(&counted, 0);
    atomic_store(&fail_at, nth);
    atomic_store(&fails_on, stays);
    atomic_store(&has_failed, false);
}

void memory_arm(bool armed)
{
    is_armed = armed;
}

uint64_t memory_count(void)
{
    return atomic_load(&counted);
}

bool memory_has_failed(void)
{
    return atomic_load(&has_failed);
}

uint64_t memory_of_sqlite(void)
{
    return (uint64_t)sqlite3_memory_used();
}

static bool fails(void)
{
    uint64_t at = atomic_load(&fail_at);
    if (!is_armed)
        return false;
    uint64_t n = atomic_fetch_add(&counted, 1) + 1;
    if (at == 0 || n < at || (n > at && !atomic_load(&fails_on)))
        return false;
    atomic_store(&has_failed, true);
    return true;
}

/* ---- ours ---- */

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

char *__wrap_strdup(const char *s)
{
    return fails() ? NULL : __real_strdup(s);
}

/* ---- the libraries' ---- */

static sqlite3_mem_methods real_sqlite;

static void *sqlite_malloc(int n)
{
    return fails() ? NULL : real_sqlite.xMalloc(n);
}

static void *sqlite_realloc(void *p, int n)
{
    return fails() ? NULL : real_sqlite.xRealloc(p, n);
}

bool memory_start(void)
{
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_sqlite) != SQLITE_OK)
        return false;
    sqlite3_mem_methods memory = real_sqlite;
    memory.xMalloc = sqlite_malloc;
    memory.xRealloc = sqlite_realloc;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &memory) == SQLITE_OK && sqlite3_initialize() == SQLITE_OK;
}

/* ---- which ---- */

static uint64_t next_random(uint64_t *s)                /* splitmix64 */
{
    uint64_t z = *s += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

bool memory_next(uint64_t *nth, uint64_t total, uint64_t trials)
{
    const char *wanted = getenv("FOLKMOOT_FAULTS");
    uint64_t seed = *nth, step = 1;
    if (*nth >= total)
        return false;
    if ((wanted == NULL || strcmp(wanted, "all") != 0) && total > trials)
        step = 1 + next_random(&seed) % (2 * (total / trials) - 1);
    *nth = *nth == 0 ? 1 : *nth + step < total ? *nth + step : total;
    return true;
}
