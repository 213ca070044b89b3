/* cli/audit/problems.h - everything that an auditor, or a recomputing of a log, found wrong, all of it at once. */
#ifndef FOLKMOOT_CLI_AUDIT_PROBLEMS_H
#define FOLKMOOT_CLI_AUDIT_PROBLEMS_H

#include "protocol/bytes.h"

enum { PROBLEMS_MAX = 64, PROBLEM_TEXT_MAX = 320 };

/* A failure says that something asserted does not hold; what is none is what a careful reader has to know besides. */
struct audit_problem { bool is_failure; char text[PROBLEM_TEXT_MAX]; };

struct problems {
    size_t n, n_unlisted;                   /* only the first PROBLEMS_MAX are listed ... */
    size_t n_failures;                      /* ... but all are counted */
    struct audit_problem list[PROBLEMS_MAX];
};

__attribute__((format(printf, 3, 4)))
void problems_add(struct problems *p, bool is_failure, const char *fmt, ...);

/* Room for one more item; ERR_NOMEM. */
MUST_USE enum err list_room(void **list, size_t *cap, size_t n, size_t item);

#endif
