/* keys/keyfile.h - the online keys as files: log and box keys in private/, node and
 * witness key in node/.
 *
 * A file is text: `folkmoot <purpose> key v1` (log, witness, box, node), then a line a key, newest first:
 * `<identity version> <base64, 32 bytes>`: of an Ed25519 key its seed, of an X25519 key its scalar. In node.key a third
 * word may follow, but in the first line: the POSIX second from which the key is not answered to any more. The public half is
 * always computed, never read: a signature under one secret and another's public key would give the secret away.
 * Only box.keys and node.key have more than one: old box keys still open what was sealed to them, and a node answers
 * to its previous node key. */
#ifndef FOLKMOOT_KEYS_KEYFILE_H
#define FOLKMOOT_KEYS_KEYFILE_H

#include "keys/seed.h"

enum { KEYFILE_KEYS_MAX = 64 };

struct sign_keyfile { uint32_t version; struct sign_secret secret; };
struct dh_keyring {
    size_t n;
    struct { uint32_t version; struct dh_secret secret; uint64_t until_s; } keys[KEYFILE_KEYS_MAX];    /* 0: no end */
};

/* The texts. Parse takes the one form that write makes.
 *   ERR_FORMAT  another form, another purpose, versions that do not go down, no key
 *   ERR_LIMIT   more keys than KEYFILE_KEYS_MAX
 * Write puts the text behind what `ret` holds. The caller wipes *ret. */
MUST_USE enum err sign_key_parse(struct bytes text, enum key_purpose p, struct sign_keyfile *ret);
MUST_USE enum err dh_keys_parse(struct bytes text, enum key_purpose p, struct dh_keyring *ret);
void sign_key_write(enum key_purpose p, const struct sign_keyfile *key, struct buf *ret);
void dh_keys_write(enum key_purpose p, const struct dh_keyring *keys, struct buf *ret);

/* PURPOSE_LOG or PURPOSE_WITNESS. Save replaces what is there, whole or not at all (file_write's errors).
 * Load: ERR_SECRET when the file is missing, ERR_DENIED when it is open to others, ERR_FORMAT, ERR_LIMIT, ERR_IO.
 * The caller wipes *ret. */
MUST_USE enum err sign_key_save(const struct home *h, enum key_purpose p, const struct sign_keyfile *key);
MUST_USE enum err sign_key_load(const struct home *h, enum key_purpose p, struct sign_keyfile *ret);
/* PURPOSE_BOX or PURPOSE_NODE; the same. */
MUST_USE enum err dh_keys_save(const struct home *h, enum key_purpose p, const struct dh_keyring *keys);
MUST_USE enum err dh_keys_load(const struct home *h, enum key_purpose p, struct dh_keyring *ret);

#endif
