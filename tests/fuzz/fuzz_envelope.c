/* tests/fuzz/fuzz_envelope.c - epoch bodies, their secrets, grants, sealed records.
 *
 * What a reader takes, writes back to the same bytes; what is sealed, opens to
 * what it was, and not once a byte of it has changed. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/envelope.h"
#include "protocol/grant.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct sym_secret epoch_key = {{1, 2, 3}};

static struct seal_with with_defaults(void)
{
    return (struct seal_with){.id = {.origin = {.slug = {"barsetshire"}, .generation = 1}, .epoch = 3},
                              .epoch_key = &epoch_key, .time_ms = 4, .nonce = {5}, .salt = {6}};
}

static void try_epoch_body(struct bytes in, struct buf *b)
{
    static struct epoch_body e;
    if (epoch_body_read(in, &e) != OK)
        return;
    buf_clear(b);
    pack_array(b, 3);
    if (e.is_alliance)
        pack_fixed(b, e.charter.b, HASH_LEN);
    else
        pack_nil(b);
    pack_array(b, e.n_boxes);
    for (size_t i = 0; i < e.n_boxes; i++)
        if (e.boxes[i].len == 0)
            pack_nil(b);
        else
            pack_bin(b, e.boxes[i]);
    pack_bin(b, e.secret);
    assert(bytes_equal(buf_bytes(b), in));
}

static void try_grant(struct bytes in, struct buf *b)
{
    static struct grant g;
    if (grant_read(in, &g) != OK)
        return;
    buf_clear(b);
    grant_write(&g, b);
    assert(bytes_equal(buf_bytes(b), in));
}

static void try_record(struct bytes in, struct buf *header, struct buf *payload, struct buf *plain)
{
    struct seal_with with = with_defaults();
    struct header h;
    struct sym_secret key;
    buf_clear(header);
    buf_clear(payload);
    record_seal(&with, in, header, payload);
    assert(header_read(buf_bytes(header), &h) == OK);
    assert(header_check_payload(&h, buf_bytes(payload)) == OK);
    record_key(&epoch_key, with.nonce, &key);
    assert(record_open(&with.id.origin, &h, buf_bytes(payload), &key, plain) == OK);
    assert(bytes_equal(buf_bytes(plain), in));
    payload->p[SALT_LEN + in.len % (payload->len - SALT_LEN)] ^= 1;
    assert(record_open(&with.id.origin, &h, buf_bytes(payload), &key, plain) == ERR_DECRYPT);
    assert(plain->len == 0);
}

/* An epoch entry whose author sealed the input as its secret, and committed to it. */
static void seal_secret(const struct seal_with *with, struct bytes secret, struct header *ret, struct buf *payload)
{
    struct sym_secret key, ke, kc;
    struct buf ad = buf_on(512), sealed = buf_on(PAYLOAD_MAX);
    char origin[ORIGIN_MAX + 1];
    *ret = (struct header){.kind = KIND_EPOCH, .time_ms = with->time_ms, .epoch = with->id.epoch};
    memcpy(ret->nonce, with->nonce, XNONCE_LEN);
    record_key(with->epoch_key, with->nonce, &key);
    kdf_subkey(&key, 1, &ke);
    kdf_subkey(&key, 2, &kc);
    origin_text(&with->id.origin, origin);
    buf_printf(&ad, "%s\n", origin);
    pack_array(&ad, 6);
    pack_uint(&ad, 1);
    pack_uint(&ad, KIND_EPOCH);
    pack_uint(&ad, ret->time_ms);
    pack_fixed(&ad, ret->audience.b, sizeof(ret->audience.b));
    pack_uint(&ad, ret->epoch);
    pack_fixed(&ad, ret->nonce, XNONCE_LEN);

    uint8_t *at = buf_grow(&sealed, padded_len(secret.len) + AEAD_TAG_LEN);
    assert(at != NULL);
    if (secret.len > 0)
        memcpy(at, secret.p, secret.len);
    pad(at, secret.len);
    xaead_seal(&ke, with->nonce, buf_bytes(&ad), (struct bytes){at, padded_len(secret.len)}, at);
    buf_clear(payload);
    buf_put(payload, (struct bytes){with->salt, SALT_LEN});
    pack_array(payload, 3);
    pack_nil(payload);
    pack_array(payload, 1);
    pack_nil(payload);
    pack_bin(payload, buf_bytes(&sealed));
    ret->payload_hash = blake2b_256(buf_bytes(payload));
    ret->payload_len = (uint32_t)payload->len;
    ret->commit = blake2b_keyed(&kc, buf_bytes(&ad), (struct bytes){ret->payload_hash.b, HASH_LEN});
    buf_release(&ad);
    buf_release(&sealed);
}

static void try_secret(struct bytes in, struct buf *header, struct buf *payload, struct buf *again)
{
    static struct epoch_secret secret;
    const struct bytes no_box = {NULL, 0};
    struct seal_with with = with_defaults();
    struct header h;
    seal_secret(&with, in, &h, payload);
    assert(epoch_check_key(&with.id.origin, &h, &epoch_key) == OK);
    enum err e = epoch_open_secret(&with.id.origin, &h, buf_bytes(payload), &epoch_key, &secret);
    assert(e == OK || e == ERR_FORMAT);
    if (e != OK)
        return;
    buf_clear(header);
    buf_clear(again);
    assert(epoch_seal(&with, NULL, 1, &no_box, &secret, header, again) == OK);
    assert(bytes_equal(buf_bytes(again), buf_bytes(payload)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    struct buf a = buf_on(PAYLOAD_MAX), b = buf_on(PAYLOAD_MAX), c = buf_on(PAYLOAD_MAX);
    if (size <= PAYLOAD_MAX / 2) {
        try_epoch_body(in, &a);
        try_grant(in, &a);
        try_record(in, &a, &b, &c);
        try_secret(in, &a, &b, &c);
    }
    buf_release(&a);
    buf_release(&b);
    buf_release(&c);
    return 0;
}
