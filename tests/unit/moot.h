/* tests/unit/moot.h - a small alliance with real keys: members, identities, a charter, logs, homes. */
#ifndef FOLKMOOT_TESTS_MOOT_H
#define FOLKMOOT_TESTS_MOOT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "keys/file.h"
#include "keys/keyfile.h"
#include "keys/seed.h"
#include "node/store/store.h"
#include "protocol/charter.h"

enum { MOOT_MEMBERS_MAX = 4 };

struct moot_member {
    struct sym_secret seed;
    struct identity id;
    struct sign_secret root, log, witness;
    struct dh_secret node, box;
    struct buf note;                            /* its identity */
};

struct moot {
    char folder[64];
    size_t n;
    struct moot_member member[MOOT_MEMBERS_MAX];
    struct alliance_id alliance;
    struct hash charter_hash;
    struct buf charter;                         /* version 1, signed by the first member, the only steward */
};

static inline struct slug moot_slug(size_t i)
{
    static const char *const names[MOOT_MEMBERS_MAX] = {"barsetshire", "east-barset", "loamshire", "north-barset"};
    struct slug s;
    assert_int_equal(slug_parse(bytes_of(names[i]), &s), OK);
    return s;
}

static inline void moot_sign_identity(struct moot_member *m)
{
    buf_clear(&m->note);
    identity_sign(&m->id, &m->root, &m->note);
    assert_int_equal(buf_status(&m->note), OK);
}

static inline void moot_make_member(struct moot_member *m, size_t i)
{
    *m = (struct moot_member){.note = buf_on(IDENTITY_MAX)};
    memset(m->seed.b, (int)i + 1, sizeof(m->seed.b));
    m->id = (struct identity){.slug = moot_slug(i), .role = ROLE_AUTHORITY, .version = 1};
    (void)snprintf(m->id.name, sizeof(m->id.name), "Member %zu", i);
    seed_root(&m->seed, &m->root, &m->id.root);
    seed_sign_key(&m->seed, PURPOSE_LOG, 1, &m->log, &m->id.log);
    seed_sign_key(&m->seed, PURPOSE_WITNESS, 1, &m->witness, &m->id.witness);
    seed_dh_key(&m->seed, PURPOSE_BOX, 1, &m->box, &m->id.box);
    seed_dh_key(&m->seed, PURPOSE_NODE, 1, &m->node, &m->id.node);
    moot_sign_identity(m);
}

static inline void moot_make_charter(struct moot *t)
{
    struct buf text = buf_on(NOTE_MAX);
    struct charter *c = charter_new();
    assert_non_null(c);
    (void)snprintf(c->name, sizeof(c->name), "Barset");
    c->version = 1;
    c->n_members = t->n;
    for (size_t i = 0; i < t->n; i++)
        c->members[i] = (struct member){.slug = moot_slug(i), .role = ROLE_AUTHORITY, .root = t->member[i].id.root};
    c->n_stewards = 1;
    c->stewards[0] = moot_slug(0);
    c->threshold = 1;
    charter_text(c, &text);
    assert_int_equal(charter_parse(buf_bytes(&text), c), OK);
    t->charter_hash = c->hash;
    t->alliance = charter_alliance_id(&c->hash);
    struct note_key key = root_key(&t->member[0].id.slug, &t->member[0].id.root);
    t->charter = buf_on(NOTE_MAX);
    note_begin(buf_bytes(&text), &t->charter);
    note_sign(buf_bytes(&text), &key, &t->member[0].root, &t->charter);
    assert_int_equal(buf_status(&t->charter), OK);
    buf_release(&text);
    charter_free(c);
}

static inline struct moot *moot_new(size_t n)
{
    struct moot *t = calloc(1, sizeof(*t));
    assert_non_null(t);
    assert_int_equal(crypto_start(), OK);
    (void)snprintf(t->folder, sizeof(t->folder), "/tmp/folkmoot-moot-XXXXXX");
    assert_non_null(mkdtemp(t->folder));
    t->n = n;
    for (size_t i = 0; i < n; i++)
        moot_make_member(&t->member[i], i);
    moot_make_charter(t);
    return t;
}

static inline void moot_free(struct moot *t)
{
    char command[96];
    (void)snprintf(command, sizeof(command), "rm -r '%s'", t->folder);
    assert_int_equal(system(command), 0);
    for (size_t i = 0; i < t->n; i++)
        buf_release(&t->member[i].note);
    buf_release(&t->charter);
    free(t);
}

static inline struct origin moot_origin(const struct moot *t, size_t i)
{
    return (struct origin){.alliance = t->alliance, .slug = moot_slug(i), .generation = 1};
}

/* ---- logs ---- */

struct moot_made { struct item *items; struct buf bytes; size_t n; };

/* One public entry; its bytes lie in made->bytes, which never moves. */
static inline void moot_add_entry(struct moot_made *made, struct frontier *f, uint64_t kind, struct bytes body)
{
    uint8_t salt[SALT_LEN] = {7};
    struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX);
    struct item *item = &made->items[made->n++];
    put_u64be(salt, f->size);
    entry_write_public(kind, 1700000000000 + f->size, salt, body, &header, &payload);
    assert_int_equal(buf_status(&header), OK);
    item->has_payload = true;
    item->header = (struct bytes){made->bytes.p + made->bytes.len, header.len};
    buf_put(&made->bytes, buf_bytes(&header));
    item->payload = (struct bytes){made->bytes.p + made->bytes.len, payload.len};
    buf_put(&made->bytes, buf_bytes(&payload));
    assert_int_equal(buf_status(&made->bytes), OK);
    struct hash leaf = merkle_leaf(item->header);
    frontier_append(f, &leaf);
    buf_release(&header);
    buf_release(&payload);
}

