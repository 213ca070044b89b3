#include "protocol/conviction.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/frame.h"

enum err conviction_write(const struct chain *c, size_t n_identities, const struct bytes *identities, struct bytes evidence,
                          struct buf *ret)
{
    if (chain_current(c) == NULL)
        return ERR_UNKNOWN;
    enum err e = parcel_put_charters(c, ret);
    for (size_t i = 0; e == OK && i < n_identities; i++)
        e = parcel_put_identity(c, identities[i], ret);
    if (e != OK)
        return e;
    size_t mark = frame_begin(ret);
    put_evidence(ret, evidence);
    e = buf_status(ret);
    return e == OK ? frame_end(ret, mark) : e;
}

/* ---- reading ---- */

/* The last frame is the evidence, all before it are the parcel. `m` is where a frame is decoded. */
static enum err cut(struct bytes in, struct message *m, struct bytes *ret_parcel, struct bytes *ret_evidence)
{
    size_t at = 0;
    struct frame f;
    while (frame_read((struct bytes){in.p + at, in.len - at}, &f) == OK) {
        size_t end = at + frame_size(&f);
        if (end == in.len) {
            if (message_decode(f.body, m) != OK || m->type != MSG_EVIDENCE)
                return ERR_FORMAT;
            *ret_parcel = (struct bytes){in.p, at};
            *ret_evidence = m->u.evidence;
            return OK;
        }
        at = end;
    }
    return ERR_FORMAT;
}

/* Has the charter ever given this member this root? */
static bool was_root(const struct charter *now, const struct slug *slug, const struct sign_public *root)
{
    const struct member *m = charter_find(now, slug);
    if (m == NULL)
        return false;
    if (memcmp(m->root.b, root->b, sizeof(root->b)) == 0)
        return true;
    for (size_t i = 0; i < now->n_replacements; i++)
        if (slug_equal(&now->replacements[i].slug, slug)
            && memcmp(now->replacements[i].old_root.b, root->b, sizeof(root->b)) == 0)
            return true;
    return false;
}

static enum err convict(const struct evidence *ev, const struct identity *id, struct conviction *ret)
{
    enum err e = evidence_check(ev, &ret->origin, &id->log);
    if (e == OK)
        e = checkpoint_open(ev->note_m, &ret->origin, &id->log, &ret->m);
    if (e == OK)
        e = checkpoint_open(ev->note_n, &ret->origin, &id->log, &ret->n);
    if (e != OK)
        return e;
    memcpy(ret->member_name, id->name, sizeof(ret->member_name));
    ret->identity_version = id->version;
    ret->log_key = id->log;
    ret->root = id->root;
    ret->has_rival = ev->has_rival;
    ret->rival = ev->rival;
    return OK;
}

/* The first identity by whose key it holds. That a key's signatures do not hold says that the key is another. */
static enum err try_all(const struct parcel *p, const struct evidence *ev, struct identity *id, struct conviction *ret)
{
    const struct charter *now = chain_current(p->chain);
    enum err verdict = ERR_UNKNOWN;
    for (size_t i = 0; i < p->n_identities; i++) {
        if (identity_open(p->identities[i], id) != OK || !slug_equal(&id->slug, &ev->log.slug)
            || !was_root(now, &id->slug, &id->root))
            continue;
        enum err e = convict(ev, id, ret);
        if (e == OK)
            return OK;
        if (e == ERR_PROOF || e == ERR_FORMAT || e == ERR_ROOT)
            verdict = ERR_PROOF;
    }
    return verdict;
}

static enum err judge(struct bytes parcel, const struct evidence *ev, const struct hash *trust, struct identity *id,
                      struct conviction *ret)
{
    struct parcel p = {0};
    enum err e = parcel_read(parcel, &p);
    const struct charter *now = e == OK ? chain_current(p.chain) : NULL;
    if (e == OK && now == NULL)
        e = ERR_FORMAT;
    if (e == OK) {
        ret->origin = (struct origin){.alliance = p.alliance, .slug = ev->log.slug, .generation = ev->log.generation};
        memcpy(ret->alliance_name, now->name, sizeof(ret->alliance_name));
        ret->charter_version = now->version;
        ret->charter = now->hash;
        ret->is_pinned = trust != NULL && chain_stands(p.chain, trust);
        e = try_all(&p, ev, id, ret);
    }
    parcel_release(&p);
    return e;
}

enum err conviction_read(struct bytes in, const struct hash *trust, struct conviction *ret)
{
    struct bytes parcel, bytes;
    struct message *m = malloc(sizeof(*m));
    struct evidence *ev = malloc(sizeof(*ev));
    struct identity *id = malloc(sizeof(*id));
    struct conviction c = {.has_rival = false};
    enum err e = m != NULL && ev != NULL && id != NULL ? cut(in, m, &parcel, &bytes) : ERR_NOMEM;
    if (e == OK)
        e = evidence_read(bytes, ev);
    if (e == OK)
        e = judge(parcel, ev, trust, id, &c);
    if (e == OK)
        *ret = c;
    free(m);
    free(ev);
    free(id);
    return e;
}

bool conviction_is(struct bytes in)
{
    struct bytes parcel, evidence;
    struct message *m = malloc(sizeof(*m));
    bool is_one = m != NULL && cut(in, m, &parcel, &evidence) == OK && parcel.len > 0;
    free(m);
    return is_one;
}
