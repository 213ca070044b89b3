#include "keys/seed.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "keys/file.h"

#define FIRST_LINE "folkmoot seed v1"
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

static const char explain_sealed[] =
    "# This is the recovery file of a Folkmoot node. Keep copies of it away from this\n"
    "# machine: on paper in a safe, on a memory stick in another building.\n"
    "#\n"
    "# With this file and its passphrase every key of the node can be made again:\n"
    "#     folkmoot -C NEW-HOME keys restore recovery.txt --charter FILE\n"
    "# where FILE is what `folkmoot alliance export FILE` writes at any other member. How the\n"
    "# keys follow from it is written in docs/protocol.md, P-8 and P-71.\n"
    "#\n"
    "# Without the passphrase it opens nothing, and nobody can tell you the passphrase:\n"
    "# keep that in another place. Whoever has both can sign as the authority.\n"
    "# Lines that begin with # are for people; the lines below are the file.\n"
    "\n";
static const char explain_clear[] =
    "# This is the recovery file of a Folkmoot node. It is NOT protected by a passphrase:\n"
    "# whoever reads it can sign as the authority and read all that was sealed to it.\n"
    "# `folkmoot keys restore` makes a home of it (docs/protocol.md, P-8 and P-71).\n"
    "# Lines that begin with # are for people; the lines below are the file.\n"
    "\n";

static uint64_t subkey_id(enum key_purpose p, uint32_t version)
{
    assert(version >= 1);
    return (uint64_t)version * 16 + (uint64_t)p;
}

static void sign_subkey(const struct sym_secret *seed, uint64_t id, struct sign_secret *ret_secret,
                        struct sign_public *ret_public)
{
    struct sym_secret subkey;
    kdf_subkey(seed, id, &subkey);
    sign_keypair(&subkey, ret_secret, ret_public);
    wipe(&subkey, sizeof(subkey));
}

void seed_root(const struct sym_secret *seed, struct sign_secret *ret_secret, struct sign_public *ret_public)
{
    sign_subkey(seed, 0, ret_secret, ret_public);
}

void seed_sign_key(const struct sym_secret *seed, enum key_purpose p, uint32_t version,
                   struct sign_secret *ret_secret, struct sign_public *ret_public)
{
    assert(p == PURPOSE_LOG || p == PURPOSE_WITNESS);
    sign_subkey(seed, subkey_id(p, version), ret_secret, ret_public);
}

void seed_dh_key(const struct sym_secret *seed, enum key_purpose p, uint32_t version,
                 struct dh_secret *ret_secret, struct dh_public *ret_public)
{
    assert(p == PURPOSE_BOX || p == PURPOSE_NODE);
    struct sym_secret subkey;
    kdf_subkey(seed, subkey_id(p, version), &subkey);
    memcpy(ret_secret->b, subkey.b, sizeof(ret_secret->b));
    *ret_public = dh_public_of(ret_secret);
    wipe(&subkey, sizeof(subkey));
}

static void put_field(struct buf *b, const char *name, const uint8_t *p, size_t len)
{
    char text[BASE64_SIZE(SEED_SEALED_LEN)];
    assert(len <= SEED_SEALED_LEN);
    base64_encode((struct bytes){p, len}, text);
    buf_printf(b, "%s %s\n", name, text);
    wipe(text, sizeof(text));
}

/* The lines above `sealed`: what it is bound to, so that nobody can weaken a file unseen. */
static void put_parameters(const struct seed_text *t, struct buf *ret)
{
    buf_printf(ret, FIRST_LINE "\nargon2id %" PRIu64 " %" PRIu64 "\n", t->ops, t->mem_bytes);
    put_field(ret, "salt", t->salt, sizeof(t->salt));
    put_field(ret, "nonce", t->nonce, sizeof(t->nonce));
}

void seed_text_write(const struct seed_text *t, struct buf *ret)
{
    if (t->is_protected) {
        put_parameters(t, ret);
        put_field(ret, "sealed", t->sealed, sizeof(t->sealed));
    } else {
        buf_put_str(ret, FIRST_LINE "\nunprotected\n");
        put_field(ret, "seed", t->seed.b, sizeof(t->seed.b));
    }
}

