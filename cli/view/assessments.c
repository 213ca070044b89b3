#include "cli/view/assessments.h"

#include "cli/view/inside.h"

static enum err each_row(struct view *v, enum vsql_id id, const char *slug, uint32_t year, assessment_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, id);
    vsql_text_or_null(&q, slug);
    vsql_u64(&q, year);
    while (e == OK && vsql_row(&q)) {
        struct assessment_row r = {.generation = (uint32_t)vsql_col_u64(&q, 1), .idx = vsql_col_u64(&q, 2),
                                   .year = (uint32_t)vsql_col_u64(&q, 4), .judgement = (uint32_t)vsql_col_u64(&q, 5),
                                   .is_quartet = vsql_col_int(&q, 7) != 0, .said_ms = vsql_col_u64(&q, 10)};
        vsql_col_copy(&q, 0, r.slug.s, sizeof(r.slug.s));
        r.record = vsql_col_text(&q, 3);
        r.hash = vsql_col_text(&q, 6);
        r.missing = vsql_col_text(&q, 8);
        r.audience = vsql_col_text(&q, 9);
        r.withdrawn = vsql_col_is_null(&q, 11) ? NULL : vsql_col_text(&q, 11);
        r.text = vsql_col_bytes(&q, 12);
        r.note = vsql_col_bytes(&q, 13);
        r.withdrawn_ms = vsql_col_u64(&q, 14);
        e = each(arg, &r);
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

enum err view_assessments(struct view *v, const char *slug, uint32_t year, assessment_each each, void *arg)
{
    return each_row(v, V_ASSESSMENTS_CURRENT, slug, year, each, arg);
}

enum err view_assessment_versions(struct view *v, const char *slug, uint32_t year, assessment_each each, void *arg)
{
    return each_row(v, V_ASSESSMENTS, slug, year, each, arg);
}

enum err view_assessment_signatures(struct view *v, const char *slug, uint32_t generation, uint64_t idx, signature_each each,
                                    void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, V_ASSESSMENT_SIGNATURES);
    vsql_text(&q, slug);
    vsql_u64(&q, generation);
    vsql_u64(&q, idx);
    while (e == OK && vsql_row(&q)) {
        struct signature_row r = {.is_valid = vsql_col_int(&q, 2) != 0};
        r.role = vsql_col_text(&q, 0);
        r.name = vsql_col_text(&q, 1);
        r.key = vsql_col_is_null(&q, 3) ? NULL : vsql_col_text(&q, 3);
        e = each(arg, &r);
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}
