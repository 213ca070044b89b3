/* cli/report/assessments.c - of each authority the newest self-assessment that a page's readers may read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/assess/evidence.h"
#include "cli/compare/lead.h"
#include "cli/report/report.h"
#include "cli/view/assessments.h"
#include "protocol/assessment.h"

void report_assessment_free(struct report_assessment *a)
{
    if (a == NULL)
        return;
    buf_release(&a->text);
    free(a->links);
    free(a);
}

bool report_has_assessments(const struct report *r)
{
    for (size_t a = 0; a < r->region->n_authorities; a++)
        if (r->members[a].assessment != NULL)
            return true;
    return false;
}

/* ---- the figures that it cites ---- */

static enum err count_link(void *arg, const struct assessment_link *l)
{
    (void)l;
    ((struct report_assessment *)arg)->n_links++;
    return OK;
}

struct linking { struct report_assessment *a; size_t at; bool is_public; };

static enum err place_link(void *arg, const struct assessment_link *l)
{
    struct linking *x = arg;
    x->a->links[x->at++] = (struct markdown_link){.label = l->label, .target = l->target};
    return OK;
}

/* What was taken back is not told again, nor what a figure was before it was revised: that may have been why. */
static void words_of(const struct evidence *e, char ret[MARKDOWN_SHOWN_MAX])
{
    switch (e->state) {
    case EVIDENCE_HOLDS:
    case EVIDENCE_REVISED:
    case EVIDENCE_CONTRADICTS:
        (void)snprintf(ret, MARKDOWN_SHOWN_MAX, "%s: %s%s%s", e->record, e->value, e->is_revised ? ", revised since" : "",
                       e->state == EVIDENCE_CONTRADICTS ? ", which is not what stands here" : "");
        return;
    case EVIDENCE_WITHDRAWN:
        (void)snprintf(ret, MARKDOWN_SHOWN_MAX, "%s: withdrawn since", e->record);
        return;
    case EVIDENCE_NOT_FOUND:
        (void)snprintf(ret, MARKDOWN_SHOWN_MAX, "no record that the readers of this page may read");
        return;
    case EVIDENCE_NO_RECORD:
        break;
    }
    (void)snprintf(ret, MARKDOWN_SHOWN_MAX, "names no record");
}

static enum err describe_link(void *arg, const struct evidence *e)
{
    struct linking *x = arg;
    x->a->is_unfit |= x->is_public && (e->state == EVIDENCE_NOT_FOUND || e->state == EVIDENCE_WITHDRAWN || e->is_hidden);
    words_of(e, x->a->links[x->at++].shown);
    return OK;
}

/* assessment_links() and evidence_walk() go over the same links in the same order. */
static enum err find_links(struct view *v, bool is_public, const struct slug *slug, struct report_assessment *a)
{
    const struct evidence_ask ask = {.v = v, .slug = slug, .body = a->body, .as_of_ms = a->said_ms};
    struct linking placing = {.a = a}, describing = {.a = a, .is_public = is_public};
    enum err e = assessment_links(a->body, count_link, a);
    if (e == OK && (a->links = calloc(a->n_links + 1, sizeof(*a->links))) == NULL)
        e = ERR_NOMEM;
    if (e == OK)
        e = assessment_links(a->body, place_link, &placing);
    return e == OK ? evidence_walk(&ask, describe_link, &describing) : e;
}

/* ---- all of them ---- */

/* The newest year of each comes first. */
static enum err take(void *arg, const struct assessment_row *row)
{
    struct report *r = arg;
    struct report_member *m = NULL;
    struct assessment_head head;
    for (size_t a = 0; a < r->region->n_authorities && m == NULL; a++)
        m = slug_equal(&r->region->authorities[a], &row->slug) ? &r->members[a] : NULL;
    if (m == NULL || m->assessment != NULL)
        return OK;
    struct report_assessment *a = calloc(1, sizeof(*a));
    if (a == NULL)
        return ERR_NOMEM;
    m->assessment = a;
    a->year = row->year;
    a->judgement = row->judgement;
    a->is_quartet = row->is_quartet;
    a->said_ms = row->said_ms;
    assess_missing_words(row->missing, a->missing);
    (void)snprintf(a->record, sizeof(a->record), "%s", row->record);
    a->text = buf_on(row->text.len + 1);
    buf_put(&a->text, row->text);
    enum err e = buf_status(&a->text);
    if (e == OK && assessment_text_read(buf_bytes(&a->text), &head, &a->body) != OK)
        e = ERR_CORRUPT;                        /* the view takes no other */
    return e;
}

enum err report_gather_assessments(struct lead *l, struct report *r)
{
    if (l->as_of_ms != UINT64_MAX)              /* as of an earlier day it is not told what stood then */
        return OK;
    enum err e = view_assessments(l->view, NULL, 0, take, r);
    for (size_t a = 0; e == OK && a < r->region->n_authorities; a++)
        if (r->members[a].assessment != NULL)
            e = find_links(l->view, r->is_public, &r->region->authorities[a], r->members[a].assessment);
    return e;
}
