#include "protocol/envelope.h"

#include <assert.h>
#include <string.h>

/* origin || 0x0A || msgpack [1, kind, time_ms, audience, epoch, nonce], at its longest. */
enum { AD_MAX = ORIGIN_MAX + 1 + 1 + 1 + 9 + 9 + (2 + 16) + 5 + (2 + XNONCE_LEN) };

/* The largest plaintext of an epoch's secret, and the body at its largest. */
enum {
    SECRET_MAX = 1 + 3 + NAME_MAX_LEN + 3 + (MEMBERS_MAX + 1) * (2 + SLUG_MAX),
    EPOCH_BODY_MAX = 1 + 34 + 3 + (MEMBERS_MAX + 1) * (2 + BOX_LEN) + 5 + SECRET_MAX + PAD_BLOCK + AEAD_TAG_LEN,
};
static_assert(SALT_LEN + EPOCH_BODY_MAX <= PAYLOAD_MAX, "an epoch entry for every member fits a payload");

/* What a record key gives: one key to encrypt, one to commit. */
struct pair { struct sym_secret encrypt, commit; };

struct ad { size_t len; uint8_t b[AD_MAX + 1]; };

static void pair_of(const struct sym_secret *key, struct pair *ret)
{
    kdf_subkey(key, 1, &ret->encrypt);
    kdf_subkey(key, 2, &ret->commit);
}

void record_key(const struct sym_secret *epoch_key, const uint8_t nonce[XNONCE_LEN], struct sym_secret *ret)
{
    struct hash k = blake2b_keyed(epoch_key, bytes_of("folkmoot record"), (struct bytes){nonce, XNONCE_LEN});
    memcpy(ret->b, k.b, sizeof(ret->b));
    wipe(&k, sizeof(k));
}

/* Built on the stack, in a buffer that never has to grow: records are opened by the
 * hundred thousand. */
static void ad_of(const struct origin *origin, const struct header *h, struct ad *ret)
{
    char text[ORIGIN_MAX + 1];
    origin_text(origin, text);
    struct buf b = {.p = ret->b, .cap = sizeof(ret->b), .max = AD_MAX, .failed = OK};
    buf_put_str(&b, text);
    buf_put_u8(&b, '\n');
    pack_array(&b, 6);
    pack_uint(&b, 1);
    pack_uint(&b, h->kind);
    pack_uint(&b, h->time_ms);
    pack_fixed(&b, h->audience.b, sizeof(h->audience.b));
    pack_uint(&b, h->epoch);
    pack_fixed(&b, h->nonce, sizeof(h->nonce));
    assert(b.failed == OK && b.p == ret->b);
    ret->len = b.len;
}

static struct hash commit_of(const struct pair *pair, const struct ad *ad, const struct hash *payload_hash)
{
    return blake2b_keyed(&pair->commit, (struct bytes){ad->b, ad->len},
                         (struct bytes){payload_hash->b, sizeof(payload_hash->b)});
}

/* XChaCha20-Poly1305 opens one ciphertext under two keys if its author wants it to, so a
 * key is believed only when the header commits to it. */
static enum err commit_check(const struct pair *pair, const struct ad *ad, const struct header *h)
{
    struct hash got = commit_of(pair, ad, &h->payload_hash);
    return !h->is_public && secret_equal(got.b, h->commit.b, sizeof(got.b)) ? OK : ERR_COMMIT;
}

/* Decrypt into `ret`, which is cleared first, and take the padding off. */
static enum err open_padded(const struct pair *pair, const struct ad *ad, const struct header *h, struct bytes sealed,
                            struct buf *ret)
{
    buf_clear(ret);
    if (sealed.len < AEAD_TAG_LEN)
        return ERR_DECRYPT;
    size_t len = sealed.len - AEAD_TAG_LEN;
    uint8_t *plain = buf_grow(ret, len);
    if (plain == NULL)
        return buf_status(ret);
    size_t unpadded = 0;
    enum err e = xaead_open(&pair->encrypt, h->nonce, (struct bytes){ad->b, ad->len}, sealed, plain);
    if (e == OK)
        e = unpad((struct bytes){plain, len}, &unpadded);
    if (e != OK)
        wipe(plain, len);
    ret->len = e == OK ? unpadded : 0;
    return e;
}

enum err record_open(const struct origin *origin, const struct header *h, struct bytes payload,
                     const struct sym_secret *key, struct buf *ret)
{
    buf_clear(ret);
    if (h->kind != KIND_RECORD || h->is_public)
        return ERR_FORMAT;
    struct ad ad;
    struct pair pair;
    ad_of(origin, h, &ad);
    pair_of(key, &pair);
    enum err e = commit_check(&pair, &ad, h);
    if (e == OK)
        e = open_padded(&pair, &ad, h, payload_body(payload), ret);
    wipe(&pair, sizeof(pair));
    return e;
}

