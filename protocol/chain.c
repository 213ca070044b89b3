#include "protocol/chain.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/chain_line.h"

/* A note on its way in. */
struct incoming {
    struct note note, kept;                 /* as it came; as it will be kept */
    const struct charter *prev;             /* NULL: it is version 1 */
    struct entry *known;                    /* NULL: its text is new */
    struct entry entry;
};

/* Read it, find what it follows, and see that it may. */
static enum err place_incoming(struct chain *c, struct incoming *in)
{
    struct entry *x = &in->entry;
    struct charter *next = x->charter = charter_new();
    enum err e = next != NULL ? charter_parse(in->note.text, next) : ERR_NOMEM;
    c->looks->work++;
    if (e != OK)
        return e;
    x->version = next->version;
    x->round = next->round;
    if (x->version == 1) {
        struct alliance_id id = charter_alliance_id(&x->hash);
        return alliance_equal(&id, &c->id) ? charter_check_next(NULL, next) : ERR_CHAIN;
    }
    x->before = chain_place(c, &next->previous);
    if (x->before == 0)
        return ERR_UNKNOWN;
    in->prev = chain_load(c, x->before);
    return in->prev != NULL ? charter_check_next(in->prev, next) : ERR_NOMEM;
}

static bool has_steward(const struct charter *c, const struct member *m)
{
    const struct member *same = c != NULL && charter_is_steward(c, &m->slug) ? charter_find(c, &m->slug) : NULL;
    return same != NULL && memcmp(same->root.b, m->root.b, sizeof(m->root.b)) == 0;
}

/* Put the lines of the stewards of `of` that are not among those of `done`: the one
 * that is kept already, else the one that came.  Returns how many. */
static size_t put_lines(const struct charter *of, const struct charter *done, const struct note *old,
                        const struct note *came, struct buf *ret)
{
    size_t n = 0;
    for (size_t i = 0; of != NULL && i < of->n_stewards; i++) {
        const struct member *m = charter_find(of, &of->stewards[i]);
        if (has_steward(done, m))
            continue;
        struct note_key key = root_key(&m->slug, &m->root);
        const struct note_line *line = old != NULL ? note_find(old, &key) : NULL;
        if (line == NULL)
            line = note_find(came, &key);
        if (line == NULL)
            continue;
        note_put_line(line, ret);
        n++;
    }
    return n;
}

/* The note as it will be kept: stewards' lines only, those of the known note and those that came. */
static enum err write_kept(struct incoming *in)
{
    struct note old;
    struct buf *ret = &in->entry.note;
    const struct note *known = in->known != NULL && note_parse(buf_bytes(&in->known->note), &old) == OK ? &old : NULL;
    note_begin(in->note.text, ret);
    size_t n = put_lines(in->prev, NULL, known, &in->note, ret);
    n += put_lines(in->entry.charter, in->prev, known, &in->note, ret);
    if (buf_status(ret) != OK)
        return buf_status(ret);
    return n > 0 ? note_parse(buf_bytes(ret), &in->kept) : ERR_THRESHOLD;       /* a note has at least one line */
}

/* A failing line of a steward rejects the note, also when a good one of his is held
 * and would be kept instead.  What will be kept is checked afterwards in any case. */
static enum err check_lines(struct chain *c, const struct incoming *in)
{
    size_t n;
    enum err e = OK;
    c->looks->work += in->entry.charter->n_stewards;
    if (in->known != NULL && in->prev != NULL)
        e = charter_count_signatures(in->prev, &in->note, &n, NULL);
    if (in->known != NULL && e == OK)
        e = charter_count_signatures(in->entry.charter, &in->note, &n, NULL);
    return e;
}

/* Too few signed: it is a proposal if a steward of the charter before did. */
static enum err propose(struct chain *c, struct incoming *in)
{
    size_t n;
    uint32_t signed_by;
    if (in->prev == NULL)
        return ERR_THRESHOLD;
    enum err e = charter_count_signatures(in->prev, &in->kept, &n, &signed_by);
    if (e != OK)
        return e;
    return n > 0 ? chain_accept_proposal(c, &in->entry, signed_by, in->known) : ERR_THRESHOLD;
}

