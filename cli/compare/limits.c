/* cli/compare/limits.c - how far chance alone may have moved one figure, by what its definition says of its parts (compare.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/compare/compare.h"

const char *denominator_source_name(enum denominator_source s)
{
    switch (s) {
#define X(sym, name) case sym: return name;
    DENOMINATORS(X)
#undef X
    }
    return "";
}

static bool whole_count(struct decimal d, uint64_t *ret)
{
    struct decimal w;
    if (d.mantissa < 0 || decimal_round(d, 0, &w) != OK || decimal_compare(w, d) != 0)
        return false;
    while (w.scale > 0) {
        w.mantissa /= 10;
        w.scale--;
    }
    *ret = (uint64_t)w.mantissa;
    return true;
}

/* The count that a rate over `persons` was made of: published, or else the nearest whole number. True where the published
 * value follows from it, so that `persons` is the denominator. */
static bool count_of_rate(const struct figure *f, const struct definition *d, uint64_t persons, uint64_t *ret)
{
    struct decimal x = f->numerator, value, n = {(int64_t)persons, 0};
    if (!f->has_value || (!f->has_numerator &&
                          decimal_ratio(persons, f->value, (struct decimal){(int64_t)d->multiplier, 0}, 0, &x) != OK))
        return false;
    return whole_count(x, ret) && decimal_ratio(d->multiplier, x, n, d->decimals, &value) == OK &&
           decimal_compare(value, f->value) == 0;
}

bool compare_interval(const struct figure *f, const struct definition *d, uint64_t persons, struct interval *ret)
{
    uint64_t x = 0, n = 0;
    struct interval in;
    double times = d->multiplier;
    bool has_both = f->has_numerator && f->has_denominator && whole_count(f->numerator, &x) && whole_count(f->denominator, &n) &&
                    n > 0;
    if (!status_has_number(f->status))
        return false;                           /* a value that was not given has no limits */
    switch (d->parts) {
    case PARTS_PROPORTION:
        if (!has_both || !interval_wilson(x, n, LEVEL_95, &in))
            return false;
        break;
    case PARTS_RATE:
        if (!has_both && !f->has_denominator && persons > 0 && count_of_rate(f, d, persons, &x))
            n = persons;
        else if (!has_both)
            return false;
        in = interval_poisson(x, LEVEL_95);
        times /= (double)n;
        break;
    case PARTS_NONE: case PARTS_COUNT:
    default:
        return false;
    }
    *ret = (struct interval){in.lower * times, in.upper * times};
    return true;
}

/* ---- populations ---- */

/* "0-17" in what a definition says, "0 to 17" in what a table does. */
static bool read_ages(const char *p, unsigned *low, unsigned *high)
{
    char *end;
    if (p == NULL || *p < '0' || *p > '9')
        return false;
    unsigned long from = strtoul(p, &end, 10);
    size_t gap = *end == '-' ? 1 : strncmp(end, " to ", 4) == 0 ? 4 : 0;
    if (gap == 0 || end[gap] < '0' || end[gap] > '9')
        return false;
    unsigned long to = strtoul(end + gap, NULL, 10);
    *low = (unsigned)from;
    *high = (unsigned)to;
    return from <= to && to < 200;
}

static bool ages_of_definition(const struct definition *d, unsigned *low, unsigned *high)
{
    static const char word[] = "population ";
    const char *p = strstr(d->denominator, word);
    return d->parts == PARTS_RATE && p != NULL && read_ages(p + sizeof(word) - 1, low, high);
}

static bool ages_of_group(const char *group, unsigned *low, unsigned *high)
{
    size_t at = strcspn(group, "0123456789");
    return read_ages(group + at, low, high);
}

/* The year before the one in which a whole year ends: 2023 of 2024, and of 2023-24. */
static bool year_before(const struct figure *f, char ret[PERIOD_MAX + 1])
{
    unsigned year = (unsigned)strtoul(f->period, NULL, 10);
    if (strlen(f->period) == 4 && strcmp(f->time_identifier, "Reporting year") == 0)
        snprintf(ret, PERIOD_MAX + 1, "%04u", year - 1);
    else if (strlen(f->period) == 6 && strcmp(f->time_identifier, "Financial year") == 0)
        snprintf(ret, PERIOD_MAX + 1, "%.4s", f->period);
    else
        return false;
    return year > 0;
}

struct seeking { unsigned low, high; struct population *ret; };

/* The newest release first. */
static enum err take(void *arg, const struct population_row *p)
{
    struct seeking *s = arg;
    unsigned low, high;
    if (s->ret->persons > 0 || !ages_of_group(p->age, &low, &high) || low != s->low || high != s->high)
        return OK;
    s->ret->persons = p->persons;
    snprintf(s->ret->source.file, sizeof(s->ret->source.file), "%s", p->file);
    snprintf(s->ret->source.source, sizeof(s->ret->source.source), "%s", p->source);
    snprintf(s->ret->source.vintage, sizeof(s->ret->source.vintage), "%s", p->vintage);
    return OK;
}

enum err compare_population(struct view *v, const struct definition *d, const struct authority *a, const struct figure *f,
                            uint64_t as_of_ms, struct population *ret)
{
    struct seeking s = {.ret = ret};
    char year[PERIOD_MAX + 1];
    *ret = (struct population){.persons = 0};
    if (a == NULL || f->has_denominator || !f->has_value || f->breakdown[0] != '\0' || !ages_of_definition(d, &s.low, &s.high) ||
        !year_before(f, year))
        return OK;
    return view_reference_population(v, a->slug.s, year, as_of_ms, take, &s);
}
