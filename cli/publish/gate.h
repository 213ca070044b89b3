/* cli/publish/gate.h - what must not be public: counts of few people.
 *
 * A count of people from 1 to `small_max`, 5 unless the charter says more (small.h), is withheld as `c`, with its rate or
 * percentage; a true zero stays.  A denominator of so few people goes too.  Then every sum is looked at in which a withheld
 * cell stands: parts of one breakdown (sex=f, sex=m) and their whole, quarters and their year.  Where the withheld cell would
 * be the only unknown of the sum, or the unknowns can have one value only, a second cell is withheld: the smallest part that
 * is not zero, else the whole.  So are other indicators looked at, as far as their definitions say that they speak of the same
 * counts: a numerator that is another's denominator, a complement, a count of its own.  Full-time equivalents, days and money
 * are not people.
 *
 * Source: the DfE's suppression rules for children looked after and children in need (counts of 1 to 5, with
 * secondary suppression). */
#ifndef FOLKMOOT_CLI_PUBLISH_GATE_H
#define FOLKMOOT_CLI_PUBLISH_GATE_H

#include "cli/publish/small.h"
#include "protocol/record.h"

enum gate_why {
    GATE_PASSED,
    GATE_SMALL,                         /* it is, or gives away, a count from 1 to small_max */
    GATE_RECOVERABLE                    /* another withheld count could be worked out from it */
};

struct gate_item {
    struct figure *figure;              /* changed in place; with is_fixed only read */
    const struct definition *definition;
    bool is_fixed;                      /* public already */
    enum gate_why why;                  /* out */
};

struct gate_count {
    size_t n_small, n_recoverable;
    size_t n_exposed;                   /* withheld, but what is public already gives it away */
};

/* Do the definitions say that a number of the one is a number of the other, or what is left of it? */
bool gate_is_related(const struct definition *a, const struct definition *b);

/* Withhold in `items` what must be. Each figure (indicator, period, breakdown) stands there once; small_max is SMALL_COUNT_MAX or
 * more. ERR_NOMEM: then some may have been withheld already, and none should be published. */
MUST_USE enum err gate_run(struct gate_item *items, size_t n, int64_t small_max, struct gate_count *ret);

#endif
