#include "cli/intake/follow.h"

#include <string.h>

__extension__ typedef __int128 wide;

static bool names_a_measure(const char *part)
{
    return strstr(part, "FTE") != NULL || strstr(part, "days") != NULL;
}

static bool is_rounded(const struct definition *d, const char *part, const char *other)
{
    return d->parts_rounded && (names_a_measure(part) || !names_a_measure(other));
}

bool follow_numerator_is_rounded(const struct definition *d)
{
    return is_rounded(d, d->numerator, d->denominator);
}

bool follow_denominator_is_rounded(const struct definition *d)
{
    return is_rounded(d, d->denominator, d->numerator);
}

static bool scale_up(wide *v, unsigned places)
{
    for (; places > 0; places--)
        if (__builtin_mul_overflow(*v, (wide)10, v))
            return false;
    return true;
}

/* A range of what a number may have been, in units of 10^-places. */
struct range {
    wide low, high;
};

static bool range_of(struct decimal d, unsigned rounded_at, bool is_open, unsigned places, struct range *ret)
{
    wide middle = d.mantissa, half = 5;
    if (!scale_up(&middle, places - d.scale) || !scale_up(&half, places - rounded_at - 1))
        return false;
    *ret = (struct range){middle - (is_open ? half : 0), middle + (is_open ? half : 0)};
    if (ret->low < 0)
        ret->low = 0;
    return true;
}

/* Some n in [n.low, n.high) over some d in [d.low, d.high), times the multiplier, lies in [v.low, v.high):
 * the least quotient is below v.high and the greatest above v.low. A part of no width is its own greatest. */
static bool ranges_meet(wide multiplier, struct range n, struct range d, struct range v, unsigned places, bool *ret)
{
    wide least = n.low, greatest = n.high, above, below;
    if (__builtin_mul_overflow(least, multiplier, &least) || __builtin_mul_overflow(greatest, multiplier, &greatest) ||
        !scale_up(&least, places) || !scale_up(&greatest, places) || __builtin_mul_overflow(v.high, d.high, &above) ||
        __builtin_mul_overflow(v.low, d.low, &below))
        return false;
    bool reaches = n.low == n.high ? greatest >= below : greatest > below;
    *ret = least < above && (d.low == 0 || reaches);
    return true;
}

static unsigned most(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

/* Parts published with more than one decimal were rounded there. */
static unsigned rounded_at(struct decimal d)
{
    return most(d.scale, 1);
}

static enum err follows_from_ranges(const struct definition *d, struct decimal numerator, struct decimal denominator,
                                    struct decimal value, bool *ret)
{
    struct range n, over, v;
    unsigned places = most(most(rounded_at(numerator), rounded_at(denominator)), most(value.scale, d->decimals)) + 1;
    if (!range_of(numerator, rounded_at(numerator), follow_numerator_is_rounded(d), places, &n) ||
        !range_of(denominator, rounded_at(denominator), follow_denominator_is_rounded(d), places, &over) ||
        !range_of(value, d->decimals, true, places, &v) || !ranges_meet(d->multiplier, n, over, v, places, ret))
        return ERR_LIMIT;
    return OK;
}

enum err follow(const struct definition *d, struct decimal numerator, struct decimal denominator,
                struct decimal value, bool *ret_follows, struct decimal *ret_value)
{
    struct decimal exact;
    enum err e = decimal_ratio(d->multiplier, numerator, denominator, d->decimals, &exact);
    if (e != OK)
        return e;
    bool follows = decimal_compare(exact, value) == 0;
    /* More decimals than the indicator has are no rounding of ours. */
    struct decimal at_most;
    if (!follows && d->parts_rounded && decimal_round(value, d->decimals, &at_most) == OK &&
        decimal_compare(at_most, value) == 0)
        e = follows_from_ranges(d, numerator, denominator, value, &follows);
    if (e != OK)
        return e;
    *ret_follows = follows;
    *ret_value = exact;
    return OK;
}