enum err record_check_key(const struct origin *origin, const struct header *h, const struct sym_secret *key)
{
    if (h->kind != KIND_RECORD || h->is_public)
        return ERR_COMMIT;
    struct ad ad;
    struct pair pair;
    ad_of(origin, h, &ad);
    pair_of(key, &pair);
    enum err e = commit_check(&pair, &ad, h);
    wipe(&pair, sizeof(pair));
    return e;
}

/* ---- sealing ---- */

/* A seal under way: header with all but commit, hash and length; the keys; the ad. */
struct sealing {
    struct header h;
    struct pair pair;
    struct ad ad;
    size_t from;                                /* where the payload starts in its buffer */
};

static void sealing_start(struct sealing *s, enum entry_kind kind, const struct seal_with *with, struct buf *payload)
{
    struct sym_secret key;
    *s = (struct sealing){.h = {.kind = kind, .time_ms = with->time_ms, .audience = with->id.audience,
                                .epoch = with->id.epoch}, .from = payload->len};
    memcpy(s->h.nonce, with->nonce, sizeof(s->h.nonce));
    record_key(with->epoch_key, with->nonce, &key);
    pair_of(&key, &s->pair);
    ad_of(&with->id.origin, &s->h, &s->ad);
    buf_put(payload, (struct bytes){with->salt, SALT_LEN});
    wipe(&key, sizeof(key));
}

/* Put the ciphertext of `plaintext`, padded, behind what `ret` holds; encrypted in place. */
static void seal_padded(const struct sealing *s, struct bytes plaintext, struct buf *ret)
{
    size_t len = padded_len(plaintext.len);
    uint8_t *at = buf_grow(ret, len + AEAD_TAG_LEN);
    if (at == NULL)
        return;
    if (plaintext.len > 0)
        memcpy(at, plaintext.p, plaintext.len);
    pad(at, plaintext.len);
    xaead_seal(&s->pair.encrypt, s->h.nonce, (struct bytes){s->ad.b, s->ad.len}, (struct bytes){at, len}, at);
}

/* Bind the finished payload, write the header, forget the keys. */
static void sealing_finish(struct sealing *s, struct buf *ret_header, struct buf *ret_payload)
{
    size_t len = ret_payload->len - s->from;
    if (ret_payload->failed == OK && len > PAYLOAD_MAX)
        ret_payload->failed = ERR_LIMIT;
    if (ret_payload->failed == OK) {
        s->h.payload_hash = blake2b_256((struct bytes){ret_payload->p + s->from, len});
        s->h.payload_len = (uint32_t)len;
        s->h.commit = commit_of(&s->pair, &s->ad, &s->h.payload_hash);
        header_write(&s->h, ret_header);
    }
    wipe(s, sizeof(*s));
}

void record_seal(const struct seal_with *with, struct bytes plaintext, struct buf *ret_header, struct buf *ret_payload)
{
    struct sealing s;
    sealing_start(&s, KIND_RECORD, with, ret_payload);
    seal_padded(&s, plaintext, ret_payload);
    sealing_finish(&s, ret_header, ret_payload);
}

/* ---- epoch entries ---- */

static void secret_write(const struct epoch_secret *secret, struct buf *ret)
{
    assert(secret->n_readers >= 1 && secret->n_readers <= MEMBERS_MAX + 1);
    pack_array(ret, 2);
    pack_str(ret, secret->title);
    pack_array(ret, secret->n_readers);
    for (size_t i = 0; i < secret->n_readers; i++)
        pack_str(ret, secret->readers[i].s);
}

static enum err secret_read(struct bytes in, struct epoch_secret *ret)
{
    struct reader r = reader_on(in);
    struct epoch_secret secret = {0};
    (void)read_array(&r, 2, 2);
    struct bytes title = read_str(&r, NAME_MAX_LEN);
    secret.n_readers = read_array(&r, 1, MEMBERS_MAX + 1);
    for (size_t i = 0; i < secret.n_readers; i++)
        if (slug_parse(read_str(&r, SLUG_MAX), &secret.readers[i]) != OK)
            reader_fail(&r);
    if (reader_finish(&r) != OK || !utf8_is_line(title)
        || bytes_to_str(title, secret.title, sizeof(secret.title)) != OK)
        return ERR_FORMAT;
    *ret = secret;
    return OK;
}

/* The body but for the bytes of `secret`, which seal_padded puts behind it. */
static void epoch_body_start(const struct hash *charter, size_t n_boxes, const struct bytes *boxes, struct buf *ret)
{
    assert(n_boxes >= 1 && n_boxes <= (charter != NULL ? MEMBERS_MAX + 1 : NAMED_AUDIENCE_MAX));
    pack_array(ret, 3);
    if (charter != NULL)
        pack_fixed(ret, charter->b, sizeof(charter->b));
    else
        pack_nil(ret);
    pack_array(ret, n_boxes);
    for (size_t i = 0; i < n_boxes; i++) {
        assert(boxes[i].len == 0 || boxes[i].len == BOX_LEN);
        if (boxes[i].len == 0)
            pack_nil(ret);
        else
            pack_bin(ret, boxes[i]);
    }
}

