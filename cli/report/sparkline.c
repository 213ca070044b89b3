#include <stdio.h>
#include <string.h>

#include "cli/report/charts.h"

enum { WIDTH = 160, HEIGHT = 20, SPARK_X = 42, SPARK_WIDTH = 72, BESIDE = 5, POSITION_WIDTH = 96, EDGE = 5 };

void spark_draw(struct html *h, const struct spark *s, double x, double y, double width, double height)
{
    struct scale across = {0, s->n > 1 ? (double)(s->n - 1) : 0, x, x + width}, up = {s->low, s->high, y + height, y};
    struct svg_path p = svg_path_begin(h);
    for (size_t i = 0; i < s->n; i++) {
        if (!s->points[i].has) {
            svg_path_gap(&p);
            continue;
        }
        svg_path_to(&p, scale_at(&across, (double)i), scale_at(&up, s->points[i].y));
    }
    svg_path_end(&p, "sp");
    for (size_t i = 0; i < s->n; i++) {
        bool is_lone = s->points[i].has && (i == 0 || !s->points[i - 1].has) && (i + 1 == s->n || !s->points[i + 1].has);
        if (s->points[i].has && (i + 1 == s->n || is_lone))
            svg_mark(h, "se", MARK_DOT, scale_at(&across, (double)i), scale_at(&up, s->points[i].y), 2);
    }
}

void sparkline_draw(struct html *h, const struct sparkline *s)
{
    svg_begin(h, s->id, WIDTH, HEIGHT, s->title, s->desc);
    svg_text(h, "sv", ANCHOR_END, SPARK_X - BESIDE, HEIGHT / 2.0 + 4, s->first);
    spark_draw(h, &s->spark, SPARK_X, 4, SPARK_WIDTH, HEIGHT - 8);
    svg_text(h, "sv sb", ANCHOR_START, SPARK_X + SPARK_WIDTH + BESIDE, HEIGHT / 2.0 + 4, s->last);
    svg_end(h);
}

void position_draw(struct html *h, const struct position *p)
{
    struct scale across = {p->n > 0 ? p->values[0] : 0, p->n > 0 ? p->values[0] : 0, EDGE, POSITION_WIDTH - EDGE};
    for (size_t i = 0; i < p->n; i++) {
        across.from = p->values[i] < across.from ? p->values[i] : across.from;
        across.to = p->values[i] > across.to ? p->values[i] : across.to;
    }
    svg_begin(h, p->id, POSITION_WIDTH, HEIGHT, p->title, p->desc);
    svg_line(h, "gd", EDGE, HEIGHT / 2.0, POSITION_WIDTH - EDGE, HEIGHT / 2.0);
    for (size_t i = 0; i < p->n; i++)
        svg_line(h, "ax", scale_at(&across, p->values[i]), HEIGHT / 2.0 - 4, scale_at(&across, p->values[i]), HEIGHT / 2.0 + 4);
    if (p->has_own)
        svg_mark(h, "mf", MARK_DIAMOND, scale_at(&across, p->own), HEIGHT / 2.0, 4.5);
    svg_end(h);
}
