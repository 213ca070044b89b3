/* tests/bench/bench_definition.h - what the made-up figures of bench_region mean: percentages, their parts counts. */
#ifndef FOLKMOOT_TESTS_BENCH_DEFINITION_H
#define FOLKMOOT_TESTS_BENCH_DEFINITION_H

#include <string.h>

#include "protocol/record.h"

static inline struct definition bench_definition(const char *id)
{
    struct definition d = {.title = "Bench", .unit = "%", .multiplier = 100, .decimals = 0, .polarity = POLARITY_LOW,
                           .counts_people = true, .parts = PARTS_PROPORTION};
    (void)snprintf(d.id, sizeof(d.id), "%s", id);
    return d;
}

#endif
