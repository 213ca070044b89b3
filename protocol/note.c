#include "protocol/note.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocol/pack.h"

#define LINE_START "\xe2\x80\x94 "                      /* em dash, space */

enum {
    KEYID_LEN = sizeof(struct note_keyid),
    KEY_LEN = sizeof(struct sign_public),
    TIME_LEN = 8,
    COSIGNATURE_LEN = TIME_LEN + SIG_LEN,
    VKEY_BLOB_LEN = 1 + KEY_LEN,
    BLOB_KEPT = sizeof(((struct note_line *)NULL)->blob),
    COSIGNED_HEAD_MAX = 48,                             /* "cosignature/v1\ntime <20 digits>\n" */
    COSIGNED_MAX = COSIGNED_HEAD_MAX + CHECKPOINT_MAX
};
static_assert(COSIGNATURE_LEN <= BLOB_KEPT, "what is verified is kept whole");

/* Is a Unicode space other than the ASCII one at the front of this valid UTF-8? */
static bool wide_space_at(struct bytes b)
{
    static const char *const spaces[] = {
        "\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f",
        "\xe3\x80\x80"};
    for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
        if (bytes_start_with(b, spaces[i]))
            return true;
    return b.len >= 3 && b.p[0] == 0xe2 && b.p[1] == 0x80 && b.p[2] >= 0x80 && b.p[2] <= 0x8a;  /* U+2000..200A */
}

/* "Key names MUST be non-empty and MUST NOT contain any Unicode spaces or plus" */
static bool name_is_good(struct bytes name)
{
    if (name.len == 0 || !utf8_is_valid(name))
        return false;
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.p[i];
        if (c <= ' ' || c == '+' || (c >= 0xc2 && wide_space_at((struct bytes){name.p + i, name.len - i})))
            return false;
    }
    return true;
}

/* "MUST be valid UTF-8 and MUST NOT contain any ASCII control characters (those
 * below U+0020) other than newline" */
static bool is_plain_text(struct bytes b)
{
    for (size_t i = 0; i < b.len; i++)
        if (b.p[i] < ' ' && b.p[i] != '\n')
            return false;
    return utf8_is_valid(b);
}

static bool is_signable(struct bytes text)
{
    return text.len > 0 && text.len <= NOTE_MAX && text.p[text.len - 1] == '\n' && is_plain_text(text);
}

/* type || key, as vkeys and key ids have it. */
static void key_blob(const struct note_key *key, uint8_t ret[VKEY_BLOB_LEN])
{
    ret[0] = (uint8_t)key->type;
    memcpy(ret + 1, key->key.b, KEY_LEN);
}

struct note_keyid note_keyid(const struct note_key *key)
{
    uint8_t in[NOTE_KEY_NAME_MAX + 1 + VKEY_BLOB_LEN];
    size_t len = strlen(key->name);
    assert(len <= NOTE_KEY_NAME_MAX);
    memcpy(in, key->name, len);
    in[len] = '\n';
    key_blob(key, in + len + 1);
    struct hash h = sha256((struct bytes){in, len + 1 + VKEY_BLOB_LEN});
    struct note_keyid id;
    memcpy(id.b, h.b, KEYID_LEN);
    return id;
}

static bool keyid_equal(const struct note_keyid *a, const struct note_keyid *b)
{
    return memcmp(a->b, b->b, KEYID_LEN) == 0;
}

void note_vkey_write(const struct note_key *key, struct buf *ret)
{
    assert(name_is_good(bytes_of(key->name)));
    uint8_t blob[VKEY_BLOB_LEN];
    char id_text[HEX_SIZE(KEYID_LEN)], blob_text[BASE64_SIZE(VKEY_BLOB_LEN)];
    struct note_keyid id = note_keyid(key);
    key_blob(key, blob);
    hex_encode((struct bytes){id.b, KEYID_LEN}, id_text);
    base64_encode((struct bytes){blob, sizeof(blob)}, blob_text);
    buf_printf(ret, "%s+%s+%s", key->name, id_text, blob_text);
}

/* Cut what stands before the next '+' off the front of `in`. */
static bool cut_at_plus(struct bytes *in, struct bytes *ret)
{
    const uint8_t *plus = in->len > 0 ? memchr(in->p, '+', in->len) : NULL;
    if (plus == NULL)
        return false;
    *ret = (struct bytes){in->p, (size_t)(plus - in->p)};
    *in = (struct bytes){plus + 1, in->len - ret->len - 1};
    return true;
}

