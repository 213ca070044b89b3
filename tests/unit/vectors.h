/* tests/unit/vectors.h - reading test vectors: JSON, and the bytes in it. */
#ifndef FOLKMOOT_TESTS_UNIT_VECTORS_H
#define FOLKMOOT_TESTS_UNIT_VECTORS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "protocol/crypto.h"

/* The file's contents, path from the top folder; json_decref() it.  Its numbers
 * become reals: jansson's integers end at 2^63, and some vectors at 2^64 - 1. */
static inline json_t *vectors_load(const char *path)
{
    json_error_t why;
    json_t *v = json_load_file(path, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &why);
    if (v == NULL)
        fail_msg("%s:%d: %s", path, why.line, why.text);
    return v;
}

static inline const char *vector_str(const json_t *object, const char *key)
{
    const char *s = json_string_value(json_object_get(object, key));
    if (s == NULL)
        fail_msg("no string \"%s\"", key);
    return s;
}

static inline struct bytes vector_bytes(const json_t *object, const char *key)
{
    return bytes_of(vector_str(object, key));
}

static inline uint64_t vector_u64(const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    assert_true(json_is_real(v));
    double d = json_real_value(v);
    assert_true(d >= 0 && (d < 9007199254740992.0 || d == 18446744073709551616.0));     /* exact, or 2^64 - 1 */
    return d < 9007199254740992.0 ? (uint64_t)d : UINT64_MAX;
}

/* Exactly `len` bytes in hex. */
static inline void vector_hex(const char *hex, void *ret, size_t len)
{
    assert_int_equal(hex_decode(bytes_of(hex), ret, len), OK);
}

/* A field of hex of any length, put into `ret`, which is cleared first. */
static inline struct bytes vector_hex_bytes(const json_t *object, const char *key, struct buf *ret)
{
    const char *hex = vector_str(object, key);
    size_t len = strlen(hex) / 2;
    buf_clear(ret);
    uint8_t *p = buf_grow(ret, len);
    assert_non_null(p);
    vector_hex(hex, p, len);
    return buf_bytes(ret);
}

/* A hash in hex. */
static inline struct hash hash_of_hex(const char *hex)
{
    struct hash h;
    vector_hex(hex, h.b, sizeof(h.b));
    return h;
}

/* A small generator, so that a failure can be played again from its seed. */
static inline uint64_t next_random(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u;
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

#define assert_bytes_equal(got, want)                                    \
    do {                                                                 \
        struct bytes got_ = (got), want_ = (want);                       \
        assert_int_equal(got_.len, want_.len);                           \
        if (want_.len > 0)                                               \
            assert_memory_equal(got_.p, want_.p, want_.len);             \
    } while (0)

#endif
