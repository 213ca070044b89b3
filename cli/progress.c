/* cli/progress.c - a line about work that takes more than a second (say.h). */
#include "cli/say.h"

#include <inttypes.h>
#include <time.h>

enum { FIRST_AFTER_MS = 1000, REWRITE_EVERY_MS = 200, LINE_EVERY_MS = 10000 };

static uint64_t steady_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

struct progress progress_start(struct session *s, const char *what, uint64_t total)
{
    return (struct progress){.session = s, .what = what, .total = total, .started_ms = steady_ms()};
}

static void show(const struct progress *p, uint64_t done)
{
    FILE *err = p->session->err;
    const char *begin = p->session->err_is_terminal ? "\r" : "", *end = p->session->err_is_terminal ? "\033[K" : "\n";
    if (p->total > 0)
        fprintf(err, "%s%s: %" PRIu64 " of %" PRIu64 "%s", begin, p->what, done, p->total, end);
    else
        fprintf(err, "%s%s: %" PRIu64 "%s", begin, p->what, done, end);
    fflush(err);
}

void progress_step(struct progress *p, uint64_t done)
{
    if (p->session->quiet)
        return;
    uint64_t now = steady_ms();
    uint64_t every = p->session->err_is_terminal ? REWRITE_EVERY_MS : LINE_EVERY_MS;
    if (now - p->started_ms < FIRST_AFTER_MS || (p->shown_ms != 0 && now - p->shown_ms < every))
        return;
    p->shown_ms = now;
    show(p, done);
}

void progress_end(struct progress *p)
{
    if (p->shown_ms != 0 && p->session->err_is_terminal)
        fprintf(p->session->err, "\r\033[K");
    p->shown_ms = 0;
}
