#include "cli/assess/placing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/official.h"
#include "cli/output/figure.h"

static struct decimal absolute(struct decimal d)
{
    d.mantissa = d.mantissa < 0 ? -d.mantissa : d.mantissa;
    return d;
}

/* At least PLACING_MUCH_PERCENT of what it was; of nothing everything is much. */
static bool is_much(struct decimal change, struct decimal before)
{
    return decimal_double(absolute(change)) * 100 >= decimal_double(absolute(before)) * PLACING_MUCH_PERCENT;
}

static void take_direction(struct placed *s)
{
    enum polarity polarity = s->of->definition.definition.polarity;
    const struct compare_row *r = s->row;
    if (!r->has_change || r->change.mantissa == 0 || polarity == POLARITY_NONE)
        return;
    s->is_better = (r->change.mantissa > 0) == (polarity == POLARITY_HIGH);
    s->is_worse = !s->is_better;
    s->is_much_worse = s->is_worse && r->before.figure.has_value && is_much(r->change, r->before.figure.value);
}

static void take_link(struct placed *s)
{
    char period[PERIOD_TEXT_MAX];
    period_text(s->of->period.period, s->of->period.time_identifier, period);
    for (char *p = period; *p != '\0'; p++)     /* a link has no blanks */
        *p = *p == ' ' ? '-' : *p;
    (void)snprintf(s->link, sizeof(s->link), "%s@%s", s->of->definition.definition.id, period);
}

static void take(struct placing *x, const struct region_row *of, const struct compare_row *row)
{
    struct placed *s = &x->rows[x->n++];
    char shown[FIGURE_SHOWN_MAX];
    *s = (struct placed){.of = of, .row = row};
    for (size_t i = 0; i < of->c.n_rows; i++)
        s->ranked += of->c.rows[i].rank > 0;
    figure_shown(&row->figure.figure, of->definition.definition.decimals, shown);
    (void)snprintf(s->value, sizeof(s->value), "%s", shown);
    take_link(s);
    take_direction(s);
}

enum err placing_make(struct view *v, const struct charter *charter, const struct slug *slug, struct placing *ret)
{
    struct placing x = {.n = 0};
    const struct period_asked latest = {.kind = PERIOD_LATEST};
    const struct region_ask ask = {.v = v, .charter = charter, .official = &official_definitions, .period = &latest,
                                   .as_of_ms = UINT64_MAX, .set = SET_ALLIANCE};
    if (charter == NULL) {
        *ret = x;
        return OK;
    }
    enum err e = region_make(&ask, &x.region);
    if (e != OK)
        return e;
    x.rows = calloc(x.region.n + 1, sizeof(*x.rows));
    if (x.rows == NULL) {
        region_release(&x.region);
        return ERR_NOMEM;
    }
    *ret = x;                                   /* rows point into it: it stays where it is now */
    for (size_t i = 0; i < ret->region.n; i++) {
        const struct compare_row *row = region_row_of(&ret->region.rows[i], slug);
        if (row != NULL && row->has_figure && !row->is_public && compare_row_counts(row))
            take(ret, &ret->region.rows[i], row);
    }
    return OK;
}

void placing_release(struct placing *s)
{
    region_release(&s->region);
    free(s->rows);
    *s = (struct placing){.n = 0};
}
