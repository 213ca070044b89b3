/* cli/audit/judge.c - a judgement: begun, settled, ended. */
#include "cli/audit/judge_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/audit/content.h"

const char *verdict_name(enum verdict v)
{
    static const char *const names[VERDICT_COUNT] = {
#define X(sym, name) [sym] = name,
        VERDICTS(X)
#undef X
    };
    return names[v];
}

struct judgement *judgement_new(enum audit_file file, const struct hash *pin, const struct policy *policy)
{
    struct judgement *j = calloc(1, sizeof(*j));
    if (j == NULL)
        return NULL;
    j->file = file;
    j->is_consistent = true;
    j->values_left = CONTENT_VALUES_MAX;
    trust_init(pin, policy, &j->trust);
    return j;
}

void judgement_free(struct judgement *j)
{
    if (j == NULL)
        return;
    for (size_t i = 0; i < j->n_records; i++)
        json_decref(j->records[i].content);
    for (size_t i = 0; i < j->n_logs; i++)
        judge_log_release(&j->logs[i]);
    trust_release(&j->trust);
    free(j->records);
    free(j->logs);
    free(j);
}

enum err judge_add_log(struct judgement *j, const struct log_ref *ref, size_t *ret)
{
    enum err e = list_room((void **)&j->logs, &j->cap_logs, j->n_logs, sizeof(j->logs[0]));
    if (e != OK)
        return e;
    struct judged_log *l = &j->logs[j->n_logs];
    *l = (struct judged_log){.closed = UINT64_MAX, .is_ours = true};
    l->origin = (struct origin){.alliance = j->trust.alliance, .slug = ref->slug, .generation = ref->generation};
    origin_text(&l->origin, l->name);
    l->member = j->trust.now != NULL ? charter_find(j->trust.now, &ref->slug) : NULL;
    if (l->member != NULL && l->member->is_former && j->trust.policy == NULL)      /* which believes no charter */
        l->closed = member_closes(l->member, ref->generation) ? l->member->closed_size
                  : member_has_log(l->member, ref->generation) ? UINT64_MAX : 0;
    *ret = j->n_logs++;
    return OK;
}

enum err judge_add_record(struct judgement *j, size_t log, uint64_t idx, const struct header *h, struct judged **ret)
{
    enum err e = list_room((void **)&j->records, &j->cap_records, j->n_records, sizeof(j->records[0]));
    if (e != OK)
        return e;
    struct judged *r = &j->records[j->n_records++];
    *r = (struct judged){.log = log, .idx = idx, .header = *h};
    *ret = r;
    return OK;
}

void judged_text(const struct judgement *j, const struct judged *r, char ret[JUDGED_TEXT_MAX])
{
    const struct judged_log *l = &j->logs[r->log];
    if (!l->is_ours)
        (void)snprintf(ret, JUDGED_TEXT_MAX, "%s %" PRIu64, l->name, r->idx);
    else if (l->origin.generation == 1)
        (void)snprintf(ret, JUDGED_TEXT_MAX, "%s/%" PRIu64, l->origin.slug.s, r->idx);
    else
        (void)snprintf(ret, JUDGED_TEXT_MAX, "%s~%u/%" PRIu64, l->origin.slug.s, (unsigned)l->origin.generation, r->idx);
}

/* ---- settling ---- */

static void judge_closing(struct judgement *j, struct judged_log *l)
{
    for (size_t i = 0; l->member != NULL && member_closes(l->member, l->origin.generation) && i < l->n_heads; i++)
        if (l->heads[i].size == l->member->closed_size && !hash_equal(&l->heads[i].root, &l->member->closed_root))
            problems_add(&j->problems, true, "%s: its log does not have the root with which the charter closed it at %" PRIu64,
                         l->origin.slug.s, l->member->closed_size);
}

static void say_unpinned(struct judgement *j)
{
    if (j->trust.kind != TRUST_NONE)
        return;
    if (j->file == AUDIT_PROOF)
        problems_add(&j->problems, true, "nothing is trusted: a proof carries no charter; name a policy with --policy");
    else if (!j->trust.has_pin)             /* else it was said why it is not in the file */
        problems_add(&j->problems, true, "nothing is trusted: name a charter with --charter, or a policy with --policy");
}

/* Who stands behind a self-assessment: only by identities that hold can that be told. */
static enum err judge_officers(const struct judgement *j, const struct judged *r)
{
    const struct judged_log *l = &j->logs[r->log];
    if (!l->has_identities || r->is_broken || r->content == NULL || r->identity == NULL)
        return OK;
    return content_judge_assessment(r->content, &l->origin.slug, r->identity->officers, r->identity->n_officers);
}

enum err judge_settle(struct judgement *j)
{
    say_unpinned(j);
    for (size_t i = 0; i < j->n_logs; i++) {
        judge_closing(j, &j->logs[i]);
        judge_sort_asides(&j->logs[i]);
    }
    enum err e = judge_witnesses(j);
    for (size_t i = 0; i < j->n_records && e == OK; i++)
        judge_verdict(j, &j->records[i]);
    for (size_t i = 0; i < j->n_records && e == OK; i++)
        e = judge_officers(j, &j->records[i]);
    j->is_ok = j->problems.n_failures == 0 && j->is_consistent && j->trust.kind != TRUST_NONE;
    return e;
}
