/* tests/fuzz/fuzz_parcel.c - a file of charters and identities, as `join --charter` reads it, and a node its node/alliance. */
#include <assert.h>
#include <stdint.h>

#include "protocol/parcel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parcel p;
    if (parcel_read((struct bytes){data, size}, &p) == OK) {
        assert(chain_current(p.chain) != NULL);
        for (size_t i = 0; i < p.n_identities; i++)
            assert(p.identities[i].p >= data && p.identities[i].p + p.identities[i].len <= data + size);
        parcel_release(&p);
    }
    return 0;
}
