/* protocol/crypto.h - the only door to libsodium, and the text forms of keys.
 *
 * Every primitive is named once here by what it is for, with a type a key, so
 * that no key can serve two purposes by accident.  Nothing else includes
 * sodium.h.  Secret types end in _secret; whoever owns one wipes it.
 * When dh, an open or a decode fails, what `ret` or `out` points to may have
 * been written over; a length told through a pointer is as it was.
 *
 * Sources: Ed25519 RFC 8032; X25519 RFC 7748; SHA-256 FIPS 180-4; BLAKE2b RFC
 * 7693; HMAC RFC 2104; ChaCha20-Poly1305 RFC 8439; XChaCha20 draft-irtf-cfrg-
 * xchacha-03; Argon2id RFC 9106; sealed boxes and crypto_kdf: libsodium. */
#ifndef FOLKMOOT_PROTOCOL_CRYPTO_H
#define FOLKMOOT_PROTOCOL_CRYPTO_H

#include "protocol/bytes.h"

enum {
    HASH_LEN = 32,
    SIG_LEN = 64,
    SEAL_OVERHEAD = 48,                 /* crypto_box_seal: ephemeral key and tag */
    AEAD_TAG_LEN = 16,
    XNONCE_LEN = 24,
    SALT_LEN = 16,
    PAD_BLOCK = 128                     /* record plaintexts are padded to this */
};

struct hash { uint8_t b[HASH_LEN]; };           /* SHA-256 or BLAKE2b-256, as the use says */
struct sign_public { uint8_t b[32]; };          /* Ed25519 */
struct sign_secret { uint8_t b[64]; };          /* Ed25519 seed || public */
struct dh_public { uint8_t b[32]; };            /* X25519: node and box keys */
struct dh_secret { uint8_t b[32]; };
struct sym_secret { uint8_t b[32]; };           /* a symmetric key of any sort */
struct signature { uint8_t b[SIG_LEN]; };

/* Call once before anything else in this file.
 *   ERR_UNSAFE  this libsodium takes a mixed-order key for a good one
 *               (CVE-2025-69277): do not go on. */
MUST_USE enum err crypto_start(void);
const char *crypto_library_version(void);

/* From the kernel.  Never fails: libsodium aborts instead.
 * Called by keys/, node/net and cli/; the rest of protocol/ draws nothing. */
void random_fill(void *p, size_t len);

void wipe(void *p, size_t len);
bool secret_equal(const void *a, const void *b, size_t len);   /* constant time */

/* Hashes.  The incremental form is for bytes that are not in one place. */
struct hash sha256(struct bytes in);
struct hash blake2b_256(struct bytes in);
bool hash_equal(const struct hash *a, const struct hash *b);
struct hash sha256_concat(struct bytes a, struct bytes b);     /* SHA-256(a || b) */
/* SHA-256(prefix byte || a || b): the leaves and nodes of an RFC 6962 tree. */
struct hash sha256_tagged(uint8_t prefix, struct bytes a, struct bytes b);
/* BLAKE2b-256(key; a || b) */
struct hash blake2b_keyed(const struct sym_secret *key, struct bytes a, struct bytes b);
/* 64-byte hashes of files, read piece by piece: what minisign and OpenSSH sign. */
enum long_hash { LONG_SHA512, LONG_BLAKE2B };
struct hash512 { uint8_t b[64]; };
struct long_hashing {
    enum long_hash kind;
    _Alignas(64) uint8_t state[512];
};
void long_hash_begin(struct long_hashing *h, enum long_hash kind);
void long_hash_put(struct long_hashing *h, struct bytes more);
struct hash512 long_hash_end(struct long_hashing *h);
void hmac_sha256(struct bytes key, struct bytes a, struct bytes b, struct hash *ret);

