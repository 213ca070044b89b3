/* tests/e2e/later.c - a clock on the wall that is some days ahead: preloaded, so that a day can pass within a test. Time that
 * only runs, for time-outs, is left alone. LATER_DAYS says how many. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *ret)
{
    const char *days = getenv("LATER_DAYS");
    long status = syscall(SYS_clock_gettime, clock, ret);
    if (status == 0 && clock == CLOCK_REALTIME && days != NULL)
        ret->tv_sec += strtol(days, NULL, 10) * 24 * 3600;
    return (int)status;
}
