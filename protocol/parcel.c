#include "protocol/parcel.h"

#include <stdlib.h>

#include "protocol/frame.h"
#include "protocol/message.h"

/* ---- writing ---- */

static enum err put_frame(struct buf *ret, const struct charter *now, size_t n_notes, const struct bytes *notes,
                          size_t n_identities, const struct bytes *identities)
{
    size_t at = frame_begin(ret);
    put_charter(ret, now->version, &now->hash, n_notes, notes, n_identities, identities);
    enum err e = buf_status(ret);
    return e == OK ? frame_end(ret, at) : e;
}

enum err parcel_put_charters(const struct chain *chain, struct buf *ret)
{
    const struct charter *now = chain_current(chain);
    enum err e = OK;
    for (uint32_t v = 1; e == OK && now != NULL && v <= now->version; v++) {
        const struct charter *c = chain_version(chain, v);
        struct bytes note = c != NULL ? chain_note(chain, &c->hash) : (struct bytes){NULL, 0};
        e = note.len > 0 ? put_frame(ret, now, 1, &note, 0, NULL) : ERR_NOMEM;
    }
    return e;
}

enum err parcel_put_identity(const struct chain *chain, struct bytes note, struct buf *ret)
{
    return put_frame(ret, chain_current(chain), 0, NULL, 1, &note);
}

/* ---- reading ---- */

static enum err take_note(struct parcel *p, struct bytes bytes)
{
    enum chain_verdict verdict;
    struct hash hash;
    if (p->chain == NULL) {                 /* the first note founds the alliance */
        struct note *n = malloc(sizeof(*n));
        enum err e = n != NULL ? note_parse(bytes, n) : ERR_NOMEM;
        if (e == OK) {
            hash = sha256(n->text);
            p->alliance = charter_alliance_id(&hash);
            p->chain = chain_new(&p->alliance);
            e = p->chain != NULL ? OK : ERR_NOMEM;
        }
        free(n);
        if (e != OK)
            return e;
    }
    enum err e = chain_add(p->chain, bytes, &verdict, &hash);
    return e == ERR_STALE ? OK : e;
}

static enum err take_identity(struct parcel *p, struct bytes note)
{
    if (p->n_identities == p->cap_identities) {
        size_t cap = p->cap_identities > 0 ? p->cap_identities * 2 : 32;
        struct bytes *more = cap <= 4 * MEMBERS_MAX ? realloc(p->identities, cap * sizeof(*more)) : NULL;
        if (more == NULL)
            return cap <= 4 * MEMBERS_MAX ? ERR_NOMEM : ERR_LIMIT;
        p->identities = more;
        p->cap_identities = cap;
    }
    p->identities[p->n_identities++] = note;
    return OK;
}

static enum err take_frame(struct parcel *p, struct bytes body)
{
    struct message *m = malloc(sizeof(*m));
    enum err e = m != NULL ? message_decode(body, m) : ERR_NOMEM;
    if (e == ERR_UNKNOWN) {
        free(m);
        return OK;                          /* a newer version's: passed over */
    }
    if (e == OK && m->type != MSG_CHARTER)
        e = ERR_FORMAT;
    for (size_t i = 0; e == OK && i < m->u.charter.n_notes; i++)
        e = take_note(p, m->u.charter.notes[i]);
    for (size_t i = 0; e == OK && i < m->u.charter.n_identities; i++)
        e = take_identity(p, m->u.charter.identities[i]);
    free(m);
    return e;
}

enum err parcel_read(struct bytes in, struct parcel *ret)
{
    struct parcel p = {0};
    struct frame f;
    enum err e = in.len > 0 ? OK : ERR_FORMAT;
    while (e == OK && in.len > 0) {
        e = frame_read(in, &f);
        if (e == ERR_MORE || e == ERR_PROTO)
            e = ERR_FORMAT;
        if (e == OK)
            e = take_frame(&p, f.body);
        if (e == OK) {
            in.p += frame_size(&f);
            in.len -= frame_size(&f);
        }
    }
    if (e == OK && (p.chain == NULL || chain_current(p.chain) == NULL))
        e = ERR_FORMAT;
    if (e != OK) {
        parcel_release(&p);
        return e;
    }
    *ret = p;
    return OK;
}

void parcel_release(struct parcel *p)
{
    chain_free(p->chain);
    free(p->identities);
    *p = (struct parcel){0};
}
