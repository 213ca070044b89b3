/* cli/audit/judge_log.c - what stands in a log beside its records: identities, withdrawals, openings, epochs, evidence. */
#include "cli/audit/judge_inside.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/evidence.h"

void judge_log_release(struct judged_log *l)
{
    for (size_t i = 0; i < l->n_heads; i++) {
        free(l->heads[i].cosigners);
        free(l->heads[i].witnessed.list);
    }
    free(l->heads);
    for (size_t i = 0; i < l->n_keys; i++)
        free(l->keys[i].officers);
    free(l->keys);
    free(l->voids);
    free(l->withdrawn);
    free(l->opened);
    free(l->epochs);
}

/* ---- identities ---- */

static const char *wrong_with(const struct judgement *j, const struct judged_log *l, const struct identity_line *line,
                              uint64_t idx, const struct identity *id)
{
    const struct sign_public *root = trust_root_at(&j->trust, &l->origin, idx);
    if (!slug_equal(&id->slug, &l->origin.slug))
        return "it is another member's";
    if (root == NULL || memcmp(root->b, id->root.b, sizeof(root->b)) != 0)
        return "it is not signed by the root key that the charter names";
    if (!line->has_one && idx != 0)
        return "the log's first identity is not in the file";
    if (!line->has_one && (id->version == 1) != (l->origin.generation == 1))
        return "it does not begin this generation of the log";
    if (!line->has_one && id->has_closes != (l->origin.generation > 1))
        return "it does not close the generation before, or there is none";
    if (line->has_one && (id->version != line->version + 1 || !hash_equal(&id->previous, &line->text)))
        return "it does not follow from the one before";
    return NULL;
}

static enum err add_void(struct judged_log *l, uint64_t from, uint64_t to)
{
    if (from >= to)
        return OK;
    enum err e = list_room((void **)&l->voids, &l->cap_voids, l->n_voids, sizeof(l->voids[0]));
    if (e == OK)
        l->voids[l->n_voids++] = (struct void_range){from, to};
    return e;
}

/* Entries above a closing point are void: of the generation before, wherever in the file that stands. */
static void close_before(struct judgement *j, const struct judged_log *l, const struct identity *id)
{
    for (size_t i = 0; i < j->n_logs; i++) {
        struct judged_log *before = &j->logs[i];
        if (!before->is_ours || !slug_equal(&before->origin.slug, &l->origin.slug)
            || before->origin.generation + 1 != l->origin.generation)
            continue;
        before->closed = id->closes_size < before->closed ? id->closes_size : before->closed;
        for (size_t h = 0; h < before->n_heads; h++)
            if (before->heads[h].size == id->closes_size && !hash_equal(&before->heads[h].root, &id->closes_root))
                problems_add(&j->problems, false,
                             "%s: generation %u closes the one before at %" PRIu64 " with another root than is here",
                             l->origin.slug.s, (unsigned)l->origin.generation, id->closes_size);
    }
}

static enum err use_identity(struct judgement *j, size_t log, struct identity_line *line, uint64_t idx, const struct identity *id,
                             struct bytes text)
{
    struct judged_log *l = &j->logs[log];
    *line = (struct identity_line){.has_one = true, .text = identity_hash(text), .version = id->version, .root = id->root};
    enum err e = list_room((void **)&l->keys, &l->cap_keys, l->n_keys, sizeof(l->keys[0]));
    if (e != OK)
        return e;
    struct officer *officers = calloc(id->n_officers + 1, sizeof(*officers));
    if (officers == NULL)
        return ERR_NOMEM;
    memcpy(officers, id->officers, id->n_officers * sizeof(*officers));
    l->keys[l->n_keys++] = (struct key_from){idx, id->log, id->version, id->n_officers, officers};
    if (id->has_closes && idx == 0)
        close_before(j, l, id);
    return id->has_void ? add_void(l, id->void_from, idx) : OK;
}

enum err judge_identity(struct judgement *j, size_t log, struct identity_line *line, uint64_t idx, struct bytes note,
                        bool *ret_holds)
{
    struct identity *id = malloc(sizeof(*id));
    struct note *n = malloc(sizeof(*n));
    const char *wrong = NULL;
    enum err e = id != NULL && n != NULL ? identity_open(note, id) : ERR_NOMEM;
    if (e == OK)
        e = note_parse(note, n);
    if (e == OK) {
        wrong = wrong_with(j, &j->logs[log], line, idx, id);
        if (wrong == NULL)
            e = use_identity(j, log, line, idx, id, n->text);
    } else if (e != ERR_NOMEM) {
        wrong = err_text(e);
    }
    *ret_holds = wrong == NULL && e == OK;
    if (wrong != NULL)
        problems_add(&j->problems, true, "%s: the identity at %" PRIu64 " does not hold: %s", j->logs[log].origin.slug.s, idx,
                     wrong);
    free(id);
    free(n);
    return e == ERR_NOMEM ? e : OK;
}

/* ---- asides ---- */

