/* tests/bench/bench.h - what the measuring programs share: a clock, and the middle of many. */
#ifndef FOLKMOOT_TESTS_BENCH_H
#define FOLKMOOT_TESTS_BENCH_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline void sleep_us(long us)
{
    (void)nanosleep(&(struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000}, NULL);
}

static inline int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts `list`; p from 0 to 1. */
static inline double percentile(double *list, size_t n, double p)
{
    qsort(list, n, sizeof(list[0]), by_size);
    size_t i = (size_t)(p * (double)n);
    return list[i < n ? i : n - 1];
}

#endif
