#include "protocol/pack.h"

#include <assert.h>
#include <msgpack.h>
#include <string.h>

#include "protocol/limits.h"

/* The first bytes of the formats in use. */
enum {
    FIXARRAY = 0x90, FIXSTR = 0xa0, NIL = 0xc0, FALSE_ = 0xc2, TRUE_ = 0xc3, BIN8 = 0xc4, BIN16 = 0xc5,
    BIN32 = 0xc6, UINT8 = 0xcc, UINT16 = 0xcd, UINT32 = 0xce, UINT64 = 0xcf, INT8 = 0xd0, INT16 = 0xd1,
    INT32 = 0xd2, INT64 = 0xd3, STR8 = 0xd9, STR16 = 0xda, STR32 = 0xdb, ARRAY16 = 0xdc, ARRAY32 = 0xdd,
    FIXNEG = 0xe0
};

struct reader reader_on(struct bytes in)
{
    return (struct reader){in.p, in.len > 0 ? in.p + in.len : in.p, OK};     /* NULL + 0 is undefined */
}

void reader_fail(struct reader *r)
{
    r->failed = ERR_FORMAT;
    r->p = r->end;
}

enum err reader_status(const struct reader *r)
{
    return r->failed;
}

enum err reader_finish(const struct reader *r)
{
    return r->failed == OK && r->p == r->end ? OK : ERR_FORMAT;
}

static size_t left(const struct reader *r)
{
    return (size_t)(r->end - r->p);
}

static int peek(const struct reader *r)
{
    return r->failed == OK && r->p < r->end ? *r->p : -1;
}

/* The next `width` bytes as a big-endian number. */
static uint64_t take_be(struct reader *r, size_t width)
{
    if (r->failed != OK || left(r) < width) {
        reader_fail(r);
        return 0;
    }
    uint64_t v = 0;
    for (size_t i = 0; i < width; i++)
        v = v << 8 | *r->p++;
    return v;
}

/* A number of `width` bytes that no shorter form could have held. */
static uint64_t take_minimal(struct reader *r, size_t width, uint64_t least)
{
    uint64_t v = take_be(r, width);
    if (v < least) {
        reader_fail(r);
        return 0;
    }
    return v;
}

static uint64_t take_uint(struct reader *r)
{
    uint8_t tag = (uint8_t)take_be(r, 1);
    if (r->failed == OK && tag <= 0x7f)
        return tag;
    switch (tag) {
    case UINT8:  return take_minimal(r, 1, 0x80);
    case UINT16: return take_minimal(r, 2, 0x100);
    case UINT32: return take_minimal(r, 4, 0x10000);
    case UINT64: return take_minimal(r, 8, 0x100000000);
    }
    reader_fail(r);
    return 0;
}

uint64_t read_uint(struct reader *r, uint64_t max)
{
    uint64_t v = take_uint(r);
    if (v > max) {
        reader_fail(r);
        return 0;
    }
    return v;
}

/* A negative number of `width` bytes, below everything a shorter form holds. */
static int64_t take_negative(struct reader *r, size_t width, int64_t below)
{
    uint64_t raw = take_be(r, width);
    uint64_t sign = (uint64_t)1 << (width * 8 - 1);
    int64_t v = (int64_t)((raw ^ sign) - sign);
    if (r->failed != OK || v >= below) {
        reader_fail(r);
        return 0;
    }
    return v;
}

int64_t read_int(struct reader *r)
{
    int tag = peek(r);
    if (tag >= FIXNEG) {
        r->p++;
        return (int64_t)tag - 0x100;
    }
    switch (tag) {
    case INT8:  r->p++; return take_negative(r, 1, -32);
    case INT16: r->p++; return take_negative(r, 2, INT8_MIN);
    case INT32: r->p++; return take_negative(r, 4, INT16_MIN);
    case INT64: r->p++; return take_negative(r, 8, INT32_MIN);
    }
    return (int64_t)read_uint(r, INT64_MAX);
}

