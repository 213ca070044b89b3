/* An invite that is taken is written in its one form, which is read as the same. */
#include <stdlib.h>
#include <string.h>

#include "protocol/identity.h"
#include "protocol/invite.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct invite i, again;
    char line[INVITE_TEXT_MAX], twice[INVITE_TEXT_MAX];
    if (invite_parse((struct bytes){data, size}, &i) != OK)
        return 0;
    must(address_is_valid(bytes_of(i.address)));
    must(invite_write(&i, line) == OK && strlen(line) < INVITE_TEXT_MAX && strlen(line) <= size);
    must(invite_parse(bytes_of(line), &again) == OK);
    must(invite_write(&again, twice) == OK && strcmp(line, twice) == 0);
    must(i.expires_s == again.expires_s && memcmp(i.token, again.token, TOKEN_LEN) == 0);
    return 0;
}
