/* Key files, the first byte saying which: a text that is read is, written again,
 * the same byte for byte, and is of no other purpose. */
#include "keys/keyfile.h"

#include <stdlib.h>

static void must(bool holds)
{
    if (!holds)
        abort();
}

static enum err read_again(struct bytes text, enum key_purpose p, struct buf *ret)
{
    struct sign_keyfile key;
    struct dh_keyring keys;
    enum err e;
    switch (p) {
    case PURPOSE_LOG:
    case PURPOSE_WITNESS:
        if ((e = sign_key_parse(text, p, &key)) == OK)
            sign_key_write(p, &key, ret);
        return e;
    case PURPOSE_BOX:
    case PURPOSE_NODE:
        if ((e = dh_keys_parse(text, p, &keys)) == OK)
            dh_keys_write(p, &keys, ret);
        return e;
    }
    return ERR_FORMAT;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct bytes text = {data + 1, size - 1};
    enum key_purpose p = (enum key_purpose)(data[0] % 4 + 1);
    enum key_purpose other = (enum key_purpose)((data[0] + 1) % 4 + 1);
    struct buf written = buf_on(size);
    enum err e = read_again(text, p, &written);
    if (e == OK) {
        must(buf_status(&written) == OK);
        must(bytes_equal(buf_bytes(&written), text));
        must(read_again(text, other, &written) == ERR_FORMAT);
    } else {
        must(e == ERR_FORMAT || e == ERR_LIMIT);
    }
    buf_release(&written);
    return 0;
}
