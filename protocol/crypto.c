#include "protocol/crypto.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static_assert(SEAL_OVERHEAD == crypto_box_SEALBYTES, "sealed box");
static_assert(AEAD_TAG_LEN == crypto_aead_chacha20poly1305_ietf_ABYTES, "Noise AEAD tag");
static_assert(AEAD_TAG_LEN == crypto_aead_xchacha20poly1305_ietf_ABYTES, "record AEAD tag");
static_assert(XNONCE_LEN == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "record nonce");
static_assert(SALT_LEN == crypto_pwhash_SALTBYTES, "password salt");

#define KDF_CONTEXT "folkmoot"
static_assert(sizeof(KDF_CONTEXT) - 1 == crypto_kdf_CONTEXTBYTES, "kdf context");

/* A + T2 of the mixed-order vectors (tests/vectors/ed25519): a good key plus the
 * point of order two.  Libraries with CVE-2025-69277 accept it. */
static const struct sign_public mixed_order_key = {{
    0x03, 0xb5, 0x93, 0x9c, 0x1d, 0x63, 0xad, 0xf5, 0x41, 0x0a, 0xaf, 0x84, 0xec, 0xd1, 0x3a, 0x06,
    0x6a, 0xb8, 0x89, 0x51, 0x41, 0x41, 0x84, 0x6d, 0xbd, 0xe1, 0x15, 0x96, 0xeb, 0xb9, 0x2d, 0xd3}};
static const struct sign_public clean_key = {{
    0xea, 0x4a, 0x6c, 0x63, 0xe2, 0x9c, 0x52, 0x0a, 0xbe, 0xf5, 0x50, 0x7b, 0x13, 0x2e, 0xc5, 0xf9,
    0x95, 0x47, 0x76, 0xae, 0xbe, 0xbe, 0x7b, 0x92, 0x42, 0x1e, 0xea, 0x69, 0x14, 0x46, 0xd2, 0x2c}};

enum err crypto_start(void)
{
    if (sodium_init() < 0)
        return ERR_UNSAFE;
    if (!sign_public_is_good(&clean_key) || sign_public_is_good(&mixed_order_key))
        return ERR_UNSAFE;
    return OK;
}

const char *crypto_library_version(void)
{
    return sodium_version_string();
}

void random_fill(void *p, size_t len)
{
    randombytes_buf(p, len);
}

void wipe(void *p, size_t len)
{
    sodium_memzero(p, len);
}

bool secret_equal(const void *a, const void *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}

struct hash sha256(struct bytes in)
{
    struct hash h;
    crypto_hash_sha256(h.b, in.p, in.len);
    return h;
}

struct hash sha256_concat(struct bytes a, struct bytes b)
{
    struct hash h;
    crypto_hash_sha256_state s;
    crypto_hash_sha256_init(&s);
    crypto_hash_sha256_update(&s, a.p, a.len);
    crypto_hash_sha256_update(&s, b.p, b.len);
    crypto_hash_sha256_final(&s, h.b);
    return h;
}

struct hash sha256_tagged(uint8_t prefix, struct bytes a, struct bytes b)
{
    struct hash h;
    crypto_hash_sha256_state s;
    crypto_hash_sha256_init(&s);
    crypto_hash_sha256_update(&s, &prefix, 1);
    crypto_hash_sha256_update(&s, a.p, a.len);
    crypto_hash_sha256_update(&s, b.p, b.len);
    crypto_hash_sha256_final(&s, h.b);
    return h;
}

struct hash blake2b_256(struct bytes in)
{
    struct hash h;
    crypto_generichash(h.b, sizeof(h.b), in.p, in.len, NULL, 0);
    return h;
}

struct hash blake2b_keyed(const struct sym_secret *key, struct bytes a, struct bytes b)
{
    struct hash h;
    crypto_generichash_state s;
    crypto_generichash_init(&s, key->b, sizeof(key->b), sizeof(h.b));
    crypto_generichash_update(&s, a.p, a.len);
    crypto_generichash_update(&s, b.p, b.len);
    crypto_generichash_final(&s, h.b, sizeof(h.b));
    wipe(&s, sizeof(s));
    return h;
}

static_assert(sizeof(crypto_hash_sha512_state) <= sizeof(((struct long_hashing *)0)->state)
              && sizeof(crypto_generichash_state) <= sizeof(((struct long_hashing *)0)->state), "either state fits");

void long_hash_begin(struct long_hashing *h, enum long_hash kind)
{
    h->kind = kind;
    if (kind == LONG_SHA512)
        (void)crypto_hash_sha512_init((crypto_hash_sha512_state *)(void *)h->state);
    else
        (void)crypto_generichash_init((crypto_generichash_state *)(void *)h->state, NULL, 0, sizeof(struct hash512));
}

