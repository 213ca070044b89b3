/* cli/view/reference_ask.c - public figures asked for (reference.h). */
#include "cli/view/reference.h"

#include <stdio.h>
#include <string.h>

#include "cli/view/inside.h"

enum err view_reference_files(struct view *v, reference_source_each each, void *arg)
{
    enum err e = OK;
    char text[8][512];
    struct vsql q = vsql_start(v, V_REF_FILES);
    while (e == OK && vsql_row(&q)) {
        static const int columns[] = {0, 1, 2, 3, 4, 5, 6, 9};
        for (size_t i = 0; i < 8; i++)
            vsql_col_copy(&q, columns[i], text[i], sizeof(text[i]));
        struct reference_source s = {text[0], text[1], text[2], text[3], text[4], text[5], text[6], text[7],
                                     vsql_col_u64(&q, 7), vsql_col_u64(&q, 8)};
        e = each(arg, &s);
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

static void take_decimal(struct vsql *q, int col, bool *ret_has, struct decimal *ret)
{
    *ret_has = !vsql_col_is_null(q, col);
    if (*ret_has)
        *ret = (struct decimal){vsql_col_int(q, col), (uint8_t)vsql_col_int(q, col + 1)};
}

enum { R_LEVEL, R_PLACE, R_FILE, R_SOURCE, R_VINTAGE, R_NUMERATOR, R_DENOMINATOR = R_NUMERATOR + 2, R_VALUE = R_DENOMINATOR + 2,
       R_STATUS = R_VALUE + 2, R_DEFINITION };

/* The key of the figure is the caller's. */
static void read_numbers(struct vsql *q, struct figure *f)
{
    take_decimal(q, R_NUMERATOR, &f->has_numerator, &f->numerator);
    take_decimal(q, R_DENOMINATOR, &f->has_denominator, &f->denominator);
    take_decimal(q, R_VALUE, &f->has_value, &f->value);
    if (status_parse(vsql_col_bytes(q, R_STATUS), &f->status) != OK && q->e == OK)
        q->e = ERR_CORRUPT;
    (void)vsql_col_fixed(q, R_DEFINITION, f->definition.b, sizeof(f->definition.b));
}

static void day_of(uint64_t ms, char ret[MOMENT_SIZE])
{
    moment_text(ms, ret);
    if (ret[0] == '\0')
        snprintf(ret, MOMENT_SIZE, "9999-12-31");
    ret[10] = '\0';
}

enum err view_reference(struct view *v, const char *indicator, const struct time_period *p, const char *breakdown,
                        uint64_t as_of_ms, reference_each each, void *arg)
{
    enum err e = OK;
    char day[MOMENT_SIZE], last[REFERENCE_PLACE_SIZE] = "", file[128], source[512], vintage[32];
    struct vsql q = vsql_start(v, V_REF_CURRENT);
    day_of(as_of_ms, day);
    vsql_text(&q, indicator);
    vsql_text(&q, p->period);
    vsql_text(&q, p->time_identifier);
    vsql_text(&q, breakdown);
    vsql_text(&q, day);
    while (e == OK && vsql_row(&q)) {
        struct reference_row r = {.is_area = strcmp(vsql_col_text(&q, R_LEVEL), "authority") != 0, .file = file, .source = source,
                                  .vintage = vintage};
        vsql_col_copy(&q, R_PLACE, r.place, sizeof(r.place));
        if (strcmp(r.place, last) == 0)
            continue;                           /* an older release, or one with less in it */
        memcpy(last, r.place, sizeof(last));
        vsql_col_copy(&q, R_FILE, file, sizeof(file));
        vsql_col_copy(&q, R_SOURCE, source, sizeof(source));
        vsql_col_copy(&q, R_VINTAGE, vintage, sizeof(vintage));
        snprintf(r.figure.indicator, sizeof(r.figure.indicator), "%s", indicator);
        snprintf(r.figure.period, sizeof(r.figure.period), "%s", p->period);
        snprintf(r.figure.time_identifier, sizeof(r.figure.time_identifier), "%s", p->time_identifier);
        snprintf(r.figure.breakdown, sizeof(r.figure.breakdown), "%s", breakdown);
        read_numbers(&q, &r.figure);
        e = q.e == OK ? each(arg, &r) : OK;
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

enum err view_reference_periods(struct view *v, const char *indicator, const char *breakdown, period_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, V_REF_PERIODS);
    vsql_text(&q, indicator);
    vsql_text(&q, breakdown);
    while (e == OK && vsql_row(&q)) {
        struct time_period p = {0};
        vsql_col_copy(&q, 0, p.period, sizeof(p.period));
        vsql_col_copy(&q, 1, p.time_identifier, sizeof(p.time_identifier));
        e = each(arg, &p, 0);
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

enum err view_reference_indicators(struct view *v, id_each each, void *arg)
{
    char id[INDICATOR_MAX + 1] = "";
    for (bool more = true; more;) {
        struct vsql q = vsql_start(v, V_REF_INDICATOR_NEXT);
        vsql_text(&q, id);
        more = vsql_row(&q);
        char next[INDICATOR_MAX + 1] = "";
        if (more)
            vsql_col_copy(&q, 0, next, sizeof(next));
        enum err e = vsql_end(&q);
        if (e == OK && more)
            e = each(arg, next);
        if (e != OK)
            return e;
        memcpy(id, next, sizeof(id));
    }
    return OK;
}

enum err view_reference_neighbour(struct view *v, const char *file, const char *slug, uint32_t rank, char ret[REFERENCE_PLACE_SIZE])
{
    struct vsql q = vsql_start(v, V_REF_NEIGHBOUR_GET);
    vsql_text(&q, file);
    vsql_text(&q, slug);
    vsql_int(&q, rank);
    bool found = vsql_row(&q);
    if (found)
        vsql_col_copy(&q, 0, ret, REFERENCE_PLACE_SIZE);
    enum err e = vsql_end(&q);
    return e == OK && !found ? ERR_UNKNOWN : e;
}

enum err view_reference_population(struct view *v, const char *slug, const char *year, uint64_t as_of_ms,
                                   enum err (*each)(void *arg, const struct population_row *p), void *arg)
{
    enum err e = OK;
    char day[MOMENT_SIZE], text[4][512];
    struct vsql q = vsql_start(v, V_REF_POPULATION);
    day_of(as_of_ms, day);
    vsql_text(&q, slug);
    vsql_text(&q, year);
    vsql_text(&q, day);
    while (e == OK && vsql_row(&q)) {
        static const int columns[] = {0, 2, 3, 4};
        for (size_t i = 0; i < 4; i++)
            vsql_col_copy(&q, columns[i], text[i], sizeof(text[i]));
        e = each(arg, &(struct population_row){text[0], text[1], text[2], text[3], vsql_col_u64(&q, 1)});
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

enum err view_reference_judgement(struct view *v, const char *slug, enum err (*each)(void *arg, const struct judgement_row *j),
                                  void *arg)
{
    enum err e = OK;
    char text[9][512];
    struct vsql q = vsql_start(v, V_REF_JUDGEMENTS);
    vsql_text(&q, slug);
    bool found = vsql_row(&q);
    if (found) {
        for (int i = 0; i < 9; i++)
            vsql_col_copy(&q, i, text[i], sizeof(text[i]));
        e = each(arg, &(struct judgement_row){text[0], text[1], text[2], text[3], text[4], text[5], text[6], text[7], text[8]});
    }
    enum err ended = vsql_end(&q);
    if (e == OK)
        e = ended;
    return e == OK && !found ? ERR_UNKNOWN : e;
}
