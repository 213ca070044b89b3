/* cli/confirm.h - who is known to hold a log how far, and so to have erased what it said is to be erased.
 *
 * [P-108] A node holds a log whole beyond a withdrawal only with the erasure done. So a cosignature over a larger size is a signed
 * confirmation, for ever and for anybody; and of our own log a peer's word on its head is one too, by a link that only it can have
 * opened. Neither speaks of copies outside Folkmoot, and silence says nothing. */
#ifndef FOLKMOOT_CLI_CONFIRM_H
#define FOLKMOOT_CLI_CONFIRM_H

#include "cli/desk.h"

struct confirmed {
    uint64_t signed_to;                 /* largest size that it cosigned; 0: none */
    uint64_t said_to;                   /* of our own log only: the head that it named last */
};

/* One a member of the standing charter, in its order. Only sizes above `above` are looked for: nothing smaller is asked about.
 * On OK the caller free()s *ret. */
MUST_USE enum err confirmed_read(struct desk *d, const struct origin *log, uint64_t above, struct confirmed **ret);

/* "signed", "said", or NULL: not known to hold entry `idx`. */
const char *confirmed_how(const struct confirmed *c, uint64_t idx);

/* Erasures in our own log that some member (not a former one) is not known to have done: how many, and with `is_waiting`
 * (one a member; may be NULL) who. */
MUST_USE enum err erasures_waiting(struct desk *d, struct view *v, size_t *ret, bool *is_waiting);

#endif
