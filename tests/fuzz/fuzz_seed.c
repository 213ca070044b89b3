/* The text of a seed: what is read and written again reads as the same, and no
 * file asks for more passphrase work than it may. */
#include "keys/seed.h"

#include <stdlib.h>
#include <string.h>

static void must(bool holds)
{
    if (!holds)
        abort();
}

static bool same(const struct seed_text *a, const struct seed_text *b)
{
    return a->is_protected == b->is_protected && a->ops == b->ops && a->mem_bytes == b->mem_bytes
        && memcmp(a->salt, b->salt, sizeof(a->salt)) == 0 && memcmp(a->nonce, b->nonce, sizeof(a->nonce)) == 0
        && memcmp(a->sealed, b->sealed, sizeof(a->sealed)) == 0 && memcmp(&a->seed, &b->seed, sizeof(a->seed)) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seed_text t, again;
    struct sym_secret seed;
    enum err e = seed_text_parse((struct bytes){data, size}, &t);
    if (e != OK) {
        must(e == ERR_FORMAT || e == ERR_LIMIT);
        return 0;
    }
    must(t.ops <= SEED_OPS_MAX && t.mem_bytes <= SEED_MEM_BYTES_MAX);
    must(t.is_protected == (seed_text_open(&t, NULL, &seed) == ERR_SECRET));
    must(t.is_protected || memcmp(&seed, &t.seed, sizeof(seed)) == 0);
    struct buf once = buf_on(SEED_TEXT_MAX), twice = buf_on(SEED_TEXT_MAX);
    seed_text_write(&t, &once);
    must(buf_status(&once) == OK);
    must(seed_text_parse(buf_bytes(&once), &again) == OK);
    must(same(&t, &again));
    seed_text_write(&again, &twice);
    must(bytes_equal(buf_bytes(&once), buf_bytes(&twice)));
    buf_release(&once);
    buf_release(&twice);
    return 0;
}
