#include "protocol/decimal.h"

#include <assert.h>
#include <string.h>

__extension__ typedef __int128 i128;            /* gcc and clang have it; -Wpedantic asks for the word */
__extension__ typedef unsigned __int128 u128;

enum { DIGITS_MAX = 18 };

static bool is_good(struct decimal d)
{
    return d.scale <= DECIMAL_SCALE_MAX && d.mantissa <= DECIMAL_MANTISSA_MAX && d.mantissa >= -DECIMAL_MANTISSA_MAX;
}

static int64_t pow10_of(unsigned n)
{
    assert(n <= DIGITS_MAX);
    int64_t p = 1;
    while (n-- > 0)
        p *= 10;
    return p;
}

static uint64_t magnitude(struct decimal d)
{
    return d.mantissa < 0 ? (uint64_t)-d.mantissa : (uint64_t)d.mantissa;
}

/* ERR_LIMIT when `magnitude` has more than 18 digits. */
static enum err make(bool is_negative, u128 magnitude, unsigned scale, struct decimal *ret)
{
    if (magnitude > (u128)DECIMAL_MANTISSA_MAX)
        return ERR_LIMIT;
    int64_t m = (int64_t)magnitude;
    *ret = (struct decimal){is_negative ? -m : m, (uint8_t)scale};
    return OK;
}

enum err decimal_parse(struct bytes in, struct decimal *ret)
{
    bool is_negative = in.len > 0 && in.p[0] == '-';
    bool is_point_seen = false, is_over = false;
    size_t n_digits = 0, scale = 0;
    u128 m = 0;
    for (size_t i = is_negative; i < in.len; i++) {
        if (in.p[i] == '.' && !is_point_seen && n_digits > 0) {
            is_point_seen = true;
            continue;
        }
        if (in.p[i] < '0' || in.p[i] > '9')
            return ERR_FORMAT;
        n_digits++;
        scale += is_point_seen;
        if (!is_over)
            m = m * 10 + (unsigned)(in.p[i] - '0');
        is_over = m > (u128)DECIMAL_MANTISSA_MAX;
    }
    if (n_digits == 0 || (is_point_seen && scale == 0))
        return ERR_FORMAT;
    return scale > DECIMAL_SCALE_MAX ? ERR_LIMIT : make(is_negative, m, (unsigned)scale, ret);
}

void decimal_text(struct decimal d, char ret[DECIMAL_TEXT_MAX])
{
    assert(is_good(d));
    uint64_t m = magnitude(d);
    char *end = ret + DECIMAL_TEXT_MAX, *p = end;
    *--p = '\0';
    for (unsigned at = 0; at <= d.scale || m > 0; at++, m /= 10) {
        if (at == d.scale && d.scale > 0)
            *--p = '.';
        *--p = (char)('0' + m % 10);
    }
    if (d.mantissa < 0)
        *--p = '-';
    memmove(ret, p, (size_t)(end - p));
}

int decimal_compare(struct decimal a, struct decimal b)
{
    assert(is_good(a) && is_good(b));
    i128 x = (i128)a.mantissa * pow10_of(b.scale);
    i128 y = (i128)b.mantissa * pow10_of(a.scale);
    return (x > y) - (x < y);
}

double decimal_double(struct decimal d)
{
    assert(is_good(d));
    return (double)d.mantissa / (double)pow10_of(d.scale);
}

/* Long division, digit by digit: 64 bits times 60 fit in 128, and so does ten times
 * any remainder, so nothing overflows on the way but a result that is too long. */
enum err decimal_ratio(uint64_t multiplier, struct decimal n, struct decimal d, uint8_t decimals, struct decimal *ret)
{
    assert(is_good(n) && is_good(d) && decimals <= DECIMAL_SCALE_MAX);
    if (d.mantissa == 0)
        return ERR_FORMAT;
    int shift = d.scale + decimals - n.scale;   /* the quotient of the mantissas is times 10^shift */
    u128 top = (u128)multiplier * magnitude(n);
    u128 bottom = (u128)magnitude(d) * (u128)pow10_of(shift < 0 ? (unsigned)-shift : 0);
    u128 quotient = top / bottom, rest = top % bottom;
    for (; shift > 0 && quotient <= (u128)DECIMAL_MANTISSA_MAX; shift--) {
        quotient = quotient * 10 + rest * 10 / bottom;
        rest = rest * 10 % bottom;
    }
    if (rest * 2 >= bottom)
        quotient++;
    return make((n.mantissa < 0) != (d.mantissa < 0), quotient, decimals, ret);
}

enum err decimal_add(struct decimal a, struct decimal b, struct decimal *ret)
{
    assert(is_good(a) && is_good(b));
    unsigned scale = a.scale > b.scale ? a.scale : b.scale;
    i128 sum = (i128)a.mantissa * pow10_of(scale - a.scale) + (i128)b.mantissa * pow10_of(scale - b.scale);
    u128 size = sum < 0 ? (u128)-sum : (u128)sum;
    return make(sum < 0, size, scale, ret);
}

enum err decimal_round(struct decimal d, int decimals, struct decimal *ret)
{
    assert(is_good(d) && decimals >= -DIGITS_MAX);
    if (decimals >= d.scale) {
        *ret = d;
        return OK;
    }
    unsigned scale = decimals > 0 ? (unsigned)decimals : 0;
    u128 unit = 1;                              /* at most 10^27 */
    for (int i = decimals; i < d.scale; i++)
        unit *= 10;
    u128 quotient = (magnitude(d) + unit / 2) / unit;
    u128 tens = (u128)pow10_of(decimals < 0 ? (unsigned)-decimals : 0);
    return make(d.mantissa < 0, quotient * tens, scale, ret);
}

void pack_decimal(struct buf *b, struct decimal d)
{
    assert(is_good(d));
    if (d.scale > 0)
        pack_array(b, 2);
    pack_int(b, d.mantissa);
    if (d.scale > 0)
        pack_uint(b, d.scale);
}

struct decimal read_decimal(struct reader *r)
{
    struct decimal d = {0};
    struct reader whole = *r;
    d.mantissa = read_int(&whole);
    if (reader_status(&whole) == OK) {
        *r = whole;
    } else {
        (void)read_array(r, 2, 2);
        d.mantissa = read_int(r);
        d.scale = (uint8_t)read_uint(r, DECIMAL_SCALE_MAX);
        if (d.scale == 0)
            reader_fail(r);
    }
    if (!is_good(d))
        reader_fail(r);
    return reader_status(r) == OK ? d : (struct decimal){0};
}
