/* tests/fuzz/fuzz_entry.c - headers, payloads and the bodies of public kinds.
 *
 * What a reader takes, the writer writes back to the same bytes; what a writer
 * wrote, the reader takes. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void assert_same(const struct buf *got, struct bytes want)
{
    assert(buf_status(got) == OK);
    assert(bytes_equal(buf_bytes(got), want));
}

/* The input is a header; what is behind its end, a payload. */
static void try_header(struct bytes in, struct buf *b)
{
    for (size_t len = in.len < HEADER_MAX ? in.len : HEADER_MAX; len > 0; len--) {
        struct header h;
        if (header_read((struct bytes){in.p, len}, &h) != OK)
            continue;
        assert(h.payload_len >= SALT_LEN && h.payload_len <= PAYLOAD_MAX);
        struct bytes payload = {in.p + len, in.len - len};
        enum err e = header_check_payload(&h, payload);
        assert(e == (payload.len != h.payload_len ? ERR_FORMAT : e == OK ? OK : ERR_ROOT));
        if (h.kind > KIND_GRANT)
            continue;
        buf_clear(b);
        header_write(&h, b);
        assert_same(b, (struct bytes){in.p, len});
    }
}

static void try_bodies(struct bytes in, struct buf *b)
{
    struct withdrawal w;
    struct opening *o = malloc(sizeof(*o));
    assert(o != NULL);
    if (withdrawal_read(in, &w) == OK) {
        buf_clear(b);
        withdrawal_write(&w, b);
        assert_same(b, in);
    }
    if (opening_read(in, o) == OK) {
        buf_clear(b);
        opening_write(o, b);
        assert_same(b, in);
    }
    free(o);
}

/* The input as the body of a public entry. */
static void try_writing(struct bytes in, struct buf *header, struct buf *payload)
{
    static const enum entry_kind kinds[] = {KIND_RECORD, KIND_OPEN, KIND_WITHDRAW, KIND_IDENTITY, KIND_GRANT};
    static const uint8_t salt[SALT_LEN] = {1};
    struct header h;
    buf_clear(header);
    buf_clear(payload);
    entry_write_public(kinds[in.len % 5], in.len, salt, in, header, payload);
    assert(header_read(buf_bytes(header), &h) == OK);
    assert(h.kind == kinds[in.len % 5] && h.time_ms == in.len && h.is_public);
    assert(header_check_payload(&h, buf_bytes(payload)) == OK);
    assert(bytes_equal(payload_body(buf_bytes(payload)), in));
    payload->p[in.len % payload->len] ^= 1;
    assert(header_check_payload(&h, buf_bytes(payload)) == ERR_ROOT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    struct buf a = buf_on(PAYLOAD_MAX), b = buf_on(PAYLOAD_MAX);
    if (size <= PAYLOAD_MAX - SALT_LEN) {
        try_header(in, &a);
        try_bodies(in, &a);
        try_writing(in, &a, &b);
    }
    buf_release(&a);
    buf_release(&b);
    return 0;
}
