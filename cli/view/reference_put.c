/* cli/view/reference_put.c - public figures into the view (reference.h). */
#include "cli/view/reference.h"

#include "cli/view/inside.h"

enum err view_reference_forget(struct view *v, const char *name)
{
    static const enum vsql_id drops[] = {V_REF_FIGURES_DROP, V_REF_NEIGHBOURS_DROP, V_REF_JUDGEMENTS_DROP, V_REF_POPULATIONS_DROP,
                                         V_REF_FILE_DROP};      /* its own row last: what is half forgotten is begun again */
    enum err e = OK;
    for (size_t i = 0; i < sizeof(drops) / sizeof(drops[0]) && e == OK; i++) {
        struct vsql q = vsql_start(v, drops[i]);
        vsql_text(&q, name);
        e = vsql_run(&q);
    }
    return e;
}

static enum err put_file(struct view *v, const struct reference_source *s)
{
    struct vsql q = vsql_start(v, V_REF_FILE_PUT);
    vsql_text(&q, s->name);
    vsql_text(&q, s->kind);
    vsql_text(&q, s->form);
    vsql_text(&q, s->source);
    vsql_text(&q, s->vintage);
    vsql_text(&q, s->imported_at);
    vsql_text(&q, s->sha256);
    vsql_u64(&q, s->size);
    vsql_u64(&q, s->n);
    vsql_text(&q, s->head);
    return vsql_run(&q);
}

enum err view_reference_begin(struct view *v, const struct reference_source *s)
{
    enum err e = vsql_begin(v);
    if (e != OK)
        return e;
    e = view_reference_forget(v, s->name);
    if (e == OK)
        e = put_file(v, s);
    return e == OK ? OK : vsql_finish(v, e);
}

enum err view_reference_end(struct view *v, enum err e)
{
    return vsql_finish(v, e);
}

static void put_place(struct vsql *q, const char *file, const struct reference_place *p)
{
    vsql_text(q, file);
    vsql_text(q, p->level);
    vsql_text(q, p->place);
    vsql_text_or_null(q, p->dfe);
    vsql_text(q, p->name);
}

static void put_decimal(struct vsql *q, bool has, struct decimal d)
{
    if (!has) {
        vsql_null(q);
        vsql_null(q);
        vsql_null(q);
        return;
    }
    vsql_int(q, d.mantissa);
    vsql_int(q, d.scale);
    vsql_real(q, decimal_double(d));
}

enum err view_reference_put_figure(struct view *v, const char *file, const struct reference_place *p, const struct figure *f,
                                   const char *vintage)
{
    struct vsql q = vsql_start(v, V_REF_FIGURE_PUT);
    put_place(&q, file, p);
    vsql_text(&q, f->indicator);
    vsql_text(&q, f->period);
    vsql_text(&q, f->time_identifier);
    vsql_text(&q, f->breakdown);
    put_decimal(&q, f->has_numerator, f->numerator);
    put_decimal(&q, f->has_denominator, f->denominator);
    put_decimal(&q, f->has_value, f->value);
    vsql_text(&q, status_name(f->status));
    vsql_text(&q, vintage);
    vsql_fixed(&q, f->definition.b, sizeof(f->definition.b));
    return vsql_run(&q);
}

enum err view_reference_put_neighbour(struct view *v, const char *file, const char *slug, uint32_t rank, const char *neighbour,
                                      const char *closeness)
{
    struct vsql q = vsql_start(v, V_REF_NEIGHBOUR_PUT);
    vsql_text(&q, file);
    vsql_text(&q, slug);
    vsql_int(&q, rank);
    vsql_text(&q, neighbour);
    vsql_text(&q, closeness);
    return vsql_run(&q);
}

enum err view_reference_put_judgement(struct view *v, const char *file, const char *slug, const struct judgement_row *j)
{
    struct vsql q = vsql_start(v, V_REF_JUDGEMENT_PUT);
    vsql_text(&q, file);
    vsql_text(&q, slug);
    vsql_text(&q, j->inspected);
    vsql_text(&q, j->type);
    vsql_text(&q, j->published);
    vsql_text(&q, j->overall);
    vsql_text(&q, j->leaders);
    vsql_text(&q, j->help);
    vsql_text(&q, j->care);
    vsql_text(&q, j->leavers);
    return vsql_run(&q);
}

enum err view_reference_put_population(struct view *v, const char *file, const struct reference_place *p, const char *period,
                                       const char *age, uint64_t persons)
{
    struct vsql q = vsql_start(v, V_REF_POPULATION_PUT);
    put_place(&q, file, p);
    vsql_text(&q, period);
    vsql_text(&q, age);
    vsql_u64(&q, persons);
    return vsql_run(&q);
}
