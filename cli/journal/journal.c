#include "cli/journal/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output/json.h"
#include "keys/file.h"

enum { FIELDS = 8, HASH_TEXT = HEX_SIZE(HASH_LEN) - 1 };
static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";

struct head { uint64_t seq; char hash[HASH_TEXT + 1]; };

static void path_of(const struct home *h, const char *suffix, char ret[FILE_PATH_MAX])
{
    char base[FILE_PATH_MAX];
    home_path(h, HOME_JOURNAL, base);
    (void)snprintf(ret, FILE_PATH_MAX, "%.4000s%s", base, suffix);
}

/* Of the whole line, a zero byte too; it is at most JOURNAL_LINE_MAX long. */
static void hash_of(const char before[HASH_TEXT + 1], struct bytes line, char ret[HASH_TEXT + 1])
{
    uint8_t text[JOURNAL_LINE_MAX + HASH_TEXT + 1];
    size_t n = strlen(before);
    memcpy(text, before, n);
    text[n++] = '\n';
    memcpy(text + n, line.p, line.len);
    struct hash h = sha256((struct bytes){text, n + line.len});
    hex_encode((struct bytes){h.b, sizeof(h.b)}, ret);
}

/* ---- the head ---- */

static enum err head_read(const struct home *h, struct head *ret)
{
    char path[FILE_PATH_MAX];
    struct buf text = buf_on(256);
    struct bytes rest, line, word;
    *ret = (struct head){.seq = 0};
    memcpy(ret->hash, zeros, sizeof(zeros));
    path_of(h, ".head", path);
    enum err e = file_read_private(path, 256, &text);
    if (e == ERR_UNKNOWN || e == ERR_LIMIT)
        return OK;                              /* none yet; or none of ours, and then the lines do not follow from it */
    if (e != OK)
        return e;
    rest = buf_bytes(&text);
    if (bytes_line(&rest, &line) && bytes_word(&line, &word) && bytes_u64(word, UINT64_MAX - 1, &ret->seq) == OK)
        (void)!bytes_to_str(line, ret->hash, sizeof(ret->hash));
    buf_release(&text);
    return OK;
}

static enum err head_write(const struct home *h, const struct head *head)
{
    char path[FILE_PATH_MAX], text[128];
    path_of(h, ".head", path);
    int len = snprintf(text, sizeof(text), "%" PRIu64 " %s\n", head->seq, head->hash);
    return file_write(path, (struct bytes){(const uint8_t *)text, (size_t)len});
}

/* ---- reading ---- */

static bool split(struct bytes line, struct bytes f[FIELDS])
{
    for (size_t i = 0; i < FIELDS; i++) {
        const uint8_t *tab = line.len > 0 ? memchr(line.p, '\t', line.len) : NULL;
        bool is_last = i + 1 == FIELDS;
        if ((tab == NULL) != is_last)
            return false;
        f[i] = (struct bytes){line.p, is_last ? line.len : (size_t)(tab - line.p)};
        if (!is_last)
            line = (struct bytes){tab + 1, line.len - f[i].len - 1};
    }
    return true;
}

struct reading {
    journal_each each;
    void *arg;
    struct journal_check *check;
    struct head at;                     /* the line before */
};

static enum err take_line(struct reading *r, struct bytes line)
{
    struct bytes f[FIELDS];
    struct journal_line out;
    char hash[HASH_TEXT + 1], said[HASH_TEXT + 1];
    struct journal_check *c = r->check;
    if (line.len > JOURNAL_LINE_MAX || !split(line, f) || bytes_u64(f[0], UINT64_MAX - 1, &out.seq) != OK || out.seq == 0
        || bytes_to_str(f[FIELDS - 1], said, sizeof(said)) != OK) {
        c->broken_at = c->broken_at != 0 ? c->broken_at : r->at.seq + 1;
        return OK;
    }
    hash_of(r->at.hash, (struct bytes){line.p, line.len - f[FIELDS - 1].len - 1}, hash);
    bool is_first = c->first == 0;              /* of the oldest file kept: what came before it went with a file */
    bool follows = out.seq == r->at.seq + 1 && strcmp(hash, said) == 0;
    if (!follows && !(is_first && out.seq > 1) && c->broken_at == 0)
        c->broken_at = out.seq;
    c->first = is_first ? out.seq : c->first;
    c->last = out.seq;
    r->at.seq = out.seq;
    memcpy(r->at.hash, said, sizeof(said));
    out.time = f[1];
    out.user = f[2];
    out.officer = f[3];
    out.command = f[4];
    out.outcome = f[5];
    out.detail = f[6];
    return r->each != NULL ? r->each(r->arg, &out) : OK;
}

static enum err read_file(struct reading *r, const char *path)
{
    struct buf text = buf_on(2 * JOURNAL_FILE_MAX);
    struct bytes rest, line;
    enum err e = file_read_private(path, 2 * JOURNAL_FILE_MAX, &text);
    if (e == ERR_LIMIT)                         /* we never let one grow so large */
        r->check->broken_at = r->check->broken_at != 0 ? r->check->broken_at : r->at.seq + 1;
    if (e != OK)
        return e == ERR_UNKNOWN || e == ERR_LIMIT ? OK : e;
    rest = buf_bytes(&text);
    while (e == OK && bytes_line(&rest, &line))
        e = take_line(r, line);
    if (e == OK && rest.len > 0)                /* an end without a newline: cut, or a disk that was full */
        r->check->broken_at = r->check->broken_at != 0 ? r->check->broken_at : r->at.seq + 1;
    buf_release(&text);
    return e;
}