bool read_bool(struct reader *r)
{
    uint64_t tag = take_be(r, 1);
    if (tag != FALSE_ && tag != TRUE_)
        reader_fail(r);
    return r->failed == OK && tag == TRUE_;
}

bool read_nil(struct reader *r)
{
    if (peek(r) != NIL)
        return false;
    r->p++;
    return true;
}

static struct bytes take_bytes(struct reader *r, uint64_t len, size_t max)
{
    if (r->failed != OK || len > max || len > left(r)) {
        reader_fail(r);
        return (struct bytes){NULL, 0};
    }
    struct bytes ret = {r->p, (size_t)len};
    r->p += len;
    return ret;
}

struct bytes read_bin(struct reader *r, size_t max)
{
    uint64_t len = 0;
    switch (take_be(r, 1)) {
    case BIN8:  len = take_be(r, 1); break;
    case BIN16: len = take_minimal(r, 2, 0x100); break;
    case BIN32: len = take_minimal(r, 4, 0x10000); break;
    default:    reader_fail(r);
    }
    return take_bytes(r, len, max);
}

struct bytes read_str(struct reader *r, size_t max)
{
    uint64_t len = 0;
    uint64_t tag = take_be(r, 1);
    if (r->failed == OK && tag >= FIXSTR && tag < NIL)
        len = tag - FIXSTR;
    else switch (tag) {
    case STR8:  len = take_minimal(r, 1, 32); break;
    case STR16: len = take_minimal(r, 2, 0x100); break;
    case STR32: len = take_minimal(r, 4, 0x10000); break;
    default:    reader_fail(r);
    }
    struct bytes ret = take_bytes(r, len, max);
    if (!utf8_is_valid(ret)) {
        reader_fail(r);
        return (struct bytes){NULL, 0};
    }
    return ret;
}

void read_fixed(struct reader *r, void *ret, size_t len)
{
    struct bytes got = read_bin(r, len);
    if (got.len != len) {
        reader_fail(r);
        memset(ret, 0, len);
    } else if (len > 0) {
        memcpy(ret, got.p, len);
    }
}

size_t read_array(struct reader *r, size_t min, size_t max)
{
    uint64_t n = 0;
    uint64_t tag = take_be(r, 1);
    if (r->failed == OK && tag >= FIXARRAY && tag < FIXSTR)
        n = tag - FIXARRAY;
    else switch (tag) {
    case ARRAY16: n = take_minimal(r, 2, 16); break;
    case ARRAY32: n = take_minimal(r, 4, 0x10000); break;
    default:      reader_fail(r);
    }
    if (r->failed != OK || n < min || n > max || n > left(r)) {    /* an element is a byte at least */
        reader_fail(r);
        return 0;
    }
    return (size_t)n;
}

static void skip(struct reader *r, unsigned depth);

static void skip_array(struct reader *r, unsigned depth)
{
    if (depth > DEPTH_MAX)              /* an empty array is an array too */
        reader_fail(r);
    for (size_t n = read_array(r, 0, SIZE_MAX); n > 0 && r->failed == OK; n--)
        skip(r, depth);
}

/* `depth`: how many arrays this value stands in. */
static void skip(struct reader *r, unsigned depth)
{
    int tag = peek(r);
    if (tag < 0)
        reader_fail(r);
    else if (tag == NIL)
        r->p++;
    else if (tag == FALSE_ || tag == TRUE_)
        (void)read_bool(r);
    else if (tag >= BIN8 && tag <= BIN32)
        (void)read_bin(r, SIZE_MAX);
    else if ((tag >= FIXSTR && tag < NIL) || (tag >= STR8 && tag <= STR32))
        (void)read_str(r, SIZE_MAX);
    else if ((tag >= FIXARRAY && tag < FIXSTR) || tag == ARRAY16 || tag == ARRAY32)
        skip_array(r, depth + 1);
    else if (tag <= 0x7f || (tag >= UINT8 && tag <= UINT64))
        (void)take_uint(r);
    else
        (void)read_int(r);
}

