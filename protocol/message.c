#include "protocol/message.h"

#include <string.h>

const char *message_name(enum message_type t)
{
    switch (t) {
#define X(sym, number, name) case sym: return name;
        MESSAGES(X)
#undef X
    }
    return "?";
}

static const struct { const char *code; bool is_violation; } byes[] = {
#define X(sym, code, violation) [sym] = {code, violation},
    BYE_REASONS(X)
#undef X
};

const char *bye_code(enum bye_reason r)
{
    return r < BYE_COUNT ? byes[r].code : "unknown";
}

bool bye_is_violation(enum bye_reason r)
{
    return r < BYE_COUNT && byes[r].is_violation;
}

enum err bye_parse(struct bytes code, enum bye_reason *ret)
{
    for (unsigned r = 0; r < BYE_COUNT; r++) {
        if (bytes_equal(code, bytes_of(byes[r].code))) {
            *ret = (enum bye_reason)r;
            return OK;
        }
    }
    return ERR_UNKNOWN;
}

struct short_root short_root_of(const struct hash *root)
{
    struct short_root s;
    memcpy(s.b, root->b, sizeof(s.b));
    return s;
}

/* ---- fields that several messages share ---- */

static struct slug read_slug(struct reader *r)
{
    struct slug slug = {{0}};
    if (slug_parse(read_str(r, SLUG_MAX), &slug) != OK)
        reader_fail(r);
    return slug;
}

static uint32_t read_u32(struct reader *r)
{
    return (uint32_t)read_uint(r, UINT32_MAX);
}

static uint32_t read_generation(struct reader *r)
{
    uint32_t g = read_u32(r);
    if (g == 0)
        reader_fail(r);
    return g;
}

static struct log_ref read_log(struct reader *r)
{
    struct log_ref ref;
    ref.slug = read_slug(r);
    ref.generation = read_generation(r);
    return ref;
}

static void put_log(struct buf *ret, const struct log_ref *ref)
{
    pack_str(ret, ref->slug.s);
    pack_uint(ret, ref->generation);
}

/* A newer version's further elements. */
static void skip_rest(struct reader *r, size_t n, size_t known)
{
    for (; n > known && r->failed == OK; n--)
        read_skip(r);
}

/* ---- decoding: one function a type; `n` counts the elements behind the type ---- */

enum { MORE_MAX = 16 };                         /* elements that a newer version may have added */

/* A version and its hash, which stand or lack together. */
static void read_charter_held(struct reader *r, uint32_t *ret_version, struct hash *ret_hash)
{
    memset(ret_hash, 0, sizeof(*ret_hash));
    *ret_version = read_u32(r);
    bool has_charter = !read_nil(r);
    if (has_charter)
        read_fixed(r, ret_hash->b, HASH_LEN);
    if (has_charter != (*ret_version > 0))
        reader_fail(r);
}

static void put_charter_held(struct buf *ret, uint32_t version, const struct hash *hash)
{
    pack_uint(ret, version);
    if (version > 0)
        pack_fixed(ret, hash->b, HASH_LEN);
    else
        pack_nil(ret);
}

static void decode_hello(struct reader *r, size_t n, struct message *m)
{
    struct msg_hello *h = &m->u.hello;
    h->protocol = read_uint(r, UINT32_MAX);
    read_charter_held(r, &h->charter_version, &h->charter_hash);
    h->time_ms = read_uint(r, INT64_MAX);
    h->identity = read_bin(r, IDENTITY_MAX);
    skip_rest(r, n, 5);
}

static void decode_enrol(struct reader *r, size_t n, struct message *m)
{
    read_fixed(r, m->u.token, TOKEN_LEN);
    skip_rest(r, n, 1);
}

static size_t decode_blobs(struct reader *r, size_t max_count, size_t max_len, struct bytes *ret)
{
    size_t n = read_array(r, 0, max_count);
    for (size_t i = 0; i < n; i++)
        ret[i] = read_bin(r, max_len);
    return n;
}

static void decode_charter(struct reader *r, size_t n, struct message *m)
{
    struct msg_charter *c = &m->u.charter;
    read_charter_held(r, &c->held, &c->held_hash);
    c->n_notes = decode_blobs(r, CHARTER_NOTES_MAX, NOTE_MAX, c->notes);
    c->n_identities = decode_blobs(r, CHARTER_IDENTITIES_MAX, IDENTITY_MAX, c->identities);
    skip_rest(r, n, 4);
}

