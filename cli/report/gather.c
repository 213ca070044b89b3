#include "cli/report/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/compare/lead.h"
#include "cli/output/text.h"
#include "cli/publish/small.h"
#include "cli/register/register.h"
#include "cli/thread/activity.h"

const struct report_cell *report_cell_at(const struct report_indicator *i, size_t authority, size_t year)
{
    return &i->cells[authority * i->n_years + year];
}

/* ---- the years of an indicator ---- */

static bool is_alike(const struct time_period *a, const struct time_period *b)
{
    return period_is_alike(a->period, a->time_identifier, b->period, b->time_identifier);
}

static int in_time(const struct time_period *a, const struct time_period *b)
{
    return period_compare(a->period, a->time_identifier, b->period, b->time_identifier);
}

static enum err take_period(void *arg, const struct time_period *p, uint64_t returns)
{
    struct report_indicator *i = arg;
    if (i->n_years == CHART_YEARS_MAX || returns == 0 || !is_alike(p, &i->row->period) || in_time(p, &i->row->period) > 0)
        return OK;
    i->years[i->n_years++] = *p;
    return OK;
}

/* The period compared is among them even when only former members returned it. */
static enum err find_years(struct view *v, struct report_indicator *i)
{
    enum err e = view_periods(v, i->row->definition.definition.id, "", take_period, i);
    if (e != OK)
        return e;
    if (i->n_years == 0 || in_time(&i->years[0], &i->row->period) != 0) {
        size_t n = i->n_years < CHART_YEARS_MAX ? i->n_years : CHART_YEARS_MAX - 1;
        memmove(i->years + 1, i->years, n * sizeof(i->years[0]));
        i->years[0] = i->row->period;
        i->n_years = n + 1;
    }
    for (size_t a = 0, z = i->n_years - 1; a < z; a++, z--) {
        struct time_period p = i->years[a];
        i->years[a] = i->years[z];
        i->years[z] = p;
    }
    return OK;
}

/* ---- its cells ---- */

struct filling { struct report *r; struct report_indicator *i; size_t year; };

static bool place_of(const struct region *region, const struct slug *slug, size_t *ret)
{
    for (size_t from = 0, to = region->n_authorities; from < to;) {
        size_t at = from + (to - from) / 2;
        int order = slug_compare(&region->authorities[at], slug);
        if (order == 0) {
            *ret = at;
            return true;
        }
        if (order < 0)
            from = at + 1;
        else
            to = at;
    }
    return false;
}

/* A figure under another definition stands in no series of this one. */
static enum err take_cell(void *arg, const struct figure_row *row)
{
    struct filling *x = arg;
    const struct definition *d = &x->i->row->definition.definition;
    const struct figure *f = &row->figure;
    size_t at;
    if (!place_of(x->r->region, &row->slug, &at) || !hash_equal(&f->definition, &x->i->row->definition.hash))
        return OK;
    struct report_cell *c = &x->i->cells[at * x->i->n_years + x->year];
    *c = (struct report_cell){.has_record = true, .is_withdrawn = row->is_withdrawn, .generation = row->generation, .idx = row->idx,
                              .reason = f->reason};
    (void)snprintf(c->record, sizeof(c->record), "%s", row->record);
    if (row->is_withdrawn)
        return OK;
    figure_shown(f, d->decimals, c->shown);
    c->has_value = x->i->is_counts ? f->has_numerator && status_has_number(f->status) : f->has_value;
    c->y = decimal_double(x->i->is_counts ? f->numerator : f->value);
    if (f->marking > x->r->marking)
        x->r->marking = f->marking;
    return OK;
}

/* Counts without their rates, and no rate. Where nobody has a number, the years before are shown as what they are. */
static bool are_counts(const struct comparison *c)
{
    bool any = false;
    for (size_t i = 0; i < c->n_rows; i++) {
        if (compare_row_counts(&c->rows[i]) && c->rows[i].figure.figure.has_value)
            return false;
        any = any || compare_row_counts(&c->rows[i]);
    }
    return any;
}

static enum err find_others(struct lead *l, struct report_indicator *i)
{
    const struct compare_ask ask = {.v = l->view, .charter = desk_charter(&l->d), .definition = &i->row->definition,
                                    .breakdown = "", .period = i->row->period, .as_of_ms = l->as_of_ms};
    return others_make(&ask, l->region.authorities, l->region.n_authorities, &i->others);
}

bool report_has_others(const struct report *r)
{
    for (size_t i = 0; i < r->region->n; i++)
        if (r->indicators[i].others.any)
            return true;
    return false;
}

