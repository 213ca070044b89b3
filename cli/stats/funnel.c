#include "cli/stats/funnel.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "cli/stats/rank.h"

__extension__ typedef __int128 i128;            /* sums of whole numbers are exact */

#define TRIM 0.1
#define HALF_PI 1.57079632679489661923

const char *funnel_why_name(enum funnel_why w)
{
    switch (w) {
#define X(sym, name) case sym: return name;
    FUNNEL_WHYS(X)
#undef X
    }
    return "";
}

const char *funnel_flag_name(enum funnel_flag f)
{
    switch (f) {
#define X(sym, name) case sym: return name;
    FUNNEL_FLAGS(X)
#undef X
    }
    return "";
}

/* ---- which sets are tested ---- */

/* A usable authority's counts. */
struct trial { size_t at; int64_t x, n; };

struct set {
    enum parts_kind kind;
    struct trial *trials;
    size_t k;
    i128 sum_x, sum_n;
    double theta, other;                        /* other: 1 - theta, not by subtraction */
    double *room;                               /* k numbers */
};

static bool whole(struct decimal d, int64_t *ret)
{
    for (; d.scale > 0; d.scale--) {
        if (d.mantissa % 10 != 0)
            return false;
        d.mantissa /= 10;
    }
    *ret = d.mantissa;
    return true;
}

/* Collects the usable ones; false where one of them is no count. All are counted in k in any case. */
static bool collect(const struct cell *cells, size_t n, struct set *s, struct funnel *f)
{
    bool counts = s->kind != PARTS_NONE;
    for (size_t i = 0; i < n; i++) {
        const struct cell *c = &cells[i];
        bool has_base = c->has_denominator && c->denominator.mantissa > 0;
        f->h += c->is_suppressed && has_base;
        if (!cell_is_usable(c, true))
            continue;
        struct trial *t = &s->trials[s->k++];
        t->at = i;
        if (!whole(c->numerator, &t->x) || !whole(c->denominator, &t->n) || t->x < 0 ||
            (s->kind == PARTS_PROPORTION && t->x > t->n)) {
            counts = false;
            continue;
        }
        s->sum_x += t->x;
        s->sum_n += t->n;
    }
    f->k = s->k;
    return counts;
}

static enum funnel_why why_not(const struct cell *cells, size_t n, bool counts, const struct set *s, const struct funnel *f)
{
    if (!counts)
        return FUNNEL_NOT_COUNTS;
    if (!cells_have_denominators(cells, n))
        return FUNNEL_NO_DENOMINATOR;
    if (10 * f->h > f->k + f->h)
        return FUNNEL_SUPPRESSED;
    if (f->k < FUNNEL_MIN)
        return FUNNEL_TOO_FEW;
    if (s->sum_x == 0 || (s->kind == PARTS_PROPORTION && s->sum_x == s->sum_n))
        return FUNNEL_NO_VARIATION;
    return FUNNEL_TESTED;
}

/* ---- the transformed scale ---- */

/* asin(sqrt(x / n)). The sine is flat near 1, where the root would have lost the digits that n - x still has. */
static double arcsine(double x, double rest, double n)
{
    return x <= rest ? asin(sqrt(x / n)) : HALF_PI - asin(sqrt(rest / n));
}

static double distance(const struct set *s, const struct trial *t)
{
    double x = (double)t->x, n = (double)t->n;
    if (s->kind == PARTS_RATE)
        return sqrt(x / n / s->theta) - 1;
    return arcsine(x, (double)(t->n - t->x), n) -
           arcsine((double)s->sum_x, (double)(s->sum_n - s->sum_x), (double)s->sum_n);
}

static double error_at(enum parts_kind kind, double theta, double n)
{
    return 1 / (2 * sqrt(kind == PARTS_RATE ? n * theta : n));
}

static double quantile(const double *sorted, size_t k, double p)
{
    double g = (double)(k - 1) * p;
    size_t j = (size_t)g;
    return j + 1 >= k ? sorted[j] : sorted[j] + (g - (double)j) * (sorted[j + 1] - sorted[j]);
}

/* Sum of the winsorised squares of z; summed in rising order, so that the order of the authorities is nothing to it. */
static double winsorised_squares(double *z, size_t k)
{
    double sum = 0;
    values_sort(z, k);
    double low = quantile(z, k, TRIM), high = quantile(z, k, 1 - TRIM);
    for (size_t i = 0; i < k; i++) {
        double zw = z[i] < low ? low : z[i] > high ? high : z[i];
        sum += zw * zw;
    }
    return sum;
}

/* D = sum w - sum w^2 / sum w = sum of w (sum w - w) / sum w: as written here nothing cancels when one authority is
 * nearly the whole. w is 4 n, for rates 4 n theta. */
static double spread_base(const struct set *s)
{
    double sum = 0, scale = s->kind == PARTS_RATE ? 4 * s->theta : 4;
    for (size_t i = 0; i < s->k; i++)
        s->room[i] = (double)s->trials[i].n * ((double)(s->sum_n - s->trials[i].n) / (double)s->sum_n);
    values_sort(s->room, s->k);
    for (size_t i = 0; i < s->k; i++)
        sum += s->room[i];
    return scale * sum;
}

