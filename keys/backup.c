#include "keys/backup.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "keys/file.h"
#include "protocol/limits.h"
#include "protocol/pack.h"

#define FIRST_LINE "folkmoot backup v1"
#define ASKED "asked"
#define NOTED_WORDS "folkmoot backup noted v1 "

enum { LETTERS_A_LINE = 76, VERSION = 1, HEADER_ROOM = 1024, NOTED_MAX = 128 };

static const char explain[] =
    "# This is a backup of a Folkmoot node: its seed, who it is, whom it knows, and what it has signed.\n"
    "# `folkmoot keys restore` sets the node up from it again; the passphrase is that of the node on the day\n"
    "# it was made, and nobody can tell you it. Without it the file opens nothing; whoever has both can\n"
    "# sign as the authority. `folkmoot keys backup --check FILE` looks whether it is whole.\n"
    "\n";

static const enum home_file files[] = {
#define X(f) f,
    BACKUP_FILES(X)
#undef X
};
enum { N_FILES = sizeof(files) / sizeof(files[0]) };
static_assert((int)N_FILES < (int)BACKUP_FILES_MAX, "a reader takes as many");

static const char *name_of(enum home_file f)
{
    static const char *const names[HOME_FILE_COUNT] = {
#define X(sym, name) [sym] = (name),
        HOME_FILES(X)
#undef X
    };
    return names[f];
}

void backup_init(struct backup *b)
{
    memset(b, 0, sizeof(*b));
    b->plain = buf_on(BACKUP_MAX);
}

void backup_release(struct backup *b)
{
    buf_wipe(&b->plain);
    wipe(b, sizeof(*b));
    backup_init(b);
}

/* ---- making one ---- */

static enum err pack_file(const struct home *h, enum home_file f, struct buf *list, size_t *n)
{
    char path[FILE_PATH_MAX];
    struct buf content = buf_on(0);
    home_path(h, f, path);
    enum err e = file_read(path, PARCEL_MAX, &content);
    if (e == OK) {
        pack_array(list, 2);
        pack_str(list, name_of(f));
        pack_bin(list, buf_bytes(&content));
        e = buf_status(list);
        (*n)++;
    }
    buf_wipe(&content);                         /* some of them are secrets */
    return e == ERR_UNKNOWN ? OK : e;
}

static enum err pack_home(const struct home *h, const struct sym_secret *seed, struct bytes asked, uint64_t now_s,
                          struct buf *ret)
{
    struct buf list = buf_on(BACKUP_MAX);
    size_t n = 0;
    enum err e = OK;
    for (size_t i = 0; e == OK && i < N_FILES; i++)
        e = pack_file(h, files[i], &list, &n);
    if (asked.len > 0) {
        pack_array(&list, 2);
        pack_str(&list, ASKED);
        pack_bin(&list, asked);
        n++;
    }
    pack_array(ret, 4);
    pack_uint(ret, VERSION);
    pack_uint(ret, now_s);
    pack_fixed(ret, seed->b, sizeof(seed->b));
    pack_array(ret, n);
    buf_put(ret, buf_bytes(&list));
    if (e == OK)
        e = buf_status(&list);
    buf_wipe(&list);
    return e == OK ? buf_status(ret) : e;
}

struct work { uint64_t ops, mem_bytes; uint8_t salt[SALT_LEN], nonce[XNONCE_LEN]; };

/* What the content is bound to, so that nobody can weaken a file unseen. */
static void put_header(const struct work *w, struct buf *ret)
{
    char salt[BASE64_SIZE(SALT_LEN)], nonce[BASE64_SIZE(XNONCE_LEN)];
    base64_encode((struct bytes){w->salt, SALT_LEN}, salt);
    base64_encode((struct bytes){w->nonce, XNONCE_LEN}, nonce);
    buf_printf(ret, FIRST_LINE "\nargon2id %" PRIu64 " %" PRIu64 "\nsalt %s\nnonce %s\n", w->ops, w->mem_bytes, salt, nonce);
}

static enum err put_letters(struct bytes sealed, struct buf *ret)
{
    char *text = malloc(BASE64_SIZE(sealed.len));
    if (text == NULL)
        return ERR_NOMEM;
    base64_encode(sealed, text);
    const size_t len = strlen(text);
    for (size_t at = 0; at < len; at += LETTERS_A_LINE) {
        const size_t n = len - at < LETTERS_A_LINE ? len - at : LETTERS_A_LINE;
        buf_put(ret, (struct bytes){(const uint8_t *)text + at, n});
        buf_put_u8(ret, '\n');
    }
    free(text);
    return buf_status(ret);
}

