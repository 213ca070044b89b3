#include "cli/view/inside.h"

/* Days since 1970 to a date of the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date
 * algorithms"): eras of 400 years, years beginning in March. */
void moment_text(uint64_t ms, char ret[MOMENT_SIZE])
{
    uint64_t days = ms / 86400000u, rest = ms % 86400000u;
    ret[0] = '\0';
    if (days >= 2932897u)                       /* 10000-01-01 */
        return;
    uint64_t z = days + 719468u, era = z / 146097u, doe = z % 146097u;
    uint64_t yoe = (doe - doe / 1460u + doe / 36524u - doe / 146096u) / 365u;
    uint64_t doy = doe - (365u * yoe + yoe / 4u - yoe / 100u), mp = (5u * doy + 2u) / 153u;
    uint64_t day = doy - (153u * mp + 2u) / 5u + 1u, month = mp < 10u ? mp + 3u : mp - 9u;
    uint64_t year = yoe + era * 400u + (month <= 2u);
    const struct { uint64_t value; unsigned at, digits; } parts[] = {
        { year, 0, 4 }, { month, 5, 2 }, { day, 8, 2 }, { rest / 3600000u, 11, 2 }, { rest / 60000u % 60u, 14, 2 },
        { rest / 1000u % 60u, 17, 2 }, { rest % 1000u, 20, 3 },
    };
    static const char shape[MOMENT_SIZE] = "0000-00-00T00:00:00.000Z";
    for (unsigned i = 0; i < MOMENT_SIZE; i++)
        ret[i] = shape[i];
    for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        for (uint64_t v = parts[i].value, d = parts[i].digits; d > 0; d--, v /= 10u)
            ret[parts[i].at + d - 1] = (char)('0' + v % 10u);
}

int64_t moment_stored(uint64_t ms)
{
    return ms <= INT64_MAX ? (int64_t)ms : INT64_MAX;
}
