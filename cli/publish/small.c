#include "cli/publish/small.h"

#include <inttypes.h>
#include <stdio.h>

bool small_numbers_read(const char *text, int64_t *ret)
{
    struct bytes rest = bytes_of(text), word;
    uint64_t n;
    if (!bytes_word(&rest, &word) || bytes_u64(word, SMALL_COUNT_AGREED_MAX, &n) != OK || n < SMALL_COUNT_MAX)
        return false;
    *ret = (int64_t)n;
    return true;
}

int64_t small_count_max(const struct charter *c)
{
    int64_t max = SMALL_COUNT_MAX;              /* [P-109] 5 is the least that is withheld */
    if (c != NULL)
        (void)small_numbers_read(c->small_numbers, &max);
    return max;
}

void small_count_words(int64_t max, char ret[SMALL_WORDS_SIZE])
{
    (void)snprintf(ret, SMALL_WORDS_SIZE, "1 to %" PRId64 " people", max);
}
