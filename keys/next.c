#include "keys/next.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keys/file.h"

#define FIRST_LINE "folkmoot next v1"

enum { NEXT_MAX = IDENTITY_MAX + 1024, KEY_LEN = 32 };

static const char *const words[PURPOSES_END] = {
    [PURPOSE_LOG] = "log", [PURPOSE_WITNESS] = "witness", [PURPOSE_BOX] = "box", [PURPOSE_NODE] = "node",
};

static bool has(const struct next *n, unsigned p)
{
    return (n->rotated & 1u << p) != 0;
}

void next_init(struct next *n)
{
    memset(n, 0, sizeof(*n));
    n->note = buf_on(IDENTITY_MAX);
}

void next_release(struct next *n)
{
    buf_release(&n->note);
    wipe(n, sizeof(*n));
    next_init(n);
}

/* ---- making it ---- */

static void derive_sign(struct next *n, const struct sym_secret *seed, enum key_purpose p, uint32_t version,
                        struct sign_public *ret)
{
    struct sign_secret secret;
    seed_sign_key(seed, p, version, &secret, ret);
    memcpy(n->keys[p].b, secret.b, KEY_LEN);            /* the first half: the seed */
    wipe(&secret, sizeof(secret));
}

static void derive_dh(struct next *n, const struct sym_secret *seed, enum key_purpose p, uint32_t version, struct dh_public *ret)
{
    struct dh_secret secret;
    seed_dh_key(seed, p, version, &secret, ret);
    memcpy(n->keys[p].b, secret.b, KEY_LEN);
    wipe(&secret, sizeof(secret));
}

void next_derive(struct next *n, const struct sym_secret *seed, unsigned rotated, uint64_t now_s, struct identity *id)
{
    n->rotated = rotated;
    if (has(n, PURPOSE_LOG))
        derive_sign(n, seed, PURPOSE_LOG, id->version, &id->log);
    if (has(n, PURPOSE_WITNESS))
        derive_sign(n, seed, PURPOSE_WITNESS, id->version, &id->witness);
    if (has(n, PURPOSE_BOX))
        derive_dh(n, seed, PURPOSE_BOX, id->version, &id->box);
    if (has(n, PURPOSE_NODE))
        derive_dh(n, seed, PURPOSE_NODE, id->version, &id->node);
    n->node_until_s = has(n, PURPOSE_NODE) ? now_s + NODE_KEY_GRACE_S : 0;
}

enum err next_sign(struct next *n, const struct sym_secret *seed, const struct identity *id)
{
    struct sign_secret root;
    struct sign_public public;
    seed_root(seed, &root, &public);
    enum err e = memcmp(public.b, id->root.b, sizeof(public.b)) == 0 ? OK : ERR_SECRET;
    buf_clear(&n->note);
    if (e == OK) {
        identity_sign(id, &root, &n->note);
        e = buf_status(&n->note) == ERR_LIMIT ? ERR_FORMAT : buf_status(&n->note);
    }
    wipe(&root, sizeof(root));
    return e == OK ? identity_open(buf_bytes(&n->note), &n->id) : e;
}

/* ---- its text ---- */

void next_write(const struct next *n, struct buf *ret)
{
    buf_put_str(ret, FIRST_LINE "\n");
    for (unsigned p = PURPOSE_LOG; p < PURPOSES_END; p++) {
        char text[BASE64_SIZE(KEY_LEN)];
        if (!has(n, p))
            continue;
        base64_encode((struct bytes){n->keys[p].b, KEY_LEN}, text);
        buf_printf(ret, "%s %s\n", words[p], text);
        wipe(text, sizeof(text));
    }
    if (has(n, PURPOSE_NODE))
        buf_printf(ret, "previous-node-until %" PRIu64 "\n", n->node_until_s);
    buf_put_str(ret, "\n");
    buf_put(ret, buf_bytes(&n->note));
}

static enum err read_line(struct bytes line, unsigned *at, struct next *n)
{
    struct bytes word;
    if (!bytes_word(&line, &word))
        return ERR_FORMAT;
    if (bytes_equal(word, bytes_of("previous-node-until")) && has(n, PURPOSE_NODE) && n->node_until_s == 0)
        return bytes_u64(line, UINT64_MAX, &n->node_until_s);
    for (unsigned p = *at; p < PURPOSES_END; p++) {
        if (!bytes_equal(word, bytes_of(words[p])))
            continue;
        *at = p + 1;
        n->rotated |= 1u << p;
        return base64_decode(line, n->keys[p].b, KEY_LEN);
    }
    return ERR_FORMAT;
}

