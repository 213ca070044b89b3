#include "keys/signed.h"

#include <inttypes.h>
#include <string.h>

#include "keys/file.h"
#include "protocol/limits.h"

#define FIRST_LINE "folkmoot signed v1"

enum { LINE_MAX_LEN = 10 + 1 + 10 + 1 + HASH_LEN * 2 + 1, SIGNED_MAX = 64 + SIGNED_VERSIONS_MAX * LINE_MAX_LEN };

struct signed_text {
    uint32_t version, round;
    struct hash text_hash;
};

struct signed_list {
    size_t n;
    struct signed_text texts[SIGNED_VERSIONS_MAX];      /* versions go down */
};

enum err head_load(const struct home *h, struct buf *ret_note)
{
    char path[FILE_PATH_MAX];
    home_path(h, HOME_HEAD, path);
    enum err e = file_read_private(path, CHECKPOINT_MAX, ret_note);
    return e == ERR_LIMIT ? ERR_CORRUPT : e;
}

enum err head_save(const struct home *h, struct bytes note)
{
    char path[FILE_PATH_MAX];
    home_path(h, HOME_HEAD, path);
    return file_write(path, note);
}

static enum err read_text(struct bytes *in, uint64_t below, struct signed_text *ret)
{
    struct bytes line, version, round;
    uint64_t v, r;
    if (!bytes_line(in, &line) || !bytes_word(&line, &version) || !bytes_word(&line, &round))
        return ERR_CORRUPT;
    if (bytes_u64(version, UINT32_MAX, &v) != OK || bytes_u64(round, UINT32_MAX, &r) != OK || v >= below)
        return ERR_CORRUPT;
    if (hex_decode(line, ret->text_hash.b, HASH_LEN) != OK)
        return ERR_CORRUPT;
    ret->version = (uint32_t)v;
    ret->round = (uint32_t)r;
    return OK;
}

static enum err list_parse(struct bytes text, struct signed_list *ret)
{
    struct bytes line;
    uint64_t below = UINT64_MAX;
    if (!bytes_line(&text, &line) || !bytes_equal(line, bytes_of(FIRST_LINE)))
        return ERR_CORRUPT;
    ret->n = 0;
    while (text.len > 0) {
        if (ret->n == SIGNED_VERSIONS_MAX)
            return ERR_CORRUPT;
        enum err e = read_text(&text, below, &ret->texts[ret->n]);
        if (e != OK)
            return e;
        below = ret->texts[ret->n++].version;
    }
    return OK;
}

static enum err list_load(const char *path, struct signed_list *ret)
{
    struct buf text = buf_on(0);
    enum err e = file_read_private(path, SIGNED_MAX, &text);
    if (e == ERR_UNKNOWN) {                     /* nothing was signed yet */
        ret->n = 0;
        return OK;
    }
    if (e == OK)
        e = list_parse(buf_bytes(&text), ret);
    buf_release(&text);
    return e == ERR_LIMIT ? ERR_CORRUPT : e;
}

static enum err list_save(const char *path, const struct signed_list *list)
{
    struct buf text = buf_on(SIGNED_MAX);
    buf_put_str(&text, FIRST_LINE "\n");
    for (size_t i = 0; i < list->n; i++) {
        const struct signed_text *t = &list->texts[i];
        char hex[HEX_SIZE(HASH_LEN)];
        hex_encode((struct bytes){t->text_hash.b, HASH_LEN}, hex);
        buf_printf(&text, "%" PRIu32 " %" PRIu32 " %s\n", t->version, t->round, hex);
    }
    enum err e = buf_status(&text);
    if (e == OK)
        e = file_write(path, buf_bytes(&text));
    buf_release(&text);
    return e;
}

/* Put a version that is not in the list in its place; the oldest of a full list falls out. */
static enum err list_insert(struct signed_list *list, const struct signed_text *t)
{
    size_t at = 0;
    while (at < list->n && list->texts[at].version > t->version)
        at++;
    if (at == SIGNED_VERSIONS_MAX)              /* older than all kept: it may have fallen out itself */
        return ERR_STALE;
    size_t n_moved = (list->n < SIGNED_VERSIONS_MAX ? list->n : SIGNED_VERSIONS_MAX - 1) - at;
    memmove(&list->texts[at + 1], &list->texts[at], n_moved * sizeof(*t));
    list->texts[at] = *t;
    if (list->n < SIGNED_VERSIONS_MAX)
        list->n++;
    return OK;
}

/* Judge, and change the list. *ret_known: it is in the list as it stands. */
static enum err list_admit(struct signed_list *list, const struct signed_text *t, bool *ret_known)
{
    *ret_known = false;
    for (size_t i = 0; i < list->n; i++) {
        struct signed_text *held = &list->texts[i];
        if (held->version != t->version)
            continue;
        *ret_known = held->round == t->round && hash_equal(&held->text_hash, &t->text_hash);
        if (held->round >= t->round)
            return *ret_known ? OK : ERR_CONFLICT;
        *held = *t;
        return OK;
    }
    return list_insert(list, t);
}

enum err signed_charter(const struct home *h, uint32_t version, uint32_t round, const struct hash *text_hash)
{
    char path[FILE_PATH_MAX];
    struct signed_list list;
    struct signed_text t = {.version = version, .round = round, .text_hash = *text_hash};
    bool known;
    home_path(h, HOME_SIGNED, path);
    enum err e = list_load(path, &list);
    if (e == OK)
        e = list_admit(&list, &t, &known);
    if (e != OK || known)
        return e;
    return list_save(path, &list);
}

#define SEEN_WORDS "folkmoot charter seen v1 "

static enum err seen_parse(struct bytes text, uint64_t *ret)
{
    struct bytes line;
    const size_t words = sizeof(SEEN_WORDS) - 1;
    if (!bytes_line(&text, &line) || text.len > 0 || !bytes_start_with(line, SEEN_WORDS))
        return ERR_CORRUPT;
    return bytes_u64((struct bytes){line.p + words, line.len - words}, UINT32_MAX, ret) == OK ? OK : ERR_CORRUPT;
}

enum err seen_charter(const struct home *h, uint32_t version)
{
    char path[FILE_PATH_MAX];
    uint64_t seen = 0;
    struct buf text = buf_on(LINE_MAX_LEN);
    home_path(h, HOME_CHARTER, path);
    enum err e = file_read_private(path, LINE_MAX_LEN, &text);
    if (e == OK)
        e = seen_parse(buf_bytes(&text), &seen);
    if (e == ERR_UNKNOWN || e == ERR_LIMIT)
        e = e == ERR_UNKNOWN ? OK : ERR_CORRUPT;
    if (e == OK && version < seen)
        e = ERR_STALE;
    if (e == OK && version > seen) {
        buf_clear(&text);
        buf_printf(&text, SEEN_WORDS "%" PRIu32 "\n", version);
        e = buf_status(&text);
        if (e == OK)
            e = file_write(path, buf_bytes(&text));
    }
    buf_release(&text);
    return e;
}
