/* cli/audit/judge_bundle.c - whole logs, as a node would send them: recomputed from entry 0 on. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/audit/judge_bundle.h"

enum err judge_bundle_begin(struct judgement *j, struct bundle_judge **ret)
{
    struct bundle_judge *b = calloc(1, sizeof(*b));
    if (b == NULL)
        return ERR_NOMEM;
    b->j = j;
    b->log = SIZE_MAX;
    b->charters = buf_on(PARCEL_MAX);
    b->m = malloc(sizeof(*b->m));
    *ret = b;
    return b->m != NULL ? OK : ERR_NOMEM;
}

static struct judged_log *at(const struct bundle_judge *b)
{
    return &b->j->logs[b->log];
}

/* ---- charters ---- */

static enum err keep_identity(struct bundle_judge *b, struct bytes note)
{
    if (b->n_identities == DISCLOSED_IDENTITIES_MAX) {
        if (!b->has_too_many)
            problems_add(&b->j->problems, true, "more than %d identities stand before the logs: those beyond are not looked at",
                         DISCLOSED_IDENTITIES_MAX);
        b->has_too_many = true;
        return OK;
    }
    enum err e = list_room((void **)&b->identities, &b->cap_identities, b->n_identities, sizeof(b->identities[0]));
    if (e != OK)
        return e;
    struct buf *kept = &b->identities[b->n_identities++];
    *kept = buf_on(IDENTITY_MAX);
    buf_put(kept, note);
    return buf_status(kept);
}

static enum err take_charter(struct bundle_judge *b)
{
    const struct msg_charter *m = &b->m->u.charter;
    enum err e = OK;
    if (b->has_chain)
        problems_add(&b->j->problems, true, "a charter stands behind what it should judge");
    for (size_t i = 0; i < m->n_notes && e == OK; i++) {
        e = list_room((void **)&b->ends, &b->cap_notes, b->n_notes, sizeof(b->ends[0]));
        if (e != OK)
            return e;
        buf_put(&b->charters, m->notes[i]);
        b->ends[b->n_notes++] = b->charters.len;
        e = buf_status(&b->charters);
    }
    for (size_t i = 0; i < m->n_identities && e == OK; i++)
        e = keep_identity(b, m->identities[i]);
    return e;
}

/* The first frame that is no charter: now they are all here. */
enum err bundle_settle_charters(struct bundle_judge *b)
{
    struct bytes *notes = calloc(b->n_notes + 1, sizeof(*notes));
    enum err e = notes != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0, from = 0; e == OK && i < b->n_notes; from = b->ends[i++])
        notes[i] = (struct bytes){b->charters.p + from, b->ends[i] - from};
    b->has_chain = true;
    if (e == OK)
        e = trust_charters(&b->j->trust, b->n_notes, notes, &b->j->problems);
    for (size_t i = 0; i < b->n_identities && e == OK; i++)
        e = trust_identity(&b->j->trust, buf_bytes(&b->identities[i]), false, &b->j->problems);
    free(notes);
    return e;
}

/* ---- contents ---- */

/* Once: every span is sought among the logs that it names. */
static enum err take_have(struct bundle_judge *b, bool *ret_more)
{
    struct have h;
    enum err e = OK;
    if (b->has_contents) {
        problems_add(&b->j->problems, true, "the file says twice what is in it");
        *ret_more = false;
        return OK;
    }
    b->has_contents = true;
    while (e == OK && have_next(&b->m->u.have, &h)) {
        size_t log;
        e = judge_add_log(b->j, &h.log, &log);
        if (e == OK) {
            b->j->logs[log].offered = h.size;
            b->j->logs[log].is_whole = true;
        }
    }
    return e;
}

/* ---- entries ---- */

static void broken(struct bundle_judge *b, uint64_t idx, const char *why)
{
    at(b)->is_broken = true;
    problems_add(&b->j->problems, true, "%s: entry %" PRIu64 ": %s", at(b)->name, idx, why);
}

static enum err take_hole(struct bundle_judge *b, uint64_t idx, const struct header *h, uint64_t excuse)
{
    enum err e = list_room((void **)&b->holes, &b->cap_holes, b->n_holes, sizeof(b->holes[0]));
    if (h->kind == KIND_IDENTITY || h->kind == KIND_EPOCH)
        broken(b, idx, "its content is missing, and of this kind none may be");
    if (e == OK)
        b->holes[b->n_holes++] = (struct hole){b->log, idx, excuse, h->kind == KIND_RECORD};
    return e;
}

static enum err take_identity(struct bundle_judge *b, uint64_t idx, struct bytes note)
{
    bool holds;
    enum err e = judge_identity(b->j, b->log, &b->line, idx, note, &holds);
    if (e == OK && holds)
        e = trust_identity(&b->j->trust, note, false, &b->j->problems);     /* it names a witness key, too */
    if (e == OK && idx == 0)
        at(b)->has_identities = holds;
    else if (e == OK && !holds)
        at(b)->has_identities = false;
    return e;
}

static enum err take_item(struct bundle_judge *b, uint64_t idx, const struct item *item)
{
    struct header h;
    struct judged *r = NULL;
    struct hash leaf = merkle_leaf(item->header);
    enum err e = OK;
    frontier_append(&b->tree, &leaf);
    if (header_read(item->header, &h) != OK) {
        broken(b, idx, "its header is none");
        return OK;
    }
    if (idx == 0 && h.kind != KIND_IDENTITY)
        broken(b, idx, "it is no identity");
    if (h.kind == KIND_RECORD)
        e = judge_add_record(b->j, b->log, idx, &h, &r);
    if (e != OK || !item->has_payload)
        return e == OK ? take_hole(b, idx, &h, item->excuse) : e;
    if (r != NULL)
        return judge_payload(b->j, r, item->payload, NULL);
    if (header_check_payload(&h, item->payload) != OK) {
        broken(b, idx, "its content is not what its author signed");
        return OK;
    }
    return h.kind == KIND_IDENTITY ? take_identity(b, idx, payload_body(item->payload))
                                   : judge_aside(b->j, b->log, idx, &h, payload_body(item->payload));
}

