#include "cli/stats/interval.h"

#include <math.h>

double level_z(enum level level)
{
    switch (level) {
#define X(sym, z, tail) case sym: return (z);
    LEVELS(X)
#undef X
    case LEVEL_COUNT:
        break;
    }
    return NAN;
}

static double level_tail(enum level level)
{
    switch (level) {
#define X(sym, z, tail) case sym: return (tail);
    LEVELS(X)
#undef X
    case LEVEL_COUNT:
        break;
    }
    return NAN;
}

bool interval_wilson(uint64_t x, uint64_t n, enum level level, struct interval *ret)
{
    if (n == 0 || x > n)
        return false;
    double z = level_z(level), xd = (double)x, nd = (double)n;
    double middle = 2 * xd + z * z;
    /* n - x in whole numbers: 1 - x/n has no digit left where x is just below a huge n */
    double reach = z * sqrt(z * z + 4 * xd * ((double)(n - x) / nd));
    /* the formula gives 0 and 1 only up to rounding; the ends are exact, and nothing lies beyond them */
    ret->lower = x == 0 ? 0 : fmax(0, fmin((middle - reach) / 2 / (nd + z * z), xd / nd));
    ret->upper = x == n ? 1 : fmin(1, fmax((middle + reach) / 2 / (nd + z * z), xd / nd));
    return true;
}

/* P(X <= x) for X ~ Poisson(mean); x below 10. */
static double poisson_upto(uint64_t x, double mean)
{
    double term = exp(-mean), sum = term;
    for (uint64_t i = 1; i <= x; i++) {
        term *= mean / (double)i;
        sum += term;
    }
    return sum;
}

/* The mean at which P(X <= x) falls to `p`: it falls steadily as the mean grows. */
static double poisson_mean_where(uint64_t x, double p)
{
    double low = 0, high = 64;                   /* P(X <= 9 | 64) is far below any tail used */
    for (int i = 0; i < 200 && low < high; i++) {
        double mid = low + (high - low) / 2;
        if (poisson_upto(x, mid) > p)
            low = mid;
        else
            high = mid;
    }
    return high;
}

static double byar(double x, double z)
{
    double root = 1 - 1 / (9 * x) + z / (3 * sqrt(x));
    return x * root * root * root;
}

struct interval interval_poisson(uint64_t x, enum level level)
{
    double tail = level_tail(level), z = level_z(level), xd = (double)x;
    if (x >= 10)
        return (struct interval){ byar(xd, -z), byar(xd + 1, z) };
    /* P(X >= x) = tail is P(X <= x - 1) = 1 - tail */
    return (struct interval){ x == 0 ? 0 : poisson_mean_where(x - 1, 1 - tail), poisson_mean_where(x, tail) };
}

const char *standing_name(enum standing s)
{
    switch (s) {
#define X(sym, name) case sym: return name;
    STANDINGS(X)
#undef X
    }
    return "";
}

enum standing interval_versus(struct interval in, double benchmark, enum polarity polarity)
{
    bool above = in.lower > benchmark, below = in.upper < benchmark;
    if (!above && !below)
        return STANDING_SIMILAR;
    switch (polarity) {
    case POLARITY_NONE:
        return above ? STANDING_HIGHER : STANDING_LOWER;
    case POLARITY_HIGH:
        return above ? STANDING_BETTER : STANDING_WORSE;
    case POLARITY_LOW:
        return above ? STANDING_WORSE : STANDING_BETTER;
    case POLARITY_COUNT:
        break;
    }
    return STANDING_NONE;
}
