/* cli/intake/twice.c - two rows that say the same figure (inside.h). */
#include "cli/intake/inside.h"

#include <stdlib.h>
#include <string.h>

#include "cli/register/register.h"

static int by_place(const void *a, const void *b)
{
    const struct intake_figure *f = a, *g = b;
    if (f->file != g->file)
        return f->file < g->file ? -1 : 1;
    if (f->line != g->line)
        return f->line < g->line ? -1 : 1;
    return strcmp(f->figure.indicator, g->figure.indicator);
}

/* Of public figures; every row is ours otherwise. */
static const char *whose(const struct intake_figure *f)
{
    return f->place.authority != NULL ? f->place.authority->slug.s : f->place.area != NULL ? f->place.area->code : "";
}

static int by_figure(const void *a, const void *b)
{
    const struct figure *f = &((const struct intake_figure *)a)->figure, *g = &((const struct intake_figure *)b)->figure;
    int order = strcmp(f->indicator, g->indicator);
    order = order != 0 ? order : strcmp(f->period, g->period);
    order = order != 0 ? order : strcmp(f->time_identifier, g->time_identifier);
    order = order != 0 ? order : strcmp(f->breakdown, g->breakdown);
    order = order != 0 ? order : strcmp(whose(a), whose(b));
    return order != 0 ? order : strcmp(((const struct intake_figure *)a)->vintage, ((const struct intake_figure *)b)->vintage);
}

static int by_figure_then_place(const void *a, const void *b)
{
    int order = by_figure(a, b);
    return order != 0 ? order : by_place(a, b);
}

static void complain(struct reading *r, const struct intake_figure *first, const struct intake_figure *second)
{
    const struct figure *f = &second->figure;
    const char *remedy = "keep one, or pick with --where COLUMN=VALUE";
    r->file = second->file;
    if (first->file == second->file)
        problem_add(r, second->line, NULL, remedy, "%s of %s%s%s stands in line %llu already", f->indicator, f->period,
                    f->breakdown[0] != '\0' ? " " : "", f->breakdown, (unsigned long long)first->line);
    else
        problem_add(r, second->line, NULL, remedy, "%s of %s%s%s stands in %s, line %llu already", f->indicator, f->period,
                    f->breakdown[0] != '\0' ? " " : "", f->breakdown, r->in->files[first->file].name,
                    (unsigned long long)first->line);
}

void figures_check_twice(struct reading *r)
{
    struct intake *in = r->in;
    if (in->n_figures < 2)
        return;
    qsort(in->figures, in->n_figures, sizeof(*in->figures), by_figure_then_place);
    for (size_t i = 1, first = 0; i < in->n_figures; i++) {
        if (by_figure(&in->figures[first], &in->figures[i]) == 0)
            complain(r, &in->figures[first], &in->figures[i]);
        else
            first = i;
    }
    qsort(in->figures, in->n_figures, sizeof(*in->figures), by_place);
}
