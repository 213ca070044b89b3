/* cli/publish/gate_quantity.c - which parts of which definitions are the same count (gate_inside.h).
 *
 * The definitions say it in words: the numerator of one is the denominator of another when both have the same words; a
 * numerator is the rest of another's when they differ by a "not" alone. Two pairs of the official definitions mean the same in
 * other words. */
#include "cli/publish/gate_inside.h"

#include <ctype.h>
#include <string.h>

static const char *const same[][2] = {
    {"referrals received in year", "referrals in year"},
    {"cpps open at 31 march", "plans open at 31 march"},
};

/* Small letters, one space between words. */
static void put_plain(const char *words, char ret[GATE_QUANTITY_SIZE])
{
    size_t n = 0;
    for (; *words != '\0' && n + 1 < GATE_QUANTITY_SIZE; words++)
        if (*words != ' ')
            ret[n++] = (char)tolower((unsigned char)*words);
        else if (n > 0 && ret[n - 1] != ' ')
            ret[n++] = ' ';
    while (n > 0 && ret[n - 1] == ' ')
        n--;
    ret[n] = '\0';
}

void gate_quantity(const char *words, char ret[GATE_QUANTITY_SIZE])
{
    put_plain(words, ret);
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
        if (strcmp(ret, same[i][0]) == 0)
            memcpy(ret, same[i][1], strlen(same[i][1]) + 1);
}

static bool is_word(const char *text, size_t len, const char *word)
{
    return len == strlen(word) && memcmp(text, word, len) == 0;
}

/* The words without their "not"; how many there were. */
static size_t without_not(const char *quantity, char ret[GATE_QUANTITY_SIZE])
{
    size_t n_not = 0, n = 0;
    for (size_t len; *quantity != '\0'; quantity += len + (quantity[len] == ' ')) {
        len = strcspn(quantity, " ");
        if (is_word(quantity, len, "not") || is_word(quantity, len, "no")) {
            n_not++;
            continue;
        }
        bool is_without = is_word(quantity, len, "without");
        n_not += is_without;
        memcpy(ret + n, quantity, is_without ? strlen("with") : len);
        n += is_without ? strlen("with") : len;
        ret[n++] = ' ';
    }
    ret[n > 0 ? n - 1 : 0] = '\0';
    return n_not;
}

bool gate_is_rest(const char *a, const char *b)
{
    char x[GATE_QUANTITY_SIZE], y[GATE_QUANTITY_SIZE];
    size_t n = without_not(a, x), m = without_not(b, y);
    return (n == m + 1 || m == n + 1) && strcmp(x, y) == 0;
}

bool gate_is_related(const struct definition *a, const struct definition *b)
{
    const char *words[2][2] = {{a->numerator, a->denominator}, {b->numerator, b->denominator}};
    char quantity[2][2][GATE_QUANTITY_SIZE];
    for (size_t i = 0; i < 2; i++)
        for (size_t p = 0; p < 2; p++)
            gate_quantity(words[i][p], quantity[i][p]);
    for (size_t p = 0; p < 2; p++)
        for (size_t q = 0; q < 2; q++)
            if (quantity[0][p][0] != '\0' && strcmp(quantity[0][p], quantity[1][q]) == 0)
                return true;
    return gate_is_rest(quantity[0][GATE_NUMERATOR], quantity[1][GATE_NUMERATOR]);
}
