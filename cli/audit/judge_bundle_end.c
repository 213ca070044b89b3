/* cli/audit/judge_bundle_end.c - a file of whole logs was read to its end: what follows from all of it. */
#include "cli/audit/judge_bundle.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void release(struct bundle_judge *b)
{
    for (size_t i = 0; i < b->n_identities; i++)
        buf_release(&b->identities[i]);
    free(b->identities);
    buf_release(&b->charters);
    free(b->ends);
    free(b->waiting);
    free(b->holes);
    free(b->m);
    free(b);
}

static struct head *head_of(const struct judged_log *l, const struct cosig *c)
{
    size_t low = 0, high = l->n_heads;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (l->heads[mid].size < c->size)
            low = mid + 1;
        else
            high = mid;
    }
    return low < l->n_heads && l->heads[low].size == c->size && hash_equal(&l->heads[low].root, &c->root) ? &l->heads[low] : NULL;
}

/* A cosignature of somebody whom the policy does not name is nobody's. It names keys by the log's newest generation, and a message
 * says the member alone. */
static enum err by_policy(const struct policy *p, struct head *h, const struct checkpoint *over, const struct cosig *c)
{
    for (size_t i = 0; i < p->n_witnesses; i++) {
        const struct note_key *key = &p->witnesses[i].key;
        struct origin o;
        if (trust_witness_origin(bytes_of(key->name), &o) && alliance_equal(&o.alliance, &over->origin.alliance)
            && slug_equal(&o.slug, &c->witness) && checkpoint_check_cosignature(over, &o, &key->key, c->time_s, &c->sig) == OK)
            return judge_cosigned(h, p, i, c->time_s);
    }
    return OK;
}

static const char *why_not(const struct head *h, enum err checked)
{
    if (h == NULL)
        return "is over nothing in the file";
    if (checked == ERR_UNKNOWN)
        return "was not counted: its key is not in the file";
    return checked == ERR_LIMIT ? "was not counted: it has too many keys for each to be tried"
                                : "is by none of its keys known here: it was not counted";
}

static enum err settle_cosig(struct bundle_judge *b, const struct waiting *w)
{
    struct judged_log *l = &b->j->logs[w->log];
    const struct cosig *c = &w->cosig;
    struct checkpoint over = {.origin = l->origin, .size = c->size, .root = c->root};
    struct head *h = head_of(l, c);
    if (b->j->trust.policy != NULL)
        return h != NULL ? by_policy(b->j->trust.policy, h, &over, c) : OK;
    enum err checked = h != NULL ? witness_keys_check(&b->j->trust.keys, &l->origin, c) : ERR_UNKNOWN;
    if (checked == OK)
        return judge_cosigned_by(h, b->j->trust.now, &c->witness, c->time_s);
    problems_add(&b->j->problems, h == NULL, "%s: a cosignature of %s over %" PRIu64 " %s", l->name, c->witness.s, c->size,
                 why_not(h, checked));
    return OK;
}

static void settle_hole(struct bundle_judge *b, const struct hole *x)
{
    const struct judged_log *l = &b->j->logs[x->log];
    size_t low = 0, high = l->n_withdrawn;
    while (low < high) {                    /* they came in order */
        size_t mid = low + (high - low) / 2;
        if (l->withdrawn[mid].idx < x->excuse)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < l->n_withdrawn && l->withdrawn[low].idx == x->excuse && l->withdrawn[low].target == x->idx && l->withdrawn[low].erase)
        return;
    problems_add(&b->j->problems, true, "%s: entry %" PRIu64 ": its content is missing, and nothing in the log erases it", l->name,
                 x->idx);
}

static void settle_log(struct bundle_judge *b, struct judged_log *l)
{
    uint64_t covered = l->n_heads > 0 ? l->heads[l->n_heads - 1].size : 0;
    bool closes = l->member != NULL && member_closes(l->member, l->origin.generation) && l->entries == l->member->closed_size;
    if (l->entries != l->offered)
        problems_add(&b->j->problems, true, "%s: the file says it has %" PRIu64 " entries, and %" PRIu64 " are there", l->name,
                     l->offered, l->entries);
    if (covered < l->entries && !closes)
        problems_add(&b->j->problems, true, "%s: its last %" PRIu64 " entries are under no checkpoint", l->name,
                     l->entries - covered);
}

static void settle_quorum(struct bundle_judge *b, const struct judged_log *l)
{
    if (b->j->trust.kind != TRUST_NONE && l->n_heads > 0 && !l->heads[l->n_heads - 1].witnessed.has_quorum)
        problems_add(&b->j->problems, false, "%s: too few witnesses stand behind its newest state", l->name);
}

enum err judge_bundle_end(struct bundle_judge *b, bool is_cut)
{
    struct judgement *j = b->j;
    enum err e = b->has_chain ? OK : bundle_settle_charters(b);
    if (is_cut)
        problems_add(&j->problems, true, "the file ends in the middle");
    if (!b->has_contents)
        problems_add(&j->problems, true, "the file does not say what is in it");
    for (size_t i = 0; i < b->n_waiting && e == OK; i++)
        e = settle_cosig(b, &b->waiting[i]);
    for (size_t i = 0; i < b->n_holes; i++)
        settle_hole(b, &b->holes[i]);
    for (size_t i = 0; i < j->n_logs; i++)
        settle_log(b, &j->logs[i]);
    if (e == OK)
        e = judge_settle(j);
    for (size_t i = 0; i < j->n_logs && e == OK; i++)
        settle_quorum(b, &j->logs[i]);
    j->is_ok = j->is_ok && j->problems.n_failures == 0;
    release(b);
    return e;
}
