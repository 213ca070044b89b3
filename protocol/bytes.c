#include "protocol/bytes.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes bytes_of(const char *s)
{
    return (struct bytes){(const uint8_t *)s, strlen(s)};
}

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool bytes_start_with(struct bytes b, const char *prefix)
{
    size_t len = strlen(prefix);
    return b.len >= len && (len == 0 || memcmp(b.p, prefix, len) == 0);
}

bool bytes_line(struct bytes *in, struct bytes *ret)
{
    if (in->len == 0)
        return false;
    const uint8_t *end = memchr(in->p, '\n', in->len);
    if (end == NULL)
        return false;
    size_t len = (size_t)(end - in->p);
    *ret = (struct bytes){in->p, len};
    in->p += len + 1;
    in->len -= len + 1;
    return true;
}

bool bytes_word(struct bytes *in, struct bytes *ret)
{
    if (in->len == 0)
        return false;
    const uint8_t *end = memchr(in->p, ' ', in->len);
    size_t len = end != NULL ? (size_t)(end - in->p) : in->len;
    size_t used = end != NULL ? len + 1 : len;
    if (len == 0 || (end != NULL && (used == in->len || in->p[used] == ' ')))
        return false;                           /* a space must have a word behind it */
    *ret = (struct bytes){in->p, len};
    in->p += used;
    in->len -= used;
    return true;
}

enum err bytes_u64(struct bytes in, uint64_t max, uint64_t *ret)
{
    if (in.len == 0 || (in.len > 1 && in.p[0] == '0'))
        return ERR_FORMAT;
    uint64_t v = 0;
    for (size_t i = 0; i < in.len; i++) {
        if (in.p[i] < '0' || in.p[i] > '9')
            return ERR_FORMAT;
        uint64_t digit = (uint64_t)(in.p[i] - '0');
        if (v > (UINT64_MAX - digit) / 10)
            return ERR_FORMAT;
        v = v * 10 + digit;
    }
    if (v > max)
        return ERR_FORMAT;
    *ret = v;
    return OK;
}

enum err bytes_to_str(struct bytes in, char *ret, size_t size)
{
    if (in.len >= size)
        return ERR_LIMIT;
    if (in.len > 0 && memchr(in.p, 0, in.len) != NULL)
        return ERR_FORMAT;
    if (in.len > 0)
        memcpy(ret, in.p, in.len);
    ret[in.len] = '\0';
    return OK;
}

struct buf buf_on(size_t max)
{
    return (struct buf){.max = max, .failed = OK};
}

void buf_release(struct buf *b)
{
    free(b->p);
    *b = buf_on(b->max);
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->failed = OK;
}

void buf_wipe(struct buf *b)
{
    volatile uint8_t *p = b->p;         /* volatile: the stores must not be dropped */
    for (size_t i = 0; i < b->cap; i++)
        p[i] = 0;
    buf_release(b);
}

/* A buffer that has held a secret must not leave copies behind in freed memory,
 * so it moves by copy, wipe and free, never by realloc. */
static bool buf_reserve(struct buf *b, size_t want)
{
    if (want <= b->cap)
        return true;
    size_t cap = b->cap > 0 ? b->cap : 64;
    while (cap < want)
        cap *= 2;
    uint8_t *p = malloc(cap);
    if (p == NULL) {
        b->failed = ERR_NOMEM;
        return false;
    }
    if (b->len > 0)
        memcpy(p, b->p, b->len);
    struct buf old = {.p = b->p, .cap = b->cap, .max = b->max};
    buf_wipe(&old);
    b->p = p;
    b->cap = cap;
    return true;
}

uint8_t *buf_grow(struct buf *b, size_t len)
{
    if (b->failed != OK)
        return NULL;
    if (len > b->max - b->len) {
        b->failed = ERR_LIMIT;
        return NULL;
    }
    if (!buf_reserve(b, b->len + len + 1))      /* one more: buf_str's NUL */
        return NULL;
    uint8_t *at = b->p + b->len;
    b->len += len;
    return at;
}

void buf_put(struct buf *b, struct bytes in)
{
    if (in.len == 0)
        return;
    uint8_t *at = buf_grow(b, in.len);
    if (at != NULL)
        memcpy(at, in.p, in.len);
}

void buf_put_str(struct buf *b, const char *s)
{
    buf_put(b, bytes_of(s));
}

void buf_put_u8(struct buf *b, uint8_t v)
{
    buf_put(b, (struct bytes){&v, 1});
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    assert(len >= 0);
    uint8_t *at = buf_grow(b, (size_t)len);
    if (at != NULL)                             /* the NUL fits: buf_grow keeps one byte over */
        (void)vsnprintf((char *)at, (size_t)len + 1, fmt, again);
    va_end(again);
}

enum err buf_status(const struct buf *b)
{
    return b->failed;
}

struct bytes buf_bytes(const struct buf *b)
{
    return (struct bytes){b->p, b->len};
}

const char *buf_str(struct buf *b)
{
    if (b->failed != OK || !buf_reserve(b, b->len + 1))
        return NULL;
    b->p[b->len] = '\0';
    return (const char *)b->p;
}

void put_u16be(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

void put_u32be(uint8_t *p, uint32_t v)
{
    put_u16be(p, (uint16_t)(v >> 16));
    put_u16be(p + 2, (uint16_t)v);
}

void put_u64be(uint8_t *p, uint64_t v)
{
    put_u32be(p, (uint32_t)(v >> 32));
    put_u32be(p + 4, (uint32_t)v);
}

uint16_t get_u16be(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

uint32_t get_u32be(const uint8_t *p)
{
    return (uint32_t)get_u16be(p) << 16 | get_u16be(p + 2);
}

uint64_t get_u64be(const uint8_t *p)
{
    return (uint64_t)get_u32be(p) << 32 | get_u32be(p + 4);
}
