#include "cli/report/svg.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/output/text.h"

enum { NUMBER_MAX = 32, PATH_MAX_LEN = 64 * 1024, ID_MAX = 80 };
#define END ((const char *)NULL)

/* One decimal, no "-0.0", none where it is whole. What is not finite never comes here from a figure; it must not
 * break a page all the same. */
static const char *number(double x, char ret[NUMBER_MAX])
{
    double tenths = isfinite(x) ? floor(x * 10 + 0.5) : 0;
    if (fabs(tenths) > 1e9)
        tenths = 0;
    if (fmod(tenths, 10) == 0)
        (void)snprintf(ret, NUMBER_MAX, "%.0f", tenths / 10 + 0.0);
    else
        (void)snprintf(ret, NUMBER_MAX, "%.1f", tenths / 10);
    return ret;
}

void svg_begin(struct html *h, const char *id, double width, double height, const char *title, const char *desc)
{
    char w[NUMBER_MAX], t[NUMBER_MAX], box[2 * NUMBER_MAX + 8], title_id[ID_MAX], desc_id[ID_MAX], both[2 * ID_MAX];
    (void)snprintf(box, sizeof(box), "0 0 %s %s", number(width, w), number(height, t));
    (void)snprintf(title_id, sizeof(title_id), "%s-t", id);
    (void)snprintf(desc_id, sizeof(desc_id), "%s-d", id);
    (void)snprintf(both, sizeof(both), "%s %s", title_id, desc_id);
    html_begin(h, "svg", "id", id, "viewBox", box, "width", w, "height", t, "role", "img", "aria-labelledby", both, END);
    html_element(h, "title", title, "id", title_id, END);
    html_element(h, "desc", desc, "id", desc_id, END);
    html_line(h);
}

void svg_end(struct html *h)
{
    html_end(h, "svg");
    html_line(h);
}

void svg_line(struct html *h, const char *class, double x1, double y1, double x2, double y2)
{
    char a[NUMBER_MAX], b[NUMBER_MAX], c[NUMBER_MAX], d[NUMBER_MAX];
    html_empty(h, "line", "class", class, "x1", number(x1, a), "y1", number(y1, b), "x2", number(x2, c), "y2", number(y2, d), END);
}

void svg_rect(struct html *h, const char *class, double x, double y, double width, double height)
{
    char a[NUMBER_MAX], b[NUMBER_MAX], c[NUMBER_MAX], d[NUMBER_MAX];
    html_empty(h, "rect", "class", class, "x", number(x, a), "y", number(y, b), "width", number(width, c), "height",
               number(height, d),
               END);
}

static void corners(struct html *h, const char *class, const double (*at)[2], size_t n, double x, double y)
{
    struct svg_path p = svg_path_begin(h);
    for (size_t i = 0; i <= n; i++)
        svg_path_to(&p, x + at[i % n][0], y + at[i % n][1]);
    svg_path_end(&p, class);
}

void svg_mark(struct html *h, const char *class, enum mark mark, double x, double y, double r)
{
    char a[NUMBER_MAX], b[NUMBER_MAX], c[NUMBER_MAX];
    const double up[][2] = {{0, -r}, {r, r}, {-r, r}}, down[][2] = {{0, r}, {r, -r}, {-r, -r}},
                 diamond[][2] = {{0, -r}, {r, 0}, {0, r}, {-r, 0}};
    switch (mark) {
    case MARK_DOT:
    case MARK_RING:
        html_empty(h, "circle", "class", class, "cx", number(x, a), "cy", number(y, b), "r", number(r, c), END);
        return;
    case MARK_UP:      corners(h, class, up, 3, x, y); return;
    case MARK_DOWN:    corners(h, class, down, 3, x, y); return;
    case MARK_DIAMOND: corners(h, class, diamond, 4, x, y); return;
    }
}