static enum err seal(struct bytes plain, struct bytes passphrase, struct buf *ret)
{
    struct work w = {.ops = SEED_OPS, .mem_bytes = SEED_MEM_BYTES};
    struct sym_secret key = {{0}};
    struct buf header = buf_on(HEADER_ROOM);
    uint8_t *sealed = malloc(plain.len + AEAD_TAG_LEN);
    random_fill(w.salt, sizeof(w.salt));
    random_fill(w.nonce, sizeof(w.nonce));
    put_header(&w, &header);
    enum err e = sealed != NULL ? buf_status(&header) : ERR_NOMEM;
    if (e == OK)
        e = password_key(passphrase, w.salt, w.ops, w.mem_bytes, &key);
    if (e == OK) {
        xaead_seal(&key, w.nonce, buf_bytes(&header), plain, sealed);
        buf_put_str(ret, explain);
        buf_put(ret, buf_bytes(&header));
        buf_put_str(ret, "sealed\n");
        e = put_letters((struct bytes){sealed, plain.len + AEAD_TAG_LEN}, ret);
    }
    wipe(&key, sizeof(key));
    free(sealed);
    buf_release(&header);
    return e;
}

enum err backup_make(const struct home *h, const struct sym_secret *seed, struct bytes passphrase, struct bytes asked,
                     uint64_t now_s, struct buf *ret)
{
    struct buf plain = buf_on(BACKUP_MAX);
    enum err e = pack_home(h, seed, asked, now_s, &plain);
    if (e == OK)
        e = seal(buf_bytes(&plain), passphrase, ret);
    buf_wipe(&plain);
    return e;
}

/* ---- opening one ---- */

/* The next line that says something, without what mail and word processors put at its end. */
static bool next_line(struct bytes *in, struct bytes *ret)
{
    while (in->len > 0) {
        struct bytes line;
        if (!bytes_line(in, &line)) {
            line = *in;
            in->len = 0;
        }
        while (line.len > 0 && (line.p[line.len - 1] == ' ' || line.p[line.len - 1] == '\r' || line.p[line.len - 1] == '\t'))
            line.len--;
        if (line.len > 0 && line.p[0] != '#') {
            *ret = line;
            return true;
        }
    }
    return false;
}

bool backup_is_one(struct bytes text)
{
    struct bytes line;
    return next_line(&text, &line) && bytes_equal(line, bytes_of(FIRST_LINE));
}

static enum err read_field(struct bytes *in, const char *name, uint8_t *ret, size_t len)
{
    struct bytes line, word;
    if (!next_line(in, &line) || !bytes_word(&line, &word) || !bytes_equal(word, bytes_of(name)))
        return ERR_FORMAT;
    return base64_decode(line, ret, len);
}

static enum err read_header(struct bytes *in, struct work *w)
{
    struct bytes line, word, ops, mem_bytes;
    if (!next_line(in, &line) || !bytes_equal(line, bytes_of(FIRST_LINE)))
        return ERR_FORMAT;
    if (!next_line(in, &line) || !bytes_word(&line, &word) || !bytes_equal(word, bytes_of("argon2id")))
        return ERR_FORMAT;
    if (!bytes_word(&line, &ops) || !bytes_word(&line, &mem_bytes) || line.len != 0)
        return ERR_FORMAT;
    if (bytes_u64(ops, UINT64_MAX, &w->ops) != OK || bytes_u64(mem_bytes, UINT64_MAX, &w->mem_bytes) != OK)
        return ERR_FORMAT;
    if (w->ops > SEED_OPS_MAX || w->mem_bytes > SEED_MEM_BYTES_MAX)
        return ERR_LIMIT;
    if (read_field(in, "salt", w->salt, SALT_LEN) != OK || read_field(in, "nonce", w->nonce, XNONCE_LEN) != OK)
        return ERR_FORMAT;
    return next_line(in, &line) && bytes_equal(line, bytes_of("sealed")) ? OK : ERR_FORMAT;
}

/* What stands behind `sealed`, its lines joined. */
static enum err read_letters(struct bytes in, struct buf *ret)
{
    struct bytes line;
    struct buf letters = buf_on(in.len);
    while (next_line(&in, &line))
        buf_put(&letters, line);
    enum err e = buf_status(&letters);
    size_t len = 0;
    uint8_t *room = e == OK ? buf_grow(ret, letters.len / 4 * 3) : NULL;
    if (e == OK && room == NULL)
        e = letters.len < 4 ? ERR_FORMAT : buf_status(ret);
    if (e == OK)
        e = base64_decode_upto(buf_bytes(&letters), room, letters.len / 4 * 3, &len);
    ret->len = e == OK ? len : 0;
    buf_release(&letters);
    return e;
}

