#include "keys/regain.h"

#include <stdlib.h>
#include <string.h>

#include "keys/file.h"

static void public_of(const struct sym_secret *seed, enum key_purpose p, uint32_t version, uint8_t ret[32])
{
    struct sign_secret sign;
    struct sign_public sign_public;
    struct dh_secret dh_half;
    struct dh_public dh_public;
    if (p == PURPOSE_LOG || p == PURPOSE_WITNESS) {
        seed_sign_key(seed, p, version, &sign, &sign_public);
        memcpy(ret, sign_public.b, 32);
        wipe(&sign, sizeof(sign));
    } else {
        seed_dh_key(seed, p, version, &dh_half, &dh_public);
        memcpy(ret, dh_public.b, 32);
        wipe(&dh_half, sizeof(dh_half));
    }
}

uint32_t regain_version(const struct sym_secret *seed, enum key_purpose p, const uint8_t public[32], uint32_t newest)
{
    uint8_t got[32];
    for (uint32_t v = newest; v > 0; v--) {
        public_of(seed, p, v, got);
        if (memcmp(got, public, sizeof(got)) == 0)
            return v;
    }
    return 0;
}

struct regained { struct sign_keyfile log, witness; struct dh_keyring box, node; };

static enum err regain_sign(const struct sym_secret *seed, enum key_purpose p, const struct sign_public *public, uint32_t newest,
                            struct sign_keyfile *ret)
{
    struct sign_public again;
    ret->version = regain_version(seed, p, public->b, newest);
    if (ret->version == 0)
        return ERR_KEY;
    seed_sign_key(seed, p, ret->version, &ret->secret, &again);
    return OK;
}

static void put_dh(const struct sym_secret *seed, enum key_purpose p, uint32_t version, struct dh_keyring *ring)
{
    struct dh_public again;
    ring->keys[ring->n].version = version;
    seed_dh_key(seed, p, version, &ring->keys[ring->n].secret, &again);
    ring->n++;
}

static bool is_among(const struct sym_secret *seed, uint32_t version, size_t n, const struct dh_public *list)
{
    uint8_t got[32];
    public_of(seed, PURPOSE_BOX, version, got);
    for (size_t i = 0; i < n; i++)
        if (memcmp(got, list[i].b, sizeof(got)) == 0)
            return true;
    return false;
}

/* Newest first, as their file has them. */
static void regain_boxes(const struct sym_secret *seed, uint32_t newest, size_t n, const struct dh_public *list,
                         struct dh_keyring *ring)
{
    put_dh(seed, PURPOSE_BOX, newest, ring);
    for (uint32_t v = newest - 1; v > 0 && ring->n < KEYFILE_KEYS_MAX; v--)
        if (is_among(seed, v, n, list))
            put_dh(seed, PURPOSE_BOX, v, ring);
}

static enum err find_all(const struct sym_secret *seed, const struct identity *id, size_t n_old, const struct dh_public *old,
                         struct regained *r)
{
    struct sign_secret root;
    struct sign_public public;
    seed_root(seed, &root, &public);
    wipe(&root, sizeof(root));
    if (memcmp(public.b, id->root.b, sizeof(public.b)) != 0)
        return ERR_KEY;
    enum err e = regain_sign(seed, PURPOSE_LOG, &id->log, id->version, &r->log);
    if (e == OK)
        e = regain_sign(seed, PURPOSE_WITNESS, &id->witness, id->version, &r->witness);
    const uint32_t box = regain_version(seed, PURPOSE_BOX, id->box.b, id->version);
    const uint32_t node = regain_version(seed, PURPOSE_NODE, id->node.b, id->version);
    if (e != OK || box == 0 || node == 0)
        return e != OK ? e : ERR_KEY;
    regain_boxes(seed, box, n_old, old, &r->box);
    put_dh(seed, PURPOSE_NODE, node, &r->node);
    return OK;
}

enum err regain_check(const struct sym_secret *seed, const struct identity *id)
{
    struct regained *r = calloc(1, sizeof(*r));
    enum err e = r != NULL ? find_all(seed, id, 0, NULL, r) : ERR_NOMEM;
    if (r != NULL)
        wipe(r, sizeof(*r));
    free(r);
    return e;
}

/* The node key that is named is in its file already: then that stays, with the one before it, which has its days still. */
static bool has_node_key(const struct home *h, const struct dh_keyring *node)
{
    struct dh_keyring *ring = calloc(1, sizeof(*ring));
    bool has = ring != NULL && dh_keys_load(h, PURPOSE_NODE, ring) == OK;
    if (has) {
        struct dh_public is = dh_public_of(&ring->keys[0].secret), named = dh_public_of(&node->keys[0].secret);
        has = memcmp(is.b, named.b, sizeof(is.b)) == 0;
    }
    if (ring != NULL)
        wipe(ring, sizeof(*ring));
    free(ring);
    return has;
}

static enum err save_all(const struct home *h, const struct regained *r, bool with_witness, struct bytes note)
{
    char path[FILE_PATH_MAX];
    enum err e = dh_keys_save(h, PURPOSE_BOX, &r->box);
    if (e == OK && !has_node_key(h, &r->node))
        e = dh_keys_save(h, PURPOSE_NODE, &r->node);
    if (e == OK && with_witness)
        e = sign_key_save(h, PURPOSE_WITNESS, &r->witness);
    if (e == OK)
        e = sign_key_save(h, PURPOSE_LOG, &r->log);
    home_path(h, HOME_IDENTITY, path);
    return e == OK ? file_write(path, note) : e;
}

enum err regain_keys(const struct home *h, const struct sym_secret *seed, struct bytes note, bool with_witness, size_t n_old_boxes,
                     const struct dh_public *old_boxes)
{
    struct identity *id = malloc(sizeof(*id));
    struct regained *r = calloc(1, sizeof(*r));
    enum err e = id != NULL && r != NULL ? identity_open(note, id) : ERR_NOMEM;
    if (e == OK)
        e = find_all(seed, id, n_old_boxes, old_boxes, r);
    if (e == OK)
        e = save_all(h, r, with_witness, note);
    free(id);
    if (r != NULL)
        wipe(r, sizeof(*r));
    free(r);
    return e;
}
