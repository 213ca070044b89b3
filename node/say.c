#include "node/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_LEN = 1024 };

static const char *const level_names[LOG_LEVEL_COUNT] = {
#define X(sym, name) [sym] = (name),
    LOG_LEVELS(X)
#undef X
};

void say(enum log_level least, enum log_level level, const char *fmt, ...)
{
    char words[LINE_MAX_LEN - 64], line[LINE_MAX_LEN], at[32] = "";
    struct tm utc;
    time_t now = time(NULL);
    va_list ap;
    if (level < least)
        return;
    va_start(ap, fmt);
    (void)vsnprintf(words, sizeof(words), fmt, ap);
    va_end(ap);
    for (char *p = words; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = '?';
    if (gmtime_r(&now, &utc) != NULL)
        (void)strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%SZ", &utc);
    int len = snprintf(line, sizeof(line), "at=%s level=%s %s\n", at, level_names[level], words);
    if (len > 0 && (size_t)len < sizeof(line))
        (void)!write(STDERR_FILENO, line, (size_t)len);     /* one call: two threads' lines do not mix */
}
