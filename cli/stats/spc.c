#include "cli/stats/spc.h"

#include <assert.h>
#include <math.h>

enum { SEVEN = 7, THREE = 3, TWO = 2 };

/* 3 / d2 and D4 for moving ranges of two points (d2 = 1.128), as the method rounds them. */
#define LIMIT_FACTOR  2.66
#define SCREEN_FACTOR 3.267
#define LINE_TOLERANCE 1e-9

char spc_letter(enum spc_mark m)
{
    switch (m) {
#define X(sym, letter, name) case sym: return letter;
    SPC_MARKS(X)
#undef X
    }
    return '?';
}

const char *spc_name(enum spc_mark m)
{
    switch (m) {
#define X(sym, letter, name) case sym: return name;
    SPC_MARKS(X)
#undef X
    }
    return "";
}

const char *spc_sense_name(enum spc_sense s)
{
    switch (s) {
#define X(sym, name) case sym: return name;
    SPC_SENSES(X)
#undef X
    }
    return "";
}

/* ---- limits ---- */

/* Twice over: the second pass takes back what the first lost to rounding, so that equal values give themselves. */
static double mean_of(const double *y, size_t n)
{
    double mean = 0, rest = 0;
    for (size_t i = 0; i < n; i++)
        mean += y[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        rest += (y[i] - mean) / (double)n;
    return mean + rest;
}

/* The average moving range of those that are at most `most`. */
static double moving_range(const double *y, size_t n, double most)
{
    double sum = 0;
    size_t taken = 0;
    for (size_t i = 1; i < n; i++) {
        double range = fabs(y[i] - y[i - 1]);
        if (range <= most) {
            sum += range;
            taken++;
        }
    }
    return taken > 0 ? sum / (double)taken : 0;
}

static void draw(const double *y, size_t n, enum spc_screen screen, struct spc *c)
{
    double average = moving_range(y, n, INFINITY);
    if (screen == SPC_SCREENED)
        average = moving_range(y, n, SCREEN_FACTOR * average);
    double reach = LIMIT_FACTOR * average;
    c->mean = mean_of(y, n);
    c->lower = c->mean - reach;
    c->upper = c->mean + reach;
    c->near_lower = c->mean - reach * 2 / 3;
    c->near_upper = c->mean + reach * 2 / 3;
    c->is_drawn = true;
}

/* ---- rules: a way is +1 high or rising, -1 low or falling, 0 where a rule does not hold ---- */

struct series {
    const double *y;
    const struct spc *c;
    enum polarity polarity;
    struct spc_point *points;
};

static enum spc_sense sense_of(int way, enum polarity polarity)
{
    switch (polarity) {
    case POLARITY_HIGH:
        return way > 0 ? SPC_IMPROVEMENT : SPC_CONCERN;
    case POLARITY_LOW:
        return way > 0 ? SPC_CONCERN : SPC_IMPROVEMENT;
    case POLARITY_NONE:
        return way > 0 ? SPC_HIGH : SPC_LOW;
    case POLARITY_COUNT:
        break;
    }
    return SPC_NOTHING;
}

/* A mark of an earlier rule stands, and of an earlier stretch. */
static void mark(const struct series *s, size_t i, enum spc_mark m, int way)
{
    if (s->points[i].mark == SPC_COMMON)
        s->points[i] = (struct spc_point){ m, sense_of(way, s->polarity) };
}

static int side(const struct spc *c, double y, double line)
{
    double slack = LINE_TOLERANCE * fmax(1, fabs(c->mean));
    return y > line + slack ? 1 : y < line - slack ? -1 : 0;
}

static int beyond(const struct spc *c, double y, double low, double high)
{
    return side(c, y, high) > 0 ? 1 : side(c, y, low) < 0 ? -1 : 0;
}

static int way_outside(const struct series *s, size_t i)
{
    return beyond(s->c, s->y[i], s->c->lower, s->c->upper);
}

static int way_near(const struct series *s, size_t i)
{
    return way_outside(s, i) != 0 ? 0 : beyond(s->c, s->y[i], s->c->near_lower, s->c->near_upper);
}

static int way_of_step(const struct series *s, size_t i)
{
    return i == 0 ? 0 : (s->y[i] > s->y[i - 1]) - (s->y[i] < s->y[i - 1]);
}

static int way_from_mean(const struct series *s, size_t i)
{
    return side(s->c, s->y[i], s->c->mean);
}

/* Mark the points of each stretch that goes one way for SEVEN points. `lead` more points before a stretch belong to it:
 * of a trend, whose ways are steps, the point before the first step. */
static void mark_stretches(const struct series *s, int (*way)(const struct series *, size_t), size_t lead, enum spc_mark m)
{
    for (size_t from = 0, to; from < s->c->n; from = to) {
        int w = way(s, from);
        for (to = from + 1; to < s->c->n && way(s, to) == w; to++)
            ;
        if (w != 0 && to - from + lead >= SEVEN)
            for (size_t i = from - lead; i < to; i++)
                mark(s, i, m, w);
    }
}

static void mark_near(const struct series *s)
{
    for (size_t from = 0; from + THREE <= s->c->n; from++) {
        int w = way_from_mean(s, from);
        size_t near = 0;
        bool same = w != 0;
        for (size_t i = from; i < from + THREE; i++) {
            same = same && way_from_mean(s, i) == w;
            near += way_near(s, i) != 0;
        }
        for (size_t i = from; same && near >= TWO && i < from + THREE; i++)
            if (way_near(s, i) != 0)
                mark(s, i, SPC_NEAR, w);
    }
}

struct spc spc_of(const double *values, size_t n, enum spc_screen screen, enum polarity polarity,
                  struct spc_point *ret_points)
{
    struct spc c = { .n = n };
    const struct series s = { values, &c, polarity, ret_points };
    for (size_t i = 0; i < n; i++) {
        assert(isfinite(values[i]));
        ret_points[i] = (struct spc_point){ SPC_COMMON, SPC_NOTHING };
    }
    if (n < SPC_POINTS_MIN)
        return c;
    draw(values, n, screen, &c);
    for (size_t i = 0; i < n; i++)
        if (way_outside(&s, i) != 0)
            mark(&s, i, SPC_OUTSIDE, way_outside(&s, i));
    mark_stretches(&s, way_of_step, 1, SPC_TREND);
    mark_near(&s);
    mark_stretches(&s, way_from_mean, 0, SPC_RUN);
    for (size_t i = 0; i < n; i++)
        c.n_marked += ret_points[i].mark != SPC_COMMON;
    return c;
}
