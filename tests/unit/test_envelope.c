#include "tests/unit/vectors.h"

#include <stdlib.h>

#include "protocol/envelope.h"
#include "protocol/grant.h"

static json_t *vectors;

static int setup(void **state)
{
    (void)state;
    vectors = vectors_load("tests/vectors/folkmoot/envelope.json");
    return crypto_start() == OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    json_decref(vectors);
    return 0;
}

/* One sealed entry of the vectors, and what was put into it. */
struct sealed {
    struct seal_with with;
    struct sym_secret epoch_key, record_key;
    struct header h;
    struct buf header, payload, plain;
};

static struct origin origin_of(const json_t *v)
{
    struct origin o;
    assert_int_equal(origin_parse(vector_bytes(v, "origin"), &o), OK);
    return o;
}

static void load_id(const json_t *v, struct epoch_id *ret)
{
    ret->origin = origin_of(v);
    ret->epoch = (uint32_t)vector_u64(v, "epoch");
    vector_fixed(v, "audience", ret->audience.b, sizeof(ret->audience.b));
}

static void load(const json_t *v, struct sealed *s)
{
    memset(s, 0, sizeof(*s));
    s->header = s->payload = s->plain = buf_on(PAYLOAD_MAX);
    load_id(v, &s->with.id);
    vector_fixed(v, "epoch_key", s->epoch_key.b, sizeof(s->epoch_key.b));
    vector_fixed(v, "record_key", s->record_key.b, sizeof(s->record_key.b));
    vector_fixed(v, "nonce", s->with.nonce, sizeof(s->with.nonce));
    vector_fixed(v, "salt", s->with.salt, sizeof(s->with.salt));
    s->with.time_ms = vector_u64(v, "time_ms");
    s->with.epoch_key = &s->epoch_key;
    (void)vector_hex_bytes(v, "plaintext", &s->plain);
    assert_int_equal(header_read(vector_hex_bytes(v, "header", &s->header), &s->h), OK);
    (void)vector_hex_bytes(v, "payload", &s->payload);
    assert_int_equal(header_check_payload(&s->h, buf_bytes(&s->payload)), OK);
}

static void release(struct sealed *s)
{
    buf_release(&s->header);
    buf_release(&s->payload);
    buf_release(&s->plain);
}

static const json_t *record_at(size_t i)
{
    return json_array_get(json_object_get(vectors, "records"), i);
}

static const json_t *epoch_at(size_t i)
{
    return json_array_get(json_object_get(vectors, "epochs"), i);
}

/* ---- records ---- */

static void records_have_the_frozen_bytes_and_open_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct sealed s;
        struct sym_secret key;
        struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX), plain = buf_on(PAYLOAD_MAX);
        load(record_at(i), &s);
        record_seal(&s.with, buf_bytes(&s.plain), &header, &payload);
        assert_bytes_equal(buf_bytes(&header), buf_bytes(&s.header));
        assert_bytes_equal(buf_bytes(&payload), buf_bytes(&s.payload));
        record_key(&s.epoch_key, s.with.nonce, &key);
        assert_memory_equal(key.b, s.record_key.b, sizeof(key.b));
        assert_int_equal(record_open(&s.with.id.origin, &s.h, buf_bytes(&payload), &key, &plain), OK);
        assert_bytes_equal(buf_bytes(&plain), buf_bytes(&s.plain));
        buf_release(&header);
        buf_release(&payload);
        buf_release(&plain);
        release(&s);
    }
}

static void only_multiples_of_the_pad_block_show(void **state)
{
    (void)state;
    static const uint8_t zeros[300];
    struct sealed s;
    load(record_at(0), &s);
    for (size_t len = 0; len < 300; len++) {
        struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX), plain = buf_on(PAYLOAD_MAX);
        struct header h;
        record_seal(&s.with, (struct bytes){zeros, len}, &header, &payload);
        assert_int_equal(header_read(buf_bytes(&header), &h), OK);
        assert_int_equal(h.payload_len, SALT_LEN + (len / PAD_BLOCK + 1) * PAD_BLOCK + AEAD_TAG_LEN);
        assert_int_equal(record_open(&s.with.id.origin, &h, buf_bytes(&payload), &s.record_key, &plain), OK);
        assert_bytes_equal(buf_bytes(&plain), ((struct bytes){zeros, len}));
        buf_release(&header);
        buf_release(&payload);
        buf_release(&plain);
    }
    release(&s);
}

