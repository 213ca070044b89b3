#include "protocol/entry.h"

#include <assert.h>
#include <string.h>

enum { VERSION = 1, HEADER_ELEMENTS = 9 };

/* A kind whose header we know in every element. */
static bool kind_is_known(uint64_t kind)
{
    return kind <= KIND_GRANT;
}

/* May an entry of a known kind be public, or not? A record may be either. */
static bool kind_allows(uint64_t kind, bool is_public)
{
    return kind == KIND_RECORD || is_public == (kind != KIND_EPOCH);
}

void header_write(const struct header *h, struct buf *ret)
{
    assert(h->payload_len >= SALT_LEN && h->payload_len <= PAYLOAD_MAX);
    pack_array(ret, HEADER_ELEMENTS);
    pack_uint(ret, VERSION);
    pack_uint(ret, h->kind);
    pack_uint(ret, h->time_ms);
    if (h->is_public) {
        for (int i = 0; i < 4; i++)
            pack_nil(ret);
    } else {
        pack_fixed(ret, h->audience.b, sizeof(h->audience.b));
        pack_uint(ret, h->epoch);
        pack_fixed(ret, h->nonce, sizeof(h->nonce));
        pack_fixed(ret, h->commit.b, sizeof(h->commit.b));
    }
    pack_fixed(ret, h->payload_hash.b, sizeof(h->payload_hash.b));
    pack_uint(ret, h->payload_len);
}

/* Elements 2 to 6 of a known kind: when, and for whom. */
static void read_known(struct reader *r, struct header *h)
{
    h->time_ms = read_uint(r, UINT64_MAX);
    h->is_public = read_nil(r);
    if (!kind_allows(h->kind, h->is_public))
        reader_fail(r);
    if (h->is_public) {
        for (int i = 0; i < 3; i++)
            if (!read_nil(r))
                reader_fail(r);                 /* half public */
        return;
    }
    read_fixed(r, h->audience.b, sizeof(h->audience.b));
    h->epoch = (uint32_t)read_uint(r, UINT32_MAX);
    read_fixed(r, h->nonce, sizeof(h->nonce));
    read_fixed(r, h->commit.b, sizeof(h->commit.b));
}

/* Headers are flat in every kind, and what we do not know stays so. */
static void skip_flat(struct reader *r, size_t n)
{
    for (; n > 0; n--)
        read_skip_flat(r);
}

enum err header_read(struct bytes in, struct header *ret)
{
    if (in.len > HEADER_MAX)
        return ERR_FORMAT;
    struct header h = {0};
    struct reader r = reader_on(in);
    size_t n = read_array(&r, HEADER_ELEMENTS, HEADER_MAX);
    if (read_uint(&r, UINT64_MAX) != VERSION)
        reader_fail(&r);
    h.kind = read_uint(&r, UINT64_MAX);
    bool known = kind_is_known(h.kind);
    if (known && n != HEADER_ELEMENTS)
        reader_fail(&r);
    if (known)
        read_known(&r, &h);
    else
        skip_flat(&r, 5);
    read_fixed(&r, h.payload_hash.b, sizeof(h.payload_hash.b));
    h.payload_len = (uint32_t)read_uint(&r, PAYLOAD_MAX);
    if (n > HEADER_ELEMENTS)
        skip_flat(&r, n - HEADER_ELEMENTS);
    if (reader_finish(&r) != OK || h.payload_len < SALT_LEN)
        return ERR_FORMAT;
    *ret = h;
    return OK;
}

enum err header_check_payload(const struct header *h, struct bytes payload)
{
    if (payload.len != h->payload_len)
        return ERR_FORMAT;
    struct hash got = blake2b_256(payload);
    return hash_equal(&got, &h->payload_hash) ? OK : ERR_ROOT;
}

struct bytes payload_body(struct bytes payload)
{
    assert(payload.len >= SALT_LEN);
    return (struct bytes){payload.p + SALT_LEN, payload.len - SALT_LEN};
}

void entry_write_public(uint64_t kind, uint64_t time_ms, const uint8_t salt[SALT_LEN], struct bytes body,
                        struct buf *ret_header, struct buf *ret_payload)
{
    assert(!kind_is_known(kind) || kind_allows(kind, true));
    size_t from = ret_payload->len;
    if (body.len > PAYLOAD_MAX - SALT_LEN && ret_payload->failed == OK)
        ret_payload->failed = ERR_LIMIT;
    buf_put(ret_payload, (struct bytes){salt, SALT_LEN});
    buf_put(ret_payload, body);
    if (buf_status(ret_payload) != OK)
        return;
    struct bytes payload = {ret_payload->p + from, ret_payload->len - from};
    struct header h = {.kind = kind, .time_ms = time_ms, .is_public = true};
    h.payload_hash = blake2b_256(payload);
    h.payload_len = (uint32_t)payload.len;
    header_write(&h, ret_header);
}

/* [a-z-]+ */
static bool reason_is_good(struct bytes in)
{
    for (size_t i = 0; i < in.len; i++)
        if (in.p[i] != '-' && (in.p[i] < 'a' || in.p[i] > 'z'))
            return false;
    return in.len > 0;
}

void withdrawal_write(const struct withdrawal *w, struct buf *ret)
{
    assert(reason_is_good(bytes_of(w->reason)));
    pack_array(ret, 3);
    pack_uint(ret, w->target);
    pack_str(ret, w->reason);
    pack_bool(ret, w->erase);
}

enum err withdrawal_read(struct bytes body, struct withdrawal *ret)
{
    struct withdrawal w = {0};
    struct reader r = reader_on(body);
    (void)read_array(&r, 3, 3);
    w.target = read_uint(&r, UINT64_MAX);
    struct bytes reason = read_str(&r, sizeof(w.reason) - 1);
    w.erase = read_bool(&r);
    if (reader_finish(&r) != OK || !reason_is_good(reason))
        return ERR_FORMAT;
    memcpy(w.reason, reason.p, reason.len);
    *ret = w;
    return OK;
}

void opening_write(const struct opening *o, struct buf *ret)
{
    assert(o->n >= 1 && o->n <= OPENING_MAX);
    pack_array(ret, o->n);
    for (size_t i = 0; i < o->n; i++) {
        pack_array(ret, 2);
        pack_uint(ret, o->items[i].index);
        pack_fixed(ret, o->items[i].key.b, sizeof(o->items[i].key.b));
    }
}

void opening_walk(struct reader *r, struct opening *ret)
{
    size_t n = read_array(r, 1, OPENING_MAX);
    for (size_t i = 0; i < n; i++) {
        struct sym_secret key;
        (void)read_array(r, 2, 2);
        uint64_t index = read_uint(r, UINT64_MAX);
        read_fixed(r, key.b, sizeof(key.b));
        if (ret != NULL) {
            ret->items[i].index = index;
            ret->items[i].key = key;
        }
    }
    if (ret != NULL)
        ret->n = n;
}

static enum err walk_all(struct bytes body, struct opening *ret)
{
    struct reader r = reader_on(body);
    opening_walk(&r, ret);
    return reader_finish(&r);
}

enum err opening_read(struct bytes body, struct opening *ret)
{
    enum err e = walk_all(body, NULL);          /* 40 KiB: looked at before *ret is touched */
    return e == OK ? walk_all(body, ret) : e;
}
