#include "node/alliance.h"

#include <stdlib.h>
#include <string.h>

#include "keys/file.h"
#include "protocol/identity.h"

/* ---- a parcel of what the store holds ---- */

struct putting { const struct chain *chain; const struct slug *own; struct buf *ret; };

static enum err put_member(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    struct putting *p = arg;
    (void)version;
    if (charter_find(chain_current(p->chain), slug) == NULL || slug_equal(slug, p->own))
        return OK;
    return parcel_put_identity(p->chain, note, p->ret);
}

enum err alliance_parcel(const struct chain *c, struct store *s, const struct slug *own, struct bytes own_note, struct buf *ret)
{
    struct putting p = {c, own, ret};
    enum err e = parcel_put_charters(c, ret);
    if (e == OK && own_note.len > 0)
        e = parcel_put_identity(c, own_note, ret);
    return e == OK ? store_each_identity(s, put_member, &p) : e;
}

/* ---- a parcel into the store ---- */

/* Under its own slug: a member's root speaks for no other member. */
static bool is_members_own(const struct charter *c, const struct identity *id)
{
    const struct member *m = charter_find_root(c, &id->root);
    return m != NULL && slug_equal(&m->slug, &id->slug);
}

/* `c` says whose root counts. */
static enum err put_identities(struct store *s, const struct slug *own, const struct charter *c, const struct parcel *p)
{
    enum err e = OK;
    struct identity *id = malloc(sizeof(*id));
    if (id == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; e == OK && i < p->n_identities; i++)
        if (identity_open(p->identities[i], id) == OK && is_members_own(c, id)
            && !slug_equal(&id->slug, own))
            e = store_put_identity(s, &id->slug, id->version, p->identities[i]);
    free(id);
    return e;
}

enum err alliance_put(struct store *s, const struct slug *own, const struct chain *held, const struct parcel *p, bool *ret_new)
{
    enum err e = OK;
    bool has_new = false;
    uint32_t last = chain_current(p->chain)->version;
    for (uint32_t v = 1; e == OK && v <= last; v++) {
        const struct charter *c = chain_version(p->chain, v);
        if (c == NULL)
            e = ERR_NOMEM;
        else if (held == NULL || chain_note(held, &c->hash).len == 0) {
            e = store_put_charter(s, &c->hash, v, c->round, chain_note(p->chain, &c->hash));
            has_new = true;
        }
    }
    if (ret_new != NULL)
        *ret_new = has_new;
    if (e != OK)
        return e;
    const struct charter *now = chain_current(p->chain), *ours = held != NULL ? chain_current(held) : NULL;
    return put_identities(s, own, ours != NULL && ours->version > now->version ? ours : now, p);
}

/* ---- settling ---- */

struct settling {
    struct store *s;
    struct alliance_report *report;
    struct buf note;                        /* our identity */
    struct identity id;
    struct chain *chain;                    /* of the store; NULL: it names no alliance */
    struct alliance_id alliance;
    struct buf file, held;                  /* what the file is, and what the store says it should be: empty for nothing */
};

static enum err add_charter(void *arg, struct bytes note)
{
    enum chain_verdict verdict;
    struct hash hash;
    enum err e = chain_add(arg, note, &verdict, &hash);
    return e == ERR_NOMEM ? e : OK;         /* the chain judges */
}

/* An id of another length has rotted: there is none. */
static enum err load_chain(struct settling *x)
{
    struct buf id = buf_on(1024);
    enum err e = store_get(x->s, "alliance", &id);
    if (e == OK && id.len == sizeof(x->alliance.b)) {
        memcpy(x->alliance.b, id.p, id.len);
        chain_free(x->chain);
        x->chain = chain_new(&x->alliance);
        e = x->chain != NULL ? store_each_charter(x->s, add_charter, x->chain) : ERR_NOMEM;
    }
    buf_release(&id);
    return e == ERR_UNKNOWN || e == ERR_LIMIT ? OK : e;
}

/* Some charter in the store has that id: it has not rotted. */
static bool has_standing(const struct settling *x)
{
    return x->chain != NULL && chain_current(x->chain) != NULL;
}

static const struct member *us(const struct settling *x, const struct chain *c)
{
    const struct member *m = charter_find(chain_current(c), &x->id.slug);
    return m != NULL && memcmp(m->root.b, x->id.root.b, sizeof(m->root.b)) == 0 ? m : NULL;
}