static enum err take_withdrawal(struct judged_log *l, uint64_t idx, const struct header *h, struct bytes body)
{
    struct withdrawal w;
    if (withdrawal_read(body, &w) != OK || w.target >= idx)
        return OK;                          /* its author's affair: it has no effect */
    enum err e = list_room((void **)&l->withdrawn, &l->cap_withdrawn, l->n_withdrawn, sizeof(l->withdrawn[0]));
    if (e != OK)
        return e;
    struct withdrawn *x = &l->withdrawn[l->n_withdrawn++];
    *x = (struct withdrawn){.idx = idx, .target = w.target, .time_ms = h->time_ms, .erase = w.erase};
    memcpy(x->reason, w.reason, sizeof(x->reason));
    return OK;
}

static enum err take_opening(struct judged_log *l, uint64_t idx, struct bytes body)
{
    struct opening *o = malloc(sizeof(*o));
    enum err e = o != NULL ? OK : ERR_NOMEM;
    bool is_read = o != NULL && opening_read(body, o) == OK;
    for (size_t i = 0; is_read && i < o->n && e == OK; i++) {
        e = list_room((void **)&l->opened, &l->cap_opened, l->n_opened, sizeof(l->opened[0]));
        if (e == OK)
            l->opened[l->n_opened++] = (struct opened){idx, o->items[i].index};
    }
    if (o != NULL)
        wipe(o, sizeof(*o));
    free(o);
    return e;
}

static enum err take_epoch(struct judged_log *l, uint64_t idx, const struct header *h, struct bytes body)
{
    struct epoch_body *b = malloc(sizeof(*b));
    enum err e = b != NULL ? OK : ERR_NOMEM;
    if (e == OK && epoch_body_read(body, b) == OK) {
        e = list_room((void **)&l->epochs, &l->cap_epochs, l->n_epochs, sizeof(l->epochs[0]));
        if (e == OK) {
            struct epoch_said *x = &l->epochs[l->n_epochs++];
            *x = (struct epoch_said){.idx = idx, .time_ms = h->time_ms, .audience = h->audience, .epoch = h->epoch,
                                     .is_alliance = b->is_alliance, .n_boxes = b->n_boxes};
            if (b->is_alliance)
                x->charter = b->charter;
            for (size_t i = 0; i < b->n_boxes; i++)
                x->n_filled += b->boxes[i].len > 0;
        }
    }
    free(b);
    return e;
}

enum err judge_aside(struct judgement *j, size_t log, uint64_t idx, const struct header *h, struct bytes body)
{
    struct judged_log *l = &j->logs[log];
    switch (h->kind) {
    case KIND_WITHDRAW:
        return take_withdrawal(l, idx, h, body);
    case KIND_OPEN:
        return take_opening(l, idx, body);
    case KIND_EPOCH:
        return take_epoch(l, idx, h, body);
    }
    return OK;
}

/* ---- evidence ---- */

/* Identities are many, and keys on a note few: only such are tried, and each once. */
struct trying {
    struct evidence ev;
    struct note m;
    size_t n_tried;
    struct sign_public tried[2 * NOTE_SIGNATURES_MAX];
    struct checkpoint story_m, story_n;
};

static bool is_worth_trying(struct trying *t, const struct origin *o, const struct sign_public *key)
{
    struct note_key as_key = checkpoint_log_key(o, key);
    if (t->n_tried == sizeof(t->tried) / sizeof(t->tried[0]) || note_find(&t->m, &as_key) == NULL)
        return false;
    for (size_t i = 0; i < t->n_tried; i++)
        if (memcmp(t->tried[i].b, key->b, sizeof(key->b)) == 0)
            return false;
    t->tried[t->n_tried++] = *key;
    return true;
}

static bool convicts(struct trying *t, const struct judged_log *l, const struct sign_public *key)
{
    return is_worth_trying(t, &l->origin, key) && evidence_check(&t->ev, &l->origin, key) == OK
           && checkpoint_open(t->ev.note_m, &l->origin, key, &t->story_m) == OK
           && checkpoint_open(t->ev.note_n, &l->origin, key, &t->story_n) == OK;
}

enum err judge_evidence(struct judgement *j, size_t log, struct bytes in)
{
    struct judged_log *l = &j->logs[log];
    struct trying *t = calloc(1, sizeof(*t));
    if (t == NULL)
        return ERR_NOMEM;
    bool is_read = evidence_read(in, &t->ev) == OK && note_parse(t->ev.note_m, &t->m) == OK;
    for (size_t i = 0; is_read && i < l->n_keys && !l->has_evidence; i++)
        l->has_evidence = convicts(t, l, &l->keys[i].log);
    struct checkpoint m = t->story_m, n = t->story_n;
    free(t);
    if (!l->has_evidence) {
        problems_add(&j->problems, true, "%s: the evidence against it does not hold", l->origin.slug.s);
        return OK;
    }
    l->story_m = m.size;
    l->story_n = n.size;
    problems_add(&j->problems, false, "%s: its author signed two stories, of %" PRIu64 " and %" PRIu64
                 " entries, that cannot both be true; which one was told is for a quorum of witnesses to say",
                 l->origin.slug.s, m.size, n.size);
    return OK;
}
