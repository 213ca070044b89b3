#include "protocol/message.h"

#include <string.h>

const char *message_name(enum message_type t)
{
    switch (t) {
#define X(sym, number, name, fields) case sym: return name;
        MESSAGES(X)
#undef X
    }
    return "?";
}

size_t message_fields(enum message_type t)
{
    switch (t) {
#define X(sym, number, name, fields) case sym: return fields;
        MESSAGES(X)
#undef X
    }
    return 0;
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

/* [P-42] What stands there and is no such text counts as not said: nothing hangs on it, so nobody is hung up on. */
static struct bytes read_program(struct reader *r)
{
    struct reader value = reader_on(read_raw(r));
    struct bytes text = read_str(&value, PROGRAM_MAX);
    bool is_plain = reader_status(&value) == OK;
    for (size_t i = 0; i < text.len; i++)
        is_plain = is_plain && text.p[i] >= 0x20 && text.p[i] < 0x7F;
    return is_plain ? text : (struct bytes){NULL, 0};
}

static void decode_hello(struct reader *r, size_t n, struct message *m)
{
    struct msg_hello *h = &m->u.hello;
    h->protocol = read_uint(r, UINT32_MAX);
    read_charter_held(r, &h->charter_version, &h->charter_hash);
    h->time_ms = read_uint(r, INT64_MAX);
    h->identity = read_bin(r, IDENTITY_MAX);
    h->program = n > 5 ? read_program(r) : (struct bytes){NULL, 0};
    skip_rest(r, n, 6);
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

static void (*const decoders[])(struct reader *r, size_t n, struct message *m) = {
    [MSG_HELLO] = decode_hello,           [MSG_ENROL] = decode_enrol,   [MSG_CHARTER] = decode_charter,
    [MSG_HAVE] = decode_have,             [MSG_WANT] = decode_want,     [MSG_ENTRIES] = decode_entries,
    [MSG_CHECKPOINT] = decode_checkpoint, [MSG_COSIG] = decode_cosig,   [MSG_PROVE] = decode_prove,
    [MSG_PROOF] = decode_proof,           [MSG_EVIDENCE] = decode_evidence, [MSG_PING] = decode_ping,
    [MSG_BYE] = decode_bye,
};

enum err message_decode(struct bytes body, struct message *ret)
{
    struct reader r = reader_on(body);
    size_t n = read_array(&r, 1, 1 + 7 + MORE_MAX);
    uint64_t type = read_uint(&r, UINT32_MAX);
    if (reader_status(&r) != OK)
        return ERR_FORMAT;
    if (type >= sizeof(decoders) / sizeof(decoders[0]) || decoders[type] == NULL)
        return ERR_UNKNOWN;
    if (n - 1 < message_fields((enum message_type)type))
        return ERR_FORMAT;
    ret->type = (enum message_type)type;
    decoders[type](&r, n - 1, ret);
    return reader_finish(&r);
}
