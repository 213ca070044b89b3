/* An identity text that is taken is written again as the same bytes; so is the
 * text of a note.  What opens is signed and has keys that may be enrolled. */
#include <stdlib.h>

#include "protocol/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

static void check_text(struct bytes text)
{
    struct identity id;
    struct buf again = buf_on(IDENTITY_MAX);
    if (identity_parse(text, &id) == OK) {
        identity_text(&id, &again);
        must(buf_status(&again) == OK && bytes_equal(buf_bytes(&again), text));
    }
    buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    struct note n;
    struct identity id;
    check_text(in);
    if (note_parse(in, &n) == OK)
        check_text(n.text);
    if (identity_open(in, &id) == OK) {
        struct note_key key = root_key(&id.slug, &id.root);
        must(note_check(&n, &key, NULL) == OK);
        must(sign_public_is_good(&id.root) && sign_public_is_good(&id.log) && sign_public_is_good(&id.witness));
    }
    if (address_is_valid(in))
        must(size <= ADDRESS_MAX && size >= 3);
    return 0;
}
