/* tests/unit/vectors.h - fields of the published vectors in tests/vectors/.
 * Anything missing or malformed fails the test that asked. */
#ifndef FOLKMOOT_TESTS_VECTORS_H
#define FOLKMOOT_TESTS_VECTORS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "protocol/crypto.h"

struct blob {
    uint8_t b[4096];
    size_t len;
};

static inline json_t *vectors_load_as(const char *path, size_t flags)
{
    json_error_t error;
    json_t *root = json_load_file(path, flags, &error);
    if (root == NULL)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    return root;
}

/* The caller gives it back to json_decref(). */
static inline json_t *vectors_load(const char *path)
{
    return vectors_load_as(path, JSON_ALLOW_NUL);
}

/* The same with every number a real: jansson's integers end below 2^63, and some
 * vectors at 2^64 - 1. */
static inline json_t *vectors_load_reals(const char *path)
{
    return vectors_load_as(path, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL);
}

static inline const char *vector_text(const json_t *o, const char *field)
{
    const char *s = json_string_value(json_object_get(o, field));
    if (s == NULL)
        fail_msg("no text field %s", field);
    return s;
}

static inline struct bytes vector_bytes(const json_t *o, const char *field)
{
    return bytes_of(vector_text(o, field));
}

static inline uint64_t vector_u64(const json_t *o, const char *field)
{
    const json_t *v = json_object_get(o, field);
    if (json_is_integer(v) && json_integer_value(v) >= 0)
        return (uint64_t)json_integer_value(v);
    const double two_to_53 = 9007199254740992.0, two_to_64 = 18446744073709551616.0;
    double d = json_real_value(v);
    if (!json_is_real(v) || d < 0 || (d >= two_to_53 && d < two_to_64))
        fail_msg("no exact number %s", field);
    return d < two_to_53 ? (uint64_t)d : UINT64_MAX;    /* 2^64 - 1 was rounded up */
}

/* A field of hexadecimal digits, at most 4,096 bytes. */
static inline struct blob vector_hex(const json_t *o, const char *field)
{
    struct blob ret = {.len = 0};
    struct bytes text = bytes_of(vector_text(o, field));
    assert_true(text.len / 2 <= sizeof(ret.b));
    assert_int_equal(hex_decode(text, ret.b, text.len / 2), OK);
    ret.len = text.len / 2;
    return ret;
}

/* A field of hexadecimal digits that is exactly `len` bytes. */
static inline void vector_fixed(const json_t *o, const char *field, void *ret, size_t len)
{
    struct blob x = vector_hex(o, field);
    assert_int_equal(x.len, len);
    memcpy(ret, x.b, len);
}

static inline struct bytes blob_bytes(const struct blob *x)
{
    return (struct bytes){x->b, x->len};
}

static inline void hex_into(const char *hex, void *ret, size_t len)
{
    assert_int_equal(hex_decode(bytes_of(hex), ret, len), OK);
}

/* A field of hexadecimal digits of any length, put into `ret`, which is cleared first. */
static inline struct bytes vector_hex_bytes(const json_t *o, const char *field, struct buf *ret)
{
    const char *hex = vector_text(o, field);
    size_t len = strlen(hex) / 2;
    buf_clear(ret);
    uint8_t *p = buf_grow(ret, len);
    assert_non_null(p);
    hex_into(hex, p, len);
    return buf_bytes(ret);
}

static inline struct hash hash_of_hex(const char *hex)
{
    struct hash h;
    hex_into(hex, h.b, sizeof(h.b));
    return h;
}

#define assert_bytes_equal(got, want)                                    \
    do {                                                                 \
        struct bytes got_ = (got), want_ = (want);                       \
        assert_int_equal(got_.len, want_.len);                           \
        if (want_.len > 0)                                               \
            assert_memory_equal(got_.p, want_.p, want_.len);             \
    } while (0)

#endif