void long_hash_put(struct long_hashing *h, struct bytes more)
{
    if (h->kind == LONG_SHA512)
        (void)crypto_hash_sha512_update((crypto_hash_sha512_state *)(void *)h->state, more.p, more.len);
    else
        (void)crypto_generichash_update((crypto_generichash_state *)(void *)h->state, more.p, more.len);
}

struct hash512 long_hash_end(struct long_hashing *h)
{
    struct hash512 ret;
    if (h->kind == LONG_SHA512)
        (void)crypto_hash_sha512_final((crypto_hash_sha512_state *)(void *)h->state, ret.b);
    else
        (void)crypto_generichash_final((crypto_generichash_state *)(void *)h->state, ret.b, sizeof(ret.b));
    return ret;
}

void hmac_sha256(struct bytes key, struct bytes a, struct bytes b, struct hash *ret)
{
    crypto_auth_hmacsha256_state s;
    crypto_auth_hmacsha256_init(&s, key.p, key.len);
    crypto_auth_hmacsha256_update(&s, a.p, a.len);
    crypto_auth_hmacsha256_update(&s, b.p, b.len);
    crypto_auth_hmacsha256_final(&s, ret->b);
    wipe(&s, sizeof(s));
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
    return memcmp(a->b, b->b, HASH_LEN) == 0;
}

void sign_keypair(const struct sym_secret *seed, struct sign_secret *ret_secret, struct sign_public *ret_public)
{
    crypto_sign_seed_keypair(ret_public->b, ret_secret->b, seed->b);
}

struct sign_public sign_public_of(const struct sign_secret *secret)
{
    struct sign_public key;
    crypto_sign_ed25519_sk_to_pk(key.b, secret->b);
    return key;
}

void sign_make(const struct sign_secret *secret, struct bytes text, struct signature *ret)
{
    crypto_sign_detached(ret->b, NULL, text.p, text.len, secret->b);
}

enum err sign_check(const struct sign_public *key, struct bytes text, const struct signature *sig)
{
    return crypto_sign_verify_detached(sig->b, text.p, text.len, key->b) == 0 ? OK : ERR_SIGNATURE;
}

bool sign_public_is_good(const struct sign_public *key)
{
    return crypto_core_ed25519_is_valid_point(key->b) == 1;
}

struct dh_public dh_public_of(const struct dh_secret *secret)
{
    struct dh_public key;
    crypto_scalarmult_base(key.b, secret->b);
    return key;
}

enum err dh(const struct dh_secret *ours, const struct dh_public *theirs, struct sym_secret *ret)
{
    return crypto_scalarmult(ret->b, ours->b, theirs->b) == 0 ? OK : ERR_KEY;
}

/* Noise 12.3: 32 bits of zeros followed by a little-endian encoding of n. */
static void noise_nonce(uint64_t n, uint8_t ret[12])
{
    memset(ret, 0, 4);
    for (unsigned i = 0; i < 8; i++)
        ret[4 + i] = (uint8_t)(n >> (8 * i));
}

void aead_seal(const struct sym_secret *key, uint64_t n, struct bytes ad, struct bytes plain, uint8_t *out)
{
    uint8_t nonce[12];
    noise_nonce(n, nonce);
    crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, plain.p, plain.len, ad.p, ad.len, NULL, nonce, key->b);
}

enum err aead_open(const struct sym_secret *key, uint64_t n, struct bytes ad, struct bytes cipher, uint8_t *out)
{
    uint8_t nonce[12];
    noise_nonce(n, nonce);
    if (cipher.len < AEAD_TAG_LEN)
        return ERR_DECRYPT;
    return crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, cipher.p, cipher.len, ad.p, ad.len,
                                                     nonce, key->b) == 0 ? OK : ERR_DECRYPT;
}

void xaead_seal(const struct sym_secret *key, const uint8_t nonce[XNONCE_LEN], struct bytes ad, struct bytes plain,
                uint8_t *out)
{
    crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, plain.p, plain.len, ad.p, ad.len, NULL, nonce, key->b);
}

enum err xaead_open(const struct sym_secret *key, const uint8_t nonce[XNONCE_LEN], struct bytes ad,
                    struct bytes cipher, uint8_t *out)
{
    if (cipher.len < AEAD_TAG_LEN)
        return ERR_DECRYPT;
    return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, cipher.p, cipher.len, ad.p, ad.len,
                                                      nonce, key->b) == 0 ? OK : ERR_DECRYPT;
}

enum err box_seal(const struct dh_public *to, struct bytes plain, uint8_t *out)
{
    return crypto_box_seal(out, plain.p, plain.len, to->b) == 0 ? OK : ERR_KEY;
}

