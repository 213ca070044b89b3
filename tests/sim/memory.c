#include "tests/sim/sim.h"

/* The linker sends every allocation of ours through here (--wrap): the one that is chosen fails, inside a
 * step of an engine only. */

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);

static uint64_t until_failure;              /* 0: none fails */
static bool is_armed, has_failed;

void memory_fail_at(uint64_t nth)
{
    until_failure = nth;
    has_failed = false;
}

void memory_arm(bool armed)
{
    is_armed = armed;
}

bool memory_has_failed(void)
{
    return has_failed;
}

static bool fails(void)
{
    if (!is_armed || until_failure == 0 || --until_failure > 0)
        return false;
    has_failed = true;
    return true;
}

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
