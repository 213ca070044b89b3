#include "cli/reference/file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/day.h"
#include "keys/file.h"
#include "protocol/crypto.h"
#include "protocol/pack.h"

static const char first_line[] = "folkmoot reference v1";

/* ---- names ---- */

bool reference_name_is_good(const char *name)
{
    size_t len = strlen(name);
    return len > 0 && len <= REFERENCE_NAME_MAX && name[0] != '-' && name[len - 1] != '-' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

enum err reference_name_of(const char *path, char ret[REFERENCE_NAME_MAX + 1])
{
    const char *base = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path, *dot = strrchr(base, '.');
    size_t len = dot != NULL && dot > base ? (size_t)(dot - base) : strlen(base), n = 0;
    for (size_t i = 0; i < len && n < REFERENCE_NAME_MAX; i++) {
        int c = (unsigned char)base[i];
        if (c < 0x80 && isalnum(c))
            ret[n++] = (char)tolower(c);
        else if (n > 0 && ret[n - 1] != '-')
            ret[n++] = '-';
    }
    while (n > 0 && ret[n - 1] == '-')
        n--;
    ret[n] = '\0';
    return reference_name_is_good(ret) ? OK : ERR_FORMAT;
}

bool reference_source_is_good(const char *source)
{
    return source[0] != '\0' && strlen(source) <= REFERENCE_SOURCE_MAX && utf8_is_line(bytes_of(source));
}

static void path_of(const struct home *h, const char *name, char ret[FILE_PATH_MAX])
{
    char folder[FILE_PATH_MAX];
    home_path(h, HOME_REFERENCE, folder);
    snprintf(ret, FILE_PATH_MAX, "%.*s/%s", FILE_PATH_MAX - REFERENCE_NAME_MAX - 2, folder, name);
}

/* ---- the head ---- */

static void head_write(const struct reference_head *h, struct buf *ret)
{
    char hex[HEX_SIZE(HASH_LEN)];
    hex_encode((struct bytes){h->sha256.b, HASH_LEN}, hex);
    buf_printf(ret, "%s\nkind %s\nform %s\nsource %s\nvintage %s\nimported %s\nsha256 %s\nsize %llu\n", first_line, h->kind,
               h->form,
               h->source, h->vintage, h->imported, hex, (unsigned long long)h->size);
    for (size_t i = 0; i < h->n_where; i++)
        buf_printf(ret, "where %s=%s\n", h->where[i].column, h->where[i].value);
    buf_put_str(ret, "\n");
}

static bool read_word(struct bytes *in, const char *key, char *ret, size_t size)
{
    struct bytes line;
    size_t len = strlen(key);
    if (!bytes_line(in, &line) || line.len < len + 1 || memcmp(line.p, key, len) != 0 || line.p[len] != ' ')
        return false;
    return bytes_to_str((struct bytes){line.p + len + 1, line.len - len - 1}, ret, size) == OK;
}

static bool read_where(struct bytes *in, struct reference_head *h)
{
    struct bytes line;
    char text[sizeof(struct intake_where) + 1];
    while (bytes_line(in, &line)) {
        if (line.len == 0)
            return true;
        if (line.len < 7 || memcmp(line.p, "where ", 6) != 0 || h->n_where == INTAKE_WHERE_MAX ||
            bytes_to_str((struct bytes){line.p + 6, line.len - 6}, text, sizeof(text)) != OK ||
            intake_where_parse(text, &h->where[h->n_where++]) != OK)
            return false;
    }
    return false;
}

/* *in moves behind the blank line. */
static bool head_read(struct bytes *in, struct reference_head *h)
{
    struct bytes line;
    char sha256[HEX_SIZE(HASH_LEN)], size[24];
    uint64_t ms;
    return bytes_line(in, &line) && line.len == strlen(first_line) && memcmp(line.p, first_line, line.len) == 0 &&
           read_word(in, "kind", h->kind, sizeof(h->kind)) && read_word(in, "form", h->form, sizeof(h->form)) &&
           read_word(in, "source", h->source, sizeof(h->source)) && reference_source_is_good(h->source) &&
           read_word(in, "vintage", h->vintage, sizeof(h->vintage)) && day_end(h->vintage, &ms) == OK &&
           read_word(in, "imported", h->imported, sizeof(h->imported)) &&
           read_word(in, "sha256", sha256, sizeof(sha256)) && hex_decode(bytes_of(sha256), h->sha256.b, HASH_LEN) == OK &&
           read_word(in, "size", size, sizeof(size)) && bytes_u64(bytes_of(size), INTAKE_FILE_MAX, &h->size) == OK &&
           read_where(in, h);
}

static bool head_take(struct bytes *in, struct reference_head *h)
{
    const uint8_t *begin = in->p;
    if (!head_read(in, h))
        return false;
    h->head_sha256 = sha256((struct bytes){begin, (size_t)(in->p - begin)});
    return true;
}

/* ---- files ---- */

static enum err make_folder(const struct home *h)
{
    char path[FILE_PATH_MAX];
    home_path(h, HOME_REFERENCE, path);
    enum err e = folder_make(path);
    return e == ERR_EXISTS ? folder_check_private(path) : e;
}

enum err reference_keep(const struct home *h, const struct reference_head *head, struct bytes content)
{
    struct reference_names *names = malloc(sizeof(*names));
    struct buf whole = buf_on(REFERENCE_HEAD_MAX + INTAKE_FILE_MAX);
    char path[FILE_PATH_MAX];
    bool is_new = true;
    enum err e = names != NULL ? reference_list(h, names) : ERR_NOMEM;
    if (e != OK)
        goto out;
    for (size_t i = 0; i < names->n; i++)
        is_new = is_new && strcmp(names->names[i], head->name) != 0;
    e = ERR_LIMIT;
    if (is_new && names->n == REFERENCE_FILES_MAX)
        goto out;
    if ((e = make_folder(h)) != OK)
        goto out;
    head_write(head, &whole);
    buf_put(&whole, content);
    path_of(h, head->name, path);
    if ((e = buf_status(&whole)) == OK)
        e = file_write(path, buf_bytes(&whole));
out:
    buf_release(&whole);
    free(names);
    return e;
}

enum err reference_open(const struct home *h, const char *name, struct reference_head *ret, struct buf *ret_whole,
                        struct bytes *ret_content)
{
    char path[FILE_PATH_MAX];
    struct buf whole = buf_on(0);
    struct reference_head head = {.size = 0};
    if (!reference_name_is_good(name))
        return ERR_UNKNOWN;
    path_of(h, name, path);
    enum err e = file_read_private(path, REFERENCE_HEAD_MAX + INTAKE_FILE_MAX, &whole);
    if (e != OK)
        return e == ERR_LIMIT ? ERR_CORRUPT : e;
    struct bytes in = buf_bytes(&whole);
    snprintf(head.name, sizeof(head.name), "%s", name);
    bool is_whole = head_take(&in, &head) && in.len == head.size;
    struct hash found = is_whole ? sha256(in) : (struct hash){{0}};
    if (!is_whole || !hash_equal(&found, &head.sha256)) {
        buf_release(&whole);
        return ERR_CORRUPT;
    }
    *ret = head;
    *ret_whole = whole;
    *ret_content = in;
    return OK;
}

/* The first bytes alone: a head is looked at by every command that compares. */
enum err reference_head_of(const struct home *h, const char *name, struct reference_head *ret)
{
    char path[FILE_PATH_MAX];
    if (!reference_name_is_good(name))
        return ERR_UNKNOWN;
    path_of(h, name, path);
    enum err e = file_check_private(path);
    FILE *f = e == OK ? fopen(path, "rbe") : NULL;
    uint8_t *start = malloc(REFERENCE_HEAD_MAX);
    if (e == OK && f == NULL)
        e = file_errno(errno);
    if (e == OK && start == NULL)
        e = ERR_NOMEM;
    if (e == OK) {
        struct bytes in = {start, fread(start, 1, REFERENCE_HEAD_MAX, f)};
        struct reference_head head = {.size = 0};
        snprintf(head.name, sizeof(head.name), "%s", name);
        e = ferror(f) ? ERR_IO : head_take(&in, &head) ? OK : ERR_CORRUPT;
        if (e == OK)
            *ret = head;
    }
    if (f != NULL)
        (void)fclose(f);
    free(start);
    return e;
}

enum err reference_remove(const struct home *h, const char *name)
{
    char path[FILE_PATH_MAX], folder[FILE_PATH_MAX];
    if (!reference_name_is_good(name))
        return ERR_UNKNOWN;
    path_of(h, name, path);
    home_path(h, HOME_REFERENCE, folder);
    return unlink(path) == 0 ? folder_sync(folder) : file_errno(errno);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

enum err reference_list(const struct home *h, struct reference_names *ret)
{
    char folder[FILE_PATH_MAX];
    struct dirent *entry;
    enum err e = OK;
    ret->n = 0;
    home_path(h, HOME_REFERENCE, folder);
    DIR *d = opendir(folder);
    if (d == NULL)
        return errno == ENOENT ? OK : file_errno(errno);
    while (e == OK && (errno = 0, entry = readdir(d)) != NULL) {
        if (!reference_name_is_good(entry->d_name))     /* a temporary of a write that was cut off has a dot in it */
            continue;
        if (ret->n == REFERENCE_FILES_MAX)
            e = ERR_LIMIT;
        else
            memcpy(ret->names[ret->n++], entry->d_name, strlen(entry->d_name) + 1);
    }
    if (e == OK && errno != 0)
        e = file_errno(errno);
    (void)closedir(d);
    qsort(ret->names, ret->n, sizeof(ret->names[0]), by_name);
    return e;
}