enum err box_open(const struct dh_secret *secret, struct bytes sealed, uint8_t *out)
{
    if (sealed.len < SEAL_OVERHEAD)
        return ERR_DECRYPT;
    struct dh_public ours = dh_public_of(secret);
    return crypto_box_seal_open(out, sealed.p, sealed.len, ours.b, secret->b) == 0 ? OK : ERR_DECRYPT;
}

void kdf_subkey(const struct sym_secret *master, uint64_t id, struct sym_secret *ret)
{
    crypto_kdf_derive_from_key(ret->b, sizeof(ret->b), id, KDF_CONTEXT, master->b);
}

enum err password_key(struct bytes passphrase, const uint8_t salt[SALT_LEN], uint64_t ops, uint64_t mem_bytes,
                      struct sym_secret *ret)
{
    if (ops < crypto_pwhash_OPSLIMIT_MIN || ops > crypto_pwhash_OPSLIMIT_SENSITIVE
        || mem_bytes < crypto_pwhash_MEMLIMIT_MIN || mem_bytes > crypto_pwhash_MEMLIMIT_SENSITIVE)
        return ERR_LIMIT;
    const char *p = passphrase.len > 0 ? (const char *)passphrase.p : "";       /* libsodium declares it non-null */
    return crypto_pwhash(ret->b, sizeof(ret->b), p, passphrase.len, salt, ops,
                         (size_t)mem_bytes, crypto_pwhash_ALG_ARGON2ID13) == 0 ? OK : ERR_NOMEM;
}

size_t padded_len(size_t len)
{
    return len - len % PAD_BLOCK + PAD_BLOCK;
}

void pad(uint8_t *p, size_t len)
{
    size_t padded;
    int failed = sodium_pad(&padded, p, len, PAD_BLOCK, padded_len(len));
    assert(!failed && padded == padded_len(len));
    (void)failed;
}

enum err unpad(struct bytes padded, size_t *ret_len)
{
    if (padded.len == 0 || padded.len % PAD_BLOCK != 0)
        return ERR_FORMAT;
    size_t len;
    if (sodium_unpad(&len, padded.p, padded.len, PAD_BLOCK) != 0)
        return ERR_FORMAT;
    *ret_len = len;                             /* sodium_unpad writes it even when it fails */
    return OK;
}

void hex_encode(struct bytes in, char *ret)
{
    sodium_bin2hex(ret, HEX_SIZE(in.len), in.p, in.len);
}

enum err hex_decode(struct bytes text, uint8_t *ret, size_t len)
{
    if (text.len != len * 2)
        return ERR_FORMAT;
    for (size_t i = 0; i < text.len; i++)       /* one form only: libsodium takes capitals too */
        if (!((text.p[i] >= '0' && text.p[i] <= '9') || (text.p[i] >= 'a' && text.p[i] <= 'f')))
            return ERR_FORMAT;
    size_t got;
    return sodium_hex2bin(ret, len, (const char *)text.p, text.len, NULL, &got, NULL) == 0 && got == len
               ? OK : ERR_FORMAT;
}

void base64_encode(struct bytes in, char *ret)
{
    sodium_bin2base64(ret, BASE64_SIZE(in.len), in.p, in.len, sodium_base64_VARIANT_ORIGINAL);
}

void base64url_encode(struct bytes in, char *ret)
{
    sodium_bin2base64(ret, BASE64_SIZE(in.len), in.p, in.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static enum err decode64(struct bytes text, uint8_t *ret, size_t max, size_t *ret_len, int variant)
{
    const char *end;
    size_t len;
    if (text.len == 0) {
        *ret_len = 0;
        return OK;
    }
    for (size_t i = 0; i < text.len; i++)       /* libsodium 1.0.18 takes some bytes above 0x7f for letters */
        if (text.p[i] > 0x7f)
            return ERR_FORMAT;
    if (sodium_base642bin(ret, max, (const char *)text.p, text.len, NULL, &len, &end, variant) != 0)
        return ERR_FORMAT;
    if (end != (const char *)text.p + text.len)
        return ERR_FORMAT;
    *ret_len = len;
    return OK;
}

enum err base64_decode_upto(struct bytes text, uint8_t *ret, size_t max, size_t *ret_len)
{
    return decode64(text, ret, max, ret_len, sodium_base64_VARIANT_ORIGINAL);
}

enum err base64_decode(struct bytes text, uint8_t *ret, size_t len)
{
    size_t got;
    if (text.len != BASE64_SIZE(len) - 1)
        return ERR_FORMAT;
    enum err e = base64_decode_upto(text, ret, len, &got);
    return e != OK ? e : got == len ? OK : ERR_FORMAT;
}

enum err base64url_decode_upto(struct bytes text, uint8_t *ret, size_t max, size_t *ret_len)
{
    return decode64(text, ret, max, ret_len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}
