/* A policy that is taken is written, and what was written is read as the same policy. */
#include <stdlib.h>
#include <string.h>

#include "protocol/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct policy *p = NULL, *again = NULL;
    size_t line = 0;
    struct buf once = buf_on(2 * POLICY_MAX), twice = buf_on(2 * POLICY_MAX);
    if (policy_parse((struct bytes){data, size}, &p, &line) != OK) {
        must(p == NULL && line > 0 && line <= size + 1);
        return 0;
    }
    policy_write(p, &once);
    must(buf_status(&once) == OK && policy_parse(buf_bytes(&once), &again, &line) == OK);
    policy_write(again, &twice);
    must(bytes_equal(buf_bytes(&once), buf_bytes(&twice)));
    must(!policy_is_quorum(p, 0) || p->quorum_is_none);             /* nobody is no quorum */
    for (unsigned i = 0; i < 64; i++)
        must(policy_is_quorum(p, (uint64_t)1 << i) == policy_is_quorum(again, (uint64_t)1 << i));
    policy_free(p);
    policy_free(again);
    buf_release(&once);
    buf_release(&twice);
    return 0;
}
