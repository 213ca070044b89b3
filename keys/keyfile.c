#include "keys/keyfile.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "keys/file.h"

enum { KEY_LEN = 32, KEYFILE_MAX = 64 + KEYFILE_KEYS_MAX * (10 + 1 + BASE64_SIZE(KEY_LEN) + 21) };

static const char *first_line(enum key_purpose p)
{
    switch (p) {
    case PURPOSE_LOG:     return "folkmoot log key v1";
    case PURPOSE_WITNESS: return "folkmoot witness key v1";
    case PURPOSE_BOX:     return "folkmoot box key v1";
    case PURPOSE_NODE:    return "folkmoot node key v1";
    }
    return "";
}

static enum home_file file_of(enum key_purpose p)
{
    switch (p) {
    case PURPOSE_LOG:     return HOME_LOG_KEY;
    case PURPOSE_WITNESS: return HOME_WITNESS_KEY;
    case PURPOSE_BOX:     return HOME_BOX_KEYS;
    case PURPOSE_NODE:    return HOME_NODE_KEY;
    }
    return HOME_FILE_COUNT;
}

static bool is_sign_purpose(enum key_purpose p)
{
    return p == PURPOSE_LOG || p == PURPOSE_WITNESS;
}

static bool is_dh_purpose(enum key_purpose p)
{
    return p == PURPOSE_BOX || p == PURPOSE_NODE;
}

static void put_key(struct buf *b, uint32_t version, const uint8_t *key, uint64_t until_s)
{
    char text[BASE64_SIZE(KEY_LEN)];
    assert(version >= 1);
    base64_encode((struct bytes){key, KEY_LEN}, text);
    buf_printf(b, "%" PRIu32 " %s", version, text);
    if (until_s != 0)
        buf_printf(b, " %" PRIu64, until_s);
    buf_put_str(b, "\n");
    wipe(text, sizeof(text));
}

static enum err read_first(struct bytes *in, enum key_purpose p)
{
    struct bytes line;
    return bytes_line(in, &line) && bytes_equal(line, bytes_of(first_line(p))) ? OK : ERR_FORMAT;
}

/* The end that may stand behind a key: with `ret` NULL none may. */
static enum err read_until(struct bytes *line, uint64_t *ret)
{
    struct bytes word;
    if (ret == NULL || memchr(line->p, ' ', line->len) == NULL)
        return OK;                              /* what is too much is no base64 */
    const struct bytes whole = *line;
    if (!bytes_word(line, &word) || bytes_u64(*line, UINT64_MAX, ret) != OK || *ret == 0)
        return ERR_FORMAT;
    *line = (struct bytes){whole.p, word.len};
    return OK;
}

/* Versions go down: `below` is the line before's. */
static enum err read_key(struct bytes *in, uint64_t below, uint32_t *ret_version, uint8_t *ret_key, uint64_t *ret_until_s)
{
    struct bytes line, word;
    uint64_t version;
    if (!bytes_line(in, &line) || !bytes_word(&line, &word))
        return ERR_FORMAT;
    if (read_until(&line, ret_until_s) != OK)
        return ERR_FORMAT;
    if (bytes_u64(word, UINT32_MAX, &version) != OK || version < 1 || version >= below)
        return ERR_FORMAT;
    for (size_t i = 0; i < line.len; i++)
        if (line.p[i] > 0x7f)                   /* libsodium 1.0.18 reads each of these as '/' */
            return ERR_FORMAT;
    if (base64_decode(line, ret_key, KEY_LEN) != OK)
        return ERR_FORMAT;
    *ret_version = (uint32_t)version;
    return OK;
}

enum err sign_key_parse(struct bytes text, enum key_purpose p, struct sign_keyfile *ret)
{
    struct sym_secret seed = {{0}};
    struct sign_public computed;
    uint32_t version;
    assert(is_sign_purpose(p));
    enum err e = read_first(&text, p);
    if (e == OK)
        e = read_key(&text, UINT64_MAX, &version, seed.b, NULL);
    if (e == OK && text.len > 0)
        e = ERR_FORMAT;
    if (e == OK) {
        ret->version = version;
        sign_keypair(&seed, &ret->secret, &computed);
    }
    wipe(&seed, sizeof(seed));
    return e;
}