static enum err fill(struct lead *l, struct report *r, struct report_indicator *i)
{
    struct filling x = {.r = r, .i = i};
    enum err e = find_years(l->view, i);
    if (e == OK)
        e = find_others(l, i);
    if (e != OK)
        return e;
    i->is_counts = are_counts(&i->row->c);
    i->cells = calloc(l->region.n_authorities * i->n_years + 1, sizeof(*i->cells));
    if (i->cells == NULL)
        return ERR_NOMEM;
    for (; e == OK && x.year < i->n_years; x.year++)
        e = view_figures(l->view, i->row->definition.definition.id, &i->years[x.year], "", l->as_of_ms, take_cell, &x);
    return e;
}

/* ---- what was said before ---- */

struct before {
    const struct report_cell *now;
    bool is_behind, has;                    /* the version that stands is passed; `row` is the one before it */
    struct figure_row row;
    char audience[AUDIENCE_TEXT_SIZE], why[REASON_TEXT_SIZE];       /* of the one that stands */
};

/* Versions come newest first: the next one behind the one that stands, told to the same readers. */
static enum err take_version(void *arg, const struct figure_row *row)
{
    struct before *b = arg;
    if (row->generation == b->now->generation && row->idx == b->now->idx) {
        b->is_behind = true;
        memcpy(b->audience, row->audience, sizeof(b->audience));
        memcpy(b->why, row->withdrawn, sizeof(b->why));
    } else if (b->is_behind && !b->has && strcmp(b->audience, row->audience) == 0) {
        b->has = true;
        b->row = *row;
    }
    return OK;
}

static struct revision *add_revision(struct report *r)
{
    if (r->n_revisions == r->cap_revisions) {
        size_t cap = r->cap_revisions > 0 ? r->cap_revisions * 2 : 64;
        struct revision *list = realloc(r->revisions, cap * sizeof(*list));
        if (list == NULL)
            return NULL;
        r->revisions = list;
        r->cap_revisions = cap;
    }
    r->revisions[r->n_revisions] = (struct revision){.size = 0};
    return &r->revisions[r->n_revisions++];
}

/* What was taken back, or ought not to have been told, is not told again. */
static void tell_before(const struct report_indicator *i, const struct report_cell *c, const struct before *b, struct revision *ret)
{
    if (c->is_withdrawn || !b->has || b->row.is_withdrawn || c->reason == REASON_DISCLOSURE || !c->has_value)
        return;
    const struct figure *f = &b->row.figure;
    figure_shown(f, i->row->definition.definition.decimals, ret->before);
    double was = decimal_double(f->value);
    if (f->has_value && !i->is_counts && (was > 0 || was < 0))
        ret->size = fabs(c->y - was) / fabs(was);
}

static enum err note_revision(struct lead *l, struct report *r, size_t indicator, size_t authority, size_t year)
{
    const struct report_indicator *i = &r->indicators[indicator];
    const struct report_cell *c = report_cell_at(i, authority, year);
    struct before b = {.now = c};
    if (!c->has_record || (c->reason == REASON_NONE && !c->is_withdrawn))
        return OK;
    if (r->n_revisions == REVISIONS_MAX) {
        r->n_more++;
        return OK;
    }
    enum err e = view_history(l->view, i->row->definition.definition.id, l->region.authorities[authority].s, &i->years[year], "",
                              take_version, &b);
    struct revision *v = e == OK ? add_revision(r) : NULL;
    if (v == NULL)
        return e == OK ? ERR_NOMEM : e;
    *v = (struct revision){.indicator = indicator, .authority = authority, .period = i->years[year],
                           .is_withdrawn = c->is_withdrawn, .reason = c->reason};
    memcpy(v->now, c->shown, sizeof(v->now));
    memcpy(v->why, b.why, sizeof(v->why));
    tell_before(i, c, &b, v);
    return OK;
}

static int by_size(const void *a, const void *b)
{
    const struct revision *x = a, *y = b;
    if (x->indicator != y->indicator)
        return x->indicator < y->indicator ? -1 : 1;
    int order = in_time(&y->period, &x->period);
    if (order != 0)
        return order;
    if (x->size > y->size || x->size < y->size)
        return x->size > y->size ? -1 : 1;
    return x->authority < y->authority ? -1 : x->authority > y->authority;
}

static enum err find_revisions(struct lead *l, struct report *r)
{
    enum err e = OK;
    for (size_t i = 0; e == OK && i < l->region.n; i++) {
        size_t years = r->indicators[i].n_years;
        for (size_t y = years < 2 ? 0 : years - 2; e == OK && y < years; y++)
            for (size_t a = 0; e == OK && a < l->region.n_authorities; a++)
                e = note_revision(l, r, i, a, y);
    }
    if (e == OK && r->n_revisions > 0)
        qsort(r->revisions, r->n_revisions, sizeof(*r->revisions), by_size);
    return e;
}