enum err next_parse(struct bytes text, struct next *ret)
{
    struct bytes line;
    unsigned at = PURPOSE_LOG;
    if (!bytes_line(&text, &line) || !bytes_equal(line, bytes_of(FIRST_LINE)))
        return ERR_FORMAT;
    enum err e = OK;
    for (;;) {
        if (!bytes_line(&text, &line))
            return ERR_FORMAT;
        if (line.len == 0)
            break;
        if ((e = read_line(line, &at, ret)) != OK)
            return e;
    }
    buf_put(&ret->note, text);
    e = buf_status(&ret->note);
    if (e == OK)
        e = identity_open(buf_bytes(&ret->note), &ret->id);
    return e == OK || e == ERR_NOMEM ? e : ERR_FORMAT;
}

/* ---- the file ---- */

enum err next_save(const struct home *h, const struct next *n)
{
    char path[FILE_PATH_MAX];
    struct buf text = buf_on(NEXT_MAX);
    home_path(h, HOME_NEXT, path);
    next_write(n, &text);
    enum err e = buf_status(&text);
    if (e == OK)
        e = file_write(path, buf_bytes(&text));
    buf_wipe(&text);
    return e;
}

enum err next_load(const struct home *h, struct next *ret)
{
    char path[FILE_PATH_MAX];
    struct buf text = buf_on(0);
    home_path(h, HOME_NEXT, path);
    enum err e = file_read_private(path, NEXT_MAX, &text);
    if (e == OK)
        e = next_parse(buf_bytes(&text), ret);
    if (e == ERR_LIMIT || e == ERR_FORMAT)
        e = ERR_CORRUPT;
    buf_wipe(&text);
    return e;
}

enum err next_drop(const struct home *h)
{
    char path[FILE_PATH_MAX];
    home_path(h, HOME_NEXT, path);
    if (unlink(path) != 0)
        return errno == ENOENT ? OK : file_errno(errno);
    home_path(h, HOME_PRIVATE, path);
    return folder_sync(path);
}

/* ---- the files that follow from it ---- */

static enum err apply_sign(const struct home *h, const struct next *n, enum key_purpose p)
{
    struct sign_keyfile key = {.version = n->id.version};
    struct sign_public ignored;
    sign_keypair(&n->keys[p], &key.secret, &ignored);
    enum err e = sign_key_save(h, p, &key);
    wipe(&key, sizeof(key));
    return e;
}

/* Of node keys the one before is kept, until its day; of box keys every one, as far as the file has room: the seed has the
 * others. */
static void add_key(struct dh_keyring *ring, const struct next *n, enum key_purpose p)
{
    const size_t most = p == PURPOSE_NODE ? 2 : KEYFILE_KEYS_MAX;
    const size_t keep = ring->n < most ? ring->n : most - 1;
    memmove(&ring->keys[1], &ring->keys[0], keep * sizeof(ring->keys[0]));
    ring->keys[0].version = n->id.version;
    ring->keys[0].until_s = 0;
    memcpy(ring->keys[0].secret.b, n->keys[p].b, KEY_LEN);
    ring->n = keep + 1;
    if (p == PURPOSE_NODE && keep > 0)
        ring->keys[1].until_s = n->node_until_s;
}

static enum err apply_dh(const struct home *h, const struct next *n, enum key_purpose p)
{
    struct dh_keyring *ring = calloc(1, sizeof(*ring));
    if (ring == NULL)
        return ERR_NOMEM;
    enum err e = dh_keys_load(h, p, ring);
    if (e == ERR_SECRET)
        e = OK;
    if (e == OK && (ring->n == 0 || ring->keys[0].version < n->id.version)) {
        add_key(ring, n, p);
        e = dh_keys_save(h, p, ring);
    }
    wipe(ring, sizeof(*ring));
    free(ring);
    return e;
}

/* The identity is last: until it stands, whoever reads finds the key that the old one names still in its file, but for
 * those that sign, which are not used under another's name. */
enum err next_apply(const struct home *h, const struct next *n)
{
    char path[FILE_PATH_MAX];
    enum err e = OK;
    if (e == OK && has(n, PURPOSE_BOX))
        e = apply_dh(h, n, PURPOSE_BOX);
    if (e == OK && has(n, PURPOSE_NODE))
        e = apply_dh(h, n, PURPOSE_NODE);
    if (e == OK && has(n, PURPOSE_WITNESS))
        e = apply_sign(h, n, PURPOSE_WITNESS);
    if (e == OK && has(n, PURPOSE_LOG))
        e = apply_sign(h, n, PURPOSE_LOG);
    home_path(h, HOME_IDENTITY, path);
    return e == OK ? file_write(path, buf_bytes(&n->note)) : e;
}
