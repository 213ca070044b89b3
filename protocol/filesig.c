#include "protocol/filesig.h"

#include <assert.h>
#include <string.h>

enum { KEY_NUMBER_LEN = 8, ARMOUR_COLUMNS = 70, SSHSIG_BLOB_MAX = 512, BASE64_MAX = BASE64_SIZE(SSHSIG_BLOB_MAX) };

static const uint8_t algorithm_key[2] = {'E', 'd'}, algorithm_prehashed[2] = {'E', 'D'};
static const char ssh_type[] = "ssh-ed25519", sshsig_magic[] = "SSHSIG", sshsig_hash[] = "sha512";

static void put_base64(struct bytes in, struct buf *ret)
{
    char text[BASE64_MAX];
    assert(in.len <= SSHSIG_BLOB_MAX);
    base64_encode(in, text);
    buf_put_str(ret, text);
}

/* ---- minisign ---- */

static struct bytes key_number(const struct sign_public *key, struct hash *memory)
{
    *memory = sha256((struct bytes){key->b, sizeof(key->b)});
    return (struct bytes){memory->b, KEY_NUMBER_LEN};
}

void minisign_key(const struct sign_public *key, struct buf *ret)
{
    struct hash memory;
    uint8_t blob[2 + KEY_NUMBER_LEN + 32];
    memcpy(blob, algorithm_key, 2);
    memcpy(blob + 2, key_number(key, &memory).p, KEY_NUMBER_LEN);
    memcpy(blob + 2 + KEY_NUMBER_LEN, key->b, sizeof(key->b));
    put_base64((struct bytes){blob, sizeof(blob)}, ret);
}

void minisign_public(const struct sign_public *key, struct buf *ret)
{
    struct hash memory;
    const uint8_t *number = key_number(key, &memory).p;
    buf_put_str(ret, "untrusted comment: minisign public key ");
    for (int i = KEY_NUMBER_LEN - 1; i >= 0; i--)       /* minisign shows it as a little-endian number */
        buf_printf(ret, "%02X", number[i]);
    buf_put_str(ret, "\n");
    minisign_key(key, ret);
    buf_put_str(ret, "\n");
}

void minisign_sign(const struct hash512 *hash, const struct sign_secret *secret, const char *untrusted, const char *trusted,
                   struct buf *ret)
{
    struct sign_public key = sign_public_of(secret);
    struct hash memory;
    struct signature sig, global;
    uint8_t blob[2 + KEY_NUMBER_LEN + SIG_LEN], whole[SIG_LEN + FILESIG_COMMENT_MAX];
    size_t comment_len = strlen(trusted);
    assert(comment_len <= FILESIG_COMMENT_MAX && strlen(untrusted) <= FILESIG_COMMENT_MAX);
    sign_make(secret, (struct bytes){hash->b, sizeof(hash->b)}, &sig);
    memcpy(blob, algorithm_prehashed, 2);
    memcpy(blob + 2, key_number(&key, &memory).p, KEY_NUMBER_LEN);
    memcpy(blob + 2 + KEY_NUMBER_LEN, sig.b, SIG_LEN);
    memcpy(whole, sig.b, SIG_LEN);
    memcpy(whole + SIG_LEN, trusted, comment_len);
    sign_make(secret, (struct bytes){whole, SIG_LEN + comment_len}, &global);
    buf_printf(ret, "untrusted comment: %s\n", untrusted);
    put_base64((struct bytes){blob, sizeof(blob)}, ret);
    buf_printf(ret, "\ntrusted comment: %s\n", trusted);
    put_base64((struct bytes){global.b, SIG_LEN}, ret);
    buf_put_str(ret, "\n");
}

/* ---- OpenSSH ---- */

static void put_ssh_string(struct buf *b, const void *p, size_t len)
{
    uint8_t length[4];
    put_u32be(length, (uint32_t)len);
    buf_put(b, (struct bytes){length, sizeof(length)});
    buf_put(b, (struct bytes){p, len});
}

static void put_ssh_text(struct buf *b, const char *text)
{
    put_ssh_string(b, text, strlen(text));
}

static void put_ssh_public(struct buf *b, const struct sign_public *key)
{
    put_ssh_text(b, ssh_type);
    put_ssh_string(b, key->b, sizeof(key->b));
}

void ssh_key(const struct sign_public *key, struct buf *ret)
{
    struct buf blob = buf_on(SSHSIG_BLOB_MAX);
    put_ssh_public(&blob, key);
    buf_printf(ret, "%s ", ssh_type);
    if (buf_status(&blob) == OK)
        put_base64(buf_bytes(&blob), ret);
    else if (ret->failed == OK)
        ret->failed = buf_status(&blob);
    buf_release(&blob);
}

static void put_nested(struct buf *b, const struct buf *inner)
{
    if (buf_status(inner) != OK && b->failed == OK)
        b->failed = buf_status(inner);
    put_ssh_string(b, inner->p, inner->len);
}

/* What is signed: it begins with "SSHSIG", as no text of ours does. */
static void sign_blob(const struct hash512 *hash, const struct sign_secret *secret, struct signature *ret, struct buf *b)
{
    buf_put_str(b, sshsig_magic);
    put_ssh_text(b, SSHSIG_NAMESPACE);
    put_ssh_text(b, "");                                /* reserved */
    put_ssh_text(b, sshsig_hash);
    put_ssh_string(b, hash->b, sizeof(hash->b));
    if (buf_status(b) == OK)
        sign_make(secret, buf_bytes(b), ret);
}

static void put_armoured(struct bytes blob, struct buf *ret)
{
    char text[BASE64_MAX];
    assert(blob.len <= SSHSIG_BLOB_MAX);
    base64_encode(blob, text);
    buf_put_str(ret, "-----BEGIN SSH SIGNATURE-----\n");
    for (size_t at = 0, len = strlen(text); at < len; at += ARMOUR_COLUMNS)
        buf_printf(ret, "%.*s\n", (int)ARMOUR_COLUMNS, text + at);
    buf_put_str(ret, "-----END SSH SIGNATURE-----\n");
}

void sshsig_sign(const struct hash512 *hash, const struct sign_secret *secret, struct buf *ret)
{
    struct sign_public key = sign_public_of(secret);
    struct signature sig = {{0}};
    struct buf b = buf_on(SSHSIG_BLOB_MAX), public = buf_on(SSHSIG_BLOB_MAX), signature = buf_on(SSHSIG_BLOB_MAX);
    uint8_t version[4];
    sign_blob(hash, secret, &sig, &b);
    enum err e = buf_status(&b);
    buf_clear(&b);
    put_ssh_public(&public, &key);
    put_ssh_text(&signature, ssh_type);
    put_ssh_string(&signature, sig.b, SIG_LEN);
    put_u32be(version, 1);
    buf_put_str(&b, sshsig_magic);
    buf_put(&b, (struct bytes){version, sizeof(version)});
    put_nested(&b, &public);
    put_ssh_text(&b, SSHSIG_NAMESPACE);
    put_ssh_text(&b, "");
    put_ssh_text(&b, sshsig_hash);
    put_nested(&b, &signature);
    if (e == OK)
        e = buf_status(&b);
    if (e == OK)
        put_armoured(buf_bytes(&b), ret);
    else if (ret->failed == OK)
        ret->failed = e;
    buf_release(&b);
    buf_release(&public);
    buf_release(&signature);
}
