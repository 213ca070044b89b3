/* cli/audit/judge_record.c - what is shown of a record, and the verdict on it. */
#include "cli/audit/judge_inside.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/audit/content.h"
#include "cli/output/json.h"

static void wrong(struct judgement *j, struct judged *r, const char *why)
{
    char text[JUDGED_TEXT_MAX];
    judged_text(j, r, text);
    r->is_broken = true;
    problems_add(&j->problems, true, "%s: %s", text, why);
}

static enum err show(struct judgement *j, struct judged *r, struct bytes record)
{
    char text[JUDGED_TEXT_MAX];
    enum err e;
    r->content = content_json(record, &j->values_left, &e);
    r->is_shown = r->content != NULL;
    if (e != OK && e != ERR_NOMEM) {
        judged_text(j, r, text);
        problems_add(&j->problems, false, "%s: its author wrote what is no record: it has no effect", text);
    }
    return e == ERR_NOMEM ? e : OK;
}

static enum err open_sealed(struct judgement *j, struct judged *r, struct bytes payload, const struct sym_secret *key)
{
    struct buf plain = buf_on(PAYLOAD_MAX);
    enum err e = record_open(&j->logs[r->log].origin, &r->header, payload, key, &plain);
    if (e == OK)
        e = show(j, r, buf_bytes(&plain));
    else if (e == ERR_COMMIT)
        wrong(j, r, "the key in the file is not the one that its author committed to");
    else if (e != ERR_NOMEM)
        wrong(j, r, "its author sealed it so that the key it committed to does not open it");
    buf_wipe(&plain);
    return e == ERR_NOMEM ? e : OK;
}

enum err judge_payload(struct judgement *j, struct judged *r, struct bytes payload, const struct sym_secret *key)
{
    r->has_payload = true;
    r->has_key = key != NULL;
    if (header_check_payload(&r->header, payload) != OK)
        wrong(j, r, "its content is not what its author signed");
    else if (r->header.is_public && key != NULL)
        wrong(j, r, "it is public, and a key is with it that opens nothing");
    else if (r->header.is_public)
        return show(j, r, payload_body(payload));
    else if (key != NULL)
        return open_sealed(j, r, payload, key);
    return OK;
}

/* ---- the verdict ---- */

static bool is_void(const struct judged_log *l, uint64_t idx)
{
    size_t low = 0, high = l->n_voids;
    while (low < high) {                    /* the first that ends above it */
        size_t mid = low + (high - low) / 2;
        if (l->voids[mid].to <= idx)
            low = mid + 1;
        else
            high = mid;
    }
    return idx >= l->closed || (low < l->n_voids && idx >= l->voids[low].from);
}

/* The first of those with a target, in a list sorted by it. */
#define FIRST_OF(list, n, idx, low)                                             \
    for (size_t high_ = (n); (low) < high_;) {                                  \
        size_t mid_ = (low) + (high_ - (low)) / 2;                              \
        if ((list)[mid_].target < (idx))                                        \
            (low) = mid_ + 1;                                                   \
        else                                                                    \
            high_ = mid_;                                                       \
    }

static const struct withdrawn *find_withdrawn(const struct judged_log *l, uint64_t idx)
{
    const struct withdrawn *found = NULL;
    size_t i = 0;
    FIRST_OF(l->withdrawn, l->n_withdrawn, idx, i)
    for (; i < l->n_withdrawn && l->withdrawn[i].target == idx; i++)
        if (!is_void(l, l->withdrawn[i].idx) && (found == NULL || (l->withdrawn[i].erase && !found->erase)))
            found = &l->withdrawn[i];
    return found;
}

static bool find_opened(const struct judged_log *l, uint64_t idx)
{
    size_t i = 0;
    FIRST_OF(l->opened, l->n_opened, idx, i)
    return i < l->n_opened && l->opened[i].target == idx && l->opened[i].idx > idx;
}

