/* cli/report/check_assessment.c - does a self-assessment that a page shows still stand? */
#include <stdio.h>
#include <string.h>

#include "cli/report/check.h"
#include "cli/view/assessments.h"

/* One version, as far as it matters here. */
struct version {
    bool has, is_withdrawn;
    unsigned year, judgement;
    uint64_t said_ms, withdrawn_ms;
    char record[RECORD_TEXT_SIZE], audience[AUDIENCE_TEXT_SIZE], why[REASON_TEXT_SIZE];
};
struct looking {
    const struct source_record *s;
    struct version shown, newest, stands;   /* on the page; of its year, for the same readers; of all that stand */
};

static void keep(const struct assessment_row *r, struct version *ret)
{
    if (ret->has)
        return;
    *ret = (struct version){.has = true, .is_withdrawn = r->withdrawn != NULL, .year = r->year, .judgement = r->judgement,
                            .said_ms = r->said_ms, .withdrawn_ms = r->withdrawn_ms};
    (void)snprintf(ret->record, sizeof(ret->record), "%s", r->record);
    (void)snprintf(ret->audience, sizeof(ret->audience), "%s", r->audience);
    (void)snprintf(ret->why, sizeof(ret->why), "%s", r->withdrawn != NULL ? r->withdrawn : "");
}

static enum err find_shown(void *arg, const struct assessment_row *r)
{
    struct looking *x = arg;
    if (r->generation == x->s->generation && r->idx == x->s->idx)
        keep(r, &x->shown);
    return OK;
}

/* Versions come newest first within a year. */
static enum err find_newest(void *arg, const struct assessment_row *r)
{
    struct looking *x = arg;
    if (strcmp(r->audience, x->shown.audience) == 0)
        keep(r, &x->newest);
    return OK;
}

static enum err find_standing(void *arg, const struct assessment_row *r)
{
    keep(r, &((struct looking *)arg)->stands);
    return OK;
}

static void judge(const struct looking *x, struct checked_record *ret)
{
    char year[sizeof(SOURCE_ASSESSMENT) + 16], judgement[16];
    (void)snprintf(year, sizeof(year), SOURCE_ASSESSMENT "%u", x->shown.year);
    (void)snprintf(judgement, sizeof(judgement), "%u", x->shown.judgement);
    ret->verdict = CHECK_STANDS;
    if (strcmp(year, x->s->figure) != 0 || (!x->shown.is_withdrawn && strcmp(judgement, x->s->shown) != 0)) {
        ret->verdict = CHECK_DIFFERS;
    } else if (x->newest.is_withdrawn) {
        ret->verdict = CHECK_WITHDRAWN;
        memcpy(ret->withdrawn, x->newest.why, sizeof(ret->withdrawn));
        ret->why = ret->withdrawn;
        ret->since_ms = x->newest.withdrawn_ms;
    } else if (x->stands.has && strcmp(x->stands.record, x->shown.record) != 0) {
        ret->verdict = CHECK_REVISED;
        ret->why = x->stands.year == x->shown.year ? "a newer version" : "a newer year";
        ret->since_ms = x->stands.said_ms;
        memcpy(ret->record, x->stands.record, sizeof(ret->record));
        (void)snprintf(ret->now, sizeof(ret->now), "%u", x->stands.judgement);
    }
}

enum err check_assessment(struct view *v, const struct source_record *s, struct checked_record *ret)
{
    struct looking x = {.s = s};
    *ret = (struct checked_record){.verdict = CHECK_NOT_HELD, .why = ""};
    enum err e = view_assessment_versions(v, s->slug.s, 0, find_shown, &x);
    if (e != OK || !x.shown.has)
        return e;
    e = view_assessment_versions(v, s->slug.s, x.shown.year, find_newest, &x);
    if (e == OK)
        e = view_assessments(v, s->slug.s, 0, find_standing, &x);
    if (e == OK)
        judge(&x, ret);
    return e;
}