static void another_key_is_refused_before_anything_is_decrypted(void **state)
{
    (void)state;
    struct sealed s, other;
    struct buf plain = buf_on(PAYLOAD_MAX);
    load(record_at(0), &s);
    load(record_at(1), &other);
    buf_put_str(&plain, "what was here before");
    assert_int_equal(record_open(&s.with.id.origin, &s.h, buf_bytes(&s.payload), &other.record_key, &plain),
                     ERR_COMMIT);
    assert_int_equal(plain.len, 0);
    release(&s);
    release(&other);
    buf_release(&plain);
}

static enum err open_changed(const struct sealed *s, const struct origin *origin, const struct header *h)
{
    struct buf plain = buf_on(PAYLOAD_MAX);
    enum err e = record_open(origin, h, buf_bytes(&s->payload), &s->record_key, &plain);
    assert_int_equal(plain.len, e == OK ? s->plain.len : 0);
    buf_release(&plain);
    return e;
}

static void a_record_opens_only_in_its_own_log_and_header(void **state)
{
    (void)state;
    struct sealed s;
    load(record_at(0), &s);
    assert_int_equal(open_changed(&s, &s.with.id.origin, &s.h), OK);
    struct origin o = s.with.id.origin;
    o.generation = 2;
    assert_int_equal(open_changed(&s, &o, &s.h), ERR_COMMIT);
    o = s.with.id.origin;
    o.slug.s[1]++;
    assert_int_equal(open_changed(&s, &o, &s.h), ERR_COMMIT);
    struct header h = s.h;
    h.time_ms++;
    assert_int_equal(open_changed(&s, &s.with.id.origin, &h), ERR_COMMIT);
    h = s.h;
    h.epoch++;
    assert_int_equal(open_changed(&s, &s.with.id.origin, &h), ERR_COMMIT);
    h = s.h;
    h.audience.b[15] ^= 1;
    assert_int_equal(open_changed(&s, &s.with.id.origin, &h), ERR_COMMIT);
    h = s.h;
    h.nonce[23] ^= 1;
    assert_int_equal(open_changed(&s, &s.with.id.origin, &h), ERR_COMMIT);
    h = s.h;
    h.payload_hash.b[0] ^= 1;
    assert_int_equal(open_changed(&s, &s.with.id.origin, &h), ERR_COMMIT);
    release(&s);
}

static void a_public_entry_or_another_kind_is_no_sealed_record(void **state)
{
    (void)state;
    struct sealed s;
    load(record_at(0), &s);
    struct header h = s.h;
    h.is_public = true;
    assert_int_equal(open_changed(&s, &s.with.id.origin, &h), ERR_FORMAT);
    h = s.h;
    h.kind = KIND_EPOCH;
    assert_int_equal(open_changed(&s, &s.with.id.origin, &h), ERR_FORMAT);
    release(&s);
}

/* What an author can do who commits to anything: header and payload belong together and
 * the key is the committed one, but what is inside does not open. */
static void commit_to(const struct origin *origin, const struct sym_secret *key, struct bytes payload, struct header *h)
{
    struct buf ad = buf_on(512);
    struct sym_secret kc;
    char text[ORIGIN_MAX + 1];
    origin_text(origin, text);
    buf_printf(&ad, "%s\n", text);
    pack_array(&ad, 6);
    pack_uint(&ad, 1);
    pack_uint(&ad, h->kind);
    pack_uint(&ad, h->time_ms);
    pack_fixed(&ad, h->audience.b, sizeof(h->audience.b));
    pack_uint(&ad, h->epoch);
    pack_fixed(&ad, h->nonce, sizeof(h->nonce));
    h->payload_hash = blake2b_256(payload);
    h->payload_len = (uint32_t)payload.len;
    kdf_subkey(key, 2, &kc);
    h->commit = blake2b_keyed(&kc, buf_bytes(&ad), (struct bytes){h->payload_hash.b, HASH_LEN});
    buf_release(&ad);
}

