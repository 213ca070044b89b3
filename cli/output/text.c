#include "cli/output/text.h"

#include <string.h>
#include <utf8proc.h>

#define REPLACEMENT "\xEF\xBF\xBD"

bool text_is_unsafe(int32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) ||       /* C0, DEL, C1: U+009B begins an escape sequence */
           c == 0x061C || (c >= 0x200E && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

/* The next character of `in`: its length, *ret_code -1 for a byte that is no UTF-8. */
static size_t next_character(struct bytes in, int32_t *ret_code)
{
    utf8proc_int32_t code = -1;
    utf8proc_ssize_t n = utf8proc_iterate(in.p, (utf8proc_ssize_t)in.len, &code);
    *ret_code = n > 0 ? code : -1;
    return n > 0 ? (size_t)n : 1;
}

/* What is shown in place of one character, borrowed from it or static. */
static struct bytes shown(struct bytes character, int32_t code, enum text_lines lines)
{
    if (code < 0)
        return bytes_of(REPLACEMENT);
    if (code == '\n' || code == '\t')
        return lines == TEXT_KEEP_LINES ? character : bytes_of(" ");
    return text_is_unsafe(code) ? bytes_of("") : character;
}

void text_clean(struct bytes in, enum text_lines lines, struct buf *ret)
{
    for (size_t at = 0; at < in.len;) {
        int32_t code;
        size_t n = next_character((struct bytes){in.p + at, in.len - at}, &code);
        buf_put(ret, shown((struct bytes){in.p + at, n}, code, lines));
        at += n;
    }
}

void text_clean_into(const char *in, char *ret, size_t size)
{
    size_t len = strlen(in), used = 0;
    for (size_t at = 0; at < len;) {
        int32_t code;
        struct bytes rest = {(const uint8_t *)in + at, len - at};
        size_t n = next_character(rest, &code);
        struct bytes out = shown((struct bytes){rest.p, n}, code, TEXT_ONE_LINE);
        if (used + out.len >= size)
            break;
        if (out.len > 0)
            memcpy(ret + used, out.p, out.len);
        used += out.len;
        at += n;
    }
    ret[used] = '\0';
}

size_t text_cut(struct bytes text, size_t max)
{
    size_t at = text.len < max ? text.len : max;
    while (at < text.len && at > 0 && (text.p[at] & 0xC0) == 0x80)
        at--;
    return at;
}

void text_beginning(const char *text, size_t max, char *ret)
{
    struct bytes all = bytes_of(text);
    size_t at = text_cut(all, max);
    memcpy(ret, text, at);
    memcpy(ret + at, at < all.len ? "..." : "", at < all.len ? 4 : 1);
}

size_t text_width(const char *s)
{
    struct bytes in = bytes_of(s);
    size_t width = 0;
    while (in.len > 0) {
        int32_t code;
        size_t n = next_character(in, &code);
        int columns = code < 0 ? 1 : utf8proc_charwidth(code);
        width += columns > 0 ? (size_t)columns : 0;
        in.p += n;
        in.len -= n;
    }
    return width;
}
