#include "cli/stats/trend.h"

#include <assert.h>
#include <math.h>

/* The width of a 95 % interval in standard errors, as OHID rounds it. */
#define WIDTH_IN_SE 3.92

const char *trend_name(enum trend_direction d)
{
    switch (d) {
#define X(sym, name) case sym: return name;
    TRENDS(X)
#undef X
    }
    return "";
}

/* The latest five usable points, oldest first. Returns how many there are. */
static size_t latest(const struct trend_point *points, size_t n, struct trend_point ret[TREND_POINTS])
{
    size_t found = 0;
    for (size_t i = n; i > 0 && found < TREND_POINTS; i--)
        if (points[i - 1].is_usable)
            ret[TREND_POINTS - 1 - found++] = points[i - 1];
    return found;
}

struct line { double slope, sxx; };

enum { LEAVE_NONE_OUT = TREND_POINTS };

/* Weighted least squares by pairs of points:
 *   Sxx = sum over i < j of w_i w_j (x_i - x_j)^2 / sum w,  Sxy likewise.
 * It is the usual sum about the weighted mean, rearranged: no mean is subtracted, so that nothing cancels
 * where one point weighs a million times the others, and equal values give a slope of exactly 0. */
static struct line fit(const struct trend_point *p, const double *w, size_t left_out)
{
    double sum = 0, sxx = 0, sxy = 0;
    for (size_t i = 0; i < TREND_POINTS; i++)
        sum += i == left_out ? 0 : w[i];
    for (size_t i = 0; i < TREND_POINTS; i++)
        for (size_t j = i + 1; j < TREND_POINTS; j++) {
            if (i == left_out || j == left_out)
                continue;
            double apart = (double)(j - i), pair = w[i] * (w[j] / sum);
            sxx += pair * apart * apart;
            sxy += pair * apart * (p[j].value - p[i].value);
        }
    return (struct line){ sxy / sxx, sxx };
}

static bool weigh(const struct trend_point *p, double ret[TREND_POINTS])
{
    for (size_t i = 0; i < TREND_POINTS; i++) {
        double se = (p[i].upper - p[i].lower) / WIDTH_IN_SE;
        assert(isfinite(p[i].value) && isfinite(se));
        if (!(se > 0))
            return false;
        ret[i] = 1 / (se * se);
        if (!isnormal(ret[i]))              /* a width that squares to nothing, or to infinity */
            return false;
    }
    return true;
}

struct trend trend_of(const struct trend_point *points, size_t n)
{
    struct trend_point p[TREND_POINTS];
    double w[TREND_POINTS];
    struct trend t = { .direction = TREND_UNKNOWN, .n = latest(points, n, p) };
    if (t.n < TREND_POINTS || !weigh(p, w))
        return t;
    struct line line = fit(p, w, LEAVE_NONE_OUT);
    size_t rising = line.slope > 0, falling = line.slope < 0;
    for (size_t out = 0; out < TREND_POINTS; out++) {
        double slope = fit(p, w, out).slope;
        rising += slope > 0;
        falling += slope < 0;
    }
    t.slope = line.slope;
    t.chi2 = line.slope * line.slope * line.sxx;
    t.direction = TREND_NONE;
    if (t.chi2 > TREND_CHI2 && rising == TREND_POINTS + 1)
        t.direction = TREND_RISING;
    if (t.chi2 > TREND_CHI2 && falling == TREND_POINTS + 1)
        t.direction = TREND_FALLING;
    return t;
}