/* What the store says that the file should be. */
static enum err gather(struct settling *x)
{
    buf_clear(&x->held);
    enum err e = load_chain(x);
    if (e != OK || !has_standing(x))
        return e;
    const struct member *m = us(x, x->chain);
    struct bytes own = m != NULL && !m->is_former ? buf_bytes(&x->note) : (struct bytes){NULL, 0};
    return alliance_parcel(x->chain, x->s, &x->id.slug, own, &x->held);
}

static bool is_same(const struct settling *x)
{
    return x->file.len == x->held.len && (x->held.len == 0 || memcmp(x->file.p, x->held.p, x->held.len) == 0);
}

static enum err put_back(struct settling *x, const struct parcel *p)
{
    enum err e = OK;
    bool had_standing = has_standing(x);
    if (!had_standing)
        e = store_set(x->s, "alliance", (struct bytes){p->alliance.b, sizeof(p->alliance.b)});
    if (e == OK && !had_standing)
        e = store_set(x->s, "slug", bytes_of(x->id.slug.s));
    if (e == OK)
        e = alliance_put(x->s, &x->id.slug, x->chain, p, &x->report->was_given_back);
    if (e == OK)
        e = gather(x);
    if (e == OK && x->held.len > 0)
        x->report->charter = chain_current(x->chain)->version;
    return e;
}

/* Of what has no member's line for us nothing is taken: the store of one who still asks to join is told more by its invite. */
static enum err take_file(struct settling *x)
{
    struct parcel p = {0};
    enum err e = parcel_read(buf_bytes(&x->file), &p);
    if (e != OK) {
        x->report->unreadable = e;
        return e == ERR_NOMEM ? e : OK;
    }
    if (us(x, p.chain) != NULL && has_standing(x) && !alliance_equal(&p.alliance, &x->alliance))
        e = ERR_CONFLICT;
    else if (us(x, p.chain) != NULL)
        e = put_back(x, &p);
    parcel_release(&p);
    return e;
}

static enum err read_file(struct settling *x, const char *path)
{
    enum err e = file_read_private(path, PARCEL_MAX, &x->file);
    if (e != OK && e != ERR_UNKNOWN)
        x->report->unreadable = e;
    return e == ERR_NOMEM ? e : OK;
}

static enum err settle(struct settling *x, const char *path, enum err *ret_written)
{
    enum err e = gather(x);
    if (e == OK)
        e = read_file(x, path);
    if (e == OK && x->file.len > 0 && !is_same(x))
        e = take_file(x);
    if (e == OK && x->held.len > 0 && !is_same(x))
        *ret_written = file_write(path, buf_bytes(&x->held));
    return e;
}

static enum err load_own(struct settling *x, const struct home *h)
{
    char path[FILE_PATH_MAX];
    home_path(h, HOME_IDENTITY, path);
    enum err e = file_read(path, IDENTITY_MAX, &x->note);
    return e == OK ? identity_open(buf_bytes(&x->note), &x->id) : e;
}

enum err alliance_settle(const struct home *h, struct store *s, struct alliance_report *ret)
{
    char path[FILE_PATH_MAX];
    enum err e = ERR_NOMEM, written = OK;
    struct settling *x = malloc(sizeof(*x));
    *ret = (struct alliance_report){.unreadable = OK};
    if (x == NULL)
        return e;
    *x = (struct settling){.s = s, .report = ret, .note = buf_on(IDENTITY_MAX), .file = buf_on(PARCEL_MAX),
                           .held = buf_on(PARCEL_MAX)};
    home_path(h, HOME_ALLIANCE, path);
    if ((e = load_own(x, h)) != OK)
        goto out;
    if ((e = store_begin(s)) != OK)         /* nobody else changes the store, or settles, before we have written */
        goto out;
    e = settle(x, path, &written);
    if (e == OK)
        e = store_commit(s);
    else
        store_rollback(s);
    if (e == OK)
        (void)store_members_changed(s);     /* that was us */
    else
        ret->was_given_back = false;
out:
    chain_free(x->chain);
    buf_release(&x->note);
    buf_release(&x->file);
    buf_release(&x->held);
    free(x);
    return e == OK ? written : e;
}
