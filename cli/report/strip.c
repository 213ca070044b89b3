#include <stdio.h>

#include "cli/report/charts.h"

enum { WIDTH = 680, ROW = 12, HEAD = 22, HEAD_ENGLAND = 11, FOOT = 19, NAME_COLUMNS = 25, FROM = 168, TO = 430,
       VALUE_AT = 482, BAND_AT = 494, YEARS_FROM = 518, YEARS_TO = 672, TICKS = 6, APART = 14 };

enum mark strip_mark(enum standing versus)
{
    switch (versus) {
    case STANDING_NONE:    return MARK_DOT;
    case STANDING_BETTER:  return MARK_DOT;
    case STANDING_SIMILAR: return MARK_RING;
    case STANDING_WORSE:   return MARK_DIAMOND;
    case STANDING_HIGHER:  return MARK_UP;
    case STANDING_LOWER:   return MARK_DOWN;
    }
    return MARK_DOT;
}

static const char *mark_class(enum standing versus)
{
    return versus == STANDING_SIMILAR ? "mr" : versus == STANDING_NONE ? "mp" : "mf";
}

static void widen(double *low, double *high, double x)
{
    *low = x < *low ? x : *low;
    *high = x > *high ? x : *high;
}

/* From the lowest to the highest of values and limits; zero belongs to it when it is not far off. */
static struct scale scale_of(const struct strip *s)
{
    bool any = false;
    double low = 0, high = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct strip_row *r = &s->rows[i];
        if (!r->has_value)
            continue;
        if (!any)
            low = high = r->value;
        any = true;
        widen(&low, &high, r->value);
        if (r->has_interval) {
            widen(&low, &high, r->lower);
            widen(&low, &high, r->upper);
        }
        if (r->has_neighbours)
            widen(&low, &high, r->neighbours);
    }
    if (s->has_total && any)
        widen(&low, &high, s->total);
    if (s->has_england && any)
        widen(&low, &high, s->england);
    if (low > 0 && low < high / 3)
        low = 0;
    struct scale sc = {low, high, FROM, TO};
    scale_round(&sc, TICKS);
    return sc;
}

static bool range_of(const struct strip_row *r, size_t n_years, double *low, double *high)
{
    bool any = false;
    *low = *high = 0;
    for (size_t y = 0; y < n_years; y++) {
        if (!r->years[y].has)
            continue;
        if (!any)
            *low = *high = r->years[y].y;
        any = true;
        widen(low, high, r->years[y].y);
    }
    return any;
}

/* The range of the middle row: no row is drawn on a finer scale, or what hardly moved would look as if it had. */
static double least_range(const struct strip *s)
{
    double ranges[MEMBERS_MAX], low, high;
    size_t n = 0;
    for (size_t i = 0; i < s->n && n < MEMBERS_MAX; i++)
        if (range_of(&s->rows[i], s->n_years, &low, &high))
            ranges[n++] = high - low;
    values_sort(ranges, n);
    return n > 0 ? ranges[n / 2] : 0;
}

static void draw_years(struct html *h, const struct strip *s, const struct strip_row *r, double least, double top)
{
    double low, high;
    if (s->n_years < 2 || !range_of(r, s->n_years, &low, &high))
        return;
    double room = high - low < least ? (least - (high - low)) / 2 : 0;
    struct spark years = {r->years, s->n_years, low - room, high + room};
    spark_draw(h, &years, YEARS_FROM, top + 2, YEARS_TO - YEARS_FROM, ROW - 4);
}

static void draw_axis(struct html *h, const struct scale *sc, double bottom)
{
    char text[TICK_TEXT_MAX];
    double first, step = scale_step(sc, TICKS, &first);
    svg_line(h, "ax", FROM, bottom, TO, bottom);
    for (double v = first; step > 0 && v <= sc->to + step / 1000; v += step) {
        svg_line(h, "ax", scale_at(sc, v), bottom, scale_at(sc, v), bottom + 3);
        tick_text(v, step, text);
        svg_text(h, "tk", ANCHOR_MIDDLE, scale_at(sc, v), bottom + 13, text);
    }
}

