#include "node/self.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "keys/file.h"
#include "keys/keyfile.h"
#include "protocol/pack.h"

enum { SETTING_MAX = 1024 };

void inviter_write(const char *address, const struct dh_public *node, struct buf *ret)
{
    pack_array(ret, 2);
    pack_str(ret, address);
    pack_fixed(ret, node->b, sizeof(node->b));
}

enum err inviter_read(struct bytes in, char ret_address[ADDRESS_MAX + 1], struct dh_public *ret_node)
{
    struct reader r = reader_on(in);
    struct dh_public node;
    (void)read_array(&r, 2, 2);
    struct bytes address = read_str(&r, ADDRESS_MAX);
    read_fixed(&r, node.b, sizeof(node.b));
    if (reader_finish(&r) != OK || !address_is_valid(address))
        return ERR_FORMAT;
    enum err e = bytes_to_str(address, ret_address, ADDRESS_MAX + 1);
    if (e == OK)
        *ret_node = node;
    return e;
}

/* A setting of exactly `len` bytes. *ret_has false and OK when there is none. */
static enum err get_fixed(struct store *s, const char *key, void *ret, size_t len, bool *ret_has)
{
    struct buf b = buf_on(SETTING_MAX);
    *ret_has = false;
    enum err e = store_get(s, key, &b);
    if (e == OK && b.len != len)
        e = ERR_FORMAT;
    if (e == OK) {
        memcpy(ret, b.p, len);
        *ret_has = true;
    }
    buf_wipe(&b);                               /* a token is a secret until used */
    return e == ERR_UNKNOWN ? OK : e;
}

static enum err load_inviter(struct store *s, struct engine_config *c)
{
    struct buf b = buf_on(SETTING_MAX);
    enum err e = store_get(s, "inviter", &b);
    if (e == OK)
        e = inviter_read(buf_bytes(&b), c->inviter_address, &c->inviter_node);
    buf_release(&b);
    return e == ERR_UNKNOWN ? OK : e;
}

static enum err load_settings(struct store *s, struct engine_config *c, const char **ret_what)
{
    bool has_alliance = false;
    *ret_what = "alliance";
    enum err e = get_fixed(s, "alliance", c->alliance.b, sizeof(c->alliance.b), &has_alliance);
    if (e == OK && !has_alliance)
        e = ERR_UNKNOWN;
    if (e != OK)
        return e;
    *ret_what = "trust";
    if ((e = get_fixed(s, "trust", c->trust.b, sizeof(c->trust.b), &c->has_trust)) != OK)
        return e;
    *ret_what = "token";
    if ((e = get_fixed(s, "token", c->token, sizeof(c->token), &c->has_token)) != OK)
        return e;
    *ret_what = "inviter";
    return load_inviter(s, c);
}

/* Where in the ring the key is that the identity names; ring->n: nowhere. A newer one may lie before it while a change of our
 * identity is under way: it is nobody's yet. */
static size_t named_key(const struct dh_keyring *ring, const struct identity *id)
{
    size_t i = 0;
    for (; i < ring->n; i++) {
        struct dh_public public = dh_public_of(&ring->keys[i].secret);
        if (memcmp(public.b, id->node.b, sizeof(public.b)) == 0)
            break;
    }
    return i;
}

/* The key that the identity names: with another nobody would answer us. Then the one before it, while it has time. */
static void take_node_keys(const struct dh_keyring *ring, size_t named, uint64_t now_s, struct self *self)
{
    self->n_keys = 0;
    for (size_t i = named; i < ring->n && self->n_keys < CHANNEL_KEYS_MAX; i++)
        if (i == named || ring->keys[i].until_s == 0 || now_s < ring->keys[i].until_s)
            self->keys[self->n_keys++] = ring->keys[i].secret;
    self->engine.node = dh_public_of(&self->keys[0]);
}