void seed_text_sealed(const struct sym_secret *seed, const struct sym_secret *pass_key, const uint8_t salt[SALT_LEN],
                      const uint8_t nonce[XNONCE_LEN], uint64_t ops, uint64_t mem_bytes, struct buf *ret)
{
    struct seed_text t = {.is_protected = true, .ops = ops, .mem_bytes = mem_bytes};
    struct buf ad = buf_on(SEED_TEXT_MAX);
    memcpy(t.salt, salt, SALT_LEN);
    memcpy(t.nonce, nonce, XNONCE_LEN);
    put_parameters(&t, &ad);
    if (buf_status(&ad) == OK) {
        xaead_seal(pass_key, nonce, buf_bytes(&ad), (struct bytes){seed->b, sizeof(seed->b)}, t.sealed);
        seed_text_write(&t, ret);
    } else if (ret->failed == OK) {
        ret->failed = buf_status(&ad);          /* no memory: the caller learns it where it asks */
    }
    buf_release(&ad);
}

void seed_text_clear(const struct sym_secret *seed, struct buf *ret)
{
    struct seed_text t = {.is_protected = false, .seed = *seed};
    seed_text_write(&t, ret);
    wipe(&t, sizeof(t));
}

/* The next line that says something; the last may lack its newline. */
static bool next_line(struct bytes *in, struct bytes *ret)
{
    struct bytes line;
    while (in->len > 0) {
        if (!bytes_line(in, &line)) {
            line = *in;
            in->len = 0;
        }
        while (line.len > 0 && strchr(" \t\r", line.p[line.len - 1]) != NULL && line.p[line.len - 1] != '\0')
            line.len--;
        if (line.len > 0 && line.p[0] != '#') {
            *ret = line;
            return true;
        }
    }
    return false;
}

static enum err read_field(struct bytes *in, const char *name, uint8_t *ret, size_t len)
{
    struct bytes line, word;
    if (!next_line(in, &line) || !bytes_word(&line, &word) || !bytes_equal(word, bytes_of(name)))
        return ERR_FORMAT;
    return base64_decode(line, ret, len);
}

/* What stands behind `argon2id`. The bounds come before any memory is asked for:
 * a hostile file must not make us ask for 64 GiB. */
static enum err read_work(struct bytes line, struct seed_text *t)
{
    struct bytes ops, mem_bytes;
    if (!bytes_word(&line, &ops) || !bytes_word(&line, &mem_bytes) || line.len != 0)
        return ERR_FORMAT;
    if (bytes_u64(ops, UINT64_MAX, &t->ops) != OK || bytes_u64(mem_bytes, UINT64_MAX, &t->mem_bytes) != OK)
        return ERR_FORMAT;
    return t->ops <= SEED_OPS_MAX && t->mem_bytes <= SEED_MEM_BYTES_MAX ? OK : ERR_LIMIT;
}

static enum err read_fields(struct bytes *text, struct seed_text *t)
{
    struct bytes line, word;
    enum err e;
    if (!next_line(text, &line) || !bytes_equal(line, bytes_of(FIRST_LINE)))
        return ERR_FORMAT;
    if (!next_line(text, &line))
        return ERR_FORMAT;
    if (bytes_equal(line, bytes_of("unprotected")))
        return read_field(text, "seed", t->seed.b, sizeof(t->seed.b));
    if (!bytes_word(&line, &word) || !bytes_equal(word, bytes_of("argon2id")))
        return ERR_FORMAT;
    t->is_protected = true;
    if ((e = read_work(line, t)) != OK)
        return e;
    if ((e = read_field(text, "salt", t->salt, sizeof(t->salt))) != OK)
        return e;
    if ((e = read_field(text, "nonce", t->nonce, sizeof(t->nonce))) != OK)
        return e;
    return read_field(text, "sealed", t->sealed, sizeof(t->sealed));
}