/* What was made, up to `after`; frees what it lies in. */
static inline void moot_sign_and_append(const struct moot *t, size_t i, struct store *s, struct moot_made *made,
                                        const struct frontier *after)
{
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct checkpoint c = {.origin = moot_origin(t, i), .size = after->size, .root = frontier_root(after)};
    checkpoint_sign(&c, &t->member[i].log, &note);
    struct append a = {.origin = c.origin, .expected = after->size - made->n, .n_items = made->n, .items = made->items,
                       .whole = after->size, .after = after, .checkpoint = buf_bytes(&note)};
    assert_int_equal(store_append(s, &a), OK);
    free(made->items);
    buf_release(&made->bytes);
    buf_release(&note);
}

/* Append `n` entries to member i's log in `s`, entry 0 being its identity; at most BOUNDARY, from a boundary. */
static inline void moot_publish(const struct moot *t, size_t i, struct store *s, size_t n, size_t body_len)
{
    struct origin o = moot_origin(t, i);
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct frontier f;
    frontier_init(&f);
    if (store_log(s, &o, &l, &note) == OK)
        f = l.frontier;
    struct moot_made made = {.items = calloc(n, sizeof(struct item)), .bytes = buf_on(SIZE_MAX / 4)};
    uint8_t *body = calloc(1, body_len + 1);
    assert_true(made.items != NULL && body != NULL);
    assert_non_null(buf_grow(&made.bytes, n * (body_len + HEADER_MAX) + IDENTITY_MAX + HEADER_MAX));
    made.bytes.len = 0;
    for (size_t k = 0; k < n; k++) {
        bool is_first = f.size == 0;
        moot_add_entry(&made, &f, is_first ? KIND_IDENTITY : KIND_RECORD,
                       is_first ? buf_bytes(&t->member[i].note) : (struct bytes){body, body_len});
    }
    moot_sign_and_append(t, i, s, &made, &f);
    free(body);
    buf_release(&note);
}

/* One public entry behind those that stand in member i's log in `s`. Its index. */
static inline uint64_t moot_say(const struct moot *t, size_t i, struct store *s, uint64_t kind, struct bytes body)
{
    struct origin o = moot_origin(t, i);
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct moot_made made = {.items = calloc(1, sizeof(struct item)), .bytes = buf_on(SIZE_MAX / 4)};
    assert_non_null(made.items);
    assert_int_equal(store_log(s, &o, &l, &note), OK);
    assert_non_null(buf_grow(&made.bytes, body.len + SALT_LEN + HEADER_MAX));
    made.bytes.len = 0;
    moot_add_entry(&made, &l.frontier, kind, body);
    moot_sign_and_append(t, i, s, &made, &l.frontier);
    buf_release(&note);
    return l.frontier.size - 1;
}

/* ---- homes ---- */

static inline struct home moot_home(const struct moot *t, size_t i)
{
    struct home h;
    (void)snprintf(h.path, sizeof(h.path), "%s/%s", t->folder, moot_slug(i).s);
    return h;
}

static inline struct store *moot_open(const struct moot *t, size_t i)
{
    char path[FILE_PATH_MAX];
    struct home h = moot_home(t, i);
    struct store *s = NULL;
    struct store_report report;
    home_path(&h, HOME_LOG_DB, path);
    assert_int_equal(store_open(path, STORE_WRITE, &s, &report), OK);
    assert_false(report.was_quarantined);
    return s;
}

static inline void moot_settle_store(const struct moot *t, size_t i, struct store *s)
{
    assert_int_equal(store_set(s, "alliance", (struct bytes){t->alliance.b, sizeof(t->alliance.b)}), OK);
    assert_int_equal(store_set(s, "slug", bytes_of(moot_slug(i).s)), OK);
    assert_int_equal(store_put_charter(s, &t->charter_hash, 1, 0, buf_bytes(&t->charter)), OK);
    for (size_t k = 0; k < t->n; k++)
        if (k != i)
            assert_int_equal(store_put_identity(s, &t->member[k].id.slug, 1, buf_bytes(&t->member[k].note)), OK);
}

/* The member's home as `init` and `alliance create` would leave it, with nothing in its log. */
static inline void moot_settle(const struct moot *t, size_t i)
{
    char path[FILE_PATH_MAX];
    const struct moot_member *m = &t->member[i];
    struct home h = moot_home(t, i);
    struct dh_keyring ring = {.n = 1, .keys = {{1, m->node, 0}}};
    struct sign_keyfile witness = {.version = 1, .secret = m->witness};
    assert_int_equal(home_make(&h), OK);
    assert_int_equal(dh_keys_save(&h, PURPOSE_NODE, &ring), OK);
    assert_int_equal(sign_key_save(&h, PURPOSE_WITNESS, &witness), OK);
    home_path(&h, HOME_IDENTITY, path);
    assert_int_equal(file_write(path, buf_bytes(&m->note)), OK);
    struct store *s = moot_open(t, i);
    moot_settle_store(t, i, s);
    store_close(s);
}

static inline uint64_t moot_size(const struct moot *t, struct store *s, size_t i)
{
    struct origin o = moot_origin(t, i);
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = store_log(s, &o, &l, &note);
    buf_release(&note);
    return e == OK ? l.whole : 0;
}

#endif