static void a_committed_ciphertext_that_does_not_open_is_said_so(void **state)
{
    (void)state;
    struct sealed s;
    load(record_at(0), &s);
    s.payload.p[SALT_LEN] ^= 1;
    commit_to(&s.with.id.origin, &s.record_key, buf_bytes(&s.payload), &s.h);
    assert_int_equal(open_changed(&s, &s.with.id.origin, &s.h), ERR_DECRYPT);
    s.payload.len = SALT_LEN + AEAD_TAG_LEN - 1;
    commit_to(&s.with.id.origin, &s.record_key, buf_bytes(&s.payload), &s.h);
    assert_int_equal(open_changed(&s, &s.with.id.origin, &s.h), ERR_DECRYPT);
    release(&s);
}

static void a_committed_plaintext_without_padding_is_refused(void **state)
{
    (void)state;
    struct sealed s;
    struct sym_secret ke;
    struct buf ad = buf_on(512), payload = buf_on(1024);
    load(record_at(0), &s);
    static const uint8_t lens[] = {0, 127, 128};        /* nothing, no whole block, a block of zeros */
    for (size_t i = 0; i < sizeof(lens); i++) {
        static const uint8_t zeros[128];
        kdf_subkey(&s.record_key, 1, &ke);
        (void)vector_hex_bytes(record_at(0), "ad", &ad);
        buf_clear(&s.payload);
        buf_put(&s.payload, (struct bytes){s.with.salt, SALT_LEN});
        uint8_t *at = buf_grow(&s.payload, (size_t)lens[i] + AEAD_TAG_LEN);
        xaead_seal(&ke, s.h.nonce, buf_bytes(&ad), (struct bytes){zeros, lens[i]}, at);
        commit_to(&s.with.id.origin, &s.record_key, buf_bytes(&s.payload), &s.h);
        assert_int_equal(open_changed(&s, &s.with.id.origin, &s.h), ERR_FORMAT);
    }
    buf_release(&ad);
    buf_release(&payload);
    release(&s);
}

static void a_plaintext_beyond_the_limit_writes_no_header(void **state)
{
    (void)state;
    static uint8_t plain[PAYLOAD_MAX];
    const size_t most = (PAYLOAD_MAX - SALT_LEN - AEAD_TAG_LEN) / PAD_BLOCK * PAD_BLOCK - 1;
    struct sealed s;
    struct buf header = buf_on(HEADER_MAX), payload = buf_on(2 * PAYLOAD_MAX);
    load(record_at(0), &s);
    record_seal(&s.with, (struct bytes){plain, most + 1}, &header, &payload);
    assert_int_equal(buf_status(&payload), ERR_LIMIT);
    assert_int_equal(header.len, 0);
    buf_clear(&payload);
    record_seal(&s.with, (struct bytes){plain, most}, &header, &payload);
    assert_int_equal(buf_status(&payload), OK);
    assert_int_equal(header_read(buf_bytes(&header), &s.h), OK);
    buf_release(&header);
    buf_release(&payload);
    release(&s);
}

static void an_output_too_small_is_a_limit_and_not_a_plaintext(void **state)
{
    (void)state;
    struct sealed s;
    struct buf plain = buf_on(PAD_BLOCK - 1);
    load(record_at(0), &s);
    assert_int_equal(record_open(&s.with.id.origin, &s.h, buf_bytes(&s.payload), &s.record_key, &plain), ERR_LIMIT);
    assert_int_equal(plain.len, 0);
    buf_release(&plain);
    release(&s);
}

/* A second opening into the same buffer must not have to allocate again. */
static void opening_many_records_uses_one_piece_of_memory(void **state)
{
    (void)state;
    struct sealed s;
    struct buf plain = buf_on(PAYLOAD_MAX);
    load(record_at(0), &s);
    assert_int_equal(record_open(&s.with.id.origin, &s.h, buf_bytes(&s.payload), &s.record_key, &plain), OK);
    const uint8_t *p = plain.p;
    for (int i = 0; i < 100; i++)
        assert_int_equal(record_open(&s.with.id.origin, &s.h, buf_bytes(&s.payload), &s.record_key, &plain), OK);
    assert_ptr_equal(plain.p, p);
    buf_release(&plain);
    release(&s);
}

/* ---- one ciphertext, two keys ---- */

