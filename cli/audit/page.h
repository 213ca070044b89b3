/* cli/audit/page.h - a judgement as an auditor's working paper: one page, no script, nothing fetched, printed on A4. */
#ifndef FOLKMOOT_CLI_AUDIT_PAGE_H
#define FOLKMOOT_CLI_AUDIT_PAGE_H

#include "cli/audit/judge.h"

enum { AUDIT_PAGE_MAX = 64 * 1024 * 1024, AUDIT_PAGE_RECORDS_MAX = 2000 };

struct audit_page {
    const char *file;                       /* its name */
    bool has_sum;
    struct hash sum;                        /* SHA-256 of its bytes */
    uint64_t made_ms;
    const char *by;                         /* how it was called: the charter's hash, or the policy's name; NULL */
};
/* ERR_LIMIT, ERR_NOMEM. */
MUST_USE enum err audit_page(const struct judgement *j, const struct audit_page *p, struct buf *ret);

#endif