/* Thin lines at the quartiles, named above where there is room. */
static void draw_quartiles(struct html *h, const struct strip *s, const struct scale *sc, double head, double bottom)
{
    const double at[] = {s->quartiles.q25, s->quartiles.q50, s->quartiles.q75};
    static const char *const names[] = {"\xC2\xBC", "\xC2\xBD", "\xC2\xBE"};
    double last = FROM - APART;
    for (size_t i = 0; s->has_quartiles && i < 3; i++) {
        double x = scale_at(sc, at[i]);
        svg_line(h, "qt", x, head - 6, x, bottom);
        if (x - last < APART)
            continue;
        svg_text(h, "tk", ANCHOR_MIDDLE, x, head - 8, names[i]);
        last = x;
    }
    if (s->has_total)
        svg_line(h, "tt", scale_at(sc, s->total), head - 4, scale_at(sc, s->total), bottom);
    if (!s->has_england)
        return;
    svg_line(h, "te", scale_at(sc, s->england), HEAD_ENGLAND, scale_at(sc, s->england), bottom);
    svg_text(h, "tk", ANCHOR_MIDDLE, scale_at(sc, s->england), HEAD_ENGLAND - 2, "England");
}

/* An upright stroke in each row, all of them one path. */
static void draw_neighbours(struct html *h, const struct strip *s, const struct scale *sc, double head)
{
    bool any = false;
    for (size_t i = 0; i < s->n; i++)
        any = any || (s->rows[i].has_value && s->rows[i].has_neighbours);
    if (!any)
        return;
    struct svg_path p = svg_path_begin(h);
    for (size_t i = 0; i < s->n; i++) {
        double x = scale_at(sc, s->rows[i].neighbours), top = head + (double)i * ROW;
        if (!s->rows[i].has_value || !s->rows[i].has_neighbours)
            continue;
        svg_path_to(&p, x, top + 1.5);
        svg_path_to(&p, x, top + ROW - 1.5);
        svg_path_gap(&p);
    }
    svg_path_end(&p, "nb");
}

static void draw_row(struct html *h, const struct strip_row *r, const struct scale *sc, double top)
{
    char name[LABEL_MAX], band[2] = {r->band, '\0'};
    double middle = top + ROW / 2.0, base = middle + 3.5;
    label_cut(r->name, NAME_COLUMNS, name);
    if (r->is_marked)
        svg_rect(h, "mk", 0, top, WIDTH, ROW);
    svg_text(h, r->is_marked ? "nm sb" : "nm", ANCHOR_START, 2, base, name);
    if (!r->has_value) {
        svg_text(h, "no", ANCHOR_START, FROM, base, r->shown);
        return;
    }
    if (r->has_interval)
        svg_line(h, "iv", scale_at(sc, r->lower), middle, scale_at(sc, r->upper), middle);
    svg_mark(h, mark_class(r->versus), strip_mark(r->versus), scale_at(sc, r->value), middle, r->versus == STANDING_NONE ? 2.6 :
             3.4);
    svg_text(h, "vl", ANCHOR_END, VALUE_AT, base, r->shown);
    if (r->band != 0)
        svg_text(h, "bd", ANCHOR_MIDDLE, BAND_AT, base, band);
}

static void draw_heads(struct html *h, const struct strip *s, double head)
{
    char years[64];
    svg_text(h, "tk", ANCHOR_END, VALUE_AT, head - 8, "value");
    (void)snprintf(years, sizeof(years), "%s to %s", s->first_year, s->last_year);
    if (s->n_years > 1)
        svg_text(h, "tk", ANCHOR_START, YEARS_FROM, head - 8, years);
}

void strip_draw(struct html *h, const struct strip *s)
{
    struct scale sc = scale_of(s);
    double head = HEAD + (s->has_england ? HEAD_ENGLAND : 0), bottom = head + (double)s->n * ROW + 2, least = least_range(s);
    svg_begin(h, s->id, WIDTH, bottom + FOOT, s->title, s->desc);
    draw_heads(h, s, head);
    for (size_t i = 0; i < s->n; i++)
        if (s->rows[i].is_marked || i % 2 == 0)
            svg_rect(h, "rw", 0, head + (double)i * ROW, WIDTH, ROW);
    draw_quartiles(h, s, &sc, head, bottom);
    draw_neighbours(h, s, &sc, head);
    for (size_t i = 0; i < s->n; i++) {
        draw_row(h, &s->rows[i], &sc, head + (double)i * ROW);
        draw_years(h, s, &s->rows[i], least, head + (double)i * ROW);
        html_line(h);
    }
    draw_axis(h, &sc, bottom);
    svg_end(h);
}