/* Under how many of the two keys does an entry of this ciphertext open that commits to `committed`? */
static void assert_at_most_one_opens(const struct origin *origin, struct header h, struct bytes ciphertext,
                                     const struct sym_secret keys[2], int committed, enum err committed_says)
{
    struct buf payload = buf_on(PAYLOAD_MAX), plain = buf_on(PAYLOAD_MAX);
    const uint8_t salt[SALT_LEN] = {9};
    buf_put(&payload, (struct bytes){salt, SALT_LEN});
    buf_put(&payload, ciphertext);
    commit_to(origin, &keys[committed], buf_bytes(&payload), &h);
    assert_int_equal(record_open(origin, &h, buf_bytes(&payload), &keys[committed], &plain), committed_says);
    assert_int_equal(record_open(origin, &h, buf_bytes(&payload), &keys[!committed], &plain), ERR_COMMIT);
    buf_release(&payload);
    buf_release(&plain);
}

static void a_ciphertext_made_for_two_aead_keys_opens_under_at_most_one(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/interop/aead_two_keys.json");
    struct buf cipher = buf_on(256), want = buf_on(256);
    struct sym_secret keys[2];
    struct header h = {.time_ms = 1};
    uint8_t plain[48];
    (void)vector_hex_bytes(v, "ciphertext", &cipher);
    vector_fixed(v, "nonce", h.nonce, sizeof(h.nonce));
    for (int i = 0; i < 2; i++) {               /* the library opens it under both */
        vector_fixed(v, i == 0 ? "key1" : "key2", keys[i].b, sizeof(keys[i].b));
        assert_int_equal(xaead_open(&keys[i], h.nonce, (struct bytes){NULL, 0}, buf_bytes(&cipher), plain), OK);
        (void)vector_hex_bytes(v, i == 0 ? "plaintext1" : "plaintext2", &want);
        assert_bytes_equal(((struct bytes){plain, sizeof(plain)}), buf_bytes(&want));
    }
    const struct origin origin = origin_of(json_object_get(vectors, "two_keys"));
    for (int i = 0; i < 2; i++)                 /* nor does its tag cover where it stands */
        assert_at_most_one_opens(&origin, h, buf_bytes(&cipher), keys, i, ERR_DECRYPT);
    buf_release(&cipher);
    buf_release(&want);
    json_decref(v);
}

/* The same attack carried out on our own format: associated data, derived keys and
 * padding all fit both keys, and nothing but the commitment stands in the way. */
static void a_record_forged_for_two_record_keys_opens_under_one_alone(void **state)
{
    (void)state;
    const json_t *v = json_object_get(vectors, "two_keys");
    struct buf ad = buf_on(512), cipher = buf_on(256), want = buf_on(256);
    struct sym_secret keys[2], ke;
    struct epoch_id id;
    uint8_t plain[128];
    load_id(v, &id);
    struct header h = {.time_ms = vector_u64(v, "time_ms"), .audience = id.audience, .epoch = id.epoch};
    vector_fixed(v, "nonce", h.nonce, sizeof(h.nonce));
    (void)vector_hex_bytes(v, "ad", &ad);
    (void)vector_hex_bytes(v, "ciphertext", &cipher);
    for (int i = 0; i < 2; i++) {
        vector_fixed(v, i == 0 ? "record_key1" : "record_key2", keys[i].b, sizeof(keys[i].b));
        kdf_subkey(&keys[i], 1, &ke);
        assert_int_equal(xaead_open(&ke, h.nonce, buf_bytes(&ad), buf_bytes(&cipher), plain), OK);
        (void)vector_hex_bytes(v, i == 0 ? "padded1" : "padded2", &want);
        assert_bytes_equal(((struct bytes){plain, sizeof(plain)}), buf_bytes(&want));
    }
    for (int i = 0; i < 2; i++)
        assert_at_most_one_opens(&id.origin, h, buf_bytes(&cipher), keys, i, OK);
    buf_release(&ad);
    buf_release(&cipher);
    buf_release(&want);
}

/* ---- epochs ---- */

/* The arguments of epoch_seal, out of the vectors. */
struct epoch_case {
    struct sealed s;
    bool has_charter;
    struct hash charter;
    size_t n_boxes;
    struct bytes boxes[4];
    struct buf box[4];
    struct epoch_secret secret;
};

