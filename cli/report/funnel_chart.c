#include <math.h>

#include "cli/report/charts.h"

enum { WIDTH = 336, HEIGHT = 214, LEFT = 40, RIGHT = 326, TOP = 24, BOTTOM = 176, TICKS_UP = 5, TICKS_ACROSS = 4, SAMPLES = 48,
       NAME_COLUMNS = 22, LETTER = 6 };

struct frame { struct scale x, y; double n_from, n_to; };

static struct frame frame_of(const struct funnel_chart *c)
{
    struct frame f = {.n_from = 0, .n_to = 0};
    double low = c->funnel->theta * c->multiplier, high = low;
    for (size_t i = 0; i < c->n; i++) {
        const struct funnel_mark *m = &c->marks[i];
        f.n_from = i == 0 || m->n < f.n_from ? m->n : f.n_from;
        f.n_to = m->n > f.n_to ? m->n : f.n_to;
        low = m->value < low ? m->value : low;
        high = m->value > high ? m->value : high;
    }
    double room = (high - low) / 6;
    low = low - room > 0 ? low - room : 0;
    f.x = (struct scale){0, f.n_to * 1.04, LEFT, RIGHT};
    f.y = (struct scale){low, high + room, BOTTOM, TOP};
    scale_round(&f.y, TICKS_UP);
    if (c->funnel->kind == PARTS_PROPORTION && f.y.to > c->multiplier)      /* no more than all of them */
        f.y.to = c->multiplier;
    return f;
}

static void draw_axes(struct html *h, const struct funnel_chart *c, const struct frame *f)
{
    char text[TICK_TEXT_MAX], across[LABEL_MAX];
    double first, step = scale_step(&f->y, TICKS_UP, &first);
    for (double v = first; step > 0 && v <= f->y.to + step / 1000; v += step) {
        svg_line(h, "gd", LEFT, scale_at(&f->y, v), RIGHT, scale_at(&f->y, v));
        tick_text(v, step, text);
        svg_text(h, "tk", ANCHOR_END, LEFT - 4, scale_at(&f->y, v) + 4, text);
    }
    step = scale_step(&f->x, TICKS_ACROSS, &first);
    for (double v = first; step > 0 && v <= f->x.to + step / 1000; v += step) {
        svg_line(h, "ax", scale_at(&f->x, v), BOTTOM, scale_at(&f->x, v), BOTTOM + 3);
        tick_text(v, step, text);
        svg_text(h, "tk", ANCHOR_MIDDLE, scale_at(&f->x, v), BOTTOM + 14, text);
    }
    svg_line(h, "ax", LEFT, BOTTOM, RIGHT, BOTTOM);
    svg_text(h, "tk", ANCHOR_START, 2, TOP - 12, c->unit);
    label_cut(c->across, 52, across);
    svg_text(h, "tk", ANCHOR_MIDDLE, (LEFT + RIGHT) / 2.0, BOTTOM + 31, across);
}

/* A limit leaves the picture where it leaves the scale. */
static void draw_limit(struct html *h, const struct funnel_chart *c, const struct frame *f, bool is_adjusted, bool is_upper)
{
    struct svg_path p = svg_path_begin(h);
    double from = sqrt(f->n_from * 0.6), to = sqrt(f->x.to);
    for (int i = 0; i <= SAMPLES; i++) {
        double root = from + (to - from) * i / SAMPLES, n = root * root;
        struct interval in = is_adjusted ? funnel_adjusted_limits(c->funnel, n, LEVEL_998) : funnel_plain_limits(c->funnel, n,
            LEVEL_998);
        double v = (is_upper ? in.upper : in.lower) * c->multiplier;
        if (v < f->y.from || v > f->y.to)
            svg_path_gap(&p);
        else
            svg_path_to(&p, scale_at(&f->x, n), scale_at(&f->y, v));
    }
    svg_path_end(&p, is_adjusted ? "la" : "lp");
}

/* Beside its mark, on the side where it has room. */
static void draw_label(struct html *h, const struct funnel_mark *m, double x, double y)
{
    char name[LABEL_MAX];
    label_cut(m->name, NAME_COLUMNS, name);
    bool is_left = x + 8 + (double)NAME_COLUMNS / 2 * LETTER > RIGHT;
    svg_text(h, "fl", is_left ? ANCHOR_END : ANCHOR_START, is_left ? x - 8 : x + 8, y + 4, name);
}

void funnel_chart_draw(struct html *h, const struct funnel_chart *c)
{
    struct frame f = frame_of(c);
    double target = scale_at(&f.y, c->funnel->theta * c->multiplier);
    svg_begin(h, c->id, WIDTH, HEIGHT, c->title, c->desc);
    draw_axes(h, c, &f);
    svg_line(h, "tt", LEFT, target, RIGHT, target);
    for (int k = 0; k < 4; k++)
        draw_limit(h, c, &f, k % 2 == 1, k / 2 == 1);
    for (int named = 0; named < 2; named++)
        for (size_t i = 0; i < c->n; i++) {
            const struct funnel_mark *m = &c->marks[i];
            double x = scale_at(&f.x, m->n), y = scale_at(&f.y, m->value);
            if (m->is_named != (named == 1))
                continue;
            svg_mark(h, m->is_named ? "mf" : "mr", m->is_named ? MARK_DIAMOND : MARK_RING, x, y, m->is_named ? 5 : 3);
            if (m->is_named)
                draw_label(h, m, x, y);
        }
    svg_end(h);
}
