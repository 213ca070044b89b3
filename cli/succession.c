#include "cli/succession.h"

#include <string.h>

#include "cli/compare/compare.h"
#include "cli/period.h"

const char *being_name(enum being b)
{
    switch (b) {
#define X(sym, name) case sym: return name;
    BEINGS(X)
#undef X
    }
    return "";
}

static uint32_t year_of(const char *day)
{
    uint32_t year = 0;
    for (size_t i = 0; i < 4; i++)
        year = year * 10 + (uint32_t)(day[i] - '0');
    return year;
}

enum being being_on(const struct charter *c, const struct slug *slug, const struct authority *a, const char *day)
{
    const char *first = NULL, *last = NULL;
    for (size_t i = 0; c != NULL && i < c->n_successions; i++) {
        const struct succession *s = &c->successions[i];
        if (slug_equal(&s->slug, slug) && (first == NULL || strcmp(s->from, first) < 0))
            first = s->from;
        if (slug_equal(&s->old, slug) && (last == NULL || strcmp(s->from, last) > 0))
            last = s->from;
    }
    if (last != NULL && strcmp(day, last) >= 0)
        return BEING_NO_MORE;
    if (first != NULL && strcmp(day, first) < 0 && (a == NULL || !authority_existed(a, year_of(day))))
        return BEING_NOT_YET;
    return BEING_THERE;
}

enum being being_in(const struct charter *c, const struct slug *slug, const struct authority *a, const struct time_period *p,
                    const char *basis)
{
    char day[DATE_LEN + 1];
    period_last_day(p->period, p->time_identifier, basis, day);
    return being_on(c, slug, a, day);
}

void being_excuse(const struct charter *c, const char *day, struct coverage *cover)
{
    struct slug slug;
    if (cover->state != COVERAGE_MISSING || cover->answered > 0 || slug_parse(bytes_of(cover->slug), &slug) != OK)
        return;
    const struct member *m = charter_find(c, &slug);
    const struct authority *a = m != NULL ? compare_authority(m->codes.dfe, m->codes.gss) : NULL;
    if (being_on(c, &slug, a, day) != BEING_THERE)
        cover->state = COVERAGE_NOT_DUE;
}
