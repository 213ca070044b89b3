#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/view/inside.h"

struct key_text { char s[BASE64_SIZE(32)]; };

static struct key_text key_text(const uint8_t key[32])
{
    struct key_text t;
    base64_encode((struct bytes){ key, 32 }, t.s);
    return t;
}

/* ---- the charter that stands ---- */

static enum err put_role(struct fold *f, const struct charter *c, const struct member *m, size_t place)
{
    struct vsql q = vsql_start(f->v, V_MEMBER_ROLE);
    vsql_text(&q, m->slug.s);
    vsql_text(&q, role_name(m->role));
    vsql_int(&q, !m->is_former);
    vsql_int(&q, m->is_former);
    vsql_int(&q, c->n_stewards > 0 && slug_equal(&m->slug, &c->stewards[0]));
    vsql_u64(&q, place);
    vsql_text(&q, m->codes.dfe);
    vsql_text(&q, m->codes.gss);
    return vsql_run(&q);
}

/* Roles as they were, to see whose figures count differently now. */
struct role_row { struct slug slug; bool counts; };

static enum err read_roles(struct fold *f, struct role_row **ret, size_t *ret_n)
{
    struct role_row *rows = NULL;
    size_t n = 0, cap = 0;
    struct vsql q = vsql_start(f->v, V_ROLES);
    while (vsql_row(&q)) {
        if (n == cap) {
            cap = cap > 0 ? 2 * cap : 64;
            struct role_row *more = realloc(rows, cap * sizeof(*rows));
            if (more == NULL) {
                q.e = ERR_NOMEM;
                break;
            }
            rows = more;
        }
        memset(&rows[n], 0, sizeof(rows[n]));
        vsql_col_copy(&q, 0, rows[n].slug.s, sizeof(rows[n].slug.s));
        rows[n].counts = strcmp(vsql_col_text(&q, 1), role_name(ROLE_AUTHORITY)) == 0;
        n++;
    }
    *ret = rows;
    *ret_n = n;
    return vsql_end(&q);
}

static bool counted_before(const struct role_row *rows, size_t n, const struct slug *slug)
{
    for (size_t i = 0; i < n; i++)
        if (slug_equal(&rows[i].slug, slug))
            return rows[i].counts;
    return false;
}

static enum err recount(struct fold *f, const struct role_row *before, size_t n_before)
{
    struct role_row *now = NULL;
    size_t n = 0;
    enum err e = read_roles(f, &now, &n);
    for (size_t i = 0; i < n && e == OK; i++) {
        if (now[i].counts == counted_before(before, n_before, &now[i].slug))
            continue;
        struct vsql q = vsql_start(f->v, V_RECOUNT);
        vsql_text(&q, now[i].slug.s);
        vsql_int(&q, now[i].counts);
        e = vsql_run(&q);
    }
    free(now);
    return e;
}

static enum err put_meta(struct fold *f, const char *key, const char *value)
{
    struct vsql q = vsql_start(f->v, V_META_PUT);
    vsql_text(&q, key);
    vsql_text(&q, value);
    return vsql_run(&q);
}

static enum err meta_differs(struct fold *f, const char *key, const char *value, bool *ret)
{
    struct vsql q = vsql_start(f->v, V_META_GET);
    vsql_text(&q, key);
    *ret = !(vsql_row(&q) && strcmp(vsql_col_text(&q, 0), value) == 0);
    return vsql_end(&q);
}

static enum err put_roles(struct fold *f, const struct charter *c)
{
    struct role_row *before = NULL;
    size_t n_before = 0;
    enum err e = read_roles(f, &before, &n_before);
    if (e == OK) {
        struct vsql q = vsql_start(f->v, V_MEMBERS_CLEAR);
        e = vsql_run(&q);
    }
    for (size_t i = 0; c != NULL && i < c->n_members && e == OK; i++)
        e = put_role(f, c, &c->members[i], i);
    if (e == OK)
        e = recount(f, before, n_before);
    free(before);
    return e;
}

/* Which box keys we hold: with another ring, epochs that stayed shut are tried again. Only public halves are hashed. */
static void ring_text(const struct dh_keyring *ring, char ret[HEX_SIZE(HASH_LEN)])
{
    struct hash sum = sha256((struct bytes){ NULL, 0 });
    for (size_t i = 0; i < ring->n; i++) {
        struct dh_public public = dh_public_of(&ring->keys[i].secret);
        sum = sha256_concat((struct bytes){ sum.b, sizeof(sum.b) }, (struct bytes){ public.b, sizeof(public.b) });
    }
    hex_encode((struct bytes){ sum.b, sizeof(sum.b) }, ret);
}