static void load_epoch(const json_t *v, struct epoch_case *c)
{
    memset(c, 0, sizeof(*c));
    load(v, &c->s);
    c->has_charter = json_is_string(json_object_get(v, "charter"));
    if (c->has_charter)
        vector_fixed(v, "charter", c->charter.b, HASH_LEN);
    const json_t *boxes = json_object_get(v, "boxes"), *readers = json_object_get(v, "readers");
    c->n_boxes = json_array_size(boxes);
    for (size_t i = 0; i < c->n_boxes; i++) {
        const char *hex = json_string_value(json_array_get(boxes, i));
        c->box[i] = buf_on(BOX_LEN);
        if (hex == NULL)
            continue;
        hex_into(hex, buf_grow(&c->box[i], BOX_LEN), BOX_LEN);
        c->boxes[i] = buf_bytes(&c->box[i]);
    }
    assert_int_equal(bytes_to_str(vector_bytes(v, "title"), c->secret.title, sizeof(c->secret.title)), OK);
    c->secret.n_readers = json_array_size(readers);
    for (size_t i = 0; i < c->secret.n_readers; i++) {
        struct bytes slug = bytes_of(json_string_value(json_array_get(readers, i)));
        assert_int_equal(slug_parse(slug, &c->secret.readers[i]), OK);
    }
}

static void release_epoch(struct epoch_case *c)
{
    release(&c->s);
    for (size_t i = 0; i < c->n_boxes; i++)
        buf_release(&c->box[i]);
}

static void assert_secret(const struct epoch_secret *got, const struct epoch_secret *want)
{
    assert_string_equal(got->title, want->title);
    assert_int_equal(got->n_readers, want->n_readers);
    for (size_t i = 0; i < got->n_readers; i++)
        assert_string_equal(got->readers[i].s, want->readers[i].s);
}

static void epochs_have_the_frozen_bytes_and_open_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        static struct epoch_case c;
        static struct epoch_secret secret;
        struct epoch_body body;
        struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX);
        load_epoch(epoch_at(i), &c);
        assert_int_equal(epoch_seal(&c.s.with, c.has_charter ? &c.charter : NULL, c.n_boxes, c.boxes, &c.secret,
                                    &header, &payload), OK);
        assert_bytes_equal(buf_bytes(&header), buf_bytes(&c.s.header));
        assert_bytes_equal(buf_bytes(&payload), buf_bytes(&c.s.payload));
        assert_int_equal(epoch_body_read(payload_body(buf_bytes(&payload)), &body), OK);
        assert_int_equal(body.is_alliance, c.has_charter);
        assert_memory_equal(body.charter.b, c.charter.b, HASH_LEN);
        assert_int_equal(body.n_boxes, c.n_boxes);
        for (size_t k = 0; k < body.n_boxes; k++)
            assert_bytes_equal(body.boxes[k], c.boxes[k]);
        assert_int_equal(epoch_open_secret(&c.s.with.id.origin, &c.s.h, buf_bytes(&payload), &c.s.epoch_key, &secret),
                         OK);
        assert_secret(&secret, &c.secret);
        buf_release(&header);
        buf_release(&payload);
        release_epoch(&c);
    }
}

static void an_epoch_key_is_believed_only_if_its_author_committed_to_it(void **state)
{
    (void)state;
    static struct epoch_case c;
    static struct epoch_secret secret;
    load_epoch(epoch_at(0), &c);
    const struct origin *o = &c.s.with.id.origin;
    assert_int_equal(epoch_check_key(o, &c.s.h, &c.s.epoch_key), OK);
    struct sym_secret other = c.s.epoch_key;
    other.b[31] ^= 1;
    assert_int_equal(epoch_check_key(o, &c.s.h, &other), ERR_COMMIT);
    assert_int_equal(epoch_open_secret(o, &c.s.h, buf_bytes(&c.s.payload), &other, &secret), ERR_COMMIT);
    struct origin elsewhere = *o;
    elsewhere.generation++;
    assert_int_equal(epoch_check_key(&elsewhere, &c.s.h, &c.s.epoch_key), ERR_COMMIT);
    struct header h = c.s.h;
    h.epoch++;
    assert_int_equal(epoch_check_key(o, &h, &c.s.epoch_key), ERR_COMMIT);
    release_epoch(&c);
}