static int by_audience(const void *a, const void *b)
{
    const struct epoch_said *x = a, *y = b;
    int order = memcmp(x->audience.b, y->audience.b, sizeof(x->audience.b));
    order = order != 0 ? order : (x->epoch > y->epoch) - (x->epoch < y->epoch);
    return order != 0 ? order : (x->idx > y->idx) - (x->idx < y->idx);
}

/* The last of its audience and number below it, in a list sorted so. */
static const struct epoch_said *find_epoch(const struct judged_log *l, const struct judged *r)
{
    struct epoch_said at = {.audience = r->header.audience, .epoch = r->header.epoch, .idx = r->idx};
    size_t low = 0, high = l->n_epochs;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (by_audience(&l->epochs[mid], &at) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    const struct epoch_said *found = low > 0 ? &l->epochs[low - 1] : NULL;
    bool is_its = found != NULL && found->epoch == at.epoch && memcmp(found->audience.b, at.audience.b, sizeof(at.audience.b)) == 0;
    return is_its ? found : NULL;
}

static void find_asides(const struct judged_log *l, struct judged *r)
{
    r->withdrawn = find_withdrawn(l, r->idx);
    r->is_opened = !r->header.is_public && find_opened(l, r->idx);
    r->epoch = !r->header.is_public ? find_epoch(l, r) : NULL;
    r->identity = judge_key_at(l, r->idx + 1);
    r->identity_version = r->identity != NULL ? r->identity->version : 0;
}

/* Withdrawals and openings, as they are sought. */
static int by_target(const void *a, const void *b)
{
    const struct withdrawn *x = a, *y = b;
    return (x->target > y->target) - (x->target < y->target);
}

static int by_opened(const void *a, const void *b)
{
    const struct opened *x = a, *y = b;
    return (x->target > y->target) - (x->target < y->target);
}

static int by_start(const void *a, const void *b)
{
    const struct void_range *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

/* Ranges that are apart, in order: then each index is sought once, however many identities say that others are void. */
static void merge_voids(struct judged_log *l)
{
    size_t n = 0;
    if (l->n_voids > 0)
        qsort(l->voids, l->n_voids, sizeof(l->voids[0]), by_start);
    for (size_t i = 0; i < l->n_voids; i++) {
        struct void_range *last = n > 0 ? &l->voids[n - 1] : NULL;
        if (last == NULL || l->voids[i].from > last->to)
            l->voids[n++] = l->voids[i];
        else if (l->voids[i].to > last->to)
            last->to = l->voids[i].to;
    }
    l->n_voids = n;
}

void judge_sort_asides(struct judged_log *l)
{
    merge_voids(l);
    if (l->n_withdrawn > 0)
        qsort(l->withdrawn, l->n_withdrawn, sizeof(l->withdrawn[0]), by_target);
    if (l->n_opened > 0)
        qsort(l->opened, l->n_opened, sizeof(l->opened[0]), by_opened);
    if (l->n_epochs > 0)
        qsort(l->epochs, l->n_epochs, sizeof(l->epochs[0]), by_audience);
}

static enum verdict verdict_of(const struct judgement *j, const struct judged_log *l, const struct judged *r, const struct head *h)
{
    bool by_identities = l->has_identities || j->file == AUDIT_PROOF;
    if (r->is_broken || l->is_broken || !by_identities || h == NULL || (!h->is_signed && j->file != AUDIT_PROOF))
        return VERDICT_INVALID;
    if (j->trust.kind == TRUST_NONE)
        return VERDICT_UNPINNED;
    if (!h->is_signed)
        return VERDICT_INVALID;
    if (is_void(l, r->idx))
        return VERDICT_VOID;
    if (!r->has_payload && r->withdrawn != NULL && r->withdrawn->erase)
        return VERDICT_ERASED;
    return r->has_payload && (r->has_key || r->header.is_public) ? VERDICT_VALID : VERDICT_WITHHELD;
}

/* ---- what its author says of the time, and what others do ---- */

static void judge_time(struct judgement *j, const struct judged *r, const char *text)
{
    char said[TIME_TEXT_MAX], seen[TIME_TEXT_MAX];
    uint64_t said_ms = r->header.time_ms, by_ms = r->witnessed->by_s <= INT64_MAX / 1000 ? r->witnessed->by_s * 1000 : INT64_MAX;
    if (r->witnessed->by_s == 0)
        return;
    time_text(said_ms, said);
    time_text(by_ms, seen);
    if (said_ms > by_ms && said_ms - by_ms > CLOCK_AHEAD_MAX_MS)
        problems_add(&j->problems, true, "%s: it says it was said at %s, and was witnessed before, at %s", text, said, seen);
    else if (by_ms > said_ms && by_ms - said_ms > FRESH_MS)
        problems_add(&j->problems, false,
                     "%s: it says it was said at %s, and nobody saw it before %s: it may have been made as late",
                     text, said, seen);
    if (r->epoch != NULL && r->epoch->time_ms > said_ms && r->epoch->time_ms - said_ms > CLOCK_AHEAD_MAX_MS)
        problems_add(&j->problems, false, "%s: it says it was said at %s, before the key that it is sealed with was made", text,
                     said);
    if (r->witnessed->is_older)
        problems_add(&j->problems, false,
                     "%s: the time is vouched for by the witnesses of charter %u, which is older than the one you trust",
                     text, (unsigned)r->witnessed->version);
}

static void judge_charter(struct judgement *j, struct judged *r, const char *text)
{
    const struct charter *c = NULL;
    if (j->trust.kind != TRUST_CHARTER)
        return;
    if (r->epoch != NULL && r->epoch->is_alliance) {
        c = chain_find(j->trust.chain, &r->epoch->charter);
        if (c == NULL || !chain_stands(j->trust.chain, &r->epoch->charter)) {
            problems_add(&j->problems, false, "%s: it was sealed for the readers of a charter that is not among those that stand",
                         text);
            c = NULL;
        }
    }
    r->charter_version = c != NULL ? c->version : r->witnessed != NULL && r->witnessed->version > 0 ? r->witnessed->version
                                                                                                   : j->trust.now->version;
    chain_unload(j->trust.chain);
}

void judge_verdict(struct judgement *j, struct judged *r)
{
    const struct judged_log *l = &j->logs[r->log];
    char text[JUDGED_TEXT_MAX];
    judged_text(j, r, text);
    find_asides(l, r);
    r->head = judge_head_of(j, l, r->idx);
    const struct head *h = r->head < l->n_heads ? &l->heads[r->head] : NULL;
    r->verdict = verdict_of(j, l, r, h);
    if (r->verdict == VERDICT_INVALID && !r->is_broken && !l->is_broken)
        problems_add(&j->problems, true, "%s: no checkpoint that holds covers it", text);
    if (r->verdict == VERDICT_INVALID || r->verdict == VERDICT_UNPINNED)
        return;
    r->witnessed = &h->witnessed;
    judge_charter(j, r, text);
    judge_time(j, r, text);
    if (j->file == AUDIT_BUNDLE)
        return;                             /* whole logs are what is audited there: those are asked for their quorum */
    if (!r->witnessed->has_quorum)
        problems_add(&j->problems, true,
                     "%s: too few witnesses stand behind it: whoever had the log key could have made it, at any time",
                     text);
    if (r->witnessed->is_alone)
        problems_add(&j->problems, false, "%s: the only witness behind it is its author's own", text);
    if (r->verdict == VERDICT_VOID)
        problems_add(&j->problems, true, "%s: what stands there is not its author's own, by its author's word or the charter's",
                     text);
    if (r->withdrawn != NULL)
        problems_add(&j->problems, false, "%s: its author withdrew it later (%s): it does not stand any more", text,
                     r->withdrawn->reason);
}
