/* keys/seed.h - one seed, and every key that comes from it.
 *
 * Subkey id: 0 is the root; else (identity version in which the key first
 * appears) x 16 + purpose. crypto_kdf, context "folkmoot". An Ed25519 subkey is
 * a signing seed, an X25519 subkey is the scalar. */
#ifndef FOLKMOOT_KEYS_SEED_H
#define FOLKMOOT_KEYS_SEED_H

#include "keys/home.h"
#include "protocol/crypto.h"

/* Kept in subkey ids and in files: never renumbered. */
enum key_purpose { PURPOSE_LOG = 1, PURPOSE_WITNESS = 2, PURPOSE_BOX = 3, PURPOSE_NODE = 4 };

/* `version` is that of the identity in which the key first appears, from 1. The caller wipes every secret.
 * seed_sign_key: PURPOSE_LOG or PURPOSE_WITNESS; seed_dh_key: PURPOSE_BOX or PURPOSE_NODE. */
void seed_root(const struct sym_secret *seed, struct sign_secret *ret_secret, struct sign_public *ret_public);
void seed_sign_key(const struct sym_secret *seed, enum key_purpose p, uint32_t version,
                   struct sign_secret *ret_secret, struct sign_public *ret_public);
void seed_dh_key(const struct sym_secret *seed, enum key_purpose p, uint32_t version,
                 struct dh_secret *ret_secret, struct dh_public *ret_public);

/* The seed's file is text; recovery.txt is the same behind a few lines for people:
 *
 *      folkmoot seed v1                        folkmoot seed v1
 *      argon2id <passes> <bytes of memory>     unprotected
 *      salt <base64, 16 bytes>                 seed <base64, 32 bytes>
 *      nonce <base64, 24 bytes>
 *      sealed <base64, 48 bytes>
 *
 * sealed = XChaCha20-Poly1305 under Argon2id(passphrase, salt, passes, memory), with all the lines above it (each
 * with its '\n', in this form) as additional data. A reader skips empty lines, lines that begin with '#', a byte
 * order mark and white space at a line's end: the text may have been through a letter or a word processor. */
enum { SEED_SEALED_LEN = 32 + AEAD_TAG_LEN, SEED_TEXT_MAX = 16 * 1024 };

/* What passphrase work new files ask for (libsodium's "moderate": 3 passes, 256 MiB), and the most that a
 * file may ask of us. */
#define SEED_OPS 3
#define SEED_MEM_BYTES ((uint64_t)256 * 1024 * 1024)
#define SEED_OPS_MAX 10
#define SEED_MEM_BYTES_MAX ((uint64_t)1024 * 1024 * 1024)

struct seed_text {
    bool is_protected;
    uint64_t ops, mem_bytes;            /* these four only when protected */
    uint8_t salt[SALT_LEN], nonce[XNONCE_LEN];
    uint8_t sealed[SEED_SEALED_LEN];
    struct sym_secret seed;             /* only when not */
};

/* ERR_FORMAT; ERR_LIMIT when it asks for more than SEED_OPS_MAX passes or SEED_MEM_BYTES_MAX. The caller wipes *ret. */
MUST_USE enum err seed_text_parse(struct bytes text, struct seed_text *ret);
/* Put the text, without comments, behind what `ret` holds. */
void seed_text_write(const struct seed_text *t, struct buf *ret);
/* `passphrase` may be NULL; it is not looked at when the text is not protected.
 *   ERR_SECRET  it is wrong, or missing;  ERR_LIMIT  parameters below Argon2's least;  ERR_NOMEM */
MUST_USE enum err seed_text_open(const struct seed_text *t, const struct bytes *passphrase, struct sym_secret *ret);

/* Put a seed's text behind what `ret` holds. pass_key is password_key(passphrase, salt, ops, mem_bytes).
 * Passphrase empty and `unprotected` false is refused by the caller. */
void seed_text_sealed(const struct sym_secret *seed, const struct sym_secret *pass_key, const uint8_t salt[SALT_LEN],
                      const uint8_t nonce[XNONCE_LEN], uint64_t ops, uint64_t mem_bytes, struct buf *ret);
void seed_text_clear(const struct sym_secret *seed, struct buf *ret);

/* The text of a new file, put behind what `ret` holds (room: SEED_TEXT_MAX): draws salt and nonce, does the
 * passphrase work. `passphrase` NULL: in clear. `explain`: with the lines for people, as in recovery.txt.
 * ERR_NOMEM when there is no memory for the passphrase work. The caller wipes *ret. */
MUST_USE enum err seed_text_new(const struct sym_secret *seed, const struct bytes *passphrase, bool explain,
                                struct buf *ret);

/* Make and keep a seed in HOME_SEED, or in HOME_RECOVERY with the lines for people. `passphrase` NULL: in clear.
 * ERR_EXISTS when there is one; else as seed_text_new and file_write_new. */
MUST_USE enum err seed_save(const struct home *h, enum home_file where, const struct sym_secret *seed,
                            const struct bytes *passphrase);
/* Is the seed behind a passphrase? ERR_UNKNOWN when there is none; else as seed_load. */
MUST_USE enum err seed_is_protected(const struct home *h, bool *ret);
/* ERR_SECRET for a wrong passphrase (or none where one is needed), ERR_FORMAT, ERR_LIMIT (see seed_text_parse),
 * ERR_UNKNOWN when there is none, ERR_DENIED (a mode is too loose), ERR_NOMEM, ERR_IO. */
MUST_USE enum err seed_load(const struct home *h, const struct bytes *passphrase, struct sym_secret *ret);

#endif