static void the_header_of_a_record_commits_to_no_epoch_key(void **state)
{
    (void)state;
    struct sealed s;
    load(record_at(0), &s);
    assert_int_equal(epoch_check_key(&s.with.id.origin, &s.h, &s.epoch_key), ERR_COMMIT);
    release(&s);
}

static void an_epoch_entry_for_every_member_fits(void **state)
{
    (void)state;
    static struct epoch_case c;
    static struct epoch_secret secret, got;
    static struct bytes boxes[MEMBERS_MAX + 1];
    struct epoch_body body;
    struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX);
    load_epoch(epoch_at(0), &c);
    memset(secret.title, 'x', NAME_MAX_LEN);
    secret.n_readers = MEMBERS_MAX + 1;
    for (size_t i = 0; i < secret.n_readers; i++) {
        boxes[i] = c.boxes[0];
        memset(secret.readers[i].s, 'a', SLUG_MAX);
        secret.readers[i].s[SLUG_MAX - 1] = (char)('0' + i % 10);
    }
    assert_int_equal(epoch_seal(&c.s.with, &c.charter, MEMBERS_MAX + 1, boxes, &secret, &header, &payload), OK);
    assert_int_equal(header_read(buf_bytes(&header), &c.s.h), OK);
    assert_int_equal(epoch_body_read(payload_body(buf_bytes(&payload)), &body), OK);
    assert_int_equal(body.n_boxes, MEMBERS_MAX + 1);
    assert_int_equal(epoch_open_secret(&c.s.with.id.origin, &c.s.h, buf_bytes(&payload), &c.s.epoch_key, &got), OK);
    assert_secret(&got, &secret);
    buf_release(&header);
    buf_release(&payload);
    release_epoch(&c);
}

static void a_title_that_nobody_could_read_is_not_sealed(void **state)
{
    (void)state;
    static struct epoch_case c;
    struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX);
    load_epoch(epoch_at(1), &c);
    static const char *const bad[] = {"two\nlines", "\x1b[31mred", "\xff", "\xc2\x9b[31m"};
    for (size_t i = 0; i < 4; i++) {
        (void)snprintf(c.secret.title, sizeof(c.secret.title), "%s", bad[i]);
        assert_int_equal(epoch_seal(&c.s.with, NULL, c.n_boxes, c.boxes, &c.secret, &header, &payload), ERR_FORMAT);
    }
    assert_int_equal(header.len + payload.len, 0);
    buf_release(&header);
    buf_release(&payload);
    release_epoch(&c);
}

static void a_buffer_that_is_full_leaves_no_half_of_an_epoch(void **state)
{
    (void)state;
    static struct epoch_case c;
    struct buf header = buf_on(HEADER_MAX), payload = buf_on(200);
    load_epoch(epoch_at(0), &c);
    assert_int_equal(epoch_seal(&c.s.with, &c.charter, c.n_boxes, c.boxes, &c.secret, &header, &payload), ERR_LIMIT);
    assert_int_equal(header.len + payload.len, 0);
    buf_release(&header);
    buf_release(&payload);
    release_epoch(&c);
}

/* A body of `n` boxes, `box_len` long each, and a secret of `secret_len`. */
static enum err read_body(bool charter, size_t n, size_t box_len, size_t secret_len, size_t elements)
{
    static const uint8_t zeros[1024];
    static struct epoch_body body;
    struct buf b = buf_on(PAYLOAD_MAX);
    pack_array(&b, elements);
    if (charter)
        pack_fixed(&b, zeros, HASH_LEN);
    else
        pack_nil(&b);
    pack_array(&b, n);
    for (size_t i = 0; i < n; i++)
        pack_fixed(&b, zeros, box_len);
    for (size_t i = 2; i < elements; i++)
        pack_fixed(&b, zeros, secret_len);
    enum err e = epoch_body_read(buf_bytes(&b), &body);
    buf_release(&b);
    return e;
}

