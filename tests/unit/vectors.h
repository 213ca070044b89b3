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

/* The caller gives it back to json_decref(). */
static inline json_t *vectors_load(const char *path)
{
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    if (root == NULL)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    return root;
}

static inline const char *vector_text(const json_t *o, const char *field)
{
    const char *s = json_string_value(json_object_get(o, field));
    if (s == NULL)
        fail_msg("no text field %s", field);
    return s;
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

#endif
