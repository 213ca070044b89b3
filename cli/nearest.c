#include "cli/nearest.h"

#include <ctype.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static int lower(const char *s, size_t i)
{
    return tolower((unsigned char)s[i]);
}

size_t edit_distance(const char *a, const char *b)
{
    size_t n = least(strlen(a), NEAREST_WORD_MAX), m = least(strlen(b), NEAREST_WORD_MAX);
    size_t before[NEAREST_WORD_MAX + 1] = {0}, last[NEAREST_WORD_MAX + 1], row[NEAREST_WORD_MAX + 1];
    for (size_t j = 0; j <= m; j++)
        last[j] = j;
    for (size_t i = 1; i <= n; i++) {
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t differ = lower(a, i - 1) != lower(b, j - 1);
            row[j] = least(least(last[j] + 1, row[j - 1] + 1), last[j - 1] + differ);
            if (i > 1 && j > 1 && lower(a, i - 1) == lower(b, j - 2) && lower(a, i - 2) == lower(b, j - 1))
                row[j] = least(row[j], before[j - 2] + 1);
        }
        memcpy(before, last, sizeof(before));
        memcpy(last, row, (m + 1) * sizeof(*row));
    }
    return last[m];
}

struct nearest nearest_to(const char *word)
{
    return (struct nearest){.word = word, .best = NULL, .distance = (size_t)-1};
}

void nearest_offer_as(struct nearest *n, const char *name, const char *shown)
{
    size_t len = strlen(n->word), d = edit_distance(n->word, name);
    size_t tolerated = len <= 2 ? 1 : len <= 5 ? 2 : len / 3 + 1;
    if (len >= 3 && strlen(name) > len && strncmp(n->word, name, len) == 0)
        d = 1;                                  /* the beginning of a name is as good as a slip */
    if (d <= tolerated && d < n->distance && d < strlen(name)) {
        n->best = shown;
        n->distance = d;
    }
}

void nearest_offer(struct nearest *n, const char *name)
{
    nearest_offer_as(n, name, name);
}
