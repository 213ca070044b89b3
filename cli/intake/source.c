#include "cli/intake/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utf8proc.h>

#include "cli/intake/meant.h"
#include "keys/file.h"

enum { READ_STEP = 64 * 1024 };

/* Windows-1252 0x80 to 0x9F; 0 where it has no character. https://encoding.spec.whatwg.org/index-windows-1252.txt */
static const uint16_t cp1252_high[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
    0x0178,
};

static bool is_utf8(struct bytes in)
{
    while (in.len > 0) {
        utf8proc_int32_t code;
        utf8proc_ssize_t n = utf8proc_iterate(in.p, (utf8proc_ssize_t)in.len, &code);
        if (n <= 0)
            return false;
        in.p += n;
        in.len -= (size_t)n;
    }
    return true;
}

static void put_cp1252(struct buf *ret, uint8_t c)
{
    utf8proc_int32_t code = c >= 0x80 && c < 0xA0 ? cp1252_high[c - 0x80] : c;
    utf8proc_uint8_t utf8[4];
    if (code == 0)
        code = 0xFFFD;
    utf8proc_ssize_t n = utf8proc_encode_char(code, utf8);
    buf_put(ret, (struct bytes){utf8, (size_t)n});
}

enum err source_from(struct bytes raw, struct source *ret)
{
    struct source s = {.text = buf_on((size_t)INTAKE_FILE_MAX * 3), .sha256 = sha256(raw), .size = raw.len};
    if (raw.len > INTAKE_FILE_MAX)
        return ERR_LIMIT;
    while (bytes_start_with(raw, "\xEF\xBB\xBF")) {     /* files that were joined, or marked twice */
        raw.p += 3;
        raw.len -= 3;
    }
    if (meant_file(raw, &ret->what))
        return ERR_FORMAT;
    s.was_cp1252 = !is_utf8(raw);
    if (!s.was_cp1252)
        buf_put(&s.text, raw);
    else
        for (size_t i = 0; i < raw.len; i++)
            put_cp1252(&s.text, raw.p[i]);
    enum err e = buf_status(&s.text);
    if (e != OK) {
        source_release(&s);
        return e;
    }
    *ret = s;
    return OK;
}

static enum err read_all(int fd, struct buf *ret)
{
    for (;;) {
        size_t before = ret->len;
        uint8_t *room = buf_grow(ret, READ_STEP);
        if (room == NULL)
            return buf_status(ret);
        ssize_t n = read(fd, room, READ_STEP);
        ret->len = before + (n > 0 ? (size_t)n : 0);
        if (n == 0)
            return OK;
        if (n < 0 && errno != EINTR)
            return file_errno(errno);
    }
}

static bool same_moment(const struct stat *a, const struct stat *b)
{
    return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* A spreadsheet that saves while we read would give half of each version. */
static enum err read_unchanged(int fd, struct buf *ret, struct complaint *ret_what)
{
    struct stat before, after;
    if (fstat(fd, &before) != 0)
        return file_errno(errno);
    if (S_ISDIR(before.st_mode)) {
        *ret_what = (struct complaint){"is a folder", "name a file"};
        return ERR_FORMAT;
    }
    if (S_ISREG(before.st_mode) && before.st_size > INTAKE_FILE_MAX)
        return ERR_LIMIT;                       /* at once: no memory is spent on it */
    enum err e = read_all(fd, ret);
    if (e != OK || !S_ISREG(before.st_mode))
        return e;
    if (fstat(fd, &after) != 0)
        return file_errno(errno);
    return same_moment(&before, &after) && (uint64_t)after.st_size == ret->len ? OK : ERR_CONFLICT;
}

enum err source_read(const char *path, FILE *in, struct source *ret)
{
    struct buf raw = buf_on((size_t)INTAKE_FILE_MAX + READ_STEP);
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? fileno(in) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return file_errno(errno);
    enum err e = read_unchanged(fd, &raw, &ret->what);
    if (e == OK)
        e = source_from(buf_bytes(&raw), ret);
    if (!is_stdin)
        close(fd);
    buf_release(&raw);
    return e;
}

void source_release(struct source *s)
{
    buf_release(&s->text);
}