enum err fold_members(struct fold *f)
{
    const struct charter *c = chain_current(f->with->chain);
    char charter[HEX_SIZE(HASH_LEN)] = "", ring[HEX_SIZE(HASH_LEN)];
    bool other_charter = false, other_ring = false;
    if (c != NULL)
        hex_encode((struct bytes){ c->hash.b, sizeof(c->hash.b) }, charter);
    ring_text(f->with->box_keys, ring);
    enum err e = meta_differs(f, "charter", charter, &other_charter);
    if (e == OK)
        e = meta_differs(f, "box_keys", ring, &other_ring);
    if (e != OK || (!other_charter && !other_ring))
        return e;
    if ((e = vsql_begin(f->v)) != OK)
        return e;
    if (other_charter)
        e = put_roles(f, c);
    if (e == OK && other_ring) {
        struct vsql q = vsql_start(f->v, V_EPOCH_RETRY);
        e = vsql_run(&q);
    }
    if (e == OK)
        e = put_meta(f, "charter", charter);
    if (e == OK)
        e = put_meta(f, "box_keys", ring);
    return vsql_finish(f->v, e);
}

/* ---- identities ---- */

static enum err held_version(struct fold *f, const char *slug, uint64_t *ret)
{
    struct vsql q = vsql_start(f->v, V_MEMBER_VERSION);
    vsql_text(&q, slug);
    *ret = vsql_row(&q) ? vsql_col_u64(&q, 0) : 0;
    return vsql_end(&q);
}

/* The newest identity of a member; `since_ms` is when its author says it was written, 0 when it came without its log. */
static enum err put_member(struct fold *f, const struct identity *id, uint64_t since_ms)
{
    uint64_t held;
    enum err e = held_version(f, id->slug.s, &held);
    if (e != OK || held > id->version)
        return e;
    struct key_text box = key_text(id->box.b), root = key_text(id->root.b);
    struct vsql q = vsql_start(f->v, V_MEMBER_IDENTITY);
    vsql_text(&q, id->slug.s);
    vsql_text(&q, id->name);
    vsql_text(&q, role_name(id->role));
    vsql_u64(&q, id->version);
    vsql_text(&q, box.s);
    vsql_int(&q, moment_stored(since_ms));
    vsql_text(&q, root.s);
    vsql_text(&q, id->codes.dfe);
    vsql_text(&q, id->codes.gss);
    return vsql_run(&q);
}

static enum err put_identity(struct fold *f, const struct identity *id)
{
    char said_at[MOMENT_SIZE];
    struct key_text root = key_text(id->root.b), log = key_text(id->log.b), witness = key_text(id->witness.b),
                    box = key_text(id->box.b), node = key_text(id->node.b);
    moment_text(f->h.time_ms, said_at);
    struct vsql q = vsql_start(f->v, V_IDENTITY_PUT);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    vsql_u64(&q, f->idx);
    vsql_u64(&q, id->version);
    vsql_text(&q, role_name(id->role));
    vsql_text(&q, id->name);
    vsql_text(&q, id->codes.dfe);
    vsql_text(&q, id->codes.gss);
    vsql_text(&q, root.s);
    vsql_text(&q, log.s);
    vsql_text(&q, witness.s);
    vsql_text(&q, box.s);
    vsql_text(&q, node.s);
    vsql_text(&q, said_at);
    return vsql_run(&q);
}

static enum err put_void(struct fold *f, uint64_t generation, uint64_t first, uint64_t last)
{
    struct vsql q = vsql_start(f->v, V_VOID_PUT);
    vsql_text(&q, f->slug);
    vsql_u64(&q, generation);
    vsql_u64(&q, first);
    vsql_u64(&q, last);
    vsql_u64(&q, f->log->origin.generation);
    vsql_u64(&q, f->idx);
    return vsql_run(&q);
}

/* Were entries of the range folded already, as if they were their author's? */
static enum err was_folded(struct fold *f, uint64_t generation, uint64_t first, bool *ret)
{
    struct vsql q = vsql_start(f->v, V_LOG_GET);
    vsql_text(&q, f->slug);
    vsql_u64(&q, generation);
    *ret = vsql_row(&q) && (vsql_col_u64(&q, 0) > first || vsql_col_u64(&q, 2) > first);
    return vsql_end(&q);
}