static void read_have(struct reader *r, struct have *ret)
{
    size_t n = read_array(r, 6, 6 + MORE_MAX);
    ret->log = read_log(r);
    ret->size = read_uint(r, INT64_MAX);
    read_fixed(r, ret->root.b, SHORT_ROOT_LEN);
    ret->witnesses = read_u32(r);
    ret->flags = read_u32(r);
    skip_rest(r, n, 6);
}

bool have_next(struct msg_have *m, struct have *ret)
{
    if (m->n == 0)
        return false;
    m->n--;
    read_have(&m->items, ret);
    return reader_status(&m->items) == OK;
}

static void decode_have(struct reader *r, size_t n, struct message *m)
{
    struct msg_have *h = &m->u.have;
    memset(&h->hash, 0, sizeof(h->hash));
    h->has_hash = !read_nil(r);
    if (h->has_hash)
        read_fixed(r, h->hash.b, HASH_LEN);
    h->n = read_array(r, 0, HAVE_ITEMS_MAX);
    h->items = *r;
    for (size_t i = 0; i < h->n; i++) {
        struct have ignored;
        read_have(r, &ignored);
    }
    skip_rest(r, n, 2);
}

static void decode_want(struct reader *r, size_t n, struct message *m)
{
    struct msg_want *w = &m->u.want;
    w->log = read_log(r);
    w->has_from = !read_nil(r);
    w->from = w->has_from ? read_uint(r, INT64_MAX) : 0;
    w->upto = read_uint(r, INT64_MAX);
    w->credit = (uint32_t)read_uint(r, WANT_CREDIT_MAX);
    skip_rest(r, n, 5);
}

static void read_item(struct reader *r, struct item *ret)
{
    size_t n = read_array(r, 2, 3 + MORE_MAX);
    ret->header = read_bin(r, HEADER_MAX);
    ret->has_payload = !read_nil(r);
    ret->excuse = 0;
    if (ret->has_payload) {
        ret->payload = read_bin(r, PAYLOAD_MAX);
        skip_rest(r, n, 2);
    } else {
        ret->payload = (struct bytes){NULL, 0};
        if (n < 3)
            reader_fail(r);
        ret->excuse = read_uint(r, INT64_MAX);
        skip_rest(r, n, 3);
    }
}

bool item_next(struct msg_entries *m, struct item *ret)
{
    if (m->n == 0)
        return false;
    m->n--;
    read_item(&m->items, ret);
    return reader_status(&m->items) == OK;
}

static void decode_entries(struct reader *r, size_t n, struct message *m)
{
    struct msg_entries *e = &m->u.entries;
    e->log = read_log(r);
    e->from = read_uint(r, INT64_MAX);
    e->n = read_array(r, 1, ENTRIES_ITEMS_MAX);
    e->items = *r;
    for (size_t i = 0; i < e->n && reader_status(r) == OK; i++) {
        struct item ignored;
        read_item(r, &ignored);
    }
    e->checkpoint = (struct bytes){NULL, 0};
    if (!read_nil(r))
        e->checkpoint = read_bin(r, CHECKPOINT_MAX);
    skip_rest(r, n, 5);
}

static void decode_checkpoint(struct reader *r, size_t n, struct message *m)
{
    m->u.checkpoint.log = read_log(r);
    m->u.checkpoint.note = read_bin(r, CHECKPOINT_MAX);
    skip_rest(r, n, 3);
}

static void decode_cosig(struct reader *r, size_t n, struct message *m)
{
    struct cosig *c = &m->u.cosig;
    c->log = read_log(r);
    c->size = read_uint(r, INT64_MAX);
    read_fixed(r, c->root.b, HASH_LEN);
    c->witness = read_slug(r);
    c->time_s = read_uint(r, INT64_MAX);
    read_fixed(r, c->sig.b, SIG_LEN);
    skip_rest(r, n, 7);
}

static void decode_prove(struct reader *r, size_t n, struct message *m)
{
    m->u.prove.log = read_log(r);
    m->u.prove.from = read_uint(r, INT64_MAX);
    m->u.prove.size = read_uint(r, INT64_MAX);
    skip_rest(r, n, 4);
}

