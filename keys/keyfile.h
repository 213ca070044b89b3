/* keys/keyfile.h - the online keys as files: log and box keys in private/, node and
 * witness key in node/.
 *
 * A file is text: `folkmoot <purpose> key v1`, then a line a key, newest first:
 * `<identity version> <base64 secret>`. Only box.keys and node.key have more than one:
 * old box keys still open what was sealed to them, and a node answers to its previous node key. */
#ifndef FOLKMOOT_KEYS_KEYFILE_H
#define FOLKMOOT_KEYS_KEYFILE_H

#include "keys/seed.h"

enum { KEYFILE_KEYS_MAX = 64 };

struct sign_keyfile { uint32_t version; struct sign_secret secret; };
struct dh_keyring {
    size_t n;
    struct { uint32_t version; struct dh_secret secret; } keys[KEYFILE_KEYS_MAX];
};

/* PURPOSE_LOG or PURPOSE_WITNESS. ERR_SECRET when the file is missing, ERR_DENIED, ERR_FORMAT. */
MUST_USE enum err sign_key_save(const struct home *h, enum key_purpose p, const struct sign_keyfile *key);
MUST_USE enum err sign_key_load(const struct home *h, enum key_purpose p, struct sign_keyfile *ret);
/* PURPOSE_BOX or PURPOSE_NODE. */
MUST_USE enum err dh_keys_save(const struct home *h, enum key_purpose p, const struct dh_keyring *keys);
MUST_USE enum err dh_keys_load(const struct home *h, enum key_purpose p, struct dh_keyring *ret);

#endif
