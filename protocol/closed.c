#include "protocol/closed.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "protocol/pack.h"

/* One `keyword value` line: a value is never empty and begins with no space (nor
 * does it end in one: no value that is read here may). */
static enum err line_cut(struct bytes line, struct bytes *ret_word, struct bytes *ret_value)
{
    if (!bytes_word(&line, ret_word) || line.len == 0)
        return ERR_FORMAT;
    *ret_value = line;
    return OK;
}

static enum err rule_read(struct bytes *text, const struct line_rule *rule, void *into)
{
    size_t n = 0;
    struct bytes line, word, value;
    for (struct bytes rest = *text; n < rule->most && bytes_line(&rest, &line); *text = rest, n++) {
        if (line_cut(line, &word, &value) != OK)
            return ERR_FORMAT;
        if (!bytes_equal(word, bytes_of(rule->word)))
            break;
        if (rule->read(value, into) != OK)
            return ERR_FORMAT;
    }
    return n >= rule->least ? OK : ERR_FORMAT;
}

enum err closed_read(struct bytes text, const char *first, const struct line_rule *rules, size_t n_rules, void *into)
{
    struct bytes line;
    if (!bytes_line(&text, &line) || !bytes_equal(line, bytes_of(first)))
        return ERR_FORMAT;
    for (size_t i = 0; i < n_rules; i++)
        if (rule_read(&text, &rules[i], into) != OK)
            return ERR_FORMAT;
    return text.len == 0 ? OK : ERR_FORMAT;
}

void closed_write(const void *from, const char *first, const struct line_rule *rules, size_t n_rules, struct buf *ret)
{
    buf_printf(ret, "%s\n", first);
    for (size_t i = 0; i < n_rules; i++) {
        size_t n = rules[i].count(from);
        assert(n >= rules[i].least && n <= rules[i].most);
        for (size_t k = 0; k < n; k++) {
            buf_printf(ret, "%s ", rules[i].word);
            rules[i].put(from, k, ret);
            buf_put_u8(ret, '\n');
        }
    }
}

/* Unicode's Cc: U+0000 to U+001F, U+007F, and U+0080 to U+009F (C2 80 to C2 9F). */
static bool has_control(struct bytes in)
{
    for (size_t i = 0; i < in.len; i++)
        if (in.p[i] < ' ' || in.p[i] == 0x7f || (in.p[i] == 0xc2 && i + 1 < in.len && in.p[i + 1] < 0xa0))
            return true;
    return false;
}

enum err value_name(struct bytes in, char *ret, size_t size)
{
    if (in.len == 0 || in.p[0] == ' ' || in.p[in.len - 1] == ' ' || has_control(in) || !utf8_is_valid(in))
        return ERR_FORMAT;
    return bytes_to_str(in, ret, size) == OK ? OK : ERR_FORMAT;
}

enum err value_u32(struct bytes in, uint32_t least, uint32_t most, uint32_t *ret)
{
    uint64_t v;
    if (bytes_u64(in, most, &v) != OK || v < least)
        return ERR_FORMAT;
    *ret = (uint32_t)v;
    return OK;
}

enum err value_u64(struct bytes in, uint64_t *ret)
{
    return bytes_u64(in, UINT64_MAX, ret);
}

enum err value_previous(struct bytes in, uint32_t version, struct hash *ret)
{
    static const struct hash zero;
    struct hash h;
    if (version == 1) {
        *ret = zero;
        return bytes_equal(in, bytes_of("-")) ? OK : ERR_FORMAT;
    }
    if (base64_decode(in, h.b, sizeof(h.b)) != OK || hash_equal(&h, &zero))
        return ERR_FORMAT;
    *ret = h;
    return OK;
}

void put_hash_before(uint32_t version, const struct hash *previous, struct buf *ret)
{
    if (version == 1)
        buf_put_u8(ret, '-');
    else
        put_base64_32(previous->b, ret);
}

void put_base64_32(const uint8_t b[32], struct buf *ret)
{
    char text[BASE64_SIZE(32)];
    base64_encode((struct bytes){b, 32}, text);
    buf_put_str(ret, text);
}

enum err word_expected(struct bytes *rest, const char *expected)
{
    struct bytes w;
    return bytes_word(rest, &w) && bytes_equal(w, bytes_of(expected)) ? OK : ERR_FORMAT;
}

enum err word_slug(struct bytes *rest, struct slug *ret)
{
    struct bytes w;
    return bytes_word(rest, &w) ? slug_parse(w, ret) : ERR_FORMAT;
}

enum err word_role(struct bytes *rest, enum role *ret)
{
    struct bytes w;
    return bytes_word(rest, &w) ? role_parse(w, ret) : ERR_FORMAT;
}

enum err word_base64_32(struct bytes *rest, uint8_t ret[32])
{
    struct bytes w;
    return bytes_word(rest, &w) ? base64_decode(w, ret, 32) : ERR_FORMAT;
}

enum err word_u64(struct bytes *rest, uint64_t *ret)
{
    struct bytes w;
    return bytes_word(rest, &w) ? value_u64(w, ret) : ERR_FORMAT;
}

enum err word_place(struct bytes *rest, uint32_t *ret_generation, uint64_t *ret_size)
{
    struct bytes word;
    if (!bytes_word(rest, &word) || word.len == 0)
        return ERR_FORMAT;
    const uint8_t *slash = memchr(word.p, '/', word.len);
    uint64_t generation = 1;
    if (slash != NULL) {
        struct bytes before = {word.p, (size_t)(slash - word.p)};
        if (bytes_u64(before, UINT32_MAX, &generation) != OK || generation < 2)
            return ERR_FORMAT;                  /* the first is not named: one place, one text */
        word = (struct bytes){slash + 1, word.len - before.len - 1};
    }
    *ret_generation = (uint32_t)generation;
    return value_u64(word, ret_size);
}

void put_place(uint32_t generation, uint64_t size, struct buf *ret)
{
    if (generation > 1)
        buf_printf(ret, "%" PRIu32 "/", generation);
    buf_printf(ret, "%" PRIu64, size);
}

/* `tag`, then `letter` unless it is 0, then exactly `digits` digits; the code is what follows the tag. */
static bool code_read(struct bytes *rest, const char *tag, char letter, size_t digits, char *ret)
{
    struct bytes word, look = *rest;
    size_t at = strlen(tag), len = (letter != 0) + digits;
    if (!bytes_start_with(look, tag) || !bytes_word(&look, &word) || word.len != at + len)
        return false;
    const uint8_t *code = word.p + at;
    if (letter != 0 && code[0] != (uint8_t)letter)
        return false;
    for (size_t i = len - digits; i < len; i++)
        if (code[i] < '0' || code[i] > '9')
            return false;
    memcpy(ret, code, len);
    ret[len] = '\0';
    *rest = look;
    return true;
}

enum err words_codes(struct bytes *rest, struct member_codes *ret)
{
    struct member_codes codes = {0};
    (void)code_read(rest, "dfe=", 0, 3, codes.dfe);
    (void)code_read(rest, "gss=", 'E', 8, codes.gss);
    if (rest->len > 0)                      /* neither, or not in that order */
        return ERR_FORMAT;
    *ret = codes;
    return OK;
}

void put_codes(const struct member_codes *codes, struct buf *ret)
{
    if (codes->dfe[0] != '\0')
        buf_printf(ret, " dfe=%s", codes->dfe);
    if (codes->gss[0] != '\0')
        buf_printf(ret, " gss=%s", codes->gss);
}

enum err words_end(const struct bytes *rest)
{
    return rest->len == 0 ? OK : ERR_FORMAT;
}