static enum err read_all(const struct home *h, struct reading *r)
{
    enum err e = OK;
    memcpy(r->at.hash, zeros, sizeof(zeros));
    for (int i = JOURNAL_FILES - 1; e == OK && i >= 0; i--) {
        char path[FILE_PATH_MAX], suffix[16] = "";
        if (i > 0)
            (void)snprintf(suffix, sizeof(suffix), ".%d", i);
        path_of(h, suffix, path);
        e = read_file(r, path);
    }
    return e;
}

enum err journal_read(const struct home *h, journal_each each, void *arg, struct journal_check *ret)
{
    struct head head;
    int lock = -1;
    char path[FILE_PATH_MAX];
    *ret = (struct journal_check){.first = 0};
    struct reading r = {.each = each, .arg = arg, .check = ret};
    path_of(h, ".lock", path);
    enum err e = file_lock(path, true, &lock);
    if (e == OK)
        e = head_read(h, &head);
    if (e == OK)
        e = read_all(h, &r);
    if (e == OK)                                /* one line further than the head: a process died between the two */
        ret->has_lost_end = head.seq > r.at.seq || (head.seq == r.at.seq && strcmp(head.hash, r.at.hash) != 0)
                         || (head.seq == 0 && r.at.seq > 1);
    ret->is_whole = e == OK && ret->broken_at == 0 && !ret->has_lost_end;
    file_unlock(lock);
    return e;
}

/* ---- adding ---- */

static void put_field(struct buf *b, const char *text, size_t most)
{
    char clean[JOURNAL_DETAIL_MAX + 1];
    size_t n = 0;
    for (; text != NULL && text[n] != '\0' && n < most; n++)
        clean[n] = (unsigned char)text[n] < 0x20 || text[n] == 0x7f ? ' ' : text[n];
    const bool is_cut = n == most && text[n] != '\0';
    while (is_cut && n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
        n--;                                    /* not in the midst of a letter */
    clean[n] = '\0';
    buf_printf(b, "\t%s", n > 0 ? clean : "-");
}

static enum err rotate(const struct home *h)
{
    enum err e = OK;
    for (int i = JOURNAL_FILES - 1; e == OK && i > 0; i--) {
        char from[FILE_PATH_MAX], to[FILE_PATH_MAX], suffix[16] = "";
        (void)snprintf(suffix, sizeof(suffix), ".%d", i);
        path_of(h, suffix, to);
        if (i > 1)
            (void)snprintf(suffix, sizeof(suffix), ".%d", i - 1);
        path_of(h, i > 1 ? suffix : "", from);
        if (rename(from, to) != 0 && errno != ENOENT)
            e = file_errno(errno);
    }
    return e;
}

/* Whole or not at all, as far as a disk allows: what was written of a line that did not fit is taken back. */
static enum err append(const char *path, struct bytes line)
{
    struct stat st;
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return file_errno(errno);
    enum err e = fstat(fd, &st) == 0 ? OK : ERR_IO;
    if (e == OK) {
        ssize_t n = write(fd, line.p, line.len);
        e = n < 0 ? file_errno(errno) : (size_t)n < line.len ? ERR_FULL : OK;
        if (e == OK && fsync(fd) != 0)
            e = file_errno(errno);
        if (e != OK && ftruncate(fd, st.st_size) != 0)
            e = ERR_IO;
    }
    (void)close(fd);
    return e;
}

static enum err add_locked(const struct home *h, const struct journal_act *act)
{
    char path[FILE_PATH_MAX], time[TIME_TEXT_MAX], hash[HASH_TEXT + 1];
    struct journal_check check = {.first = 0};
    struct reading r = {.check = &check};
    struct stat st;
    struct buf line = buf_on(JOURNAL_LINE_MAX);
    struct head head;
    path_of(h, "", path);
    enum err e = head_read(h, &head);
    if (e == OK && stat(path, &st) == 0) {
        memcpy(r.at.hash, zeros, sizeof(zeros));
        e = read_file(&r, path);                /* its last line, which a crash may have left before its head */
        if (e == OK && r.at.seq > head.seq)
            head = r.at;
        if (e == OK && st.st_size >= JOURNAL_FILE_MAX)
            e = rotate(h);
    }
    time_text(act->at_ms, time);
    buf_printf(&line, "%" PRIu64 "\t%s", ++head.seq, time);
    put_field(&line, act->user, JOURNAL_WORD_MAX);
    put_field(&line, act->officer, JOURNAL_WORD_MAX);
    put_field(&line, act->command, JOURNAL_WORD_MAX);
    put_field(&line, act->outcome, JOURNAL_WORD_MAX);
    put_field(&line, act->detail, JOURNAL_DETAIL_MAX);
    if (e == OK)
        e = buf_status(&line);
    if (e == OK) {
        hash_of(head.hash, buf_bytes(&line), hash);
        memcpy(head.hash, hash, sizeof(hash));
        buf_printf(&line, "\t%s\n", hash);
        e = append(path, buf_bytes(&line));
    }
    if (e == OK)
        e = head_write(h, &head);
    buf_release(&line);
    return e;
}

enum err journal_add(const struct home *h, const struct journal_act *act)
{
    int lock = -1;
    char path[FILE_PATH_MAX];
    path_of(h, ".lock", path);
    enum err e = file_lock(path, true, &lock);
    if (e == OK)
        e = add_locked(h, act);
    file_unlock(lock);
    return e;
}