static void decode_proof(struct reader *r, size_t n, struct message *m)
{
    struct msg_proof *p = &m->u.proof;
    p->log = read_log(r);
    p->from = read_uint(r, INT64_MAX);
    p->size = read_uint(r, INT64_MAX);
    read_fixed(r, p->root_from.b, HASH_LEN);
    p->proof.n = 0;
    p->has_proof = !read_nil(r);
    if (p->has_proof) {
        size_t count = read_array(r, 0, PROOF_HASHES_MAX);
        for (size_t i = 0; i < count; i++)
            read_fixed(r, p->proof.path[i].b, HASH_LEN);
        p->proof.n = count;
    }
    skip_rest(r, n, 6);
}

static void decode_evidence(struct reader *r, size_t n, struct message *m)
{
    m->u.evidence = read_bin(r, EVIDENCE_MAX);
    skip_rest(r, n, 1);
}

static void decode_ping(struct reader *r, size_t n, struct message *m)
{
    struct msg_ping *p = &m->u.ping;
    p->id = read_uint(r, INT64_MAX);
    p->is_reply = read_bool(r);
    (void)read_array(r, 3, 3);
    p->generation = read_generation(r);
    p->size = read_uint(r, INT64_MAX);
    read_fixed(r, p->root.b, SHORT_ROOT_LEN);
    skip_rest(r, n, 3);
}

static void decode_bye(struct reader *r, size_t n, struct message *m)
{
    m->u.bye = read_str(r, 64);
    skip_rest(r, n, 1);
}

static const struct {
    void (*decode)(struct reader *r, size_t n, struct message *m);
    size_t n_fields;
} kinds[] = {
    [MSG_HELLO] = {decode_hello, 5},           [MSG_ENROL] = {decode_enrol, 1},
    [MSG_CHARTER] = {decode_charter, 4},       [MSG_HAVE] = {decode_have, 2},
    [MSG_WANT] = {decode_want, 5},             [MSG_ENTRIES] = {decode_entries, 5},
    [MSG_CHECKPOINT] = {decode_checkpoint, 3}, [MSG_COSIG] = {decode_cosig, 7},
    [MSG_PROVE] = {decode_prove, 4},           [MSG_PROOF] = {decode_proof, 6},
    [MSG_EVIDENCE] = {decode_evidence, 1},     [MSG_PING] = {decode_ping, 3},
    [MSG_BYE] = {decode_bye, 1},
};

enum err message_decode(struct bytes body, struct message *ret)
{
    struct reader r = reader_on(body);
    size_t n = read_array(&r, 1, 1 + 7 + MORE_MAX);
    uint64_t type = read_uint(&r, UINT32_MAX);
    if (reader_status(&r) != OK)
        return ERR_FORMAT;
    if (type >= sizeof(kinds) / sizeof(kinds[0]) || kinds[type].decode == NULL)
        return ERR_UNKNOWN;
    if (n - 1 < kinds[type].n_fields)
        return ERR_FORMAT;
    ret->type = (enum message_type)type;
    kinds[type].decode(&r, n - 1, ret);
    return reader_finish(&r);
}

/* ---- encoding ---- */

static void begin(struct buf *ret, enum message_type t)
{
    pack_array(ret, 1 + kinds[t].n_fields);
    pack_uint(ret, t);
}

void put_hello(struct buf *ret, const struct msg_hello *m)
{
    begin(ret, MSG_HELLO);
    pack_uint(ret, m->protocol);
    put_charter_held(ret, m->charter_version, &m->charter_hash);
    pack_uint(ret, m->time_ms);
    pack_bin(ret, m->identity);
}

void put_enrol(struct buf *ret, const uint8_t token[TOKEN_LEN])
{
    begin(ret, MSG_ENROL);
    pack_fixed(ret, token, TOKEN_LEN);
}

void put_charter(struct buf *ret, uint32_t held, const struct hash *held_hash, size_t n_notes, const struct bytes *notes,
                 size_t n_identities, const struct bytes *identities)
{
    begin(ret, MSG_CHARTER);
    put_charter_held(ret, held, held_hash);
    pack_array(ret, n_notes);
    for (size_t i = 0; i < n_notes; i++)
        pack_bin(ret, notes[i]);
    pack_array(ret, n_identities);
    for (size_t i = 0; i < n_identities; i++)
        pack_bin(ret, identities[i]);
}

static void put_have_items(struct buf *ret, size_t n, const struct have *items)
{
    pack_array(ret, n);
    for (size_t i = 0; i < n; i++) {
        pack_array(ret, 6);
        put_log(ret, &items[i].log);
        pack_uint(ret, items[i].size);
        pack_fixed(ret, items[i].root.b, SHORT_ROOT_LEN);
        pack_uint(ret, items[i].witnesses);
        pack_uint(ret, items[i].flags);
    }
}