/* The span's entries have the root that was signed? A closing that the charter states needs no note. */
static enum err take_head(struct bundle_judge *b, struct bytes note)
{
    bool taken = false;
    struct judged_log *l = at(b);
    size_t n = l->n_heads;
    enum err e = judge_head(b->j, b->log, note, false, &taken);
    l = at(b);
    if (e != OK || !taken)
        return e;
    struct hash root = frontier_root(&b->tree);
    l->heads[n].is_linked = true;
    if (l->heads[n].size == b->tree.size && hash_equal(&l->heads[n].root, &root))
        return OK;
    l->heads[n].is_linked = l->heads[n].is_signed = false;
    l->heads[n].size = b->tree.size;        /* heads are sought by size */
    b->j->is_consistent = false;
    broken(b, b->tree.size, "those before it do not have the root that was signed");
    return OK;
}

/* [P-52] "A span that reaches a former member's closing size is judged by the root that the charter names" */
static enum err take_closing(struct bundle_judge *b)
{
    struct judged_log *l = at(b);
    if (l->member == NULL || !member_closes(l->member, l->origin.generation) || l->entries != l->member->closed_size
        || b->j->trust.policy != NULL)
        return OK;
    struct hash root = frontier_root(&b->tree);
    bool holds = hash_equal(&root, &l->member->closed_root);
    if (!holds)
        broken(b, l->entries, "those before it do not have the root with which the charter closed the log");
    enum err e = list_room((void **)&l->heads, &l->cap_heads, l->n_heads, sizeof(l->heads[0]));
    if (e == OK)
        l->heads[l->n_heads++] = (struct head){.size = l->entries, .root = root, .is_signed = holds, .is_linked = true};
    return e;
}

static bool begin_log(struct bundle_judge *b, const struct log_ref *ref)
{
    if (b->log != SIZE_MAX && slug_equal(&at(b)->origin.slug, &ref->slug) && at(b)->origin.generation == ref->generation)
        return true;
    for (size_t i = 0; i < b->j->n_logs; i++) {
        const struct judged_log *l = &b->j->logs[i];
        if (!slug_equal(&l->origin.slug, &ref->slug) || l->origin.generation != ref->generation)
            continue;
        if (l->entries > 0)
            return false;                   /* it was over */
        b->log = i;
        frontier_init(&b->tree);
        b->line = (struct identity_line){.has_one = false};
        return true;
    }
    return false;
}

static enum err take_entries(struct bundle_judge *b, bool *ret_more)
{
    struct msg_entries *m = &b->m->u.entries;
    struct item item;
    enum err e = OK;
    if (!begin_log(b, &m->log) || m->from != at(b)->entries) {
        problems_add(&b->j->problems, true, "%s: entries from %" PRIu64 " stand where they do not belong", m->log.slug.s, m->from);
        *ret_more = false;
        return OK;
    }
    while (e == OK && item_next(m, &item)) {
        e = take_item(b, at(b)->entries++, &item);
        if (e == OK)
            e = take_closing(b);
    }
    return e == OK && m->checkpoint.len > 0 ? take_head(b, m->checkpoint) : e;
}

/* ---- cosignatures and evidence ---- */

static enum err take_cosig(struct bundle_judge *b)
{
    const struct cosig *c = &b->m->u.cosig;
    enum err e = list_room((void **)&b->waiting, &b->cap_waiting, b->n_waiting, sizeof(b->waiting[0]));
    if (e != OK || b->log == SIZE_MAX)
        return e;
    b->waiting[b->n_waiting++] = (struct waiting){b->log, *c};
    return OK;
}

static enum err take_message(struct bundle_judge *b, bool *ret_more)
{
    switch (b->m->type) {
    case MSG_CHARTER:  return take_charter(b);
    case MSG_HAVE:     return take_have(b, ret_more);
    case MSG_ENTRIES:  return take_entries(b, ret_more);
    case MSG_COSIG:    return take_cosig(b);
    case MSG_EVIDENCE: return b->log != SIZE_MAX ? judge_evidence(b->j, b->log, b->m->u.evidence) : OK;
    case MSG_HELLO: case MSG_ENROL: case MSG_WANT: case MSG_CHECKPOINT: case MSG_PROVE: case MSG_PROOF: case MSG_PING: case MSG_BYE:
        problems_add(&b->j->problems, true, "a %s stands in the file, and belongs on a link", message_name(b->m->type));
        return OK;
    }
    return OK;
}

enum err judge_bundle_frame(struct bundle_judge *b, struct bytes body, bool *ret_more)
{
    enum err e = message_decode(body, b->m);
    *ret_more = e != ERR_FORMAT;
    if (e == ERR_UNKNOWN) {
        problems_add(&b->j->problems, false, "what a newer version wrote is in the file, and was passed over");
        return OK;
    }
    if (e != OK) {
        problems_add(&b->j->problems, true, "the file is damaged: what stands in it is no message");
        return e == ERR_NOMEM ? e : OK;
    }
    if (b->m->type != MSG_CHARTER && !b->has_chain)
        e = bundle_settle_charters(b);
    return e == OK ? take_message(b, ret_more) : e;
}