enum err note_vkey_parse(struct bytes in, struct note_key *ret)
{
    struct note_key key = {0};
    struct note_keyid claimed, id;
    struct bytes name, hex;
    uint8_t blob[VKEY_BLOB_LEN];
    if (!cut_at_plus(&in, &name) || !cut_at_plus(&in, &hex) || !name_is_good(name))
        return ERR_FORMAT;
    if (bytes_to_str(name, key.name, sizeof(key.name)) != OK || hex_decode(hex, claimed.b, KEYID_LEN) != OK
        || base64_decode(in, blob, sizeof(blob)) != OK)
        return ERR_FORMAT;
    if (blob[0] != NOTE_ED25519 && blob[0] != NOTE_COSIGNATURE)
        return ERR_FORMAT;
    key.type = (enum note_key_type)blob[0];
    memcpy(key.key.b, blob + 1, KEY_LEN);
    id = note_keyid(&key);
    if (!keyid_equal(&id, &claimed))
        return ERR_FORMAT;
    *ret = key;
    return OK;
}

/* Decode piece by piece: a signature of a kind unknown here may run to kilobytes,
 * of which only the front is kept, but it must be canonical to its end. */
static enum err blob_parse(struct bytes text, struct note_line *ret)
{
    enum { PIECE = 48, PIECE_TEXT = PIECE / 3 * 4 };
    uint8_t piece[PIECE], kept[KEYID_LEN + BLOB_KEPT];
    size_t total = 0;
    while (text.len > 0) {
        size_t got, take = text.len < PIECE_TEXT ? text.len : PIECE_TEXT;
        if (base64_decode_upto((struct bytes){text.p, take}, piece, sizeof(piece), &got) != OK)
            return ERR_FORMAT;
        if (take < text.len && got < sizeof(piece))     /* padding before the end */
            return ERR_FORMAT;
        if (total < sizeof(kept))
            memcpy(kept + total, piece, got < sizeof(kept) - total ? got : sizeof(kept) - total);
        total += got;
        text.p += take;
        text.len -= take;
    }
    if (total <= KEYID_LEN)
        return ERR_FORMAT;
    size_t have = total < sizeof(kept) ? total : sizeof(kept);
    memcpy(ret->id.b, kept, KEYID_LEN);
    memcpy(ret->blob, kept + KEYID_LEN, have - KEYID_LEN);
    ret->blob_len = total - KEYID_LEN;
    return OK;
}

static enum err line_parse(struct bytes line, struct note_line *ret)
{
    const size_t start = sizeof(LINE_START) - 1;
    if (!bytes_start_with(line, LINE_START))
        return ERR_FORMAT;
    struct bytes rest = {line.p + start, line.len - start};
    memset(ret, 0, sizeof(*ret));
    ret->line = line;
    if (!bytes_word(&rest, &ret->name) || !name_is_good(ret->name))
        return ERR_FORMAT;
    return blob_parse(rest, ret);
}

/* "the text is separated from the signatures by the last empty line in the note" */
static enum err split(struct bytes in, struct bytes *ret_text, struct bytes *ret_lines)
{
    for (size_t at = in.len; at >= 2; at--)
        if (in.p[at - 1] == '\n' && in.p[at - 2] == '\n') {
            *ret_text = (struct bytes){in.p, at - 1};
            *ret_lines = (struct bytes){in.p + at, in.len - at};
            return OK;
        }
    return ERR_FORMAT;
}

enum err note_parse(struct bytes in, struct note *ret)
{
    struct bytes text, rest, line;
    struct note_line lines[NOTE_SIGNATURES_MAX];
    size_t n = 0;
    if (in.len > NOTE_MAX || !is_plain_text(in) || split(in, &text, &rest) != OK)
        return ERR_FORMAT;
    for (; bytes_line(&rest, &line); n++)
        if (n == NOTE_SIGNATURES_MAX || line_parse(line, &lines[n]) != OK)
            return ERR_FORMAT;
    if (n == 0 || rest.len > 0)
        return ERR_FORMAT;
    ret->text = text;
    ret->n_lines = n;
    memcpy(ret->lines, lines, n * sizeof(lines[0]));
    return OK;
}

const struct note_line *note_find(const struct note *n, const struct note_key *key)
{
    struct bytes name = bytes_of(key->name);
    struct note_keyid id = note_keyid(key);
    for (size_t i = 0; i < n->n_lines; i++)
        if (keyid_equal(&n->lines[i].id, &id) && bytes_equal(n->lines[i].name, name))
            return &n->lines[i];
    return NULL;
}

/* C2SP tlog-cosignature: "It MUST NOT exceed 2^63 - 1."  0 is refused too: there
 * it means that nothing is said about time, and our witnesses always say. */
static bool time_is_good(uint64_t time)
{
    return time > 0 && time <= INT64_MAX;
}

/* What a 0x04 key signs, written into `room`. */
static struct bytes cosigned(struct bytes text, uint64_t time, uint8_t room[COSIGNED_MAX])
{
    int head = snprintf((char *)room, COSIGNED_HEAD_MAX, "cosignature/v1\ntime %" PRIu64 "\n", time);
    assert(head > 0 && head < COSIGNED_HEAD_MAX);
    memcpy(room + head, text.p, text.len);
    return (struct bytes){room, (size_t)head + text.len};
}

