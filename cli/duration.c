#include "cli/duration.h"

enum err duration_parse(struct bytes in, uint64_t *ret_s)
{
    static const struct { uint8_t letter; uint32_t seconds; } units[] = {
        {'m', 60}, {'h', 3600}, {'d', 24 * 3600}, {'w', 7 * 24 * 3600},
    };
    const uint64_t ten_years = 3653ULL * 24 * 3600;
    uint64_t n;
    if (in.len < 2)
        return ERR_FORMAT;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (in.p[in.len - 1] != units[i].letter)
            continue;
        if (bytes_u64((struct bytes){in.p, in.len - 1}, ten_years / units[i].seconds, &n) != OK || n == 0)
            return ERR_FORMAT;
        *ret_s = n * units[i].seconds;
        return OK;
    }
    return ERR_FORMAT;
}