void svg_text(struct html *h, const char *class, enum anchor anchor, double x, double y, const char *text)
{
    static const char *const anchors[] = {[ANCHOR_START] = NULL, [ANCHOR_MIDDLE] = "middle", [ANCHOR_END] = "end"};
    char a[NUMBER_MAX], b[NUMBER_MAX];
    html_element(h, "text", text, "class", class, "text-anchor", anchors[anchor], "x", number(x, a), "y", number(y, b), END);
}

/* ---- paths ---- */

struct svg_path svg_path_begin(struct html *h)
{
    return (struct svg_path){.h = h, .d = buf_on(PATH_MAX_LEN)};
}

void svg_path_to(struct svg_path *p, double x, double y)
{
    char a[NUMBER_MAX], b[NUMBER_MAX];
    buf_printf(&p->d, "%c%s %s", p->is_down ? 'L' : 'M', number(x, a), number(y, b));
    p->is_down = true;
}

void svg_path_gap(struct svg_path *p)
{
    p->is_down = false;
}

void svg_path_end(struct svg_path *p, const char *class)
{
    const char *d = buf_str(&p->d);
    if (d != NULL && d[0] != '\0')
        html_empty(p->h, "path", "class", class, "d", d, END);
    else if (d == NULL && p->h->to->failed == OK)
        p->h->to->failed = buf_status(&p->d);
    buf_release(&p->d);
}

/* ---- axes ---- */

double scale_at(const struct scale *s, double value)
{
    if (!(s->to > s->from))
        return (s->at_from + s->at_to) / 2;
    return s->at_from + (value - s->from) / (s->to - s->from) * (s->at_to - s->at_from);
}

double scale_step(const struct scale *s, unsigned most, double *ret_first)
{
    static const double steps[] = {1, 2, 5, 10};
    double length = s->to - s->from;
    *ret_first = s->from;
    if (!(length > 0) || !isfinite(length) || length < 1e-9)
        return 0;
    double power = pow(10, floor(log10(length / most))), step = 0;
    for (size_t i = 0; i < 4; i++) {
        step = steps[i] * power;
        if (length / step <= most)
            break;
    }
    *ret_first = ceil(s->from / step - 1e-9) * step;
    return step;
}

void scale_round(struct scale *s, unsigned most)
{
    double first, step = scale_step(s, most, &first);
    if (step > 0) {
        s->from = floor(s->from / step + 1e-9) * step;
        s->to = ceil(s->to / step - 1e-9) * step;
    }
}

void count_words(const char *digits, char ret[COUNT_TEXT_MAX])
{
    size_t from = digits[0] == '-', whole = from + strspn(digits + from, "0123456789"), at = 0;
    for (size_t i = 0; digits[i] != '\0' && at + 2 < COUNT_TEXT_MAX; i++) {
        if (i > from && i < whole && (whole - i) % 3 == 0)
            ret[at++] = ',';
        ret[at++] = digits[i];
    }
    ret[at] = '\0';
}

void tick_text(double value, double step, char ret[TICK_TEXT_MAX])
{
    int decimals = step > 0 && step < 0.95 ? (int)ceil(-log10(step) - 1e-9) : 0;
    char plain[TICK_TEXT_MAX], apart[COUNT_TEXT_MAX];
    (void)snprintf(plain, sizeof(plain), "%.*f", decimals < 9 ? decimals : 9, value + 0.0);
    count_words(strcmp(plain, "-0") == 0 ? "0" : plain, apart);
    (void)snprintf(ret, TICK_TEXT_MAX, "%.*s", TICK_TEXT_MAX - 1, apart);
}

void label_cut(const char *text, size_t columns, char ret[LABEL_MAX])
{
    char clean[LABEL_MAX - 4];
    text_clean_into(text, clean, sizeof(clean));
    size_t len = strlen(clean);
    bool was_cut = false;
    while (len > 0 && text_width(clean) + was_cut > columns) {
        while (len > 0 && ((uint8_t)clean[--len] & 0xC0) == 0x80) {}
        clean[len] = '\0';
        was_cut = true;
    }
    (void)snprintf(ret, LABEL_MAX, "%s%s", clean, was_cut ? "\xE2\x80\xA6" : "");
}
