/* Officers' cards and key files: whatever is taken for one keeps what officer.h and officer_file.h promise of it. */
#include "keys/officer_file.h"

#include <stdlib.h>
#include <string.h>

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    struct officer_card card;
    struct officer_file file;
    if (crypto_start() != OK)
        return 0;
    enum err e = officer_card_open(in, &card);
    if (e == OK)
        must(officer_name_check(card.name) == OK && card.role < OFFICER_ROLE_COUNT && sign_public_is_good(&card.key));
    else
        must(e == ERR_FORMAT || e == ERR_KEY || e == ERR_SIGNATURE);
    e = officer_file_parse(in, &file);
    if (e == OK)
        must(file.sealed.is_protected && file.sealed.ops <= SEED_OPS_MAX && file.sealed.mem_bytes <= SEED_MEM_BYTES_MAX);
    else
        must(e == ERR_FORMAT || e == ERR_KEY || e == ERR_SIGNATURE || e == ERR_LIMIT);
    return 0;
}