static void an_epoch_body_in_any_other_form_is_refused(void **state)
{
    (void)state;
    assert_int_equal(read_body(true, 513, 80, 144, 3), OK);
    assert_int_equal(read_body(true, 514, 80, 144, 3), ERR_FORMAT);
    assert_int_equal(read_body(false, 32, 80, 144, 3), OK);
    assert_int_equal(read_body(false, 33, 80, 144, 3), ERR_FORMAT);
    assert_int_equal(read_body(true, 0, 80, 144, 3), ERR_FORMAT);
    assert_int_equal(read_body(true, 1, 79, 144, 3), ERR_FORMAT);
    assert_int_equal(read_body(true, 1, 81, 144, 3), ERR_FORMAT);
    assert_int_equal(read_body(true, 1, 0, 144, 3), ERR_FORMAT);
    assert_int_equal(read_body(true, 1, 80, 143, 3), ERR_FORMAT);
    assert_int_equal(read_body(true, 1, 80, 16, 3), ERR_FORMAT);
    assert_int_equal(read_body(true, 1, 80, 272, 3), OK);
    assert_int_equal(read_body(true, 1, 80, 144, 2), ERR_FORMAT);
    assert_int_equal(read_body(true, 1, 80, 144, 4), ERR_FORMAT);
}

static void a_box_opens_for_its_reader_alone(void **state)
{
    (void)state;
    struct dh_secret secret, other = {{5}};
    struct sym_secret epoch_key, got = {{0}};
    struct dh_public reader;
    struct buf box = buf_on(BOX_LEN);
    uint8_t fresh[BOX_LEN];
    vector_fixed(vectors, "box_secret", secret.b, sizeof(secret.b));
    vector_fixed(vectors, "box_key", reader.b, sizeof(reader.b));
    vector_fixed(epoch_at(0), "epoch_key", epoch_key.b, sizeof(epoch_key.b));
    assert_int_equal(epoch_unbox(vector_hex_bytes(vectors, "box", &box), &secret, &got), OK);
    assert_memory_equal(got.b, epoch_key.b, sizeof(got.b));
    assert_int_equal(epoch_box(&epoch_key, &reader, fresh), OK);
    assert_int_equal(epoch_unbox((struct bytes){fresh, BOX_LEN}, &secret, &got), OK);
    assert_memory_equal(got.b, epoch_key.b, sizeof(got.b));
    memset(&got, 7, sizeof(got));
    const struct sym_secret untouched = got;
    assert_int_equal(epoch_unbox((struct bytes){fresh, BOX_LEN}, &other, &got), ERR_DECRYPT);
    assert_int_equal(epoch_unbox((struct bytes){fresh, BOX_LEN - 1}, &secret, &got), ERR_DECRYPT);
    fresh[40] ^= 1;
    assert_int_equal(epoch_unbox((struct bytes){fresh, BOX_LEN}, &secret, &got), ERR_DECRYPT);
    assert_memory_equal(got.b, untouched.b, sizeof(got.b));
    buf_release(&box);
}

/* ---- grants ---- */

static void a_grant_has_the_frozen_bytes_and_reads_back(void **state)
{
    (void)state;
    static struct grant g, got;
    const json_t *v = json_object_get(vectors, "grant"), *items = json_object_get(v, "items");
    struct buf b = buf_on(PAYLOAD_MAX), want = buf_on(PAYLOAD_MAX);
    assert_int_equal(slug_parse(vector_bytes(v, "reader"), &g.reader), OK);
    vector_fixed(v, "box_key", g.box_key.b, sizeof(g.box_key.b));
    g.n = json_array_size(items);
    for (size_t i = 0; i < g.n; i++) {
        load_id(json_array_get(items, i), &g.items[i].id);
        vector_fixed(json_array_get(items, i), "box", g.items[i].box, BOX_LEN);
    }
    grant_write(&g, &b);
    assert_bytes_equal(buf_bytes(&b), vector_hex_bytes(v, "body", &want));
    assert_int_equal(grant_read(buf_bytes(&b), &got), OK);
    assert_string_equal(got.reader.s, g.reader.s);
    assert_memory_equal(got.box_key.b, g.box_key.b, sizeof(g.box_key.b));
    assert_int_equal(got.n, 2);
    for (size_t i = 0; i < got.n; i++) {
        assert_true(origin_equal(&got.items[i].id.origin, &g.items[i].id.origin));
        assert_memory_equal(got.items[i].id.audience.b, g.items[i].id.audience.b, 16);
        assert_int_equal(got.items[i].id.epoch, g.items[i].id.epoch);
        assert_memory_equal(got.items[i].box, g.items[i].box, BOX_LEN);
    }
    buf_release(&b);
    buf_release(&want);
}