static void estimate(const struct set *s, struct funnel *f, struct funnel_point *points)
{
    double k = (double)s->k;
    for (size_t i = 0; i < s->k; i++) {
        struct funnel_point *p = &points[s->trials[i].at];
        p->is_usable = true;
        p->s = error_at(s->kind, s->theta, (double)s->trials[i].n);
        p->z = distance(s, &s->trials[i]) / p->s;
        s->room[i] = p->z;
    }
    double squares = winsorised_squares(s->room, s->k);
    f->theta = s->theta;
    f->phi = squares / k;
    f->tau2 = squares <= k - 1 ? 0 : (squares - (k - 1)) / spread_base(s);
    for (size_t i = 0; i < s->k; i++) {
        struct funnel_point *p = &points[s->trials[i].at];
        p->za = f->tau2 > 0 ? distance(s, &s->trials[i]) / sqrt(p->s * p->s + f->tau2) : p->z;
    }
}

/* ---- flags ---- */

static enum funnel_flag plain_flag(const struct set *s, const struct trial *t, enum level level)
{
    double n = (double)t->n;
    if (s->kind == PARTS_PROPORTION) {
        double p = (double)t->x / n, reach = level_z(level) * sqrt(s->theta * s->other / n);
        return p > s->theta + reach ? FUNNEL_HIGH : p < s->theta - reach ? FUNNEL_LOW : FUNNEL_INSIDE;
    }
    struct interval in = interval_poisson((uint64_t)t->x, level);
    return s->theta < in.lower / n ? FUNNEL_HIGH : s->theta > in.upper / n ? FUNNEL_LOW : FUNNEL_INSIDE;
}

/* Near zero the arcsine overstates, so the plain limits must agree. */
static enum funnel_flag adjusted_flag(double za, enum funnel_flag plain, enum level level)
{
    double c = level_z(level);
    bool agrees = (za > c && plain == FUNNEL_HIGH) || (za < -c && plain == FUNNEL_LOW);
    return agrees ? plain : FUNNEL_INSIDE;
}

static void put_flags(const struct set *s, struct funnel *f, struct funnel_point *points)
{
    for (size_t i = 0; i < s->k; i++) {
        struct funnel_point *p = &points[s->trials[i].at];
        for (enum level l = 0; l < LEVEL_COUNT; l++) {
            p->plain[l] = plain_flag(s, &s->trials[i], l);
            p->adjusted[l] = adjusted_flag(p->za, p->plain[l], l);
            f->plain[l] += p->plain[l] != FUNNEL_INSIDE;
            f->adjusted[l] += p->adjusted[l] != FUNNEL_INSIDE;
        }
    }
}

enum err funnel_of(const struct cell *cells, size_t n, enum parts_kind kind, struct funnel *ret,
                   struct funnel_point *ret_points)
{
    struct funnel f = { .kind = kind };
    struct set s = { .kind = kind, .trials = calloc(n + 1, sizeof(*s.trials)), .room = calloc(n + 1, sizeof(*s.room)) };
    enum err e = ERR_NOMEM;
    if (s.trials == NULL || s.room == NULL)
        goto out;
    bool counts = collect(cells, n, &s, &f);
    f.why = why_not(cells, n, counts, &s, &f);
    for (size_t i = 0; i < n; i++)
        ret_points[i] = (struct funnel_point){0};
    if (f.why == FUNNEL_TESTED) {
        s.theta = (double)s.sum_x / (double)s.sum_n;
        s.other = (double)(s.sum_n - s.sum_x) / (double)s.sum_n;
        estimate(&s, &f, ret_points);
        put_flags(&s, &f, ret_points);
    }
    *ret = f;
    e = OK;
out:
    free(s.trials);
    free(s.room);
    return e;
}

/* ---- curves ---- */

static struct interval limits(const struct funnel *f, double n, enum level level, double tau2)
{
    double s = error_at(f->kind, f->theta, n), reach = level_z(level) * sqrt(s * s + tau2);
    if (f->kind == PARTS_RATE) {
        double low = fmax(0, 1 - reach), high = 1 + reach;
        return (struct interval){ f->theta * low * low, f->theta * high * high };
    }
    /* clamped before squaring: the sine folds back below zero and would invent limits at small n */
    double target = asin(sqrt(f->theta));
    double low = sin(fmax(0, target - reach)), high = sin(fmin(HALF_PI, target + reach));
    return (struct interval){ low * low, high * high };
}

struct interval funnel_plain_limits(const struct funnel *f, double n, enum level level)
{
    assert(f->why == FUNNEL_TESTED && n > 0);
    if (f->kind == PARTS_RATE)
        return limits(f, n, level, 0);
    double reach = level_z(level) * sqrt(f->theta * (1 - f->theta) / n);
    return (struct interval){ fmax(0, f->theta - reach), fmin(1, f->theta + reach) };
}

struct interval funnel_adjusted_limits(const struct funnel *f, double n, enum level level)
{
    struct interval plain = funnel_plain_limits(f, n, level), wide = limits(f, n, level, f->tau2);
    return (struct interval){ fmin(plain.lower, wide.lower), fmax(plain.upper, wide.upper) };
}

/* ---- lists ---- */

void funnel_tally_add(struct funnel_tally *t, const struct funnel *f)
{
    if (f->why != FUNNEL_TESTED)
        return;
    t->sets++;
    t->comparisons += f->k;
    for (enum level l = 0; l < LEVEL_COUNT; l++) {
        t->plain[l] += f->plain[l];
        t->adjusted[l] += f->adjusted[l];
    }
}

double funnel_by_chance(size_t comparisons)
{
    return 0.002 * (double)comparisons;
}
