/* tests/unit/draw.h - numbers for property tests, the same from the same seed. SEED=N chooses another. */
#ifndef FOLKMOOT_TESTS_DRAW_H
#define FOLKMOOT_TESTS_DRAW_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t draw_state;

static inline void draw_seed(const char *what)
{
    const char *said = getenv("SEED");
    draw_state = said != NULL ? strtoull(said, NULL, 10) : 20250331;
    printf("# %s: seed %llu\n", what, (unsigned long long)draw_state);
}

static inline uint64_t draw(void)               /* splitmix64 */
{
    uint64_t z = (draw_state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline uint64_t draw_below(uint64_t n)
{
    return draw() % n;
}

static inline double draw_real(void)            /* 0 <= it < 1 */
{
    return (double)(draw() >> 11) / 9007199254740992.0;
}

/* Of any size: as often between 1 and 10 as between 10^14 and 10^15. */
static inline uint64_t draw_count(unsigned digits)
{
    uint64_t below = 10;
    for (uint64_t n = draw_below(digits); n > 0; n--)
        below *= 10;
    return 1 + draw_below(below);
}

#endif
