/* cli/audit/verify_walk.c - one pass over a log's entries. */
#include "cli/audit/inside.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <string.h>

#include "protocol/record.h"

enum { TELL_EVERY = 4096 };

/* ---- identities ---- */

static const char *wrong_with(const struct walk *w, uint64_t idx, const struct identity *id)
{
    const struct sign_public *root = chain_root_at(w->with->chain, &w->origin.slug, w->origin.generation, idx);
    if (!slug_equal(&id->slug, &w->origin.slug))
        return "the identity is another member's";
    if (root == NULL || memcmp(root->b, id->root.b, sizeof(root->b)) != 0)
        return "the identity is not signed by the root key that the charter names";
    if (idx == 0 && w->origin.generation > 1 && w->has_identity && id->version > 1
        && memcmp(w->identity.root.b, id->root.b, sizeof(id->root.b)) != 0)
        return id->has_closes ? NULL : "the identity does not close the generation before";    /* the charter replaced the root */
    if (w->has_identity && identity_check_next(&w->identity, buf_bytes(&w->identity_text), id) != OK)
        return "the identity does not follow from the one before";
    if (!w->has_identity && (id->version != 1 || w->origin.generation != 1))
        return "the identity does not follow from the one before";
    if (idx == 0 && w->origin.generation > 1 && !id->has_closes)
        return "the identity does not close the generation before";
    return NULL;
}

static enum err use_identity(struct walk *w, uint64_t idx, struct bytes text, bool is_counted)
{
    const struct identity *id = &w->scratch->identity;
    w->identity = *id;
    w->has_identity = true;
    buf_clear(&w->identity_text);
    buf_put(&w->identity_text, text);
    enum err e = buf_status(&w->identity_text);
    if (e != OK || !is_counted)
        return e;
    if (id->has_void && id->void_from < idx) {
        uint64_t from = id->void_from > w->void_upto ? id->void_from : w->void_upto;
        w->v->voided += idx > from ? idx - from : 0;
        w->void_upto = idx;                 /* a later note may name the same entries again */
    }
    e = list_room((void **)&w->keys, &w->cap_keys, w->n_keys, sizeof(w->keys[0]));
    if (e == OK)
        w->keys[w->n_keys++] = (struct key_from){idx, id->log};
    return e;
}

enum err walk_identity(struct walk *w, uint64_t idx, struct bytes note, bool is_counted)
{
    struct identity *id = &w->scratch->identity;
    const char *wrong = "the identity cannot be read, or its signature does not hold";
    if (identity_open(note, id) == OK && note_parse(note, &w->scratch->note) == OK)
        wrong = is_counted ? wrong_with(w, idx, id) : NULL;
    if (wrong == NULL)
        return use_identity(w, idx, w->scratch->note.text, is_counted);
    problems_add(&w->v->problems, true, "entry %" PRIu64 ": %s", idx, wrong);
    return OK;
}

/* ---- bodies ---- */

static enum err take_withdrawal(struct walk *w, uint64_t idx, struct bytes body, bool *ret_is_read)
{
    struct withdrawal wd;
    *ret_is_read = withdrawal_read(body, &wd) == OK;
    if (!*ret_is_read || !wd.erase || wd.target >= idx)
        return OK;
    enum err e = list_room((void **)&w->erasures, &w->cap_erasures, w->n_erasures, sizeof(w->erasures[0]));
    if (e == OK)
        w->erasures[w->n_erasures++] = wd.target;
    return e;
}

