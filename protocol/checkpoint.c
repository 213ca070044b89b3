#include "protocol/checkpoint.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WITNESS_SUFFIX "/witness"

static_assert(ORIGIN_MAX + sizeof(WITNESS_SUFFIX) - 1 <= NOTE_KEY_NAME_MAX, "a witness's name is a key name");
static_assert((int)CHECKPOINT_TEXT_MAX <= (int)CHECKPOINT_MAX, "every checkpoint can be cosigned");

static struct bytes text_write(const struct checkpoint *c, char room[CHECKPOINT_TEXT_MAX + 1])
{
    char origin[ORIGIN_MAX + 1], root[BASE64_SIZE(HASH_LEN)];
    assert(c->size <= INT64_MAX);
    origin_text(&c->origin, origin);
    base64_encode((struct bytes){c->root.b, HASH_LEN}, root);
    int len = snprintf(room, CHECKPOINT_TEXT_MAX + 1, "%s\n%" PRIu64 "\n%s\n", origin, c->size, root);
    assert(len > 0 && len <= CHECKPOINT_TEXT_MAX);
    return (struct bytes){(const uint8_t *)room, (size_t)len};
}

void checkpoint_text(const struct checkpoint *c, struct buf *ret)
{
    char room[CHECKPOINT_TEXT_MAX + 1];
    buf_put(ret, text_write(c, room));
}

enum err checkpoint_parse(struct bytes text, struct checkpoint *ret)
{
    struct bytes origin, size, root;
    struct checkpoint c;
    if (!bytes_line(&text, &origin) || !bytes_line(&text, &size) || !bytes_line(&text, &root) || text.len > 0)
        return ERR_FORMAT;
    if (origin_parse(origin, &c.origin) != OK || bytes_u64(size, INT64_MAX, &c.size) != OK
        || base64_decode(root, c.root.b, HASH_LEN) != OK)
        return ERR_FORMAT;
    *ret = c;
    return OK;
}

struct note_key checkpoint_log_key(const struct origin *o, const struct sign_public *key)
{
    struct note_key k = {.type = NOTE_ED25519, .key = *key};
    origin_text(o, k.name);
    return k;
}

struct note_key checkpoint_witness_key(const struct origin *o, const struct sign_public *key)
{
    struct note_key k = {.type = NOTE_COSIGNATURE, .key = *key};
    origin_text(o, k.name);
    memcpy(k.name + strlen(k.name), WITNESS_SUFFIX, sizeof(WITNESS_SUFFIX));
    return k;
}

void checkpoint_sign(const struct checkpoint *c, const struct sign_secret *log_secret, struct buf *ret)
{
    char room[CHECKPOINT_TEXT_MAX + 1];
    struct bytes text = text_write(c, room);
    struct sign_public log_public = sign_public_of(log_secret);
    struct note_key key = checkpoint_log_key(&c->origin, &log_public);
    note_begin(text, ret);
    note_sign(text, &key, log_secret, ret);
}

enum err checkpoint_open(struct bytes note, const struct origin *expect, const struct sign_public *log_public,
                         struct checkpoint *ret)
{
    struct note n;
    struct checkpoint c;
    if (note.len > CHECKPOINT_MAX || note_parse(note, &n) != OK || checkpoint_parse(n.text, &c) != OK)
        return ERR_FORMAT;
    if (!origin_equal(&c.origin, expect))
        return ERR_UNKNOWN;
    struct note_key key = checkpoint_log_key(expect, log_public);
    enum err e = note_check(&n, &key, NULL);
    if (e == OK)
        *ret = c;
    return e;
}

void checkpoint_cosign(const struct checkpoint *c, const struct origin *witness, const struct sign_secret *secret,
                       uint64_t time, struct signature *ret)
{
    char room[CHECKPOINT_TEXT_MAX + 1];
    (void)witness;                      /* cosignature/v1 signs no name: one key is one witness's */
    note_cosignature_make(text_write(c, room), secret, time, ret);
}

enum err checkpoint_check_cosignature(const struct checkpoint *c, const struct origin *witness,
                                      const struct sign_public *key, uint64_t time, const struct signature *sig)
{
    char room[CHECKPOINT_TEXT_MAX + 1];
    struct note_key k = checkpoint_witness_key(witness, key);
    if (c->size > INT64_MAX)            /* it came in a message: no such checkpoint was signed */
        return ERR_SIGNATURE;
    return note_cosignature_check(text_write(c, room), &k, time, sig);
}
