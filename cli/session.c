#include "cli/session.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/output/json.h"

static bool is_terminal(FILE *f)
{
    int fd = fileno(f);                         /* -1 for a stream in memory */
    return fd >= 0 && isatty(fd) == 1;
}

/* https://no-color.org: "when present and not an empty string (regardless of its value)" */
static bool colour_wanted(void)
{
    const char *no = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return (no == NULL || *no == '\0') && (term == NULL || strcmp(term, "dumb") != 0);
}

void session_init(struct session *s, FILE *in, FILE *out, FILE *err)
{
    *s = (struct session){.in = in, .out = out, .err = err, .mode = OUTPUT_TEXT};
    json_watch_memory();
    s->in_is_terminal = is_terminal(in);
    s->out_is_terminal = is_terminal(out);
    s->err_is_terminal = is_terminal(err);
    s->colour = s->out_is_terminal && colour_wanted();
}

void session_release(struct session *s)
{
    free(s->options.given);
    free(s->args);
    s->options = (struct options){0};
    s->args = NULL;
    s->n_args = 0;
}

void session_did(struct session *s, const char *fmt, ...)
{
    size_t at = strlen(s->did);
    va_list args;
    if (at > 0 && at + 2 < sizeof(s->did)) {
        memcpy(s->did + at, "; ", 3);
        at += 2;
    }
    va_start(args, fmt);
    (void)vsnprintf(s->did + at, sizeof(s->did) - at, fmt, args);
    va_end(args);
}

uint64_t session_now_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec < 0)                         /* before 1970: no time that an entry could carry */
        return 0;
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void session_lacks(struct session *s, enum err e)
{
    if (s->failed == OK && e != ERR_UNKNOWN)
        s->failed = e;
}

const char *session_arg(const struct session *s, size_t i)
{
    return i < s->n_args ? s->args[i] : NULL;
}