static void every_prefix_of_a_grant_or_an_epoch_is_refused_and_nothing_is_written(void **state)
{
    (void)state;
    static struct grant g;
    static struct epoch_case c;
    static struct epoch_body body;
    struct buf b = buf_on(PAYLOAD_MAX);
    (void)vector_hex_bytes(json_object_get(vectors, "grant"), "body", &b);
    load_epoch(epoch_at(0), &c);
    struct bytes epoch = payload_body(buf_bytes(&c.s.payload));
    g.n = 77;
    body.n_boxes = 77;
    for (size_t len = 0; len < b.len; len++)
        assert_int_equal(grant_read((struct bytes){b.p, len}, &g), ERR_FORMAT);
    for (size_t len = 0; len < epoch.len; len++)
        assert_int_equal(epoch_body_read((struct bytes){epoch.p, len}, &body), ERR_FORMAT);
    assert_int_equal(g.n, 77);
    assert_int_equal(body.n_boxes, 77);
    buf_release(&b);
    release_epoch(&c);
}

static void the_largest_grant_fits_a_payload(void **state)
{
    (void)state;
    struct grant *g = calloc(1, sizeof(*g)), *got = calloc(1, sizeof(*got));
    assert_true(g != NULL && got != NULL);
    struct buf b = buf_on(PAYLOAD_MAX - SALT_LEN);
    struct epoch_id id = {.epoch = UINT32_MAX, .origin.generation = UINT32_MAX};
    memset(id.origin.slug.s, 'a', SLUG_MAX);
    g->reader = id.origin.slug;
    g->n = GRANT_BOXES_MAX;
    for (size_t i = 0; i < g->n; i++)
        g->items[i].id = id;
    grant_write(g, &b);
    assert_int_equal(buf_status(&b), OK);
    assert_int_equal(grant_read(buf_bytes(&b), got), OK);
    assert_int_equal(got->n, GRANT_BOXES_MAX);
    assert_true(origin_equal(&got->items[GRANT_BOXES_MAX - 1].id.origin, &id.origin));
    free(g);
    free(got);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_have_the_frozen_bytes_and_open_again),
        cmocka_unit_test(only_multiples_of_the_pad_block_show),
        cmocka_unit_test(another_key_is_refused_before_anything_is_decrypted),
        cmocka_unit_test(a_record_opens_only_in_its_own_log_and_header),
        cmocka_unit_test(a_public_entry_or_another_kind_is_no_sealed_record),
        cmocka_unit_test(a_committed_ciphertext_that_does_not_open_is_said_so),
        cmocka_unit_test(a_committed_plaintext_without_padding_is_refused),
        cmocka_unit_test(a_plaintext_beyond_the_limit_writes_no_header),
        cmocka_unit_test(an_output_too_small_is_a_limit_and_not_a_plaintext),
        cmocka_unit_test(opening_many_records_uses_one_piece_of_memory),
        cmocka_unit_test(a_ciphertext_made_for_two_aead_keys_opens_under_at_most_one),
        cmocka_unit_test(a_record_forged_for_two_record_keys_opens_under_one_alone),
        cmocka_unit_test(epochs_have_the_frozen_bytes_and_open_again),
        cmocka_unit_test(an_epoch_key_is_believed_only_if_its_author_committed_to_it),
        cmocka_unit_test(the_header_of_a_record_commits_to_no_epoch_key),
        cmocka_unit_test(an_epoch_entry_for_every_member_fits),
        cmocka_unit_test(a_title_that_nobody_could_read_is_not_sealed),
        cmocka_unit_test(a_buffer_that_is_full_leaves_no_half_of_an_epoch),
        cmocka_unit_test(an_epoch_body_in_any_other_form_is_refused),
        cmocka_unit_test(a_box_opens_for_its_reader_alone),
        cmocka_unit_test(a_grant_has_the_frozen_bytes_and_reads_back),
        cmocka_unit_test(every_prefix_of_a_grant_or_an_epoch_is_refused_and_nothing_is_written),
        cmocka_unit_test(the_largest_grant_fits_a_payload),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