enum err dh_keys_parse(struct bytes text, enum key_purpose p, struct dh_keyring *ret)
{
    struct dh_keyring keys = {0};
    uint64_t below = UINT64_MAX;
    assert(is_dh_purpose(p));
    enum err e = read_first(&text, p);
    if (e == OK && text.len == 0)
        e = ERR_FORMAT;                         /* a file with no key in it */
    while (e == OK && text.len > 0) {
        if (keys.n == KEYFILE_KEYS_MAX) {
            e = ERR_LIMIT;
            break;
        }
        uint64_t *until_s = p == PURPOSE_NODE && keys.n > 0 ? &keys.keys[keys.n].until_s : NULL;
        e = read_key(&text, below, &keys.keys[keys.n].version, keys.keys[keys.n].secret.b, until_s);
        below = keys.keys[keys.n].version;
        keys.n++;
    }
    if (e == OK)
        *ret = keys;
    wipe(&keys, sizeof(keys));
    return e;
}

void sign_key_write(enum key_purpose p, const struct sign_keyfile *key, struct buf *ret)
{
    assert(is_sign_purpose(p));
    buf_printf(ret, "%s\n", first_line(p));
    put_key(ret, key->version, key->secret.b, 0);   /* the first half: the seed */
}

void dh_keys_write(enum key_purpose p, const struct dh_keyring *keys, struct buf *ret)
{
    assert(is_dh_purpose(p));
    assert(keys->n >= 1 && keys->n <= KEYFILE_KEYS_MAX);
    buf_printf(ret, "%s\n", first_line(p));
    for (size_t i = 0; i < keys->n; i++) {
        assert(i == 0 || keys->keys[i].version < keys->keys[i - 1].version);
        assert(keys->keys[i].until_s == 0 || (p == PURPOSE_NODE && i > 0));
        put_key(ret, keys->keys[i].version, keys->keys[i].secret.b, keys->keys[i].until_s);
    }
}

/* Write what `text` holds, and wipe it either way. */
static enum err save(const struct home *h, enum key_purpose p, struct buf *text)
{
    char path[FILE_PATH_MAX];
    home_path(h, file_of(p), path);
    enum err e = buf_status(text);
    if (e == OK)
        e = file_write(path, buf_bytes(text));
    buf_wipe(text);
    return e;
}

static enum err load(const struct home *h, enum key_purpose p, struct buf *ret)
{
    char path[FILE_PATH_MAX];
    home_path(h, file_of(p), path);
    enum err e = file_read_private(path, KEYFILE_MAX, ret);
    return e == ERR_UNKNOWN ? ERR_SECRET : e;
}

enum err sign_key_save(const struct home *h, enum key_purpose p, const struct sign_keyfile *key)
{
    struct buf text = buf_on(KEYFILE_MAX);
    sign_key_write(p, key, &text);
    return save(h, p, &text);
}

enum err dh_keys_save(const struct home *h, enum key_purpose p, const struct dh_keyring *keys)
{
    struct buf text = buf_on(KEYFILE_MAX);
    dh_keys_write(p, keys, &text);
    return save(h, p, &text);
}

enum err sign_key_load(const struct home *h, enum key_purpose p, struct sign_keyfile *ret)
{
    struct buf text = buf_on(0);
    enum err e = load(h, p, &text);
    if (e == OK)
        e = sign_key_parse(buf_bytes(&text), p, ret);
    buf_wipe(&text);
    return e;
}

enum err dh_keys_load(const struct home *h, enum key_purpose p, struct dh_keyring *ret)
{
    struct buf text = buf_on(0);
    enum err e = load(h, p, &text);
    if (e == OK)
        e = dh_keys_parse(buf_bytes(&text), p, ret);
    buf_wipe(&text);
    return e;
}
