/* protocol/decimal.h - exact decimals: figures are never floats.
 *
 * All arithmetic is exact in 128 bits and rounds half up, that is half away from
 * zero, as the Department for Education publishes.  On the wire a decimal is an
 * integer, or [mantissa, scale] with a scale of 1 to 9. */
#ifndef FOLKMOOT_PROTOCOL_DECIMAL_H
#define FOLKMOOT_PROTOCOL_DECIMAL_H

#include "protocol/pack.h"

/* An exact decimal: mantissa x 10^-scale. Canonical: scale 0, or mantissa not a
 * multiple of 10 -- except that trailing zeros are kept where a value was
 * published with them ("58.0" is [580, 1]): scale says how it was published.
 * The mantissa has at most 18 digits. */
struct decimal {
    int64_t mantissa;
    uint8_t scale;                          /* 0 to 9 */
};
enum { DECIMAL_SCALE_MAX = 9, DECIMAL_TEXT_MAX = 24 };
#define DECIMAL_MANTISSA_MAX INT64_C(999999999999999999)

/* "1234", "-0.50"; digits with at most one point between them, no plus sign, no
 * exponent. ERR_FORMAT; ERR_LIMIT when it needs more than 18 digits or 9 decimals.
 * Leading zeros are passed over, trailing ones kept; "-0" is 0. */
MUST_USE enum err decimal_parse(struct bytes in, struct decimal *ret);
/* The text that decimal_parse gives back as the same mantissa and scale. */
void decimal_text(struct decimal d, char ret[DECIMAL_TEXT_MAX]);
int decimal_compare(struct decimal a, struct decimal b);     /* -1, 0, 1; by value, exact */
double decimal_double(struct decimal d);

/* multiplier x n / d rounded half up (half away from zero) at `decimals` (0 to 9),
 * exactly; trailing zeros are kept. ERR_FORMAT when d is zero, ERR_LIMIT when the
 * result has more than 18 digits. */
MUST_USE enum err decimal_ratio(uint64_t multiplier, struct decimal n, struct decimal d, uint8_t decimals,
                               struct decimal *ret);
/* Sum, at the larger scale of the two; ERR_LIMIT when it has more than 18 digits. */
MUST_USE enum err decimal_add(struct decimal a, struct decimal b, struct decimal *ret);
/* Round half away from zero to a multiple of 10^-decimals (negative decimals: tens).
 * A decimal of no more decimals stays as it is. ERR_LIMIT as above. */
MUST_USE enum err decimal_round(struct decimal d, int decimals, struct decimal *ret);

/* One packed value; the reader fails at a scale of 0 in an array, or out of range. */
void pack_decimal(struct buf *b, struct decimal d);
struct decimal read_decimal(struct reader *r);

#endif