enum err seed_text_parse(struct bytes text, struct seed_text *ret)
{
    struct seed_text t = {0};
    struct bytes more;
    if (text.len > SEED_TEXT_MAX)
        return ERR_FORMAT;
    if (bytes_start_with(text, BYTE_ORDER_MARK)) {
        text.p += strlen(BYTE_ORDER_MARK);
        text.len -= strlen(BYTE_ORDER_MARK);
    }
    enum err e = read_fields(&text, &t);
    if (e == OK && next_line(&text, &more))
        e = ERR_FORMAT;
    if (e == OK)
        *ret = t;
    wipe(&t, sizeof(t));
    return e;
}

enum err seed_text_open(const struct seed_text *t, const struct bytes *passphrase, struct sym_secret *ret)
{
    struct sym_secret pass_key = {{0}}, seed = {{0}};
    struct buf ad = buf_on(SEED_TEXT_MAX);
    enum err e = OK;
    if (!t->is_protected) {
        *ret = t->seed;
        return OK;
    }
    if (passphrase == NULL)
        return ERR_SECRET;
    /* An empty buffer has no place, and libsodium wants one. */
    struct bytes typed = passphrase->len > 0 ? *passphrase : bytes_of("");
    put_parameters(t, &ad);
    if ((e = buf_status(&ad)) != OK)
        goto out;
    if ((e = password_key(typed, t->salt, t->ops, t->mem_bytes, &pass_key)) != OK)
        goto out;
    e = ERR_SECRET;
    if (xaead_open(&pass_key, t->nonce, buf_bytes(&ad), (struct bytes){t->sealed, sizeof(t->sealed)}, seed.b) != OK)
        goto out;
    *ret = seed;
    e = OK;
out:
    wipe(&pass_key, sizeof(pass_key));
    wipe(&seed, sizeof(seed));
    buf_release(&ad);
    return e;
}

enum err seed_text_new(const struct sym_secret *seed, const struct bytes *passphrase, bool explain, struct buf *ret)
{
    uint8_t salt[SALT_LEN], nonce[XNONCE_LEN];
    struct sym_secret pass_key;
    if (explain)
        buf_put_str(ret, passphrase != NULL ? explain_sealed : explain_clear);
    if (passphrase == NULL) {
        seed_text_clear(seed, ret);
        return buf_status(ret);
    }
    assert(passphrase->len > 0);
    random_fill(salt, sizeof(salt));
    random_fill(nonce, sizeof(nonce));
    enum err e = password_key(*passphrase, salt, SEED_OPS, SEED_MEM_BYTES, &pass_key);
    if (e == OK) {
        seed_text_sealed(seed, &pass_key, salt, nonce, SEED_OPS, SEED_MEM_BYTES, ret);
        e = buf_status(ret);
    }
    wipe(&pass_key, sizeof(pass_key));
    return e;
}

enum err seed_save(const struct home *h, enum home_file where, const struct sym_secret *seed,
                   const struct bytes *passphrase)
{
    char path[FILE_PATH_MAX];
    struct buf text = buf_on(SEED_TEXT_MAX);
    assert(where == HOME_SEED || where == HOME_RECOVERY);
    home_path(h, where, path);
    enum err e = seed_text_new(seed, passphrase, where == HOME_RECOVERY, &text);
    if (e == OK)
        e = file_write_new(path, buf_bytes(&text));
    buf_wipe(&text);
    return e;
}

static enum err load_text(const struct home *h, struct seed_text *ret)
{
    char path[FILE_PATH_MAX];
    struct buf text = buf_on(0);
    home_path(h, HOME_SEED, path);
    enum err e = file_read_private(path, SEED_TEXT_MAX, &text);
    if (e == ERR_LIMIT)
        e = ERR_FORMAT;
    if (e == OK)
        e = seed_text_parse(buf_bytes(&text), ret);
    buf_wipe(&text);
    return e;
}

enum err seed_is_protected(const struct home *h, bool *ret)
{
    struct seed_text t;
    enum err e = load_text(h, &t);
    if (e != OK)
        return e;
    *ret = t.is_protected;
    wipe(&t, sizeof(t));
    return OK;
}

enum err seed_load(const struct home *h, const struct bytes *passphrase, struct sym_secret *ret)
{
    struct seed_text t;
    enum err e = load_text(h, &t);
    if (e != OK)
        return e;
    e = seed_text_open(&t, passphrase, ret);
    wipe(&t, sizeof(t));
    return e;
}
