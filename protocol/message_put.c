/* protocol/message_put.c - writing messages; message.c reads them. */
#include "protocol/message.h"

static void put_log(struct buf *ret, const struct log_ref *ref)
{
    pack_str(ret, ref->slug.s);
    pack_uint(ret, ref->generation);
}

static void put_charter_held(struct buf *ret, uint32_t version, const struct hash *hash)
{
    pack_uint(ret, version);
    if (version > 0)
        pack_fixed(ret, hash->b, HASH_LEN);
    else
        pack_nil(ret);
}

static void begin_with(struct buf *ret, enum message_type t, size_t n_more)
{
    pack_array(ret, 1 + message_fields(t) + n_more);
    pack_uint(ret, t);
}

static void begin(struct buf *ret, enum message_type t)
{
    begin_with(ret, t, 0);
}

void put_hello(struct buf *ret, const struct msg_hello *m)
{
    begin_with(ret, MSG_HELLO, m->program.len > 0);
    pack_uint(ret, m->protocol);
    put_charter_held(ret, m->charter_version, &m->charter_hash);
    pack_uint(ret, m->time_ms);
    pack_bin(ret, m->identity);
    if (m->program.len > 0)
        pack_str_bytes(ret, m->program);
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
