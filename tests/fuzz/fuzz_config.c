/* Whatever a config file holds: it is refused with a reason, or it is one that
 * can be written down and read again as the same. */
#include <stdlib.h>
#include <string.h>

#include "node/config.h"

#define MUST(x) do { if (!(x)) abort(); } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config c, again;
    struct config_error why = {0};
    struct buf text = buf_on(CONFIG_MAX);
    if (config_parse((struct bytes){data, size}, &c, &why) != OK) {
        MUST(why.what != NULL && why.line <= size + 1);
        return 0;
    }
    MUST(c.listen[0] == '\0' || strchr(c.listen, ':') != NULL);
    for (size_t i = 0; i < c.n_advertise; i++)
        MUST(address_is_valid(bytes_of(c.advertise[i])));
    config_write(&c, &text);
    MUST(config_parse(buf_bytes(&text), &again, &why) == OK);
    MUST(memcmp(&c, &again, sizeof(c)) == 0);
    buf_release(&text);
    return 0;
}