enum err epoch_seal(const struct seal_with *with, const struct hash *charter, size_t n_boxes, const struct bytes *boxes,
                    const struct epoch_secret *secret, struct buf *ret_header, struct buf *ret_payload)
{
    if (!utf8_is_line(bytes_of(secret->title)))
        return ERR_FORMAT;
    enum err e = OK;
    struct sealing s;
    const size_t from = ret_payload->len;
    struct buf plain = buf_on(SECRET_MAX), sealed = buf_on(SECRET_MAX + PAD_BLOCK + AEAD_TAG_LEN);
    sealing_start(&s, KIND_EPOCH, with, ret_payload);
    secret_write(secret, &plain);
    if ((e = buf_status(&plain)) != OK)
        goto out;
    seal_padded(&s, buf_bytes(&plain), &sealed);
    if ((e = buf_status(&sealed)) != OK)
        goto out;
    epoch_body_start(charter, n_boxes, boxes, ret_payload);
    pack_bin(ret_payload, buf_bytes(&sealed));
    sealing_finish(&s, ret_header, ret_payload);
    e = buf_status(ret_payload) != OK ? buf_status(ret_payload) : buf_status(ret_header);
out:
    if (e != OK)
        ret_payload->len = from;
    wipe(&s, sizeof(s));
    buf_wipe(&plain);
    buf_wipe(&sealed);
    return e;
}

enum err epoch_body_read(struct bytes body, struct epoch_body *ret)
{
    struct reader r = reader_on(body);
    struct epoch_body e = {0};
    (void)read_array(&r, 3, 3);
    e.is_alliance = !read_nil(&r);
    if (e.is_alliance)
        read_fixed(&r, e.charter.b, sizeof(e.charter.b));
    e.n_boxes = read_array(&r, 1, e.is_alliance ? MEMBERS_MAX + 1 : NAMED_AUDIENCE_MAX);
    for (size_t i = 0; i < e.n_boxes; i++) {
        if (read_nil(&r))
            continue;
        e.boxes[i] = read_bin(&r, BOX_LEN);
        if (e.boxes[i].len != BOX_LEN)
            reader_fail(&r);
    }
    e.secret = read_bin(&r, PAYLOAD_MAX);
    if (reader_finish(&r) != OK || e.secret.len < AEAD_TAG_LEN + PAD_BLOCK
        || (e.secret.len - AEAD_TAG_LEN) % PAD_BLOCK != 0)
        return ERR_FORMAT;
    *ret = e;
    return OK;
}

/* The commitment of an epoch entry, and the pair and ad it was checked with. */
static enum err epoch_check(const struct origin *origin, const struct header *h, const struct sym_secret *epoch_key,
                            struct pair *ret_pair, struct ad *ret_ad)
{
    if (h->kind != KIND_EPOCH)
        return ERR_COMMIT;
    struct sym_secret key;
    record_key(epoch_key, h->nonce, &key);
    pair_of(&key, ret_pair);
    ad_of(origin, h, ret_ad);
    wipe(&key, sizeof(key));
    return commit_check(ret_pair, ret_ad, h);
}

enum err epoch_check_key(const struct origin *origin, const struct header *h, const struct sym_secret *key)
{
    struct ad ad;
    struct pair pair;
    enum err e = epoch_check(origin, h, key, &pair, &ad);
    wipe(&pair, sizeof(pair));
    return e;
}

enum err epoch_open_secret(const struct origin *origin, const struct header *h, struct bytes payload,
                           const struct sym_secret *key, struct epoch_secret *ret)
{
    struct ad ad;
    struct pair pair;
    struct epoch_body body;
    struct buf plain = buf_on(PAYLOAD_MAX);
    enum err e = epoch_check(origin, h, key, &pair, &ad);
    if (e != OK)
        goto out;
    if ((e = epoch_body_read(payload_body(payload), &body)) != OK)
        goto out;
    if ((e = open_padded(&pair, &ad, h, body.secret, &plain)) != OK)
        goto out;
    e = secret_read(buf_bytes(&plain), ret);
out:
    wipe(&pair, sizeof(pair));
    buf_wipe(&plain);
    return e;
}

enum err epoch_box(const struct sym_secret *epoch_key, const struct dh_public *reader, uint8_t ret[BOX_LEN])
{
    return box_seal(reader, (struct bytes){epoch_key->b, sizeof(epoch_key->b)}, ret);
}

enum err epoch_unbox(struct bytes box, const struct dh_secret *box_secret, struct sym_secret *ret)
{
    struct sym_secret key;
    if (box.len != BOX_LEN)
        return ERR_DECRYPT;
    enum err e = box_open(box_secret, box, key.b);
    if (e == OK)
        *ret = key;
    wipe(&key, sizeof(key));
    return e;
}