static enum err load_node_keys(const struct home *h, const struct identity *id, uint64_t now_s, struct self *self)
{
    struct dh_keyring *ring = calloc(1, sizeof(*ring));
    if (ring == NULL)
        return ERR_NOMEM;
    enum err e = dh_keys_load(h, PURPOSE_NODE, ring);
    const size_t named = e == OK ? named_key(ring, id) : 0;
    if (e == OK && named == ring->n)
        e = ERR_KEY;
    if (e == OK)
        take_node_keys(ring, named, now_s, self);
    wipe(ring, sizeof(*ring));
    free(ring);
    return e;
}

/* Only a key that the identity names cosigns: another's signatures nobody would believe. */
static enum err load_witness(const struct home *h, const struct identity *id, struct engine_config *c)
{
    struct sign_keyfile key = {0};
    enum err e = sign_key_load(h, PURPOSE_WITNESS, &key);
    if (e == OK) {
        struct sign_public ours = sign_public_of(&key.secret);
        c->has_witness = memcmp(ours.b, id->witness.b, sizeof(ours.b)) == 0;
        if (c->has_witness)
            c->witness = key.secret;
    }
    wipe(&key, sizeof(key));
    return e == ERR_SECRET ? OK : e;
}

static enum err load_home(const struct home *h, uint64_t now_s, struct self *self, const char **ret_what)
{
    char path[FILE_PATH_MAX];
    struct identity *id = malloc(sizeof(*id));
    enum err e = ERR_NOMEM;
    *ret_what = "identity";
    if (id == NULL)
        goto out;
    home_path(h, HOME_IDENTITY, path);
    if ((e = file_read(path, IDENTITY_MAX, &self->identity)) != OK)
        goto out;
    if ((e = identity_open(buf_bytes(&self->identity), id)) != OK)
        goto out;
    self->engine.identity = buf_bytes(&self->identity);
    *ret_what = "node key";
    if ((e = load_node_keys(h, id, now_s, self)) != OK)
        goto out;
    *ret_what = "witness key";
    e = load_witness(h, id, &self->engine);
out:
    free(id);
    return e == ERR_UNKNOWN ? ERR_SECRET : e;   /* a missing file is not a missing alliance */
}

/* What can change while the daemon runs; secrets stand in it by their public halves. */
static struct hash digest_of(const struct self *self)
{
    const struct engine_config *c = &self->engine;
    struct buf b = buf_on(IDENTITY_MAX + 8 * SETTING_MAX);
    buf_put(&b, (struct bytes){c->alliance.b, sizeof(c->alliance.b)});
    buf_put_u8(&b, (uint8_t)(c->has_trust | c->has_token << 1 | c->has_witness << 2));
    buf_put(&b, (struct bytes){c->trust.b, sizeof(c->trust.b)});
    buf_put(&b, (struct bytes){c->token, sizeof(c->token)});
    buf_put(&b, (struct bytes){c->inviter_node.b, sizeof(c->inviter_node.b)});
    buf_put(&b, (struct bytes){(const uint8_t *)c->inviter_address, sizeof(c->inviter_address)});
    for (size_t i = 0; i < self->n_keys; i++) {
        struct dh_public key = dh_public_of(&self->keys[i]);
        buf_put(&b, (struct bytes){key.b, sizeof(key.b)});
    }
    buf_put(&b, buf_bytes(&self->identity));
    struct hash h = blake2b_256(buf_bytes(&b));
    buf_wipe(&b);
    return h;
}

enum err self_load(const struct home *h, struct store *s, uint64_t now_s, struct self *ret, const char **ret_what)
{
    memset(ret, 0, sizeof(*ret));
    ret->identity = buf_on(IDENTITY_MAX);
    enum err e = load_settings(s, &ret->engine, ret_what);
    if (e == OK)
        e = load_home(h, now_s, ret, ret_what);
    if (e == OK) {
        static const char program[] = "folkmoot " FOLKMOOT_VERSION;
        static_assert(sizeof(program) <= sizeof(ret->engine.program), "HELLO has room for it");
        memcpy(ret->engine.program, program, sizeof(program));
        ret->digest = digest_of(ret);
    }
    if (e != OK)
        self_release(ret);
    return e;
}

void self_release(struct self *self)
{
    buf_release(&self->identity);
    wipe(self, sizeof(*self));
}