/* ---- all of it ---- */

/* What an author says beside its own figure belongs beside the question. */
static enum err find_notes(struct lead *l, struct report *r)
{
    r->notes = calloc(r->outliers.n + 1, sizeof(*r->notes));
    enum err e = r->notes != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < r->outliers.n; i++) {
        const struct outlier *o = &r->outliers.list[i];
        struct buf text = buf_on(NOTE_TEXT_MAX);
        if (o->cell != NULL && o->cell->has_figure)
            e = view_note(l->view, o->cell->figure.record, o->slug->s, &text);
        const char *words = e == OK ? buf_str(&text) : NULL;
        if (words != NULL)
            text_clean_into(words, r->notes[i], sizeof(r->notes[i]));
        buf_release(&text);
        e = e == ERR_UNKNOWN ? OK : e;
    }
    return e;
}

static void describe(struct lead *l, bool is_public, struct report *r)
{
    const struct charter *now = desk_charter(&l->d);
    struct slug witnesses[WITNESSES_MAX];
    (void)snprintf(r->alliance, sizeof(r->alliance), "%s", now->name);
    hex_encode((struct bytes){l->d.origin.alliance.b, sizeof(l->d.origin.alliance.b)}, r->alliance_id);
    hex_encode((struct bytes){now->hash.b, HASH_LEN}, r->charter);
    r->charter_version = now->version;
    r->n_witnesses = charter_witnesses(now, witnesses);
    desk_name_of(&l->d, &l->d.identity->slug, r->by);
    r->made_ms = session_now_ms();
    r->as_of_ms = l->as_of_ms;
    r->is_public = is_public;
    r->small_max = small_count_max(now);
    r->is_part = l->whom.n_only > 0;
    r->region = &l->region;
}

/* As the register lists the official ones, from the front door onwards; behind them the alliance's own. */
static size_t place_in_register(const char *id)
{
    size_t n = register_definitions();
    for (size_t i = 0; i < n; i++)
        if (strcmp(register_definition_at(i)->id, id) == 0)
            return i;
    return n;
}

static void put_in_order(const struct region *region, struct report_indicator *ret)
{
    for (size_t i = 0; i < region->n; i++) {
        const struct region_row *row = &region->rows[i];
        size_t at = i, place = place_in_register(row->definition.definition.id);
        for (; at > 0 && place_in_register(ret[at - 1].row->definition.definition.id) > place; at--)
            ret[at] = ret[at - 1];
        ret[at] = (struct report_indicator){.row = row};
    }
}

bool report_has_matters(const struct report *r)
{
    return r->threads.n > 0;
}

/* Of an earlier day it is not told what was open then; and what members say to each other is not for everyone, even where one of
 * them told it to everyone. */
static enum err find_matters(struct lead *l, struct report *r)
{
    if (l->as_of_ms != UINT64_MAX || r->is_public)
        return OK;
    enum err e = threads_gather(l->view, desk_charter(&l->d), r->made_ms, &r->threads);
    return e == OK ? activity_days(&r->threads, NULL, 0, &r->answer_days, &r->n_answer_days) : e;
}

enum err report_gather(struct lead *l, bool is_public, struct report *ret)
{
    *ret = (struct report){.region = &l->region};
    describe(l, is_public, ret);
    ret->indicators = calloc(l->region.n + 1, sizeof(*ret->indicators));
    enum err e = ret->indicators != NULL ? OK : ERR_NOMEM;
    if (e == OK)
        put_in_order(&l->region, ret->indicators);
    for (size_t i = 0; e == OK && i < l->region.n; i++)
        e = fill(l, ret, &ret->indicators[i]);
    if (e == OK)
        e = find_revisions(l, ret);
    if (e == OK)
        e = report_gather_members(l, ret);
    if (e == OK)
        e = outliers_find(l->view, &l->region, l->as_of_ms, l->as_of_ms == UINT64_MAX ? ret->made_ms : 0, &ret->outliers);
    if (e == OK)
        e = find_matters(l, ret);
    if (e == OK)
        e = report_gather_assessments(l, ret);
    return e == OK ? find_notes(l, ret) : e;
}

void report_release(struct report *r)
{
    for (size_t i = 0; r->indicators != NULL && i < r->region->n; i++) {
        free(r->indicators[i].cells);
        others_release(&r->indicators[i].others);
    }
    for (size_t a = 0; r->members != NULL && a < r->region->n_authorities; a++)
        report_assessment_free(r->members[a].assessment);
    free(r->indicators);
    free(r->members);
    free(r->successions);
    free(r->order);
    free(r->revisions);
    free(r->notes);
    threads_release(&r->threads);
    outliers_release(&r->outliers);
    *r = (struct report){.region = NULL};
}
