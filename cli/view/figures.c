#include <string.h>

#include "cli/view/inside.h"
#include "cli/view/query.h"

/* Columns as FIGURE_COLUMNS has them. */
enum { C_SLUG, C_GENERATION, C_IDX, C_RECORD, C_INDICATOR, C_PERIOD, C_TIME_IDENTIFIER, C_BREAKDOWN, C_NUMERATOR,
       C_DENOMINATOR = C_NUMERATOR + 3, C_VALUE = C_DENOMINATOR + 3, C_STATUS = C_VALUE + 3, C_REASON, C_MARKING, C_AUDIENCE,
       C_SAID_AT, C_SAID_MS, C_DEFINITION, C_COUNTED, C_WITHDRAWN, C_WITHDRAWN_MS, C_BURIED };

static void take_decimal(struct vsql *q, int col, bool *ret_has, struct decimal *ret)
{
    *ret_has = !vsql_col_is_null(q, col);
    *ret = (struct decimal){0};
    if (*ret_has)
        *ret = (struct decimal){ vsql_col_int(q, col), (uint8_t)vsql_col_int(q, col + 1) };
}

static void spoil_unless(struct vsql *q, enum err e)
{
    if (e != OK && q->e == OK)
        q->e = ERR_CORRUPT;
}

static void read_figure(struct vsql *q, struct figure *f)
{
    vsql_col_copy(q, C_INDICATOR, f->indicator, sizeof(f->indicator));
    vsql_col_copy(q, C_PERIOD, f->period, sizeof(f->period));
    vsql_col_copy(q, C_TIME_IDENTIFIER, f->time_identifier, sizeof(f->time_identifier));
    vsql_col_copy(q, C_BREAKDOWN, f->breakdown, sizeof(f->breakdown));
    take_decimal(q, C_NUMERATOR, &f->has_numerator, &f->numerator);
    take_decimal(q, C_DENOMINATOR, &f->has_denominator, &f->denominator);
    take_decimal(q, C_VALUE, &f->has_value, &f->value);
    spoil_unless(q, status_parse(vsql_col_bytes(q, C_STATUS), &f->status));
    spoil_unless(q, reason_parse(vsql_col_bytes(q, C_REASON), &f->reason));
    spoil_unless(q, marking_parse(vsql_col_bytes(q, C_MARKING), &f->marking));
    (void)vsql_col_fixed(q, C_DEFINITION, f->definition.b, sizeof(f->definition.b));
}

static void read_row(struct vsql *q, struct figure_row *r)
{
    memset(r, 0, sizeof(*r));
    vsql_col_copy(q, C_SLUG, r->slug.s, sizeof(r->slug.s));
    r->generation = (uint32_t)vsql_col_u64(q, C_GENERATION);
    r->idx = vsql_col_u64(q, C_IDX);
    vsql_col_copy(q, C_RECORD, r->record, sizeof(r->record));
    read_figure(q, &r->figure);
    vsql_col_copy(q, C_AUDIENCE, r->audience, sizeof(r->audience));
    r->said_ms = vsql_col_u64(q, C_SAID_MS);
    r->is_counted = vsql_col_int(q, C_COUNTED) != 0;
    r->is_withdrawn = !vsql_col_is_null(q, C_WITHDRAWN);
    vsql_col_copy(q, C_WITHDRAWN, r->withdrawn, sizeof(r->withdrawn));
    r->withdrawn_ms = vsql_col_u64(q, C_WITHDRAWN_MS);
    r->is_buried = vsql_col_int(q, C_BURIED) != 0;
    if (q->v->screen != NULL)
        q->v->screen(q->v->screen_arg, r);
}

static void bind_key(struct vsql *q, const char *indicator, const char *period, const char *identifier, const char *breakdown)
{
    vsql_text(q, indicator);
    vsql_text(q, period);
    vsql_text(q, identifier);
    vsql_text(q, breakdown);
}

/* ---- what stands ---- */

/* Rows come by authority, then audience, then age: the last of each audience is its newest. */
struct standing_figures {
    bool has_newest, has_best;
    struct figure_row newest;                   /* of the audience being read */
    struct figure_row best;                     /* of the authority so far */
    uint64_t as_of_ms;
    figure_each each;
    void *arg;
};

static int narrowness(const struct figure_row *r)
{
    return strcmp(r->audience, "public") == 0 ? 0 : strcmp(r->audience, "alliance") == 0 ? 1 : 2;
}

static bool is_newer(const struct figure_row *a, const struct figure_row *b)
{
    return a->generation != b->generation ? a->generation > b->generation : a->idx > b->idx;
}