void note_cosignature_make(struct bytes text, const struct sign_secret *secret, uint64_t time, struct signature *ret)
{
    assert(is_signable(text) && text.len <= CHECKPOINT_MAX && time_is_good(time));
    uint8_t room[COSIGNED_MAX];
    sign_make(secret, cosigned(text, time, room), ret);
}

enum err note_cosignature_check(struct bytes text, const struct note_key *key, uint64_t time,
                                const struct signature *sig)
{
    uint8_t room[COSIGNED_MAX];
    if (key->type != NOTE_COSIGNATURE || text.len == 0 || text.len > CHECKPOINT_MAX || !time_is_good(time))
        return ERR_SIGNATURE;
    return sign_check(&key->key, cosigned(text, time, room), sig);
}

static enum err check_plain(const struct note *n, const struct note_line *l, const struct note_key *key)
{
    struct signature sig;
    if (l->blob_len != SIG_LEN)
        return ERR_SIGNATURE;
    memcpy(sig.b, l->blob, SIG_LEN);
    return sign_check(&key->key, n->text, &sig);
}

static enum err check_cosigned(const struct note *n, const struct note_line *l, const struct note_key *key,
                               uint64_t *ret_time)
{
    struct signature sig;
    if (l->blob_len != COSIGNATURE_LEN)
        return ERR_SIGNATURE;
    *ret_time = get_u64be(l->blob);
    memcpy(sig.b, l->blob + TIME_LEN, SIG_LEN);
    return note_cosignature_check(n->text, key, *ret_time, &sig);
}

enum err note_check(const struct note *n, const struct note_key *key, uint64_t *ret_time)
{
    const struct note_line *l = note_find(n, key);
    if (l == NULL)
        return ERR_UNKNOWN;
    enum err e = ERR_SIGNATURE;
    uint64_t time = 0;
    switch (key->type) {
    case NOTE_ED25519:     e = check_plain(n, l, key); break;
    case NOTE_COSIGNATURE: e = check_cosigned(n, l, key, &time); break;
    }
    if (e == OK && ret_time != NULL)
        *ret_time = time;
    return e;
}

static void put_signature(const struct note_key *key, struct bytes signature, struct buf *ret)
{
    uint8_t raw[KEYID_LEN + COSIGNATURE_LEN];
    char text[BASE64_SIZE(sizeof(raw))];
    assert(name_is_good(bytes_of(key->name)));
    assert(signature.len <= COSIGNATURE_LEN);
    struct note_keyid id = note_keyid(key);
    memcpy(raw, id.b, KEYID_LEN);
    memcpy(raw + KEYID_LEN, signature.p, signature.len);
    base64_encode((struct bytes){raw, KEYID_LEN + signature.len}, text);
    buf_printf(ret, LINE_START "%s %s\n", key->name, text);
}

void note_sign(struct bytes text, const struct note_key *key, const struct sign_secret *secret, struct buf *ret)
{
    struct signature sig;
    assert(key->type == NOTE_ED25519 && is_signable(text));
    sign_make(secret, text, &sig);
    put_signature(key, (struct bytes){sig.b, SIG_LEN}, ret);
}

void note_cosign(struct bytes text, const struct note_key *key, const struct sign_secret *secret, uint64_t time,
                 struct buf *ret)
{
    struct signature sig;
    note_cosignature_make(text, secret, time, &sig);
    note_cosignature_line(key, time, &sig, ret);
}

void note_cosignature_line(const struct note_key *key, uint64_t time, const struct signature *sig, struct buf *ret)
{
    uint8_t blob[COSIGNATURE_LEN];
    assert(key->type == NOTE_COSIGNATURE);
    put_u64be(blob, time);
    memcpy(blob + TIME_LEN, sig->b, SIG_LEN);
    put_signature(key, (struct bytes){blob, sizeof(blob)}, ret);
}

void note_begin(struct bytes text, struct buf *ret)
{
    assert(is_signable(text));
    buf_put(ret, text);
    buf_put_u8(ret, '\n');
}

void note_put_line(const struct note_line *line, struct buf *ret)
{
    buf_put(ret, line->line);
    buf_put_u8(ret, '\n');
}

static bool is_listed(const struct note_line *l, const struct note_line *const list[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (keyid_equal(&list[i]->id, &l->id) && bytes_equal(list[i]->name, l->name))
            return true;
    return false;
}

enum err note_merge(const struct note *a, const struct note *b, struct buf *ret)
{
    const struct note_line *list[NOTE_SIGNATURES_MAX];
    size_t n = 0;
    if (!bytes_equal(a->text, b->text))
        return ERR_FORMAT;
    for (size_t i = 0; i < a->n_lines + b->n_lines; i++) {
        const struct note_line *l = i < a->n_lines ? &a->lines[i] : &b->lines[i - a->n_lines];
        if (is_listed(l, list, n))
            continue;
        if (n == NOTE_SIGNATURES_MAX)
            return ERR_LIMIT;
        list[n++] = l;
    }
    note_begin(a->text, ret);
    for (size_t i = 0; i < n; i++)
        note_put_line(list[i], ret);
    return buf_status(ret);
}