void read_skip(struct reader *r)
{
    skip(r, 0);
}

void read_skip_flat(struct reader *r)
{
    skip(r, DEPTH_MAX);                         /* as deep as it may be already */
}

struct bytes read_raw(struct reader *r)
{
    const uint8_t *from = r->p;
    read_skip(r);
    return r->failed == OK ? (struct bytes){from, (size_t)(r->p - from)} : (struct bytes){NULL, 0};
}

/* How many bytes the UTF-8 sequence at p has; 0 if it is none. */
static size_t utf8_len(const uint8_t *p, size_t n)
{
    uint8_t c = p[0];
    if (c < 0x80)
        return 1;
    size_t len = c >= 0xc2 && c <= 0xdf ? 2 : c >= 0xe0 && c <= 0xef ? 3 : c >= 0xf0 && c <= 0xf4 ? 4 : 0;
    if (len == 0 || len > n)
        return 0;
    uint8_t low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;      /* nothing overlong */
    uint8_t high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;     /* no surrogate, none past U+10FFFF */
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++)
        if (p[i] < 0x80 || p[i] > 0xbf)
            return 0;
    return len;
}

bool utf8_is_valid(struct bytes in)
{
    for (size_t at = 0, len; at < in.len; at += len)
        if ((len = utf8_len(in.p + at, in.len - at)) == 0)
            return false;
    return true;
}

bool utf8_is_line(struct bytes in)
{
    for (size_t i = 0; i < in.len; i++) {
        if (in.p[i] < 0x20 || in.p[i] == 0x7f)
            return false;
        if (in.p[i] == 0xc2 && i + 1 < in.len && in.p[i + 1] < 0xa0)   /* the C1 controls */
            return false;
    }
    return utf8_is_valid(in);
}

const char *pack_library_version(void)
{
    return msgpack_version();
}

static int write_to_buf(void *arg, const char *p, size_t len)
{
    buf_put(arg, (struct bytes){(const uint8_t *)p, len});
    return 0;                                   /* the buffer remembers a failure itself */
}

static msgpack_packer packer_on(struct buf *b)
{
    msgpack_packer pk;
    msgpack_packer_init(&pk, b, write_to_buf);
    return pk;
}

void pack_array(struct buf *b, size_t count)
{
    assert(count <= UINT32_MAX);
    msgpack_packer pk = packer_on(b);
    msgpack_pack_array(&pk, count);
}

void pack_uint(struct buf *b, uint64_t v)
{
    msgpack_packer pk = packer_on(b);
    msgpack_pack_uint64(&pk, v);
}

void pack_int(struct buf *b, int64_t v)
{
    msgpack_packer pk = packer_on(b);
    msgpack_pack_int64(&pk, v);
}

void pack_bool(struct buf *b, bool v)
{
    msgpack_packer pk = packer_on(b);
    if (v)
        msgpack_pack_true(&pk);
    else
        msgpack_pack_false(&pk);
}

void pack_nil(struct buf *b)
{
    msgpack_packer pk = packer_on(b);
    msgpack_pack_nil(&pk);
}

void pack_bin(struct buf *b, struct bytes in)
{
    assert(in.len <= UINT32_MAX);
    msgpack_packer pk = packer_on(b);
    msgpack_pack_bin(&pk, in.len);
    buf_put(b, in);
}

void pack_fixed(struct buf *b, const void *p, size_t len)
{
    pack_bin(b, (struct bytes){p, len});
}

void pack_str_bytes(struct buf *b, struct bytes utf8)
{
    assert(utf8.len <= UINT32_MAX);
    msgpack_packer pk = packer_on(b);
    msgpack_pack_str(&pk, utf8.len);
    buf_put(b, utf8);
}

void pack_str(struct buf *b, const char *s)
{
    pack_str_bytes(b, bytes_of(s));
}

void pack_raw(struct buf *b, struct bytes packed)
{
    buf_put(b, packed);
}