/* Ed25519. */
void sign_keypair(const struct sym_secret *seed, struct sign_secret *ret_secret, struct sign_public *ret_public);
struct sign_public sign_public_of(const struct sign_secret *secret);
void sign_make(const struct sign_secret *secret, struct bytes text, struct signature *ret);
/* ERR_SIGNATURE if it does not hold. */
MUST_USE enum err sign_check(const struct sign_public *key, struct bytes text, const struct signature *sig);
/* A key that may be enrolled: canonical, on the main subgroup, not small-order. */
bool sign_public_is_good(const struct sign_public *key);

/* X25519.  ERR_KEY when the shared secret would be all zero. */
struct dh_public dh_public_of(const struct dh_secret *secret);
MUST_USE enum err dh(const struct dh_secret *ours, const struct dh_public *theirs, struct sym_secret *ret);

/* ChaCha20-Poly1305 with Noise's nonce: 32 zero bits, then n as u64le.
 * Encrypt: `out` takes plain.len + AEAD_TAG_LEN and may be the plain's own place.
 * Decrypt: ERR_DECRYPT; `out` takes cipher.len - AEAD_TAG_LEN, may overlap alike. */
void aead_seal(const struct sym_secret *key, uint64_t n, struct bytes ad, struct bytes plain, uint8_t *out);
MUST_USE enum err aead_open(const struct sym_secret *key, uint64_t n, struct bytes ad, struct bytes cipher, uint8_t *out);

/* XChaCha20-Poly1305, nonce 24 bytes; shapes as above.  Not key-committing. */
void xaead_seal(const struct sym_secret *key, const uint8_t nonce[XNONCE_LEN], struct bytes ad, struct bytes plain, uint8_t *out);
MUST_USE enum err xaead_open(const struct sym_secret *key, const uint8_t nonce[XNONCE_LEN], struct bytes ad,
                             struct bytes cipher, uint8_t *out);

/* crypto_box_seal.  `out` takes plain.len + SEAL_OVERHEAD.  Draws randomness of
 * its own: libsodium offers no other way. */
MUST_USE enum err box_seal(const struct dh_public *to, struct bytes plain, uint8_t *out);
MUST_USE enum err box_open(const struct dh_secret *secret, struct bytes sealed, uint8_t *out);

/* crypto_kdf subkey `id` of 32 bytes, context "folkmoot". */
void kdf_subkey(const struct sym_secret *master, uint64_t id, struct sym_secret *ret);

/* Argon2id, 32 bytes out.  ERR_NOMEM; ERR_LIMIT for parameters out of range. */
MUST_USE enum err password_key(struct bytes passphrase, const uint8_t salt[SALT_LEN], uint64_t ops,
                               uint64_t mem_bytes, struct sym_secret *ret);

/* ISO/IEC 7816-4 padding to PAD_BLOCK, as sodium_pad: always at least one byte.
 * `p` has room for padded_len(len).  Unpad: ERR_FORMAT. */
size_t padded_len(size_t len);
void pad(uint8_t *p, size_t len);
MUST_USE enum err unpad(struct bytes padded, size_t *ret_len);

/* Text forms.  Encoders write a NUL: `ret` has HEX_SIZE(len) or BASE64_SIZE(len).
 * Decoders take the one canonical form only (lower-case hex; padded base64,
 * base64url without padding) of exactly `len` bytes, else ERR_FORMAT. */
#define HEX_SIZE(len) ((len) * 2 + 1)
#define BASE64_SIZE(len) (((len) + 2) / 3 * 4 + 1)
void hex_encode(struct bytes in, char *ret);
MUST_USE enum err hex_decode(struct bytes text, uint8_t *ret, size_t len);
void base64_encode(struct bytes in, char *ret);
MUST_USE enum err base64_decode(struct bytes text, uint8_t *ret, size_t len);
/* As base64_decode, for a length not known before: at most `max`, *ret_len told. */
MUST_USE enum err base64_decode_upto(struct bytes text, uint8_t *ret, size_t max, size_t *ret_len);
void base64url_encode(struct bytes in, char *ret);
MUST_USE enum err base64url_decode_upto(struct bytes text, uint8_t *ret, size_t max, size_t *ret_len);

#endif
