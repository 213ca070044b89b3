#include "cli/stats/rank.h"

#include <assert.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void values_sort(double *values, size_t n)
{
    if (n > 0)
        qsort(values, n, sizeof(*values), by_value);
}

/* Type 7: position (n - 1) p, between neighbours in proportion.  Equal neighbours are taken as they stand,
 * as R does: interpolating them would leave the value by a rounding error, and `<=` would see it. */
static double quantile(const double *sorted, size_t n, size_t quarter)
{
    size_t at = (n - 1) * quarter, low = at / 4;
    double part = (double)(at % 4) / 4;
    if (at % 4 == 0 || sorted[low] == sorted[low + 1])
        return sorted[low];
    return (1 - part) * sorted[low] + part * sorted[low + 1];
}

struct quartiles quartiles_of(const double *sorted, size_t n)
{
    assert(n > 0);
    return (struct quartiles){ sorted[0], quantile(sorted, n, 1), quantile(sorted, n, 2), quantile(sorted, n, 3),
                               sorted[n - 1] };
}

size_t rank_of(const double *sorted, size_t n, double value, enum polarity polarity)
{
    if (polarity != POLARITY_HIGH && polarity != POLARITY_LOW)
        return 0;
    size_t better = 0;
    for (size_t i = 0; i < n; i++)
        better += polarity == POLARITY_HIGH ? sorted[i] > value : sorted[i] < value;
    return better + 1;
}

char band_letter(double value, const struct quartiles *q, enum polarity polarity)
{
    if (polarity != POLARITY_HIGH && polarity != POLARITY_LOW)
        return 0;
    size_t quarter = value <= q->q25 ? 0 : value <= q->q50 ? 1 : value <= q->q75 ? 2 : 3;
    return polarity == POLARITY_LOW ? "ABCD"[quarter] : "DCBA"[quarter];
}

char band_of(double value, const struct quartiles *q, enum polarity polarity)
{
    char letter = band_letter(value, q, polarity);
    return letter != 0 && q->q25 == q->q75 ? '-' : letter;
}

char band_if_allowed(double value, const struct quartiles *q, enum polarity polarity, bool no_quartile)
{
    char letter = band_of(value, q, polarity);
    return letter != 0 && no_quartile ? '-' : letter;
}

struct middle middle_of(const double *sorted, size_t n)
{
    struct middle m = { .n = n };
    if (n == 0)
        return m;
    for (size_t i = 0; i < n; i++)
        m.mean += sorted[i];
    m.mean /= (double)n;
    m.median = quantile(sorted, n, 2);
    return m;
}

enum err value_change(const struct decimal *now, const struct decimal *before, bool *ret_has, struct decimal *ret)
{
    *ret_has = false;
    if (now == NULL || before == NULL)
        return OK;
    struct decimal less = { -before->mantissa, before->scale };
    enum err e = decimal_add(*now, less, ret);
    *ret_has = e == OK;
    return e;
}
