#include "cli/day.h"

#include <string.h>

#include "cli/output/json.h"

static bool number(const char *text, size_t n, unsigned *ret)
{
    *ret = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *ret = *ret * 10 + (unsigned)(text[i] - '0');
    }
    return true;
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

static uint64_t days_before(unsigned year, unsigned month, unsigned day)
{
    uint64_t days = 0;
    for (unsigned y = 1970; y < year; y++)
        days += 337 + days_in(y, 2);
    for (unsigned m = 1; m < month; m++)
        days += days_in(year, m);
    return days + day - 1;
}

enum err day_end(const char *text, uint64_t *ret_ms)
{
    unsigned year, month, day, hour = 23, minute = 59, second = 59;
    size_t len = strlen(text);
    if ((len != 10 && len != 20) || text[4] != '-' || text[7] != '-' || !number(text, 4, &year) || !number(text + 5, 2, &month) ||
        !number(text + 8, 2, &day) || year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in(year, month))
        return ERR_FORMAT;
    if (len == 20 && (text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z' || !number(text + 11, 2, &hour) ||
                      !number(text + 14, 2, &minute) || !number(text + 17, 2, &second) || hour > 23 || minute > 59 || second > 59))
        return ERR_FORMAT;
    *ret_ms = ((days_before(year, month, day) * 24 + hour) * 60 + minute) * 60000 + (uint64_t)second * 1000 + 999;
    return OK;
}

void day_of(uint64_t ms, char ret[DATE_LEN + 1])
{
    char text[TIME_TEXT_MAX];
    time_text(ms, text);
    memcpy(ret, text, DATE_LEN);
    ret[DATE_LEN] = '\0';
}
