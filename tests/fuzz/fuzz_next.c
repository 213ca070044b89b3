/* private/next: what is read is, written again, the same byte for byte, and its identity is one that its root signed. */
#include "keys/next.h"

#include <stdlib.h>

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct next n;
    struct identity again;
    struct buf written = buf_on(size);
    next_init(&n);
    enum err e = next_parse((struct bytes){data, size}, &n);
    if (e == OK) {
        must(identity_open(buf_bytes(&n.note), &again) == OK);
        next_write(&n, &written);
        must(buf_status(&written) == OK);
        must(bytes_equal(buf_bytes(&written), (struct bytes){data, size}));
    } else {
        must(e == ERR_FORMAT);
    }
    next_release(&n);
    buf_release(&written);
    return 0;
}
