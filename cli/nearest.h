/* cli/nearest.h - "did you mean": the known name nearest to a misspelt one. */
#ifndef FOLKMOOT_CLI_NEAREST_H
#define FOLKMOOT_CLI_NEAREST_H

#include <stddef.h>

enum { NEAREST_WORD_MAX = 64 };         /* longer words are compared by this much of them */

/* Letters added, dropped, changed or swapped with a neighbour to get from one
 * to the other, upper and lower case alike (optimal string alignment). */
size_t edit_distance(const char *a, const char *b);

/* Feed it every known name, then read `best`: the nearest, or NULL when none is
 * near enough to be worth suggesting.  The names are borrowed. */
struct nearest {
    const char *word;
    const char *best;
    size_t distance;
};
struct nearest nearest_to(const char *word);
void nearest_offer(struct nearest *n, const char *name);
/* The same, but `best` becomes `shown` where `name` was what matched. */
void nearest_offer_as(struct nearest *n, const char *name, const char *shown);

#endif
