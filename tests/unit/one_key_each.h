/* tests/unit/one_key_each.h - a policy of one log and of witnesses that have one key each, named as it is. */
#ifndef FOLKMOOT_TESTS_ONE_KEY_EACH_H
#define FOLKMOOT_TESTS_ONE_KEY_EACH_H

#include "protocol/policy.h"

/* Any `quorum` of them; 0: none is asked. Errors as of policy_make(); ERR_EXISTS: a key stands twice. */
static inline enum err policy_of_each(const struct note_key *log, const struct note_key *witnesses, size_t n, uint32_t quorum,
                                      struct policy *ret)
{
    struct policy_party parties[WITNESSES_MAX + 1];
    size_t left_out = 0;
    for (size_t i = 0; i < n && i <= WITNESSES_MAX; i++)
        parties[i] = (struct policy_party){witnesses[i].name, 1, &witnesses[i]};
    enum err e = policy_make(1, log, n, parties, quorum, ret, &left_out);
    return e == OK && left_out > 0 ? ERR_EXISTS : e;
}

#endif