/* Something that stands before something withdrawn, then the narrower, then the newer. */
static bool is_better(const struct figure_row *a, const struct figure_row *b)
{
    if (a->is_withdrawn != b->is_withdrawn)
        return b->is_withdrawn;
    if (narrowness(a) != narrowness(b))
        return narrowness(a) > narrowness(b);
    return is_newer(a, b);
}

static void audience_ends(struct standing_figures *s)
{
    if (!s->has_newest)
        return;
    if (!s->has_best || is_better(&s->newest, &s->best))
        s->best = s->newest;
    s->has_best = true;
    s->has_newest = false;
}

static enum err authority_ends(struct standing_figures *s)
{
    audience_ends(s);
    if (!s->has_best)
        return OK;
    s->has_best = false;
    return s->each(s->arg, &s->best);
}

static enum err take_row(struct standing_figures *s, struct vsql *q)
{
    struct figure_row r;
    enum err e = OK;
    read_row(q, &r);
    if (r.is_withdrawn && r.withdrawn_ms > s->as_of_ms)
        r.is_withdrawn = false;
    bool other_authority = (s->has_newest && !slug_equal(&s->newest.slug, &r.slug));
    if (other_authority)
        e = authority_ends(s);
    else if (s->has_newest && strcmp(s->newest.audience, r.audience) != 0)
        audience_ends(s);
    s->newest = r;
    s->has_newest = true;
    return e;
}

static enum err standing_of(struct vsql *q, uint64_t as_of_ms, figure_each each, void *arg)
{
    struct standing_figures s = { .as_of_ms = as_of_ms, .each = each, .arg = arg };
    enum err e = OK;
    while (e == OK && vsql_row(q))
        e = take_row(&s, q);
    enum err ended = vsql_end(q);
    if (e == OK)
        e = ended;
    return e == OK ? authority_ends(&s) : e;
}

enum err view_figures(struct view *v, const char *indicator, const struct time_period *p, const char *breakdown,
                      uint64_t as_of_ms, figure_each each, void *arg)
{
    struct vsql q = vsql_start(v, V_CURRENT);
    bind_key(&q, indicator, p->period, p->time_identifier, breakdown);
    vsql_u64(&q, as_of_ms);
    return standing_of(&q, as_of_ms, each, arg);
}

enum err view_figure_standing(struct view *v, const char *indicator, const struct time_period *p, const char *breakdown,
                              const char *slug, uint64_t as_of_ms, figure_each each, void *arg)
{
    struct vsql q = vsql_start(v, V_CURRENT_OF);
    bind_key(&q, indicator, p->period, p->time_identifier, breakdown);
    vsql_u64(&q, as_of_ms);
    vsql_text(&q, slug);
    return standing_of(&q, as_of_ms, each, arg);
}

/* ---- versions ---- */

enum err view_history(struct view *v, const char *indicator, const char *slug, const struct time_period *p,
                      const char *breakdown, figure_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, slug == NULL ? V_HISTORY_ALL : p != NULL && breakdown != NULL ? V_HISTORY_KEY
                                                                                             : V_HISTORY_SLUG);
    vsql_text(&q, indicator);
    vsql_text_or_null(&q, p != NULL ? p->period : NULL);
    vsql_text_or_null(&q, p != NULL ? p->time_identifier : NULL);
    vsql_text_or_null(&q, breakdown);
    vsql_text_or_null(&q, slug);
    while (e == OK && vsql_row(&q)) {
        struct figure_row r;
        read_row(&q, &r);
        e = q.e == OK ? each(arg, &r) : OK;
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

enum err view_standing(struct view *v, figure_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, V_STANDING);
    while (e == OK && vsql_row(&q)) {
        struct figure_row r;
        read_row(&q, &r);
        e = q.e == OK ? each(arg, &r) : OK;
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

static enum err one_row(struct vsql *q, struct figure_row *ret)
{
    struct figure_row r;
    bool found = vsql_row(q);
    if (found)
        read_row(q, &r);
    enum err e = vsql_end(q);
    if (e == OK && found)
        *ret = r;
    return e == OK && !found ? ERR_UNKNOWN : e;
}

enum err view_figure_at(struct view *v, const char *slug, uint32_t generation, uint64_t idx, struct figure_row *ret)
{
    struct vsql q = vsql_start(v, V_FIGURE_AT);
    vsql_text(&q, slug);
    vsql_u64(&q, generation);
    vsql_u64(&q, idx);
    return one_row(&q, ret);
}

enum err view_own_figure(struct view *v, const struct figure *f, const char *audience, struct figure_row *ret)
{
    struct vsql q = vsql_start(v, V_FIGURE_OWN);
    bind_key(&q, f->indicator, f->period, f->time_identifier, f->breakdown);
    vsql_text(&q, v->owner.slug.s);
    vsql_text(&q, audience);
    return one_row(&q, ret);
}