void put_have_hash(struct buf *ret, const struct hash *hash)
{
    put_have_vector(ret, hash, 0, NULL);
}

void put_have_vector(struct buf *ret, const struct hash *hash, size_t n, const struct have *items)
{
    begin(ret, MSG_HAVE);
    pack_fixed(ret, hash->b, HASH_LEN);
    put_have_items(ret, n, items);
}

void put_have(struct buf *ret, size_t n, const struct have *items)
{
    begin(ret, MSG_HAVE);
    pack_nil(ret);
    put_have_items(ret, n, items);
}

void put_want(struct buf *ret, const struct msg_want *m)
{
    begin(ret, MSG_WANT);
    put_log(ret, &m->log);
    if (m->has_from)
        pack_uint(ret, m->from);
    else
        pack_nil(ret);
    pack_uint(ret, m->upto);
    pack_uint(ret, m->credit);
}

void put_item(struct buf *ret, const struct item *item)
{
    pack_array(ret, item->has_payload ? 2 : 3);
    pack_bin(ret, item->header);
    if (item->has_payload) {
        pack_bin(ret, item->payload);
    } else {
        pack_nil(ret);
        pack_uint(ret, item->excuse);
    }
}

void put_entries(struct buf *ret, const struct log_ref *log, uint64_t from, size_t n, struct bytes items,
                 struct bytes checkpoint)
{
    begin(ret, MSG_ENTRIES);
    put_log(ret, log);
    pack_uint(ret, from);
    pack_array(ret, n);
    pack_raw(ret, items);
    if (checkpoint.len > 0)
        pack_bin(ret, checkpoint);
    else
        pack_nil(ret);
}

void put_checkpoint(struct buf *ret, const struct log_ref *log, struct bytes note)
{
    begin(ret, MSG_CHECKPOINT);
    put_log(ret, log);
    pack_bin(ret, note);
}

void put_cosig(struct buf *ret, const struct cosig *c)
{
    begin(ret, MSG_COSIG);
    put_log(ret, &c->log);
    pack_uint(ret, c->size);
    pack_fixed(ret, c->root.b, HASH_LEN);
    pack_str(ret, c->witness.s);
    pack_uint(ret, c->time_s);
    pack_fixed(ret, c->sig.b, SIG_LEN);
}

void put_prove(struct buf *ret, const struct msg_prove *m)
{
    begin(ret, MSG_PROVE);
    put_log(ret, &m->log);
    pack_uint(ret, m->from);
    pack_uint(ret, m->size);
}

void put_proof(struct buf *ret, const struct msg_proof *m)
{
    begin(ret, MSG_PROOF);
    put_log(ret, &m->log);
    pack_uint(ret, m->from);
    pack_uint(ret, m->size);
    pack_fixed(ret, m->root_from.b, HASH_LEN);
    if (!m->has_proof) {
        pack_nil(ret);
        return;
    }
    pack_array(ret, m->proof.n);
    for (size_t i = 0; i < m->proof.n; i++)
        pack_fixed(ret, m->proof.path[i].b, HASH_LEN);
}

void put_evidence(struct buf *ret, struct bytes evidence)
{
    begin(ret, MSG_EVIDENCE);
    pack_bin(ret, evidence);
}

void put_ping(struct buf *ret, const struct msg_ping *m)
{
    begin(ret, MSG_PING);
    pack_uint(ret, m->id);
    pack_bool(ret, m->is_reply);
    pack_array(ret, 3);
    pack_uint(ret, m->generation);
    pack_uint(ret, m->size);
    pack_fixed(ret, m->root.b, SHORT_ROOT_LEN);
}

void put_bye(struct buf *ret, enum bye_reason r)
{
    begin(ret, MSG_BYE);
    pack_str(ret, bye_code(r));
}

enum err have_vector_hash(size_t n, const struct have *sorted, struct hash *ret)
{
    struct buf b = buf_on(FRAME_BODY_MAX);
    pack_array(&b, n);
    for (size_t i = 0; i < n; i++) {
        pack_array(&b, 5);
        put_log(&b, &sorted[i].log);
        pack_uint(&b, sorted[i].size);
        pack_fixed(&b, sorted[i].root.b, SHORT_ROOT_LEN);
        pack_uint(&b, sorted[i].flags);
    }
    enum err e = buf_status(&b);
    if (e == OK)
        *ret = blake2b_256(buf_bytes(&b));
    buf_release(&b);
    return e;
}
