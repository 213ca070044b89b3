/* A backup's text before any passphrase's work: the first byte says what follows. What is no backup is refused before work is
 * done for it, and what is sealed in one is read within its limits. */
#define _GNU_SOURCE                             /* memmem */
#include "keys/backup.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/limits.h"

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct backup b;
    struct bytes text = {data, size};
    backup_init(&b);
    /* The work that a whole header asks for takes a second: such texts are for the unit test. */
    if (memmem(data, size, "argon2id", 8) == NULL || memmem(data, size, "sealed", 6) == NULL) {
        must(backup_open(text, bytes_of("x"), &b) != OK);
        must(b.plain.len == 0);
    }
    backup_release(&b);
    enum err e = backup_unpack(text, &b);
    must(e == OK || e == ERR_FORMAT || e == ERR_LIMIT || e == ERR_NOMEM);
    if (e == OK)
        for (size_t f = 0; f < HOME_FILE_COUNT; f++)
            must(!b.has[f] || (b.file[f].p >= b.plain.p && b.file[f].p + b.file[f].len <= b.plain.p + b.plain.len));
    backup_release(&b);
    return 0;
}
