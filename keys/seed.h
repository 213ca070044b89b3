/* keys/seed.h - one seed, and every key that comes from it.
 *
 * Subkey id: 0 is the root; else (identity version in which the key first
 * appears) x 16 + purpose. crypto_kdf, context "folkmoot". An Ed25519 subkey is
 * a signing seed, an X25519 subkey is the scalar. */
#ifndef FOLKMOOT_KEYS_SEED_H
#define FOLKMOOT_KEYS_SEED_H

#include "keys/home.h"
#include "protocol/crypto.h"

enum key_purpose { PURPOSE_LOG = 1, PURPOSE_WITNESS = 2, PURPOSE_BOX = 3, PURPOSE_NODE = 4 };

void seed_root(const struct sym_secret *seed, struct sign_secret *ret_secret, struct sign_public *ret_public);
void seed_sign_key(const struct sym_secret *seed, enum key_purpose p, uint32_t version,
                   struct sign_secret *ret_secret, struct sign_public *ret_public);
void seed_dh_key(const struct sym_secret *seed, enum key_purpose p, uint32_t version,
                 struct dh_secret *ret_secret, struct dh_public *ret_public);

/* The seed's file: text, `folkmoot seed v1`, with Argon2id parameters, salt, nonce
 * and the sealed seed, or in clear with `unprotected`. The same text is recovery.txt.
 * Passphrase empty and `unprotected` false is refused by the caller. */
void seed_text_sealed(const struct sym_secret *seed, const struct sym_secret *pass_key, const uint8_t salt[SALT_LEN],
                      const uint8_t nonce[XNONCE_LEN], uint64_t ops, uint64_t mem_bytes, struct buf *ret);
void seed_text_clear(const struct sym_secret *seed, struct buf *ret);

/* What passphrase work new files ask for (libsodium's "moderate": 3 passes, 256 MiB), and the most that a
 * file may ask of us. */
#define SEED_OPS 3
#define SEED_MEM_BYTES ((uint64_t)256 * 1024 * 1024)

/* Make and keep a seed: draws salt and nonce. `passphrase` NULL: in clear.
 * ERR_EXISTS when there is one. */
MUST_USE enum err seed_save(const struct home *h, enum home_file where, const struct sym_secret *seed,
                            const struct bytes *passphrase);
/* Is the seed behind a passphrase? ERR_UNKNOWN when there is none. */
MUST_USE enum err seed_is_protected(const struct home *h, bool *ret);
/* ERR_SECRET for a wrong passphrase (or none where one is needed), ERR_FORMAT, ERR_UNKNOWN. */
MUST_USE enum err seed_load(const struct home *h, const struct bytes *passphrase, struct sym_secret *ret);

#endif