static enum err take_body(struct walk *w, uint64_t idx, const struct header *h, struct bytes body)
{
    struct bytes type;
    bool is_read = true;
    enum err e = OK;
    if (h->kind == KIND_IDENTITY)
        return walk_identity(w, idx, body, true);
    if (h->kind == KIND_WITHDRAW)
        e = take_withdrawal(w, idx, body, &is_read);
    else if (h->kind == KIND_RECORD)
        is_read = !h->is_public || record_type(body, &type) == OK;
    else if (h->kind == KIND_OPEN)
        is_read = opening_read(body, &w->scratch->opening) == OK;
    else if (h->kind == KIND_GRANT)
        is_read = grant_read(body, &w->scratch->grant) == OK;
    else if (h->kind == KIND_EPOCH)
        is_read = epoch_body_read(body, &w->scratch->epoch) == OK;
    if (!is_read)
        problems_add(&w->v->problems, false, "entry %" PRIu64 ": its author wrote what cannot be read: it has no effect", idx);
    return e;
}

static enum err take_missing(struct walk *w, uint64_t idx, const struct header *h)
{
    if (h->kind == KIND_IDENTITY || h->kind == KIND_EPOCH)
        problems_add(&w->v->problems, true, "entry %" PRIu64 ": the payload is missing, and of this kind none may be", idx);
    enum err e = list_room((void **)&w->holes, &w->cap_holes, w->n_holes, sizeof(w->holes[0]));
    if (e == OK)
        w->holes[w->n_holes++] = idx;
    return e;
}

/* ---- entries ---- */

static enum err reach(struct walk *w)
{
    enum err e = OK;
    if (w->part.size == BOUNDARY) {
        e = list_room((void **)&w->parts, &w->cap_parts, w->n_parts, sizeof(w->parts[0]));
        if (e != OK)
            return e;
        w->parts[w->n_parts++] = frontier_root(&w->part);
        frontier_init(&w->part);
    }
    while (w->next_point < w->n_points && w->points[w->next_point].size <= w->all.size) {
        struct point *p = &w->points[w->next_point++];
        p->is_reached = p->size == w->all.size;
        p->root = frontier_root(&w->all);
    }
    if (w->with->progress != NULL && w->all.size % TELL_EVERY == 0)
        w->with->progress(w->with->arg, w->before + w->all.size);
    return e;
}

static enum err take(void *arg, uint64_t idx, const struct item *item)
{
    struct walk *w = arg;
    struct header h;
    enum err e = OK;
    struct hash leaf = merkle_leaf(item->header);
    frontier_append(&w->all, &leaf);
    frontier_append(&w->part, &leaf);
    if (header_read(item->header, &h) != OK)
        problems_add(&w->v->problems, true, "entry %" PRIu64 ": the header is none", idx);
    else if (idx == 0 && h.kind != KIND_IDENTITY)
        problems_add(&w->v->problems, true, "entry 0: it is no identity");
    else if (!item->has_payload)
        e = take_missing(w, idx, &h);
    else if (header_check_payload(&h, item->payload) != OK)
        problems_add(&w->v->problems, true, "entry %" PRIu64 ": the payload is not the one that its header names", idx);
    else
        e = take_body(w, idx, &h, payload_body(item->payload));
    return e == OK ? reach(w) : e;
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void judge_holes(struct walk *w)
{
    if (w->n_erasures > 0)
        qsort(w->erasures, w->n_erasures, sizeof(w->erasures[0]), compare);
    for (size_t i = 0; i < w->n_holes; i++) {
        if (w->n_erasures > 0 && bsearch(&w->holes[i], w->erasures, w->n_erasures, sizeof(w->erasures[0]), compare) != NULL)
            w->v->erased++;
        else if (w->holes[i] >= w->state->whole)
            w->v->awaited++;
        else
            problems_add(&w->v->problems, true, "entry %" PRIu64 ": the payload is missing, and nothing withdraws it", w->holes[i]);
    }
}

enum err walk_entries(struct walk *w)
{
    enum err e = store_each_entry(w->with->store, &w->origin, 0, w->end, take, w);
    if (e == ERR_CORRUPT || e == ERR_CONFLICT) {
        problems_add(&w->v->problems, true, "entry %" PRIu64 ": the store is damaged here", w->all.size);
        e = OK;
    }
    w->v->entries = w->all.size;
    judge_holes(w);
    return e;
}