/* Entries that the identity at hand disowns. ERR_STALE: some were folded before this was known. */
static enum err fold_disowned(struct fold *f, const struct identity *id)
{
    const uint64_t here = f->log->origin.generation;
    bool folded = false, folded_before = false;
    enum err e = OK;
    if (id->has_void && id->void_from < f->idx) {
        e = put_void(f, here, id->void_from, f->idx - 1);
        if (e == OK)
            e = was_folded(f, here, id->void_from, &folded);
    }
    if (e == OK && id->has_closes && here > 1 && f->idx == 0) {
        e = put_void(f, here - 1, id->closes_size, INT64_MAX);
        if (e == OK)
            e = was_folded(f, here - 1, id->closes_size, &folded_before);
    }
    return e == OK && (folded || folded_before) ? ERR_STALE : e;
}

static enum err each_identity(void *arg, uint64_t idx, const struct item *item)
{
    struct fold *f = arg;
    struct identity id;
    bool go_on;
    if (idx >= f->log->limit)
        return OK;
    enum err e = fold_entry(f, idx, item, &go_on);
    if (e != OK || !go_on)
        return e;
    if (identity_open(payload_body(item->payload), &id) != OK || !slug_equal(&id.slug, &f->log->origin.slug))
        return fold_problem(f, "identity");
    const struct sign_public *root = chain_root_at(f->with->chain, &id.slug, f->log->origin.generation, idx);
    if (root != NULL && memcmp(root->b, id.root.b, sizeof(root->b)) != 0)
        return fold_problem(f, "identity-root");
    e = put_identity(f, &id);
    if (e == OK)
        e = put_member(f, &id, f->h.time_ms);
    return e == OK ? fold_disowned(f, &id) : e;
}

static enum err keys_progress(struct fold *f, const struct fold_log *l, uint64_t *ret)
{
    struct vsql q = vsql_start(f->v, V_LOG_GET);
    vsql_text(&q, l->origin.slug.s);
    vsql_u64(&q, l->origin.generation);
    *ret = vsql_row(&q) ? vsql_col_u64(&q, 2) : l->limit;
    return vsql_end(&q);
}

static enum err identities_of(struct fold *f, const struct fold_log *l, uint64_t from)
{
    enum err e = fold_take_log(f, l);
    return e == OK ? store_each_of_kind(f->with->store, &l->origin, KIND_IDENTITY, from, each_identity, f) : e;
}

/* A disowned range that was folded already sends the author's logs back to their beginning; they then
 * meet the same identity with nothing folded, so this ends. */
static enum err identities_anew(struct fold *f, const struct slug *slug)
{
    enum err e = fold_forget(f, slug->s);
    for (size_t i = 0; i < f->n_logs && e == OK; i++) {
        if (!slug_equal(&f->logs[i].origin.slug, slug))
            continue;
        struct vsql q = vsql_start(f->v, V_LOG_NEW);
        vsql_text(&q, slug->s);
        vsql_u64(&q, f->logs[i].origin.generation);
        e = vsql_run(&q);
    }
    for (size_t i = 0; i < f->n_logs && e == OK; i++)
        if (slug_equal(&f->logs[i].origin.slug, slug))
            e = identities_of(f, &f->logs[i], 0);
    return e;
}

enum err fold_identities(struct fold *f)
{
    enum err e = OK;
    for (size_t i = 0; i < f->n_logs && e == OK; i++) {
        const struct fold_log *l = &f->logs[i];
        uint64_t from;
        e = keys_progress(f, l, &from);
        if (e != OK || from >= l->limit)
            continue;
        if ((e = vsql_begin(f->v)) != OK)
            break;
        e = identities_of(f, l, from);
        if (e == ERR_STALE)
            e = identities_anew(f, &l->origin.slug);
        e = vsql_finish(f->v, e);
    }
    return e;
}

/* ---- identities heard of outside their logs ---- */

static enum err each_heard(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    struct fold *f = arg;
    struct identity id;
    uint64_t held;
    enum err e = held_version(f, slug->s, &held);
    if (e != OK || held >= version)
        return e;
    const struct sign_public *root = chain_root_now(f->with->chain, slug);
    if (root == NULL || identity_open(note, &id) != OK || !slug_equal(&id.slug, slug)
        || memcmp(root->b, id.root.b, sizeof(root->b)) != 0)
        return OK;                              /* nobody of this charter: not ours to judge here */
    return put_member(f, &id, 0);
}

enum err fold_heard(struct fold *f)
{
    return store_each_identity(f->with->store, each_heard, f);
}
