/* tests/fuzz/fuzz_evidence.c - evidence of a fork: what reads writes to the same bytes; nothing that a fuzzer makes
 * convicts a log whose key it does not have, unless it is a copy of true evidence. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "protocol/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct evidence *ev = malloc(sizeof(*ev));
    struct buf out = buf_on(EVIDENCE_MAX);
    struct bytes in = {data, size};
    struct sign_public key = {{3}};
    assert(ev != NULL);
    if (size <= EVIDENCE_MAX && evidence_read(in, ev) == OK) {
        evidence_write(ev, &out);
        assert(buf_status(&out) == OK && bytes_equal(buf_bytes(&out), in));
        struct origin origin = {.slug = ev->log.slug, .generation = ev->log.generation};
        assert(evidence_check(ev, &origin, &key) != OK);
    }
    buf_release(&out);
    free(ev);
    return 0;
}