static void take_file(struct backup *b, struct bytes name, struct bytes content)
{
    if (bytes_equal(name, bytes_of(ASKED)))
        b->asked = content;
    for (size_t i = 0; i < N_FILES; i++)
        if (bytes_equal(name, bytes_of(name_of(files[i])))) {
            b->has[files[i]] = true;
            b->file[files[i]] = content;
        }
}

static enum err unpack(struct backup *b)
{
    struct reader r = reader_on(buf_bytes(&b->plain));
    (void)read_array(&r, 4, 4);
    if (read_uint(&r, UINT32_MAX) != VERSION)
        reader_fail(&r);
    b->made_s = read_uint(&r, INT64_MAX / 1000);
    read_fixed(&r, b->seed.b, sizeof(b->seed.b));
    const size_t n = read_array(&r, 0, BACKUP_FILES_MAX);
    for (size_t i = 0; i < n && reader_status(&r) == OK; i++) {
        (void)read_array(&r, 2, 2);
        struct bytes name = read_str(&r, 64);
        struct bytes content = read_bin(&r, PARCEL_MAX);
        take_file(b, name, content);
    }
    return reader_finish(&r);
}

enum err backup_unpack(struct bytes plain, struct backup *ret)
{
    buf_put(&ret->plain, plain);
    enum err e = buf_status(&ret->plain);
    return e == OK ? unpack(ret) : e;
}

enum err backup_open(struct bytes text, struct bytes passphrase, struct backup *ret)
{
    struct work w;
    struct sym_secret key = {{0}};
    struct buf header = buf_on(HEADER_ROOM), sealed = buf_on(BACKUP_MAX);
    enum err e = read_header(&text, &w);
    if (e == OK)
        e = read_letters(text, &sealed);
    if (e == OK && sealed.len < AEAD_TAG_LEN)
        e = ERR_FORMAT;
    if (e != OK)
        goto out;
    put_header(&w, &header);
    if ((e = buf_status(&header)) != OK)
        goto out;
    if ((e = password_key(passphrase.len > 0 ? passphrase : bytes_of(""), w.salt, w.ops, w.mem_bytes, &key)) != OK)
        goto out;
    e = ERR_NOMEM;
    uint8_t *room = buf_grow(&ret->plain, sealed.len - AEAD_TAG_LEN);
    if (room == NULL && sealed.len > AEAD_TAG_LEN)
        goto out;
    e = room != NULL && xaead_open(&key, w.nonce, buf_bytes(&header), buf_bytes(&sealed), room) == OK ? OK : ERR_SECRET;
    if (e == OK)
        e = unpack(ret);
out:
    wipe(&key, sizeof(key));
    buf_release(&header);
    buf_release(&sealed);
    return e;
}

/* ---- when it was done ---- */

enum err backup_note(const struct home *h, uint64_t now_s, uint32_t version)
{
    char path[FILE_PATH_MAX];
    struct buf text = buf_on(NOTED_MAX);
    home_path(h, HOME_BACKUP, path);
    buf_printf(&text, NOTED_WORDS "%" PRIu64 " %" PRIu32 "\n", now_s, version);
    enum err e = buf_status(&text);
    if (e == OK)
        e = file_write(path, buf_bytes(&text));
    buf_release(&text);
    return e;
}

enum err backup_noted(const struct home *h, uint64_t *ret_s, uint32_t *ret_version)
{
    char path[FILE_PATH_MAX];
    struct buf text = buf_on(0);
    uint64_t version = 0;
    home_path(h, HOME_BACKUP, path);
    enum err e = file_read_private(path, NOTED_MAX, &text);
    struct bytes rest = buf_bytes(&text), line, word;
    const size_t words = sizeof(NOTED_WORDS) - 1;
    if (e == OK && (!bytes_line(&rest, &line) || rest.len > 0 || !bytes_start_with(line, NOTED_WORDS)))
        e = ERR_FORMAT;
    if (e == OK) {
        line = (struct bytes){line.p + words, line.len - words};
        e = bytes_word(&line, &word) ? bytes_u64(word, INT64_MAX / 1000, ret_s) : ERR_FORMAT;
    }
    if (e == OK && (e = bytes_u64(line, UINT32_MAX, &version)) == OK)
        *ret_version = (uint32_t)version;
    buf_release(&text);
    return e;
}
