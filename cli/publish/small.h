/* cli/publish/small.h - how many people are few: the one place that says which counts the public is not told.
 *
 * SMALL_COUNT_MAX is the least that is withheld, whatever the members have agreed on; the charter's `small-numbers` may
 * say more [P-109]. Whatever lets figures out to everyone asks small_count_max(), and names what it says. */
#ifndef FOLKMOOT_CLI_PUBLISH_SMALL_H
#define FOLKMOOT_CLI_PUBLISH_SMALL_H

#include "protocol/charter.h"

enum { SMALL_COUNT_MAX = 5, SMALL_COUNT_AGREED_MAX = 100, SMALL_WORDS_SIZE = 32 };

/* What stands in the charter's `small-numbers`: a number from 5 to 100, which its first word is. False: none, and *ret is
 * left alone. */
bool small_numbers_read(const char *text, int64_t *ret);
/* The largest count of people that is withheld from the public: the larger of ours and the charter's. NULL: no charter. */
int64_t small_count_max(const struct charter *c);
/* "1 to 5 people" */
void small_count_words(int64_t max, char ret[SMALL_WORDS_SIZE]);

#endif