static enum err decide(struct chain *c, struct incoming *in, enum chain_verdict *ret)
{
    struct entry *x = &in->entry;
    enum err e = check_lines(c, in);
    if (e == OK)
        e = write_kept(in);
    if (e == OK)
        e = charter_check_signed(in->prev, x->charter, &in->kept);
    if (e != OK && e != ERR_THRESHOLD)
        return e;
    *ret = CHAIN_KNOWN;
    if (in->known != NULL && bytes_equal(buf_bytes(&in->known->note), buf_bytes(&x->note)))
        return OK;
    if (in->known != NULL && in->known->support == 0) {     /* more signatures on a valid charter: kept, no news */
        struct buf was = in->known->note;
        in->known->note = x->note;
        x->note = was;
        return OK;
    }
    *ret = e == OK ? CHAIN_CHARTER : CHAIN_PROPOSAL;
    e = e == OK ? chain_accept_charter(c, x) : propose(c, in);
    if (e == OK)                            /* the chain owns them now */
        *x = (struct entry){.hash = x->hash, .note = buf_on(NOTE_MAX)};
    return e;
}

enum err chain_add(struct chain *c, struct bytes note, enum chain_verdict *ret, struct hash *ret_hash)
{
    struct incoming in = {.entry = {.note = buf_on(NOTE_MAX)}};
    enum chain_verdict verdict = CHAIN_KNOWN;
    chain_unload(c);
    enum err e = note_parse(note, &in.note);
    if (e != OK)
        return e;
    in.entry.hash = sha256(in.note.text);
    in.known = chain_entry(c, &in.entry.hash);
    if (in.known == NULL || !bytes_equal(buf_bytes(&in.known->note), note)) {
        e = place_incoming(c, &in);
        if (e == OK)
            e = decide(c, &in, &verdict);
    }
    if (e == OK) {
        *ret = verdict;
        *ret_hash = in.entry.hash;
    }
    entry_release(&in.entry);
    return e;
}

const struct charter *chain_current(const struct chain *c)
{
    return chain_version(c, c->line_len);
}

const struct charter *chain_version(const struct chain *c, uint32_t version)
{
    return version >= 1 && version <= c->line_len ? chain_load(c, c->line[version]) : NULL;
}

const struct charter *chain_find(const struct chain *c, const struct hash *hash)
{
    uint16_t place = chain_place(c, hash);
    if (place != 0)
        return chain_load(c, place);
    const struct entry *e = chain_proposal(c, hash);
    return e != NULL ? e->charter : NULL;
}

struct bytes chain_note(const struct chain *c, const struct hash *hash)
{
    const struct entry *e = chain_entry(c, hash);
    return e != NULL ? buf_bytes(&e->note) : (struct bytes){NULL, 0};
}

bool chain_stands(const struct chain *c, const struct hash *hash)
{
    uint16_t place = chain_place(c, hash);
    return place != 0 && chain_place_stands(c, place);
}

/* For people: the newest version first, the highest round first. */
static int by_rank(const void *a, const void *b)
{
    const struct charter *const *x = a, *const *y = b;
    if ((*x)->version != (*y)->version)
        return (*x)->version > (*y)->version ? -1 : 1;
    if ((*x)->round != (*y)->round)
        return (*x)->round > (*y)->round ? -1 : 1;
    return memcmp((*x)->hash.b, (*y)->hash.b, sizeof((*x)->hash.b));
}

size_t chain_proposals(const struct chain *c, const struct charter **ret)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_proposals && n < STEWARDS_MAX; i++)
        if (c->proposals[i].before == c->line[c->line_len])
            ret[n++] = c->proposals[i].charter;
    qsort(ret, n, sizeof(ret[0]), by_rank);
    return n;
}

size_t chain_rivals(const struct chain *c, const struct charter **ret)
{
    size_t n = 0;
    for (size_t i = c->n_charters; i > 1 && n < STEWARDS_MAX; i--) {
        uint16_t place = (uint16_t)(i - 1);
        const struct charter *rival = chain_place_stands(c, place) ? NULL : chain_load(c, place);
        if (rival != NULL)
            ret[n++] = rival;
    }
    qsort(ret, n, sizeof(ret[0]), by_rank);
    return n;
}

const struct sign_public *chain_root_at(const struct chain *c, const struct slug *slug, uint32_t generation, uint64_t idx)
{
    const struct charter *now = chain_current(c);
    if (now == NULL)
        return NULL;
    for (size_t i = 0; i < now->n_replacements; i++) {      /* the earlier of one member stand first */
        const struct replacement *r = &now->replacements[i];
        if (slug_equal(&r->slug, slug)
            && (generation < r->generation || (generation == r->generation && idx < r->log_size)))
            return &r->old_root;
    }
    return chain_root_now(c, slug);
}

const struct sign_public *chain_root_now(const struct chain *c, const struct slug *slug)
{
    const struct charter *now = chain_current(c);
    const struct member *m = now != NULL ? charter_find(now, slug) : NULL;
    return m != NULL ? &m->root : NULL;
}
