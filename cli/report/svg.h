/* cli/report/svg.h - small pictures as SVG inside a page.
 *
 * Text stays text, colours and widths are classes of the page's style sheet, so that the print rules reach them. Every picture has
 * a title and a description in words. Coordinates are CSS pixels, written with one decimal. */
#ifndef FOLKMOOT_CLI_REPORT_SVG_H
#define FOLKMOOT_CLI_REPORT_SVG_H

#include "cli/report/html.h"

/* `id` is the page's own, for aria-labelledby; title and desc say in words what it shows. */
void svg_begin(struct html *h, const char *id, double width, double height, const char *title, const char *desc);
void svg_end(struct html *h);

void svg_line(struct html *h, const char *class, double x1, double y1, double x2, double y2);
void svg_rect(struct html *h, const char *class, double x, double y, double width, double height);

/* Marks that differ in shape and filling, so that grey paper tells them apart. */
enum mark { MARK_DOT, MARK_RING, MARK_UP, MARK_DOWN, MARK_DIAMOND };
void svg_mark(struct html *h, const char *class, enum mark mark, double x, double y, double r);

enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };
void svg_text(struct html *h, const char *class, enum anchor anchor, double x, double y, const char *text);

/* A line through points: begin, points, end; svg_path_gap() lifts the pen. */
struct svg_path { struct html *h; bool is_down; struct buf d; };
struct svg_path svg_path_begin(struct html *h);
void svg_path_to(struct svg_path *p, double x, double y);
void svg_path_gap(struct svg_path *p);
void svg_path_end(struct svg_path *p, const char *class);       /* also frees what it gathered */

/* ---- axes ---- */

/* From values to places. A scale of no length has all of them in the middle. */
struct scale { double from, to, at_from, at_to; };
double scale_at(const struct scale *s, double value);

/* Steps of 1, 2 or 5 times a power of ten that divide the scale in at most `most` (2 or more): the first one at
 * or above `from`, and the distance. 0 when the scale has no length. */
double scale_step(const struct scale *s, unsigned most, double *ret_first);
/* Widen it to whole steps. */
void scale_round(struct scale *s, unsigned most);

/* "55,621", "1,029.0": thousands apart. */
enum { COUNT_TEXT_MAX = 72 };
void count_words(const char *digits, char ret[COUNT_TEXT_MAX]);

/* "40", "0.5", "10,000": with the decimals that the step needs. */
enum { TICK_TEXT_MAX = 32 };
void tick_text(double value, double step, char ret[TICK_TEXT_MAX]);

/* `text` cut to `columns` with an ellipsis, at a whole character, clean. */
enum { LABEL_MAX = 128 };
void label_cut(const char *text, size_t columns, char ret[LABEL_MAX]);

#endif
