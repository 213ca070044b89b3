#include "cli/compare/rug.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output/figure.h"
#include "cli/output/json.h"

struct named { const struct slug *slug; const char *name; bool is_own; };

static int by_place(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    if (x->is_own != y->is_own)
        return x->is_own ? -1 : 1;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : slug_compare(x->slug, y->slug);
}

const struct slug **rug_columns(const struct lead *l)
{
    size_t n = l->region.n_authorities;
    const struct slug **list = calloc(n + 1, sizeof(*list));
    struct named *named = calloc(n + 1, sizeof(*named));
    for (size_t i = 0; named != NULL && i < n; i++) {
        const struct slug *slug = &l->region.authorities[i];
        named[i] = (struct named){slug, region_name_of(&l->region, slug), slug == l->own};
    }
    if (named != NULL && list != NULL) {
        qsort(named, n, sizeof(*named), by_place);
        for (size_t i = 0; i < n; i++)
            list[i] = named[i].slug;
    } else {
        free(list);
        list = NULL;
    }
    free(named);
    return list;
}

/* What stands in a cell that has no number. */
static const char *instead(const struct compare_row *r)
{
    const char *status = r != NULL ? compare_row_status(r) : "former";
    static const char *const words[][2] = {{"missing", "."}, {"former", ""}, {"other-definition", "def"}, {"withdrawn", "wd"}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(status, words[i][0]) == 0)
            return words[i][1];
    return status;
}

void rug_value(const struct compare_row *r, const struct definition *d, char ret[RUG_VALUE_MAX])
{
    char shown[FIGURE_SHOWN_MAX];
    if (r != NULL && compare_row_counts(r)) {
        figure_shown(&r->figure.figure, d->decimals, shown);
        (void)snprintf(ret, RUG_VALUE_MAX, "%s%s", r->figure.figure.has_value ? "" : "#", shown);
    } else
        (void)snprintf(ret, RUG_VALUE_MAX, "%s", instead(r));
}

void rug_region_value(const struct region_row *r, char ret[RUG_VALUE_MAX])
{
    const struct comparison *c = &r->c;
    char pct[DECIMAL_TEXT_MAX];
    ret[0] = '\0';
    if (c->total.has_value)
        decimal_shown(c->total.value, r->definition.definition.decimals, ret);
    else if (c->has_previous && c->change.has_like) {
        decimal_text(c->change.like_pct, pct);
        (void)snprintf(ret, RUG_VALUE_MAX, "%s%s %%", c->change.like_pct.mantissa > 0 ? "+" : "", pct);
    }
}

bool rug_is_revised(const struct compare_row *r)
{
    return r != NULL && compare_row_counts(r) && r->figure.figure.reason != REASON_NONE;
}

const char *rug_sign(const struct compare_row *r)
{
    if (r == NULL || !compare_row_counts(r))
        return "";
    return r->is_public ? "p" : rug_is_revised(r) ? "*" : "";
}

static bool is_member(const struct lead *l, const struct slug *slug)
{
    for (size_t i = 0; i < l->region.n; i++) {
        const struct compare_row *r = region_row_of(&l->region.rows[i], slug);
        if (r != NULL)
            return r->is_member;
    }
    return false;
}

void rug_head(const struct lead *l, const struct slug *slug, char ret[RUG_HEAD_MAX])
{
    (void)snprintf(ret, RUG_HEAD_MAX, "%s%s", region_name_of(&l->region, slug), is_member(l, slug) ? "" : " (public figures)");
}

/* ---- the document ---- */

static json_t *text_figure(bool has, struct decimal d, uint8_t decimals)
{
    char text[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX];
    if (!has)
        return json_null();
    decimal_shown(d, decimals, text);
    return json_text(text);
}

static json_t *text_or_null(const char *s)
{
    return json_text(s[0] != '\0' ? s : NULL);
}

