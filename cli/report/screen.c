#include "cli/report/screen.h"

#include <stdlib.h>
#include <string.h>

#include "cli/publish/gate.h"

enum { FIRST_CAP = 64 };

struct kept { struct figure_row row; bool is_withheld; };

struct screen {
    struct kept *list;                      /* all, then what is withheld; by record */
    size_t n, cap;
    struct definition *definitions;         /* in order of id */
    size_t n_definitions, cap_definitions;
    struct view *v;
    const struct official *official;
    int64_t small_max;
    const char *id;
};

static int by_record(const void *a, const void *b)
{
    const struct figure_row *x = &((const struct kept *)a)->row, *y = &((const struct kept *)b)->row;
    int order = slug_compare(&x->slug, &y->slug);
    if (order != 0)
        return order;
    if (x->generation != y->generation)
        return x->generation < y->generation ? -1 : 1;
    return x->idx < y->idx ? -1 : x->idx > y->idx;
}

/* ---- withholding ---- */

static void withhold_all(struct figure *f)
{
    f->has_numerator = f->has_denominator = f->has_value = false;
    f->numerator = f->denominator = f->value = (struct decimal){0};
    f->status = STATUS_C;
}

static const struct definition *definition_of(const struct screen *s, const char *id)
{
    for (size_t from = 0, to = s->n_definitions; from < to;) {
        size_t at = from + (to - from) / 2;
        int order = strcmp(s->definitions[at].id, id);
        if (order == 0)
            return &s->definitions[at];
        if (order < 0)
            from = at + 1;
        else
            to = at;
    }
    return NULL;
}

/* One figure by itself; nothing of it passes where the gate cannot be asked. */
static void judge_alone(const struct screen *s, struct figure *f)
{
    struct gate_item item = {.figure = f, .definition = definition_of(s, f->indicator)};
    struct gate_count count;
    if (f->marking == MARKING_SENSITIVE || item.definition == NULL || gate_run(&item, 1, s->small_max, &count) != OK)
        withhold_all(f);
}

static void screen_row(void *arg, struct figure_row *row)
{
    const struct screen *s = arg;
    struct kept want = {.row = *row};
    const struct kept *found = s->n > 0 ? bsearch(&want, s->list, s->n, sizeof(*s->list), by_record) : NULL;
    if (found != NULL)
        row->figure = found->row.figure;
    else
        judge_alone(s, &row->figure);
}

/* ---- asking the gate about all that stands ---- */

static enum err take_figure(void *arg, const struct figure_row *row)
{
    struct screen *s = arg;
    if (s->n == s->cap) {
        size_t cap = s->cap > 0 ? s->cap * 2 : FIRST_CAP;
        struct kept *list = realloc(s->list, cap * sizeof(*list));
        if (list == NULL)
            return ERR_NOMEM;
        s->list = list;
        s->cap = cap;
    }
    s->list[s->n++] = (struct kept){.row = *row};
    return OK;
}

static enum err take_period(void *arg, const struct time_period *p, uint64_t returns)
{
    struct screen *s = arg;
    (void)returns;
    return view_figures(s->v, s->id, p, "", UINT64_MAX, take_figure, s);
}

/* All headline figures of one authority at once: quarters and their year give each other away, and so do indicators. One that
 * nobody explains is not among them: judge_alone() withholds it. */
static enum err judge_authority(struct screen *s, size_t from, size_t to)
{
    struct gate_item *items = calloc(to - from + 1, sizeof(*items));
    struct gate_count count;
    if (items == NULL)
        return ERR_NOMEM;
    for (size_t i = from; i < to; i++)
        items[i - from] = (struct gate_item){.figure = &s->list[i].row.figure,
                                             .definition = definition_of(s, s->list[i].row.figure.indicator)};
    enum err e = gate_run(items, to - from, s->small_max, &count);
    for (size_t i = from; e == OK && i < to; i++) {
        bool is_sensitive = s->list[i].row.figure.marking == MARKING_SENSITIVE;
        s->list[i].is_withheld = items[i - from].why != GATE_PASSED || is_sensitive;
        if (is_sensitive)
            withhold_all(&s->list[i].row.figure);
    }
    free(items);
    return e;
}

static enum err judge_all(struct screen *s)
{
    enum err e = OK;
    size_t kept = 0;
    if (s->n > 0)
        qsort(s->list, s->n, sizeof(*s->list), by_record);
    for (size_t from = 0, to; e == OK && from < s->n; from = to) {
        for (to = from + 1; to < s->n && slug_equal(&s->list[to].row.slug, &s->list[from].row.slug);)
            to++;
        e = judge_authority(s, from, to);
    }
    for (size_t i = 0; e == OK && i < s->n; i++)
        if (s->list[i].is_withheld)
            s->list[kept++] = s->list[i];
    s->n = kept;
    return e;
}

static enum err take_indicator(void *arg, const char *id)
{
    struct screen *s = arg;
    struct definition_row d;
    enum err e = view_definition(s->v, id, s->official, &d);
    if (e != OK)
        return e == ERR_UNKNOWN ? OK : e;   /* nobody explains it: judge_alone() withholds it */
    if (s->n_definitions == s->cap_definitions) {
        size_t cap = s->cap_definitions > 0 ? s->cap_definitions * 2 : FIRST_CAP;
        struct definition *list = realloc(s->definitions, cap * sizeof(*list));
        if (list == NULL)
            return ERR_NOMEM;
        s->definitions = list;
        s->cap_definitions = cap;
    }
    s->definitions[s->n_definitions++] = d.definition;
    s->id = d.definition.id;
    return view_periods(s->v, id, "", take_period, s);
}

enum err screen_put_on(struct view *v, const struct official *official, int64_t small_max, struct screen **ret)
{
    struct screen *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return ERR_NOMEM;
    s->v = v;
    s->official = official;
    s->small_max = small_max;
    enum err e = view_only_for(v, READERS_EVERYONE);
    if (e == OK)
        e = view_indicators(v, take_indicator, s);
    if (e == OK)
        e = judge_all(s);
    if (e != OK) {
        screen_free(s);
        return e;
    }
    view_screen(v, screen_row, s);
    *ret = s;
    return OK;
}

void screen_free(struct screen *s)
{
    if (s == NULL)
        return;
    free(s->list);
    free(s->definitions);
    free(s);
}

size_t screen_withheld(const struct screen *s)
{
    return s->n;
}
