/* cli/audit/judge_disclosure.c - a disclosure: every proof in it, then what follows from all of them. */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/audit/judge_inside.h"

/* One log at hand. */
struct at {
    struct judgement *j;
    const struct disclosed_log *from;
    size_t log;                             /* its place in the judgement */
    struct checkpoint *texts;               /* of the checkpoints, before anybody looked who signed them; size 0: none */
    struct identity_line line;
    bool identities_hold;
};

static const char *name_of(const struct at *a)
{
    return a->j->logs[a->log].name;
}

/* ---- checkpoints ---- */

static enum err read_texts(struct at *a)
{
    struct note *n = malloc(sizeof(*n));
    a->texts = calloc(a->from->n_checkpoints, sizeof(*a->texts));
    enum err e = n != NULL && a->texts != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < a->from->n_checkpoints; i++) {
        struct checkpoint c;
        if (note_parse(a->from->checkpoints[i].note, n) == OK && checkpoint_parse(n->text, &c) == OK
            && origin_equal(&c.origin, &a->j->logs[a->log].origin))
            a->texts[i] = c;
    }
    free(n);
    return e;
}

static bool is_linked(const struct at *a, size_t i)
{
    struct proof proof;
    const struct checkpoint *before = &a->texts[i - 1], *c = &a->texts[i];
    return before->size > 0 && before->size < c->size && disclosure_path(a->from->checkpoints[i].path, &proof) == OK
           && merkle_check_consistency(before->size, c->size, &before->root, &c->root, &proof) == OK;
}

static enum err take_heads(struct at *a)
{
    enum err e = OK;
    for (size_t i = 0; i < a->from->n_checkpoints && e == OK; i++) {
        bool taken = false, linked = i == 0 || is_linked(a, i);
        if (!linked) {
            a->j->is_consistent = false;
            a->j->logs[a->log].is_broken = true;        /* which of two stories an entry is of, nobody can say */
            problems_add(&a->j->problems, true, "%s: the checkpoint of %" PRIu64 " does not lead to that of %" PRIu64, name_of(a),
                         a->texts[i - 1].size, a->texts[i].size);
            if (a->texts[i].size <= a->texts[i - 1].size)
                continue;                   /* heads are sought by size */
        }
        e = judge_head(a->j, a->log, a->from->checkpoints[i].note, true, &taken);
        struct judged_log *l = &a->j->logs[a->log];
        struct head *h = e == OK && taken ? &l->heads[l->n_heads - 1] : NULL;
        if (h != NULL)
            h->is_linked = linked;
        l->is_broken = l->is_broken || h == NULL || (!h->is_signed && a->j->trust.policy == NULL);
    }
    return e;
}

/* ---- entries ---- */

static const char *wrong_entry(const struct at *a, const struct disclosed_entry *x, struct header *h)
{
    const struct checkpoint *c = &a->texts[x->checkpoint];
    struct proof proof;
    struct hash leaf = merkle_leaf(x->header);
    if (x->idx >= c->size || disclosure_path(x->path, &proof) != OK
        || merkle_check_inclusion(x->idx, c->size, &leaf, &proof, &c->root) != OK)
        return "it is not proven to stand there";
    if (header_read(x->header, h) != OK)
        return "its header is none";
    if (h->kind == KIND_RECORD)
        return NULL;
    if (x->has_key)
        return "a key stands with it, and it is no record";
    if (!x->has_payload || header_check_payload(h, x->payload) != OK)
        return "its content is not what its author signed";
    return NULL;
}

static enum err take_record(struct at *a, const struct disclosed_entry *x, const struct header *h, bool is_proven)
{
    struct judged *r;
    enum err e = judge_add_record(a->j, a->log, x->idx, h, &r);
    if (e != OK)
        return e;
    r->is_broken = !is_proven;
    if (is_proven && x->has_payload)
        return judge_payload(a->j, r, x->payload, x->has_key ? &x->key : NULL);
    if (is_proven && x->has_key) {
        r->is_broken = true;
        problems_add(&a->j->problems, true, "%s/%" PRIu64 ": a key stands with it, and nothing that it could open",
                     a->from->log.slug.s, x->idx);
    }
    return OK;
}

static enum err take_entry(struct at *a, const struct disclosed_entry *x)
{
    struct header h = {0};
    bool holds;
    const char *wrong = wrong_entry(a, x, &h);
    if (wrong != NULL)
        problems_add(&a->j->problems, true, "%s: entry %" PRIu64 ": %s", name_of(a), x->idx, wrong);
    if (h.kind == KIND_RECORD || (wrong != NULL && x->has_key))
        return take_record(a, x, &h, wrong == NULL);
    if (h.kind == KIND_IDENTITY && wrong == NULL) {
        enum err e = judge_identity(a->j, a->log, &a->line, x->idx, payload_body(x->payload), &holds);
        a->identities_hold = a->identities_hold && holds;
        return e;
    }
    a->identities_hold = a->identities_hold && (wrong == NULL || h.kind != KIND_IDENTITY);
    return wrong == NULL ? judge_aside(a->j, a->log, x->idx, &h, payload_body(x->payload)) : OK;
}

static enum err take_log(struct judgement *j, const struct disclosed_log *from, size_t log)
{
    struct at a = {.j = j, .from = from, .log = log, .identities_hold = true};
    enum err e = read_texts(&a);
    for (size_t i = 0; i < from->n_entries && e == OK; i++)
        e = take_entry(&a, &from->entries[i]);
    if (e == OK && !a.line.has_one)
        problems_add(&j->problems, true, "%s: no identity that holds begins the log", name_of(&a));
    if (e == OK) {
        j->logs[log].has_identities = a.identities_hold && a.line.has_one;
        e = take_heads(&a);
    }
    if (e == OK && from->evidence.len > 0)
        e = judge_evidence(j, log, from->evidence);
    free(a.texts);
    return e;
}

enum err judge_disclosure(struct judgement *j, const struct disclosure *d)
{
    enum err e = trust_charters(&j->trust, d->n_charters, d->charters, &j->problems);
    for (size_t i = 0; i < d->n_identities && e == OK; i++)
        e = trust_identity(&j->trust, d->identities[i], true, &j->problems);
    for (size_t i = 0; i < d->n_logs && e == OK; i++) {
        size_t log;
        e = judge_add_log(j, &d->logs[i].log, &log);
    }
    for (size_t i = 0; i < d->n_logs && e == OK; i++)
        e = take_log(j, &d->logs[i], i);
    return e == OK ? judge_settle(j) : e;
}
