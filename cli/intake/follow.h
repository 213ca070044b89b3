/* cli/intake/follow.h - does a published value follow from its parts?
 *
 * Exact: value = multiplier x numerator / denominator, rounded half up at the
 * definition's decimals. Parts in FTE or days were divided before they were
 * rounded to one decimal: there the value follows if some parts that round to
 * those published give it. */
#ifndef FOLKMOOT_CLI_INTAKE_FOLLOW_H
#define FOLKMOOT_CLI_INTAKE_FOLLOW_H

#include "protocol/record.h"

/* Which part does the definition say is FTE or days? With parts_rounded the one
 * that its words name so; both, when they name neither. */
bool follow_numerator_is_rounded(const struct definition *d);
bool follow_denominator_is_rounded(const struct definition *d);

/* *ret_follows; and *ret_value what the published parts themselves give.
 *   ERR_FORMAT  the denominator is 0
 *   ERR_LIMIT   the numbers are too large to be computed with */
MUST_USE enum err follow(const struct definition *d, struct decimal numerator, struct decimal denominator,
                         struct decimal value, bool *ret_follows, struct decimal *ret_value);

#endif