/* Where an authority has no row, as a former member in a period that it published nothing of. */
static json_t *cell_json(const struct region_row *row, const struct slug *slug, bool of_member)
{
    static const struct compare_row nothing = {.is_former = true};
    const struct definition *d = &row->definition.definition;
    const struct compare_row *r = region_row_of(row, slug);
    const char *source = r != NULL ? compare_row_source(r) : of_member ? "member" : "reference";
    json_t *j = json_object();
    r = r != NULL ? r : &nothing;
    const struct figure *f = &r->figure.figure;
    bool counts = compare_row_counts(r);
    char band[2] = {r->band, '\0'};
    json_object_set_new(j, "slug", json_text(slug->s));
    json_object_set_new(j, "value", text_figure(counts && f->has_value, f->value, d->decimals));
    json_object_set_new(j, "numerator", json_number(counts && f->has_numerator, f->numerator));
    json_object_set_new(j, "raw", r->has_raw ? json_real(r->raw) : json_null());
    json_object_set_new(j, "status", json_text(compare_row_status(r)));
    json_object_set_new(j, "rank", r->rank > 0 ? json_integer((json_int_t)r->rank) : json_null());
    json_object_set_new(j, "band", text_or_null(band));
    json_object_set_new(j, "direction", text_or_null(direction_name(direction_of_row(r))));
    json_object_set_new(j, "revised", json_boolean(rug_is_revised(r)));
    json_object_set_new(j, "record", json_text(r->has_figure && !r->is_public ? r->figure.record : NULL));
    json_object_set_new(j, "source", json_text(source));
    json_object_set_new(j, "reference", json_text(r->is_public ? row->c.sources[r->source].source : NULL));
    json_object_set_new(j, "vintage", json_text(r->is_public ? row->c.sources[r->source].vintage : NULL));
    return j;
}

static json_t *total_json(const struct region_row *r)
{
    const struct comparison *c = &r->c;
    char period[PERIOD_TEXT_MAX];
    json_t *j = json_object();
    lead_period(&c->previous, period);
    json_object_set_new(j, "n", json_integer((json_int_t)c->total.n));
    json_object_set_new(j, "value", text_figure(c->total.has_value, c->total.value, r->definition.definition.decimals));
    json_object_set_new(j, "raw", c->total.has_value ? json_real(c->total.raw) : json_null());
    json_object_set_new(j, "numerator", json_number(c->total.n > 0, c->total.numerator));
    json_object_set_new(j, "previous_period", c->has_previous ? json_text(period) : json_null());
    json_object_set_new(j, "like_for_like_n", json_integer((json_int_t)(c->has_previous ? c->change.n_both : 0)));
    json_object_set_new(j, "like_for_like_pct", text_figure(c->has_previous && c->change.has_like, c->change.like_pct, 1));
    json_object_set_new(j, "direction", text_or_null(direction_name(direction_of_total(c))));
    return j;
}

static json_t *row_json(const struct lead *l, const struct region_row *r, const struct slug *const *columns)
{
    char period[PERIOD_TEXT_MAX];
    json_t *j = json_object(), *missing = json_array(), *cells = json_array();
    lead_period(&r->period, period);
    for (size_t i = 0; i < r->c.n_rows; i++)
        if (compare_row_is_missing(&r->c.rows[i]))
            json_array_append_new(missing, json_text(r->c.rows[i].slug.s));
    for (size_t i = 0; i < l->region.n_authorities; i++)
        json_array_append_new(cells, cell_json(r, columns[i], is_member(l, columns[i])));
    json_object_set_new(j, "indicator", json_text(r->definition.definition.id));
    json_object_set_new(j, "title", json_text(r->definition.definition.title));
    json_object_set_new(j, "unit", json_text(r->definition.definition.unit));
    json_object_set_new(j, "polarity", json_text(polarity_name(r->definition.definition.polarity)));
    json_object_set_new(j, "period", json_text(period));
    json_object_set_new(j, "n", json_integer((json_int_t)r->c.n));
    json_object_set_new(j, "missing", missing);
    json_object_set_new(j, "cells", cells);
    json_object_set_new(j, "region", total_json(r));
    json_object_set_new(j, "returns", json_integer((json_int_t)(r->c.n - r->c.n_public)));
    return j;
}

json_t *rug_json(const struct lead *l)
{
    char period[PERIOD_TEXT_MAX];
    const struct slug **columns = rug_columns(l);
    if (columns == NULL)
        return NULL;
    json_t *doc = json_document(l->d.s), *authorities = json_array(), *rows = json_array();
    lead_period(&l->region.period, period);
    for (size_t i = 0; i < l->region.n_authorities; i++)
        json_array_append_new(authorities, json_text(columns[i]->s));
    for (size_t i = 0; i < l->region.n; i++)
        json_array_append_new(rows, row_json(l, &l->region.rows[i], columns));
    json_object_set_new(doc, "period", json_text(period));
    json_object_set_new(doc, "authorities", authorities);
    json_object_set_new(doc, "rows", rows);
    lead_document(l, doc);
    free(columns);
    return doc;
}
