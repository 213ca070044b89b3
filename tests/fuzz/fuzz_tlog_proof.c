/* Any bytes as a tlog-proof: what parses is written as the same bytes, and is judged to an end. */
#include <stdlib.h>

#include "cli/audit/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_started;
    struct bytes in = {data, size};
    static struct tlog_proof p;
    if (!is_started)
        must(crypto_start() == OK);
    is_started = true;
    if (tlog_proof_read(in, &p) != OK)
        return 0;
    must(tlog_proof_is(in));
    struct buf b = buf_on(2 * TLOG_PROOF_MAX);
    tlog_proof_write(&p, &b);
    must(buf_status(&b) == OK && bytes_equal(buf_bytes(&b), in));
    buf_release(&b);
    struct judgement *j = judgement_new(AUDIT_PROOF, NULL, NULL);
    must(j != NULL && judge_proof(j, &p) == OK && !j->is_ok);
    judgement_free(j);
    return 0;
}
